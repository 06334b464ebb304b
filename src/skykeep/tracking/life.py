"""One scan's whole way through the tracks: gate, associate, filter, start, confirm, coast, end.

Existence is kept as log-odds. A detection adds the log of (detection probability x its density under the track / the
density of clutter), a look that missed adds log(1 - detection probability): Wald's sequential test, whose two bounds
are confirmation and end. Sources: Sittler 1964 and Blackman 1986 for the score, Musicki 1994 for existence.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.tracking.assign import assign
from skykeep.tracking.clutter import log_clutter_at, note_clutter
from skykeep.tracking.columns import (
    BORN,
    COAST_LIMIT_NS,
    COASTING,
    CONFIRM_HITS,
    CONFIRM_LOG_ODDS,
    CONFIRMED,
    DETECTION_MEMORY,
    DETECTION_PROBABILITY,
    DROP_LOG_ODDS,
    EMPTY,
    END_LOG_ODDS,
    ENDED,
    FIRST,
    HISTORY,
    HITS,
    LOG_CLUTTER,
    LOG_ODDS,
    LOOKS,
    LOST_VARIANCE,
    MISSES,
    MISSES_TELL,
    MODULATION_COUNT,
    MODULATION_MEAN,
    MOST_LOG_ODDS,
    NEW_LOG_ODDS,
    NEXT_TRACK_ID,
    NEXT_UID,
    RCS_COUNT,
    RCS_MEAN,
    RCS_SQUARES,
    RECORD,
    SEEN,
    SEEN_LOOKS,
    STALE_NS,
    START_LOG_ODDS,
    STATUS,
    SURVIVAL_S,
    TENTATIVE,
    TIME,
    TOO_LATE,
    TRACK_ID,
    UID,
    USED,
    VALUES,
    WEIGHED,
    History,
    Tracks,
)
from skykeep.tracking.filter import begin
from skykeep.tracking.gate import gate
from skykeep.tracking.recall import take_in

_S_PER_NS = 1e-9
_FADE = 0.9
"""What a look counts for after the next one, so that a track's own detection probability spans ten looks."""
_WEIGH_EVERY_NS = 500_000_000


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
    served: IntArray,
    clutter: FloatArray,
) -> None:
    """Take one scan in. `served` (detections,) becomes the uid of the track that each detection went to, or -1.

    `signatures` (detections, 2): radar cross-section and modulation. There must be room for a new track each.
    """
    used, detections = counters[USED], records.shape[0]
    start, in_view = np.empty(used + 1, dtype=np.int64), np.zeros(used, dtype=np.bool_)
    local_clutter, spread_m2 = np.empty(detections), np.empty(used)
    for d in range(detections):
        local_clutter[d] = log_clutter_at(clutter, records[d], look, time_ns * _S_PER_NS)
    candidate, ratio = gate(
        tracks, history, used, look, rules, time_ns, records, local_clutter, start, in_view, spread_m2
    )
    takes, taken_by = np.empty(used, dtype=np.int64), np.empty(detections, dtype=np.int64)
    for d in range(detections):
        taken_by[d] = served[d] = -1
    gain, chance = np.empty(start[used]), np.empty(used)
    held, hopeful = np.zeros(used, dtype=np.bool_), np.zeros(used, dtype=np.bool_)
    for row in range(used):
        takes[row] = -1
        status, value = tracks.number[row, STATUS], tracks.value[row]
        held[row] = status == CONFIRMED or status == COASTING
        hopeful[row] = status == TENTATIVE
        # How likely this look sees this track: the sensor's nominal value, moved by what the track has shown.
        chance[row] = look[DETECTION_PROBABILITY]
        if look[MISSES_TELL] > 0.0:
            seen = chance[row] * rules[DETECTION_MEMORY] + value[SEEN_LOOKS]
            chance[row] = seen / (rules[DETECTION_MEMORY] + value[LOOKS])
        if start[row] < start[row + 1]:
            present = chance[row] / (1.0 + math.exp(-value[LOG_ODDS]))
            for e in range(start[row], start[row + 1]):
                gain[e] = ratio[e] + math.log(present / (1.0 - present))
    # Who has proved to be there chooses first: newcomers get what is left, and clutter cannot starve a track.
    assign(start, candidate, gain, held, taken_by, takes)
    assign(start, candidate, gain, hopeful, taken_by, takes)
    for row in range(used):
        if not (held[row] or hopeful[row]):
            continue
        d = takes[row]
        weigh(tracks, row, time_ns, d >= 0 or in_view[row], rules)
        if d >= 0:
            served[d] = tracks.number[row, UID]
            if not take_in(
                tracks, history, row, time_ns, records[d], look[NEW_LOG_ODDS] > -math.inf, rules
            ):
                counters[TOO_LATE] += 1
            for e in range(start[row], start[row + 1]):
                if candidate[e] == d:
                    note_hit(tracks, row, time_ns, ratio[e] + math.log(chance[row]), look, rules)
            note_signature(tracks.value[row], signatures[d])
            believed = 1.0 / (1.0 + math.exp(-tracks.value[row, LOG_ODDS]))
            note_clutter(clutter, records[d], look, time_ns * _S_PER_NS, 1.0 - believed)
        elif in_view[row]:
            tracks.value[row, LOG_ODDS] += math.log(1.0 - chance[row])
            tracks.number[row, MISSES] += 1
            tracks.value[row, LOOKS] = _FADE * tracks.value[row, LOOKS] + 1.0
            tracks.value[row, SEEN_LOOKS] *= _FADE
        judge(tracks, history, row, newest_ns, spread_m2[row], rules, counters)
    if look[NEW_LOG_ODDS] > -math.inf:
        found(tracks, counters, look, rules, time_ns, records, signatures, served, local_clutter)
        for d in range(detections):
            if taken_by[d] < 0:
                note_clutter(clutter, records[d], look, time_ns * _S_PER_NS, 1.0)


