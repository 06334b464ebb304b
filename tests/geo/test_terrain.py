from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import Terrain, fall_m

places_m = st.floats(-400.0, 400.0)


def ridge() -> Terrain:
    """A plain at 0 m with one wall-like ridge, 100 m high, along east = 0."""
    heights_m = np.zeros((21, 21))
    heights_m[:, 10] = 100.0
    return Terrain(west_m=-500.0, south_m=-500.0, spacing_m=50.0, heights_m=heights_m)


def test_height_is_the_node_there_and_the_mean_halfway() -> None:
    terrain = ridge()
    assert terrain.height_m(0.0, 0.0) == 100.0
    assert terrain.height_m(25.0, 10.0) == pytest.approx(50.0)
    assert terrain.height_m(np.array([-500.0, 500.0]), np.array([-500.0, 500.0])).tolist() == [0.0, 0.0]
    assert (terrain.east_m, terrain.north_m) == (500.0, 500.0)


def test_beyond_the_grid_the_edge_goes_on_and_nan_stays_nan() -> None:
    terrain = ridge()
    assert terrain.height_m(0.0, 9_999.0) == 100.0
    assert np.isnan(terrain.height_m(np.nan, 0.0))


def test_the_ridge_hides_what_is_low_behind_it_and_nothing_above() -> None:
    sensor_enu_m = np.array([-300.0, 0.0, 10.0])
    targets_enu_m = np.array([[300.0, 0.0, 10.0], [300.0, 0.0, 300.0], [-100.0, 0.0, 10.0]])
    assert ridge().line_of_sight(sensor_enu_m, targets_enu_m).tolist() == [False, True, True]


def test_clearance_asks_for_air_beneath_the_line() -> None:
    sensor_enu_m, target_enu_m = np.array([-300.0, 0.0, 105.0]), np.array([300.0, 0.0, 105.0])
    assert ridge().line_of_sight(sensor_enu_m, target_enu_m).tolist() == [True]
    assert ridge().line_of_sight(sensor_enu_m, target_enu_m, clearance_m=10.0).tolist() == [False]


@given(places_m, places_m, places_m, places_m, st.floats(0.0, 150.0), st.floats(0.0, 150.0))
def test_sight_is_mutual(a: float, b: float, c: float, d: float, e: float, f: float) -> None:
    here, there = np.array([a, b, e + 0.01]), np.array([c, d, f + 0.02])
    assert ridge().line_of_sight(here, there).tolist() == ridge().line_of_sight(there, here).tolist()


def test_the_ground_falls_below_the_plane_as_the_ellipsoid_does() -> None:
    frame = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
    _, _, height_hae_m = frame.to_geodetic(np.array([6_000.0, 8_000.0, 0.0]))
    assert fall_m(6_000.0, 8_000.0) == pytest.approx(float(height_hae_m), abs=0.05)
    assert ridge().up_m(300.0, 400.0) == pytest.approx(-(500.0**2) / 2.0 / 6.371e6, rel=1e-3)


@given(places_m, places_m)
def test_a_tilted_plane_is_reproduced_exactly(east_m: float, north_m: float) -> None:
    north_grid_m, east_grid_m = np.meshgrid(
        np.arange(-400.0, 401.0, 40.0), np.arange(-400.0, 401.0, 40.0), indexing="ij"
    )
    plane = Terrain(
        west_m=-400.0, south_m=-400.0, spacing_m=40.0, heights_m=0.3 * east_grid_m - 0.1 * north_grid_m
    )
    assert plane.height_m(east_m, north_m) == pytest.approx(0.3 * east_m - 0.1 * north_m, abs=1e-9)


def test_a_grid_of_one_row_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 by 2"):
        Terrain(west_m=0.0, south_m=0.0, spacing_m=1.0, heights_m=np.zeros((1, 5)))
