"""What was known at a moment: what the log held by then, and what came later marked as late."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from exported_night import write_log
from judged_scenes import at_ns
from sample_case import SAMPLE
from skykeep.app.dossier import printed
from skykeep.app.known_then import Moment, known_at
from skykeep.app.moment_text import moment_of
from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.record import LogEntry
from skykeep.evidence.levels import Level
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking, redact


def entries(tmp_path: Path) -> list[LogEntry]:
    return list(LogReader(write_log(tmp_path / "night.db")).entries())


def test_a_page_holds_what_the_log_held_by_then_and_no_more(tmp_path: Path) -> None:
    log = entries(tmp_path)
    early, late = known_at(log, [Moment(time_utc_ns=at_ns(s), because="asked") for s in (3.2, 20.0)])

    assert early.entries == sum(entry.time_utc_ns <= at_ns(3.2) for entry in log)
    assert early.picture_utc_ns == at_ns(2.5)
    assert late.picture_utc_ns == at_ns(19.5)
    assert len(late.tracks) == 1
    east_m, north_m = late.tracks[0].position_enu_m
    # It set out from (1500, 800) at (-20, -10) m/s.
    assert abs(east_m - (1500.0 - 20.0 * 19.5)) < 40.0
    assert abs(north_m - (800.0 - 10.0 * 19.5)) < 40.0
    assert 15.0 < late.tracks[0].speed_mps < 30.0


def test_cutting_the_log_off_at_the_moment_changes_the_page_in_nothing_but_what_is_late(
    tmp_path: Path,
) -> None:
    log = entries(tmp_path)
    moment = Moment(time_utc_ns=at_ns(9.3), because="asked")
    cut = [entry for entry in log if entry.time_utc_ns <= moment.time_utc_ns]

    (whole,), (short,) = known_at(log, [moment]), known_at(cut, [moment])

    assert short.late == ()
    assert msgspec.structs.replace(whole, late=()) == short


def test_a_report_of_before_that_came_after_is_late_by_as_long_as_it_took(tmp_path: Path) -> None:
    # The report is of second 9 and came at 9.6.
    moments = [Moment(time_utc_ns=at_ns(s), because="asked") for s in (9.7, 9.3)]
    known, after = known_at(entries(tmp_path), moments)

    report = next(item for item in known.late if item.kind == "report")
    assert (report.event_utc_ns, report.received_utc_ns) == (at_ns(9), at_ns(9.6))
    assert "A humming." in report.says
    assert [item for item in after.late if item.kind == "report"] == []


def test_many_messages_of_one_source_are_counted_and_the_slowest_is_told(tmp_path: Path) -> None:
    # Every look of the radar takes 0.1 s: only the one under way at the moment can be late.
    (known,) = known_at(entries(tmp_path), [Moment(time_utc_ns=at_ns(12.05), because="asked")])

    (scan,) = [item for item in known.late if item.kind == "scan"]
    assert (scan.count, scan.received_utc_ns - scan.event_utc_ns) == (1, 100_000_000)


def test_a_moment_after_the_end_knows_everything(tmp_path: Path) -> None:
    log = entries(tmp_path)

    (known,) = known_at(log, [Moment(time_utc_ns=at_ns(10_000), because="asked")])

    assert (known.entries, known.late) == (len(log), ())


START, END = from_iso_utc("2031-05-02T23:50:00Z"), from_iso_utc("2031-05-03T03:00:00Z")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("02:14:07", "2031-05-03T02:14:07Z"),
        ("23:55:00", "2031-05-02T23:55:00Z"),
        ("02:14:07.250", "2031-05-03T02:14:07.250Z"),
        ("2031-05-03T04:14:07+02:00", "2031-05-03T02:14:07Z"),
    ],
)
def test_a_time_of_day_is_the_first_one_after_the_start(text: str, means: str) -> None:
    assert moment_of(text, START, END) == from_iso_utc(means)


@pytest.mark.parametrize(
    "text", ["noon", "03:00:01", "2031-05-04T00:00:00Z", "", "25:00:00", "2031-05-03T02:14:07"]
)
def test_what_is_no_moment_of_the_night_is_refused_with_its_bounds(text: str) -> None:
    with pytest.raises(
        InputError, match="2031-05-02T23:50:00.000Z to 2031-05-03T03:00:00.000Z".replace(".", r"\.")
    ):
        moment_of(text, START, END)


def redacted(tmp_path: Path, path: str = "", kind: str = "report") -> list[LogEntry]:
    """Return the entries of the log without a part of its first message of a kind, or without all of it."""
    log = write_log(tmp_path / "night.db")
    sequence = next(entry.sequence for entry in LogReader(log).entries(kind=kind))
    redact(log, [Taking(sequence=sequence, path=path)], by="data officer", because="the law", now_utc_ns=1)
    return list(LogReader(log).entries())


@pytest.mark.parametrize(("path", "says"), [("text", "“[redacted]”"), ("position_enu_m", "“A humming.”")])
def test_a_late_message_of_which_only_a_part_is_gone_is_told_as_late(
    tmp_path: Path, path: str, says: str
) -> None:
    (known,) = known_at(redacted(tmp_path, path), [Moment(time_utc_ns=at_ns(9.3), because="asked")])

    report = next(item for item in known.late if item.kind == "report")
    assert (report.event_utc_ns, report.received_utc_ns) == (at_ns(9), at_ns(9.6))
    assert says in report.says
    assert known.late_redacted == ()


def test_a_claim_without_its_identity_is_late_all_the_same(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    moment = Moment(time_utc_ns=at_ns(5.61), because="asked")

    (before,) = known_at(entries(whole), [moment])
    (known,) = known_at(redacted(tmp_path, "claimed_id", "claim"), [moment])

    assert [item.kind for item in before.late] == ["claim"]
    assert known.late == before.late


def test_what_came_later_and_was_redacted_whole_is_counted_as_such_and_only_after_it_came(
    tmp_path: Path,
) -> None:
    log = redacted(tmp_path)
    early, after = known_at(log, [Moment(time_utc_ns=at_ns(s), because="asked") for s in (9.3, 9.7)])

    (gone,) = early.late_redacted
    assert (gone.kind, gone.count) == ("report", 1)
    assert gone.first_received_utc_ns == gone.last_received_utc_ns == at_ns(9.6)
    assert [item for item in early.late if item.kind == "report"] == []
    assert after.late_redacted == ()
    page = printed(msgspec.structs.replace(SAMPLE, known=(early,)), Level.FULL, "html").decode()
    assert "LATE, redacted" in page
    assert "1 message (report), redacted whole: whether it was about that moment is gone with it." in page
