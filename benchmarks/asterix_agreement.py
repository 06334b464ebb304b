"""Do others read ASTERIX as we do? Field by field, on every recording, as a table.

`python3 x.py bench asterix_agreement [--other-python PATH | --make-environment DIR] [--show N]`. Three
readers are set against ours: *libasterix* (our compiled reader against it, exactly), *tshark* where it is
installed, and *asterix-decoder* from PyPI, which lives in an environment of its own because the two packages
share the name `asterix`. Each is given the very blocks that we cut out of the file, and we read with the
edition that it has. A field counts when both name it alike and the other decodes it; numbers are alike to the
digits printed. Returns 1 when libasterix differs anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import hexdigits
from typing import Any

from skykeep.base.errors import DecodeError, SetupError
from skykeep.wire.asterix import AsterixRecord, Block, decode_block, split_blocks
from skykeep.wire.asterix_editions import choose_edition, known_categories
from skykeep.wire.asterix_fast import read_block
from skykeep.wire.capture import is_capture, read_capture

RECORDINGS = Path(os.environ.get("SKYKEEP_RECORDINGS", Path(__file__).parents[2] / "shared" / "data"))
FILES = (".pcap", ".raw", ".ast", ".bin", ".gps")
PORT = 8_600
# The editions that the others were built with, where we have them.
THEIRS = {
    "libasterix": {},
    "tshark": {1: "1.4", 2: "1.1", 10: "1.1", 19: "1.3", 20: "1.10", 21: "2.6", 34: "1.29", 48: "1.31",
               62: "1.19", 63: "1.6", 65: "1.5"},
    "asterix-decoder": {1: "1.2", 2: "1.0", 10: "1.1", 19: "1.3", 20: "1.10", 21: "2.6", 34: "1.27",
                        48: "1.21", 62: "1.18", 63: "1.3", 65: "1.3"},
}  # fmt: skip
Fields = dict[str, list[Any]]

ASK_OTHER = """
import asterix, json, sys
for line in sys.stdin:
    print(json.dumps(asterix.parse(bytes.fromhex(line), verbose=False)), flush=True)
"""


def blocks_of(path: Path) -> list[Block]:
    """Return every block of a recording, each once."""
    data = path.read_bytes()
    known = set(known_categories())
    payloads = [one.payload for one in read_capture(data, Counter())] if is_capture(data) else [data]
    found = [block for payload in payloads for block in split_blocks(payload, known.__contains__)[0]]
    return list({block.data: block for block in found}.values())


def our_fields(record: AsterixRecord) -> Fields:
    """Return {`040/RHO`: [values]}: repetitions side by side."""
    found: Fields = {}

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, below in value.items():
                walk(f"{path}/{name}", below)
        elif isinstance(value, list):
            for below in value:
                walk(path, below)
        else:
            found.setdefault(path, []).append(value)

    for number, item in record.items.items():
        walk(number, item)
    return found


def read_ours(blocks: Sequence[Block], editions: dict[int, str]) -> list[list[Fields] | None]:
    """Return our fields of each block, None where we refuse it."""
    out: list[list[Fields] | None] = []
    for block in blocks:
        try:
            edition = choose_edition(block.category, editions.get(block.category))
            out.append([our_fields(record) for record in read_block(block, edition)])
        except (DecodeError, SetupError):
            out.append(None)
    return out


def read_libasterix(blocks: Sequence[Block]) -> list[list[Fields] | None]:
    """Return libasterix's fields of each block."""
    out: list[list[Fields] | None] = []
    for block in blocks:
        try:
            out.append([our_fields(one) for one in decode_block(block, choose_edition(block.category))])
        except DecodeError:
            out.append(None)
    return out


def read_tshark(blocks: Sequence[Block]) -> list[list[Fields] | None]:
    """Return tshark's fields of each block, each sent as a datagram of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blocks.pcap"
        path.write_bytes(capture_of([block.data for block in blocks]))
        command = ["tshark", "-r", str(path), "-d", f"udp.port=={PORT},asterix", "-T", "json"]
        answer = subprocess.run(
            [*command, "--no-duplicate-keys"], capture_output=True, check=True, timeout=600
        )
    trees = [packet["_source"]["layers"] for packet in json.loads(answer.stdout)]
    return [
        None
        if "_ws.malformed" in json.dumps(tree)
        else [_tshark_record(message) for message in _messages(tree.get("asterix"))] or None
        for tree in trees
    ]


def capture_of(payloads: Sequence[bytes]) -> bytes:
    """Return a pcap of UDP datagrams over raw IPv4."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)]
    here = b"\x7f\0\0\1"
    for payload in payloads:
        udp = struct.pack(">HHHH", PORT, PORT, 8 + len(payload), 0) + payload
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, here, here)
        out.append(struct.pack("<IIII", 0, 0, len(ip + udp), len(ip + udp)) + ip + udp)
    return b"".join(out)


def _messages(tree: Any) -> list[dict[str, Any]]:
    messages = tree.get("asterix.message") if isinstance(tree, dict) else None
    found = messages if isinstance(messages, list) else [messages]
    return [message for message in found if isinstance(message, dict)]


