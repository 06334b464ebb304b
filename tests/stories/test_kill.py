"""kill -9 in the middle of a night, twenty times: nothing acknowledged is lost, and the night goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from skykeep.app.summary import run_headless
from skykeep.sim import load_scenario
from skykeep.sim.world import World

ROUNDS = 20


@pytest.mark.slow
def test_a_night_killed_twenty_times_loses_nothing_and_ends_as_if_unbroken(
    world: World, tmp_path: Path
) -> None:
    driver = Path(__file__).with_name("kill_rounds.py")
    killed = tmp_path / "killed"
    result = subprocess.run(
        [sys.executable, str(driver), str(killed), str(ROUNDS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["rounds"] == ROUNDS
    assert (told["lost"], told["broken"]) == (0, 0)
    assert told["lengths"] == sorted(told["lengths"])
    assert told["lengths"][0] < told["lengths"][-1] < told["entries"]
    assert told["ended"]
    assert told["replay_identical"]
    unbroken = run_headless(load_scenario("the-night"), told["seed"], world, tmp_path / "unbroken")
    assert unbroken["log"]["entries"] == told["entries"]
