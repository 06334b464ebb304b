"""One scan's whole way through the tracks: gate, associate, filter, start, confirm, coast, end.

Existence is kept as log-odds. A detection adds the log of (detection probability x its density under the track / the
density of clutter), a look that missed adds log(1 - detection probability): Wald's sequential test, whose two bounds are
confirmation and end. Sources: Sittler 1964 and Blackman 1986 for the score, Musicki 1994 for existence.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.tracking.assign import assign
from skykeep.tracking.columns import COASTING, CONFIRMED, EMPTY, ENDED, TENTATIVE, History, Look, Rules, Tracks
from skykeep.tracking.filter import begin, combine
from skykeep.tracking.gate import gate
from skykeep.tracking.recall import take_in

_NS = 1e-9


@kernel
def probability(log_odds: float) -> float:
    """Return the probability of which `log_odds` are the log-odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))


@kernel
def detection_probability(tracks: Tracks, row: int, look: Look, rules: Rules) -> float:
    """Return how likely this look sees this track: the sensor's nominal value, moved by what the track has shown."""
    if not look.misses_tell:
        return look.detection_probability
    seen = look.detection_probability * rules.detection_memory + tracks.seen_looks[row]
    return seen / (rules.detection_memory + tracks.looks[row])


@kernel
def note_signature(signature: FloatArray, rcs_dbsm: float, modulation_db: float) -> None:
    """Carry the running mean and squared deviations of the radar cross-section, and the mean modulation."""
    if math.isfinite(rcs_dbsm):
        signature[0] += 1.0
        gap = rcs_dbsm - signature[1]
        signature[1] += gap / signature[0]
        signature[2] += gap * (rcs_dbsm - signature[1])
    if math.isfinite(modulation_db):
        signature[3] += 1.0
        signature[4] += (modulation_db - signature[4]) / signature[3]


@kernel
def process(
    tracks: Tracks,
    history: History,
    counters: IntArray,
    look: Look,
    rules: Rules,
    time_ns: int,
    newest_ns: int,
    records: FloatArray,
    sort_key: FloatArray,
    signatures: FloatArray,
    support_uid: IntArray,
) -> None:
    """Take one scan in. `support_uid` (detections,) becomes the uid of the track that each detection served, or -1.

    `counters`: rows in use, next uid, next track id, detections too late for their track's memory.
    `signatures` (detections, 2): radar cross-section and modulation.
    """
    used, detections = counters[0], records.shape[0]
    start, in_view = np.empty(used + 1, dtype=np.int64), np.zeros(used, dtype=np.bool_)
    candidate, score = gate(tracks, history, used, look, rules, time_ns, records, sort_key, start, in_view)
    takes, taken_by = np.full(used, -1, dtype=np.int64), np.full(detections, -1, dtype=np.int64)
    gain = np.empty(candidate.shape[0])
    chance = np.empty(used)
    held, hopeful = np.zeros(used, dtype=np.bool_), np.zeros(used, dtype=np.bool_)
    for row in range(used):
        held[row] = tracks.status[row] == CONFIRMED or tracks.status[row] == COASTING
        hopeful[row] = tracks.status[row] == TENTATIVE
        chance[row] = detection_probability(tracks, row, look, rules)
        for e in range(start[row], start[row + 1]):
            r = probability(tracks.log_odds[row]) * chance[row]
            gain[e] = score[e] + math.log(r) - math.log(1.0 - r)
    # Who has proved to be there chooses first: newcomers get what is left, and clutter cannot starve a track.
    assign(start, candidate, gain, held, taken_by, takes)
    assign(start, candidate, gain, hopeful, taken_by, takes)
    for row in range(used):
        if tracks.status[row] < TENTATIVE or tracks.status[row] == ENDED:
            continue
        age(tracks, row, time_ns, rules)
        d = takes[row]
        if d >= 0:
            for e in range(start[row], start[row + 1]):
                if candidate[e] == d:
                    serve(tracks, history, row, time_ns, records[d], score[e], chance[row], look, rules, counters)
            note_signature(tracks.signature[row], signatures[d, 0], signatures[d, 1])
            support_uid[d] = tracks.uid[row]
        elif in_view[row]:
            tracks.log_odds[row] += math.log(1.0 - chance[row])
            tracks.misses[row] += 1
            tracks.looks[row] = 0.9 * tracks.looks[row] + 1.0
            tracks.seen_looks[row] *= 0.9
        judge(tracks, history, row, newest_ns, rules, counters)
    if look.start_log_odds > -math.inf:
        found(tracks, counters, look, rules, time_ns, records, signatures, support_uid)


