"""A late detection in its right place: back to the filter before it, take it in, and repeat what came after.

Exact for the associations that were made: the result is as if all had come in order (tests/tracking/test_late.py).
"""

from __future__ import annotations

from skykeep.base.compile import FloatArray, kernel
from skykeep.tracking.columns import BORN, FIRST, HISTORY, HITS, RECORD, TIME, History, Tracks
from skykeep.tracking.filter import begin, combine, step

_S_PER_NS = 1e-9


@kernel
def predict_track(
    tracks: Tracks,
    history: History,
    row: int,
    time_ns: int,
    rules: FloatArray,
    mean: FloatArray,
    covariance: FloatArray,
) -> bool:
    """Write what was known of a track at `time_ns` from detections until then; False when nothing was.

    Before its first detection a track is looked back upon from there.
    """
    h, from_ns = tracks.number[row, HISTORY], tracks.number[row, TIME]
    known = bool(time_ns >= from_ns or tracks.number[row, HITS] == 1)
    x, P, mu = tracks.x[row], tracks.P[row], tracks.mu[row]
    if time_ns < from_ns and h >= 0:
        depth, k = history.time_ns.shape[1], history.ring[h, 1] - 1
        while k > 0 and history.time_ns[h, (history.ring[h, 0] + k) % depth] > time_ns:
            k -= 1
        place = (history.ring[h, 0] + k) % depth
        from_ns = history.time_ns[h, place]
        x, P, mu = history.x[h, place], history.P[h, place], history.mu[h, place]
        known = bool(time_ns >= from_ns or from_ns == tracks.number[row, BORN])
    combine(x, P, mu, (time_ns - from_ns) * _S_PER_NS, rules, mean, covariance)
    return known


@kernel
def copy_filter(
    x: FloatArray, P: FloatArray, mu: FloatArray, to_x: FloatArray, to_P: FloatArray, to_mu: FloatArray
) -> None:
    """Copy one track's filter."""
    for m in range(mu.shape[0]):
        to_mu[m] = mu[m]
        for i in range(6):
            to_x[m, i] = x[m, i]
            for j in range(6):
                to_P[m, i, j] = P[m, i, j]


@kernel
def open_history(tracks: Tracks, history: History, row: int) -> None:
    """Give a track that has none a free history, with its present state as the first entry."""
    for h in range(history.ring.shape[0]):
        if history.ring[h, 1] == 0:
            tracks.number[row, HISTORY] = h
            history.ring[h, 0], history.ring[h, 1] = 0, 1
            history.time_ns[h, 0] = tracks.number[row, TIME]
            for k in range(RECORD):
                history.record[h, 0, k] = tracks.value[row, FIRST + k]
            copy_filter(
                tracks.x[row],
                tracks.P[row],
                tracks.mu[row],
                history.x[h, 0],
                history.P[h, 0],
                history.mu[h, 0],
            )
            return


@kernel
def take_in(
    tracks: Tracks,
    history: History,
    row: int,
    time_ns: int,
    record: FloatArray,
    may_start: bool,
    rules: FloatArray,
) -> bool:
    """Filter one detection into a track, late or not; False when it is older than all the track remembers."""
    number = tracks.number[row]
    if number[HISTORY] < 0:
        open_history(tracks, history, row)
    h = number[HISTORY]
    if h < 0:
        if time_ns < number[TIME]:
            return False
        step(tracks.x[row], tracks.P[row], tracks.mu[row], (time_ns - number[TIME]) * _S_PER_NS, record, rules)
        number[TIME] = time_ns
        return True
    ring, times_ns, depth = history.ring[h], history.time_ns[h], history.time_ns.shape[1]
    k = ring[1]
    while k > 0 and times_ns[(ring[0] + k - 1) % depth] > time_ns:
        k -= 1
    if k == 0 and not (may_start and times_ns[ring[0]] == number[BORN]):
        return False
    if ring[1] == depth:
        if k <= 1:
            return False
        ring[0], ring[1], k = (ring[0] + 1) % depth, ring[1] - 1, k - 1
    for later in range(ring[1], k, -1):
        place, before = (ring[0] + later) % depth, (ring[0] + later - 1) % depth
        times_ns[place] = times_ns[before]
        for c in range(RECORD):
            history.record[h, place, c] = history.record[h, before, c]
    place = (ring[0] + k) % depth
    times_ns[place] = time_ns
    for c in range(RECORD):
        history.record[h, place, c] = record[c]
    ring[1] += 1
    repeat_from(tracks, history, row, k, rules)
    return True


@kernel
def repeat_from(tracks: Tracks, history: History, row: int, k: int, rules: FloatArray) -> None:
    """Filter again from the history's entry `k` on; entry 0 begins the track anew."""
    number = tracks.number[row]
    h = number[HISTORY]
    ring, times_ns, depth = history.ring[h], history.time_ns[h], history.time_ns.shape[1]
    x, P, mu = tracks.x[row], tracks.P[row], tracks.mu[row]
    if 0 < k < ring[1] - 1:
        before = (ring[0] + k - 1) % depth
        copy_filter(history.x[h, before], history.P[h, before], history.mu[h, before], x, P, mu)
    for entry in range(k, ring[1]):
        place = (ring[0] + entry) % depth
        if entry == 0:
            begin(x, P, mu, history.record[h, place], rules)
            number[BORN] = times_ns[place]
            for c in range(RECORD):
                tracks.value[row, FIRST + c] = history.record[h, place, c]
        else:
            dt_s = (times_ns[place] - times_ns[(ring[0] + entry - 1) % depth]) * _S_PER_NS
            step(x, P, mu, dt_s, history.record[h, place], rules)
        copy_filter(x, P, mu, history.x[h, place], history.P[h, place], history.mu[h, place])
    number[TIME] = times_ns[(ring[0] + ring[1] - 1) % depth]


