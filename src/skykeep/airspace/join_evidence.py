"""What each kind of evidence says for a track being a filed flight: natural logarithms of how much likelier
it is of that flight than of anything else in the air.

What tells again and again the same is counted once. Where a track began is one fact; what it sends is one
fact however often it is sent; where it is now is a fact that fades, and never worth much, because a flight
may stray and an intruder may cross. The figures are choices: they were set on the seeds named in
docs/permits_and_tracks.md, and judged on others.
"""

from __future__ import annotations

import math

import numpy as np
import shapely

from skykeep.airspace.join_flights import FiledFlight, FiledFlights, Start, runs
from skykeep.airspace.permits import Fixes
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.identity import ClaimTest, ClaimVerdict, Identification, TargetClass
from skykeep.domain.sensing import ClaimKind

# Drones that nobody filed: how often one appears (one in three hours over a square kilometre), and how many
# are up at any moment, each for ten minutes. Other things, birds above all, appear so many times as often.
OTHERS_PER_M2_S = 1e-6 / (3.0 * 3600.0)
OTHERS_PER_M2 = OTHERS_PER_M2_S * 600.0
OTHERS_BESIDE_DRONES = 5.0
DRONE_BEFORE = 0.4

# Where a flight is first seen: near its filed take-off, somewhere in its volume, or anywhere at all.
AT_TAKE_OFF, IN_VOLUME = 0.75, 0.22
NO_TAKE_OFF_IN_VOLUME = 0.95
ANYWHERE_M2 = 6.4e7
TAKE_OFF_SIGMAS_M = ((0.6, 80.0), (0.4, 250.0))
TAKE_OFF_SIGMA_S = 60.0
ON_TIME = 0.8
SHORTEST_WINDOW_S = 600.0
UNTIMELY = 0.02
STRAY_M = 120.0
# What is in the air when the watch begins might be anything: in a flight's volume it may well be that flight.
ALOFT_IN_VOLUME = 0.1
LEAST_ALOFT = -9.0
# The constant error that a radar and a receiver may have against each other.
REGISTRATION_M = 20.0

# How likely something else sends just this identity, and is where it says it is.
COPIED = {
    ClaimKind.REMOTE_ID: 1e-3,
    ClaimKind.NETWORK_REMOTE_ID: 3e-4,
    ClaimKind.TELEMETRY: 3e-5,
    ClaimKind.ADSB: 1e-2,
}
CONTRADICTED = -4.0
NAMES_ANOTHER = -11.0
HINTS_AT_ANOTHER = -1.0
UNTESTED_SHARE = 0.15
# Of an identity without a claim on the air: a person said so, or it was heard long enough ago.
TOLD = 3e-5
SILENT = -1.0
SILENT_FROM_S = 20.0
OPERATOR_AGREES, OPERATOR_DISAGREES = 0.5, -3.0
PILOT_SIGMA_M = 150.0
PILOT_NEAR, COPIED_PILOT_NEAR = 0.9, 0.25

INSIDE, OUTSIDE = 0.7, -2.5
WRONG_HEIGHT, TOO_FAST, ON_ROUTE, OFF_ROUTE = -1.0, -1.0, 0.4, -0.8
ROUTE_M = 80.0
SWIFT = 1.6
SWIFT_MPS = 4.0
# Looked up once: an enumeration's member takes longer to find than the probability itself.
_MULTIROTOR, _FIXED_WING = int(TargetClass.MULTIROTOR), int(TargetClass.FIXED_WING)


def began_log_odds(flight: FiledFlight, place_m: FloatArray, time_utc_ns: IntArray) -> FloatArray:
    """Return, for tracks that began at these places and times, how well that fits the flight's start."""
    best = np.full(len(place_m), -np.inf)
    for start in flight.starts:
        best = np.maximum(best, _start_density(start, place_m, time_utc_ns))
    return np.asarray(math.log(flight.flown) + np.log(best) - math.log(OTHERS_PER_M2_S))


