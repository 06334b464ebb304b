"""A night with timestamps beside its log: what both verifiers say of them; a false one is refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from made_tree import LOG
from skykeep.cli.checkpoint import checkpoint
from skykeep.store.bundle import write_bundle
from tampered_night import (
    ENTRIES,
    by_skykeep,
    by_stranger,
    copy_of,
    make_night,
    rows,
    write_log,
    write_papers,
)
from timestamp_authority import Authority, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "other")


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Path:
    """A night of which an authority saw the last checkpoint, and the note of the manifest."""
    night = make_night(tmp_path_factory.mktemp("stamped"))
    with serving(authority) as served:
        asked = [str(night), "--tsa", served.url, "--tsa-certificate", str(authority.root)]
        result = CliRunner().invoke(checkpoint, asked, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return night


def stamps(night: Path) -> list[Path]:
    return sorted((night / "timestamped").glob("*.tsr"))


def with_(authority: Authority) -> tuple[str, str]:
    return "--tsa-certificate", str(authority.root)


def test_it_says_before_when_and_who_says_so(stamped: Path, authority: Authority) -> None:
    assert {path.with_suffix(".note").read_bytes() for path in stamps(stamped)} == {
        (stamped / "checkpoint.note").read_bytes(),
        (stamped / "manifest.note").read_bytes(),
    }
    when = rf"{ENTRIES} entries were there before 20\d\d-\d\d-\d\dT[0-9:.]+Z, says {authority.name}"
    for more, whose in (
        (with_(authority), "you gave a certificate that stands behind it"),
        ((), "its certificate came with the record"),
    ):
        found = by_skykeep(stamped, (), (), *more)
        assert found.code == 0, found.words
        assert len(re.findall(rf"{when} \({whose}", found.words)) == 2


def test_the_one_file_says_how_openssl_checks_it_and_openssl_does(
    stamped: Path, authority: Authority, other: Authority
) -> None:
    found = by_stranger(stamped)
    assert found.code == 0, found.words
    told = re.findall(r"timestamped/\S+\.tsr was not looked at\..*CA\.pem: (openssl .*)", found.words)
    assert len(told) == 2
    for command in told:
        for whose, code in ((authority, 0), (other, 1)):
            ran = subprocess.run(
                ["sh", "-c", command.replace("CA.pem", str(whose.root))],
                cwd=stamped,
                check=False,
                capture_output=True,
                text=True,
            )
            assert ran.returncode == code, ran.stderr
            assert ("Time stamp: " in ran.stdout) == (code == 0)


def test_they_are_in_the_bundle(stamped: Path, tmp_path: Path) -> None:
    write_bundle(stamped, tmp_path / "night.zip")
    with zipfile.ZipFile(tmp_path / "night.zip") as bundle:
        names = set(bundle.namelist())
    there = {f"night/timestamped/{path.name}" for path in (stamped / "timestamped").iterdir()}
    assert len(there) == 6
    assert there <= names
    with zipfile.ZipFile(tmp_path / "night.zip") as bundle:
        bundle.extractall(tmp_path)
    found = by_stranger(tmp_path / "night")
    assert found.code == 0, found.words
    assert found.words.count("openssl ts -verify") == 2


def test_without_the_library_it_says_so(stamped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    found = by_skykeep(stamped)
    assert found.code == 0, found.words
    assert found.words.count("was not looked at: timestamps need the extra of that name") == 2
    assert "openssl ts -verify -data timestamped/" in found.words


def swap(night: Path, other: Authority) -> None:
    one, two = stamps(night)
    kept = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(kept)


def lose_the_note(night: Path, other: Authority) -> None:
    stamps(night)[0].with_suffix(".note").unlink()


def make_it_another_log(night: Path, other: Authority) -> None:
    """Whoever has the key makes some other log of the name, and an honest authority stamps that."""
    elsewhere = night.parent / "elsewhere"
    changed = rows()[:450]
    changed[4] = (*changed[4][:3], b'{"k":999}')
    write_log(elsewhere, LOG, changed)
    note = (elsewhere / "checkpoint.note").read_bytes()
    stamps(night)[0].with_suffix(".note").write_bytes(note)
    stamps(night)[0].write_bytes(other.stamp(note))


def rebuild_below_it(night: Path, other: Authority) -> None:
    kept = night.parent / "kept"
    shutil.copytree(night / "timestamped", kept)
    shutil.rmtree(night)
    changed = rows()
    changed[199] = (*changed[199][:3], b'{"k":"never happened"}')
    write_log(night, LOG, changed)
    write_papers(night)
    shutil.copytree(kept, night / "timestamped")


FALSE: dict[str, tuple[Callable[[Path, Authority], None], str]] = {
    "swapped": (
        swap,
        r"timestamped/\S+\.tsr (shows nothing; it was|is not over .* it was) forged or swapped",
    ),
    "without its note": (lose_the_note, r"timestamped/\S+\.tsr is (a timestamp over .* missing|not over)"),
    "of another log": (
        make_it_another_log,
        r"timestamped/\S+(\.tsr is over a checkpoint that is not of|\.note)",
    ),
    "of the log before it was rebuilt": (
        rebuild_below_it,
        r"timestamped/\S+(\.tsr is over .* not of|\.note)",
    ),
}


@pytest.mark.parametrize("how", FALSE)
def test_both_refuse_one_that_is_false(how: str, stamped: Path, other: Authority, tmp_path: Path) -> None:
    does, words = FALSE[how]
    night = copy_of(stamped, tmp_path / "copy")
    does(night, other)
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 1, found.words
        wrong = [line for line in found.words.splitlines() if line.startswith("WRONG")]
        assert any(re.search(words, line) for line in wrong), found.words


@pytest.mark.parametrize("how", ["forged by another", "bent"])
def test_what_only_certificates_show_is_refused_by_whoever_has_them(
    how: str, stamped: Path, authority: Authority, other: Authority, tmp_path: Path
) -> None:
    night = copy_of(stamped, tmp_path / "copy")
    (path, _) = stamps(night)
    answer = path.read_bytes()
    if how == "bent":
        path.write_bytes(answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:])
    else:
        path.write_bytes(other.stamp(path.with_suffix(".note").read_bytes()))
        path.with_suffix(".pem").write_bytes(other.root.read_bytes())
        assert by_skykeep(night).code == 0, "with certificates that came along, anybody is an authority"
    found = by_skykeep(night, (), (), *with_(authority))
    assert found.code == 1
    assert f"timestamped/{path.name} shows nothing; it was forged or swapped: timestamp: " in found.words
