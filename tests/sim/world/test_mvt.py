from __future__ import annotations

import mapbox_vector_tile
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import IntArray
from skykeep.sim.world.mvt import EncodedFeature, encode_geometries, encode_tile


def commands_of(geometry: BaseGeometry) -> list[int]:
    """Return a geometry's commands, its coordinates being whole tile units."""
    scaled = shapely.transform(geometry, lambda xy: xy / 4096.0)
    dimension = int(shapely.get_dimensions(geometry))
    _, (commands,) = encode_geometries(np.array([scaled], dtype=object), dimension, np.zeros((1, 2)), 1.0)
    return commands


def test_the_specifications_point_and_line() -> None:
    # Examples of the Mapbox Vector Tile Specification 2.1, section 4.3.5.
    assert commands_of(Point(25, 17)) == [9, 50, 34]
    assert commands_of(LineString([(2, 2), (2, 10), (10, 10)])) == [9, 4, 4, 18, 0, 16, 16, 0]


def test_the_specifications_polygon() -> None:
    assert commands_of(Polygon([(3, 6), (8, 12), (20, 34)])) == [9, 6, 12, 18, 10, 12, 24, 44, 15]


def test_rings_are_turned_to_their_proper_sides() -> None:
    square = Polygon([(0, 0), (0, 10), (10, 10), (10, 0)], [[(2, 2), (8, 2), (8, 8), (2, 8)]])
    tile = encode_tile({"a": [EncodedFeature(3, commands_of(square), {})]})
    (feature,) = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})["a"]["features"]
    outer, hole = (np.array(ring) for ring in feature["geometry"]["coordinates"])
    assert signed_area(outer) == 100.0
    assert signed_area(hole) == -36.0


def signed_area(ring: IntArray) -> float:
    x, y = ring[:-1].T.astype(float)
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2.0)


def test_a_polygon_smaller_than_a_tile_unit_vanishes_with_its_hole() -> None:
    tiny = Polygon([(5.1, 5.1), (5.4, 5.1), (5.4, 5.4)])
    assert commands_of(tiny) == []
    both = MultiPolygon([tiny, Polygon([(0, 0), (10, 0), (10, 10)])])
    assert commands_of(both) == commands_of(Polygon([(0, 0), (10, 0), (10, 10)]))


tile_units = st.integers(-80, 4_176)


@given(st.lists(st.lists(st.tuples(tile_units, tile_units), min_size=2, max_size=9), min_size=1, max_size=4))
def test_an_independent_decoder_reads_back_every_line(lines: list[list[tuple[int, int]]]) -> None:
    geometry = shapely.MultiLineString(lines)
    commands = commands_of(geometry)
    distinct = [without_repeats(line) for line in lines]
    wanted = [line for line in distinct if len(line) > 1]
    if not wanted:
        assert commands == []
        return
    tile = encode_tile({"lines": [EncodedFeature(2, commands, {"n": 1, "x": 1.0, "s": "ü", "m": -3})]})
    (feature,) = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})["lines"]["features"]
    read = feature["geometry"]["coordinates"]
    read = [read] if feature["geometry"]["type"] == "LineString" else read
    assert [[tuple(corner) for corner in line] for line in read] == wanted
    assert feature["properties"] == {"n": 1, "x": 1.0, "s": "ü", "m": -3}


def without_repeats(line: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [corner for index, corner in enumerate(line) if index == 0 or corner != line[index - 1]]
