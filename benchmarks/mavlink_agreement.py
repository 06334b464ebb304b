"""Flight recordings read by us and by pymavlink and pyulog: agreement field by field, ratio of speeds.

`python3 x.py bench mavlink_agreement --python OTHER [--recordings FOLDER] [--digests]`. OTHER is a Python
that has pymavlink, in an environment of its own: it is LGPL and no part of Skykeep. Budget: not one field
differs, and not slower than pymavlink, which leaves the fields of a .BIN packed until they are asked for.
Digests are what `authorities/mavlink_recordings.json` keeps of the outside decode, so that a test can compare
without it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

TLOG, BIN = "uavlogviewer/vtol.tlog", "pyflightcoach/pilot_0004.BIN"
ULOGS = ("pyulog/sample_log_small.ulg", "pyulog/sample_px4_events.ulg")
BEST_OF = 3

Row = tuple[str, list[int], dict[str, Any]]

ORACLE = """
import json, os, sys, time
os.environ["MAVLINK20"] = "1"
from pymavlink import mavutil
path, best_of = sys.argv[1], int(sys.argv[2])
def run():
    log = mavutil.mavlink_connection(path, dialect="ardupilotmega")
    rows, began = [], time.perf_counter()
    while (message := log.recv_msg()) is not None:
        rows.append(message)
    return rows, time.perf_counter() - began
runs = [run() for _ in range(best_of)]
rows = runs[0][0]
print(json.dumps([len(rows), min(seconds for _, seconds in runs)]))
def plain(value):
    return {"bytes": value.hex()} if isinstance(value, (bytes, bytearray)) else str(value)
for row in rows:
    fields = row.to_dict()
    name = fields.pop("mavpackettype")
    head = [] if path.endswith(".BIN") else [
        round(row._timestamp * 1e6), row.get_srcSystem(), row.get_srcComponent(), row.get_seq()]
    print(json.dumps([name, head, fields], default=plain))
"""


def outside(python: str, path: Path) -> tuple[list[Row], float]:
    """Return what pymavlink reads, and its messages per second."""
    command = [python, "-c", ORACLE, str(path), str(BEST_OF)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    number, seconds = json.loads(lines[0])
    return [(row[0], row[1], row[2]) for row in map(json.loads, lines[1:])], number / seconds


def our_tlog(data: bytes) -> Iterator[Row]:
    """Yield what we read in a tlog."""
    from skykeep.wire.mavlink import Frame, decode_message
    from skykeep.wire.mavlink_tlog import read_tlog

    for timed in read_tlog(data):
        if isinstance(timed.found, Frame):
            message = decode_message(timed.found)
            head = [
                timed.received_utc_ns // 1_000,
                message.system_id,
                message.component_id,
                message.sequence,
            ]
            yield message.name, head, message.fields


def our_bin(data: bytes) -> Iterator[Row]:
    """Yield what we read in a DataFlash log."""
    from skykeep.wire.dataflash import DataflashReader

    for message in DataflashReader(data, Counter()).messages():
        yield message.name, [], message.fields


def canonical(row: Row) -> bytes:
    """Return a row as octets that are the same for the same values, whoever read them."""
    name, head, fields = row
    return json.dumps([name, head, fields], sort_keys=True, default=_hex).encode()


def _hex(octets: bytes) -> dict[str, str]:
    return {"bytes": octets.hex()}


def digests(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """Return for each kind of message how many there are and the SHA-256 of all of them."""
    sums: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row[0]] += 1
        sums.setdefault(row[0], hashlib.sha256()).update(canonical(row))
    return {name: [counts[name], sums[name].hexdigest()] for name in sorted(sums)}


def differing(ours: list[Row], theirs: list[Row]) -> tuple[int, int]:
    """Return how many values were compared and how many differ; a row too many or too few counts as one."""
    compared = different = 0
    for mine, other in zip(ours, theirs, strict=False):
        compared += len(other[2]) + 1
        if canonical(mine) == canonical(other):
            continue
        different += int(mine[:2] != other[:2])
        names = mine[2].keys() | other[2].keys()
        different += sum(_differ(mine[2].get(n), other[2].get(n)) for n in names)
    return compared, different + abs(len(ours) - len(theirs))


def _differ(mine: Any, other: Any) -> bool:
    return json.dumps(mine, default=_hex) != json.dumps(other, default=_hex)


def compare_ulog(path: Path) -> tuple[int, int, int]:
    """Return rows, values compared and values that differ between our tables and pyulog's."""
    import numpy as np
    import pyulog  # type: ignore[import-untyped]

    from skykeep.feeds.ulog_file import UlogFile

    tables = UlogFile(path.read_bytes(), Counter()).tables
    theirs = pyulog.ULog(str(path)).data_list
    rows = compared = 0
    different = abs(len(tables) - len(theirs))
    for mine, other in zip(tables, theirs, strict=False):
        different += int((mine.topic, mine.instance) != (other.name, other.multi_id))
        rows += len(other.data["timestamp"])
        for name, column in other.data.items():
            compared += len(column)
            same = name in mine.columns and np.array_equal(mine.columns[name], column, equal_nan=True)
            different += 0 if same else len(column)
    return rows, compared, different


def main() -> int:
    """Print the table and return 1 when a field differs or we are slower."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", required=True, help="a Python that has pymavlink")
    beside = Path(__file__).parents[2] / "shared" / "data"
    default = Path(os.environ.get("SKYKEEP_RECORDINGS", beside))
    help_ = "the folder that holds the folder mavlink"
    parser.add_argument("--recordings", type=Path, default=default, help=help_)
    parser.add_argument("--digests", action="store_true", help="print digests of the outside decode, only")
    options = parser.parse_args()
    folder = options.recordings / "mavlink"
    missed = False
    kept: dict[str, dict[str, list[Any]]] = {}
    head = f"{'recording':<30} {'messages':>9} {'values':>9} {'differ':>7} {'ours /s':>9} {'theirs /s':>9}"
    lines = [f"{head}  ratio"]
    for name, read in ((TLOG, our_tlog), (BIN, our_bin)):
        data = (folder / name).read_bytes()
        theirs, their_rate = outside(options.python, folder / name)
        kept[name] = digests(theirs)
        best_s = float("inf")
        for _ in range(BEST_OF):
            began_s = time.perf_counter()
            ours = list(read(data))
            best_s = min(best_s, time.perf_counter() - began_s)
        compared, different = differing(ours, theirs)
        our_rate = len(ours) / best_s
        missed |= bool(different) or our_rate < their_rate
        lines.append(
            f"{name:<30} {len(ours):9,} {compared:9,} {different:7} {our_rate:9,.0f} {their_rate:9,.0f}"
            f"  {our_rate / their_rate:.1f}"
        )
    if options.digests:
        print(json.dumps(kept, indent=0))
        return 0
    for name in ULOGS:
        rows, compared, different = compare_ulog(folder / name)
        missed |= bool(different)
        lines.append(f"{name:<30} {rows:9,} {compared:9,} {different:7}   (pyulog reads for both)")
    print("\n".join(lines))
    print("budget: 0 differ, ratio 1 or more:", "MISSED" if missed else "ok")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
