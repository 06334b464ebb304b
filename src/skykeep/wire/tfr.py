"""Temporary flight restrictions of the FAA: the detail file of one, XNOTAM-Update, made of AIXM 4.5 words.

    XNOTAM-Update > Group > Add > Not
        NotUid > txtLocalName, dateIssued            dateEffective, dateExpire, codeTimeZone
        TfrNot > codeType > TFRAreaGroup
            aseTFRArea > AseUid > codeId; txtName; codeDistVerUpper, valDistVerUpper, uomDistVerUpper,
            ...Lower abdMergedArea > Avx...                   its boundary as merged by the FAA, inside the
            area or beside aseShapes > Abd > Avx...                 the shapes that it was made of
            ScheduleGroup > dateEffective, dateExpire

Avx is a corner: GRC a great circle to the next, CWA and CCA an arc round geoLatArc and geoLongArc, CIR a
circle. Places are decimal degrees with a letter. The merged boundary is taken where there is one; else every
shape is a volume, for which of them are cut out is not told without it. ALT is above mean sea level, HEI
above ground, STD a flight level; a floor of 0 is the surface. Times have no zone: they are UTC where
codeTimeZone says so or is absent; where it names another zone the files seen are in UTC nevertheless, so the
zone is in force by either reading. No dateExpire is no end. Each area is a zone of its own.
"""

from __future__ import annotations

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    LengthUnit,
    Limit,
    LonLat,
    Period,
    Polygon,
    Restriction,
    Text,
    Volume,
    Zone,
    ZoneList,
)
from skykeep.geo.arcs import arc_between
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_text import parse_length_m, parse_number, parse_place
from skykeep.wire.aero_time import has_zone, parse_iso_utc_ns
from skykeep.wire.aero_xml import Node, parse_document
from skykeep.wire.aero_zone import Names, circle_of, extra_of, polygon_of, strictness_of, upright

_REFERENCES = {
    "ALT": HeightReference.AMSL, "MSL": HeightReference.AMSL, "AMSL": HeightReference.AMSL,
    "HEI": HeightReference.AGL, "AGL": HeightReference.AGL, "SFC": HeightReference.AGL,
    "STD": HeightReference.STD,
}  # fmt: skip
_HOURS_BEHIND_UTC = {
    "AST": 4, "ADT": 3, "EST": 5, "EDT": 4, "CST": 6, "CDT": 5, "MST": 7, "MDT": 6, "PST": 8, "PDT": 7,
    "AKST": 9, "AKDT": 8, "HST": 10, "HAST": 10, "HADT": 9, "SST": 11, "CHST": -10,
}  # fmt: skip
# By regulation: security, the head of state, space flight. The others are opened by whoever leads on scene.
_CLOSED = ("99.7", "91.141", "91.143")


def read_tfr(data: bytes, source: str) -> ZoneList:
    """Return the zones of a file of restrictions. DecodeError where it is not one."""
    root = parse_document(data, "XNOTAM-Update")
    notes, names = Notes(), Names()
    zones: list[Zone] = []
    for group in root.under("Not"):
        zones += _zones(notes, names, group, source)
    for removed in root.under("Del", "Cancel"):
        notes.leave_out("removed", removed.name, removed.name, "an added restriction", removed.source())
    issued = root.attributes.get("created", "")
    return ZoneList(
        format="FAA TFR",
        zones=tuple(zones),
        deviations=tuple(notes.deviations),
        left_out=tuple(notes.left_out),
        issued_utc_ns=_issued(notes, issued),
    )


def _issued(notes: Notes, text: str) -> int | None:
    try:
        return parse_iso_utc_ns("created", text)
    except DecodeError as error:
        notes.noted("", "created", text or "absent", error.must, "not known when it was issued")
        return None


