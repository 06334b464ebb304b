"""SIAP: is each target in the picture, once, under one name, and nothing else?

The measures of the Single Integrated Air Picture (Votruba, Nisley, Rothrock and Zombro, "Single integrated
air picture metrics implementation", SIAP System Engineering Task Force, 2001). A stated position belongs to
the nearest target within the gate; several may belong to one.

* completeness: of all targets at all moments, the share that some track belongs to;
* ambiguity: tracks that belong to a target, per target that has any (1 is best);
* spuriousness: of all stated positions, the share that belongs to none;
* rate of track number change: the fewest changes of number by which each target can be followed, over the
  time that it is followed;
* longest track segment: the time of the track that belongs longest to each target, over the target's time;
* position and velocity error: the mean distance of what belongs from its target, not its root mean square.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.scoring.match import Pairs


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of moments: per target (time, in the picture, tracks on it, longest track, changes of number),
    and per track (time, on no target).
    """

    time: FloatArray
    seen: FloatArray
    belonging: FloatArray
    longest: FloatArray
    changes: FloatArray
    track_time: FloatArray
    track_spurious: FloatArray


def nearest(near: Pairs, gate_m: float) -> Pairs:
    """Return, for each second member that has a first one within the gate, the nearest pair of it."""
    near = near.only(near.distance_m < gate_m)
    near = near.only(np.lexsort((near.first, near.distance_m, near.second)))
    return near.only(np.diff(near.second, prepend=-1) != 0)


def tally(
    present: Sequence[IntArray], stated: Sequence[IntArray], owned: Sequence[Pairs], targets: int, tracks: int
) -> Tally:
    """Count. Per moment: the numbers of targets `present`, of tracks `stated`, and which are `owned` (target,
    track).
    """
    time = np.bincount(_joined(present), minlength=targets).astype(np.float64)
    track_time = np.bincount(_joined(stated), minlength=tracks).astype(np.float64)
    target, track = _joined([p.first for p in owned]), _joined([p.second for p in owned])
    moment = np.repeat(np.arange(len(owned)), [len(p.first) for p in owned])
    seen = np.unique(target * (len(owned) + 1) + moment) // (len(owned) + 1)
    pair, together = np.unique(target * max(tracks, 1) + track, return_counts=True)
    longest = np.zeros(targets)
    np.maximum.at(longest, pair // max(tracks, 1), together)
    changes = np.zeros(targets)
    order = np.argsort(target, kind="stable")
    ends = np.cumsum(np.bincount(target, minlength=targets))
    for number, rows in enumerate(np.split(order, ends[:-1]) if targets else []):
        changes[number] = fewest_changes(moment[rows], track[rows])
    return Tally(
        time=time,
        seen=np.bincount(seen, minlength=targets).astype(np.float64),
        belonging=np.bincount(target, minlength=targets).astype(np.float64),
        longest=longest,
        changes=changes,
        track_time=track_time,
        track_spurious=track_time - np.bincount(track, minlength=tracks),
    )


def fewest_changes(moment: IntArray, track: IntArray) -> int:
    """Return how often one must change the track to have one at every moment that has any.

    Taking whoever stays longest from here is best: it reaches furthest before the next change.
    """
    if len(np.unique(track)) < 2:
        return 0
    place = np.unique(moment, return_inverse=True)[1]
    belonging: list[set[int]] = [set() for _ in range(int(place.max()) + 1)]
    for k, number in zip(place.tolist(), track.tolist(), strict=True):
        belonging[k].add(number)
    changes, staying = -1, set[int]()
    for here in belonging:
        # `staying` holds all who were there ever since the last change; any of them will do.
        staying = staying & here
        if not staying:
            changes, staying = changes + 1, here
    return changes


def _joined(arrays: Sequence[IntArray]) -> IntArray:
    return np.concatenate([*arrays, np.zeros(0, dtype=np.int64)])
