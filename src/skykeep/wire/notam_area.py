"""Where a NOTAM's words say that something is: circles, polygons and arcs in the free text of item E).

    WITHIN 2NM RADIUS OF 574012N 0121500E             PSN 574012N0121500E RADIUS 500M
    1NM RADIUS CENTRED ON: 5740N 01215E, 5741N 01220E        AREA BOUNDED BY 5740N01215E - 5741N01220E - ...
    ... 574012N 0121500E THEN CLOCKWISE ARC RADIUS 5NM CENTRED ON 5740N 01215E TO 573500N 0122000E ...

A polygon is three places or more with nothing between them but signs, TO, THEN and the like. Between its
places may stand an arc. Words that tie an edge to a border, a coast or a river, and places that belong to no
shape, mean that the area is not understood as a whole: the caller falls back to what is safer. What is
excepted (`EXCLUDING ...`) is not taken out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Circle, LonLat, Polygon
from skykeep.geo.arcs import arc_between
from skykeep.wire.aero_text import find_places, parse_length_m
from skykeep.wire.aero_zone import circle_of, polygon_of

LONGEST_TEXT = 20_000
_UNIT = "NM|KM|M|FT|METRES|METERS"
_RADIUS = re.compile(
    rf"(?<![\w.])(\d{{1,5}}(?:[.,]\d{{1,4}})?)\s?({_UNIT})\s?(?:-\s?)?(?:RADIUS|RAD)\b"
    rf"|\b(?:RADIUS|RAD)\s?(?:OF\s|IS\s|[:=]\s?)?(\d{{1,5}}(?:[.,]\d{{1,4}})?)\s?({_UNIT})\b",
    re.ASCII,
)
_STRAIGHT = re.compile(
    r"(?:[\s,;:/().\-–+]|\bTO\b|\bTHEN\b|\bTHENCE\b|\bAND\b|\bPSN\b|\bPOINT\b|\bDCT\b|\bSTRAIGHT LINE\b"
    r"|\bBACK\b|\bTHE\b|\bORIGIN\b|\b[A-Z]\)|\b\d{1,2}[.)])*",
    re.ASCII,
)
_ARC = re.compile(r"\b(ANTI|COUNTER)?[ -]?CLOCKWISE\b|\b(A|C)?CW\b", re.ASCII)
_EXCEPT = re.compile(r"\b(?:EXC|EXCL|EXCLUDING|EXCEPT|EXCEPTING)\b", re.ASCII)
_BETWEEN_WORDS = 90


class Area(NamedTuple):
    """The outlines found, and why they may not be all: "" where every place is accounted for."""

    outlines: tuple[Circle | Polygon, ...]
    doubt: str
    excepted: str = ""


class _Radius(NamedTuple):
    begin: int
    end: int
    metres: float


def area_of(text: str) -> Area:
    """Return the outlines that a text describes."""
    words = " ".join(text[: LONGEST_TEXT + 1].upper().split())
    if len(words) > LONGEST_TEXT:
        return Area((), "a text too long to be read")
    exception = _EXCEPT.search(words)
    excepted = words[exception.start() :] if exception else ""
    told = words[: exception.start()] if exception else words
    if not find_places(told) and excepted:
        told, excepted = words, ""
    places = find_places(told)
    radii = _radii(told)
    if not places:
        return Area((), "no place in the text")
    polygons, used = _polygons(told, places)
    rest = [places[i] for i in range(len(places)) if i not in used]
    circles, unused = _circles(rest, [one for one in radii if not _is_of_arc(told, one)])
    outlines: tuple[Circle | Polygon, ...] = (*circles, *polygons)
    doubt = f"{unused} places that belong to no shape" if unused else ""
    if not outlines:
        doubt = "places without a shape"
    if excepted and not find_places(excepted):
        excepted = excepted[:80]
    return Area(outlines, doubt, excepted)


def _radii(text: str) -> list[_Radius]:
    radii = []
    for match in _RADIUS.finditer(text):
        number, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
        try:
            metres = parse_length_m("E", number.replace(",", "."), unit)
        except DecodeError:
            continue
        radii.append(_Radius(match.start(), match.end(), metres))
    return radii


def _is_of_arc(text: str, radius: _Radius) -> bool:
    return _ARC.search(text, max(0, radius.begin - 60), radius.begin) is not None


def _polygons(text: str, places: list[tuple[int, int, LonLat]]) -> tuple[list[Polygon], set[int]]:
    """Return the polygons, and which places are in them or are centres of their arcs."""
    polygons: list[Polygon] = []
    used: set[int] = set()
    at = 0
    while at < len(places):
        corners, members, at = _run(text, places, at)
        if len(members) < 3 or len(set(corners)) < 3:
            continue
        try:
            polygons.append(polygon_of(corners))
        except DecodeError:
            continue
        used |= members
    return polygons, used


def _run(text: str, places: list[tuple[int, int, LonLat]], at: int) -> tuple[list[LonLat], set[int], int]:
    """Return the corners from one place on, as far as they hang together, and where the next run begins."""
    corners, members = [places[at][2]], {at}
    at += 1
    while at < len(places):
        gap = text[places[at - 1][1] : places[at][0]]
        if _STRAIGHT.fullmatch(gap):
            corners.append(places[at][2])
            members.add(at)
            at += 1
            closed = corners[-1] == corners[0] and len(corners) > 3
            if closed:
                break
            continue
        turn = _ARC.search(gap) if len(gap) <= 2 * _BETWEEN_WORDS else None
        if turn is None or at + 1 >= len(places):
            break
        onwards = text[places[at][1] : places[at + 1][0]]
        if len(onwards) > _BETWEEN_WORDS or not re.search(r"\b(?:TO|UNTIL|UP TO)\b|-", onwards):
            break
        clockwise = not (turn[1] or turn[2])
        corners += arc_between(places[at][2], corners[-1], places[at + 1][2], clockwise)[1:]
        members |= {at, at + 1}
        at += 2
    return corners, members, at


def _circles(places: list[tuple[int, int, LonLat]], radii: list[_Radius]) -> tuple[list[Circle], int]:
    """Return circles, each place with the radius that stands nearest in words, and how many have none."""
    if not radii:
        return [], len(places)
    circles: list[Circle] = []
    unused = 0
    for begin, end, place in places:
        near = [one for one in radii if _distance(one, begin, end) <= _BETWEEN_WORDS]
        chosen = min(near, key=lambda one: _distance(one, begin, end), default=None)
        if chosen is None and len(radii) == 1:
            chosen = radii[0]
        if chosen is None:
            unused += 1
            continue
        circles.append(circle_of(place, chosen.metres))
    return circles, unused


def _distance(radius: _Radius, begin: int, end: int) -> int:
    return begin - radius.end if radius.end <= begin else radius.begin - end
