"""Stories of things that fly close to one another: who is who, and how many."""

from __future__ import annotations

import math

import numpy as np
import pytest

from followed_scenes import alive, follow, names, places
from skykeep.base.compile import FloatArray
from skykeep.models.intervals import wilson_interval
from tracking_scenes import Body, camera, observe, radar, straight


def crossing(seed: int) -> tuple[Body, Body]:
    """Return two drones that pass at five metres after 20 s, at an angle of 30 to 150 degrees."""
    dice = np.random.default_rng((seed, 1))
    where = np.array([dice.uniform(-200.0, 200.0), dice.uniform(500.0, 800.0), dice.uniform(70.0, 110.0)])
    course = dice.uniform(0.0, 2 * math.pi)
    other = course + math.radians(dice.uniform(30.0, 150.0)) * dice.choice([-1.0, 1.0])
    paths = []
    for angle, speed_mps, up_m in ((course, dice.uniform(10, 18), 2.5), (other, dice.uniform(10, 18), -2.5)):
        velocity = speed_mps * np.array([math.sin(angle), math.cos(angle), 0.0])
        paths.append(straight(where + np.array([0.0, 0.0, up_m]) - 20.0 * velocity, velocity))
    return Body(paths[0]), Body(paths[1])


@pytest.mark.parametrize(
    "mean_rates",
    [
        False,
        True,
    ],
    ids=["the stronger one's range rate", "the mean of both range rates"],
)
def test_two_drones_that_cross_at_five_metres_keep_their_names(mean_rates: bool) -> None:
    """The officer expects two tracks throughout, each still with its own drone afterwards, nine times in ten.

    While they cross they share echoes; what such an echo says of speed depends on the radar.
    """
    kept, apart, seeds = 0, 0, 40
    for seed in range(seeds):
        bodies, sensors = crossing(seed), (radar(),)
        times_s = np.arange(8.0, 36.0)
        pictures = follow(sensors, observe(bodies, sensors, 36.0, seed, mean_rates=mean_rates), times_s)
        called = names(bodies, pictures, times_s)
        before, after = called[8], called[-1]
        kept += bool((before == after).all() and (before >= 0).all())
        apart += bool((called[:, 0] >= 0).all() and (called[:, 1] >= 0).all())
    assert kept / seeds >= 0.9, f"names kept in {kept} of {seeds} crossings"
    assert apart / seeds >= 0.85, f"two tracks throughout in {apart} of {seeds} crossings"


def swarm(seed: int) -> list[Body]:
    """Return twelve drones, four abreast and three deep, 15 m from one another, coming in at 12 m/s."""
    dice = np.random.default_rng((seed, 2))
    bearing = dice.uniform(0.0, 2 * math.pi)
    ahead = np.array([math.sin(bearing), math.cos(bearing), 0.0])
    abreast = np.array([math.cos(bearing), -math.sin(bearing), 0.0])
    centre = 950.0 * ahead + np.array([0.0, 0.0, 80.0])
    return [
        Body(straight(centre + 15.0 * (a - 1.5) * abreast + 15.0 * (b - 1.0) * ahead, -12.0 * ahead))
        for a in range(4)
        for b in range(3)
    ]


def test_a_swarm_of_twelve_is_counted_when_it_is_near() -> None:
    """The officer expects a crowd where the radar cannot yet tell those abreast apart, and soon after it can,
    twelve, give or take one, that keep their names.
    """
    far, near, most, followed = [], [], [], []
    for seed in range(6):
        bodies = swarm(seed)
        sensors = (radar(sigma=(2.0, 0.004, 0.006, 0.3), resolution=(6.0, 0.018, 0.035)),)
        times_s = np.arange(8.0, 45.0)
        pictures = follow(sensors, observe(bodies, sensors, 45.0, seed), times_s)
        count = np.array([len(alive(picture)) for picture in pictures])
        called = names(bodies, pictures, times_s, gate_m=15.0)
        far.append(count[times_s <= 12.0].mean())
        near.append(count[times_s >= 30.0].mean())
        most.append(count.max())
        followed.append(np.mean(called[-1] == called[-10]))
    # Three deep: three echoes, each of four.
    assert 3.0 <= np.mean(far) <= 6.0, f"seen far off: {np.mean(far):.1f}"
    assert max(most) <= 13, f"most that were ever shown: {max(most)}"
    assert 11.5 <= np.mean(near) <= 12.5, f"seen near by: {np.mean(near):.1f} of 12"
    assert np.mean(followed) >= 0.9, f"names kept once resolved: {np.mean(followed):.2f}"


