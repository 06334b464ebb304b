"""One whole night, run once and looked at by many stories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from skykeep.app.summary import run_headless
from skykeep.sim import load_scenario
from skykeep.sim.world import World, build_world

SEED = 1


@pytest.fixture(scope="session")
def world() -> World:
    return build_world()


@pytest.fixture(scope="session")
def night(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """Return the summary of the night and the folder that keeps it; nobody may change the folder."""
    folder = tmp_path_factory.mktemp("night")
    return run_headless(load_scenario("the-night"), SEED, world, folder), folder
