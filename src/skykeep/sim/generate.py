"""Random nights from a seed: the ground, the sensors, the weather, everybody who flies, and the truth of it.

Of five seeds on end one is quiet (no intruder) and lasts longer; the others go round the ways in which an
intruder can come. The same seed gives the same night, byte for byte. Effects are left out: what a night is
scored by is what would have come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skykeep.domain.zone import HeightReference, Restriction
from skykeep.sim.dice import stream
from skykeep.sim.drawing import draw_targets
from skykeep.sim.generate_facts import Flight, Lie, Role, Way
from skykeep.sim.generate_flights import Air, intruders, permitted, stranger
from skykeep.sim.generate_ground import Ground, generate_ground
from skykeep.sim.generate_lies import ghost, lie
from skykeep.sim.generate_permits import BAN, Filed, generate_permits
from skykeep.sim.generate_sensors import (
    Outage,
    generate_aircraft,
    generate_birds,
    generate_outages,
    generate_sensors,
    generate_wind,
)
from skykeep.sim.paths import STEP_S, sample_count
from skykeep.sim.places import Places
from skykeep.sim.plan_terms import Outline, Spot
from skykeep.sim.scenario import Night, PersonPlan, Scenario, ZonePlan
from skykeep.sim.targets import Target, TargetKind
from skykeep.sim.world.model import World

QUIET_EVERY = 5
QUIET_S, LONGEST_S, AFTER_S = 600.0, 300.0, 5.0
# A decoy night has its quiet one too; lies go with the nights whose way is `LYING`.
WAYS = tuple(way for way in Way if way is not Way.QUIET)
LIES = tuple(Lie)
STRAY_SHARE, STRANGER_SHARE, GHOST_SHARE = 0.15, 0.25, 0.1
# So many of those that come alone, other than by the way of lying, lie as well.
LIAR_SHARE = 0.2


@dataclass(frozen=True)
class GeneratedNight:
    """A night to be run once: its targets are changed by running it. `flights` are the truth, by name."""

    seed: int
    way: Way | None
    scenario: Scenario
    world: World
    targets: tuple[Target, ...]
    flights: dict[str, Flight]
    outages: tuple[Outage, ...]


def is_quiet(seed: int) -> bool:
    """Return whether nobody means harm in the night of this seed."""
    return seed % QUIET_EVERY == 0


def generate_night(seed: int, quiet_s: float = QUIET_S) -> GeneratedNight:
    """Return the night of a seed; a quiet one lasts `quiet_s`."""
    ground = generate_ground(seed)
    flying, idle = generate_permits(seed)
    quiet = is_quiet(seed)
    loud = seed - seed // QUIET_EVERY - 1
    way = None if quiet else WAYS[loud % len(WAYS)]
    duration_s = quiet_s if quiet else LONGEST_S
    scenario = _scenario(seed, ground, (*flying, idle), duration_s)
    places = Places(scenario, ground.world)
    air = Air(seed, ground, places, sample_count(duration_s), scenario.wind.gust_mps)
    coming = [] if way is None else intruders(air, way)
    if coming:
        duration_s = _ends_s([target for target, _ in coming])
        scenario = _scenario(seed, ground, (*flying, idle), duration_s)
        air = air._replace(samples=sample_count(duration_s))
        coming = [(_cut(target, air.samples), flight) for target, flight in coming]
    drawn = _drones(air, flying, idle, coming, LIES[(loud // len(WAYS)) % len(LIES)])
    others = draw_targets(scenario, seed, places, air.samples)
    flights = {flight.name: flight for _, flight in drawn}
    for target in others:
        role = Role.AIRCRAFT if target.kind is TargetKind.AIRCRAFT else Role.BIRD
        claimed_id = target.identity.claimed_id if target.identity else ""
        flights[target.name] = Flight(target.name, role, claimed_id=claimed_id)
    sensors = {
        name: getattr(scenario, name)
        for name in ("radars", "direction_finders", "remote_id_receivers", "adsb_receivers")
    }
    outages = generate_outages(seed, sensors, duration_s)
    targets = (*(target for target, _ in drawn), *others)
    return GeneratedNight(seed, way, scenario, ground.world, targets, flights, outages)


def _scenario(seed: int, ground: Ground, filed: tuple[Filed, ...], duration_s: float) -> Scenario:
    hour = int(stream(seed, "generated", "hour").integers(0, 6))
    return Scenario(
        night=Night(
            name=f"generated-{seed}",
            title=f"Generated night {seed}",
            start=f"2031-05-03T{hour:02d}:10:00Z",
            duration_s=duration_s,
            quiet_after_s=AFTER_S,
        ),
        wind=generate_wind(seed),
        assets=ground.assets,
        zones=_zones(),
        permits=tuple(one.plan for one in filed),
        playbooks=(),
        people=(PersonPlan(person_id="duty-officer", name="Duty officer", role="duty officer"),),
        **generate_sensors(seed),
        intruders=(),
        aircraft=generate_aircraft(seed, duration_s),
        birds=generate_birds(seed),
    )


def _zones() -> tuple[ZonePlan, ...]:
    return (
        ZonePlan(
            zone_id=BAN,
            name="City-wide ban on drone flights",
            restriction=Restriction.REQ_AUTHORISATION,
            outline=Outline(at=Spot(place="origin"), radius_m=7_500.0),
            floor_m=0.0,
            ceiling_m=500.0,
            reference=HeightReference.AGL,
            strictness=10,
            document="Order 12",
        ),
    )


def _drones(
    air: Air, flying: tuple[Filed, ...], idle: Filed, coming: list[tuple[Target, Flight]], what: Lie
) -> list[tuple[Target, Flight]]:
    """Return the intruders, one of them lying where that is the night's way, and who else flies a drone."""
    dice = stream(air.seed, "generated", "drones")
    lies = any(flight.way is Way.LYING for _, flight in coming)
    if len(coming) == 1 and not lies and dice.random() < LIAR_SHARE:
        what, lies = LIES[int(dice.integers(len(LIES)))], True
    if (lies and what is Lie.GHOST) or (not lies and dice.random() < GHOST_SHARE):
        coming = [*coming, ghost(air, idle)]
    elif lies:
        target, flight = coming[0]
        coming = [(target, lie(air, target, flight, what, flying[0], idle)), *coming[1:]]
    for which, filed in enumerate(flying):
        strays = which == 0 and dice.random() < STRAY_SHARE
        stray_s = float(dice.uniform(0.3, 0.6)) * air.samples * STEP_S if strays else None
        coming = [*coming, permitted(air, filed, stray_s)]
    if dice.random() < STRANGER_SHARE:
        coming = [*coming, stranger(air, 0)]
    return coming


def _ends_s(targets: list[Target]) -> float:
    """Return when the last intruder has arrived and some seconds more; watchers are given a minute."""
    last = max(int(np.flatnonzero(target.planned_aloft)[-1]) for target in targets)
    return float(np.ceil(min(last * STEP_S + AFTER_S, LONGEST_S)))


def _cut(target: Target, count: int) -> Target:
    """Return the target with a path of `count` samples."""
    target.planned, target.states = target.planned[:count], target.states[:count]
    target.planned_aloft, target.aloft = target.planned_aloft[:count], target.aloft[:count]
    target.modulation_db = target.modulation_db[:count]
    return target
