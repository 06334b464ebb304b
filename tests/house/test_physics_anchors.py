"""Every figure of `authorities/physics_anchors.json`, by number, from the code that is in use.

An anchor without a test here, or a test without an anchor, fails.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skykeep.assessment.company import groups
from skykeep.base.compile import FloatArray
from skykeep.geo.terrain import Terrain
from skykeep.models.ballistics import drag_per_m, fall_to_ground
from skykeep.models.closest_approach import closest_approach
from skykeep.models.detectability import (
    decibels,
    radar_range_m,
    swerling1_required_snr_db,
    swerling3_detection_probability,
)
from skykeep.models.ground_risk import (
    BANDS_PER_KM2,
    CLASSES,
    CONTROLLED_GROUND_CLASSES,
    ground_risk_class,
    table_critical_area_m2,
)
from skykeep.models.intervals import wilson_interval
from skykeep.models.layered_defence import all_stopped, leak, waiting_probability
from skykeep.models.philox import philox4x32
from skykeep.models.pulse_train import required_snr_db, steady_probability, swerling2_probability
from skykeep.sim.effects_failsafe import Loss, ardupilot

AUTHORITY = json.loads(
    (Path(__file__).parents[2] / "authorities" / "physics_anchors.json").read_text(encoding="utf-8")
)["anchors"]

Anchor = dict[str, Any]
TESTED: dict[str, Callable[[Anchor], None]] = {}


def authority(number: str) -> Callable[[Callable[[Anchor], None]], Callable[[Anchor], None]]:
    """Mark a check as that of one anchor."""

    def mark(check: Callable[[Anchor], None]) -> Callable[[Anchor], None]:
        assert number not in TESTED
        TESTED[number] = check
        return check

    return mark


def test_no_anchor_is_without_a_test() -> None:
    assert set(TESTED) == set(AUTHORITY)
    assert len(AUTHORITY) == 15


@pytest.mark.parametrize("number", sorted(AUTHORITY))
def test_authority(number: str) -> None:
    anchor = AUTHORITY[number]
    assert anchor["source"]
    assert anchor["obtained"]
    TESTED[number](anchor)


@authority("1")
def _radar_range(anchor: Anchor) -> None:
    for frequency_hz, snr_db, power_w, pulse_s, rcs_m2, gain_db, loss_db, noise_k, range_m in anchor["rows"]:
        found_m = radar_range_m(
            power_w=power_w,
            pulse_s=pulse_s,
            gain_db=gain_db,
            frequency_hz=frequency_hz,
            rcs_dbsm=decibels(rcs_m2),
            snr_db=snr_db,
            noise_temperature_k=noise_k,
            loss_db=loss_db,
        )
        assert found_m == pytest.approx(range_m, rel=anchor["relative_tolerance"])


@authority("3")
def _least_snr(anchor: Anchor) -> None:
    seen = functools.partial(
        steady_probability, pulses=1, false_alarm_probability=anchor["false_alarm_probability"]
    )
    found_db = required_snr_db(anchor["detection_probability"], seen)
    assert found_db == pytest.approx(anchor["expect_db"], abs=anchor["absolute_tolerance"])


@authority("4")
def _required_snr(anchor: Anchor) -> None:
    wanted, false_alarms = anchor["detection_probability"], anchor["false_alarm_probability"]
    train = {"pulses": 10, "false_alarm_probability": false_alarms}
    found_db = {
        "SW1_N1": float(swerling1_required_snr_db(wanted, false_alarms)),
        "SW3_N1": required_snr_db(
            wanted, lambda snr: float(swerling3_detection_probability(snr, false_alarms))
        ),
        "SW2_N10": required_snr_db(wanted, functools.partial(swerling2_probability, **train)),
        "SW0_N10": required_snr_db(wanted, functools.partial(steady_probability, **train)),
    }
    assert found_db == pytest.approx(anchor["expect_db"], abs=anchor["absolute_tolerance"])


@authority("7")
def _least_visible_height(anchor: Anchor) -> None:
    """Ask for a line of sight, higher and higher. The cells are small, so that the earth is flat to 1e-9."""
    cell_m = 1e-5
    for heights, eye, expected in anchor["rows"]:
        row = np.array(heights, dtype=float) * cell_m
        terrain = Terrain(west_m=0.0, south_m=0.0, spacing_m=cell_m, heights_m=np.vstack((row, row)))
        eye_m = np.array([eye * cell_m, 0.0, row[eye]])
        for i, least in enumerate(expected):
            if i == eye:
                continue
            low, high = 0.0, 10.0
            for _ in range(60):
                middle = 0.5 * (low + high)
                target_m = np.array([i * cell_m, 0.0, row[i] + middle * cell_m])
                seen = bool(terrain.line_of_sight(eye_m, target_m)[0])
                low, high = (low, middle) if seen else (middle, high)
            assert high == pytest.approx(least, abs=anchor["absolute_tolerance"])


def _fall(height_m: float, speed_mps: float, drag: float) -> FloatArray:
    landed = np.empty((1, 7))
    start = np.array([[0.0, 0.0, height_m, speed_mps, 0.0, 0.0]])
    calm = np.zeros((1, 2))
    fall_to_ground(start, np.array([drag]), np.zeros(1), calm, np.zeros(2), 0.0, 0.1, 600.0, landed)
    return np.asarray(landed[0])


@authority("9")
def _closed_forms(anchor: Anchor) -> None:
    near = functools.partial(pytest.approx, rel=anchor["relative_tolerance"])
    rest, vacuum = anchor["from_rest"], anchor["in_vacuum"]
    landed = _fall(
        rest["height_m"], 0.0, drag_per_m(rest["mass_kg"], rest["area_m2"], rest["drag_coefficient"])
    )
    assert -landed[5] == near(rest["speed_mps"])
    assert landed[6] == near(rest["time_s"])
    assert _fall(vacuum["height_m"], vacuum["speed_mps"], 0.0)[0] == near(vacuum["distance_m"])


@authority("10")
def _ballistic_descent(anchor: Anchor) -> None:
    drag = drag_per_m(anchor["mass_kg"], anchor["area_m2"], anchor["drag_coefficient"])
    landed = _fall(anchor["height_m"], anchor["speed_mps"], drag)
    level_mps, down_mps = float(landed[3]), -float(landed[5])
    found = [
        landed[0],
        math.hypot(level_mps, down_mps),
        math.degrees(math.atan2(down_mps, level_mps)),
        landed[6],
    ]
    for value, exact, half_digit, table, tolerance in zip(
        found,
        anchor["exact"],
        anchor["half_digits"],
        anchor["table"],
        anchor["table_relative_tolerance"],
        strict=True,
    ):
        assert value == pytest.approx(exact, abs=half_digit)
        assert value == pytest.approx(table, rel=tolerance)


def _table_areas_m2() -> list[float]:
    angle_rad = math.radians(AUTHORITY["12"]["angle_deg"])
    return [table_critical_area_m2(size, speed, mass, angle_rad) for size, speed, mass in CLASSES]


@authority("12")
def _critical_area(anchor: Anchor) -> None:
    assert [size for size, _, _ in CLASSES] == anchor["size_m"]
    assert _table_areas_m2() == pytest.approx(anchor["expect_m2"], rel=anchor["relative_tolerance"])


@authority("13")
def _ground_risk_class(anchor: Anchor) -> None:
    populated = 0
    areas_m2 = _table_areas_m2()
    for band in BANDS_PER_KM2:
        row = anchor["below_per_km2"][f"{band:.0f}"]
        for area_m2, expected in zip(areas_m2, row, strict=True):
            if expected is not None:
                populated += 1
                assert ground_risk_class(band, area_m2) == expected
    assert populated == 27
    # Ground that nobody enters is a rule of its own, never above the class of the emptiest band.
    emptiest = [ground_risk_class(BANDS_PER_KM2[0], area_m2) for area_m2 in areas_m2]
    assert list(CONTROLLED_GROUND_CLASSES) == anchor["controlled_ground"]
    assert all(a < b for a, b in zip(anchor["controlled_ground"], emptiest, strict=True))


@authority("15")
def _ardupilot(anchor: Anchor) -> None:
    for value, with_position, without in anchor["rows"]:
        failsafe = ardupilot(int(value))
        assert failsafe.delay_s == anchor["delay_s"]
        assert failsafe.conduct(Loss.LINK).value == with_position
        assert failsafe.conduct(Loss.BOTH).value == without
    # `sticky` is tested where it is flown: tests/sim/test_effects.py.
    assert anchor["sticky"] is True


@authority("18")
def _closest_approach(anchor: Anchor) -> None:
    for offset_m, velocity_mps, time_s, distance_m in anchor["rows"]:
        found = closest_approach(np.array(offset_m, dtype=float), np.array(velocity_mps, dtype=float))
        tolerance = {"rel": anchor["relative_tolerance"], "abs": 1e-9}
        assert float(found[0]) == pytest.approx(time_s, **tolerance)
        assert float(found[1]) == pytest.approx(distance_m, **tolerance)


@authority("19")
def _wilson(anchor: Anchor) -> None:
    for successes, trials, low, high in anchor["rows"]:
        found = wilson_interval(successes, trials)
        assert found == pytest.approx((low, high), abs=anchor["absolute_tolerance"])


@authority("21")
def _erlang(anchor: Anchor) -> None:
    found = waiting_probability(anchor["servers"], anchor["load"])
    assert found == pytest.approx(anchor["expect"], abs=anchor["absolute_tolerance"])
    # One server alone: as likely to wait as it is busy; overloaded, everybody waits.
    assert waiting_probability(1, 0.8) == pytest.approx(0.8)
    assert waiting_probability(3, 2.0) == pytest.approx(4.0 / 9.0)
    assert waiting_probability(2, 2.0) == 1.0


@authority("22")
def _raid(anchor: Anchor) -> None:
    near = functools.partial(pytest.approx, rel=anchor["relative_tolerance"])
    assert all_stopped(5, 0.9) == near(anchor["five_at_0.9"])
    assert all_stopped(5, 0.9, attempts=2) == near(anchor["five_with_two_attempts"])
    assert leak((0.8, 0.7, 0.6)) == near(anchor["leak_of_0.8_0.7_0.6"])


@authority("23")
def _philox(anchor: Anchor) -> None:
    for word, answer in anchor["rows"]:
        value = int(word, 16)
        found = philox4x32(np.full((1, 4), value, dtype=np.uint32), (value, value))
        assert " ".join(f"{int(each):08x}" for each in found[0]) == answer


@authority("29")
def _clusters(anchor: Anchor) -> None:
    assert anchor["fewest"] == 2
    points = np.array(anchor["points"], dtype=float)
    assert groups(points, anchor["reach"]).tolist() == anchor["expect"]
