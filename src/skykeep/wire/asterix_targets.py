"""ASTERIX target reports to detections: what each category measures, and how well.

| category | becomes | from | sigma |
|---|---|---|---|
| 048, 001 | range, azimuth, elevation | 040; elevation from 090, else 110, else unknown | constants |
| 062 | position | 105; height 130, else 135, else 136 | 500 (APC, AGA), else constants |
| 010 | position | 041, else 042, else 040; height 091, else 090 | 500, else constants |
| 020 | position | 041, else 042; height 105, else 110, else 090 | 500 (SDP, SDH), else constants |
| 015 | position, or range, azimuth, elevation | 600 and 601; or 625, 627 and 628 | its own |

CAT021 is what aircraft say of themselves: wire/asterix_claims.py. Simulated, test and monitor targets, and
tracks that are only extrapolated, are no detections: `set_aside` names them. Angles and Cartesian axes of a
sensor are about its own north and vertical: they are turned into the site's axes here, which at 100 km apart
differ by about a degree. Heights above sea level and pressure levels are taken as heights above the
ellipsoid; their sigma covers it. Source: EUROCONTROL-SPEC-0149 parts 2a, 4, 7, 9, 14, 26.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.place import Vector
from skykeep.domain.sensing import MeasurementKind, Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import MEAN_EARTH_RADIUS_M
from skykeep.wire.asterix import AsterixRecord
from skykeep.wire.asterix_gates import flight_level
from skykeep.wire.asterix_scan import (
    AZIMUTH_SIGMA_RAD,
    FLIGHT_LEVEL_M,
    FOOT_M,
    LEVEL_SIGMA_M,
    NAUTICAL_MILE_M,
    RANGE_SIGMA_M,
    SYSTEM_TRACK_SIGMA_M,
    UNKNOWN_HEIGHT_M,
    UNKNOWN_HEIGHT_SIGMA_M,
)

# A 3D radar's height is good to about 900 m (95 %) at its middle range; geometric heights of
# multilateration to 50 m; a surface movement radar or multilateration to 7.5 m (95 %, ED-116, ED-117).
RADAR_HEIGHT_SIGMA_M, MEASURED_HEIGHT_SIGMA_M = 450.0, 50.0
SURFACE_SIGMA_M, MULTILATERATION_SIGMA_M = 7.5, 25.0
# A surface target without a height stands within the aerodrome's own relief.
ON_GROUND_SIGMA_M = 50.0
UNKNOWN_HEIGHT = (UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M)
TARGET_CATEGORIES = (1, 10, 15, 20, 48, 62)

# category: (item, subitem, what it is when not 0)
_NO_TARGET = {
    1: (("020", "SIM", "simulated"), ("020", "TST", "a test target"), ("020", "RAB", "a field monitor")),
    10: (("020", "SIM", "simulated"), ("020", "TST", "a test target"), ("020", "RAB", "a field monitor"),
         ("170", "CST", "extrapolated"), ("170", "TRE", "the end of a track")),
    15: (("170", "CSTP", "extrapolated"),),
    20: (("020", "SIM", "simulated"), ("020", "TST", "a test target"), ("020", "RAB", "a field monitor"),
         ("170", "CST", "extrapolated"), ("170", "TRE", "the end of a track")),
    21: (("040", "SIM", "simulated"), ("040", "TST", "a test target"), ("040", "RAB", "a field monitor")),
    48: (("020", "SIM", "simulated"), ("020", "TST", "a test target"), ("020", "RAB", "a field monitor")),
    62: (("080", "SIM", "simulated"), ("080", "CST", "extrapolated"), ("080", "TSE", "the end of a track")),
}  # fmt: skip


class TargetRow(msgspec.Struct, frozen=True, kw_only=True):
    """One detection: the columns of `Scan.measured` and their sigma."""

    kind: MeasurementKind
    measured: tuple[float, ...]
    sigma: tuple[float, ...]


def set_aside(record: AsterixRecord) -> str | None:
    """Return why a believable record is no detection, or None."""
    for number, name, what in _NO_TARGET.get(record.category, ()):
        item = record.items.get(number)
        if isinstance(item, dict) and item.get(name):
            return what
    if record.category == 48 and _sub(record, "020", "TYP") == 0 and "020" in record.items:
        return "no detection"
    # Of CAT010 and CAT016 only message type 1 is a target report.
    if record.category == 10 and record.items.get("000", 1) != 1:
        return "no target report"
    return None


def target_row(record: AsterixRecord, sensor: Sensor, frame: LocalFrame) -> TargetRow | None:
    """Return what a target report measured, in the site's axes; None when it gives no place."""
    place = _sensor_place(sensor.position_enu_m, frame)
    match record.category:
        case 1 | 48:
            return _plot(record, place)
        case 62:
            return _system_track(record, frame)
        case 10 | 20:
            return _surface_or_multilateration(record, place, frame)
        case 15:
            return _non_cooperative(record, place, frame)
    return None


