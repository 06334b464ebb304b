"""A made-up sky for registration: targets that wind about, and what sensors with constant errors say of them.

No tracker is in it: who is who is given, as from associations that are certain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.tracking.columns import CONFIRMED, MEASURED, NUMBERS, RECORD, SENSOR, SIGMA, STATUS, UID
from skykeep.tracking.registration import Registration

KINDS = {
    MeasurementKind.RANGE_AZIMUTH_ELEVATION: 0,
    MeasurementKind.AZIMUTH: 1,
    MeasurementKind.AZIMUTH_ELEVATION: 2,
    MeasurementKind.POSITION: 3,
}
NS = 1_000_000_000


@dataclass(frozen=True)
class Wrong:
    """What one sensor is off by (said less true), how its sigma compares with what it claims, its phase."""

    own: tuple[float, float, float] = (0.0, 0.0, 0.0)
    clock_s: float = 0.0
    place_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    noise_ratio: float = 1.0
    phase_s: float = 0.0


def radar(name: str, east_m: float, north_m: float, **keys: object) -> Sensor:
    values: dict[str, object] = {
        "sensor_id": name,
        "name": name,
        "kind": SensorKind.RADAR,
        "measures": MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        "position_enu_m": (east_m, north_m, 20.0),
        "coverage_range_m": 5000.0,
        "sigma": (5.0, math.radians(0.4), math.radians(0.6)),
        "period_s": 1.0,
    }
    return Sensor(**{**values, **keys})  # type: ignore[arg-type]


class Sky:
    """`targets` that fly straight, turn and climb by chance within 2.5 km; speeds 6 to 22 m/s."""

    STEP_S = 0.05

    def __init__(self, seed: int, targets: int = 20, duration_s: float = 70.0, still: bool = False) -> None:
        dice = np.random.default_rng(seed)
        steps = int(duration_s / self.STEP_S) + 40
        place = np.column_stack([dice.uniform(-2500, 2500, (targets, 2)), dice.uniform(40, 250, targets)])
        course, speed = dice.uniform(0, 2 * math.pi, targets), dice.uniform(6, 22, targets)
        if still:
            speed[:] = 0.0
        turn, climb = np.zeros(targets), np.zeros(targets)
        self.places = np.empty((steps, targets, 3))
        for k in range(steps):
            self.places[k] = place
            change = dice.random(targets) < self.STEP_S / 8.0
            turn = np.where(change, dice.choice([0.0, 0.0, 0.15, -0.15, 0.3, -0.3], targets), turn)
            climb = np.where(change, dice.normal(0.0, 0.0 if still else 1.0, targets), climb)
            course = course + turn * self.STEP_S
            velocity = np.column_stack([speed * np.sin(course), speed * np.cos(course), climb])
            place = place + velocity * self.STEP_S
        self.dice, self.duration_s = dice, duration_s

    def at(self, time_s: float) -> FloatArray:
        k = time_s / self.STEP_S
        low = int(k)
        return np.asarray(self.places[low] + (k - low) * (self.places[low + 1] - self.places[low]))


@dataclass
class Feed:
    """Feeds what `sensors` say of `sky` to `registration`; nothing when a target is missed, one in ten."""

    sky: Sky
    sensors: tuple[Sensor, ...]
    wrong: tuple[Wrong, ...]
    registration: Registration
    wrongly_associated: float = 0.0
    now_s: float = 0.0
    told_offset_m: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))

    def __post_init__(self) -> None:
        count = self.sky.places.shape[1]
        self.number = np.zeros((count, NUMBERS), dtype=np.int64)
        self.number[:, STATUS], self.number[:, UID] = CONFIRMED, np.arange(count)
        self.told_offset_m = self.sky.dice.normal(0.0, (3.0, 3.0, 8.0), (count, 3))

    def until(self, end_s: float) -> Registration:
        looks = []
        for s, (sensor, off) in enumerate(zip(self.sensors, self.wrong, strict=True)):
            first = math.ceil((self.now_s - off.phase_s - 1.0) / sensor.period_s)
            times = (off.phase_s + 1.0 + k * sensor.period_s for k in range(first, 10_000))
            for time_s in times:
                if time_s >= end_s:
                    break
                looks.append((time_s, s))
        for time_s, s in sorted(looks):
            records, rests_on = self.records(s, time_s)
            stamp_ns = round((time_s + self.wrong[s].clock_s) * NS)
            self.registration.note(s, stamp_ns, records, rests_on, np.ones(len(rests_on)), self.number)
        self.now_s = end_s
        self.registration.settle(self.number)
        return self.registration

    def records(self, s: int, time_s: float) -> tuple[FloatArray, IntArray]:
        sensor, off, dice = self.sensors[s], self.wrong[s], self.sky.dice
        assert sensor.measures is not None
        places = self.sky.at(time_s)
        uid = np.flatnonzero(dice.random(len(places)) < 0.9)
        records = np.full((len(uid), RECORD), np.nan)
        records[:, 0], records[:, SENSOR:MEASURED] = KINDS[sensor.measures], sensor.position_enu_m
        away = places[uid] - (np.array(sensor.position_enu_m) - off.place_m)
        ground = np.hypot(away[:, 0], away[:, 1])
        range_m = np.hypot(ground, away[:, 2])
        azimuth, elevation = np.arctan2(away[:, 0], away[:, 1]), np.arctan2(away[:, 2], ground)
        true, own = {
            0: (np.column_stack([range_m, azimuth, elevation]), off.own),
            1: (azimuth[:, None], off.own[1:2]),
            2: (np.column_stack([azimuth, elevation]), off.own[1:]),
            3: (places[uid] + self.told_offset_m[uid] + off.place_m, off.own),
        }[KINDS[sensor.measures]]
        n = true.shape[1]
        sigma = np.array(sensor.sigma[:n])
        records[:, MEASURED : MEASURED + n] = (
            true + own + off.noise_ratio * sigma * dice.normal(0.0, 1.0, true.shape)
        )
        records[:, SIGMA : SIGMA + n] = sigma
        swapped = dice.random(len(uid)) < self.wrongly_associated
        records[swapped, MEASURED : MEASURED + n] += (
            5.0 * sigma * dice.choice([-1.0, 1.0], true.shape)[swapped]
        )
        return records, np.column_stack([uid, np.arange(len(uid))])
