"""Who may fly: zones, permits and the verdict that cites its document."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.place import Point


class ZoneKind(enum.StrEnum):
    PROHIBITED = "prohibited"
    RESTRICTED = "restricted"
    PERMIT = "permit"
    GEOFENCE = "geofence"


class HeightReference(enum.StrEnum):
    AGL = "AGL"
    AMSL = "AMSL"


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """When a zone is in force. None is open-ended. Daily hours are UTC seconds of day; an end of 0 is the
    next midnight.

    `weekdays` holds 0 (Monday) to 6; empty means every day. Both ends are inclusive.
    """

    start_utc_ns: int | None = None
    end_utc_ns: int | None = None
    weekdays: tuple[int, ...] = ()
    daily_from_s: int | None = None
    daily_to_s: int | None = None


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """A volume with a rule. `rings_enu_m[0]` is the outer ring, the others holes; rings need not repeat
    their first point.

    `strictness` decides between overlapping zones: the higher wins. `document` is what the verdict cites.
    No periods means always.
    """

    zone_id: str
    name: str
    kind: ZoneKind
    rings_enu_m: tuple[tuple[Point, ...], ...]
    floor_m: float
    ceiling_m: float
    reference: HeightReference
    strictness: int
    document: str
    periods: tuple[Period, ...] = ()


class PermitPriority(enum.StrEnum):
    POLICE = "police"
    MEDICAL = "medical"
    FIRE = "fire"
    STATE = "state"
    COMMERCIAL = "commercial"
    HOBBY = "hobby"


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """Leave for named aircraft to be in a volume for a time; `unlocks` names the only zones that it opens."""

    permit_id: str
    holder: str
    priority: PermitPriority
    serials: tuple[str, ...]
    ring_enu_m: tuple[Point, ...]
    floor_agl_m: float
    ceiling_agl_m: float
    start_utc_ns: int
    end_utc_ns: int
    unlocks: tuple[str, ...]
    document: str
    revoked_utc_ns: int | None = None


class Permission(enum.StrEnum):
    """`UNKNOWN` is a value of its own and never means allowed."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


class AirspaceVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one track may be where it is now, by which document, and which condition failed.

    `failing_condition` is "" when allowed; else one of volume, height, time, class, operator, serial, revoked,
    suspended, not_granted, zone_not_unlocked, no_permit, claim_contradicted, covered_by_another (the permit is
    another track's), spoofed (it sends what a permit names, and is not that flight). `permit_probability` is
    how likely it is the flight of `permit_id`, and `candidates` the same for each permit it may fly under,
    likeliest first; what is left over is that it is none of them.
    """

    track_id: int
    permission: Permission
    zone_id: str
    permit_id: str
    document: str
    failing_condition: str
    reason: str
    permit_probability: float = 0.0
    candidates: tuple[tuple[str, float], ...] = ()
