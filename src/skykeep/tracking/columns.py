"""Everything the tracker knows, as columns; kernels never see a Python object per track or per detection.

A *measurement record* is one float64 row that says all a filter needs of a detection: `RECORD` = kind code, sensor
position (3), measured (4), sigma (4). M is the number of motion models, D the depth of the history.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, IntArray

RECORD = 12
KIND, SENSOR, MEASURED, SIGMA = 0, 1, 4, 8

EMPTY, TENTATIVE, CONFIRMED, COASTING, ENDED = -1, 0, 1, 2, 3
"""The codes of `TrackStatus`, and one for a row that holds no track."""


class Tracks(NamedTuple):
    """One row per track; rows are reused, `uid` (order of birth) and `track_id` (order of confirmation) are not."""

    x: FloatArray  # (n, M, 6) mean of each motion model
    P: FloatArray  # (n, M, 6, 6)
    mu: FloatArray  # (n, M) probability of each motion model
    time_ns: IntArray  # of x, P and mu
    first: FloatArray  # (n, RECORD) the measurement that started it
    log_odds: FloatArray  # of existence
    start_log_odds: FloatArray
    considered_ns: IntArray  # up to when the log-odds were taken
    status: IntArray
    uid: IntArray
    track_id: IntArray
    born_ns: IntArray
    seen_ns: IntArray  # last detection
    hits: IntArray
    misses: IntArray  # looks missed in a row
    seen_looks: FloatArray  # looks that saw it, fading
    looks: FloatArray  # looks that could have, fading
    signature: FloatArray  # (n, 5) rcs: count, mean, sum of squared deviations; modulation: count, mean
    history: IntArray  # row in History, or -1


class History(NamedTuple):
    """Per track, its latest detections in order of time, each with the filter after it: a ring of depth D."""

    time_ns: IntArray  # (h, D)
    record: FloatArray  # (h, D, RECORD)
    x: FloatArray  # (h, D, M, 6)
    P: FloatArray  # (h, D, M, 6, 6)
    mu: FloatArray  # (h, D, M)
    head: IntArray  # (h,) place of the oldest
    count: IntArray  # (h,); 0 in a row that is free


class Look(NamedTuple):
    """What one scan's sensor was looking at, and what that makes a detection or its absence worth."""

    kind: int
    position_enu_m: FloatArray
    range_min_m: float
    range_max_m: float
    azimuth_from_rad: float
    azimuth_width_rad: float
    elevation_min_rad: float
    elevation_max_rad: float
    detection_probability: float
    log_clutter: float  # log of false detections per unit of measurement space, without range rate
    start_log_odds: float
    misses_tell: bool  # no detection says something about presence
    tentative_too: bool  # may feed tracks that are not confirmed


class Rules(NamedTuple):
    """The settings as the kernels need them."""

    noise: FloatArray  # (M,)
    vertical: float
    sojourn_s: float
    gate: float
    log_range_rate_span: float
    confirm_log_odds: float
    confirm_hits: int
    drop_log_odds: float
    end_log_odds: float
    most_log_odds: float
    survival_s: float
    coast_limit_ns: int
    stale_ns: int
    lost_variance_m2: float
    speed_variance: float
    climb_variance: float
    detection_memory: float


def empty_tracks(rows: int, models: int) -> Tracks:
    """Return columns of `rows` rows that hold no track."""

    def ints(fill: int) -> IntArray:
        return np.full(rows, fill, dtype=np.int64)

    def floats(*shape: int) -> FloatArray:
        return np.zeros((rows, *shape))

    return Tracks(
        x=floats(models, 6),
        P=floats(models, 6, 6),
        mu=floats(models),
        time_ns=ints(0),
        first=floats(RECORD),
        log_odds=floats(),
        start_log_odds=floats(),
        considered_ns=ints(0),
        status=ints(EMPTY),
        uid=ints(-1),
        track_id=ints(-1),
        born_ns=ints(0),
        seen_ns=ints(0),
        hits=ints(0),
        misses=ints(0),
        seen_looks=floats(),
        looks=floats(),
        signature=floats(5),
        history=ints(-1),
    )


def empty_history(rows: int, models: int, depth: int) -> History:
    """Return `rows` free histories."""
    return History(
        time_ns=np.zeros((rows, depth), dtype=np.int64),
        record=np.zeros((rows, depth, RECORD)),
        x=np.zeros((rows, depth, models, 6)),
        P=np.zeros((rows, depth, models, 6, 6)),
        mu=np.zeros((rows, depth, models)),
        head=np.zeros(rows, dtype=np.int64),
        count=np.zeros(rows, dtype=np.int64),
    )


def grown_tracks(tracks: Tracks, models: int) -> Tracks:
    """Return the same tracks with twice the room."""
    more = empty_tracks(tracks.status.shape[0], models)
    return Tracks(*(np.concatenate(pair) for pair in zip(tracks, more, strict=True)))


def grown_history(history: History, models: int, depth: int) -> History:
    """Return the same histories with twice the room."""
    more = empty_history(history.count.shape[0], models, depth)
    return History(*(np.concatenate(pair) for pair in zip(history, more, strict=True)))
