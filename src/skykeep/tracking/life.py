"""One scan's whole way through the tracks: reach, gate, associate, filter, judge, start."""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.models.measurement import AZIMUTH, POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.amplitude import learn_section, log_strength_ratio
from skykeep.tracking.associate import LEAST, blended, choose
from skykeep.tracking.birth import found, note_bearing
from skykeep.tracking.clutter import log_clutter_at, note_clutter
from skykeep.tracking.columns import (
    ALONE,
    BLOCKED,
    BOUND,
    COASTING,
    CONFIRMED,
    LOCATED,
    LOG_CLUTTER,
    LOOK_KIND,
    MISSES_TELL,
    NEW_LOG_ODDS,
    OF_BEARING,
    RECORD,
    SERVES_TENTATIVE,
    SIGNAL,
    STATUS,
    SWEPT_NS,
    TENTATIVE,
    TIME,
    TOO_LATE,
    UID,
    USED,
    History,
    Tracks,
)
from skykeep.tracking.existence import (
    expected_chance,
    judge,
    note_hit,
    note_miss,
    note_signature,
    range_of,
    weigh,
)
from skykeep.tracking.gate import gate
from skykeep.tracking.reach import note_bound, reach, rows_about
from skykeep.tracking.recall import predict_rows, take_in

_S_PER_NS = 1e-9
_FEW = 8
_SWEEP_EVERY_NS = 500_000_000


@kernel
def process(
    tracks: Tracks,
    history: History,
    counters: IntArray,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    newest_ns: int,
    records: FloatArray,
    signatures: FloatArray,
    claimed: FloatArray,
    clutter: FloatArray,
) -> tuple[IntArray, FloatArray]:
    """Take one scan in. Return (m, 2) which track, by its uid, rests on which detection, and (m,) how likely
    that is right; `claimed` (detections,) becomes how likely a detection is some track's.

    `signatures` (detections, 3): radar cross-section, modulation, power over noise as a ratio. There must be
    room for a new track each.
    """
    detections, now_s = records.shape[0], time_ns * _S_PER_NS
    rows, in_view = touched_rows(tracks, counters, history, look, rules, time_ns, newest_ns, records)
    n = rows.shape[0]
    mean, P, known = np.empty((n, 6)), np.empty((n, 6, 6)), np.empty(n, dtype=np.bool_)
    predict_rows(tracks, history, rows, time_ns, rules, mean, P, known)
    local_clutter = np.empty(detections)
    for d in range(detections):
        local_clutter[d] = log_clutter_at(clutter, records[d], look, now_s)
    start, expected = np.empty(n + 1, dtype=np.int64), np.zeros((n, 2, 3))
    candidate, ratio = gate(
        tracks.number,
        rows,
        mean,
        P,
        known,
        look,
        rules,
        time_ns,
        records,
        local_clutter,
        start,
        in_view,
        expected,
    )
    chance, range_m = np.empty(n), np.empty(n)
    for k in range(n):
        value = tracks.value[rows[k]]
        range_m[k] = range_of(look, mean[k])
        chance[k] = expected_chance(value, look, rules, range_m[k], mean[k])
        for e in range(start[k], start[k + 1]):
            ratio[e] += log_strength_ratio(value, look, range_m[k], signatures[candidate[e], 2])
    takes, belief, told = np.empty(n, dtype=np.int64), np.empty(start[n]), np.zeros(n)
    pull = np.zeros((start[n], 2, 3))
    choose(
        tracks.value,
        tracks.number,
        rows,
        look,
        rules,
        start,
        candidate,
        ratio,
        chance,
        expected,
        takes,
        belief,
        claimed,
        told,
        pull,
    )
    rests_on, weight = np.empty((start[n] + detections, 2), dtype=np.int64), np.empty(start[n] + detections)
    may_lead = look[NEW_LOG_ODDS] > -math.inf and (
        look[LOOK_KIND] == RANGE_AZIMUTH_ELEVATION or look[LOOK_KIND] == POSITION
    )
    m, blend, spoken_for = 0, np.empty(RECORD), claimed.copy()
    for k in range(n):
        row, d = rows[k], takes[k]
        value, number = tracks.value[row], tracks.number[row]
        weigh(value, number, time_ns, d >= 0 or in_view[k], rules)
        if d >= 0:
            for e in range(start[k], start[k + 1]):
                if belief[e] >= LEAST:
                    rests_on[m, 0], rests_on[m, 1], weight[m] = number[UID], candidate[e], belief[e]
                    spoken_for[candidate[e]] = max(spoken_for[candidate[e]], belief[e])
                    m += 1
            total = blended(records, start, candidate, belief, pull, k, d, blend)
            if not take_in(tracks, history, row, time_ns, blend, may_lead, rules):
                counters[TOO_LATE] += 1
            note_bound(tracks, row, rules)
            note_hit(value, number, time_ns, told[k], total, look, rules)
            if number[OF_BEARING] == ALONE and number[STATUS] == TENTATIVE:
                note_bearing(tracks, history, counters, row, look, rules, time_ns, records[d])
            if total > 0.5:
                note_signature(value, signatures[d])
                if look[SIGNAL] > 0.0:
                    learn_section(value, look, range_m[k], signatures[d, 2])
        elif in_view[k]:
            note_miss(value, number, told[k])
            if look[SIGNAL] > 0.0 and number[STATUS] != TENTATIVE:
                learn_section(value, look, range_m[k], np.nan)
        judge(value, number, history.ring, newest_ns, P[k, 0, 0] + P[k, 1, 1], rules, counters)
    if look[NEW_LOG_ODDS] > -math.inf:
        for d in range(detections):
            # In a cell that is known to deceive, no track's word is taken for its detections.
            deceives = local_clutter[d] > look[LOG_CLUTTER]
            note_clutter(clutter, records[d], look, now_s, 1.0 if deceives else 1.0 - claimed[d])
        born = found(tracks, counters, look, rules, time_ns, records, signatures, spoken_for, local_clutter)
        for d in range(detections):
            if born[d] >= 0:
                rests_on[m, 0], rests_on[m, 1], weight[m] = born[d], d, 1.0
                m += 1
    return rests_on[:m], weight[:m]


