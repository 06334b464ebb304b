"""Cursor on Target events as records: what an event holds, and what it may not hold.

| attribute | is | accepted |
|---|---|---|
| version | decimal | 2 or more |
| uid | names one thing; the latest event of a uid replaces those before | 1 to 512 characters |
| type | words joined by `-`; an atom is `a-AFFILIATION-...` | the affiliations of `AFFILIATIONS` |
| time, start, stale | made, valid from, valid until | 1970 to 9999, start not after stale |
| how | one character, then words joined by `-`: `m-g` machine, GNSS; `h-e` human, estimated | that form |
| qos | digit-letter-letter, optional | that form |
| lat, lon | WGS 84 degrees | -90..90, -180..180 |
| hae | metres above the ellipsoid | -12,000 to 100,000,000; 9999999 and 999999 are unknown |
| ce, le | 1-sigma of place and height, m | 0 or more; from 999999 on unknown |

`detail` is whatever communities agreed on, kept whole as elements; those that we read are in
`cot_detail`. Attributes of `<detail>` itself are not kept: the protobuf form cannot carry them.
Sources: MITRE base-event schema 2.0 (public release), its `types.txt`, and TAK's notes on its protocol.
"""

from __future__ import annotations

import re

import msgspec

from skykeep.base.errors import DecodeError

LARGEST_EVENT_BYTES = 262_144
DEEPEST_ELEMENT = 32
LONGEST_UID = 512
UNKNOWN = 9_999_999.0
# TAK's own servers write 999999 in their control events.
UNKNOWN_TOO = 999_999.0
HEIGHT_HAE_M = (-12_000.0, 1e8)
LATEST_UTC_NS = 253_402_300_800 * 1_000_000_000  # the year 10000
AFFILIATIONS = "puafnshjkox"

OUTSIDE_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPE = re.compile(r"\w+(-\w+)*(;[^;]*)?")
_HOW = re.compile(r"\w(-\w+)*")
_QOS = re.compile(r"[0-9]-\w-\w")


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element of a detail. White space between elements is layout and is not kept; `tail` is other text
    behind the element, within its parent.
    """

    tag: str
    attributes: dict[str, str] = {}
    text: str = ""
    children: tuple[Element, ...] = ()
    tail: str = ""

    def child(self, tag: str) -> Element | None:
        """Return the first child of that name."""
        return next((one for one in self.children if one.tag == tag), None)


class CotPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where, with 1-sigma of place and of height; None is unknown."""

    latitude_deg: float
    longitude_deg: float
    height_hae_m: float | None = None
    circular_error_m: float | None = None
    linear_error_m: float | None = None


class CotEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event."""

    uid: str
    type: str
    time_utc_ns: int
    start_utc_ns: int
    stale_utc_ns: int
    how: str
    point: CotPoint
    detail: tuple[Element, ...] = ()
    version: str = "2.0"
    access: str = ""
    qos: str = ""
    opex: str = ""

    def first(self, tag: str) -> Element | None:
        """Return the first element of the detail of that name."""
        return next((one for one in self.detail if one.tag == tag), None)


class TakControl(msgspec.Struct, frozen=True, kw_only=True):
    """Which versions of TAK's protocol a sender can decode."""

    min_version: int = 1
    max_version: int = 1
    contact_uid: str = ""


class TakMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What one XML document or one protobuf payload held."""

    event: CotEvent | None = None
    control: TakControl | None = None


def checked(event: CotEvent) -> CotEvent:
    """Return the event; DecodeError where it says what cannot be."""
    if not 0 < len(event.uid) <= LONGEST_UID:
        raise DecodeError("uid", f"{len(event.uid)} characters", f"1 to {LONGEST_UID}")
    for name in ("uid", "access", "opex"):
        plain(name, getattr(event, name))
    _form("type", event.type, _TYPE, "words joined by '-'")
    if event.type.startswith("a-") and event.type[2:].split("-")[0] not in tuple(AFFILIATIONS):
        raise DecodeError("type", repr(event.type[:80]), f"a-, then one of {' '.join(AFFILIATIONS)}")
    _form("how", event.how, _HOW, "one character, then words joined by '-'")
    if event.qos:
        _form("qos", event.qos, _QOS, "digit-letter-letter")
    _check_version(event.version)
    for name in ("time", "start", "stale"):
        if not 0 < getattr(event, f"{name}_utc_ns") < LATEST_UTC_NS:
            raise DecodeError(name, "outside 1970 to 9999", "a moment within")
    if event.stale_utc_ns < event.start_utc_ns:
        early_s = (event.start_utc_ns - event.stale_utc_ns) / 1e9
        raise DecodeError("stale", f"{early_s:.3f} s before start", "not before start")
    _check_point(event.point)
    return event


def plain(field: str, text: str) -> str:
    """Return text; DecodeError when it holds a character that can never be in XML."""
    found = OUTSIDE_XML.search(text)
    if found:
        raise DecodeError(field, f"character U+{ord(found[0]):04X}", "without control characters")
    return text


def _form(field: str, value: str, form: re.Pattern[str], must: str) -> None:
    if not form.fullmatch(value):
        raise DecodeError(field, repr(value[:80]), must)


def _check_version(version: str) -> None:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{0,9})?", version) or float(version) < 2.0:
        raise DecodeError("version", repr(version[:80]), "a decimal of 2 or more")


def _check_point(point: CotPoint) -> None:
    within("point.lat", point.latitude_deg, -90.0, 90.0)
    within("point.lon", point.longitude_deg, -180.0, 180.0)
    if point.height_hae_m is not None:
        within("point.hae", point.height_hae_m, *HEIGHT_HAE_M)
    if point.circular_error_m is not None:
        within("point.ce", point.circular_error_m, 0.0, UNKNOWN_TOO)
    if point.linear_error_m is not None:
        within("point.le", point.linear_error_m, 0.0, UNKNOWN_TOO)


def within(field: str, value: float, low: float, high: float) -> float:
    """Return the value; DecodeError when it is outside, or not a number."""
    if not low <= value <= high:
        raise DecodeError(field, f"{value:g}", f"in {low:g}..{high:g}")
    return value


def known_height_m(value: float) -> float | None:
    """Return a height as sent, None where it is one of the two ways of saying unknown."""
    return None if value in (UNKNOWN, UNKNOWN_TOO) else value


def known_error_m(value: float) -> float | None:
    """Return an error as sent, None from the lesser of the two ways of saying unknown."""
    return None if value >= UNKNOWN_TOO else value
