"""A SAPIENT detection report as a scan of one row, with an honest sigma.

| it has | the scan is |
|---|---|
| location | position |
| azimuth | azimuth |
| azimuth, elevation | azimuth, elevation |
| azimuth, range, elevation or not | range, azimuth, elevation; range rate from its velocity, if any |

Where a report gives no error, the sensor's configured sigma of that column is taken, else a default of ours,
wide on purpose: 30 m of position, 3 degrees of bearing, 10 % of range. A report with no height is put 60 m
up with a sigma of 60 m: where small drones fly. Errors are read as one sigma. An object that the node says
it lost is no measurement. The standard has no time of measurement: the scan's time is the message's.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.place import Vector
from skykeep.domain.sensing import MeasurementKind, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.sapient_place import (
    Place,
    SapientNode,
    Sighting,
    frame_at,
    place_of,
    sighting_of,
)
from skykeep.wire.sapient_registration import Mode
from skykeep.wire.sapient_schema import printable

POSITION_SIGMA_M = 30.0
BEARING_SIGMA_RAD = math.radians(3.0)
RANGE_SIGMA_SHARE = 0.1
UNKNOWN_UP_M, UNKNOWN_UP_SIGMA_M = 60.0, 60.0
RATE_SIGMA_MPS = 5.0
IGNORED = ("associated_file", "associated_detection", "derived_detection", "track_info", "object_info")
MOVED_M = 50.0
"""A node that says it stands further than this from where it is configured has moved."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement, as the columns of a scan."""

    kind: MeasurementKind
    measured: tuple[float, ...]
    sigma: tuple[float, ...]
    label: str


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the object may be, or does; `type` goes from the general to the particular with slashes."""

    type: str
    confidence: float | None


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    amplitude: float
    centre_hz: float
    start_hz: float | None
    stop_hz: float | None


class Detection(msgspec.Struct, frozen=True, kw_only=True):
    """What a detection report says beside where: `ignored` counts what we do not use, by name."""

    object_id: str
    identity: str
    confidence: float | None
    lost: bool
    classes: tuple[Share, ...]
    behaviours: tuple[Share, ...]
    signals: tuple[Signal, ...]
    velocity_enu_mps: Vector | None
    ignored: dict[str, int]


def detection_of(report: Any, mode: Mode | None) -> Detection:
    """Return what a checked report says of its object."""
    ignored = {name: len(getattr(report, name)) for name in IGNORED if getattr(report, name)}
    if report.HasField("prediction_location"):
        ignored["prediction_location"] = 1
    return Detection(
        object_id=report.object_id,
        identity=printable(report.id, 64),
        confidence=_share(report, "detection_confidence"),
        lost="lost" in report.state.casefold(),
        classes=tuple(share for one in report.classification for share in _classes(one, "")),
        behaviours=tuple(Share(type=b.type, confidence=_share(b, "confidence")) for b in report.behaviour),
        signals=tuple(
            Signal(
                amplitude=s.amplitude,
                centre_hz=s.centre_frequency,
                start_hz=_share(s, "start_frequency"),
                stop_hz=_share(s, "stop_frequency"),
            )
            for s in report.signal
        ),
        velocity_enu_mps=_velocity_mps(report, mode),
        ignored=ignored,
    )


def _share(message: Any, name: str) -> float | None:
    return float(getattr(message, name)) if message.HasField(name) else None


def _classes(told: Any, above: str) -> list[Share]:
    path = f"{above}{printable(told.type, 60)}"
    shares = [Share(type=path, confidence=_share(told, "confidence"))]
    return shares + [share for one in told.sub_class for share in _classes(one, f"{path}/")]


def _velocity_mps(report: Any, mode: Mode | None) -> Vector | None:
    if not report.HasField("enu_velocity"):
        return None
    level, up = (1.0, 1.0) if mode is None else mode.rate_mps
    told = report.enu_velocity
    return (told.east_rate * level, told.north_rate * level, told.up_rate * up)


def label_of(detection: Detection, node: SapientNode, mode: Mode | None) -> str:
    """Return who or what it was, for the tracker: the identity the object gives of itself; from a direction
    finder its likeliest class; from a node whose object ids last, the object id.
    """
    if detection.identity:
        return detection.identity
    if node.sensor.kind is SensorKind.RF_DIRECTION_FINDER:
        return likeliest_class(detection)
    return detection.object_id if mode is not None and mode.keeps_objects else ""


def likeliest_class(detection: Detection) -> str:
    """Return what the object most likely is, "" where the report does not say."""
    likeliest = max(detection.classes, key=lambda one: (one.confidence or 0.0, one.type), default=None)
    return "" if likeliest is None else likeliest.type


def row_of(
    report: Any, detection: Detection, node: SapientNode, mode: Mode | None, frame: LocalFrame, own: Vector
) -> Row:
    """Return the measurement of a checked report; DecodeError when it cannot be.

    `own` is where the node says it stands, else where it is configured. A bearing is kept from where the
    sensor is configured, so that a node that moved can give only places.
    """
    label = label_of(detection, node, mode)
    path = "detection_report."
    if report.HasField("location"):
        place = place_of(report.location, f"{path}location", node, frame)
        kind, measured, sigma = _position(place, node)
    else:
        seen = sighting_of(report.range_bearing, f"{path}range_bearing", node, frame, frame_at(own, frame))
        moved_m = math.dist(own, node.sensor.position_enu_m)
        if moved_m > MOVED_M:
            kind, measured, sigma = _seen_place(seen, own, node, moved_m)
        else:
            kind, measured, sigma = _bearing(seen, detection, node)
    return Row(kind=kind, measured=measured, sigma=sigma, label=label)


_Columns = tuple[MeasurementKind, tuple[float, ...], tuple[float, ...]]


def _configured(node: SapientNode, kind: MeasurementKind, column: int, default: float) -> float:
    """Return the configured sigma of a column where the sensor is configured to measure it so."""
    if node.sensor.measures is kind and column < len(node.sensor.sigma):
        return node.sensor.sigma[column]
    return default


def _position(place: Place, node: SapientNode) -> _Columns:
    kind = MeasurementKind.POSITION
    usual = [_configured(node, kind, column, POSITION_SIGMA_M) for column in range(3)]
    east, north, up = place.position_enu_m
    if place.up_known:
        sigma_up_m = place.sigma_up_m or usual[2]
    else:
        # The frame's zero height was put in for it: a site's ground, more or less.
        up, sigma_up_m = up + UNKNOWN_UP_M, UNKNOWN_UP_SIGMA_M
    sigma = (place.sigma_east_m or usual[0], place.sigma_north_m or usual[1], sigma_up_m)
    return kind, (east, north, up), sigma


def _bearing(seen: Sighting, detection: Detection, node: SapientNode) -> _Columns:
    if seen.range_m is not None:
        return _range_bearing(seen, detection, node)
    kind = MeasurementKind.AZIMUTH if seen.elevation_rad is None else MeasurementKind.AZIMUTH_ELEVATION
    sigma_azimuth = seen.sigma_azimuth_rad or _configured(node, kind, 0, BEARING_SIGMA_RAD)
    if seen.elevation_rad is None:
        return kind, (seen.azimuth_rad,), (sigma_azimuth,)
    sigma_elevation = seen.sigma_elevation_rad or _configured(node, kind, 1, BEARING_SIGMA_RAD)
    return kind, (seen.azimuth_rad, seen.elevation_rad), (sigma_azimuth, sigma_elevation)


def _range_bearing(seen: Sighting, detection: Detection, node: SapientNode) -> _Columns:
    kind = MeasurementKind.RANGE_AZIMUTH_ELEVATION
    range_m, elevation_rad, sigma_elevation = _filled(seen, node, kind)
    sigma_range = seen.sigma_range_m or _configured(node, kind, 0, RANGE_SIGMA_SHARE * range_m)
    sigma_azimuth = seen.sigma_azimuth_rad or _configured(node, kind, 1, BEARING_SIGMA_RAD)
    rate_mps, sigma_rate = math.nan, math.nan
    if detection.velocity_enu_mps is not None and seen.elevation_rad is not None:
        ray = _ray(seen.azimuth_rad, elevation_rad)
        rate_mps = sum(a * b for a, b in zip(ray, detection.velocity_enu_mps, strict=True))
        sigma_rate = _configured(node, kind, 3, RATE_SIGMA_MPS)
    measured = (range_m, seen.azimuth_rad, elevation_rad, rate_mps)
    return kind, measured, (sigma_range, sigma_azimuth, sigma_elevation, sigma_rate)


def _filled(seen: Sighting, node: SapientNode, kind: MeasurementKind) -> tuple[float, float, float]:
    """Return range, elevation and its sigma, the elevation of a low target where none was given."""
    assert seen.range_m is not None
    if seen.elevation_rad is not None:
        sigma = seen.sigma_elevation_rad or _configured(node, kind, 2, BEARING_SIGMA_RAD)
        return seen.range_m, seen.elevation_rad, sigma
    rise = min(UNKNOWN_UP_M / seen.range_m, 1.0)
    return seen.range_m, math.asin(rise), min(UNKNOWN_UP_SIGMA_M / seen.range_m, 0.5)


def _ray(azimuth_rad: float, elevation_rad: float) -> Vector:
    flat = math.cos(elevation_rad)
    return (flat * math.sin(azimuth_rad), flat * math.cos(azimuth_rad), math.sin(elevation_rad))


def _seen_place(seen: Sighting, own: Vector, node: SapientNode, moved_m: float) -> _Columns:
    """Return the place that a node which moved sees, its sigma along each axis the largest of the three."""
    if seen.range_m is None:
        raise DecodeError(
            "detection_report.range_bearing",
            f"a bearing alone, from a node {moved_m:.0f} m from where it is configured",
            f"with a range, or from within {MOVED_M:.0f} m",
        )
    kind = MeasurementKind.RANGE_AZIMUTH_ELEVATION
    range_m, elevation_rad, sigma_elevation = _filled(seen, node, kind)
    ray = _ray(seen.azimuth_rad, elevation_rad)
    across = max(seen.sigma_azimuth_rad or BEARING_SIGMA_RAD, sigma_elevation) * range_m
    along = seen.sigma_range_m or RANGE_SIGMA_SHARE * range_m
    sigma_m = max(across, along)
    measured = (own[0] + range_m * ray[0], own[1] + range_m * ray[1], own[2] + range_m * ray[2])
    return MeasurementKind.POSITION, measured, (sigma_m, sigma_m, sigma_m)
