"""One scan's whole way through the tracks: gate, associate, filter, start, confirm, coast, end.

Existence is kept as log-odds. A detection adds the log of (detection probability x its density under the
track / the density of clutter), a look that missed adds log(1 - detection probability): Wald's sequential
test, whose two bounds are confirmation and end. Sources: Sittler 1964 and Blackman 1986 for the score,
Musicki 1994 for existence.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.tracking.assign import assign
from skykeep.tracking.clutter import log_clutter_at, note_clutter
from skykeep.tracking.columns import (
    BLOCKED,
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
    SERVES_TENTATIVE,
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
from skykeep.tracking.recall import predict_rows, take_in

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
    """Take one scan in. `served` (detections,) becomes the uid of the track that each detection went to, or
    -1.

    `signatures` (detections, 2): radar cross-section and modulation. There must be room for a new track each.
    """
    detections, now_s = records.shape[0], time_ns * _S_PER_NS
    rows = rows_served(tracks.number, counters[USED], look[SERVES_TENTATIVE] > 0.0)
    n = rows.shape[0]
    mean, P, known = np.empty((n, 6)), np.empty((n, 6, 6)), np.empty(n, dtype=np.bool_)
    predict_rows(tracks, history, rows, time_ns, rules, mean, P, known)
    local_clutter = np.empty(detections)
    for d in range(detections):
        local_clutter[d] = log_clutter_at(clutter, records[d], look, now_s)
    start, in_view = np.empty(n + 1, dtype=np.int64), np.empty(n, dtype=np.bool_)
    candidate, ratio = gate(
        tracks.number, rows, mean, P, known, look, rules, time_ns, records, local_clutter, start, in_view
    )
    chance, takes = np.empty(n), np.empty(n, dtype=np.int64)
    choose(tracks.value, tracks.number, rows, look, rules, start, candidate, ratio, chance, takes, served)
    for k in range(n):
        row, d = rows[k], takes[k]
        value, number = tracks.value[row], tracks.number[row]
        weigh(value, number, time_ns, d >= 0 or in_view[k], rules)
        if d >= 0:
            served[d] = number[UID]
            if not take_in(tracks, history, row, time_ns, records[d], look[NEW_LOG_ODDS] > -math.inf, rules):
                counters[TOO_LATE] += 1
            for e in range(start[k], start[k + 1]):
                if candidate[e] == d:
                    note_hit(value, number, time_ns, ratio[e] + math.log(chance[k]), look, rules)
            note_signature(value, signatures[d])
            # In a cell that is known to deceive, no track's word is taken for its detections.
            deceives = local_clutter[d] > look[LOG_CLUTTER]
            unexplained = 1.0 if deceives else 1.0 / (1.0 + math.exp(value[LOG_ODDS]))
            note_clutter(clutter, records[d], look, now_s, unexplained)
        elif in_view[k]:
            value[LOG_ODDS] += math.log(1.0 - chance[k] * (1.0 - rules[BLOCKED]))
            value[LOOKS] = _FADE * value[LOOKS] + 1.0
            value[SEEN_LOOKS] *= _FADE
            number[MISSES] += 1
        judge(value, number, history.ring, newest_ns, P[k, 0, 0] + P[k, 1, 1], rules, counters)
    if look[NEW_LOG_ODDS] > -math.inf:
        for d in range(detections):
            if served[d] < 0:
                note_clutter(clutter, records[d], look, now_s, 1.0)
        found(tracks, counters, look, rules, time_ns, records, signatures, served, local_clutter)


@kernel
def rows_served(number: IntArray, used: int, tentative_too: bool) -> IntArray:
    """Return the rows whose tracks may take a detection: not ended, and confirmed unless `tentative_too`."""
    rows, n = np.empty(used, dtype=np.int64), 0
    for row in range(used):
        status = number[row, STATUS]
        if CONFIRMED <= status <= COASTING or (status == TENTATIVE and tentative_too):
            rows[n] = row
            n += 1
    return rows[:n]


@kernel
def choose(
    value: FloatArray,
    number: IntArray,
    rows: IntArray,
    look: FloatArray,
    rules: FloatArray,
    start: IntArray,
    candidate: IntArray,
    ratio: FloatArray,
    chance: FloatArray,
    takes: IntArray,
    served: IntArray,
) -> None:
    """Decide which track takes which detection (`takes`, -1 for none), and how likely the look sees each
    (`chance`).

    `served` is all -1 afterwards.
    """
    n, detections = rows.shape[0], served.shape[0]
    gain, taken_by = np.empty(start[n]), np.empty(detections, dtype=np.int64)
    held, hopeful = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_)
    for d in range(detections):
        taken_by[d] = served[d] = -1
    for k in range(n):
        row = rows[k]
        takes[k], hopeful[k] = -1, number[row, STATUS] == TENTATIVE
        held[k] = not hopeful[k]
        # The sensor's nominal value, moved by what the track has shown.
        chance[k] = look[DETECTION_PROBABILITY]
        if look[MISSES_TELL] > 0.0:
            seen = chance[k] * rules[DETECTION_MEMORY] + value[row, SEEN_LOOKS]
            chance[k] = seen / (rules[DETECTION_MEMORY] + value[row, LOOKS])
        # Were the track there, would it explain the detection better than clutter and a miss do? That it may
        # not be there must not keep a start from its second detection; of two starts the likelier goes first.
        proved = max(value[row, LOG_ODDS] - value[row, START_LOG_ODDS], 0.0) if hopeful[k] else 0.0
        for e in range(start[k], start[k + 1]):
            gain[e] = ratio[e] + math.log(chance[k] / (1.0 - chance[k]))
            if gain[e] > 0.0:
                gain[e] += proved
    # Who has proved to be there chooses first: newcomers get what is left, and clutter cannot starve a track.
    assign(start, candidate, gain, held, taken_by, takes)
    assign(start, candidate, gain, hopeful, taken_by, takes)


@kernel
def weigh(value: FloatArray, number: IntArray, time_ns: int, now: bool, rules: FloatArray) -> None:
    """Let the log-odds fade by how likely a target has left unseen; not at every scan of a fast sensor."""
    gone_ns = time_ns - number[WEIGHED]
    if gone_ns > _WEIGH_EVERY_NS or (now and gone_ns > 0):
        p = math.exp(-gone_ns * _S_PER_NS / rules[SURVIVAL_S]) / (1.0 + math.exp(-value[LOG_ODDS]))
        value[LOG_ODDS] = math.log(p / (1.0 - p))
        number[WEIGHED] = time_ns


@kernel
def note_hit(
    value: FloatArray, number: IntArray, time_ns: int, gained: float, look: FloatArray, rules: FloatArray
) -> None:
    """Count a detection: for the track's existence, and for how well it is seen."""
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
        # Where one report is enough, as from a sensor that makes none up, no other scan is waited for.
        if value[LOG_ODDS] >= rules[CONFIRM_LOG_ODDS] and rules[CONFIRM_HITS] <= 1:
            number[STATUS], number[TRACK_ID] = CONFIRMED, counters[NEXT_TRACK_ID]
            counters[NEXT_TRACK_ID] += 1
        served[d] = counters[NEXT_UID]
        counters[NEXT_UID] += 1
        counters[USED] = max(counters[USED], row + 1)
