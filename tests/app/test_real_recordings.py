"""The tracker on small parts of real recordings, judged by what it was not told; the figures in full are in
docs/real_data.md.
"""

from __future__ import annotations

import heapq
from collections import Counter

import msgspec
import numpy as np
import pytest

from recordings import RECORDINGS, needs_recordings
from skykeep.app.batch import AIRCRAFT_SETTINGS
from skykeep.base.clock import NS_PER_S
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.feeds.asterix_file import ScanMaker, aircraft_sensor, read_records
from skykeep.feeds.camera_recording import START_UTC_NS, camera_scans, camera_sensor, read_camera_recording
from skykeep.feeds.mode_s_file import ADSB_SENSOR_ID, frame_about, position_scans, read_messages
from skykeep.models.camera import directions_of, meet
from skykeep.models.resection import resect
from skykeep.tracking import Tracker, TrackerSettings

pytestmark = [needs_recordings, pytest.mark.recordings]


def took(tracker: Tracker, scans: list[Scan]) -> dict[tuple[str, int], int]:
    """Give the scans without their labels; return which track each rests in."""
    owner: dict[tuple[str, int], int] = {}
    for scan in scans:
        tracker.receive(msgspec.structs.replace(scan, labels=()))
        picture = tracker.picture(scan.time_utc_ns)
        for track_id, sensor, sequence in zip(
            picture.support_track_id.tolist(),
            picture.support_sensor.tolist(),
            picture.support_sequence.tolist(),
            strict=True,
        ):
            owner[picture.sensor_ids[sensor], sequence] = track_id
    return owner


def test_an_airliner_without_its_address_is_one_track_and_where_it_was_foretold() -> None:
    counts: Counter[str] = Counter()
    messages = read_messages(RECORDINGS / "adsb" / "traffic" / "tutorial.jsonl.gz", counts)
    assert counts["frames"] == counts["accepted"] == 71_939
    scans = list(position_scans(messages, frame_about(messages)))
    assert len(scans) == 12_080
    sensor = aircraft_sensor(ADSB_SENSOR_ID, SensorKind.ADSB, MeasurementKind.POSITION, (0.0, 0.0, 0.0))
    tracker = Tracker((sensor,), AIRCRAFT_SETTINGS)
    owner = took(tracker, scans[:1500])
    gaps_m = []
    for scan in scans[1500:2000]:
        picture = tracker.picture(scan.time_utc_ns)
        gaps_m.append(float(np.hypot(*(picture.state[0, :2] - scan.measured[0, :2]))))
        owner |= took(tracker, [scan])
    assert len(owner) == 2000
    assert len(set(owner.values())) == 1
    assert np.median(gaps_m) < 20.0


def test_a_turning_radar_gives_each_address_one_track() -> None:
    counts: Counter[str] = Counter()
    maker = ScanMaker({}, counts, start_utc_ns=0)
    records = read_records(RECORDINGS / "asterix" / "croatia" / "parsegps.gps", {}, counts)
    scans = [scan for timed in records if (scan := maker.scan(timed)) is not None]
    scans.sort(key=lambda scan: scan.time_utc_ns)
    owner = took(Tracker(tuple(maker.sensors.values()), AIRCRAFT_SETTINGS), scans)
    by_address: dict[str, list[int]] = {}
    for scan in scans:
        if scan.labels[0]:
            by_address.setdefault(scan.labels[0], []).append(owner[scan.sensor_id, scan.sequence])
    assert {address: len(owners) for address, owners in by_address.items()} == {
        "E48BA7": 3,
        "344041": 3,
        "4CA9EC": 3,
    }
    assert [len(set(owners)) for owners in by_address.values()] == [1, 1, 1]
    assert len({owners[0] for owners in by_address.values()}) == 3


def test_three_real_cameras_place_a_drone_within_a_metre_after_their_calibration() -> None:
    sets = RECORDINGS / "camera" / "cenek"
    recording = read_camera_recording(sets / "dataset3", sets / "calibration")
    split_s, end_s = 270.0, 300.0
    sensors: list[Sensor] = []
    streams = []
    for sight in (recording.sights[k] for k in (0, 4, 5)):
        model = sight.models[-1]
        times_s = sight.frame / model.frames_per_s
        found = resect(model.lens, times_s, sight.pixels, recording.path.until(split_s))
        sensor = camera_sensor(sight.name, found, model.frames_per_s)
        # The test brings the rays together itself, so that no camera starts a track alone.
        sensors.append(msgspec.structs.replace(sensor, independent=False))
        streams.append(camera_scans(sight, found, model.frames_per_s))
    tracker = Tracker((*sensors, start_sensor()), TrackerSettings())
    place_m = {sensor.sensor_id: np.array(sensor.position_enu_m) for sensor in sensors}
    newest: dict[str, Scan] = {}
    truth = recording.path
    due = truth.time_s[(truth.time_s > split_s + 1.0) & (truth.time_s < end_s)].tolist()
    errors_m = []
    for scan in heapq.merge(*streams, key=lambda scan: scan.time_utc_ns):
        at_s = (scan.time_utc_ns - START_UTC_NS) / NS_PER_S
        if not split_s + 1.0 < at_s < end_s:
            continue
        while due and due[0] < at_s:
            picture = tracker.picture(START_UTC_NS + round(due[0] * NS_PER_S))
            if len(picture):
                errors_m.append(float(np.linalg.norm(picture.state[0, :3] - truth.at(np.array(due[:1]))[0])))
            elif len(newest) >= 2:
                tracker.receive(meeting(list(newest.values()), place_m))
            due.pop(0)
        tracker.receive(scan)
        newest[scan.sensor_id] = scan
    assert len(errors_m) > 120
    assert np.median(errors_m) < 1.0


def start_sensor() -> Sensor:
    return Sensor(
        sensor_id="meeting",
        name="meeting",
        kind=SensorKind.CAMERA,
        measures=MeasurementKind.POSITION,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=500.0,
        clutter_per_scan=0.01,
    )


def meeting(scans: list[Scan], place_m: dict[str, np.ndarray]) -> Scan:
    """Return where the newest rays meet, as a position."""
    origins_m = np.array([place_m[scan.sensor_id] for scan in scans])
    directions = directions_of(np.concatenate([scan.measured[:, :2] for scan in scans]))
    position_m, covariance_m2 = meet(origins_m, directions, np.array([scan.sigma[0, 1] for scan in scans]))
    newest_ns = max(scan.time_utc_ns for scan in scans)
    return make_scan(
        sensor_id="meeting",
        sequence=newest_ns,
        kind=MeasurementKind.POSITION,
        time_utc_ns=newest_ns,
        received_utc_ns=newest_ns,
        measured=position_m.reshape(1, 3),
        sigma=(np.sqrt(np.diag(covariance_m2)) + 3.0).reshape(1, 3),
    )
