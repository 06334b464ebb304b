"""Who may fly, as the console is sent it: permits, restrictions and zones, each a whole list.

Points are (longitude, latitude) in degrees; heights keep the reference that they were published with. A
volume's first ring is its outline, the others are holes; a circle is sent as its ring and as its numbers.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Ring = tuple[tuple[float, float], ...]
Reference = Literal["AGL", "AMSL", "HAE", "STD"]
ZoneKind = Literal["prohibited", "restricted", "conditional", "open"]
RestrictionWord = Literal["PROHIBITED", "REQ_AUTHORISATION", "CONDITIONAL", "USPACE", "NO_RESTRICTION"]
PermitStateWord = Literal[
    "draft",
    "submitted",
    "further_coordination",
    "alternative_offered",
    "auto_approved",
    "approved",
    "active",
    "suspended",
    "denied",
    "withdrawn",
    "revoked",
    "expired",
    "closed",
]
PriorityWord = Literal["police", "medical", "fire", "state", "commercial", "hobby"]
RestrictionStateWord = Literal["draft", "signed", "published", "cancelled", "expired"]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


class CircleView(_Record, frozen=True, kw_only=True):
    lon: float
    lat: float
    radius_m: float


class VolumeView(_Record, frozen=True, kw_only=True):
    """No floor is the surface, no ceiling none at all. Times are only where the volume has its own."""

    rings: tuple[Ring, ...]
    circle: CircleView | None = None
    floor_m: float | None = None
    floor_reference: Reference = "AGL"
    ceiling_m: float | None = None
    ceiling_reference: Reference = "AGL"
    start_utc_ns: int | None = None
    end_utc_ns: int | None = None


class ZoneView(_Record, frozen=True, kw_only=True):
    """One zone. `polygon`, `floor_m`, `ceiling_m` and `reference` tell of the first volume; `volumes` of all.

    `hours` says when it holds, in a sentence; `in_force` whether it does now. `restriction_id` names the
    restriction that it was made by, if one of our own.
    """

    id: str
    name: str
    kind: ZoneKind
    polygon: Ring
    floor_m: float
    ceiling_m: float
    reference: Literal["AGL", "AMSL"]
    document: str
    volumes: tuple[VolumeView, ...] = ()
    source: str = ""
    hours: str = ""
    authority: str = ""
    in_force: bool = True
    restriction_id: str | None = None


class Zones(_Record, frozen=True, kw_only=True, tag_field="type", tag="zones"):
    """All zones; null means those of `hello`."""

    zones: tuple[ZoneView, ...] | None = None


class StepView(_Record, frozen=True, kw_only=True):
    """One step of a permit or restriction: who took it, as what, and why."""

    action: str
    by: str
    role: str
    reason: str
    time_utc_ns: int


class ConflictView(_Record, frozen=True, kw_only=True):
    """Why a permit cannot stand as asked: with what, where and when."""

    with_kind: Literal["zone", "restriction", "permit"]
    with_id: str
    because: str
    start_utc_ns: int
    end_utc_ns: int


class ScopeView(_Record, frozen=True, kw_only=True):
    """Where and when, with a sentence on how it differs from what was asked."""

    volumes: tuple[VolumeView, ...]
    start_utc_ns: int
    end_utc_ns: int
    says: str = ""


class PermitView(_Record, frozen=True, kw_only=True):
    """A permit as it stands. `alternative` is what the office proposes in place of what was asked, or has
    offered. A `private` one is shown to those entitled to it only.
    """

    id: str
    state: PermitStateWord
    version: int
    holder: str
    priority: PriorityWord
    scope: ScopeView
    serials: tuple[str, ...] = ()
    operator_ids: tuple[str, ...] = ()
    purpose: str = ""
    category: str = ""
    uas_class: str = ""
    conditions: tuple[str, ...] = ()
    unlocks: tuple[str, ...] = ()
    document: str = ""
    reason: str = ""
    contact: str = ""
    private: bool = False
    conflicts: tuple[ConflictView, ...] = ()
    alternative: ScopeView | None = None
    steps: tuple[StepView, ...] = ()
    made_utc_ns: int = 0


class Permits(_Record, frozen=True, kw_only=True, tag_field="type", tag="permits"):
    permits: tuple[PermitView, ...] = ()


class HoursView(_Record, frozen=True, kw_only=True):
    """Part of some days: 0 is Monday, no weekdays every day; seconds of day, null from or to midnight."""

    weekdays: tuple[int, ...] = ()
    from_s: float | None = None
    to_s: float | None = None


class SignatureView(_Record, frozen=True, kw_only=True):
    by: str
    time_utc_ns: int


class RestrictionView(_Record, frozen=True, kw_only=True):
    """A restriction as it stands. `in_force` says whether a zone of it is published and holds now, which
    while an amendment waits for its signatures is the version before.
    """

    id: str
    state: RestrictionStateWord
    version: int
    title: str
    restriction: RestrictionWord
    volumes: tuple[VolumeView, ...]
    reason: str
    document: str = ""
    template: str = ""
    start_utc_ns: int | None = None
    end_utc_ns: int | None = None
    hours: tuple[HoursView, ...] = ()
    time_zone: str = "UTC"
    says: str = ""
    lead_in_s: float = 0.0
    emergency: bool = False
    lapses_utc_ns: int | None = None
    incident_id: str = ""
    in_force: bool = False
    signatures: tuple[SignatureView, ...] = ()
    signatures_needed: int = 2
    steps: tuple[StepView, ...] = ()


class TemplateView(_Record, frozen=True, kw_only=True):
    """What a restriction may be made from: the fields that it fills in."""

    id: str
    name: str
    restriction: RestrictionWord = "PROHIBITED"
    floor_m: float | None = None
    ceiling_m: float | None = None
    reference: Reference = "AGL"
    duration_s: float | None = None
    lead_in_s: float = 0.0
    radius_m: float | None = None
    reason: str = ""


class Restrictions(_Record, frozen=True, kw_only=True, tag_field="type", tag="restrictions"):
    restrictions: tuple[RestrictionView, ...] = ()
    templates: tuple[TemplateView, ...] = ()


class CandidateView(_Record, frozen=True, kw_only=True):
    """A permitted flight that a track may be, how probably, and which condition it fails ("": none)."""

    permit_id: str
    holder: str
    probability: float
    failing: str = ""


class CitesView(_Record, frozen=True, kw_only=True):
    """What a verdict cites, so that the console can open it."""

    kind: Literal["zone", "restriction", "permit"]
    id: str


class AirspaceView(_Record, frozen=True, kw_only=True):
    """The verdict on a track. `permit_probability` is that it is some permitted flight, null where nobody
    asked; `failing` the condition that it fails.
    """

    permission: str
    reason: str
    document: str
    permit_probability: float | None = None
    failing: str = ""
    candidates: tuple[CandidateView, ...] = ()
    cites: CitesView | None = None
