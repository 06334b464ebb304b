"""When the sun stands at a given altitude on its way up or down: sunrise, sunset, civil twilight.

Times are seconds since 1970-01-01 UTC, angles degrees, longitude positive east. Altitude is that of the
sun's centre as geometry has it: refraction and the sun's radius are in `RISE_ALTITUDE_DEG`.
Error: under a minute out to 65 degrees of latitude from 1950 to 2100, more where the sun grazes the
horizon (tests/geo/test_sun.py: almanac numbers, and another implementation).
Derivation: mean longitude and anomaly, equation of the centre and obliquity as in Meeus, Astronomical
Algorithms (1998), chapter 25, low accuracy; put to use as the NOAA solar calculator does, each event with the
declination of its own moment.
"""

from __future__ import annotations

import math

RISE_ALTITUDE_DEG = -0.833
CIVIL_TWILIGHT_ALTITUDE_DEG = -6.0

DAY_S = 86_400.0
_J2000_UTC_S = 946_728_000.0
_CENTURY_S = 36_525.0 * DAY_S
_ROUNDS = 4


def mean_noon_utc_s(longitude_deg: float, near_utc_s: float) -> float:
    """Return the mean solar noon of a meridian that is nearest to a moment."""
    first_s = DAY_S / 2.0 - longitude_deg / 360.0 * DAY_S
    return first_s + round((near_utc_s - first_s) / DAY_S) * DAY_S


def crossing_utc_s(
    latitude_deg: float, noon_utc_s: float, altitude_deg: float, *, rising: bool
) -> float | None:
    """Return when the sun's centre passes an altitude, before noon when rising and after it otherwise.

    `noon_utc_s` is the mean solar noon of the place's meridian.

    None when it does not get there on that day: polar day, polar night, or a twilight that lasts all night.
    """
    latitude_rad = math.radians(latitude_deg)
    moment_s = noon_utc_s
    for _ in range(_ROUNDS):
        declination_rad, equation_s = _sun(moment_s)
        across = math.cos(latitude_rad) * math.cos(declination_rad)
        level = math.sin(math.radians(altitude_deg)) - math.sin(latitude_rad) * math.sin(declination_rad)
        if abs(level) > abs(across):
            return None
        half_day_s = math.degrees(math.acos(level / across)) / 360.0 * DAY_S if across else 0.0
        moment_s = noon_utc_s - equation_s + (-half_day_s if rising else half_day_s)
    return moment_s


def _sun(time_utc_s: float) -> tuple[float, float]:
    """Return the sun's declination, and by how much sundials are ahead of the mean sun."""
    t = (time_utc_s - _J2000_UTC_S) / _CENTURY_S
    longitude_rad = math.radians((280.46646 + t * (36000.76983 + t * 0.0003032)) % 360.0)
    anomaly_rad = math.radians((357.52911 + t * (35999.05029 - 0.0001537 * t)) % 360.0)
    eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    centre_deg = (
        math.sin(anomaly_rad) * (1.914602 - t * (0.004817 + 0.000014 * t))
        + math.sin(2.0 * anomaly_rad) * (0.019993 - 0.000101 * t)
        + math.sin(3.0 * anomaly_rad) * 0.000289
    )
    node_rad = math.radians(125.04 - 1934.136 * t)
    apparent_rad = longitude_rad + math.radians(centre_deg - 0.00569 - 0.00478 * math.sin(node_rad))
    obliquity_deg = 23.4392911 - t * (0.0130042 + t * (0.00000016 - 0.000000504 * t))
    obliquity_rad = math.radians(obliquity_deg + 0.00256 * math.cos(node_rad))
    declination_rad = math.asin(math.sin(obliquity_rad) * math.sin(apparent_rad))
    y = math.tan(obliquity_rad / 2.0) ** 2
    equation_rad = (
        y * math.sin(2.0 * longitude_rad)
        - 2.0 * eccentricity * math.sin(anomaly_rad)
        + 4.0 * eccentricity * y * math.sin(anomaly_rad) * math.cos(2.0 * longitude_rad)
        - 0.5 * y * y * math.sin(4.0 * longitude_rad)
        - 1.25 * eccentricity * eccentricity * math.sin(2.0 * anomaly_rad)
    )
    return declination_rad, equation_rad / (2.0 * math.pi) * DAY_S
