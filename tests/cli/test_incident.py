"""`skykeep incident`: what people do with a case from the command line."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from exported_night import write_log
from skykeep.app.export import AS_TOLD
from skykeep.app.night_things import thing_of
from skykeep.app.replay import Recording
from skykeep.cli import main
from skykeep.domain.encoding import decode_json
from skykeep.domain.incident import ItemKey, ItemKind
from skykeep.domain.response import Alert
from skykeep.domain.sensing import Report
from skykeep.evidence.printable import hidden
from skykeep.store.case_folder import CaseFolder, blob_faults, read_case
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking, redact


@pytest.fixture
def case(tmp_path: Path) -> Path:
    CaseFolder.open(tmp_path / "case").close()
    return tmp_path / "case"


@pytest.fixture
def skykeep(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object) -> tuple[int, str, str]:
        code = 0
        try:
            main(["incident", *map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


BY = ("--as", "ada", "--reason", "As told")


def test_an_incident_from_opening_to_closing(case: Path, tmp_path: Path, skykeep: Any) -> None:
    clip = tmp_path / "clip.txt"
    clip.write_text("Two bangs over the harbour", encoding="utf-8")

    assert skykeep("open", case, "--title", "Two bangs", *BY)[:2] == (0, "I-1 open: Two bangs; 0 items\n")
    skykeep("open", case, "--title", "A light", *BY)
    code, out, _ = skykeep("add", case, "I-1", clip, *BY)
    assert (code, out) == (0, "I-1 open: Two bangs; 1 items\n")
    skykeep("note", case, "I-1", "Called the harbour office", "--as", "ben")
    assert skykeep("merge", case, "I-2", "--into", "I-1", *BY)[0] == 0
    assert skykeep("rename", case, "I-1", "--title", "Bangs and a light", *BY)[0] == 0
    assert skykeep("close", case, "I-1", *BY)[1].startswith("I-1 closed")
    assert skykeep("reopen", case, "I-1", *BY)[1].startswith("I-1 open")

    _, listed, _ = skykeep("list", case)
    assert "I-2 merged (part of I-1)" in listed
    _, shown, _ = skykeep("show", case, "I-1")
    assert "media clip.txt (text/plain)" in shown
    assert "note [ben] Called the harbour office" in shown
    assert "incident [ada] took over others: I-2" in shown
    assert blob_faults(case, read_case(case)) == ()


def test_nothing_that_people_wrote_is_hidden_or_moves_a_terminal(case: Path, skykeep: Any) -> None:
    skykeep("open", case, "--title", "photo\u202egpj.exe", *BY)
    skykeep("note", case, "I-1", "Fine\u2066\n2031-05-03T02:10:56.000Z decision approved", "--as", "b\u2066n")

    told = "".join(
        skykeep(*words)[1] for words in (("list", case), ("show", case, "I-1"), ("search", case, "fine"))
    )
    _, _, refused = skykeep("show", case, "I-\u202e9")

    assert not any(hidden(each) for each in (told + refused).replace("\n", ""))
    assert "photo[U+202E]gpj.exe" in told
    assert "note [b[U+2066]n] Fine[U+2066] 2031-05-03T02:10:56.000Z decision approved\n" in told


def test_lists_and_views_as_json(case: Path, skykeep: Any) -> None:
    skykeep("open", case, "--title", "Two bangs", *BY)

    (line,) = json.loads(skykeep("list", case, "--json")[1])
    assert (line["incident_id"], line["state"], line["counts"]) == ("I-1", "open", {})
    view = json.loads(skykeep("show", case, "I-1", "--json")[1])
    assert view["timeline"][0]["says"] == "opened"
    assert json.loads(skykeep("list", case, "--state", "closed", "--json")[1]) == []


def test_search_finds_a_note(case: Path, skykeep: Any) -> None:
    skykeep("open", case, "--title", "Two bangs", *BY)
    skykeep("note", case, "I-1", "Called the harbour office", "--as", "ben")

    assert skykeep("search", case, "HARBOUR")[1] == "note I-1 in I-1: ben: | Called the harbour office\n"
    assert [hit["kind"] for hit in json.loads(skykeep("search", case, "bangs", "--json")[1])] == ["incident"]


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "no such incident": (("show", "I-9"), "incident_id: 'I-9', must be the number of an incident"),
    "nobody": (("note", "I-1", "Hm", "--as", " "), "by: ' '"),
    "no item": (("remove", "I-1", "drone:1", *BY), "item: 'drone:1', must be KIND:ID"),
    "no night": (("add", "I-1", "--item", "track:4", *BY), "item: 'track:4', must be with @ and a night"),
    "nothing to put in": (("add", "I-1", *BY), "items: 0 items, must be 1 to 1000"),
    "a question without words": (("search", "--", "**"), "query: '**', must be one word"),
}


@pytest.mark.parametrize("story", REFUSED)
def test_what_cannot_be_done_is_said_in_one_sentence(case: Path, skykeep: Any, story: str) -> None:
    (verb, *rest), says = REFUSED[story]
    skykeep("open", case, "--title", "Two bangs", *BY)

    code, out, err = skykeep(verb, case, *rest)

    assert (code, out) == (1, "")
    assert says in err


def test_a_case_that_is_being_written_is_only_read(case: Path, skykeep: Any) -> None:
    with CaseFolder.open(case):
        assert skykeep("list", case)[0] == 0
        code, _, err = skykeep("open", case, "--title", "Two bangs", *BY)
    assert code == 1
    assert "written by another process" in err


def test_a_folder_without_a_case_is_none(tmp_path: Path, skykeep: Any) -> None:
    code, _, err = skykeep("list", tmp_path)

    assert code == 1
    assert "no case" in err


def test_a_night_attached_afterwards_opens_its_incidents_once(tmp_path: Path, skykeep: Any) -> None:
    night = write_log(tmp_path / "night" / "night.db")

    code, out, _ = skykeep("attach", night, "--case", tmp_path / "case")
    assert code == 0
    assert out.startswith("N-1: ")
    first = read_case(tmp_path / "case").state()
    assert first.nights[0].night.entries > 100
    assert first.nights[0].night.checkpoint
    skykeep("attach", night.parent, "--case", tmp_path / "case")

    assert read_case(tmp_path / "case").state() == first
    (incident,) = first.incidents
    assert [held.item.key.kind.value for held in incident.items][:2] == ["alert", "track"]

    skykeep("add", tmp_path / "case", "I-1", "--item", "track:77", *BY)
    assert read_case(tmp_path / "case").incidents.incident("I-1").items[-1].item.says == "Track 77"


@pytest.fixture
def beside(tmp_path: Path, skykeep: Any) -> Path:
    """Return a case beside the night that it holds."""
    night = write_log(tmp_path / "night" / "night.db")
    skykeep("attach", night, "--case", night.parent / "case")
    return night.parent / "case"


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("track:99999@N-1", r"track 99999, must be one of the \d+ tracks of N-1, \d+ to \d+"),
        ("alert:nope@N-1", r"alert nope, must be one of the \d+ alerts of N-1, alert-0001 to alert-\d+"),
        (
            "report:nobody 1@N-1",
            r"report nobody 1, must be one of the 1 reports of N-1, people 1 to",
        ),
        ("report:people 99@N-1", r"report people 99, must be one of"),
        ("task:nope@N-1", r"task nope, must be one of the \d+ tasks of N-1"),
        ("effect:nope@N-1", r"effect nope, must be one of the \d+ effects of N-1"),
    ],
)
def test_what_the_night_beside_the_case_never_had_is_refused(
    beside: Path, skykeep: Any, item: str, says: str
) -> None:
    held = read_case(beside).incidents.incident("I-1").items

    code, _, err = skykeep("add", beside, "I-1", "--item", item, *BY)

    assert code == 1
    assert re.search(f"item: {says}", err), err
    assert read_case(beside).incidents.incident("I-1").items == held


def test_what_it_had_comes_in_as_its_log_tells_it(beside: Path, skykeep: Any) -> None:
    night = Recording(beside.parent / "night.db")
    log = LogReader(night.log)
    (report,) = (decode_json(entry.payload, Report) for entry in log.entries(kind="report"))
    name = f"{report.sensor_id} {report.sequence}"

    code, _, err = skykeep("add", beside, "I-1", "--item", f"report:{name}@N-1", *BY)

    assert code == 0, err
    heard = read_case(beside).incidents.incident("I-1").items[-1].item
    assert (heard.time_utc_ns, heard.says) == (report.heard_utc_ns, f"Report {name}: {report.text}")
    alert = decode_json(next(log.entries(kind="alert")).payload, Alert)
    raised = thing_of(night, ItemKey(kind=ItemKind.ALERT, item_id=alert.alert_id, night_id="N-1"))
    assert raised is not None
    assert (raised.time_utc_ns, raised.says) == (alert.raised_utc_ns, f"{alert.alert_id}: {alert.title}")
    track = next(log.entries(kind="track"))
    number = str(json.loads(track.payload)["track_id"])
    seen = thing_of(night, ItemKey(kind=ItemKind.TRACK, item_id=number, night_id="N-1"))
    assert seen is not None
    assert (seen.time_utc_ns, seen.says) == (track.time_utc_ns, f"Track {number}")


FORMATS = ("json", "ocsf", "courageous", "geojson", "kml", "czml", "csv", "parquet")


def test_an_incident_is_written_for_other_programs(tmp_path: Path, skykeep: Any) -> None:
    night, case = write_log(tmp_path / "night" / "night.db"), tmp_path / "case"
    skykeep("attach", night, "--case", case)
    for kind in FORMATS:
        out = tmp_path / f"out.{kind}"

        code, _, err = skykeep("export", case, "I-1", "--format", kind, "--out", out, "--night", night)

        assert (code, out.stat().st_size > 100) == (0, True), err
    features = json.loads((tmp_path / "out.geojson").read_bytes())["features"]
    tracks = {each["properties"].get("track_id") for each in features} - {None}
    held = read_case(case).incidents.incident("I-1").items
    assert tracks == {int(each.item.key.item_id) for each in held if each.item.key.kind == "track"}


def test_an_export_of_a_redacted_night_says_what_it_is_made_of(
    beside: Path, tmp_path: Path, skykeep: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    night = beside.parent
    wish = ("--format", "csv", "--out", tmp_path / "out.csv")
    assert AS_TOLD not in skykeep("export", beside, "I-1", *wish)[2]
    report = next(LogReader(night / "night.db").entries(kind="report"))
    taking = Taking(sequence=report.sequence, path="text")
    redact(night / "night.db", [taking], by="ada", because="asked for", now_utc_ns=report.time_utc_ns)

    code, _, err = skykeep("export", beside, "I-1", *wish)
    assert (code, AS_TOLD in err) == (0, True)
    with contextlib.suppress(SystemExit):
        main(["export", str(night), *map(str, wish)])
    assert AS_TOLD in capsys.readouterr().err


def test_an_incident_that_holds_no_track_of_the_night_is_not_written_as_tracks(
    tmp_path: Path, skykeep: Any
) -> None:
    night, case = write_log(tmp_path / "night" / "night.db"), tmp_path / "case"
    skykeep("attach", night, "--case", case)
    skykeep("open", case, "--title", "A light", *BY)
    wish = ("--format", "kml", "--out", tmp_path / "a.kml", "--night", night)

    code, _, err = skykeep("export", case, "I-2", *wish)

    assert code == 1
    assert "I-2, with no track of N-1, must be one that holds some" in err


PAGE = Path(__file__).parents[2] / "docs" / "incidents.md"


def test_every_example_of_the_page_runs_as_printed(
    beside: Path, tmp_path: Path, skykeep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = read_case(beside).incidents.incident("I-1").items
    track = next(one.item.key.item_id for one in held if one.item.key.kind == "track")
    monkeypatch.chdir(tmp_path)
    Path("clip.jpg").write_bytes(b"a picture")
    examples = re.findall(r"^skykeep incident (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    for example in examples:
        words = example.replace("CASE", str(beside)).replace("track:12@", f"track:{track}@")
        code, out, err = skykeep(*shlex.split(words))
        assert (code, err) == (0, ""), f"{example}: {err}"
        assert out, example

    assert len(examples) == 12
    states = {each.incident_id: each.state.value for each in read_case(beside).incidents.incidents}
    assert states == {"I-1": "open", "I-2": "merged", "I-3": "open"}
