"""How many entries a second the log takes, durable and in its tree, beside plain SQLite inserts in one run.

Budget: 10,000 entries/s of 400 bytes sustained with every entry acknowledged at the end.

    python benchmarks/log_append.py [--entries 300000] [--bytes 400] [--dir DIR]

The runs take turns and the best of each counts, for the machine may be shared. Plain SQLite means one table
of the same columns without digests, tree, index or guards, the same pragmas, and groups of 100 or of 1,000:
the log's own groups grow while it waits for the disk.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from skykeep.domain.record import EntryRole
from skykeep.store.log_database import LogDatabase

BUDGET_PER_S = 10_000
ROUNDS = 3
GROUPS = (100, 1_000)


def log_per_s(directory: Path, entries: int, payload: bytes) -> float:
    """Return entries a second from the first append to the last acknowledgement."""
    with LogDatabase.open(directory / "night.db") as log:
        start_s = time.perf_counter()
        for n in range(entries):
            log.append(n, EntryRole.INPUT, "scan", payload)
        log.flush()
        return entries / (time.perf_counter() - start_s)


def plain_per_s(directory: Path, entries: int, payload: bytes, group: int) -> float:
    """Return the same for bare inserts in groups of `group`."""
    directory.mkdir()
    connection = sqlite3.connect(directory / "plain.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE entry (sequence INTEGER PRIMARY KEY, time INTEGER, role TEXT, kind TEXT, digest BLOB,"
        " segments BLOB, payload BLOB)"
    )
    connection.commit()
    digest, segments = b"0" * 32, b"0" * 21
    start_s = time.perf_counter()
    for first in range(0, entries, group):
        rows = [(n + 1, n, "input", "scan", digest, segments, payload) for n in range(first, first + group)]
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
    rate = entries / (time.perf_counter() - start_s)
    connection.close()
    return rate


def latency_ms(directory: Path, payload: bytes, entries: int = 200) -> list[float]:
    """Return how long single entries took from the call until they were on the disk, sorted."""
    took = []
    with LogDatabase.open(directory / "night.db") as log:
        for n in range(entries):
            start_s = time.perf_counter()
            log.append(n, EntryRole.INPUT, "scan", payload)
            log.flush()
            took.append((time.perf_counter() - start_s) * 1e3)
    return sorted(took)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--entries", type=int, default=300_000)
    parser.add_argument("--bytes", type=int, default=400)
    parser.add_argument("--dir", type=Path, default=None, help="Where to write: the disk that is measured.")
    options = parser.parse_args()
    payload = b'{"x":"' + b"7" * (options.bytes - 8) + b'"}'
    with tempfile.TemporaryDirectory(dir=options.dir, prefix="skykeep-bench-") as folder:
        kept: list[float] = []
        plain: dict[int, list[float]] = {group: [] for group in GROUPS}
        for n in range(ROUNDS):
            kept.append(log_per_s(Path(folder) / f"log{n}", options.entries, payload))
            for group in GROUPS:
                place = Path(folder) / f"plain{n}-{group}"
                plain[group].append(plain_per_s(place, options.entries, payload, group))
        single = latency_ms(Path(folder) / "single", payload)
    best = max(kept)
    print(f"{options.entries:,} entries of {options.bytes} bytes, best (worst) of {ROUNDS}")
    print(f"| log, in its tree and durable | {best:10,.0f} /s | ({min(kept):,.0f}) |")
    for group, rates in plain.items():
        ratio = best / max(rates)
        says = f"{max(rates):10,.0f} /s | ({min(rates):,.0f}) | log is x {ratio:.2f}"
        print(f"| plain SQLite, groups of {group} | {says} |")
    print(f"| one entry, flushed at once | {single[len(single) // 2]:.1f} ms | 99 %: {single[-3]:.1f} ms |")
    within = best >= BUDGET_PER_S
    print(f"budget {BUDGET_PER_S:,} /s: {'within' if within else 'OUTSIDE'}")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
