"""Everything that is configured about one place, in one record: it is the first entry of every log."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.permit import Permit
from skykeep.domain.place import Asset, Person, PopulationGrid
from skykeep.domain.posture import DEFAULT_LEVELS, CalendarEntry, PostureLevel
from skykeep.domain.response import EffectLayer
from skykeep.domain.rules import DEFAULT_RULES, RuleSet
from skykeep.domain.sensing import Sensor
from skykeep.domain.zone import Zone
from skykeep.geo.frames import LocalFrame


class BreachTime(enum.StrEnum):
    """Which time to breach a task is reckoned from: the least in which anything of its class could be there,
    the 5 % quantile, or the median.
    """

    WORST_CASE = "worst_case"
    EARLY = "early"
    MEDIAN = "median"


class TaskTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A task that a playbook opens. It is due `due_before_breach_s` before the breach, which is reckoned as
    `due_of` says, but never with less notice than the rules give. Where nothing is closing, the worst case
    counts. It is opened from posture `from_level` on, and only while the principal is as `when_principal`
    says (None: in any case; where it is not known, they count as there). `escalates_to_role` is told when it
    is late, "" for nobody. `task_key` tells it from the others of its playbook; without one its text does.
    """

    text: str
    owner_role: str
    due_before_breach_s: float
    task_key: str = ""
    from_level: int = 0
    when_principal: bool | None = None
    escalates_to_role: str = ""
    due_of: BreachTime = BreachTime.EARLY

    @property
    def key(self) -> str:
        return self.task_key or self.text


class EffectTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated effect that may be proposed, with what the scenario says of it. `max_range_m` is from the
    asset. `breaks` is what a soft one takes away: `link`, `navigation` or `both`.
    """

    option_id: str
    name: str
    layer: EffectLayer
    says: str
    success_probability: float
    delay_s: float
    max_range_m: float
    breaks: str = "link"


class Quorum(msgspec.Struct, frozen=True, kw_only=True):
    """Who must say yes from posture `from_level` on: how many, and which roles must be among them."""

    from_level: int
    approvals_needed: int
    roles: tuple[str, ...] = ()


class Playbook(msgspec.Struct, frozen=True, kw_only=True):
    """What opens with an alert on an asset: tasks for people, and effects to propose, in simulation only.

    `approvals_needed` people must agree, or what the highest of `quorums` that the posture reaches says.
    `authority` is on whose behalf they decide, `legal_basis` the document that lets them.
    """

    playbook_id: str
    asset_id: str
    tasks: tuple[TaskTemplate, ...]
    effects: tuple[EffectTemplate, ...]
    approvals_needed: int = 2
    proposal_expires_s: float = 45.0
    authority: str = ""
    legal_basis: str = ""
    quorums: tuple[Quorum, ...] = ()
    version: int = 1


class ClockChange(msgspec.Struct, frozen=True, kw_only=True):
    """From `from_utc_ns` on the clocks at a site are `utc_offset_h` ahead of UTC, until the next change."""

    from_utc_ns: int
    utc_offset_h: float


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A place under watch. `wind_enu_mps` is the mean wind used for debris. Which population applies goes by
    the hour that the clocks there show: they are `utc_offset_h` ahead of UTC until the first of
    `clock_changes`, which are in order of time. Without `utc_offset_h` it goes by `night`.
    """

    site_id: str
    name: str
    origin: LocalFrame
    assets: tuple[Asset, ...]
    sensors: tuple[Sensor, ...]
    zones: tuple[Zone, ...]
    permits: tuple[Permit, ...]
    playbooks: tuple[Playbook, ...]
    people: tuple[Person, ...]
    population: PopulationGrid | None = None
    wind_enu_mps: tuple[float, float] = (0.0, 0.0)
    night: bool = True
    utc_offset_h: float | None = None
    clock_changes: tuple[ClockChange, ...] = ()
    rules: RuleSet = DEFAULT_RULES
    postures: tuple[PostureLevel, ...] = DEFAULT_LEVELS
    calendar: tuple[CalendarEntry, ...] = ()
