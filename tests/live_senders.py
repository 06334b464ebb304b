"""A drone, and sensors of several makes that report it in their own protocols, on lines to this machine."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import numpy as np

from made_asterix import block_of
from sapient_peer import LAT_LNG, built, detection, parsed, registration
from skykeep.base.clock import NS_PER_S
from skykeep.engine.outputs import Judgement
from skykeep.geo.frames import LocalFrame
from skykeep.wire.asterix_editions import choose_edition
from skykeep.wire.remoteid_encode import encode_message, join_pack
from skykeep.wire.remoteid_records import HeightType, Location, Status

PATIENCE_S = 30.0
EVERY_S = 0.1
DAY_S = 86_400.0
FRAME = LocalFrame(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=0.0)
US, NODE = "11111111-2222-4333-8444-555555555555", "a8654cdf-4328-47de-81fa-c495589e30c9"
SPEED_MPS = 30.0
M_PER_NM = 1_852.0

# number, when it was seen, when the flight began, what the sensor's clock showed
Message = Callable[[int, int, int, int], bytes]


def drone_enu_m(time_utc_ns: int, began_utc_ns: int) -> tuple[float, float, float]:
    """Where the drone is: 500 m east at the beginning, flying east, 2 km north, 50 m high."""
    return 500.0 + SPEED_MPS * (time_utc_ns - began_utc_ns) / NS_PER_S, 2_000.0, 50.0


def geodetic(time_utc_ns: int, began_utc_ns: int) -> list[float]:
    place = FRAME.to_geodetic(np.array(drone_enu_m(time_utc_ns, began_utc_ns)))
    return [float(value) for value in place]


def contract_line(sensor_id: str, version: int = 1) -> Message:
    def made(k: int, at_utc_ns: int, began_utc_ns: int, shown_utc_ns: int) -> bytes:
        latitude_deg, longitude_deg, height_m = geodetic(at_utc_ns, began_utc_ns)
        one = {
            "kind": "position",
            "latitude_deg": latitude_deg,
            "longitude_deg": longitude_deg,
            "height_hae_m": height_m,
            "sigma_horizontal_m": 5.0,
            "sigma_vertical_m": 5.0,
        }
        message = {"type": "detections", "sensor_id": sensor_id, "sequence": k, "time_utc": shown_utc_ns}
        if version != 1:
            message["version"] = version
        return json.dumps({**message, "detections": [one]}).encode() + b"\n"

    return made


def asterix_plot() -> Message:
    """CAT048, whose range is told in steps of 7 m."""
    edition = choose_edition(48, "1.27")

    def made(k: int, at_utc_ns: int, began_utc_ns: int, shown_utc_ns: int) -> bytes:
        east_m, north_m, _ = drone_enu_m(at_utc_ns, began_utc_ns)
        theta_deg = float(np.degrees(np.arctan2(east_m, north_m)))
        items: dict[str, Any] = {
            "010": (("SAC", 25), ("SIC", 201)),
            "140": shown_utc_ns / NS_PER_S % DAY_S,
            "040": (("RHO", float(np.hypot(east_m, north_m)) / M_PER_NM), ("THETA", theta_deg)),
            "090": (0, 0, ("FL", 1.75)),
        }
        return block_of(edition, items)

    return made


def ground_station(edition: str) -> Message:
    """CAT021: the same aircraft's own word in one of two editions that differ from the first item on."""
    chosen = choose_edition(21, edition)

    def made(k: int, at_utc_ns: int, began_utc_ns: int, shown_utc_ns: int) -> bytes:
        latitude_deg, longitude_deg, _ = geodetic(at_utc_ns, began_utc_ns)
        time_item = "030" if edition.startswith("0.") else "073"
        items = {
            "010": (("SAC", 25), ("SIC", 201)),
            "080": 0x3C660C,
            "130": (("LAT", latitude_deg), ("LON", longitude_deg)),
            time_item: shown_utc_ns / NS_PER_S % DAY_S,
        }
        return block_of(chosen, items)

    return made


