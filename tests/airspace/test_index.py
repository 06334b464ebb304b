"""Which zones hold which points: by hand, then against the plain way, then against PROJ."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from asked_zones import NOON_UTC_NS, SQUARE, WGS84, plainly_inside, square, volume, zone
from skykeep.airspace.arc_kernels import arc_m, on_ellipsoid_m
from skykeep.airspace.index import ZoneIndex
from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import SetupError
from skykeep.domain.zone import Circle, Edges, Hours, Period, Polygon, SunEvent, Zone

HOLE = ((10.05, 50.04), (10.15, 50.04), (10.15, 50.06), (10.05, 50.06))
NS_PER_HOUR = 3_600_000_000_000


def ask(
    zones: tuple[Zone, ...] | Zone | ZoneIndex,
    lon: float = 10.02,
    lat: float = 50.02,
    agl_m: float = 50.0,
    ground_m: float = 0.0,
    time_utc_ns: int = NOON_UTC_NS,
    geoid_m: float = 0.0,
) -> list[str]:
    """Ask for one, and make sure that asking for many says the same."""
    index = (
        ZoneIndex((zones,) if isinstance(zones, Zone) else zones)
        if not isinstance(zones, ZoneIndex)
        else zones
    )
    one = [each.zone_id for each in index.at(lon, lat, agl_m, ground_m, time_utc_ns, geoid_m)]
    lons, lats, agls_m, grounds_m = (np.full(2, value) for value in (lon, lat, agl_m, ground_m))
    point, found = index.query(lons, lats, agls_m, grounds_m, time_utc_ns, np.full(2, geoid_m))
    for k in range(2):
        assert [index.zones[z].zone_id for z in found[point == k].tolist()] == one
    return one


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (10.02, 50.02, True),
        (10.0, 50.05, True),  # on an edge
        (10.2, 50.1, True),  # on a corner
        (10.1, 50.0, True),
        (10.1, 50.1, True),
        (10.1, 50.05, False),  # in the hole
        (10.05, 50.05, True),  # on the hole's edge
        (10.15, 50.06, True),
        (9.9999, 50.05, False),
        (10.2001, 50.05, False),
        (10.1, 50.1001, False),
        (370.02, 50.02, True),
        (-349.98, 50.02, True),
    ],
)
def test_a_square_with_a_hole(lon: float, lat: float, inside: bool) -> None:
    assert ask(zone("z", volume(Polygon(rings=(SQUARE, HOLE)))), lon, lat) == ["z"] * inside


@pytest.mark.parametrize(
    ("floor", "ceiling", "agl_m", "ground_m", "inside"),
    [
        (None, 120, 120.0, 0.0, True),
        (None, 120, 120.001, 0.0, False),
        (30, 120, 30.0, 500.0, True),
        (30, 120, 29.999, 500.0, False),
        (None, (400, "FT"), 121.92, 0.0, True),
        (None, (400, "FT"), 121.93, 0.0, False),
        (None, (150, "M", "AMSL"), 50.0, 100.0, True),
        (None, (150, "M", "AMSL"), 50.0, 100.1, False),
        ((100, "M", "AMSL"), 60, 50.0, 50.0, True),
        ((100, "M", "AMSL"), 60, 50.0, 49.0, False),
        ((100, "M", "AMSL"), 60, 61.0, 50.0, False),
        (0, 120, -3.0, 0.0, True),
        (0.5, 120, -3.0, 0.0, False),
        ((0, "M", "AMSL"), 120, 2.0, -5.0, False),
        ((99_999, "FT"), (99_999, "FT"), 1e6, 0.0, True),
        ((99_999, "M"), (99_999, "M"), 0.0, 0.0, True),
        (None, None, 1e9, 0.0, True),
        (30, 120, math.nan, 0.0, True),
        (None, (150, "M", "AMSL"), 50.0, math.nan, True),
        (None, (150, "M", "AMSL"), math.nan, 500.0, True),
        (None, 40, 50.0, math.nan, False),
        (None, (10, "FL", "STD"), 304.8, 0.0, True),
        (None, (10, "FL", "STD"), 304.9, 0.0, False),
    ],
)
def test_floors_and_ceilings(
    floor: object, ceiling: object, agl_m: float, ground_m: float, inside: bool
) -> None:
    assert ask(square("z", floor, ceiling), agl_m=agl_m, ground_m=ground_m) == ["z"] * inside


def test_a_height_above_the_ellipsoid_needs_the_geoid() -> None:
    low = square("z", None, (150, "M", "HAE"))
    assert ask(low, agl_m=50.0, ground_m=60.0, geoid_m=40.0) == ["z"]
    assert ask(low, agl_m=50.0, ground_m=60.0, geoid_m=40.1) == []


def test_a_flight_level_sinks_with_the_pressure() -> None:
    above = square("z", (100, "FL", "STD"))
    # 10 hPa below standard: 83 m.
    sunk = ZoneIndex((above,), qnh_hpa=1003.25)
    assert ask(ZoneIndex((above,)), agl_m=3047.0) == []
    assert ask(sunk, agl_m=3048.0 - 83.0) == ["z"]
    assert ask(sunk, agl_m=3048.0 - 85.0) == []
    with pytest.raises(SetupError, match=r"QNH 29\.92"):
        ZoneIndex((above,), qnh_hpa=29.92)


def test_any_volume_will_do_and_a_zone_is_named_once() -> None:
    two = zone(
        "z", volume(Polygon(rings=(SQUARE,)), None, 20), volume(Polygon(rings=(SQUARE,)), 40, 60),
        volume(Circle(longitude_deg=10.02, latitude_deg=50.02, radius_m=500.0), None, 60),
    )  # fmt: skip
    assert ask(two, agl_m=50.0) == ["z"]
    assert ask(two, lon=10.19, agl_m=30.0) == []
    assert ask(zone("none")) == []


def test_strictest_first_then_by_name() -> None:
    zones = (square("b", strictness=5), square("a", strictness=5), square("strict", strictness=99))
    assert ask(zones) == ["strict", "a", "b"]


def test_periods_are_or_ed_and_their_ends_are_inside() -> None:
    first = Period(start_utc_ns=NOON_UTC_NS - 5, end_utc_ns=NOON_UTC_NS)
    later = Period(start_utc_ns=NOON_UTC_NS + 100, hours=(Hours(weekdays=(2,), from_s=43_200, to_s=43_201),))
    index = ZoneIndex((square(periods=(first, later)),))
    held = [
        ask(index, time_utc_ns=NOON_UTC_NS + step) == ["z"]
        for step in (-6, -5, 0, 1, 99, 100, 10**9, 10**9 + 1)
    ]
    assert held == [False, True, True, False, False, True, True, False]


def test_permanent_means_always_whatever_dates_stand_beside_it() -> None:
    over = Period(permanent=True, end_utc_ns=0, hours=(Hours(weekdays=(0,), from_s=0, to_s=1),))
    assert ask(square(periods=(over,))) == ["z"]


def test_hours_by_a_far_clock_and_by_the_sun_are_asked_for_one_and_for_many() -> None:
    # Noon in Greenwich is 08:00 on the American east coast in summer, and the sun is up over the square.
    far = Period(hours=(Hours(from_s=8 * 3600, to_s=9 * 3600),), time_zone="America/New_York")
    day = Period(hours=(Hours(from_event=SunEvent.SR, to_event=SunEvent.SS),))
    night = Period(hours=(Hours(from_event=SunEvent.SS, to_event=SunEvent.SR),))
    zones = (square("day", periods=(day,)), square("far", periods=(far,)), square("night", periods=(night,)))
    index = ZoneIndex(zones)
    assert ask(index) == ["day", "far"]
    assert ask(index, time_utc_ns=NOON_UTC_NS + 2 * NS_PER_HOUR) == ["day"]
    assert ask(index, time_utc_ns=NOON_UTC_NS + 11 * NS_PER_HOUR) == ["night"]


def test_points_may_each_have_a_time_of_their_own() -> None:
    index = ZoneIndex((square(periods=(Period(end_utc_ns=NOON_UTC_NS),)),))
    times = np.array([NOON_UTC_NS, NOON_UTC_NS + 1, NOON_UTC_NS - 1])
    point, _ = index.query(np.full(3, 10.02), np.full(3, 50.02), np.full(3, 5.0), np.zeros(3), times)
    assert point.tolist() == [0, 2]


ACROSS = (
    ((179.0, 50.0), (-179.0, 50.0), (-179.0, 51.0), (179.0, 51.0)),
    ((179.0, 50.0), (181.0, 50.0), (181.0, 51.0), (179.0, 51.0)),
    ((-181.0, 50.0), (-179.0, 50.0), (-179.0, 51.0), (-181.0, 51.0)),
    ((539.0, 50.0), (541.0, 50.0), (541.0, 51.0), (539.0, 51.0)),
)


@pytest.mark.parametrize("ring", ACROSS)
def test_a_ring_over_the_antimeridian(ring: tuple[tuple[float, float], ...]) -> None:
    hole = ((-179.5, 50.4), (-179.4, 50.4), (-179.4, 50.6), (-179.5, 50.6))
    across = ZoneIndex((zone("z", volume(Polygon(rings=(ring, hole)))),))
    for lon in (179.0, 179.5, 180.0, -180.0, -179.6, -179.0, 181.0):
        assert ask(across, lon, 50.5) == ["z"], lon
    for lon in (178.99, -178.99, 0.0, -179.45):
        assert ask(across, lon, 50.5) == [], lon


@pytest.mark.parametrize("edges", Edges)
def test_a_ring_round_a_pole(edges: Edges) -> None:
    round_it = tuple((lon, 70.0) for lon in range(-180, 180, 10))
    south = tuple((lon, -lat) for lon, lat in reversed(round_it))
    caps = (
        zone("north", volume(Polygon(rings=(round_it,), edges=edges))),
        zone("south", volume(Polygon(rings=(south,), edges=edges))),
    )
    for lon in (-180.0, -175.0, 0.0, 5.0, 179.9):
        assert ask(caps, lon, 71.0) == ["north"]
        assert ask(caps, lon, 90.0) == ["north"]
        assert ask(caps, lon, -85.0) == ["south"]
        assert ask(caps, lon, 69.9) == []


def test_a_band_around_the_earth_is_a_band() -> None:
    band = ((-180.0, 10.0), (180.0, 10.0), (180.0, 20.0), (-180.0, 20.0))
    for lon in (-180.0, -90.0, 0.0, 180.0):
        assert ask(zone("z", volume(Polygon(rings=(band,)))), lon, 15.0) == ["z"]
        assert ask(zone("z", volume(Polygon(rings=(band,)))), lon, 25.0) == []


def test_a_ring_that_crosses_itself_holds_all_it_goes_round() -> None:
    bow_tie = ((10.0, 50.0), (10.2, 50.1), (10.2, 50.0), (10.0, 50.1))
    tie = zone("z", volume(Polygon(rings=(bow_tie,))))
    assert [ask(tie, lon, 50.05) for lon in (10.01, 10.19)] == [["z"], ["z"]]
    assert ask(tie, 10.1, 50.01) == []
    # A star drawn in one stroke goes twice round its middle.
    star = tuple(
        (10.0 + 0.1 * math.sin(4.0 * math.pi * k / 5.0), 50.0 + 0.1 * math.cos(4.0 * math.pi * k / 5.0))
        for k in range(5)
    )
    assert ask(zone("z", volume(Polygon(rings=(star,)))), 10.0, 50.0) == ["z"]
    # The same star as a hole leaves its middle in the zone.
    wide = ((9.0, 49.0), (11.0, 49.0), (11.0, 51.0), (9.0, 51.0))
    assert ask(zone("z", volume(Polygon(rings=(wide, star)))), 10.0, 50.0) == ["z"]
    assert ask(zone("z", volume(Polygon(rings=(wide, star)))), 10.0, 50.08) == []


def test_repeated_corners_spikes_and_outlines_without_area() -> None:
    odd = (*SQUARE[:2], SQUARE[1], (10.3, 50.0), SQUARE[1], *SQUARE[2:], SQUARE[0], SQUARE[0])
    spiked = zone("z", volume(Polygon(rings=(odd,))))
    assert [ask(spiked, lon, 50.0) for lon in (10.1, 10.25, 10.31)] == [["z"], ["z"], []]
    assert ask(spiked, 10.19, 50.05) == ["z"]
    line = zone("z", volume(Polygon(rings=(((10.0, 50.0), (10.2, 50.1)),))))
    assert ask(line, 10.1, 50.05) == ["z"]
    assert ask(line, 10.1, 50.0501) == []
    assert ask(zone("z", volume(Polygon(rings=(((10.0, 50.0),),)))), 10.0, 50.0) == ["z"]


@pytest.mark.parametrize(
    ("outline", "says"),
    [
        (Polygon(rings=()), "zone bad: a ring without corners"),
        (Polygon(rings=((),)), "zone bad: a ring without corners"),
        (Polygon(rings=(((math.nan, 50.0), (1.0, 1.0), (2.0, 2.0)),)), "zone bad: a corner \\(nan"),
        (Polygon(rings=(((1e308, 50.0), (1.0, 1.0), (2.0, 2.0)),)), "zone bad: a corner \\(1e"),
        (Polygon(rings=(((10.0, 91.0), (1.0, 1.0), (2.0, 2.0)),)), "latitude of 91"),
        (Circle(longitude_deg=10.0, latitude_deg=50.0, radius_m=-1.0), "radius of -1"),
        (Circle(longitude_deg=10.0, latitude_deg=50.0, radius_m=math.inf), "radius of inf"),
        (Circle(longitude_deg=math.nan, latitude_deg=50.0, radius_m=5.0), "centre \\(nan"),
    ],
)
def test_what_is_no_outline_is_refused_by_name(outline: Polygon | Circle, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        ZoneIndex((square("good"), zone("bad", volume(outline))))


def test_no_zones_and_no_points_are_no_trouble() -> None:
    assert ask(()) == []
    none = np.zeros(0)
    point, found = ZoneIndex((square(),)).query(none, none, none, none, NOON_UTC_NS)
    assert len(point) == len(found) == 0


def test_a_place_must_be_known() -> None:
    index = ZoneIndex((square(),))
    for lon, lat in ((math.nan, 50.0), (10.0, math.nan), (math.inf, 50.0)):
        with pytest.raises(ValueError, match="no place"):
            index.at(lon, lat, 5.0, 0.0, NOON_UTC_NS)
        with pytest.raises(ValueError, match="without a place"):
            index.query(np.array([lon]), np.array([lat]), np.zeros(1), np.zeros(1), NOON_UTC_NS)


def test_very_many_points_come_back_in_their_order() -> None:
    dice = np.random.default_rng(5)
    zones = tuple(random_zones(dice, 20))
    points = dice.uniform([9.8, 49.85, -10.0, 0.0], [10.4, 50.25, 250.0, 80.0], (9_000, 4))
    point, found = query(ZoneIndex(zones), points)
    parts = [query(ZoneIndex(zones), points[k : k + 3_000]) for k in range(0, 9_000, 3_000)]
    assert point.tolist() == [k + 3_000 * p for p, (some, _) in enumerate(parts) for k in some.tolist()]
    assert found.tolist() == [z for _, some in parts for z in some.tolist()]


def test_many_zones_at_one_place_are_all_found() -> None:
    zones = tuple(square(f"z{k:03d}", strictness=k % 7) for k in range(300))
    said = [each.zone_id for each in sorted(zones, key=lambda z: (-z.strictness, z.zone_id))]
    assert ask(zones) == said


def test_a_circle_with_the_antimeridian_or_a_pole_in_it() -> None:
    for lon, lat in ((179.99, 10.0), (-179.99, -10.0), (40.0, 89.99), (0.0, -90.0), (500.0, 0.0)):
        circle = ZoneIndex((zone("z", volume(Circle(longitude_deg=lon, latitude_deg=lat, radius_m=5000.0))),))
        for bearing in range(0, 360, 15):
            for away_m, inside in ((4999.99, True), (5000.01, False)):
                at_lon, at_lat, _ = WGS84.fwd(lon, lat, bearing, away_m)
                assert ask(circle, at_lon, at_lat) == ["z"] * inside, (lon, lat, bearing, away_m)


@given(st.floats(-180.0, 180.0), st.floats(-89.9, 89.9), st.floats(0.0, 360.0), st.floats(0.1, 100_000.0))
def test_a_circle_is_exact_to_a_centimetre(lon: float, lat: float, bearing: float, radius_m: float) -> None:
    at_lon, at_lat, _ = WGS84.fwd(lon, lat, bearing, radius_m)
    found_m = arc_m(on_ellipsoid_m(lon, lat), on_ellipsoid_m(at_lon, at_lat))
    assert abs(found_m - radius_m) < 0.003 + 1e-12


@pytest.mark.parametrize("radius_m", [150_000.0, 2_000_000.0])
def test_a_wide_circle_is_within_a_metre(radius_m: float) -> None:
    for lon, lat in ((10.0, 50.0), (175.0, -20.0), (0.0, 85.0)):
        wide = ZoneIndex((zone("z", volume(Circle(longitude_deg=lon, latitude_deg=lat, radius_m=radius_m))),))
        for bearing in np.arange(0.0, 360.0, 7.3).tolist():
            for off_m in (-1.0, 1.0):
                at_lon, at_lat, _ = WGS84.fwd(lon, lat, bearing, radius_m + off_m)
                assert ask(wide, at_lon, at_lat) == ["z"] * (off_m < 0.0), (lon, bearing, off_m)


def test_a_geodesic_edge_bulges_towards_the_pole() -> None:
    ring = ((0.0, 50.0), (20.0, 50.0), (20.0, 45.0), (0.0, 45.0))
    bent = zone("bent", volume(Polygon(rings=(ring,), edges=Edges.GEODESIC)))
    straight = zone("straight", volume(Polygon(rings=(ring,))))
    assert ask((bent, straight), 10.0, 50.3) == ["bent"]
    assert ask((bent, straight), 10.0, 45.1) == ["straight"]
    bearing, _, length_m = WGS84.inv(0.0, 50.0, 20.0, 50.0)
    for part in (0.1, 0.37, 0.5, 0.9):
        lon, lat, _ = WGS84.fwd(0.0, 50.0, bearing, part * length_m)
        assert ask(bent, lon, lat - 1e-5) == ["bent"]
        assert ask(bent, lon, lat + 1e-5) == []


def query(index: ZoneIndex, points: FloatArray) -> tuple[IntArray, IntArray]:
    return index.query(points[:, 0], points[:, 1], points[:, 2], points[:, 3], NOON_UTC_NS)


def random_zones(dice: np.random.Generator, count: int) -> list[Zone]:
    zones = []
    for k in range(count):
        lon, lat = dice.uniform(9.9, 10.3), dice.uniform(49.95, 50.15)
        volumes = []
        for _ in range(int(dice.integers(1, 3))):
            low = float(dice.uniform(0.0, 100.0))
            limits = [(low, str(dice.choice(["M", "FT"])), str(dice.choice(["AGL", "AMSL"]))),
                      (low + 100.0, "M", str(dice.choice(["AGL", "AMSL"])))]  # fmt: skip
            if dice.random() < 0.3:
                outline: Polygon | Circle = Circle(
                    longitude_deg=float(lon), latitude_deg=float(lat), radius_m=float(dice.uniform(500, 9000))
                )
            else:
                rings = []
                corners = int(dice.choice([4, 9, 60]))
                turns = np.sort(dice.uniform(0.0, 2.0 * np.pi, corners))
                for size in (0.1, 0.02)[: int(dice.integers(1, 3))]:
                    away = size * dice.uniform(0.7, 1.0, corners)
                    ring = np.stack((lon + away * np.cos(turns), lat + away * np.sin(turns)), axis=1)
                    rings.append(tuple((float(x), float(y)) for x, y in ring))
                outline = Polygon(rings=tuple(rings))
                if not shapely.Polygon(rings[0], rings[1:]).is_valid:
                    outline = Polygon(rings=(rings[0],))
            volumes.append(volume(outline, *limits))
        zones.append(zone(f"z{k:03d}", *volumes, strictness=int(dice.integers(0, 4))))
    return zones


@given(st.integers(0, 10_000))
def test_the_same_as_asking_every_zone_in_turn(seed: int) -> None:
    dice = np.random.default_rng(seed)
    zones = random_zones(dice, 30)
    index = ZoneIndex(tuple(zones))
    points = dice.uniform([9.8, 49.85, -10.0, 0.0], [10.4, 50.25, 250.0, 80.0], (40, 4)).tolist()
    points += [(*corner, 50.0, 0.0) for corner in zones[0].volumes[0].outline.rings[0]] if isinstance(
        zones[0].volumes[0].outline, Polygon) else []  # fmt: skip
    for lon, lat, agl_m, ground_m in points:
        held = [
            each for each in zones if any(plainly_inside(v, lon, lat, agl_m, ground_m) for v in each.volumes)
        ]
        expected = [each.zone_id for each in sorted(held, key=lambda z: (-z.strictness, z.zone_id))]
        assert [each.zone_id for each in index.at(lon, lat, agl_m, ground_m, NOON_UTC_NS)] == expected
    point, found = query(index, np.array(points))
    for k, (lon, lat, agl_m, ground_m) in enumerate(points):
        one = index.at(lon, lat, agl_m, ground_m, NOON_UTC_NS)
        assert [index.zones[z] for z in found[point == k].tolist()] == one


@given(st.integers(0, 10_000))
def test_a_changed_index_is_one_made_anew(seed: int) -> None:
    dice = np.random.default_rng(seed)
    known = {each.zone_id: each for each in random_zones(dice, 12)}
    index = ZoneIndex(tuple(known.values()))
    for _ in range(4):
        put = {each.zone_id: each for each in random_zones(dice, int(dice.integers(0, 16)))}
        gone = frozenset(f"z{k:03d}" for k in dice.integers(0, 20, 3).tolist())
        known = {name: each for name, each in known.items() if name not in gone} | put
        index, anew = index.changed(tuple(put.values()), gone), ZoneIndex(tuple(known.values()))
        assert index.zones == anew.zones
        assert index.strictness.tolist() == anew.strictness.tolist()
        points = dice.uniform([9.8, 49.85, -10.0, 0.0], [10.4, 50.25, 250.0, 80.0], (60, 4))
        for one, other in zip(query(index, points), query(anew, points), strict=True):
            assert one.tolist() == other.tolist()
        for lon, lat, agl_m, ground_m in points.tolist():
            there = anew.at(lon, lat, agl_m, ground_m, NOON_UTC_NS)
            assert index.at(lon, lat, agl_m, ground_m, NOON_UTC_NS) == there


def test_very_many_changes_are_laid_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skykeep.airspace.index._MOST_BESIDE", 5)
    index = ZoneIndex(tuple(square(f"a{k}") for k in range(3)))
    for k in range(9):
        index = index.changed((square(f"b{k}"),), frozenset({"a1"}))
    assert ask(index) == ["a0", "a2", *(f"b{k}" for k in range(9))]
