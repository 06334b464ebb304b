"""The scenario as written: what a TOML file may say, with units in every key and bounds on every number."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from skykeep.domain.actor import Right
from skykeep.domain.permit import PermitPriority
from skykeep.domain.place import AssetKind
from skykeep.domain.response import EffectLayer
from skykeep.domain.zone import HeightReference, Restriction
from skykeep.sim.plan_events import AnyEventPlan
from skykeep.sim.plan_flights import FlightPlan
from skykeep.sim.plan_sensors import (
    AdsbReceiverPlan,
    CameraPlan,
    DirectionFinderPlan,
    RadarPlan,
    RainPlan,
    RemoteIdReceiverPlan,
    ResidentPlan,
)
from skykeep.sim.plan_targets import (
    AircraftPlan,
    BirdsPlan,
    FalseIdentityPlan,
    IntruderPlan,
    PermittedFlightPlan,
)
from skykeep.sim.plan_terms import Bearing, Name, NotNegative, Outline, Plan, Positive, Serial, Share


class Wind(Plan, frozen=True, kw_only=True):
    """The mean wind, and the deviation of its gusts."""

    from_deg: Bearing
    speed_mps: Annotated[float, Meta(ge=0.0, le=25.0)]
    gust_mps: Annotated[float, Meta(ge=0.0, le=8.0)]


class AssetPlan(Plan, frozen=True, kw_only=True):
    asset_id: Name
    name: Name
    kind: AssetKind
    place: Name
    breach_radius_m: Positive
    warning_radius_m: Positive
    consequence: Share = 1.0
    occupancy_persons: Annotated[int, Meta(ge=0)] = 0
    principal_present: bool | None = None


class ZonePlan(Plan, frozen=True, kw_only=True):
    zone_id: Name
    name: Name
    restriction: Restriction
    outline: Outline
    floor_m: float
    ceiling_m: Positive
    reference: HeightReference
    strictness: Annotated[int, Meta(ge=0, le=100)]
    document: Name
    start: str = ""
    end: str = ""


class PermitPlan(Plan, frozen=True, kw_only=True):
    permit_id: Name
    holder: Name
    priority: PermitPriority
    serials: tuple[Serial, ...]
    outline: Outline
    floor_agl_m: NotNegative
    ceiling_agl_m: Positive
    start: str
    end: str
    unlocks: tuple[str, ...]
    document: Name


class TaskPlan(Plan, frozen=True, kw_only=True):
    """A task of a playbook, as `domain.site.TaskTemplate` says."""

    text: Name
    owner_role: Name
    due_before_breach_s: NotNegative
    task_key: str = ""
    from_level: Annotated[int, Meta(ge=0)] = 0
    when_principal: bool | None = None
    escalates_to_role: str = ""


class EffectPlan(Plan, frozen=True, kw_only=True):
    """A simulated effect: what the proposal says of it is also what the dice are thrown with."""

    option_id: Name
    name: Name
    layer: EffectLayer
    says: Name
    success_probability: Share
    delay_s: NotNegative
    max_range_m: Positive
    breaks: Literal["link", "navigation", "both"] = "link"


class QuorumPlan(Plan, frozen=True, kw_only=True):
    from_level: Annotated[int, Meta(ge=0)]
    approvals_needed: Annotated[int, Meta(ge=2, le=5)]
    roles: tuple[str, ...] = ()


class PlaybookPlan(Plan, frozen=True, kw_only=True):
    playbook_id: Name
    asset_id: Name
    tasks: tuple[TaskPlan, ...]
    effects: tuple[EffectPlan, ...]
    approvals_needed: Annotated[int, Meta(ge=2, le=5)] = 2
    proposal_expires_s: Positive = 45.0
    authority: str = ""
    legal_basis: str = ""
    quorums: tuple[QuorumPlan, ...] = ()


class CalendarPlan(Plan, frozen=True, kw_only=True):
    """A day or an hour at which the posture rises by itself, and why."""

    entry_id: Name
    name: Name
    level: Annotated[int, Meta(ge=0, le=9)]
    start: str
    end: str
    because: str = ""


class PersonPlan(Plan, frozen=True, kw_only=True):
    person_id: Name
    name: Name
    role: Name
    may_approve: bool = False
    rights: tuple[Right, ...] = ()


class Reactions(Plan, frozen=True, kw_only=True):
    """Median seconds that people take, and the spread (sigma of the logarithm) about them."""

    acknowledge_s: Positive = 4.0
    first_approval_s: Positive = 8.0
    further_approval_s: Positive = 5.0
    task_s: Positive = 18.0
    spread: Annotated[float, Meta(ge=0.0, le=1.5)] = 0.35


class CaptionPlan(Plan, frozen=True, kw_only=True):
    """A line of narration, at a time or when something happens for the `count`-th time (sim.captions)."""

    says: Name
    at_s: NotNegative | None = None
    on: str = ""
    count: Annotated[int, Meta(ge=1, le=9)] = 1


class PaperPlan(Plan, frozen=True, kw_only=True):
    """What somebody writes of the night, so many hours after it began; `name` is its file's."""

    name: Name
    after_h: Annotated[float, Meta(ge=0.0, le=720.0)]
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]


class Night(Plan, frozen=True, kw_only=True):
    """When it is; how long: `duration_s` at most, or `quiet_after_s` after the last thing is decided."""

    name: Name
    title: Name
    start: str
    duration_s: Annotated[float, Meta(ge=10.0, le=3600.0)]
    quiet_after_s: NotNegative
    tick_s: Annotated[float, Meta(ge=0.1, le=5.0)] = 0.5
    daylight: bool = False


class Scenario(Plan, frozen=True, kw_only=True):
    """A whole scenario file."""

    night: Night
    wind: Wind
    assets: tuple[AssetPlan, ...]
    zones: tuple[ZonePlan, ...]
    permits: tuple[PermitPlan, ...]
    playbooks: tuple[PlaybookPlan, ...]
    people: tuple[PersonPlan, ...]
    reactions: Reactions = Reactions()
    radars: tuple[RadarPlan, ...] = ()
    direction_finders: tuple[DirectionFinderPlan, ...] = ()
    remote_id_receivers: tuple[RemoteIdReceiverPlan, ...] = ()
    adsb_receivers: tuple[AdsbReceiverPlan, ...] = ()
    cameras: tuple[CameraPlan, ...] = ()
    residents: tuple[ResidentPlan, ...] = ()
    intruders: tuple[IntruderPlan, ...] = ()
    false_identity: FalseIdentityPlan | None = None
    permitted: tuple[PermittedFlightPlan, ...] = ()
    aircraft: tuple[AircraftPlan, ...] = ()
    birds: tuple[BirdsPlan, ...] = ()
    flights: tuple[FlightPlan, ...] = ()
    rain: RainPlan | None = None
    calendar: tuple[CalendarPlan, ...] = ()
    events: tuple[AnyEventPlan, ...] = ()
    captions: tuple[CaptionPlan, ...] = ()
    papers: tuple[PaperPlan, ...] = ()
