"""Axes of many places at once: each as the frame of that place alone has them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skykeep.geo.frames import LocalFrame
from skykeep.geo.turns import turns_from_ecef, turns_to_own_place

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(st.lists(places, min_size=1, max_size=4))
def test_each_is_that_of_its_own_frame(found: list[tuple[float, float]]) -> None:
    latitude_deg, longitude_deg = np.array(found).T
    for turn, (lat, lon) in zip(turns_from_ecef(latitude_deg, longitude_deg), found, strict=True):
        own = LocalFrame(latitude_deg=lat, longitude_deg=lon, height_hae_m=0.0)
        assert np.allclose(turn, own.rotation_ecef_to_enu(), atol=1e-15)
        assert np.allclose(turn @ turn.T, np.eye(3), atol=1e-15)


def test_at_the_origin_nothing_turns() -> None:
    frame = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
    assert np.allclose(turns_to_own_place(frame, np.array([38.5]), np.array([-40.0])), np.eye(3))
