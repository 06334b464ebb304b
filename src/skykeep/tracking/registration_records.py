"""Detections less what is constantly wrong with their sensors, and those that wait to be learned from."""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.columns import CONFIRMED, KIND, MEASURED, RECORD, SENSOR, SIGMA, STATUS
from skykeep.tracking.columns import UID as TRACK_UID
from skykeep.tracking.registration_bank import (
    OWN_ERROR,
    PLACE,
    ROW,
    ROW_MAY_START,
    ROW_SENSOR,
    ROW_TIME,
    ROW_UID,
)

_ROOM = 256
_FAR_BEARING = 4.0
"""A bearing's target is taken to be at one part in so many of the coverage."""


class Waiting:
    """Detections that tracks took, held back so that late ones come in their place."""

    def __init__(self) -> None:
        self._rows = np.empty((_ROOM, ROW), dtype=np.int64)
        self._records = np.empty((_ROOM, RECORD))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(
        self,
        sensor_index: int,
        time_ns: int,
        records: FloatArray,
        rests_on: IntArray,
        weight: FloatArray,
        sure: float,
    ) -> bool:
        """Hold those of `records` (n, RECORD), measured at `time_ns` by the sensor's own clock, that tracks
        rest on, `rests_on` (m, 2), with a `weight` (m,) above `sure`; return whether there was any.
        """
        while self._count + len(rests_on) > len(self._rows):
            self._rows = np.concatenate((self._rows, np.empty_like(self._rows)))
            self._records = np.concatenate((self._records, np.empty_like(self._records)))
        before = self._count
        self._count = hold(
            self._rows, self._records, before, sensor_index, time_ns, records, rests_on, weight, sure
        )
        return self._count > before

    def drop(self, track_uid: int) -> None:
        """Let go of what a track took."""
        held = self._rows[: self._count]
        self._keep(held[:, ROW_UID] != track_uid)

    def take(
        self, until_ns: int, clock_ns: IntArray, error: FloatArray, factor: FloatArray, told: IntArray
    ) -> tuple[IntArray, FloatArray]:
        """Return those from until `until_ns` in order of time, for `absorb`, and hold them no more.

        `clock_ns` (S,) and `error` (S, ERRORS) are what the sensors' clocks and all else are taken to be off
        by, `factor` (S, 4) what their sigmas are multiplied with, `told` (S,) is 1 for those by which targets
        speak of themselves. ROW_MAY_START says only whether a target can start at such a detection.
        """
        ready = self._rows[: self._count, ROW_TIME] <= until_ns
        rows, records = self._rows[: self._count][ready], self._records[: self._count][ready]
        self._keep(~ready)
        rows[:, ROW_TIME] -= clock_ns[rows[:, ROW_SENSOR]]
        order = np.argsort(rows[:, ROW_TIME], kind="stable")
        rows = rows[order]
        return rows, lessened(rows, records[order], error, factor, told)

    def _keep(self, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        rows, records = self._rows[: self._count][kept], self._records[: self._count][kept]
        self._count = len(rows)
        self._rows[: self._count], self._records[: self._count] = rows, records


@kernel
def hold(
    held: IntArray,
    held_records: FloatArray,
    count: int,
    sensor_index: int,
    time_ns: int,
    records: FloatArray,
    rests_on: IntArray,
    weight: FloatArray,
    sure: float,
) -> int:
    """Write what `Waiting.add` holds after the first `count`; return how many there are then."""
    for k in range(rests_on.shape[0]):
        if weight[k] > sure:
            held[count, ROW_UID], held[count, ROW_SENSOR] = rests_on[k, 0], sensor_index
            held[count, ROW_TIME] = time_ns
            for c in range(RECORD):
                held_records[count, c] = records[rests_on[k, 1], c]
            count += 1
    return count


@kernel
def lessened(
    rows: IntArray, records: FloatArray, error: FloatArray, factor: FloatArray, told: IntArray
) -> FloatArray:
    """Return `records` (n, RECORD) of the sensors in `rows` (n, ROW), less their errors; write whether a
    target may start there.
    """
    out = records.copy()
    for r in range(rows.shape[0]):
        sensor, kind = rows[r, ROW_SENSOR], int(out[r, KIND])
        lessen(out[r], error[sensor], factor[sensor])
        placed = kind in (RANGE_AZIMUTH_ELEVATION, POSITION)
        rows[r, ROW_MAY_START] = 1 if placed and told[sensor] == 0 else 0
    return out


@kernel
def lessen(record: FloatArray, error: FloatArray, factor: FloatArray) -> None:
    """Take a sensor's errors out of one record, in place, its sigma as the sensor has earned it."""
    kind = int(record[KIND])
    for c in range(4):
        if OWN_ERROR[kind, c] >= 0:
            record[MEASURED + c] -= error[OWN_ERROR[kind, c]]
        record[SIGMA + c] *= factor[c]
    for axis in range(3):
        record[SENSOR + axis] -= error[PLACE + axis]
        if kind == POSITION:
            record[MEASURED + axis] -= error[PLACE + axis]


@kernel
def corrected(
    records: FloatArray,
    error: FloatArray,
    factor: FloatArray,
    sigma: FloatArray,
    place_m: float,
    coverage_m: float,
    counted_looks: float,
) -> FloatArray:
    """Return `records` (n, RECORD) of one sensor less its `error` (ERRORS,), their sigma widened by what is
    left of it, `sigma` (ERRORS,), counted as so many looks; `place_m` is what is left of clock and place.
    """
    out = records.copy()
    for r in range(out.shape[0]):
        record, kind = out[r], int(out[r, KIND])
        lessen(record, error, factor)
        for c in range(4):
            own, variance = OWN_ERROR[kind, c], 0.0
            if own >= 0:
                variance = sigma[own] * sigma[own]
            if kind == POSITION and c < 3:
                variance += place_m * place_m
            elif kind == RANGE_AZIMUTH_ELEVATION and c < 3:
                range_m = record[MEASURED]
                across_m = range_m * math.cos(record[MEASURED + 2]) if c == 1 else range_m
                variance += (place_m / (1.0 if c == 0 else across_m)) ** 2
            elif kind != POSITION and kind != RANGE_AZIMUTH_ELEVATION and c < 2:
                variance += (_FAR_BEARING * place_m / coverage_m) ** 2
            record[SIGMA + c] = math.sqrt(record[SIGMA + c] ** 2 + counted_looks * variance)
    return out


@kernel
def only_confirmed(rows: IntArray, number: IntArray) -> None:
    """Let targets start only from tracks that are confirmed, by their table `number`."""
    uid, n = np.empty(number.shape[0], dtype=np.int64), 0
    for row in range(number.shape[0]):
        if number[row, STATUS] == CONFIRMED:
            uid[n] = number[row, TRACK_UID]
            n += 1
    uid = np.sort(uid[:n])
    for r in range(rows.shape[0]):
        at = np.searchsorted(uid, rows[r, ROW_UID])
        if at == n or uid[at] != rows[r, ROW_UID]:
            rows[r, ROW_MAY_START] = 0
