"""Cameras whose clocks nobody knows, through the contract, a feed's outlet, the inbox and the pipeline."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from _camera_feeds import ORIGIN, WAY_S, FeedCamera, Followed, arrivals_of, follow, messages_of

from recordings import RECORDINGS, needs_recordings
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.feeds.camera_recording import CameraModel, CameraSight, camera_sensor, read_camera_recording
from skykeep.models.camera import bearings_of, rays_of
from skykeep.models.resection import KnownPath, Resection, _fitted, direct_linear
from skykeep.wire.contract_inputs import ContractInputs

START_UTC_NS = 1_900_000_000 * NS_PER_S
SECONDS, FRAMES_PER_S = 40.0, 25.0
PLACES_M = ((70.0, 5.0, 2.0), (-50.0, 45.0, 4.0), (-20.0, -80.0, 1.5))
BEHIND_S, DRIFT_PPM = (28.0, 61.5, -22.0), (100.0, -100.0, 100.0)
"""How far each clock is behind ours at the start (the last is ahead), and how much faster it runs."""
PIXEL_RAD = 1.0 / 1_500.0


def flown_m(time_s: FloatArray) -> FloatArray:
    """Where the drone is: it turns and climbs at up to 6 m/s."""
    return np.stack(
        (
            22.0 * np.sin(0.21 * time_s),
            25.0 * np.cos(0.13 * time_s + 0.5),
            28.0 + 9.0 * np.sin(0.17 * time_s + 1.0),
        ),
        axis=1,
    )


def utc_ns(time_s: FloatArray) -> IntArray:
    return START_UTC_NS + np.rint(time_s * NS_PER_S).astype(np.int64)


def made_camera(number: int, noise_px: float = 1.0) -> FeedCamera:
    """A camera that sees all of the flight, on a clock of its own."""
    time_s = np.arange(0.01 * number, SECONDS, 1.0 / FRAMES_PER_S)
    east, north, up = (flown_m(time_s) - PLACES_M[number]).T
    bearings_rad = np.stack((np.arctan2(east, north), np.arctan2(up, np.hypot(east, north))), axis=1)
    sigma_rad = np.full_like(bearings_rad, PIXEL_RAD)
    sigma_rad[:, 0] /= np.cos(bearings_rad[:, 1])
    bearings_rad += noise_px * sigma_rad * np.random.default_rng(number).normal(size=bearings_rad.shape)
    return FeedCamera(
        sensor=Sensor(
            sensor_id=f"camera-{number}",
            name=f"camera {number}",
            kind=SensorKind.CAMERA,
            measures=MeasurementKind.AZIMUTH_ELEVATION,
            position_enu_m=PLACES_M[number],
            coverage_range_m=500.0,
            sigma=(PIXEL_RAD, PIXEL_RAD),
            period_s=1.0 / FRAMES_PER_S,
            clutter_per_scan=0.01,
        ),
        stamp_utc_ns=utc_ns(time_s * (1.0 + DRIFT_PPM[number] * 1e-6) - BEHIND_S[number]),
        true_utc_ns=utc_ns(time_s),
        bearings_rad=bearings_rad % (2.0 * np.pi) * [1.0, 0.0] + bearings_rad * [0.0, 1.0],
        sigma_rad=sigma_rad,
    )


def apart_m(found: Followed, truth_m: FloatArray) -> FloatArray:
    """How far the track was from the truth; NaN where there was none."""
    return np.asarray(np.linalg.norm(found.tracked.place_m - truth_m, axis=1))


def test_a_bearing_comes_out_of_the_contract_as_it_went_in() -> None:
    camera = made_camera(1, noise_px=0.0)
    inputs = ContractInputs(camera.sensor, ORIGIN)
    for row, data in enumerate(messages_of(camera)[:50]):
        (scan,) = inputs.take(data, int(camera.true_utc_ns[row])).records
        assert isinstance(scan, Scan)
        np.testing.assert_allclose(scan.measured[0, :2], camera.bearings_rad[row], atol=1e-9)
        np.testing.assert_allclose(scan.sigma[0, :2], camera.sigma_rad[row], rtol=1e-9)
        assert scan.time_utc_ns == camera.stamp_utc_ns[row]


def test_messages_overtake_one_another_and_none_is_lost() -> None:
    cameras = [made_camera(number) for number in range(3)]
    arrivals = arrivals_of(cameras, seed=1)
    assert sorted((a.camera, a.row) for a in arrivals) == [(c, r) for c in range(3) for r in range(1_000)]
    way_s = [(a.received_utc_ns - cameras[a.camera].true_utc_ns[a.row]) / NS_PER_S for a in arrivals]
    assert WAY_S[0] <= min(way_s) < 0.051 < 0.149 < max(way_s) <= WAY_S[1]
    rows = [a.row for a in arrivals if a.camera == 0]
    assert rows != sorted(rows)


@pytest.mark.parametrize(("usual_way_s", "left_s"), [(0.05, 0.01), (0.1, 0.06)])
def test_clocks_are_found_and_the_drone_with_them(usual_way_s: float, left_s: float) -> None:
    cameras = [made_camera(number) for number in range(3)]
    assert all(np.abs(c.true_utc_ns - c.stamp_utc_ns).min() > 20 * NS_PER_S for c in cameras)
    moments_s = np.arange(2.0, SECONDS, 0.2)
    found = follow(cameras, utc_ns(moments_s), usual_way_s)
    for off_s, refused, early in zip(found.off_s, found.refused, found.early, strict=True):
        assert np.abs(off_s).mean() < left_s
        assert np.abs(off_s).max() < 0.1
        # Until a clock is believed: five frames at least, over three tenths of a second.
        assert 4 <= refused + early <= 10
    error_m = apart_m(found, flown_m(moments_s))
    assert np.isfinite(error_m).mean() > 0.95
    assert np.nanmedian(error_m) < 1.0
    assert len(np.unique(found.tracked.track_id[np.isfinite(error_m)])) == 1


# --- three cameras of a real set -------------------------------------------------------------------------

SET_3 = {0: 61.9, 4: 29.8, 5: 59.1}
"""Cameras whose offsets are so roughly known that they need not be searched for."""
SPLIT_S, UNTIL_S = 270.0, 400.0


def fitted(sight: CameraSight, model: CameraModel, path: KnownPath, offset_s: float) -> Resection:
    """Return the camera and its clock, by the path as far as it is given."""
    time_s = sight.frame / model.frames_per_s
    inside = (time_s + offset_s > path.time_s[0] + 1.0) & (time_s + offset_s < path.time_s[-1] - 1.0)
    time_s, pixels = time_s[inside], sight.pixels[inside]
    where, rays = path.at(time_s + offset_s), rays_of(model.lens, pixels)
    usable = np.isfinite(rays[:, 0])
    _, rotation, position_m = direct_linear(rays[usable], where[usable])
    found = _fitted(model.lens, time_s, pixels, path, (offset_s, rotation, position_m))
    return msgspec.structs.replace(found, sigma_rad=np.radians(0.08), correlation_s=2.0)


def real_camera(sight: CameraSight, path: KnownPath, offset_s: float) -> FeedCamera:
    """A camera placed by the first part of the flight, that sends what it saw in the next, when it was by
    the whole of it.
    """
    model = sight.models[0]
    part = fitted(sight, model, path.until(SPLIT_S), offset_s)
    full = fitted(sight, model, path, offset_s)
    time_s, bearings_rad = sight.frame / model.frames_per_s, bearings_of(part.camera, sight.pixels)
    true_s = full.path_time_s(time_s)
    sent = (true_s > SPLIT_S) & (true_s < UNTIL_S) & np.isfinite(bearings_rad[:, 0])
    return FeedCamera(
        sensor=camera_sensor(sight.name, part, model.frames_per_s),
        stamp_utc_ns=utc_ns(time_s)[sent],
        true_utc_ns=utc_ns(true_s)[sent],
        bearings_rad=bearings_rad[sent],
        sigma_rad=np.full((sent.sum(), 2), part.frame_sigma_rad(model.frames_per_s)),
    )


@needs_recordings
def test_real_cameras_find_a_real_drone_through_the_feeds() -> None:
    sets = RECORDINGS / "camera" / "cenek"
    recording = read_camera_recording(sets / "dataset3", sets / "calibration")
    cameras = [real_camera(recording.sights[k], recording.path, s) for k, s in SET_3.items()]
    scored = (recording.path.time_s > SPLIT_S) & (recording.path.time_s < UNTIL_S)
    found = follow(cameras, utc_ns(recording.path.time_s[scored]), usual_way_s=0.05)
    for camera, off_s in zip(cameras, found.off_s, strict=True):
        assert np.abs(camera.true_utc_ns - camera.stamp_utc_ns).min() > 25 * NS_PER_S
        assert np.abs(off_s).mean() < 0.1
    error_m = apart_m(found, recording.path.position_enu_m[scored])
    assert np.isfinite(error_m).mean() > 0.9
    assert np.nanmedian(error_m) < 1.0