def _zones(notes: Notes, names: Names, restriction: Node, source: str) -> list[Zone]:
    number = restriction.word("NotUid", "txtLocalName") or restriction.word("NotUid", "noSeqNo")
    code = restriction.word("TfrNot", "codeType") or restriction.word("codeType")
    zones = []
    areas = list(restriction.under("aseTFRArea"))
    for i, area in enumerate(areas):
        area_id = area.word("AseUid", "codeId") or str(i + 1)
        wanted = f"{number} {area_id}".strip() if len(areas) > 1 or not number else number
        zone_id = names.once(notes, wanted, f"area {i + 1}")
        outlines = _outlines(notes, zone_id, restriction, area, area_id)
        if not outlines:
            notes.leave_out(zone_id, "abdMergedArea", "no boundary", "one that can be read", area.source())
            continue
        floor = _limit(notes, zone_id, area, "Lower")
        ceiling = _limit(notes, zone_id, area, "Upper")
        kind = _restriction(notes, zone_id, code)
        name = area.word("txtName") or restriction.word("NotUid", "txtLocalName") or zone_id
        volumes = (Volume(outline=outline, floor=floor, ceiling=ceiling) for outline in outlines)
        text = restriction.word("txtDescrTraditional") or restriction.word("txtDescrUSNS")
        zones.append(
            Zone(
                zone_id=zone_id,
                name=name,
                restriction=kind,
                volumes=tuple(upright(notes, zone_id, "valDistVerLower", volume) for volume in volumes),
                strictness=strictness_of(kind),
                document=f"FDC {number}" if number else f"{source} {zone_id}".strip(),
                periods=_periods(notes, zone_id, restriction, area),
                country="USA",
                message=(Text(text=" ".join(text.split()), language="en"),) if text else (),
                source=source,
                extra=extra_of(
                    regulation=code,
                    facility=restriction.word("codeFacility"),
                    purpose=restriction.word("txtDescrPurpose"),
                    time_zone=restriction.word("codeTimeZone"),
                ),
            )
        )
    if not areas:
        notes.leave_out(number or "Not", "aseTFRArea", "absent", "at least one area", restriction.source())
    return zones


def _restriction(notes: Notes, zone_id: str, code: str) -> Restriction:
    if code.startswith(_CLOSED):
        return Restriction.PROHIBITED
    if code.startswith("91."):
        return Restriction.REQ_AUTHORISATION
    must = "a section of 14 CFR"
    notes.read_as(zone_id, "codeType", code or "absent", must, "read as PROHIBITED, the safer")
    return Restriction.PROHIBITED


def _limit(notes: Notes, zone_id: str, area: Node, end: str) -> Limit | None:
    field = f"valDistVer{end}"
    text, unit = area.word(field), area.word(f"uomDistVer{end}").upper()
    if text.upper() in ("UNL", "UNLTD") and end == "Upper":
        return None
    try:
        value = parse_number(field, text, -2_000.0, 200_000.0)
        reference = _REFERENCES.get(area.word(f"codeDistVer{end}").upper())
        if unit not in ("FT", "M", "FL") or reference is None:
            said = f"{text} {unit} {area.word(f'codeDistVer{end}')}"
            raise DecodeError(field, said, "FT, M or FL, ALT, HEI or STD")
    except DecodeError as error:
        notes.read_as(zone_id, field, error.found, error.must, "read as no limit, the safer")
        return None
    if end == "Lower" and value == 0.0:
        return None
    if unit == "FL":
        reference = HeightReference.STD
    return Limit(value=value, unit=LengthUnit(unit), reference=reference)


def _periods(notes: Notes, zone_id: str, restriction: Node, area: Node) -> tuple[Period, ...]:
    zone = restriction.word("codeTimeZone").upper() or next(
        (one.text.strip().upper() for one in restriction.under("codeTimeZone")), ""
    )
    groups = [one for one in area.under("ScheduleGroup") if one.word("dateEffective")]
    inside = restriction.child("TfrNot")
    holders = groups or [one for one in (restriction, inside) if one and one.word("dateEffective")][:1]
    if not holders:
        notes.read_as(zone_id, "dateEffective", "absent", "a begin", "in force throughout, the safer")
        return ()
    if not zone:
        notes.noted(zone_id, "codeTimeZone", "absent", "the zone of the times", "read as UTC")
    return tuple(_period(notes, zone_id, holder, zone) for holder in holders)


