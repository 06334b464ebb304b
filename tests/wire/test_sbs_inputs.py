"""SBS lines to claims: by hand, and damaged."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from adsb_frames import SITE, START_NS, S, receiver
from mutations import frames_to_try, mutated
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import Claim
from skykeep.wire.sbs import SbsMessage, encode_sbs
from skykeep.wire.sbs_inputs import SbsInputs

MS = 1_000_000


def line(transmission: int, **cells: Any) -> bytes:
    known: dict[str, Any] = {"address": "4840D6", "generated_ns": START_NS} | cells
    return encode_sbs(SbsMessage(kind="MSG", transmission=transmission, **known))


PLACE = line(3, latitude_deg=52.1, longitude_deg=4.6, pressure_altitude_ft=3_000.0, on_ground=False)
SPEED = line(4, ground_speed_kt=200.0, course_deg=90.0, vertical_rate_ftpm=640.0)
NAME = line(1, callsign="KLM1023")


def test_place_speed_and_callsign_of_three_lines_are_one_claim() -> None:
    source = SbsInputs(receiver(), SITE)
    assert source.take(NAME, START_NS) == source.take(SPEED, START_NS + S) == Taken()
    (claim,) = source.take(PLACE, START_NS + 2 * S).records
    assert isinstance(claim, Claim)
    latitude_deg, longitude_deg, height_m = SITE.to_geodetic(np.array(claim.position_enu_m))
    assert (float(latitude_deg), float(longitude_deg)) == pytest.approx((52.1, 4.6), abs=1e-9)
    assert float(height_m) == pytest.approx(914.4, abs=1e-4)
    assert claim.velocity_enu_mps == pytest.approx((102.889, 0.0, 3.2512), abs=1e-3)
    # NACp 7 is assumed: 185.2 m, 95 %.
    assert claim.sigma_m[0] == pytest.approx(math.hypot(185.2 / 2.4477, 102.889 * 0.34641, 1.472), rel=1e-3)
    assert (claim.claimed_id, claim.aircraft_category) == ("4840d6", "KLM1023")
    assert claim.time_utc_ns == START_NS + 2 * S


def test_a_line_that_another_receiver_sends_too_is_refused() -> None:
    source = SbsInputs(receiver(), SITE)
    source.take(PLACE, START_NS)
    later = line(
        3,
        latitude_deg=52.1,
        longitude_deg=4.6,
        pressure_altitude_ft=3_000.0,
        on_ground=False,
        generated_ns=START_NS + 90 * MS,
    )
    (refusal,) = source.take(later, START_NS + 100 * MS).refusals
    assert (refusal.field, refusal.found) == ("line", "the same 100 ms before")


def test_a_receiver_known_to_write_utc_gives_the_time() -> None:
    source = SbsInputs(receiver(), SITE, times_are_utc=True)
    (claim,) = source.take(PLACE, START_NS + S).records
    assert isinstance(claim, Claim)
    assert (claim.time_utc_ns, claim.received_utc_ns) == (START_NS, START_NS + S)
    (refusal,) = source.take(PLACE, START_NS + 3_600 * S).refusals
    assert (refusal.field, refusal.found) == ("time generated", "3,600.0 s before reception")


def test_a_place_on_the_ground_is_said_to_be() -> None:
    (claim,) = (
        SbsInputs(receiver(), SITE).take(line(2, latitude_deg=52.0, longitude_deg=4.5), START_NS).records
    )
    assert isinstance(claim, Claim)
    assert claim.aircraft_category == "on the ground"


def test_an_impossible_jump_is_refused() -> None:
    source = SbsInputs(receiver(), SITE)
    source.take(PLACE, START_NS)
    (refusal,) = source.take(line(3, latitude_deg=53.1, longitude_deg=4.6), START_NS + S).refusals
    assert refusal.field == "position"
    assert "from where it was 1.0 s before" in refusal.found


def test_damaged_lines_give_possible_claims_or_refusals() -> None:
    source = SbsInputs(receiver(), SITE)
    claims = 0
    lines = [PLACE, SPEED, NAME, line(2, latitude_deg=52.0, longitude_deg=4.5, on_ground=True)]
    for k, data in enumerate(mutated(lines, frames_to_try(), seed=13)):
        taken = source.take(data, START_NS + k * S)
        for claim in taken.records:
            assert isinstance(claim, Claim)
            assert math.hypot(*claim.position_enu_m) <= 500_000.0
            assert claim.velocity_enu_mps is None or math.hypot(*claim.velocity_enu_mps) < 1_020.0
            claims += 1
    assert claims > 500
