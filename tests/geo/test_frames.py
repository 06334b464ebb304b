from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from skykeep.geo.frames import (
    SEMI_MAJOR_AXIS_M,
    SEMI_MINOR_AXIS_M,
    LocalFrame,
    ecef_to_geodetic,
    geodetic_to_ecef_m,
)

latitudes_deg = st.floats(-90.0, 90.0)
longitudes_deg = st.floats(-179.999, 179.999)
heights_m = st.floats(-10_000.0, 1_000_000.0)
offsets_m = st.floats(-100_000.0, 100_000.0)


def test_equator_at_greenwich_is_one_semi_major_axis_along_x() -> None:
    assert geodetic_to_ecef_m(0.0, 0.0, 0.0) == pytest.approx([SEMI_MAJOR_AXIS_M, 0.0, 0.0])


def test_north_pole_is_one_semi_minor_axis_along_z() -> None:
    assert geodetic_to_ecef_m(90.0, 0.0, 10.0) == pytest.approx(
        [0.0, 0.0, SEMI_MINOR_AXIS_M + 10.0], abs=1e-6
    )
    latitude_deg, _, height_hae_m = ecef_to_geodetic(np.array([0.0, 0.0, SEMI_MINOR_AXIS_M + 10.0]))
    assert latitude_deg == 90.0
    assert height_hae_m == pytest.approx(10.0, abs=1e-8)


def test_straight_up_from_the_origin_is_up_only() -> None:
    frame = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
    assert frame.to_enu_m(38.5, -40.0, 250.0) == pytest.approx([0.0, 0.0, 250.0], abs=1e-8)


def test_one_second_of_arc_east_on_the_equator_is_30_92_m() -> None:
    frame = LocalFrame(latitude_deg=0.0, longitude_deg=20.0, height_hae_m=0.0)
    east_m, north_m, up_m = frame.to_enu_m(0.0, 20.0 + 1.0 / 3600.0, 0.0)
    assert east_m == pytest.approx(2.0 * np.pi * SEMI_MAJOR_AXIS_M / 360.0 / 3600.0, abs=1e-4)
    assert north_m == 0.0
    assert up_m == pytest.approx(-(east_m**2) / (2.0 * SEMI_MAJOR_AXIS_M), rel=1e-3)


@given(latitudes_deg, longitudes_deg, offsets_m, offsets_m, st.floats(-1_000.0, 20_000.0))
def test_local_and_back_is_within_a_hundredth_of_a_millimetre(
    latitude_deg: float, longitude_deg: float, east_m: float, north_m: float, up_m: float
) -> None:
    frame = LocalFrame(latitude_deg=latitude_deg, longitude_deg=longitude_deg, height_hae_m=0.0)
    position_enu_m = np.array([east_m, north_m, up_m])
    assert frame.to_enu_m(*frame.to_geodetic(position_enu_m)) == pytest.approx(
        position_enu_m, abs=1e-5, rel=0.0
    )


@given(latitudes_deg, longitudes_deg, heights_m)
def test_agrees_with_proj_both_ways(latitude_deg: float, longitude_deg: float, height_hae_m: float) -> None:
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    truth_m = np.array(to_ecef.transform(longitude_deg, latitude_deg, height_hae_m))
    assert geodetic_to_ecef_m(latitude_deg, longitude_deg, height_hae_m) == pytest.approx(truth_m, abs=1e-6)
    back_latitude_deg, _, back_height_m = ecef_to_geodetic(truth_m)
    assert back_latitude_deg == pytest.approx(latitude_deg, abs=1e-10)
    assert back_height_m == pytest.approx(height_hae_m, abs=1e-5)


def test_local_frame_agrees_with_proj() -> None:
    frame = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=12.0)
    pipeline = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=cart +ellps=WGS84 "
        "+step +proj=topocentric +ellps=WGS84 +lon_0=-40 +lat_0=38.5 +h_0=12"
    )
    generator = np.random.default_rng(1)
    latitude_deg = 38.5 + generator.uniform(-0.8, 0.8, 200)
    longitude_deg = -40.0 + generator.uniform(-1.0, 1.0, 200)
    height_hae_m = generator.uniform(-50.0, 12_000.0, 200)
    truth_m = np.stack(pipeline.transform(longitude_deg, latitude_deg, height_hae_m, radians=False), axis=-1)
    assert np.abs(frame.to_enu_m(latitude_deg, longitude_deg, height_hae_m) - truth_m).max() < 1e-6


def test_a_place_alone_and_in_a_list_is_the_same_to_the_last_bit() -> None:
    frame = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
    many_enu_m = np.random.default_rng(2).uniform(-50_000.0, 50_000.0, (64, 3))
    together = frame.to_geodetic(many_enu_m)
    for row, one_enu_m in enumerate(many_enu_m):
        alone = frame.to_geodetic(one_enu_m)
        assert [float(part) for part in alone] == [float(part[row]) for part in together]


def test_a_velocity_is_turned_not_moved() -> None:
    frame = LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0)
    assert frame.velocity_to_ecef_mps(np.array([1.0, 2.0, 3.0])) == pytest.approx([3.0, 1.0, 2.0])
