"""Where a radar is fooled again and again: a map of false detections over its view, learned as it goes.

Its cells are boxes in range, azimuth and elevation; each keeps how many detections it had, fading, how many
no believed track explains, how many came beside another in one look, and the mean and spread of them, range
rate too. What stands at a place is told from the cells about it, for no tree keeps to the bounds of a cell,
and counts where it keeps together:

* what no track explains, less two of them (every true track begins with as many) and the sensor's nominal
  rate, raises the density of clutter, spread as a normal distribution of the same moments;
* a place *deceives* if it gives several detections in one look as often as chance would, and no few targets
  could: of N targets that are seen m times a look come (1 - 1/N) m^2 pairs, of a thing that echoes at random
  m^2. There no track explains anything, and what raised one's existence is taken back.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.tracking.columns import (
    AZIMUTH_CELLS,
    CELL_NOMINAL,
    ELEVATION_CELLS,
    ELEVATION_MAX,
    ELEVATION_MIN,
    LOG_CLUTTER,
    LOOKS_SO_FAR,
    MEASURED,
    RANGE_CELLS,
    RANGE_MAX,
    RANGE_MIN,
    RATE_SPAN,
    SIGMA,
    SINCE_S,
    touched_pages,
)

MEMORY_S = 60.0
_UNEXPLAINED, _PAIRS, _TIMES, _TIMES_SQUARED, _SUMS, _SQUARES, _BY_TIME = 0, 1, 2, 3, 4, 8, 12
_VALUES = 15
_UNPROVEN = 2.0
_CAUTION_LOOKS = 10.0
_EVENLY = 0.1
"""Part of an excess that is spread evenly over the cells about: its moments are known from few."""
_EVEN_VARIANCE = 1.0 / 12.0
_COMPACT = 0.25
"""Variance, in cells, above which detections are strewn about; spread evenly over three cells it is 0.75."""
_MOVES, _LEAST_S2 = 9.0, 0.1
"""Square of how many standard deviations a speed must be; least variance of the times that tells one."""
_AT_RANDOM, _TELLING = 0.75, 4.0
"""Share of the pairs that chance would give, above which (and below its inverse) a place deceives; and how
well known that share must be, as its inverse standard deviation times the square root of two.
"""
_TWO_PI = 2.0 * math.pi


class Clutter(NamedTuple):
    """The map: per cell what is `kept` of its detections. The first is how many no track explains, the second
    how many pairs they make; then sums of times and of their squares, sums and sums of squares of four
    components, in cells from the lower corner, and sums of the first three by time.
    """

    seen: FloatArray  # (cells,) how many detections there were
    kept: FloatArray  # (cells, _VALUES)


def empty_clutter(cells: int) -> Clutter:
    """Return a map of so many cells; with none, nothing is learned."""
    return Clutter(touched_pages(cells), touched_pages(cells, _VALUES))


@kernel
def cell_size(look: FloatArray, component: int) -> float:
    """Return how far a cell reaches in one component; range rates have one cell, as wide as clutter's."""
    if component == 0:
        return float((look[RANGE_MAX] - look[RANGE_MIN]) / look[RANGE_CELLS])
    if component == 1:
        return float(_TWO_PI / look[AZIMUTH_CELLS])
    if component == 2:
        return float((look[ELEVATION_MAX] - look[ELEVATION_MIN]) / look[ELEVATION_CELLS])
    return float(look[RATE_SPAN])


@kernel
def locate(records: FloatArray, look: FloatArray, place: FloatArray, cell: IntArray) -> None:
    """Write where detections are, in cells: `place` (n, 4) from the lower corner of `cell` (n, 3); what is
    beyond the edge of the view belongs to the outermost.
    """
    most = (int(look[RANGE_CELLS]), int(look[AZIMUTH_CELLS]), int(look[ELEVATION_CELLS]))
    least = (look[RANGE_MIN], 0.0, look[ELEVATION_MIN])
    for d in range(records.shape[0]):
        for c in range(3):
            measured = records[d, MEASURED + c]
            part = ((measured % _TWO_PI if c == 1 else measured) - least[c]) / cell_size(look, c)
            cell[d, c] = min(max(math.floor(part), 0), most[c] - 1)
            place[d, c] = part - cell[d, c]
        place[d, 3] = records[d, MEASURED + 3] / look[RATE_SPAN]


@kernel
def first_of(range_cell: int, azimuth_cell: int, look: FloatArray) -> int:
    """Return which row of the map the lowest cell of a column is; azimuth goes round."""
    turn = int(look[AZIMUTH_CELLS])
    around = azimuth_cell + turn if azimuth_cell < 0 else azimuth_cell - turn * (azimuth_cell >= turn)
    return (around * int(look[RANGE_CELLS]) + range_cell) * int(look[ELEVATION_CELLS])


