"""How quantities are said in the sentences that people read, the same from every room."""

from __future__ import annotations

KILOMETRES_FROM_M = 950.0


def say_distance(distance_m: float) -> str:
    """Return e.g. `40 m`, `340 m` or `2.1 km`: tens of metres, then tenths of a kilometre."""
    if not distance_m < KILOMETRES_FROM_M:
        return f"{distance_m / 1000.0:.1f} km"
    # Not `round(distance_m, -1)`, which goes by way of the decimal digits; it says the same.
    return f"{10 * round(distance_m / 10.0)} m"