def behind_a_bird(seed: int) -> tuple[Body, Body]:
    """Return a drone that comes in, and a bird that crosses the line of sight at half the way, after 20 s,
    then flies six metres before it for four seconds and turns off.
    """
    dice = np.random.default_rng((seed, 3))
    side = dice.choice([-1.0, 1.0])
    start, velocity = np.array([side * 100.0, 900.0, 90.0]), np.array([0.0, -13.0, 0.0])

    def bird(time_s: float) -> FloatArray:
        beside = np.array([side * (6.0 - 15.0 * min(time_s - 20.0, 0.0)), -5.0, 0.0])
        beside[0] -= side * 6.0 + side * 15.0 * max(time_s - 24.0, 0.0)
        # It flaps: its height and speed are never quite steady.
        beside[2] = 1.5 * math.sin(2.1 * time_s + seed)
        return np.asarray(start + time_s * velocity + beside)

    return Body(straight(start, velocity)), Body(bird, rcs_dbsm=-20.0)


def test_a_drone_that_a_bird_covers_is_still_the_same_drone() -> None:
    """The officer expects the drone to keep its name and place when a bird flies before it and turns off."""
    kept, covered, seeds = 0, 0, 30
    for seed in range(seeds):
        bodies, sensors = behind_a_bird(seed), (radar(), camera())
        times_s = np.arange(10.0, 38.0)
        pictures = follow(sensors, observe(bodies, sensors, 38.0, seed), times_s)
        called = names(bodies, pictures, times_s)[:, 0]
        kept += bool(called[6] >= 0 and called[6] == called[-1])
        shown = [
            np.linalg.norm(p.state[alive(p), :3] - places(bodies, float(t))[0], axis=1).min(initial=np.inf)
            for p, t in zip(pictures, times_s, strict=True)
        ]
        covered += int(np.sum(np.array(shown) < 25.0))
    low, _ = wilson_interval(kept, seeds)
    assert kept / seeds >= 0.9, f"name kept in {kept} of {seeds}, at least {low:.2f}"
    assert covered / (seeds * 28) >= 0.98, f"shown within 25 m {covered / (seeds * 28):.3f} of the time"


def parting(seed: int) -> tuple[Body, Body]:
    """Return two drones that fly one above the other, too near to tell apart, from 15 to 25 s, then part."""
    dice = np.random.default_rng((seed, 4))
    start, course = np.array([dice.uniform(-150.0, 150.0), 750.0, 90.0]), dice.uniform(0.0, 2 * math.pi)
    velocity = 8.0 * np.array([math.sin(course), math.cos(course), 0.0])
    aside = np.array([math.cos(course), -math.sin(course), 0.0]) * dice.choice([-1.0, 1.0])

    def other(time_s: float) -> FloatArray:
        away_s = max(15.0 - time_s, time_s - 25.0, 0.0)
        return np.asarray(start + time_s * velocity + np.array([0.0, 0.0, 12.0]) + 7.0 * away_s * aside)

    return Body(straight(start, velocity)), Body(other)


def test_two_that_flew_as_one_are_two_when_they_part() -> None:
    """The officer expects two tracks soon after, one on each drone, and none that stays with nobody."""
    right, more, seeds = 0, 0, 40
    for seed in range(seeds):
        bodies, sensors = parting(seed), (radar(),)
        times_s = np.arange(10.0, 46.0)
        pictures = follow(sensors, observe(bodies, sensors, 46.0, seed), times_s)
        last = names(bodies, pictures, times_s)[-1]
        right += bool((last >= 0).all())
        more += len(alive(pictures[-1])) > 2
    assert right / seeds >= 0.95, f"a track on each in {right} of {seeds}"
    assert more / seeds <= 0.05, f"more than two in {more} of {seeds}"