class _SensorPlace:
    """Where the sensor stands, and the way from its own axes to the site's."""

    def __init__(self, position_enu_m: Vector, frame: LocalFrame) -> None:
        self.position_enu_m = np.array(position_enu_m)
        latitude_deg, longitude_deg, height_m = frame.to_geodetic(self.position_enu_m)
        own = LocalFrame(
            latitude_deg=float(latitude_deg), longitude_deg=float(longitude_deg), height_hae_m=float(height_m)
        )
        self.height_hae_m = own.height_hae_m
        self.turn = frame.rotation_ecef_to_enu() @ own.rotation_ecef_to_enu().T

    def direction(self, azimuth_rad: float, elevation_rad: float) -> tuple[float, float]:
        """Return azimuth and elevation in the site's axes."""
        level = np.cos(elevation_rad)
        east, north, up = self.turn @ (
            level * np.sin(azimuth_rad), level * np.cos(azimuth_rad), np.sin(elevation_rad)
        )  # fmt: skip
        return float(np.arctan2(east, north) % (2 * np.pi)), float(np.arcsin(np.clip(up, -1.0, 1.0)))

    def enu_m(self, east_m: float, north_m: float, height_hae_m: float) -> FloatArray:
        """Return the site position of a place on the sensor's own plane, at a height above the ellipsoid."""
        fall_m = (east_m**2 + north_m**2) / (2.0 * MEAN_EARTH_RADIUS_M)
        up_m = height_hae_m - self.height_hae_m - fall_m
        position: FloatArray = self.position_enu_m + self.turn @ (east_m, north_m, up_m)
        return position


@lru_cache(maxsize=256)
def _sensor_place(position_enu_m: Vector, frame: LocalFrame) -> _SensorPlace:
    return _SensorPlace(position_enu_m, frame)


def _sub(record: AsterixRecord, number: str, *names: str) -> Any:
    value: Any = record.items.get(number)
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def height_of(record: AsterixRecord, reference_height_m: float) -> tuple[float, float] | None:
    """Return the height of a target above the ellipsoid, in metres, and its sigma; None when the record
    gives none. Heights that CAT010 and CAT020 measure are above the sensor's own reference.
    """
    items, level = record.items, flight_level(record)
    geometric_ft = items.get({20: "105", 62: "130"}.get(record.category, ""))
    if isinstance(geometric_ft, float):
        return geometric_ft * FOOT_M, MEASURED_HEIGHT_SIGMA_M
    measured_ft = items.get({10: "091", 20: "110"}.get(record.category, ""))
    if isinstance(measured_ft, float):
        return reference_height_m + measured_ft * FOOT_M, MEASURED_HEIGHT_SIGMA_M
    if record.category == 62:
        level = _sub(record, "135", "CTB")
        level = items.get("136") if level is None else level
    if isinstance(level, int | float):
        return level * FLIGHT_LEVEL_M, LEVEL_SIGMA_M
    radar_height_ft = _sub(record, "110", "3DH")
    if isinstance(radar_height_ft, float):
        return radar_height_ft * FOOT_M, RADAR_HEIGHT_SIGMA_M
    return None


def _plot(record: AsterixRecord, place: _SensorPlace) -> TargetRow | None:
    rho_nm, theta_deg = _sub(record, "040", "RHO"), _sub(record, "040", "THETA")
    if rho_nm is None or theta_deg is None or rho_nm <= 0.0:
        return None
    range_m = rho_nm * NAUTICAL_MILE_M
    height_m, height_sigma_m = height_of(record, place.height_hae_m) or UNKNOWN_HEIGHT
    rise_m = height_m - place.height_hae_m - range_m**2 / (2.0 * MEAN_EARTH_RADIUS_M)
    elevation_rad = float(np.arcsin(np.clip(rise_m / range_m, -1.0, 1.0)))
    azimuth_rad, elevation_rad = place.direction(float(np.radians(theta_deg)), elevation_rad)
    return TargetRow(
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        measured=(range_m, azimuth_rad, elevation_rad),
        sigma=(RANGE_SIGMA_M, float(AZIMUTH_SIGMA_RAD), min(height_sigma_m / range_m, 0.5)),
    )


def _system_track(record: AsterixRecord, frame: LocalFrame) -> TargetRow | None:
    latitude_deg, longitude_deg = _sub(record, "105", "LAT"), _sub(record, "105", "LON")
    if latitude_deg is None or longitude_deg is None:
        return None
    height_m, height_sigma_m = height_of(record, 0.0) or UNKNOWN_HEIGHT
    own_height_ft = _sub(record, "500", "AGA") if "130" in record.items else None
    return _position(
        frame.to_enu_m(latitude_deg, longitude_deg, height_m),
        _own_or(_sub(record, "500", "APC", "X"), SYSTEM_TRACK_SIGMA_M),
        _own_or(_sub(record, "500", "APC", "Y"), SYSTEM_TRACK_SIGMA_M),
        _own_or(own_height_ft and own_height_ft * FOOT_M, height_sigma_m),
    )


