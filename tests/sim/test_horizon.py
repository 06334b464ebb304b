"""The horizon of a stand, against a hand case and against sampling each sight line."""

from __future__ import annotations

import numpy as np

from skykeep.geo.terrain import Terrain
from skykeep.sim.horizon import Horizon
from skykeep.sim.world.model import World


def test_a_wall_hides_what_is_low_behind_it() -> None:
    heights_m = np.zeros((401, 401))
    heights_m[:, 220:223] = 50.0  # a wall 50 m high, 1,000 m east of the middle
    terrain = Terrain(west_m=-10_000.0, south_m=-10_000.0, spacing_m=50.0, heights_m=heights_m)
    horizon = Horizon(terrain, np.array([0.0, 0.0, 10.0]), 6_000.0)
    states = np.array(
        [
            [2_000.0, 0.0, 60.0],  # the line to it passes 35 m up where the wall is
            [2_000.0, 0.0, 110.0],  # and here 60 m
            [-2_000.0, 0.0, 5.0],  # nothing stands to the west
            [800.0, 0.0, 5.0],  # before the wall
        ]
    )
    assert horizon.clear(states).tolist() == [False, True, True, True]


def test_it_agrees_with_sampled_sight_lines(world: World) -> None:
    dice = np.random.default_rng(3)
    stand_m = np.array([-1_000.0, 500.0, 40.0])
    ends = np.column_stack((dice.uniform(-7_000, 7_000, (4_000, 2)), dice.uniform(20.0, 250.0, 4_000)))
    ends[:, 2] = np.maximum(ends[:, 2], world.terrain.up_m(ends[:, 0], ends[:, 1]) + 15.0)
    clear = Horizon(world.terrain, stand_m, 12_000.0).clear(ends)
    sampled = world.terrain.line_of_sight(stand_m, ends)
    assert 0.01 < np.mean(~sampled) < 0.5
    assert np.mean(clear != sampled) < 0.01
