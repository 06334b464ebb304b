"""Compile everything before the first real scan, so that no detection waits for the compiler."""

from __future__ import annotations

import numpy as np

from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind, make_scan
from skykeep.tracking.columns import CONFIRMED, NUMBERS, STATUS
from skykeep.tracking.tracker import Tracker


def warm_up() -> None:
    """Run one detection through a tracker of its own: seconds the first time, then half a second."""
    radar = Sensor(
        sensor_id="warm-up",
        name="warm-up",
        kind=SensorKind.RADAR,
        measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=1000.0,
    )
    tracker = Tracker((radar,))
    scan = make_scan(
        sensor_id=radar.sensor_id,
        sequence=1,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=0,
        received_utc_ns=0,
        measured=np.array([[100.0, 1.0, 0.1]]),
        sigma=np.array([[5.0, 0.01, 0.01]]),
    )
    tracker.receive(scan)
    tracker.picture(0)
    number = np.zeros((1, NUMBERS), dtype=np.int64)
    number[0, STATUS] = CONFIRMED
    record = np.array([[0.0, 0.0, 0.0, 0.0, 100.0, 1.0, 0.1, np.nan, 5.0, 0.01, 0.01, np.nan]])
    tracker.registration.note(0, 0, record, np.zeros((1, 2), dtype=np.int64), np.ones(1), number)
    tracker.registration.settle(number)
