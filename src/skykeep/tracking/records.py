"""A scan as the kernels need it: measurement records, in an order that does not depend on the scan's."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.domain.sensing import Scan
from skykeep.models.measurement import POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.columns import (
    KIND,
    LOOK_KIND,
    MEASURED,
    MODULATION_COUNT,
    MODULATION_MEAN,
    RCS_COUNT,
    RCS_MEAN,
    RCS_SQUARES,
    RECORD,
    SENSOR,
    SIGMA,
)
from skykeep.tracking.registration import Registration
from skykeep.tracking.source import Source

_TWO_PI = 2.0 * math.pi
_ABSURD = 1e8
"""Metres or radians that no sensor means: squared in a filter they would overflow."""
_CLEAR_POWER = 100.0
"""Power over noise of an echo that counts as half a clear look at its modulation: noise is 20 dB below it."""


class Records(NamedTuple):
    """The n usable detections of a scan, sorted by azimuth (by east, where positions are measured)."""

    corrected: FloatArray  # (n, RECORD) less what is known of the sensor's errors
    raw: FloatArray  # (n, RECORD) as the sensor said
    row: IntArray  # (n,) their rows in the scan


def records_of(scan: Scan, source: Source, look: FloatArray, registration: Registration) -> Records:
    """Return the usable detections of a scan; `look` is moved to where the sensor is thought to stand."""
    kind = int(look[LOOK_KIND])
    raw, row = usable(kind, source.position_enu_m, scan.measured, scan.sigma, source.nominal_sigma)
    corrected = registration.correct(source.index, look, raw)
    return Records(*sorted_records(kind, corrected, raw, row))


@kernel
def usable(
    kind: int, sensor_enu_m: FloatArray, measured: FloatArray, sigma: FloatArray, nominal: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the detections (n, 4) that say what they must, as records, and their rows; `nominal` (4,) is for
    a sigma that is not said.
    """
    records, row, n = np.empty((measured.shape[0], RECORD)), np.empty(measured.shape[0], dtype=np.int64), 0
    for d in range(measured.shape[0]):
        record, there = records[n], kind != RANGE_AZIMUTH_ELEVATION or measured[d, 0] > 0.0
        record[KIND] = kind
        for axis in range(3):
            record[SENSOR + axis] = sensor_enu_m[axis]
        for c in range(4):
            z, s = measured[d, c], sigma[d, c] if sigma[d, c] > 0.0 else nominal[c]
            record[MEASURED + c], record[SIGMA + c] = z, s
            if not (abs(z) < _ABSURD and 0.0 < s < _ABSURD):
                if c < (3, 1, 2, 3)[kind]:
                    there = False
                elif kind == RANGE_AZIMUTH_ELEVATION:
                    record[MEASURED + c] = np.nan
        if there:
            row[n] = d
            n += 1
    return records[:n], row[:n]


@kernel
def sorted_records(
    kind: int, corrected: FloatArray, raw: FloatArray, row: IntArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return all three in the order of the corrected; where no errors of the sensor are known, these
    and the raw ones are one.
    """
    order = in_order(kind, corrected)
    return corrected[order], raw[order], row[order]


@kernel
def in_order(kind: int, records: FloatArray) -> IntArray:
    """Bring azimuths to one turn, in place, and return the order of the records: by azimuth (by east, where
    positions are measured), then by all that was measured, so that it does not depend on the scan's.
    """
    sweep = MEASURED + 1 if kind == RANGE_AZIMUTH_ELEVATION else MEASURED
    key = np.empty(records.shape[0])
    for d in range(records.shape[0]):
        if kind != POSITION:
            records[d, sweep] %= _TWO_PI
        key[d] = records[d, sweep]
    order = np.argsort(key, kind="mergesort")
    for k in range(1, order.shape[0]):
        at = k
        while (
            at > 0
            and key[order[at]] == key[order[at - 1]]
            and comes_before(records[order[at]], records[order[at - 1]])
        ):
            order[at], order[at - 1] = order[at - 1], order[at]
            at -= 1
    return order


@kernel
def comes_before(one: FloatArray, other: FloatArray) -> bool:
    """Return whether the first value in which two records differ is lower in `one`; NaN comes last."""
    for c in range(RECORD - 1, MEASURED - 1, -1):
        if one[c] != other[c] and not (math.isnan(one[c]) and math.isnan(other[c])):
            return bool(one[c] < other[c] or math.isnan(other[c]))
    return False


@kernel
def signs_of(
    rcs_dbsm: FloatArray, modulation_db: FloatArray, snr_db: FloatArray, row: IntArray
) -> FloatArray:
    """Return the signatures of `row` (n,), as `Signatures.of`, without labels."""
    signatures = np.empty((row.shape[0], 4))
    for k in range(row.shape[0]):
        signatures[k, 0], signatures[k, 1] = rcs_dbsm[row[k]], modulation_db[row[k]]
        signatures[k, 2], signatures[k, 3] = 10.0 ** (0.1 * snr_db[row[k]]), np.nan
    return signatures


@kernel
def note_signature(value: FloatArray, signature: FloatArray) -> None:
    """Carry the running mean and squared deviations of the radar cross-section, and the mean modulation.

    Noise beside a weak echo looks like sidebands: a look counts by how far its power (over noise, a ratio)
    is above `_CLEAR_POWER`, and wholly where the sensor does not tell its power.
    """
    if math.isfinite(signature[0]):
        value[RCS_COUNT] += 1.0
        gap = signature[0] - value[RCS_MEAN]
        value[RCS_MEAN] += gap / value[RCS_COUNT]
        value[RCS_SQUARES] += gap * (signature[0] - value[RCS_MEAN])
    if math.isfinite(signature[1]):
        power2 = signature[2] * signature[2]
        weight = power2 / (power2 + _CLEAR_POWER * _CLEAR_POWER) if math.isfinite(power2) else 1.0
        if weight > 0.0:
            value[MODULATION_COUNT] += weight
            gap = signature[1] - value[MODULATION_MEAN]
            value[MODULATION_MEAN] += gap * weight / value[MODULATION_COUNT]


@kernel
def cited(rests_on: IntArray, row: IntArray, sensor_index: int, sequence: int) -> IntArray:
    """Return (m, 4): which track, by its uid, rests on which sensor's which scan's which row."""
    out = np.empty((rests_on.shape[0], 4), dtype=np.int64)
    for k in range(rests_on.shape[0]):
        out[k, 0], out[k, 1] = rests_on[k, 0], sensor_index
        out[k, 2], out[k, 3] = sequence, row[rests_on[k, 1]]
    return out


class Signatures:
    """What detections say of their cause beside where it is; labels become numbers as they appear."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def of(self, scan: Scan, row: IntArray) -> FloatArray:
        """Return (n, 4): radar cross-section, modulation, power over noise as a ratio, code of the label."""
        signatures = signs_of(scan.rcs_dbsm, scan.modulation_db, scan.snr_db, row)
        if scan.labels:
            for k, of in enumerate(row.tolist()):
                if scan.labels[of]:
                    signatures[k, 3] = self._codes.setdefault(scan.labels[of], len(self._codes) + 1)
        return signatures
