"""OpenAir, the airspace files of gliders: the classic dialect and the extended one.

    * a comment                AC class           AN name             AY type         AI identifier
    AF frequency               AG station         AX squawk           AA time/time    AT label place
    AL floor                   AH ceiling         V X=centre          V D=+ or -      V W=width in NM
    DP place                   DA radius, from, to in degrees         DB place, place
    DC radius in NM            DY place of an airway's middle line

A block begins with AC. Arcs go clockwise unless `V D=-` stands before them in their block. Radii are nautical
miles; heights are above mean sea level unless said otherwise. Edges are read as geodesics, which the format
leaves open. In the classic dialect AC holds kinds (R, Q, P, CTR, ...) as well as classes. A block may hold
several circles: each is a volume. What a line says that cannot be read is reported; limits that cannot be
read are none; a block without an outline is left out. Sources: WinPilot's description 0.92, Naviter's of the
extended format 2.1.
"""

from __future__ import annotations

import re

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Circle, LonLat, Period, Polygon, Text, Volume, Zone, ZoneList
from skykeep.geo.arcs import arc, arc_between, azimuth_and_distance, place_at
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_text import find_places, parse_length_m, parse_number, parse_place
from skykeep.wire.aero_time import parse_iso_utc_ns
from skykeep.wire.aero_zone import (
    Names,
    circle_of,
    decoded,
    extra_of,
    limit_or_none,
    polygon_of,
    restriction_noted,
    strictness_of,
    upright,
)

LARGEST_BYTES = 64 * 1024 * 1024
_LINE = re.compile(r"(A[ACFGHILNTXY]|TP|D[ABCPY]|V|S[PB]|T[OCX])(?:\s(.*))?", re.ASCII | re.IGNORECASE)
_DRAWING = ("SP", "SB", "TO", "TC", "TX")
_UNCLASSED = ("UNC", "UNCLASSIFIED", "UNKNOWN", "NONE", "OTHER", "")


def read_openair(data: bytes, source: str) -> ZoneList:
    """Return the zones of an OpenAir file. DecodeError where it holds no block at all."""
    notes = Notes()
    blocks: list[list[tuple[int, str, str]]] = []
    for number, line in enumerate(decoded(notes, data, LARGEST_BYTES).splitlines(), 1):
        text = line.strip()
        if not text or text.startswith(("*", "#")):
            continue
        match = _LINE.fullmatch(text[:2000])
        if match is None:
            notes.noted("", f"line {number}", text, "a record of OpenAir", "passed over")
            continue
        record, said = match[1].upper(), (match[2] or "").strip()
        if record == "AC":
            blocks.append([])
        elif not blocks:
            if record not in _DRAWING:
                notes.noted("", f"line {number}", text, "behind an AC record", "passed over")
            continue
        blocks[-1].append((number, record, said))
    if not blocks:
        raise DecodeError("file", f"{len(data)} bytes without an AC record", "OpenAir")
    names = Names()
    zones = [zone for block in blocks if (zone := _zone(notes, names, block, source)) is not None]
    return ZoneList(
        format="OpenAir",
        zones=tuple(zones),
        deviations=tuple(notes.deviations),
        left_out=tuple(notes.left_out),
    )


def _zone(notes: Notes, names: Names, block: list[tuple[int, str, str]], source: str) -> Zone | None:
    said: dict[str, str] = {}
    for _, record, text in block:
        said.setdefault(record, text)
    first_line = block[0][0]
    name = said.get("AN", "") or said.get("AI", "") or f"line {first_line}"
    zone_id = names.once(notes, said.get("AI", "") or name, f"line {first_line}")
    outlines = _Outlines(notes, zone_id).drawn(block)
    if not outlines:
        notes.leave_out(
            zone_id, f"line {first_line}", name, "an outline",
            "\n".join(f"{record} {text}" for _, record, text in block),
        )  # fmt: skip
        return None
    floor = limit_or_none(notes, zone_id, "AL", said.get("AL", ""))
    ceiling = limit_or_none(notes, zone_id, "AH", said.get("AH", ""))
    kind, icao_class = _kind(said)
    restriction = restriction_noted(notes, zone_id, "AC", kind, icao_class)
    volumes = (Volume(outline=outline, floor=floor, ceiling=ceiling) for outline in outlines)
    return Zone(
        zone_id=zone_id,
        name=name,
        restriction=restriction,
        volumes=tuple(upright(notes, zone_id, "AL", volume) for volume in volumes),
        strictness=strictness_of(restriction),
        document=f"{source} {zone_id}".strip(),
        periods=_periods(notes, zone_id, [text for _, record, text in block if record == "AA"]),
        message=(Text(text=f"{said['AG']} {said.get('AF', '')}".strip()),) if "AG" in said else (),
        source=source,
        extra=extra_of(
            airspace_class=said.get("AC"),
            type=said.get("AY"),
            frequency=said.get("AF"),
            station=said.get("AG"),
            squawk=said.get("AX") or said.get("TP"),
        ),
    )