@kernel
def age(tracks: Tracks, row: int, time_ns: int, rules: Rules) -> None:
    """Let the log-odds fade by how likely a target leaves unseen."""
    gone_s = (time_ns - tracks.considered_ns[row]) * _NS
    if gone_s > 0.0:
        r = probability(tracks.log_odds[row]) * math.exp(-gone_s / rules.survival_s)
        tracks.log_odds[row] = math.log(r) - math.log(1.0 - r)
        tracks.considered_ns[row] = time_ns


@kernel
def serve(
    tracks: Tracks,
    history: History,
    row: int,
    time_ns: int,
    record: FloatArray,
    density: float,
    chance: float,
    look: Look,
    rules: Rules,
    counters: IntArray,
) -> None:
    """Give a track its detection."""
    if not take_in(tracks, history, row, time_ns, record, look.start_log_odds > -math.inf, rules):
        counters[3] += 1
    gained = density + math.log(chance)
    tracks.log_odds[row] = min(tracks.log_odds[row] + gained, rules.most_log_odds)
    tracks.hits[row] += 1
    tracks.misses[row] = 0
    tracks.seen_ns[row] = max(tracks.seen_ns[row], time_ns)
    if look.misses_tell:
        tracks.looks[row] = 0.9 * tracks.looks[row] + 1.0
        tracks.seen_looks[row] = 0.9 * tracks.seen_looks[row] + 1.0


@kernel
def judge(tracks: Tracks, history: History, row: int, newest_ns: int, rules: Rules, counters: IntArray) -> None:
    """Confirm, coast or end one track."""
    unseen_ns = newest_ns - tracks.seen_ns[row]
    if tracks.status[row] == TENTATIVE:
        dropped = tracks.log_odds[row] < tracks.start_log_odds[row] - rules.drop_log_odds
        if dropped or unseen_ns > rules.stale_ns:
            free(tracks, history, row)
        elif tracks.log_odds[row] >= rules.confirm_log_odds and tracks.hits[row] >= rules.confirm_hits:
            tracks.status[row] = CONFIRMED
            tracks.track_id[row] = counters[2]
            counters[2] += 1
        return
    mean, P = np.empty(6), np.empty((6, 6))
    ahead_s = max(newest_ns - tracks.time_ns[row], 0) * _NS
    combine(tracks.x[row], tracks.P[row], tracks.mu[row], ahead_s, rules, mean, P)
    lost = not P[0, 0] + P[1, 1] <= 2.0 * rules.lost_variance_m2
    if tracks.log_odds[row] < rules.end_log_odds or unseen_ns > rules.coast_limit_ns or lost:
        tracks.status[row] = ENDED
    elif tracks.misses[row] >= 2 or unseen_ns > rules.stale_ns:
        tracks.status[row] = COASTING
    else:
        tracks.status[row] = CONFIRMED


@kernel
def free(tracks: Tracks, history: History, row: int) -> None:
    """Give a row and its history back."""
    tracks.status[row] = EMPTY
    if tracks.history[row] >= 0:
        history.count[tracks.history[row]] = 0
        tracks.history[row] = -1


@kernel
def found(
    tracks: Tracks,
    counters: IntArray,
    look: Look,
    rules: Rules,
    time_ns: int,
    records: FloatArray,
    signatures: FloatArray,
    support_uid: IntArray,
) -> None:
    """Start a tentative track from every detection that no track wanted; there must be room for them all."""
    row = 0
    for d in range(records.shape[0]):
        if support_uid[d] >= 0:
            continue
        while tracks.status[row] != EMPTY:
            row += 1
        begin(tracks.x[row], tracks.P[row], tracks.mu[row], records[d], rules)
        tracks.time_ns[row] = tracks.born_ns[row] = tracks.seen_ns[row] = tracks.considered_ns[row] = time_ns
        tracks.first[row] = records[d]
        tracks.log_odds[row] = tracks.start_log_odds[row] = look.start_log_odds
        tracks.status[row] = TENTATIVE
        tracks.uid[row], tracks.track_id[row] = counters[1], -1
        tracks.hits[row], tracks.misses[row] = 1, 0
        tracks.looks[row] = tracks.seen_looks[row] = 0.0
        tracks.signature[row] = 0.0
        note_signature(tracks.signature[row], signatures[d, 0], signatures[d, 1])
        support_uid[d] = counters[1]
        counters[1] += 1
        counters[0] = max(counters[0], row + 1)


@kernel
def release(tracks: Tracks, history: History, counters: IntArray) -> None:
    """Give back the rows of ended tracks, and shorten the part of the columns that is in use."""
    for row in range(counters[0]):
        if tracks.status[row] == ENDED:
            free(tracks, history, row)
    while counters[0] > 0 and tracks.status[counters[0] - 1] == EMPTY:
        counters[0] -= 1
