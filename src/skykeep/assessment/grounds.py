"""The grounds: short plain sentences that the operator reads word for word, most decisive first.

In order: what airspace ruled; who it says it is; where it is and where it goes; how long there is; what it
has been seen to do; what it is; who comes with it; and last the product that is its priority.
"""

from __future__ import annotations

from typing import NamedTuple

from skykeep.assessment.axes import say_number
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import TARGET_CLASS_NAMES, ClaimVerdict, Identification, TargetClass
from skykeep.domain.place import Asset
from skykeep.domain.rules import ThreatRules
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.threat import Behaviour, Factors, Interval
from skykeep.domain.wording import say_distance

SURE = 0.8
LIKELY = 0.5
# A line that passes farther off than this many keep-out radii is not said to be aimed.
_NEAR_RADII = 4.0
_STRAIGHT_M = 15.0
_MINUTES_FROM_S = 119.5
_SAYS = {
    ClaimKind.REMOTE_ID: "Remote ID",
    ClaimKind.ADSB: "ADS-B",
    ClaimKind.NETWORK_REMOTE_ID: "network Remote ID",
    ClaimKind.TELEMETRY: "telemetry",
}


class Seen(NamedTuple):
    """What is known of one track against one asset, ready to be said.

    It has closed for `closing_s` at `closing_mps`, and passes `pass_m` from the asset if it holds its course.
    `stayed_s` is for how long it has been where it is, `turned_back` how often it came and went again,
    `first_off_m` how far from the keep-out circle it was first seen, `hidden` from how many of how many
    sensors the ground hides it.
    """

    asset: Asset
    identification: Identification
    verdict: AirspaceVerdict
    distance_m: float
    closing_s: float
    closing_mps: float
    pass_m: float
    breach: Interval | None
    worst_case_s: float
    behaviours: tuple[Behaviour, ...]
    stayed_s: float
    turned_back: int
    seen_s: float
    first_off_m: float
    hidden: tuple[int, int]
    companions: int
    group_id: str
    diversion: str
    factors: Factors
    priority: float


def say_grounds(seen: Seen, rules: ThreatRules) -> tuple[str, ...]:
    """Return the sentences for one threat."""
    sentences = [seen.verdict.reason]
    if seen.identification.claims:
        sentences.extend(_say_claims(seen.identification))
    else:
        sentences.append("It broadcasts no identity.")
    asset = say_asset(seen.asset)
    sentences.append(_say_motion(seen, asset))
    sentences.append(_say_breach(seen, asset))
    if seen.behaviours:
        sentences.extend(_say_behaviour(each, seen, rules) for each in seen.behaviours if each in _TOLD)
    sentences.append(_say_class(seen.identification))
    if seen.companions:
        others = "one other" if seen.companions == 1 else f"{say_number(seen.companions)} others"
        sentences.append(f"It flies with {others}, as group {seen.group_id}.")
    if seen.diversion:
        sentences.append(seen.diversion)
    sentences.append(_say_product(seen, asset))
    return tuple(sentences)


def say_asset(asset: Asset) -> str:
    """Return the asset's name with its article: `the Residence`."""
    if asset.name.lower().startswith("the "):
        return "the " + asset.name[4:]
    return f"the {asset.name}"


def say_time(seconds: float) -> str:
    """Return e.g. `84 s`, `3 min 20 s` or `12 min`: nobody counts the seconds of a quarter of an hour."""
    if seconds < _MINUTES_FROM_S:
        return f"{round(seconds)} s"
    if seconds < 600.0:
        tens = round(seconds / 10.0) * 10
        return f"{tens // 60} min {tens % 60} s" if tens % 60 else f"{tens // 60} min"
    return f"{seconds / 60.0:.0f} min"


def _say_claims(identification: Identification) -> list[str]:
    said = []
    for test in identification.claims:
        if test.verdict is not ClaimVerdict.CONTRADICTED:
            continue
        away = (
            ""
            if test.residual_m is None
            else f": it is {say_distance(test.residual_m)} from where it says it is"
        )
        said.append(
            f"It claims by {_SAYS[test.kind]} to be {test.claimed_id}; sensors contradict that{away}."
        )
    return said


