"""Whether a track may be where it is: the verdict, which cites its document, and what changes the rules."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.permit import Permit
from skykeep.domain.zone import Zone


class Permission(enum.StrEnum):
    """`UNKNOWN` is a value of its own and never means allowed."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


class AirspaceVerdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whether one track may be where it is now, by which document, and which condition failed.

    `failing_condition` is "" when allowed; else one of volume, height, time, class, operator, serial,
    revoked, suspended, not_granted, zone_not_unlocked, no_permit, claim_contradicted, covered_by_another (the
    permit is another track's), spoofed (it sends what a permit names, and is not that flight).
    `permit_probability` is how likely it is the flight of `permit_id`, and `candidates` the same for each
    permit it may fly under, likeliest first; what is left over is that it is none of them.
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


class AirspaceChange(msgspec.Struct, frozen=True, kw_only=True, tag="airspace_change"):
    """What came into force and what no longer is, as the register tells the watch: zones and permits to put
    in the place of those of the same id, and ids of those that are gone.

    `sequence` is the register's last change that is in it, 0 where no register tells it.
    """

    time_utc_ns: int
    because: str
    by: str
    sequence: int = 0
    zones_put: tuple[Zone, ...] = ()
    zones_gone: tuple[str, ...] = ()
    permits_put: tuple[Permit, ...] = ()
    permits_gone: tuple[str, ...] = ()
