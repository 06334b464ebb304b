"""How Remote ID agrees with the reference program: every vector and every capture, field by field.

Budget: no difference but what is listed as refused on purpose. `python3 x.py bench remoteid_agreement
[--recordings DIR]` needs the recordings beside the checkout (SKYKEEP_RECORDINGS, or ../shared/data).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from skykeep.base.errors import DecodeError, InputError
from skykeep.wire.capture import read_packets
from skykeep.wire.remoteid import decode_message, decode_pack
from skykeep.wire.remoteid_carriers import messages_of, read_octets, read_packet
from skykeep.wire.remoteid_encode import encode_message, join_pack
from skykeep.wire.remoteid_reference import from_reference, reference_field, to_reference

KINDS = {
    0: "Basic ID",
    1: "Location",
    2: "Authentication",
    3: "Self ID",
    4: "System",
    5: "Operator ID",
    15: "pack",
}
CAPTURES = (
    "odid_wireshark/odid_wifi_bcn_sample.pcap",
    "odid_wireshark/odid_wifi_sample.pcap",
    "ridreceiver/mavic_multiple_spoofed.pcapng",
)
HEAD = (
    f"{'':<34} {'compared':>9} {'agree':>7} {'fields':>8} {'both refuse':>12} {'we refuse':>10} {'differ':>7}"
)


class Tally:
    """One row of the table. `refused` counts, by field, what the reference accepts and we do not."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def add(self, ours: dict[str, Any] | InputError, other: dict[str, Any] | None) -> None:
        """Compare one decode with the reference's, None where it refused."""
        if isinstance(ours, InputError):
            self.counts["both refuse" if other is None else "we refuse"] += 1
            if other is not None:
                self.refused[f"{reference_field(ours.field)} must be {ours.must}"] += 1
        elif other is not None and ours == other:
            self.counts["agree"] += 1
            self.counts["fields"] += sum(len(fields) for fields in other.values())
        else:
            self.counts["differ"] += 1

    def __str__(self) -> str:
        c = self.counts
        compared = c["agree"] + c["both refuse"] + c["we refuse"] + c["differ"]
        return (
            f"{self.name:<34} {compared:>9,} {c['agree']:>7,} {c['fields']:>8,} {c['both refuse']:>12,} "
            f"{c['we refuse']:>10,} {c['differ']:>7,}"
        )


def decoded(data: bytes, pack: bool) -> dict[str, Any] | InputError:
    """Return our decode in the reference's names, or why there is none."""
    try:
        return to_reference(decode_pack(data).messages if pack else (decode_message(data),))
    except DecodeError as error:
        return error


def from_frame(data: bytes) -> dict[str, Any] | InputError:
    """Return the decode of the one payload of a frame."""
    reading = read_octets(data)
    if reading.errors or len(reading.heard) != 1:
        return reading.errors[0] if reading.errors else DecodeError("frame", "", "one payload")
    messages, errors = messages_of(reading.heard[0])
    return errors[0] if errors else to_reference(messages)


def encoded(vector: dict[str, Any]) -> bytes:
    """Return our encoding of what the reference was given, empty where nothing of it can be said."""
    parts = []
    for message in from_reference(vector["in"]):
        try:
            parts.append(encode_message(message))
        except InputError:
            continue
    return join_pack(parts) if vector["kind"] == 15 and parts else b"".join(parts)


def vector_rows(vectors: list[dict[str, Any]]) -> list[Tally]:
    """Return a row for each kind of vector, its frames and its encoding."""
    rows = {kind: Tally(f"{name}, decoded") for kind, name in KINDS.items()}
    beacons, actions = Tally("beacon frames, decoded"), Tally("NAN action frames, decoded")
    octets = Tally("all, encoded octet for octet")
    for vector in vectors:
        rows[vector["kind"]].add(
            decoded(bytes.fromhex(vector["hex"]), vector["kind"] == 15), vector.get("out")
        )
        for name, row in (("beacon", beacons), ("nan_action", actions)):
            if name in vector:
                row.add(from_frame(bytes.fromhex(vector[name])), vector["out"])
        ours, other = encoded(vector), b"" if vector["rc"] in (1, -22) else bytes.fromhex(vector["hex"])
        same = "agree" if ours else "both refuse"
        octets.counts[same if ours == other else "differ"] += 1
    return [*rows.values(), beacons, actions, octets]


def capture_row(folder: Path, name: str) -> Tally:
    """Return the row of one capture beside its expected decode."""
    row = Tally(name.rpartition("/")[2])
    expected = [json.loads(line) for line in (folder / f"{name}.expected.jsonl").read_text().splitlines()]
    heard = [
        one
        for _, link_type, data in read_packets((folder / name).read_bytes(), Counter())
        for one in read_packet(link_type, data).heard
    ]
    row.counts["differ"] += abs(len(heard) - len(expected))
    for one, other in zip(heard, expected, strict=False):
        head = (one.transmitter, one.carrier, one.counter) == (
            other["mac"],
            other["carrier"],
            other["counter"],
        )
        if not head or not other["payload"].startswith(one.payload.hex()):
            row.counts["differ"] += 1
        elif "oracle" in other:
            messages, errors = messages_of(one)
            row.add(errors[0] if errors else to_reference(messages), other["oracle"]["pack"])
        else:
            row.counts["agree"] += 1
            row.counts["fields"] += 4  # sender, carrier, counter, payload: its fields have no other decoder
    return row


def main() -> int:
    """Print the table and return 1 when anything differs that should not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    beside = Path(__file__).parents[1].parent / "shared" / "data"
    parser.add_argument("--recordings", type=Path, default=Path(os.environ.get("SKYKEEP_RECORDINGS", beside)))
    folder = parser.parse_args().recordings / "remoteid"
    if not folder.is_dir():
        print(f"no recordings at {folder}")
        return 2
    with gzip.open(folder / "odid_vectors_dev.jsonl.gz", "rt") as lines:
        vectors = [json.loads(line) for line in lines]
    rows = vector_rows(vectors)
    encoding = rows[-1]
    rows += [capture_row(folder, name) for name in CAPTURES]
    print(HEAD)
    for row in rows:
        print(row)
    refused: Counter[str] = sum((row.refused for row in rows), Counter())
    print(f"\naccepted by the reference and refused by us: {refused.total()}")
    for reason, number in refused.most_common():
        print(f"{number:>9,}  {reason}")
    print(
        f"encodings that differ: {encoding.counts['differ']}, where the vector's place, printed to nine "
        "decimals, ends in half a step"
    )
    differ = sum(row.counts["differ"] for row in rows if row is not encoding)
    return int(differ > 0 or encoding.counts["differ"] > 3)


if __name__ == "__main__":
    sys.exit(main())
