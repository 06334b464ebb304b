"""Where SAPIENT says something is: locations and bearings of every unit and datum to metres and radians.

| location in | x, y | their errors are in |
|---|---|---|
| LAT_LNG_DEG_M, LAT_LNG_RAD_M | longitude, latitude | the same unit, or metres where the node is set up so |
| UTM_M | easting, northing | metres |

A UTM zone's letter is a latitude band; N and S are also read as halves of the globe, and the reading that
fits the band, else the nearer to the site, is taken. Heights over the geoid need its height at the site, or
get 30 m of doubt (the geoid's rms height, EGM96). Bearings from magnetic north need the declination, those
from a platform's nose its heading; grid north is reckoned. Bearings are turned into the site's frame, whose
north is not quite the node's. A place over `FARTHEST_M` from the site is refused; if the same numbers with x
and y exchanged are near, the refusal says so.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np

from skykeep.base.errors import DecodeError
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.geo.utm import band_holds, from_utm, grid_convergence_rad, parse_zone, zone_of
from skykeep.wire.sapient_schema import number_or_none

FARTHEST_M = 150_000.0
GEOID_SIGMA_M = 30.0
LARGEST_SIGMA_M = 20_000.0
_RAD_SYSTEMS, _KM_SYSTEMS = (2, 4), (3, 4)
_LATLNG_DEG, _LATLNG_RAD, _UTM = 1, 2, 5
_GEOID = 2
_MAGNETIC, _GRID, _PLATFORM = 2, 3, 4
_METRES_PER_RAD = 6_371_008.8


class SapientNode(msgspec.Struct, frozen=True, kw_only=True):
    """One edge node as configured: the sensor it stands for, and what its messages leave open.

    `errors_in_metres` is for nodes that give the errors of a latitude and longitude in metres.
    `certificate_name` must be in the node's TLS certificate, where it is given.
    """

    node_id: str
    sensor: Sensor
    errors_in_metres: bool = False
    magnetic_declination_deg: float | None = None
    platform_heading_deg: float | None = None
    geoid_height_m: float | None = None
    utm_zone: str = ""
    certificate_name: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A location in the site's frame. `up_known` is whether it had a height; sigmas are None where it gave
    no error.
    """

    position_enu_m: Vector
    up_known: bool
    sigma_east_m: float | None
    sigma_north_m: float | None
    sigma_up_m: float | None


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A bearing in the site's axes, clockwise from its north; None where it was not given."""

    azimuth_rad: float
    elevation_rad: float | None
    range_m: float | None
    sigma_azimuth_rad: float | None
    sigma_elevation_rad: float | None
    sigma_range_m: float | None


def place_of(location: Any, field: str, node: SapientNode, frame: LocalFrame) -> Place:
    """Return a location that has passed the rules, in the site's frame; DecodeError when it cannot be
    there.
    """
    latitude_deg, longitude_deg = _latitude_longitude_deg(location, field, node, frame)
    up_known = location.HasField("z")
    height_m, geoid_sigma_m = (location.z, 0.0) if up_known else (frame.height_hae_m, 0.0)
    if up_known and location.datum == _GEOID:
        height_m += node.geoid_height_m or 0.0
        geoid_sigma_m = GEOID_SIGMA_M if node.geoid_height_m is None else 0.0
    position = frame.to_enu_m(latitude_deg, longitude_deg, height_m)
    far_m = float(np.hypot(position[0], position[1]))
    if far_m > FARTHEST_M or abs(position[2]) > FARTHEST_M:
        raise DecodeError(
            field,
            f"latitude {latitude_deg:.5f}, longitude {longitude_deg:.5f}: {far_m / 1000:,.0f} km away"
            f"{_exchanged(latitude_deg, longitude_deg, frame)}",
            f"within {FARTHEST_M / 1000:.0f} km",
        )
    east_m, north_m = _errors_m(location, field, node, latitude_deg)
    up_m = number_or_none(location, "z_error")
    if geoid_sigma_m and up_known:
        up_m = math.hypot(up_m or 0.0, geoid_sigma_m)
    return Place(
        position_enu_m=(float(position[0]), float(position[1]), float(position[2])),
        up_known=up_known,
        sigma_east_m=east_m,
        sigma_north_m=north_m,
        sigma_up_m=_usable(up_m, f"{field}.z_error", ""),
    )


def _exchanged(latitude_deg: float, longitude_deg: float, frame: LocalFrame) -> str:
    if abs(longitude_deg) > 90.0:
        return ""
    other = frame.to_enu_m(longitude_deg, latitude_deg, frame.height_hae_m)
    far_m = float(np.linalg.norm(other))
    near = far_m <= FARTHEST_M
    return f" (with x and y exchanged: {far_m / 1000:,.1f} km)" if near else ""


def _latitude_longitude_deg(
    location: Any, field: str, node: SapientNode, frame: LocalFrame
) -> tuple[float, float]:
    if location.coordinate_system == _LATLNG_DEG:
        return location.y, location.x
    if location.coordinate_system == _LATLNG_RAD:
        return math.degrees(location.y), math.degrees(location.x)
    zone = location.utm_zone or node.utm_zone or zone_of(frame.latitude_deg, frame.longitude_deg)
    number, letter = parse_zone(zone)
    readings = [from_utm(number, location.x, location.y, southern=bool(letter) and letter < "N")]
    fits = [not letter or band_holds(letter, readings[0][0])]
    if letter == "S" or not letter:
        readings.append(from_utm(number, location.x, location.y, southern=True))
        fits.append(True)
    if letter == "N":
        fits[0] = True
    usable = [reading for reading, fit in zip(readings, fits, strict=True) if fit]
    if not usable:
        raise DecodeError(
            f"{field}.utm_zone",
            f"{zone} with {location.y:.0f} m of northing, which is latitude {readings[0][0]:.2f}",
            "a band that holds the place",
        )
    return min(usable, key=lambda place: _apart_deg(place, frame))


