"""COURAGEOUS records as scans and claims: each location where it should be, and what cannot be used kept."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest
from hypothesis import given

from courageous_documents import EVERYTHING, LOCATIONS, START_MS, SYSTEM, document, documents, record, track
from mutations import mutated
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import Claim, MeasurementKind, Scan, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire import courageous as c
from skykeep.wire.courageous_inputs import CourageousInputs
from skykeep.wire.courageous_rows import FLAT_HEIGHT_SIGMA_M

FRAME = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
SENSOR = Sensor(
    sensor_id="trial",
    name="Trial",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
    position_enu_m=(0.0, 0.0, 12.0),
    coverage_range_m=5_000.0,
    sigma=(8.0, 0.008, 0.02),
)
NOW_UTC_NS = START_MS * 1_000_000 + 9_000_000_000


def take(*documents: c.Document, recorded: bool = False) -> Taken:
    inputs = CourageousInputs(SENSOR, FRAME, recorded=recorded)
    taken = [inputs.take(c.encode(one), NOW_UTC_NS) for one in documents]
    return Taken(
        records=tuple(r for t in taken for r in t.records),
        refusals=tuple(r for t in taken for r in t.refusals),
    )


def scan_of(location: c.Location) -> Scan:
    (scan,) = take(document(track(record(location)))).records
    assert isinstance(scan, Scan)
    return scan


@pytest.mark.parametrize(
    ("location", "kind", "measured", "sigma"),
    [
        (LOCATIONS[0], MeasurementKind.AZIMUTH, [0.0], [np.radians(20) / np.sqrt(12)]),
        (LOCATIONS[1], MeasurementKind.AZIMUTH, [np.pi / 2], [np.radians(90) / np.sqrt(12)]),
        (LOCATIONS[2], MeasurementKind.AZIMUTH, [np.pi / 2], [np.radians(2)]),
        (LOCATIONS[3], MeasurementKind.AZIMUTH_ELEVATION, np.radians([43.5, 2.25]), np.radians([2, 2])),
        (
            LOCATIONS[4],
            MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            [1000.0, np.pi, np.radians(30)],
            [8.0, 0.008, 0.02],  # the configured sensor's own
        ),
        # A hundredth of a degree is 1,110 m north, 871.9 m east at 38.5 N; the earth falls 10 cm away.
        (LOCATIONS[5], MeasurementKind.POSITION, [0.0, 1110.0, 71.9], [15.0, 15.0, FLAT_HEIGHT_SIGMA_M]),
        (LOCATIONS[6], MeasurementKind.POSITION, [872.5, 0.0, 111.9], [15.0, 15.0, 25.0]),
    ],
)
def test_each_location_is_measured_as_it_is_told(
    location: c.Location, kind: MeasurementKind, measured: list[float], sigma: list[float]
) -> None:
    scan = scan_of(location)
    assert scan.kind is kind
    assert np.allclose(
        scan.measured[0, : len(measured)], measured, rtol=1e-3, atol=0.1 if kind is kind.POSITION else 1e-9
    )
    assert np.allclose(scan.sigma[0, : len(sigma)], sigma)
    assert np.isnan(scan.measured[0, len(measured) :]).all()
    assert scan.time_utc_ns == START_MS * 1_000_000
    assert scan.received_utc_ns == NOW_UTC_NS


def test_a_scan_looked_only_where_it_tells_of() -> None:
    scan = scan_of(LOCATIONS[2])
    assert scan.azimuth_from_rad is not None
    assert scan.azimuth_to_rad is not None
    assert scan.azimuth_from_rad < np.pi / 2 < scan.azimuth_to_rad
    assert scan.azimuth_to_rad - scan.azimuth_from_rad < np.radians(10)


def test_a_recording_was_received_when_it_happened() -> None:
    taken = take(document(track(*(record(LOCATIONS[6], s, s) for s in (3, 1, 2)))), recorded=True)
    times = [scan.received_utc_ns for scan in taken.records]
    assert times == [(START_MS + 1000 * s) * 1_000_000 for s in (1, 2, 3)]
    assert [scan.sequence for scan in taken.records] == [1, 2, 3]


def test_a_thing_said_twice_is_taken_once() -> None:
    detection = c.DetectionSet(
        records=(
            c.DetectionRecord(
                time_utc_ms=START_MS,
                record_number=5,
                classification=c.Classification.UNKNOWN,
                location=LOCATIONS[4],
            ),
        )
    )
    both = document(track(record(LOCATIONS[4])), detection=(detection,))
    assert len(take(both).records) == 1
    assert len(take(both, both).records) == 1


INTERCEPTED = document(
    c.TrackSet(
        uas_id=4,
        name="a model",
        records=(
            msgspec.structs.replace(
                record(LOCATIONS[6], 2.0), velocity=c.Velocity(east_mps=3.0, north_mps=4.0, up_mps=0.0)
            ),
        ),
    ),
    c.TrackSet(
        uas_id=4,
        records=(
            record(c.Position2d(lat_deg=38.49, lon_deg=-40.0), 1.0, 1, c.Classification.GCS),
            record(c.Position2d(lat_deg=38.48, lon_deg=-40.0), 3.0, 2, c.Classification.GCS),
        ),
    ),
)


def test_what_is_read_off_the_link_is_a_claim_with_its_operator() -> None:
    (claim,) = take(INTERCEPTED).records
    assert isinstance(claim, Claim)
    assert claim.claimed_id == "a model"
    assert claim.position_enu_m == pytest.approx((872.5, 0.0, 111.9), abs=0.5)
    assert claim.velocity_enu_mps == pytest.approx((3.0, 4.0, 0.0), abs=1e-3)
    assert claim.sigma_m == (15.0, 25.0)
    # Where the operator had last been told to be by then.
    assert claim.operator_position_enu_m == pytest.approx((0.0, -1110.0, 11.9), abs=0.5)


def test_what_cannot_be_used_is_kept_with_its_path_and_why() -> None:
    lone_gcs = track(record(LOCATIONS[6], 0.0, 0, c.Classification.GCS), uas_id=9)
    wide = track(record(c.Arc(from_deg=0.0, to_deg=270.0)), uas_id=2)
    nowhere = c.DetectionSet(
        records=(
            c.DetectionRecord(time_utc_ms=START_MS, record_number=1, classification=c.Classification.UAV),
        )
    )
    taken = take(document(lone_gcs, wide, detection=(nowhere,)))
    assert taken.records == ()
    assert {(r.field, r.found) for r in taken.refusals} == {
        ("tracks[0].records[0].classification", "a GCS whose uas_id no such UAV has"),
        ("tracks[1].records[0].location", "an arc 270 degrees wide"),
        ("detection[0].records[0].location", "none"),
    }
    assert all(json.loads(refusal.data)["record_number"] in (0, 1) for refusal in taken.refusals)


def test_an_operator_that_no_claim_can_carry_is_not_lost_silently() -> None:
    gcs = record(LOCATIONS[6], 0.0, 0, c.Classification.GCS)
    towards = msgspec.structs.replace(gcs, location=LOCATIONS[2], record_number=1)
    bearing_only = document(track(record(LOCATIONS[2], 1.0), uas_id=4), track(gcs, towards, uas_id=4))
    taken = take(bearing_only)
    assert [type(one) for one in taken.records] == [Scan]
    assert [(r.field, r.found) for r in taken.refusals] == [
        ("tracks[1].records[0].classification", "a GCS whose uas_id no such UAV has"),
        ("tracks[1].records[1].location", "a GCS at a Bearing"),
    ]


def test_a_bearing_from_elsewhere_is_refused_and_a_range_from_there_is_placed() -> None:
    away = msgspec.structs.replace(SYSTEM, lat_deg=38.51)
    taken = take(document(track(record(LOCATIONS[2], 0.0), record(LOCATIONS[4], 1.0)), system=away))
    (refusal,) = taken.refusals
    assert refusal.found == "a bearing from 1110 m beside the configured sensor"
    (scan,) = taken.records
    assert isinstance(scan, Scan)
    assert scan.kind is MeasurementKind.POSITION
    # 1,110 m north, then 866 m back south and 500 m up.
    assert np.allclose(scan.measured[0, :3], [0.0, 1110.0 - 866.0, 512.0], atol=1.0)


def test_a_document_that_cannot_be_read_is_one_refusal() -> None:
    taken = CourageousInputs(SENSOR, FRAME).take(b"{}", NOW_UTC_NS)
    assert taken.records == ()
    assert [(r.field, r.must, r.data) for r in taken.refusals] == [("static_cuas_location", "there", b"{}")]


def test_heights_above_the_sea_are_raised_by_the_geoid() -> None:
    inputs = CourageousInputs(SENSOR, FRAME, geoid_m=40.0)
    (scan,) = inputs.take(c.encode(document(track(record(LOCATIONS[6])))), NOW_UTC_NS).records
    assert isinstance(scan, Scan)
    assert scan.measured[0, 2] == pytest.approx(151.9, abs=0.1)


def _must_be_possible(taken: Taken) -> None:
    for one in taken.records:
        if isinstance(one, Scan):
            width = {"position": 3, "range_azimuth_elevation": 3, "azimuth_elevation": 2, "azimuth": 1}[
                one.kind
            ]
            assert np.isfinite(one.measured[:, :width]).all()
            assert (one.sigma[:, :width] > 0.0).all()
            if one.kind is not MeasurementKind.POSITION:
                column = 1 if width == 3 else 0
                assert (one.measured[:, column] >= 0.0).all()
                assert (one.measured[:, column] < 2 * np.pi).all()
        else:
            assert isinstance(one, Claim)
            assert np.isfinite(one.position_enu_m).all()
            assert one.claimed_id


@given(documents)
def test_nothing_is_lost_and_nothing_impossible_is_made(found: c.Document) -> None:
    taken = take(found)
    _must_be_possible(taken)
    told: list[c.TrackRecord | c.DetectionRecord] = [r for track in found.tracks for r in track.records]
    told += [r for sets in found.detection for r in sets.records]
    assert len(taken.records) + len(taken.refusals) <= len(told)
    if all(r.classification is not c.Classification.GCS for r in told):
        said = {(r.time_utc_ms, r.location) for r in told}
        assert len(taken.records) + len(taken.refusals) >= len(said)


def test_damaged_documents_never_break_it() -> None:
    inputs = CourageousInputs(SENSOR, FRAME)
    for data in mutated((c.encode(EVERYTHING), c.encode(INTERCEPTED)), 2_000, seed=3):
        _must_be_possible(inputs.take(data, NOW_UTC_NS))
