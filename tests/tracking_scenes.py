"""Small made-up scenes: things that fly, sensors that see them badly, and scans in the order they arrive.

A radar here fades (Swerling 1) where its signal is told and otherwise sees with its detection probability;
it loses what hardly changes its range, gives one echo for what shares a resolution cell (the middle, weighed
by power, with the range rate of the strongest or, where it is told to, the mean one), and reports clutter all
over its view. A camera measures direction only and sees one blob where two
overlap. Remote ID tells its own position and serial. Everything arrives late by its latency and some jitter.
The radar of the simulated night knows terrain and horizons but resolves everything; hence this one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from radar_range import spherical, utc_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, SignalModel, make_scan

Path = Callable[[float], FloatArray | None]
"""Where something is, (3,) in m, or None while it is not in the air."""

SIGNAL = SignalModel(snr_db=16.0, rcs_dbsm=-15.0, range_m=1000.0, false_alarm_probability=1e-4)
LOST_IN_NOTCH = 0.9
"""Part of the looks at a target slower than the radar's least speed that show nothing."""
LATENCY_S = {SensorKind.RADAR: 0.15, SensorKind.CAMERA: 0.1, SensorKind.REMOTE_ID: 0.5}


class Body(NamedTuple):
    """Something that flies; `serial` is what it broadcasts, if it does."""

    path: Path
    rcs_dbsm: float = -15.0
    serial: Callable[[float], str] | None = None


class Outage(NamedTuple):
    """A time in which a sensor sends nothing, not even that it sees nothing."""

    from_s: float
    to_s: float


def radar(name: str = "radar", **changes: Any) -> Sensor:
    """Return a short-range radar that looks all round once a second."""
    settings: dict[str, Any] = {
        "sensor_id": name,
        "name": name,
        "kind": SensorKind.RADAR,
        "measures": MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        "position_enu_m": (0.0, 0.0, 0.0),
        "coverage_range_m": 3000.0,
        "range_min_m": 50.0,
        "elevation_min_rad": -0.05,
        "elevation_max_rad": 0.7,
        "sigma": (3.0, 0.007, 0.009, 0.3),
        "detection_probability": 0.9,
        "clutter_per_scan": 10.0,
        "resolution": (8.0, 0.02, 0.035),
        "minimum_speed_mps": 0.0,
    }
    return Sensor(**{**settings, **changes})


def camera(name: str = "camera", **changes: Any) -> Sensor:
    """Return a camera that knows direction to a milliradian and distance not at all."""
    settings: dict[str, Any] = {
        "sensor_id": name,
        "name": name,
        "kind": SensorKind.CAMERA,
        "measures": MeasurementKind.AZIMUTH_ELEVATION,
        "position_enu_m": (0.0, 0.0, 2.0),
        "coverage_range_m": 1500.0,
        "elevation_min_rad": -0.05,
        "elevation_max_rad": 0.9,
        "sigma": (0.001, 0.001),
        "period_s": 0.5,
        "detection_probability": 0.8,
        "clutter_per_scan": 0.5,
        "resolution": (0.0, 0.003, 0.003),
    }
    return Sensor(**{**settings, **changes})


def remote_id(name: str = "rid") -> Sensor:
    return Sensor(
        sensor_id=name,
        name=name,
        kind=SensorKind.REMOTE_ID,
        measures=MeasurementKind.POSITION,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=3000.0,
        sigma=(5.0, 5.0, 8.0),
        independent=False,
        detection_probability=0.8,
        clutter_per_scan=0.01,
    )


def straight(
    start_m: Sequence[float] | FloatArray, velocity_mps: Sequence[float] | FloatArray, from_s: float = 0.0
) -> Path:
    """Return the way of something that is at `start_m` at `from_s` and holds its velocity."""
    start, velocity = np.array(start_m, dtype=np.float64), np.array(velocity_mps, dtype=np.float64)
    return lambda time_s: start + (time_s - from_s) * velocity