def _apart_deg(place: tuple[float, float], frame: LocalFrame) -> float:
    return abs(place[0] - frame.latitude_deg)


def _errors_m(
    location: Any, field: str, node: SapientNode, latitude_deg: float
) -> tuple[float | None, float | None]:
    x, y = number_or_none(location, "x_error"), number_or_none(location, "y_error")
    hint = ""
    if location.coordinate_system != _UTM and not node.errors_in_metres:
        hint = "; set errors_in_metres if this node means metres"
        per_unit = (
            _METRES_PER_RAD if location.coordinate_system == _LATLNG_RAD else np.radians(_METRES_PER_RAD)
        )
        x = None if x is None else x * float(per_unit) * math.cos(math.radians(latitude_deg))
        y = None if y is None else y * float(per_unit)
    return _usable(x, f"{field}.x_error", hint), _usable(y, f"{field}.y_error", hint)


def _usable(sigma_m: float | None, field: str, hint: str) -> float | None:
    """Return an error that may stand as a sigma: nothing for 0, which says that it is not known."""
    if sigma_m is None or sigma_m == 0.0:
        return None
    if sigma_m > LARGEST_SIGMA_M:
        raise DecodeError(
            field, f"{sigma_m / 1000:,.0f} km", f"{LARGEST_SIGMA_M / 1000:.0f} km or less{hint}"
        )
    return sigma_m


def north_offset_rad(seen: Any, field: str, node: SapientNode, own: LocalFrame) -> float:
    """Return how far the node's north lies clockwise of true north."""
    if seen.datum == _MAGNETIC:
        return _needed_rad(node.magnetic_declination_deg, field, "magnetic north", "magnetic_declination_deg")
    if seen.datum == _PLATFORM:
        return _needed_rad(node.platform_heading_deg, field, "its platform's nose", "platform_heading_deg")
    if seen.datum == _GRID:
        zone = node.utm_zone or zone_of(own.latitude_deg, own.longitude_deg)
        return grid_convergence_rad(parse_zone(zone)[0], own.latitude_deg, own.longitude_deg)
    return 0.0


def _needed_rad(configured_deg: float | None, field: str, north: str, key: str) -> float:
    if configured_deg is None:
        raise DecodeError(f"{field}.datum", f"bearings from {north}", f"true north, or {key} configured")
    return math.radians(configured_deg)


def sighting_of(seen: Any, field: str, node: SapientNode, frame: LocalFrame, own: LocalFrame) -> Sighting:
    """Return a range and bearing that has passed the rules, from `own`, where the node stands, in the axes
    of the site; DecodeError when it points nowhere.
    """
    if not seen.HasField("azimuth"):
        raise DecodeError(f"{field}.azimuth", "absent", "given: a range alone is no place")
    to_rad = 1.0 if seen.coordinate_system in _RAD_SYSTEMS else math.pi / 180.0
    to_m = 1_000.0 if seen.coordinate_system in _KM_SYSTEMS else 1.0
    elevation_rad = _scaled(seen, "elevation", to_rad)
    azimuth_rad, turned_rad = turned_into_site(
        seen.azimuth * to_rad + north_offset_rad(seen, field, node, own), elevation_rad or 0.0, frame, own
    )
    range_m = _scaled(seen, "range", to_m)
    if range_m == 0.0:
        raise DecodeError(f"{field}.range", "0 m", "over 0 m")
    return Sighting(
        azimuth_rad=azimuth_rad,
        elevation_rad=None if elevation_rad is None else turned_rad,
        range_m=range_m,
        sigma_azimuth_rad=_scaled(seen, "azimuth_error", to_rad) or None,
        sigma_elevation_rad=_scaled(seen, "elevation_error", to_rad) or None,
        sigma_range_m=_scaled(seen, "range_error", to_m) or None,
    )


def _scaled(seen: Any, name: str, factor: float) -> float | None:
    value = number_or_none(seen, name)
    return None if value is None else value * factor


def turned_into_site(
    azimuth_rad: float, elevation_rad: float, frame: LocalFrame, own: LocalFrame
) -> tuple[float, float]:
    """Return a direction at `own` as azimuth in [0, 2 pi) and elevation in the axes of the site."""
    flat = math.cos(elevation_rad)
    ray = np.array([flat * math.sin(azimuth_rad), flat * math.cos(azimuth_rad), math.sin(elevation_rad)])
    east, north, up = frame.rotation_ecef_to_enu() @ own.velocity_to_ecef_mps(ray)
    turned_rad = math.atan2(east, north) % (2.0 * math.pi)
    return (0.0 if turned_rad >= 2.0 * math.pi else turned_rad), math.asin(min(1.0, max(-1.0, up)))


def frame_at(position_enu_m: Vector, frame: LocalFrame) -> LocalFrame:
    """Return the local frame at a place of the site."""
    latitude, longitude, height = frame.to_geodetic(np.array(position_enu_m))
    return LocalFrame(
        latitude_deg=float(latitude), longitude_deg=float(longitude), height_hae_m=float(height)
    )
