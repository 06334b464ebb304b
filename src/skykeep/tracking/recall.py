"""A late detection in its right place: go back to the filter before it, take it in, and repeat what came after.

Exact for the associations that were made: the result is as if everything had come in order (tests/tracking/test_late.py).
"""

from __future__ import annotations

from skykeep.base.compile import FloatArray, kernel
from skykeep.tracking.columns import History, Rules, Tracks
from skykeep.tracking.filter import begin, step
from skykeep.tracking.gate import latest_before

_NS = 1e-9


@kernel
def remember(tracks: Tracks, history: History, row: int, record: FloatArray) -> None:
    """Add the present state, after `record`, as the newest entry; take a free history first where there is none."""
    h = tracks.history[row]
    if h < 0:
        for free in range(history.count.shape[0]):
            if history.count[free] == 0:
                h = free
                break
        if h < 0:
            return
        tracks.history[row] = h
        history.head[h] = 0
    depth = history.time_ns.shape[1]
    if history.count[h] == depth:
        history.head[h] = (history.head[h] + 1) % depth
        history.count[h] -= 1
    place = (history.head[h] + history.count[h]) % depth
    history.count[h] += 1
    history.time_ns[h, place] = tracks.time_ns[row]
    history.record[h, place] = record
    history.x[h, place] = tracks.x[row]
    history.P[h, place] = tracks.P[row]
    history.mu[h, place] = tracks.mu[row]


@kernel
def take_in(
    tracks: Tracks, history: History, row: int, time_ns: int, record: FloatArray, may_start: bool, rules: Rules
) -> bool:
    """Filter one detection into a track, late or not; False when it is older than all the track remembers."""
    if tracks.history[row] < 0 and tracks.hits[row] == 1:
        remember(tracks, history, row, tracks.first[row])
    x, P, mu = tracks.x[row], tracks.P[row], tracks.mu[row]
    if time_ns >= tracks.time_ns[row]:
        step(x, P, mu, (time_ns - tracks.time_ns[row]) * _NS, record, rules)
        tracks.time_ns[row] = time_ns
        remember(tracks, history, row, record)
        return True
    h = tracks.history[row]
    if h < 0:
        return False
    depth = history.time_ns.shape[1]
    k = latest_before(history, h, time_ns)
    if k == 0 and not (may_start and history.time_ns[h, history.head[h]] == tracks.born_ns[row]):
        return False
    if history.count[h] == depth:
        if k <= 1:
            return False
        history.head[h] = (history.head[h] + 1) % depth
        history.count[h] -= 1
        k -= 1
    for later in range(history.count[h], k, -1):
        place, before = (history.head[h] + later) % depth, (history.head[h] + later - 1) % depth
        history.record[h, place] = history.record[h, before]
        history.time_ns[h, place] = history.time_ns[h, before]
    place = (history.head[h] + k) % depth
    history.record[h, place], history.time_ns[h, place] = record, time_ns
    history.count[h] += 1
    repeat_from(tracks, history, row, k, rules)
    return True


@kernel
def repeat_from(tracks: Tracks, history: History, row: int, k: int, rules: Rules) -> None:
    """Filter again from the history's entry `k` on; entry 0 begins the track anew."""
    h = tracks.history[row]
    depth = history.time_ns.shape[1]
    x, P, mu = tracks.x[row], tracks.P[row], tracks.mu[row]
    if k > 0:
        before = (history.head[h] + k - 1) % depth
        x[:], P[:], mu[:] = history.x[h, before], history.P[h, before], history.mu[h, before]
    for entry in range(k, history.count[h]):
        place = (history.head[h] + entry) % depth
        if entry == 0:
            begin(x, P, mu, history.record[h, place], rules)
            tracks.first[row] = history.record[h, place]
            tracks.born_ns[row] = history.time_ns[h, place]
        else:
            before = (history.head[h] + entry - 1) % depth
            dt_s = (history.time_ns[h, place] - history.time_ns[h, before]) * _NS
            step(x, P, mu, dt_s, history.record[h, place], rules)
        history.x[h, place], history.P[h, place], history.mu[h, place] = x, P, mu
    tracks.time_ns[row] = history.time_ns[h, (history.head[h] + history.count[h] - 1) % depth]
