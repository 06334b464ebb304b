"""The NOTAM texts in a Digital NOTAM event, laid beside what the event says in data."""

from __future__ import annotations

from msgspec.structs import replace

from skykeep.domain.safer import safer
from skykeep.domain.zone import STRICTNESS, Restriction, Volume, Zone
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_xml import Node
from skykeep.wire.notam_area import area_of
from skykeep.wire.notam_zone import (
    Notam,
    compare_with_q,
    limits_of,
    periods_of_notam,
    q_circle,
    restriction_of_code,
    tells_limits,
)


def notams_of(events: list[Node]) -> list[Notam]:
    """Return the NOTAM of some events, as they stand."""
    return [_notam(node) for event in events for node in event.under("NOTAM")]


def _notam(node: Node) -> Notam:
    year = node.word("year")
    number = f"{node.word('series')}{node.word('number')}/{year[-2:]}".strip("/")
    return Notam(
        number=number or "without a number",
        kind=node.word("type").upper() or "N",
        region=node.word("affectedFIR"),
        code=node.word("selectionCode").upper(),
        traffic=node.word("traffic"),
        purpose=node.word("purpose"),
        scope=node.word("scope").upper(),
        lower_level=node.word("minimumFL"),
        upper_level=node.word("maximumFL"),
        centre=node.word("coordinates").upper(),
        radius_nm=node.word("radius"),
        location=node.word("location"),
        begin=node.word("effectiveStart"),
        end=node.word("effectiveEnd"),
        schedule=node.word("schedule"),
        text=node.word("text"),
        lower=node.word("lowerLimit"),
        upper=node.word("upperLimit"),
        raw=node.source(),
    )


def in_its_place(notes: Notes, zone_id: str, interpretation: str, notams: list[Notam]) -> list[Volume]:
    """Return volumes from a NOTAM, for an airspace whose geometry is not in the file."""
    for notam in notams:
        area = area_of(notam.text)
        circle = q_circle(notes, notam)
        outlines = area.outlines or (() if circle is None else (circle,))
        if not outlines:
            continue
        floor, ceiling = limits_of(notes, notam)
        notes.read_as(
            zone_id, "geometryComponent", f"none in this {interpretation}, no baseline in the file",
            "the geometry of the airspace that it changes",
            f"{'the area' if area.outlines else 'the Q) circle'} of NOTAM {notam.number}, the safer",
        )  # fmt: skip
        return [Volume(outline=outline, floor=floor, ceiling=ceiling) for outline in outlines]
    return []


def beside(notes: Notes, zone: Zone, notams: list[Notam]) -> Zone:
    """Return a zone made as safe as each of its NOTAM says, contradictions noted."""
    published = zone
    untyped = not any(key == "type" for key, _ in zone.extra)
    for notam in notams:
        says = {"periods"}
        told = replace(zone, periods=periods_of_notam(notes, notam))
        area = area_of(notam.text)
        if area.outlines and not area.doubt:
            told = replace(told, volumes=tuple(Volume(outline=outline) for outline in area.outlines))
            says.add("outline")
        if tells_limits(notam):
            floor, ceiling = limits_of(notes, notam)
            told = replace(
                told, volumes=tuple(replace(one, floor=floor, ceiling=ceiling) for one in told.volumes)
            )
            says.add("limits")
        restriction = restriction_of_code(notes, notam)
        if restriction is not None and not notam.code.startswith("QF"):
            if untyped:
                zone, untyped = _of_kind(zone, restriction), False
                published = _of_kind(published, restriction)
            told = _of_kind(told, restriction)
            says.add("restriction")
        _, found = safer(published, told, "AIXM", f"NOTAM {notam.number}", frozenset(says))
        zone, _ = safer(zone, told, "AIXM", f"NOTAM {notam.number}", frozenset(says))
        notes.contradictions += found
        # A circle about an aerodrome tells where the aerodrome is, not where the area is.
        if notam.scope != "A":
            compare_with_q(notes, notam, published)
    return zone


def _of_kind(zone: Zone, restriction: Restriction) -> Zone:
    return replace(zone, restriction=restriction, strictness=STRICTNESS[restriction])
