"""The cheap test may ask too many tracks, never too few."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radar_range import RadarRange, utc_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.tracking import Tracker, TrackerSettings
from skykeep.tracking.columns import (
    COUNTERS,
    EMPTY,
    GATE,
    LOOK_KIND,
    MEASURED,
    RECORD,
    SENSOR,
    SIGMA,
    STATUS,
    TENTATIVE,
    USED,
    empty_ways,
    rules_of,
)
from skykeep.tracking.existence import grounded
from skykeep.tracking.gate import gate
from skykeep.tracking.index import index_of
from skykeep.tracking.reach import note_bound, reach, rows_about
from skykeep.tracking.recall import predict_rows
from skykeep.tracking.source import Source

RULES = rules_of(TrackerSettings())


def crowd(seed: int) -> Tracker:
    """Return a tracker that follows thirty targets in clutter, some of them only begun."""
    site = RadarRange(seed)
    tracker = Tracker((site.radar(clutter_per_scan=20.0),))
    place = site.dice.uniform((-2500.0, -2500.0, 20.0), (2500.0, 2500.0, 400.0), (30, 3))
    speed = site.dice.normal(0.0, (12.0, 12.0, 1.0), (30, 3))
    for t in range(8):
        seen = [place[k] + t * speed[k] for k in range(30) if site.dice.random() < 0.85]
        tracker.receive(site.scan(t, seen, clutter=20))
    return tracker


def records_of(kind: int, dice: np.random.Generator, n: int, place: tuple[float, float, float]) -> FloatArray:
    records = np.full((n, RECORD), np.nan)
    records[:, 0], records[:, SENSOR:MEASURED] = kind, place
    low, high = {
        0: ((50.0, 0.0, -0.1), (5000.0, 2 * math.pi, 0.7)),
        1: ((0.0,), (2 * math.pi,)),
        2: ((0.0, -0.1), (2 * math.pi, 0.7)),
        3: ((-4000.0, -4000.0, 0.0), (4000.0, 4000.0, 500.0)),
    }[kind]
    sigma = {0: (5.0, 0.007, 0.01), 1: (0.04,), 2: (0.002, 0.002), 3: (5.0, 5.0, 8.0)}[kind]
    width = len(low)
    records[:, MEASURED : MEASURED + width] = dice.uniform(low, high, (n, width))
    records[:, SIGMA : SIGMA + width] = sigma
    return records[np.argsort(records[:, MEASURED + (1 if kind == 0 else 0)])]


KINDS = (
    MeasurementKind.RANGE_AZIMUTH_ELEVATION,
    MeasurementKind.AZIMUTH,
    MeasurementKind.AZIMUTH_ELEVATION,
    MeasurementKind.POSITION,
)


@given(st.integers(0, 10_000), st.integers(0, 3), st.floats(-1.5, 4.0))
@settings(max_examples=40)
def test_whoever_has_a_candidate_is_near(seed: int, kind: int, late_s: float) -> None:
    tracker, dice = crowd(seed % 5), np.random.default_rng(seed)
    place = tuple(float(v) for v in dice.uniform(-1500.0, 1500.0, 3) * (1.0, 1.0, 0.01))
    sensor = Sensor(
        sensor_id="other",
        name="other",
        kind=SensorKind.RADAR,
        measures=KINDS[kind],
        position_enu_m=place,  # type: ignore[arg-type]
        coverage_range_m=8000.0,
    )
    row = Source(1, sensor, TrackerSettings(), True)._looks[KINDS[kind]]
    records = records_of(kind, dice, 60, place)  # type: ignore[arg-type]
    tracks, used = tracker._tracks, int(tracker._counters[USED])
    rows, now_ns = np.flatnonzero(tracks.number[:used, STATUS] != EMPTY), utc_ns(7.0 + late_s)
    n = len(rows)
    near, in_view, spread = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_), np.empty(n)
    index = index_of(kind, records)
    reach(tracks.value, tracks.number, rows, row, RULES, now_ns, index, near, in_view, spread)
    edges = candidates(tracker, rows, row, now_ns, records)
    assert not (edges & ~near).any()
    if kind == 3:
        counters = tracker._counters.copy()
        assert len(counters) == COUNTERS
        for k in range(60):
            one = records[k : k + 1]
            about = rows_about(tracks, counters, now_ns, one, RULES)
            wanted = candidates(tracker, rows, row, now_ns, one) & (tracks.number[rows, STATUS] > TENTATIVE)
            assert set(rows[wanted]) <= set(about.tolist())


def candidates(
    tracker: Tracker, rows: IntArray, look: FloatArray, now_ns: int, records: FloatArray
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which rows have a candidate by the exact gate."""
    n = len(rows)
    mean, P, known = np.empty((n, 6)), np.empty((n, 6, 6)), np.empty(n, dtype=np.bool_)
    ways = empty_ways(tracker._tracks.number, rows, tracker._tracks.mu.shape[1])
    predict_rows(tracker._tracks, tracker._history, rows, now_ns, RULES, mean, P, known, ways)
    start, clutter = np.empty(n + 1, dtype=np.int64), np.zeros(len(records))
    gate(
        tracker._tracks,
        rows,
        mean,
        P,
        known,
        ways,
        look,
        RULES,
        now_ns,
        records,
        index_of(int(look[LOOK_KIND]), records),
        clutter,
        start,
        np.empty(n, dtype=np.bool_),
        np.zeros((n, 2, 3)),
    )
    return np.diff(start) > 0


def test_the_bound_is_the_moments_of_all_models() -> None:
    tracker = crowd(1)
    tracks = tracker._tracks
    note_bound(tracks, 0, RULES, False)
    mean = tracks.mu[0] @ tracks.x[0]
    np.testing.assert_allclose(tracks.value[0, 21:27], mean)
    apart = (tracks.x[0] - mean)[:, :3]
    spread = tracks.mu[0] @ (np.trace(tracks.P[0, :, :3, :3], axis1=1, axis2=2) + (apart**2).sum(axis=1))
    assert tracks.value[0, 27] == pytest.approx(spread)
    assert tracks.disc[0, 2] == pytest.approx(math.sqrt(RULES[GATE] * spread))


@pytest.mark.parametrize(
    ("up_m", "climb_mps", "low", "high"),
    [(50.0, 0.0, 0.0, 0.0), (5.0, -8.0, 0.0, 0.3), (-20.0, -8.0, 0.9, 1.0), (-20.0, 5.0, 0.0, 0.0)],
)
def test_only_what_sinks_below_the_ground_has_landed(
    up_m: float, climb_mps: float, low: float, high: float
) -> None:
    tracker = crowd(2)
    value, number = tracker._tracks.value[0], tracker._tracks.number[0]
    value[21:27] = 500.0, 500.0, up_m, 0.0, 0.0, climb_mps
    value[27], value[28] = 48.0, 1.5
    rules = rules_of(TrackerSettings(ground_up_m=0.0))
    assert low <= grounded(value, number, int(number[3]), rules) <= high
    assert grounded(value, number, int(number[3]), RULES) == 0.0
