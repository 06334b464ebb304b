"""A camera set: what its files become, what is refused and how it is said; and a real one, where there is."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from recordings import RECORDINGS, needs_recordings
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import SetupError
from skykeep.domain.sensing import MeasurementKind, SensorKind
from skykeep.feeds.camera_recording import (
    START_UTC_NS,
    camera_scans,
    camera_sensor,
    read_camera_recording,
)
from skykeep.models.camera import Camera, Lens, pixels_of
from skykeep.models.resection import Resection, resect

LENS = {
    "K-matrix": [[1000.0, 0.0, 960.0], [0.0, 1001.0, 540.0], [0.0, 0.0, 1.0]],
    "distCoeff": [0.1, 0.02, 0.001, -0.002],
    "fps": 25.0,
    "resolution": [1920, 1080],
}
SETS = RECORDINGS / "camera" / "cenek"


def write_set(folder: Path) -> tuple[Path, Path]:
    """Two cameras, three frames, four places."""
    one, lenses = folder / "set", folder / "lenses"
    for name in ("detections", "trajectory"):
        (one / name).mkdir(parents=True)
    (one / "cameras.txt").write_text("cam0 - phone\ncam1 - phone\n")
    (one / "detections" / "cam0.txt").write_text(
        " frame no. x y\n1.0 960.0 540.0\n2.0 0.0 0.0\n3.0 1960.0 540.0\n"
    )
    (one / "detections" / "cam1.txt").write_text("7.0 0.0 12.5\n")
    (one / "trajectory" / "rtk.txt").write_text("# a heading\n0 0 0\n1 0 0\n\n2 0 0\n3 0 0.5\n")
    (lenses / "phone").mkdir(parents=True)
    (lenses / "phone" / "phone.json").write_text(json.dumps(LENS))
    return one, lenses


def level_camera(lens: Lens) -> Resection:
    """Looks north from (1, 2, 3); its clock shows 10 s at the path's zero, and runs right."""
    north = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    return Resection(
        camera=Camera(lens=lens, position_enu_m=np.array([1.0, 2.0, 3.0]), rotation=north),
        clock_offset_s=-10.0,
        clock_rate=0.0,
        zoom=1.0,
        sigma_rad=0.001,
        correlation_s=0.64,
        used=100,
    )


def test_marked_frames_are_read_and_the_others_left_out(tmp_path: Path) -> None:
    recording = read_camera_recording(*write_set(tmp_path))
    first, second = recording.sights
    np.testing.assert_array_equal(first.frame, [1.0, 3.0])
    np.testing.assert_array_equal(first.pixels, [[960.0, 540.0], [1960.0, 540.0]])
    # A mark on the picture's left edge is one: only 0 0 means none.
    np.testing.assert_array_equal(second.pixels, [[0.0, 12.5]])
    np.testing.assert_allclose(recording.path.time_s, [0.0, 0.2, 0.4, 0.6])
    assert recording.surveyed_m is None
    (model,) = first.models
    assert (model.name, model.frames_per_s) == ("phone", 25.0)
    assert model.lens == Lens(
        focal_px=(1000.0, 1001.0),
        centre_px=(960.0, 540.0),
        radial=(0.1, 0.02, 0.0),
        tangential=(0.001, -0.002),
    )


def test_a_frame_becomes_a_bearing_with_the_sigma_of_as_many_as_are_alike(tmp_path: Path) -> None:
    sight = read_camera_recording(*write_set(tmp_path)).sights[0]
    plain = Lens(focal_px=(1000.0, 1000.0), centre_px=(960.0, 540.0))
    first, second = camera_scans(sight, level_camera(plain), 25.0)
    assert (first.sensor_id, first.sequence, first.kind) == ("cam0", 1, MeasurementKind.AZIMUTH_ELEVATION)
    assert first.time_utc_ns == first.received_utc_ns == START_UTC_NS + round((-10.0 + 1 / 25) * NS_PER_S)
    np.testing.assert_allclose(first.measured[0, :2], [0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(second.measured[0, :2], [math.pi / 4, 0.0], atol=1e-12)
    # 0.64 s alike at 25 frames a second: sixteen frames say as much as one.
    np.testing.assert_allclose(first.sigma[0, :2], [0.004, 0.004])
    sensor = camera_sensor("cam0", level_camera(plain), 25.0)
    assert (sensor.kind, sensor.measures) == (SensorKind.CAMERA, MeasurementKind.AZIMUTH_ELEVATION)
    assert sensor.position_enu_m == (1.0, 2.0, 3.0)
    assert sensor.sigma == pytest.approx((0.004, 0.004))


def test_high_up_the_azimuth_is_less_sure_than_the_elevation(tmp_path: Path) -> None:
    sight = read_camera_recording(*write_set(tmp_path)).sights[1]
    plain = Lens(focal_px=(1000.0, 1000.0), centre_px=(0.0, 1000.0 * math.tan(1.0) + 12.5))
    (scan,) = camera_scans(sight, level_camera(plain), 25.0)
    assert scan.measured[0, 1] == pytest.approx(1.0)
    assert scan.sigma[0, 0] == pytest.approx(0.004 / math.cos(1.0))
    assert scan.sigma[0, 1] == pytest.approx(0.004)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("set/detections/cam0.txt", "1.0 2.0\n", "cam0.txt:1: '1.0 2.0', must be three numbers"),
        ("set/detections/cam1.txt", " frame no. x y\n", "holds 0 rows"),
        ("set/trajectory/rtk.txt", "0 0 0\n1 nan 0\n", "all finite"),
        ("lenses/phone/phone.json", "{}", "not a lens: KeyError('K-matrix')"),
        ("lenses/phone/phone.json", "{", "not a lens"),
        ("set/cameras.txt", "cam0 - kettle\n", "holds no lens"),
    ],
)
def test_what_cannot_be_read_is_said_by_file(tmp_path: Path, file: str, text: str, says: str) -> None:
    one, lenses = write_set(tmp_path)
    (tmp_path / file).write_text(text)
    with pytest.raises(SetupError) as error:
        read_camera_recording(one, lenses)
    assert says in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    one, lenses = write_set(tmp_path)
    (one / "detections" / "cam1.txt").unlink()
    with pytest.raises(SetupError, match=r"cam1\.txt: No such file"):
        read_camera_recording(one, lenses)


@needs_recordings
@pytest.mark.recordings
def test_a_real_camera_sees_a_real_drone_where_it_was_after_its_calibration() -> None:
    recording = read_camera_recording(SETS / "dataset3", SETS / "calibration")
    sight, split_s = recording.sights[4], 270.0
    (model,) = sight.models
    time_s = sight.frame / model.frames_per_s
    found = resect(model.lens, time_s, sight.pixels, recording.path.until(split_s))
    seen_s = found.path_time_s(time_s)
    later = (seen_s > split_s + 1.0) & (seen_s < recording.path.time_s[-1])
    off_px = pixels_of(found.camera, recording.path.at(seen_s[later])) - sight.pixels[later]
    off_deg = np.degrees(np.linalg.norm(off_px, axis=1) / model.lens.focal_px[0])
    assert later.sum() > 7_000
    assert np.median(off_deg) < 0.05
    # Its clock began 23.13 s (of 29.97 frames each) after that of the set's first camera, by the set's table.
    assert found.clock_offset_s == pytest.approx(61.856 - 961.02 / 29.97003, abs=0.05)
