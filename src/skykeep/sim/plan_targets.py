"""What a scenario says of everything that flies: intruders, permitted drones, aircraft, birds."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from msgspec import Meta

from skykeep.sim.plan_terms import (
    Bearing,
    Between,
    Echo,
    EchoBetween,
    Name,
    NotNegative,
    Plan,
    Positive,
    Serial,
    Share,
    Spot,
)

# A permit's edge is no place to turn: a survey keeps this far inside.
PERMIT_MARGIN_M = 60.0


class IntruderPlan(Plan, frozen=True, kw_only=True):
    """A multirotor on its way to an asset. It reaches it `arrive_s` after the start if nothing is done,
    and starts no nearer and no farther than `start_m`.
    """

    name: Name
    asset_id: Name
    from_deg: Between
    start_m: Between
    arrive_s: Between
    start_delay_s: Between
    speed_mps: Between
    height_agl_m: Between
    rcs_dbsm: EchoBetween
    size_m: Positive
    mass_kg: Positive
    emitter: str = ""
    transmits_share: Share = 0.0
    remote_id: Literal["none", "false"] = "none"
    # By names of `effects_failsafe.FAILSAFES`.
    failsafe_shares: dict[str, Share]


class FalseIdentityPlan(Plan, frozen=True, kw_only=True):
    """What the lying intruder may broadcast; `unused_*` belong to a permitted drone that is not flying."""

    copied_serial: Serial
    unused_serial: Serial
    unused_at: Spot
    unknown_serial: Serial


class PatternKind(enum.StrEnum):
    LAWN_MOWER = "lawn-mower"
    ORBIT = "orbit"


class PermittedFlightPlan(Plan, frozen=True, kw_only=True):
    name: Name
    permit_id: Name
    serial: Serial
    operator_id: str
    pattern: PatternKind
    speed_mps: Positive
    height_agl_m: Positive
    orbit_radius_m: NotNegative = 0.0
    line_spacing_m: NotNegative = 0.0
    rcs_dbsm: EchoBetween
    size_m: Positive
    mass_kg: Positive
    emitter: str


class AircraftPlan(Plan, frozen=True, kw_only=True):
    """An aircraft with ADS-B: down the glide path to a runway's end, or straight past a spot."""

    name: Name
    address: Annotated[str, Meta(pattern="^[0-9A-F]{6}$")]
    category: Name
    route: Literal["approach", "transit"]
    at: Spot
    course_deg: Bearing
    speed_mps: Positive
    height_agl_m: NotNegative
    before_s: Between
    descent_deg: NotNegative = 0.0
    rcs_dbsm: EchoBetween
    size_m: Positive
    modulation_db: Echo


class BirdsPlan(Plan, frozen=True, kw_only=True):
    """Birds of one habit. Commuters head for a spot, a flock keeps together, soarers circle on
    the wind, gliders hold a line or hang on it.
    """

    name: Name
    count: Annotated[int, Meta(ge=0, le=200)]
    habit: Literal["commuting", "flock", "soaring", "gliding"]
    about: Spot
    spread_m: Positive
    airspeed_mps: Between
    height_agl_m: Between
    rcs_dbsm: EchoBetween
    size_m: Positive
    wingbeat_hz: Positive
