"""YAIXM: airspace in YAML, written by hand from an aeronautical information publication.

    airspace: or rat:              (rat: restricted areas, temporary)
    - name, id, type, localtype, class, controltype, rules: [...]
      geometry:
      - lower, upper, seq, name, id, class, rules
        boundary:
        - line:   [place, ...]
        - arc:    {dir: cw or ccw, radius, centre, to}       from the place before it
        - circle: {radius, centre}

Heights are SFC, flight levels or feet above mean sea level. Edges are read as geodesics. A feature is one
zone; where its parts have classes that mean different things, it is one zone for each meaning. Days that
stand only in a name, `CORONATION (6 MAY)`, are kept as information: without year and hours they cannot open a
zone, so it is in force for as long as it is listed. The same holds where `rules` say NOTAM. A document that
is broken is read feature by feature, and says so; a feature that cannot be read is left out and kept.
"""

from __future__ import annotations

import re
import textwrap

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Circle, LonLat, Polygon, Restriction, Volume, Zone, ZoneList
from skykeep.geo.arcs import arc_between
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_text import parse_length_m, parse_place
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
from skykeep.wire.yaml_text import Mapping, Yaml, decode_yaml

LARGEST_BYTES = 32 * 1024 * 1024
_LISTS = ("airspace", "rat")
_ITEM = re.compile(r"^ {0,2}- ", re.MULTILINE)
_HALF_PLACE = re.compile(r"\d{4,6}[NS] \d{5,7}", re.ASCII)
_KNOWN = ("name", "id", "type", "localtype", "class", "geometry", "rules", "controltype")
_MONTH = "(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}"
_DAYS = re.compile(
    rf"\(\s*(\d{{1,2}})(?:\s*{_MONTH})?(?:\s*([-/])\s*(\d{{1,2}}))?\s*{_MONTH}\s*\)\s*$", re.ASCII
)


def read_yaixm(data: bytes, source: str) -> ZoneList:
    """Return the zones of a YAIXM file. DecodeError where it is no YAIXM."""
    notes = Notes()
    text = decoded(notes, data, LARGEST_BYTES)
    try:
        features = _features(notes, decode_yaml(text, notes))
    except DecodeError as error:
        features = _salvaged(notes, text, error)
    names = Names()
    zones: list[Zone] = []
    for feature, raw in features:
        zones += _zones(notes, names, feature, raw, source)
    return ZoneList(
        format="YAIXM",
        zones=tuple(zones),
        deviations=tuple(notes.deviations),
        left_out=tuple(notes.left_out),
    )


def _features(notes: Notes, document: Yaml) -> list[tuple[Yaml, str]]:
    if not isinstance(document, dict) or not any(name in document for name in _LISTS):
        raise DecodeError("document", type(document).__name__, "a mapping with airspace or rat")
    features: list[tuple[Yaml, str]] = []
    for name, listed in document.items():
        if name not in _LISTS:
            notes.noted("", name, _word(listed), "airspace or rat", "not zones: passed over")
        elif isinstance(listed, list):
            features += [(feature, str(feature)) for feature in listed]
        elif listed:
            raise DecodeError(name, type(listed).__name__, "a list")
    return features


def _salvaged(notes: Notes, text: str, error: DecodeError) -> list[tuple[Yaml, str]]:
    """Return what can be read of a broken document: each item of its list on its own."""
    if not re.search(r"^(?:airspace|rat):", text, re.MULTILINE):
        raise error
    items = list(_ITEM.finditer(text))
    # One column out of line is how such documents break; two are a list within a feature.
    indent = min((len(match[0]) for match in items), default=0)
    starts = [match.start() for match in items if len(match[0]) <= indent + 1]
    pieces = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    read: list[tuple[Yaml, str]] = []
    for number, piece in enumerate(pieces, 1):
        try:
            listed = decode_yaml(textwrap.dedent(piece), notes)
        except DecodeError as inner:
            notes.leave_out(f"feature {number}", "document", inner.found, inner.must, piece)
            continue
        read += [(one, piece) for one in (listed if isinstance(listed, list) else [listed])]
    if not read:
        raise error
    notes.read_as("", "document", error.found, error.must, f"read feature by feature: {len(read)}")
    return read


def _zones(notes: Notes, names: Names, feature: Yaml, raw: str, source: str) -> list[Zone]:
    if not isinstance(feature, dict):
        notes.leave_out("feature", "name", raw, "a mapping with name, type and geometry", raw)
        return []
    name = _word(feature.get("name")) or "without a name"
    zone_id = names.once(notes, _word(feature.get("id")) or name, name)
    parts = feature.get("geometry")
    volumes: dict[Restriction, list[Volume]] = {}
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        try:
            restriction, made = _part(notes, zone_id, feature, part, f"geometry[{number}]")
        except DecodeError as error:
            notes.leave_out(zone_id, f"geometry[{number}].{error.field}", error.found, error.must, str(part))
            continue
        volumes.setdefault(restriction, []).extend(made)
    if not volumes:
        notes.leave_out(zone_id, "geometry", "none that can be read", "at least one volume", raw)
        return []
    for key in feature:
        if key not in _KNOWN:
            notes.noted(zone_id, key, _word(feature[key]), "a field of YAIXM", "kept as information")
    extra = _extra(notes, zone_id, name, feature)
    return [
        Zone(
            zone_id=zone_id if i == 0 else names.once(notes, f"{zone_id} {restriction}", zone_id),
            name=name,
            restriction=restriction,
            volumes=tuple(made),
            strictness=strictness_of(restriction),
            document=f"{source} {name}".strip(),
            source=source,
            extra=extra,
        )
        for i, (restriction, made) in enumerate(volumes.items())
    ]


