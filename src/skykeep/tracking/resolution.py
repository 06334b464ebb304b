"""Targets too close for a sensor to tell apart: they may share a detection, which is then their middle.

How likely two are resolved follows from where the tracks are thought to be and from the sensor's resolution
in each coordinate. Tracks that are not exclude one another less, and take of the shared detection what
moves the group, not what would draw them together. Source of the model: Koch and van Keuk 1997.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.models.measurement import AZIMUTH_ELEVATION
from skykeep.tracking.columns import LOOK_KIND, RESOLUTION, Edges, Sweep

LEAST = 0.05
"""What a track believes less than this is left alone."""


class Rivalry(NamedTuple):
    """The edges of detection d, should more than one track want it, are `rival[first[d]:first[d + 1]]`, m of
    them; `apart[apart_at[d]:]`, (m, m), is how likely each two are far enough from one another to be
    resolved, and `joint` says where any may not be.
    """

    first: IntArray
    rival: IntArray
    apart_at: IntArray
    apart: FloatArray
    joint: BoolArray


@kernel
def rivals(sweep: Sweep, candidate: IntArray, held: BoolArray, wanted: IntArray, look: FloatArray) -> Rivalry:
    """Return who competes for each detection that more than one track wants."""
    start, expected = sweep.start, sweep.expected
    detections, n = wanted.shape[0], held.shape[0]
    first, apart_at = np.zeros(detections + 1, dtype=np.int64), np.zeros(detections + 1, dtype=np.int64)
    for d in range(detections):
        m = wanted[d] if wanted[d] > 1 else 0
        first[d + 1], apart_at[d + 1] = first[d] + m, apart_at[d] + m * m
    rival, owner = np.empty(first[detections], dtype=np.int64), np.empty(first[detections], dtype=np.int64)
    filled, apart = first[:detections].copy(), np.ones(apart_at[detections])
    joint = np.zeros(detections, dtype=np.bool_)
    for k in range(n):
        for e in range(start[k], start[k + 1]):
            d = candidate[e]
            if held[k] and wanted[d] > 1:
                rival[filled[d]], owner[filled[d]] = e, k
                filled[d] += 1
    if look[RESOLUTION] > 0.0:
        for d in range(detections):
            m = first[d + 1] - first[d]
            for a in range(m):
                for b in range(a):
                    one = resolved(look, expected[owner[first[d] + a]], expected[owner[first[d] + b]])
                    apart[apart_at[d] + a * m + b] = apart[apart_at[d] + b * m + a] = one
                    joint[d] = joint[d] or one < 1.0 - LEAST
    return Rivalry(first, rival, apart_at, apart, joint)


@kernel
def resolved(look: FloatArray, one: FloatArray, other: FloatArray) -> float:
    """Return how likely the sensor sees two targets as two; `one`, `other` (2, 3) as in `expected`."""
    both = 1.0
    for c in range(3):
        width = look[RESOLUTION + c]
        if width > 0.0:
            gap = abs(one[0, c] - other[0, c])
            if width < math.pi < gap and (c == 1 or look[LOOK_KIND] == AZIMUTH_ELEVATION):
                gap = abs(gap - 2.0 * math.pi)
            sigma = math.sqrt(2.0 * (one[1, c] + other[1, c])) + 1e-9
            both *= 0.5 * (math.erf((width - gap) / sigma) + math.erf((width + gap) / sigma))
    return 1.0 - both


@kernel
def others(e: int, d: int, total: FloatArray, message: FloatArray, rivalry: Rivalry) -> float:
    """Return what all other tracks say for detection `d`, those that may share it with edge `e` less so."""
    first, rival = rivalry.first, rivalry.rival
    if not rivalry.joint[d]:
        return float(max(total[d] - message[e], 0.0))
    m = first[d + 1] - first[d]
    said, a = 0.0, 0
    while rival[first[d] + a] != e:
        a += 1
    for b in range(m):
        if b != a:
            said += message[rival[first[d] + b]] * rivalry.apart[rivalry.apart_at[d] + a * m + b]
    return said


@kernel
def displace(sweep: Sweep, edges: Edges, held: BoolArray, look: FloatArray, rivalry: Rivalry) -> None:
    """Write by how much a track's companions displace a detection that they share: to their common middle."""
    if look[RESOLUTION] <= 0.0:
        return
    start, belief, expected, pull = sweep.start, edges.belief, sweep.expected, edges.pull
    first, rival, apart_at, apart = rivalry.first, rivalry.rival, rivalry.apart_at, rivalry.apart
    owner = np.empty(start[held.shape[0]], dtype=np.int64)
    for k in range(held.shape[0]):
        for e in range(start[k], start[k + 1]):
            owner[e] = k
    for d in range(first.shape[0] - 1):
        m = first[d + 1] - first[d] if rivalry.joint[d] else 0
        for a in range(m):
            e = rival[first[d] + a]
            crowd = 1.0
            for b in range(m):
                f = rival[first[d] + b]
                share_of = belief[f] * (1.0 - apart[apart_at[d] + a * m + b])
                if b == a or share_of < LEAST:
                    continue
                crowd += share_of
                for c in range(3):
                    if math.isfinite(expected[owner[f], 0, c]):
                        gap = expected[owner[f], 0, c] - expected[owner[e], 0, c]
                        if abs(gap) > math.pi and look[RESOLUTION + c] < math.pi:
                            gap -= math.copysign(2.0 * math.pi, gap)
                        pull[e, 0, c] += share_of * gap
                        pull[e, 1, c] += share_of * (gap * gap / 3.0 + expected[owner[f], 1, c])
            for c in range(3):
                pull[e, 0, c] /= crowd
                pull[e, 1, c] /= crowd * crowd
