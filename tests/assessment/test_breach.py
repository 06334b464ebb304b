"""Time to breach: by hand, ordered, and holding the truth as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.assessment.breach import breach_times_s
from skykeep.base.compile import FloatArray


def times(
    to_go_m: float,
    closing_mps: float,
    sigma_m: float = 0.0,
    sigma_mps: float = 0.0,
    psd: float = 0.0,
    habit: float = 0.0,
) -> tuple[float, float, float]:
    columns = [np.array([value]) for value in (to_go_m, closing_mps, sigma_m**2, sigma_mps**2)]
    low_s, mid_s, high_s = breach_times_s(columns[0], columns[1], columns[2], columns[3], psd, habit)
    return float(low_s[0]), float(mid_s[0]), float(high_s[0])


def test_what_is_known_exactly_takes_way_over_speed() -> None:
    assert times(2000.0, 20.0) == pytest.approx((100.0, 100.0, 100.0))


def test_what_is_inside_has_breached() -> None:
    assert times(-10.0, 20.0, 5.0, 1.0) == (0.0, 0.0, 0.0)
    assert times(0.0, 20.0, 5.0, 1.0) == (0.0, 0.0, 0.0)


def test_ten_percent_of_doubt_is_ten_percent_of_time() -> None:
    low_s, mid_s, high_s = times(2000.0, 20.0, habit=0.1)
    assert mid_s == 100.0
    assert low_s == pytest.approx(100.0 * np.exp(-0.16449), rel=1e-4)
    assert high_s == pytest.approx(100.0 * np.exp(0.16449), rel=1e-4)


positive = st.floats(1.0, 1e4)


@given(positive, st.floats(1.0, 80.0), st.floats(0.0, 200.0), st.floats(0.0, 30.0), st.floats(0.0, 1.0))
def test_low_middle_high(
    way_m: float, speed_mps: float, sigma_m: float, sigma_mps: float, psd: float
) -> None:
    low_s, mid_s, high_s = times(way_m, speed_mps, sigma_m, sigma_mps, psd)
    assert 0.0 < low_s <= mid_s <= high_s < np.inf
    wider = times(way_m, speed_mps, sigma_m + 1.0, sigma_mps, psd)
    assert wider[0] <= low_s
    assert wider[2] >= high_s


@given(positive, st.floats(1.0, 80.0), st.floats(0.1, 30.0))
def test_nearer_or_faster_is_sooner(way_m: float, speed_mps: float, more: float) -> None:
    assert times(way_m + more, speed_mps, habit=0.1)[1] > times(way_m, speed_mps, habit=0.1)[1]
    assert times(way_m, speed_mps + more, habit=0.1)[1] < times(way_m, speed_mps, habit=0.1)[1]


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
    low_s, mid_s, high_s = times(way_m, speed_mps, sigma_m, sigma_mps, psd)
    inside = np.mean((arrived_s >= low_s) & (arrived_s <= high_s))
    assert 0.85 <= inside <= 0.95
    assert np.median(arrived_s) == pytest.approx(mid_s, rel=0.03)
