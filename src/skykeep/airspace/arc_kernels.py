"""How far apart two places are along the ground.

Places are earth-centred positions in metres, on the ellipsoid itself.
Error: under 3 mm out to 100 km (tests/airspace/test_index.py, against PROJ).
Derivation: the chord, lengthened by the arc's series with the radius of curvature that the ellipsoid has in
the direction of the chord at its middle (Euler's theorem).
"""

from __future__ import annotations

import math

from skykeep.base.compile import kernel

_A_M = 6_378_137.0
_E2 = 0.00669437999014131699613723


@kernel
def on_ellipsoid_m(longitude_deg: float, latitude_deg: float) -> tuple[float, float, float]:
    """Return the earth-centred position of a place at no height."""
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    normal_m = _A_M / math.sqrt(1.0 - _E2 * math.sin(latitude) ** 2)
    from_axis_m = normal_m * math.cos(latitude)
    return (
        from_axis_m * math.cos(longitude),
        from_axis_m * math.sin(longitude),
        normal_m * (1.0 - _E2) * math.sin(latitude),
    )


@kernel
def arc_m(a_m: tuple[float, float, float], b_m: tuple[float, float, float]) -> float:
    """Return how far apart two places on the ellipsoid are along the ground."""
    x, y, z = b_m[0] - a_m[0], b_m[1] - a_m[1], b_m[2] - a_m[2]
    chord2 = x * x + y * y + z * z
    middle_x, middle_y, middle_z = 0.5 * (a_m[0] + b_m[0]), 0.5 * (a_m[1] + b_m[1]), 0.5 * (a_m[2] + b_m[2])
    from_axis2 = middle_x * middle_x + middle_y * middle_y
    sin2 = middle_z * middle_z / (middle_z * middle_z + from_axis2 * (1.0 - _E2) ** 2)
    normal_m = _A_M / math.sqrt(1.0 - _E2 * sin2)
    meridian_m = normal_m * (1.0 - _E2) / (1.0 - _E2 * sin2)
    # How much of the chord points east.
    across = chord2 * from_axis2
    east2 = (y * middle_x - x * middle_y) ** 2 / across if across > 0.0 else 0.0
    bend = (1.0 - east2) / meridian_m + east2 / normal_m
    curve = chord2 * bend * bend
    return math.sqrt(chord2) * (1.0 + curve / 24.0 + 3.0 * curve * curve / 640.0)
