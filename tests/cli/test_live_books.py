"""The folders of a live watch, one after another: when one is begun, and that the days hang together."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from judged_scenes import START_UTC_NS, at_ns, claim
from live_site import HEAD
from ordered_watch import look, place
from skykeep.app.days import ends_of, latest_folder
from skykeep.app.live import open_pipeline
from skykeep.app.new_folder import ASKED, NewFolderRule, rule_of
from skykeep.app.orders_check import check_night
from skykeep.app.replay import Recording, verify_replay
from skykeep.app.site_text import read_site_file
from skykeep.base.clock import from_iso_utc, seconds_to_ns
from skykeep.cli import skykeep
from skykeep.cli.live_books import LiveBook, LiveBooks
from skykeep.domain.commands import ClearAlert, SetOccupancy, Tick
from skykeep.domain.days import WatchContinued, WatchTakenOver
from skykeep.domain.sensing import Claim
from skykeep.engine.inputs import Input
from skykeep.engine.pipeline import Pipeline
from skykeep.store.log_database import LogDatabase
from skykeep.store.signing_keys import make_key
from tampered_night import by_stranger

# The scenes begin at 02:10 UTC: a new folder is due at 04:00, 110 min later.
DUE_S = 110 * 60.0
KEY = "watch.example/harbour"
RULES = """
[[retention]]
id = "pilots"
datum = "pilot_position"
keep_h = 1
reason = "Nobody needs to know where a lawful pilot stood"
"""
RECORD = f"""
[record]
key = "{KEY}"
keys_folder = "keys"
"""


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.time_utc_ns = START_UTC_NS

    def now_utc_ns(self) -> int:
        return self.time_utc_ns


class Watch:
    """A live watch without its feeds: what it is given comes in, and time passes as it is told."""

    def __init__(self, folder: Path, clock: Clock, out: str = "night") -> None:
        self.clock = clock
        self.said: list[str] = []
        found = read_site_file(folder / "site.toml")
        self.books = LiveBooks(
            found, place(), folder, folder / out, clock, self.said.append, self.said.append
        )

        def begin(book: LiveBook, told_again: Iterable[Input]) -> Pipeline:
            pipeline = open_pipeline(
                place(),
                book.log,
                clock,
                listeners=(book.case.listener,),
                on_made=book.case.listener.attach,
                told_again=told_again,
            )
            book.record.begin(book.log, pipeline.receive)
            return pipeline

        self.pipeline = self.books.begin(begin)

    @property
    def folder(self) -> str:
        return self.books.book.folder.name

    def give(self, *records: Input) -> None:
        for record in records:
            rejection = self.pipeline.receive(record)
            assert rejection is None, rejection

    def until(self, second: float, *records: Input) -> None:
        """Let time come so far, a tick included, and look whether a new folder is due."""
        self.clock.time_utc_ns = at_ns(second)
        self.give(*records, Tick(time_utc_ns=at_ns(second)))
        self.pipeline = self.books.go_on(self.pipeline, at_ns(second))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.toml").write_text(HEAD + RULES + RECORD, encoding="utf-8")
    make_key(KEY, tmp_path / "keys")
    return tmp_path


@contextmanager
def watching(folder: Path, clock: Clock | None = None, out: str = "night") -> Iterator[Watch]:
    watch = Watch(folder, clock or Clock(), out)
    try:
        yield watch
    finally:
        watch.books.close()


def approach(second: float, there_s: float) -> Input:
    """Return what the radar sees of a drone that makes straight for the residence."""
    return look(round(second), np.array([(20.0 * (there_s - second), 0.0, 120.0)]))


def verified(path: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(skykeep, ["verify", str(path), *more], catch_exceptions=False)
    return result.exit_code, result.output


def test_a_new_folder_is_begun_at_the_hour_and_both_stand_by_themselves(site: Path) -> None:
    with watching(site) as watch:
        watch.until(DUE_S - 1.0)
        assert watch.folder == "night"
        watch.until(DUE_S)
        assert watch.folder == "night-2031-05-03"
        assert watch.said == ["The watch goes on in night-2031-05-03."]
        watch.until(DUE_S + 24 * 3_600.0 - 1.0)
        assert watch.folder == "night-2031-05-03"
        watch.until(DUE_S + 24 * 3_600.0)
        assert watch.folder == "night-2031-05-04"
    for name in ("night", "night-2031-05-03", "night-2031-05-04"):
        assert check_night(site / name).complete
        assert by_stranger(site / name).code == 0
        assert verify_replay(site / name / "night.db").identical
    last = ends_of(site / "night" / "night.db").after
    assert last is not None
    assert (last.folder, last.by) == ("night-2031-05-03", "")


def test_it_waits_for_an_alert_says_so_and_goes_on_when_that_is_over(site: Path) -> None:
    with watching(site) as watch:
        begin_s = DUE_S - 60.0
        for second in range(50):
            watch.until(begin_s + second, approach(begin_s + second, begin_s + 100.0))
        assert watch.pipeline.desk.alerts, "a drone makes for the residence"
        watch.until(DUE_S)
        assert watch.folder == "night"
        assert watch.said == ["A new folder is due and waits: alert-0001 is open."]
        when_ns = at_ns(DUE_S + 1.0)
        clear = ClearAlert(alert_id="alert-0001", reason="It is the post", by="op", time_utc_ns=when_ns)
        watch.until(DUE_S + 1.0, clear)
        for second in range(2, 30):
            watch.until(DUE_S + second, look(round(DUE_S) + second, np.empty((0, 3))))
        assert watch.said[1:] == [
            "A new folder is due and waits: track 1, of alert-0001, is still there.",
            "The watch goes on in night-2031-05-03.",
        ]
        assert watch.pipeline.desk.counted.alerts == 1, "the next will be the second"


def test_it_waits_for_an_alert_that_is_about_to_be_raised(site: Path) -> None:
    with watching(site) as watch:
        begin_s = DUE_S - 35.0
        for second in range(60):
            watch.until(begin_s + second, approach(begin_s + second, begin_s + 100.0))
        assert watch.folder == "night"
        assert watch.said == [
            "A new folder is due and waits: track 1 looks like a threat.",
            "A new folder is due and waits: alert-0001 is open, and 1 more.",
        ]


def test_it_waits_no_longer_than_it_may_and_names_what_it_left_open(site: Path) -> None:
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(text + "new_folder_within_min = 1\n", encoding="utf-8")
    with watching(site) as watch:
        begin_s = DUE_S - 50.0
        for second in range(125):
            watch.until(begin_s + second, approach(begin_s + second, begin_s + 130.0))
        assert watch.folder == "night-2031-05-03"
        (alert,) = watch.pipeline.desk.alerts
        assert alert.alert_id == "alert-0002", "raised anew, at once, and no number is given twice"
        assert alert.track_ids == (1,), "the same track"
        assert alert.raised_utc_ns - at_ns(DUE_S + 60.0) < seconds_to_ns(10.0)
        entry = ends_of(watch.books.book.folder / "night.db", own=True).before
    assert entry is not None
    assert entry.still_open[0] == "alert-0001 is open"
    assert verify_replay(site / "night-2031-05-03" / "night.db").identical


def test_somebody_asks_for_one_by_name(site: Path) -> None:
    with watching(site) as watch:
        watch.until(10.0)
        words = ["rollover", str(site / "night"), "--by", "K. Berg", "--because", "the guests have left"]
        assert CliRunner().invoke(skykeep, words).exit_code == 0
        watch.until(11.0)
        assert watch.folder == "night-2031-05-03"
        assert not (site / "night" / ASKED).exists()
        again = CliRunner().invoke(skykeep, words)
        assert "night-2031-05-03 for a new folder" in again.output, "the first leads to the last"
        watch.until(12.0)
        assert watch.folder == "night-2031-05-03-2"
    went_on = ends_of(site / "night" / "night.db").after
    assert went_on is not None
    assert (went_on.by, went_on.because) == ("K. Berg", "the guests have left")
    with pytest.raises(Exception, match="no watch is writing there"):
        CliRunner().invoke(skykeep, words, catch_exceptions=False)


def test_it_is_data_whether_and_when(site: Path) -> None:
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(text + 'new_folder_at = "never"\n', encoding="utf-8")
    with watching(site) as watch:
        watch.until(30 * 3_600.0)
        assert watch.folder == "night"
    (site / "site.toml").write_text(HEAD, encoding="utf-8")
    with watching(site, out="without rules") as watch:
        watch.until(30 * 3_600.0)
        assert watch.folder == "without rules", "nothing need be forgotten: nothing is begun"


def test_a_watch_that_was_stopped_goes_on_in_the_last_folder_and_is_never_late_for_long(site: Path) -> None:
    clock = Clock()
    with watching(site, clock) as watch:
        watch.until(DUE_S)
    clock.time_utc_ns = at_ns(DUE_S + 30 * 3_600.0)
    with watching(site, clock) as watch:
        assert watch.folder == "night-2031-05-03"
        watch.until(DUE_S + 30 * 3_600.0 + 1.0)
        assert watch.folder == "night-2031-05-04"
    assert latest_folder(site / "night")[0].name == "night-2031-05-04"
    assert verified(site)[0] == 0


def test_a_watch_that_broke_off_between_two_folders_goes_on_in_the_second(site: Path) -> None:
    clock = Clock()
    with watching(site, clock) as watch:
        begin_s = DUE_S - 60.0
        for second in range(40):
            watch.until(begin_s + second, approach(begin_s + second, begin_s + 300.0))
        watch.until(DUE_S)
    shutil.rmtree(site / "night-2031-05-03")
    with watching(site, clock) as watch:
        assert watch.folder == "night-2031-05-03"
        assert watch.pipeline.tracker.counted == 1, "no number is given twice"
    code, said = verified(site)
    assert code == 0, said


def test_a_watch_that_broke_off_while_it_took_over_goes_on_with_what_is_there(site: Path) -> None:
    clock = Clock()
    with watching(site, clock) as watch:
        begin_s = DUE_S - 60.0
        for second in range(40):
            watch.until(begin_s + second, approach(begin_s + second, begin_s + 300.0))
        watch.until(DUE_S)
    log = site / "night-2031-05-03" / "night.db"
    recording = Recording(log)
    inputs, origin = list(recording.inputs()), ends_of(log).origin
    assert not isinstance(inputs[30], WatchTakenOver)
    shutil.rmtree(log.parent)
    with LogDatabase.open(log, origin=origin) as cut:
        start_utc_ns = recording.start_utc_ns
        pipeline = Pipeline(recording.header, recording.site, None, cut, start_utc_ns=start_utc_ns)
        for record in inputs[:30]:
            pipeline.receive(record)
    with watching(site, clock) as watch:
        assert watch.folder == "night-2031-05-03"
        assert not watch.pipeline.is_taking_over
        watch.until(DUE_S + 1.0)
        assert shown(watch) == [1]
    assert verify_replay(log).identical


def shown(watch: Watch) -> list[int]:
    assert watch.pipeline.judgement is not None
    return [int(number) for number in watch.pipeline.judgement.picture.track_id]


def test_who_is_where_goes_on_over_days_and_over_a_restart(site: Path) -> None:
    clock = Clock()
    away = SetOccupancy(
        asset_id="residence",
        principal_present=False,
        reason="At the harbour",
        sure=0.9,
        by="op",
        time_utc_ns=at_ns(5.0),
    )
    with watching(site, clock) as watch:
        watch.until(5.0, away)
        watch.until(DUE_S)
    with watching(site, clock) as watch:
        watch.until(DUE_S + 24 * 3_600.0)
        assert watch.folder == "night-2031-05-04"
        (there,) = watch.pipeline.duty.situation.occupancies
        assert there.principal_present is False
        watch.until(DUE_S + 24 * 3_600.0 + 1.0)
    for name in ("night", "night-2031-05-03", "night-2031-05-04"):
        assert verify_replay(site / name / "night.db").identical


def days(site: Path, number: int = 3) -> list[Path]:
    """Keep a watch over so many days, each in its folder."""
    with watching(site) as watch:
        watch.until(1.0)
        for day in range(number - 1):
            watch.until(DUE_S + day * 24 * 3_600.0)
            watch.until(DUE_S + day * 24 * 3_600.0 + 3_600.0)
        watch.until(DUE_S + number * 24 * 3_600.0 - 90_000.0)
    return sorted(path for path in site.iterdir() if path.name.startswith("night"))


def test_days_that_are_all_there_verify_together(site: Path) -> None:
    days(site)
    code, said = verified(site)
    assert code == 0, said
    assert "3 nights; they hang together" in said
    code, said = verified(site / "night-2031-05-03")
    assert code == 0
    assert "it goes on from the log watch.example/harbour/2031-05-03T02:10:00" in said
    assert "the watch went on in night-2031-05-04" in said


MISSED = {
    1: ("at night: night went on in", "at night-2031-05-04: night-2031-05-04 goes on from"),
    2: ("at night-2031-05-03: night-2031-05-03 went on in night-2031-05-04",),
}


@pytest.mark.parametrize("gone", MISSED)
def test_a_day_that_is_missing_is_named_and_who_names_it(site: Path, gone: int) -> None:
    folders = days(site)
    shutil.rmtree(folders[gone])
    code, said = verified(site)
    assert code == 3
    assert all(f"MISSING {told}" in said for told in MISSED[gone])
    assert all(name in said for name in (folders[gone].name, "they do NOT hang together"))


def test_a_day_that_was_swapped_for_another_is_named(site: Path) -> None:
    folders = days(site)
    shutil.rmtree(folders[1])
    with LogDatabase.open(folders[1] / "night.db", origin="watch.example/other") as log:
        open_pipeline(place(), log, Clock())
    code, said = verified(site)
    assert code == 3
    assert "which is missing: night-2031-05-03 holds another, watch.example/other" in said


def test_a_day_that_was_made_anew_under_its_name_is_named(site: Path) -> None:
    folders = days(site)
    log = folders[1] / "night.db"
    recording = Recording(log)
    inputs, origin = list(recording.inputs()), ends_of(log).origin
    assert isinstance(inputs[0], WatchContinued)
    shutil.rmtree(folders[1])
    with LogDatabase.open(log, origin=origin) as forged:
        start_utc_ns = recording.start_utc_ns
        pipeline = Pipeline(recording.header, recording.site, None, forged, start_utc_ns=start_utc_ns)
        for record in inputs:
            if not (isinstance(record, Tick) and record.time_utc_ns == at_ns(DUE_S + 3_600.0)):
                pipeline.receive(record)
    code, said = verified(site)
    assert code == 1
    assert "WRONG in the checkpoint in night-2031-05-04" in said
    assert "at night-2031-05-03" not in said, "its ends say what they said"


# A number that stands nowhere else, as the log spells it.
PILOT = b"1234.567891"


def lawful(second: float) -> Claim:
    return msgspec.structs.replace(
        claim(second, [4_000.0, 0.0, 100.0]), operator_position_enu_m=(float(PILOT), 1.0, 0.0)
    )


def kept(site: Path) -> list[str]:
    """Return in which folders, files and journals, the pilot's place still stands."""
    there = sorted(path for path in site.rglob("*") if path.is_file() and PILOT in path.read_bytes())
    return [str(path.relative_to(site)) for path in there]


