"""Network Remote ID: a provider's answers to claims."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from mutations import frames_to_try, mutated
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.domain.sensing import Claim, ClaimKind, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.remoteid_network_inputs import NetworkRemoteIdInput

FRAME = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=20.0)
SENSOR = Sensor(
    sensor_id="net-rid",
    name="Provider",
    kind=SensorKind.REMOTE_ID,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=50_000.0,
    independent=False,
)
FLIGHT_ID = "a3423d5e-e1d5-4ee5-8a29-39a4a2e8a1b5"
HEARD_NS = from_iso_utc("2031-05-03T02:14:08+00:00")


def flight(**state: Any) -> dict[str, Any]:
    return {
        "id": FLIGHT_ID,
        "aircraft_type": "Helicopter",
        "current_state": {
            "timestamp": {"value": "2031-05-03T02:14:07.5Z", "format": "RFC3339"},
            "timestamp_accuracy": 0.5,
            "operational_status": "Airborne",
            "position": {
                "lat": 60.0,
                "lng": 25.0,
                "alt": 120.0,
                "accuracy_h": "HA3m",
                "accuracy_v": "VA10m",
                "extrapolated": False,
            },
            "track": 90.0,
            "speed": 10.0,
            "speed_accuracy": "SA1mps",
            "vertical_speed": 1.0,
            **state,
        },
    }


def flights(*each: dict[str, Any]) -> bytes:
    return json.dumps(
        {"timestamp": {"value": "2031-05-03T02:14:08Z", "format": "RFC3339"}, "flights": each}
    ).encode()


DETAILS = json.dumps(
    {
        "details": {
            "id": FLIGHT_ID,
            "uas_id": {"serial_number": "1ABC23DEF", "registration_id": "FIN.1"},
            "operator_id": "FIN87astrdge12k8",
            "operator_location": {
                "position": {"lat": 60.0, "lng": 25.0},
                "altitude": {"value": 22.0, "reference": "W84", "units": "M"},
                "altitude_type": "Takeoff",
            },
        }
    }
).encode()


def provider() -> NetworkRemoteIdInput:
    return NetworkRemoteIdInput(SENSOR, FRAME)


def test_a_flight_is_a_claim_and_its_details_name_it() -> None:
    one = provider()
    (claim,) = one.take(flights(flight()), HEARD_NS).records
    assert isinstance(claim, Claim)
    assert (claim.kind, claim.claimed_id) == (ClaimKind.NETWORK_REMOTE_ID, FLIGHT_ID)
    assert claim.position_enu_m == pytest.approx((0.0, 0.0, 100.0), abs=1e-6)
    assert claim.velocity_enu_mps == pytest.approx((10.0, 0.0, 1.0))
    assert claim.aircraft_category == "multirotor"
    assert claim.time_utc_ns == HEARD_NS - NS_PER_S // 2
    assert one.wanted == [FLIGHT_ID]

    assert one.take(DETAILS, HEARD_NS).records == ()
    assert one.wanted == []
    later = flight(timestamp={"value": "2031-05-03T02:14:09Z", "format": "RFC3339"})
    (named,) = one.take(flights(later), HEARD_NS + NS_PER_S).records
    assert isinstance(named, Claim)
    assert (named.claimed_id, named.operator_id) == ("1ABC23DEF", "FIN87astrdge12k8")
    assert named.operator_position_enu_m == pytest.approx((0.0, 0.0, 2.0), abs=1e-6)


def test_a_place_is_told_once() -> None:
    one = provider()
    assert len(one.take(flights(flight()), HEARD_NS).records) == 1
    assert len(one.take(flights(flight()), HEARD_NS + NS_PER_S).records) == 0
    assert one.counts["repeats"] == 1


REFUSED = {
    "past the pole": (flight(position={"lat": 90.5, "lng": 25.0}), "flight.lat"),
    "a course of 400": (flight(track=400.0), "flight.track"),
    "faster than can be said": (flight(speed=300.0), "flight.speed"),
    "a climb of 62.5 m/s": (flight(vertical_speed=62.5), "flight.vertical_speed"),
    "yesterday": (
        flight(timestamp={"value": "2031-05-02T02:14:07Z", "format": "RFC3339"}),
        "flight.timestamp",
    ),
    "no zone": (
        flight(timestamp={"value": "2031-05-03T02:14:07", "format": "RFC3339"}),
        "flight.timestamp",
    ),
    "a made-up accuracy": (
        flight(position={"lat": 1.0, "lng": 2.0, "accuracy_h": "HAgood"}),
        "flight.accuracy_h",
    ),
    "half a place": (flight(position={"lat": 1.0}), "flight.position"),
    "a simulated flight": ({**flight(), "simulated": True}, "flight.simulated"),
    "a flying saucer": ({**flight(), "aircraft_type": "Saucer"}, "flight.aircraft_type"),
    "no name": ({**flight(), "id": ""}, "flight.id"),
    "a number for a name": ({**flight(), "id": 5}, "flight"),
}


@pytest.mark.parametrize(("bad", "field"), REFUSED.values(), ids=REFUSED)
def test_a_bad_flight_is_refused_by_name_and_costs_no_other(bad: dict[str, Any], field: str) -> None:
    good = {**flight(), "id": "another"}
    taken = provider().take(flights(bad, good), HEARD_NS)
    assert [refusal.field for refusal in taken.refusals] == [field]
    assert [claim.claimed_id for claim in taken.records if isinstance(claim, Claim)] == ["another"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"flights":' + b"[" * 10_000, b"\xff"])
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    taken = provider().take(data, HEARD_NS)
    assert taken.records == ()
    assert [refusal.field for refusal in taken.refusals] == ["network_remote_id"]


def test_an_area_without_a_place_is_no_claim() -> None:
    one = provider()
    assert one.take(flights({"id": "x", "aircraft_type": "Other"}), HEARD_NS).records == ()
    assert one.counts["without a place"] == 1


def test_unknown_is_not_a_number() -> None:
    (claim,) = provider().take(flights(flight(track=361.0, speed=255.0)), HEARD_NS).records
    assert isinstance(claim, Claim)
    assert claim.velocity_enu_mps is None


def test_damaged_answers_never_stop_the_provider() -> None:
    one = provider()
    accepted = 0
    for data in mutated([flights(flight()), DETAILS], frames_to_try(), 20310503):
        taken = one.take(data, HEARD_NS)
        accepted += len(taken.records)
        for claim in taken.records:
            assert isinstance(claim, Claim)
            assert claim.claimed_id
            assert abs(claim.time_utc_ns - HEARD_NS) <= 60 * NS_PER_S
            msgspec.json.encode(claim)
        assert all(refusal.field and refusal.must for refusal in taken.refusals)
    assert accepted > 100
