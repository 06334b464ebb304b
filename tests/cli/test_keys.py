"""The command that makes, shows, hands on and loses keys."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from skykeep.cli.keys import keys
from skykeep.evidence.signed_note import read_verifier_key

NAME = "watch.example/harbour"


def ran(*arguments: str) -> str:
    result = CliRunner().invoke(keys, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_key_is_made_shown_handed_on_and_lost(tmp_path: Path) -> None:
    folder = ("--folder", str(tmp_path))
    first = json.loads(ran("make", NAME, *folder, "--json"))["key"]
    assert read_verifier_key(first).name == NAME
    assert ran("show", *folder) == first + "\n"

    second = json.loads(ran("rotate", NAME, "--by", "K. Berg", "--why", "yearly", *folder, "--json"))["key"]
    said = ran("lose", NAME, "--by", "K. Berg", "--why", "stolen", *folder)
    shown = ran("show", NAME, *folder)

    assert "Nothing shows that it is the same hand" in said
    assert f"{first} (handed on by K. Berg: yearly)" in shown
    assert f"{second} (LOST, not handed on by K. Berg: stolen)" in shown
    assert "PRIVATE" not in shown + said


def test_without_keys_it_says_so(tmp_path: Path) -> None:
    assert ran("show", "--folder", str(tmp_path)) == "no keys are kept here.\n"
