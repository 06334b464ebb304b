"""Whether a target is there: the log-odds of one track, what a look adds or takes, and what follows.

A detection adds the log of (its density under the track / the density of clutter, each weighed by how likely
it is seen), a look that missed adds log(1 - detection probability): Wald's sequential test, whose two bounds
are confirmation and end. Sources: Sittler 1964 and Blackman 1986 for the score, Musicki 1994 for existence.
"""

from __future__ import annotations

import math

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import (
    AZIMUTH,
    AZIMUTH_ELEVATION,
    POSITION,
    RANGE_AZIMUTH_ELEVATION,
    difference,
)
from skykeep.tracking.amplitude import chance_of_detection
from skykeep.tracking.clutter import cell_size
from skykeep.tracking.columns import (
    ALONE,
    BOUND,
    CELL_NOMINAL,
    COAST_LIMIT_NS,
    COASTING,
    CONFIRM_HITS,
    CONFIRM_LOG_ODDS,
    CONFIRMED,
    DETECTION_MEMORY,
    DETECTION_PROBABILITY,
    DOUBT,
    DROP_LOG_ODDS,
    EMPTY,
    END_LOG_ODDS,
    ENDED,
    ENDINGS,
    GROUND,
    HISTORY,
    HITS,
    LINE_FROM,
    LOCATED,
    LOCATED_VARIANCE,
    LOG_ODDS,
    LOOK_INDEX,
    LOOK_KIND,
    LOOK_SENSOR,
    LOOKS,
    LOST_VARIANCE,
    MEASURED,
    MISSES,
    MISSES_TELL,
    MOST_LOG_ODDS,
    NEXT_TRACK_ID,
    NOTCH,
    OF_BEARING,
    PLACE,
    PLACE_GAIN,
    PLACE_RADAR,
    POSITION_TRACE,
    SEEN,
    SEEN_LOOKS,
    SERVES_TENTATIVE,
    SIGMA,
    SIGNAL,
    SLOWEST,
    STALE_NS,
    START_LOG_ODDS,
    STATUS,
    SURVIVAL_S,
    TENTATIVE,
    TIME,
    TRACK_ID,
    VELOCITY_TRACE,
    WEIGHED,
)

_S_PER_NS = 1e-9
_AZIMUTH_TELLS, _MOST_TOLD = 1.0, 1e3
_FADE = 0.9
"""What a look counts for after the next one, so that a track's own detection probability spans ten looks."""
_WEIGH_EVERY_NS = 500_000_000
_LANDS_S = 1.0
"""How long a track lives that is thought to be on or below the ground."""
_SINKS_MPS = 2.0
_LOST_WHEN_SLOW = 0.9
"""Part of the looks at a slow target that a radar with Doppler loses; sites rarely know theirs."""
_SAME_PLACE_CELLS = 2.0
"""How far, in cells of the map of clutter, a track's detections may lie apart and be of one place."""
_ELSEWHERE = 25.0
"""Log-odds against a track, from looks that tell distances, above which no bearing keeps it where it is. What
something hides from a radar is doubted less with each look, and takes some twenty seconds to get there."""
_PINNED_M = 30.0
"""Sigma of the position, all axes together, below which its place is known well enough, whoever misses."""
_NO_NARROWER = 2.0
"""A track whose volume is more than one part in so many of the place's is no narrower than it."""
_NOTCH_AGAIN = 0.3
"""Part of what was learned of a target's being slow that each look replaces by what its velocity says."""


@kernel
def weigh(value: FloatArray, number: IntArray, time_ns: int, now: bool, rules: FloatArray) -> None:
    """Let the log-odds fade by how likely a target has left unseen; not at every scan of a fast sensor."""
    gone_ns = time_ns - number[WEIGHED]
    if gone_ns > _WEIGH_EVERY_NS or (now and gone_ns > 0):
        gone_s = gone_ns * _S_PER_NS
        leaves = gone_s / rules[SURVIVAL_S] + grounded(value, number, time_ns, rules) * gone_s / _LANDS_S
        p = math.exp(-leaves) / (1.0 + math.exp(-value[LOG_ODDS]))
        value[LOG_ODDS] = math.log(p / (1.0 - p))
        number[WEIGHED] = time_ns


@kernel
def grounded(value: FloatArray, number: IntArray, time_ns: int, rules: FloatArray) -> float:
    """Return how likely a sinking target has come to the ground by now; 0 where the ground is not known."""
    if not math.isfinite(rules[GROUND]) or value[BOUND + 5] >= -_SINKS_MPS:
        return 0.0
    dt_s = max(time_ns - number[TIME], 0) * _S_PER_NS
    above_m = value[BOUND + 2] + dt_s * value[BOUND + 5] - rules[GROUND]
    sigma_m = math.sqrt(value[POSITION_TRACE] / 3.0) + dt_s * math.sqrt(value[VELOCITY_TRACE] / 3.0)
    sinks = 0.5 * math.erfc((value[BOUND + 5] + _SINKS_MPS) / math.sqrt(value[VELOCITY_TRACE] / 1.5))
    return 0.5 * math.erfc(above_m / (sigma_m * math.sqrt(2.0))) * sinks