def closed(watch: Watch) -> None:
    for closing in watch.books._closing:
        closing.join()


def test_nothing_due_is_older_than_its_hours_and_one_roll_over(site: Path) -> None:
    with watching(site) as watch:
        watch.until(10.0, lawful(9.9))
        watch.until(DUE_S - 1.0)
        watch.books.book.log.flush()
        watch.books.retention.look()
        assert kept(site), "its hour is over, and the log is not closed"
        watch.until(DUE_S)
        closed(watch)
        watch.books.retention.look()
        assert kept(site) == [], "at once, when its log is closed"
        watch.until(DUE_S + 2.0)
    code, said = verified(site)
    assert code == 3, said
    assert "redacted by retention (pilots)" in said
    assert "they hang together" in said, "a redacted day is still the one that the next goes on from"


def test_what_is_told_again_counts_from_when_it_came(site: Path) -> None:
    with watching(site) as watch:
        watch.until(DUE_S - 5.0, lawful(DUE_S - 5.1))
        watch.until(DUE_S)
        closed(watch)
        assert kept(site)[-1].startswith("night-2031-05-03/night.db")
        watch.until(DUE_S + 24 * 3_600.0)
        closed(watch)
        watch.books.retention.look()
        assert kept(site) == [], "gone from the day in which it came, and from that which was told it again"


