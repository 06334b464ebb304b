"""Squitters made by hand, bit by bit, for tests."""

from __future__ import annotations

from skykeep.domain.sensing import Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.beast import BeastMessage, encode_beast
from skykeep.wire.cpr import encode
from skykeep.wire.squitter import with_parity

SITE = LocalFrame(latitude_deg=52.0, longitude_deg=4.5, height_hae_m=40.0)
START_NS = 1_700_000_000_000_000_000
S = 1_000_000_000


def receiver(sensor_id: str = "adsb-1") -> Sensor:
    return Sensor(
        sensor_id=sensor_id,
        name="Receiver",
        kind=SensorKind.ADSB,
        measures=None,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=400_000.0,
        independent=False,
    )


def squitter(message: int, address: str = "40621d", first: int = 17 << 3 | 5) -> bytes:
    return with_parity(bytes([first]) + bytes.fromhex(address) + message.to_bytes(7, "big"))


def airborne(
    latitude_deg: float,
    longitude_deg: float,
    *,
    odd: bool,
    altitude_ft: int = 10_000,
    type_code: int = 11,
    address: str = "40621d",
    first: int = 17 << 3 | 5,
) -> bytes:
    report = encode(latitude_deg, longitude_deg, odd=odd, surface=False)
    n = (altitude_ft + 1_000) // 25
    altitude = (n >> 4) << 5 | 1 << 4 | (n & 15)
    message = type_code << 51 | altitude << 36 | odd << 34 | report.latitude << 17 | report.longitude
    return squitter(message, address, first)


def on_surface(latitude_deg: float, longitude_deg: float, *, odd: bool, address: str = "484175") -> bytes:
    """A place on the ground at 8 kt towards 90 degrees."""
    report = encode(latitude_deg, longitude_deg, odd=odd, surface=True)
    message = 7 << 51 | 25 << 44 | 1 << 43 | 32 << 36 | odd << 34 | report.latitude << 17 | report.longitude
    return squitter(message, address)


def velocity(
    east_kt: int,
    north_kt: int,
    *,
    rate_ftpm: int = 0,
    difference_ft: int | None = None,
    address: str = "40621d",
) -> bytes:
    message = 19 << 51 | 1 << 48
    message |= (east_kt < 0) << 42 | (abs(east_kt) + 1) << 32
    message |= (north_kt < 0) << 31 | (abs(north_kt) + 1) << 21
    message |= (rate_ftpm < 0) << 19 | (abs(rate_ftpm) // 64 + 1) << 10
    if difference_ft is not None:
        message |= (difference_ft < 0) << 7 | (abs(difference_ft) // 25 + 1)
    return squitter(message, address)


def status(
    *, version: int = 2, nac_p: int = 9, sil: int = 3, gva: int = 2, nic_a: int = 0, address: str = "40621d"
) -> bytes:
    message = 31 << 51 | version << 13 | nic_a << 12 | nac_p << 8 | gva << 6 | sil << 4
    return squitter(message, address)


def body(frame: bytes, counter: int = 0, signal: int = 100) -> bytes:
    """A frame as the framer hands it on."""
    return bytes([0x33 if len(frame) == 14 else 0x32]) + counter.to_bytes(6, "big") + bytes([signal]) + frame


def on_the_wire(frame: bytes, counter: int = 0, signal: int = 100) -> bytes:
    return encode_beast(BeastMessage(0x33 if len(frame) == 14 else 0x32, counter, signal, frame))
