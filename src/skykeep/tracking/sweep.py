"""The parts of one scan's way through the tracks: those that take each track for itself, and the verdict."""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.amplitude import (
    Strengths,
    expect_echoes,
    learn_missed,
    learn_section,
    log_strength_ratio,
)
from skykeep.tracking.associate import blended
from skykeep.tracking.birth import found, note_bearing
from skykeep.tracking.clutter import Clutter, learn_clutter
from skykeep.tracking.columns import (
    ALONE,
    LOG_ODDS,
    LOOK_KIND,
    NEW_LOG_ODDS,
    OF_BEARING,
    RECORD,
    SECTIONS,
    STATUS,
    TENTATIVE,
    TOO_LATE,
    UID,
    Edges,
    History,
    Sweep,
    Tracks,
    Ways,
)
from skykeep.tracking.crossing import cross, is_crossed
from skykeep.tracking.existence import (
    expected_chance,
    judge,
    note_hit,
    note_miss,
    note_place,
    range_of,
    weigh,
)
from skykeep.tracking.gate import gate
from skykeep.tracking.index import Index
from skykeep.tracking.labels import log_label_ratio, note_label
from skykeep.tracking.reach import note_bound
from skykeep.tracking.recall import predict_rows, take_in
from skykeep.tracking.records import note_signature
from skykeep.tracking.resolution import LEAST


@kernel
def find_candidates(
    tracks: Tracks,
    history: History,
    sweep: Sweep,
    first: int,
    end: int,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    records: FloatArray,
    index: Index,
    signatures: FloatArray,
    strengths: Strengths,
    local_clutter: FloatArray,
    start: IntArray,
) -> tuple[IntArray, FloatArray]:
    """Predict the tracks from `first` to `end` of the sweep and return their candidates, with what speaks for
    them; `start` (end - first + 1,) becomes where those of each begin.
    """
    part = slice(first, end)
    rows, mean, P = sweep.rows[part], sweep.mean[part], sweep.P[part]
    known, echoes = np.empty(end - first, dtype=np.bool_), np.empty(SECTIONS)
    ways = sweep.ways
    mine = Ways(ways.x, ways.P, ways.mu, ways.of[part])
    predict_rows(tracks, history, rows, time_ns, rules, mean, P, known, mine)
    candidate, ratio = gate(
        tracks,
        rows,
        mean,
        P,
        known,
        mine,
        look,
        rules,
        time_ns,
        records,
        index,
        local_clutter,
        start,
        sweep.in_view[part],
        sweep.expected[part],
    )
    for k in range(end - first):
        value = tracks.value[rows[k]]
        range_m = range_of(look, mean[k])
        sweep.range_m[first + k] = range_m
        expect_echoes(value, look, range_m, echoes)
        sweep.chance[first + k] = expected_chance(value, look, rules, range_m, mean[k], echoes)
        for e in range(start[k], start[k + 1]):
            ratio[e] += log_strength_ratio(value, strengths, candidate[e])
            ratio[e] += log_label_ratio(value, look, signatures[candidate[e], 3])
    return candidate, ratio


@kernel
def filter_rows(
    tracks: Tracks,
    history: History,
    sweep: Sweep,
    first: int,
    end: int,
    edges: Edges,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    records: FloatArray,
) -> None:
    """Filter what they were given into the tracks from `first` to `end` of the sweep; `given` becomes how
    likely that was anything, negative where it came too late.
    """
    may_lead = look[NEW_LOG_ODDS] > -math.inf and (
        look[LOOK_KIND] == RANGE_AZIMUTH_ELEVATION or look[LOOK_KIND] == POSITION
    )
    blend = np.empty(RECORD)
    for k in range(first, end):
        if sweep.takes[k] >= 0:
            sweep.given[k] = blended(records, sweep, edges, k, blend)
            row = sweep.rows[k]
            if tracks.number[row, OF_BEARING] == ALONE and is_crossed(
                tracks.value[row], tracks.number[row], look
            ):
                cross(tracks, history, row, time_ns, rules, blend)
            elif not take_in(
                tracks, history, row, time_ns, blend, may_lead, rules, sweep.ways, sweep.ways.of[k]
            ):
                sweep.given[k] *= -1.0
            note_bound(tracks, sweep.rows[k], rules, False)


@kernel
def conclude(
    tracks: Tracks,
    history: History,
    counters: IntArray,
    sweep: Sweep,
    edges: Edges,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    newest_ns: int,
    records: FloatArray,
    signatures: FloatArray,
    strengths: Strengths,
    claimed: FloatArray,
    clutter: Clutter,
    local_clutter: FloatArray,
    deceives: FloatArray,
) -> tuple[IntArray, FloatArray]:
    """Judge every track of the sweep by what it was given, learn where clutter is, and start tracks."""
    detections, start = records.shape[0], sweep.start
    most = edges.candidate.shape[0] + detections
    rests_on, weight = np.empty((most, 2), dtype=np.int64), np.empty(most)
    m, spoken_for, echoes = 0, claimed.copy(), np.empty(SECTIONS)
    for k in range(sweep.rows.shape[0]):
        row, d = sweep.rows[k], sweep.takes[k]
        value, number = tracks.value[row], tracks.number[row]
        weigh(value, number, time_ns, d >= 0 or sweep.in_view[k], rules)
        if d >= 0:
            for e in range(start[k], start[k + 1]):
                c, belief = edges.candidate[e], edges.belief[e]
                if belief >= LEAST:
                    rests_on[m, 0], rests_on[m, 1], weight[m] = number[UID], c, belief
                    spoken_for[c] = max(spoken_for[c], belief)
                    m += 1
            counters[TOO_LATE] += sweep.given[k] < 0.0
            total = abs(sweep.given[k])
            before = value[LOG_ODDS]
            note_hit(value, number, time_ns, sweep.told[k], total, look, rules)
            gain = value[LOG_ODDS] - before
            note_place(value, look, records[d], gain, deceives[d], sweep.expected[k, 1])
            if number[OF_BEARING] == ALONE and number[STATUS] == TENTATIVE:
                note_bearing(tracks, history, counters, row, look, rules, time_ns, records[d])
            if total > 0.5:
                note_signature(value, signatures[d])
                note_label(value, look, signatures[d, 3])
                learn_section(value, strengths, d)
        elif sweep.in_view[k]:
            note_miss(value, number, sweep.told[k], look)
            if number[STATUS] != TENTATIVE:
                expect_echoes(value, look, sweep.range_m[k], echoes)
                learn_missed(value, look, echoes)
        spread_m2 = sweep.P[k, 0, 0] + sweep.P[k, 1, 1]
        judge(value, number, history.ring, newest_ns, spread_m2, rules, counters)
    if look[NEW_LOG_ODDS] > -math.inf:
        learn_clutter(clutter, look, records, claimed, deceives)
        born = found(
            tracks, counters, look, rules, time_ns, records, signatures, strengths, spoken_for, local_clutter
        )
        for d in range(detections):
            if born[d] >= 0:
                rests_on[m, 0], rests_on[m, 1], weight[m] = born[d], d, 1.0
                m += 1
    return rests_on[:m], weight[:m]