@kernel
def range_of(look: FloatArray, mean: FloatArray) -> float:
    """Return how far a place is from the sensor."""
    e, n, u = mean[0] - look[LOOK_SENSOR], mean[1] - look[LOOK_SENSOR + 1], mean[2] - look[LOOK_SENSOR + 2]
    return math.sqrt(e * e + n * n + u * u)


@kernel
def expected_chance(
    value: FloatArray,
    look: FloatArray,
    rules: FloatArray,
    range_m: float,
    mean: FloatArray,
    echoes: FloatArray,
) -> float:
    """Return how likely the look sees this track: by its strength, that `echoes` tell, or by how often it was
    seen so far.
    """
    chance = look[DETECTION_PROBABILITY]
    if look[MISSES_TELL] > 0.0:
        seen = chance * rules[DETECTION_MEMORY] + value[SEEN_LOOKS]
        chance = seen / (rules[DETECTION_MEMORY] + value[LOOKS])
    if look[SIGNAL] > 0.0:
        # What is strong enough to be seen for certain is; a weak one may still be seen as the site says.
        chance = max(chance, chance_of_detection(echoes))
    if look[SLOWEST] > 0.0:
        rate_mps = 0.0
        for axis in range(3):
            rate_mps += (mean[axis] - look[LOOK_SENSOR + axis]) / range_m * mean[3 + axis]
        sigma_mps = math.sqrt(value[VELOCITY_TRACE] / 3.0) * math.sqrt(2.0) + 1e-3
        slow = 0.5 * (
            math.erf((look[SLOWEST] - rate_mps) / sigma_mps)
            + math.erf((look[SLOWEST] + rate_mps) / sigma_mps)
        )
        # Once slow, it may stay so: what the looks so far said is not forgotten at once.
        value[NOTCH] += _NOTCH_AGAIN * (slow - value[NOTCH])
        chance *= 1.0 - _LOST_WHEN_SLOW * value[NOTCH]
    return float(min(max(chance, 0.02), 0.99))


@kernel
def note_notch(value: FloatArray, look: FloatArray, seen: float) -> None:
    """Learn from a look of a radar with Doppler, `seen` (0 to 1) by it, if a target is too slow for it."""
    if look[SLOWEST] > 0.0:
        slow, chance = value[NOTCH], look[DETECTION_PROBABILITY]
        kept = 1.0 - _LOST_WHEN_SLOW
        if_seen = slow * kept / (1.0 - slow + slow * kept)
        missed_slow, missed_fast = slow * (1.0 - chance * kept), (1.0 - slow) * (1.0 - chance)
        if_missed = missed_slow / (missed_slow + missed_fast)
        value[NOTCH] = seen * if_seen + (1.0 - seen) * if_missed


@kernel
def note_hit(
    value: FloatArray,
    number: IntArray,
    time_ns: int,
    told: float,
    total: float,
    look: FloatArray,
    rules: FloatArray,
) -> None:
    """Count a detection that is this track's with probability `total`: for its existence, and for how well it
    is seen.
    """
    if look[MISSES_TELL] == 0.0:
        # An azimuth says that something is that way, hardly that it is this far.
        told = min(max(told, 0.0), _AZIMUTH_TELLS if look[LOOK_KIND] == AZIMUTH else _MOST_TOLD)
    value[LOG_ODDS] = min(value[LOG_ODDS] + told, rules[MOST_LOG_ODDS])
    if total > 0.5:
        number[HITS] += 1
        number[MISSES] = 0
        number[SEEN] = max(number[SEEN], time_ns)
    elif look[MISSES_TELL] > 0.0:
        number[MISSES] += 1
    if look[MISSES_TELL] > 0.0:
        value[LOOKS] = _FADE * value[LOOKS] + 1.0
        value[SEEN_LOOKS] = _FADE * value[SEEN_LOOKS] + total
        note_notch(value, look, min(total, 1.0))
    settle_doubt(value, look, min(total, 1.0))


@kernel
def settle_doubt(value: FloatArray, look: FloatArray, seen: float) -> None:
    """Take back what was said against a place as far as a look confirms it, `seen` (0 to 1): one that
    tells distances by itself, or a line of sight from elsewhere than the last.
    """
    if tells_distance(look) and look[SERVES_TENTATIVE] > 0.0:
        value[DOUBT] *= 1.0 - seen
    elif look[LOOK_KIND] == AZIMUTH_ELEVATION and seen > 0.5:
        if value[LINE_FROM] > 0.0 and value[LINE_FROM] != look[LOOK_INDEX]:
            value[DOUBT] = 0.0
        value[LINE_FROM] = look[LOOK_INDEX]


