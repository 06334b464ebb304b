"""Constant errors of sensors, estimated from the targets that they see, and taken out of what they report.

Only errors that the site gives a prior sigma are estimated. A target helps by being seen by two sensors, at
least one of which is in doubt: whose error the difference is, the priors and the geometry decide, and the
sigma says how well. A target that says of itself where it is (`independent` False) is a reference too, with
an error of its own that lasts all flight.

What remains after correction is one unknown for all detections of a sensor. Adding its variance to each
would let a filter average it away as if it were new every time; it is added `counted_looks` times, about as
many looks as a track remembers, so that the average over these is as uncertain as it should be.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.registration import BiasComponent, BiasTerm, SensorBias, SensorTrust, UnseenBias
from skykeep.domain.sensing import Sensor
from skykeep.tracking.columns import LOOK_SENSOR, RANGE_MIN
from skykeep.tracking.registration_bank import (
    CLOCK,
    COMMON,
    ERRORS,
    LATE,
    LOOKS,
    OUTLIERS,
    PLACE,
    UID,
    empty_bank,
)
from skykeep.tracking.registration_kernels import absorb
from skykeep.tracking.registration_learning import inverted
from skykeep.tracking.registration_records import Waiting, corrected, only_confirmed
from skykeep.tracking.registration_settings import RegistrationSettings, registration_rules
from skykeep.tracking.trust import Trust

_COMPONENTS = tuple(BiasComponent)  # in the order of the kernels' errors
_LONG_AGO_NS = -(1 << 62)
_UNSEEN, _NAMED = 0.5, 0.15
"""A combination is unseen that keeps more than this part of its prior variance; parts smaller than that of
the largest are not named."""

_NEXT_TO_NOTHING = 1e-6
"""Part of what a prior tells: added to what was learned, so that it has an inverse."""


def prior_sigma(sensor: Sensor) -> tuple[float, ...]:
    """Return the sigma of a sensor's errors, in the order of `BiasComponent`."""
    place_m = sensor.position_bias_sigma_m
    return (*sensor.bias_sigma, sensor.clock_bias_sigma_s, place_m, place_m, place_m)