def _start_density(start: Start, place_m: FloatArray, time_utc_ns: IntArray) -> FloatArray:
    points = shapely.points(place_m)
    window_s = max((start.to_utc_ns - start.from_utc_ns) / NS_PER_S, SHORTEST_WINDOW_S)
    early_ns, late_ns = start.from_utc_ns - 120 * NS_PER_S, start.to_utc_ns
    timely = (time_utc_ns >= early_ns) & (time_utc_ns <= late_ns)
    any_time = np.where(timely, 1.0, UNTIMELY) / window_s
    out_m = shapely.distance(start.area, points)
    inside = np.exp(-0.5 * (out_m / (2.0 * REGISTRATION_M)) ** 2) / max(start.area.area, 1e4)
    anywhere = 1.0 / ANYWHERE_M2
    if math.isnan(start.take_off_m[0]):
        share = NO_TAKE_OFF_IN_VOLUME
        return np.asarray((share * inside + (1.0 - share) * anywhere) * any_time)
    off_m = np.hypot(place_m[:, 0] - start.take_off_m[0], place_m[:, 1] - start.take_off_m[1])
    near = sum(share * normal_2d(off_m, sigma_m) for share, sigma_m in TAKE_OFF_SIGMAS_M)
    then = any_time
    if start.take_off_utc_ns is not None:
        late_s = (time_utc_ns - start.take_off_utc_ns) / NS_PER_S
        on_time = np.exp(-0.5 * (late_s / TAKE_OFF_SIGMA_S) ** 2) / (2.5066 * TAKE_OFF_SIGMA_S)
        then = ON_TIME * on_time + (1.0 - ON_TIME) * any_time
    rest = 1.0 - AT_TAKE_OFF - IN_VOLUME
    return np.asarray(AT_TAKE_OFF * near * then + (IN_VOLUME * inside + rest * anywhere) * any_time)


def aloft_log_odds(flight: FiledFlight, place_m: FloatArray) -> FloatArray:
    """Return the same for tracks that were in the air before anyone looked, seen first at these places."""
    best = np.full(len(place_m), -np.inf)
    points = shapely.points(place_m)
    for start in flight.starts:
        out_m = np.maximum(shapely.distance(start.area, points) - REGISTRATION_M, 0.0)
        density = ALOFT_IN_VOLUME / max(start.area.area, 1e4) / OTHERS_PER_M2
        best = np.maximum(best, np.maximum(math.log(density) - out_m / STRAY_M, LEAST_ALOFT))
    return np.asarray(math.log(flight.flown) + best)


def normal_2d(off_m: FloatArray, sigma_m: float) -> FloatArray:
    """Return the density per square metre so far from the middle of a round normal distribution."""
    density: FloatArray = np.exp(-0.5 * (off_m / sigma_m) ** 2) / (2.0 * math.pi * sigma_m**2)
    return density


def drone_probability(identification: Identification) -> float:
    """Return how likely a track is a drone of any kind."""
    each = identification.class_probabilities
    return each[_MULTIROTOR] + each[_FIXED_WING]


def class_log_odds(drone: FloatArray) -> FloatArray:
    """Return what the chances of being a drone (n,) say for a drone of somebody's against all that flies and
    is not filed.
    """
    drone = np.clip(drone, 1e-4, 1.0 - 1e-4)
    ratio = drone / (1.0 - drone) * (1.0 - DRONE_BEFORE) / DRONE_BEFORE
    out: FloatArray = np.log(ratio / (ratio + OTHERS_BESIDE_DRONES))
    return out


def heard_log_odds(flight: FiledFlight, identification: Identification) -> float | None:
    """Return what a track sends says for the flight; None where it sends nothing."""
    named, against, seen = [], [0.0], False
    for test in identification.claims:
        is_its = names(flight, test)
        if test.kind is ClaimKind.ADSB and not is_its:
            continue
        seen = True
        if is_its:
            named.append(_of_own(flight, test))
        elif test.verdict is ClaimVerdict.CONSISTENT:
            against.append(NAMES_ANOTHER)
        else:
            against.append(HINTS_AT_ANOTHER)
    told = identification.claimed_id
    if told and all(test.claimed_id != told for test in identification.claims):
        seen = True
        (named.append(-math.log(TOLD)) if told in flight.serials else against.append(NAMES_ANOTHER))
    if not seen:
        return None
    return max(named, default=0.0) + min(against)


def residual_m(flight: FiledFlight, identification: Identification) -> float | None:
    """Return how far off the flight's own word is that sensors agree with; None where there is none."""
    off_m = [
        test.residual_m
        for test in identification.claims
        if test.residual_m is not None and test.verdict is ClaimVerdict.CONSISTENT and names(flight, test)
    ]
    return min(off_m, default=None)


