"""Places, limits and lengths as aeronautical publications write them.

    place     574012N0121500E  5740N 01215E  N5740.2 E01215.5  57:40:12 N 012:15:00 E  57.67N 12.25E
    limit     SFC  GND  UNL  FL095  5000FT AMSL  450 M AGL  1500 ft  2000FT ALT
    length    3NM  1.5 KM  500M  0.5 [nmi_i]

A height without a reference is above mean sea level, one without a unit in feet: so all of them read it.
"""

from __future__ import annotations

import math
import re

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import NO_CEILING, HeightReference, LengthUnit, Limit, LonLat

SURFACE = Limit(value=0.0, unit=LengthUnit.FT, reference=HeightReference.AGL)
UNLIMITED = Limit(value=NO_CEILING, unit=LengthUnit.FT, reference=HeightReference.AMSL)

_NUMBER = r"(?:\.\d{1,10})?"
_PARTS = (
    rf"\d{{1,7}}{_NUMBER}(?:[ :\-°]{{1,2}}\d{{1,2}}{_NUMBER}(?:[ :\-'′]{{1,2}}\d{{1,2}}{_NUMBER})?)?"
    r"[ \"″'′°]{0,2}"
)
_PLACE = re.compile(
    rf"(?<![\w.])(?:(?P<lat>{_PARTS})(?P<ns>[NS])\s{{0,3}}[,/;\-]?\s{{0,3}}(?P<lon>{_PARTS})(?P<ew>[EW])"
    rf"|(?P<ns2>[NS])\s?(?P<lat2>{_PARTS})\s{{0,3}}[,/;\-]?\s{{0,3}}(?P<ew2>[EW])\s?(?P<lon2>{_PARTS}))(?!\w)",
    re.ASCII,
)
_LIMIT = re.compile(
    r"(?P<value>-?\d{1,6}(?:\.\d{1,6})?)\s?(?P<unit>FT|FEET|F|METRES|METERS|M)?\s?\.?\s?"
    r"(?P<reference>ABOVE\s(?:GROUND|SEA)\sLEVEL|A?MSL|AGL|ASFC|SFC|GND|ALT|STD|QNH|AAL)?",
    re.ASCII,
)
_LEVEL = re.compile(r"FL\s?(\d{1,3}(?:\.\d{1,2})?)", re.ASCII)
_LENGTH = re.compile(r"(\d{1,7}(?:\.\d{1,6})?)\s?\[?([A-Z_]{1,14})\]?", re.ASCII)
_SURFACE_WORDS = {"SFC", "GND", "SURFACE", "GROUND", "GND/MSL", "0", "SEA"}
_UNLIMITED_WORDS = {"UNL", "UNLTD", "UNLIM", "UNLIMITED"}
_ABOVE_GROUND = {"AGL", "ASFC", "SFC", "GND", "AAL", "ABOVE GROUND LEVEL"}

METRES_OF = {
    "NM": 1852.0, "NMI": 1852.0, "NMI_I": 1852.0, "NAUTICAL": 1852.0,
    "KM": 1000.0, "M": 1.0, "METRES": 1.0, "METERS": 1.0, "METRE": 1.0,
    "FT": 0.3048, "FEET": 0.3048, "FT_I": 0.3048, "SM": 1609.344, "MI": 1609.344, "MI_I": 1609.344,
}  # fmt: skip


def find_places(text: str) -> list[tuple[int, int, LonLat]]:
    """Return each place in a text: where its words begin and end, and the place; impossible ones left out."""
    found = []
    for match in _PLACE.finditer(text):
        place = _place(match)
        if place is not None:
            found.append((match.start(), match.end(), place))
    return found


def parse_place(field: str, text: str) -> LonLat:
    """Return the one place that a text is."""
    match = _PLACE.fullmatch(text[:80].strip().upper())
    place = None if match is None or len(text) > 80 else _place(match)
    if place is None:
        raise DecodeError(field, repr(text[:80]), "a latitude and a longitude with N or S, E or W")
    return place


def _place(match: re.Match[str]) -> LonLat | None:
    latitude = _angle(match["lat"] or match["lat2"], 2)
    longitude = _angle(match["lon"] or match["lon2"], 3)
    if latitude is None or longitude is None or latitude > 90.0 or longitude > 180.0:
        return None
    south = (match["ns"] or match["ns2"]) == "S"
    west = (match["ew"] or match["ew2"]) == "W"
    return (-longitude if west else longitude), (-latitude if south else latitude)


def _angle(text: str, degree_digits: int) -> float | None:
    parts = re.findall(r"\d+(?:\.\d+)?", text)
    if len(parts) == 1:
        whole, _, fraction = parts[0].partition(".")
        if len(whole) <= degree_digits:
            return float(parts[0])
        if len(whole) not in (degree_digits + 2, degree_digits + 4):
            return None
        parts = [whole[:degree_digits], whole[degree_digits : degree_digits + 2]]
        if len(whole) == degree_digits + 4:
            parts.append(whole[degree_digits + 2 :])
        parts[-1] += f".{fraction}" if fraction else ""
    degrees, minutes, seconds = ([float(part) for part in parts] + [0.0, 0.0])[:3]
    if minutes >= 60.0 or seconds >= 60.0:
        return None
    return degrees + minutes / 60.0 + seconds / 3600.0


def parse_limit(field: str, text: str) -> Limit:
    """Return a floor or a ceiling in words."""
    words = " ".join(text[:60].upper().replace(",", "").split())
    bare = words.removesuffix(" AGL").removesuffix(" AMSL").removesuffix(" MSL")
    if bare in _SURFACE_WORDS:
        return SURFACE
    if bare in _UNLIMITED_WORDS:
        return UNLIMITED
    if level := _LEVEL.fullmatch(words.removesuffix(" STD").removesuffix(" AMSL").removesuffix(" MSL")):
        return Limit(value=float(level[1]), unit=LengthUnit.FL, reference=HeightReference.STD)
    match = _LIMIT.fullmatch(words)
    if match is None:
        raise DecodeError(field, repr(text[:60]), "SFC, UNL, a flight level, or a height in ft or m")
    metric = (match["unit"] or "FT").startswith("M")
    reference = HeightReference.AMSL
    if match["reference"] in _ABOVE_GROUND:
        reference = HeightReference.AGL
    elif match["reference"] == "STD":
        reference = HeightReference.STD
    return Limit(
        value=float(match["value"]), unit=LengthUnit.M if metric else LengthUnit.FT, reference=reference
    )


def parse_length_m(field: str, text: str, unit: str = "") -> float:
    """Return a length in metres; `unit` where it is told apart from the number."""
    match = _LENGTH.fullmatch(f"{text.strip()[:30]} {unit.strip()[:20]}".strip().upper())
    factor = None if match is None else METRES_OF.get(match[2])
    if match is None or factor is None:
        raise DecodeError(field, repr(f"{text[:40]} {unit[:20]}"), "a length in NM, km, m or ft")
    value = float(match[1]) * factor
    if not 0.0 < value <= 2_000_000.0:
        raise DecodeError(field, repr(text[:40]), "over 0 and at most 2,000 km")
    return value


def parse_number(field: str, text: str, least: float = -math.inf, most: float = math.inf) -> float:
    """Return a finite decimal number within bounds."""
    if not re.fullmatch(r"\s*[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?\s*", text[:60]):
        raise DecodeError(field, repr(text[:60]), "a decimal number")
    value = float(text)
    if not least <= value <= most:
        raise DecodeError(field, repr(text[:60]), f"{least:g} to {most:g}")
    return value
