"""The virtual radar against its own statement: how often it sees, how far it errs, what it confuses."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from skykeep.base.clock import NS_PER_S
from skykeep.domain.sensing import Scan
from skykeep.geo.terrain import Terrain
from skykeep.models.detectability import (
    power_ratio,
    scaled_snr_db,
    swerling1_detection_probability,
    swerling1_required_snr_db,
)
from skykeep.sim.plan_sensors import RadarPlan
from skykeep.sim.plan_terms import Stand
from skykeep.sim.radar import Radar
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target, TargetKind
from skykeep.sim.timing import Span

FLAT = Terrain(west_m=-9_000.0, south_m=-9_000.0, spacing_m=500.0, heights_m=np.zeros((37, 37)))
STAND_M = np.array([0.0, 0.0, 20.0])
LOOKS = 2_000


def still_target(
    name: str,
    position_m: tuple[float, float, float],
    rcs_dbsm: float,
    modulation_db: float = -10.0,
    velocity_mps: tuple[float, float, float] = (0.0, 12.0, 0.0),
    seconds: int = LOOKS + 2,
) -> Target:
    """Return a target that stays where it is and yet shows a rate: every look then is of the same case."""
    path = np.tile(np.array([*position_m, *velocity_mps]), (seconds * 10, 1))
    return Target(
        name=name,
        kind=TargetKind.INTRUDER,
        planned=path,
        planned_aloft=np.ones(len(path), dtype=np.bool_),
        rcs_dbsm=rcs_dbsm,
        modulation_db=np.full(len(path), modulation_db),
        size_m=0.6,
    )


def radar_plan(**changes: object) -> RadarPlan:
    fields: dict[str, object] = {
        "sensor_id": "radar",
        "name": "Radar",
        "stand": Stand(site="-"),
        "period_s": 1.0,
        "reference_range_m": 5_500.0,
        "range_max_m": 8_000.0,
        "elevation_min_deg": -10.0,
        "elevation_max_deg": 45.0,
        "beam_azimuth_deg": 7.0,
        "beam_elevation_deg": 9.0,
        "range_floor_m": 6.0,
        "range_cell_m": 30.0,
        "range_rate_sigma_mps": 0.4,
        "clutter_per_scan": 0.0,
    }
    return RadarPlan(**{**fields, **changes})  # type: ignore[arg-type]


def look_many(
    plan: RadarPlan, targets: list[Target], looks: int = LOOKS, terrain: Terrain = FLAT
) -> list[Scan]:
    span = Span(seed=5, start_utc_ns=0, duration_s=looks * plan.period_s)
    radar = Radar(plan, STAND_M, Sky(targets, terrain), span)
    return [radar.look() for _ in range(looks * plan.sectors)]


@pytest.mark.parametrize(
    ("range_m", "rcs_dbsm"), [(5_500.0, -15.0), (3_500.0, -18.0), (2_000.0, -20.0), (6_500.0, -12.0)]
)
def test_it_sees_as_often_as_the_model_says(range_m: float, rcs_dbsm: float) -> None:
    scans = look_many(radar_plan(), [still_target("one", (0.0, range_m, 20.0), rcs_dbsm)])
    seen = np.mean([len(scan) for scan in scans])
    required_db = float(swerling1_required_snr_db(0.5, 1e-6))
    snr_db = scaled_snr_db(range_m, rcs_dbsm, 5_500.0, -15.0, required_db)
    expected = float(swerling1_detection_probability(power_ratio(snr_db), 1e-6))
    # Four standard deviations of a share of so many looks.
    assert seen == pytest.approx(expected, abs=4.0 * np.sqrt(expected * (1 - expected) / LOOKS))


def test_half_the_looks_see_the_reference_target_at_the_reference_range() -> None:
    scans = look_many(radar_plan(), [still_target("one", (5_500.0, 0.0, 20.0), -15.0)])
    assert np.mean([len(scan) for scan in scans]) == pytest.approx(0.5, abs=0.045)


def errors_over_sigma(scans: list[Scan], true: NDArray[np.float64]) -> NDArray[np.float64]:
    measured = np.vstack([scan.measured for scan in scans])
    sigma = np.vstack([scan.sigma for scan in scans])
    error = measured - true
    error[:, 1] = (error[:, 1] + np.pi) % (2 * np.pi) - np.pi
    return np.asarray(error / sigma)


def test_errors_are_as_large_as_the_stated_sigmas() -> None:
    scans = look_many(radar_plan(), [still_target("one", (0.0, 3_000.0, 120.0), -14.0)])
    range_m = float(np.hypot(3_000.0, 100.0))
    true = np.array([range_m, 0.0, np.arctan2(100.0, 3_000.0), 12.0 * 3_000.0 / range_m])
    ratio = errors_over_sigma(scans, true)
    count = len(ratio)
    # Chi-square per component: mean `count`, deviation sqrt(2 count); four of those.
    assert np.sum(ratio**2, axis=0) == pytest.approx(np.full(4, count), abs=4.0 * np.sqrt(2.0 * count))
    assert np.abs(np.mean(ratio, axis=0)).max() < 4.0 / np.sqrt(count)
    # And no two components err together.
    correlation = np.corrcoef(ratio.T) - np.eye(4)
    assert np.abs(correlation).max() < 4.0 / np.sqrt(count)


def test_sigmas_are_those_of_a_fair_radar_and_shrink_as_the_echo_grows() -> None:
    scans = look_many(radar_plan(), [still_target("one", (0.0, 3_000.0, 120.0), -14.0)])
    sigma = np.vstack([scan.sigma for scan in scans])
    snr_db = np.concatenate([scan.snr_db for scan in scans])
    middle = np.median(sigma, axis=0)
    assert 6.0 < middle[0] < 9.0
    assert 0.25 < np.degrees(middle[1]) < 0.6
    assert 0.3 < np.degrees(middle[2]) < 0.8
    for column in range(3):
        assert np.all(np.diff(sigma[np.argsort(snr_db), column]) <= 1e-12)


def test_a_target_behind_the_hill_is_not_seen() -> None:
    heights_m = np.zeros((37, 37))
    heights_m[20, 18] = 300.0  # a summit 1,000 m north
    hill = Terrain(west_m=-9_000.0, south_m=-9_000.0, spacing_m=500.0, heights_m=heights_m)
    low, high = (
        still_target("low", (0.0, 3_000.0, 60.0), 0.0),
        still_target("high", (0.0, 3_000.0, 1_500.0), 0.0),
    )
    assert sum(len(scan) for scan in look_many(radar_plan(), [low], 50, hill)) == 0
    assert sum(len(scan) for scan in look_many(radar_plan(), [high], 50, hill)) > 40


def test_measured_cross_section_is_the_true_one_within_its_fading() -> None:
    scans = look_many(radar_plan(), [still_target("one", (0.0, 1_500.0, 60.0), -15.0)])
    rcs_dbsm = np.concatenate([scan.rcs_dbsm for scan in scans])
    # The mean of an exponential power in decibels is 2.5 dB under its mean; its deviation 5.6 dB.
    assert np.mean(rcs_dbsm) == pytest.approx(-15.0 - 2.51, abs=0.6)
    assert np.std(rcs_dbsm) == pytest.approx(5.57, abs=0.6)


def test_rotors_and_wings_overlap_in_one_look() -> None:
    def levels(modulation_db: float, range_m: float) -> NDArray[np.float64]:
        target = still_target("one", (0.0, range_m, 60.0), -17.0, modulation_db)
        return np.concatenate([scan.modulation_db for scan in look_many(radar_plan(), [target], 800)])

    near_drone, near_bird = levels(-10.0, 1_200.0), levels(-20.0, 1_200.0)
    far_drone, far_bird = levels(-10.0, 4_000.0), levels(-20.0, 4_000.0)
    assert np.mean(near_drone) - np.mean(near_bird) > 5.0
    near_gap = (np.mean(near_drone) - np.mean(near_bird)) / np.std(near_bird)
    far_gap = (np.mean(far_drone) - np.mean(far_bird)) / np.std(far_bird)
    # Far off the noise floor lifts the bird's: the two come together.
    assert far_gap < near_gap
    assert np.mean(far_bird > np.quantile(far_drone, 0.1)) > 0.05


def test_clutter_comes_at_its_rate_and_within_the_field_of_view() -> None:
    away = still_target("away", (0.0, 30_000.0, 60.0), -30.0, seconds=420)
    plan = radar_plan(clutter_per_scan=20.0, hot_spots=10, hot_spot_share=0.3)
    scans = look_many(plan, [away], 400)
    assert np.mean([len(scan) for scan in scans]) == pytest.approx(23.0, abs=4.0 * np.sqrt(23.0 / 400))
    measured = np.vstack([scan.measured for scan in scans])
    assert measured[:, 0].min() >= 0.0
    assert measured[:, 0].max() <= 8_050.0
    assert (measured[:, 1] >= 0.0).all()
    assert (measured[:, 1] < 2 * np.pi).all()


def test_a_turning_radar_reports_each_sector_at_its_time() -> None:
    target = still_target("one", (2_000.0, 2_000.0, 60.0), 5.0, seconds=60)
    plan = radar_plan(period_s=2.4, sectors=12, modulation=False)
    scans = look_many(plan, [target], 20)
    assert {round((b.time_utc_ns - a.time_utc_ns) / NS_PER_S, 6) for a, b in itertools.pairwise(scans)} == {
        0.2
    }
    for scan in scans:
        assert scan.azimuth_from_rad is not None
        assert scan.azimuth_to_rad is not None
        assert scan.azimuth_to_rad - scan.azimuth_from_rad == pytest.approx(np.pi / 6)
        # 45 degrees is in the second sector, 30 to 60.
        assert len(scan) == 0 or scan.azimuth_from_rad == pytest.approx(np.pi / 6)
        assert np.isnan(scan.modulation_db).all()
    assert sum(len(scan) for scan in scans) >= 18


def test_what_crosses_without_radial_speed_fades_from_a_radar_that_suppresses_the_ground() -> None:
    crossing = still_target("one", (0.0, 2_000.0, 20.0), 0.0, velocity_mps=(15.0, 0.5, 0.0))
    closing = still_target("one", (0.0, 2_000.0, 20.0), 0.0, velocity_mps=(0.0, -15.0, 0.0))
    plan = radar_plan(minimum_speed_mps=1.5)
    assert sum(len(scan) for scan in look_many(plan, [crossing], 50)) == 0
    assert sum(len(scan) for scan in look_many(plan, [closing], 50)) > 40
