"""The grounds: short plain sentences that the operator reads word for word, most decisive first."""

from __future__ import annotations

from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import TARGET_CLASS_NAMES, ClaimVerdict, Identification, TargetClass
from skykeep.domain.place import Asset
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.threat import Interval
from skykeep.domain.wording import say_distance

SURE = 0.8
LIKELY = 0.5
# A line that passes farther off than this many keep-out radii is not said to be aimed.
_NEAR_RADII = 4.0
_STRAIGHT_M = 15.0
_SAYS = {
    ClaimKind.REMOTE_ID: "Remote ID",
    ClaimKind.ADSB: "ADS-B",
    ClaimKind.NETWORK_REMOTE_ID: "network Remote ID",
    ClaimKind.TELEMETRY: "telemetry",
}


def say_grounds(
    asset: Asset,
    identification: Identification,
    verdict: AirspaceVerdict,
    closing: tuple[float, float],
    approach: tuple[float, float],
    distance_m: float,
    breach: Interval | None,
    worst_case_s: float,
    companions: int,
) -> tuple[str, ...]:
    """Return the sentences for one threat.

    `closing` holds for how many seconds it has closed and how fast, in m/s; `approach` when and how near it
    passes if it holds its course.
    """
    sentences = [verdict.reason]
    sentences.extend(_say_claims(identification))
    if not identification.claims:
        sentences.append("It broadcasts no identity.")
    sentences.append(_say_motion(asset, closing, approach, distance_m, breach is not None))
    if breach is not None:
        sentences.append(_say_breach(asset, breach, worst_case_s))
    else:
        sentences.append(f"It could be there in {worst_case_s:.0f} s at the earliest.")
    sentences.append(_say_class(identification))
    if companions:
        others = "One other flies" if companions == 1 else f"{companions} others fly"
        sentences.append(f"{others} with it.")
    return tuple(sentences)


def say_asset(asset: Asset) -> str:
    """Return the asset's name with its article: `the Residence`."""
    if asset.name.lower().startswith("the "):
        return "the " + asset.name[4:]
    return f"the {asset.name}"


def _say_claims(identification: Identification) -> list[str]:
    said = []
    for test in identification.claims:
        if test.verdict is not ClaimVerdict.CONTRADICTED:
            continue
        away = (
            "" if test.residual_m is None else f": {say_distance(test.residual_m)} from where it says it is"
        )
        said.append(
            f"It claims by {_SAYS[test.kind]} to be {test.claimed_id}; sensors contradict that{away}."
        )
    return said


def _say_motion(
    asset: Asset,
    closing: tuple[float, float],
    approach: tuple[float, float],
    distance_m: float,
    closes: bool,
) -> str:
    for_s, speed_mps = closing
    if for_s < 1.0:
        now = "closing since a moment" if closes and speed_mps > 0.0 else "not closing"
        return f"It is {say_distance(distance_m)} from {say_asset(asset)}, {now}."
    said = f"It has closed on {say_asset(asset)} for {for_s:.0f} s at {speed_mps:.0f} m/s"
    passes_m = approach[1]
    if passes_m < _STRAIGHT_M:
        return f"{said}, on a line straight at it."
    if passes_m <= _NEAR_RADII * asset.breach_radius_m:
        return f"{said}, on a line that passes {say_distance(passes_m)} from it."
    return f"{said}; its line passes {say_distance(passes_m)} from it."


def _say_breach(asset: Asset, breach: Interval, worst_case_s: float) -> str:
    if breach.mid_s <= 0.0:
        return f"It is inside the keep-out circle of {say_asset(asset)} now."
    span = f"{breach.low_s:.0f} to {breach.high_s:.0f} s"
    return (
        f"It will be there in {breach.mid_s:.0f} s ({span}) if it keeps on; "
        f"in {worst_case_s:.0f} s at the earliest."
    )


def _say_class(identification: Identification) -> str:
    each = identification.class_probabilities
    drone = each[TargetClass.MULTIROTOR] + each[TargetClass.FIXED_WING]
    best = max(range(len(each)), key=lambda index: each[index])
    name = TARGET_CLASS_NAMES[best].replace("_", " ")
    article = "an" if name[0] in "aeiou" else "a"
    if each[best] >= SURE:
        return f"By motion and echo it is {article} {name} ({100.0 * each[best]:.0f} %)."
    if drone >= SURE:
        return f"By motion and echo it is a drone ({100.0 * drone:.0f} %)."
    bird = each[TargetClass.BIRD]
    rest = "" if best == TargetClass.BIRD else f"; a bird is not ruled out ({100.0 * bird:.0f} %)"
    how = "is likely" if each[best] >= LIKELY else "may be"
    return f"It {how} {article} {name} ({100.0 * each[best]:.0f} %){rest}."
