"""How many Remote ID messages a second one core decodes: by type, in packs, in frames, and into claims.

Budget: 50,000 messages/s, and 20,000 joined into claims (5,000 locations put into the site's frame: more than
a radio channel holds). `python3 x.py bench remoteid_speed [--seconds S]`. The octets are made here, all
different; each row is the best of three turns.
"""

from __future__ import annotations

import argparse
import itertools
import struct
import sys
import time
from collections.abc import Callable, Sequence

from skykeep.base.clock import NS_PER_S
from skykeep.domain.sensing import Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.remoteid import decode_message, decode_pack
from skykeep.wire.remoteid_carriers import messages_of, read_packet
from skykeep.wire.remoteid_encode import join_pack
from skykeep.wire.remoteid_inputs import RemoteIdInput
from skykeep.wire.remoteid_wifi import encode_beacon

BUDGET_PER_S = 50_000
CLAIMS_BUDGET_PER_S = 20_000
DIFFERENT = 5_000
TURNS = 3
SENDER = bytes.fromhex("021122334455")


def location(n: int) -> bytes:
    """A location that moves with `n`."""
    return struct.pack(
        "<BBBBbiiHHHBBHBx",
        *(0x12, 0x20, n % 180, n % 256, n % 100, 600_000_000 + n, 250_000_000 + n),
        *(2_200, 2_240, 2_100, 0x4B, 0x43, n % 36_000, 1),
    )


def basic_id(n: int) -> bytes:
    return b"\x02\x12" + f"1ABC{n:016d}".encode() + bytes(3)


def system(n: int) -> bytes:
    return struct.pack(
        "<BBiiHBHHBHIx", 0x42, 1, 600_000_000 + n, 250_000_000, 1, 0, 0, 0, 0x12, 2_200, 400_000_000 + n
    )


def operator_id(n: int) -> bytes:
    return b"\x52\x00" + f"FIN{n:017d}".encode() + bytes(3)


def pack(n: int) -> bytes:
    return join_pack([basic_id(n), location(n), system(n), operator_id(n)])


def per_second(work: Callable[[bytes], object], data: Sequence[bytes], each: int, seconds: float) -> float:
    """Return messages a second of processor time, `each` to one piece of data; the best of `TURNS`."""
    best = 0.0
    for _ in range(TURNS):
        done, start_s = 0, time.process_time()
        while (spent_s := time.process_time() - start_s) < seconds / TURNS:
            for one in data:
                work(one)
            done += len(data) * each
        best = max(best, done / spent_s)
    return best


def into_claims() -> Callable[[bytes], object]:
    """A receiver that hears a beacon every 20 ms."""
    sensor = Sensor(
        sensor_id="rid",
        name="rid",
        kind=SensorKind.REMOTE_ID,
        measures=None,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=5_000.0,
    )
    frame = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=0.0)
    receiver, ticks = RemoteIdInput(sensor, frame), itertools.count(1)
    return lambda data: receiver.take_packet(105, data, next(ticks) * NS_PER_S // 50)


def main() -> int:
    """Print the table and return 1 when a row is over budget."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.5, help="processor time for each row")
    options = parser.parse_args()
    some = range(DIFFERENT)
    frames = [encode_beacon(SENDER, pack(n), n, b"RID", n) for n in some]

    def from_frame(data: bytes) -> None:
        for heard in read_packet(105, data).heard:
            messages_of(heard)

    claims = into_claims()
    rows: list[tuple[str, Callable[[bytes], object], list[bytes], int]] = [
        ("Basic ID", decode_message, [basic_id(n) for n in some], 1),
        ("Location", decode_message, [location(n) for n in some], 1),
        ("System", decode_message, [system(n) for n in some], 1),
        ("Operator ID", decode_message, [operator_id(n) for n in some], 1),
        ("packs of four", decode_pack, [pack(n) for n in some], 4),
        ("beacon frames with such a pack", from_frame, frames, 4),
        ("beacon frames, into claims", claims, frames, 4),
    ]
    missed = False
    for name, work, data, each in rows:
        found = per_second(work, data, each, options.seconds)
        budget = CLAIMS_BUDGET_PER_S if work is claims else BUDGET_PER_S
        missed |= found < budget
        verdict = "ok" if found >= budget else "MISSED"
        print(f"{name:<32} {found:>12,.0f} messages/s   budget {budget:,}   {verdict}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
