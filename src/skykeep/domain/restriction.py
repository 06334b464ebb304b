"""Restrictions that an authority puts on the sky: drawn, signed by two, in force, taken back for a reason."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.zone import Zone


class RestrictionState(enum.StrEnum):
    """`SIGNED` has one of the two signatures. `PUBLISHED` is in force whenever its zone's periods say so."""

    DRAFT = "draft"
    SIGNED = "signed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class RestrictionAction(enum.StrEnum):
    DRAW = "draw"
    SIGN = "sign"
    PUBLISH = "publish"
    AMEND = "amend"
    CANCEL = "cancel"
    EXPIRE = "expire"


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    by: str
    time_utc_ns: int


class AirspaceRestriction(msgspec.Struct, frozen=True, kw_only=True):
    """A restriction as it stands; its zone has the restriction's own id. `version` counts amendments from 1:
    until an amendment has both its signatures the `published` zone stays in force as it was.

    `lead_in_s` before each beginning it is announced. `emergency` was put up by one person round a live
    incident and ends at `lapses_utc_ns` unless a second one signs. `template` names what it was made from.
    """

    restriction_id: str
    state: RestrictionState
    version: int
    title: str
    zone: Zone
    authority_id: str
    reason: str
    published: Zone | None = None
    signatures: tuple[Signature, ...] = ()
    template: str = ""
    lead_in_s: float = 0.0
    emergency: bool = False
    lapses_utc_ns: int | None = None
    incident_id: str = ""
    made_utc_ns: int = 0
    changed_utc_ns: int = 0


class RestrictionTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a step says beside its name: only what it brings; None is not said."""

    zone: Zone | None = None
    title: str | None = None
    authority_id: str | None = None
    template: str | None = None
    lead_in_s: float | None = None
    incident_id: str | None = None
    lapses_utc_ns: int | None = None


class RestrictionEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a restriction: who took it, as what, why, and from which state to which."""

    restriction_id: str
    version: int
    action: RestrictionAction
    by: str
    role: str
    reason: str
    time_utc_ns: int
    before: RestrictionState | None
    after: RestrictionState
    authority_id: str = ""
    terms: RestrictionTerms = RestrictionTerms()
