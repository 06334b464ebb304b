"""Radar equation, fading and pixels, against hand cases, laws and published values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.models.detectability import (
    free_space_loss_db,
    pixel_detection_probability,
    pixels_on_target,
    power_ratio,
    radar_range_m,
    radar_snr_db,
    radio_horizon_m,
    scaled_snr_db,
    swerling0_detection_probability,
    swerling1_detection_probability,
    swerling1_required_snr_db,
    swerling3_detection_probability,
)


def test_twelve_decibels_of_cross_section_halve_the_range() -> None:
    near = radar_range_m(
        power_w=1e3, pulse_s=1e-6, gain_db=30.0, frequency_hz=1e10, rcs_dbsm=-12.0412, snr_db=13.0
    )
    far = radar_range_m(power_w=1e3, pulse_s=1e-6, gain_db=30.0, frequency_hz=1e10, rcs_dbsm=0.0, snr_db=13.0)
    assert near / far == pytest.approx(0.5, abs=1e-5)


def test_scaling_passes_through_its_reference_and_falls_with_the_fourth_power() -> None:
    assert scaled_snr_db(5_500.0, -15.0, 5_500.0, -15.0, 12.77) == pytest.approx(12.77)
    assert scaled_snr_db(2_750.0, -15.0, 5_500.0, -15.0, 12.77) == pytest.approx(12.77 + 12.0412, abs=1e-4)


# Ranges and a ratio from a commercial toolbox's documented examples of the radar equation.
@pytest.mark.parametrize(
    ("rcs_dbsm", "gain_db", "loss_db", "published_m"),
    [(0.0, 20.0, 0.0, 41_056.567), (-10.0, 40.0, 3.0, 194_259.664)],
)
def test_range_equals_the_published_examples(
    rcs_dbsm: float, gain_db: float, loss_db: float, published_m: float
) -> None:
    range_m = radar_range_m(
        power_w=1e6,
        pulse_s=1e-5,
        gain_db=gain_db,
        frequency_hz=1e10,
        rcs_dbsm=rcs_dbsm,
        snr_db=6.0,
        loss_db=loss_db,
    )
    assert range_m == pytest.approx(published_m, rel=1e-4)


def test_snr_equals_the_published_example() -> None:
    snr_db = radar_snr_db(
        power_w=1e6, pulse_s=2e-7, gain_db=20.0, frequency_hz=1e9, rcs_dbsm=0.0, range_m=50_000.0
    )
    assert snr_db == pytest.approx(5.5868, abs=1e-3)


@pytest.mark.parametrize(("snr_db", "published"), [(10.0, 0.2848), (16.0, 0.7128), (20.0, 0.8722)])
def test_swerling_1_equals_published_values(snr_db: float, published: float) -> None:
    assert swerling1_detection_probability(power_ratio(snr_db), 1e-6) == pytest.approx(published, abs=5e-5)


# Exact required signal to noise from Marcum's Q and gamma quadrature.
@pytest.mark.parametrize(
    ("probability", "false_alarms", "required_db"),
    [(0.9, 1e-6, 21.14), (0.5, 1e-6, 12.77), (0.9, 1e-4, 19.37), (0.9, 1e-8, 22.40), (0.99, 1e-6, 31.38)],
)
def test_swerling_1_needs_what_the_table_says(
    probability: float, false_alarms: float, required_db: float
) -> None:
    assert swerling1_required_snr_db(probability, false_alarms) == pytest.approx(required_db, abs=0.01)


@pytest.mark.parametrize(
    ("probability", "false_alarms", "required_db"),
    [(0.9, 1e-6, 17.30), (0.5, 1e-6, 11.95), (0.9, 1e-8, 18.51), (0.99, 1e-6, 22.95)],
)
def test_swerling_3_needs_what_the_table_says(
    probability: float, false_alarms: float, required_db: float
) -> None:
    found = swerling3_detection_probability(power_ratio(required_db), false_alarms)
    assert found == pytest.approx(probability, abs=0.001)


@pytest.mark.parametrize(
    ("probability", "false_alarms", "required_db", "tolerance"),
    [
        (0.9, 1e-6, 13.183490056794499, 1e-6),
        (0.5, 1e-6, 11.24, 2e-3),
        (0.9, 1e-8, 14.23, 2e-3),
        (0.99, 1e-6, 14.49, 2e-3),
    ],
)
def test_a_steady_target_needs_what_the_table_says(
    probability: float, false_alarms: float, required_db: float, tolerance: float
) -> None:
    found = swerling0_detection_probability(power_ratio(required_db), false_alarms)
    assert found == pytest.approx(probability, abs=tolerance)


@given(st.floats(-10.0, 40.0), st.floats(-10.0, 40.0), st.floats(1e-9, 1e-2))
def test_more_signal_is_never_seen_less(one_db: float, other_db: float, false_alarms: float) -> None:
    low_db, high_db = sorted((one_db, other_db))
    for probability in (swerling1_detection_probability, swerling3_detection_probability):
        low, high = probability(power_ratio(np.array([low_db, high_db])), false_alarms)
        assert false_alarms <= low + 1e-15
        assert low <= high <= 1.0


def test_no_signal_is_a_false_alarm() -> None:
    for probability in (
        swerling0_detection_probability,
        swerling1_detection_probability,
        swerling3_detection_probability,
    ):
        assert probability(0.0, 1e-6) == pytest.approx(1e-6, rel=1e-9)


def test_horizon_and_free_space_equal_reference_numbers() -> None:
    assert radio_horizon_m(10.0, 50.0) == pytest.approx(42_200.0, abs=100.0)
    assert free_space_loss_db(1_000.0, 2.4e9) == pytest.approx(100.05, abs=0.01)


def test_two_pixels_at_1029_metres_are_seen_half_the_time() -> None:
    pixels = pixels_on_target(0.35, 1_029.0, 1.7e-4)
    assert pixels == pytest.approx(2.0, abs=0.01)
    assert pixel_detection_probability(2.0, 2.0) == 0.5
    assert pixel_detection_probability(1e6, 2.0) == pytest.approx(1.0, abs=1e-5)
