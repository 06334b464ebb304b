"""What came of a scene: the pictures that a watch officer would have had, and who was called what in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from radar_range import utc_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.sensing import Scan, Sensor
from skykeep.domain.track import Picture, TrackStatus
from skykeep.scoring.match import near_pairs
from skykeep.scoring.sets import gospa, match_within
from skykeep.tracking import Tracker, TrackerSettings
from tracking_scenes import Body


def follow(
    sensors: Sequence[Sensor],
    scans: Sequence[Scan],
    times_s: Sequence[float] | FloatArray,
    settings: TrackerSettings = TrackerSettings(),  # noqa: B008
) -> list[Picture]:
    """Return the picture at each of `times_s`, from what had arrived by then."""
    tracker, pictures, given = Tracker(tuple(sensors), settings), [], 0
    for time_s in map(float, times_s):
        while given < len(scans) and scans[given].received_utc_ns <= utc_ns(time_s):
            tracker.receive(scans[given])
            given += 1
        pictures.append(tracker.picture(utc_ns(time_s)))
    return pictures


def alive(picture: Picture) -> IntArray:
    """Return the rows of a picture whose tracks have not ended."""
    rows: IntArray = np.flatnonzero(picture.status != TrackStatus.ENDED)
    return rows


def places(bodies: Sequence[Body], time_s: float) -> FloatArray:
    """Return (n, 3) where the bodies are; NaN for what is not in the air."""
    known = [body.path(time_s) for body in bodies]
    return np.array([np.full(3, np.nan) if place is None else place for place in known]).reshape(-1, 3)


def names(
    bodies: Sequence[Body],
    pictures: Sequence[Picture],
    times_s: Sequence[float] | FloatArray,
    gate_m: float = 40.0,
) -> IntArray:
    """Return (times, bodies) the number of the track that is best matched to each body, -1 for none."""
    called = np.full((len(times_s), len(bodies)), -1, dtype=np.int64)
    for k, (picture, time_s) in enumerate(zip(pictures, times_s, strict=True)):
        truth, rows = places(bodies, time_s), alive(picture)
        aloft = np.flatnonzero(np.isfinite(truth[:, 0]))
        pairs = match_within(near_pairs(truth[aloft], picture.state[rows, :3], gate_m), gate_m)
        called[k, aloft[pairs.first]] = picture.track_id[rows[pairs.second]]
    return called


def mean_gospa_m(
    bodies: Sequence[Body],
    pictures: Sequence[Picture],
    times_s: Sequence[float] | FloatArray,
    cutoff_m: float = 50.0,
) -> float:
    total = 0.0
    for picture, time_s in zip(pictures, times_s, strict=True):
        truth = places(bodies, time_s)
        stated = picture.state[alive(picture), :3]
        total += gospa(truth[np.isfinite(truth[:, 0])], stated, cutoff_m).distance_m
    return total / len(times_s)
