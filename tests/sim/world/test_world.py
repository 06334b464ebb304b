from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.base.errors import DecodeError
from skykeep.geo.terrain import fall_m
from skykeep.sim.world import World, build_world, position_enu_m
from skykeep.sim.world.stored import world_from_bytes, world_to_bytes


def shapes(world: World, layer: str, **wanted: str) -> list[BaseGeometry]:
    return [
        feature.geometry
        for feature in world.layers[layer]
        if all(feature.properties.get(key) == value for key, value in wanted.items())
    ]


def land(world: World) -> BaseGeometry:
    return shapely.box(-11_000, -7_000, 11_000, 11_000).difference(
        shapely.union_all(shapes(world, "water", kind="sea"))
    )


def test_the_residence_stands_on_its_rock_above_the_harbour(world: World) -> None:
    residence = world.place("residence")
    assert residence.height_hae_m > 50.0
    assert world.place("vessamar_haven").height_hae_m == 0.0
    (wall,) = shapes(world, "walls", kind="fortress")
    (palace,) = shapes(world, "buildings", name="The Residence")
    assert shapely.Polygon(shapely.get_coordinates(wall)).contains(palace)


def test_sea_is_at_nought_and_land_above_it(world: World) -> None:
    inland = shapely.points(shapely.get_coordinates(shapely.centroid(shapes(world, "buildings"))))
    middles = shapely.get_coordinates(inland)
    assert world.terrain.height_m(middles[:, 0], middles[:, 1]).min() > 0.0
    assert world.terrain.height_m(-500.0, -2_250.0) == 0.0
    assert world.terrain.heights_m.min() == 0.0


def test_it_is_a_city_of_thousands_of_buildings_all_on_dry_land(world: World) -> None:
    buildings = shapes(world, "buildings")
    assert 1_500 <= len(buildings) <= 7_000
    dry = land(world).buffer(0.5)
    shapely.prepare(dry)
    assert np.all(shapely.contains(dry, buildings))
    assert np.all(shapely.is_valid(buildings))
    heights_m = [float(feature.properties["height_m"]) for feature in world.layers["buildings"]]
    assert min(heights_m) > 2.0
    assert 40.0 < max(heights_m) < 120.0


def test_no_building_stands_on_another_or_on_a_road(world: World) -> None:
    buildings = np.asarray(shapes(world, "buildings"), dtype=object)
    first, second = shapely.STRtree(buildings).query(buildings, predicate="intersects")
    pairs = first < second
    shared_m2 = shapely.area(shapely.intersection(buildings[first[pairs]], buildings[second[pairs]]))
    assert shared_m2.max(initial=0.0) < 1.0
    roads = np.asarray(
        [
            feature.geometry
            for feature in world.layers["roads"]
            if feature.properties["class"] not in {"rail", "service"}
        ],
        dtype=object,
    )
    on_road, _ = shapely.STRtree(buildings).query(roads, predicate="crosses")
    assert len(on_road) <= 0.005 * len(buildings)


def test_roads_cross_the_river_on_bridges_only(world: World) -> None:
    (river,) = shapes(world, "water", kind="river")
    decks = shapely.union_all(shapes(world, "bridges"))
    for feature in world.layers["roads"]:
        wet = feature.geometry.intersection(river)
        if wet.length > 0.1:
            assert feature.properties.get("bridge") == 1
            assert wet.difference(decks).length < 1.0


def test_the_runway_is_level_and_clear(world: World) -> None:
    (runway,) = shapes(world, "runway", kind="runway")
    corners = shapely.get_coordinates(runway)
    assert np.ptp(world.terrain.height_m(corners[:, 0], corners[:, 1])) < 1.0
    assert runway.area == pytest.approx(2_300.0 * 45.0, rel=1e-6)
    assert shapely.distance(runway, shapes(world, "buildings")).min() > 80.0


@pytest.mark.parametrize("site_id", ["radar_yarreth", "radar_eskelarro"])
def test_both_radars_see_the_air_over_the_residence(world: World, site_id: str) -> None:
    residence = position_enu_m(world.place("residence"))
    above = residence + np.array([[0.0, 0.0, 30.0], [600.0, 0.0, 60.0], [0.0, 900.0, 60.0]])
    assert world.terrain.line_of_sight(position_enu_m(world.sensor_site(site_id)), above).all()


def test_a_sites_place_in_the_frame_allows_for_the_fall_of_the_earth(world: World) -> None:
    site = world.sensor_site("adsb_airport")
    assert position_enu_m(site)[2] == pytest.approx(site.height_hae_m - fall_m(site.east_m, site.north_m))
    latitude_deg, longitude_deg, height_hae_m = world.origin.to_geodetic(position_enu_m(site))
    assert float(height_hae_m) == pytest.approx(site.height_hae_m, abs=0.05)
    assert (float(latitude_deg), float(longitude_deg)) == pytest.approx((38.4883, -39.9428), abs=0.0005)


def test_people_are_in_town_by_day_and_at_home_by_night(world: World) -> None:
    people = world.population
    assert 150_000 < people.persons_night.sum() < 500_000
    square = world.place("parade_square")
    row = int((square.north_m - people.south_m) // people.cell_m)
    column = int((square.east_m - people.west_m) // people.cell_m)
    near = np.s_[row - 3 : row + 4, column - 3 : column + 4]
    assert people.persons_day[near].sum() > 2.0 * people.persons_night[near].sum()
    row, column = (
        int((-2_250 - people.south_m) // people.cell_m),
        int((-500 - people.west_m) // people.cell_m),
    )
    assert people.persons_day[row, column] == 0.0


def test_an_unknown_place_is_told_which_there_are(world: World) -> None:
    with pytest.raises(KeyError, match="residence"):
        world.place("palace")


def test_a_kept_world_is_the_world(world: World) -> None:
    data = world_to_bytes(world)
    back = world_from_bytes(data)
    assert world_to_bytes(back) == data
    assert np.array_equal(back.terrain.heights_m, world.terrain.heights_m)
    assert back.layers["roads"][5].geometry.equals(world.layers["roads"][5].geometry)
    for spoilt in (b"", b"\x80", data[: len(data) // 2], data.replace(b"shapes", b"shades", 1)):
        with pytest.raises(DecodeError):
            world_from_bytes(spoilt)


@pytest.mark.slow
def test_the_same_seed_grows_the_same_bytes_in_another_process(world: World) -> None:
    script = (
        "import hashlib\n"
        "from skykeep.sim.world import build_world\n"
        "from skykeep.sim.world.stored import world_to_bytes\n"
        "print(hashlib.sha256(world_to_bytes(build_world(7))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    other = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert other.stdout.strip() == hashlib.sha256(world_to_bytes(world)).hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 5])
def test_other_seeds_grow_other_cities_with_the_same_landmarks(world: World, seed: int) -> None:
    other = build_world(seed)
    kept = {"residence", "airport", "stadium", "parade_square", "police_hq", "hospital"}
    assert kept <= {place.id for place in other.places}
    assert [site.id for site in other.sensor_sites] == [site.id for site in world.sensor_sites]
    assert other.place("residence").height_hae_m > 50.0
    assert not np.array_equal(other.terrain.heights_m, world.terrain.heights_m)
    sea = shapely.union_all(shapes(other, "water", kind="sea"))
    assert not shapely.intersects(sea, shapes(other, "buildings")).any()
