"""Whether sensors are as good as they claim, told by how well what they report fits where targets are.

A detection's innovation has the variance S = own + rest, own being the square of the sigma that the sensor
claims. If its errors are k times as large, the mean of the squared innovation is k^2 own + rest: one
innovation estimates k^2, with a variance that goes with (S / own)^2, and detections are weighed by that.
Where the rest is large, as for a bearing on a target that is hardly known, nothing is learned and nothing
claimed. Each squared innovation is capped (registration_learning.py), so that a wrong association now and
then is not taken for a bad sensor.

A factor other than 1 is believed only when it is beyond doubt and large enough to matter. The kernels then
take the sensor's sigma so many times, and what follows is measured against that: a factor that is still too
small grows, one that is no longer needed shrinks back to 1.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.registration import SensorTrust
from skykeep.domain.sensing import MeasurementKind, Sensor
from skykeep.tracking.registration_bank import FIT_EXCESS, FIT_WEIGHT

_ONE_LOOK_VARIANCE = 2.26
"""Variance of the square of the error ratio as one look tells it, where nothing else is uncertain."""
_LEAST_SQUARE = 0.05
_NAMES = {
    MeasurementKind.RANGE_AZIMUTH_ELEVATION: ("range", "azimuth", "elevation", "range rate"),
    MeasurementKind.AZIMUTH: ("azimuth",),
    MeasurementKind.AZIMUTH_ELEVATION: ("azimuth", "elevation"),
    MeasurementKind.POSITION: ("east", "north", "up"),
}


class TrustSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When a sensor is called degraded: its errors are `least_ratio` times those it claims and more, and that
    is `sure_sigma` of its own uncertainty away from being as claimed. What was seen fades with `memory_s`.
    """

    least_ratio: float = 1.4
    sure_sigma: float = 4.5
    most_factor: float = 20.0
    memory_s: float = 60.0


class Trust:
    """Judges sensors by `fit` (S, 4, 2), which kernels add to, and sets `factor` (S, 4), which they obey."""

    def __init__(
        self,
        sensors: tuple[Sensor, ...],
        factor: FloatArray,
        fit: FloatArray,
        settings: TrustSettings = TrustSettings(),  # noqa: B008
    ) -> None:
        self._sensors, self._settings = sensors, settings
        self.factor, self._fit = factor, fit

    def judge(self, elapsed_s: float) -> None:
        """Change the factors where what was seen since they were last changed demands it."""
        settings = self._settings
        square, sigma = self._square()
        sure = np.abs(square - 1.0) > settings.sure_sigma * sigma
        ratio = np.sqrt(np.maximum(square, _LEAST_SQUARE))
        worse = sure & (ratio * self.factor > settings.least_ratio) & (square > 1.0)
        better = sure & (square < 1.0) & (self.factor > 1.0)
        changed = worse | better
        if changed.any():
            wanted = np.clip(self.factor * ratio, 1.0, settings.most_factor)
            # What is hardly worse than claimed is as claimed.
            wanted[wanted < settings.least_ratio] = 1.0
            self.factor[changed] = wanted[changed]
            self._fit[changed] = 0.0
        self._fit *= math.exp(-elapsed_s / settings.memory_s)

    def report(self) -> tuple[SensorTrust, ...]:
        """Return how good each sensor is."""
        square, sigma = self._square()
        ratio = self.factor * np.sqrt(np.maximum(square, _LEAST_SQUARE))
        spread = 0.5 * self.factor * sigma
        return tuple(self._of(s, sensor, ratio[s], spread[s]) for s, sensor in enumerate(self._sensors))

    def _square(self) -> tuple[FloatArray, FloatArray]:
        """Return the square of errors against the sigma now assumed, and its 1-sigma; as if one look before
        all others had found the sensor as good as assumed.
        """
        weight = self._fit[:, :, FIT_WEIGHT] + _ONE_LOOK_VARIANCE
        return 1.0 + self._fit[:, :, FIT_EXCESS] / weight, np.sqrt(_ONE_LOOK_VARIANCE / weight)

    def _of(self, s: int, sensor: Sensor, ratio: FloatArray, spread: FloatArray) -> SensorTrust:
        factor = self.factor[s].tolist()
        bad = [c for c in range(4) if factor[c] > 1.0]
        names = () if sensor.measures is None else _NAMES[sensor.measures]
        parts = [f"{names[c]} {ratio[c]:.1f} times" for c in bad if c < len(names)]
        sentence = f"{sensor.name}: errors beyond what it claims: {', '.join(parts)}" if parts else ""
        return SensorTrust(
            sensor_id=sensor.sensor_id,
            degraded=bool(bad),
            error_ratio=(float(ratio[0]), float(ratio[1]), float(ratio[2]), float(ratio[3])),
            ratio_sigma=(float(spread[0]), float(spread[1]), float(spread[2]), float(spread[3])),
            sigma_factor=(factor[0], factor[1], factor[2], factor[3]),
            looks=float(self._fit[s, :, FIT_WEIGHT].max()),
            sentence=sentence,
        )
