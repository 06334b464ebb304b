"""The dossier of a night comes from its log alone, a live watch's as well as a simulation's, and is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

import ordered_watch
from exported_night import inputs, write_log
from judged_scenes import at_ns
from skykeep.app import dossier as app
from skykeep.app.case_of_log import case_of_log
from skykeep.app.dossier import case_of_night, keep_case, known_moments, printed
from skykeep.app.folder import CASE
from skykeep.app.watchers import NightMemory
from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.commands import AcknowledgeAlert, Tick
from skykeep.domain.encoding import encode_json
from skykeep.domain.record import EntryRole
from skykeep.domain.sensing import Report
from skykeep.engine.inputs import Input
from skykeep.evidence.case import NOT_MADE_AGAIN
from skykeep.evidence.case_json import case_json, read_case_json
from skykeep.evidence.levels import Level, at_level
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import hash_file, read_manifest, replace_file, seal_files
from skykeep.store.redaction import Taking, redact


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a live watch that is over."""
    folder = tmp_path_factory.mktemp("night")
    write_log(folder / "night.db")
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(app, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def test_a_live_watch_is_told_from_its_log_and_no_truth_is_claimed(night: Path) -> None:
    case = case_of_night(night)

    assert (case.simulated, case.truth_known) == (False, False)
    assert case.log.replay_identical is True
    assert case.log.verified
    assert "What really flew is not known: this is told from the log alone." in case.summary
    assert [story.name for story in case.stories] == [f"Object {k}" for k in range(1, len(case.stories) + 1)]
    assert all(story.warning_s is None for story in case.stories)
    (refused,) = case.decisions
    assert refused.decided.startswith("acknowledged; not accepted:")
    assert refused.by == "op"
    assert case.sensors[0].messages == 30
    for level in Level:
        for kind in app.FORMATS:
            assert b"SIMULATION" not in printed(case, level, kind)


def test_each_object_has_a_page_of_its_moment_of_decision(tmp_path: Path) -> None:
    records: list[Input] = [
        *inputs(),
        AcknowledgeAlert(alert_id="alert-0001", by="op", time_utc_ns=at_ns(31)),
    ]
    with LogDatabase.open(tmp_path / "night.db") as log:
        alerts = ordered_watch.run(log, records).desk.alerts
        log.flush()
    assert [alert.alert_id for alert in alerts] == ["alert-0001"]

    case = case_of_night(tmp_path)

    (known,) = case.known
    assert (known.at_utc_ns, known.because) == (at_ns(31), "the first word of a person on alert-0001")
    assert [alert.alert_id for alert in known.alerts] == ["alert-0001"]
    assert case.stories[0].alert_ids == ("alert-0001",)
    assert case.stories[0].breach_when_alerted is not None


def test_the_case_of_a_sealed_log_is_kept_and_taken_up_only_for_that_log(
    night: Path, own_cache: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    first = case_of_night(night, say=said.append)
    again = case_of_night(night, say=said.append)

    assert len(said) == 1
    assert case_json(again, Level.FULL) == case_json(first, Level.FULL)
    assert len(list((own_cache / "cases").iterdir())) == 1
    case_of_night(night, fresh=True, say=said.append)
    assert len(said) == 2

    other = tmp_path / "other"
    other.mkdir()
    with LogDatabase.open(other / "night.db") as log:
        ordered_watch.run(log, inputs()[:20])
        log.flush()
    assert case_of_night(other, say=said.append).log.entries < first.log.entries
    assert len(said) == 3


def test_a_case_beside_the_log_counts_only_as_it_was_sealed(night: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(night, folder)
    case = msgspec.structs.replace(case_of_log(folder / "night.db"), title="Kept beside it")
    replace_file(folder / CASE, case_json(case, Level.FULL))
    said: list[str] = []
    assert case_of_night(folder, say=said.append).title != "Kept beside it"
    seal_files(folder, CASE)
    assert case_of_night(folder, say=said.append).title == "Kept beside it"

    forged = case_json(msgspec.structs.replace(case, title="Forged"), Level.FULL)
    replace_file(folder / CASE, forged)
    assert case_of_night(folder, say=said.append).title not in ("Forged", "Kept beside it")


def test_the_case_comes_back_from_its_own_json_and_from_no_other(night: Path) -> None:
    case = case_of_night(night)

    assert case_json(read_case_json(case_json(case, Level.FULL)), Level.FULL) == case_json(case, Level.FULL)
    for data in (b"{}", b"no", case_json(at_level(case, Level.PUBLIC), Level.PUBLIC)):
        with pytest.raises(InputError, match="case"):
            read_case_json(data)


def test_a_page_for_any_moment_asked_for(night: Path) -> None:
    case = known_moments(night / "night.db", [at_ns(20), at_ns(9.3)], case_of_night(night))

    assert [page.because for page in case.known if page.because == "asked for"] == ["asked for"] * 2
    assert [page.at_utc_ns for page in case.known] == sorted(page.at_utc_ns for page in case.known)
    html = printed(case, Level.FULL, "html").decode()
    assert "What did we know at" in html
    assert "<span class=late><bdi>LATE 0.6 s</bdi></span>" in html


def test_a_night_of_which_something_was_redacted_says_where_it_ends(night: Path, tmp_path: Path) -> None:
    folder = tmp_path / "redacted"
    shutil.copytree(night, folder)
    entries = LogReader(folder / "night.db").entries()
    report = next(entry.sequence for entry in entries if entry.kind == "report")
    takings = [Taking(sequence=report)]
    redact(folder / "night.db", takings, by="data officer", because="asked for by law", now_utc_ns=1)

    case = known_moments(folder / "night.db", [at_ns(9.3)], case_of_night(folder))

    assert f"entry {report} was redacted by data officer: asked for by law" in case.not_known[-1]
    assert case.reports == ()
    html = printed(case, Level.FULL, "html").decode()
    assert "A humming." not in html
    assert "redacted by data officer" in html


def test_who_ends_a_watch_leaves_its_case_sealed_beside_the_log(
    night: Path, own_cache: Path, tmp_path: Path
) -> None:
    folder, said = tmp_path / "ended", list[str]()
    shutil.copytree(night, folder)
    assert keep_case(folder / "night.db", None, said.append, NightMemory())

    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.file(CASE) == hash_file(folder / CASE)
    told: list[str] = []
    kept = case_of_night(folder, say=told.append)
    assert told == []
    assert not own_cache.exists()
    fresh = case_of_night(folder, fresh=True)
    for kind in app.FORMATS:
        assert printed(kept, Level.FULL, kind, folder / "night.db") == printed(
            fresh, Level.FULL, kind, folder / "night.db"
        )


@pytest.fixture
def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, NightMemory]:
    """Return the folder of a watch that just ended, where making its case again takes too long, and what it
    remembers.
    """
    memory = NightMemory()
    with LogDatabase.open(tmp_path / "ended" / "night.db") as log:
        ordered_watch.run(log, inputs(), memory)
    monkeypatch.setattr(app, "_LOOK_S", 0.0)
    return tmp_path / "ended", memory


def test_a_case_that_takes_long_is_made_from_what_the_watch_remembers(
    ended: tuple[Path, NightMemory],
) -> None:
    folder, memory = ended
    said: list[str] = []
    assert keep_case(folder / "night.db", None, said.append, memory, patience_s=1e-9)
    assert said[-1].startswith("That would take ")

    kept, fresh = case_of_night(folder, say=pytest.fail), case_of_night(folder, fresh=True)
    assert (kept.log.replay_identical, fresh.log.replay_identical) == (None, True)
    again = msgspec.structs.replace(kept.log, replay_identical=True, replay_says="")
    assert msgspec.structs.replace(kept, log=again) == fresh
    page = printed(kept, Level.FULL, "html").decode()
    assert NOT_MADE_AGAIN.partition(":")[0] in page
    assert "Not all of them" not in page
    assert "every byte came out the same" not in page


def test_the_end_of_a_watch_does_not_wait_for_a_case_of_a_very_long_log(
    ended: tuple[Path, NightMemory], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, memory = ended
    said: list[str] = []
    monkeypatch.setattr(app, "MOST_ENTRIES", 10)

    assert not keep_case(folder / "night.db", None, said.append, memory, patience_s=1e-9)
    assert not (folder / CASE).exists()
    assert said[-1].startswith("The case would take ")
    assert said[-1].endswith("the first `skykeep dossier` makes it.")


def test_a_case_that_cannot_be_made_spoils_no_end(tmp_path: Path) -> None:
    said: list[str] = []
    with LogDatabase.open(tmp_path / "night.db") as log:
        log.append(1, EntryRole.INPUT, "tick", b"{}")

    assert not keep_case(tmp_path / "night.db", None, said.append, NightMemory())
    assert "does not begin with what ran and where" in said[-1]


def test_the_case_of_a_watch_that_was_cut_off_is_kept_until_its_log_goes_on(
    tmp_path: Path, own_cache: Path
) -> None:
    said: list[str] = []
    with LogDatabase.open(tmp_path / "open" / "night.db") as log:
        ordered_watch.run(log, inputs()[:20])
        log.flush()
        # As kill -9 leaves it: nothing was sealed.
        (tmp_path / "cut").mkdir()
        for name in ("night.db", "night.db-wal"):
            shutil.copyfile(tmp_path / "open" / name, tmp_path / "cut" / name)
    first = case_of_night(tmp_path / "cut", say=said.append)
    assert case_of_night(tmp_path / "cut", say=said.append) == first
    assert (len(said), len(list((own_cache / "cases").iterdir()))) == (1, 1)

    with LogDatabase.open(tmp_path / "cut" / "night.db") as log:
        log.append(first.end_utc_ns, EntryRole.INPUT, "tick", encode_json(Tick(time_utc_ns=first.end_utc_ns)))
    assert case_of_night(tmp_path / "cut", say=said.append).log.entries == first.log.entries + 1
    assert len(said) == 2


def test_a_night_in_which_nothing_happened_is_printed_and_says_so(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "night.db") as log:
        ordered_watch.run(log, [])
        log.flush()
    case = case_of_night(tmp_path)

    for level in Level:
        for kind in app.FORMATS:
            assert printed(case, level, kind, tmp_path / "night.db")
    page = printed(case, Level.FULL, "html").decode()
    for says in (
        "Nothing happened.",
        "No intruder was found.",
        "Nobody decided anything.",
        "It sent nothing.",
    ):
        assert says in page


def test_a_night_of_two_days_tells_the_days_apart(tmp_path: Path) -> None:
    day_s = 86_400.0
    records: list[Input] = [
        Report(
            sensor_id="people",
            sequence=k,
            heard_utc_ns=at_ns(after_s),
            received_utc_ns=at_ns(after_s),
            position_enu_m=(0.0, 0.0, 0.0),
            text=f"A humming, number {k}.",
        )
        for k, after_s in enumerate((1.0, day_s + 1.0))
    ]
    with LogDatabase.open(tmp_path / "night.db") as log:
        ordered_watch.run(log, [*records, Tick(time_utc_ns=at_ns(day_s + 2.0))])
        log.flush()
    case = known_moments(tmp_path / "night.db", [at_ns(day_s + 1.0)], case_of_night(tmp_path))
    page = printed(case, Level.FULL, "html").decode()

    first = iso_utc(at_ns(1.0))
    assert f"<bdi>{first[11:19]}</bdi>" in page
    assert f"<bdi>{first[11:19]} +1</bdi>" in page
    assert f"What did we know at {first[11:19]} +1?" in page
    assert f"+1 behind a time: on the day after {first[:10]}, in UTC." in page
    assert printed(case, Level.FULL, "pdf", tmp_path / "night.db").startswith(b"%PDF")