def wandering(dice: np.random.Generator, seconds: float, speed_mps: float = 12.0) -> Path:
    """Return a drone's way by itself: legs of some ten seconds, turns of a few, some of them sharp."""
    step_s = 0.1
    n = round(seconds / step_s) + 2
    course, turn, left_s = dice.uniform(0.0, 2 * math.pi), 0.0, dice.exponential(12.0)
    velocity = np.empty((n, 3))
    for k in range(n):
        left_s -= step_s
        if left_s < 0.0:
            turning = turn == 0.0
            turn = float(dice.uniform(0.1, 0.5) * dice.choice([-1.0, 1.0])) if turning else 0.0
            left_s = dice.uniform(2.0, 6.0) if turning else 4.0 + dice.exponential(12.0)
        course += turn * step_s
        velocity[k] = speed_mps * math.sin(course), speed_mps * math.cos(course), 0.0
    velocity[:, 2] = 1.5 * np.sin(2 * math.pi * (np.arange(n) * step_s / 25.0 + dice.random()))
    around = np.concatenate((dice.uniform(-900.0, 900.0, 2), dice.uniform(60.0, 140.0, 1)))
    position = np.vstack((np.zeros(3), np.cumsum(velocity * step_s, axis=0)))
    position += around - position[n // 2]
    position[:, 2] = np.maximum(position[:, 2], 20.0)
    grid = np.arange(n + 1) * step_s
    return lambda time_s: np.array([np.interp(time_s, grid, position[:, axis]) for axis in range(3)])


def observe(
    bodies: Sequence[Body],
    sensors: Sequence[Sensor],
    seconds: float,
    seed: int,
    outages: Mapping[str, Outage] | None = None,
    mean_rates: bool = False,
) -> list[Scan]:
    """Return all scans of `seconds`, in order of arrival; `mean_rates` is of echoes that several share."""
    scans: list[Scan] = []
    for index, sensor in enumerate(sensors):
        dice = np.random.default_rng((seed, index))
        out = (outages or {}).get(sensor.sensor_id, Outage(math.inf, math.inf))
        phase_s = 0.13 * index
        for sequence in range(int((seconds - phase_s) / sensor.period_s) + 1):
            time_s = phase_s + sequence * sensor.period_s
            if sensor.kind is SensorKind.RADAR:
                scan = _radar_scan(bodies, sensor, sequence, time_s, dice, mean_rates)
            else:
                see = _camera_scan if sensor.kind is SensorKind.CAMERA else _broadcasts
                scan = see(bodies, sensor, sequence, time_s, dice)
            if not out.from_s <= time_s < out.to_s:
                scans.append(scan)
    return by_arrival(scans)


def by_arrival(scans: Sequence[Scan]) -> list[Scan]:
    return sorted(scans, key=lambda scan: (scan.received_utc_ns, scan.sensor_id, scan.sequence))


def _radar_scan(
    bodies: Sequence[Body],
    sensor: Sensor,
    sequence: int,
    time_s: float,
    dice: np.random.Generator,
    mean_rates: bool,
) -> Scan:
    sigma, stand = np.array(sensor.sigma), np.array(sensor.position_enu_m)
    true, power = [], []
    for body in bodies:
        place, soon = body.path(time_s), body.path(time_s + 0.05)
        luck, in_notch = dice.random(), dice.random() < LOST_IN_NOTCH
        if place is None or soon is None:
            continue
        seen, next_seen = spherical(place - stand), spherical(soon - stand)
        rate_mps = (next_seen[0] - seen[0]) / 0.05
        snr = 10.0 ** ((SIGNAL.snr_db + body.rcs_dbsm - SIGNAL.rcs_dbsm) / 10.0) * (1000.0 / seen[0]) ** 4
        if sensor.signal is None:
            found = luck < sensor.detection_probability
        else:
            snr = -math.log(luck) * (1.0 + snr)
            found = snr > -math.log(sensor.signal.false_alarm_probability)
        in_view = sensor.range_min_m < seen[0] < sensor.coverage_range_m
        in_view &= sensor.elevation_min_rad < seen[2] < sensor.elevation_max_rad
        slow = abs(rate_mps) < sensor.minimum_speed_mps
        if found and in_view and not (slow and in_notch):
            true.append(np.append(seen, rate_mps))
            power.append(snr)
    rows = merged(np.array(true).reshape(-1, 4), np.array(power), sensor.resolution, mean_rates)
    real, power_of = rows[:, :4] + dice.normal(0.0, sigma, (len(rows), 4)), rows[:, 4]
    false = _radar_clutter(sensor, dice)
    threshold = -math.log(SIGNAL.false_alarm_probability)
    power_of = np.concatenate((power_of, threshold + dice.exponential(6.0, len(false))))
    measured = np.vstack((real, false))
    measured[:, 1] %= 2 * math.pi
    order = np.argsort(measured[:, 0], kind="stable")
    return make_scan(
        sensor_id=sensor.sensor_id,
        sequence=sequence,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=utc_ns(time_s),
        received_utc_ns=_arrival_ns(sensor, time_s, dice),
        measured=measured[order],
        sigma=np.tile(sigma, (len(measured), 1)),
        snr_db=None if sensor.signal is None else 10.0 * np.log10(power_of[order]),
    )


def _radar_clutter(sensor: Sensor, dice: np.random.Generator) -> FloatArray:
    low = (sensor.range_min_m, 0.0, sensor.elevation_min_rad, -15.0)
    high = (sensor.coverage_range_m, 2 * math.pi, sensor.elevation_max_rad, 15.0)
    clutter = dice.uniform(low, high, (dice.poisson(sensor.clutter_per_scan), 4))
    # What does not move is filtered out, so what passes the filter moves.
    rate = clutter[:, 3]
    clutter[:, 3] = np.copysign(np.maximum(np.abs(rate), sensor.minimum_speed_mps), rate)
    return clutter


def merged(
    rows: FloatArray, power: FloatArray, resolution: Sequence[float], mean_rates: bool = False
) -> FloatArray:
    """Return (n, 5): what a sensor resolves of `rows` (m, 4), with its power; the stronger pulls more."""
    widths = [(c, width) for c, width in enumerate(resolution) if width > 0.0]
    group = np.arange(len(rows))
    for a in range(len(rows)):
        for b in range(a):
            gaps = [abs((rows[a, c] - rows[b, c] + math.pi) % (2 * math.pi) - math.pi) for c, _ in widths]
            if widths and widths[0][0] == 0:
                gaps[0] = abs(rows[a, 0] - rows[b, 0])
            if widths and all(gap < width for gap, (_, width) in zip(gaps, widths, strict=True)):
                group[group == group[a]] = group[b]
    out = []
    for g in np.unique(group):
        members = group == g
        first = rows[members][0]
        near = rows[members].copy()
        near[:, 1] = first[1] + (near[:, 1] - first[1] + math.pi) % (2 * math.pi) - math.pi
        middle = np.average(near, axis=0, weights=power[members])
        if not mean_rates:
            middle[3] = near[np.argmax(power[members]), 3]
        out.append(np.append(middle, power[members].sum()))
    return np.array(out).reshape(-1, 5)


def _camera_scan(
    bodies: Sequence[Body], sensor: Sensor, sequence: int, time_s: float, dice: np.random.Generator
) -> Scan:
    stand, true, nearness = np.array(sensor.position_enu_m), [], []
    for body in bodies:
        place, luck = body.path(time_s), dice.random()
        if place is None:
            continue
        range_m, azimuth_rad, elevation_rad = spherical(place - stand)
        if range_m < sensor.coverage_range_m and luck < sensor.detection_probability:
            true.append([0.0, azimuth_rad, elevation_rad, 0.0])
            nearness.append(range_m**-2)
    seen = merged(np.array(true).reshape(-1, 4), np.array(nearness), sensor.resolution)[:, 1:3]
    low, high = (0.0, sensor.elevation_min_rad), (2 * math.pi, sensor.elevation_max_rad)
    false = dice.uniform(low, high, (dice.poisson(sensor.clutter_per_scan), 2))
    measured = np.vstack((seen + dice.normal(0.0, sensor.sigma, seen.shape), false))
    measured[:, 0] %= 2 * math.pi
    return make_scan(
        sensor_id=sensor.sensor_id,
        sequence=sequence,
        kind=MeasurementKind.AZIMUTH_ELEVATION,
        time_utc_ns=utc_ns(time_s),
        received_utc_ns=_arrival_ns(sensor, time_s, dice),
        measured=measured,
        sigma=np.tile(sensor.sigma, (len(measured), 1)),
    )


def _broadcasts(
    bodies: Sequence[Body], sensor: Sensor, sequence: int, time_s: float, dice: np.random.Generator
) -> Scan:
    rows, labels = [], []
    for body in bodies:
        place, luck, error = body.path(time_s), dice.random(), dice.normal(0.0, sensor.sigma)
        if place is not None and body.serial is not None and luck < sensor.detection_probability:
            rows.append(place + error)
            labels.append(body.serial(time_s))
    return make_scan(
        sensor_id=sensor.sensor_id,
        sequence=sequence,
        kind=MeasurementKind.POSITION,
        time_utc_ns=utc_ns(time_s),
        received_utc_ns=_arrival_ns(sensor, time_s, dice),
        measured=np.array(rows).reshape(-1, 3),
        sigma=np.tile(sensor.sigma, (len(rows), 1)),
        labels=tuple(labels),
    )


def _arrival_ns(sensor: Sensor, time_s: float, dice: np.random.Generator) -> int:
    return utc_ns(time_s + LATENCY_S[sensor.kind] * (1.0 + 0.3 * dice.random()))