@kernel
def touched_rows(
    tracks: Tracks,
    counters: IntArray,
    history: History,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    newest_ns: int,
    records: FloatArray,
) -> tuple[IntArray, BoolArray]:
    """Return the rows that a detection may belong to, and which of them the sensor looked at.

    All others are dealt with here: they were missed, or not looked at.
    """
    # A message about one place, as Remote ID sends thousands of, touches few tracks; all others can wait.
    few = look[LOOK_KIND] == POSITION and look[MISSES_TELL] + look[SERVES_TENTATIVE] == 0.0
    if few and 0 < records.shape[0] <= _FEW and newest_ns - counters[SWEPT_NS] < _SWEEP_EVERY_NS:
        rows = rows_about(tracks, counters, time_ns, records, rules)
    else:
        rows = np.arange(counters[USED])
        counters[SWEPT_NS] = newest_ns
    served = rows_served(tracks.number, rows, look)
    n = served.shape[0]
    near, in_view, spread_m2 = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_), np.empty(n)
    reach(tracks.value, tracks.number, served, look, rules, time_ns, records, near, in_view, spread_m2)
    rows, looked, count = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.bool_), 0
    mean = np.empty(6)
    for k in range(n):
        row = served[k]
        if near[k]:
            rows[count], looked[count] = row, in_view[k]
            count += 1
            continue
        value, number = tracks.value[row], tracks.number[row]
        weigh(value, number, time_ns, in_view[k], rules)
        if in_view[k]:
            for axis in range(6):
                dt_s = (time_ns - number[TIME]) * _S_PER_NS
                mean[axis] = value[BOUND + axis] + (dt_s * value[BOUND + axis + 3] if axis < 3 else 0.0)
            range_m = range_of(look, mean)
            chance = expected_chance(value, look, rules, range_m, mean)
            note_miss(value, number, math.log(1.0 - chance * (1.0 - rules[BLOCKED])))
            if look[SIGNAL] > 0.0 and number[STATUS] != TENTATIVE:
                learn_section(value, look, range_m, np.nan)
        judge(value, number, history.ring, newest_ns, spread_m2[k], rules, counters)
    return rows[:count], looked[:count]


@kernel
def rows_served(number: IntArray, rows: IntArray, look: FloatArray) -> IntArray:
    """Return the rows whose tracks may take a detection of this look: all that are confirmed, and tentative
    ones where the sensor is independent of what the target says.
    """
    served, n = np.empty(rows.shape[0], dtype=np.int64), 0
    for k in range(rows.shape[0]):
        status, tentative_too = number[rows[k], STATUS], look[SERVES_TENTATIVE] > 0.0
        if look[LOOK_KIND] == AZIMUTH:
            # An azimuth alone crosses many a false start, and would confirm it.
            tentative_too = tentative_too and number[rows[k], OF_BEARING] != LOCATED
        if CONFIRMED <= status <= COASTING or (status == TENTATIVE and tentative_too):
            served[n] = rows[k]
            n += 1
    return served[:n]
