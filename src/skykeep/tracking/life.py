"""One scan's whole way through the tracks: reach, gate, associate, filter, judge, start."""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import AZIMUTH, POSITION
from skykeep.tracking.amplitude import expect_echoes, learn_missed, strengths_of
from skykeep.tracking.associate import choose
from skykeep.tracking.clutter import Clutter, clutter_about
from skykeep.tracking.columns import (
    BLOCKED,
    BOUND,
    COASTING,
    CONFIRMED,
    LOCATED,
    LOOK_KIND,
    MISSES_TELL,
    OF_BEARING,
    SECTIONS,
    SERVES_TENTATIVE,
    STATUS,
    SWEPT_NS,
    TENTATIVE,
    TIME,
    USED,
    Edges,
    History,
    Sweep,
    Tracks,
    empty_sweep,
)
from skykeep.tracking.existence import (
    expected_chance,
    judge,
    note_miss,
    range_of,
    weigh,
)
from skykeep.tracking.index import Index, index_of
from skykeep.tracking.reach import reach, rows_about
from skykeep.tracking.recall import open_histories
from skykeep.tracking.sweep import conclude, filter_rows, find_candidates

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
    clutter: Clutter,
) -> tuple[IntArray, FloatArray]:
    """Take one scan in. Return (m, 2) which track, by its uid, rests on which detection, and (m,) how likely
    that is right; `claimed` (detections,) becomes how likely a detection is some track's.

    `signatures` (detections, 4): radar cross-section, modulation, power over noise as a ratio, code of the
    label. There must be room for a new track each.
    """
    index = index_of(int(look[LOOK_KIND]), records)
    sweep = touched(tracks, counters, history, look, rules, time_ns, newest_ns, records, index)
    n = sweep.rows.shape[0]
    local_clutter, deceives = clutter_about(clutter, records, look)
    strengths = strengths_of(records, signatures, look)
    candidate, ratio = find_candidates(
        tracks,
        history,
        sweep,
        0,
        n,
        look,
        rules,
        time_ns,
        records,
        index,
        signatures,
        strengths,
        local_clutter,
        sweep.start,
    )
    edges = Edges(candidate, ratio, np.empty(sweep.start[n]), np.zeros((sweep.start[n], 2, 3)))
    choose(tracks, sweep, edges, look, rules, claimed)
    open_histories(tracks, history, sweep.rows, sweep.takes)
    filter_rows(tracks, history, sweep, 0, n, edges, look, rules, time_ns, records)
    return conclude(
        tracks,
        history,
        counters,
        sweep,
        edges,
        look,
        rules,
        time_ns,
        newest_ns,
        records,
        signatures,
        strengths,
        claimed,
        clutter,
        local_clutter,
        deceives,
    )


@kernel
def touched(
    tracks: Tracks,
    counters: IntArray,
    history: History,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    newest_ns: int,
    records: FloatArray,
    index: Index,
) -> Sweep:
    """Return a sweep over the rows that a detection may belong to.

    All others are dealt with here: they were missed, or not looked at.
    """
    # A message about one place, as Remote ID sends thousands of, touches few tracks; all others can wait.
    brief = look[MISSES_TELL] == 0.0 and newest_ns - counters[SWEPT_NS] < _SWEEP_EVERY_NS
    few = look[LOOK_KIND] == POSITION and look[SERVES_TENTATIVE] == 0.0 and 0 < records.shape[0] <= _FEW
    if brief and few:
        rows = rows_about(tracks, counters, time_ns, records, rules)
    else:
        rows = np.arange(counters[USED])
        if not brief:
            counters[SWEPT_NS] = newest_ns
    served = rows_served(tracks.number, rows, look)
    n = served.shape[0]
    near, in_view, spread_m2 = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_), np.empty(n)
    reach(tracks.value, tracks.number, served, look, rules, time_ns, index, near, in_view, spread_m2)
    rows, looked, count = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.bool_), 0
    mean, echoes = np.empty(6), np.empty(SECTIONS)
    for k in range(n):
        row = served[k]
        if near[k]:
            rows[count], looked[count] = row, in_view[k]
            count += 1
            continue
        if brief:
            continue
        value, number = tracks.value[row], tracks.number[row]
        weigh(value, number, time_ns, in_view[k], rules)
        if in_view[k]:
            for axis in range(6):
                dt_s = (time_ns - number[TIME]) * _S_PER_NS
                mean[axis] = value[BOUND + axis] + (dt_s * value[BOUND + axis + 3] if axis < 3 else 0.0)
            range_m = range_of(look, mean)
            expect_echoes(value, look, range_m, echoes)
            chance = expected_chance(value, look, rules, range_m, mean, echoes)
            note_miss(value, number, math.log(1.0 - chance * (1.0 - rules[BLOCKED])), look)
            if number[STATUS] != TENTATIVE:
                learn_missed(value, look, echoes)
        judge(value, number, history.ring, newest_ns, spread_m2[k], rules, counters)
    return empty_sweep(tracks, rows[:count], looked[:count])


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
