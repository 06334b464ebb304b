"""ED-269 out: one object with `title`, `description` and `features`, times in UTC, limits in one unit.

What ED-269 cannot say (see `MUSTS`) is said the safer way and carried whole in each zone's
`extendedProperties.skykeep`, so that our own reader gets the very same zone back. Safer is: a limit over the
ellipsoid or by pressure becomes none, hours that UTC cannot say become the whole time between their dates, a
circle stays one, edges along shortest ways get corners every few kilometres.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.zone import (
    Circle,
    Deviation,
    Period,
    Polygon,
    Restriction,
    Volume,
    Zone,
    ZoneAuthority,
    ZoneList,
)
from skykeep.wire.ed269 import WORDS, zones_of
from skykeep.wire.zone_carry import MEMBER, Writing, written
from skykeep.wire.zone_limits import LimitWords, limits_json
from skykeep.wire.zone_members import LONGEST_ID, REASONS_269
from skykeep.wire.zone_report import Json
from skykeep.wire.zone_rings import closed_rings
from skykeep.wire.zone_short import cut, one_text, short_identifiers
from skykeep.wire.zone_times import iso_instant, schedule_json

LONGEST_SHORT = 200
LONGEST_MESSAGE = 1_000
LONGEST_CONDITIONS = 10_000
MUSTS = {
    "zone_id": f"an identifier of at most {LONGEST_ID} characters",
    "name": f"a name of at most {LONGEST_SHORT} characters",
    "names": "one name without a language",
    "restriction": "a restriction of ED-269, which has no USPACE",
    "volumes": "limits in one unit above ground or mean sea level, planar edges",
    "periods": "hours in UTC, without sunrise and sunset",
    "country": "a country",
    "strictness": "the strictness that its restriction has",
    "reasons": f"at most 9 of {', '.join(REASONS_269)}",
    "message": f"one message of at most {LONGEST_MESSAGE} characters, without a language",
    "conditions": "texts without languages",
    "other_reason": f"one text of at most {LONGEST_SHORT} characters, without a language",
    "authorities": f"one text of at most {LONGEST_SHORT} characters each, without a language",
    "region": "0 to 65535",
}


def encode(listed: ZoneList) -> tuple[bytes, tuple[Deviation, ...]]:
    """Return the file, without a byte order mark, and what ED-269 could not say."""
    short = short_identifiers((zone.zone_id for zone in listed.zones), LONGEST_ID)
    writing = Writing(
        features=lambda zone: [_zone(zone, short[zone.zone_id])],
        document=_document,
        read=lambda document: zones_of(document, ""),
        carry=_carry,
        musts=MUSTS,
        otherwise="what ED-269 has a member for",
        where=f"extendedProperties.{MEMBER}",
    )
    document, deviations = written(listed, writing)
    return msgspec.json.encode(document), deviations


def _document(listed: ZoneList, features: list[Json]) -> Json:
    document: Json = {"title": one_text(listed.title, LONGEST_SHORT) or "UAS zones"}
    described = dict(listed.extra).get("description")
    if described is not None:
        document["description"] = msgspec.json.decode(described)
    if listed.provider:
        document["provider"] = one_text(listed.provider, LONGEST_SHORT)
    if listed.issued_utc_ns is not None:
        document["createdAt"] = iso_instant(listed.issued_utc_ns)
    document["features"] = features
    return document


def _carry(feature: Json, carried: Json) -> None:
    feature["extendedProperties"] = {**feature.get("extendedProperties", {}), MEMBER: carried}


def _zone(zone: Zone, identifier: str) -> Json:
    return {**members_json(zone, identifier), "geometry": [_volume(volume) for volume in zone.volumes]}


def members_json(zone: Zone, identifier: str) -> Json:
    """Return all members of a zone but its geometry."""
    said: Json = {
        "identifier": identifier,
        "country": zone.country,
        "name": cut(zone.name, LONGEST_SHORT),
        "type": zone.variant,
        "restriction": _restriction(zone.restriction),
        "reason": [word for word in zone.reasons if word in REASONS_269][:9],
    }
    conditions = [cut(one.text, LONGEST_CONDITIONS) for one in zone.conditions]
    if conditions:
        said["restrictionConditions"] = conditions[0] if len(conditions) == 1 else conditions
    if zone.region is not None and 0 <= zone.region <= 65_535:
        said["region"] = zone.region
    for key, text in (
        ("otherReasonInfo", one_text(zone.other_reason, LONGEST_SHORT)),
        ("regulationExemption", zone.regulation_exemption),
        ("uSpaceClass", zone.u_space_class),
        ("message", one_text(zone.message, LONGEST_MESSAGE)),
    ):
        if text:
            said[key] = text
    said["applicability"] = [_period(period) for period in zone.periods] or [{"permanent": "YES"}]
    said["zoneAuthority"] = [_authority(authority) for authority in zone.authorities]
    extended = extended_of(zone)
    if extended:
        said["extendedProperties"] = extended
    return said


def extended_of(zone: Zone) -> Json:
    """Return the extendedProperties that a zone came with, where they are an object."""
    raw = dict(zone.extra).get("extendedProperties")
    try:
        extended = None if raw is None else msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return {}
    return {key: extended[key] for key in extended if key != MEMBER} if isinstance(extended, dict) else {}


def _restriction(restriction: Restriction) -> str:
    # A U-space is entered by authorisation only.
    return "REQ_AUTHORISATION" if restriction is Restriction.USPACE else restriction.value


def _period(period: Period) -> Json:
    said: Json = {"permanent": "YES" if period.permanent else "NO"}
    for key, time_utc_ns in (("startDateTime", period.start_utc_ns), ("endDateTime", period.end_utc_ns)):
        if time_utc_ns is not None and (text := said_instant(time_utc_ns)):
            said[key] = text
    if period.hours and period.time_zone == "UTC":
        schedule = schedule_json(period.hours, events=False)
        if schedule is not None:
            said["schedule"] = schedule
    if len(said) == 1:
        said["permanent"] = "YES"
    return said


def said_instant(time_utc_ns: int) -> str:
    """Return an instant as text, "" where its year is beyond what text has."""
    try:
        return iso_instant(time_utc_ns)
    except OverflowError:
        return ""


def _authority(authority: ZoneAuthority) -> Json:
    said = {
        "name": one_text(authority.name, LONGEST_SHORT),
        "service": one_text(authority.service, LONGEST_SHORT),
        "contactName": one_text(authority.contact_name, LONGEST_SHORT),
        "siteURL": authority.site_url,
        "email": authority.email,
        "phone": cut(authority.phone, LONGEST_SHORT),
        "purpose": authority.purpose,
        "intervalBefore": authority.interval_before,
    }
    return {key: text for key, text in said.items() if text}


def _volume(volume: Volume) -> Json:
    return {**limits_members(volume, WORDS), "horizontalProjection": projection_json(volume.outline)}


def limits_members(volume: Volume, words: LimitWords) -> Json:
    """Return a volume's limits."""
    unit, floor, ceiling = limits_json(volume.floor, volume.ceiling, words)
    said: Json = {"uomDimensions": unit}
    if floor is not None:
        said["lowerLimit"], said["lowerVerticalReference"] = floor
    if ceiling is not None:
        said["upperLimit"], said["upperVerticalReference"] = ceiling
    return said


def projection_json(outline: Polygon | Circle) -> Json:
    if isinstance(outline, Circle):
        center = [outline.longitude_deg, outline.latitude_deg]
        return {"type": "Circle", "center": center, "radius": outline.radius_m}
    return {"type": "Polygon", "coordinates": closed_rings(outline)}
