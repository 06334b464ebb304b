"""Nights in which nothing is wrong: birds, airliners, a police drone, people with permits; no alarm."""

from __future__ import annotations

import msgspec
import pytest

from skykeep.app.night import NightRun
from skykeep.domain.record import EntryRole
from skykeep.sim import load_scenario
from skykeep.sim.world import World

SEEDS = (1, 2, 3)
EACH_S = 120.0


class Nowhere:
    """A recorder that keeps nothing."""

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        del time_utc_ns, role, kind, payload
        return 0


@pytest.mark.slow
def test_quiet_nights_ask_for_one_look_in_ten_minutes_at_most(world: World) -> None:
    night = load_scenario("the-night")
    quiet = msgspec.structs.replace(
        night,
        intruders=(),
        false_identity=None,
        captions=(),
        night=msgspec.structs.replace(night.night, duration_s=EACH_S, quiet_after_s=EACH_S, tick_s=1.0),
    )
    alarms, quiet_s = 0, 0
    for seed in SEEDS:
        run = NightRun(quiet, seed, world, Nowhere())
        run.run()
        alarms += run.pipeline.desk.alarm_rate.most_in_ten_minutes
        quiet_s += run.pipeline.counts["tick"]
    assert quiet_s >= len(SEEDS) * (EACH_S - 1.0)
    assert alarms * 600 <= quiet_s
