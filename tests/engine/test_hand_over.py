"""One watch in two logs: tracks, orders and rules go on, nothing is said twice, and each log is whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from judged_scenes import START_UTC_NS, at_ns
from ordered_watch import HEADER, look, place
from skykeep.app.replay import Recording, verify_replay
from skykeep.app.watchers import NightMemory
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import RenameTrack, Tick
from skykeep.domain.days import WatchContinued, WatchTakenOver
from skykeep.domain.record import EntryRole
from skykeep.domain.zone import Circle, HeightReference, Limit, Restriction, Volume, Zone
from skykeep.engine.hand_over import handed_over
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement
from skykeep.engine.pipeline import Pipeline
from skykeep.store.log_database import LogDatabase

OVER_S, END_S = 240, 300
ZONE = Zone(
    zone_id="parade",
    name="Parade",
    restriction=Restriction.PROHIBITED,
    volumes=(
        Volume(
            outline=Circle(longitude_deg=0.0, latitude_deg=0.0, radius_m=10.0),
            floor=Limit(value=0.0, reference=HeightReference.AGL),
            ceiling=Limit(value=100.0, reference=HeightReference.AGL),
        ),
    ),
    strictness=50,
    document="Order 7",
)
# When each drone is there, from where (east, north) and how fast, to the east: far from all that is guarded.
FLIGHTS = {
    "all the time": (0, END_S, -4_000.0, 4_000.0, 15.0),
    "gone long before": (0, 60, -3_000.0, 3_000.0, 15.0),
    "gone before": (0, 200, -3_500.0, 5_000.0, 15.0),
    "late": (215, END_S, -2_000.0, 6_000.0, 15.0),
    "later": (150, END_S, 3_000.0, 4_500.0, -15.0),
    "after": (250, END_S, 3_500.0, 6_500.0, -15.0),
}


def inputs(from_s: int, to_s: int) -> Iterable[Input]:
    for second in range(from_s, to_s):
        places = [
            (east_m + speed_mps * (second - begins_s), north_m, 120.0)
            for begins_s, ends_s, east_m, north_m, speed_mps in FLIGHTS.values()
            if begins_s <= second < ends_s
        ]
        yield look(second, np.array(places))
        yield Tick(time_utc_ns=at_ns(second + 0.5))


def shown(pipeline: Pipeline) -> dict[int, tuple[float, float]]:
    """Return where each track of the picture is."""
    assert pipeline.judgement is not None
    picture = pipeline.judgement.picture
    where = picture.state[:, :2].tolist()
    return {int(i): (at[0], at[1]) for i, at in zip(picture.track_id, where, strict=True)}


class Told(NightMemory):
    """Keeps when each picture was, too."""

    def __init__(self) -> None:
        super().__init__()
        self.seen_utc_ns: list[int] = []

    def on_judgement(self, judgement: Judgement) -> None:
        super().on_judgement(judgement)
        self.seen_utc_ns.append(judgement.picture.time_utc_ns)


class Days:
    """A watch handed over from the log in `monday` to that in `tuesday`, and what the second told."""

    def __init__(self, folder: Path) -> None:
        self.logs = folder / "monday" / "night.db", folder / "tuesday" / "night.db"
        with LogDatabase.open(self.logs[0], origin="watch.example/monday") as log:
            before = Pipeline(HEADER, place(), None, log, start_utc_ns=START_UTC_NS)
            change = AirspaceChange(time_utc_ns=at_ns(1), because="A parade", by="city", zones_put=(ZONE,))
            self.give(before, (change, *inputs(0, OVER_S)))
            (named, *_) = sorted(shown(before))
            rename = RenameTrack(track_id=named, name="Postman", by="op", time_utc_ns=at_ns(OVER_S))
            self.give(before, (rename, Tick(time_utc_ns=at_ns(OVER_S))))
            log.flush()
            self.before, self.counts = shown(before), dict(before.counts)
            again = list(handed_over(before, log.note(), "monday", (), at_ns(OVER_S)))
        self.told = Told()
        with LogDatabase.open(self.logs[1], origin="watch.example/tuesday") as log:
            self.after = self.taken_over(log, again)
            self.first = shown(self.after)
            self.quiet = len(self.told.seen_utc_ns), len(self.told.heard)
            self.give(self.after, inputs(OVER_S, END_S))

    def taken_over(self, log: LogDatabase, again: list[Input]) -> Pipeline:
        assert isinstance(again[0], WatchContinued)
        after = Pipeline(HEADER, place(), None, log, None, (self.told,), start_utc_ns=again[0].time_utc_ns)
        for record in again:
            after.receive(record)
        return after

    def give(self, pipeline: Pipeline, records: Iterable[Input]) -> None:
        for record in records:
            rejection = pipeline.receive(record)
            assert rejection is None, rejection


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    return Days(tmp_path_factory.mktemp("days"))


def test_tracks_go_on_under_their_numbers_where_they_were(days: Days) -> None:
    assert len(days.before) == 3, "all the time, late and later"
    assert set(days.first) == set(days.before)
    for track_id, at_m in days.before.items():
        # A tick a second is told again: the last of them was up to a second, 15 m, before.
        assert np.hypot(*np.subtract(days.first[track_id], at_m)) < 15.0
    last = shown(days.after)
    assert set(days.before) < set(last)
    (fresh,) = set(last) - set(days.before)
    assert fresh > 5, "no number is given twice, also not that of a track that is gone"


def test_nobody_is_told_twice(days: Days) -> None:
    assert days.quiet == (0, 0)
    assert days.told.heard["radar"].messages == END_S - OVER_S
    assert days.after.counts["scan"] == END_S - OVER_S
    assert days.told.seen_utc_ns[0] > at_ns(OVER_S)


def test_what_people_said_goes_on(days: Days) -> None:
    (order,) = days.after.orders.in_force.standing
    assert (order.name, order.track_id) == ("Postman", min(days.before))
    assert order.order_id == "order-0002", "no number is given twice"
    assert "parade" in {zone.zone_id for zone in days.after.airspace.zones}
    assert list(days.told.track_orders) == ["order-0002"]


def test_both_logs_replay_to_the_same_bytes(days: Days) -> None:
    for log in days.logs:
        report = verify_replay(log)
        assert report.identical, report.sentence
        assert report.compared > 100


def test_the_second_log_says_what_it_goes_on_from_and_what_is_told_again(days: Days) -> None:
    entries = list(Recording(days.logs[1]).entries())
    kinds = [entry.kind for entry in entries]
    assert kinds[:4] == ["run", "site", "watch_continued", "airspace_change"]
    over = kinds.index("watch_taken_over")
    assert all(entry.role is EntryRole.INPUT for entry in entries[:over])
    assert set(kinds[4:over]) == {"scan", "tick", "rename_track"}
    assert entries[over].time_utc_ns == at_ns(OVER_S)
    assert entries[over - 2].time_utc_ns <= at_ns(OVER_S), "what is told again keeps its time"
    assert "standing_order" in kinds[over:]


def test_the_two_ends_of_what_is_told_again_come_where_they_belong(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "night.db") as log:
        pipeline = Pipeline(HEADER, place(), None, log, start_utc_ns=START_UTC_NS)
        rejection = pipeline.receive(WatchTakenOver(time_utc_ns=START_UTC_NS))
        assert rejection is not None
        assert rejection.field == "watch_taken_over"
        for record in inputs(0, 3):
            pipeline.receive(record)
        again = next(iter(handed_over(pipeline, b"", "x", (), at_ns(3))))
        rejection = pipeline.receive(again)
        assert rejection is not None
        assert rejection.field == "watch_continued"
        assert not pipeline.is_taking_over
