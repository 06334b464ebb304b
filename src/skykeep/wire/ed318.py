"""ED-318 (EUROCAE, 2024) in: UAS zones as layered GeoJSON.

    {"type": "FeatureCollection", "name", "metadata", "features": [feature, ...]}
    metadata    provider[] description[] technicalLimitations[] issued validFrom validTo otherGeoid
    properties  identifier country name[] type variant restrictionConditions region reason[]
                otherReasonInfo[] regulationExemption message[] zoneAuthority[] limitedApplicability[]
                dataSource extendedProperties
    geometry    Polygon, MultiPolygon, GeometryCollection of them, or Point with
                extent {subType Circle, radius (m)}; each with
                layer {upper upperReference lower lowerReference uom m|ft}; a collection's layer is that of
                its members which have none
    limitedApplicability  startDateTime endDateTime schedule[{day[] startTime|startEvent endTime|endEvent}]

Texts are `[{"text", "lang"}]`. Corners are longitude, latitude; edges are planar. A zone without
limitedApplicability holds always. Seen and read: texts that are plain, members that are null, metadata under
the name datasetMetadata, otherGeoid beside it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import STRICTNESS, LengthUnit, Text, Texts, Volume, Zone, ZoneList
from skykeep.wire.ed269 import note_twins, with_extended
from skykeep.wire.zone_carry import MEMBER, restored
from skykeep.wire.zone_json import decode_json
from skykeep.wire.zone_limits import LimitFields, LimitWords, limit_of, ordered
from skykeep.wire.zone_members import (
    LONGEST_ID,
    REASONS_318,
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
from skykeep.wire.zone_report import Json, Place, Report, extra_of, text_of, texts_of
from skykeep.wire.zone_rings import circle_of, pieces_of, polygon_of
from skykeep.wire.zone_times import instant_ns

LONGEST_SHORT = 200
WORDS = LimitWords(hae="WGS84", metres="m", feet="ft", unit_unsaid=LengthUnit.M)
FLOOR = LimitFields(value="lower", unit="uom", reference="lowerReference", is_ceiling=False)
CEILING = LimitFields(value="upper", unit="uom", reference="upperReference", is_ceiling=True)
_OWN_MEMBERS = frozenset({"variant", "limitedApplicability"})
_PROPERTIES = frozenset(
    {
        "identifier",
        "country",
        "name",
        "type",
        "variant",
        "restrictionConditions",
        "region",
        "reason",
        "otherReasonInfo",
        "regulationExemption",
        "message",
        "zoneAuthority",
        "limitedApplicability",
        "extendedProperties",
        "uSpaceClass",
    }
)
_METADATA = frozenset({"provider", "issued", "validFrom", "validTo"})
_LIST = frozenset({"type", "name", "title", "metadata", "datasetMetadata", "features", MEMBER})
_LAYER = frozenset({"upper", "upperReference", "lower", "lowerReference", "uom"})


def looks_like_ed318(document: object) -> bool:
    """Whether a decoded document is one: GeoJSON with its metadata, layers or members of its own."""
    if not isinstance(document, dict) or document.get("type") not in ("FeatureCollection", "Feature"):
        return False
    if isinstance(document.get("metadata", document.get("datasetMetadata")), dict):
        return True
    features = document.get("features", [document])
    return isinstance(features, list) and any(_is_feature(one) for one in features[:20])


def _is_feature(said: object) -> bool:
    if not isinstance(said, dict):
        return False
    geometry, properties = said.get("geometry"), said.get("properties")
    layered = isinstance(geometry, dict) and ("layer" in geometry or "extent" in geometry)
    return layered or (isinstance(properties, dict) and not _OWN_MEMBERS.isdisjoint(properties))


def decode(data: bytes, name: str) -> ZoneList:
    """Return the zones of a file; `name` becomes their source."""
    document, noted = decode_json(data)
    listed = zones_of(document, name)
    return msgspec.structs.replace(listed, deviations=noted + listed.deviations)


def zones_of(document: object, name: str) -> ZoneList:
    """Return the zones of a decoded document."""
    if not isinstance(document, dict):
        raise DecodeError("file", f"a {type(document).__name__}", "a FeatureCollection")
    report = Report()
    alone = document.get("type") == "Feature"
    if alone:
        report.at("").noted("type", "Feature", "FeatureCollection", "read as a list of one")
    features = [document] if alone else document.get("features")
    if not isinstance(features, list):
        raise DecodeError("features", "no list", "a list of features")
    listed = _about({} if alone else document, report.at(""))
    found = []
    for number, feature in enumerate(features, 1):
        zone = _zone(feature, number, name, listed.provider, report)
        if zone is not None:
            found.append(zone)
    note_twins(found, report)
    return msgspec.structs.replace(
        listed, zones=tuple(found), deviations=tuple(report.deviations), left_out=tuple(report.left_out)
    )


def _about(said: Json, place: Place) -> ZoneList:
    metadata = said.get("metadata")
    if metadata is None and said.get("datasetMetadata") is not None:
        place.noted("datasetMetadata", "it", "named metadata", "read as metadata")
        metadata = said["datasetMetadata"]
    if metadata is not None and not isinstance(metadata, dict):
        place.noted("metadata", metadata, "an object", "passed over")
    about: Json = metadata if isinstance(metadata, dict) else {}
    inner = place.inner("metadata")
    if "title" in said:
        place.noted("title", said["title"], "named name", "read as the list's name")
    if "otherGeoid" in said:
        place.noted("otherGeoid", said["otherGeoid"], "in metadata", "kept with the list")
    _note_nulls(about, inner)
    extra = [(f"metadata.{key}", text) for key, text in extra_of(about, _METADATA)]
    listed = ZoneList(
        format="ed318",
        zones=(),
        title=texts_of(said.get("name", said.get("title")), place, "name", plain=True),
        provider=texts_of(about.get("provider"), inner, "provider", plain=False),
        issued_utc_ns=instant_ns(about.get("issued"), inner, "issued"),
        valid_from_utc_ns=instant_ns(about.get("validFrom"), inner, "validFrom"),
        valid_to_utc_ns=instant_ns(about.get("validTo"), inner, "validTo", end=True),
        extra=(*extra_of(said, _LIST), *extra),
    )
    return restored(listed, said[MEMBER], place) if MEMBER in said else listed


def _note_nulls(said: Json, place: Place) -> None:
    nulls = [key for key in said if said[key] is None]
    if nulls:
        place.noted("", f"null: {', '.join(nulls)}", "left out where nothing is said", "read as not said")


def _zone(feature: object, number: int, source: str, provider: Texts, report: Report) -> Zone | None:
    if not isinstance(feature, dict):
        report.at(f"#{number}").left_out("", feature, "a feature: an object", feature)
        return None
    said = feature.get("properties")
    if not isinstance(said, dict):
        report.at(f"#{number}").left_out("properties", said, "an object", feature)
        return None
    field = f"features[{number - 1}].properties.identifier"
    identifier = identifier_of(said.get("identifier"), number, report.at(""), field)
    place = report.at(identifier)
    volumes = volumes_of(feature.get("geometry"), place)
    if not volumes:
        place.left_out("geometry", feature.get("geometry"), "at least one volume", feature)
        return None
    zone = _of_members(said, identifier, volumes, provider, place)
    beside = extra_of(feature, frozenset({"type", "properties", "geometry"}))
    zone = msgspec.structs.replace(zone, source=source, extra=(*zone.extra, *beside))
    _note_lengths(zone, place)
    return with_extended(zone, said, place)


def _of_members(
    said: Json, identifier: str, volumes: tuple[Volume, ...], provider: Texts, place: Place
) -> Zone:
    _note_nulls(said, place)
    restriction = restriction_of(said.get("type"), place, "type", spelt="REQ_AUTHORIZATION")
    name, names = name_and_texts(said.get("name"), place, plain=False)
    authorities = authorities_of(said.get("zoneAuthority"), place, "zoneAuthority", plain=False)
    if not authorities:
        place.noted("zoneAuthority", "none", "at least one authority", "read as none")
    extra = extra_of(said, _PROPERTIES)
    for key, _ in extra:
        if key != "dataSource":
            place.noted(key, said[key], "not there", "kept beside the zone")
    return Zone(
        zone_id=identifier,
        name=name or identifier,
        restriction=restriction,
        volumes=volumes,
        strictness=STRICTNESS[restriction],
        document=document_of(name, identifier, provider or _first_name(authorities)),
        periods=periods_of(
            said.get("limitedApplicability"), place, "limitedApplicability", with_permanent=False
        ),
        country=country_of(said.get("country"), place),
        variant=variant_of(said.get("variant"), place, "variant"),
        names=names,
        conditions=conditions_of(said.get("restrictionConditions"), place),
        region=region_of(said.get("region"), place),
        reasons=reasons_of(said.get("reason"), REASONS_318, place),
        other_reason=texts_of(said.get("otherReasonInfo"), place, "otherReasonInfo", plain=False),
        regulation_exemption=yes_no_of(said.get("regulationExemption"), place, "regulationExemption"),
        u_space_class=text_of(said.get("uSpaceClass"), place, "uSpaceClass"),
        message=texts_of(said.get("message"), place, "message", plain=False),
        authorities=authorities,
        extra=extra,
    )


def _first_name(authorities: tuple[Any, ...]) -> tuple[Text, ...]:
    return next((authority.name[:1] for authority in authorities if authority.name), ())


def _note_lengths(zone: Zone, place: Place) -> None:
    if len(zone.zone_id) > LONGEST_ID:
        place.noted("identifier", zone.zone_id, f"at most {LONGEST_ID} characters")
    for field, texts in (
        ("name", zone.names or (Text(text=zone.name),)),
        ("message", zone.message),
        ("otherReasonInfo", zone.other_reason),
    ):
        longest = max((len(one.text) for one in texts), default=0)
        if longest > LONGEST_SHORT:
            place.noted(field, f"{longest} characters", f"at most {LONGEST_SHORT}")


def volumes_of(geometry: object, place: Place) -> tuple[Volume, ...]:
    """Return the volumes of a layered geometry; what is none is in the report."""
    if not isinstance(geometry, dict):
        return ()
    found = []
    for path, piece in pieces_of(geometry):
        volume = _volume(piece, place.inner("geometry").inner(path) if path else place.inner("geometry"))
        if volume is not None:
            found.append(volume)
    return tuple(found)


def _volume(piece: object, place: Place) -> Volume | None:
    kind = piece.get("type") if isinstance(piece, dict) else None
    if not isinstance(piece, dict) or kind not in ("Polygon", "Point"):
        place.left_out("", kind or piece, "a Polygon, or a Point with an extent", piece)
        return None
    if kind == "Polygon":
        outline: Any = polygon_of(piece.get("coordinates"), place.inner("coordinates"))
    else:
        extent = piece.get("extent")
        radius = extent.get("radius") if isinstance(extent, dict) else None
        outline = circle_of(piece.get("coordinates"), radius, place)
        if isinstance(extent, dict) and extent.get("subType") != "Circle":
            place.noted("extent.subType", extent.get("subType") or "none", "Circle", "read as Circle")
    if outline is None:
        must = "rings of at least 3 corners" if kind == "Polygon" else "a place with a Circle extent"
        place.left_out("", piece, must, piece)
        return None
    layer = piece.get("layer")
    inner = place.inner("layer")
    if layer is None:
        return Volume(outline=outline)
    if not isinstance(layer, dict):
        inner.read_as("", layer, "an object", "read as no limits")
        return Volume(outline=outline)
    for key, _ in extra_of(layer, _LAYER):
        inner.noted(key, layer[key], "not there", "passed over")
    floor, ceiling = limit_of(layer, FLOOR, WORDS, inner), limit_of(layer, CEILING, WORDS, inner)
    floor, ceiling = ordered(floor, ceiling, inner)
    return Volume(outline=outline, floor=floor, ceiling=ceiling)