@kernel
def tells_distance(look: FloatArray) -> bool:
    """Return whether detections of a look say how far away a target is."""
    return bool(look[LOOK_KIND] == RANGE_AZIMUTH_ELEVATION or look[LOOK_KIND] == POSITION)


@kernel
def note_miss(value: FloatArray, number: IntArray, told: float, look: FloatArray) -> None:
    """Count a look that did not see this track."""
    value[LOG_ODDS] += told
    if value[PLACE_RADAR] == look[LOOK_INDEX]:
        value[PLACE_GAIN] += told
    if value[NOTCH] < 0.5:
        # What is too slow to be seen says nothing of how well it is seen else.
        value[LOOKS] = _FADE * value[LOOKS] + 1.0
        value[SEEN_LOOKS] *= _FADE
    number[MISSES] += 1
    if tells_distance(look):
        value[DOUBT] += min(told, 0.0)
    note_notch(value, look, 0.0)


@kernel
def note_place(
    value: FloatArray, look: FloatArray, record: FloatArray, gain: float, deceives: float, spread: FloatArray
) -> None:
    """Count what a radar's detection added to the log-odds with what it added about the same place before;
    where that place turns out to deceive, over a volume `deceives`, and the track, expected with variances
    `spread` (3,), is no narrower than it, take it all back.
    """
    if look[CELL_NOMINAL] == 0.0 or look[MISSES_TELL] == 0.0:
        return
    moved = value[PLACE_RADAR] == 0.0
    if moved:
        value[PLACE_RADAR] = look[LOOK_INDEX]
    elif value[PLACE_RADAR] != look[LOOK_INDEX]:
        return
    for c in range(3):
        gap = difference(RANGE_AZIMUTH_ELEVATION, c, record[MEASURED + c], value[PLACE + c])
        moved = moved or abs(gap) > _SAME_PLACE_CELLS * cell_size(look, c)
    if moved:
        value[PLACE_GAIN] = 0.0
        for c in range(3):
            value[PLACE + c] = record[MEASURED + c]
    value[PLACE_GAIN] += gain
    width = 1.0
    for c in range(3):
        width *= math.sqrt(spread[c] + record[SIGMA + c] * record[SIGMA + c])
    if 0.0 < deceives < _NO_NARROWER * width:
        value[LOG_ODDS] -= max(value[PLACE_GAIN], 0.0)
        value[PLACE_GAIN] = 0.0


@kernel
def judge(
    value: FloatArray,
    number: IntArray,
    ring: IntArray,
    newest_ns: int,
    spread_m2: float,
    rules: FloatArray,
    counters: IntArray,
) -> None:
    """Confirm, coast, drop or end one track; a dropped one gives its history back at once."""
    unseen_ns = newest_ns - number[SEEN]
    if number[STATUS] == TENTATIVE:
        dropped = value[LOG_ODDS] < value[START_LOG_ODDS] - rules[DROP_LOG_ODDS]
        if dropped or unseen_ns > rules[STALE_NS]:
            number[STATUS] = EMPTY
            if number[HISTORY] >= 0:
                ring[number[HISTORY], 1] = 0
                number[HISTORY] = -1
        elif (
            value[LOG_ODDS] >= rules[CONFIRM_LOG_ODDS]
            and number[HITS] >= rules[CONFIRM_HITS]
            and number[OF_BEARING] != ALONE
            and (number[OF_BEARING] == LOCATED or value[POSITION_TRACE] <= rules[LOCATED_VARIANCE])
        ):
            number[STATUS], number[TRACK_ID] = CONFIRMED, counters[NEXT_TRACK_ID]
            value[DOUBT] = 0.0
            counters[NEXT_TRACK_ID] += 1
        return
    lost = not spread_m2 <= rules[LOST_VARIANCE] and number[MISSES] > 0
    # On a line that bearings keep to, but not where it is thought to be: radars looked there in vain.
    elsewhere = value[DOUBT] < -_ELSEWHERE and value[POSITION_TRACE] > _PINNED_M * _PINNED_M
    if value[LOG_ODDS] < rules[END_LOG_ODDS] or unseen_ns > rules[COAST_LIMIT_NS] or lost or elsewhere:
        number[STATUS] = ENDED
        counters[ENDINGS] += 1
    else:
        number[STATUS] = COASTING if number[MISSES] >= 2 or unseen_ns > rules[STALE_NS] else CONFIRMED
