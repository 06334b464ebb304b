"""Whether a sensor ought to have seen it: sectors, ranges, and how fast doubt grows."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judged_scenes import FINDER, RADAR
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Sensor
from skykeep.identity.coverage import HIDDEN, is_covered, unseen_chance

EAST_SECTOR = msgspec.structs.replace(
    RADAR, azimuth_from_rad=np.radians(45.0), azimuth_to_rad=np.radians(135.0)
)
NORTH_SECTOR = msgspec.structs.replace(
    RADAR, azimuth_from_rad=np.radians(315.0), azimuth_to_rad=np.radians(405.0)
)
FLAT = msgspec.structs.replace(RADAR, elevation_min_rad=0.0, elevation_max_rad=np.radians(30.0))
NOT_NEAR = msgspec.structs.replace(RADAR, range_min_m=200.0)
ADS_B = msgspec.structs.replace(RADAR, independent=False)


@pytest.mark.parametrize(
    ("sensor", "place", "covered"),
    [
        (RADAR, (3000.0, 0.0, 80.0), True),
        (RADAR, (7100.0, 0.0, 80.0), False),
        (EAST_SECTOR, (3000.0, 0.0, 80.0), True),
        (EAST_SECTOR, (0.0, 3000.0, 80.0), False),
        (NORTH_SECTOR, (-500.0, 3000.0, 80.0), True),
        (NORTH_SECTOR, (500.0, 3000.0, 80.0), True),
        (NORTH_SECTOR, (0.0, -3000.0, 80.0), False),
        (FLAT, (1000.0, 0.0, 0.0), False),
        (FLAT, (100.0, 0.0, 500.0), False),
        (NOT_NEAR, (100.0, 0.0, 20.0), False),
        (ADS_B, (3000.0, 0.0, 80.0), False),
        (FINDER, (3000.0, 0.0, 80.0), False),
    ],
)
def test_who_covers_what(sensor: Sensor, place: Vector, covered: bool) -> None:
    assert is_covered((sensor,), place) is covered
    assert (unseen_chance((sensor,), place, 60.0) < 1.0) is covered


def test_at_the_rim_each_look_is_even_and_the_first_three_do_not_count() -> None:
    rim: Vector = (7000.0, 0.0, 10.0)
    assert unseen_chance((RADAR,), rim, 3.9) == 1.0
    assert unseen_chance((RADAR,), rim, 5.0) == pytest.approx(HIDDEN + (1.0 - HIDDEN) * 0.25)


@given(st.floats(200.0, 6900.0), st.floats(0.0, 100.0), st.floats(0.0, 30.0))
def test_doubt_grows_with_time_and_nearness_and_with_a_second_sensor(
    range_m: float, seconds: float, more_s: float
) -> None:
    here: Vector = (range_m, 0.0, 10.0)
    nearer: Vector = (range_m - 100.0, 0.0, 10.0)
    chance = unseen_chance((RADAR,), here, seconds)
    assert HIDDEN <= unseen_chance((RADAR,), here, seconds + more_s) <= chance <= 1.0
    assert unseen_chance((RADAR,), nearer, seconds) <= chance
    assert unseen_chance((RADAR, RADAR), here, seconds) <= chance
