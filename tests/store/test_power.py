"""Killed in the middle, and torn: what was acknowledged is there, the chain holds, the log goes on."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from skykeep.domain.record import EntryRole
from skykeep.evidence.log_walk import walk_log
from skykeep.store.log_database import LogDatabase

ROUNDS = 20

# Writes as fast as it may, in sizes from a few bytes to several pages, and says what is on the disk.
CHILD = """
import os, signal, sys
from pathlib import Path
from skykeep.domain.record import EntryRole
from skykeep.store.log_database import LogDatabase

log = LogDatabase.open(
    Path(sys.argv[1]),
    on_acknowledged=lambda sequence: os.write(1, b"%d\\n" % sequence),
    checkpoint_every_s=0.01,
)
os.write(1, b"0\\n")
for n in range(5_000):
    log.append(7, EntryRole.INPUT, "scan", b"7" * (n * 37 % 9_000 if n % 9 == 0 else 300))
    if n % 90 == 0:
        log.flush()
signal.pause()
"""


def run_and_kill(path: Path, acknowledgements: int) -> int:
    """Let a child write until it has spoken so often, kill it, and return the last that it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, bufsize=0
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(acknowledgements)]
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.readlines()
    complete = [int(line) for line in lines if line.endswith(b"\n")]
    return complete[-1] if complete else 0


@pytest.mark.slow
def test_killed_twenty_times_nothing_acknowledged_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "night.db"
    dice = random.Random(20310503)
    for _ in range(ROUNDS):
        acknowledged = run_and_kill(path, acknowledgements=dice.choice((0, 1, 2, 3, 5, 8, 30)))

        with LogDatabase.open(path) as log:
            report = walk_log(log.entries())
            assert report.first_bad is None
            assert report.entries >= acknowledged
            assert log.append(0, EntryRole.OUTPUT, "restarted", b"{}") == report.entries + 1
    with LogDatabase.open(path) as log:
        assert sum(1 for _ in log.entries(kind="restarted")) == ROUNDS


def test_a_torn_end_of_the_journal_costs_only_what_was_torn(tmp_path: Path) -> None:
    """Copy a log in use as a power cut would leave it, with ever less of its journal."""
    with LogDatabase.open(tmp_path / "night.db", checkpoint_every_s=3_600.0) as log:
        for n in range(1, 41):
            log.append(n, EntryRole.INPUT, "scan", b"7" * 500)
            log.flush()
        database = (tmp_path / "night.db").read_bytes()
        journal = (tmp_path / "night.db-wal").read_bytes()
    survivors = []
    for torn_bytes in range(0, len(journal), len(journal) // 60):
        torn = tmp_path / f"torn{torn_bytes}"
        torn.mkdir()
        (torn / "night.db").write_bytes(database)
        (torn / "night.db-wal").write_bytes(journal[: len(journal) - torn_bytes])
        with LogDatabase.open(torn / "night.db") as log:
            report = walk_log(log.entries())
            assert report.first_bad is None
            survivors.append(report.entries)
            log.append(99, EntryRole.INPUT, "scan", b"{}")
        shutil.rmtree(torn)

    assert survivors[0] == 40
    assert survivors == sorted(survivors, reverse=True)
    assert survivors[-1] < 5