def names(flight: FiledFlight, test: ClaimTest) -> bool:
    """Return whether a claim names the flight: its serial, or its operator where no serial was filed."""
    if flight.serials:
        return test.claimed_id in flight.serials
    return bool(test.operator_id) and test.operator_id in flight.operator_ids


def _of_own(flight: FiledFlight, test: ClaimTest) -> float:
    if test.verdict is ClaimVerdict.CONTRADICTED:
        return CONTRADICTED
    worth = -math.log(COPIED[test.kind]) + _operator_log_odds(flight, test)
    return worth if test.verdict is ClaimVerdict.CONSISTENT else UNTESTED_SHARE * worth


def _operator_log_odds(flight: FiledFlight, test: ClaimTest) -> float:
    worth = 0.0
    if test.operator_id and flight.operator_ids:
        worth += OPERATOR_AGREES if test.operator_id in flight.operator_ids else OPERATOR_DISAGREES
    pilots = [start.pilot_m for start in flight.starts if not math.isnan(start.pilot_m[0])]
    if test.operator_position_enu_m is not None and pilots:
        east_m, north_m, _ = test.operator_position_enu_m
        off_m = min(math.hypot(east_m - pilot[0], north_m - pilot[1]) for pilot in pilots)
        near = float(normal_2d(np.array([off_m]), PILOT_SIGMA_M)[0]) * ANYWHERE_M2
        worth += math.log(PILOT_NEAR * near + 1.0 - PILOT_NEAR)
        worth -= math.log(COPIED_PILOT_NEAR * near + 1.0 - COPIED_PILOT_NEAR)
    return worth


def place_log_odds(flights: FiledFlights, flight: IntArray, at: Fixes, speed_mps: FloatArray) -> FloatArray:
    """Return what the places and speeds of tracks now say for flights, by their place in `flights`: one pair
    of a track and a flight after another, (p,); `at` holds columns.
    """
    filed = flights.filed
    place_m = np.stack((at.east_m, at.north_m), axis=1)
    sigma_m = np.sqrt(at.variance_m2 + REGISTRATION_M**2)
    worth = np.full(len(sigma_m), OUTSIDE)
    pair, volume = _each_of(filed.volumes, flight)
    out_m = filed.outlines.distances_m(volume, place_m[pair])
    fits = np.exp(-0.5 * (out_m / (sigma_m[pair] + 0.5 * filed.horizontal_m[flight[pair]])) ** 2)
    height = np.where(_beyond_heights(flights, volume, at.at(pair), flight[pair]), WRONG_HEIGHT, 0.0)
    np.maximum.at(worth, pair, OUTSIDE + (INSIDE - OUTSIDE) * fits + height)
    worth = worth + np.where(speed_mps > SWIFT * filed.speed_mps[flight] + SWIFT_MPS, TOO_FAST, 0.0)
    pair, route = _each_of(filed.routes, flight)
    if len(pair):
        off_m = np.full(len(worth), np.inf)
        np.minimum.at(off_m, pair, filed.paths.distances_m(route, place_m[pair]))
        on_route = np.unique(pair)
        fits = np.exp(-0.5 * (off_m[on_route] / (sigma_m[on_route] + ROUTE_M)) ** 2)
        worth[on_route] = worth[on_route] + OFF_ROUTE + (ON_ROUTE - OFF_ROUTE) * fits
    return np.asarray(worth)


def _each_of(first: IntArray, flight: IntArray) -> tuple[IntArray, IntArray]:
    """Return, pair by pair, (pair, part) for each part of its flight: those from `first[f]` to
    `first[f + 1]`.
    """
    count = first[flight + 1] - first[flight]
    pair = np.repeat(np.arange(len(flight)), count)
    return pair, runs(first[flight], count)


def _beyond_heights(flights: FiledFlights, volume: IntArray, at: Fixes, flight: IntArray) -> BoolArray:
    """Return which are beyond the heights of a volume of their flight, (p,) each."""
    filed = flights.filed
    beyond = np.zeros(len(volume), dtype=np.bool_)
    slack = filed.vertical_m[flight] + 2.0 * np.sqrt(at.variance_up_m2)
    edges = ((filed.floor_m, filed.floor_agl, -1.0), (filed.ceiling_m, filed.ceiling_agl, 1.0))
    for edge_m, agl, way in edges:
        height_m = np.where(agl[volume], at.height_agl_m, at.height_amsl_m)
        # No limit is NaN, which nothing is beyond.
        beyond |= way * (height_m - edge_m[volume]) > slack
    return beyond
