"""From what is said to a claim: heights, sigmas, and what cannot be true, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsb_frames import SITE, START_NS, S, receiver
from skykeep.domain.feed import Refusal
from skykeep.domain.sensing import Claim
from skykeep.wire.adsb_claims import ClaimMaker, Said, pressure_sigma_m
from skykeep.wire.adsb_integrity import geometric_sigma_m, horizontal_sigma_m


def said(**changes: Any) -> Said:
    base: dict[str, Any] = {
        "address": "40621d",
        "time_utc_ns": START_NS,
        "latitude_deg": 52.1,
        "longitude_deg": 4.6,
        "on_ground": False,
        "horizontal_sigma_m": 12.0,
        "pressure_altitude_m": 1_000.0,
        "geometric_sigma_m": 23.0,
    }
    return Said(**(base | changes))


def claimed(**changes: Any) -> Claim:
    result = ClaimMaker(receiver(), SITE).claim(said(**changes), START_NS + S, b"")
    assert isinstance(result, Claim)
    return result


HEIGHTS: dict[str, tuple[dict[str, Any], float, float]] = {
    "geometric height": ({"height_hae_m": 950.0}, 950.0, 23.0),
    "pressure altitude alone": ({}, 1_000.0, math.hypot(90.0, 30.0)),
    "pressure altitude and its own difference": (
        {"geometric_less_pressure_m": -60.96},
        939.04,
        math.hypot(23.0, 7.62 / math.sqrt(12.0)),
    ),
    "nothing, in the air": ({"pressure_altitude_m": None}, 5_000.0, 4_000.0),
}


@pytest.mark.parametrize(("changes", "height_m", "sigma_m"), HEIGHTS.values(), ids=HEIGHTS)
def test_a_height_comes_from(changes: dict[str, Any], height_m: float, sigma_m: float) -> None:
    claim = claimed(**changes)
    found_m = SITE.to_geodetic(np.array(claim.position_enu_m))[2]
    assert float(found_m) == pytest.approx(height_m, abs=1e-3)
    assert claim.sigma_m[1] == pytest.approx(sigma_m, rel=2e-3)


def test_on_the_ground_it_is_at_the_sites_height_less_surely_further_out() -> None:
    near = claimed(on_ground=True, pressure_altitude_m=None, latitude_deg=52.0, longitude_deg=4.5)
    assert near.position_enu_m == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert near.sigma_m[1] == pytest.approx(100.0)
    assert near.aircraft_category == "on the ground"
    far = claimed(on_ground=True, pressure_altitude_m=None, latitude_deg=53.0)
    assert far.sigma_m[1] > 1_000.0


def test_a_fast_aircraft_is_less_surely_where_it_was() -> None:
    claim = claimed(ground_speed_mps=250.0, course_rad=math.pi / 2, climb_mps=-5.0)
    assert claim.sigma_m[0] == pytest.approx(math.sqrt(12.0**2 + (250.0 * 0.34641) ** 2 + 1.472**2), rel=1e-4)
    assert claim.velocity_enu_mps == pytest.approx((250.0, 0.0, -5.0), abs=1e-9)


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "latitude past the pole": ({"latitude_deg": 90.1}, "position", "90.1"),
    "not a number": ({"longitude_deg": math.nan}, "position", "nan"),
    "no fix": ({"latitude_deg": 0.0, "longitude_deg": 0.0}, "position", "0, 0 degrees"),
    "another continent": ({"latitude_deg": 10.0}, "position", "km from the receiver"),
    "in orbit": ({"pressure_altitude_m": 40_000.0}, "pressure altitude", "40,000 m"),
    "under the sea": ({"height_hae_m": -900.0}, "height", "-900 m"),
    "faster than any": ({"ground_speed_mps": 1_500.0}, "ground speed", "1,500 m/s"),
    "that does not know where it is": (
        {"horizontal_sigma_m": horizontal_sigma_m(nac_p=0)},
        "one sigma of its accuracy",
        "7,566 m",
    ),
    "up like a rocket": ({"climb_mps": 200.0}, "vertical rate", "200 m/s"),
}


@pytest.mark.parametrize(("changes", "field", "found"), REFUSED.values(), ids=REFUSED)
def test_what_no_aircraft_can_be_is_refused(changes: dict[str, Any], field: str, found: str) -> None:
    result = ClaimMaker(receiver(), SITE).claim(said(**changes), START_NS, b"octets")
    assert isinstance(result, Refusal)
    assert result.field == field
    assert found in result.found
    assert result.data == b"octets"


def test_the_least_accuracy_that_is_taken_is_half_a_mile() -> None:
    assert claimed(horizontal_sigma_m=horizontal_sigma_m(nac_p=5)).sigma_m[0] == pytest.approx(378.3, abs=0.1)
    result = ClaimMaker(receiver(), SITE).claim(
        said(horizontal_sigma_m=horizontal_sigma_m(nac_p=4)), START_NS, b""
    )
    assert isinstance(result, Refusal)
    assert result.must == "0 to 378 m"


def test_an_impossible_jump_is_refused_and_the_next_honest_place_taken() -> None:
    maker = ClaimMaker(receiver(), SITE)
    assert isinstance(maker.claim(said(), START_NS, b""), Claim)
    jump = maker.claim(said(time_utc_ns=START_NS + S, latitude_deg=52.2), START_NS, b"")
    assert isinstance(jump, Refusal)
    assert jump.found == "11,129 m from where it was 1.0 s before"
    assert jump.must.startswith("within 9")
    assert isinstance(maker.claim(said(time_utc_ns=START_NS + 2 * S), START_NS, b""), Claim)


def test_a_second_transmitter_with_the_address_is_followed_after_three_places() -> None:
    """Both are told apart: identity asks which of the two is the aircraft."""
    maker = ClaimMaker(receiver(), SITE)
    outcome = []
    for k in range(8):
        there = k % 2
        result = maker.claim(
            said(time_utc_ns=START_NS + k * S, latitude_deg=52.1 + 0.3 * there), START_NS + k * S, b""
        )
        outcome.append((there, isinstance(result, Claim)))
    assert outcome == [
        (0, True),
        (1, False),
        (0, True),
        (1, False),
        (0, True),
        (1, True),
        (0, True),
        (1, True),
    ]


def test_after_a_minute_of_silence_it_may_be_anywhere() -> None:
    maker = ClaimMaker(receiver(), SITE)
    maker.claim(said(), START_NS, b"")
    later = said(time_utc_ns=START_NS + 61 * S, latitude_deg=53.5)
    assert isinstance(maker.claim(later, START_NS + 61 * S, b""), Claim)


@given(st.floats(-89.0, 89.0), st.floats(-180.0, 180.0), st.floats(-400.0, 30_000.0))
def test_places_are_those_of_the_site_frame(
    latitude_deg: float, longitude_deg: float, height_m: float
) -> None:
    maker = ClaimMaker(receiver(), SITE)
    expected = SITE.to_enu_m(latitude_deg, longitude_deg, height_m)
    assert maker._enu_m(latitude_deg, longitude_deg, height_m) == pytest.approx(expected, abs=1e-6)


def test_sequence_numbers_count_up_over_claims_only() -> None:
    maker = ClaimMaker(receiver(), SITE)
    sequence = []
    for k in range(4):
        result = maker.claim(said(time_utc_ns=START_NS + k * S, latitude_deg=52.1 + (k == 1)), START_NS, b"")
        sequence.append(result.sequence if isinstance(result, Claim) else None)
    assert sequence == [0, None, 1, 2]


def test_weather_counts_for_more_the_higher_it_is() -> None:
    assert pressure_sigma_m(-300.0) == pressure_sigma_m(0.0) == 90.0
    assert pressure_sigma_m(11_000.0) == pytest.approx(math.hypot(90.0, 330.0))
    assert geometric_sigma_m(2) < pressure_sigma_m(0.0)
