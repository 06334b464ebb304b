"""A late detection in its right place: back to the filter before it, take it in, and repeat what came after.

Exact for the associations that were made: the result is as if all had come in order
(tests/tracking/test_late.py).
"""

from __future__ import annotations

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.tracking.columns import BORN, FIRST, HISTORY, HITS, RECORD, TIME, History, Tracks, Ways, is_fresh
from skykeep.tracking.filter import begin, carry, carry_first, copy_filter, follow_first, learn, pool

_S_PER_NS = 1e-9


@kernel
def predict_rows(
    tracks: Tracks,
    history: History,
    rows: IntArray,
    time_ns: int,
    rules: FloatArray,
    mean: FloatArray,
    covariance: FloatArray,
    known: BoolArray,
    ways: Ways,
) -> None:
    """Write what was known of tracks at `time_ns` from detections until then: `mean` (n, 6), `covariance`
    (n, 6, 6), and each of the `ways` that these are the moments of.

    Before its first detection a track is looked back upon from there. `known` is False where the history
    does not reach back that far, and the rest is then the best there is.
    """
    for k in range(rows.shape[0]):
        row = rows[k]
        h, from_ns = tracks.number[row, HISTORY], tracks.number[row, TIME]
        known[k] = time_ns >= from_ns or tracks.number[row, HITS] == 1
        x, P, mu = tracks.x[row], tracks.P[row], tracks.mu[row]
        if time_ns < from_ns and h >= 0:
            depth, entry = history.time_ns.shape[1], history.ring[h, 1] - 1
            while entry > 0 and history.time_ns[h, (history.ring[h, 0] + entry) % depth] > time_ns:
                entry -= 1
            place = (history.ring[h, 0] + entry) % depth
            from_ns = history.time_ns[h, place]
            known[k] = time_ns >= from_ns or from_ns == tracks.number[row, BORN]
            x, P, mu = history.x[h, place], history.P[h, place], history.mu[h, place]
        dt_s, way = (time_ns - from_ns) * _S_PER_NS, ways.of[k]
        if way < 0:
            carry_first(x, P, mu, dt_s, rules, mean[k], covariance[k])
            continue
        ahead, ahead_P, ahead_mu = ways.x[way], ways.P[way], ways.mu[way]
        copy_filter(x, P, mu, ahead, ahead_P, ahead_mu)
        carry(ahead, ahead_P, ahead_mu, dt_s, rules)
        pool(ahead, ahead_P, ahead_mu, mean[k], covariance[k])


@kernel
def take_in(
    tracks: Tracks,
    history: History,
    row: int,
    time_ns: int,
    record: FloatArray,
    may_start: bool,
    rules: FloatArray,
    ways: Ways,
    way: int,
) -> bool:
    """Filter one detection into a track, late or not; False when it is older than all the track remembers.

    What the track was predicted to be then is one of the `ways`, unless `way` is negative.
    """
    number, depth = tracks.number[row], history.time_ns.shape[1]
    x, P, mu = tracks.x[row], tracks.P[row], tracks.mu[row]
    h = number[HISTORY]
    if h < 0:
        # No room for a history until the next scan: late detections have to wait for one.
        if time_ns < number[TIME]:
            return False
        if way >= 0:
            copy_filter(ways.x[way], ways.P[way], ways.mu[way], x, P, mu)
        else:
            carry(x, P, mu, (time_ns - number[TIME]) * _S_PER_NS, rules)
        learn(x, P, mu, record)
        number[TIME] = time_ns
        return True
    ring, times_ns = history.ring[h], history.time_ns[h]
    k = make_place(
        ring, times_ns, history.record[h], time_ns, may_start and times_ns[ring[0]] == number[BORN]
    )
    if k < 0:
        return False
    for c in range(RECORD):
        history.record[h, (ring[0] + k) % depth, c] = record[c]
    for entry in range(k, ring[1]):
        place, before = (ring[0] + entry) % depth, (ring[0] + entry - 1) % depth
        if entry == 0:
            begin(x, P, mu, history.record[h, place], rules)
            number[BORN] = times_ns[place]
            for c in range(RECORD):
                tracks.value[row, FIRST + c] = history.record[h, place, c]
        else:
            if entry == k and way >= 0:
                copy_filter(ways.x[way], ways.P[way], ways.mu[way], x, P, mu)
            else:
                carry(x, P, mu, (times_ns[place] - times_ns[before]) * _S_PER_NS, rules)
            learn(x, P, mu, history.record[h, place])
        copy_filter(x, P, mu, history.x[h, place], history.P[h, place], history.mu[h, place])
    number[TIME] = times_ns[(ring[0] + ring[1] - 1) % depth]
    return True


@kernel
def open_histories(tracks: Tracks, history: History, rows: IntArray, takes: IntArray) -> None:
    """Give a history, beginning with their first detection, to those of `rows` that now take another."""
    h = 0
    for k in range(rows.shape[0]):
        row = rows[k]
        if takes[k] < 0 or tracks.number[row, HISTORY] >= 0:
            continue
        x, P, mu = tracks.x[row], tracks.P[row], tracks.mu[row]
        if is_fresh(tracks.number[row]):
            follow_first(x, P)
        while h < history.ring.shape[0] and history.ring[h, 1] > 0:
            h += 1
        if h == history.ring.shape[0]:
            continue
        history.ring[h, 0], history.ring[h, 1] = 0, 1
        tracks.number[row, HISTORY] = h
        history.time_ns[h, 0] = tracks.number[row, TIME]
        for c in range(RECORD):
            history.record[h, 0, c] = tracks.value[row, FIRST + c]
        copy_filter(x, P, mu, history.x[h, 0], history.P[h, 0], history.mu[h, 0])


@kernel
def make_place(ring: IntArray, times_ns: IntArray, record: FloatArray, time_ns: int, may_lead: bool) -> int:
    """Open a place for an entry of `time_ns` in one history and return how many come before it; -1 for none.

    The oldest entry goes when the ring is full. Only where it `may_lead` can the new one come before all
    others.
    """
    depth, k = times_ns.shape[0], ring[1]
    while k > 0 and times_ns[(ring[0] + k - 1) % depth] > time_ns:
        k -= 1
    full = ring[1] == depth
    if (k == 0 and not may_lead) or (full and k <= 1):
        return -1
    if full:
        ring[0], ring[1], k = (ring[0] + 1) % depth, ring[1] - 1, k - 1
    for later in range(ring[1], k, -1):
        place, before = (ring[0] + later) % depth, (ring[0] + later - 1) % depth
        times_ns[place] = times_ns[before]
        for c in range(RECORD):
            record[place, c] = record[before, c]
    times_ns[(ring[0] + k) % depth] = time_ns
    ring[1] += 1
    return int(k)
