"""The rules of judgement as data: every number an operator may argue with."""

from __future__ import annotations

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How threats are weighed.

    `response_s` is the time people need, from decision to shelter: a breach sooner than that weighs most. No
    trustworthy public distribution of it exists; a site sets its own. `unknown_counts` is how far a flight
    that nobody forbids and nobody vouches for counts as unauthorised. `aircraft_counts` is the same for what
    looks like a crewed aircraft that does not say who it is. `other_counts` for balloons and the like.
    `principal_absent` scales the consequence while the person under protection is elsewhere.
    """

    response_s: float = 150.0
    unknown_counts: float = 0.6
    aircraft_counts: float = 0.05
    other_counts: float = 0.3
    principal_absent: float = 0.85
    least_priority: float = 0.02
    prior_per_asset: float = 0.25
    prior_none: float = 0.75
    watched_radius_m: float = 5_000.0
    intent_acceleration_psd: float = 0.05
    breach_acceleration_psd: float = 0.005
    habit: float = 0.03
    closing_mps: float = 1.0
    company_m: float = 250.0
    company_mps: float = 5.0
    # The fastest of each class, in the order of `TargetClass`.
    fastest_mps: tuple[float, float, float, float, float] = (40.0, 70.0, 30.0, 300.0, 25.0)
