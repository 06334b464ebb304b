"""COURAGEOUS locations as what a sensor of ours measured, in the site's frame.

| location | row |
|---|---|
| `BearingElevationDistance` | range, azimuth, elevation; a position where the system stood elsewhere |
| `BearingElevation`, `Bearing` | azimuth and elevation; azimuth |
| `Arc`, `Quad` | azimuth of the middle; its sigma is that of any place within, width / sqrt(12) |
| `Position3d`, `Position2d` | position; a flat one is taken to be `FLAT_HEIGHT_M` above the system |

The format says nothing about accuracy: the sensor's own `sigma` counts where it measures this kind, else the
defaults here, which are ours and wide. Directions are told in the system's own east, north and up and are
turned into the site's. Bearings from where the configured sensor does not stand cannot be used.
"""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.place import Vector
from skykeep.domain.sensing import MeasurementKind, Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.wire import courageous as c

RANGE_SIGMA_M, ANGLE_SIGMA_RAD = 25.0, float(np.radians(2.0))
POSITION_SIGMA_M = (15.0, 15.0, 25.0)
# Where only a flat position is told: the middle of the 120 m that open-category drones may fly in
# (Regulation (EU) 2019/947), and as much again for those who do not keep to it.
FLAT_HEIGHT_M, FLAT_HEIGHT_SIGMA_M = 60.0, 60.0
SAME_PLACE_M = 50.0
BEAM_RAD = float(np.radians(0.5))
WIDEST_ARC_DEG = 180.0
_QUADRANT_DEG = {
    c.Quadrant.NORTH: 0.0,
    c.Quadrant.EAST: 90.0,
    c.Quadrant.SOUTH: 180.0,
    c.Quadrant.WEST: 270.0,
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement, and the azimuth that was looked along with how far to each side."""

    kind: MeasurementKind
    measured: tuple[float, ...]
    sigma: tuple[float, ...]
    along_rad: float
    half_width_rad: float


class Placing:
    """Where things are in the site's frame, as seen by one sensor of ours. `geoid_m` is how high EGM96 sea
    level lies above the ellipsoid there.
    """

    def __init__(self, sensor: Sensor, frame: LocalFrame, geoid_m: float) -> None:
        self._sensor = sensor
        self._frame = frame
        self._geoid_m = geoid_m

    def row(self, location: c.Location, system: c.Place) -> Row:
        """Return a location as a measurement; InputError where it can be none."""
        match location:
            case c.Position3d() | c.Position2d():
                place_m, sigma_m = self.place(location, system)
                return self._position(place_m, sigma_m)
            case c.BearingElevationDistance():
                return self._ranged(location, system)
            case c.BearingElevation():
                kind = MeasurementKind.AZIMUTH_ELEVATION
                angles = self._angles(location.bearing_deg, location.elevation_deg, system)
                return _sight(kind, angles, self._sigma(kind, (ANGLE_SIGMA_RAD, ANGLE_SIGMA_RAD)))
            case c.Bearing():
                sigma = self._sigma(MeasurementKind.AZIMUTH, (ANGLE_SIGMA_RAD,))
                return self._flat_sight(location.bearing_deg, sigma, system)
            case c.Arc():
                width_deg = (location.to_deg - location.from_deg) % 360.0
                if not 0.0 < width_deg <= WIDEST_ARC_DEG:
                    found = f"an arc {width_deg:g} degrees wide"
                    raise InputError("location", found, f"over 0 and up to {WIDEST_ARC_DEG:g} degrees wide")
                return self._flat_sight(location.from_deg + width_deg / 2.0, _within(width_deg), system)
            case c.Quad():
                return self._flat_sight(_QUADRANT_DEG[location.quad], _within(90.0), system)

    def place(self, location: c.Position3d | c.Position2d, system: c.Place) -> tuple[FloatArray, Vector]:
        """Return a position (3,) and its sigmas."""
        east, north, up = self._sigma(MeasurementKind.POSITION, POSITION_SIGMA_M)
        if isinstance(location, c.Position2d):
            height_m, up = system.height_amsl_m + FLAT_HEIGHT_M, FLAT_HEIGHT_SIGMA_M
        else:
            height_m = location.height_amsl_m
        return self._enu_m(location.lat_deg, location.lon_deg, height_m), (east, north, up)

    def on_ground_m(self, location: c.Position3d | c.Position2d, system: c.Place) -> FloatArray:
        """Return where an operator stands: at the system's height where none is told."""
        told = location if isinstance(location, c.Position3d) else system
        height_m = told.height_amsl_m
        return self._enu_m(location.lat_deg, location.lon_deg, height_m)

    def velocity_mps(self, velocity: c.Velocity, at: c.Position3d | c.Position2d) -> FloatArray:
        """Return a velocity, told in east, north and up at `at`, in those of the site."""
        own = np.array([velocity.east_mps, velocity.north_mps, velocity.up_mps])
        return self._turned(own, at.lat_deg, at.lon_deg)

    def _ranged(self, location: c.BearingElevationDistance, system: c.Place) -> Row:
        if location.distance_m == 0.0:
            raise InputError("location.distance", "0", "above 0")
        if self._stands_apart_m(system) <= SAME_PLACE_M:
            kind = MeasurementKind.RANGE_AZIMUTH_ELEVATION
            angles = self._angles(location.bearing_deg, location.elevation_deg, system)
            usual = (RANGE_SIGMA_M, ANGLE_SIGMA_RAD, ANGLE_SIGMA_RAD)
            return _sight(kind, (location.distance_m, *angles), self._sigma(kind, usual))
        direction = self._direction(location.bearing_deg, location.elevation_deg, system)
        system_m = self._enu_m(system.lat_deg, system.lon_deg, system.height_amsl_m)
        sigma_m = max(RANGE_SIGMA_M, ANGLE_SIGMA_RAD * location.distance_m)
        return self._position(system_m + location.distance_m * direction, (sigma_m, sigma_m, sigma_m))

    def _position(self, place_m: FloatArray, sigma_m: Vector) -> Row:
        along_rad, _ = _angles_of(place_m - np.array(self._sensor.position_enu_m))
        return Row(
            kind=MeasurementKind.POSITION,
            measured=tuple(place_m.tolist()),
            sigma=sigma_m,
            along_rad=along_rad,
            half_width_rad=BEAM_RAD,
        )

    def _flat_sight(self, bearing_deg: float, sigma: tuple[float, ...], system: c.Place) -> Row:
        return _sight(MeasurementKind.AZIMUTH, self._angles(bearing_deg, 0.0, system)[:1], sigma)

    def _angles(self, bearing_deg: float, elevation_deg: float, system: c.Place) -> tuple[float, float]:
        apart_m = self._stands_apart_m(system)
        if apart_m > SAME_PLACE_M:
            found = f"a bearing from {apart_m:.0f} m beside the configured sensor"
            raise InputError("location", found, f"taken within {SAME_PLACE_M:g} m of it")
        return _angles_of(self._direction(bearing_deg, elevation_deg, system))

    def _direction(self, bearing_deg: float, elevation_deg: float, system: c.Place) -> FloatArray:
        azimuth_rad, elevation_rad = np.radians(bearing_deg), np.radians(elevation_deg)
        level = np.cos(elevation_rad)
        own = np.array([level * np.sin(azimuth_rad), level * np.cos(azimuth_rad), np.sin(elevation_rad)])
        return self._turned(own, system.lat_deg, system.lon_deg)

    def _turned(self, vector: FloatArray, latitude_deg: float, longitude_deg: float) -> FloatArray:
        at = LocalFrame(latitude_deg=latitude_deg, longitude_deg=longitude_deg, height_hae_m=0.0)
        site: FloatArray = self._frame.rotation_ecef_to_enu() @ at.velocity_to_ecef_mps(vector)
        return site

    def _enu_m(self, latitude_deg: float, longitude_deg: float, height_amsl_m: float) -> FloatArray:
        return self._frame.to_enu_m(latitude_deg, longitude_deg, height_amsl_m + self._geoid_m)

    def _stands_apart_m(self, system: c.Place) -> float:
        system_m = self._enu_m(system.lat_deg, system.lon_deg, system.height_amsl_m)
        return float(np.linalg.norm(system_m - np.array(self._sensor.position_enu_m)))

    def _sigma(self, kind: MeasurementKind, usual: tuple[float, ...]) -> tuple[float, ...]:
        own = self._sensor.sigma
        return own[: len(usual)] if self._sensor.measures is kind and len(own) >= len(usual) else usual


def _sight(kind: MeasurementKind, measured: tuple[float, ...], sigma: tuple[float, ...]) -> Row:
    azimuth = 1 if kind is MeasurementKind.RANGE_AZIMUTH_ELEVATION else 0
    return Row(
        kind=kind,
        measured=measured,
        sigma=sigma,
        along_rad=measured[azimuth],
        half_width_rad=max(BEAM_RAD, min(2.0 * sigma[azimuth], np.pi / 2)),
    )


def _within(width_deg: float) -> tuple[float]:
    return (float(np.radians(width_deg) / np.sqrt(12.0)),)


def _angles_of(vector: FloatArray) -> tuple[float, float]:
    """Return azimuth in [0, 2 pi) and elevation of a direction."""
    east, north, up = vector.tolist()
    azimuth_rad = float(np.arctan2(east, north)) % (2 * np.pi)
    # A tiny negative angle comes out as 2 pi itself.
    return (0.0 if azimuth_rad >= 2 * np.pi else azimuth_rad), float(np.arctan2(up, np.hypot(east, north)))