def sapient_report() -> Message:
    def made(k: int, at_utc_ns: int, began_utc_ns: int, shown_utc_ns: int) -> bytes:
        latitude_deg, longitude_deg, height_m = geodetic(at_utc_ns, began_utc_ns)
        place = {"x": longitude_deg, "y": latitude_deg, "z": height_m, "xError": 5, "yError": 5, "zError": 5}
        content = detection(location={**place, **LAT_LNG})
        return framed(built(NODE, shown_utc_ns, content, US))

    return made


def remote_id_line(serial: str, mac: str) -> Message:
    """A receiver's line: a pack of identity and location, whose time is the drone's own to a tenth."""
    identity = bytes.fromhex("0212") + serial.encode().ljust(20, b"\0") + bytes(3)

    def made(k: int, at_utc_ns: int, began_utc_ns: int, shown_utc_ns: int) -> bytes:
        latitude_deg, longitude_deg, height_m = geodetic(at_utc_ns, began_utc_ns)
        location = Location(
            version=2,
            status=Status.AIRBORNE,
            height_type=HeightType.ABOVE_TAKEOFF,
            course_deg=90.0,
            speed_mps=SPEED_MPS,
            vertical_speed_mps=0.0,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            pressure_altitude_m=None,
            altitude_hae_m=height_m,
            height_m=None,
            horizontal_accuracy=11,
            vertical_accuracy=5,
            pressure_accuracy=0,
            speed_accuracy=3,
            seconds_after_hour=round(shown_utc_ns / NS_PER_S % 3_600.0, 1) % 3_600.0,
            time_accuracy_s=0.1,
        )
        pack = join_pack([identity, encode_message(location)])
        return json.dumps({"payload": pack.hex(), "mac": mac}).encode()

    return made


def framed(message: Any) -> bytes:
    octets: bytes = message.SerializeToString()
    return struct.pack("<I", len(octets)) + octets


# --- lines to send on ---------------------------------------------------------------------------------------


class Line:
    """A context that is closed at its end."""

    _socket: socket.socket

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def close(self) -> None:
        self._socket.close()


class Datagrams(Line):
    """Sends to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._address = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, data: bytes) -> None:
        self._socket.sendto(data, self._address)


class Stream(Line):
    """A connection to a port of this machine, once it is there."""

    def __init__(self, port: int) -> None:
        ends_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
                return
            except ConnectionRefusedError:
                assert time.monotonic() < ends_s, "nobody listens"
                time.sleep(0.02)

    def receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            assert more, "closed"
            data += more
        return data


class SapientLine(Stream):
    """A node that registers as it connects; `answer` is what it was told."""

    def __init__(self, port: int, version: str = "BSI Flex 335 v2.0", error_s: float = 0.0) -> None:
        super().__init__(port)
        shown_utc_ns = time.time_ns() + round(error_s * NS_PER_S)
        self.send(framed(built(NODE, shown_utc_ns, registration(version=version), US)))
        (length,) = struct.unpack("<I", self.receive(4))
        self.answer = parsed(self.receive(length)).registration_ack


class Flight:
    """The drone's flight, as one sensor reports it ten times a second from a thread of its own."""

    def __init__(self) -> None:
        self.began_utc_ns = time.time_ns()
        self._k = 0

    def report(
        self,
        line: Line,
        message: Message,
        seconds: float,
        error_s: float = 0.0,
        every_s: float = EVERY_S,
    ) -> int:
        """Report for so long by a clock that shows `error_s` too much; return how many were sent."""
        first, began_s = self._k, time.monotonic()
        with suppress(OSError):  # whoever is refused may be cut off
            while time.monotonic() - began_s < seconds:
                at_utc_ns = time.time_ns()
                shown_utc_ns = at_utc_ns + round(error_s * NS_PER_S)
                line.send(message(self._k, at_utc_ns, self.began_utc_ns, shown_utc_ns))
                self._k += 1
                time.sleep(every_s)
        return self._k - first

    def restart(self) -> None:
        """Count from 0 again."""
        self._k = 0

    def error_m(self, judgement: Judgement) -> float:
        """Return how far the only track is from the truth, in the plane."""
        picture = judgement.picture
        assert len(picture) == 1, picture.track_id
        truth = np.array(drone_enu_m(picture.time_utc_ns, self.began_utc_ns))
        return float(np.hypot(*(picture.state[0, :2] - truth[:2])))
