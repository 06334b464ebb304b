from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from skykeep.base.compile import FloatArray
from skykeep.models.ballistics import GRAVITY_MPS2, _advance, drag_per_m, fall_to_ground

AUTHORITY = json.loads(
    (Path(__file__).parents[2] / "authorities" / "physics_anchors_used.json").read_text(encoding="utf-8")
)
STEP_S = 0.1


def fall(
    start: tuple[float, ...],
    drag: float,
    *,
    thrust: float = 0.0,
    wind: tuple[float, float] = (0.0, 0.0),
    shear: tuple[float, float] = (0.0, 0.0),
    ground_up_m: float = 0.0,
    step_s: float = STEP_S,
    limit_s: float = 600.0,
) -> FloatArray:
    """One body; returns east, north, up, their rates and the time."""
    landed = np.empty((1, 7))
    fall_to_ground(
        np.array([start]),
        np.array([drag]),
        np.array([thrust]),
        np.array([wind]),
        np.array(shear),
        ground_up_m,
        step_s,
        limit_s,
        landed,
    )
    return np.asarray(landed[0])


def speed_mps(landed: FloatArray) -> float:
    return float(np.linalg.norm(landed[3:6]))


def angle_deg(landed: FloatArray) -> float:
    return math.degrees(math.atan2(-landed[5], math.hypot(landed[3], landed[4])))


def test_without_air_a_stone_from_19_62_m_takes_two_seconds() -> None:
    landed = fall((0, 0, 19.62, 10.0, 0, 0), 0.0)
    assert landed[6] == pytest.approx(2.0, abs=1e-12)
    assert landed[0] == pytest.approx(20.0, abs=1e-11)
    assert landed[5] == pytest.approx(-19.62, abs=1e-11)


def test_thrown_straight_up_it_comes_back_as_fast() -> None:
    landed = fall((0, 0, 1e-9, 0, 0, 9.81), 0.0)
    assert landed[6] == pytest.approx(2.0, abs=1e-6)
    assert landed[5] == pytest.approx(-9.81, abs=1e-6)


def test_half_the_weight_carried_is_half_the_gravity() -> None:
    assert fall((0, 0, 9.81, 0, 0, 0), 0.0, thrust=0.5)[6] == pytest.approx(2.0, abs=1e-12)


def test_at_rest_in_still_air_a_long_fall_ends_at_terminal_speed() -> None:
    landed = fall((0, 0, 3000.0, 0, 0, 0), 0.0165)
    assert -landed[5] == pytest.approx(math.sqrt(GRAVITY_MPS2 / 0.0165), rel=1e-9)


def test_carried_by_the_wind_a_light_thing_moves_with_it() -> None:
    landed = fall((0, 0, 100.0, 0, 0, 0), 5.0, wind=(6.0, -2.0))
    assert landed[3:5] == pytest.approx([6.0, -2.0], abs=1e-6)


def test_what_is_on_the_ground_has_landed() -> None:
    assert fall((3.0, 4.0, 20.0, 5.0, 0, 0), 0.02, ground_up_m=20.0).tolist() == [3, 4, 20, 5, 0, 0, 0]


def test_what_never_comes_down_has_no_place() -> None:
    assert np.isnan(fall((0, 0, 50.0, 0, 0, 0), 0.02, thrust=1.5, limit_s=20.0)).all()


@pytest.mark.parametrize("column", range(6))
def test_nan_in_nan_out(column: int) -> None:
    start = [0.0, 0.0, 50.0, 1.0, 1.0, 0.0]
    start[column] = math.nan
    assert math.isnan(fall(tuple(start), 0.02)[column])


@given(
    height_m=st.floats(1.0, 500.0),
    ve=st.floats(-40.0, 40.0),
    vn=st.floats(-40.0, 40.0),
    vu=st.floats(-10.0, 10.0),
    drag=st.floats(0.001, 0.4),
    we=st.floats(-15.0, 15.0),
    wn=st.floats(-15.0, 15.0),
)
def test_laws_of_every_fall(
    height_m: float, ve: float, vn: float, vu: float, drag: float, we: float, wn: float
) -> None:
    landed = fall((10.0, 20.0, height_m, ve, vn, vu), drag, wind=(we, wn))
    # It ends on the ground, going down, and no sooner than without air.
    assert landed[2] == pytest.approx(0.0, abs=1e-9)
    assert landed[5] < 0.0
    soonest_s = (vu + math.sqrt(vu * vu + 2 * GRAVITY_MPS2 * height_m)) / GRAVITY_MPS2
    if vu <= 0.0:
        assert landed[6] >= soonest_s * (1 - 1e-9)
    # Seen from the moving air it is the same fall: add a wind to everything and it lands as much further.
    moved = fall((10.0, 20.0, height_m, ve + 5.0, vn - 3.0, vu), drag, wind=(we + 5.0, wn - 3.0))
    assert moved[0] == pytest.approx(landed[0] + 5.0 * landed[6], abs=1e-6)
    assert moved[1] == pytest.approx(landed[1] - 3.0 * landed[6], abs=1e-6)
    # Where it is does not matter, only how high above the ground.
    lifted = fall((10.0, 20.0, height_m + 100.0, ve, vn, vu), drag, wind=(we, wn), ground_up_m=100.0)
    assert lifted[:2] == pytest.approx(landed[:2], abs=1e-6)


