"""Made-up scenes of permitted flights and of those that are not, through the real tracker and identifier.

Each scene has one radar that sees 3 km all round once a second, with noise, clutter and birds, and a receiver
of Remote ID; a ban over everything, and permits with a filed volume, mostly with take-off, pilot and time.
What flies is known, so every verdict can be marked. Nine kinds, by name in `KINDS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from judged_scenes import BAN, ORIGIN, ring, volume
from radar_range import utc_ns
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.permit import Flight, Permit, PermitPriority, PermitState, Scope, Volume4D
from skykeep.domain.place import Point, Vector
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.domain.zone import Zone
from tracking_scenes import Body, Outage, Path

SECONDS = 240.0
STRAIGHT_ON_M = 25.0


class Voice(NamedTuple):
    """What a body sends: under which serial, from where it says, when, and where it says its pilot is."""

    serial: str
    place: Path
    pilot_m: Point | None
    silent: Callable[[float], bool] = lambda _: False
    kind: ClaimKind = ClaimKind.REMOTE_ID
    bias_m: Point = (0.0, 0.0)


class Flyer(NamedTuple):
    """One thing in the air: whose flight it truly is ("" nobody's), and what it says."""

    name: str
    path: Path
    flight: str = ""
    voices: tuple[Voice, ...] = ()
    rcs_dbsm: float = -15.0


class Scene(NamedTuple):
    kind: str
    seed: int
    flyers: tuple[Flyer, ...]
    permits: tuple[Permit, ...]
    zones: tuple[Zone, ...] = (BAN,)
    outage: Outage | None = None
    radio_outage: Outage | None = None

    @property
    def bodies(self) -> list[Body]:
        return [Body(flyer.path, flyer.rcs_dbsm) for flyer in self.flyers]


class Plan(NamedTuple):
    """A permit's circle, its take-off and its pilot, in the scene's metres, and the filed second."""

    name: str
    middle_m: Point
    radius_m: float
    take_off_m: Point
    at_s: float

    @property
    def serial(self) -> str:
        return f"1581F{self.name}"


def make_plan(
    dice: np.random.Generator, name: str, middle_m: Point | None = None, radius_m: float | None = None
) -> Plan:
    radius = float(dice.uniform(300.0, 550.0)) if radius_m is None else radius_m
    if middle_m is None:
        turn, out_m = dice.uniform(0.0, 2.0 * math.pi), dice.uniform(900.0, 1700.0)
        middle_m = (out_m * math.cos(turn), out_m * math.sin(turn))
    turn, off_m = dice.uniform(0.0, 2.0 * math.pi), dice.uniform(0.0, 0.7) * radius
    take_off_m = (middle_m[0] + off_m * math.cos(turn), middle_m[1] + off_m * math.sin(turn))
    return Plan(name, middle_m, radius, take_off_m, float(dice.uniform(20.0, 45.0)))


def lonlat(place_m: Point) -> tuple[float, float]:
    latitude_deg, longitude_deg, _ = ORIGIN.to_geodetic(np.array([*place_m, 0.0]))
    return float(longitude_deg), float(latitude_deg)


def permit(
    plan: Plan,
    filed: bool = True,
    priority: PermitPriority = PermitPriority.COMMERCIAL,
    made_s: float = -86_400.0,
    window_s: tuple[float, float] = (-600.0, 3600.0),
) -> Permit:
    """Return the permit of a plan; `filed` says whether it tells take-off, pilot and time."""
    flight = Flight(purpose="survey")
    if filed:
        flight = Flight(
            purpose="survey",
            take_off=lonlat(plan.take_off_m),
            take_off_utc_ns=utc_ns(plan.at_s),
            pilot_position=lonlat(plan.take_off_m),
            speed_mps=12.0,
        )
    times = Volume4D(
        volume=volume(ring(*plan.middle_m, plan.radius_m), 0.0, 120.0),
        start_utc_ns=utc_ns(window_s[0]),
        end_utc_ns=utc_ns(window_s[1]),
    )
    return Permit(
        permit_id=plan.name,
        state=PermitState.ACTIVE,
        version=1,
        holder="Harbour Survey",
        priority=priority,
        scope=Scope(volumes=(times,), serials=(plan.serial,), unlocks=(BAN.zone_id,), flight=flight),
        owner="Harbour Survey",
        document=f"Special permit {plan.name}",
        made_utc_ns=utc_ns(made_s),
    )


def route(corners_m: list[tuple[float, float, float]], from_s: float, speed_mps: float) -> Path:
    """Return the way along corners at a speed, rounded at the turns; not in the air before and after."""
    corners = np.array(corners_m)
    legs_m = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    at_m = np.concatenate(([0.0], np.cumsum(legs_m)))
    grid = np.arange(0.0, at_m[-1] / speed_mps, 0.1)
    rough = np.column_stack([np.interp(grid * speed_mps, at_m, corners[:, axis]) for axis in range(3)])
    width = round(2.0 * STRAIGHT_ON_M / speed_mps / 0.1) | 1
    padded = np.vstack(
        [np.repeat(rough[:1], width // 2, axis=0), rough, np.repeat(rough[-1:], width // 2, axis=0)]
    )
    smooth = np.column_stack(
        [np.convolve(padded[:, axis], np.ones(width) / width, "valid") for axis in range(3)]
    )

    def at(time_s: float) -> FloatArray | None:
        since_s = time_s - from_s
        if not 0.0 <= since_s <= grid[-1]:
            return None
        return np.array([np.interp(since_s, grid, smooth[:, axis]) for axis in range(3)])

    return at


def within(dice: np.random.Generator, plan: Plan, share: float = 0.85) -> Point:
    turn, off_m = dice.uniform(0.0, 2.0 * math.pi), math.sqrt(dice.random()) * share * plan.radius_m
    return (plan.middle_m[0] + off_m * math.cos(turn), plan.middle_m[1] + off_m * math.sin(turn))


def as_filed(dice: np.random.Generator, plan: Plan, stray_from_s: float | None = None) -> Path:
    """Return a way that does as its plan says: late by some seconds, from there, among places inside; from
    some second on it may leave for somewhere far outside and stay there.
    """
    speed_mps, from_s = float(dice.uniform(7.0, 11.0)), plan.at_s + float(dice.normal(0.0, 15.0))
    from_s = max(from_s, 12.0)
    start = np.array(plan.take_off_m) + dice.normal(0.0, 10.0, 2)
    height_m = float(dice.uniform(50.0, 95.0))
    corners = [(start[0], start[1], 2.0), (start[0] + 5.0, start[1], height_m)]
    length_m, needed_m = height_m, (SECONDS - from_s) * speed_mps + 200.0
    while length_m < needed_m:
        after_s = from_s + length_m / speed_mps
        if stray_from_s is not None and after_s > stray_from_s:
            turn, away_m = dice.uniform(0.0, 2.0 * math.pi), plan.radius_m + dice.uniform(250.0, 500.0)
            middle = plan.middle_m
            place = (middle[0] + away_m * math.cos(turn), middle[1] + away_m * math.sin(turn))
            corners.append((*place, height_m))
            corners += [(place[0] + 90.0 * (-1) ** k, place[1] + 60.0, height_m) for k in range(40)]
            break
        place = within(dice, plan)
        length_m += math.dist(place, corners[-1][:2])
        corners.append((*place, height_m))
    return route(corners, from_s, speed_mps)


def intrusion(
    dice: np.random.Generator, near: Plan | None, through: bool, from_s: float | None = None
) -> Path:
    """Return the way of somebody with no leave, from well outside; `through` the plan's circle or past it."""
    middle = np.array(near.middle_m if near else (0.0, 0.0))
    radius_m = near.radius_m if near else 500.0
    for _ in range(100):
        turn = dice.uniform(0.0, 2.0 * math.pi)
        start = middle + (radius_m + dice.uniform(300.0, 1300.0)) * np.array([math.cos(turn), math.sin(turn)])
        if 150.0 < np.hypot(*start) < 2600.0:
            break
    height_m, speed_mps = float(dice.uniform(40.0, 100.0)), float(dice.uniform(8.0, 16.0))
    corners = [(start[0], start[1], 5.0), (start[0] + 5.0, start[1], height_m)]
    for k in range(12):
        aim = middle if through and k else start + dice.normal(0.0, 150.0, 2)
        off = dice.normal(0.0, 0.4 * radius_m, 2) if through and k else np.zeros(2)
        corners.append((aim[0] + off[0], aim[1] + off[1], height_m))
    return route(corners * 4, float(dice.uniform(15.0, 60.0)) if from_s is None else from_s, speed_mps)


def bird(dice: np.random.Generator) -> Path:
    at = dice.uniform(-1800.0, 1800.0, 2)
    corners = [(at[0], at[1], 60.0)]
    for _ in range(80):
        at = np.clip(at + dice.normal(0.0, 150.0, 2), -2200.0, 2200.0)
        corners.append((at[0], at[1], float(dice.uniform(30.0, 110.0))))
    return route(corners, 0.0, float(dice.uniform(9.0, 14.0)))


def claims_of(scene: Scene) -> list[Claim]:
    """Return all that is heard, in order of arrival: about one message a second from each voice."""
    heard: list[Claim] = []
    for index, flyer in enumerate(scene.flyers):
        for voice in flyer.voices:
            heard += _claims(scene, index, flyer, voice)
    return sorted(heard, key=lambda claim: (claim.received_utc_ns, claim.claimed_id, claim.sequence))


def _claims(scene: Scene, index: int, flyer: Flyer, voice: Voice) -> list[Claim]:
    dice = np.random.default_rng((scene.seed, 77, index, len(voice.kind.value)))
    wander, phase_s, out = np.zeros(3), dice.random(), scene.radio_outage
    heard = []
    for second in range(int(SECONDS)):
        time_s = second + phase_s
        wander = 0.97 * wander + dice.normal(0.0, (0.5, 0.5, 1.0))
        lost, late_s = dice.random() < 0.2, 0.3 + 0.3 * dice.random()
        place, soon, truly = voice.place(time_s), voice.place(time_s + 0.2), flyer.path(time_s)
        if lost or place is None or soon is None or truly is None or voice.silent(time_s):
            continue
        if out is not None and out.from_s <= time_s < out.to_s:
            continue
        velocity = np.round((soon - place) / 0.2 * 4.0) / 4.0
        said = place + wander + np.array([*voice.bias_m, 0.0])
        pilot: Vector | None = None if voice.pilot_m is None else (*voice.pilot_m, 0.0)
        heard.append(
            Claim(
                sensor_id="receiver",
                sequence=second,
                kind=voice.kind,
                claimed_id=voice.serial,
                time_utc_ns=utc_ns(time_s),
                received_utc_ns=utc_ns(time_s + late_s),
                position_enu_m=(float(said[0]), float(said[1]), float(said[2])),
                velocity_enu_mps=(float(velocity[0]), float(velocity[1]), float(velocity[2])),
                sigma_m=(4.1, 5.1),
                operator_position_enu_m=pilot,
            )
        )
    return heard


def truly_covered(scene: Scene, flyer: Flyer, time_s: float) -> bool | None:
    """Return whether the flyer is where its permit lets it be; None where it is too near the edge to say."""
    place = flyer.path(time_s)
    own = next((one for one in scene.permits if one.permit_id == flyer.flight), None)
    if own is None or place is None:
        return False
    if utc_ns(time_s) < own.made_utc_ns + 2 * NS_PER_S:
        return None  # its permit has only just been made, or not yet
    corners = np.array(own.scope.volumes[0].volume.outline.rings[0])  # type: ignore[union-attr]
    local = ORIGIN.to_enu_m(corners[:, 1], corners[:, 0], np.zeros(len(corners)))[:, :2]
    middle = local.mean(axis=0)
    off_m = float(np.hypot(*(place[:2] - middle))) - float(np.hypot(*(local - middle).T).mean())
    if off_m <= 20.0:
        return True
    return False if off_m > 200.0 else None
