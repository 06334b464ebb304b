"""What a Remote ID receiver of any make passes on: lines of text, each a JSON object or bare hex.

| key | value |
|---|---|
| `payload` | hex: a message, a pack, or the body of a maker's element (with `carrier`) |
| `frame` | hex instead: a whole frame of `link_type` (105 if absent, 127, 192, 251, 256) |
| `mac` | the sender's address; needed to join single messages |
| `carrier` | `wifi-beacon`, `wifi-nan`, `bluetooth-legacy` or `-extended`, `dji-droneid`, `french-id` |
| `counter` | the message counter, 0 to 255 |
| `rssi_dbm`, `frequency_mhz` | how it was received |
| `t` | when, in seconds since 1970 UTC; else the time the line came in |

A line of bare hex is told apart by how it begins (`remoteid_carriers.read_octets`). Other keys are ignored.
"""

from __future__ import annotations

import re

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.wire.remoteid_carriers import LINK_TYPES, WIFI, read_octets, read_packet
from skykeep.wire.remoteid_heard import Carrier, Heard, Radio, Reading

LONGEST_LINE = 16_384
_ADDRESS = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_LATEST_S = 4_102_444_800.0  # the year 2100


class _Line(msgspec.Struct, frozen=True):
    payload: str = ""
    frame: str = ""
    link_type: int = WIFI
    mac: str = ""
    carrier: Carrier | None = None
    counter: int | None = None
    rssi_dbm: float | None = None
    frequency_mhz: float | None = None
    t: float | None = None


_LINES = msgspec.json.Decoder(_Line)


def read_line(line: bytes) -> Reading:
    """Return the Remote ID of one line; DecodeError when it is no such line."""
    text = line.strip()
    if not text:
        raise DecodeError("line", "blank", "a message, pack or frame in hex, or a JSON object")
    if len(text) > LONGEST_LINE:
        raise DecodeError("line", f"{len(text)} characters", f"at most {LONGEST_LINE}")
    if not text.startswith(b"{"):
        return read_octets(from_hex(text.decode("latin-1"), "hex"))
    try:
        said = _LINES.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError("line", _shown(text.decode("latin-1")), f"a receiver's object: {error}") from error
    return _reading(said)


def from_hex(text: str, field: str) -> bytes:
    """Return the octets of hex digits, DecodeError when they are none or not whole."""
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise DecodeError(field, _shown(text), "pairs of hex digits") from error


def _reading(said: _Line) -> Reading:
    if bool(said.payload) == bool(said.frame):
        raise DecodeError("payload", "with a frame" if said.frame else "absent", "there, or a frame")
    address = said.mac.lower().replace("-", ":")
    if address and not _ADDRESS.fullmatch(address):
        raise DecodeError("mac", _shown(said.mac), "six octets in hex with colons, or absent")
    radio = Radio(
        rssi_dbm=None if said.rssi_dbm is None else _within(said.rssi_dbm, -200.0, 50.0, "rssi_dbm"),
        frequency_mhz=None
        if said.frequency_mhz is None
        else _within(said.frequency_mhz, 100.0, 100_000.0, "frequency_mhz"),
    )
    if said.counter is not None:
        _within(said.counter, 0, 255, "counter")
    time_utc_ns = None if said.t is None else round(_within(said.t, 0.0, _LATEST_S, "t") * NS_PER_S)
    if said.frame:
        if said.link_type not in LINK_TYPES:
            raise DecodeError("link_type", f"{said.link_type}", f"one of {sorted(LINK_TYPES)}")
        found = read_packet(said.link_type, from_hex(said.frame, "frame"))
        heard = tuple(_completed(one, radio, time_utc_ns) for one in found.heard)
        return Reading(heard=heard, errors=found.errors)
    payload = from_hex(said.payload, "payload")
    one = Heard(
        carrier=said.carrier,
        payload=payload,
        transmitter=address,
        counter=said.counter,
        radio=radio,
        time_utc_ns=time_utc_ns,
    )
    return Reading(heard=(one,))


def _completed(heard: Heard, radio: Radio, time_utc_ns: int | None) -> Heard:
    """What the frame says of its reception comes before what the line says."""
    merged = Radio(
        rssi_dbm=radio.rssi_dbm if heard.radio.rssi_dbm is None else heard.radio.rssi_dbm,
        frequency_mhz=heard.radio.frequency_mhz or radio.frequency_mhz,
    )
    return msgspec.structs.replace(heard, radio=merged, time_utc_ns=time_utc_ns)


def _within(value: float, low: float, high: float, field: str) -> float:
    if not low <= value <= high:
        raise DecodeError(field, f"{value:g}", f"{low:g} to {high:g}")
    return value


def _shown(text: str) -> str:
    return text if len(text) <= 64 else text[:61] + "..."