def _say_motion(seen: Seen, name: str) -> str:
    if seen.closing_s < 1.0:
        closes = seen.breach is not None and seen.closing_mps > 0.0
        now = "and has just begun to close" if closes else "and is not coming nearer"
        return f"It is {say_distance(seen.distance_m)} from {name} {now}."
    said = f"It has closed on {name} for {say_time(seen.closing_s)} at {seen.closing_mps:.0f} m/s"
    if seen.pass_m < _STRAIGHT_M:
        return f"{said}, on a line straight at it."
    if seen.pass_m <= _NEAR_RADII * seen.asset.breach_radius_m:
        return f"{said}, on a line that passes {say_distance(seen.pass_m)} from it."
    return f"{said}, but its line passes {say_distance(seen.pass_m)} from it."


def _say_breach(seen: Seen, asset: str) -> str:
    breach, earliest = seen.breach, say_time(seen.worst_case_s)
    if breach is None:
        return f"If it turned in now it could be there in {earliest}."
    if breach.mid_s <= 0.0:
        return f"It is inside the keep-out circle of {asset} now."
    mid, low = say_time(breach.mid_s), say_time(breach.low_s)
    aimed = seen.pass_m <= _NEAR_RADII * seen.asset.breach_radius_m
    pace = "At this pace it is there" if aimed else "If it turned in it could be there at this pace"
    said = f"{pace} in {mid}, one time in twenty within {low}"
    return f"{said}; at the very worst in {earliest}."


def _say_behaviour(behaviour: Behaviour, seen: Seen, rules: ThreatRules) -> str:
    match behaviour:
        case Behaviour.LOITERING:
            within = say_distance(rules.loiter_radius_m)
            return f"It loiters: for {say_time(seen.stayed_s)} it has kept within {within} of one place."
        case Behaviour.PROBING:
            count = seen.turned_back
            often = "once" if count == 1 else "twice" if count == 2 else f"{say_number(count)} times"
            return f"It probes: it has come toward {say_asset(seen.asset)} and turned back {often}."
        case Behaviour.POP_UP:
            ago = "just now" if seen.seen_s < 2.0 else f"{say_time(seen.seen_s)} ago"
            where = "inside" if seen.first_off_m <= 0.0 else f"only {say_distance(seen.first_off_m)} from"
            return f"It was first seen {ago}, {where} the keep-out circle."
        case _:
            hidden, of = seen.hidden
            if hidden == of:
                return "The ground hides it from every radar and camera in reach."
            some = f"{say_number(hidden)} of {say_number(of)}"
            return f"The ground hides it from {some} radars and cameras in reach."


_TOLD = frozenset(Behaviour) - {Behaviour.CLOSING}
_CLASS_NAMES = tuple(
    f"{'an' if name[0] in 'aeiou' else 'a'} {name.replace('_', ' ')}" for name in TARGET_CLASS_NAMES
)
# As plain numbers: an enumeration's member takes longer to look up than all else in the sentence.
_MULTIROTOR, _FIXED_WING, _BIRD = map(int, (TargetClass.MULTIROTOR, TargetClass.FIXED_WING, TargetClass.BIRD))


def _say_class(identification: Identification) -> str:
    each = identification.class_probabilities
    likeliest = max(each)
    best = each.index(likeliest)
    name = _CLASS_NAMES[best]
    if likeliest >= SURE:
        return f"By motion and echo it is {name}, {_percent(likeliest)} certain."
    drone = each[_MULTIROTOR] + each[_FIXED_WING]
    if drone >= SURE:
        return f"By motion and echo it is a drone, {_percent(drone)} certain; of which kind is not clear."
    bird = each[_BIRD]
    rest = "" if best == _BIRD else f"; a bird is not ruled out, at {_percent(bird)}"
    how = "is likely" if likeliest >= LIKELY else "may be"
    return f"It {how} {name}, at {_percent(likeliest)}{rest}."


def _say_product(seen: Seen, asset: str) -> str:
    each = seen.factors
    return (
        f"Priority {seen.priority:.2f}: not allowed {_percent(each.unauthorised)}, "
        f"after {asset} {_percent(each.aims_at_asset)}, "
        f"there before people can act {_percent(each.breach_before_response)}, "
        f"consequence {_percent(each.consequence)}."
    )


_PERCENTS = tuple(f"{whole} %" for whole in range(101))


def _percent(share: float) -> str:
    """Return e.g. `97 %`, of a share of 0 to 1; nothing is said to be certain that is not."""
    return _PERCENTS[round(100.0 * share) if share < 0.99 or share >= 1.0 else 99]
