"""A log whose machine fails: killed while it writes, torn where it wrote last, full. Each round says with an
AssertionError what was lost; `benchmarks/log_power.py` does a hundred of them.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from skykeep.domain.record import EntryRole
from skykeep.evidence.log_walk import WalkReport, walk_log
from skykeep.store.log_database import LogDatabase

# Writes as fast as it may, in sizes from a few bytes to several pages, and says what is on the disk.
CHILD = """
import os, signal, sqlite3, sys
from pathlib import Path
from skykeep.base.errors import LinkError
from skykeep.domain.record import EntryRole
from skykeep.store.log_database import LogDatabase

log = LogDatabase.open(
    Path(sys.argv[1]),
    on_acknowledged=lambda sequence: os.write(1, b"%d\\n" % sequence),
    checkpoint_every_s=0.01,
)
os.write(1, b"0\\n")
if len(sys.argv) > 2:
    # What a disk does that holds so many pages more, and not one after that.
    sqlite = log._connection.connection.driver_connection
    pages = sqlite.execute("PRAGMA page_count").fetchone()[0]
    sqlite.execute(f"PRAGMA max_page_count = {pages + int(sys.argv[2])}")
try:
    for n in range(5_000):
        log.append(7, EntryRole.INPUT, "scan", b"7" * (n * 37 % 9_000 if n % 9 == 0 else 300))
        if n % 90 == 0:
            log.flush()
except LinkError:
    os.write(1, b"full\\n")
signal.pause()
"""


def run_and_kill(path: Path, acknowledgements: int, pages: int | None = None) -> tuple[int, bool]:
    """Let a child write until it has spoken so often (with `pages`: until its disk is full), kill it, and
    return the last entry that it acknowledged and whether it found the disk full.
    """
    more = [] if pages is None else [str(pages)]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), *more], stdout=subprocess.PIPE, bufsize=0
    ) as child:
        assert child.stdout is not None
        lines: list[bytes] = []
        while len(lines) < acknowledgements or pages is not None:
            lines.append(child.stdout.readline())
            if lines[-1] in (b"full\n", b""):
                break
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.readlines()
    numbers = [int(line) for line in lines if line.endswith(b"\n") and line != b"full\n"]
    return max(numbers, default=0), b"full\n" in lines


def check(path: Path, acknowledged: int) -> int:
    """Open the log again, see that it is whole, go on with it, and return how many entries it held."""
    with LogDatabase.open(path) as log:
        report = _walk(log)
        assert report.first_bad is None, report.first_bad
        assert report.missing_end is None, report.missing_end
        assert report.entries >= acknowledged, f"{acknowledged} acknowledged, {report.entries} there"
        assert log.append(0, EntryRole.OUTPUT, "restarted", b"{}") == report.entries + 1
        return report.entries


def _walk(log: LogDatabase) -> WalkReport:
    with log.reader.tree() as tree:
        return walk_log(log.entries(), stored_node=tree.node, checkpoints=(log.reader.last_checkpoint(),))


def killed_round(path: Path, dice: random.Random) -> None:
    """Kill a child that goes on with the log at `path`."""
    acknowledged, _ = run_and_kill(path, dice.choice((0, 1, 2, 3, 5, 8, 30)))
    check(path, acknowledged)


def full_round(path: Path, dice: random.Random) -> None:
    """Let a child fill the disk with the log at `path`, and kill it there."""
    acknowledged, full = run_and_kill(path, 0, pages=dice.randrange(1, 200))
    assert full, "the disk never was full"
    check(path, acknowledged)


def torn_round(folder: Path, dice: random.Random) -> None:
    """Copy a log in use as a power cut leaves it: what was written after the last acknowledgement is cut off
    at any byte, and the last page of it may hold anything.
    """
    path = folder / "used" / "night.db"
    with LogDatabase.open(path, checkpoint_every_s=dice.choice((0.0, 3_600.0))) as log:
        for n in range(dice.randrange(1, 60)):
            log.append(n, EntryRole.INPUT, "scan", b"7" * dice.randrange(3_000))
            if dice.random() < 0.3:
                log.flush()
        log.flush()
        acknowledged = log.acknowledged()
        journal = path.with_name("night.db-wal")
        safe_bytes = journal.stat().st_size
        for n in range(dice.randrange(1, 40)):
            log.append(n, EntryRole.INPUT, "scan", b"7" * dice.randrange(3_000))
        log.flush()
        torn = folder / "torn"
        torn.mkdir()
        shutil.copyfile(path, torn / "night.db")
        data = bytearray(journal.read_bytes())
    cut_at = dice.randrange(safe_bytes, len(data) + 1)
    torn_from = max(safe_bytes, cut_at - dice.randrange(4_096))
    data[torn_from:cut_at] = dice.randbytes(cut_at - torn_from)
    (torn / "night.db-wal").write_bytes(data[:cut_at])
    check(torn / "night.db", acknowledged)
    shutil.rmtree(torn)
    shutil.rmtree(folder / "used")
