"""Which zones hold which points: edges, holes, heights, and the plain way of asking."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from judged_scenes import BAN, START_UTC_NS
from skykeep.airspace.index import ZoneIndex
from skykeep.base.errors import SetupError
from skykeep.domain.airspace import HeightReference, Period, Zone

SQUARE = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0))
HOLE = ((40.0, 40.0), (60.0, 40.0), (60.0, 60.0), (40.0, 60.0))


def zone(zone_id: str = "z", **changes: object) -> Zone:
    base = msgspec.structs.replace(BAN, rings_enu_m=(SQUARE, HOLE), floor_m=10.0, ceiling_m=120.0)
    return msgspec.structs.replace(base, zone_id=zone_id, **changes)


def ask(index: ZoneIndex, points: list[tuple[float, float, float]], ground_m: float = 0.0) -> list[list[str]]:
    at = np.array(points)
    point, found = index.query(at, at[:, 2], at[:, 2] + ground_m, START_UTC_NS)
    return [[index.zones[z].zone_id for z in found[point == k].tolist()] for k in range(len(points))]


def test_edges_floor_and_ceiling_are_inside_and_the_hole_is_not() -> None:
    inside = [
        (0.0, 0.0, 50.0),
        (100.0, 50.0, 50.0),
        (20.0, 20.0, 10.0),
        (20.0, 20.0, 120.0),
        (40.0, 50.0, 50.0),
    ]
    outside = [(50.0, 50.0, 50.0), (100.1, 50.0, 50.0), (20.0, 20.0, 9.9), (20.0, 20.0, 120.1)]
    assert ask(ZoneIndex((zone(),)), inside) == [["z"]] * len(inside)
    assert ask(ZoneIndex((zone(),)), outside) == [[]] * len(outside)


def test_above_sea_and_above_ground_are_not_the_same() -> None:
    over_sea = ZoneIndex((zone(reference=HeightReference.AMSL),))
    assert ask(over_sea, [(20.0, 20.0, 50.0)], ground_m=100.0) == [[]]
    assert ask(ZoneIndex((zone(),)), [(20.0, 20.0, 50.0)], ground_m=100.0) == [["z"]]


def test_a_zone_that_begins_at_the_ground_has_no_gap_below_it() -> None:
    assert ask(ZoneIndex((zone(floor_m=0.0),)), [(20.0, 20.0, -3.0)]) == [["z"]]
    assert ask(ZoneIndex((zone(floor_m=0.5),)), [(20.0, 20.0, -3.0)]) == [[]]


def test_a_height_nobody_knows_is_inside() -> None:
    assert ask(ZoneIndex((zone(),)), [(20.0, 20.0, np.nan)]) == [["z"]]


def test_a_zone_out_of_its_time_is_not_there() -> None:
    over = zone(periods=(Period(end_utc_ns=START_UTC_NS - 1),))
    assert ask(ZoneIndex((over,)), [(20.0, 20.0, 50.0)]) == [[]]


def test_strictest_first_then_by_name() -> None:
    index = ZoneIndex((zone("b"), zone("a"), zone("strict", strictness=99)))
    assert ask(index, [(20.0, 20.0, 50.0)]) == [["strict", "a", "b"]]


def test_no_zones_and_no_points_are_no_trouble() -> None:
    assert ask(ZoneIndex(()), [(0.0, 0.0, 0.0)]) == [[]]
    point, found = ZoneIndex((zone(),)).query(np.zeros((0, 3)), np.zeros(0), np.zeros(0), START_UTC_NS)
    assert len(point) == len(found) == 0


def test_an_outline_without_area_is_refused() -> None:
    with pytest.raises(SetupError, match="zone z"):
        ZoneIndex((zone(rings_enu_m=(SQUARE[:2],)),))
    with pytest.raises(SetupError, match="no area"):
        ZoneIndex((zone(rings_enu_m=(((0.0, 0.0), (1.0, 1.0), (2.0, 2.0)),)),))


def test_a_ring_that_crosses_itself_keeps_both_its_halves() -> None:
    bow_tie = ((0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0))
    index = ZoneIndex((zone(rings_enu_m=(bow_tie,)),))
    assert ask(index, [(10.0, 50.0, 50.0), (90.0, 50.0, 50.0), (50.0, 10.0, 50.0)]) == [["z"], ["z"], []]


@given(st.integers(0, 10_000))
def test_the_same_as_asking_every_zone_in_turn(seed: int) -> None:
    dice = np.random.default_rng(seed)
    zones = []
    for k in range(12):
        turns = np.sort(dice.uniform(0.0, 2.0 * np.pi, 7))
        corners = dice.uniform(-500.0, 500.0, 2) + dice.uniform(50.0, 400.0) * np.stack(
            (np.cos(turns), np.sin(turns)), axis=1
        )
        reference = HeightReference.AGL if k % 2 else HeightReference.AMSL
        low_m = float(dice.uniform(0.0, 100.0))
        outer = tuple((float(x), float(y)) for x, y in corners)
        zones.append(
            zone(
                f"z{k:02d}",
                rings_enu_m=(outer,),
                floor_m=low_m,
                ceiling_m=low_m + 100.0,
                reference=reference,
                strictness=int(dice.integers(0, 4)),
            )
        )
    points = [
        (float(x), float(y), float(z)) for x, y, z in dice.uniform([-600, -600, 0], [600, 600, 200], (40, 3))
    ]
    expected = []
    for x, y, agl_m in points:
        held = [
            each
            for each in zones
            if shapely.Polygon(each.rings_enu_m[0]).intersects(shapely.Point(x, y))
            and each.floor_m
            <= (agl_m if each.reference is HeightReference.AGL else agl_m + 40.0)
            <= each.ceiling_m
        ]
        expected.append(
            [each.zone_id for each in sorted(held, key=lambda each: (-each.strictness, each.zone_id))]
        )
    assert ask(ZoneIndex(tuple(zones)), points, ground_m=40.0) == expected
