"""Where a radar is fooled again and again: false detections per cell of its view, learned as it goes.

A cell is a box in range, azimuth and elevation. Detections that no believed track explains are counted in
it, each weighed by how little it is explained, and fade. Two of them prove nothing, because every true track
begins with as many; what exceeds those and the sensor's nominal rate raises the density of clutter there.
Trees, roads and turbines then start no tracks, and a target that crosses them is not pulled off its way.
"""

from __future__ import annotations

import math

from skykeep.base.compile import FloatArray, kernel
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
)

MEMORY_S = 60.0
_UNPROVEN = 2.0
_CAUTION_LOOKS = 10.0
_PEAK = 4.0
"""How much denser clutter is at its densest than on average over its cell: trees are smaller than cells."""
_TWO_PI = 2.0 * math.pi


@kernel
def cell_of(record: FloatArray, look: FloatArray) -> int:
    """Return the cell of a detection; those beyond the edge of the view belong to the outermost."""
    range_part = (record[MEASURED] - look[RANGE_MIN]) / (look[RANGE_MAX] - look[RANGE_MIN])
    turn = (record[MEASURED + 1] % _TWO_PI) / _TWO_PI
    rise = (record[MEASURED + 2] - look[ELEVATION_MIN]) / (look[ELEVATION_MAX] - look[ELEVATION_MIN])
    near = min(max(math.floor(range_part * look[RANGE_CELLS]), 0.0), look[RANGE_CELLS] - 1.0)
    around = min(math.floor(turn * look[AZIMUTH_CELLS]), look[AZIMUTH_CELLS] - 1.0)
    up = min(max(math.floor(rise * look[ELEVATION_CELLS]), 0.0), look[ELEVATION_CELLS] - 1.0)
    return int((around * look[RANGE_CELLS] + near) * look[ELEVATION_CELLS] + up)


@kernel
def log_clutter_at(clutter: FloatArray, record: FloatArray, look: FloatArray, time_s: float) -> float:
    """Return the log of the density of clutter where a detection is; `clutter` (cells, 2) may be empty."""
    nominal = float(look[LOG_CLUTTER])
    if clutter.shape[0] == 0:
        return nominal
    cell = cell_of(record, look)
    count = clutter[cell, 0] * math.exp((clutter[cell, 1] - time_s) / MEMORY_S)
    excess = count - _UNPROVEN - look[CELL_NOMINAL] * look[LOOKS_SO_FAR]
    if excess <= 0.0:
        return nominal
    return nominal + math.log1p(_PEAK * excess / (_CAUTION_LOOKS + look[LOOKS_SO_FAR]) / look[CELL_NOMINAL])


@kernel
def note_clutter(
    clutter: FloatArray, record: FloatArray, look: FloatArray, time_s: float, unexplained: float
) -> None:
    """Count a detection as `unexplained` (0 to 1) in its cell."""
    if clutter.shape[0] > 0:
        cell = cell_of(record, look)
        clutter[cell, 0] = clutter[cell, 0] * math.exp((clutter[cell, 1] - time_s) / MEMORY_S) + unexplained
        clutter[cell, 1] = time_s
