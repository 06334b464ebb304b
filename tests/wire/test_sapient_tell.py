"""What Skykeep says in SAPIENT: tracks that come back where they were, and tasks that may and may not go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapient_peer import LAT_LNG, built, registration
from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.sensing import Scan, Sensor, SensorKind, SensorState, SensorStatus
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.geo.frames import LocalFrame
from skykeep.wire.sapient import decode_message, encode_message
from skykeep.wire.sapient_ids import ULID
from skykeep.wire.sapient_inputs import SapientTranslator
from skykeep.wire.sapient_place import SapientNode
from skykeep.wire.sapient_registration import Registration, registration_of
from skykeep.wire.sapient_task import (
    ChangeMode,
    LookAlong,
    LookAt,
    RequestRegistration,
    RequestStatus,
    SensingTask,
    refusals,
    task_message,
)
from skykeep.wire.sapient_tell import Self, detection_report, status_report
from skykeep.wire.sapient_tell import registration as our_registration

US, NODE = "11111111-2222-4333-8444-555555555555", "a8654cdf-4328-47de-81fa-c495589e30c9"
NOW_UTC_NS = 1_930_000_000_000_000_000
FRAME = LocalFrame(latitude_deg=43.73, longitude_deg=7.42, height_hae_m=50.0)
ME = Self(
    node_id=US,
    name="Skykeep",
    short_name="Skykeep",
    software_version="0.1.0",
    latitude_deg=43.73,
    longitude_deg=7.42,
    height_hae_m=50.0,
    reach_m=5_000.0,
)
SENSOR = Sensor(
    sensor_id="child",
    name="A site below",
    kind=SensorKind.RADAR,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=5_000.0,
)
metres = st.floats(-20_000.0, 20_000.0)
sigmas_m = st.floats(0.01, 5_000.0)
shares = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).map(lambda s: [x / (sum(s) or 1.0) for x in s])


def track(position_enu_m: tuple[float, ...], sigma_m: tuple[float, ...], probabilities: list[float]) -> Any:
    latitude, longitude, height = FRAME.to_geodetic(np.array(position_enu_m))
    return TrackReport(
        track_id=3,
        time_utc_ns=NOW_UTC_NS,
        status=TrackStatus.CONFIRMED,
        latitude_deg=float(latitude),
        longitude_deg=float(longitude),
        height_hae_m=float(height),
        height_amsl_m=float(height),
        height_agl_m=float(height),
        velocity_enu_mps=(1.0, 2.0, 3.0),
        sigma_enu_m=cast("tuple[float, float, float]", sigma_m),
        covariance_enu=(1.0, 0.0, 0.0, 1.0, 0.0, 1.0),
        existence=1.0,
        target_class=TargetClass.BIRD,
        class_probabilities=cast("tuple[float, float, float, float, float]", tuple(probabilities)),
        standing=Standing.UNKNOWN,
        name="T3",
        born_utc_ns=NOW_UTC_NS - 9_000_000_000,
    )


def parent() -> SapientTranslator:
    return SapientTranslator(SapientNode(node_id=US, sensor=SENSOR), FRAME)


@given(st.tuples(metres, metres, st.floats(0.0, 9_000.0)), st.tuples(sigmas_m, sigmas_m, sigmas_m), shares)
def test_a_track_told_to_a_parent_is_where_it_was_and_as_sure(
    position_enu_m: tuple[float, ...], sigma_m: tuple[float, ...], probabilities: list[float]
) -> None:
    report = track(position_enu_m, sigma_m, probabilities)
    octets = encode_message(detection_report(ME, NODE, report))
    taken = parent().take(octets, NOW_UTC_NS + 200_000_000)
    (scan,) = taken.records
    assert isinstance(scan, Scan)
    assert scan.time_utc_ns == NOW_UTC_NS
    np.testing.assert_allclose(scan.measured[0, :3], position_enu_m, atol=1e-3)
    np.testing.assert_allclose(scan.sigma[0, :3], sigma_m, rtol=1e-9)


def test_a_track_that_ended_is_lost_and_no_measurement() -> None:
    report = track((1.0, 2.0, 3.0), (1.0, 1.0, 1.0), [0.2] * 5)
    ended = msgspec.structs.replace(report, status=TrackStatus.ENDED)
    one = parent()
    assert one.take(encode_message(detection_report(ME, "", ended)), NOW_UTC_NS).records == ()
    assert one.counts["object lost, so no measurement"] == 1


def test_our_registration_and_status_are_understood_as_meant() -> None:
    one = parent()
    one.take(encode_message(our_registration(ME, NODE, NOW_UTC_NS)), NOW_UTC_NS)
    assert one.registration is not None
    assert one.registration.node_types == ("fusion_node",)
    told = status_report(ME, NODE, NOW_UTC_NS, sequence=1, system=2, says="one radar is silent")
    (status,) = one.take(encode_message(told), NOW_UTC_NS).records
    assert isinstance(status, SensorStatus)
    assert (status.state, status.says) == (
        SensorState.DEGRADED,
        "mode Default; other: one radar is silent",
    )
    assert status.position_enu_m == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert (status.azimuth_from_rad, status.range_max_m) == (0.0, 5_000.0)
    assert status.latency_s == pytest.approx(0.9)


def registered(*kinds: str) -> Registration:
    return registration_of(built(NODE, NOW_UTC_NS, registration(*kinds)))


SENSING: list[SensingTask] = [
    LookAt(latitude_deg=43.7, longitude_deg=7.4, height_hae_m=100.0),
    LookAlong(azimuth_rad=1.0, elevation_rad=0.2),
    RequestStatus(),
    RequestRegistration(),
    ChangeMode(mode="Stare"),
]


@pytest.mark.parametrize("asked", SENSING, ids=lambda asked: type(asked).__name__)
@pytest.mark.parametrize(
    "kind", ["KINETIC", "JAMMER", "LDEW", "RFDEW", "CYBER"], ids=lambda kind: kind.lower()
)
def test_a_sensing_task_is_sound_and_goes_to_no_node_that_may_act(asked: SensingTask, kind: str) -> None:
    message = task_message(US, NODE, NOW_UTC_NS, 0, asked)
    assert ULID.fullmatch(decode_message(encode_message(message)).task.task_id)
    assert refusals(message, registered("NODE_TYPE_RADAR")) == []
    (reason,) = refusals(message, registered("NODE_TYPE_RADAR", f"NODE_TYPE_{kind}"))
    assert "Skykeep tasks sensors only" in reason


def _forged(content: dict[str, Any]) -> Any:
    task = {"taskId": "01H4R63D7NVN8444Z5M77WEBY8", "control": "CONTROL_START", **content}
    return built(US, NOW_UTC_NS, {"task": task}, NODE)


PLACE = {"locations": [{"x": 7.4, "y": 43.7, **LAT_LNG}]}
REGION = {
    "type": "REGION_TYPE_AREA_OF_INTEREST",
    "regionId": "01H4R63D7NVN8444Z5M77WEBY8",
    "regionName": "a",
    "regionArea": {"locationList": PLACE},
}
FORGED: dict[str, Any] = {
    "move": {"command": {"moveTo": PLACE}},
    "patrol": {"command": {"patrol": PLACE}},
    "follow": {"command": {"follow": {"followObjectId": "01H4R63D7NVN8444Z5M77WEBY8"}}},
    "threshold": {"command": {"detectionThreshold": "DISCRETE_THRESHOLD_LOW"}},
    "another request": {"command": {"request": "Fire"}},
    "another mode": {"command": {"modeChange": "Jam"}},
    "a region": {"command": {"request": "Status"}, "region": [REGION]},
    "a stop": {"command": {"request": "Status"}, "control": "CONTROL_STOP"},
    "no command": {},
}


@pytest.mark.parametrize("content", FORGED.values(), ids=FORGED)
def test_any_other_task_is_refused_however_it_was_made(content: dict[str, Any]) -> None:
    assert refusals(_forged(content), registered()) != []


def test_what_is_no_sensing_task_cannot_be_made() -> None:
    make = cast("Callable[..., Any]", task_message)
    with pytest.raises(TypeError, match="no sensing task"):
        make(US, NODE, NOW_UTC_NS, 0, "fire")