@kernel
def bounds(cell: IntArray, look: FloatArray) -> tuple[int, int, int, int]:
    """Return from and until where cells in view lie about `cell`: in range, and in elevation."""
    return (
        max(cell[0] - 1, 0),
        min(cell[0] + 2, int(look[RANGE_CELLS])),
        max(cell[2] - 1, 0),
        min(cell[2] + 2, int(look[ELEVATION_CELLS])),
    )


@kernel
def crowd(clutter: Clutter, cell: IntArray, look: FloatArray) -> tuple[float, int]:
    """Return how many detections the 27 cells about `cell` had, and how many of them are in view."""
    near, far, low, high = bounds(cell, look)
    seen = 0.0
    for around in range(cell[1] - 1, cell[1] + 2):
        for r in range(near, far):
            first = first_of(r, around, look)
            for up in range(low, high):
                seen += clutter.seen[first + up]
    return seen, 3 * (far - near) * (high - low)


@kernel
def pool(clutter: Clutter, cell: IntArray, look: FloatArray, fade: float, about: FloatArray) -> None:
    """Write what the 27 cells about `cell` keep, as seen from it, times `fade`."""
    near, far, low, high = bounds(cell, look)
    about[:] = 0.0
    for around in range(cell[1] - 1, cell[1] + 2):
        for r in range(near, far):
            for up in range(low, high):
                k = first_of(r, around, look) + up
                count, one = clutter.seen[k], clutter.kept[k]
                if count == 0.0:
                    continue
                for v in range(_SUMS):
                    about[v] += one[v]
                for c in range(4):
                    off = float((r - cell[0], around - cell[1], up - cell[2], 0)[c])
                    about[_SUMS + c] += one[_SUMS + c] + off * count
                    if c < 3:
                        about[_BY_TIME + c] += one[_BY_TIME + c] + off * one[_TIMES]
                    about[_SQUARES + c] += one[_SQUARES + c] + off * (2.0 * one[_SUMS + c] + off * count)
    about *= fade


