"""Who has leave to fly in a generated night: surveys, police patrols, deliveries; one of them stays down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.domain.permit import PermitPriority
from skykeep.sim.dice import stream
from skykeep.sim.generate_facts import Leave
from skykeep.sim.paths import direction
from skykeep.sim.plan_terms import Outline, Spot
from skykeep.sim.scenario import PermitPlan

START, END = "2031-05-03T00:00:00Z", "2031-05-03T08:00:00Z"
BAN = "order-12"


class Filed(NamedTuple):
    """One permit, and how its flight is flown: along `lines`, or from corner to corner."""

    name: str
    serial: str
    operator_id: str
    leave: Leave
    lines: bool
    speed_mps: float
    height_agl_m: float
    plan: PermitPlan


def generate_permits(seed: int) -> tuple[tuple[Filed, ...], Filed]:
    """Return one to three permits whose flights are in the air tonight, and one whose flight is not."""
    dice = stream(seed, "generated", "permits")
    kinds = ["survey", "police", "delivery"]
    dice.shuffle(kinds)
    flying = tuple(_filed(dice, kind, which) for which, kind in enumerate(kinds[: int(dice.integers(1, 4))]))
    return flying, _filed(dice, "survey", 8)


def _filed(dice: np.random.Generator, kind: str, which: int) -> Filed:
    bearing_deg = float(dice.uniform(0.0, 180.0))
    away_m, towards_deg = float(dice.uniform(700.0, 2_700.0)), float(dice.uniform(0.0, 360.0))
    radius_m = length_m = width_m = 0.0
    if kind == "police":
        radius_m = float(dice.uniform(400.0, 900.0))
    elif kind == "survey":
        length_m, width_m = float(dice.uniform(500.0, 900.0)), float(dice.uniform(400.0, 600.0))
    else:
        length_m, width_m = float(dice.uniform(900.0, 1_800.0)), float(dice.uniform(280.0, 360.0))
    ceiling_m = 150.0 if kind == "police" else 120.0
    at = Spot(place="origin", bearing_deg=towards_deg, distance_m=away_m)
    name = f"{kind}-{which + 1}"
    serial = f"{kind[:3].upper().replace('I', '1').replace('O', '0')}{which}A{_letters(dice, 10)}"
    holder = {"survey": "Harbour Survey", "police": "City Police", "delivery": "Parcel Service"}[kind]
    plan = PermitPlan(
        permit_id=f"P-{which + 1}",
        holder=holder,
        priority=PermitPriority.POLICE if kind == "police" else PermitPriority.COMMERCIAL,
        serials=(serial,),
        outline=Outline(
            at=at, radius_m=radius_m, length_m=length_m, width_m=width_m, bearing_deg=bearing_deg
        ),
        floor_agl_m=0.0,
        ceiling_agl_m=ceiling_m,
        start=START,
        end=END,
        unlocks=(BAN,),
        document=f"Special permit {which + 1}",
    )
    middle_m = away_m * direction(float(np.radians(towards_deg)))
    leave = Leave(middle_m, radius_m, length_m, width_m, float(np.radians(bearing_deg)), ceiling_m)
    return Filed(
        name=name,
        serial=serial,
        operator_id=f"VSM{_letters(dice, 9)}",
        leave=leave,
        lines=kind == "survey",
        speed_mps=float(dice.uniform(6.0, 11.0)),
        height_agl_m=float(dice.uniform(50.0, ceiling_m - 40.0)),
        plan=plan,
    )


def _letters(dice: np.random.Generator, count: int) -> str:
    known = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "".join(known[int(i)] for i in dice.integers(0, len(known), count))
