"""Many places' own axes at once: the rotations between east, north, up at each and the earth's axes.

Error: round-off; each is orthogonal to 1e-15 (tests/geo/test_turns.py, which compares with LocalFrame).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.geo.frames import LocalFrame


def turns_from_ecef(latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    """Return (n, 3, 3): the rows of each are its place's east, north and up in earth-centred axes."""
    sin_lat, cos_lat = np.sin(np.radians(latitude_deg)), np.cos(np.radians(latitude_deg))
    sin_lon, cos_lon = np.sin(np.radians(longitude_deg)), np.cos(np.radians(longitude_deg))
    turns: FloatArray = np.stack(
        [
            np.stack([-sin_lon, cos_lon, np.zeros_like(sin_lon)], axis=-1),
            np.stack([-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat], axis=-1),
            np.stack([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat], axis=-1),
        ],
        axis=-2,
    )
    return turns


def turns_to_own_place(frame: LocalFrame, latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    """Return (n, 3, 3) from the axes of `frame` to those of each place; transposed, they lead back."""
    turns: FloatArray = np.einsum(
        "nij,kj->nik", turns_from_ecef(latitude_deg, longitude_deg), frame.rotation_ecef_to_enu()
    )
    return turns