def test_a_watch_that_was_stopped_and_started_the_same_day_keeps_the_rules(site: Path) -> None:
    clock = Clock()
    with watching(site, clock) as watch:
        watch.until(10.0, lawful(9.9))
    with watching(site, clock) as watch:
        assert watch.folder == "night", "the same folder is gone on with"
        watch.until(DUE_S)
        closed(watch)
        watch.books.retention.look()
        assert kept(site) == []
        watch.until(DUE_S + 60.0, lawful(DUE_S + 59.0))
    assert kept(site)
    clock.time_utc_ns = at_ns(DUE_S + 3 * 24 * 3_600.0)
    with watching(site, clock) as watch:
        watch.until(DUE_S + 3 * 24 * 3_600.0 + 1.0)
        closed(watch)
        watch.books.retention.look()
        assert kept(site) == [], "a watch that slept for days comes late, and then at once"


def test_the_longest_that_a_datum_can_stay_is_as_it_is_said(site: Path) -> None:
    """A claim right after a roll-over, an alert at the next hour: it waits as long as it may."""
    rule = rule_of(read_site_file(site / "site.toml"))
    assert rule.longest_h(1.0) == 25.0 + 4.0 + 1.0
    assert rule.longest_h(100.0) == 101.0
    with watching(site) as watch:
        watch.until(DUE_S)
        watch.until(DUE_S + 1.0, lawful(DUE_S + 0.9))
        begin_s = DUE_S + 24 * 3_600.0 - 60.0
        for second in range(80):
            watch.until(begin_s + second, approach(begin_s + second, begin_s + 100.0))
        assert watch.folder == "night-2031-05-03"
        for second in range(2, 4 * 3_600, 60):
            watch.until(DUE_S + 24 * 3_600.0 + second + 20.0)
        watch.until(DUE_S + 28 * 3_600.0)
        assert watch.folder == "night-2031-05-04"
        closed(watch)
        watch.books.retention.look()
        assert kept(site) == []


def test_in_spring_and_autumn_the_hour_is_that_of_the_clocks() -> None:
    rule = NewFolderRule(at_min=150, within_s=0.0, zone=ZoneInfo("Europe/Paris"))
    for after, due in (
        ("2031-03-29T12:00:00Z", "2031-03-30T01:30:00Z"),  # 02:30 does not come: it is 03:30
        ("2031-07-01T12:00:00Z", "2031-07-02T00:30:00Z"),
        ("2031-10-25T12:00:00Z", "2031-10-26T00:30:00Z"),  # 02:30 comes twice: the first
        ("2031-10-26T00:30:00Z", "2031-10-27T01:30:00Z"),
        ("2031-12-31T23:00:00Z", "2032-01-01T01:30:00Z"),
    ):
        assert rule.next_due_utc_ns(from_iso_utc(after)) == from_iso_utc(due), after
