"""The nine kinds of scene for the join, each made from a seed: who flies, with whose leave, saying what."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from permit_scenes import (
    SECONDS,
    Flyer,
    Plan,
    Scene,
    Voice,
    as_filed,
    bird,
    intrusion,
    make_plan,
    permit,
    within,
)
from skykeep.base.compile import FloatArray
from skykeep.domain.permit import PermitPriority
from skykeep.domain.sensing import ClaimKind
from tracking_scenes import Outage, Path


def honest(plan: Plan, path: Path, **changes: Any) -> Flyer:
    """Return a permitted flight that says who and where it is."""
    voice = Voice(plan.serial, path, plan.take_off_m)._replace(**changes)
    return Flyer(plan.name, path, plan.name, (voice,))


def _birds(dice: np.random.Generator) -> tuple[Flyer, ...]:
    return tuple(Flyer(f"bird {k}", bird(dice), rcs_dbsm=-22.0) for k in range(2))


def _stranger(dice: np.random.Generator, plan: Plan) -> Flyer:
    return Flyer("intruder", intrusion(dice, plan, bool(dice.random() < 0.5)))


def permitted(seed: int) -> Scene:
    dice = np.random.default_rng((seed, 1))
    plans = [make_plan(dice, name) for name in ("A", "B")]
    flyers = tuple(honest(plan, as_filed(dice, plan)) for plan in plans)
    permits = tuple(permit(plan, filed=bool(dice.random() < 0.8)) for plan in plans)
    return Scene("permitted", seed, (*flyers, _stranger(dice, plans[0]), *_birds(dice)), permits)


def straying(seed: int) -> Scene:
    dice = np.random.default_rng((seed, 2))
    plans = [make_plan(dice, name) for name in ("A", "B")]
    out = honest(plans[0], as_filed(dice, plans[0], stray_from_s=float(dice.uniform(90.0, 130.0))))
    flyers = (out, honest(plans[1], as_filed(dice, plans[1])))
    permits = tuple(permit(plan, filed=bool(dice.random() < 0.8)) for plan in plans)
    return Scene("straying", seed, (*flyers, *_birds(dice)), permits)


def mimic(seed: int) -> Scene:
    """Somebody sends a permitted serial, from where it truly is or from where it would be allowed; the
    flight itself is in the air in every second scene.
    """
    dice = np.random.default_rng((seed, 3))
    plan = make_plan(dice, "A")
    path = intrusion(dice, plan, bool(dice.random() < 0.6))
    said = path if dice.random() < 0.6 else as_filed(dice, plan)
    pilot_m = [plan.take_off_m, None, within(dice, plan._replace(radius_m=2500.0))][int(dice.integers(3))]
    flyers: tuple[Flyer, ...] = (Flyer("mimic", path, "", (Voice(plan.serial, said, pilot_m),)),)
    if seed % 2:
        flyers += (honest(plan, as_filed(dice, plan)),)
    return Scene("mimic", seed, (*flyers, *_birds(dice)), (permit(plan, filed=bool(dice.random() < 0.8)),))


def swapped(seed: int) -> Scene:
    """Two permitted flights, well apart, are flown with each other's aircraft: neither was permitted so."""
    dice = np.random.default_rng((seed, 4))
    plans = [make_plan(dice, "A")]
    while len(plans) == 1:
        other = make_plan(dice, "B")
        if math.dist(other.middle_m, plans[0].middle_m) > other.radius_m + plans[0].radius_m + 150.0:
            plans.append(other)
    flyers = []
    for plan, other in (plans, plans[::-1]):
        path = as_filed(dice, plan)
        voice = Voice(other.serial, path, plan.take_off_m)
        flyers.append(Flyer(f"{plan.name} as {other.name}", path, "", (voice,)))
    return Scene("swapped serials", seed, (*flyers, *_birds(dice)), tuple(map(permit, plans)))


def side_by_side(seed: int) -> Scene:
    dice = np.random.default_rng((seed, 5))
    first = make_plan(dice, "A")
    turn, away_m = math.atan2(first.middle_m[1], first.middle_m[0]), 2.0 * first.radius_m + 40.0
    beside = (
        first.middle_m[0] - away_m * math.sin(turn),
        first.middle_m[1] + away_m * math.cos(turn),
    )
    plans = [first, make_plan(dice, "B", beside, first.radius_m)]
    flyers = tuple(honest(plan, as_filed(dice, plan)) for plan in plans)
    permits = tuple(permit(plan, filed=bool(dice.random() < 0.8)) for plan in plans)
    return Scene("side by side", seed, (*flyers, *_birds(dice)), permits)


