"""Every track against every asset, compiled: what is remembered of each pair, and how much each matters.

Shapes: n tracks, m assets, k rows of the picture; places (·, 2) are east and north in the site frame, in m.
Nothing is rounded or cut off: a pair's numbers are those of the formulas in `assessor`, in their order.
Error: round-off (tests/assessment/test_pairs.py, against the same in NumPy).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel

NEVER = -1
SLOWEST_MPS = 0.5
_NEAR_M = 1e-9


class Memory(NamedTuple):
    """What is remembered of each track and asset, (n, m) each. Since when it closes and when it last did, UTC
    nanoseconds or `NEVER`. Of its distance `turn_m` is the least since it last came nearer (`nearing`) or the
    greatest since it last went away, NaN before the first look; `turned_back` is how often it came and went.
    """

    since_utc_ns: IntArray
    last_utc_ns: IntArray
    turn_m: FloatArray
    nearing: BoolArray
    turned_back: IntArray


class Rings(NamedTuple):
    """The assets: places (m, 2), keep-out and warning radius, how bad a breach would be, (m,) each."""

    place_m: FloatArray
    keep_out_m: FloatArray
    warning_m: FloatArray
    consequence: FloatArray


class Flights(NamedTuple):
    """The tracks: places, the filter's velocities and those of the way made good (n, 2); how fast each gets
    on and at most could, the chance that it is without leave, whether it loiters, (n,). Of each against each
    asset (n, m): how far off, since when it closes, how often it turned back.
    """

    place_m: FloatArray
    filter_mps: FloatArray
    steady_mps: FloatArray
    ground_mps: FloatArray
    fastest_mps: FloatArray
    without_leave: FloatArray
    loiters: BoolArray
    distance_m: FloatArray
    since_utc_ns: IntArray
    turned_back: IntArray


class Numbers(NamedTuple):
    """Of the rules, what concerns a pair, under the names that it has there."""

    closing_mps: float
    response_s: float
    might_turn: float
    watching_counts: float
    loiter_aims: float
    probing_aims: float
    probes: int


class Pair(NamedTuple):
    """One track against one asset. `straight_s` is NaN where it does not close."""

    distance_m: float
    closing_mps: float
    worst_s: float
    straight_s: float
    inside: bool
    loiters: bool
    probes: bool


@kernel
def look(
    now_utc_ns: int,
    place_m: FloatArray,
    velocity_mps: FloatArray,
    asset_m: FloatArray,
    edge_m: FloatArray,
    limits: tuple[float, float, int],
    memory: Memory,
    distance_m: FloatArray,
) -> None:
    """Take one look into `memory`, and fill `distance_m` (n, m).

    `limits` are how fast it must near to be closing, how far it must come and go to turn back, and for how
    many nanoseconds it may fail to close. `edge_m` (m,) is how near a turn must be to count.
    """
    closing_mps, probe_m, patience_ns = limits
    since, last, turn, nearing, turned_back = memory
    # Without a branch, so that the compiler takes several assets at once.
    for i in range(len(place_m)):
        x_m, y_m, x_mps, y_mps = place_m[i, 0], place_m[i, 1], velocity_mps[i, 0], velocity_mps[i, 1]
        for j in range(len(asset_m)):
            east_m, north_m = x_m - asset_m[j, 0], y_m - asset_m[j, 1]
            away_m = math.sqrt(east_m * east_m + north_m * north_m)
            distance_m[i, j] = away_m
            closing = -(east_m * x_mps + north_m * y_mps) / max(away_m, _NEAR_M) > closing_mps
            seen = now_utc_ns if closing else last[i, j]
            begun = now_utc_ns if closing & (since[i, j] == NEVER) else since[i, j]
            since[i, j] = NEVER if (seen == NEVER) | (now_utc_ns - seen > patience_ns) else begun
            last[i, j] = seen
        for j in range(len(asset_m)):
            away_m, before_m, came = distance_m[i, j], turn[i, j], nearing[i, j]
            before_m = away_m if math.isnan(before_m) else before_m
            before_m = min(before_m, away_m) if came else max(before_m, away_m)
            comes = (not came) & (away_m < before_m - probe_m)
            goes = came & (away_m > before_m + probe_m)
            turned_back[i, j] += 1 if goes & (before_m <= edge_m[j]) else 0
            turn[i, j] = away_m if comes | goes else before_m
            nearing[i, j] = (came | comes) & (not goes)


@kernel
def pair_of(i: int, j: int, flights: Flights, rings: Rings, numbers: Numbers) -> Pair:
    """Return track `i` against asset `j`. It closes by the way made good, or by the filter's velocity where
    it gave up closing.
    """
    east_m = flights.place_m[i, 0] - rings.place_m[j, 0]
    north_m = flights.place_m[i, 1] - rings.place_m[j, 1]
    distance_m, keep_out_m = flights.distance_m[i, j], rings.keep_out_m[j]
    lapsed = flights.since_utc_ns[i, j] == NEVER
    east_mps = flights.filter_mps[i, 0] if lapsed else flights.steady_mps[i, 0]
    north_mps = flights.filter_mps[i, 1] if lapsed else flights.steady_mps[i, 1]
    closing_mps = -(east_m * east_mps + north_m * north_mps) / max(distance_m, _NEAR_M)
    to_go_m = max(distance_m - keep_out_m, 0.0)
    straight_s = to_go_m / max(flights.ground_mps[i], SLOWEST_MPS)
    comes = (closing_mps > numbers.closing_mps) | (distance_m <= keep_out_m)
    inside = distance_m <= rings.warning_m[j]
    return Pair(
        distance_m,
        closing_mps,
        to_go_m / flights.fastest_mps[i],
        straight_s if comes else math.nan,
        inside,
        flights.loiters[i] & inside,
        flights.turned_back[i, j] >= numbers.probes,
    )


@kernel
def sooner(time_s: float, response_s: float) -> float:
    """Return how likely it is that what takes so long comes before people could respond."""
    share = time_s / response_s
    return 1.0 / (1.0 + share * share)


@kernel
def before_response(mid_s: float, worst_s: float, inside: bool, watches: bool, numbers: Numbers) -> float:
    """Return how likely it is that a breach comes before people could respond. What does not close (`mid_s`
    is NaN) could turn in from within the warning ring (`inside`), and what watches need come no nearer.
    """
    turning = numbers.might_turn if inside else 0.0
    turning = max(turning, numbers.watching_counts) if watches else turning
    turning *= sooner(worst_s, numbers.response_s)
    closing = sooner(mid_s, numbers.response_s)
    return turning if math.isnan(mid_s) else max(closing, turning)


@kernel
def _deep(pair: Pair, keep_out_m: float, warning_m: float, numbers: Numbers) -> float:
    """Return how deep it is within the warning ring, 0 to 1, or what it counts for that it watches."""
    depth = (warning_m - pair.distance_m) / max(warning_m - keep_out_m, 1.0)
    depth = min(max(depth, 0.0), 1.0)
    depth = max(depth, numbers.loiter_aims) if pair.loiters else depth
    return max(depth, numbers.probing_aims) if pair.probes else depth


@kernel
def fill_stakes(
    rows: IntArray, flights: Flights, rings: Rings, numbers: Numbers, if_aimed: FloatArray, deep: FloatArray
) -> None:
    """Fill, (k, m) each, what the priority of each of `rows` would be if it surely were after each asset, and
    how far it is after it wherever it heads.
    """
    for k in range(len(rows)):
        for j in range(len(rings.place_m)):
            pair = pair_of(rows[k], j, flights, rings, numbers)
            watches = pair.loiters | pair.probes
            soon = before_response(pair.straight_s, pair.worst_s, pair.inside, watches, numbers)
            if_aimed[k, j] = flights.without_leave[rows[k]] * soon * rings.consequence[j]
            deep[k, j] = _deep(pair, rings.keep_out_m[j], rings.warning_m[j], numbers)


@kernel
def fill_choice(
    rows: IntArray,
    flights: Flights,
    rings: Rings,
    numbers: Numbers,
    stakes: tuple[FloatArray, FloatArray],
    aims: FloatArray,
    best: IntArray,
    at_best: FloatArray,
    most: FloatArray,
) -> None:
    """Fill for each of `rows` the asset where its priority is highest, `best` (k,); how far it is after that
    and, in order, what `Pair` says of it, `at_best` (k, 8); and what its priority can be at most, (k,).

    `stakes` are of `fill_stakes`; `aims` (k, m + 1) how likely it heads for each.
    """
    if_aimed, deep = stakes
    for k in range(len(rows)):
        highest = -math.inf
        for j in range(len(rings.place_m)):
            priority = if_aimed[k, j] * max(aims[k, j], deep[k, j])
            if priority > highest:
                highest, best[k] = priority, j
        j = best[k]
        pair = pair_of(rows[k], j, flights, rings, numbers)
        after = max(aims[k, j], deep[k, j])
        at_best[k, 0] = after
        at_best[k, 1], at_best[k, 2], at_best[k, 3] = pair.distance_m, pair.closing_mps, pair.worst_s
        at_best[k, 4], at_best[k, 5] = pair.straight_s, pair.inside
        at_best[k, 6], at_best[k, 7] = pair.loiters, pair.probes
        # Nothing comes sooner than the worst case, whatever the times to breach will be, and what turns in or
        # watches counts for a share of that.
        soonest = sooner(pair.worst_s, numbers.response_s)
        most[k] = flights.without_leave[rows[k]] * after * soonest * rings.consequence[j]


@kernel
def fill_soon(mid_s: FloatArray, at_best: FloatArray, numbers: Numbers, soon: FloatArray) -> None:
    """Fill `soon` (k,) with `before_response` by the median times to breach, `mid_s` (k,)."""
    for k in range(len(mid_s)):
        watches = at_best[k, 6] > 0.0 or at_best[k, 7] > 0.0
        soon[k] = before_response(mid_s[k], at_best[k, 3], at_best[k, 5] > 0.0, watches, numbers)


@kernel
def fill_likeliest(
    aims: FloatArray, least: float, which: IntArray, chance: FloatArray, ends: IntArray
) -> None:
    """Fill, row after row of `aims` (k, m), `which` columns are at `least` so likely and their `chance`, the
    likeliest first, of two as likely the first; and where each row's end, `ends` (k,).
    """
    end = 0
    for k in range(len(aims)):
        begin = end
        for j in range(aims.shape[1]):
            if aims[k, j] >= least:
                at = end
                while at > begin and chance[at - 1] < aims[k, j]:
                    which[at], chance[at] = which[at - 1], chance[at - 1]
                    at -= 1
                which[at], chance[at] = j, aims[k, j]
                end += 1
        ends[k] = end
