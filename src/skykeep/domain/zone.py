"""Where a rule on flying holds, how high and when: a zone as it was published, on the globe, nothing lost.

Longitudes and latitudes are degrees on WGS 84, longitude first. A limit keeps the number, the unit and the
reference that it was published with; what it means in metres is for the airspace room to say. Times are UTC
nanoseconds; the hours of a schedule are seconds of day in the schedule's own time zone.

The words of restriction, reason and purpose are ED-269's, USPACE is ED-318's.
"""

from __future__ import annotations

import enum

import msgspec

LonLat = tuple[float, float]
Ring = tuple[LonLat, ...]

# Published for "no ceiling" in either unit.
NO_CEILING = 99_999.0


class Restriction(enum.StrEnum):
    PROHIBITED = "PROHIBITED"
    REQ_AUTHORISATION = "REQ_AUTHORISATION"
    CONDITIONAL = "CONDITIONAL"
    USPACE = "USPACE"
    NO_RESTRICTION = "NO_RESTRICTION"


class HeightReference(enum.StrEnum):
    """Above ground, above mean sea level, above the ellipsoid, or a pressure altitude by the standard
    atmosphere (flight levels).
    """

    AGL = "AGL"
    AMSL = "AMSL"
    HAE = "HAE"
    STD = "STD"


class LengthUnit(enum.StrEnum):
    """`FL` counts hundreds of feet."""

    M = "M"
    FT = "FT"
    FL = "FL"


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A floor or a ceiling as published. 99,999 of either unit is none."""

    value: float
    unit: LengthUnit = LengthUnit.M
    reference: HeightReference = HeightReference.AGL


METRES = {LengthUnit.M: 1.0, LengthUnit.FT: 0.3048, LengthUnit.FL: 30.48}


def limit_m(limit: Limit | None) -> float | None:
    """Return a limit in metres above its reference; None where it is no limit."""
    if limit is None or limit.value >= NO_CEILING:
        return None
    return limit.value * METRES[limit.unit]


class Edges(enum.StrEnum):
    """How two corners are joined: straight in longitude and latitude, or by the shortest way."""

    PLANAR = "planar"
    GEODESIC = "geodesic"


class Polygon(msgspec.Struct, frozen=True, kw_only=True, tag="polygon"):
    """`rings[0]` is the outer ring, the others holes; rings need not repeat their first corner and may run
    either way. Longitudes may pass 180 so that a ring over the antimeridian stays in one piece.
    """

    rings: tuple[Ring, ...]
    edges: Edges = Edges.PLANAR


class Circle(msgspec.Struct, frozen=True, kw_only=True, tag="circle"):
    """All within `radius_m` of the centre along the ground."""

    longitude_deg: float
    latitude_deg: float
    radius_m: float


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """An outline between two limits, both inclusive. No floor is the surface, no ceiling none at all."""

    outline: Polygon | Circle
    floor: Limit | None = None
    ceiling: Limit | None = None


def say_limits(volume: Volume) -> str:
    """Return e.g. `surface to 500 m AGL`, `100 to 400 m AMSL` or `1000 ft AMSL to unlimited`."""
    floor = None if limit_m(volume.floor) is None else volume.floor
    ceiling = None if limit_m(volume.ceiling) is None else volume.ceiling
    above = "unlimited" if ceiling is None else _say_limit(ceiling)
    if floor is None or (floor.reference is HeightReference.AGL and floor.value <= 0.0):
        return f"surface to {above}"
    told = ceiling is not None and (floor.unit, floor.reference) == (ceiling.unit, ceiling.reference)
    below = f"{floor.value:g}" if told and floor.unit is not LengthUnit.FL else _say_limit(floor)
    return f"{below} to {above}"


def _say_limit(limit: Limit) -> str:
    if limit.unit is LengthUnit.FL:
        return f"FL{limit.value:03.0f}"
    unit = "m" if limit.unit is LengthUnit.M else "ft"
    return f"{limit.value:g} {unit} {limit.reference.value}"


class SunEvent(enum.StrEnum):
    """Begin of morning civil twilight, sunrise, sunset, end of evening civil twilight."""

    BMCT = "BMCT"
    SR = "SR"
    SS = "SS"
    EECT = "EECT"


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """A part of some days of the week: `weekdays` holds 0 (Monday) to 6, empty is every day.

    It begins at `from_s` (seconds of day; None: the day's begin), or with `from_event`; ends at `to_s` (None
    or 0: the next midnight), or with `to_event`; both inclusive. `from_offset_s` and `to_offset_s` are added
    to an event. An end before its begin runs on past midnight and belongs to the day on which it began.
    """

    weekdays: tuple[int, ...] = ()
    from_s: float | None = None
    to_s: float | None = None
    from_event: SunEvent | None = None
    to_event: SunEvent | None = None
    from_offset_s: float = 0.0
    to_offset_s: float = 0.0


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """When a rule holds: always where `permanent` says so, whatever else is written; otherwise from start to
    end, both inclusive (None: open), at any of `hours` (none: all day), in the time zone of that IANA name.
    """

    permanent: bool = False
    start_utc_ns: int | None = None
    end_utc_ns: int | None = None
    hours: tuple[Hours, ...] = ()
    time_zone: str = "UTC"


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What is said, and in which language (a BCP 47 tag; "" where the source does not say)."""

    text: str
    language: str = ""


