"""A log whose machine fails: killed while it writes, torn where it wrote last, full. Each round says with an
AssertionError what was lost; `benchmarks/log_power.py` does them by the hundred.

Full is tried three ways. SQLite's own page limit refuses at any page, also where no file grows. A small file
system (tmpfs, which takes the right to mount) is really full: ENOSPC from the kernel, for the log, its
journal and the notes beside it. A limit on the size of files (RLIMIT_FSIZE, EFBIG) takes no right at all, and
is for the log an error like any other: it stops.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from skykeep.domain.record import EntryRole
from skykeep.evidence.log_walk import WalkReport, walk_log
from skykeep.store.log_database import LogDatabase

# Writes as fast as it may, in sizes from a few bytes to several pages, and says what is on the disk.
CHILD = """
import os, resource, signal, sqlite3, sys
from pathlib import Path
from skykeep.base.errors import IntegrityError, LinkError
from skykeep.domain.record import EntryRole
from skykeep.store.log_database import LogDatabase

log = LogDatabase.open(
    Path(sys.argv[1]),
    on_acknowledged=lambda sequence: os.write(1, b"%d\\n" % sequence),
    checkpoint_every_s=0.01,
)
os.write(1, b"0\\n")
how, limit = sys.argv[2], int(sys.argv[3])
if how == "pages":
    # What a disk does that holds so many pages more, and not one after that.
    sqlite = log._connection.connection.driver_connection
    pages = sqlite.execute("PRAGMA page_count").fetchone()[0]
    sqlite.execute(f"PRAGMA max_page_count = {pages + limit}")
if how == "bytes":
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    for n in range(5_000):
        log.append(7, EntryRole.INPUT, "scan", b"7" * (n * 37 % 9_000 if n % 9 == 0 else 300))
        if n % 90 == 0:
            log.flush()
except LinkError:
    os.write(1, b"full\\n")
except IntegrityError:
    os.write(1, b"stopped\\n")
signal.pause()
"""
WORDS = (b"full\n", b"stopped\n")
MOST_BYTES = 64 << 20


def run_and_kill(
    path: Path, acknowledgements: int, how: str = "", limit: int = 0, disk: Path | None = None
) -> tuple[int, bytes]:
    """Let a child write until it has spoken so often, or where there is a limit (`how`: "pages", "bytes" of
    a file, or the "disk") until it can write no more, kill it, and return the last entry that it acknowledged
    and the word with which it stopped. Where a `disk` is given, room is made on it, and it must go on first.
    """
    command = [sys.executable, "-c", CHILD, str(path), how, str(limit)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as child:
        assert child.stdout is not None
        lines: list[bytes] = []
        while len(lines) < acknowledgements or how:
            lines.append(child.stdout.readline())
            if lines[-1] in (*WORDS, b""):
                break
        word = lines[-1] if lines else b""
        if disk is not None and word == b"full\n":
            make_room(disk)
            lines.append(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.readlines()
    numbers = [int(line) for line in lines if line.endswith(b"\n") and line not in WORDS]
    return max(numbers, default=0), word


@contextlib.contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[Path]:
    """Give a file system of that size, in memory; PermissionError where nobody may mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder)]
    mounted = subprocess.run(asked, check=False, capture_output=True, text=True)
    if mounted.returncode:
        raise PermissionError(mounted.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def make_room(disk: Path) -> None:
    """Make a small disk a large one."""
    subprocess.run(["mount", "-o", f"remount,size={MOST_BYTES}", str(disk)], check=True)


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
    acknowledged, word = run_and_kill(path, 0, "pages", dice.randrange(1, 200))
    assert word == b"full\n", f"the disk never was full: {word!r}"
    check(path, acknowledged)


def full_disk_round(folder: Path, dice: random.Random) -> None:
    """Let a child fill a real file system, and kill it there, or once it went on because room was made."""
    with small_disk(folder, dice.randrange(256, 3_000) << 10) as disk:
        goes_on = dice.random() < 0.5
        path = disk / "night" / "night.db"
        acknowledged, word = run_and_kill(path, 0, "disk", disk=disk if goes_on else None)
        assert word == b"full\n", f"the disk never was full: {word!r}"
        make_room(disk)
        check(path, acknowledged)


def file_limit_round(path: Path, dice: random.Random) -> None:
    """Let a child write until no file may grow any more, and kill it there."""
    acknowledged, word = run_and_kill(path, 0, "bytes", dice.randrange(64, 1_500) << 10)
    assert word == b"stopped\n", f"it was never stopped: {word!r}"
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