@kernel
def clutter_about(clutter: Clutter, records: FloatArray, look: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the log of the density of clutter where each detection is, its range rate weighed against an
    even spread, and over how large a place it deceives, as the product of the standard deviations of range,
    azimuth and elevation, or 0. The map may be empty.
    """
    n = records.shape[0]
    density, deceives = np.full(n, look[LOG_CLUTTER]), np.zeros(n)
    if clutter.seen.shape[0] == 0:
        return density, deceives
    place, cell, about = np.empty((n, 4)), np.empty((n, 3), dtype=np.int64), np.empty(_VALUES)
    locate(records, look, place, cell)
    fade, looks = math.exp(-look[SINCE_S] / MEMORY_S), max(look[LOOKS_SO_FAR], 1.0)
    for d in range(n):
        count, cells = crowd(clutter, cell[d], look)
        count, nominal = count * fade, cells * look[CELL_NOMINAL]
        if count - nominal * looks <= _UNPROVEN:
            continue
        pool(clutter, cell[d], look, fade, about)
        if not is_compact(count, about, nominal * looks) or is_moving(count, about):
            continue
        per_look = (about[_UNEXPLAINED] - _UNPROVEN - nominal * looks) / (_CAUTION_LOOKS + looks)
        if is_random(count, about, nominal, looks):
            per_look = count / looks - nominal
            deceives[d] = 1.0
            for c in range(3):
                variance = moments(count, about, nominal * looks, c)[1]
                deceives[d] *= math.sqrt(max(variance, 0.0)) * cell_size(look, c)
        if per_look > 0.0:
            shape = _EVENLY / cells
            shape += (1.0 - _EVENLY) * density_of(count, about, nominal * looks, records[d], place[d], look)
            density[d] += math.log1p(per_look * shape / look[CELL_NOMINAL])
    return density, deceives


@kernel
def moments(count: float, about: FloatArray, nominal: float, component: int) -> tuple[float, float]:
    """Return mean and variance, in cells, of what stands out from the `nominal` number of detections."""
    middle, square = (0.5, 1.0) if component < 3 else (0.0, _EVEN_VARIANCE)
    count -= nominal
    mean = (about[_SUMS + component] - nominal * middle) / count
    return mean, (about[_SQUARES + component] - nominal * square) / count - mean * mean


@kernel
def is_compact(count: float, about: FloatArray, nominal: float) -> bool:
    """Return whether what stands out keeps together, as things on the ground do and traffic does not."""
    widest = 0.0
    for c in range(3):
        widest = max(widest, moments(count, about, nominal, c)[1])
    return bool(widest <= _COMPACT)


@kernel
def is_moving(count: float, about: FloatArray) -> bool:
    """Return whether detections come from ever elsewhere, more than by chance: a straight line through each
    component by time.
    """
    mean_s = about[_TIMES] / count
    spread_s2 = about[_TIMES_SQUARED] / count - mean_s * mean_s
    if spread_s2 <= _LEAST_S2:
        return False
    for c in range(3):
        mean = about[_SUMS + c] / count
        slope = (about[_BY_TIME + c] / count - mean * mean_s) / spread_s2
        rest = about[_SQUARES + c] / count - mean * mean - slope * slope * spread_s2
        if slope * slope > _MOVES * max(rest, 0.0) / (count * spread_s2):
            return True
    return False


@kernel
def is_random(count: float, about: FloatArray, nominal: float, looks: float) -> bool:
    """Return whether pairs come as of a thing that echoes at random all the time: of a target or two there
    are fewer, of many that pass by there are more.
    """
    per_look = count / looks - nominal
    if per_look * math.sqrt(looks) < _TELLING * (1.0 + nominal / per_look):
        return False
    pairs = about[_PAIRS] / looks - nominal * (2.0 * per_look + nominal)
    return bool(_AT_RANDOM < pairs / (per_look * per_look) < 1.0 / _AT_RANDOM)


@kernel
def density_of(
    count: float, about: FloatArray, nominal: float, record: FloatArray, place: FloatArray, look: FloatArray
) -> float:
    """Return the density, per cell, of a normal distribution with the moments of what stands out."""
    log_density = 0.0
    for c in range(4):
        if not math.isfinite(place[c]):
            continue
        mean, own = moments(count, about, nominal, c)
        sigma = record[SIGMA + c] / cell_size(look, c)
        own = min(max(own, sigma * sigma), 1.0)
        variance = ((count - nominal) * own + _UNPROVEN * _EVEN_VARIANCE) / (count - nominal + _UNPROVEN)
        gap = place[c] - mean
        log_density -= 0.5 * (gap * gap / variance + math.log(_TWO_PI * variance))
    return math.exp(log_density)


@kernel
def learn_clutter(
    clutter: Clutter, look: FloatArray, records: FloatArray, claimed: FloatArray, deceives: FloatArray
) -> None:
    """Count the detections of one look, explained by tracks as far as they are `claimed` (0 to 1)."""
    if clutter.seen.shape[0] == 0:
        return
    n = records.shape[0]
    place, cell, turn = np.empty((n, 4)), np.empty((n, 3), dtype=np.int64), int(look[AZIMUTH_CELLS])
    locate(records, look, place, cell)
    weight = math.exp(look[SINCE_S] / MEMORY_S)
    for d in range(n):
        k = first_of(cell[d, 0], cell[d, 1], look) + cell[d, 2]
        clutter.seen[k] += weight
        one = clutter.kept[k]
        one[_UNEXPLAINED] += weight * (1.0 if deceives[d] > 0.0 else 1.0 - claimed[d])
        one[_TIMES] += weight * look[SINCE_S]
        one[_TIMES_SQUARED] += weight * look[SINCE_S] * look[SINCE_S]
        for c in range(4):
            if c < 3:
                one[_BY_TIME + c] += weight * place[d, c] * look[SINCE_S]
            if math.isfinite(place[d, c]):
                one[_SUMS + c] += weight * place[d, c]
                one[_SQUARES + c] += weight * place[d, c] * place[d, c]
        # Sorted by azimuth: those beside it come just before it, or went just before north.
        for step in range(1, n):
            other = d - step if d >= step else d - step + n
            apart = cell[d, 1] - cell[other, 1]
            if apart > 1 or 1 - turn < apart < 0:
                break
            if abs(cell[d, 0] - cell[other, 0]) <= 1 and abs(cell[d, 2] - cell[other, 2]) <= 1:
                one[_PAIRS] += 2.0 * weight


@kernel
def fade_map(clutter: Clutter, since_s: float) -> None:
    """Let the map count from `since_s` later: its weights grow with time where others would fade."""
    fade = math.exp(-since_s / MEMORY_S)
    for k in range(clutter.seen.shape[0]):
        clutter.seen[k] *= fade
        one, count = clutter.kept[k], clutter.seen[k]
        one *= fade
        one[_TIMES_SQUARED] += since_s * (since_s * count - 2.0 * one[_TIMES])
        one[_TIMES] -= since_s * count
        for c in range(3):
            one[_BY_TIME + c] -= since_s * one[_SUMS + c]
