"""A night killed again and again: `kill_rounds.py FOLDER ROUNDS`, prints one JSON object.

Not a test itself: it forks, so that each round starts with the world grown and the kernels compiled, and a
process with threads of its own must not fork. The child says through a pipe which entries are acknowledged.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from skykeep.app.folder import LOG, verify_log
from skykeep.app.replay import verify_replay
from skykeep.app.summary import run_headless
from skykeep.sim import load_scenario
from skykeep.sim.world import World, build_world
from skykeep.store.log_reader import LogReader
from skykeep.tracking import warm_up

SEED = 4
LONGEST_ROUND_S = 120.0


def run_child(world: World, folder: Path, pipe: int) -> None:
    """Run or go on with the night, and report what is on the disk."""

    def tell(sequence: int) -> None:
        os.write(pipe, b"%d\n" % sequence)

    summary = run_headless(
        load_scenario("the-night"),
        SEED,
        world,
        folder,
        on_acknowledged=tell,
    )
    os.write(pipe, b"done %s\n" % json.dumps(summary["replay_identical"]).encode())
    os._exit(0)


def one_round(world: World, folder: Path, kill_after: int | None) -> tuple[int, bool]:
    """Return the last acknowledged entry and whether the night came to its end.

    The child is killed once it has acknowledged `kill_after` entries beyond those it found.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        run_child(world, folder, writing)
    os.close(writing)
    started_s = time.monotonic()
    acknowledged, ended, first = 0, False, None
    with os.fdopen(reading) as lines:
        for line in lines:
            if line.startswith("done"):
                ended = True
                break
            acknowledged = int(line)
            first = acknowledged if first is None else first
            late = time.monotonic() - started_s > LONGEST_ROUND_S
            if kill_after is not None and (acknowledged - first >= kill_after or late):
                os.kill(child, signal.SIGKILL)
                break
        else:
            ended = False
        if not ended:
            # What was in the pipe before the kill was acknowledged too.
            for line in lines:
                acknowledged = int(line) if not line.startswith("done") else acknowledged
    os.waitpid(child, 0)
    return acknowledged, ended


def main(folder: Path, rounds: int) -> None:
    """Kill `rounds` times, then let the night end."""
    dice = random.Random(20310503)
    world = build_world()
    warm_up()
    lost = broken = 0
    lengths = []
    for _ in range(rounds):
        acknowledged, ended = one_round(world, folder, dice.randrange(20, 330))
        there = verify_log(folder / LOG) if (folder / LOG).exists() else None
        lost += max(0, acknowledged - (there.entries if there is not None else 0))
        broken += int(there is None or there.first_bad is not None)
        lengths.append(there.entries if there is not None else 0)
        if ended:
            break
    _, ended = one_round(world, folder, None)
    last = LogReader(folder / LOG).last_entry()
    print(  # noqa: T201
        json.dumps(
            {
                "seed": SEED,
                "rounds": len(lengths),
                "lost": lost,
                "broken": broken,
                "lengths": lengths,
                "ended": ended,
                "entries": 0 if last is None else last.sequence,
                "replay_identical": verify_replay(folder, world).identical,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
