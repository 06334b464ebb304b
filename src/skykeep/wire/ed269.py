"""ED-269 (EUROCAE, 2020) in: UAS zones as states publish them.

    {"title", "description", "features": [zone, ...]}          as most publish it
    {"formatVersion", "createdAt", "UASZoneList": [zone, ...]}
    {"uas_zones": [zone, ...]}   [zone, ...]   zone            seen as well

    zone  identifier country name type restriction restrictionConditions region reason[] otherReasonInfo
          regulationExemption uSpaceClass message applicability[] zoneAuthority[] geometry[]
          extendedProperties
    applicability  permanent startDateTime endDateTime schedule[{day[] startTime endTime}]
    geometry       uomDimensions lowerLimit lowerVerticalReference upperLimit upperVerticalReference
                   horizontalProjection {type Polygon, coordinates} or {type Circle, center, radius (m)}

Corners are longitude, latitude. Edges are planar: straight in longitude and latitude. A limit of 99,999 or
more is none. What the members say beside this is kept in `Zone.extra`; every departure is in the report.
"""

from __future__ import annotations

from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import STRICTNESS, Text, Texts, Volume, Zone, ZoneList
from skykeep.wire.zone_carry import MEMBER, restored
from skykeep.wire.zone_json import decode_json
from skykeep.wire.zone_limits import LimitFields, LimitWords, limit_of, ordered
from skykeep.wire.zone_members import (
    LONGEST_ID,
    REASONS_269,
    authorities_of,
    conditions_of,
    country_of,
    document_of,
    identifier_of,
    name_and_texts,
    periods_of,
    reasons_of,
    region_of,
    restriction_of,
    variant_of,
    yes_no_of,
)
from skykeep.wire.zone_report import Json, Place, Report, extra_of, json_text, text_of, texts_of
from skykeep.wire.zone_rings import circle_of, polygon_of
from skykeep.wire.zone_times import instant_ns

LISTS = ("features", "UASZoneList", "uas_zones", "uasZoneList", "zones")
WORDS = LimitWords()
FLOOR = LimitFields(
    value="lowerLimit", unit="uomDimensions", reference="lowerVerticalReference", is_ceiling=False
)
CEILING = LimitFields(
    value="upperLimit", unit="uomDimensions", reference="upperVerticalReference", is_ceiling=True
)
_ZONE = frozenset(
    {
        "identifier",
        "country",
        "name",
        "type",
        "restriction",
        "restrictionConditions",
        "region",
        "reason",
        "otherReasonInfo",
        "regulationExemption",
        "uSpaceClass",
        "message",
        "applicability",
        "zoneAuthority",
        "geometry",
    }
)
_LIST = frozenset({*LISTS, "title", "provider", "createdAt", MEMBER})
_VOLUME = frozenset(
    {
        "uomDimensions",
        "lowerLimit",
        "lowerVerticalReference",
        "upperLimit",
        "upperVerticalReference",
        "horizontalProjection",
    }
)


def looks_like_ed269(document: object) -> bool:
    """Whether a decoded document is one: zones whose geometry is their own, not GeoJSON's."""
    listed = _listed(document)
    if isinstance(document, dict) and document.get("type") in ("FeatureCollection", "Feature"):
        return any(isinstance(one, dict) and _is_zone(one) for one in (listed or [])[:20])
    if isinstance(document, dict) and any(key in document for key in ("UASZoneList", "uas_zones")):
        return True
    if listed is None:
        return False
    return not listed or any(isinstance(one, dict) and _is_zone(one) for one in listed[:20])


def _is_zone(said: Json) -> bool:
    return (
        said.get("type") != "Feature"
        and "properties" not in said
        and any(key in said for key in ("identifier", "restriction", "applicability", "zoneAuthority"))
    )


def _listed(document: object) -> list[Any] | None:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        for key in LISTS:
            if isinstance(document.get(key), list):
                return list(document[key])
        return [document] if _is_zone(document) else None
    return None


def decode(data: bytes, name: str) -> ZoneList:
    """Return the zones of a file; `name` becomes their source."""
    document, noted = decode_json(data)
    listed = zones_of(document, name)
    return msgspec.structs.replace(listed, deviations=noted + listed.deviations)


def zones_of(document: object, name: str) -> ZoneList:
    """Return the zones of a decoded document."""
    zones = _listed(document)
    if zones is None:
        raise DecodeError("file", "no list of zones", "a list, or an object with features or UASZoneList")
    report = Report()
    about: Json = document if isinstance(document, dict) and not _is_zone(document) else {}
    listed = _about(about, report.at(""))
    found = []
    for number, said in enumerate(zones, 1):
        zone = zone_of(said, number, name, listed.provider, report)
        if zone is not None:
            found.append(zone)
    note_twins(found, report)
    return msgspec.structs.replace(
        listed, zones=tuple(found), deviations=tuple(report.deviations), left_out=tuple(report.left_out)
    )


def _about(said: Json, place: Place) -> ZoneList:
    listed = ZoneList(
        format="ed269",
        zones=(),
        title=texts_of(said.get("title"), place, "title", plain=True),
        provider=texts_of(said.get("provider"), place, "provider", plain=True),
        issued_utc_ns=instant_ns(said.get("createdAt"), place, "createdAt"),
        extra=extra_of(said, _LIST),
    )
    return restored(listed, said[MEMBER], place) if MEMBER in said else listed


