"""A scene folder: what its columns become, what is refused and how it is said, and what is never opened."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError, SetupError, SkykeepError
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, SignalModel
from skykeep.feeds.scene_folder import START_UTC_NS, SceneFolder, is_scene_folder
from toy_scene import FRAME, SECTORS, TARGETS, ToyScene


def toy(tmp_path: Path, spoil: Callable[[ToyScene], None] = lambda _: None, **how: Any) -> Path:
    scene = ToyScene()
    spoil(scene)
    return scene.write(tmp_path / "toy", **how)


def by_kind(folder: Path, **how: Any) -> dict[str, tuple[Sensor, list[Scan]]]:
    scene = SceneFolder(folder, **how)
    scans = list(scene)
    return {s.name: (s, [scan for scan in scans if scan.sensor_id == s.sensor_id]) for s in scene.sensors}


def everything(folder: Path) -> list[tuple[Any, ...]]:
    """Return all that scans hold, as things that can be compared; NaN as its bytes."""
    return [
        tuple(
            value.tobytes() if isinstance(value, np.ndarray) else value
            for value in (getattr(scan, name) for name in scan.__struct_fields__)
        )
        for scan in SceneFolder(folder)
    ]


def test_one_echo_by_hand(tmp_path: Path) -> None:
    def spoil(scene: ToyScene) -> None:
        scene.batches = {
            "batch_id": [5], "sensor_id": [1], "t_meas": [0.25], "t_arrival": [0.75],
            "az_from": [0.0], "az_to": [1.5], "n_det": [1],
        }  # fmt: skip
        row = [0, 5, 0.25, 0.75, 1, "radar3d", 1000.0, 1.25, 0.125, -7.5, 8.0, 0.25, 0.5, 0.625, 12.5, None]
        scene.detections = {name: [value] for name, value in zip(scene.detections, row, strict=True)}

    (scan,) = SceneFolder(toy(tmp_path, spoil))
    assert (scan.sensor_id, scan.sequence, scan.kind) == ("1", 5, MeasurementKind.RANGE_AZIMUTH_ELEVATION)
    assert scan.time_utc_ns == START_UTC_NS + NS_PER_S // 4
    assert scan.received_utc_ns == START_UTC_NS + NS_PER_S * 3 // 4
    assert scan.measured.tolist() == [[1000.0, 1.25, 0.125, -7.5]]
    assert scan.sigma.tolist() == [[8.0, 0.25, 0.5, 0.625]]
    assert scan.snr_db.tolist() == [12.5]
    assert (scan.azimuth_from_rad, scan.azimuth_to_rad, scan.labels) == (0.0, 1.5, ())
    # 7.5 dB weaker than the reference of -10 dBsm, but at half its range: 12.04 dB less is enough.
    assert scan.rcs_dbsm[0] == pytest.approx(-10.0 - 7.5 - 12.04, abs=0.01)


def test_a_sensor_becomes_ours(tmp_path: Path) -> None:
    found = by_kind(toy(tmp_path))
    radar = found["radar3d 1"][0]
    assert (radar.kind, radar.sensor_id) == (SensorKind.RADAR, "1")
    assert radar.position_enu_m == (10.0, -20.0, 15.0)
    assert (radar.range_min_m, radar.coverage_range_m) == (50.0, 5_000.0)
    assert (radar.azimuth_from_rad, radar.azimuth_to_rad) == (0.0, 2.0 * math.pi)
    assert (radar.elevation_min_rad, radar.elevation_max_rad) == (-0.1, 1.0)
    assert radar.sigma == (7.0, 0.009, 0.012, 0.6)
    assert radar.bias_sigma == (10.0, 0.006, 0.007)
    assert radar.resolution == (8.0, 0.02, 0.04)
    assert (radar.minimum_speed_mps, radar.period_s, radar.independent) == (1.0, 2.0, True)
    assert radar.signal == SignalModel(
        snr_db=20.0, rcs_dbsm=-10.0, range_m=2_000.0, false_alarm_probability=1e-4
    )
    assert found["radar3d 0"][0].sigma == (5.0, 0.007, 0.01)
    camera, remote_id = found["camera 3"][0], found["remote_id 4"][0]
    assert (camera.kind, camera.resolution, camera.signal) == (SensorKind.CAMERA, (0.001, 0.001), None)
    assert (remote_id.sigma, remote_id.independent) == ((5.0, 5.0, 8.0), False)


def test_each_kind_measures_what_it_should(tmp_path: Path) -> None:
    found = by_kind(toy(tmp_path))
    place, velocity = TARGETS[0]
    (_, rf), (_, camera), (_, remote_id) = (found[name] for name in ("rf_df 2", "camera 3", "remote_id 4"))
    assert rf[0].labels == ("RF-A", "RF-A")
    assert np.isnan(rf[0].measured[:, 1:]).all()
    assert np.isfinite(camera[0].measured[:, :2]).all()
    assert np.isnan(camera[0].measured[:, 2:]).all()
    assert np.isnan(camera[0].rcs_dbsm).all()
    there = place + velocity * (remote_id[0].time_utc_ns - START_UTC_NS) / NS_PER_S
    assert remote_id[0].measured[0, :3] == pytest.approx(there, abs=40.0)
    assert remote_id[0].labels == ("TOY00000", "TOY00001")


def test_remote_id_degrees_become_the_frame_s_metres(tmp_path: Path) -> None:
    scene = ToyScene()
    row = scene.detections["kind"].index("remote_id")
    said = [scene.detections[name][row] for name in ("v1", "v2", "v3")]
    scan = by_kind(scene.write(tmp_path / "toy"))["remote_id 4"][1][0]
    latitude_deg, longitude_deg, height_m = FRAME.to_geodetic(scan.measured[0, :3])
    assert (float(latitude_deg), float(longitude_deg)) == pytest.approx(said[:2], abs=1e-9)
    assert float(height_m) == pytest.approx(said[2], abs=1e-3)


def test_looks_at_a_sector_say_so_and_others_see_all_round(tmp_path: Path) -> None:
    found = by_kind(toy(tmp_path))
    turning = found["radar3d 1"][1]
    edges = [(scan.azimuth_from_rad, scan.azimuth_to_rad) for scan in turning[:SECTORS]]
    assert edges == [(k * math.pi / 2, (k + 1) * math.pi / 2) for k in range(SECTORS)]
    assert any(len(scan) == 0 for scan in turning)
    assert {scan.azimuth_from_rad for scan in found["radar3d 0"][1]} == {None}


def test_what_may_be_constantly_wrong_stands_in_the_sensor_and_not_in_its_sigmas(tmp_path: Path) -> None:
    sensor, scans = by_kind(toy(tmp_path))["radar3d 1"]
    assert sensor.bias_sigma == (10.0, 0.006, 0.007)
    nominal = np.array(sensor.sigma[:3])
    for scan in scans:
        assert (scan.sigma[:, :3] < 2.0 * nominal).all()


def test_scans_come_in_order_of_arrival_and_copy_nothing(tmp_path: Path) -> None:
    scene = SceneFolder(toy(tmp_path))
    scans = list(scene)
    received = [scan.received_utc_ns for scan in scans]
    assert received == sorted(received)
    assert [scan.time_utc_ns for scan in scans] != sorted(scan.time_utc_ns for scan in scans)
    assert len(scans) == len(scene)
    assert sum(map(len, scans)) == scene.detections
    full = [scan for scan in scans if len(scan)]
    assert all(scan.measured.base is full[0].measured.base for scan in full)


def test_csv_is_as_good_as_parquet(tmp_path: Path) -> None:
    parquet = ToyScene().write(tmp_path / "parquet")
    csv = ToyScene().write(tmp_path / "csv", as_csv=True)
    assert not list(csv.glob("*.parquet"))
    assert everything(parquet) == everything(csv)


def test_the_moments_are_every_step_up_to_the_end(tmp_path: Path) -> None:
    def spoil(scene: ToyScene) -> None:
        scene.header["eval"] = {"t_from": 5.0, "t_to": 1.0, "step_s": 0.1}

    moments = SceneFolder(toy(tmp_path, spoil)).moments_utc_ns
    assert moments == tuple(START_UTC_NS + k * NS_PER_S // 10 for k in range(1, 11))


def test_the_truth_is_never_opened(tmp_path: Path) -> None:
    folder = toy(tmp_path)
    alone = everything(folder)
    for name in ("truth.parquet", "assoc.parquet", "hidden.json"):
        (folder / name).write_bytes(b"whoever opens this fails")
        (folder / name).chmod(0)
    assert everything(folder) == alone
    for name in ("truth.parquet", "assoc.parquet", "hidden.json"):
        (folder / name).unlink()
        (folder / name).symlink_to(folder / "nowhere")
    assert everything(folder) == alone


def test_a_scene_without_a_detection_is_a_scene(tmp_path: Path) -> None:
    def spoil(scene: ToyScene) -> None:
        scene.batches["n_det"] = [0] * len(scene.batches["n_det"])
        scene.detections = {name: [] for name in scene.detections}

    scene = SceneFolder(toy(tmp_path, spoil, as_csv=True))
    assert scene.detections == 0
    assert all(len(scan) == 0 for scan in scene)


def test_a_folder_is_a_scene_when_it_says_so(tmp_path: Path) -> None:
    assert not is_scene_folder(tmp_path)
    assert is_scene_folder(toy(tmp_path))


def put(place: str, value: Any) -> Callable[[ToyScene], None]:
    """Return what sets one value: `sensors.1.kind` in the header, `batches.n_det.0` in a table."""

    def spoil(scene: ToyScene) -> None:
        *way, last = place.split(".")
        found: Any = scene.header
        for step in way:
            if found is scene.header and step in ("batches", "detections"):
                found = getattr(scene, step)
                continue
            found = found[int(step) if step.isdigit() else step]
        found[int(last) if last.isdigit() else last] = value

    return spoil


WRONG = {
    "another format": (put("format", "2.0"), "format: '2.0', must"),
    "an origin off the globe": (put("origin.lat_deg", 138.5), "origin.lat_deg: 138.5, must"),
    "no sensor": (put("sensors", []), "sensors: [], must"),
    "an unknown kind of sensor": (put("sensors.1.kind", "sonar"), "sensors[1].kind: 'sonar', must"),
    "no period": (put("sensors.2.period_s", None), "sensors[2].period_s: nothing, must"),
    "a NaN in the header": (put("sensors.0.pd_nominal", math.nan), "sensors[0].pd_nominal: NaN, must"),
    "an angle in degrees": (put("sensors.3.fov.az_to_rad", 100.0), "sensors[3].fov.az_to_rad: 100.0, must"),
    "a view upside down": (put("sensors.0.fov.el_max_rad", -0.5), "sensors[0].fov.el_max_rad: -0.5, must"),
    "a range in words": (put("sensors.0.fov.range_max_m", "far"), 'fov.range_max_m: "far", must'),
    "two biases": (put("sensors.0.bias_prior_sigma", [1.0, 2.0]), "bias_prior_sigma: [1.0, 2.0], must"),
    "a number used twice": (put("sensors.1.sensor_id", 0), "sensors[1].sensor_id: 0 again, must"),
    "latitude and longitude swapped": (put("sensors.0.lat_deg", -40.0), "sensors[0].pos_enu:"),
    "an unknown echo model": (put("sensors.0.pd_model.type", "steady"), "pd_model.type: 'steady', must"),
    "moments without end": (put("eval.step_s", 1e-5), "eval.step_s: 1e-05, must"),
    "a look by nobody": (put("batches.sensor_id.3", 9), "sensor_id: 9 in row 3, must"),
    "a batch numbered twice": (put("batches.batch_id.3", 2), "batch_id: 2 in row 3, must"),
    "out of order": (put("batches.t_arrival.3", -1.0), "t_arrival: -1.0 in row 3, must"),
    "a time that is none": (put("batches.t_meas.3", math.nan), "t_meas: nan in row 3, must"),
    "received before it was": (put("batches.t_meas.3", 9e3), "t_arrival:"),
    "half a sector": (put("batches.az_from.0", 1.0), "az_to: nan in row 0, must"),
    "more than there are": (put("batches.n_det.3", 99), "batches: n_det:"),
    "fewer than none": (put("batches.n_det.3", -1), "n_det: -1 in row 3, must"),
    "of another batch": (put("detections.batch_id.3", 77), "batch_id: 77 in row 3, must"),
    "of another sensor": (put("detections.sensor_id.0", 3), "sensor_id: 3 in row 0, must"),
    "of another time": (put("detections.t_meas.3", 50.0), "t_meas: 50.0 in row 3, must"),
    "of another kind": (put("detections.kind.0", "sonar"), "kind: sonar in row 0, must"),
    "no range": (put("detections.v1.0", math.nan), "v1: nan in row 0, must"),
    "an azimuth in degrees": (put("detections.v2.0", 215.0), "v2: 215.0 in row 0, must"),
    "an error of nothing": (put("detections.s1.0", 0.0), "s1: 0.0 in row 0, must"),
    "words for numbers": (
        lambda scene: scene.detections.update(v1=["far"] * len(scene.detections["v1"])),
        "v1: string, must be numbers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", WRONG)
def test_what_is_wrong_is_named_with_what_was_found_and_what_must_be(tmp_path: Path, story: str) -> None:
    spoil, sentence = WRONG[story]
    folder = toy(tmp_path, spoil)
    with pytest.raises(InputError) as caught:
        SceneFolder(folder)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["sensors.json", "batches.parquet", "detections.parquet"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = toy(tmp_path)
    (folder / name).unlink()
    with pytest.raises(SetupError, match=name):
        SceneFolder(folder)


@pytest.mark.parametrize("name", ["sensors.json", "batches.parquet", "detections.parquet"])
def test_a_file_that_is_something_else_is_named(tmp_path: Path, name: str) -> None:
    folder = toy(tmp_path)
    (folder / name).write_bytes(b"\x00\xff nothing of the kind")
    with pytest.raises(SetupError, match=name):
        SceneFolder(folder)


@pytest.mark.parametrize("as_csv", [False, True])
def test_missing_columns_are_named(tmp_path: Path, as_csv: bool) -> None:
    def spoil(scene: ToyScene) -> None:
        del scene.detections["v2"], scene.detections["s3"]

    with pytest.raises(SetupError, match="lacks the columns v2, s3"):
        SceneFolder(toy(tmp_path, spoil, as_csv=as_csv))


def test_no_wrong_key_of_a_sensor_is_a_crash(tmp_path: Path) -> None:
    scene = ToyScene(duration_s=2)
    folder = scene.write(tmp_path / "toy")
    whole = json.dumps(scene.header)
    wrong: tuple[Any, ...] = (None, "words", [], {}, -1e300, True)
    said = []
    for number, record in enumerate(scene.header["sensors"]):
        for key, value in itertools.product(record, wrong):
            spoilt = json.loads(whole)
            spoilt["sensors"][number][key] = value
            (folder / "sensors.json").write_bytes(msgspec.json.encode(spoilt))
            try:
                SceneFolder(folder)
            except SkykeepError as error:
                said.append((number, str(error)))
    assert len(said) > 100
    assert all(f"sensors[{number}]" in sentence for number, sentence in said)
