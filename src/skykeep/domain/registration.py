"""What is known of the sensors themselves: their constant errors, and whether they are as good as they
claim.
"""

from __future__ import annotations

import enum

import msgspec


class BiasComponent(enum.StrEnum):
    """A constant error: what the sensor, or its entry in the site's file, says less what is true.

    The clock's is that of its time stamps, positive when they are late; `EAST_M`, `NORTH_M` and `UP_M` are
    those of where it is said to stand.
    """

    RANGE_M = "range_m"
    AZIMUTH_RAD = "azimuth_rad"
    ELEVATION_RAD = "elevation_rad"
    CLOCK_S = "clock_s"
    EAST_M = "east_m"
    NORTH_M = "north_m"
    UP_M = "up_m"


OBSERVABLE = 0.75
"""An error counts as observed when its sigma is at most half of what was known before."""


class SensorBias(msgspec.Struct, frozen=True, kw_only=True):
    """One constant error of one sensor as estimated, in the component's unit.

    `prior_sigma` is what the site said, `sigma` what is left of it. `observability` is the part of the prior
    variance that the data took away: 0 nothing is known but the prior, 1 all is. `common_targets` is how
    many targets this sensor and another one both saw, `looks` on how many detections of this sensor it rests.
    """

    sensor_id: str
    component: BiasComponent
    estimate: float
    sigma: float
    prior_sigma: float
    observability: float
    common_targets: int
    looks: int

    @property
    def observable(self) -> bool:
        return self.observability >= OBSERVABLE


class BiasTerm(msgspec.Struct, frozen=True, kw_only=True):
    """One error's part in a combination: `weight` counts in prior sigmas, the squares of all add up to 1."""

    sensor_id: str
    component: BiasComponent
    weight: float


class UnseenBias(msgspec.Struct, frozen=True, kw_only=True):
    """Errors that could grow together and the data would not show it, as when all sensors are turned alike.

    `sigma_ratio` is what is left of the prior sigma along this combination. `sentence` names its parts.
    """

    terms: tuple[BiasTerm, ...]
    sigma_ratio: float
    sentence: str


class SensorTrust(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a sensor is as good as it claims. `sentence` says what is wrong with a degraded one, with the
    figure, and is empty otherwise.

    `error_ratio` holds per measured column how many times its claimed sigma the errors are, with the
    1-sigma `ratio_sigma`; 1 and 0.5 where nothing is known. `sigma_factor` is what the tracker multiplies
    the claimed sigma with, 1 unless the sensor is surely worse than it claims. `looks` is how many
    detections with no other uncertainty would tell as much, fading.
    """

    sensor_id: str
    degraded: bool
    error_ratio: tuple[float, float, float, float]
    ratio_sigma: tuple[float, float, float, float]
    sigma_factor: tuple[float, float, float, float]
    looks: float
    sentence: str
