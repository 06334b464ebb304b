"""The map of clutter: what it takes for a tree, what it must not, and what becomes of tracks on a tree."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from radar_range import SIGMA, RadarRange, spherical, utc_ns
from skykeep.base.compile import FloatArray
from skykeep.tracking import Tracker
from skykeep.tracking.clutter import MEMORY_S, clutter_about, fade_map, learn_clutter
from skykeep.tracking.columns import LOG_CLUTTER, MEASURED, RECORD, SINCE_S
from skykeep.tracking.columns import SIGMA as RECORD_SIGMA
from skykeep.tracking.settings import TrackerSettings
from skykeep.tracking.source import Source

TREE = np.array([3000.0, 2.0, 0.02])
TREE_SIGMA = np.array([20.0, 0.02, 0.015])
Looks = Callable[[np.random.Generator, int], FloatArray]


def tree(dice: np.random.Generator, at: int) -> FloatArray:
    """Return two echoes a look on average, anywhere in the crown."""
    del at
    return np.asarray(TREE + dice.normal(0.0, TREE_SIGMA, (dice.poisson(2.0), 3)))


def hovering(count: int) -> Looks:
    """Return drones that hover 30 m apart, each seen nine times in ten."""

    def look(dice: np.random.Generator, at: int) -> FloatArray:
        del at
        seen = np.flatnonzero(dice.random(count) < 0.9)
        apart = np.outer(seen, (30.0, 0.0, 0.0))
        return np.asarray(TREE + apart + dice.normal(0.0, SIGMA, (len(seen), 3)))

    return look


def passing(dice: np.random.Generator, at: int) -> FloatArray:
    """Return a swarm of which four echoes come a look, on its way in at 12 m/s."""
    offset = np.array([-12.0 * at, 0.0, 0.0])
    spread = dice.uniform(-1.0, 1.0, (4, 3)) * (15.0, 0.006, 0.003)
    return np.asarray(TREE + offset + spread + dice.normal(0.0, SIGMA, (4, 3)))


class Map:
    """The map of one radar, given looks of one kind among clutter."""

    def __init__(self, seed: int) -> None:
        self.dice = np.random.default_rng(seed)
        self.site = RadarRange(seed)
        self.source = Source(0, self.site.radar(clutter_per_scan=30.0), TrackerSettings(), crossed=False)
        self.at = 0

    def look(self) -> FloatArray:
        scan = self.site.scan(float(self.at), ())
        return self.source.look(scan)

    def see(self, echoes: FloatArray, claimed: float) -> tuple[FloatArray, FloatArray]:
        """Return the log of how much denser clutter is about each of `echoes`, and over what it deceives."""
        look = self.look()
        strewn = self.dice.uniform((50.0, 0.0, -0.1), (5000.0, 2 * math.pi, 0.7), (30, 3))
        records = np.full((len(echoes) + 30, RECORD), np.nan)
        records[:, MEASURED : MEASURED + 3] = np.concatenate((echoes, strewn))
        records[:, RECORD_SIGMA : RECORD_SIGMA + 3] = SIGMA
        order = np.argsort(records[:, MEASURED + 1], kind="stable")
        density, deceives = clutter_about(self.source.clutter(0), records, look)
        explained = np.concatenate((np.full(len(echoes), claimed), np.zeros(30)))
        learn_clutter(self.source.clutter(0), look, records[order], explained[order], deceives[order])
        self.at += 1
        return density[: len(echoes)] - look[LOG_CLUTTER], deceives[: len(echoes)]


def flagged(what: Looks, seed: int, looks: int) -> list[bool]:
    """Return for each look whether anything seen then stood where the map says that it deceives; a track
    claims all that is seen.
    """
    one = Map(seed)
    return [bool((one.see(what(one.dice, at), 0.95)[1] > 0.0).any()) for at in range(looks)]


def test_a_tree_deceives_after_some_looks_though_tracks_claim_its_echoes() -> None:
    late = [flagged(tree, seed, 60)[20:] for seed in range(20)]
    assert np.mean(late) > 0.6
    assert all(any(one[:20]) for one in late)


@pytest.mark.parametrize("count", [1, 2])
def test_drones_that_hover_do_not_deceive(count: int) -> None:
    told = [np.mean(flagged(hovering(count), seed, 150)) for seed in range(20)]
    assert np.mean(told) < 0.01


def test_a_swarm_on_its_way_does_not_deceive() -> None:
    told = [np.mean(flagged(passing, seed, 60)) for seed in range(20)]
    assert np.mean(told) < 0.02


def test_the_density_about_a_tree_is_what_it_is() -> None:
    one = Map(3)
    log_errors = []
    for at in range(120):
        echoes = tree(one.dice, at)
        excess, deceives = one.see(echoes, 0.0)
        gaps = (echoes - TREE) / TREE_SIGMA
        log_true = math.log(2.0) - 0.5 * (gaps**2).sum(axis=1)
        log_true -= np.log(TREE_SIGMA * math.sqrt(2 * math.pi)).sum() + one.look()[LOG_CLUTTER]
        near = (np.abs(gaps) < 1.5).all(axis=1) & (deceives > 0.0)
        log_errors += list((excess - log_true)[near & (at > 60)])
    assert len(log_errors) > 20
    assert abs(np.mean(log_errors)) < 0.35
    assert np.std(log_errors) < 0.6


def test_fading_the_map_changes_nothing_that_it_says() -> None:
    one = Map(5)
    for at in range(40):
        one.see(tree(one.dice, at), 0.5)
    look = one.look().copy()
    records = np.full((9, RECORD), np.nan)
    records[:, MEASURED : MEASURED + 3] = TREE + np.linspace(-1.0, 1.0, 9)[:, None] * TREE_SIGMA
    records[:, RECORD_SIGMA : RECORD_SIGMA + 3] = SIGMA
    before = clutter_about(one.source.clutter(0), records, look)
    fade_map(one.source.clutter(0), look[SINCE_S])
    look[SINCE_S] = 0.0
    after = clutter_about(one.source.clutter(0), records, look)
    assert before[0] == pytest.approx(after[0], rel=1e-9)
    assert before[1] == pytest.approx(after[1], rel=1e-6)
    assert (before[0] > look[LOG_CLUTTER] + 1.0).all()


def test_the_map_forgets_in_its_memory() -> None:
    one = Map(6)
    for at in range(60):
        one.see(tree(one.dice, at), 0.0)
    assert one.see(TREE[None, :], 0.0)[0][0] > 3.0
    one.at += round(6.0 * MEMORY_S)
    assert one.see(TREE[None, :], 0.0)[0][0] < 0.1


def test_tracks_on_a_tree_end_and_a_drone_that_hovers_stays() -> None:
    """The officer may see one at the tree for half a minute, and the drone from then on without a gap."""
    drone = np.array([1200.0, 900.0, 90.0])
    left: list[int] = []
    held: list[int] = []
    for seed in range(6):
        site = RadarRange(seed)
        tracker = Tracker((site.radar(clutter_per_scan=10.0),))
        for at in range(150):
            crown = [to_enu(echo) for echo in tree(site.dice, at)]
            seen = [drone] if site.dice.random() < 0.9 else []
            tracker.receive(site.scan(float(at), seen + crown, clutter=10))
            if at >= 60:
                shown = tracker.picture(utc_ns(at)).state[:, :3]
                left.append(int(np.sum(np.linalg.norm(shown - to_enu(TREE), axis=1) < 250.0)))
                held.append(int(np.sum(np.linalg.norm(shown - drone, axis=1) < 50.0)))
    assert np.mean(left) < 0.1, f"tracks at the tree: {np.mean(left):.2f}"
    assert np.mean(np.array(held) == 1) > 0.98


def to_enu(echo: FloatArray) -> FloatArray:
    range_m, azimuth, elevation = echo
    ground_m = range_m * math.cos(elevation)
    place = np.array(
        [ground_m * math.sin(azimuth), ground_m * math.cos(azimuth), range_m * math.sin(elevation)]
    )
    assert spherical(place) == pytest.approx(np.array([range_m, azimuth % (2 * math.pi), elevation]))
    return place