def _kind(said: dict[str, str]) -> tuple[str, str]:
    """Return kind and class: the classic dialect has both in AC."""
    kind, icao_class = said.get("AY", "").upper(), said.get("AC", "").upper()
    if kind in _UNCLASSED:
        kind = ""
    if icao_class in _UNCLASSED:
        icao_class = ""
    return (
        (kind, icao_class) if kind or (len(icao_class) == 1 and icao_class in "ABCDEFG") else (icao_class, "")
    )


def _periods(notes: Notes, zone_id: str, said: list[str]) -> tuple[Period, ...]:
    periods = []
    for text in said:
        begin, _, end = text.strip().upper().partition("/")
        try:
            if begin == "NONE" and end in ("", "NONE"):
                raise DecodeError("AA", "NONE", "a time from which or until which it is active")
            start_ns = None if begin == "NONE" else parse_iso_utc_ns("AA", begin)
            end_ns = None if end == "NONE" else parse_iso_utc_ns("AA", end)
        except DecodeError as error:
            notes.read_as(zone_id, "AA", text, error.must, "in force throughout, the safer")
            return ()
        periods.append(Period(start_utc_ns=start_ns, end_utc_ns=end_ns))
    return tuple(periods)


class _Outlines:
    """Follows the drawing records of a block."""

    def __init__(self, notes: Notes, zone_id: str) -> None:
        self._notes = notes
        self._zone_id = zone_id
        self._centre: LonLat | None = None
        self._clockwise = True
        self._width_m = 0.0
        self._corners: list[LonLat] = []
        self._circles: list[Circle] = []
        self._airway: list[LonLat] = []

    def drawn(self, block: list[tuple[int, str, str]]) -> list[Circle | Polygon]:
        sound = True
        for number, record, text in block:
            bare = text.partition("*")[0].strip().upper() if record[0] in "VD" else text
            try:
                self._follow(record, bare)
            except DecodeError as error:
                sound = False
                self._notes.noted(
                    self._zone_id, f"line {number} {record}", text, error.must, "the record is passed over"
                )
        outlines: list[Circle | Polygon] = [*self._circles, *self._lanes()]
        if self._corners:
            try:
                outlines.append(polygon_of(self._corners))
            except DecodeError as error:
                self._notes.noted(self._zone_id, "DP", error.found, error.must, "no polygon of it")
        if outlines and not sound:
            self._notes.read_as(
                self._zone_id, "outline", "records that cannot be read", "all of them readable",
                "drawn from the others: it may be wrong",
            )  # fmt: skip
        return outlines

    def _follow(self, record: str, text: str) -> None:
        if record == "V":
            self._set(text)
        elif record == "DP":
            self._corners.append(parse_place("DP", text))
        elif record == "DC":
            self._circles.append(circle_of(self._x(), _miles("DC", text)))
        elif record == "DA":
            parts = text.replace(",", " ").split()
            if len(parts) != 3:
                raise DecodeError("DA", repr(text[:60]), "a radius and two angles")
            from_deg, to_deg = (parse_number("DA", part, -360.0, 720.0) for part in parts[1:])
            self._corners += arc(self._x(), _miles("DA", parts[0]), from_deg, to_deg, self._clockwise)
        elif record == "DB":
            places = [place for _, _, place in find_places(text[:200])]
            if len(places) != 2:
                raise DecodeError("DB", repr(text[:60]), "two places")
            self._corners += arc_between(self._x(), places[0], places[1], self._clockwise)
        elif record == "DY":
            self._airway.append(parse_place("DY", text))

    def _set(self, text: str) -> None:
        variable, _, value = (
            text.replace(" ", "", 1).partition("=") if text[:2] == "X " else text.partition("=")
        )
        variable, value = variable.strip(), value.strip()
        if variable == "X":
            self._centre = parse_place("V X", value)
        elif variable == "D" and value in ("+", "-"):
            self._clockwise = value == "+"
        elif variable == "W":
            self._width_m = _miles("V W", value)
        elif variable != "Z":
            raise DecodeError("V", repr(text[:60]), "X=, D=+, D=-, W= or Z=")

    def _x(self) -> LonLat:
        if self._centre is None:
            raise DecodeError("V X", "absent", "given before an arc or a circle")
        return self._centre

    def _lanes(self) -> list[Circle | Polygon]:
        """Return an airway: a strip for each leg, a circle at each turn."""
        if len(self._airway) < 2 or not self._width_m:
            return []
        half_m = self._width_m / 2.0
        lanes: list[Circle | Polygon] = [circle_of(turn, half_m) for turn in self._airway[1:-1]]
        for start, end in zip(self._airway, self._airway[1:], strict=False):
            if start == end:
                continue
            ahead = azimuth_and_distance(start, end)[0]
            back = azimuth_and_distance(end, start)[0]
            lanes.append(
                polygon_of(
                    (
                        place_at(start, ahead - 90.0, half_m), place_at(end, back + 90.0, half_m),
                        place_at(end, back - 90.0, half_m), place_at(start, ahead + 90.0, half_m),
                    )
                )
            )  # fmt: skip
        return lanes


def _miles(field: str, text: str) -> float:
    bare = text.upper().removesuffix("NM").strip()
    return parse_length_m(field, bare, "NM")