def _part(
    notes: Notes, zone_id: str, feature: Mapping, part: Yaml, where: str
) -> tuple[Restriction, list[Volume]]:
    if not isinstance(part, dict):
        raise DecodeError("boundary", type(part).__name__, "a mapping")
    local, kind = _word(feature.get("localtype")), _word(feature.get("type"))
    icao_class = _word(part.get("class")) or _word(feature.get("class"))
    # OTHER and D_OTHER say nothing themselves; their local type does.
    kind = local if local and kind in ("OTHER", "D_OTHER") else kind
    outlines = _outlines(notes, zone_id, part.get("boundary"), where)
    floor = limit_or_none(notes, zone_id, f"{where}.lower", _word(part.get("lower")))
    ceiling = limit_or_none(notes, zone_id, f"{where}.upper", _word(part.get("upper")))
    restriction = restriction_noted(notes, zone_id, "type", kind, icao_class)
    volumes = [Volume(outline=outline, floor=floor, ceiling=ceiling) for outline in outlines]
    return restriction, [upright(notes, zone_id, where, volume) for volume in volumes]


def _outlines(notes: Notes, zone_id: str, boundary: Yaml, where: str) -> list[Circle | Polygon]:
    if not isinstance(boundary, list) or not boundary:
        raise DecodeError("boundary", _word(boundary) or "absent", "a list of line, arc and circle")
    outlines: list[Circle | Polygon] = []
    corners: list[LonLat] = []
    pieces = [_piece(notes, zone_id, one, where) for one in boundary]
    sides = set(re.findall(r"\d([EW])\b", str(boundary)))
    for name, said in pieces:
        if name == "circle" and isinstance(said, dict):
            radius_m = parse_length_m("circle.radius", _word(said.get("radius")))
            outlines.append(circle_of(parse_place("circle.centre", _word(said.get("centre"))), radius_m))
        elif name == "line" and isinstance(said, list):
            corners += _line(notes, zone_id, said, sides, where)
        elif name == "arc" and isinstance(said, dict):
            corners += _arc(said, corners[-1] if corners else _last_place(pieces))
        else:
            raise DecodeError("boundary", name, "line, arc or circle")
    if corners:
        outlines.append(polygon_of(corners))
    return outlines


def _line(notes: Notes, zone_id: str, said: list[Yaml], sides: set[str], where: str) -> list[LonLat]:
    """Return the places of a line; one without E or W has that of the boundary, if there is but one."""
    words = [_word(place).strip().upper() for place in said]
    for i, word in enumerate(words):
        if _HALF_PLACE.fullmatch(word) and len(sides) == 1:
            words[i] = word + "".join(sides)
            notes.read_as(
                zone_id, f"{where}.boundary.line[{i}]", word, "a longitude with E or W",
                f"read as {words[i]}, as the others",
            )  # fmt: skip
    return [parse_place("line", word) for word in words]


def _piece(notes: Notes, zone_id: str, one: Yaml, where: str) -> tuple[str, Yaml]:
    if not isinstance(one, dict) or not one:
        raise DecodeError("boundary", type(one).__name__, "line, arc or circle")
    name = next(iter(one))
    said = one[name]
    if not said and len(one) > 1:
        notes.read_as(
            zone_id, f"{where}.boundary.{name}", "nothing, with its fields beside it", "its fields under it",
            "read as if they were",
        )  # fmt: skip
        said = {key: value for key, value in one.items() if key != name}
    return name, said


def _arc(said: Mapping, start: LonLat) -> tuple[LonLat, ...]:
    direction = _word(said.get("dir")).lower()
    if direction not in ("cw", "ccw"):
        raise DecodeError("arc.dir", repr(direction[:20]), "cw or ccw")
    parse_length_m("arc.radius", _word(said.get("radius")))
    centre = parse_place("arc.centre", _word(said.get("centre")))
    return arc_between(centre, start, parse_place("arc.to", _word(said.get("to"))), direction == "cw")


def _last_place(pieces: list[tuple[str, Yaml]]) -> LonLat:
    """Return where a boundary ends, which is where an arc begins that comes first."""
    name, said = pieces[-1]
    if name == "line" and isinstance(said, list) and said:
        return parse_place("line", _word(said[-1]))
    if name == "arc" and isinstance(said, dict):
        return parse_place("arc.to", _word(said.get("to")))
    raise DecodeError("arc", "nothing before it", "a place from which it starts")


def _extra(notes: Notes, zone_id: str, name: str, feature: Mapping) -> tuple[tuple[str, str], ...]:
    rules = feature.get("rules")
    listed = [_word(rule) for rule in rules] if isinstance(rules, list) else []
    days = days_in_name(name)
    if days or "(" in name:
        notes.noted(
            zone_id, "name", name, "times of its own",
            "days in a name are no times: in force while it is listed, the safer",
        )  # fmt: skip
    elif "NOTAM" in listed:
        notes.noted(zone_id, "rules", "NOTAM", "times of its own", "in force while it is listed, the safer")
    kept = {key: value for key, value in feature.items() if key not in ("name", "id", "geometry")}
    return extra_of(**kept, days_in_name=days)


def days_in_name(name: str) -> list[str]:
    """Return first and last day, as MM-DD, that a name's brackets say without doubt: `(29 MAY-1 JUN)`."""
    match = _DAYS.search(name.upper()[-60:])
    if match is None or (match[3] == "/" and match[2]):
        return []
    months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
    last_month = months.index(match[5]) // 3 + 1
    first_month = months.index(match[2]) // 3 + 1 if match[2] else last_month
    if match[2] and match[4] is None:
        return []
    days = [(first_month, int(match[1])), (last_month, int(match[4] or match[1]))]
    return [f"{month:02d}-{day:02d}" for month, day in days]


def _word(value: Yaml) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)[:200]
