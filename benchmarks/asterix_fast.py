"""How fast ASTERIX is read: our compiled reader against libasterix, in one run, on one core.

`python3 x.py bench asterix_fast [--records N]`. Budget: 20,000 CAT048 and 10,000 CAT062 records a second.
The blocks are real ones where recordings lie beside the checkout (SKYKEEP_RECORDINGS), else made ones. Three
ways are timed: *columns* (many blocks at once), *records* (one block at a time into plain mappings, as a
live feed does) and *libasterix* (the same mappings by its tables). Seconds are the processor's own,
so that other work on the machine counts little.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from skykeep.base.errors import DecodeError
from skykeep.wire.asterix import Block, decode_block, split_blocks
from skykeep.wire.asterix_editions import choose_edition, known_categories
from skykeep.wire.asterix_fast import read_block, read_columns
from skykeep.wire.capture import is_capture, read_capture

BUDGET = {48: 20_000, 62: 10_000}
CATEGORIES = (48, 62, 34, 10, 21)
RECORDINGS = Path(os.environ.get("SKYKEEP_RECORDINGS", Path(__file__).parents[2] / "shared" / "data"))
FILES = (".pcap", ".raw", ".ast", ".bin", ".gps")


def real_blocks() -> dict[int, list[Block]]:
    """Return the readable blocks of every recording, by category."""
    known = set(known_categories())
    found: dict[int, list[Block]] = {category: [] for category in CATEGORIES}
    for path in sorted((RECORDINGS / "asterix").rglob("*")):
        if path.suffix not in FILES:
            continue
        data = path.read_bytes()
        payloads = [one.payload for one in read_capture(data, Counter())] if is_capture(data) else [data]
        for payload in payloads:
            for block in split_blocks(payload, known.__contains__)[0]:
                if block.category in found and _is_readable(block):
                    found[block.category].append(block)
    return found


def _is_readable(block: Block) -> bool:
    try:
        return len(read_block(block, choose_edition(block.category))) > 0
    except DecodeError:
        return False


def made_block(category: int) -> Block:
    """Return a block of one plain record, for a category without a readable recording."""
    tables = {
        10: ("0a000d", "c0" + "1901" + "01"),
        21: ("15000a", "80" + "1901"),
        34: ("22000b", "f0" + "1901" + "02" + "708000" + "40"),
        48: ("300012", "f0" + "1901" + "708000" + "a0" + "0a002000"),
        62: ("3e000f", "98" + "1901" + "708000" + "00b6000000b60000"),
    }
    payload = bytes.fromhex(tables[category][1])
    return Block(category=category, data=bytes([category]) + (3 + len(payload)).to_bytes(2, "big") + payload)


def records_per_s(read: Callable[[], int], least_s: float) -> float:
    """Return how many records a second `read` reads, over at least so long, the first call not counted."""
    read()
    count, began_s = 0, time.process_time()
    while time.process_time() - began_s < least_s:
        count += read()
    return count / (time.process_time() - began_s)


def main() -> int:
    """Print the table and return 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=2_000, help="Records handed over at once.")
    parser.add_argument("--seconds", type=float, default=2.0, help="How long each way is timed.")
    options = parser.parse_args()
    found = real_blocks()
    missed = []
    print("category  blocks from  octets   columns/s   records/s  libasterix/s   ratio (columns, records)")
    for category in CATEGORIES:
        edition = choose_edition(category)
        real = found[category]
        source = real or [made_block(category)]
        blocks = (source * (options.records // len(source) + 1))[: options.records]
        one_by_one = blocks[:200]

        def columns() -> int:
            read = read_columns(blocks, edition)  # noqa: B023 - called within this turn only
            assert read is not None
            return len(read)

        def records() -> int:
            return sum(len(read_block(block, edition)) for block in blocks)  # noqa: B023

        def slow() -> int:
            return sum(len(decode_block(block, edition)) for block in one_by_one)  # noqa: B023

        fast, single, base = (records_per_s(way, options.seconds) for way in (columns, records, slow))
        octets = sum(len(block.data) for block in blocks) / columns()
        print(
            f"CAT{category:03d}    {'recordings' if real else 'made':<12} {octets:>6.0f}  {fast:>10,.0f}  "
            f"{single:>10,.0f}  {base:>12,.0f}   {fast / base:>6.0f} {single / base:>6.1f}"
        )
        if min(fast, single) < BUDGET.get(category, 0):
            missed.append(f"CAT{category:03d}: {min(fast, single):,.0f}, must be {BUDGET[category]:,}")
    for sentence in missed:
        print(f"missed: {sentence}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