Texts = tuple[Text, ...]


class ZoneAuthority(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask, to tell, or to read: `purpose` is AUTHORIZATION, NOTIFICATION or INFORMATION, "" where it
    is not said; `interval_before` an ISO 8601 duration.
    """

    name: Texts = ()
    service: Texts = ()
    contact_name: Texts = ()
    site_url: str = ""
    email: str = ""
    phone: str = ""
    purpose: str = ""
    interval_before: str = ""


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on flying, with where and when it holds. Several volumes are one zone: inside any is inside.

    `strictness` (0..100) decides between overlapping zones: the highest governs. `document` is what a verdict
    cites. Only an authority of `authority_id` can open the zone to a flight ("": whoever's permit names it).
    No periods means always. `source` names the list it came from, "" for our own. `extra` keeps what the
    source said beside all this, by key, as JSON.
    """

    zone_id: str
    name: str
    restriction: Restriction
    volumes: tuple[Volume, ...]
    strictness: int
    document: str
    periods: tuple[Period, ...] = ()
    authority_id: str = ""
    country: str = ""
    variant: str = "COMMON"
    names: Texts = ()
    conditions: Texts = ()
    region: int | None = None
    reasons: tuple[str, ...] = ()
    other_reason: Texts = ()
    regulation_exemption: str = ""
    u_space_class: str = ""
    message: Texts = ()
    authorities: tuple[ZoneAuthority, ...] = ()
    source: str = ""
    extra: tuple[tuple[str, str], ...] = ()


# What a restriction is worth where its source gives no strictness of its own.
STRICTNESS = {
    Restriction.PROHIBITED: 90,
    Restriction.REQ_AUTHORISATION: 60,
    Restriction.USPACE: 60,
    Restriction.CONDITIONAL: 30,
    Restriction.NO_RESTRICTION: 0,
}


class Gravity(enum.StrEnum):
    """What was done about a deviation: nothing but note it, read it as something, or leave the item out."""

    NOTED = "noted"
    READ_AS = "read as"
    LEFT_OUT = "left out"


class Deviation(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file departs from its standard. `zone_id` is "" where it is the file's own; `field` is a path
    such as `applicability[0].startDateTime`; `done` says what came of it.
    """

    zone_id: str
    field: str
    found: str
    must: str
    gravity: Gravity
    done: str


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """Two sources, or two parts of one, that say different things of a zone; `applied` is the safer."""

    zone_id: str
    field: str
    one_says: str
    other_says: str
    applied: str


class ZoneList(msgspec.Struct, frozen=True, kw_only=True):
    """A file of zones as read: nothing in it is lost. What could not be read as a zone is in `left_out`, by
    a name for it, as its source wrote it.
    """

    format: str
    zones: tuple[Zone, ...]
    deviations: tuple[Deviation, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    title: Texts = ()
    provider: Texts = ()
    issued_utc_ns: int | None = None
    valid_from_utc_ns: int | None = None
    valid_to_utc_ns: int | None = None
    extra: tuple[tuple[str, str], ...] = ()
