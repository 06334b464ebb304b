"""One Remote ID payload as it came through the air, whichever carrier brought it."""

from __future__ import annotations

import enum

import msgspec

from skykeep.base.errors import DecodeError

APPLICATION_CODE = 0x0D


class Carrier(enum.StrEnum):
    """What brought it. The last two are makers' or national formats of their own, inside Wi-Fi beacons."""

    WIFI_BEACON = "wifi-beacon"
    WIFI_NAN = "wifi-nan"
    BLUETOOTH_LEGACY = "bluetooth-legacy"
    BLUETOOTH_EXTENDED = "bluetooth-extended"
    DJI = "dji-droneid"
    FRENCH = "french-id"


class Radio(msgspec.Struct, frozen=True, kw_only=True):
    """How a frame was received: strength and frequency, None where the receiver does not say."""

    rssi_dbm: float | None = None
    frequency_mhz: float | None = None


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One payload: a message, a pack, or the body of a maker's element.

    `transmitter` is the sender's address, `aa:bb:cc:dd:ee:ff`, empty where it is not known. `counter` is the
    sender's message counter, modulo 256. `time_utc_ns` is when a receiver with a clock of its own
    says it heard it, None where only its coming here is known.
    """

    carrier: Carrier | None
    payload: bytes
    transmitter: str = ""
    counter: int | None = None
    radio: Radio = Radio()
    time_utc_ns: int | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one frame gave; a frame without Remote ID gives neither."""

    heard: tuple[Heard, ...] = ()
    errors: tuple[DecodeError, ...] = ()


NOT_REMOTE_ID = Reading()


def address_text(octets: bytes) -> str:
    """Return an address as people write it."""
    return octets.hex(":")
