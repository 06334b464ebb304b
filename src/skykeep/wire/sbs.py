"""SBS, also called BaseStation: a receiver's decoded messages as lines of 22 cells, TCP port 30003.

| cell | what | in MSG |
|---|---|---|
| 1 | MSG; or SEL, ID, AIR, STA, CLK, of which only the first ten are read | |
| 2 | transmission type, 1 to 8 | |
| 5 | 24-bit address in hex | 1-8 |
| 7, 8 and 9, 10 | date and time generated, date and time logged: of no named time zone | 1-8 |
| 11 | callsign | 1 |
| 12 | pressure altitude, ft | 2, 3, 5, 6, 7 |
| 13, 14 | ground speed, kt; course, degrees | 2, 4 |
| 15, 16 | latitude, longitude, degrees | 2, 3 |
| 17 | vertical rate, ft/min | 4 |
| 18 | squawk | 6 |
| 19-22 | alert, emergency, ident, on the ground: -1 or 1 is yes, 0 no | |

An empty cell says nothing. Nothing in it tells how good a position is. Source: as its maker describes the
socket, and as receivers in use speak it.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError

KINDS = ("MSG", "SEL", "ID", "AIR", "STA", "CLK")
CELLS = 22
_ADDRESS = re.compile(r"^[0-9A-F]{6}$")
_BOUNDS = {
    "altitude": (-2_000.0, 130_000.0),
    "ground speed": (0.0, 4_096.0),
    "course": (0.0, 360.0),
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "vertical rate": (-33_000.0, 33_000.0),
}


class SbsMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One line. Angles in degrees, `pressure_altitude_ft`, `ground_speed_kt`, `vertical_rate_ftpm` as sent;
    `generated_ns` is the receiver's wall clock read as if it were UTC.
    """

    kind: str
    transmission: int
    address: str
    generated_ns: int | None = None
    callsign: str = ""
    pressure_altitude_ft: float | None = None
    ground_speed_kt: float | None = None
    course_deg: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    vertical_rate_ftpm: float | None = None
    squawk: str = ""
    alert: bool | None = None
    emergency: bool | None = None
    ident: bool | None = None
    on_ground: bool | None = None


def decode_sbs(line: bytes) -> SbsMessage:
    """Return one line's message."""
    try:
        cells = [cell.strip() for cell in line.decode("ascii").strip().split(",")]
    except UnicodeDecodeError as error:
        raise DecodeError("line", f"octet {line[error.start]:02x}", "ASCII") from error
    kind = cells[0]
    if kind not in KINDS:
        raise DecodeError("cell 1", repr(kind[:20]), f"one of {', '.join(KINDS)}")
    if kind != "MSG":
        address = cells[4].upper() if len(cells) > 4 else ""
        return SbsMessage(
            kind=kind, transmission=0, address=address if _ADDRESS.match(address) else "", callsign=""
        )
    # Some senders leave the last cells out.
    if not 10 <= len(cells) <= CELLS:
        raise DecodeError("line", f"{len(cells)} cells", f"{CELLS}")
    cells += [""] * (CELLS - len(cells))
    if cells[1] not in set("12345678"):
        raise DecodeError("transmission type", repr(cells[1][:20]), "1 to 8")
    address = cells[4].upper()
    if not _ADDRESS.match(address):
        raise DecodeError("address", repr(address[:20]), "6 hex digits")
    message = SbsMessage(
        kind=kind,
        transmission=int(cells[1]),
        address=address,
        generated_ns=_moment(cells[6], cells[7]),
        callsign=cells[10].strip("@ _"),
        pressure_altitude_ft=_number(cells[11], "altitude"),
        ground_speed_kt=_number(cells[12], "ground speed"),
        course_deg=_number(cells[13], "course"),
        latitude_deg=_number(cells[14], "latitude"),
        longitude_deg=_number(cells[15], "longitude"),
        vertical_rate_ftpm=_number(cells[16], "vertical rate"),
        squawk=_squawk(cells[17]),
        alert=_flag(cells[18], "alert"),
        emergency=_flag(cells[19], "emergency"),
        ident=_flag(cells[20], "ident"),
        on_ground=_flag(cells[21], "on the ground"),
    )
    if (message.latitude_deg is None) != (message.longitude_deg is None):
        raise DecodeError("position", "one of latitude and longitude", "both or neither")
    if not re.fullmatch(r"[A-Z0-9 -]{0,8}", message.callsign):
        raise DecodeError("callsign", repr(message.callsign[:20]), "at most 8 letters and digits")
    return message


def encode_sbs(message: SbsMessage) -> bytes:
    """Return a MSG line, without the ids of a session."""
    moment = message.generated_ns
    date, time = ("", "") if moment is None else _written(moment)

    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.10g}"

    def flag(value: bool | None) -> str:
        return "" if value is None else ("-1" if value else "0")

    cells = [message.kind, str(message.transmission), "1", "1", message.address, "1", date, time, date, time]
    cells += [message.callsign, number(message.pressure_altitude_ft), number(message.ground_speed_kt)]
    cells += [number(message.course_deg), number(message.latitude_deg), number(message.longitude_deg)]
    cells += [number(message.vertical_rate_ftpm), message.squawk, flag(message.alert)]
    cells += [flag(message.emergency), flag(message.ident), flag(message.on_ground)]
    return ",".join(cells).encode("ascii") + b"\r\n"


def _number(cell: str, name: str) -> float | None:
    if not cell:
        return None
    low, high = _BOUNDS[name]
    try:
        value = float(cell)
    except ValueError as error:
        raise DecodeError(name, repr(cell[:20]), "a number") from error
    if not (math.isfinite(value) and low <= value <= high):
        raise DecodeError(name, cell[:20], f"{low:g} to {high:g}")
    return value


def _squawk(cell: str) -> str:
    if cell and not re.fullmatch(r"[0-7]{1,4}", cell):
        raise DecodeError("squawk", repr(cell[:20]), "four octal digits")
    return cell.zfill(4) if cell else ""


def _flag(cell: str, name: str) -> bool | None:
    if cell not in ("", "0", "1", "-1"):
        raise DecodeError(name, repr(cell[:20]), "-1, 0 or 1")
    return None if not cell else cell != "0"


def _moment(date: str, time: str) -> int | None:
    if not date or not time:
        return None
    try:
        moment = datetime.strptime(f"{date} {time}", "%Y/%m/%d %H:%M:%S.%f").replace(tzinfo=UTC)
    except ValueError as error:
        raise DecodeError("time generated", repr(f"{date} {time}"[:40]), "YYYY/MM/DD HH:MM:SS.mmm") from error
    return int(moment.timestamp()) * NS_PER_S + moment.microsecond * 1_000


def _written(moment_ns: int) -> tuple[str, str]:
    moment = datetime.fromtimestamp(moment_ns // NS_PER_S, UTC)
    return f"{moment:%Y/%m/%d}", f"{moment:%H:%M:%S}.{moment_ns % NS_PER_S // 1_000_000:03d}"
