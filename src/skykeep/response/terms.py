"""What a yes is a yes to: the terms of a proposal in one digest, and how far its consequences may move.

The terms are what does not change while people look: who and what it is about, every option with its effect
and the bounds of its consequences, how many must agree and who among them, on what authority, at which
posture, until when. What does change (the time left, where the track is by now) is not among them; where
the footprint leaves its bounds, the terms are stated anew and every yes to the old ones is void.
"""

from __future__ import annotations

import hashlib
import math

import msgspec

from skykeep.base.clock import ns_to_seconds
from skykeep.domain.encoding import encode_json
from skykeep.domain.place import Point, Vector
from skykeep.domain.response import DebrisBounds, DebrisFootprint, EffectLayer, EffectOption, Proposal
from skykeep.domain.rules import ResponseRules

_HEAD = b"skykeep response terms 1\n"
_PLACE_DIGITS = 1


class OptionTerms(msgspec.Struct, frozen=True, kw_only=True):
    """An option, less where its footprint is at the moment."""

    option_id: str
    name: str
    layer: EffectLayer
    says: str
    success_probability: float
    delay_s: float
    results: tuple[tuple[str, float], ...]
    bounds: DebrisBounds | None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """All that a yes binds to."""

    proposal_id: str
    alert_id: str
    track_id: int
    asset_id: str
    simulated: bool
    proposed_by: str
    proposed_utc_ns: int
    expires_utc_ns: int
    posture: str
    authority: str
    legal_basis: str
    approvals_needed: int
    roles_needed: tuple[str, ...]
    options: tuple[OptionTerms, ...]


def terms_of(proposal: Proposal) -> Terms:
    """Return what a yes to a proposal binds to."""
    fields = msgspec.structs.asdict(proposal)
    options = tuple(
        OptionTerms(**{name: getattr(option, name) for name in OptionTerms.__struct_fields__})
        for option in proposal.options
    )
    stated = {name: fields[name] for name in Terms.__struct_fields__ if name != "options"}
    return Terms(**stated, options=options)


def terms_sha256(proposal: Proposal) -> str:
    """Return the digest of a proposal's terms: the same anywhere, and another for any other terms."""
    return hashlib.sha256(_HEAD + encode_json(terms_of(proposal))).hexdigest()


def with_terms(proposal: Proposal) -> Proposal:
    """Return a proposal with the digest of its own terms."""
    return msgspec.structs.replace(proposal, terms_sha256=terms_sha256(proposal))


def is_reckoned(debris: DebrisFootprint) -> bool:
    """Return whether there is a footprint to look at."""
    return bool(debris.contours) and math.isfinite(debris.persons_expected)


def bounds_of(
    debris: DebrisFootprint, velocity_enu_mps: Vector, expires_utc_ns: int, rules: ResponseRules
) -> DebrisBounds | None:
    """Return how far the consequences may move before a yes to them is void: about the way on which the
    track carries its footprint until the proposal expires.
    """
    if not is_reckoned(debris):
        return None
    left_s = max(0.0, ns_to_seconds(expires_utc_ns - debris.time_utc_ns))
    east_m, north_m = debris.impact_enu_m
    ahead = (
        round(east_m + velocity_enu_mps[0] * left_s, _PLACE_DIGITS),
        round(north_m + velocity_enu_mps[1] * left_s, _PLACE_DIGITS),
    )
    persons = debris.persons_expected
    return DebrisBounds(
        way_enu_m=(debris.impact_enu_m, ahead),
        within_m=rules.lapse_moved_m,
        persons_stated=persons,
        persons_at_most=max(rules.lapse_ratio * persons, persons + rules.lapse_persons),
    )


def out_of_bounds(option: EffectOption, debris: DebrisFootprint) -> str:
    """Return why a fresh footprint of an option is not what was said yes to, "" where it is."""
    bounds = option.bounds
    if bounds is None:
        return f"a footprint of “{option.name}” can be reckoned now" if is_reckoned(debris) else ""
    if not is_reckoned(debris):
        return f"no footprint of “{option.name}” can be reckoned any more"
    if debris.persons_expected > bounds.persons_at_most:
        grown = f"from {bounds.persons_stated:g} to {debris.persons_expected:g}"
        return f"persons expected under “{option.name}” grew {grown}"
    off_m = distance_to_way_m(debris.impact_enu_m, bounds.way_enu_m)
    if off_m > bounds.within_m:
        return f"the footprint of “{option.name}” lies {off_m:.0f} m off the way that was stated"
    return ""


def distance_to_way_m(point: Point, way: tuple[Point, Point]) -> float:
    """Return how far a point is from the line between two."""
    (east_m, north_m), (to_east_m, to_north_m) = way
    along = (to_east_m - east_m, to_north_m - north_m)
    offset = (point[0] - east_m, point[1] - north_m)
    squared = along[0] ** 2 + along[1] ** 2
    share = 0.0 if squared == 0.0 else (offset[0] * along[0] + offset[1] * along[1]) / squared
    share = min(1.0, max(0.0, share))
    return math.hypot(offset[0] - share * along[0], offset[1] - share * along[1])