@kernel
def weigh(tracks: Tracks, row: int, time_ns: int, now: bool, rules: FloatArray) -> None:
    """Let the log-odds fade by how likely a target has left unseen; not at every scan of a fast sensor."""
    gone_ns = time_ns - tracks.number[row, WEIGHED]
    if gone_ns > _WEIGH_EVERY_NS or (now and gone_ns > 0):
        p = math.exp(-gone_ns * _S_PER_NS / rules[SURVIVAL_S]) / (1.0 + math.exp(-tracks.value[row, LOG_ODDS]))
        tracks.value[row, LOG_ODDS] = math.log(p / (1.0 - p))
        tracks.number[row, WEIGHED] = time_ns


@kernel
def note_hit(
    tracks: Tracks, row: int, time_ns: int, gained: float, look: FloatArray, rules: FloatArray
) -> None:
    """Count a detection: for the track's existence, and for how well it is seen."""
    value, number = tracks.value[row], tracks.number[row]
    value[LOG_ODDS] = min(value[LOG_ODDS] + gained, rules[MOST_LOG_ODDS])
    number[HITS] += 1
    number[MISSES] = 0
    number[SEEN] = max(number[SEEN], time_ns)
    if look[MISSES_TELL] > 0.0:
        value[LOOKS] = _FADE * value[LOOKS] + 1.0
        value[SEEN_LOOKS] = _FADE * value[SEEN_LOOKS] + 1.0


@kernel
def note_signature(value: FloatArray, signature: FloatArray) -> None:
    """Carry the running mean and squared deviations of the radar cross-section, and the mean modulation."""
    if math.isfinite(signature[0]):
        value[RCS_COUNT] += 1.0
        gap = signature[0] - value[RCS_MEAN]
        value[RCS_MEAN] += gap / value[RCS_COUNT]
        value[RCS_SQUARES] += gap * (signature[0] - value[RCS_MEAN])
    if math.isfinite(signature[1]):
        value[MODULATION_COUNT] += 1.0
        value[MODULATION_MEAN] += (signature[1] - value[MODULATION_MEAN]) / value[MODULATION_COUNT]


@kernel
def judge(
    tracks: Tracks,
    history: History,
    row: int,
    newest_ns: int,
    spread_m2: float,
    rules: FloatArray,
    counters: IntArray,
) -> None:
    """Confirm, coast, drop or end one track."""
    value, number = tracks.value[row], tracks.number[row]
    unseen_ns = newest_ns - number[SEEN]
    if number[STATUS] == TENTATIVE:
        dropped = value[LOG_ODDS] < value[START_LOG_ODDS] - rules[DROP_LOG_ODDS]
        if dropped or unseen_ns > rules[STALE_NS]:
            number[STATUS] = EMPTY
            if number[HISTORY] >= 0:
                history.ring[number[HISTORY], 1] = 0
                number[HISTORY] = -1
        elif value[LOG_ODDS] >= rules[CONFIRM_LOG_ODDS] and number[HITS] >= rules[CONFIRM_HITS]:
            number[STATUS], number[TRACK_ID] = CONFIRMED, counters[NEXT_TRACK_ID]
            counters[NEXT_TRACK_ID] += 1
        return
    lost = not spread_m2 <= rules[LOST_VARIANCE] and number[MISSES] > 0
    if value[LOG_ODDS] < rules[END_LOG_ODDS] or unseen_ns > rules[COAST_LIMIT_NS] or lost:
        number[STATUS] = ENDED
    else:
        number[STATUS] = COASTING if number[MISSES] >= 2 or unseen_ns > rules[STALE_NS] else CONFIRMED


@kernel
def found(
    tracks: Tracks,
    counters: IntArray,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    records: FloatArray,
    signatures: FloatArray,
    served: IntArray,
    local_clutter: FloatArray,
) -> None:
    """Start a tentative track from every detection that no track wanted."""
    row = 0
    for d in range(records.shape[0]):
        if served[d] >= 0:
            continue
        while tracks.number[row, STATUS] != EMPTY:
            row += 1
        value, number = tracks.value[row], tracks.number[row]
        begin(tracks.x[row], tracks.P[row], tracks.mu[row], records[d], rules)
        for k in range(VALUES):
            value[k] = 0.0
        for k in range(RECORD):
            value[FIRST + k] = records[d, k]
        value[LOG_ODDS] = value[START_LOG_ODDS] = look[NEW_LOG_ODDS] + look[LOG_CLUTTER] - local_clutter[d]
        note_signature(value, signatures[d])
        number[TIME] = number[BORN] = number[SEEN] = number[WEIGHED] = time_ns
        number[STATUS], number[UID], number[TRACK_ID] = TENTATIVE, counters[NEXT_UID], -1
        number[HITS], number[MISSES], number[HISTORY] = 1, 0, -1
        served[d] = counters[NEXT_UID]
        counters[NEXT_UID] += 1
        counters[USED] = max(counters[USED], row + 1)
