"""What a filled-in application says, as a scope, or which of its fields must be looked at again.

Numbers may be written with Arabic-Indic digits, with a comma or a point. Times are those of the place: where
the clocks are put back, a flight asked for from an hour that comes twice begins with the first and ends with
the second; an hour that does not come is no time. The secret part of an operator's id is not kept.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from skykeep.api.report_form import readable
from skykeep.base.clock import NS_PER_S
from skykeep.domain.permit import Flight, PermitPriority, Scope, Volume4D
from skykeep.domain.zone import Circle, HeightReference, Limit, LonLat, Polygon, Volume
from skykeep.geo.frames import LocalFrame

LONGEST_NAME, LONGEST_CONTACT, LONGEST_PURPOSE = 100, 200, 500
MOST_SERIALS, MOST_CORNERS = 10, 30
SMALLEST_RADIUS_M, LARGEST_RADIUS_M = 10.0, 10_000.0
LARGEST_HEIGHT_M = 1_000.0
LONGEST_FLIGHT_S, FURTHEST_AHEAD_DAYS = 86_400, 180
# A form may be filled in slowly: what was to begin while it was may still begin.
LATE_S = 900
USES = ("commercial", "hobby")
CATEGORIES = ("open", "specific", "certified", "unknown")
CLASSES = ("C0", "C1", "C2", "C3", "C4", "C5", "C6", "privately built", "none")
SHAPES = ("circle", "corners")
# ANSI/CTA-2063-A: maker (4), length of what follows (1), serial of the maker; no I and no O.
SERIAL = re.compile(r"[0-9A-HJ-NP-Z]{4}[1-9A-F][0-9A-HJ-NP-Z]{1,15}", re.ASCII)
# EN 4709-02: country (3), 12 letters and digits, a check character; a dash and 3 more are secret.
OPERATOR = re.compile(r"([A-Z]{3}[0-9a-z]{12}[0-9a-z])(-[0-9a-z]{3})?", re.ASCII)
_SIGNS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫،؛−", "01234567890123456789.,;-")
_NUMBER = r"[-+]?[0-9]{1,6}(?:\.[0-9]{1,12})?"

Fields = Mapping[str, str]


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """The place that applications are for: its name, whose clock it goes by, and how far it reaches."""

    name: str
    zone_name: str
    frame: LocalFrame
    reach_m: float = 60_000.0


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for. `contact` is for the authority alone."""

    holder: str
    contact: str
    priority: PermitPriority
    scope: Scope
    language: str = "en"


def read_application(fields: Fields, *, now_utc_ns: int, region: Region) -> Application | tuple[str, ...]:
    """Return what is asked for, or the fields that are wrong, in the order of the form."""
    wrong = [name for name, is_good in _PLAIN.items() if not is_good(fields)]
    serials, operator = _serials(fields), _operator(fields)
    outline = _outline(fields, region)
    height_m = _in_bounds(number(fields.get("height", "")), 1.0, LARGEST_HEIGHT_M)
    begin, end = _times(fields, now_utc_ns, ZoneInfo(region.zone_name))
    wrong += [
        name
        for name, found in (("serials", serials), ("operator", operator), ("height", height_m))
        if found is None
    ]
    wrong += outline if isinstance(outline, tuple) else ()
    wrong += [found for found in (begin, end) if isinstance(found, str)]
    if wrong:
        return tuple(name for name in ORDER if name in wrong)
    assert serials is not None
    assert operator is not None
    assert height_m is not None
    assert not isinstance(outline, tuple)
    assert isinstance(begin, int)
    assert isinstance(end, int)
    ceiling = Limit(value=height_m, reference=HeightReference.AGL)
    volume = Volume4D(volume=Volume(outline=outline, ceiling=ceiling), start_utc_ns=begin, end_utc_ns=end)
    category = fields["category"]
    scope = Scope(
        volumes=(volume,),
        serials=serials,
        operator_ids=(operator,) if operator else (),
        flight=Flight(
            purpose=readable(fields["purpose"]),
            operation_category="" if category == "unknown" else category,
            uas_class="" if fields["uas_class"] == "none" else fields["uas_class"],
        ),
    )
    return Application(
        holder=line(fields["holder"]),
        contact=line(fields["contact"]),
        priority=PermitPriority(fields["use"]),
        scope=scope,
        language=fields.get("lang", "en")[:2],
    )


ORDER = (
    *("holder", "contact", "operator", "serials"),
    *("shape", "centre", "radius", "corners", "away"),
    *("height", "begin", "begin_past", "begin_gap", "end", "end_before", "end_long", "end_gap"),
    *("purpose", "use", "category", "uas_class"),
)


def line(text: str) -> str:
    """Return a text on one line, readable."""
    return " ".join(readable(text).split())


_PLAIN: dict[str, Callable[[Fields], bool]] = {
    "holder": lambda fields: 1 <= len(line(fields.get("holder", ""))) <= LONGEST_NAME,
    "contact": lambda fields: 3 <= len(line(fields.get("contact", ""))) <= LONGEST_CONTACT,
    "purpose": lambda fields: 1 <= len(readable(fields.get("purpose", ""))) <= LONGEST_PURPOSE,
    "use": lambda fields: fields.get("use") in USES,
    "category": lambda fields: fields.get("category") in CATEGORIES,
    "uas_class": lambda fields: fields.get("uas_class") in CLASSES,
}


# --- numbers and places ----------------------------------------------------------------------------------


def number(text: str) -> float | None:
    """Return a number, however its digits and its point are written; None where it is none."""
    plain = text.translate(_SIGNS).strip().replace(",", ".")
    return float(plain) if re.fullmatch(_NUMBER, plain, re.ASCII) else None


