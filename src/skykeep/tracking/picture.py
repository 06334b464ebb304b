"""Predicting the tracks to the moment that is asked for, without touching them."""

from __future__ import annotations

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.tracking.columns import History, Rules, Tracks
from skykeep.tracking.gate import predict_track


@kernel
def predict_rows(
    tracks: Tracks,
    history: History,
    rows: IntArray,
    time_ns: int,
    rules: Rules,
    state: FloatArray,
    covariance: FloatArray,
) -> None:
    """Fill `state` (n, 6) and `covariance` (n, 6, 6) with the `rows` at `time_ns`."""
    for k in range(rows.shape[0]):
        predict_track(tracks, history, rows[k], time_ns, rules, state[k], covariance[k])
