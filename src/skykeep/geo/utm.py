"""Universal Transverse Mercator on WGS 84, both ways, and the zone letters that people write.

Eastings and northings are metres, latitude and longitude degrees. A zone is a number, 1 to 60, and a letter:
a latitude band (C to X without I and O, 8 degrees each from 80 S), or, with many makers, N or S for the half
of the globe. Error: under 0.001 mm within 6 degrees of the central meridian, against PROJ
(tests/geo/test_utm.py). Derivation: Krueger's series in the third flattening, to its sixth power, as in
C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers, Journal of Geodesy 85 (2011).
"""

from __future__ import annotations

import math
import re

from skykeep.geo.frames import ECCENTRICITY_SQUARED, FLATTENING, SEMI_MAJOR_AXIS_M

BANDS = "CDEFGHJKLMNPQRSTUVWX"
EASTING_M = (100_000.0, 900_000.0)
NORTHING_M = (0.0, 10_000_000.0)
_SCALE = 0.9996
_FALSE_EASTING_M = 500_000.0
_FALSE_NORTHING_M = 10_000_000.0
_ZONE = re.compile(r"([1-9]|0[1-9]|[1-5][0-9]|60)([C-HJ-NP-X]?)")
_N = FLATTENING / (2.0 - FLATTENING)
_RADIUS_M = SEMI_MAJOR_AXIS_M / (1.0 + _N) * (1.0 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288 + 7891 * _N**6 / 37800,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630 - 1983433 * _N**6 / 1935360,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880 + 167603 * _N**6 / 181440,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168 + 6601661 * _N**6 / 7257600,
    34729 * _N**5 / 80640 - 3418889 * _N**6 / 1995840,
    212378941 * _N**6 / 319334400,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360 - 81 * _N**5 / 512 + 96199 * _N**6 / 604800,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440 + 46 * _N**5 / 105 - 1118711 * _N**6 / 3870720,
    17 * _N**3 / 480 - 37 * _N**4 / 840 - 209 * _N**5 / 4480 + 5569 * _N**6 / 90720,
    4397 * _N**4 / 161280 - 11 * _N**5 / 504 - 830251 * _N**6 / 7257600,
    4583 * _N**5 / 161280 - 108847 * _N**6 / 3991680,
    20648693 * _N**6 / 638668800,
)


def zone_of(latitude_deg: float, longitude_deg: float) -> str:
    """Return the zone of a place, band letter included; the wide zones of the north-east Atlantic too."""
    number = int((longitude_deg + 180.0) // 6.0) % 60 + 1
    band = BANDS[min(max(int((latitude_deg + 80.0) // 8.0), 0), len(BANDS) - 1)]
    if band == "V" and 3.0 <= longitude_deg < 12.0:
        number = 32
    elif band == "X" and 0.0 <= longitude_deg < 42.0:
        number = 31 + 2 * int((longitude_deg + 3.0) // 12.0)
    return f"{number}{band}"


def parse_zone(zone: str) -> tuple[int, str]:
    """Return number and letter ("" if none) of a zone like `30U`, `30N` or `30`; ValueError if it is none."""
    found = _ZONE.fullmatch(zone.strip().upper())
    if found is None:
        raise ValueError(f"{zone!r} is no UTM zone")
    return int(found[1]), found[2]


def band_holds(letter: str, latitude_deg: float, slack_deg: float = 1.0) -> bool:
    """Return whether a latitude lies in a band, or within `slack_deg` of it."""
    south_deg = -80.0 + 8.0 * BANDS.index(letter)
    north_deg = south_deg + (12.0 if letter == "X" else 8.0)
    return south_deg - slack_deg <= latitude_deg <= north_deg + slack_deg


def from_utm(
    zone_number: int, easting_m: float, northing_m: float, *, southern: bool = False
) -> tuple[float, float]:
    """Return latitude and longitude, longitude in [-180, 180)."""
    y = (northing_m - (_FALSE_NORTHING_M if southern else 0.0)) / (_SCALE * _RADIUS_M)
    x = (easting_m - _FALSE_EASTING_M) / (_SCALE * _RADIUS_M)
    xi, eta = y, x
    for j, beta in enumerate(_BETA, start=1):
        xi -= beta * math.sin(2 * j * y) * math.cosh(2 * j * x)
        eta -= beta * math.cos(2 * j * y) * math.sinh(2 * j * x)
    tau_conformal = math.sin(xi) / math.hypot(math.sinh(eta), math.cos(xi))
    tau = tau_conformal
    for _ in range(5):  # Newton; three steps reach round-off
        tau -= _conformal_step(tau, tau_conformal)
    longitude_deg = math.degrees(math.atan2(math.sinh(eta), math.cos(xi))) + _meridian_deg(zone_number)
    return math.degrees(math.atan(tau)), (longitude_deg + 180.0) % 360.0 - 180.0


def to_utm(zone_number: int, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """Return easting and northing in a zone, northing with the southern false origin below the equator."""
    tau_conformal = _conformal(math.tan(math.radians(latitude_deg)))
    off_deg = (longitude_deg - _meridian_deg(zone_number) + 180.0) % 360.0 - 180.0
    sin_off, cos_off = math.sin(math.radians(off_deg)), math.cos(math.radians(off_deg))
    y = math.atan2(tau_conformal, cos_off)
    x = math.asinh(sin_off / math.hypot(tau_conformal, cos_off))
    xi, eta = y, x
    for j, alpha in enumerate(_ALPHA, start=1):
        xi += alpha * math.sin(2 * j * y) * math.cosh(2 * j * x)
        eta += alpha * math.cos(2 * j * y) * math.sinh(2 * j * x)
    northing_m = _SCALE * _RADIUS_M * xi + (_FALSE_NORTHING_M if latitude_deg < 0.0 else 0.0)
    return _SCALE * _RADIUS_M * eta + _FALSE_EASTING_M, northing_m


def grid_convergence_rad(zone_number: int, latitude_deg: float, longitude_deg: float) -> float:
    """Return how far grid north lies clockwise of true north, to first order: within 0.01 degrees inside a
    zone (tests/geo/test_utm.py).
    """
    off_deg = (longitude_deg - _meridian_deg(zone_number) + 180.0) % 360.0 - 180.0
    return math.atan(math.tan(math.radians(off_deg)) * math.sin(math.radians(latitude_deg)))


def _meridian_deg(zone_number: int) -> float:
    return 6.0 * zone_number - 183.0


def _conformal(tau: float) -> float:
    eccentricity = math.sqrt(ECCENTRICITY_SQUARED)
    sigma = math.sinh(eccentricity * math.atanh(eccentricity * tau / math.hypot(1.0, tau)))
    return tau * math.hypot(1.0, sigma) - sigma * math.hypot(1.0, tau)


def _conformal_step(tau: float, wanted: float) -> float:
    found = _conformal(tau)
    slope = (1.0 + (1.0 - ECCENTRICITY_SQUARED) * tau**2) / (
        (1.0 - ECCENTRICITY_SQUARED) * math.hypot(1.0, found) * math.hypot(1.0, tau)
    )
    return (found - wanted) / slope
