"""OCSF events against the published schema of the class, as another project's models hold it."""

from __future__ import annotations

import msgspec
import pytest
from ocsf.v1_7_0.events import DroneFlightsActivity
from pydantic import ValidationError

from skykeep.domain.identity import TargetClass
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.threat import Interval
from skykeep.wire.ocsf import Flight, drone_flight_event

ALERT = Alert(
    alert_id="alert-0001",
    state=AlertState.RAISED,
    title="A drone flies at the Residence",
    track_ids=(7,),
    asset_id="residence",
    priority=0.62,
    raised_utc_ns=1_935_540_000_000_000_000,
    changed_utc_ns=1_935_540_005_250_000_000,
    breach=Interval(low_s=31.44, mid_s=40.0, high_s=55.06),
    grounds=("It holds no permit.", "It flies straight at the Residence."),
    worst_case_s=22.0,
    members=(7, 9),
)
FLIGHT = Flight(
    track_id=7,
    latitude_deg=44.0123456789,
    longitude_deg=-31.5,
    height_hae_m=81.24,
    sigma_m=6.0,
    speed_mps=16.25,
    course_deg=269.6,
    climb_mps=-0.4,
    target_class=TargetClass.MULTIROTOR,
    claimed_id="1581F5FH7245000000A1",
    operator_id="OP-1",
    operator_deg=(44.02, -31.49),
)


def test_an_alert_by_hand() -> None:
    event = drone_flight_event(ALERT, FLIGHT, "n-1", "A harbour", "0.1")
    assert (event["class_uid"], event["type_uid"], event["category_uid"]) == (8001, 800102, 8)
    assert event["time"] == 1_935_540_005_250
    assert event["severity"] == "Critical"
    assert event["message"].endswith("It holds no permit. It flies straight at the Residence.")
    assert event["unmanned_aerial_system"]["location"] == {
        "lat": 44.0123457,
        "long": -31.5,
        "geodetic_altitude": "81.2 m",
        "horizontal_accuracy": "6.0 m",
    }
    assert event["unmanned_aerial_system"]["track_direction"] == "270"
    assert event["unmapped"]["breach_from_s"] == 31.4
    assert event["unmapped"]["worst_case_s"] == 22.0
    assert event["count"] == 2


CLEARED = msgspec.structs.replace(
    ALERT, state=AlertState.CLEARED, cleared_because="It turned away.", breach=None, track_ids=()
)


@pytest.mark.parametrize(
    ("alert", "flight"),
    [
        (ALERT, FLIGHT),
        (ALERT, None),
        (CLEARED, None),
        (ALERT, msgspec.structs.replace(FLIGHT, claimed_id="", operator_id="", operator_deg=None)),
        *((ALERT, msgspec.structs.replace(FLIGHT, target_class=each)) for each in TargetClass),
    ],
)
def test_every_event_is_one_by_the_published_schema(alert: Alert, flight: Flight | None) -> None:
    event = drone_flight_event(alert, flight, "n-1", "A harbour", "0.1")
    found = DroneFlightsActivity.model_validate(event)
    known = set(found.model_dump(by_alias=True, exclude_none=True))
    assert set(event) <= known
    assert not found.model_extra


@pytest.mark.parametrize(
    "lacking", ["dst_endpoint", "unmanned_aerial_system", "unmanned_system_operator", "metadata", "time"]
)
def test_the_schema_would_tell(lacking: str) -> None:
    event = drone_flight_event(ALERT, FLIGHT, "n-1", "A harbour", "0.1")
    del event[lacking]
    with pytest.raises(ValidationError, match=lacking):
        DroneFlightsActivity.model_validate(event)


def test_over_is_no_alarm_and_says_why() -> None:
    event = drone_flight_event(CLEARED, None, "n-1", "A harbour", "0.1")
    assert event["severity"] == "Informational"
    assert event["message"] == "A drone flies at the Residence. It turned away."
