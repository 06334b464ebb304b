"""Trust: a sensor that is worse than it claims is named with the figure, a good one never is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skykeep.domain.registration import SensorTrust
from skykeep.tracking.registration import Registration
from skykeep.tracking.registration_bank import FIT_EXCESS, FIT_WEIGHT
from skykeep.tracking.trust import Trust

from .common_targets import Feed, Sky, Wrong, radar

SENSORS = (radar("A", 0.0, 0.0), radar("B", -1500.0, 900.0, bias_sigma=(20.0, math.radians(0.5), 0.0)))


def judged(seed: int, noise_ratio: float) -> tuple[SensorTrust, SensorTrust]:
    wrong = (Wrong(), Wrong(noise_ratio=noise_ratio, phase_s=0.37))
    a, b = Feed(Sky(seed), SENSORS, wrong, Registration(SENSORS)).until(60.0).trust()
    return a, b


def test_a_hundred_looks_twice_as_far_off_as_claimed_double_the_sigma() -> None:
    factor, fit = np.ones((1, 4)), np.zeros((1, 4, 2))
    trust = Trust(SENSORS[:1], factor, fit)
    # Errors of twice the sigma: the square exceeds 1 by 3. One look was granted before all others.
    fit[0, 1, FIT_WEIGHT], fit[0, 1, FIT_EXCESS] = 100.0, 300.0
    trust.judge(0.0)
    assert factor[0].tolist() == pytest.approx([1.0, math.sqrt(1.0 + 300.0 / 102.26), 1.0, 1.0])
    (report,) = trust.report()
    assert report.degraded
    assert report.sentence == "A: errors beyond what it claims: azimuth 2.0 times"


def test_ten_looks_are_not_enough_to_accuse() -> None:
    factor, fit = np.ones((1, 4)), np.zeros((1, 4, 2))
    fit[0, 0, FIT_WEIGHT], fit[0, 0, FIT_EXCESS] = 10.0, 15.0
    trust = Trust(SENSORS[:1], factor, fit)
    trust.judge(1.0)
    assert np.all(factor == 1.0)
    assert trust.report()[0].sentence == ""


@pytest.mark.parametrize("seed", range(8))
def test_healthy_sensors_keep_a_factor_of_one(seed: int) -> None:
    for report in judged(seed, 1.0):
        assert not report.degraded
        assert report.sigma_factor == (1.0, 1.0, 1.0, 1.0)
        for ratio, sigma in zip(report.error_ratio[:3], report.ratio_sigma[:3], strict=True):
            # Targets do not fly quite as assumed, which range, the sharpest, takes for its own error.
            assert abs(ratio - 1.0) < 4.0 * sigma + 0.15


@pytest.mark.parametrize("noise_ratio", [2.0, 3.0, 5.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_noisy_sensor_is_named_with_its_figure_and_the_other_is_not(seed: int, noise_ratio: float) -> None:
    good, bad = judged(seed, noise_ratio)
    # What a much noisier one spoils is the place of the targets: the other looks a little worse for it.
    assert max(good.sigma_factor) < 1.8
    assert bad.degraded
    assert "azimuth" in bad.sentence
    assert bad.sentence.startswith("B: ")
    for column in range(3):
        assert bad.error_ratio[column] == pytest.approx(noise_ratio, rel=0.2)
        assert bad.sigma_factor[column] == pytest.approx(noise_ratio, rel=0.25)


def test_a_radar_whose_tilt_goes_round_with_the_bearing_is_named_by_its_elevation() -> None:
    class Tilted(Feed):
        def records(self, s, time_s):  # type: ignore[no-untyped-def]
            records, rests_on = super().records(s, time_s)
            if s == 1:
                records[:, 6] += math.radians(2.0) * np.sin(records[:, 5])
            return records, rests_on

    wrong = (Wrong(), Wrong(phase_s=0.37))
    good, bad = Tilted(Sky(2), SENSORS, wrong, Registration(SENSORS)).until(60.0).trust()
    assert bad.sigma_factor[2] > 1.5
    assert bad.sigma_factor[:2] == (1.0, 1.0)
    assert "elevation" in bad.sentence
    assert max(good.sigma_factor[:2]) == 1.0


def test_a_sensor_that_has_recovered_is_trusted_again() -> None:
    sky = Sky(5, duration_s=200.0)
    feed = Feed(sky, SENSORS, (Wrong(), Wrong(noise_ratio=3.0)), Registration(SENSORS))
    assert feed.until(40.0).trust()[1].degraded
    feed.wrong = (Wrong(), Wrong())
    assert not feed.until(190.0).trust()[1].degraded
