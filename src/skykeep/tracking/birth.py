"""Where a track begins: at a detection that no track wanted.

A detection with a range says where; one that is a bearing starts a track whose distance is nearly unknown,
or the distance of a track that it appears close beside: swarms part, and a radar may see them as one.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import AZIMUTH, AZIMUTH_ELEVATION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.amplitude import Strengths, expect_signal, learn_section, log_strength_ratio
from skykeep.tracking.columns import (
    ALONE,
    BORN,
    BOUND,
    COASTING,
    CONFIRM_HITS,
    CONFIRM_LOG_ODDS,
    CONFIRMED,
    EMPTY,
    FIRST,
    HISTORY,
    HITS,
    KIND,
    LOCATED,
    LOG_CLUTTER,
    LOG_ODDS,
    LOOK_KIND,
    LOOK_SENSOR,
    MEASURED,
    MISSES,
    NEW_LOG_ODDS,
    NEXT_TRACK_ID,
    NEXT_UID,
    OF_BEARING,
    PLACED,
    RANGE_MAX,
    RANGE_MIN,
    RAY_KIND,
    RECORD,
    SEEN,
    SIGMA,
    START_LOG_ODDS,
    STATUS,
    TENTATIVE,
    TIME,
    TRACK_ID,
    UID,
    USED,
    VALUES,
    WEIGHED,
    History,
    Tracks,
)
from skykeep.tracking.crossing import is_sensors_own
from skykeep.tracking.filter import begin, begin_first, follow_first
from skykeep.tracking.labels import note_label
from skykeep.tracking.reach import note_bound
from skykeep.tracking.records import note_signature

_S_PER_NS = 1e-9
_BESIDE_M = 60.0
"""How far across the line of sight a new bearing may be from a track to be taken for its companion."""
_BESIDE_SIGMA_M = 30.0
_BESIDE_LOG_ODDS = -1.0
_COMPANY_SPEED_SIGMA_MPS = 3.0
_LOW_RAD, _LOW_SIGMA_RAD = 0.09, 0.07
"""The elevation of what is heard in azimuth alone: most flies low."""


@kernel
def found(
    tracks: Tracks,
    counters: IntArray,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    records: FloatArray,
    signatures: FloatArray,
    strengths: Strengths,
    spoken_for: FloatArray,
    local_clutter: FloatArray,
) -> IntArray:
    """Start a tentative track from every detection that no track wanted; return their uids, or -1."""
    born = np.full(records.shape[0], -1)
    row, record = 0, np.empty(RECORD)
    bearing = look[LOOK_KIND] == AZIMUTH or look[LOOK_KIND] == AZIMUTH_ELEVATION
    for d in range(records.shape[0]):
        if spoken_for[d] > 0.5:
            continue
        while tracks.number[row, STATUS] != EMPTY:
            row += 1
        value, number = tracks.value[row], tracks.number[row]
        companion = -1
        for k in range(RECORD):
            record[k] = records[d, k]
        if bearing:
            companion = place_bearing(tracks, counters[USED], look, time_ns, record)
        begin_first(tracks.x[row], tracks.P[row], tracks.mu[row], record, rules)
        for k in range(VALUES):
            value[k] = 0.0
        for k in range(RECORD):
            value[FIRST + k] = record[k]
        value[LOG_ODDS] = look[NEW_LOG_ODDS] + look[LOG_CLUTTER] - local_clutter[d]
        number[STATUS], number[UID], number[TRACK_ID] = TENTATIVE, counters[NEXT_UID], -1
        number[HITS], number[MISSES], number[HISTORY] = 1, 0, -1
        if companion >= 0:
            keep_company(tracks, row, companion)
            value[LOG_ODDS] = _BESIDE_LOG_ODDS
        value[START_LOG_ODDS] = value[LOG_ODDS]
        expect_signal(value)
        value[LOG_ODDS] += log_strength_ratio(value, strengths, d)
        learn_section(value, strengths, d)
        number[TIME] = number[BORN] = number[SEEN] = number[WEIGHED] = time_ns
        note_bound(tracks, row, rules, True)
        note_signature(value, signatures[d])
        note_label(value, look, signatures[d, 3])
        number[OF_BEARING], number[RAY_KIND] = LOCATED, int(look[LOOK_KIND])
        if bearing:
            number[OF_BEARING] = ALONE if companion < 0 else PLACED
        # Where one report is enough, as from a sensor that makes none up, no other scan is waited for.
        if value[LOG_ODDS] >= rules[CONFIRM_LOG_ODDS] and rules[CONFIRM_HITS] <= 1 and not bearing:
            number[STATUS], number[TRACK_ID] = CONFIRMED, counters[NEXT_TRACK_ID]
            follow_first(tracks.x[row], tracks.P[row])
            counters[NEXT_TRACK_ID] += 1
        born[d] = counters[NEXT_UID]
        counters[NEXT_UID] += 1
        counters[USED] = max(counters[USED], row + 1)
    return born


@kernel
def place_bearing(tracks: Tracks, used: int, look: FloatArray, time_ns: int, record: FloatArray) -> int:
    """Turn a bearing into a range, azimuth and elevation, in place; return the row of the track whose range
    that is, or -1 where it is a guess.
    """
    kind = int(record[KIND])
    azimuth_rad, azimuth_sigma = record[MEASURED], record[SIGMA]
    elevation_rad, elevation_sigma = _LOW_RAD, _LOW_SIGMA_RAD
    if kind == AZIMUTH_ELEVATION:
        elevation_rad, elevation_sigma = record[MEASURED + 1], record[SIGMA + 1]
    # Any distance in view is as likely as another.
    range_m = 0.5 * (look[RANGE_MIN] + look[RANGE_MAX])
    sigma_m = (look[RANGE_MAX] - look[RANGE_MIN]) / math.sqrt(12.0)
    companion, nearest_m = -1, _BESIDE_M
    if kind == AZIMUTH_ELEVATION:
        e = math.sin(azimuth_rad) * math.cos(elevation_rad)
        n = math.cos(azimuth_rad) * math.cos(elevation_rad)
        u = math.sin(elevation_rad)
        for other in range(used):
            status = tracks.number[other, STATUS]
            if not CONFIRMED <= status <= COASTING:
                continue
            dt_s, value = (time_ns - tracks.number[other, TIME]) * _S_PER_NS, tracks.value[other]
            along, square = 0.0, 0.0
            for axis in range(3):
                gap = value[BOUND + axis] + dt_s * value[BOUND + 3 + axis] - look[LOOK_SENSOR + axis]
                along += gap * (e, n, u)[axis]
                square += gap * gap
            across_m = math.sqrt(max(square - along * along, 0.0))
            if along > 0.0 and across_m < nearest_m:
                companion, nearest_m = other, across_m
                range_m, sigma_m = along, _BESIDE_SIGMA_M
    record[KIND] = RANGE_AZIMUTH_ELEVATION
    record[MEASURED], record[SIGMA] = range_m, sigma_m
    record[MEASURED + 1], record[SIGMA + 1] = azimuth_rad, azimuth_sigma
    record[MEASURED + 2], record[SIGMA + 2] = elevation_rad, elevation_sigma
    record[MEASURED + 3], record[SIGMA + 3] = np.nan, np.nan
    return companion


@kernel
def note_bearing(
    tracks: Tracks,
    history: History,
    counters: IntArray,
    row: int,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    record: FloatArray,
) -> None:
    """Let a track that one sensor alone has bearings of begin again at the latest; a second sensor places it.

    A filter that added bearings of one sensor up would soon be sure of a distance that nothing told.
    """
    value, number = tracks.value[row], tracks.number[row]
    if not is_sensors_own(value, look):
        return
    again = record.copy()
    companion = place_bearing(tracks, counters[USED], look, time_ns, again)
    begin(tracks.x[row], tracks.P[row], tracks.mu[row], again, rules)
    for k in range(RECORD):
        value[FIRST + k] = again[k]
    if companion >= 0:
        keep_company(tracks, row, companion)
        number[OF_BEARING], number[HITS] = PLACED, 1
        value[LOG_ODDS] = value[START_LOG_ODDS] = _BESIDE_LOG_ODDS
    number[TIME] = number[BORN] = time_ns
    if number[HISTORY] >= 0:
        history.ring[number[HISTORY], 1] = 0
        number[HISTORY] = -1
    note_bound(tracks, row, rules, True)


@kernel
def keep_company(tracks: Tracks, row: int, companion: int) -> None:
    """Let a track begin with the velocity of another."""
    for m in range(tracks.mu.shape[1]):
        for axis in range(3, 6):
            tracks.x[row, m, axis] = tracks.value[companion, BOUND + axis]
            tracks.P[row, m, axis, axis] = _COMPANY_SPEED_SIGMA_MPS**2
