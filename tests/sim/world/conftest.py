from __future__ import annotations

import os
from pathlib import Path

import pytest

from skykeep.sim.world import World, build_world


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(7)


@pytest.fixture(scope="session")
def extracts() -> Path:
    """Where the real OpenStreetMap extracts lie, if they are here."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("SKYKEEP_SHARED_DATA", beside)) / "map"
    if not folder.is_dir():
        pytest.skip(f"no OpenStreetMap extracts in {folder}; point SKYKEEP_SHARED_DATA at the data folder")
    return folder
