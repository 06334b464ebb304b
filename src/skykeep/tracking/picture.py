"""The picture: chosen tracks predicted to the moment that is asked for."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.track import Picture
from skykeep.tracking.columns import (
    BORN,
    HITS,
    LOG_ODDS,
    MODULATION_COUNT,
    MODULATION_MEAN,
    RCS_COUNT,
    RCS_MEAN,
    RCS_SQUARES,
    SEEN,
    STATUS,
    TRACK_ID,
    History,
    Tracks,
    empty_ways,
)
from skykeep.tracking.recall import predict_rows
from skykeep.tracking.stitch import Resumed


def picture_of(
    tracks: Tracks,
    history: History,
    rows: IntArray,
    time_utc_ns: int,
    rules: FloatArray,
    sensor_ids: tuple[str, ...],
    support: IntArray,
    support_weight: FloatArray,
    resumed: list[Resumed],
) -> Picture:
    """Return the `rows` at `time_utc_ns`; `support` (m, 4) holds (track id, sensor, sequence,
    row), `support_weight` (m,) how likely each is right.
    """
    state, covariance = np.empty((len(rows), 6)), np.empty((len(rows), 6, 6))
    known, ways = np.empty(len(rows), dtype=np.bool_), empty_ways(tracks.number, rows, tracks.mu.shape[1])
    predict_rows(tracks, history, rows, time_utc_ns, rules, state, covariance, known, ways)
    number, value = tracks.number[rows], tracks.value[rows]
    count = value[:, RCS_COUNT]
    spread_db = np.sqrt(value[:, RCS_SQUARES] / np.maximum(count - 1.0, 1.0))
    return Picture(
        time_utc_ns=time_utc_ns,
        track_id=number[:, TRACK_ID].copy(),
        status=number[:, STATUS].copy(),
        state=state,
        covariance=covariance,
        existence=1.0 / (1.0 + np.exp(-value[:, LOG_ODDS])),
        born_utc_ns=number[:, BORN].copy(),
        last_detected_utc_ns=number[:, SEEN].copy(),
        hits=number[:, HITS].copy(),
        rcs_dbsm=np.where(count > 0, value[:, RCS_MEAN], np.nan),
        rcs_spread_db=np.where(count > 1, spread_db, np.nan),
        modulation_db=np.where(value[:, MODULATION_COUNT] > 0, value[:, MODULATION_MEAN], np.nan),
        modulation_looks=value[:, MODULATION_COUNT].copy(),
        sensor_ids=sensor_ids,
        support_track_id=support[:, 0].copy(),
        support_sensor=support[:, 1].copy(),
        support_sequence=support[:, 2].copy(),
        support_row=support[:, 3].copy(),
        support_weight=support_weight,
        resumed_track_id=np.array([r.track_id for r in resumed], dtype=np.int64),
        resumed_gap_ns=np.array([r.gap_ns for r in resumed], dtype=np.int64),
        resumed_own_id=np.array([r.own_id for r in resumed], dtype=np.int64),
    )
