"""Time to breach: by hand, ordered, bounded, and holding the truth as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.assessment.breach import QUANTILES, Coming, breach_times_s
from skykeep.assessment.breach_kernels import HALVINGS, fill_quantiles
from skykeep.base.compile import FloatArray
from skykeep.domain.rules import ThreatRules

SHARP = ThreatRules(habit=0.0, breach_acceleration_psd=0.0, breach_stretch=1.0)


def times(
    to_go_m: float,
    ground_mps: float,
    sigma_m: float = 0.0,
    sigma_mps: float = 0.0,
    *,
    cruise_mps: float = 15.0,
    speeds_up: float = 0.0,
    elsewhere: float = 0.0,
    worst_s: float = 0.0,
    rules: ThreatRules = SHARP,
) -> tuple[float, float, float]:
    one = (to_go_m, sigma_m**2, ground_mps, sigma_mps**2, cruise_mps, speeds_up, elsewhere)
    coming = Coming(*(np.array([value]) for value in one))
    low_s, mid_s, high_s = breach_times_s(coming, np.array([worst_s]), rules)[:, 0].tolist()
    return low_s, mid_s, high_s


def test_what_is_known_exactly_takes_way_over_speed() -> None:
    assert times(2000.0, 20.0) == pytest.approx((100.0, 100.0, 100.0))


def test_what_is_inside_has_breached() -> None:
    assert times(-10.0, 20.0, 5.0, 1.0) == (0.0, 0.0, 0.0)
    assert times(0.0, 20.0, 5.0, 1.0) == (0.0, 0.0, 0.0)


def test_ten_percent_of_doubt_is_ten_percent_of_time() -> None:
    """By hand: a logistic of standard deviation 0.1 has the scale 0.0551, and ln 19 = 2.944 of it to 95 %."""
    low_s, mid_s, high_s = times(2000.0, 20.0, rules=ThreatRules(habit=0.1, breach_acceleration_psd=0.0))
    assert mid_s == pytest.approx(100.0, rel=1e-5)
    assert low_s == pytest.approx(100.0 * np.exp(-0.16233), rel=1e-4)
    assert high_s == pytest.approx(100.0 * np.exp(0.16233), rel=1e-4)


def test_a_hypothesis_counts_as_far_as_it_is_likely() -> None:
    """A slow new one that may speed up: late where it keeps its pace, soon where it does not."""
    slow = times(400.0, 4.0)
    may = times(400.0, 4.0, speeds_up=0.3)
    must = times(400.0, 4.0, speeds_up=1.0)
    assert slow == pytest.approx((100.0, 100.0, 100.0))
    assert must[1] == pytest.approx(400.0 / 15.0, rel=1e-4)
    assert may[0] < 400.0 / 15.0 < must[2] < may[1] == pytest.approx(100.0, rel=1e-3)
    aside = times(2000.0, 20.0, elsewhere=1.0)
    assert aside[1] == pytest.approx(100.0, rel=1e-3)
    assert aside[2] > 120.0


positive, share = st.floats(1.0, 1e4), st.floats(0.0, 1.0)


@given(
    positive,
    st.floats(1.0, 80.0),
    st.floats(0.0, 200.0),
    st.floats(0.0, 30.0),
    share,
    share,
    st.floats(0.0, 50.0),
)
def test_ordered_and_never_before_the_worst_case(
    way_m: float,
    speed_mps: float,
    sigma_m: float,
    sigma_mps: float,
    speeds_up: float,
    elsewhere: float,
    worst_s: float,
) -> None:
    low_s, mid_s, high_s = times(
        way_m,
        speed_mps,
        sigma_m,
        sigma_mps,
        speeds_up=speeds_up,
        elsewhere=elsewhere,
        worst_s=worst_s,
        rules=ThreatRules(),
    )
    assert max(worst_s, 1e-9) <= low_s <= mid_s <= high_s < np.inf


@given(positive, st.floats(1.0, 80.0), st.floats(0.0, 200.0), st.floats(0.0, 30.0))
def test_knowing_less_is_wider(way_m: float, speed_mps: float, sigma_m: float, sigma_mps: float) -> None:
    low_s, _, high_s = times(way_m, speed_mps, sigma_m, sigma_mps)
    for wider in (
        times(way_m, speed_mps, sigma_m + 1.0, sigma_mps),
        times(way_m, speed_mps, sigma_m, sigma_mps + 1.0),
    ):
        assert wider[0] <= low_s * (1.0 + 1e-9)
        assert wider[2] >= high_s * (1.0 - 1e-9)


@given(positive, st.floats(1.0, 80.0), st.floats(0.1, 30.0))
def test_nearer_or_faster_is_sooner(way_m: float, speed_mps: float, more: float) -> None:
    assert times(way_m + more, speed_mps)[1] > times(way_m, speed_mps)[1]
    assert times(way_m, speed_mps + more)[1] < times(way_m, speed_mps)[1]


@pytest.mark.parametrize(
    ("way_m", "speed_mps", "psd"), [(3000.0, 18.0, 0.05), (600.0, 12.0, 0.2), (1500.0, 25.0, 0.0)]
)
def test_the_interval_holds_nine_in_ten(way_m: float, speed_mps: float, psd: float) -> None:
    """Fly many by the model it claims (white acceleration, unknown start) and count arrivals inside."""
    dice = np.random.default_rng(4)
    n, step_s, sigma_m, sigma_mps = 4000, 0.25, 15.0, 1.0
    to_go_m: FloatArray = way_m + dice.normal(0.0, sigma_m, n)
    speed: FloatArray = speed_mps + dice.normal(0.0, sigma_mps, n)
    arrived_s = np.full(n, np.inf)
    for k in range(round(6.0 * way_m / speed_mps / step_s)):
        to_go_m = to_go_m - step_s * speed
        speed = speed + np.sqrt(psd * step_s) * dice.standard_normal(n)
        arrived_s = np.where((to_go_m <= 0.0) & np.isinf(arrived_s), (k + 1) * step_s, arrived_s)
    rules = ThreatRules(habit=0.0, breach_acceleration_psd=psd)
    low_s, mid_s, high_s = times(way_m, speed_mps, sigma_m, sigma_mps, rules=rules)
    inside = np.mean((arrived_s >= low_s) & (arrived_s <= high_s))
    assert 0.85 <= inside <= 0.95
    assert np.median(arrived_s) == pytest.approx(mid_s, rel=0.03)


def test_a_mixture_holds_nine_in_ten_of_its_own_mixture() -> None:
    dice = np.random.default_rng(7)
    n, rules = 20_000, ThreatRules(breach_acceleration_psd=0.0)
    part = dice.choice(3, n, p=[0.48, 0.12, 0.4])
    middle = np.array([1200.0 / 8.0, 1.25 * 1200.0 / 8.0, 1200.0 / 15.0])[part]
    sigma = np.hypot(rules.habit, np.array([0.0, rules.detour_sigma_ln, rules.speeds_up_sigma_ln]))[part]
    arrived_s = middle * np.exp(dice.logistic(0.0, np.sqrt(3.0) / np.pi * sigma))
    low_s, mid_s, high_s = times(1200.0, 8.0, speeds_up=0.4, elsewhere=1.0, rules=rules)
    assert np.mean(arrived_s < low_s) == pytest.approx(0.05, abs=0.006)
    assert np.mean(arrived_s < mid_s) == pytest.approx(0.5, abs=0.012)
    assert np.mean(arrived_s > high_s) == pytest.approx(0.05, abs=0.006)


def test_quantiles_are_those_of_the_same_halvings_in_numpy_and_each_the_same_alone() -> None:
    dice = np.random.default_rng(11)
    count = 300
    weight = dice.dirichlet(np.ones(3), count).T.copy()
    middle, scale = dice.normal(4.0, 1.0, (3, count)), dice.uniform(1e-9, 0.5, (3, count))
    share, found = np.array(QUANTILES), np.empty((3, count))
    fill_quantiles(share, weight, middle, scale, found)

    parts = middle + scale * np.log(share / (1.0 - share))[:, np.newaxis, np.newaxis]
    low, high = parts.min(axis=1), parts.max(axis=1)
    for _ in range(HALVINGS):
        half = 0.5 * (low + high)
        below = np.sum(weight / (1.0 + np.exp(np.clip((middle - half[:, None]) / scale, -50, 50))), axis=1)
        under = below < share[:, np.newaxis]
        low, high = np.where(under, half, low), np.where(under, high, half)
    assert found == pytest.approx(0.5 * (low + high), abs=1e-12)
    for k in range(count):
        own = np.empty((3, 1))
        one = slice(k, k + 1)
        fill_quantiles(share, weight[:, one].copy(), middle[:, one].copy(), scale[:, one].copy(), own)
        assert own[:, 0].tolist() == found[:, k].tolist()
