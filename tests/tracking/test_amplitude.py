"""Strength of echoes: by hand, then laws that any fading target obeys."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.tracking.amplitude import (
    SECTIONS_DBSM,
    chance_of_detection,
    expect_echoes,
    expect_signal,
    learn_section,
    log_strength_ratio,
)
from skykeep.tracking.columns import (
    CLUTTER_EXCESS,
    LOOK_VALUES,
    SECTION,
    SECTIONS,
    SIGNAL,
    THRESHOLD,
    VALUES,
)

RANGE_M = 2000.0


def a_look(snr_db: float = 19.4, excess: float = 20.0) -> FloatArray:
    """Return a radar's look at which a target of -20 dBsm at 2 km is `snr_db` above noise."""
    look = np.zeros(LOOK_VALUES)
    look[SIGNAL] = 10.0 ** ((snr_db + 20.0) / 10.0) * RANGE_M**4
    look[THRESHOLD], look[CLUTTER_EXCESS] = -math.log(1e-4), excess
    return look


def a_track(section: int | None = None) -> FloatArray:
    value = np.zeros(VALUES)
    expect_signal(value)
    if section is not None:
        value[SECTION : SECTION + SECTIONS] = 0.0
        value[SECTION + section] = 1.0
    return value


def expected(value: FloatArray, look: FloatArray, range_m: float = RANGE_M) -> FloatArray:
    echoes = np.full((2, SECTIONS), np.nan)
    expect_echoes(value, look, range_m, echoes)
    return echoes


def test_the_prior_is_a_probability() -> None:
    assert a_track()[SECTION:].sum() == pytest.approx(1.0)


def test_detection_probability_of_a_known_target_by_hand() -> None:
    # -21 dBsm at 2 km: signal 18.4 dB, 69.2; Pfa ** (1 / (1 + S)) = 1e-4 ** (1 / 70.2).
    section = SECTIONS_DBSM.index(-21.0)
    signal = 10.0**1.84
    assert chance_of_detection(expected(a_track(section), a_look())) == pytest.approx(
        1e-4 ** (1.0 / (1.0 + signal))
    )


def test_twice_as_far_is_a_sixteenth_of_the_signal() -> None:
    section = SECTIONS_DBSM.index(-21.0)
    far = chance_of_detection(expected(a_track(section), a_look(), 2.0 * RANGE_M))
    assert far == pytest.approx(1e-4 ** (1.0 / (1.0 + 10.0**1.84 / 16.0)))


def test_the_densities_of_power_integrate_to_one() -> None:
    """exp(ratio) times clutter's density is the target's density above the threshold."""
    value, look = a_track(SECTIONS_DBSM.index(-25.0)), a_look(excess=30.0)
    excess = np.linspace(0.0, 1500.0, 60_001)
    power = look[THRESHOLD] + excess
    clutter = np.exp(-excess / 30.0) / 30.0
    ratio = np.array([log_strength_ratio(expected(value, look), look, p) for p in power])
    inside = np.abs(ratio) < 2.99  # elsewhere it is cut
    target = np.exp(ratio) * clutter
    mean = 1.0 + look[SIGNAL] / RANGE_M**4 * 10.0**-2.5
    np.testing.assert_allclose(target[inside], np.exp(-excess[inside] / mean) / mean, rtol=1e-9)


def test_no_strength_no_evidence() -> None:
    assert log_strength_ratio(expected(a_track(), a_look()), a_look(), math.nan) == 0.0
    silent = np.zeros(LOOK_VALUES)
    assert log_strength_ratio(expected(a_track(), silent), silent, 50.0) == 0.0


@given(st.sampled_from(range(2, 6)), st.integers(0, 1000))
def test_many_looks_tell_the_cross_section(section: int, seed: int) -> None:
    dice, look, value = np.random.default_rng(seed), a_look(), a_track()
    mean = 1.0 + look[SIGNAL] / RANGE_M**4 * 10.0 ** (SECTIONS_DBSM[section] / 10.0)
    for power in dice.exponential(mean, 200):
        learn_section(value, look, expected(value, look), power if power > look[THRESHOLD] else math.nan)
    told = value[SECTION : SECTION + SECTIONS]
    assert told.sum() == pytest.approx(1.0)
    # Fading, and what is forgotten, leave it uncertain; on average it is right.
    mean_dbsm = float(np.dot(told, SECTIONS_DBSM))
    assert abs(mean_dbsm - SECTIONS_DBSM[section]) < 9.0


def test_an_impossible_miss_leaves_a_probability() -> None:
    value = a_track(SECTIONS - 1)
    for _ in range(50):
        learn_section(value, a_look(60.0), expected(value, a_look(60.0), 100.0), math.nan)
    assert value[SECTION:].sum() == pytest.approx(1.0)
