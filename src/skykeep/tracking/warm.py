"""Compile everything before the first real scan, so that no detection waits for the compiler."""

from __future__ import annotations

import numpy as np

from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind, SignalModel, make_scan
from skykeep.tracking.columns import CONFIRMED, NUMBERS, STATUS
from skykeep.tracking.parallel import Workers
from skykeep.tracking.tracker import Tracker


def warm_up(workers: Workers | None = None) -> None:
    """Run two detections through a tracker of its own, with `workers` where one will have them: seconds the
    first time, then half a second.
    """
    radar = Sensor(
        sensor_id="warm-up",
        name="warm-up",
        kind=SensorKind.RADAR,
        measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=1000.0,
        bias_sigma=(1.0, 0.001, 0.001),
        signal=SignalModel(snr_db=15.0, rcs_dbsm=-15.0, range_m=1000.0, false_alarm_probability=1e-4),
    )
    tracker = Tracker((radar,), workers=workers)
    scan = make_scan(
        sensor_id=radar.sensor_id,
        sequence=1,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=0,
        received_utc_ns=0,
        measured=np.array([[100.0, 1.0, 0.1], [500.0, 2.0, 0.1]]),
        sigma=np.array([[5.0, 0.01, 0.01]] * 2),
        snr_db=np.array([15.0, 15.0]),
    )
    tracker.receive(scan)
    tracker.picture(0)
    number = np.zeros((1, NUMBERS), dtype=np.int64)
    number[0, STATUS] = CONFIRMED
    record = np.array([[0.0, 0.0, 0.0, 0.0, 100.0, 1.0, 0.1, np.nan, 5.0, 0.01, 0.01, np.nan]])
    tracker.registration.note(0, 0, record, np.zeros((1, 2), dtype=np.int64), np.ones(1), number)
    tracker.registration.settle(number)
