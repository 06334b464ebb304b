"""Permits, restrictions and the rest as the register's API says them; unknown fields are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from skykeep.api.register_api_places import (
    Corner,
    Latitude,
    Longitude,
    Name,
    Sentence,
    Time,
    Volume4DBody,
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
    contact: Word = ""
    private: bool = False
    submit: bool = True


class ReasonBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why; it is kept with the step, and shown to whoever is concerned."""

    reason: Reason


class StepBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step that may be taken without saying why."""

    reason: Sentence = ""


class QuickBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A flight of police or emergency services, granted at once by its legal basis; private unless said."""

    holder: Name
    scope: ScopeBody
    priority: PermitPriority
    legal_basis: Reason
    reason: Reason
    document: Word = ""
    contact: Word = ""
    private: bool = True


class AmendBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for anew; what is left out stays as it is."""

    reason: Sentence = ""
    scope: ScopeBody | None = None
    holder: Name | None = None
    contact: Word | None = None
    priority: PermitPriority | None = None


class DecideBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The authority's word. An offer brings its `scope`; an approval may name the zones that it opens, and
    set conditions, thresholds, the rule set and its legal basis.
    """

    decision: Literal["approve", "deny", "offer"]
    reason: Sentence = ""
    scope: ScopeBody | None = None
    unlocks: Words | None = None
    conditions: Sentences | None = None
    thresholds: ThresholdsBody | None = None
    rule_set: Word | None = None
    legal_basis: Sentence | None = None
    document: Word | None = None


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


class NeedView(msgspec.Struct, frozen=True):
    """A zone that has to be opened, and whether the authority that is asked may open it."""

    zone_id: str
    name: str
    restriction: Restriction
    authority_id: str
    openable: bool
    on_request: bool


class AlternativeView(msgspec.Struct, frozen=True):
    kind: str
    says: str
    scope: ScopeBody


class CheckView(msgspec.Struct, frozen=True):
    """What stands in the way, which zones have to be opened, and what could be flown instead."""

    conflicts: tuple[ConflictView, ...]
    needs: tuple[NeedView, ...]
    alternatives: tuple[AlternativeView, ...]


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
    """A permit as it stands. `granted` is what may be flown; `standing` its state while an amendment of it
    waits for a decision; `held_by` is what suspended it.
    """

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
    granted: ScopeBody | None
    standing: PermitState | None
    held_by: tuple[str, ...]
    private: bool
    contact: str
    made: datetime
    changed: datetime


_AS_IS = frozenset(PermitView.__struct_fields__) - {"scope", "offer", "granted", "made", "changed"}


class PermitWithEvents(msgspec.Struct, frozen=True):
    permit: PermitView
    events: tuple[EventView, ...]


class PermitList(msgspec.Struct, frozen=True):
    permits: tuple[PermitView, ...]


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
    said: dict[str, Any] = {name: getattr(permit, name) for name in _AS_IS}
    for name in ("scope", "offer", "granted"):
        scope = getattr(permit, name)
        said[name] = None if scope is None else scope_body(scope)
    return PermitView(**said, made=time_of(permit.made_utc_ns), changed=time_of(permit.changed_utc_ns))


def event_view(event: PermitEvent) -> EventView:
    """Return how a step is said."""
    said = {name: getattr(event, name) for name in EventView.__struct_fields__ if name != "time"}
    return EventView(**said, time=time_of(event.time_utc_ns))


def conflict_view(conflict: PermitConflict) -> ConflictView:
    """Return how a conflict is said."""
    return ConflictView(
        with_kind=conflict.with_kind,
        with_id=conflict.with_id,
        because=conflict.because,
        start=time_of(conflict.start_utc_ns),
        end=time_of(conflict.end_utc_ns),
    )
