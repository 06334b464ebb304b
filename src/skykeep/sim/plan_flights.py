"""What a scenario says of anything that flies a way of its own: a start, and legs one after another.

With legs a watcher hovers, a survey mows its lines, a probe comes in and goes out again, something pops up,
hides behind ground or dives; `count` and `branches` make it a swarm that splits and joins. `broadcast` is
what it says of itself, true or not; a thing that only says so, and is nowhere near, is `sent_from` where
its sender stands.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from msgspec import Meta

from skykeep.sim.plan_terms import Bearing, Between, EchoBetween, Name, NotNegative, Plan, Positive, Spot
from skykeep.sim.targets import FalseIdentity, TargetKind


class Body(enum.StrEnum):
    """What it is made of. `SENDER` stands on the ground and flies nothing: a remote control, or a liar's
    sender.
    """

    MULTIROTOR = "multirotor"
    FIXED_WING = "fixed_wing"
    HELICOPTER = "helicopter"
    AIRLINER = "airliner"
    BALLOON = "balloon"
    KITE = "kite"
    SENDER = "sender"


class LegPlan(Plan, frozen=True, kw_only=True):
    """One leg. `to` flies straight to `at`; `circle` and `survey` fly about it for `for_s`; `hold` stays
    where it is; `drift` goes with the wind. Speed and height stay as they were where a leg does not say; on
    the way `to` somewhere, and while it drifts, the height changes evenly. A survey mows lines of
    `length_m` along `bearing_deg`, `spacing_m` apart over `width_m`.
    """

    do: Literal["to", "circle", "survey", "hold", "drift"] = "to"
    at: Spot | None = None
    speed_mps: Positive | None = None
    height_agl_m: NotNegative | None = None
    for_s: NotNegative = 0.0
    radius_m: NotNegative = 0.0
    length_m: NotNegative = 0.0
    width_m: NotNegative = 0.0
    spacing_m: NotNegative = 0.0
    bearing_deg: Bearing = 0.0


class BroadcastPlan(Plan, frozen=True, kw_only=True):
    """What it says of itself, by Remote ID (`serial`) or ADS-B (`address`, `category`), from `from_s` to
    `until_s`.

    It says to be where it is; or, with `shift_m`, so far off on a bearing; or, with `jump_m`, there and
    back every few seconds. With `sent_from` what flies is nowhere, and only said to be there. `operator_at`
    is where its operator is said to be: at its start, if an `operator_id` is given. `false_as` marks a lie,
    for the score.
    """

    serial: str = ""
    operator_id: str = ""
    operator_at: Spot | None = None
    address: Annotated[str, Meta(pattern="^([0-9A-F]{6})?$")] = ""
    category: str = ""
    shift_m: NotNegative = 0.0
    shift_deg: Bearing = 0.0
    jump_m: NotNegative = 0.0
    sent_from: Spot | None = None
    from_s: NotNegative = 0.0
    until_s: Positive = 36_000.0
    false_as: FalseIdentity | None = None


class FlightPlan(Plan, frozen=True, kw_only=True):
    """Something that flies its legs from `start_s` on, and is gone, or down, at their end.

    `kind` says how it counts: an `intruder` means harm to `asset_id`, a `stray` means none and may not be
    there, a `permitted` flight may, a `bystander` is nobody's business. `count` of them keep `spread_m`
    about their leader, on whose way all are; at the end of its `legs` they share themselves out over the
    `branches`. Echo, size and mass are those of its body where nothing is said.
    """

    name: Name
    kind: TargetKind
    body: Body = Body.MULTIROTOR
    asset_id: str = ""
    count: Annotated[int, Meta(ge=1, le=60)] = 1
    spread_m: NotNegative = 0.0
    start: Spot
    start_s: Between = (0.0, 0.0)
    speed_mps: Positive = 15.0
    height_agl_m: NotNegative = 80.0
    legs: tuple[LegPlan, ...] = ()
    branches: tuple[tuple[LegPlan, ...], ...] = ()
    emitter: str = ""
    broadcast: BroadcastPlan | None = None
    failsafe: Literal["return", "land", "hover", "continue"] = "land"
    rcs_dbsm: EchoBetween | None = None
    size_m: Positive | None = None
    mass_kg: Positive | None = None
