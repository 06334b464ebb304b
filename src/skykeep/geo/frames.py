"""Geodetic, earth-centred and local east-north-up positions on WGS 84, and the way between them.

Angles are degrees at this boundary, because people, messages and maps speak degrees; lengths are metres.
Heights are above the ellipsoid (HAE). Positions are float64, shape (3,) for one place or (n, 3) for many:
x, y, z earth-centred (ECEF), or east, north, up (ENU) about an origin, up being the ellipsoid's normal there.
Error: under 0.01 mm there and back, from 10 km below the ellipsoid to 1,000 km above it and out to 100 km
from the origin (tests/geo/test_frames.py, which also compares with PROJ).
Derivation: forward, the definition of the ellipsoid. Back, Bowring's 1976 formula for the reduced latitude,
applied twice so that the answer is in closed form: once is off by up to 6 mm at 1,000 km of height.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray

FloatLike: TypeAlias = float | FloatArray

SEMI_MAJOR_AXIS_M = 6_378_137.0
FLATTENING = 1.0 / 298.257223563
SEMI_MINOR_AXIS_M = SEMI_MAJOR_AXIS_M * (1.0 - FLATTENING)
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
SECOND_ECCENTRICITY_SQUARED = ECCENTRICITY_SQUARED / (1.0 - ECCENTRICITY_SQUARED)


def geodetic_to_ecef_m(
    latitude_deg: FloatLike, longitude_deg: FloatLike, height_hae_m: FloatLike
) -> FloatArray:
    """Return earth-centred positions, shape (3,) when all three are single numbers, else (n, 3)."""
    latitude_rad = np.radians(np.asarray(latitude_deg, dtype=np.float64))
    longitude_rad = np.radians(np.asarray(longitude_deg, dtype=np.float64))
    height_m = np.asarray(height_hae_m, dtype=np.float64)
    sin_latitude = np.sin(latitude_rad)
    normal_radius_m = SEMI_MAJOR_AXIS_M / np.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_latitude**2)
    from_axis_m = (normal_radius_m + height_m) * np.cos(latitude_rad)
    x, y, z = np.broadcast_arrays(
        from_axis_m * np.cos(longitude_rad),
        from_axis_m * np.sin(longitude_rad),
        (normal_radius_m * (1.0 - ECCENTRICITY_SQUARED) + height_m) * sin_latitude,
    )
    return np.stack((x, y, z), axis=-1)


def ecef_to_geodetic(position_ecef_m: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return (latitude_deg, longitude_deg, height_hae_m); shaped as the input less its last axis."""
    position_ecef_m = np.asarray(position_ecef_m, dtype=np.float64)
    x, y, z = position_ecef_m[..., 0], position_ecef_m[..., 1], position_ecef_m[..., 2]
    from_axis_m = np.hypot(x, y)
    reduced_rad = np.arctan2(z * SEMI_MAJOR_AXIS_M, from_axis_m * SEMI_MINOR_AXIS_M)
    latitude_rad = _bowring_rad(from_axis_m, z, reduced_rad)
    reduced_rad = np.arctan2((1.0 - FLATTENING) * np.sin(latitude_rad), np.cos(latitude_rad))
    latitude_rad = _bowring_rad(from_axis_m, z, reduced_rad)
    sin_latitude = np.sin(latitude_rad)
    # This form of the height stays exact at the poles, where dividing by cos(latitude) would not.
    height_hae_m = (
        from_axis_m * np.cos(latitude_rad)
        + z * sin_latitude
        - SEMI_MAJOR_AXIS_M * np.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_latitude**2)
    )
    return np.degrees(latitude_rad), np.degrees(np.arctan2(y, x)), np.asarray(height_hae_m)


def _bowring_rad(from_axis_m: FloatArray, z_m: FloatArray, reduced_rad: FloatArray) -> FloatArray:
    latitude_rad: FloatArray = np.arctan2(
        z_m + SECOND_ECCENTRICITY_SQUARED * SEMI_MINOR_AXIS_M * np.sin(reduced_rad) ** 3,
        from_axis_m - ECCENTRICITY_SQUARED * SEMI_MAJOR_AXIS_M * np.cos(reduced_rad) ** 3,
    )
    return latitude_rad


class LocalFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A local east-north-up frame: where its origin is."""

    latitude_deg: float
    longitude_deg: float
    height_hae_m: float

    def rotation_ecef_to_enu(self) -> FloatArray:
        """Return the (3, 3) matrix whose rows are east, north and up in earth-centred axes."""
        sin_lat, cos_lat = _sin_cos(self.latitude_deg)
        sin_lon, cos_lon = _sin_cos(self.longitude_deg)
        return np.array(
            [
                [-sin_lon, cos_lon, 0.0],
                [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
                [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
            ]
        )

    def origin_ecef_m(self) -> FloatArray:
        """Return the origin in earth-centred axes, shape (3,)."""
        return geodetic_to_ecef_m(self.latitude_deg, self.longitude_deg, self.height_hae_m)

    def to_enu_m(
        self, latitude_deg: FloatLike, longitude_deg: FloatLike, height_hae_m: FloatLike
    ) -> FloatArray:
        """Return east, north, up: shape (3,) when all three are single numbers, else (n, 3)."""
        from_origin_m = geodetic_to_ecef_m(latitude_deg, longitude_deg, height_hae_m) - self.origin_ecef_m()
        return _rotate(self.rotation_ecef_to_enu(), from_origin_m)

    def to_geodetic(self, position_enu_m: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return (latitude_deg, longitude_deg, height_hae_m) of one (3,) or many (n, 3) positions."""
        enu_m = np.asarray(position_enu_m, dtype=np.float64)
        return ecef_to_geodetic(_rotate(self.rotation_ecef_to_enu().T, enu_m) + self.origin_ecef_m())

    def velocity_to_ecef_mps(self, velocity_enu_mps: FloatArray) -> FloatArray:
        """Return velocities turned, not moved, into earth-centred axes."""
        return _rotate(self.rotation_ecef_to_enu().T, np.asarray(velocity_enu_mps, dtype=np.float64))


def _sin_cos(angle_deg: float) -> tuple[float, float]:
    angle_rad = np.radians(angle_deg)
    return float(np.sin(angle_rad)), float(np.cos(angle_rad))


def _rotate(rotation: FloatArray, vectors: FloatArray) -> FloatArray:
    """Return `rotation @ v` for each row, summed in one fixed order.

    Not `vectors @ rotation.T`: a matrix product may sum in another order for one row than for many, and then
    a place alone and the same place in a list would differ in the last bit.
    """
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    turned: FloatArray = np.stack([row[0] * x + row[1] * y + row[2] * z for row in rotation], axis=-1)
    return turned
