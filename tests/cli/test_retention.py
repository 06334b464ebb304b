"""`skykeep retention`: the rules of a site's file, shown and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exported_night import write_log
from live_site import HEAD
from skykeep.cli import main

RULES = """
[[retention]]
id = "callers"
datum = "report_text"
keep_h = 24
reason = "They were promised it"
"""
WORDS = b"A humming."


def skykeep(*arguments: object) -> int:
    try:
        main(["retention", *map(str, arguments)])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(HEAD + RULES, encoding="utf-8")
    return path


def test_what_is_due_is_shown_then_gone(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = write_log(tmp_path / "night" / "night.db")
    later = ("--site", site, "--at", "2100-01-01T00:00:00Z")

    assert skykeep("show", night, *later) == 0
    out = capsys.readouterr().out
    assert "callers: report_text for 24 h, except in incidents: They were promised it" in out
    assert f"{night}: 1 due" in out
    assert WORDS in night.read_bytes()

    assert skykeep("run", night.parent, *later, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["nights"][0]["due"][0]["path"] == "text"
    assert WORDS not in night.read_bytes()


@pytest.mark.parametrize(
    ("at", "says"),
    [("yesterday", "at: 'yesterday', must be a time"), ("2100-01-01", "must be with its zone")],
)
def test_a_time_that_is_none_is_refused(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str], at: str, says: str
) -> None:
    night = write_log(tmp_path / "night" / "night.db")

    assert skykeep("show", night, "--site", site, "--at", at) == 1
    assert says in capsys.readouterr().err


def test_a_rule_that_is_wrong_is_named_with_its_line(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write_text(HEAD + RULES.replace("report_text", "shoe_size"), encoding="utf-8")
    night = write_log(tmp_path / "night" / "night.db")

    assert skykeep("show", night, "--site", site) == 1
    assert "shoe_size" in capsys.readouterr().err
