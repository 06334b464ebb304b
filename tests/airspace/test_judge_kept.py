"""What is kept from one look to the next must say what would be found anew: verdicts, words, odds."""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from judged_scenes import BAN, INNER, ORIGIN, at_ns, identification, picture
from skykeep.airspace import Airspace
from skykeep.airspace.marginal_kernels import exact_marginals
from skykeep.airspace.sentences import ZoneWords, say_zone
from skykeep.base.compile import FloatArray
from skykeep.domain.zone import Hours, Period

NIGHTLY = msgspec.structs.replace(BAN, periods=(Period(hours=(Hours(from_s=20 * 3600.0, to_s=7 * 3600.0),)),))
DRONE = (0.96, 0.01, 0.01, 0.01, 0.01)
BIRD = (0.02, 0.01, 0.95, 0.01, 0.01)
DAY_S = 86_400.0


@pytest.mark.parametrize("change", ["nothing", "zones"])
def test_a_long_watch_rules_as_one_that_has_just_begun(change: str) -> None:
    dice = np.random.default_rng(7)
    watch = Airspace(ORIGIN, (NIGHTLY, INNER), ())
    zones = (NIGHTLY, INNER)
    for tick in range(60):
        if change == "zones" and tick == 30:
            zones = (msgspec.structs.replace(NIGHTLY, document="Order 13"), INNER)
            watch.change(zones_put=zones[:1])
        ids = sorted(dice.choice(40, size=25, replace=False).tolist())
        states = np.column_stack((dice.uniform(-9000.0, 9000.0, (25, 2)), np.full((25, 1), 80.0)))
        now = picture(600.0 * tick, np.hstack((states, np.zeros((25, 3)))), track_ids=ids)
        found = tuple(
            identification(track_id, classes=BIRD if dice.random() < 0.5 else DRONE) for track_id in ids
        )
        height_m = now.state[:, 2]

        kept = watch.judge(now, found, height_m, height_m)

        fresh = Airspace(ORIGIN, zones, ())
        assert kept == fresh.judge(now, found, height_m, height_m)


@given(st.lists(st.floats(0.0, 3 * DAY_S), min_size=1, max_size=8).map(sorted))
@settings(deadline=None)
def test_words_are_those_that_would_be_said_anew(times_s: list[float]) -> None:
    until = msgspec.structs.replace(BAN, zone_id="until", periods=(Period(end_utc_ns=at_ns(3 * DAY_S)),))
    words = ZoneWords()
    for seconds, zone in product(times_s, (BAN, until)):
        assert words.say(zone, at_ns(seconds)) == say_zone(zone, at_ns(seconds))


@given(arrays(np.float64, st.tuples(st.integers(1, 6), st.just(1)), elements=st.floats(0.0, 1e6)))
def test_a_lone_flight_is_shared_out_by_its_odds(odds: FloatArray) -> None:
    # A second flight that nobody can be sends the same odds down the longer way.
    longer = exact_marginals(np.hstack((odds, np.zeros_like(odds))))

    np.testing.assert_array_equal(exact_marginals(odds)[:, 0], longer[:, 0])