def _product(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the product of two matrices: the same bits on every machine, as a library's need not be."""
    return np.asarray((left[:, :, None] * right[None, :, :]).sum(axis=1))


class Registration:
    """Give it the detections that tracks took, as measured; let it correct those that come; ask it for the
    errors.
    """

    def __init__(
        self,
        sensors: tuple[Sensor, ...],
        settings: RegistrationSettings = RegistrationSettings(),  # noqa: B008
    ) -> None:
        self._sensors, self._settings = sensors, settings
        unit = np.array([prior_sigma(sensor) for sensor in sensors]).reshape(-1, ERRORS)
        told = np.array([not sensor.independent for sensor in sensors], dtype=np.int64)
        self._bank = empty_bank(unit, told, settings.targets)
        self._trust = Trust(sensors, self._bank.factor, self._bank.fit, settings.trust)
        self._doubted = [bool(sigma.max() > 0.0) for sigma in unit]
        self._place_enu_m = np.array([sensor.position_enu_m for sensor in sensors]).reshape(-1, 3)
        self._rules = registration_rules(settings)
        self._spread: FloatArray = np.eye(len(self._bank.b))
        self._error, self._sigma = np.zeros_like(unit), unit.copy()
        self._clock_ns: IntArray = np.zeros(len(sensors), dtype=np.int64)
        self._degraded = [False] * len(sensors)
        self._waiting, self._sure = Waiting(), settings.sure
        self._hold_ns, self._every_ns = seconds_to_ns(settings.hold_s), seconds_to_ns(settings.every_s)
        self._newest_ns = self._next_ns = self._judged_ns = _LONG_AGO_NS

    def note(
        self,
        sensor_index: int,
        time_ns: int,
        records: FloatArray,
        rests_on: IntArray,
        weight: FloatArray,
        number: IntArray,
    ) -> None:
        """Take note of one scan: `records` (n, RECORD) as measured at `time_ns` by the sensor's own clock.

        `rests_on` (m, 2) says which track, by its uid, rests on which record, `weight` (m,) how likely that
        is right. `number` is the tracks' table: targets come from those confirmed.
        """
        if not self._waiting.add(sensor_index, time_ns, records, rests_on, weight, self._sure):
            return
        self._newest_ns = max(self._newest_ns, time_ns)
        if self._newest_ns >= self._next_ns:
            self._take_in(self._newest_ns - self._hold_ns, number)
            self._next_ns = self._newest_ns + self._every_ns

    def settle(self, number: IntArray) -> None:
        """Take in all that is still held back for late detections."""
        if len(self._waiting):
            self._take_in(self._newest_ns, number)

    def forget(self, track_uid: int) -> None:
        """Let go of a track's target, as when an operator says that it is not one. What was learned stays."""
        self._bank.number[self._bank.number[:, UID] == track_uid, UID] = -1
        self._waiting.drop(track_uid)

    def _take_in(self, until_ns: int, number: IntArray) -> None:
        bank = self._bank
        rows, records = self._waiting.take(until_ns, self._clock_ns, self._error, bank.factor, bank.told)
        if not len(rows):
            return
        only_confirmed(rows, number)
        elapsed_s = max(until_ns - self._judged_ns, 0) * 1e-9 if self._judged_ns > _LONG_AGO_NS else 0.0
        self._judged_ns = max(until_ns, self._judged_ns)
        keep = math.exp(-elapsed_s / self._settings.memory_s)
        bank.Y[:] *= keep
        bank.W[:] *= keep
        bank.y[:] *= keep
        absorb(bank, self._spread, rows, records, self._rules)
        self._trust.judge(elapsed_s)
        self._estimate()

    def _estimate(self) -> None:
        """Find the errors by y, which has the mean (Y - W) b and the variance Y, so that it holds the
        information (Y - W) Y^-1 (Y - W): all of Y where velocities are certain, next to none where they are
        nothing but noise.
        """
        bank = self._bank
        Y, y = bank.Y, bank.y
        if bank.W.any():
            part = np.eye(len(y)) - _product(bank.W, inverted(Y / _NEXT_TO_NOTHING) / _NEXT_TO_NOTHING)
            Y, y = _product(part, Y - bank.W), _product(part, y[:, None])[:, 0]
        self._spread = inverted(Y)
        self._place_targets((self._spread * y).sum(axis=1))
        known = bank.column >= 0
        self._error[known] = bank.unit[known] * bank.b
        self._sigma[known] = bank.unit[known] * np.sqrt(np.diag(self._spread))
        clock = np.hypot(self._sigma[:, CLOCK], self._settings.clock_model_sigma_s)
        self._sigma[:, CLOCK] = np.minimum(clock, bank.unit[:, CLOCK])
        self._clock_ns[:] = np.rint(self._error[:, CLOCK] * 1e9)
        self._degraded = [bool(factor.max() > 1.0) for factor in bank.factor]

    def _place_targets(self, b: FloatArray) -> None:
        """Place the targets where they are if the errors are `b` (B,), no longer as last estimated."""
        bank = self._bank
        change = np.zeros((len(bank.m), bank.A.shape[2]))
        change[:, : len(b)] = b - bank.b
        for s in np.flatnonzero(bank.moved >= 0).tolist():
            late_s = bank.unit[s, CLOCK] * change[:, bank.column[s, CLOCK], None]
            change[:, bank.moved[s] : bank.moved[s] + 3] = -late_s * bank.m[:, 3:6]
        bank.m[:] += (bank.A * change[:, None, :]).sum(axis=2)
        bank.b[:] = b

    def time_ns(self, sensor_index: int, time_ns: int) -> int:
        """Return when it truly was that this sensor's clock said `time_ns`, as far as is known."""
        return time_ns - int(self._clock_ns[sensor_index])

    def correct(self, sensor_index: int, look: FloatArray, records: FloatArray) -> FloatArray:
        """Return `records` (n, RECORD) of one sensor less its errors, their sigma as it has earned it and
        widened by what is left of the errors; the very same array where nothing is in doubt.

        `look` is told where the sensor stands. Time is for `time_ns`. The remaining sigma of clock and place
        widens range and angles alike, as if it had no direction. An azimuth below 0 or above 2 pi may
        come out.
        """
        if not (self._doubted[sensor_index] or self._degraded[sensor_index]):
            return records
        error, sigma = self._error[sensor_index], self._sigma[sensor_index]
        look[LOOK_SENSOR:RANGE_MIN] = self._place_enu_m[sensor_index] - error[PLACE:]
        if not len(records):
            return records
        settings = self._settings
        place_m = math.hypot(*sigma[PLACE:].tolist()) / math.sqrt(3.0)
        return corrected(
            records,
            error,
            self._bank.factor[sensor_index],
            sigma,
            math.hypot(place_m, float(sigma[CLOCK]) * settings.speed_mps),
            self._sensors[sensor_index].coverage_range_m,
            settings.counted_looks,
        )

    def estimates(self) -> tuple[SensorBias, ...]:
        """Return what is known of each error that a prior was given for, by sensor."""
        return tuple(self._bias(s, c) for s, c in np.argwhere(self._bank.column >= 0).tolist())

    def _bias(self, s: int, c: int) -> SensorBias:
        prior, sigma, count = float(self._bank.unit[s, c]), float(self._sigma[s, c]), self._bank.tally[s]
        return SensorBias(
            sensor_id=self._sensors[s].sensor_id,
            component=_COMPONENTS[c],
            estimate=float(self._error[s, c]),
            sigma=sigma,
            prior_sigma=prior,
            observability=1.0 - (sigma / prior) ** 2,
            common_targets=int(count[COMMON]),
            looks=int(count[LOOKS]),
        )

    def unseen(self) -> tuple[UnseenBias, ...]:
        """Return the combinations of errors that the data do not tell, the least known first."""
        places = np.argwhere(self._bank.column >= 0).tolist()
        variances, vectors = np.linalg.eigh(self._spread)
        out = []
        for k in np.argsort(-variances, kind="stable").tolist():
            if variances[k] > _UNSEEN:
                vector = vectors[:, k] * math.copysign(1.0, vectors[np.argmax(np.abs(vectors[:, k])), k])
                named = np.flatnonzero(np.abs(vector) >= _NAMED * np.abs(vector).max()).tolist()
                terms = [
                    BiasTerm(
                        sensor_id=self._sensors[places[j][0]].sensor_id,
                        component=_COMPONENTS[places[j][1]],
                        weight=float(vector[j]),
                    )
                    for j in named
                ]
                said = " with ".join(
                    f"{_COMPONENTS[places[j][1]].value} of {self._sensors[places[j][0]].name}" for j in named
                )
                ratio = math.sqrt(min(float(variances[k]), 1.0))
                out.append(
                    UnseenBias(terms=tuple(terms), sigma_ratio=ratio, sentence=f"not observable: {said}")
                )
        return tuple(out)

    def trust(self) -> tuple[SensorTrust, ...]:
        """Return how good each sensor is against what it claims."""
        return self._trust.report()

    @property
    def outliers(self) -> int:
        """Return how many detections did not fit and were left out."""
        return int(self._bank.tally[:, OUTLIERS].sum())

    @property
    def too_late(self) -> int:
        """Return how many came after their target had been moved on."""
        return int(self._bank.tally[:, LATE].sum())