@pytest.mark.parametrize(
    ("start", "drag", "wind", "shear"),
    [
        ((0, 0, 120.0, 20.0, -5.0, 1.0), 0.017, (3.0, 1.0), (0.02, 0.01)),
        ((0, 0, 80.0, 40.0, 0.0, 0.0), 0.4, (3.0, 1.0), (0.0, 0.0)),
        ((0, 0, 120.0, 15.0, 15.0, 0.0), 0.39, (8.0, 0.0), (0.05, 0.0)),
    ],
)
def test_agrees_with_an_independent_integrator(
    start: tuple[float, ...], drag: float, wind: tuple[float, float], shear: tuple[float, float]
) -> None:
    def rate(_: float, s: FloatArray) -> FloatArray:
        air = s[3:] - np.array([wind[0] + shear[0] * s[2], wind[1] + shear[1] * s[2], 0.0])
        return np.concatenate((s[3:], -drag * np.linalg.norm(air) * air - np.array([0.0, 0.0, GRAVITY_MPS2])))

    def ground(_: float, s: FloatArray) -> float:
        return float(s[2])

    ground.terminal = True  # type: ignore[attr-defined]
    exact = solve_ivp(
        rate, (0.0, 200.0), np.array(start), method="DOP853", rtol=1e-11, atol=1e-11, events=ground
    )
    landed = fall(start, drag, wind=wind, shear=shear)
    assert landed[:3] == pytest.approx(exact.y[:3, -1], abs=0.02)
    assert landed[6] == pytest.approx(exact.t[-1], abs=0.002)


def test_authority_closed_forms() -> None:
    rest = AUTHORITY["fall_from_rest"]
    drag = drag_per_m(rest["mass_kg"], rest["area_m2"], rest["drag_coefficient"])
    landed = fall((0, 0, rest["height_m"], 0, 0, 0), drag)
    assert speed_mps(landed) == pytest.approx(rest["speed_mps"], rel=1e-6)
    assert landed[6] == pytest.approx(rest["time_s"], rel=1e-6)
    thrown = AUTHORITY["vacuum_throw"]
    landed = fall((0, 0, thrown["height_m"], thrown["speed_mps"], 0, 0), 0.0)
    assert landed[0] == pytest.approx(thrown["range_m"], rel=1e-9)


@pytest.mark.parametrize("row", AUTHORITY["ballistic_descent"]["rows"], ids=lambda row: f"{row[0]} kg")
def test_authority_ballistic_descents(row: list[float]) -> None:
    mass_kg, area_m2, height_m, forward_mps, table_m, table_mps, exact_m, exact_mps, exact_deg, exact_s = row
    landed = fall((0, 0, height_m, forward_mps, 0, 0), drag_per_m(mass_kg, area_m2, 0.8))
    # The exact columns to half of their last printed digit, or a little more.
    assert landed[0] == pytest.approx(exact_m, abs=0.03)
    assert speed_mps(landed) == pytest.approx(exact_mps, abs=0.015)
    assert angle_deg(landed) == pytest.approx(exact_deg, abs=0.06)
    assert landed[6] == pytest.approx(exact_s, abs=0.006)
    # The published table is an approximation, and compared as one.
    assert landed[0] == pytest.approx(table_m, rel=0.06)
    assert speed_mps(landed) == pytest.approx(table_mps, rel=0.14)


def test_authority_wind() -> None:
    case = AUTHORITY["wind"]
    drag = drag_per_m(case["mass_kg"], case["area_m2"], case["drag_coefficient"])
    tolerance_m = case["absolute_tolerance_m"]
    for forward_mps, wind_mps, expected_m in [
        (case["speed_mps"], case["wind_mps"], case["with_wind_m"]),
        (case["speed_mps"], -case["wind_mps"], case["against_wind_m"]),
        (0.0, case["wind_mps"], case["drift_from_hover_m"]),
    ]:
        landed = fall((0, 0, case["height_m"], forward_mps, 0, 0), drag, wind=(wind_mps, 0.0))
        assert landed[0] == pytest.approx(expected_m, abs=tolerance_m)


def test_halving_the_step_divides_the_error_by_sixteen() -> None:
    """Order four, on a fall that is long, thrown fast and braked hard."""

    def after_4_s(step_s: float) -> FloatArray:
        state: tuple[float, float, float, float, float, float] = (0.0, 0.0, 500.0, 40.0, 10.0, 0.0)
        for _ in range(round(4.0 / step_s)):
            state = _advance(state, step_s, 0.05, GRAVITY_MPS2, (5.0, 0.0, 0.0, 0.0, 0.0, 0.0))
        return np.array(state)

    exact = after_4_s(1.0 / 512.0)
    errors = [np.abs(after_4_s(step_s) - exact).max() for step_s in (0.05, 0.025, 0.0125)]
    orders = [math.log2(errors[0] / errors[1]), math.log2(errors[1] / errors[2])]
    assert orders == pytest.approx([4.0, 4.0], abs=0.25)


def test_without_air_the_way_is_a_parabola() -> None:
    for time_s, height_m in [(1.0, 4.905), (3.0, 44.145)]:
        landed = fall((0, 0, height_m, 12.0, -7.0, 0), 0.0)
        assert landed[:2] == pytest.approx([12.0 * time_s, -7.0 * time_s], abs=1e-9)
        assert landed[6] == pytest.approx(time_s, abs=1e-11)
