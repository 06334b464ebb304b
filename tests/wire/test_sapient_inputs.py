"""SAPIENT to scans and status: places by hand in every unit and datum, honest sigmas, and what is refused."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sapient_samples
from mutations import frames_to_try, mutated
from recordings import needs_recordings
from sapient_peer import BEARING, LAT_LNG, built, detection, parsed, registration, status
from skykeep.domain.feed import Refusal, Taken
from skykeep.domain.sensing import (
    Claim,
    ClaimKind,
    MeasurementKind,
    Scan,
    Sensor,
    SensorKind,
    SensorState,
    SensorStatus,
)
from skykeep.geo.frames import LocalFrame
from skykeep.geo.utm import to_utm
from skykeep.wire.sapient_inputs import SapientTranslator
from skykeep.wire.sapient_place import SapientNode

NODE = "a8654cdf-4328-47de-81fa-c495589e30c9"
NOW_UTC_NS = 1_930_000_000_000_000_000
FRAME = LocalFrame(latitude_deg=43.73, longitude_deg=7.42, height_hae_m=50.0)
SENSOR = Sensor(
    sensor_id="sapient-1",
    name="North radar",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.POSITION,
    position_enu_m=(0.0, 0.0, 10.0),
    coverage_range_m=5_000.0,
)
AT_SITE = {"x": 7.42, "y": 43.73, "z": 150.0}


def translator(**more: Any) -> SapientTranslator:
    return SapientTranslator(msgspec.structs.replace(SapientNode(node_id=NODE, sensor=SENSOR), **more), FRAME)


def take(one: SapientTranslator, content: dict[str, Any], after_ns: int = 100_000_000) -> Taken:
    return one.take(built(NODE, NOW_UTC_NS, content).SerializeToString(), NOW_UTC_NS + after_ns)


def scan_of(one: SapientTranslator, content: dict[str, Any]) -> Scan:
    taken = take(one, content)
    assert taken.refusals == ()
    (scan,) = taken.records
    assert isinstance(scan, Scan)
    return scan


def status_of(one: SapientTranslator, content: dict[str, Any]) -> SensorStatus:
    taken = take(one, content)
    assert taken.refusals == ()
    (told,) = taken.records
    assert isinstance(told, SensorStatus)
    return told


def refusal_of(one: SapientTranslator, content: dict[str, Any]) -> Refusal:
    taken = take(one, content)
    assert taken.records == ()
    (refusal,) = taken.refusals
    return refusal


def test_a_place_100_m_over_the_origin_is_there() -> None:
    scan = scan_of(translator(), detection(location={**AT_SITE, **LAT_LNG}))
    assert (scan.sensor_id, scan.kind, scan.sequence) == ("sapient-1", MeasurementKind.POSITION, 0)
    assert scan.measured[0, :3] == pytest.approx([0.0, 0.0, 100.0], abs=1e-6)
    assert scan.sigma[0, :3].tolist() == [30.0, 30.0, 30.0]
    assert (scan.time_utc_ns, scan.received_utc_ns) == (NOW_UTC_NS, NOW_UTC_NS + 100_000_000)


def test_x_is_longitude_and_y_latitude() -> None:
    scan = scan_of(translator(), detection(location={"x": 7.43, "y": 43.73, "z": 50.0, **LAT_LNG}))
    east_m, north_m = scan.measured[0, :2]
    assert east_m == pytest.approx(805.6, abs=0.5)  # 0.01 degrees at 43.73 N
    assert abs(north_m) < 0.1


def test_errors_of_degrees_become_metres() -> None:
    errors = {"xError": 0.001, "yError": 0.001, "zError": 7.0}
    scan = scan_of(translator(), detection(location={**AT_SITE, **errors, **LAT_LNG}))
    assert scan.sigma[0, :3] == pytest.approx([80.35, 111.2, 7.0], abs=0.1)


def test_errors_in_metres_are_taken_so_only_where_configured() -> None:
    place = detection(location={**AT_SITE, "xError": 5.0, "yError": 5.0, **LAT_LNG})
    assert scan_of(translator(errors_in_metres=True), place).sigma[0, :2].tolist() == [5.0, 5.0]
    refusal = refusal_of(translator(), place)
    assert refusal.field == "detection_report.location.x_error"
    assert "errors_in_metres" in refusal.must


def test_radians_and_utm_are_the_same_place_as_degrees() -> None:
    lat, lon = 43.74, 7.43
    easting_m, northing_m = to_utm(32, lat, lon)
    rad = {"coordinateSystem": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_RAD_M", "datum": LAT_LNG["datum"]}
    utm = {"coordinateSystem": "LOCATION_COORDINATE_SYSTEM_UTM_M", "datum": LAT_LNG["datum"]}
    degrees = {"x": lon, "y": lat, "z": 90.0, **LAT_LNG}
    wanted = scan_of(translator(), detection(location=degrees)).measured
    radians = {"x": math.radians(lon), "y": math.radians(lat), "z": 90.0, **rad}
    np.testing.assert_allclose(scan_of(translator(), detection(location=radians)).measured, wanted, atol=1e-6)
    for zone in ("32T", "32N", "32"):
        place = {"x": easting_m, "y": northing_m, "z": 90.0, "utmZone": zone, **utm}
        found = scan_of(translator(), detection(location=place)).measured
        np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_a_zone_that_does_not_hold_the_northing_is_refused() -> None:
    easting_m, northing_m = to_utm(32, 43.74, 7.43)
    utm = {"coordinateSystem": "LOCATION_COORDINATE_SYSTEM_UTM_M", "datum": LAT_LNG["datum"]}
    place = {"x": easting_m, "y": northing_m, "z": 90.0, "utmZone": "32V", **utm}
    assert refusal_of(translator(), detection(location=place)).field == "detection_report.location.utm_zone"


def test_x_and_y_exchanged_is_caught_by_how_far_it_is() -> None:
    refusal = refusal_of(translator(), detection(location={"x": 43.73, "y": 7.42, "z": 50.0, **LAT_LNG}))
    assert refusal.field == "detection_report.location"
    assert "with x and y exchanged: 0.0 km" in refusal.found
    assert refusal.must == "within 150 km"


def test_a_height_over_the_geoid_is_raised_by_what_is_configured_or_doubted() -> None:
    place = detection(location={**AT_SITE, "zError": 4.0, **LAT_LNG, "datum": "LOCATION_DATUM_WGS84_G"})
    told = scan_of(translator(geoid_height_m=48.0), place)
    assert (told.measured[0, 2], told.sigma[0, 2]) == pytest.approx((148.0, 4.0))
    doubted = scan_of(translator(), place)
    assert (doubted.measured[0, 2], doubted.sigma[0, 2]) == pytest.approx((100.0, math.hypot(30.0, 4.0)))


def test_no_height_is_low_and_doubted() -> None:
    scan = scan_of(translator(), detection(location={"x": 7.42, "y": 43.73, **LAT_LNG}))
    assert (scan.measured[0, 2], scan.sigma[0, 2]) == pytest.approx((60.0, 60.0))


def bearing(**more: Any) -> dict[str, Any]:
    return detection(rangeBearing={**BEARING, **more})


def test_what_a_bearing_has_decides_what_the_scan_measures() -> None:
    one = translator()
    azimuth = scan_of(one, bearing(azimuth=90.0))
    assert azimuth.kind is MeasurementKind.AZIMUTH
    assert azimuth.measured[0, 0] == pytest.approx(math.pi / 2, abs=1e-6)
    both = scan_of(one, bearing(azimuth=-90.0, elevation=30.0, elevationError=2.0))
    assert both.kind is MeasurementKind.AZIMUTH_ELEVATION
    assert both.measured[0, :2] == pytest.approx([1.5 * math.pi, math.radians(30.0)], abs=1e-6)
    assert both.sigma[0, :2] == pytest.approx([math.radians(3.0), math.radians(2.0)])
    full = scan_of(one, bearing(azimuth=0.0, elevation=0.0, range=1_000.0, rangeError=12.0))
    assert full.kind is MeasurementKind.RANGE_AZIMUTH_ELEVATION
    assert full.measured[0, 0] == 1_000.0
    assert full.sigma[0, 0] == 12.0
    flat = scan_of(one, bearing(azimuth=0.0, range=1_000.0))
    assert math.sin(flat.measured[0, 2]) == pytest.approx(0.06)
    assert flat.sigma[0, 2] == pytest.approx(0.06)
    assert [azimuth.sequence, both.sequence, full.sequence, flat.sequence] == [0, 1, 2, 3]


def test_kilometres_and_radians_are_read_as_such() -> None:
    units = {**BEARING, "coordinateSystem": "RANGE_BEARING_COORDINATE_SYSTEM_RADIANS_KM"}
    place = detection(
        rangeBearing={**units, "azimuth": 1.0, "elevation": 0.5, "range": 2.5, "rangeError": 0.01}
    )
    scan = scan_of(translator(), place)
    assert scan.measured[0, :3] == pytest.approx([2_500.0, 1.0, 0.5], abs=1e-5)
    assert scan.sigma[0, 0] == 10.0


def test_other_norths_are_turned_to_true_north_or_refused() -> None:
    magnetic = bearing(azimuth=10.0, datum="RANGE_BEARING_DATUM_MAGNETIC")
    told = scan_of(translator(magnetic_declination_deg=3.0), magnetic)
    assert math.degrees(told.measured[0, 0]) == pytest.approx(13.0, abs=1e-6)
    assert "magnetic_declination_deg" in refusal_of(translator(), magnetic).must
    platform = bearing(azimuth=10.0, datum="RANGE_BEARING_DATUM_PLATFORM")
    told = scan_of(translator(platform_heading_deg=355.0), platform)
    assert math.degrees(told.measured[0, 0]) == pytest.approx(5.0, abs=1e-6)
    assert "platform_heading_deg" in refusal_of(translator(), platform).must
    grid = scan_of(translator(), bearing(azimuth=0.0, datum="RANGE_BEARING_DATUM_GRID"))
    # 7.42 E is 1.58 degrees west of the meridian of zone 32: grid north lies 1.09 degrees west of true.
    assert math.degrees(grid.measured[0, 0]) == pytest.approx(360.0 - 1.09, abs=0.01)


def test_north_at_a_far_node_is_not_the_north_of_the_site() -> None:
    far = msgspec.structs.replace(SENSOR, position_enu_m=(20_000.0, 0.0, 0.0))
    scan = scan_of(translator(sensor=far), bearing(azimuth=0.0))
    # Meridians close in by 20 km / 6,389 km * tan(43.73 degrees).
    assert math.degrees(scan.measured[0, 0]) == pytest.approx(360.0 - 0.1716, abs=0.001)


def test_a_range_alone_or_of_nothing_is_no_place() -> None:
    assert refusal_of(translator(), bearing(range=100.0)).field == "detection_report.range_bearing.azimuth"
    nothing = refusal_of(translator(), bearing(azimuth=1.0, range=0.0))
    assert nothing.field == "detection_report.range_bearing.range"


def test_velocity_in_km_per_hour_gives_the_range_rate() -> None:
    one = translator()
    assert take(one, registration()) == Taken()
    content = bearing(azimuth=90.0, elevation=0.0, range=1_000.0)
    content["detectionReport"]["enuVelocity"] = {"eastRate": 36.0, "northRate": 72.0, "upRate": 1.0}
    scan = scan_of(one, content)
    assert scan.measured[0, 3] == pytest.approx(10.0, abs=1e-3)
    assert scan.sigma[0, 3] == 5.0


def test_a_label_is_the_identity_else_the_object_that_a_tracking_node_keeps() -> None:
    one = translator()
    place = {"location": {**AT_SITE, **LAT_LNG}}
    assert scan_of(one, detection(**place)).labels == ()
    take(one, registration())
    assert scan_of(one, detection(**place)).labels == ("01GGYFBAXH4VYRQYEX7S3XGK3H",)
    assert scan_of(one, detection(**place, id="F-ABCD")).labels == ("F-ABCD",)


def test_a_direction_finder_labels_with_the_likeliest_family() -> None:
    finder = msgspec.structs.replace(SENSOR, kind=SensorKind.RF_DIRECTION_FINDER)
    classes = [
        {"type": "Wi-Fi", "confidence": 0.2},
        {
            "type": "Radio",
            "confidence": 0.7,
            "subClass": [{"type": "Lightbridge", "confidence": 0.75, "level": 1}],
        },
    ]
    content = bearing(azimuth=1.0)
    content["detectionReport"]["classification"] = classes
    assert scan_of(translator(sensor=finder), content).labels == ("Radio/Lightbridge",)


def test_what_only_repeats_a_broadcast_is_a_claim_and_no_measurement() -> None:
    receiver = msgspec.structs.replace(SENSOR, kind=SensorKind.REMOTE_ID)
    content = detection(
        location={**AT_SITE, "zError": 9.0, **LAT_LNG},
        id="1581F4ABC",
        enuVelocity={"eastRate": 1.0, "northRate": 2.0},
        classification=[{"type": "Air vehicle", "confidence": 0.9}],
    )
    (claim,) = take(translator(sensor=receiver), content).records
    assert isinstance(claim, Claim)
    assert (claim.kind, claim.claimed_id) == (ClaimKind.REMOTE_ID, "1581F4ABC")
    assert claim.position_enu_m == pytest.approx((0.0, 0.0, 100.0), abs=1e-6)
    assert (claim.sigma_m, claim.velocity_enu_mps) == ((30.0, 9.0), (1.0, 2.0, 0.0))
    assert claim.aircraft_category == "Air vehicle"


def test_what_is_not_used_is_counted() -> None:
    one = translator()
    content = detection(
        location={**AT_SITE, **LAT_LNG},
        associatedFile=[{"type": "image", "url": "https://example.org/a"}] * 2,
        enuVelocity={"eastRate": 1.0, "northRate": 1.0},
    )
    scan_of(one, content)
    assert one.counts["associated_file not used"] == 2
    assert one.counts["velocity not used"] == 1
    assert take(one, detection(location={**AT_SITE, **LAT_LNG}, state="Object Lost")) == Taken()
    assert one.counts["object lost, so no measurement"] == 1


def test_a_replay_of_yesterday_and_another_node_are_refused() -> None:
    place = detection(location={**AT_SITE, **LAT_LNG})
    old = take(translator(), place, after_ns=86_400_000_000_000).refusals[0]
    assert (old.field, old.found) == ("timestamp", "86,400.0 s before its receipt")
    other = built(NODE.replace("a8", "b8"), NOW_UTC_NS, place).SerializeToString()
    assert translator().take(other, NOW_UTC_NS).refusals[0].field == "node_id"
    three_s_wrong = take(translator(), place, after_ns=-3_000_000_000)
    assert three_s_wrong.refusals == ()


STATES: dict[str, tuple[dict[str, Any], SensorState]] = {
    "all well": ({}, SensorState.OK),
    "a warning": ({"system": "SYSTEM_WARNING"}, SensorState.DEGRADED),
    "an error": ({"system": "SYSTEM_ERROR"}, SensorState.FAILED),
    "goodbye": ({"system": "SYSTEM_GOODBYE"}, SensorState.OFF),
    "rain is only news": (
        {"status": [{"statusType": "STATUS_TYPE_WEATHER", "statusLevel": "STATUS_LEVEL_INFORMATION_STATUS"}]},
        SensorState.OK,
    ),
    "well but for clutter": (
        {"status": [{"statusType": "STATUS_TYPE_CLUTTER", "statusLevel": "STATUS_LEVEL_WARNING_STATUS"}]},
        SensorState.DEGRADED,
    ),
    "well but blind": ({"status": [{"statusType": "STATUS_TYPE_NOT_DETECTING"}]}, SensorState.FAILED),
}


@pytest.mark.parametrize(("told", "state"), STATES.values(), ids=STATES)
def test_a_status_report_says_how_the_sensor_is(told: dict[str, Any], state: SensorState) -> None:
    assert status_of(translator(), status(**told)).state is state


def test_a_status_says_mode_place_view_and_latency() -> None:
    one = translator()
    take(one, registration(latency_s=0.25))
    cone = {"azimuth": 10.0, "horizontalExtent": 90.0, "range": 3_000.0, **BEARING}
    told = status_of(
        one,
        status(
            nodeLocation={"x": 7.42, "y": 43.73, "z": 61.0, **LAT_LNG},
            fieldOfView={"rangeBearing": cone},
            power={"status": "POWERSTATUS_FAULT", "level": 80},
            status=[{"statusType": "STATUS_TYPE_WEATHER", "statusValue": "Rain"}],
        ),
    )
    assert told.says == "mode Watch; weather: Rain; power fault; battery 80 %"
    assert told.position_enu_m == pytest.approx((0.0, 0.0, 11.0), abs=1e-6)
    assert told.latency_s == pytest.approx(0.25)
    assert told.azimuth_from_rad == pytest.approx(math.radians(325.0), abs=1e-6)
    assert told.azimuth_to_rad == pytest.approx(math.radians(55.0), abs=1e-6)
    assert told.range_max_m == 3_000.0
    kept = status_of(one, status(info="INFO_UNCHANGED"))
    assert kept.range_max_m == 3_000.0
    assert status_of(one, status()).range_max_m is None


def _outline(*corners: tuple[float, float]) -> dict[str, Any]:
    places = [
        {"x": 7.42 + east / 80_560.0, "y": 43.73 + north / 111_100.0, **LAT_LNG} for east, north in corners
    ]
    return {"locationList": {"locations": places}}


def test_an_outline_is_the_directions_it_fills() -> None:
    ahead = _outline((-1_000.0, 1_000.0), (1_000.0, 1_000.0), (0.0, 2_000.0))
    told = status_of(translator(), status(fieldOfView=ahead))
    assert told.azimuth_from_rad == pytest.approx(math.radians(315.0), abs=0.01)
    assert told.azimuth_to_rad == pytest.approx(math.radians(45.0), abs=0.01)
    assert told.range_max_m == pytest.approx(2_000.0, rel=0.01)
    around = _outline((-1_000.0, -1_000.0), (1_000.0, -1_000.0), (0.0, 2_000.0))
    told = status_of(translator(), status(coverage=[around]))
    assert (told.azimuth_from_rad, told.azimuth_to_rad) == (0.0, 2.0 * math.pi)


def test_a_node_that_moved_gives_places_and_no_bare_bearings() -> None:
    one = translator()
    status_of(one, status(nodeLocation={"x": 7.43, "y": 43.73, "z": 60.0, **LAT_LNG}))
    scan = scan_of(one, bearing(azimuth=90.0, elevation=0.0, range=1_000.0))
    assert scan.kind is MeasurementKind.POSITION
    assert scan.measured[0, 0] == pytest.approx(1_805.6, abs=1.0)
    assert scan.sigma[0, 0] == 100.0
    refusal = refusal_of(one, bearing(azimuth=90.0))
    assert "806 m from where it is configured" in refusal.found


def test_a_status_that_puts_the_node_off_the_map_is_refused() -> None:
    refusal = refusal_of(translator(), status(nodeLocation={"x": 43.73, "y": 7.42, "z": 60.0, **LAT_LNG}))
    assert refusal.field == "status_report.node_location"


@needs_recordings
@pytest.mark.recordings
def test_the_official_detection_read_as_degrees_is_caught_by_the_site_it_is_from() -> None:
    (path,) = [p for p in sapient_samples.paths() if p.stem.endswith("Default.DetectionReport")]
    plain = json.loads(path.read_text())
    content = {"detectionReport": {**plain["detectionReport"], "location": None}}
    place = plain["detectionReport"]["location"]
    content["detectionReport"]["location"] = {"x": place["x"], "y": place["y"], "z": place["z"], **LAT_LNG}
    content["detectionReport"].pop("predictionLocation")
    there = LocalFrame(latitude_deg=51.17, longitude_deg=-1.82, height_hae_m=100.0)
    one = SapientTranslator(SapientNode(node_id=NODE, sensor=SENSOR), there)
    (refusal,) = one.take(built(NODE, NOW_UTC_NS, content).SerializeToString(), NOW_UTC_NS).refusals
    assert refusal.field == "detection_report.location"
    assert "with x and y exchanged: 0.5 km" in refusal.found


@given(st.binary(max_size=300))
def test_any_octets_are_taken_without_an_exception(data: bytes) -> None:
    taken = translator().take(data, NOW_UTC_NS)
    assert len(taken.records) + len(taken.refusals) <= 1


def _sound_frames() -> list[bytes]:
    """Return the official samples, set at the site and our hour, with two that use every unit of ours."""
    frames = [
        built(NODE, NOW_UTC_NS, bearing(azimuth=90.0, elevation=5.0, range=900.0)).SerializeToString(),
        built(NODE, NOW_UTC_NS, detection(location={**AT_SITE, **LAT_LNG})).SerializeToString(),
    ]
    easting_m, northing_m = to_utm(32, 43.73, 7.42)
    for path in sapient_samples.paths():
        told = parsed(sapient_samples.octets(path))
        told.timestamp.FromNanoseconds(NOW_UTC_NS)
        report = told.detection_report if told.HasField("detection_report") else told.status_report
        if sapient_samples.is_misplaced(path):
            place = report.location if told.HasField("detection_report") else report.node_location
            place.x, place.y, place.utm_zone = easting_m, northing_m, "32T"
            for area in getattr(report, "coverage", ()):
                area.location_list.locations[0].CopyFrom(place)
            for name in ("field_of_view", "obscuration", "prediction_location"):
                if name in report.DESCRIPTOR.fields_by_name:
                    report.ClearField(name)
        frames.append(told.SerializeToString())
    return frames


@needs_recordings
@pytest.mark.recordings
def test_damaged_samples_are_refused_or_possible() -> None:
    one = translator()
    frames = _sound_frames()
    for frame in frames:
        assert one.take(frame, NOW_UTC_NS).refusals == ()
    taken = refused = 0
    # Acknowledgements are 16 of the 23: reports, which make records, are tried as often as all of them.
    frames += [frame for frame in frames if one.take(frame, NOW_UTC_NS).records] * 5
    for data in mutated(frames, frames_to_try(), seed=335):
        result = one.take(data, NOW_UTC_NS)
        taken += len(result.records)
        refused += len(result.refusals)
        for record in result.records:
            assert_possible(record)
    assert taken > 500
    assert refused > frames_to_try() // 10


def assert_possible(record: object) -> None:
    assert isinstance(record, Scan | SensorStatus)
    assert abs(record.time_utc_ns - NOW_UTC_NS) <= 60_000_000_000
    if isinstance(record, SensorStatus):
        for angle in (record.azimuth_from_rad, record.azimuth_to_rad):
            assert angle is None or 0.0 <= angle <= 2.0 * math.pi
        assert record.range_max_m is None or 0.0 < record.range_max_m <= 1_000_000.0
        assert record.position_enu_m is None or max(map(abs, record.position_enu_m)) <= 150_000.0
        assert record.latency_s is None or math.isfinite(record.latency_s)
        return
    columns = {
        MeasurementKind.POSITION: 3,
        MeasurementKind.AZIMUTH: 1,
        MeasurementKind.AZIMUTH_ELEVATION: 2,
        MeasurementKind.RANGE_AZIMUTH_ELEVATION: 3,
    }[record.kind]
    assert np.isfinite(record.measured[0, :columns]).all()
    assert np.isfinite(record.sigma[0, :columns]).all()
    assert (record.sigma[0, :columns] > 0.0).all()
    if record.kind is MeasurementKind.POSITION:
        assert np.abs(record.measured[0, :3]).max() <= 1_200_000.0
    elif record.kind is MeasurementKind.RANGE_AZIMUTH_ELEVATION:
        assert 0.0 < record.measured[0, 0] <= 1_000_000.0
        assert 0.0 <= record.measured[0, 1] < 2.0 * math.pi
        assert abs(record.measured[0, 2]) <= math.pi / 2
