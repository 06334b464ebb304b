from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from pmtiles.reader import MemorySource, Reader
from shapely.geometry import LineString, Point, box

from skykeep.sim.world import World, package
from skykeep.sim.world.mercator import from_enu, lonlat_deg, unit_square
from skykeep.sim.world.model import Feature, Layers
from skykeep.sim.world.tiles import MAX_ZOOM, MIN_ZOOM, said, shown, write_vector_tiles


def archive(data: bytes) -> Any:
    return Reader(MemorySource(data))  # type: ignore[no-untyped-call]


def read_tile(data: bytes, zoom: int, x: int, y: int) -> dict[str, Any]:
    tile = archive(data).get(zoom, x, y)
    decoded: dict[str, Any] = mapbox_vector_tile.decode(
        gzip.decompress(tile), default_options={"y_coord_down": True}
    )
    return decoded


def address_of(world: World, east_m: float, north_m: float, zoom: int) -> tuple[int, int, int]:
    x, y = from_enu(np.array([[east_m, north_m]]), world.origin)[0] * (1 << zoom)
    return zoom, int(x), int(y)


def test_the_unit_square_has_greenwich_on_the_equator_in_its_middle() -> None:
    assert unit_square(np.array([0.0]), np.array([0.0]))[0] == pytest.approx([0.5, 0.5])
    assert unit_square(np.array([180.0]), np.array([85.0511287798]))[0] == pytest.approx(
        [1.0, 0.0], abs=1e-10
    )
    places = np.array([[-40.0, 38.5], [7.4, 43.7], [24.9, 60.2]])
    assert lonlat_deg(unit_square(places[:, 0], places[:, 1])) == pytest.approx(places)


def test_a_square_over_four_tiles_is_cut_into_four(tmp_path: Path) -> None:
    size = 1.0 / (1 << MAX_ZOOM)
    corner = 16_384 * size
    layers: Layers = {
        "water": (
            Feature(
                box(corner - size / 4, corner - size / 4, corner + size / 4, corner + size / 4),
                {"kind": "lake"},
            ),
        )
    }
    path = tmp_path / "four.pmtiles"
    write_vector_tiles(
        layers,
        (corner - size / 2, corner - size / 2, corner + size / 2, corner + size / 2),
        path,
        name="four",
        attribution="us",
    )
    for x, y in ((16_383, 16_383), (16_384, 16_383), (16_383, 16_384), (16_384, 16_384)):
        (feature,) = read_tile(path.read_bytes(), MAX_ZOOM, x, y)["water"]["features"]
        corners = np.array(feature["geometry"]["coordinates"][0])
        # A quarter of the square and the margin of 80 units.
        assert np.ptp(corners, axis=0).tolist() == [1_024 + 80, 1_024 + 80]


@pytest.mark.parametrize(
    ("layer", "properties", "first_zoom"),
    [
        ("roads", {"class": "motorway"}, 9),
        ("roads", {"class": "secondary"}, 11),
        ("roads", {"class": "street"}, 13),
        ("roads", {"class": "path"}, 14),
        ("places", {"rank": 1}, 9),
        ("places", {"rank": 5}, 14),
        ("buildings", {"kind": "house"}, 13),
        ("walls", {"kind": "fortress"}, 11),
        ("walls", {"kind": "wall"}, 13),
        ("water", {"kind": "sea"}, 9),
        ("contours", {"height_m": 20}, 12),
    ],
)
def test_zooms_are_those_of_the_schema(
    layer: str, properties: dict[str, str | int | float], first_zoom: int
) -> None:
    zooms = [zoom for zoom in range(MIN_ZOOM, MAX_ZOOM + 1) if shown(layer, properties, zoom)]
    assert zooms == list(range(first_zoom, MAX_ZOOM + 1))


def test_street_names_come_when_there_is_room() -> None:
    assert said("roads", {"class": "street", "name": "A"}, 13) == {"class": "street"}
    assert said("roads", {"class": "street", "name": "A"}, 14) == {"class": "street", "name": "A"}
    assert said("roads", {"class": "primary", "name": "A"}, 12) == {"class": "primary", "name": "A"}


def test_the_world_in_tiles_is_the_world(world: World, tmp_path: Path) -> None:
    first, second = tmp_path / "first.pmtiles", tmp_path / "second.pmtiles"
    package.write_pmtiles(world, first)
    package.write_pmtiles(world, second)
    data = first.read_bytes()
    assert data == second.read_bytes()
    assert len(data) < 3_000_000
    reader = archive(data)
    assert reader.metadata()["attribution"] == package.WORLD_ATTRIBUTION
    residence = world.place("residence")
    tile = read_tile(data, *address_of(world, residence.east_m, residence.north_m, 15))
    names = {feature["properties"].get("name") for feature in tile["buildings"]["features"]}
    assert "The Residence" in names
    open_sea = read_tile(data, *address_of(world, 15_000.0, -15_000.0, 15))
    assert list(open_sea) == ["water"]
    in_town = read_tile(data, *address_of(world, -900.0, -350.0, 14))
    assert len(in_town["buildings"]["features"]) > 100
    assert {"landuse", "roads", "buildings", "places"} <= set(in_town)


def test_the_terrain_in_tiles_is_the_terrain(world: World, tmp_path: Path) -> None:
    path = tmp_path / "terrain.pmtiles"
    package.write_terrain_pmtiles(world, path)
    reader = archive(path.read_bytes())
    assert reader.metadata()["encoding"] == "terrarium"
    assert (reader.header()["min_zoom"], reader.header()["max_zoom"]) == (9, 13)
    png = reader.get(*address_of(world, 900.0, 7_000.0, 13))
    assert png[:4] == b"\x89PNG"


def test_tiles_are_built_once_and_a_spoilt_world_is_grown_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown: list[int] = []

    def grow(seed: int) -> World:
        grown.append(seed)
        return world

    monkeypatch.setattr(package, "build_world", grow)
    tiles = package.ensure_world_tiles(tmp_path / "cache", 7)
    assert package.ensure_world_tiles(tmp_path / "cache", 7) == tiles
    assert grown == [7]
    assert sorted(path.suffix for path in (tmp_path / "cache").iterdir()) == [
        ".msgpack",
        ".pmtiles",
        ".pmtiles",
    ]
    for path in (tmp_path / "cache").glob("*.msgpack"):
        path.write_bytes(b"half a fi")
    assert package.ensure_world(tmp_path / "cache", 7).name == world.name
    assert grown == [7, 7]


def test_a_line_that_only_touches_a_tiles_corner_does_no_harm(tmp_path: Path) -> None:
    size = 1.0 / (1 << MIN_ZOOM)
    layers: Layers = {
        "roads": (Feature(LineString([(0.5, 0.5), (0.5 + size, 0.5 + size)]), {"class": "motorway"}),),
        "places": (
            Feature(Point(0.5 + size / 2, 0.5 + size / 2), {"name": "P", "kind": "place", "rank": 1}),
        ),
    }
    path = tmp_path / "touch.pmtiles"
    assert (
        write_vector_tiles(
            layers, (0.5, 0.5, 0.5 + size / 2, 0.5 + size / 2), path, name="t", attribution="us"
        )
        > 0
    )
    assert set(read_tile(path.read_bytes(), MIN_ZOOM, 256, 256)) == {"places", "roads"}
