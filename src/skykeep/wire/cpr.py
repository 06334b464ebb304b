"""Compact position reports: seventeen bits of latitude and of longitude, even and odd, back to a place.

| | airborne | surface |
|---|---|---|
| zones of latitude, even / odd | 60 / 59 over 360 degrees | 60 / 59 over 90 degrees |
| zones of longitude | `longitude_zones(latitude)`, one fewer when odd | the same over 90 degrees |
| step | 5.1 m | 1.3 m |
| one report and a reference is enough when that is nearer than | half a zone, 333 km | 83 km |
| an even and an odd report of one place give it | anywhere | up to 90 degrees of latitude and longitude |

Angles are degrees. A place that falls beyond a pole, or a pair that straddles two rings of longitude zones,
gives None. Plain floats: this runs once a message. Source: ICAO Doc 9871, C.2.6; RTCA DO-260B, appendix A.
"""

from __future__ import annotations

import math
from bisect import bisect_right

import msgspec

STEPS = 1 << 17
EVEN_ZONES = 60
FULL_DEG, SURFACE_DEG = 360.0, 90.0
Place = tuple[float, float]


def _ring_deg(zones: int) -> float:
    """Return the latitude above which there are fewer than `zones` zones of longitude."""
    if zones == 2:
        return 87.0
    ratio = (1.0 - math.cos(math.pi / 30.0)) / (1.0 - math.cos(2.0 * math.pi / zones))
    return math.degrees(math.acos(math.sqrt(ratio)))


_RINGS_DEG = [_ring_deg(zones) for zones in range(59, 1, -1)]


def longitude_zones(latitude_deg: float) -> int:
    """Return the number of zones of longitude at a latitude, 59 at the equator to 1 at the poles."""
    return 59 - bisect_right(_RINGS_DEG, abs(latitude_deg))


class Report(msgspec.Struct, frozen=True):
    """One compact position: its two numbers, 0 to 131,071, and which of the two grids they are on."""

    latitude: int
    longitude: int
    odd: bool
    surface: bool

    @property
    def span_deg(self) -> float:
        return SURFACE_DEG if self.surface else FULL_DEG


def encode(latitude_deg: float, longitude_deg: float, *, odd: bool, surface: bool) -> Report:
    """Return the report of a place."""
    span_deg = SURFACE_DEG if surface else FULL_DEG
    zone_deg = span_deg / (EVEN_ZONES - odd)
    north = math.floor(STEPS * (latitude_deg % zone_deg) / zone_deg + 0.5)
    on_grid_deg = zone_deg * (north / STEPS + math.floor(latitude_deg / zone_deg))
    wide_deg = span_deg / max(longitude_zones(on_grid_deg) - odd, 1)
    east = math.floor(STEPS * (longitude_deg % wide_deg) / wide_deg + 0.5)
    return Report(north % STEPS, east % STEPS, odd, surface)


def near(report: Report, reference: Place) -> Place | None:
    """Return the place of a report that is nearest to a reference."""
    zone_deg = report.span_deg / (EVEN_ZONES - report.odd)
    latitude_deg = _nearest(report.latitude / STEPS, zone_deg, reference[0])
    if not -90.0 <= latitude_deg <= 90.0:
        return None
    wide_deg = report.span_deg / max(longitude_zones(latitude_deg) - report.odd, 1)
    longitude_deg = _nearest(report.longitude / STEPS, wide_deg, reference[1])
    return latitude_deg, _wrapped_deg(longitude_deg)


def from_pair(latest: Report, other: Report, reference: Place) -> Place | None:
    """Return the place of `latest`, given one of the other parity sent a moment before.

    `reference` chooses among the places that surface reports leave open, and only among those.
    """
    even, odd = (other, latest) if latest.odd else (latest, other)
    if even.odd or not odd.odd or even.surface != odd.surface:
        raise ValueError("a pair is one even and one odd report of one kind")
    span_deg = latest.span_deg
    turn = math.floor((59 * even.latitude - 60 * odd.latitude) / STEPS + 0.5)
    even_deg = span_deg / 60 * (turn % 60 + even.latitude / STEPS)
    odd_deg = span_deg / 59 * (turn % 59 + odd.latitude / STEPS)
    if latest.surface:
        even_deg, odd_deg = (_hemisphere_deg(deg, reference[0]) for deg in (even_deg, odd_deg))
    else:
        even_deg, odd_deg = (deg - 360.0 if deg >= 270.0 else deg for deg in (even_deg, odd_deg))
    if abs(even_deg) > 90.0 or abs(odd_deg) > 90.0:
        return None
    zones = longitude_zones(even_deg)
    if zones != longitude_zones(odd_deg):
        return None
    latitude_deg = odd_deg if latest.odd else even_deg
    count = max(zones - latest.odd, 1)
    turn = math.floor((even.longitude * (zones - 1) - odd.longitude * zones) / STEPS + 0.5)
    longitude_deg = span_deg / count * (turn % count + latest.longitude / STEPS)
    if latest.surface:
        longitude_deg += span_deg * round((reference[1] - longitude_deg) / span_deg)
    return latitude_deg, _wrapped_deg(longitude_deg)


def _nearest(fraction: float, zone_deg: float, reference_deg: float) -> float:
    return zone_deg * (fraction + math.floor(0.5 + reference_deg / zone_deg - fraction))


def _hemisphere_deg(latitude_deg: float, reference_deg: float) -> float:
    """Return the one of the two latitudes that a surface pair leaves open that is nearer to a reference."""
    other_deg = latitude_deg - SURFACE_DEG
    return min(latitude_deg, other_deg, key=lambda deg: abs(deg - reference_deg))


def _wrapped_deg(longitude_deg: float) -> float:
    return (longitude_deg + 180.0) % 360.0 - 180.0
