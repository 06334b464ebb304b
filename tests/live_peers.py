"""What live tests of feeds share: an outlet that keeps everything, a codec of one line, bounded patience."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import numpy as np

from skykeep.base.errors import DecodeError
from skykeep.domain.feed import Taken, refusal_of
from skykeep.domain.sensing import MeasurementKind, make_scan

T = TypeVar("T")
PATIENCE_S = 20.0


def within(work: Coroutine[Any, Any, T], patience_s: float = PATIENCE_S) -> T:
    """Run to the end, or fail."""

    async def bounded() -> T:
        async with asyncio.timeout(patience_s):
            return await work

    return asyncio.run(bounded())


async def until(true: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until something holds; TimeoutError when it never does."""
    async with asyncio.timeout(patience_s):
        while not true():
            await asyncio.sleep(0.005)


def send_datagram(data: bytes, address: tuple[str, int], ttl: int = 1) -> None:
    """Send one datagram; multicast stays within `ttl` networks."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, struct.pack("b", ttl))
        sender.sendto(data, address)


class KeepingOutlet:
    """Admits all and keeps it."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.sentences: list[str] = []
        self.heard = 0
        self.lost_messages = 0

    def now_utc_ns(self) -> int:
        return time.time_ns()

    def admit(self, messages: int = 1) -> bool:
        self.heard += messages
        return True

    def pause_s(self) -> float:
        return 0.0

    def lost(self, messages: int) -> None:
        self.lost_messages += messages

    def put(self, taken: Taken) -> None:
        self.taken.append(taken)

    def said(self, sentence: str) -> None:
        self.sentences.append(sentence)

    @property
    def refused(self) -> int:
        return sum(len(taken.refusals) for taken in self.taken)


class NumberTranslator:
    """`sequence east north` in ASCII becomes a scan of one position, stamped with its arrival."""

    def __init__(self, sensor_id: str) -> None:
        self._sensor_id = sensor_id

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        try:
            sequence, east_m, north_m = (float(word) for word in data.split())
        except ValueError:
            error = DecodeError("line", repr(data[:40]), "three numbers")
            return Taken(refusals=(refusal_of(error, data),))
        scan = make_scan(
            sensor_id=self._sensor_id,
            sequence=int(sequence),
            kind=MeasurementKind.POSITION,
            time_utc_ns=received_utc_ns,
            received_utc_ns=received_utc_ns,
            measured=np.array([[east_m, north_m, 50.0]]),
            sigma=np.array([[5.0, 5.0, 5.0]]),
        )
        return Taken(records=(scan,))


class LineFramer:
    """Messages end with a line feed; a line of over 1,000 octets cannot be followed."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > 1_000:
            raise DecodeError("line", f"{len(self._rest)} octets and no end", "at most 1,000")
        return lines
