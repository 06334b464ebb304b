"""The grounds: short plain sentences that the operator reads word for word, most decisive first.

In order: what airspace ruled; who it says it is; where it is and where it goes; how long there is; what it
has been seen to do; what it is; who comes with it; and last the product that is its priority.
"""

from __future__ import annotations

from itertools import repeat
from typing import NamedTuple

import numpy as np

from skykeep.assessment.axes import say_number
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import (
    TARGET_CLASS_NAMES,
    ClaimVerdict,
    ClassEvidence,
    Identification,
    TargetClass,
)
from skykeep.domain.place import Asset
from skykeep.domain.rules import ThreatRules
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.threat import Behaviour, Interval
from skykeep.domain.wording import say_distance

SURE = 0.8
LIKELY = 0.5
# A line that passes farther off than this many keep-out radii is not said to be aimed.
NEAR_RADII = 4.0
_STRAIGHT_M = 15.0
_MINUTES_FROM_S = 119.5
_SAYS = {
    ClaimKind.REMOTE_ID: "Remote ID",
    ClaimKind.ADSB: "ADS-B",
    ClaimKind.NETWORK_REMOTE_ID: "network Remote ID",
    ClaimKind.TELEMETRY: "telemetry",
}


class Seen(NamedTuple):
    """What is known of each track against one asset, ready to be said, in columns: one entry for each threat.

    `name` is what the asset is called, `near_m` how near a line must pass to be aimed at it. A track has
    closed for `closing_s` at `closing_mps`, and passes `pass_m` from the asset if it holds its course.
    `stayed_s` is for how long it has been where it is, `turned_back` how often it came and went again,
    `first_off_m` how far from the keep-out circle it was first seen, `hidden` from how many of how many
    sensors the ground hides it. `factors` (k, 4) are those of `Factors`, in its order.
    """

    name: list[str]
    near_m: list[float]
    identification: list[Identification]
    verdict: list[AirspaceVerdict]
    distance_m: list[float]
    closing_s: list[float]
    closing_mps: list[float]
    pass_m: list[float]
    breach: list[Interval | None]
    worst_case_s: list[float]
    behaviours: list[tuple[Behaviour, ...]]
    stayed_s: list[float]
    turned_back: list[int]
    seen_s: list[float]
    first_off_m: list[float]
    hidden: list[tuple[int, int]]
    companions: list[int]
    group_id: list[str]
    diversion: list[str]
    factors: FloatArray
    priority: list[float]


def say_grounds(seen: Seen, rules: ThreatRules) -> list[tuple[str, ...]]:
    """Return the sentences for each threat."""
    course = (seen.distance_m, seen.closing_s, seen.closing_mps, seen.pass_m)
    found: list[tuple[str, ...]] = list(
        zip(
            [verdict.reason for verdict in seen.verdict],
            repeat("It broadcasts no identity."),
            map(_say_motion, seen.name, seen.near_m, *course, seen.breach),
            map(_say_breach, seen.name, seen.near_m, seen.pass_m, seen.breach, seen.worst_case_s),
            [_say_class(one.class_probabilities, one.class_evidence) for one in seen.identification],
            map(_say_product, seen.name, seen.priority, *map(_percents, seen.factors.T)),
            strict=False,
        )
    )
    # What few have besides goes between these.
    each = zip(seen.identification, seen.behaviours, seen.companions, seen.diversion, strict=True)
    for k, (identification, behaviours, companions, diversion) in enumerate(each):
        if not (identification.claims or companions or diversion) and behaviours in _UNTOLD:
            continue
        reason, says, motion, breach, what, product = found[k]
        if not (identification.claims or companions) and behaviours in _UNTOLD:
            found[k] = (reason, says, motion, breach, what, diversion, product)
            continue
        broadcasts = _say_claims(identification) if identification.claims else (says,)
        doing = [_say_behaviour(one, k, seen, rules) for one in behaviours if one is not _CLOSING]
        company = [_say_company(companions, seen.group_id[k])] if companions else []
        others = [diversion] if diversion else []
        found[k] = (reason, *broadcasts, motion, breach, *doing, what, *company, *others, product)
    return found


def _say_company(companions: int, group_id: str) -> str:
    others = "one other" if companions == 1 else f"{say_number(companions)} others"
    return f"It flies with {others}, as group {group_id}."


def say_asset(asset: Asset) -> str:
    """Return the asset's name with its article: `the Residence`."""
    if asset.name.lower().startswith("the "):
        return "the " + asset.name[4:]
    return f"the {asset.name}"


def say_time(seconds: float) -> str:
    """Return e.g. `84 s`, `3 min 20 s` or `12 min`: nobody counts the seconds of a quarter of an hour."""
    if seconds < _MINUTES_FROM_S:
        whole = round(seconds)
        return _SECONDS[whole] if whole >= 0 else f"{whole} s"
    if seconds < 600.0:
        return _TENS[round(seconds / 10.0)]
    return f"{seconds / 60.0:.0f} min"


def _say_tens(tens: int) -> str:
    return f"{tens // 6} min {tens % 6}0 s" if tens % 6 else f"{tens // 6} min"


# Said over and over again, so made once.
_SECONDS = tuple(f"{whole} s" for whole in range(121))
_TENS = tuple(_say_tens(tens) for tens in range(61))


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


