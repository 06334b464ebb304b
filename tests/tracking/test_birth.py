"""Tracks that begin at bearings: placed by a second sensor, beside a companion, never by one alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from radar_range import RadarRange, spherical, utc_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.tracking import Tracker

WEST, EAST = np.array([-400.0, 0.0, 5.0]), np.array([400.0, 0.0, 5.0])
SIGMA_RAD = 0.002


def passing(time_s: float) -> FloatArray:
    """Return where a drone is that passes 900 m north of both, at 12 m/s."""
    return np.array([-200.0 + 12.0 * time_s, 900.0, 120.0])


def camera(name: str, place: FloatArray, measures: MeasurementKind, **changes: object) -> Sensor:
    settings: dict[str, object] = {
        "sensor_id": name,
        "name": name,
        "kind": SensorKind.CAMERA,
        "measures": measures,
        "position_enu_m": tuple(place),
        "coverage_range_m": 3000.0,
        "sigma": (SIGMA_RAD, SIGMA_RAD),
        "period_s": 0.5,
        "clutter_per_scan": 0.1,
    }
    return Sensor(**{**settings, **changes})  # type: ignore[arg-type]


def look(
    dice: np.random.Generator, sensor: Sensor, sequence: int, time_s: float, *targets: FloatArray
) -> Scan:
    assert sensor.measures is not None
    n = 1 if sensor.measures is MeasurementKind.AZIMUTH else 2
    seen = [spherical(target - np.array(sensor.position_enu_m))[1 : 1 + n] for target in targets]
    return make_scan(
        sensor_id=sensor.sensor_id,
        sequence=sequence,
        kind=sensor.measures,
        time_utc_ns=utc_ns(time_s),
        received_utc_ns=utc_ns(time_s),
        measured=np.array(seen).reshape(-1, n) + dice.normal(0.0, SIGMA_RAD, (len(seen), n)),
        sigma=np.full((len(seen), n), SIGMA_RAD),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("measures", [MeasurementKind.AZIMUTH_ELEVATION, MeasurementKind.AZIMUTH])
def test_two_that_see_it_from_two_sides_place_it(seed: int, measures: MeasurementKind) -> None:
    dice = np.random.default_rng(seed)
    both = camera("west", WEST, measures), camera("east", EAST, measures)
    tracker = Tracker(both)
    for k in range(40):
        for sensor in both:
            tracker.receive(look(dice, sensor, k, 0.5 * k, passing(0.5 * k)))
    picture = tracker.picture(utc_ns(19.5))
    assert len(picture) == 1
    error_m = picture.state[0, :2] - passing(19.5)[:2]
    assert np.linalg.norm(error_m) < 12.0
    spread = picture.covariance[0, :2, :2]
    assert error_m @ np.linalg.solve(spread, error_m) < 13.8


def test_one_alone_places_nothing() -> None:
    dice, alone = np.random.default_rng(1), camera("west", WEST, MeasurementKind.AZIMUTH_ELEVATION)
    tracker = Tracker((alone,))
    for k in range(60):
        tracker.receive(look(dice, alone, k, 0.5 * k, passing(0.5 * k)))
        assert len(tracker.picture(utc_ns(0.5 * k))) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_camera_parts_two_that_the_radar_sees_as_one(seed: int) -> None:
    """Two drones 12 m apart across the line of sight; the radar resolves 30 m and reports their middle."""
    site, dice = RadarRange(seed), np.random.default_rng(seed)
    watch = camera("camera", np.array([30.0, 0.0, 5.0]), MeasurementKind.AZIMUTH_ELEVATION)
    tracker = Tracker((site.radar(resolution=(8.0, 0.03, 0.04)), watch))
    apart = np.array([12.0, 0.0, 0.0])
    for k in range(60):
        middle = np.array([-100.0 + 3.0 * 0.5 * k, 1000.0, 100.0])
        if k % 2 == 0:
            tracker.receive(site.scan(0.5 * k, [middle]))
        tracker.receive(look(dice, watch, k, 0.5 * k, middle - apart / 2, middle + apart / 2))
    picture = tracker.picture(utc_ns(29.5))
    assert len(picture) == 2
    assert np.ptp(picture.state[:, 0]) == pytest.approx(12.0, abs=5.0)


def test_a_camera_has_no_say_about_what_is_far_beyond_it() -> None:
    site, dice = RadarRange(1), np.random.default_rng(1)
    near = camera("camera", np.zeros(3), MeasurementKind.AZIMUTH_ELEVATION, coverage_range_m=800.0)
    tracker = Tracker((site.radar(), near))
    far = np.array([0.0, 3000.0, 300.0])
    for t in range(20):
        tracker.receive(site.scan(t, [far]))
    before = tracker.picture(utc_ns(19.0))
    tracker.receive(look(dice, near, 1, 19.0, far))
    after = tracker.picture(utc_ns(19.0))
    assert len(before) == 1
    np.testing.assert_array_equal(before.covariance, after.covariance)
    assert math.isclose(before.existence[0], after.existence[0])
