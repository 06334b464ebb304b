"""What a feed and the sensors it brings are held to account for."""

from __future__ import annotations

import numpy as np
import pytest

from skykeep.base.clock import NS_PER_S
from skykeep.domain.feed import Refusal, SourceHealth, SourceState, Taken
from skykeep.domain.sensing import MeasurementKind, make_scan
from skykeep.feeds.care import CareRules
from skykeep.feeds.inbox import Inbox
from skykeep.feeds.spout import Spout


class HandClock:
    def __init__(self) -> None:
        self.time_utc_ns = 2_000_000_000 * NS_PER_S

    def now_utc_ns(self) -> int:
        return self.time_utc_ns


class Bench:
    """A spout of the feed `line`, ten messages a second."""

    def __init__(self) -> None:
        self.clock, self.inbox = HandClock(), Inbox()
        self.spout = Spout("line", self.inbox, self.clock, lambda _: CareRules(period_s=0.1))

    def send(self, *sensor_ids: str, bad: bool = False) -> None:
        """Let one message pass with a scan of each sensor, or with a refusal."""
        self.clock.time_utc_ns += NS_PER_S // 10
        now_utc_ns = self.clock.now_utc_ns()
        refusal = Refusal(field="I048/040", found="3 octets", must="4 octets")
        scans = tuple(
            make_scan(
                sensor_id=sensor_id,
                sequence=0,
                kind=MeasurementKind.POSITION,
                time_utc_ns=now_utc_ns - NS_PER_S // 20,
                received_utc_ns=now_utc_ns,
                measured=np.full((1, 3), now_utc_ns % 1e12),
                sigma=np.ones((1, 3)),
            )
            for sensor_id in sensor_ids
        )
        assert self.spout.admit()
        self.spout.put(Taken(records=scans, refusals=(refusal,) if bad else ()))

    def health(self, name: str) -> SourceHealth:
        return {each.source_id: each for each in self.spout.health()}[name]


def test_a_feed_of_another_name_weighs_what_is_good_too() -> None:
    """One bad message in twenty, for long: fifty refusals in all are not fifty in a row."""
    bench = Bench()
    for k in range(1_200):
        bench.send("radar", bad=k % 20 == 0)
    for name in ("line", "radar"):
        assert bench.health(name).state is SourceState.OK, name
        assert bench.health(name).refused == 60


@pytest.mark.parametrize("sensors", [("line",), ("radar",)])
def test_half_read_garbage_is_held_back_whatever_the_name_of_the_feed(sensors: tuple[str, ...]) -> None:
    """Another edition: most cannot be read, and what can is nonsense."""
    bench = Bench()
    for k in range(200):
        bench.send(*(sensors if k % 4 == 0 else ()), bad=k % 4 > 0)
    health = bench.health(sensors[0])
    assert health.state is SourceState.QUARANTINED
    assert "74 % of its messages are refused" in health.says[0]
    assert health.held_back > 30
    for _ in range(25):
        bench.send(*sensors)
    assert bench.health(sensors[0]).state is SourceState.OK
    assert bench.health("line").state is SourceState.OK


def test_a_sensor_whose_messages_are_all_refused_is_not_called_unplugged() -> None:
    bench = Bench()
    bench.send("radar")
    for _ in range(100):
        bench.send(bad=True)
    assert not any("unplugged" in sentence for sentence in bench.health("radar").says)
    kept = [event for event in bench.spout.look_up() if event.kind == "refused"]
    assert {event.source_id for event in kept} == {"line"}


def test_of_two_sensors_on_a_feed_neither_pays_for_the_other() -> None:
    bench = Bench()
    for _ in range(10):
        bench.send("one", "two")
    for _ in range(40):
        bench.send("one")
        for _ in range(3):
            bench.send(bad=True)
    assert bench.health("line").state is SourceState.QUARANTINED
    assert bench.health("one").state is SourceState.OK
    assert bench.health("one").held_back == 0
