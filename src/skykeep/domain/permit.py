"""Leave to fly: what is asked for, what was granted, and every step between.

A permit is one record that moves through states; each step is a `PermitEvent`, and the events alone tell how
the record came to be as it is. Places are longitude and latitude in degrees on WGS 84, heights in metres.
"""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.zone import LonLat, Volume


class PermitState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    FURTHER_COORDINATION = "further_coordination"
    ALTERNATIVE_OFFERED = "alternative_offered"
    AUTO_APPROVED = "auto_approved"
    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"


GRANTED = frozenset({PermitState.AUTO_APPROVED, PermitState.APPROVED, PermitState.ACTIVE})
ENDED = frozenset(
    {
        PermitState.DENIED,
        PermitState.WITHDRAWN,
        PermitState.REVOKED,
        PermitState.EXPIRED,
        PermitState.CLOSED,
    }
)


class PermitAction(enum.StrEnum):
    """`REQUEST` opens a draft, `GRANT_AT_ONCE` is the quick permit of an authority."""

    REQUEST = "request"
    GRANT_AT_ONCE = "grant_at_once"
    SUBMIT = "submit"
    AUTO_APPROVE = "auto_approve"
    COORDINATE = "coordinate"
    APPROVE = "approve"
    DENY = "deny"
    OFFER = "offer"
    ACCEPT_OFFER = "accept_offer"
    AMEND = "amend"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    CLOSE = "close"


class PermitPriority(enum.StrEnum):
    """Who goes first, the first first."""

    POLICE = "police"
    MEDICAL = "medical"
    FIRE = "fire"
    STATE = "state"
    COMMERCIAL = "commercial"
    HOBBY = "hobby"


class Volume4D(msgspec.Struct, frozen=True, kw_only=True):
    """A volume for a time, both ends inclusive."""

    volume: Volume
    start_utc_ns: int
    end_utc_ns: int


class DeviationThresholds(msgspec.Struct, frozen=True, kw_only=True):
    """How far from what was granted a flight may be before it is said to deviate."""

    horizontal_m: float = 50.0
    vertical_m: float = 30.0
    time_s: float = 60.0


class Flight(msgspec.Struct, frozen=True, kw_only=True):
    """How the flight is to be made, in the words of EU 2021/664 annex IV; "" and None are not said.

    `route` is (longitude, latitude, height above ground in m) along the way; the take-off place and the
    remote pilot's are longitude and latitude.
    """

    purpose: str = ""
    operation_category: str = ""
    operation_mode: str = ""
    uas_class: str = ""
    identification_technologies: tuple[str, ...] = ()
    connectivity_methods: tuple[str, ...] = ()
    endurance_minutes: int | None = None
    emergency_procedure_url: str = ""
    route: tuple[tuple[float, float, float], ...] = ()
    take_off: LonLat | None = None
    take_off_utc_ns: int | None = None
    pilot_position: LonLat | None = None
    speed_mps: float | None = None


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for or granted: who, with what, where, when, and which zones it opens.

    `unlocks` names the only zones that it opens, and opens none that another authority keeps. `serials` are
    CTA-2063-A, `operator_ids` EN 4709-02 without the secret part. `conditions` are sentences.
    """

    volumes: tuple[Volume4D, ...]
    serials: tuple[str, ...] = ()
    operator_ids: tuple[str, ...] = ()
    pilots: tuple[str, ...] = ()
    rule_set: str = ""
    conditions: tuple[str, ...] = ()
    unlocks: tuple[str, ...] = ()
    thresholds: DeviationThresholds = DeviationThresholds()
    flight: Flight = Flight()

    @property
    def start_utc_ns(self) -> int:
        return min((volume.start_utc_ns for volume in self.volumes), default=0)

    @property
    def end_utc_ns(self) -> int:
        return max((volume.end_utc_ns for volume in self.volumes), default=0)


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """A permit as it stands. `version` counts amendments from 1. `owner` may see and change it, by the name
    under which they come in; a `private` one is seen only by those entitled to. `offer` is the alternative
    that the authority put in place of what was asked. `document` is what a verdict cites.

    `granted` is what was granted last. While an amendment of it waits for a decision the state is that of the
    amendment, and `standing` the state of what was granted. `resumes` is where a suspension goes back to, and
    `held_by` what suspended it: an incident, another permit or a person.
    """

    permit_id: str
    state: PermitState
    version: int
    holder: str
    priority: PermitPriority
    scope: Scope
    owner: str
    authority_id: str = ""
    legal_basis: str = ""
    document: str = ""
    reason: str = ""
    offer: Scope | None = None
    private: bool = False
    contact: str = ""
    made_utc_ns: int = 0
    changed_utc_ns: int = 0
    granted: Scope | None = None
    standing: PermitState | None = None
    resumes: PermitState | None = None
    held_by: tuple[str, ...] = ()

    @property
    def stands(self) -> Scope | None:
        """What may be flown under it now, its times allowing: None for nothing."""
        if self.state in GRANTED:
            return self.granted if self.granted is not None else self.scope
        return self.granted if self.state not in ENDED and self.state is not PermitState.SUSPENDED else None

    @property
    def as_it_stands(self) -> Permit:
        """The permit without the amendment that waits: what to judge a flight by."""
        if self.granted is None or self.standing is None or self.state is PermitState.SUSPENDED:
            return self
        return msgspec.structs.replace(
            self, state=self.standing, scope=self.granted, offer=None, standing=None
        )

    @property
    def span_utc_ns(self) -> tuple[int, int] | None:
        """When it is from and until: of what is asked and of what was granted; None while no time is said."""
        scopes = [each for each in (self.scope, self.granted) if each is not None and each.volumes]
        if not scopes:
            return None
        return min(each.start_utc_ns for each in scopes), max(each.end_utc_ns for each in scopes)


class PermitTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a step says beside its name: only what it brings; None is not said. `cause` is what suspends it or
    no longer does.
    """

    scope: Scope | None = None
    holder: str | None = None
    priority: PermitPriority | None = None
    authority_id: str | None = None
    legal_basis: str | None = None
    document: str | None = None
    contact: str | None = None
    private: bool | None = None
    cause: str | None = None


class PermitEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a permit: who took it, as what, why, and from which state to which. `by` is "skykeep" where
    a rule took it, and `reason` then names the rule.
    """

    permit_id: str
    version: int
    action: PermitAction
    by: str
    role: str
    reason: str
    time_utc_ns: int
    before: PermitState | None
    after: PermitState
    authority_id: str = ""
    terms: PermitTerms = PermitTerms()


class PermitConflict(msgspec.Struct, frozen=True, kw_only=True):
    """Why a scope cannot stand as asked: with a zone, a restriction or another permit, where and when."""

    with_kind: str
    with_id: str
    because: str
    start_utc_ns: int
    end_utc_ns: int
