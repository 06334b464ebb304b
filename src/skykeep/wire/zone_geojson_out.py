"""Zones as plain GeoJSON out: a feature for each volume, ED-269's members as its properties, flat.

Any map shows it. A circle is drawn as a ring of 64 corners that holds the whole of it, with `circleCenter`
and `circleRadiusMetres` beside it; what else GeoJSON cannot say is carried in the property `skykeep` of a
zone's first feature. `volumeIndex` numbers the features of one zone. Rings run as published.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.zone import Circle, Deviation, Polygon, Volume, Zone, ZoneList
from skykeep.wire.ed269_out import MUSTS, limits_members, members_json, said_instant
from skykeep.wire.zone_carry import MEMBER, Writing, written
from skykeep.wire.zone_geojson import WORDS, zones_of
from skykeep.wire.zone_report import Json
from skykeep.wire.zone_rings import closed_rings, ring_round
from skykeep.wire.zone_short import one_text

LONGEST_SHORT = 200


def encode(listed: ZoneList) -> tuple[bytes, tuple[Deviation, ...]]:
    """Return the file, and what others than we will not read in it."""
    writing = Writing(
        features=_features,
        document=_document,
        read=lambda document: zones_of(document, ""),
        carry=_carry,
        musts={**MUSTS, "volumes": "planar polygons, limits in one unit"},
        otherwise="what GeoJSON and ED-269 have a member for",
        where=f"properties.{MEMBER}",
    )
    document, deviations = written(listed, writing)
    return msgspec.json.encode(document), deviations


def _carry(feature: Json, carried: Json) -> None:
    feature["properties"][MEMBER] = carried


def _document(listed: ZoneList, features: list[Json]) -> Json:
    document: Json = {"type": "FeatureCollection"}
    for key, text in (
        ("name", one_text(listed.title, LONGEST_SHORT)),
        ("provider", one_text(listed.provider, LONGEST_SHORT)),
    ):
        if text:
            document[key] = text
    for key, time_utc_ns in (
        ("issued", listed.issued_utc_ns),
        ("validFrom", listed.valid_from_utc_ns),
        ("validTo", listed.valid_to_utc_ns),
    ):
        if time_utc_ns is not None and (text := said_instant(time_utc_ns)):
            document[key] = text
    document["features"] = features
    return document


def _features(zone: Zone) -> list[Json]:
    members = members_json(zone, zone.zone_id)
    # What its source said beside the standard goes back to where such things stand.
    taken = {"extendedProperties", "volumeIndex", MEMBER, *members}
    if any(isinstance(volume.outline, Circle) for volume in zone.volumes):
        taken |= {"circleCenter", "circleRadiusMetres"}
    beside = {key: msgspec.json.decode(text) for key, text in zone.extra if key not in taken}
    members = {**beside, **members}
    return [_feature(members, volume, index) for index, volume in enumerate(zone.volumes)]


def _feature(members: Json, volume: Volume, index: int) -> Json:
    said = {**members, **limits_members(volume, WORDS), "volumeIndex": index}
    outline = volume.outline
    if isinstance(outline, Circle):
        said["circleCenter"] = [outline.longitude_deg, outline.latitude_deg]
        said["circleRadiusMetres"] = outline.radius_m
        outline = Polygon(rings=(ring_round(outline),))
    geometry = {"type": "Polygon", "coordinates": closed_rings(outline)}
    return {"type": "Feature", "properties": said, "geometry": geometry}
