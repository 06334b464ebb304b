"""The moments at which tracks and truth are compared, and who was near whom at each.

The moments lie a step apart, on the grid of the tracks or on one that was asked for, from the first row of
either table to the last. A moment without rows is one at which nothing was stated, or nothing flew. One is
left out: t = 0, the start of a recording, where no track speaks of it, since nobody has a picture before the
first detection.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import InputError
from skykeep.scoring.match import Pairs, near_pairs
from skykeep.scoring.sets import match_within
from skykeep.scoring.tables import SAME_MOMENT_S, States, Tracks, Truth

MOST_MOMENTS = 1_000_000


class Moment(NamedTuple):
    """One moment: which rows of each table are compared, and the pairs of them (by place) that are near.

    `counted` is false before the time from which errors and distances count. `set_aside` rows of the tracks
    are those that belong to a target nobody could be blamed for.
    """

    time_s: float
    counted: bool
    truth_rows: IntArray
    track_rows: IntArray
    near: Pairs
    set_aside: int


class Grid(NamedTuple):
    """Moments `first_s + k * step_s`, `moments` of them."""

    first_s: float
    step_s: float
    moments: int

    @property
    def time_s(self) -> FloatArray:
        return self.first_s + np.arange(self.moments, dtype=np.float64) * self.step_s


def grid_of(
    truth: States,
    tracks: States,
    step_s: float | None = None,
    from_s: float | None = None,
    to_s: float | None = None,
    through_s: float | None = None,
) -> Grid:
    """Return the moments of comparison, one of which would be at `through_s`; InputError where the tables do
    not speak of the same ones.
    """
    own = [spacing_s(truth.time_s), spacing_s(tracks.time_s)]
    step = step_s if step_s is not None else max(own) or 1.0
    told = [states for states in (truth, tracks) if len(states.time_s)]
    spans = [_span(states.time_s) for states in told]
    low, high = min(span[0] for span in spans), max(span[1] for span in spans)
    if max(span[0] for span in spans) > min(span[1] for span in spans) + step:
        found = " and ".join(
            f"{states.table} from {span[0]:g} to {span[1]:g} s"
            for states, span in zip(told, spans, strict=True)
        )
        raise InputError("t", found, "times that overlap")
    own_s = float((tracks if len(tracks.time_s) else truth).time_s.min())
    anchor = own_s if through_s is None else through_s
    if from_s is not None:
        low = min(low, from_s)
    if to_s is not None:
        high = to_s
    first = math.ceil((low - anchor - SAME_MOMENT_S) / step)
    last = math.floor((high - anchor + SAME_MOMENT_S) / step)
    at_start = abs(anchor + first * step) <= SAME_MOMENT_S
    spoken_of = len(tracks.time_s) > 0 and float(tracks.time_s.min()) <= SAME_MOMENT_S
    if at_start and not spoken_of and last > first and (from_s is None or from_s > SAME_MOMENT_S):
        first += 1
    if last - first >= MOST_MOMENTS:
        must = f"at most {MOST_MOMENTS:,}; a row far from the others may be wrong"
        raise InputError("t", f"{last - first + 1:,} moments from {low:g} to {high:g} s", must)
    if last < first:
        raise InputError("t", f"from {low:g} to {high:g} s", f"at least one moment on a step of {step:g} s")
    grid = Grid(anchor + first * step, step, last - first + 1)
    for states, spacing in zip((truth, tracks), own, strict=True):
        _must_speak(states.table, states.time_s, spacing, grid)
    return grid


def spacing_s(time_s: FloatArray) -> float:
    """Return the usual time between the instants of a table, to a microsecond; 0 where there is but one."""
    apart = np.diff(np.unique(time_s))
    apart = apart[apart > SAME_MOMENT_S]
    return round(float(np.quantile(apart, 0.5, method="lower")), 6) if len(apart) else 0.0


def meet(
    truth: Truth, tracks: Tracks, grid: Grid, from_s: float, reach_m: float, gate_m: float
) -> list[Moment]:
    """Return every moment with its near pairs, closer than `reach_m`.

    A stated position whose best partner within `gate_m` is a target out of coverage is set aside: it is
    neither credited nor blamed. So are those targets.
    """
    truth_rows, truth_starts = _by_moment(truth.states, grid)
    track_rows, track_starts = _by_moment(tracks.states, grid)
    moments = []
    for k, time_s in enumerate(grid.time_s.tolist()):
        there = truth_rows[truth_starts[k] : truth_starts[k + 1]]
        said = track_rows[track_starts[k] : track_starts[k + 1]]
        covered = truth.covered[there]
        near = near_pairs(truth.states.position_m[there], tracks.states.position_m[said], reach_m)
        kept = np.ones(len(said), dtype=np.bool_)
        if not covered.all():
            best = match_within(near, gate_m)
            kept[best.second[~covered[best.first]]] = False
            near = near.only(covered[near.first] & kept[near.second])
            place, track_place = np.cumsum(covered) - 1, np.cumsum(kept) - 1
            near = Pairs(place[near.first], track_place[near.second], near.distance_m)
        moments.append(
            Moment(
                time_s=time_s,
                counted=time_s >= from_s - SAME_MOMENT_S,
                truth_rows=there[covered],
                track_rows=said[kept],
                near=near,
                set_aside=int((~kept).sum()),
            )
        )
    return moments


def _span(time_s: FloatArray) -> tuple[float, float]:
    return float(time_s.min()), float(time_s.max())


def _by_moment(states: States, grid: Grid) -> tuple[IntArray, IntArray]:
    """Return the rows on the grid, sorted by moment, and where each moment starts.

    Within a moment they stand by place, so that neither the order of rows nor a name decides anything.
    """
    k = np.round((states.time_s - grid.first_s) / grid.step_s)
    off_s = np.abs(states.time_s - (grid.first_s + k * grid.step_s))
    rows = np.flatnonzero((off_s <= SAME_MOMENT_S) & (k >= 0) & (k < grid.moments))
    east, north, up = states.position_m[rows].T
    rows = rows[np.lexsort((states.number[rows], up, north, east, k[rows]))]
    return rows, np.searchsorted(k[rows], np.arange(grid.moments + 1))


def _must_speak(name: str, time_s: FloatArray, spacing: float, grid: Grid) -> None:
    """Refuse a table that is silent at a moment only because its own instants lie beside the grid."""
    if not spacing:
        return
    instants = np.unique(time_s)
    after = np.clip(np.searchsorted(instants, grid.time_s), 1, len(instants) - 1)
    off_s = np.minimum(np.abs(instants[after] - grid.time_s), np.abs(instants[after - 1] - grid.time_s))
    beside = (off_s > SAME_MOMENT_S) & (off_s < spacing * 0.999)
    if beside.any():
        moment = float(grid.time_s[np.flatnonzero(beside)[0]])
        must = (
            f"told at every moment compared, {grid.step_s:g} s apart; --step may name a step that both have"
        )
        raise InputError(
            f"{name}: t", f"nothing at {moment:g} s, {off_s[beside][0]:g} s beside its own", must
        )