def point(text: str) -> LonLat | None:
    """Return "latitude, longitude" as (longitude, latitude); None where it is no place."""
    plain = text.translate(_SIGNS).strip().strip("()")
    match = re.fullmatch(rf"({_NUMBER})\s*[,;\s]\s*({_NUMBER})", plain, re.ASCII)
    if match is None:
        # A decimal comma is told from the one between two numbers by what stands between them.
        match = re.fullmatch(rf"({_NUMBER})\s*(?:;|\s)\s*({_NUMBER})", plain.replace(",", "."), re.ASCII)
    if match is None:
        return None
    latitude_deg, longitude_deg = float(match[1]), float(match[2])
    if abs(latitude_deg) > 90 or abs(longitude_deg) > 180:
        return None
    return longitude_deg, latitude_deg


def _outline(fields: Fields, region: Region) -> Polygon | Circle | tuple[str, ...]:
    """Return where the flight is to be, or which fields do not say it."""
    match fields.get("shape"):
        case "circle":
            centre = point(fields.get("centre", ""))
            radius_m = _in_bounds(number(fields.get("radius", "")), SMALLEST_RADIUS_M, LARGEST_RADIUS_M)
            if centre is None or radius_m is None:
                return tuple(name for name, one in (("centre", centre), ("radius", radius_m)) if one is None)
            circle = Circle(longitude_deg=centre[0], latitude_deg=centre[1], radius_m=radius_m)
            return circle if _is_near((centre,), region) else ("away",)
        case "corners":
            lines = [one for one in readable(fields.get("corners", "")).split("\n") if one.strip()]
            corners = tuple(point(one) for one in lines)
            known = tuple(corner for corner in corners if corner is not None)
            if known and known[0] == known[-1] and len(known) > 1:
                known = known[:-1]
            if len(corners) > MOST_CORNERS or None in corners or len(set(known)) < 3 or _crosses(known):
                return ("corners",)
            return Polygon(rings=(known,)) if _is_near(known, region) else ("away",)
    return ("shape",)


def _is_near(places: tuple[LonLat, ...], region: Region) -> bool:
    at = region.frame.to_enu_m(
        np.array([place[1] for place in places]),
        np.array([place[0] for place in places]),
        np.full(len(places), region.frame.height_hae_m),
    ).reshape(-1, 3)
    return bool(np.all(np.linalg.norm(at[:, :2], axis=1) <= region.reach_m)) and bool(
        np.all(at[:, 2] > -region.reach_m)
    )


def _crosses(ring: tuple[LonLat, ...]) -> bool:
    """Return whether two edges that are not neighbours cross."""
    count = len(ring)
    edges = [(ring[i], ring[(i + 1) % count]) for i in range(count)]
    return any(
        _edges_cross(edges[i], edges[j])
        for i in range(count)
        for j in range(i + 2, count)
        if (i, j) != (0, count - 1)
    )


def _edges_cross(one: tuple[LonLat, LonLat], other: tuple[LonLat, LonLat]) -> bool:
    def side(a: LonLat, b: LonLat, c: LonLat) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return side(*one, other[0]) * side(*one, other[1]) < 0 and side(*other, one[0]) * side(*other, one[1]) < 0


def _in_bounds(value: float | None, least: float, most: float) -> float | None:
    return value if value is not None and math.isfinite(value) and least <= value <= most else None


# --- who -------------------------------------------------------------------------------------------------


def _serials(fields: Fields) -> tuple[str, ...] | None:
    words = re.split(r"[\s,;،؛]+", readable(fields.get("serials", "")).upper())
    serials = tuple(dict.fromkeys(word for word in words if word))
    if len(serials) > MOST_SERIALS or not all(is_serial(serial) for serial in serials):
        return None
    return serials


def is_serial(text: str) -> bool:
    """Return whether a text is a serial of ANSI/CTA-2063-A, its length as its fifth character says."""
    return SERIAL.fullmatch(text) is not None and int(text[4], 16) == len(text) - 5


def _operator(fields: Fields) -> str | None:
    """Return the operator's id without its secret part, "" where none is given."""
    text = "".join(readable(fields.get("operator", "")).split())
    if not text:
        return ""
    match = OPERATOR.fullmatch(text[:3].upper() + text[3:].lower())
    return match[1] if match else None


# --- when ------------------------------------------------------------------------------------------------


def _times(fields: Fields, now_utc_ns: int, zone: ZoneInfo) -> tuple[int | str, int | str]:
    """Return when the flight begins and ends, each the name of what is wrong with it where it is."""
    begin = _moment(fields.get("begin", ""), "begin", zone, fold=0)
    end = _moment(fields.get("end", ""), "end", zone, fold=1)
    if isinstance(begin, int):
        ahead_s = (begin - now_utc_ns) / NS_PER_S
        if not -LATE_S <= ahead_s <= FURTHEST_AHEAD_DAYS * 86_400:
            begin = "begin_past"
    if isinstance(begin, int) and isinstance(end, int):
        if end <= begin:
            end = "end_before"
        elif end - begin > LONGEST_FLIGHT_S * NS_PER_S:
            end = "end_long"
    return begin, end


def _moment(text: str, name: str, zone: ZoneInfo, fold: int) -> int | str:
    plain = text.translate(_SIGNS).strip().replace(" ", "T", 1)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?", plain, re.ASCII):
        return name
    try:
        local = datetime.datetime.fromisoformat(plain).replace(tzinfo=zone, fold=fold)
        utc = local.astimezone(datetime.UTC)
        back = utc.astimezone(zone)
    except (ValueError, OverflowError):
        return name
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        return f"{name}_gap"
    return round(utc.timestamp()) * NS_PER_S