def _tshark_record(message: dict[str, Any]) -> Fields:
    found: Fields = {}

    def walk(key: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, below in value.items():
                walk(name, below)
        elif isinstance(value, list):
            for below in value:
                walk(key, below)
        elif key.startswith("asterix.") and key[8:11].isdigit():
            path = key[12:].removesuffix("_VALUE").replace("_", "/")
            found.setdefault(path, []).append(value)

    walk("", message)
    return found


def read_other(blocks: Sequence[Block], python: Path) -> list[list[Fields] | None]:
    """Return asterix-decoder's fields of each block."""
    lines = "".join(block.data.hex() + "\n" for block in blocks)
    answer = subprocess.run(
        [python, "-c", ASK_OTHER], input=lines, capture_output=True, text=True, check=True, timeout=600
    )
    return [
        [_other_record(record) for record in json.loads(line)] or None for line in answer.stdout.splitlines()
    ]


def _other_record(record: dict[str, Any]) -> Fields:
    found: Fields = {}

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict) and "val" in value:
            found.setdefault(path, []).append(value["val"])
        elif isinstance(value, dict):
            for name, below in value.items():
                walk(f"{path}/{name}", below)
        elif isinstance(value, list):
            for below in value:
                walk(path, below)

    for name, item in record.items():
        if name.startswith("I") and name[1:].isdigit():
            # An item of one value has a name of its own there, and none in the standard's tables.
            alone = isinstance(item, dict) and len(item) == 1 and "val" in next(iter(item.values()), {})
            walk(name[1:], next(iter(item.values())) if alone else item)
    return found


def same(ours: Any, theirs: Any) -> bool:
    """Return whether two values are one: numbers to the digits printed, octal codes as numbers or digits,
    texts without blanks and control characters.
    """
    if isinstance(ours, str):
        text = _letters(str(theirs).removeprefix("0x").replace(":", ""))
        octal = ours.isdigit() and "8" not in ours and "9" not in ours
        return _letters(ours) == text or (octal and text.isdigit() and int(ours, 8) == int(text))
    digits = str(theirs).removeprefix("0x")
    if (
        isinstance(ours, int)
        and all(digit in hexdigits for digit in digits)
        and int(digits or "0", 16) == ours
    ):
        return True
    try:
        return bool(abs(float(digits) - ours) <= max(1e-9, 6e-7 * abs(ours)))
    except ValueError:
        return False


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isprintable() and not letter.isspace())


def compare(
    ours: Sequence[list[Fields] | None], theirs: Sequence[list[Fields] | None], counts: Counter[str]
) -> list[str]:
    """Count what both read and what one alone does; return the differences as sentences."""
    differences = []
    for mine, other in zip(ours, theirs, strict=True):
        if mine is None or other is None or len(mine) != len(other):
            both = "both refuse" if mine is None and other is None else "blocks read by one alone"
            counts["blocks alike" if both == "both refuse" else both] += 1
            continue
        counts["records"] += len(mine)
        for a, b in zip(mine, other, strict=True):
            names = {_plain_name(name): name for name in b}
            for name, values in a.items():
                there = names.get(_plain_name(name))
                if there is None or len(b[there]) != len(values) or "" in b[there]:
                    counts["named otherwise"] += 1
                    continue
                agree = all(map(same, values, b[there]))
                counts["agree" if agree else "differ"] += 1
                if not agree:
                    differences.append(f"{name}: ours {values[:3]}, theirs {b[there][:3]}")
    return differences


def _plain_name(name: str) -> str:
    """Return a field's name without what only tells decoders apart: case, signs, a repeated last part."""
    parts = ["".join(letter for letter in part.lower() if letter.isalnum()) for part in name.split("/")]
    return "/".join(parts)


def paths() -> Iterator[Path]:
    """Yield the recordings."""
    yield from (path for path in sorted((RECORDINGS / "asterix").rglob("*")) if path.suffix in FILES)


def make_environment(folder: Path) -> Path:
    """Return the Python of a new environment that has asterix-decoder."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "asterix_decoder"], check=True)
    return python


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--other-python", type=Path, help="A Python that has asterix-decoder.")
    parser.add_argument("--make-environment", type=Path, help="Make one there.")
    parser.add_argument("--show", type=int, default=0, help="Print so many differences of each reader.")
    options = parser.parse_args()
    other_python = options.other_python
    if options.make_environment:
        other_python = make_environment(options.make_environment)
    readers: dict[str, Any] = {"libasterix": read_libasterix}
    if shutil.which("tshark"):
        readers["tshark"] = read_tshark
    if other_python:
        readers["asterix-decoder"] = lambda blocks: read_other(blocks, other_python)
    failed = False
    for reader, read in readers.items():
        print(f"\n{reader}")
        print(f"{'recording':<26} {'blocks':>6} {'records':>7} {'fields':>7} {'agree':>7} {'differ':>6} "
              f"{'named otherwise':>15} {'read by one alone':>17}")  # fmt: skip
        total: Counter[str] = Counter()
        differences: Counter[str] = Counter()
        for path in paths():
            counts: Counter[str] = Counter()
            blocks = blocks_of(path)
            if not blocks:
                continue
            sentences = compare(read_ours(blocks, THEIRS[reader]), read(blocks), counts)
            differences.update(f"{path.name}: {sentence}" for sentence in sentences)
            counts["blocks"] = len(blocks)
            total += counts
            _print_row(path.name, counts)
        _print_row("all", total)
        for sentence, times in differences.most_common(options.show):
            print(f"  {times:>4} x {sentence}")
        failed |= reader == "libasterix" and bool(total["differ"] or total["blocks read by one alone"])
    return int(failed)


def _print_row(name: str, counts: Counter[str]) -> None:
    fields = counts["agree"] + counts["differ"]
    alone = counts["blocks read by one alone"]
    print(f"{name:<26} {counts['blocks']:>6} {counts['records']:>7} {fields:>7} {counts['agree']:>7} "
          f"{counts['differ']:>6} {counts['named otherwise']:>15} {alone:>17}")  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
