"""What we tell TAK servers: types, errors, times, shapes and alerts; never more than is known."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cot_samples import FRAME, NOW_UTC_NS, SENSOR, SOURCE, track_report
from drawn import drawn_zone
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.place import Asset, AssetKind
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.sensing import SensorState, SensorStatus
from skykeep.domain.track import TrackStatus
from skykeep.domain.zone import Period, Restriction
from skykeep.wire.cot import CotEvent, CotPoint
from skykeep.wire.cot_detail import read_detail
from skykeep.wire.cot_reports import track_event, track_type, worst_variance
from skykeep.wire.cot_shapes import alert_event, asset_events, sensor_event, zone_events
from skykeep.wire.cot_source import (
    CotSource,
    is_accepted,
    is_own_uid,
    offered_versions,
    ping,
    pong,
    version_answer,
    version_offer,
    version_request,
)
from skykeep.wire.cot_xml import decode_xml, encode_xml

BIRD = (0.1, 0.1, 0.7, 0.05, 0.05)
DOUBTFUL = (0.4, 0.3, 0.2, 0.05, 0.05)
TYPES = {
    "a suspect multirotor": ({}, "a-s-A-M-H-Q"),
    "a hostile fixed wing": (
        {
            "standing": Standing.HOSTILE,
            "target_class": TargetClass.FIXED_WING,
            "class_probabilities": (0.1, 0.8, 0.1, 0.0, 0.0),
        },
        "a-h-A-M-F-Q",
    ),
    "a friend": ({"standing": Standing.FRIEND}, "a-f-A-M-H-Q"),
    "a neutral bird": (
        {"standing": Standing.NEUTRAL, "target_class": TargetClass.BIRD, "class_probabilities": BIRD},
        "a-n-A",
    ),
    "perhaps a multirotor": (
        {"standing": Standing.UNKNOWN, "class_probabilities": DOUBTFUL},
        "a-u-A",
    ),
    "tentative, whatever its standing": ({"status": TrackStatus.TENTATIVE}, "a-p-A-M-H-Q"),
}


@pytest.mark.parametrize(("given_", "type_"), TYPES.values(), ids=TYPES)
def test_the_type_of(given_: dict[str, Any], type_: str) -> None:
    assert track_type(track_report(**given_)) == type_


def test_a_track_as_an_event() -> None:
    event = track_event(track_report(), SOURCE)
    assert (event.uid, event.how) == ("SKYKEEP-harbour.track.17", "m")
    assert event.time_utc_ns == event.start_utc_ns == NOW_UTC_NS
    assert event.stale_utc_ns - NOW_UTC_NS == 15_000_000_000
    # Sigma 4 m east, 3 m north, 5 m up: 4 m along the worst direction.
    assert event.point == CotPoint(
        latitude_deg=10.004,
        longitude_deg=20.003,
        height_hae_m=92.5,
        circular_error_m=4.0,
        linear_error_m=5.0,
    )
    detail = read_detail(event.detail)
    assert detail.callsign == "Suspect 17"
    # 3 m/s east and 4 m/s north: 36.9 degrees from north, 5 m/s, level.
    assert (detail.course_deg, detail.speed_mps, detail.slope_deg) == (36.9, 5.0, 0.0)
    assert detail.remarks == (
        "Confirmed track 17, suspect; probably multirotor 82 %, bird 11 %, fixed wing 5 %; "
        "60 m above ground; no agreed identity; seen by radar-1"
    )
    assert [(link.uid, link.relation) for link in detail.links] == [("SKYKEEP-harbour", "p-p")]


def test_how_says_whether_sensors_agree_or_nothing_is_seen() -> None:
    assert track_event(track_report(sensor_ids=("radar-1", "rf-2")), SOURCE).how == "m-f"
    coasting = track_event(track_report(status=TrackStatus.COASTING), SOURCE)
    assert (coasting.how, coasting.stale_utc_ns - NOW_UTC_NS) == ("m-p", 8_000_000_000)


def test_a_simulation_says_so_in_every_event() -> None:
    source = CotSource(uid="S", callsign="S", opex="s")
    event = track_event(track_report(), source)
    assert (event.opex, event.how) == ("s", "m-s")


def test_an_ended_track_is_deleted_under_another_uid_than_ours() -> None:
    event = track_event(track_report(status=TrackStatus.ENDED), SOURCE)
    assert (event.type, event.uid) == ("t-x-d-d", "SKYKEEP-harbour.track.17.end")
    assert [(link.uid, link.type) for link in read_detail(event.detail).links] == [
        ("SKYKEEP-harbour.track.17", "a-s-A-M-H-Q")
    ]
    assert event.first("__forcedelete") is not None


def test_a_velocity_that_is_not_known_is_not_told() -> None:
    event = track_event(track_report(velocity_enu_mps=(math.nan, 0.0, 0.0)), SOURCE)
    assert event.first("track") is None


def test_a_place_that_is_not_known_is_refused() -> None:
    with pytest.raises(DecodeError, match="latitude_deg"):
        track_event(track_report(latitude_deg=math.nan), SOURCE)


@given(st.floats(0.01, 1e4), st.floats(0.01, 1e4), st.floats(-0.99, 0.99))
def test_the_worst_direction_is_the_greatest_eigenvalue(
    east: float, north: float, correlation: float
) -> None:
    east_north = correlation * math.sqrt(east * north)
    greatest = np.linalg.eigvalsh([[east, east_north], [east_north, north]])[-1]
    assert worst_variance(east, north, east_north) == pytest.approx(greatest, rel=1e-9)


reports = st.builds(
    track_report,
    track_id=st.integers(1, 10**9),
    status=st.sampled_from(TrackStatus),
    standing=st.sampled_from(Standing),
    target_class=st.sampled_from(TargetClass),
    velocity_enu_mps=st.tuples(*[st.floats(-300, 300)] * 3),
    latitude_deg=st.floats(-90, 90),
    longitude_deg=st.floats(-180, 180),
    height_hae_m=st.floats(-400, 20_000),
    covariance_enu=st.tuples(*[st.floats(0, 1e6)] * 6),
    name=st.text(max_size=20),
    claimed_id=st.text(max_size=20),
)


@given(reports)
def test_every_track_can_be_written_and_read_and_is_our_own(report: Any) -> None:
    event = track_event(report, SOURCE)
    assert decode_xml(encode_xml(event)) == event
    assert is_own_uid(SOURCE.uid, event.uid)
    if report.status != TrackStatus.ENDED and event.point.circular_error_m is not None:
        assert event.point.circular_error_m >= max(report.sigma_enu_m[:2]) - 1e-9


ZONE = drawn_zone(
    FRAME,
    "Z1",
    (
        ((-100.0, -100.0), (100.0, -100.0), (100.0, 100.0), (-100.0, 100.0)),
        ((-10.0, -10.0), (10.0, -10.0), (0.0, 10.0)),
    ),
    name="Harbour",
    restriction=Restriction.PROHIBITED,
    ceiling_m=120.0,
    document="Order 7",
    periods=(Period(start_utc_ns=NOW_UTC_NS),),
)


def test_a_zone_is_its_closed_rings() -> None:
    outer, hole = zone_events(ZONE, FRAME, NOW_UTC_NS, SOURCE)
    assert (outer.type, outer.uid) == ("u-d-f", "SKYKEEP-harbour.zone.Z1")
    corners = [one.attributes["point"] for one in outer.detail if "point" in one.attributes]
    assert len(corners) == 5
    assert corners[0] == corners[-1]
    latitude_deg, longitude_deg, _ = map(float, corners[0].split(","))
    # 100 m south and west at 10 degrees north: 110,600 m and 109,640 m to the degree.
    assert (latitude_deg, longitude_deg) == pytest.approx((10 - 100 / 110_600, 20 - 100 / 109_640), abs=2e-6)
    assert hole.uid == "SKYKEEP-harbour.zone.Z1.hole.1"
    assert read_detail(outer.detail).remarks == (
        "prohibited zone; surface to 120 m AGL; Order 7; its holes are drawn as lines; "
        "in force from 2031-05-03T02:14:07.250Z"
    )


ASSET = Asset(
    asset_id="A",
    name="Residence",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(0.0, 0.0, 0.0),
    breach_radius_m=150.0,
    warning_radius_m=600.0,
)


def test_a_protected_place_is_two_circles() -> None:
    breach, warning = asset_events(ASSET, FRAME, NOW_UTC_NS, SOURCE)
    assert (breach.type, warning.uid) == ("u-d-c-c", "SKYKEEP-harbour.asset.A.warning")
    shape = warning.first("shape")
    assert shape is not None
    assert shape.children[0].attributes == {"major": "600.00", "minor": "600.00", "angle": "360"}


def test_a_sensor_tells_where_it_looks() -> None:
    status = SensorStatus(
        sensor_id="tak",
        sequence=1,
        time_utc_ns=NOW_UTC_NS,
        received_utc_ns=NOW_UTC_NS,
        state=SensorState.DEGRADED,
        says="rain",
        azimuth_from_rad=math.radians(330.0),
        azimuth_to_rad=math.radians(30.0),
    )
    event = sensor_event(SENSOR, FRAME, NOW_UTC_NS, SOURCE, status)
    view = read_detail(event.detail).sensor
    assert event.type == "a-f-G-E-S-R"
    assert view is not None
    assert (view.azimuth_deg, view.fov_deg, view.range_m) == (0.0, 60.0, 50_000.0)
    assert read_detail(event.detail).remarks == "radar tak; degraded: rain; looks over 60.0 degrees"
    all_round = read_detail(sensor_event(SENSOR, FRAME, NOW_UTC_NS, SOURCE).detail).sensor
    assert all_round is not None
    assert all_round.fov_deg is None


def alert(state: AlertState) -> Alert:
    return Alert(
        alert_id="alert-3",
        state=state,
        title="Two drones close on the residence",
        track_ids=(17, 18),
        asset_id="A",
        priority=0.9,
        raised_utc_ns=NOW_UTC_NS,
        changed_utc_ns=NOW_UTC_NS,
        breach=None,
        grounds=("closing at 5 m/s",),
        cleared_because="It landed." if state is AlertState.CLEARED else "",
    )


ALERTS = {
    AlertState.RAISED: ("b-a-o-pan", {"type": "Ring The Bell"}),
    AlertState.ESCALATED: ("b-a-o-tbl", {"type": "911 Alert"}),
    AlertState.ACKNOWLEDGED: ("b-a-o-pan", {"type": "Ring The Bell"}),
    AlertState.CLEARED: ("b-a-o-can", {"cancel": "true"}),
}


@pytest.mark.parametrize("state", ALERTS)
def test_an_alert_keeps_its_uid_until_it_is_cancelled(state: AlertState) -> None:
    event = alert_event(alert(state), CotPoint(latitude_deg=10.0, longitude_deg=20.0), SOURCE)
    emergency = event.first("emergency")
    assert emergency is not None
    assert (event.type, emergency.attributes) == ALERTS[state]
    assert event.uid == "SKYKEEP-harbour.alert.alert-3"
    assert [link.uid for link in read_detail(event.detail).links][1:] == [
        "SKYKEEP-harbour.track.17",
        "SKYKEEP-harbour.track.18",
    ]


def test_the_words_of_the_protocol() -> None:
    assert offered_versions(version_offer("n", NOW_UTC_NS)) == ("1",)
    assert is_accepted(version_answer("n", NOW_UTC_NS, True))
    assert not is_accepted(version_answer("n", NOW_UTC_NS, False))
    assert not is_accepted(pong(NOW_UTC_NS))
    assert b'<TakControl><TakRequest version="1"/></TakControl>' in encode_xml(
        version_request("n", NOW_UTC_NS)
    )


def everything() -> list[CotEvent]:
    here = CotPoint(latitude_deg=10.0, longitude_deg=20.0)
    return [
        SOURCE.self_report(NOW_UTC_NS, here),
        ping(SOURCE.uid, NOW_UTC_NS),
        pong(NOW_UTC_NS),
        version_offer("n", NOW_UTC_NS),
        version_request("n", NOW_UTC_NS),
        version_answer("n", NOW_UTC_NS, True),
        sensor_event(SENSOR, FRAME, NOW_UTC_NS, SOURCE),
        *zone_events(ZONE, FRAME, NOW_UTC_NS, SOURCE),
        *asset_events(ASSET, FRAME, NOW_UTC_NS, SOURCE),
        *(alert_event(alert(state), here, SOURCE) for state in AlertState),
        *(track_event(track_report(status=status), SOURCE) for status in TrackStatus),
    ]


@needs_recordings
@pytest.mark.recordings
def test_every_kind_of_event_follows_the_published_schemas() -> None:
    from lxml import etree

    folder = Path(RECORDINGS / "cot" / "takcot" / "mitre")

    def schema(name: str) -> Any:
        (path,) = folder.glob(f"CoT {name}*.xsd")
        return etree.XMLSchema(etree.parse(path))

    base, track, sensor, link = schema("Base-Event"), schema("Track"), schema("Sensor"), schema("Link")
    seen = set()
    for event in everything():
        root = etree.fromstring(encode_xml(event))
        base.assertValid(root)
        for name, part in (("track", track), ("sensor", sensor)):
            for found in root.iterfind(f"detail/{name}"):
                part.assertValid(found)
                seen.add(name)
        for found in root.iterfind("detail/link[@relation]"):
            # TAK's own name for the producer's callsign is not in the older schema.
            found.attrib.pop("parent_callsign", "")
            link.assertValid(found)
            seen.add("link")
    assert seen == {"track", "sensor", "link"}
