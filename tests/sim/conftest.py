"""A small world for the simulator's tests: flat land, a hill, and the places that `the-night` names."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import Terrain
from skykeep.sim import Scenario, load_scenario
from skykeep.sim.world.model import Place, PopulationGrid, SensorSite, World


def small_world() -> World:
    """Return land at 5 m with one hill of 200 m, 28 km across."""
    axis_m = np.arange(-14_000.0, 14_001.0, 100.0)
    east_m, north_m = np.meshgrid(axis_m, axis_m)
    hill_m = 200.0 * np.exp(-(((east_m + 4_900.0) / 900.0) ** 2) - ((north_m - 1_000.0) / 900.0) ** 2)
    terrain = Terrain(west_m=-14_000.0, south_m=-14_000.0, spacing_m=100.0, heights_m=5.0 + hill_m)

    def place(place_id: str, east_m: float, north_m: float) -> Place:
        height_m = float(terrain.height_m(east_m, north_m))
        return Place(
            id=place_id,
            name=place_id,
            kind="place",
            rank=1,
            east_m=east_m,
            north_m=north_m,
            height_hae_m=height_m,
        )

    def site(site_id: str, kind: str, east_m: float, north_m: float, mast_m: float) -> SensorSite:
        height_m = float(terrain.height_m(east_m, north_m)) + mast_m
        return SensorSite(
            id=site_id,
            name=site_id,
            kind=kind,
            east_m=east_m,
            north_m=north_m,
            height_hae_m=height_m,
            mast_m=mast_m,
        )

    return World(
        seed=0,
        name="Flatland",
        origin=LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0),
        layers={},
        terrain=terrain,
        population=PopulationGrid(
            west_m=-5_000.0,
            south_m=-5_000.0,
            cell_m=1_000.0,
            persons_day=np.full((10, 10), 200.0),
            persons_night=np.full((10, 10), 100.0),
        ),
        places=(
            place("residence", -1_470.0, -1_640.0),
            place("parade_square", -620.0, 1_230.0),
            place("airport", 5_150.0, -1_600.0),
            place("stadium", 1_950.0, 1_850.0),
            place("vessamar", -500.0, 250.0),
        ),
        sensor_sites=(
            site("radar_yarreth", "radar", -4_700.0, 900.0, 12.0),
            site("rf_hospital", "rf_direction_finder", -1_750.0, 2_000.0, 40.0),
            site("rid_police", "remote_id", -1_060.0, 1_270.0, 30.0),
            site("rid_residence", "remote_id", -1_390.0, -1_620.0, 27.0),
            site("camera_tower", "camera", -1_428.0, -1_698.0, 49.0),
            site("adsb_airport", "adsb", 4_990.0, -1_300.0, 50.0),
        ),
    )


@pytest.fixture(scope="session")
def world() -> World:
    return small_world()


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return load_scenario("the-night")


@pytest.fixture(scope="session")
def quiet_scenario(scenario: Scenario) -> Scenario:
    """The scenario with residents for its only sensors: what effects do needs nobody to look."""
    return msgspec.structs.replace(
        scenario,
        radars=(),
        direction_finders=(),
        cameras=(),
        remote_id_receivers=(),
        adsb_receivers=(),
    )