def note_twins(zones: list[Zone], report: Report) -> None:
    """Note identifiers that several zones have: all of them are kept."""
    count: dict[str, int] = {}
    for zone in zones:
        count[zone.zone_id] = count.get(zone.zone_id, 0) + 1
    for zone_id, times in count.items():
        if times > 1:
            report.at(zone_id).noted("identifier", f"{times} zones", "one zone to an identifier", "all kept")


def zone_of(said: object, number: int, source: str, provider: Texts, report: Report) -> Zone | None:
    """Return the zone that one item says, None where it says none (it is in the report then)."""
    if not isinstance(said, dict):
        report.at(f"#{number}").left_out("", said, "a zone: an object", said)
        return None
    identifier = identifier_of(said.get("identifier"), number, report.at(""), f"[{number - 1}].identifier")
    place = report.at(identifier)
    if len(identifier) > LONGEST_ID:
        place.noted("identifier", identifier, f"at most {LONGEST_ID} characters")
    volumes = _volumes(said.get("geometry"), place)
    if not volumes:
        place.left_out("geometry", said.get("geometry") or "none", "at least one volume", said)
        return None
    zone = zone_of_members(said, identifier, volumes, provider, place)
    zone = msgspec.structs.replace(zone, source=source)
    return with_extended(zone, said, place)


def zone_of_members(
    said: Json, identifier: str, volumes: tuple[Volume, ...], provider: Texts, place: Place
) -> Zone:
    """Return a zone of ED-269's members, its volumes given."""
    restriction = restriction_of(said.get("restriction"), place, "restriction")
    name, names = name_and_texts(said.get("name"), place, plain=True)
    message = texts_of(said.get("message"), place, "message", plain=True)
    return Zone(
        zone_id=identifier,
        name=name or identifier,
        restriction=restriction,
        volumes=volumes,
        strictness=STRICTNESS[restriction],
        document=document_of(name, identifier, provider or _first_authority(said)),
        periods=periods_of(said.get("applicability"), place, "applicability", with_permanent=True),
        country=country_of(said.get("country"), place),
        variant=variant_of(said.get("type"), place, "type"),
        names=names,
        conditions=conditions_of(said.get("restrictionConditions"), place),
        region=region_of(said.get("region"), place),
        reasons=reasons_of(said.get("reason"), REASONS_269, place),
        other_reason=texts_of(said.get("otherReasonInfo"), place, "otherReasonInfo", plain=True),
        regulation_exemption=yes_no_of(said.get("regulationExemption"), place, "regulationExemption"),
        u_space_class=text_of(said.get("uSpaceClass"), place, "uSpaceClass"),
        message=message,
        authorities=authorities_of(said.get("zoneAuthority"), place, "zoneAuthority", plain=True),
        extra=extra_of(said, _ZONE | {"extendedProperties"}),
    )


def _first_authority(said: Json) -> Texts:
    authorities = said.get("zoneAuthority")
    first = authorities[0] if isinstance(authorities, list) and authorities else authorities
    name = first.get("name") if isinstance(first, dict) else None
    return (Text(text=name),) if isinstance(name, str) and name else ()


def with_extended(zone: Zone, said: Json, place: Place) -> Zone:
    """Return a zone with what its extendedProperties say; what we carried there is put in its place."""
    extended = said.get("extendedProperties")
    carried = None
    if isinstance(extended, dict) and MEMBER in extended:
        carried = extended[MEMBER]
        extended = {key: value for key, value in extended.items() if key != MEMBER}
    if extended:
        kept = ("extendedProperties", json_text(extended))
        zone = msgspec.structs.replace(zone, extra=(*zone.extra, kept))
    return zone if carried is None else restored(zone, carried, place)


def _volumes(value: object, place: Place) -> tuple[Volume, ...]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    if value is not None and not isinstance(value, list):
        place.noted("geometry", "one volume", "a list of volumes", "read as a list of one")
    found = []
    for k, item in enumerate(items):
        volume = _volume(item, place.inner(f"geometry[{k}]"))
        if volume is not None:
            found.append(volume)
    if len({msgspec.json.encode(volume) for volume in found}) < len(found):
        place.noted("geometry", "the same volume twice", "each volume once")
    return tuple(found)


def _volume(said: object, place: Place) -> Volume | None:
    projection = said.get("horizontalProjection") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(projection, dict):
        place.left_out("", said, "a volume with its horizontalProjection", said)
        return None
    inner = place.inner("horizontalProjection")
    kind = projection.get("type")
    if kind == "Circle" or (kind != "Polygon" and "radius" in projection):
        outline: Any = circle_of(projection.get("center"), projection.get("radius"), inner)
        must = "a center and a radius in metres"
    else:
        outline = polygon_of(projection.get("coordinates"), inner.inner("coordinates"))
        must = "a Polygon with rings of at least 3 corners, or a Circle"
    if outline is None:
        place.left_out("horizontalProjection", projection, must, said)
        return None
    if kind not in ("Circle", "Polygon"):
        inner.noted("type", "none" if kind is None else kind, "Polygon or Circle", "read by its members")
    for key, _ in extra_of(said, _VOLUME):
        place.noted(key, said[key], "not there", "passed over")
    floor = limit_of(said, FLOOR, WORDS, place)
    ceiling = limit_of(said, CEILING, WORDS, place)
    floor, ceiling = ordered(floor, ceiling, place)
    return Volume(outline=outline, floor=floor, ceiling=ceiling)
