"""A picture of confirmed tracks, made by hand: what no test cares for is filled in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.track import Picture, TrackStatus


def made_picture(
    time_utc_ns: int,
    track_ids: Sequence[int],
    states: Sequence[Sequence[float]] | FloatArray,
    *,
    sigma_m: float = 10.0,
    sigma_mps: float = 1.0,
    born_utc_ns: int | Sequence[int] = 0,
    last_detected_utc_ns: int | Sequence[int] | None = None,
    hits: int | Sequence[int] = 9,
    rcs_dbsm: float | Sequence[float] | FloatArray = np.nan,
    rcs_spread_db: float = np.nan,
    modulation_db: float | Sequence[float] | FloatArray = np.nan,
) -> Picture:
    """Return the tracks `track_ids` in `states` (n, 6), seen just now unless told otherwise;
    whatever is one number is that of all.
    """
    state = np.array(states, dtype=np.float64).reshape(-1, 6)
    n = len(state)
    none = np.zeros(0, dtype=np.int64)
    seen = time_utc_ns if last_detected_utc_ns is None else last_detected_utc_ns

    def column(values: float | Sequence[float] | FloatArray) -> FloatArray:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), (n,)).copy()

    return Picture(
        time_utc_ns=time_utc_ns,
        track_id=np.array(track_ids, dtype=np.int64),
        status=np.full(n, TrackStatus.CONFIRMED, dtype=np.int64),
        state=state,
        covariance=np.tile(np.diag([sigma_m**2] * 3 + [sigma_mps**2] * 3), (n, 1, 1)),
        existence=np.ones(n),
        born_utc_ns=np.broadcast_to(np.asarray(born_utc_ns, dtype=np.int64), (n,)).copy(),
        last_detected_utc_ns=np.broadcast_to(np.asarray(seen, dtype=np.int64), (n,)).copy(),
        hits=np.broadcast_to(np.asarray(hits, dtype=np.int64), (n,)).copy(),
        rcs_dbsm=column(rcs_dbsm),
        rcs_spread_db=column(rcs_spread_db),
        modulation_db=column(modulation_db),
        modulation_looks=column(np.asarray(hits, dtype=np.float64)),
        sensor_ids=(),
        support_track_id=none,
        support_sensor=none,
        support_sequence=none,
        support_row=none,
        support_weight=np.zeros(0),
        resumed_track_id=none,
        resumed_gap_ns=none,
        resumed_own_id=none,
    )