def _period(notes: Notes, zone_id: str, holder: Node, zone: str) -> Period:
    begin, end = holder.word("dateEffective"), holder.word("dateExpire")
    try:
        start_ns = parse_iso_utc_ns("dateEffective", begin)
        end_ns = parse_iso_utc_ns("dateExpire", end) if end else None
    except DecodeError as error:
        notes.read_as(zone_id, error.field, error.found, error.must, "in force throughout, the safer")
        return Period(permanent=True)
    if end_ns is not None and end_ns < start_ns:
        notes.read_as(zone_id, "dateExpire", end, f"after {begin}", "read as no end, the safer")
        end_ns = None
    if zone in ("", "UTC", "GMT", "Z") or has_zone(begin):
        return Period(start_utc_ns=start_ns, end_utc_ns=end_ns)
    behind = _HOURS_BEHIND_UTC.get(zone)
    early_h, late_h = (14, 12) if behind is None else (max(0, -behind), max(0, behind))
    notes.read_as(
        zone_id, "codeTimeZone", zone, "UTC, as the files seen are whatever they name",
        f"in force by either reading: {early_h} h earlier, {late_h} h later",
    )  # fmt: skip
    return Period(
        start_utc_ns=start_ns - early_h * 3600 * NS_PER_S,
        end_utc_ns=None if end_ns is None else end_ns + late_h * 3600 * NS_PER_S,
    )


def _outlines(
    notes: Notes, zone_id: str, restriction: Node, area: Node, area_id: str
) -> list[Circle | Polygon]:
    merged = list(area.under("abdMergedArea"))
    if not merged:
        beside = list(restriction.under("abdMergedArea"))
        is_only = len(list(restriction.under("aseTFRArea"))) == 1
        merged = beside if is_only else [one for one in beside if _is_of(one, area_id)]
    shapes = merged or [
        boundary
        for shape in restriction.under("aseShapes")
        if shape.word("AseUid", "codeId") in (area_id, "") or _is_of(shape, area_id)
        for boundary in ([*shape.under("Abd")] or [shape])
    ]
    if not shapes and area.child("Avx"):
        shapes = [area]
    if not merged and len(shapes) > 1:
        notes.read_as(
            zone_id, "abdMergedArea", f"absent, {len(shapes)} shapes", "the merged boundary",
            "read as all shapes together, the safer",
        )  # fmt: skip
    outlines = []
    for shape in shapes:
        try:
            outlines.append(_outline(notes, zone_id, list(shape.each("Avx"))))
        except DecodeError as error:
            where = f"{shape.name}.{error.field}"
            notes.read_as(zone_id, where, error.found, error.must, "the shape is passed over")
    return outlines


def _is_of(boundary: Node, area_id: str) -> bool:
    return any(one.text.strip() == area_id for one in boundary.under("codeId", "txtRmk"))


def _outline(notes: Notes, zone_id: str, corners: list[Node]) -> Circle | Polygon:
    if len(corners) == 1 and corners[0].word("codeType").upper() == "CIR":
        only = corners[0]
        centre = _centre(only) or _place(only, "geoLat", "geoLong")
        unit = only.word("uomRadiusArc") or "NM"
        return circle_of(centre, parse_length_m("valRadiusArc", only.word("valRadiusArc"), unit))
    points: list[LonLat] = []
    for i, corner in enumerate(corners):
        here = _place(corner, "geoLat", "geoLong")
        points.append(here)
        kind = corner.word("codeType").upper()
        if kind in ("CWA", "CCA"):
            centre_of_arc = _centre(corner)
            if centre_of_arc is None:
                raise DecodeError("Avx.geoLatArc", "absent", "given for an arc")
            end = _place(corners[(i + 1) % len(corners)], "geoLat", "geoLong")
            points += arc_between(centre_of_arc, here, end, kind == "CWA")[1:]
        elif kind not in ("GRC", ""):
            notes.read_as(zone_id, "Avx.codeType", kind, "GRC, CWA, CCA or CIR", "read as GRC")
    return polygon_of(points)


def _centre(corner: Node) -> LonLat | None:
    return _place(corner, "geoLatArc", "geoLongArc") if corner.word("geoLatArc") else None


def _place(corner: Node, latitude: str, longitude: str) -> LonLat:
    return parse_place(f"Avx.{latitude}", f"{corner.word(latitude)} {corner.word(longitude)}")
