"""The simulator's own birds and drones before one radar and the real tracker, for judging what they are.

Paths are made by `sim.bird_paths` and `sim.paths` with the numbers of the shipped nights; the radar is made
here: a look a second, 8 m, 0.5 and 0.9 degrees and 0.5 m/s, echoes that fade (Swerling 1), lost below a
threshold. Birds: commuters, members of flocks, soarers and gliders, a quarter each. Drones: runs at an asset,
surveys and orbits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.domain.track import Picture
from skykeep.geo.terrain import Terrain
from skykeep.sim import bird_paths, paths
from skykeep.sim.dice import stream, wander
from skykeep.sim.paths import STEP_S
from skykeep.sim.sky import ranges_and_angles
from skykeep.tracking import Tracker

START_UTC_NS = from_iso_utc("2031-05-03T02:10:00Z")
SECONDS, EACH = 60, 12
COUNT = round(SECONDS / STEP_S) + 2
STAND_M = np.array([0.0, 0.0, 20.0])
SIGMA = np.array([8.0, np.radians(0.5), np.radians(0.9), 0.5])
LOST_BELOW_DB = -9.0
RADAR = Sensor(
    sensor_id="radar",
    name="Radar",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
    position_enu_m=(0.0, 0.0, 20.0),
    coverage_range_m=5000.0,
    sigma=tuple(SIGMA.tolist()),
)


@dataclass
class Flier:
    """One of them: what it is, where it is, and how it echoes."""

    what: str
    path: FloatArray
    rcs_dbsm: float
    modulation_db: FloatArray

    @property
    def is_bird(self) -> bool:
        return self.what in ("commuting", "flock", "soaring", "gliding")


def flat() -> Terrain:
    return Terrain(west_m=-8000.0, south_m=-8000.0, spacing_m=500.0, heights_m=np.full((33, 33), 5.0))


def _spot(dice: np.random.Generator) -> FloatArray:
    return dice.uniform(600.0, 3500.0) * paths.direction(dice.uniform(0.0, 2 * np.pi))


def _bird(dice: np.random.Generator, what: str, terrain: Terrain, wind_mps: FloatArray) -> FloatArray:
    about_m = _spot(dice)
    if what == "soaring":
        return bird_paths.soar(
            dice,
            COUNT,
            terrain,
            start_m=about_m,
            airspeed_mps=dice.uniform(8.0, 11.0),
            height_agl_m=dice.uniform(60.0, 200.0),
            wind_mps=wind_mps,
        )
    from_rad = dice.uniform(0.0, 2 * np.pi)
    start_m = about_m + 2600.0 * dice.uniform(0.4, 1.0) * paths.direction(from_rad)
    near_m, away_m = about_m + dice.normal(0.0, 80.0, 2), about_m + 2600.0 * paths.direction(from_rad + 3.0)
    fly = bird_paths.glide if what == "gliding" else bird_paths.commute
    path = fly(
        dice,
        COUNT,
        terrain,
        start_m=about_m if what == "flock" else start_m,
        goals_m=np.array([near_m, away_m, start_m]) if what != "flock" else np.array([away_m, start_m]),
        airspeed_mps=dice.uniform(9.0, 15.0),
        height_agl_m=dice.uniform(25.0, 110.0),
        wind_mps=wind_mps,
    )
    return bird_paths.flock_member(dice, path, 25.0) if what == "flock" else path


def _drone(dice: np.random.Generator, what: str, terrain: Terrain) -> FloatArray:
    about_m, gust_mps = _spot(dice), dice.uniform(0.3, 1.2)
    height_m, speed_mps = dice.uniform(40.0, 120.0), dice.uniform(7.0, 20.0)
    if what == "orbit":
        return paths.orbit(
            dice,
            COUNT,
            terrain,
            centre_m=about_m,
            radius_m=dice.uniform(60.0, 250.0),
            speed_mps=0.6 * speed_mps,
            height_agl_m=height_m,
            gust_mps=gust_mps,
        )
    if what == "survey":
        corners_m = paths.lawn_mower_corners_m(about_m, 500.0, 300.0, dice.uniform(0.0, 6.28), 60.0)
        return paths.survey(
            dice,
            COUNT,
            terrain,
            corners_m=corners_m,
            speed_mps=0.6 * speed_mps,
            height_agl_m=height_m,
            gust_mps=gust_mps,
        )
    start_m = about_m
    goal_m = start_m + (SECONDS + 40.0) * speed_mps * paths.direction(dice.uniform(0.0, 2 * np.pi))
    return paths.run_in(
        dice,
        COUNT,
        terrain,
        start_m=start_m,
        goal_enu_m=np.array([*goal_m, 15.0]),
        leave_s=0.0,
        arrive_s=SECONDS + 40.0,
        height_agl_m=height_m,
        gust_mps=gust_mps,
    )[0]


def fliers(seed: int) -> list[Flier]:
    """Return as many birds as drones."""
    terrain, found = flat(), []
    dice = stream(seed, "classes")
    wind_mps = dice.uniform(1.0, 7.0) * paths.direction(dice.uniform(0.0, 2 * np.pi))
    for number in range(EACH):
        what = ("commuting", "flock", "soaring", "gliding")[number % 4]
        level_db = np.where(wander(dice, COUNT, STEP_S, 8.0) > -1.0, -19.0, -27.0) + dice.normal(0.0, 2.0)
        path = _bird(dice, what, terrain, wind_mps)
        found.append(Flier(what, path, dice.uniform(-29.0, -16.0), level_db))
    for number in range(EACH):
        what = ("run", "survey", "orbit")[number % 3]
        level_db = dice.normal(-10.0, 2.0) + 2.0 * wander(dice, COUNT, STEP_S, 6.0)
        found.append(Flier(what, _drone(dice, what, terrain), dice.uniform(-20.0, -10.0), level_db))
    return found


def scan_at(dice: np.random.Generator, flown: list[Flier], second: int) -> Scan:
    """Return the radar's look at one second."""
    states = np.stack([one.path[round(second / STEP_S)] for one in flown])
    true = np.column_stack(ranges_and_angles(STAND_M, states))
    power_db = 10.0 * np.log10(dice.exponential(1.0, len(flown)))
    seen = np.flatnonzero((power_db > LOST_BELOW_DB) & (true[:, 0] < RADAR.coverage_range_m))
    measured = true[seen] + SIGMA * dice.standard_normal((len(seen), 4))
    rcs_dbsm = np.array([flown[i].rcs_dbsm for i in seen]) + power_db[seen]
    level_db = np.array([flown[i].modulation_db[round(second / STEP_S)] for i in seen])
    return make_scan(
        sensor_id=RADAR.sensor_id,
        sequence=second,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=START_UTC_NS + second * NS_PER_S,
        received_utc_ns=START_UTC_NS + second * NS_PER_S,
        measured=measured,
        sigma=np.tile(SIGMA, (len(seen), 1)),
        rcs_dbsm=rcs_dbsm,
        modulation_db=level_db + 3.5 * dice.standard_normal(len(seen)),
    )


def pictures(seed: int) -> list[tuple[Picture, list[Flier | None]]]:
    """Return the tracker's picture of each second with whom each row is, None where nobody in particular."""
    flown, tracker = fliers(seed), Tracker((RADAR,))
    dice, found = stream(seed, "classes", "radar"), []
    for second in range(SECONDS):
        tracker.receive(scan_at(dice, flown, second))
        picture = tracker.picture(START_UTC_NS + second * NS_PER_S)
        states = np.stack([one.path[round(second / STEP_S)] for one in flown])
        whose: list[Flier | None] = []
        for state in picture.state:
            off_m = np.linalg.norm(states[:, :3] - state[:3], axis=1)
            near = np.argsort(off_m)[:2]
            # Members of a flock stand for one another; who has a stranger near is nobody in particular.
            alike = flown[near[0]].is_bird == flown[near[1]].is_bird or off_m[near[1]] > 200.0
            whose.append(flown[near[0]] if off_m[near[0]] < 120.0 and alike else None)
        found.append((picture, whose))
    return found
