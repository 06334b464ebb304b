"""What a scenario lets happen at a time: a sensor falls silent, a clock jumps, somebody calls, people
decide.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from skykeep.domain.registry import RegistryStatus
from skykeep.domain.sensing import ClaimKind
from skykeep.sim.plan_terms import Bearing, Name, NotNegative, Plan, Positive, Spot


class EventPlan(Plan, frozen=True, kw_only=True, tag_field="do"):
    """Something that happens `at_s` after the start."""

    at_s: NotNegative


class OutagePlan(EventPlan, frozen=True, kw_only=True, tag="outage"):
    """Nothing comes from a sensor for `for_s`; with `says_so` it reports that it failed, and that it is
    back.
    """

    sensor_id: Name
    for_s: Positive
    says_so: bool = True


class ClockJumpPlan(EventPlan, frozen=True, kw_only=True, tag="clock_jump"):
    """A sensor's own clock is off by `jump_s` for `for_s`."""

    sensor_id: Name
    jump_s: Annotated[float, Meta(ge=-3600.0, le=3600.0)]
    for_s: Positive


class ReportPlan(EventPlan, frozen=True, kw_only=True, tag="report"):
    """Somebody at a spot reports something they noticed, in their own words, perhaps on a bearing."""

    sensor_id: Name
    at: Spot
    says: Name
    kind: Name = "other"
    bearing_deg: Bearing | None = None
    sigma_m: Positive | None = None


class OccupancyPlan(EventPlan, frozen=True, kw_only=True, tag="occupancy"):
    """Somebody on duty (`by`) tells who is at an asset now."""

    asset_id: Name
    by: Name
    principal_present: bool | None = None
    occupancy_persons: Annotated[int, Meta(ge=0)] | None = None
    because: str = ""


class PosturePlan(EventPlan, frozen=True, kw_only=True, tag="posture"):
    """Somebody on duty sets the posture by hand; without a `level` they take the hand off."""

    by: Name
    level: Annotated[int, Meta(ge=0, le=9)] | None = None
    because: Name
    for_s: Positive | None = None


class RegistryPlan(EventPlan, frozen=True, kw_only=True, tag="registry"):
    """A register of aircraft answers about an identity."""

    kind: ClaimKind = ClaimKind.REMOTE_ID
    claimed_id: Name
    status: RegistryStatus
    source: Name
    operator_id: str = ""
    model: str = ""
    target_class: str = ""


class RevokePlan(EventPlan, frozen=True, kw_only=True, tag="revoke"):
    """A permit is revoked, or a zone is lifted, from now on."""

    by: Name
    because: Name
    permit_id: str = ""
    zone_id: str = ""


AnyEventPlan = (
    OutagePlan | ClockJumpPlan | ReportPlan | OccupancyPlan | PosturePlan | RegistryPlan | RevokePlan
)
