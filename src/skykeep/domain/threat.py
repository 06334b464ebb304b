"""What a track seems to be after, and how long we have."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.place import Point


class Interval(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A time to breach in seconds: the 5 % quantile, the median and the 95 % quantile."""

    low_s: float
    mid_s: float
    high_s: float


class Factors(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The factors whose product is the priority, each 0..1."""

    unauthorised: float
    aims_at_asset: float
    breach_before_response: float
    consequence: float


class Behaviour(enum.StrEnum):
    """What a track has been seen to do, each with its sentence among the grounds."""

    CLOSING = "closing"
    LOITERING = "loitering"
    PROBING = "probing"
    TERRAIN_MASKED = "terrain_masked"
    POP_UP = "pop_up"


class Group(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Tracks that fly together, under an id that lasts through members that come and go.

    After a split the larger part keeps the id (the older members on a tie) and the other names it in
    `split_from`; after a merge the older id stays and `merged` names those it took in. `course_deg` is None
    where it stands still. `axis_deg` is the bearing, clockwise from north, from the asset it most seems to
    aim at to its middle. `diversion` says that another group draws the eye while this one comes quietly, or
    the reverse: a sentence, "" for none.
    """

    group_id: str
    track_ids: tuple[int, ...]
    since_utc_ns: int
    middle_enu_m: Point
    course_deg: float | None
    speed_mps: float
    asset_id: str = ""
    axis_deg: float | None = None
    split_from: str = ""
    merged: tuple[str, ...] = ()
    diversion: str = ""


class Threat(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One track against the asset it most seems to aim at.

    `aims_probability` is over all assets and "none of them"; `destinations` holds those of 1 % and more
    (asset_id, "" for none; probability), likeliest first. `breach` is None when it is not closing.
    `worst_case_s` is the least time in which anything of its class could get there. `grounds` are sentences
    the operator reads word for word. `group_id` is that of the group it flies in, "" alone. `rules` names the
    rules it was judged by, `default v1`.
    """

    track_id: int
    asset_id: str
    aims_probability: float
    breach: Interval | None
    worst_case_s: float
    closest_approach_m: float
    closest_approach_s: float
    company: tuple[int, ...]
    priority: float
    factors: Factors
    grounds: tuple[str, ...]
    destinations: tuple[tuple[str, float], ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    group_id: str = ""
    rules: str = ""
