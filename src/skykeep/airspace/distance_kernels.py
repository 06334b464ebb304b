"""How far points are from lines and outlines, compiled, many pairs at once.

Places are metres in one local frame. A segment is its two ends; a point is a segment whose ends are one.
Error: round-off; the same to the last digit as GEOS 3.14, whose formulas these are
(`geos::algorithm::Distance::pointToSegment`; tests/airspace/test_distance.py).
"""

from __future__ import annotations

import math

from skykeep.base.compile import FloatArray, IntArray, kernel


@kernel
def distances_m(
    segments: FloatArray, first: IntArray, part: IntArray, place_m: FloatArray, out_m: FloatArray
) -> None:
    """Write into `out_m` (p,), where it is not 0 already, how far each place (p, 2) is from its part.

    Part k has the `segments` (n, 4) from `first[k]` to `first[k + 1]`: east, north of either end. What has
    none is infinitely far.
    """
    for pair in range(part.shape[0]):
        if out_m[pair] == 0.0:
            continue
        x, y, least_m = place_m[pair, 0], place_m[pair, 1], math.inf
        for s in range(first[part[pair]], first[part[pair] + 1]):
            ax, ay = segments[s, 0], segments[s, 1]
            east_m, north_m = segments[s, 2] - ax, segments[s, 3] - ay
            length_m2 = east_m * east_m + north_m * north_m
            along_m2 = (x - ax) * east_m + (y - ay) * north_m
            if length_m2 == 0.0 or along_m2 / length_m2 <= 0.0:
                off_m = math.sqrt((x - ax) * (x - ax) + (y - ay) * (y - ay))
            elif along_m2 / length_m2 >= 1.0:
                bx, by = segments[s, 2], segments[s, 3]
                off_m = math.sqrt((x - bx) * (x - bx) + (y - by) * (y - by))
            else:
                across = ((ay - y) * east_m - (ax - x) * north_m) / length_m2
                off_m = abs(across) * math.sqrt(length_m2)
            least_m = min(least_m, off_m)
        out_m[pair] = least_m