def silent(seed: int) -> Scene:
    """The flight's Remote ID never worked, or stops; a stranger that is silent too comes by."""
    dice = np.random.default_rng((seed, 6))
    plan = make_plan(dice, "A")
    off_s = 0.0 if seed % 2 else float(dice.uniform(80.0, 140.0))
    flyer = honest(plan, as_filed(dice, plan), silent=lambda time_s: time_s >= off_s)
    return Scene("Remote ID off", seed, (flyer, _stranger(dice, plan), *_birds(dice)), (permit(plan),))


def dropout(seed: int) -> Scene:
    """The radar is out for a minute, in every second scene the receiver too; somebody may come meanwhile."""
    dice = np.random.default_rng((seed, 7))
    plan = make_plan(dice, "A")
    out = Outage(float(dice.uniform(80.0, 110.0)), 0.0)
    out = out._replace(to_s=out.from_s + 60.0)
    flyers: tuple[Flyer, ...] = (honest(plan, as_filed(dice, plan)),)
    if seed % 3:
        flyers += (
            Flyer("intruder", intrusion(dice, plan, True, out.from_s + float(dice.uniform(5.0, 40.0)))),
        )
    permits = (permit(plan, filed=bool(dice.random() < 0.8)),)
    return Scene(
        "60 s dropout",
        seed,
        (*flyers, *_birds(dice)),
        permits,
        outage=out,
        radio_outage=out if seed % 2 else None,
    )


def biased(seed: int) -> Scene:
    dice = np.random.default_rng((seed, 8))
    plans = [make_plan(dice, name) for name in ("A", "B")]
    flyers = []
    for plan in plans:
        turn = dice.uniform(0.0, 2.0 * math.pi)
        bias_m = (20.0 * math.cos(turn), 20.0 * math.sin(turn))
        flyers.append(honest(plan, as_filed(dice, plan), bias_m=bias_m))
    permits = tuple(permit(plan, filed=bool(dice.random() < 0.8)) for plan in plans)
    return Scene("GNSS bias 20 m", seed, (*flyers, _stranger(dice, plans[0]), *_birds(dice)), permits)


def raid(seed: int) -> Scene:
    """Two police drones, their permits made while one is already up, go close to an intruder, which in every
    second scene sends the serial of one of them.
    """
    dice = np.random.default_rng((seed, 9))
    area = make_plan(
        dice, "A", (float(dice.uniform(-500.0, 500.0)), float(dice.uniform(-500.0, 500.0))), 1200.0
    )
    plans = [area._replace(name=name, take_off_m=within(dice, area, 0.6)) for name in ("POL1", "POL2")]
    start = within(dice, area, 0.8)
    flyers: list[Flyer] = []
    for plan in plans:
        path = as_filed(dice, plan)
        both = (
            Voice(plan.serial, path, plan.take_off_m),
            Voice(plan.serial, path, plan.take_off_m, kind=ClaimKind.TELEMETRY),
        )
        flyers.append(Flyer(plan.name, path, plan.name, both))
    lead = flyers[0].path
    shift = dice.normal(0.0, 40.0, 3) * (1.0, 1.0, 0.2)
    own = intrusion(dice, area._replace(middle_m=start, radius_m=300.0), True)

    def chased(time_s: float) -> FloatArray | None:
        """Go one's own way, then for a while beside the first police drone."""
        mine, theirs = own(time_s), lead(time_s)
        if mine is None or theirs is None:
            return mine
        near = float(
            np.clip((time_s - 110.0) / 60.0, 0.0, 1.0) * np.clip((SECONDS - 20.0 - time_s) / 40.0, 0.0, 1.0)
        )
        near = near * near * (3.0 - 2.0 * near)
        return np.asarray((1.0 - near) * mine + near * (theirs + shift))

    voices = (Voice(plans[1].serial, chased, None),) if seed % 2 else ()
    flyers.append(Flyer("intruder", chased, "", voices))
    permits = tuple(
        msgspec.structs.replace(
            permit(plan, False, PermitPriority.POLICE, made_s, (made_s, 3600.0)), holder="City Police"
        )
        for plan, made_s in zip(plans, (0.0, plans[1].at_s + 20.0), strict=True)
    )
    return Scene("police in a raid", seed, (*flyers, *_birds(dice)), permits)


KINDS: dict[str, Callable[[int], Scene]] = {
    "permitted": permitted,
    "straying": straying,
    "mimic": mimic,
    "swapped serials": swapped,
    "side by side": side_by_side,
    "Remote ID off": silent,
    "60 s dropout": dropout,
    "GNSS bias 20 m": biased,
    "police in a raid": raid,
}
