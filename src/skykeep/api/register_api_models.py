"""Permits, restrictions and the rest as the register's API says them; unknown fields are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from skykeep.api.register_api_places import (
    Corner,
    Latitude,
    Longitude,
    Name,
    PeriodBody,
    Sentence,
    Time,
    Volume4DBody,
    VolumeBody,
    Word,
    time_of,
    utc_ns,
    volume4d_body,
    volume4d_of,
)
from skykeep.domain.permit import (
    DeviationThresholds,
    Flight,
    Permit,
    PermitAction,
    PermitConflict,
    PermitEvent,
    PermitPriority,
    PermitState,
    Scope,
)
from skykeep.domain.zone import Restriction

Reason = Annotated[str, Meta(min_length=1, max_length=2_000)]
Words = Annotated[tuple[Word, ...], Meta(max_length=100)]
Sentences = Annotated[tuple[Sentence, ...], Meta(max_length=100)]
Metres = Annotated[float, Meta(ge=0, le=100_000)]
Seconds = Annotated[float, Meta(ge=0, le=31_536_000)]


class ThresholdsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    horizontal_m: Metres = 50.0
    vertical_m: Metres = 30.0
    time_s: Seconds = 60.0


class FlightBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the flight is to be made; what is left out is not said."""

    purpose: Sentence = ""
    operation_category: Word = ""
    operation_mode: Word = ""
    uas_class: Word = ""
    identification_technologies: Words = ()
    connectivity_methods: Words = ()
    endurance_minutes: Annotated[int, Meta(ge=1, le=14_400)] | None = None
    emergency_procedure_url: Sentence = ""
    route: Annotated[tuple[tuple[Longitude, Latitude, float], ...], Meta(max_length=10_000)] = ()
    take_off: Corner | None = None
    take_off_time: Time | None = None
    pilot_position: Corner | None = None
    speed_mps: Annotated[float, Meta(gt=0, le=400)] | None = None


class ScopeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who, with what, where, when, and which zones it opens."""

    volumes: Annotated[tuple[Volume4DBody, ...], Meta(min_length=1, max_length=50)]
    serials: Words = ()
    operator_ids: Words = ()
    pilots: Words = ()
    rule_set: Word = ""
    conditions: Sentences = ()
    unlocks: Words = ()
    thresholds: ThresholdsBody = ThresholdsBody()
    flight: FlightBody = FlightBody()


class ApplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for. `submit` false leaves it a draft."""

    holder: Name
    scope: ScopeBody
    priority: PermitPriority = PermitPriority.HOBBY
    authority_id: Word = ""
    legal_basis: Sentence = ""
    contact: Word = ""
    private: bool = False
    submit: bool = True


class ReasonBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why; it is kept with the step, and shown to whoever is concerned."""

    reason: Reason


class StepBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step that may be taken without saying why."""

    reason: Sentence = ""


class AmendBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    scope: ScopeBody
    reason: Reason


class DecideBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The authority's word: `approve`, `deny`, `coordinate` or `offer`; an offer brings its `scope`."""

    decision: Annotated[str, Meta(pattern="^(approve|deny|coordinate|offer)$")]
    reason: Sentence = ""
    conditions: Sentences = ()
    scope: ScopeBody | None = None


class CheckBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scope to be checked before anybody asks for it."""

    scope: ScopeBody
    priority: PermitPriority = PermitPriority.HOBBY
    authority_id: Word = ""


class ConflictView(msgspec.Struct, frozen=True):
    with_kind: str
    with_id: str
    because: str
    start: datetime
    end: datetime


class CheckView(msgspec.Struct, frozen=True):
    """What stands in the way, and where or when nothing would."""

    conflicts: tuple[ConflictView, ...]
    alternatives: tuple[ScopeBody, ...] = ()


class EventView(msgspec.Struct, frozen=True):
    """One step: who took it, as what, why, when, from which state to which."""

    version: int
    action: PermitAction
    by: str
    role: str
    reason: str
    time: datetime
    before: PermitState | None
    after: PermitState


class PermitView(msgspec.Struct, frozen=True):
    permit_id: str
    state: PermitState
    version: int
    holder: str
    priority: PermitPriority
    scope: ScopeBody
    owner: str
    authority_id: str
    legal_basis: str
    document: str
    reason: str
    offer: ScopeBody | None
    private: bool
    contact: str
    made: datetime
    changed: datetime


class PermitWithEvents(msgspec.Struct, frozen=True):
    permit: PermitView
    events: tuple[EventView, ...]


class PermitList(msgspec.Struct, frozen=True):
    permits: tuple[PermitView, ...]


class DrawBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A restriction to be drawn. No periods is always; no strictness is that of its kind."""

    title: Name
    reason: Reason
    restriction: Restriction
    volumes: Annotated[tuple[VolumeBody, ...], Meta(min_length=1, max_length=50)]
    periods: Annotated[tuple[PeriodBody, ...], Meta(max_length=100)] = ()
    strictness: Annotated[int, Meta(ge=0, le=100)] | None = None
    document: Word = ""
    authority_id: Word = ""
    message: Sentence = ""
    conditions: Sentence = ""
    template: Word = ""
    lead_in_s: Annotated[float, Meta(ge=0, le=31_536_000)] = 0.0


class RingBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An emergency ring round a live incident: put up by one person at once, it lapses unless a second signs."""

    longitude_deg: Longitude
    latitude_deg: Latitude
    radius_m: Annotated[float, Meta(gt=0, le=100_000)]
    incident_id: Name
    reason: Reason


class SubscribeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    way: Annotated[str, Meta(pattern="^(webhook|cot|email|ed318)$")]
    address: Annotated[str, Meta(min_length=1, max_length=500)]
    kinds: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    secret: Annotated[str, Meta(max_length=200)] = ""


class SubscriptionView(msgspec.Struct, frozen=True):
    """A subscription; its secret is never said again."""

    subscription_id: str
    owner: str
    way: str
    address: str
    kinds: tuple[str, ...]
    sees_private: bool
    made: datetime


class SubscriptionList(msgspec.Struct, frozen=True):
    subscriptions: tuple[SubscriptionView, ...]


def scope_of(body: ScopeBody, field: str = "scope") -> Scope:
    """Return a scope; InputError names what is wrong in it."""
    said = msgspec.structs.asdict(body.flight)
    take_off_time = said.pop("take_off_time")
    flight = Flight(
        **said,
        take_off_utc_ns=None if take_off_time is None else utc_ns(take_off_time, f"{field}.take_off_time"),
    )
    volumes = tuple(
        volume4d_of(volume, f"{field}.volumes[{index}]") for index, volume in enumerate(body.volumes)
    )
    return Scope(
        volumes=volumes,
        serials=body.serials,
        operator_ids=body.operator_ids,
        pilots=body.pilots,
        rule_set=body.rule_set,
        conditions=body.conditions,
        unlocks=body.unlocks,
        thresholds=DeviationThresholds(**msgspec.structs.asdict(body.thresholds)),
        flight=flight,
    )


def scope_body(scope: Scope) -> ScopeBody:
    """Return how a scope is said."""
    said: dict[str, Any] = msgspec.structs.asdict(scope.flight)
    take_off_utc_ns = said.pop("take_off_utc_ns")
    return ScopeBody(
        volumes=tuple(volume4d_body(volume) for volume in scope.volumes),
        serials=scope.serials,
        operator_ids=scope.operator_ids,
        pilots=scope.pilots,
        rule_set=scope.rule_set,
        conditions=scope.conditions,
        unlocks=scope.unlocks,
        thresholds=ThresholdsBody(**msgspec.structs.asdict(scope.thresholds)),
        flight=FlightBody(
            **said, take_off_time=None if take_off_utc_ns is None else time_of(take_off_utc_ns)
        ),
    )


def permit_view(permit: Permit) -> PermitView:
    """Return how a permit is said."""
    said: dict[str, Any] = msgspec.structs.asdict(permit)
    made_utc_ns, changed_utc_ns = said.pop("made_utc_ns"), said.pop("changed_utc_ns")
    return PermitView(
        **said
        | {
            "scope": scope_body(permit.scope),
            "offer": None if permit.offer is None else scope_body(permit.offer),
        },
        made=time_of(made_utc_ns),
        changed=time_of(changed_utc_ns),
    )


def event_view(event: PermitEvent) -> EventView:
    """Return how a step is said."""
    said: dict[str, Any] = msgspec.structs.asdict(event)
    said.pop("permit_id")
    return EventView(time=time_of(said.pop("time_utc_ns")), **said)


def conflict_view(conflict: PermitConflict) -> ConflictView:
    """Return how a conflict is said."""
    return ConflictView(
        with_kind=conflict.with_kind,
        with_id=conflict.with_id,
        because=conflict.because,
        start=time_of(conflict.start_utc_ns),
        end=time_of(conflict.end_utc_ns),
    )
