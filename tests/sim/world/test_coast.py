from __future__ import annotations

import pytest
import shapely
from shapely.geometry import LineString, Point

from skykeep.sim.world.coast import sea_within

BOX = shapely.box(0.0, 0.0, 10.0, 10.0)


def test_water_is_to_the_right_of_the_coastline() -> None:
    northwards = LineString([(4.0, -1.0), (4.0, 11.0)])
    sea = sea_within([northwards], BOX)
    (water,) = sea.water
    assert water.equals(shapely.box(4.0, 0.0, 10.0, 10.0))
    assert (sea.open_ends, sea.contradicted_faces) == (0, 0)
    (other_side,) = sea_within([northwards.reverse()], BOX).water
    assert other_side.equals(shapely.box(0.0, 0.0, 4.0, 10.0))


def test_an_island_in_pieces_is_a_hole_in_the_sea() -> None:
    # Anticlockwise, so that land is to the left.
    first, second = LineString([(3, 3), (6, 3), (6, 6)]), LineString([(6, 6), (3, 6), (3, 3)])
    sea = sea_within([second, first], BOX)
    assert sum(water.area for water in sea.water) == pytest.approx(100.0 - 9.0)
    assert not any(water.contains(Point(4.5, 4.5)) for water in sea.water)


def test_a_coast_that_stops_short_is_led_on_and_counted() -> None:
    sea = sea_within([LineString([(4.0, -1.0), (4.0, 9.0)])], BOX)
    assert sea.open_ends == 1
    assert sum(water.area for water in sea.water) == pytest.approx(60.0)


def test_the_way_on_avoids_what_is_known_to_be_dry() -> None:
    road_to_the_north = LineString([(0.5, 9.5), (9.5, 9.5)])
    sea = sea_within([LineString([(4.0, -1.0), (4.0, 9.0)])], BOX, dry=[road_to_the_north])
    assert not any(water.intersects(road_to_the_north) for water in sea.water)


def test_two_coasts_that_disagree_are_counted() -> None:
    east_is_sea, west_is_sea = LineString([(2, -1), (2, 11)]), LineString([(8, 11), (8, -1)])
    assert sea_within([east_is_sea, west_is_sea], BOX).contradicted_faces == 0
    assert sea_within([east_is_sea, west_is_sea.reverse()], BOX).contradicted_faces == 1


def test_no_coastline_is_no_sea() -> None:
    assert sea_within([], BOX).water == ()
