"""What came of a scene: every verdict on every flyer, marked by what was true."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from followed_scenes import names
from judged_scenes import ORIGIN
from permit_scenes import SECONDS, Scene, claims_of, truly_covered
from radar_range import utc_ns
from skykeep.airspace import Airspace
from skykeep.base.compile import IntArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.sensing import Claim, Scan
from skykeep.domain.site import Site
from skykeep.identity import Identifier
from skykeep.tracking import Tracker
from tracking_scenes import observe, radar

SETTLED_S = 15.0
TICK_S = 1.0


class Mark(NamedTuple):
    """One flyer at one second: what was true, what was said, and how likely each permit's flight was held to
    be; `settled` from 15 s after it was first tracked.
    """

    time_s: float
    flyer: str
    flight: str
    covered: bool | None
    settled: bool
    verdict: AirspaceVerdict
    probabilities: tuple[tuple[str, float], ...]


def play(scene: Scene) -> list[Mark]:
    """Run a scene through tracker, identifier and airspace, and mark each second."""
    sensor = radar(clutter_per_scan=6.0)
    outages = {sensor.sensor_id: scene.outage} if scene.outage else None
    scans = observe(scene.bodies, [sensor], SECONDS, scene.seed, outages)
    inputs: list[Scan | Claim] = [*scans, *claims_of(scene)]
    inputs.sort(key=lambda one: (one.received_utc_ns, one.sensor_id))
    site = Site(
        site_id="scene",
        name="Scene",
        origin=ORIGIN,
        assets=(),
        sensors=(sensor,),
        zones=(),
        permits=(),
        playbooks=(),
        people=(),
    )
    tracker, identifier = Tracker((sensor,)), Identifier(site)
    air = Airspace(ORIGIN, scene.zones, tuple(p for p in scene.permits if p.made_utc_ns <= utc_ns(0.0)))
    late = [p for p in scene.permits if p.made_utc_ns > utc_ns(0.0)]
    times_s = np.arange(1.0, SECONDS, TICK_S)
    pictures, verdicts, given = [], [], 0
    for time_s in times_s.tolist():
        while given < len(inputs) and inputs[given].received_utc_ns <= utc_ns(time_s):
            one = inputs[given]
            given += 1
            if isinstance(one, Claim):
                identifier.receive_claim(one)
            else:
                tracker.receive(one)
                identifier.receive_scan(one)
        for permit in [p for p in late if p.made_utc_ns <= utc_ns(time_s)]:
            late.remove(permit)
            air.change(permits_put=(permit,))
        picture = tracker.picture(utc_ns(time_s))
        height_m = picture.state[:, 2]
        found = identifier.judge(picture, height_m)
        verdicts.append({v.track_id: v for v in air.judge(picture, found, height_m, height_m)})
        pictures.append(picture)
    called = names(scene.bodies, pictures, times_s, 50.0)
    return _marks(scene, times_s.tolist(), called, verdicts)


def _marks(
    scene: Scene, times_s: list[float], called: IntArray, verdicts: list[dict[int, AirspaceVerdict]]
) -> list[Mark]:
    permit_ids = [permit.permit_id for permit in scene.permits]
    marks = []
    for column, flyer in enumerate(scene.flyers):
        first_s = None
        for k, time_s in enumerate(times_s):
            verdict = verdicts[k].get(int(called[k, column]))
            if verdict is None:
                continue
            first_s = time_s if first_s is None else first_s
            held = dict(verdict.candidates)
            marks.append(
                Mark(
                    time_s,
                    flyer.name,
                    flyer.flight,
                    truly_covered(scene, flyer, time_s),
                    time_s >= first_s + SETTLED_S,
                    verdict,
                    tuple((name, held.get(name, 0.0)) for name in permit_ids),
                )
            )
    return marks


def outcome(mark: Mark) -> str:
    """Return what was said of a flyer in a word."""
    if mark.verdict.permission is Permission.ALLOWED:
        return "allowed"
    return mark.verdict.failing_condition
