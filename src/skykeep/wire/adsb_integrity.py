"""How good an ADS-B position is, by what the aircraft says of it: to one standard deviation.

| says | means | DO-260B |
|---|---|---|
| NACp 11..1 | 95 % of places within 3, 10, 30 m, 0.05, 0.1, 0.3, 0.5, 1, 2, 4, 10 NM | 2.2.3.2.7.2.7 |
| NUCp 9..1 (version 0) | 95 % within 3, 10 m, 0.05, 0.1, 0.25, 0.5, 1, 5, 10 NM | DO-260 2.2.3.2.3.1 |
| NIC (type code, supplements) | true place within Rc, but for the chance that SIL gives | 2.2.3.2.7.2.6 |
| SIL 3, 2, 1 | that chance: 1e-7, 1e-5, 1e-3 an hour or a sample; 0 says nothing | 2.2.3.2.7.2.9 |
| GVA 2, 1 | 95 % of geometric heights within 45, 150 m | 2.2.3.2.7.2.8 |

A horizontal error of one sigma on each axis lies within 2.448 sigma 19 times in 20, and within
sqrt(-2 ln p) sigma but for a chance p. NACp, where given, is the accuracy; NUCp stands for it in version 0,
and without either Rc does. A receiver that has heard no version takes version 0 (DO-260B 2.2.8.2.7). What
says "unknown" (NACp 0 and no Rc) gets the width of the lowest category, 10 NM.
"""

from __future__ import annotations

import math

NAUTICAL_MILE_M = 1_852.0
WITHIN_95_OF_TWO_AXES = math.sqrt(-2.0 * math.log(0.05))
WITHIN_95_OF_ONE_AXIS = 1.959964

EPU_M = {
    11: 3.0,
    10: 10.0,
    9: 30.0,
    **{
        code: miles * NAUTICAL_MILE_M
        for code, miles in {8: 0.05, 7: 0.1, 6: 0.3, 5: 0.5, 4: 1.0, 3: 2.0, 2: 4.0, 1: 10.0}.items()
    },
}
NUCP_WITHIN_M = {
    9: 3.0,
    8: 10.0,
    **{
        code: miles * NAUTICAL_MILE_M
        for code, miles in {7: 0.05, 6: 0.1, 5: 0.25, 4: 0.5, 3: 1.0, 2: 5.0, 1: 10.0}.items()
    },
}
UNKNOWN_WITHIN_M = 10.0 * NAUTICAL_MILE_M
SIL_CHANCE = {3: 1e-7, 2: 1e-5, 1: 1e-3}
GVA_WITHIN_M = {2: 45.0, 1: 150.0}

_ONE_RC_M = {
    5: 7.5,
    6: 25.0,
    9: 7.5,
    10: 25.0,
    20: 7.5,
    21: 25.0,
    12: 0.2 * NAUTICAL_MILE_M,
    14: 1.0 * NAUTICAL_MILE_M,
    15: 2.0 * NAUTICAL_MILE_M,
    17: 20.0 * NAUTICAL_MILE_M,
}
# By supplements A and B in the air, A and C on the ground (version 2); by supplement S in version 1.
_RC_BY_TWO_M = {
    11: {(1, 1): 75.0, (0, 0): 0.1 * NAUTICAL_MILE_M},
    13: {(0, 1): 0.3 * NAUTICAL_MILE_M, (0, 0): 0.5 * NAUTICAL_MILE_M, (1, 1): 0.6 * NAUTICAL_MILE_M},
    16: {(1, 1): 4.0 * NAUTICAL_MILE_M, (0, 0): 8.0 * NAUTICAL_MILE_M},
    7: {(1, 0): 75.0, (0, 0): 0.1 * NAUTICAL_MILE_M},
    8: {(1, 1): 0.2 * NAUTICAL_MILE_M, (1, 0): 0.3 * NAUTICAL_MILE_M, (0, 1): 0.6 * NAUTICAL_MILE_M},
}
_RC_BY_ONE_M = {
    11: {1: 75.0, 0: 0.1 * NAUTICAL_MILE_M},
    13: {0: 0.5 * NAUTICAL_MILE_M, 1: 0.6 * NAUTICAL_MILE_M},
    16: {1: 4.0 * NAUTICAL_MILE_M, 0: 8.0 * NAUTICAL_MILE_M},
    7: {1: 75.0, 0: 0.1 * NAUTICAL_MILE_M},
    8: {},
}


def containment_m(type_code: int, version: int, first: int | None, second: int | None) -> float | None:
    """Return Rc, None where unknown. `first` is supplement A (S in version 1), `second` B or C.

    A supplement not heard yet, or a pair with no meaning, leaves the widest radius of the type code.
    """
    if type_code in _ONE_RC_M:
        return _ONE_RC_M[type_code]
    if type_code not in _RC_BY_TWO_M:
        return None
    if version >= 2:
        by_two = _RC_BY_TWO_M[type_code]
        if type_code == 8 and not first and not second:
            return None
        fits = [rc for (a, b), rc in by_two.items() if first in (None, a) and second in (None, b)]
        return max(fits or by_two.values())
    by_one = _RC_BY_ONE_M[type_code]
    return max(by_one.values(), default=None) if first is None else by_one.get(first)


def nucp(type_code: int) -> int:
    """Return NUCp of a position's type code, as version 0 has it."""
    if 5 <= type_code <= 8:
        return 14 - type_code
    if 9 <= type_code <= 18:
        return 18 - type_code
    return {20: 9, 21: 8}.get(type_code, 0)


def horizontal_sigma_m(
    *, nac_p: int | None = None, nuc_p: int | None = None, rc_m: float | None = None, sil: int | None = None
) -> float:
    """Return one sigma of each horizontal axis, by the best that is known."""
    if nac_p is not None and nac_p in EPU_M:
        return EPU_M[nac_p] / WITHIN_95_OF_TWO_AXES
    if nuc_p is not None and nuc_p in NUCP_WITHIN_M:
        return NUCP_WITHIN_M[nuc_p] / WITHIN_95_OF_TWO_AXES
    if rc_m is not None and rc_m > 0.0:
        chance = SIL_CHANCE.get(sil or 0, 0.05)
        return rc_m / math.sqrt(-2.0 * math.log(chance))
    return UNKNOWN_WITHIN_M / WITHIN_95_OF_TWO_AXES


def geometric_sigma_m(gva: int | None) -> float:
    """Return one sigma of a geometric height; where GVA is not known or 0, that of GVA 1."""
    return GVA_WITHIN_M.get(gva or 1, GVA_WITHIN_M[1]) / WITHIN_95_OF_ONE_AXIS
