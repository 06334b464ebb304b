"""Where a sensor of the contract stands: its directions, places and speeds in the site's frame.

North where a sensor stands is not the site's north but for the turn of the meridians (0.08 deg at 10 km and
45 deg of latitude): every direction is turned exactly. What the message leaves open has a stated spread:

* no elevation with a range: the middle of the sensor's configured elevations, sigma of an even spread over
  them;
* no height with a position: `UNKNOWN_HEIGHT_M` above the site's origin, since rules for small drones end at
  120 m above ground;
* a presence: the centre and spread of the half ball above the sensor's horizon: 3/8 of its radius up, sigma
  of each horizontal axis r / sqrt(5), vertical r * sqrt(1/5 - 9/64).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.wire.contract import (
    BearingDetection,
    Claimed,
    Detection,
    PositionDetection,
    PresenceDetection,
    RangeBearingDetection,
    Sector,
)

UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M = 60.0, 100.0
_TURN = 2.0 * np.pi

Row = tuple[list[float], list[float]]


class Stand:
    """One sensor's place and the turn of its horizon into the site's."""

    def __init__(self, sensor: Sensor, frame: LocalFrame) -> None:
        self._sensor = sensor
        self._frame = frame
        latitude_deg, longitude_deg, height_hae_m = frame.to_geodetic(np.array(sensor.position_enu_m))
        own = LocalFrame(
            latitude_deg=float(latitude_deg),
            longitude_deg=float(longitude_deg),
            height_hae_m=float(height_hae_m),
        )
        self._turn = frame.rotation_ecef_to_enu() @ own.rotation_ecef_to_enu().T

    def row(self, one: Detection) -> Row:
        """Return the measured columns of a detection and their sigmas."""
        match one:
            case BearingDetection():
                assert one.bearing_deg is not None
                assert one.bearing_sigma_deg is not None
                azimuth_rad, elevation_rad = self.direction(one.bearing_deg, one.elevation_deg or 0.0)
                if one.elevation_sigma_deg is None:
                    return [azimuth_rad], [_rad(one.bearing_sigma_deg)]
                return [azimuth_rad, elevation_rad], [
                    _rad(one.bearing_sigma_deg),
                    _rad(one.elevation_sigma_deg),
                ]
            case RangeBearingDetection():
                return self._plot(one)
            case PositionDetection():
                return self._place(one)
            case PresenceDetection():
                east_m, north_m, up_m = self._sensor.position_enu_m
                across_m = one.range_max_m / np.sqrt(5.0)
                return (
                    [east_m, north_m, up_m + one.range_max_m * 3.0 / 8.0],
                    [across_m, across_m, one.range_max_m * float(np.sqrt(1.0 / 5.0 - 9.0 / 64.0))],
                )

    def _plot(self, one: RangeBearingDetection) -> Row:
        low_rad, high_rad = self._sensor.elevation_min_rad, self._sensor.elevation_max_rad
        if one.elevation_deg is None or one.elevation_sigma_deg is None:
            elevation_deg = float(np.degrees((low_rad + high_rad) / 2.0))
            elevation_sigma_rad = max((high_rad - low_rad) / np.sqrt(12.0), 1e-6)
        else:
            elevation_deg, elevation_sigma_rad = one.elevation_deg, _rad(one.elevation_sigma_deg)
        azimuth_rad, elevation_rad = self.direction(one.bearing_deg, elevation_deg)
        return (
            [one.range_m, azimuth_rad, elevation_rad, or_nan(one.range_rate_mps)],
            [
                one.range_sigma_m,
                _rad(one.bearing_sigma_deg),
                float(elevation_sigma_rad),
                or_nan(one.range_rate_sigma_mps),
            ],
        )

    def _place(self, one: PositionDetection) -> Row:
        height_m, sigma_up_m = one.height_hae_m, one.sigma_vertical_m
        if height_m is None or sigma_up_m is None:
            height_m, sigma_up_m = self._frame.height_hae_m + UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M
        position = self._frame.to_enu_m(one.latitude_deg, one.longitude_deg, height_m)
        return position.tolist(), [one.sigma_horizontal_m, one.sigma_horizontal_m, sigma_up_m]

    def direction(self, bearing_deg: float, elevation_deg: float) -> tuple[float, float]:
        """Return azimuth and elevation in the site's frame of a direction in the sensor's."""
        bearing_rad, elevation_rad = _rad(bearing_deg), _rad(elevation_deg)
        level = np.cos(elevation_rad)
        east, north, up = self._turn @ np.array(
            [level * np.sin(bearing_rad), level * np.cos(bearing_rad), np.sin(elevation_rad)]
        )
        return _full_turn(np.arctan2(east, north)), float(np.arctan2(up, np.hypot(east, north)))

    def sector(self, sector: Sector | None) -> tuple[float | None, float | None]:
        """Return the azimuths that bound a sector, None twice where there is none."""
        if sector is None:
            return None, None
        if sector.to_deg - sector.from_deg == 360.0:
            return 0.0, _TURN
        return self.direction(sector.from_deg, 0.0)[0], self.direction(sector.to_deg % 360.0, 0.0)[0]

    def velocity(self, one: Claimed) -> Vector | None:
        """Return a claimed velocity, turned from the horizon of the aircraft."""
        if one.ground_speed_mps is None or one.course_deg is None:
            return None
        over_rad = _rad(one.course_deg)
        there = LocalFrame(
            latitude_deg=one.latitude_deg, longitude_deg=one.longitude_deg, height_hae_m=one.height_hae_m
        )
        own = one.ground_speed_mps * np.array([np.sin(over_rad), np.cos(over_rad), 0.0])
        own[2] = one.vertical_speed_mps or 0.0
        return _vector(self._frame.rotation_ecef_to_enu() @ there.velocity_to_ecef_mps(own))

    def at(
        self, latitude_deg: float | None, longitude_deg: float | None, height_m: float | None
    ) -> Vector | None:
        """Return a place, on the height of the site's origin where it has none of its own."""
        if latitude_deg is None or longitude_deg is None:
            return None
        height_hae_m = self._frame.height_hae_m if height_m is None else height_m
        return _vector(self._frame.to_enu_m(latitude_deg, longitude_deg, height_hae_m))


def _rad(angle_deg: float) -> float:
    return float(np.radians(angle_deg))


def _full_turn(angle_rad: float) -> float:
    turned_rad = float(angle_rad % _TURN)
    return 0.0 if turned_rad >= _TURN else turned_rad  # a hair below zero rounds up to the whole turn


def or_nan(value: float | None) -> float:
    """Return a number, NaN where there is none."""
    return np.nan if value is None else value


def _vector(position: FloatArray) -> Vector:
    east_m, north_m, up_m = position.tolist()
    return east_m, north_m, up_m
