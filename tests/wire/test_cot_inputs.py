"""What comes in from TAK: friendlies, detections and our own echo, by hand; then damaged."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cot_samples import (
    DETECTION_XML,
    FRAME,
    FRIENDLY_XML,
    GROUND_XML,
    NOW_UTC_NS,
    SENSOR,
    SOURCE,
    track_report,
)
from mutations import mutated
from skykeep.domain.feed import NOTHING
from skykeep.domain.sensing import Claim, ClaimKind, MeasurementKind, Scan
from skykeep.wire.cot_inputs import REACH_M, CotInputs
from skykeep.wire.cot_proto import encode_datagram, encode_frame
from skykeep.wire.cot_reports import track_event
from skykeep.wire.cot_xml import decode_xml, encode_xml


def inputs() -> CotInputs:
    return CotInputs(
        SENSOR,
        FRAME,
        own_uid=SOURCE.uid,
        detections_from=("EAST-RADAR",),
        serials={"POLICE-8": "1581F00000000000001"},
    )


def test_an_air_friendly_is_a_claim() -> None:
    taken = inputs().take(FRIENDLY_XML, NOW_UTC_NS)
    (claim,) = taken.records
    assert isinstance(claim, Claim)
    assert (claim.kind, claim.claimed_id, claim.operator_id) == (
        ClaimKind.TELEMETRY,
        "POLICE-7",
        "Falcon & 7",
    )
    assert (claim.aircraft_category, claim.sigma_m, claim.sequence) == ("M-H-Q", (3.5, 6.0), 1)
    # A hundredth of a degree north of the site's origin, 100 m above it, eastward at 12 m/s.
    assert claim.position_enu_m == pytest.approx((0.0, 1106.07, 99.9), abs=0.1)
    assert claim.velocity_enu_mps == pytest.approx((12.0, 0.0, 0.0), abs=1e-3)
    assert (claim.time_utc_ns, claim.received_utc_ns) == (NOW_UTC_NS - 250_000_000, NOW_UTC_NS)


def test_the_serial_of_a_drone_may_be_configured() -> None:
    (claim,) = inputs().take(FRIENDLY_XML.replace(b"POLICE-7", b"POLICE-8"), NOW_UTC_NS).records
    assert isinstance(claim, Claim)
    assert claim.claimed_id == "1581F00000000000001"


def test_a_detection_of_an_allowed_source_is_a_scan() -> None:
    taking = inputs()
    (scan,) = taking.take(DETECTION_XML, NOW_UTC_NS).records
    assert isinstance(scan, Scan)
    assert (scan.kind, scan.labels, scan.sensor_id) == (MeasurementKind.POSITION, ("EAST-RADAR.4",), "tak")
    # ce 25 m; the height is unknown and so stands for anything low.
    assert scan.sigma[0, :3].tolist() == [25.0, 25.0, 150.0]
    assert scan.measured[0, 0] == pytest.approx(2192.9, abs=1.0)
    assert taking.counts == {"detection": 1}


def test_a_detection_of_any_other_source_is_only_counted() -> None:
    taking = inputs()
    assert taking.take(DETECTION_XML.replace(b"EAST-RADAR", b"WEST-RADAR"), NOW_UTC_NS) == NOTHING
    assert taking.counts == {"not used: detection of a source that is not allowed": 1}


@pytest.mark.parametrize(
    ("allowed", "used"), [("EAST-*", True), ("EAST-RADAR.4", True), ("EAST", False), ("*", True)]
)
def test_sources_are_named_or_begin_so(allowed: str, used: bool) -> None:
    taking = CotInputs(SENSOR, FRAME, detections_from=(allowed,))
    assert bool(taking.take(DETECTION_XML, NOW_UTC_NS).records) is used


def test_a_friendly_on_the_ground_is_kept_and_counted() -> None:
    taking = inputs()
    assert taking.take(GROUND_XML, NOW_UTC_NS) == NOTHING
    assert taking.counts == {"friendly on the ground or at sea": 1}
    friendly = taking.ground_friendlies["GUARD-2"]
    # A ce of zero promises more than anybody can keep.
    assert (friendly.callsign, friendly.sigma_m) == ("Guard 2", (30.0, 50.0))


def test_our_own_track_sent_back_is_dropped() -> None:
    taking = inputs()
    for data in (
        encode_xml(track_event(track_report(), SOURCE)),
        encode_frame(track_event(track_report(), SOURCE)),
    ):
        assert taking.take(data, NOW_UTC_NS) == NOTHING
    assert taking.counts == {"own echo": 2}


def test_somebody_whose_name_begins_like_ours_is_not_us() -> None:
    taking = inputs()
    assert taking.take(FRIENDLY_XML.replace(b"POLICE-7", b"SKYKEEP-harbour2"), NOW_UTC_NS).records


REFUSED = {
    "stale a second ago": (FRIENDLY_XML, 30_750_000_000, "stale", "1.0 s before reception"),
    "stale at this moment": (FRIENDLY_XML, 29_750_000_000, "stale", "0.0 s before reception"),
    "from two minutes ahead": (FRIENDLY_XML, -120_000_000_000, "start", "119.8 s after reception"),
    "nowhere": (
        FRIENDLY_XML.replace(b"lat='10.01' lon='20.0'", b"lat='0' lon='0.0'"),
        0,
        "point",
        "0 degrees, 0 degrees",
    ),
    "above the air": (FRIENDLY_XML.replace(b"hae='130.0'", b"hae='40000'"), 0, "point.hae", "40000"),
    "faster than anything": (
        FRIENDLY_XML.replace(b"speed='12.0'", b"speed='2000'"),
        0,
        "track.speed",
        "2000",
    ),
    "no event": (b"<event/>", 0, "point", "absent"),
}


@pytest.mark.parametrize(("data", "later_ns", "field", "found"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name(data: bytes, later_ns: int, field: str, found: str) -> None:
    taking = inputs()
    taken = taking.take(data, NOW_UTC_NS + later_ns)
    assert taken.records == ()
    (refusal,) = taken.refusals
    assert (refusal.field, refusal.found, refusal.data) == (field, found, data)
    assert taking.counts == {"refused": 1}


def test_the_same_event_again_and_an_older_one_are_dropped() -> None:
    taking = inputs()
    event = decode_xml(FRIENDLY_XML)
    assert taking.take(FRIENDLY_XML, NOW_UTC_NS).records
    older = msgspec.structs.replace(event, time_utc_ns=event.time_utc_ns - 1_000_000_000)
    for again in (event, older):
        assert taking.take_event(again, NOW_UTC_NS) == NOTHING
    newer = msgspec.structs.replace(event, time_utc_ns=event.time_utc_ns + 1_000_000)
    assert taking.take(encode_datagram(newer), NOW_UTC_NS).records
    assert taking.counts == {"air friendly": 2, "repeated or older than the latest": 2}


def test_far_away_is_counted_only() -> None:
    taking = inputs()
    assert taking.take(FRIENDLY_XML.replace(b"lat='10.01'", b"lat='50.01'"), NOW_UTC_NS) == NOTHING
    assert taking.counts == {"beyond reach": 1}


def test_a_sensor_that_measures_no_position_takes_no_detections() -> None:
    azimuth = msgspec.structs.replace(SENSOR, measures=MeasurementKind.AZIMUTH)
    with pytest.raises(ValueError, match="position"):
        CotInputs(azimuth, FRAME, detections_from=("X",))


@given(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12))
def test_foreign_types_cannot_fill_the_table_of_counts(type_: str) -> None:
    taking = inputs()
    event = msgspec.structs.replace(decode_xml(GROUND_XML), type=type_)
    assert taking.take_event(event, NOW_UTC_NS) == NOTHING
    assert sum(taking.counts.values()) == 1
    assert all(len(name) <= 15 for name in taking.counts)


def test_damaged_events_give_only_records_within_reach() -> None:
    frames = [FRIENDLY_XML, DETECTION_XML, encode_datagram(decode_xml(FRIENDLY_XML))]
    used = 0
    for data in mutated(frames, 3_000, seed=9):
        for record in inputs().take(data, NOW_UTC_NS).records:
            used += 1
            assert isinstance(record, Claim | Scan)
            place = record.position_enu_m if isinstance(record, Claim) else tuple(record.measured[0, :3])
            assert float(np.hypot(*place[:2])) <= REACH_M
            if isinstance(record, Claim) and record.velocity_enu_mps is not None:
                assert float(np.linalg.norm(record.velocity_enu_mps)) <= 1_000.1
    assert used > 0
