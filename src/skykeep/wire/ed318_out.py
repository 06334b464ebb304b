"""ED-318 out: a FeatureCollection that its JSON schemas accept, a feature for each zone.

What ED-318 cannot say (see `MUSTS`) is said the safer way and carried whole in each zone's
`extendedProperties.skykeep`, as in `ed269_out`: identifiers of at most 7 characters are made of longer ones,
texts are cut at 200, limits by pressure become none, hours of other time zones the whole time between dates.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from skykeep.domain.zone import (
    Circle,
    Deviation,
    Period,
    Restriction,
    Texts,
    Volume,
    Zone,
    ZoneAuthority,
    ZoneList,
)
from skykeep.wire.ed269_out import extended_of, said_instant
from skykeep.wire.ed318 import LONGEST_SHORT, WORDS, zones_of
from skykeep.wire.zone_carry import MEMBER, Writing, written
from skykeep.wire.zone_limits import limits_json
from skykeep.wire.zone_members import LONGEST_ID, REASONS_318
from skykeep.wire.zone_report import Json
from skykeep.wire.zone_rings import closed_rings
from skykeep.wire.zone_short import cut, one_text, short_identifiers, texts_json
from skykeep.wire.zone_times import schedule_json

NO_COUNTRY = "XXX"
MUSTS = {
    "zone_id": f"an identifier of at most {LONGEST_ID} characters",
    "name": f"a name of at most {LONGEST_SHORT} characters",
    "names": f"texts of at most {LONGEST_SHORT} characters in languages of at most 5",
    "volumes": "limits in one unit above ground, mean sea level or the ellipsoid, planar edges",
    "periods": "hours in UTC, events without an offset",
    "country": "three letters",
    "strictness": "the strictness that its type has",
    "reasons": f"at most 9 of {', '.join(REASONS_318)}",
    "message": f"texts of at most {LONGEST_SHORT} characters in languages of at most 5",
    "conditions": "one text without a language",
    "other_reason": f"texts of at most {LONGEST_SHORT} characters in languages of at most 5",
    "authorities": f"at least one, each with a purpose; texts of at most {LONGEST_SHORT} characters",
}
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", re.ASCII)
_URI = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", re.ASCII)
_DURATION = re.compile(r"P(?=[\dT])(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?|P\d+W", re.ASCII)


def encode(listed: ZoneList) -> tuple[bytes, tuple[Deviation, ...]]:
    """Return the file, and what ED-318 could not say."""
    short = short_identifiers((zone.zone_id for zone in listed.zones), LONGEST_ID)
    writing = Writing(
        features=lambda zone: [_feature(zone, short[zone.zone_id])],
        document=_document,
        read=lambda document: zones_of(document, ""),
        carry=_carry,
        musts=MUSTS,
        otherwise="what ED-318 has a member for",
        where=f"extendedProperties.{MEMBER}",
    )
    document, deviations = written(listed, writing)
    return msgspec.json.encode(document), deviations


def _carry(feature: Json, carried: Json) -> None:
    said = feature["properties"]
    said["extendedProperties"] = {**said.get("extendedProperties", {}), MEMBER: carried}


def _document(listed: ZoneList, features: list[Json]) -> Json:
    metadata: Json = {}
    for key, time_utc_ns in (
        ("issued", listed.issued_utc_ns),
        ("validFrom", listed.valid_from_utc_ns),
        ("validTo", listed.valid_to_utc_ns),
    ):
        if time_utc_ns is not None and (text := said_instant(time_utc_ns)):
            metadata[key] = text
    if listed.provider:
        metadata["provider"] = texts_json(listed.provider, LONGEST_SHORT)
    extra = dict(listed.extra)
    for key in ("description", "technicalLimitations"):
        if _are_texts(value := _decoded(extra.get(f"metadata.{key}"))):
            metadata[key] = value
    if isinstance(geoid := _decoded(extra.get("metadata.otherGeoid", extra.get("otherGeoid"))), str):
        metadata["otherGeoid"] = geoid
    document: Json = {"type": "FeatureCollection"}
    if listed.title:
        document["name"] = one_text(listed.title, LONGEST_SHORT)
    document["metadata"] = metadata
    document["features"] = features
    return document


def _decoded(text: str | None) -> Any:
    try:
        return None if text is None else msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict)
        and set(one) <= {"text", "lang"}
        and isinstance(one.get("lang"), str)
        and len(one["lang"]) <= 5
        and isinstance(one.get("text", ""), str)
        and len(one.get("text", "")) <= LONGEST_SHORT
        for one in value
    )


def _feature(zone: Zone, identifier: str) -> Json:
    feature: Json = {"type": "Feature"}
    feature_id = _decoded(dict(zone.extra).get("id"))
    if isinstance(feature_id, str | int | float) and not isinstance(feature_id, bool):
        feature["id"] = feature_id
    feature["properties"] = _properties(zone, identifier)
    pieces = [_geometry(volume) for volume in zone.volumes]
    feature["geometry"] = (
        pieces[0] if len(pieces) == 1 else {"type": "GeometryCollection", "geometries": pieces}
    )
    return feature


def _properties(zone: Zone, identifier: str) -> Json:
    said: Json = {
        "identifier": identifier,
        "country": zone.country if len(zone.country) == 3 else NO_COUNTRY,
        "name": texts_json(zone.names, LONGEST_SHORT)
        or [{"text": cut(zone.name, LONGEST_SHORT), "lang": "und"}],
        "type": _type(zone.restriction),
        "variant": zone.variant if zone.variant in ("COMMON", "CUSTOMIZED") else "COMMON",
    }
    if zone.conditions:
        said["restrictionConditions"] = "; ".join(one.text for one in zone.conditions)
    if zone.region is not None:
        said["region"] = zone.region
    if zone.reasons:
        said["reason"] = [word if word in REASONS_318 else "OTHER" for word in zone.reasons][:9]
    if zone.regulation_exemption in ("YES", "NO"):
        said["regulationExemption"] = zone.regulation_exemption
    for key, texts in (("otherReasonInfo", zone.other_reason), ("message", zone.message)):
        if texts:
            said[key] = texts_json(texts, LONGEST_SHORT)
    said["zoneAuthority"] = [_authority(one, zone.restriction) for one in zone.authorities] or [
        {"purpose": _purpose("", zone.restriction)}
    ]
    applicability = _applicability(zone.periods)
    if applicability:
        said["limitedApplicability"] = applicability
    extended = extended_of(zone)
    if extended:
        said["extendedProperties"] = extended
    return said


def _type(restriction: Restriction) -> str:
    return "REQ_AUTHORIZATION" if restriction is Restriction.REQ_AUTHORISATION else restriction.value


def _purpose(purpose: str, restriction: Restriction) -> str:
    if purpose in ("AUTHORIZATION", "NOTIFICATION", "INFORMATION"):
        return purpose
    asks = restriction in (Restriction.PROHIBITED, Restriction.REQ_AUTHORISATION, Restriction.USPACE)
    return "AUTHORIZATION" if asks else "INFORMATION"


def _authority(authority: ZoneAuthority, restriction: Restriction) -> Json:
    said: Json = {"purpose": _purpose(authority.purpose, restriction)}
    texts: tuple[tuple[str, Texts], ...] = (
        ("name", authority.name),
        ("service", authority.service),
        ("contactName", authority.contact_name),
    )
    for key, some in texts:
        if some:
            said[key] = texts_json(some, LONGEST_SHORT)
    for key, text, form in (
        ("siteURL", authority.site_url, _URI),
        ("email", authority.email, _EMAIL),
        ("intervalBefore", authority.interval_before, _DURATION),
    ):
        if form.fullmatch(text):
            said[key] = text
    if authority.phone:
        said["phone"] = cut(authority.phone, LONGEST_SHORT)
    return said


def _applicability(periods: tuple[Period, ...]) -> list[Json]:
    """Return when a zone holds; nothing where any of its periods is always."""
    out = []
    for period in periods:
        said: Json = {}
        for key, time_utc_ns in (("startDateTime", period.start_utc_ns), ("endDateTime", period.end_utc_ns)):
            if time_utc_ns is not None and (text := said_instant(time_utc_ns)):
                said[key] = text
        schedule = schedule_json(period.hours, events=True) if period.time_zone == "UTC" else None
        if schedule:
            said["schedule"] = schedule
        if period.permanent or not said:
            return []
        out.append(said)
    return out


def _geometry(volume: Volume) -> Json:
    outline = volume.outline
    if isinstance(outline, Circle):
        said: Json = {"type": "Point", "coordinates": [outline.longitude_deg, outline.latitude_deg]}
        said["extent"] = {"subType": "Circle", "radius": outline.radius_m}
    else:
        said = {"type": "Polygon", "coordinates": closed_rings(outline)}
    layer = layer_json(volume)
    if layer:
        said["layer"] = layer
    return said


def layer_json(volume: Volume) -> Json:
    unit, floor, ceiling = limits_json(volume.floor, volume.ceiling, WORDS)
    said: Json = {}
    if ceiling is not None:
        said["upper"], said["upperReference"] = ceiling
    if floor is not None:
        said["lower"], said["lowerReference"] = floor
    if said:
        said["uom"] = unit
    return said