def _surface_or_multilateration(
    record: AsterixRecord, place: _SensorPlace, frame: LocalFrame
) -> TargetRow | None:
    surface = record.category == 10
    usual_m = SURFACE_SIGMA_M if surface else MULTILATERATION_SIGMA_M
    height = height_of(record, place.height_hae_m)
    on_ground = surface or _sub(record, "020", "GBS") == 1
    if height is None and on_ground:
        height = place.height_hae_m, ON_GROUND_SIGMA_M
    height_m, height_sigma_m = height or UNKNOWN_HEIGHT
    position = _where(record, place, frame, height_m)
    if position is None:
        return None
    east, north = (("DEVX",), ("DEVY",)) if surface else (("SDP", "X"), ("SDP", "Y"))
    return _position(
        position,
        _own_or(_sub(record, "500", *east), usual_m),
        _own_or(_sub(record, "500", *north), usual_m),
        _own_or(None if surface else _sub(record, "500", "SDH"), height_sigma_m),
    )


def _where(
    record: AsterixRecord, place: _SensorPlace, frame: LocalFrame, height_m: float
) -> FloatArray | None:
    latitude_deg, longitude_deg = _sub(record, "041", "LAT"), _sub(record, "041", "LON")
    if latitude_deg is not None and longitude_deg is not None:
        return frame.to_enu_m(latitude_deg, longitude_deg, height_m)
    east_m, north_m = _sub(record, "042", "X"), _sub(record, "042", "Y")
    if east_m is None or north_m is None:
        range_m, azimuth_deg = _sub(record, "040", "RHO"), _sub(record, "040", "TH")
        if range_m is None or azimuth_deg is None:
            return None
        azimuth_rad = np.radians(azimuth_deg)
        east_m, north_m = range_m * np.sin(azimuth_rad), range_m * np.cos(azimuth_rad)
    return place.enu_m(float(east_m), float(north_m), height_m)


def _non_cooperative(record: AsterixRecord, place: _SensorPlace, frame: LocalFrame) -> TargetRow | None:
    latitude_deg, longitude_deg = (
        _sub(record, "600", "P84", "LATITUDE"),
        _sub(record, "600", "P84", "LONGITUDE"),
    )
    if latitude_deg is not None and longitude_deg is not None:
        height_m = _sub(record, "601", "GH")
        return _position(
            frame.to_enu_m(latitude_deg, longitude_deg, UNKNOWN_HEIGHT_M if height_m is None else height_m),
            _own_or(_sub(record, "600", "HPP", "SDHPX"), MULTILATERATION_SIGMA_M),
            _own_or(_sub(record, "600", "HPP", "SDHPY"), MULTILATERATION_SIGMA_M),
            UNKNOWN_HEIGHT_SIGMA_M
            if height_m is None
            else _own_or(_sub(record, "601", "SDGH"), MEASURED_HEIGHT_SIGMA_M),
        )
    range_m, azimuth_deg = _sub(record, "625", "R"), _sub(record, "627", "AZ")
    # The range of a sensor whose transmitter stands elsewhere is no distance from it.
    if range_m is None or azimuth_deg is None or range_m <= 0.0 or _sub(record, "020", "MOMU") != 0:
        return None
    elevation_deg, rate_mps = _sub(record, "628", "EL"), _sub(record, "625", "RR")
    azimuth_rad, elevation_rad = place.direction(
        float(np.radians(azimuth_deg)), float(np.radians(elevation_deg or 0.0))
    )
    return TargetRow(
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        measured=(range_m, azimuth_rad, elevation_rad, np.nan if rate_mps is None else rate_mps),
        sigma=(
            _own_or(_sub(record, "625", "SDR"), RANGE_SIGMA_M),
            float(np.radians(_own_or(_sub(record, "627", "SDASZ"), float(np.degrees(AZIMUTH_SIGMA_RAD))))),
            0.5 if elevation_deg is None else float(np.radians(_own_or(_sub(record, "628", "SDEL"), 1.0))),
            np.nan if rate_mps is None else _own_or(_sub(record, "625", "SDRR", "SDRR"), 1.0),
        ),
    )


def _own_or(own: float | None, usual: float) -> float:
    """Return the sender's own figure; one of zero is its step rounded down, and says nothing."""
    return own if own else usual


def _position(position_enu_m: FloatArray, east_m: float, north_m: float, up_m: float) -> TargetRow:
    east, north, up = position_enu_m.tolist()
    return TargetRow(kind=MeasurementKind.POSITION, measured=(east, north, up), sigma=(east_m, north_m, up_m))
