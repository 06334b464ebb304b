"""`skykeep retention`: the rules of a site's file, shown and kept."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
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
    assert "a running watch forgets it 30 h after it came in, at the latest" in out
    assert f"{night}: 1 due" in out
    assert WORDS in night.read_bytes()

    assert skykeep("run", night.parent, *later, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["nights"][0]["due"][0]["path"] == "text"
    assert WORDS not in night.read_bytes()


@pytest.mark.parametrize("verb", ["show", "run"])
def test_a_damaged_night_is_named_and_the_other_is_seen_to(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    good, bad = write_log(tmp_path / "good" / "night.db"), tmp_path / "bad" / "night.db"
    shutil.copytree(good.parent, bad.parent)
    with contextlib.closing(sqlite3.connect(bad)) as rows:
        for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            rows.execute(f'DROP TRIGGER "{name}"')
        rows.execute(
            "UPDATE entry SET segments = CAST(x'00000000ff' || segments AS BLOB) WHERE kind = 'report'"
        )
        rows.commit()
    asked = (verb, bad, good, "--site", site, "--at", "2100-01-01T00:00:00Z")

    assert skykeep(*asked, "--json") == 3
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [len(night["due"]) for night in told["nights"]] == [1]
    assert "is damaged" in told["left"][str(bad)]
    assert f"{bad} was left as it is: entry " in err
    assert (WORDS in good.read_bytes()) is (verb == "show")


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


@pytest.mark.parametrize(
    ("record", "says", "latest_h"),
    [
        ('new_folder_at = "23:30"\nnew_folder_within_min = 60', "27 h after it came in", 27.0),
        ('new_folder_at = "never"', "when the watch ends", None),
    ],
)
def test_it_is_said_when_a_running_watch_forgets(
    tmp_path: Path, site: Path, capsys: pytest.CaptureFixture[str], record: str, says: str, latest_h: float
) -> None:
    site.write_text(f"{HEAD}{RULES}\n[record]\n{record}\n", encoding="utf-8")
    night = write_log(tmp_path / "night" / "night.db")

    assert skykeep("show", night, "--site", site) == 0
    assert f"a running watch forgets it {says}" in capsys.readouterr().out
    assert skykeep("show", night, "--site", site, "--json") == 0
    assert json.loads(capsys.readouterr().out)["latest_h"] == {"callers": latest_h}


@pytest.mark.parametrize("at", ["24:00", "4:00", "noon"])
def test_an_hour_that_is_none_is_refused(site: Path, capsys: pytest.CaptureFixture[str], at: str) -> None:
    site.write_text(f'{HEAD}{RULES}\n[record]\nnew_folder_at = "{at}"\n', encoding="utf-8")

    assert skykeep("show", site.parent, "--site", site) == 1
    assert "new_folder_at" in capsys.readouterr().err
