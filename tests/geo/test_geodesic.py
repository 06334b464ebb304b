"""Shortest ways drawn as straight pieces: how far from the shortest way, and where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.geo.geodesic import WGS84, circle_ring_deg, densify, distance_m


def farthest_m(a: tuple[float, float], b: tuple[float, float], drawn: FloatArray) -> float:
    """Return how far straight pieces are from the geodesic, at many places of each piece."""
    worst = 0.0
    for (lon, lat), (next_lon, next_lat) in zip(drawn[:-1].tolist(), drawn[1:].tolist(), strict=True):
        step = (next_lon - lon + 180.0) % 360.0 - 180.0
        part = np.linspace(0.0, 1.0, 9)
        straight = np.stack((lon + part * step, lat + part * (next_lat - lat)), axis=1)
        # The geodesic between two of its own places is a piece of it.
        bearing, _, length_m = WGS84.inv(lon, lat, next_lon, next_lat)
        fine = np.linspace(0.0, length_m, 201)
        ones = np.ones(201)
        way = np.stack(WGS84.fwd(lon * ones, lat * ones, bearing * ones, fine)[:2], axis=1)
        for place in straight:
            away = distance_m(np.broadcast_to(place, way.shape), way)
            worst = max(worst, float(away.min()))
    return worst


def test_a_short_edge_is_left_as_it_is() -> None:
    ring = np.array([(10.0, 50.0), (10.01, 50.0), (10.01, 50.01)])
    assert densify(ring).tolist() == ring.tolist()


def test_an_edge_along_a_meridian_is_straight() -> None:
    ring = np.array([(10.0, 10.0), (10.0, 50.0)])
    assert np.ptp(densify(ring)[:, 0]) < 1e-9


def test_an_edge_along_a_parallel_bulges_polewards_as_far_as_geometry_says() -> None:
    drawn = densify(np.array([(0.0, 50.0), (20.0, 50.0), (10.0, 40.0)]))
    top = drawn[np.argmax(drawn[:, 1])]
    # On a sphere tan(top) = tan(50 degrees) / cos(10 degrees); the ellipsoid differs in the third decimal.
    assert top[1] == pytest.approx(
        np.degrees(np.arctan(np.tan(np.radians(50.0)) / np.cos(np.radians(10.0)))), abs=5e-3
    )
    assert top[0] == pytest.approx(10.0, abs=0.2)


@given(
    st.floats(-180.0, 180.0), st.floats(-80.0, 80.0), st.floats(0.0, 360.0), st.floats(1_000.0, 3_000_000.0)
)
def test_no_piece_is_a_metre_off(lon: float, lat: float, bearing: float, length_m: float) -> None:
    other_lon, other_lat, _ = WGS84.fwd(lon, lat, bearing, length_m)
    ring = np.array([(lon, lat), (other_lon, other_lat)])
    drawn = densify(ring)
    end = int(np.argmin(np.abs(drawn - ring[1]).sum(axis=1)))
    if max(abs(drawn[:, 1])) < 89.9:
        some = slice(0, min(end, 4) + 1)
        assert farthest_m((lon, lat), (other_lon, other_lat), drawn[some]) < 1.0
    # The corners added lie on the way, not beside it.
    along_m = distance_m(np.broadcast_to(ring[0], drawn.shape), drawn)
    left_m = distance_m(drawn, np.broadcast_to(ring[1], drawn.shape))
    assert np.abs(along_m + left_m - length_m).max() < 1e-3


def test_a_circle_s_corners_are_at_its_radius() -> None:
    ring = circle_ring_deg(10.0, 60.0, 300_000.0)
    centre = np.broadcast_to([10.0, 60.0], ring.shape)
    assert np.abs(distance_m(centre, ring) - 300_000.0).max() < 1e-6
    step_m = distance_m(ring, np.roll(ring, -1, axis=0)).max()
    # Between two corners the chord keeps within the circle by step^2 / 8 r.
    assert step_m**2 / (8.0 * 300_000.0) < 0.5
