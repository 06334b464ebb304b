"""The published table of ground risk: how much ground a crashing aircraft endangers, and which class that is.

For comparison with tables in use (SORA 2.5, Annex F); our own footprints use `models.debris`, which counts
who is met by a falling piece. Here a body of a given size comes down at an angle, meets people over the last
1.8 m, and then slides on with what restitution leaves of its level speed, until it is slower than the speed
at which `energy_j` are left; a body of 1 m or less does not slide. For sizes between 1 m and 40 m the tables
take 0.6 of that, for what stands in its way.
Error: round-off; reproduces the five published areas at 35 degrees to 0.1 % and the published table of
classes in every populated cell (tests/house/test_physics_anchors.py).
"""

from __future__ import annotations

import math

GRAVITY_MPS2 = 9.81
PERSON_RADIUS_M, PERSON_HEIGHT_M = 0.3, 1.8
FRICTION = 0.65
ENERGY_J = 290.0
OBSTACLES = 0.6
# The published classes: size, speed, mass.
CLASSES = ((1.0, 25.0, 3.0), (3.0, 35.0, 50.0), (8.0, 75.0, 400.0), (20.0, 120.0, 5e3), (40.0, 200.0, 1e4))
# Where nobody can be who is not part of it, by size: a rule of the table, not a figure of the formula.
CONTROLLED_GROUND_CLASSES = (1, 1, 2, 3, 3)
# Upper edges of the bands of population, per km2; the last stands for all above 50,000.
BANDS_PER_KM2 = (5.0, 50.0, 500.0, 5_000.0, 50_000.0, 500_000.0)


def table_critical_area_m2(size_m: float, speed_mps: float, mass_kg: float, angle_rad: float) -> float:
    """Return the ground on which the published model has somebody met by a body, glide and slide together."""
    reach_m = PERSON_RADIUS_M + 0.5 * size_m
    half_disc_m2 = 0.5 * math.pi * reach_m**2
    area_m2 = 2.0 * reach_m * PERSON_HEIGHT_M / math.tan(angle_rad) + half_disc_m2
    if size_m > 1.0:
        # 0.8 of the level speed is left at 10 degrees, 0.6 at 90, straight between.
        left = 0.8 - 0.2 * (math.degrees(angle_rad) - 10.0) / 80.0
        squares = (left * speed_mps * math.cos(angle_rad)) ** 2 - 2.0 * ENERGY_J / mass_kg
        area_m2 += 2.0 * reach_m * max(0.0, squares) / (2.0 * FRICTION * GRAVITY_MPS2) + half_disc_m2
    return OBSTACLES * area_m2 if 1.0 < size_m < 40.0 else area_m2


def ground_risk_class(persons_per_km2: float, critical_area_m2: float) -> int:
    """Return the intrinsic ground risk class of the published formula."""
    raw = 1.0 + math.log10(persons_per_km2 * 1e-6 * critical_area_m2 / 1e-6) - 0.5
    # The table rounds to tenths, forgives one of them, and then rounds up.
    return math.ceil((round(10.0 * raw) - 1) / 10)
