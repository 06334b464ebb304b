"""Strength of echoes: by hand, then laws that any fading target obeys."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.models.measurement import AZIMUTH, POSITION
from skykeep.tracking.amplitude import (
    SECTIONS_DBSM,
    Strengths,
    chance_of_detection,
    expect_echoes,
    expect_signal,
    learn_missed,
    learn_section,
    log_strength_ratio,
    strengths_of,
)
from skykeep.tracking.columns import (
    CLUTTER_EXCESS,
    LOOK_VALUES,
    MEASURED,
    RECORD,
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
    echoes = np.full(SECTIONS, np.nan)
    expect_echoes(value, look, range_m, echoes)
    return echoes


def strengths_at(look: FloatArray, power: FloatArray, range_m: float = RANGE_M) -> Strengths:
    """Return what cross-sections make of echoes of these powers, all at one range."""
    records, signatures = np.zeros((len(power), RECORD)), np.full((len(power), 4), np.nan)
    records[:, MEASURED], signatures[:, 2] = range_m, power
    return strengths_of(records, signatures, look)


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
    strengths = strengths_at(look, power)
    ratio = np.array([log_strength_ratio(value, strengths, d) for d in range(len(power))])
    inside = np.abs(ratio) < 2.99  # elsewhere it is cut
    target = np.exp(ratio) * clutter
    mean = 1.0 + look[SIGNAL] / RANGE_M**4 * 10.0**-2.5
    np.testing.assert_allclose(target[inside], np.exp(-excess[inside] / mean) / mean, rtol=1e-9)


def test_no_strength_no_evidence() -> None:
    silent = np.zeros(LOOK_VALUES)
    for look, power in ((a_look(), math.nan), (silent, 50.0)):
        value, strengths = a_track(), strengths_at(look, np.array([power]))
        assert log_strength_ratio(value, strengths, 0) == 0.0
        learn_section(value, strengths, 0)
        np.testing.assert_array_equal(value, a_track())


def test_a_position_has_a_range_too_and_a_bearing_none() -> None:
    look, power = a_look(), np.array([[0.0, 0.0, 50.0, 0.0]])
    plot, place, bearing = np.zeros((3, 1, RECORD))
    plot[0, MEASURED] = RANGE_M
    place[0, 0], place[0, 1:4], place[0, MEASURED : MEASURED + 3] = (
        POSITION,
        100.0,
        (100.0, 100.0, RANGE_M + 100.0),
    )
    bearing[0, 0] = AZIMUTH
    as_plot, as_place = strengths_of(plot, power, look), strengths_of(place, power, look)
    np.testing.assert_allclose(as_place.density, as_plot.density, rtol=1e-12)
    assert math.isnan(strengths_of(bearing, power, look).log_clutter[0])


def told_of(section: int, seed: int) -> FloatArray:
    """Return what 200 fading looks told of a cross-section, as probabilities."""
    dice, look, value = np.random.default_rng(seed), a_look(), a_track()
    mean = 1.0 + look[SIGNAL] / RANGE_M**4 * 10.0 ** (SECTIONS_DBSM[section] / 10.0)
    for power in dice.exponential(mean, 200):
        if power > look[THRESHOLD]:
            learn_section(value, strengths_at(look, np.array([power])), 0)
        else:
            learn_missed(value, look, expected(value, look))
    return value[SECTION : SECTION + SECTIONS]


@given(st.sampled_from(range(2, 6)), st.integers(0, 1000))
def test_many_looks_tell_the_cross_section(section: int, seed: int) -> None:
    told = told_of(section, seed)
    assert told.sum() == pytest.approx(1.0)
    # Fading, and what is forgotten, leave it uncertain: 9.3 dB off in one of 4,004 cases, else below 9.
    assert abs(float(np.dot(told, SECTIONS_DBSM)) - SECTIONS_DBSM[section]) < 10.0


@pytest.mark.parametrize("section", range(2, 6))
def test_on_average_many_looks_tell_the_cross_section_to_a_decibel(section: int) -> None:
    means_dbsm = [float(np.dot(told_of(section, seed), SECTIONS_DBSM)) for seed in range(60)]
    assert abs(np.mean(means_dbsm) - SECTIONS_DBSM[section]) < 1.0


def test_an_impossible_miss_leaves_a_probability() -> None:
    value = a_track(SECTIONS - 1)
    for _ in range(50):
        learn_missed(value, a_look(60.0), expected(value, a_look(60.0), 100.0))
    assert value[SECTION:].sum() == pytest.approx(1.0)
