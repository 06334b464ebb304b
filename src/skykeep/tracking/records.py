"""A scan as the kernels need it: measurement records, in an order that does not depend on the scan's."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.sensing import Scan
from skykeep.models.measurement import POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.columns import LOOK_KIND, MEASURED, RECORD, SENSOR, SIGMA
from skykeep.tracking.registration import Registration
from skykeep.tracking.source import Source

_TWO_PI = 2.0 * math.pi
_REQUIRED = (3, 1, 2, 3)
_ABSURD = 1e8
"""Metres or radians that no sensor means: squared in a filter they would overflow."""


class Records(NamedTuple):
    """The n usable detections of a scan, sorted by azimuth (by east, where positions are measured)."""

    corrected: FloatArray  # (n, RECORD) less what is known of the sensor's errors
    raw: FloatArray  # (n, RECORD) as the sensor said
    row: IntArray  # (n,) their rows in the scan


def records_of(scan: Scan, source: Source, look: FloatArray, registration: Registration) -> Records:
    """Return the usable detections of a scan; `look` is moved to where the sensor is thought to stand."""
    n, kind = len(scan), int(look[LOOK_KIND])
    raw = np.empty((n, RECORD))
    raw[:, 0] = kind
    raw[:, SENSOR:MEASURED] = source.position_enu_m
    raw[:, MEASURED:SIGMA] = scan.measured
    sigma = raw[:, SIGMA:]
    sigma[:] = scan.sigma
    unsaid = ~(sigma > 0.0)
    if unsaid.any():
        np.copyto(sigma, source.nominal_sigma, where=unsaid)
    there = (np.abs(raw[:, MEASURED:SIGMA]) < _ABSURD) & (sigma < _ABSURD) & (sigma > 0.0)
    usable = np.asarray(there[:, : _REQUIRED[kind]].all(axis=1))
    if kind == RANGE_AZIMUTH_ELEVATION:
        usable &= raw[:, MEASURED] > 0.0
        raw[~there[:, 3], MEASURED + 3] = np.nan
    rows = np.arange(n)
    if not usable.all():
        rows, raw = rows[usable], raw[usable]
    corrected = registration.correct(source.index, look, raw)
    first = MEASURED + 1 if kind == RANGE_AZIMUTH_ELEVATION else MEASURED
    if kind != POSITION:
        corrected[:, first] %= _TWO_PI
    order = np.lexsort((*corrected.T[MEASURED:], corrected[:, first]))
    return Records(corrected[order], raw[order], rows[order])


class Signatures:
    """What detections say of their cause beside where it is; labels become numbers as they appear."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def of(self, scan: Scan, row: IntArray) -> FloatArray:
        """Return (n, 4): radar cross-section, modulation, power over noise as a ratio, code of the label."""
        signatures = np.empty((len(row), 4))
        signatures[:, 0], signatures[:, 1] = scan.rcs_dbsm[row], scan.modulation_db[row]
        signatures[:, 2] = 10.0 ** (0.1 * scan.snr_db[row])
        signatures[:, 3] = np.nan
        if scan.labels:
            for k, of in enumerate(row.tolist()):
                if scan.labels[of]:
                    signatures[k, 3] = self._codes.setdefault(scan.labels[of], len(self._codes) + 1)
        return signatures
