"""What a track seems to be after, and how long we have."""

from __future__ import annotations

import msgspec


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A time to breach in seconds: the 5 % quantile, the median and the 95 % quantile."""

    low_s: float
    mid_s: float
    high_s: float


class Factors(msgspec.Struct, frozen=True, kw_only=True):
    """The factors whose product is the priority, each 0..1."""

    unauthorised: float
    aims_at_asset: float
    breach_before_response: float
    consequence: float


class Threat(msgspec.Struct, frozen=True, kw_only=True):
    """One track against the asset it most seems to aim at.

    `aims_probability` is over all assets and "none of them". `breach` is None when it is not closing.
    `worst_case_s` is the least time in which anything of its class could get there. `grounds` are sentences
    the operator reads word for word.
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
