"""The direction finder, the camera, the receivers: against hand cases and their own statements."""

from __future__ import annotations

import numpy as np
import pytest

from skykeep.domain.sensing import Scan
from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import Terrain
from skykeep.sim.broadcast import (
    adsb_place_m,
    adsb_velocity_mps,
    longitude_zones,
    remote_id_place_m,
    remote_id_velocity_mps,
)
from skykeep.sim.dice import stream, wander
from skykeep.sim.passive import Camera, DirectionFinder
from skykeep.sim.plan_sensors import CameraPlan, DirectionFinderPlan
from skykeep.sim.plan_terms import Stand
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target, TargetKind
from skykeep.sim.timing import Span

FRAME = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
FLAT = Terrain(west_m=-9_000.0, south_m=-9_000.0, spacing_m=500.0, heights_m=np.zeros((37, 37)))
STAND_M = np.array([0.0, 0.0, 20.0])
LOOKS = 1_500


def still_target(name: str, position_m: tuple[float, float, float], emitter: str = "") -> Target:
    """Return a drone of 0.6 m that stays where it is."""
    path = np.tile(np.array([*position_m, 0.0, 0.0, 0.0]), ((LOOKS + 2) * 10, 1))
    return Target(
        name=name,
        kind=TargetKind.INTRUDER,
        planned=path,
        planned_aloft=np.ones(len(path), dtype=np.bool_),
        rcs_dbsm=-15.0,
        modulation_db=np.full(len(path), -10.0),
        size_m=0.6,
        emitter=emitter,
    )


def finder_scans(targets: list[Target], **changes: float) -> list[Scan]:
    plan = DirectionFinderPlan(
        sensor_id="rf",
        name="RF",
        stand=Stand(site="-"),
        range_m=5_000.0,
        bearing_sigma_deg=2.5,
        seen_share=0.8,
        false_per_scan=changes.get("false_per_scan", 0.0),
    )
    finder = DirectionFinder(
        plan, STAND_M, Sky(targets, FLAT), Span(seed=2, start_utc_ns=0, duration_s=float(LOOKS))
    )
    return [finder.look() for _ in range(LOOKS)]


def test_only_what_transmits_is_heard_with_its_family_and_its_error() -> None:
    one = still_target("one", (2_000.0, 0.0, 60.0), "multirotor-video-5.8")
    scans = finder_scans([one, still_target("silent", (0.0, 2_000.0, 60.0))])
    heard = np.array([len(scan) for scan in scans])
    assert heard.max() == 1
    assert heard.mean() == pytest.approx(0.8, abs=4.0 * np.sqrt(0.16 / LOOKS))
    error_deg = np.degrees(np.concatenate([scan.measured[:, 0] for scan in scans])) - 90.0
    assert np.std(error_deg) == pytest.approx(2.5, rel=0.1)
    assert abs(np.mean(error_deg)) < 0.3
    assert {label for scan in scans for label in scan.labels} == {"multirotor-video-5.8"}


def test_false_bearings_come_at_their_rate_from_all_round() -> None:
    far = still_target("far", (20_000.0, 0.0, 60.0), "multirotor-video-5.8")
    scans = finder_scans([far], false_per_scan=0.4)
    assert np.mean([len(scan) for scan in scans]) == pytest.approx(0.4, abs=4.0 * np.sqrt(0.4 / LOOKS))
    bearings = np.concatenate([scan.measured[:, 0] for scan in scans])
    assert np.histogram(bearings, 8, (0.0, 2 * np.pi))[0].min() > 40


def camera_share(position_m: tuple[float, float, float]) -> float:
    plan = CameraPlan(
        sensor_id="camera",
        name="Camera",
        stand=Stand(site="-"),
        looks_to_deg=0.0,
        width_deg=50.0,
        elevation_min_deg=-8.0,
        elevation_max_deg=20.0,
        pixels=4_096,
        pixels_for_half=2.0,
        range_m=2_600.0,
        sigma_deg=0.08,
        false_per_scan=0.0,
    )
    target = still_target("one", position_m)
    camera = Camera(plan, STAND_M, Sky([target], FLAT), Span(seed=2, start_utc_ns=0, duration_s=200.0))
    return float(np.mean([len(camera.look()) for _ in range(1_000)]))


def test_the_camera_sees_half_at_two_pixels_and_only_where_it_looks() -> None:
    # 50 degrees over 4,096 pixels is 0.213 mrad: 0.6 m spans two pixels at 1,408 m.
    assert camera_share((0.0, 1_408.0, 20.0)) == pytest.approx(0.5, abs=0.07)
    assert camera_share((0.0, 500.0, 20.0)) > 0.98
    assert camera_share((0.0, 2_500.0, 20.0)) < 0.3
    assert camera_share((0.0, 2_700.0, 20.0)) == 0.0
    assert camera_share((500.0, 0.0, 20.0)) == 0.0
    assert camera_share((0.0, 500.0, 400.0)) == 0.0
    # Either side of north, where the bearing wraps.
    assert camera_share((-150.0, 500.0, 20.0)) > 0.98
    assert camera_share((150.0, 500.0, 20.0)) > 0.98


def test_remote_id_steps_by_hand() -> None:
    east_mps, north_mps, climb_mps = remote_id_velocity_mps(np.array([10.1, 0.0, -1.3]))
    assert (east_mps, north_mps, climb_mps) == pytest.approx((10.0, 0.0, -1.5))
    fast = remote_id_velocity_mps(np.array([0.0, 70.0, 0.0]))
    # 63.75 m/s and eight steps of 0.75 m/s.
    assert fast == pytest.approx((0.0, 69.75, 0.0))
    place_m = np.array([1_234.567, -2_345.678, 81.3])
    moved_m = np.array(remote_id_place_m(FRAME, place_m)) - place_m
    assert np.abs(moved_m[:2]).max() < 0.008
    assert abs(moved_m[2]) < 0.26


def test_adsb_steps_by_hand() -> None:
    assert longitude_zones(38.5) == 46
    assert longitude_zones(0.0) == 59
    assert longitude_zones(86.9) == 2
    assert longitude_zones(89.0) == 1
    place_m = np.array([5_000.0, -1_000.0, 300.0])
    moved_m = np.array(adsb_place_m(FRAME, place_m)) - place_m
    assert np.abs(moved_m[:2]).max() < 2.8
    assert abs(moved_m[2]) < 3.9
    assert adsb_velocity_mps(np.array([51.4, -51.6, 0.2])) == pytest.approx(
        (51.444, -51.444, 0.3251), abs=1e-3
    )


def test_dice_are_kept_apart_by_name() -> None:
    one = stream(1, "a", "b").random(4)
    assert np.array_equal(one, stream(1, "a", "b").random(4))
    for other in (stream(2, "a", "b"), stream(1, "ab"), stream(1, "a", "c"), stream(1, "b", "a")):
        assert not np.array_equal(one, other.random(4))


def test_a_wander_has_the_deviation_and_the_memory_it_says() -> None:
    values = np.concatenate([wander(stream(i, "w"), 3_000, 0.1, 10.0) for i in range(40)])
    assert np.std(values) == pytest.approx(1.0, abs=0.12)
    chunks = values.reshape(40, 3_000)
    tau = np.mean(chunks[:, :-100] * chunks[:, 100:]) / np.var(values)
    assert tau == pytest.approx(np.exp(-1.0), abs=0.12)