def _say_motion(
    name: str,
    near_m: float,
    distance_m: float,
    closing_s: float,
    closing_mps: float,
    pass_m: float,
    breach: Interval | None,
) -> str:
    if closing_s < 1.0:
        closes = breach is not None and closing_mps > 0.0
        now = "and has just begun to close" if closes else "and is not coming nearer"
        return f"It is {say_distance(distance_m)} from {name} {now}."
    said = f"It has closed on {name} for {say_time(closing_s)} at {closing_mps:.0f} m/s"
    if pass_m < _STRAIGHT_M:
        return f"{said}, on a line straight at it."
    if pass_m <= near_m:
        return f"{said}, on a line that passes {say_distance(pass_m)} from it."
    return f"{said}, but its line passes {say_distance(pass_m)} from it."


def _say_breach(name: str, near_m: float, pass_m: float, breach: Interval | None, worst_case_s: float) -> str:
    earliest = say_time(worst_case_s)
    if breach is None:
        return f"If it turned in now it could be there in {earliest}."
    mid_s = breach.mid_s
    if mid_s <= 0.0:
        return f"It is inside the keep-out circle of {name} now."
    pace = (
        "At this pace it is there" if pass_m <= near_m else "If it turned in it could be there at this pace"
    )
    within = f"{say_time(mid_s)}, one time in twenty within {say_time(breach.low_s)}"
    return f"{pace} in {within}; flat out, in {earliest} at the soonest."


def _say_behaviour(behaviour: Behaviour, k: int, seen: Seen, rules: ThreatRules) -> str:
    match behaviour:
        case Behaviour.LOITERING:
            within = say_distance(rules.loiter_radius_m)
            return f"It loiters: for {say_time(seen.stayed_s[k])} it has kept within {within} of one place."
        case Behaviour.PROBING:
            count = seen.turned_back[k]
            often = "once" if count == 1 else "twice" if count == 2 else f"{say_number(count)} times"
            return f"It probes: it has come toward {seen.name[k]} and turned back {often}."
        case Behaviour.POP_UP:
            seen_s, off_m = seen.seen_s[k], seen.first_off_m[k]
            ago = "just now" if seen_s < 2.0 else f"{say_time(seen_s)} ago"
            where = "inside" if off_m <= 0.0 else f"only {say_distance(off_m)} from"
            return f"It was first seen {ago}, {where} the keep-out circle."
        case _:
            hidden, of = seen.hidden[k]
            if hidden == of:
                return "The ground hides it from every radar and camera in reach."
            some = f"{say_number(hidden)} of {say_number(of)}"
            return f"The ground hides it from {some} radars and cameras in reach."


_CLOSING = Behaviour.CLOSING
# Closing is said with the motion.
_UNTOLD = ((), (_CLOSING,))
_CLASS_NAMES = tuple(
    f"{'an' if name[0] in 'aeiou' else 'a'} {name.replace('_', ' ')}" for name in TARGET_CLASS_NAMES
)
_OF_ECHOES = frozenset(("echo", "fluctuation", "rotors"))
# As plain numbers: an enumeration's member takes longer to look up than all else in the sentence.
_MULTIROTOR, _FIXED_WING, _BIRD = map(int, (TargetClass.MULTIROTOR, TargetClass.FIXED_WING, TargetClass.BIRD))


def _say_seen_by(evidence: tuple[ClassEvidence, ...]) -> str:
    for one in evidence:
        if one.name in _OF_ECHOES:
            return "By motion and echo"
    return "By motion alone"


def _say_class(each: tuple[float, ...], evidence: tuple[ClassEvidence, ...]) -> str:
    likeliest = max(each)
    best = each.index(likeliest)
    name = _CLASS_NAMES[best]
    if likeliest >= SURE:
        return f"{_say_seen_by(evidence)} it is {name}, {_percent(likeliest)} certain."
    drone = each[_MULTIROTOR] + each[_FIXED_WING]
    if drone >= SURE:
        return (
            f"{_say_seen_by(evidence)} it is a drone, {_percent(drone)} certain; of which kind is not clear."
        )
    bird = each[_BIRD]
    rest = "" if best == _BIRD else f"; a bird is not ruled out, at {_percent(bird)}"
    how = "is likely" if likeliest >= LIKELY else "may be"
    return f"It {how} {name}, at {_percent(likeliest)}{rest}."


def _say_product(
    name: str, priority: float, unauthorised: str, after: str, soon: str, consequence: str
) -> str:
    return (
        f"Priority {priority:.2f}: not allowed {unauthorised}, after {name} {after}, "
        f"there before people can act {soon}, consequence {consequence}."
    )


_PERCENTS = tuple(f"{whole} %" for whole in range(101))


def _percent(share: float) -> str:
    """Return e.g. `97 %`, of a share of 0 to 1; nothing is said to be certain that is not."""
    return _PERCENTS[round(100.0 * share) if share < 0.99 or share >= 1.0 else 99]


def _percents(share: FloatArray) -> list[str]:
    """Return what `_percent` does of each of many."""
    whole = np.where((share < 0.99) | (share >= 1.0), np.rint(100.0 * share), 99.0)
    return [_PERCENTS[each] for each in whole.astype(np.int64).tolist()]
