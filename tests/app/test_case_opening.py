"""Ordinary work at a signed case leaves it signed; without the key it is refused, and nothing is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from skykeep.app.case_opening import open_case
from skykeep.base.errors import SetupError
from skykeep.cli.incident import incident
from skykeep.evidence.signed_note import SigningKey
from skykeep.store.signing_keys import make_key, rotate_key
from tampered_night import START_NS, by_skykeep, by_stranger

NAME = "watch.example/harbour"


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path, SigningKey]:
    keys, case = tmp_path / "keys", tmp_path / "case"
    key = make_key(NAME, keys)
    with open_case(case, origin=f"{NAME}/case", signer=key):
        pass
    return case, keys, key


def work(case: Path, keys: Path) -> None:
    words = ["open", str(case), "--title", "Two bangs", "--as", "A", "--reason", "told", "--keys", str(keys)]
    result = CliRunner().invoke(incident, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_work_at_a_case_leaves_it_signed(signed: tuple[Path, Path, SigningKey]) -> None:
    case, keys, key = signed
    work(case, keys)
    for found in (by_skykeep(case, (), (key.verifier.text,)), by_stranger(case, (), (key.verifier.text,))):
        assert found.code == 0, found.words
    assert (case / "manifest.note").is_file()


def test_a_rotated_key_goes_on_with_the_case(signed: tuple[Path, Path, SigningKey]) -> None:
    case, keys, key = signed
    rotate_key(NAME, time_utc_ns=START_NS, by="K. Berg", why="yearly", within=keys)
    work(case, keys)
    for found in (by_skykeep(case, (), (key.verifier.text,)), by_stranger(case, (), (key.verifier.text,))):
        assert found.code == 0, found.words


def test_without_its_key_a_case_is_not_opened_and_nothing_changes(
    signed: tuple[Path, Path, SigningKey], tmp_path: Path
) -> None:
    case, _, _ = signed
    before = {path.name: path.read_bytes() for path in case.iterdir() if path.is_file()}
    with pytest.raises(SetupError, match="harbour"):
        open_case(case, tmp_path / "none")
    make_key(NAME, tmp_path / "others")
    with pytest.raises(SetupError, match="another than the one that signed it"):
        open_case(case, tmp_path / "others")
    assert {path.name: path.read_bytes() for path in case.iterdir() if path.is_file()} == before
    (case / "keys.txt").unlink()
    with pytest.raises(SetupError, match=r"signed by watch.*keys\.txt"):
        open_case(case, tmp_path / "none")
