"""Random damage to a night, its bundle and its dossier: both verifiers say the same of it, and neither
crashes, hangs, or passes what is not what it was.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_tree import LOG
from skykeep.base.errors import SkykeepError
from skykeep.store.bundle import write_bundle
from skykeep.store.standalone_verifier import evidence_in
from tampered_night import Found, by_skykeep, by_stranger, make_night

# Each example asks a fresh interpreter: few here, and many where somebody lets it run.
EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
KEY = (LOG.verifier.text,)
# The night's files: what is in each is sealed, or signed, or named by its hash.
FILES = (
    *("night.db", "checkpoint.note", "manifest.json", "manifest.note", "keys.txt", "summary.json"),
    *("dossier.pdf", "blobs", "cosigned"),
)
Damage = Callable[[bytes], bytes]


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """Draw what to do to the bytes of a file; `place` is a share of its length."""
    what = draw(st.sampled_from(("bit", "byte", "cut", "drop", "double", "zeros")))
    place = draw(st.floats(0.0, 1.0, exclude_max=True))
    more, value = draw(st.integers(1, 64)), draw(st.integers(0, 255))

    def damage(data: bytes) -> bytes:
        at = int(place * len(data))
        if what == "bit":
            return data[:at] + bytes([data[at] ^ 1 << value % 8]) + data[at + 1 :]
        if what == "byte":
            return data[:at] + bytes([value]) + data[at + 1 :]
        if what == "cut":
            return data[:at]
        if what == "drop":
            return data[:at] + data[at + more :]
        if what == "double":
            return data[: at + more] + data[at:]
        return data[:at] + bytes(more) + data[at + more :]

    return damage


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_night(tmp_path_factory.mktemp("honest"))


def file_of(night: Path, name: str) -> Path:
    path = night / name
    return next(iter(sorted(path.iterdir()))) if path.is_dir() else path


def asked(night: Path, keys: tuple[str, ...] = KEY) -> tuple[Found, Found]:
    """Return what both say; what Skykeep refuses to look at counts as broken, as it does for the other."""
    try:
        ours = by_skykeep(night, (), keys)
    except SkykeepError as error:
        ours = Found(1, str(error))
    return ours, by_stranger(night, (), keys)


def agree(night: Path, *, changed: bool) -> None:
    ours, theirs = asked(night)
    assert ours.code == theirs.code, f"{ours.words}\n---\n{theirs.words}"
    assert ours.code in ((1, 3) if changed else (0,)), f"{ours.words}\n---\n{theirs.words}"


@EXAMPLES
@given(st.sampled_from(FILES), damages())
def test_a_damaged_file_is_seen_by_both(honest: Path, name: str, damage: Damage) -> None:
    with tempfile.TemporaryDirectory() as room:
        night = shutil.copytree(honest, Path(room) / "night")
        path = file_of(night, name)
        was = path.read_bytes()
        path.write_bytes(damage(was))
        agree(night, changed=path.read_bytes() != was)


@EXAMPLES
@given(st.sampled_from(FILES), st.sampled_from(FILES))
def test_files_that_changed_places_are_seen_by_both(honest: Path, one: str, other: str) -> None:
    with tempfile.TemporaryDirectory() as room:
        night = shutil.copytree(honest, Path(room) / "night")
        first, second = file_of(night, one), file_of(night, other)
        kept = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(kept)
        agree(night, changed=one != other)


@EXAMPLES
@given(damages())
def test_a_damaged_bundle_cannot_be_unpacked_or_is_seen_by_both(honest: Path, damage: Damage) -> None:
    with tempfile.TemporaryDirectory() as room:
        bundle = Path(room) / "night.zip"
        write_bundle(honest, bundle)
        bundle.write_bytes(damage(bundle.read_bytes()))
        try:
            with zipfile.ZipFile(bundle) as packed:
                packed.extractall(Path(room) / "there")
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ):
            return
        night = Path(room) / "there" / "night"
        if not night.is_dir():
            return
        same = all(
            (night / path.relative_to(honest)).is_file()
            and (night / path.relative_to(honest)).read_bytes() == path.read_bytes()
            for path in honest.rglob("*")
            if path.is_file()
        )
        agree(night, changed=not same)


@EXAMPLES
@given(damages())
def test_a_damaged_dossier_alone_shows_no_other_entries(honest: Path, damage: Damage) -> None:
    was = (honest / "dossier.pdf").read_bytes()
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "dossier.pdf"
        path.write_bytes(damage(was))
        found = by_stranger(path, (), KEY)
        assert found.code in (1, 3), found.words
        if found.code == 3:
            assert evidence_in(path.read_bytes(), path.name) == evidence_in(was, path.name)
