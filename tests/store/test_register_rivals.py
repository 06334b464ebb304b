"""Several processes at once on one register: of permits that cannot stand together only one is granted."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from made_register import S, permit
from skykeep.domain.permit import GRANTED
from skykeep.store.register import open_register

WAIT_S = 120.0
PROCESSES = 8
ROUNDS = {"sqlite": 5, "postgresql": 25}
RIVAL = Path(__file__).parents[1] / "register_rival.py"


def start(url: str, name: int, rounds: int) -> subprocess.Popen[str]:
    source = str(Path(__file__).parents[2] / "src")
    return subprocess.Popen(
        [sys.executable, str(RIVAL), url, str(name), str(rounds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )


def test_of_eight_processes_that_approve_what_conflicts_one_succeeds(register_url: str) -> None:
    """In each round every process asks for the same place and time at the same moment; a second permit, far
    from all others, is granted to each.
    """
    rounds = ROUNDS["postgresql" if "://" in register_url else "sqlite"]
    open_register(register_url).close()
    granted: Counter[int] = Counter()
    with ExitStack() as stack:
        rivals = [stack.enter_context(start(register_url, name, rounds)) for name in range(PROCESSES)]
        for rival in rivals:
            stack.callback(rival.kill)

        def end() -> None:
            for rival in rivals:
                rival.kill()

        last = threading.Timer(WAIT_S, end)
        last.start()
        stack.callback(last.cancel)
        for rival in rivals:
            assert rival.stdout is not None
            assert rival.stdout.readline() == "ready\n"
        for number in range(rounds):
            for rival in rivals:
                assert rival.stdin is not None
                rival.stdin.write(f"{number}\n")
                rival.stdin.flush()
            for rival in rivals:
                assert rival.stdout is not None
                said = rival.stdout.readline()
                assert said in ("granted\n", "refused\n")
                granted[number] += said == "granted\n"
    assert granted == dict.fromkeys(range(rounds), 1)

    with open_register(register_url) as register:
        read = register.read()
        for number in range(rounds):
            of_round = permit(from_s=100 * number, until_s=100 * number + 100).scope
            inside = of_round.start_utc_ns + 1 * S, of_round.end_utc_ns - 1 * S
            standing = read.permits(GRANTED, None, *inside)
            here = [p for p in standing if not p.permit_id.startswith("far")]
            assert len(here) == 1
        assert len(read.permits(GRANTED)) == rounds + PROCESSES * rounds
        assert [c.sequence for c in read.changes_after(0, 10_000)] == list(
            range(1, rounds * (2 * PROCESSES) + 1)
        )
