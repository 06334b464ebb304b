"""Ordinary work at a signed case leaves it signed; without the key it is refused, and nothing is touched."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from exported_night import write_log
from skykeep.app.case_opening import open_case
from skykeep.app.night_case import NightCase
from skykeep.base.errors import SetupError
from skykeep.cli import skykeep
from skykeep.cli.case_keys import _keep
from skykeep.cli.incident import incident
from skykeep.evidence.signed_note import SigningKey
from skykeep.store.case_folder import read_case
from skykeep.store.signing_keys import KeyRing, load_key, make_key, rotate_key
from tampered_night import START_NS, by_skykeep, by_stranger

NAME = "watch.example/harbour"


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path, SigningKey]:
    keys, case = tmp_path / "keys", tmp_path / "case"
    key = make_key(NAME, keys)
    with open_case(case, origin=f"{NAME}/case", ring=KeyRing(key=key, changes=())):
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


def must_hold(case: Path, key: SigningKey) -> None:
    for found in (by_skykeep(case, (), (key.verifier.text,)), by_stranger(case, (), (key.verifier.text,))):
        assert found.code == 0, found.words


def test_a_watch_that_is_gone_on_with_writes_the_change_of_its_key_into_its_case(tmp_path: Path) -> None:
    night, keys = tmp_path / "night", tmp_path / "keys"
    key = make_key(NAME, keys)
    for turn in range(3):
        if turn == 1:
            rotate_key(NAME, time_utc_ns=START_NS, by="K. Berg", why="yearly", within=keys)
        with NightCase(night, origin=f"{NAME}/case", ring=load_key(NAME, keys)):
            pass
        must_hold(night / "case", key)
    found = by_skykeep(night / "case", (), (key.verifier.text,))
    assert found.words.count("the old key handed over") == 1, found.words


DOCUMENT = "Police said that two drones were shot down at 02:14 over the harbour."
WHO = ("--as", "ada")
WHY = (*WHO, "--reason", "As told")
# What is done to a case before, and the command itself.
OPENED = ("incident", "open", "CASE", "--title", "Two bangs", *WHY)
AGAIN = ("incident", "open", "CASE", "--title", "A light", *WHY)
HELD = ("incident", "add", "CASE", "I-1", "FILE", "OTHER", *WHY)
FILED = ("statements", "add", "FILE", "--case", "CASE", *WHO)
SAID = ("statements", "propose", "--case", "CASE", *WHO)
WORK: dict[str, tuple[tuple[str, ...], ...]] = {
    "incident open": (OPENED,),
    "incident add": (OPENED, HELD),
    "incident remove": (OPENED, HELD, ("incident", "remove", "CASE", "I-1", "MEDIA", *WHY)),
    "incident note": (OPENED, ("incident", "note", "CASE", "I-1", "Called", *WHO)),
    "incident merge": (OPENED, AGAIN, ("incident", "merge", "CASE", "I-2", "--into", "I-1", *WHY)),
    "incident split": (OPENED, HELD, ("incident", "split", "CASE", "I-1", "MEDIA", "--title", "B", *WHY)),
    "incident rename": (OPENED, ("incident", "rename", "CASE", "I-1", "--title", "Bangs", *WHY)),
    "incident close": (OPENED, ("incident", "close", "CASE", "I-1", *WHY)),
    "incident reopen": (
        OPENED,
        ("incident", "close", "CASE", "I-1", *WHY),
        ("incident", "reopen", "CASE", "I-1", *WHY),
    ),
    "incident attach": (("incident", "attach", "NIGHT", "--case", "CASE"),),
    "statements add": (FILED,),
    "statements propose": (FILED, SAID),
    "statements confirm": (FILED, SAID, ("statements", "confirm", "ONE", "--case", "CASE", *WHO)),
    "statements refuse": (FILED, SAID, ("statements", "refuse", "ONE", "--case", "CASE", *WHY)),
    "statements correct": (
        FILED,
        SAID,
        ("statements", "correct", "ONE", "--case", "CASE", *WHY, "--value", "3"),
    ),
    "replay": (("replay", "NIGHT", "--case", "CASE", "--once", "--speed", "32"),),
}


def test_every_command_that_writes_to_a_case_is_tried() -> None:
    found, context = set(), click.Context(skykeep)
    for name in skykeep.list_commands(context):
        command = skykeep.get_command(context, name)
        assert command is not None
        for sub_name, each in ({"": command} | getattr(command, "commands", {})).items():
            if any(parameter.callback is _keep for parameter in each.params):
                found.add(f"{name} {sub_name}".strip())
    assert found == set(WORK)


@pytest.mark.parametrize("name", WORK)
def test_what_a_command_writes_to_a_case_is_signed_after_a_rotation_too(
    name: str, signed: tuple[Path, Path, SigningKey], tmp_path: Path
) -> None:
    case, keys, key = signed
    document = tmp_path / "told.txt"
    document.write_text(DOCUMENT, encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text("A light over the harbour.", encoding="utf-8")
    night = write_log(tmp_path / "night" / "night.db")
    steps = WORK[name]
    for number, words in enumerate(steps):
        if number == len(steps) - 1:
            rotate_key(NAME, time_utc_ns=START_NS, by="K. Berg", why="yearly", within=keys)
        book = read_case(case)
        names = {
            "CASE": str(case),
            "FILE": str(document),
            "OTHER": str(other),
            "NIGHT": str(night.parent),
            "MEDIA": next((f"media:{one}" for one in book.media), ""),
            "ONE": next((one.assertion_id for one in book.state().assertions), ""),
        }
        done = [names.get(word, word) for word in words]
        result = CliRunner().invoke(skykeep, [*done, "--keys", str(keys)], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    must_hold(case, key)
    assert "the old key handed over" in by_skykeep(case, (), (key.verifier.text,)).words
