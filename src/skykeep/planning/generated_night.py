"""One generated night through the watch, from first echo to figures.

The watch is given what sensors say and nothing else; the truth is laid beside what it made of that. Nothing
is kept on disk.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from skykeep import __version__
from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.commands import Tick
from skykeep.domain.identity import ClaimVerdict, Identification, Standing
from skykeep.domain.orders import StandingOrder
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.response import Alert
from skykeep.domain.sensing import Claim, Scan
from skykeep.domain.threat import Threat
from skykeep.domain.track import TrackStatus
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement, Rejection, RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.identity.claim_tests import ClaimState
from skykeep.response import ResponseEvent
from skykeep.sim import ScriptedPeople, SimulatedNight
from skykeep.sim.generate import GeneratedNight, generate_night
from skykeep.sim.generate_facts import Role, Way
from skykeep.sim.score import nearest_pairs
from skykeep.sim.score_alerts import AlertFigures, Called, Fate, Owners, score_alerts
from skykeep.sim.score_claims import ClaimFigures, Heard, score_claims
from skykeep.sim.score_forecasts import (
    EVERY_S,
    LAST_S,
    NONE,
    ForecastFigures,
    Moment,
    nearest_asset,
    score_forecasts,
    straight_on,
)

STEP_NS = NS_PER_S // 10
# Said of a track that bears out a permit's serial, these say that it is not that permit's flight, or not as
# it was permitted.
DOUBTS = frozenset(
    {"spoofed", "claim_contradicted", "covered_by_another", "serial", "volume", "height", "time", "no_permit"}
)


class NightFigures(NamedTuple):
    """All that is counted of one night."""

    seed: int
    way: str
    hours: float
    alerts: AlertFigures
    claims: ClaimFigures
    forecasts: ForecastFigures
    assets: int
    cost_s: float


class _Nowhere:
    """A log that keeps nothing but its length: figures need no more."""

    def __init__(self) -> None:
        self._entries = 0

    def append(self, *entry: object) -> int:
        del entry
        self._entries += 1
        return self._entries


def run_generated(seed: int) -> NightFigures:
    """Make the night of a seed, run it, and return its figures."""
    return run_night(generate_night(seed))


def run_night(made: GeneratedNight) -> NightFigures:
    """Run a generated night, once, and return its figures."""
    began_s = time.process_time()
    night = SimulatedNight(made.scenario, made.seed, made.world, flights=made.targets)
    header = RunHeader(
        mode="SIMULATION",
        scenario=made.scenario.night.name,
        seed=made.seed,
        simulated=True,
        version=__version__,
        terrain_sha256="",
    )
    pipeline = Pipeline(header, night.site, night.terrain, _Nowhere(), night, start_utc_ns=night.start_utc_ns)
    keeper = _Keeper(made, night, pipeline)
    pipeline.listeners = (keeper,)
    people = ScriptedPeople(made.scenario, made.seed, night.site)
    now_utc_ns = night.start_utc_ns
    while now_utc_ns < night.end_utc_ns:
        now_utc_ns += STEP_NS
        for record in night.advance(now_utc_ns):
            if isinstance(record, Scan | Claim) and _is_out(made, record, night.start_utc_ns):
                continue
            pipeline.receive(record)
            if isinstance(record, Tick):
                desk = pipeline.desk
                for command in people.react(record.time_utc_ns, desk.alerts, desk.tasks, desk.proposals):
                    pipeline.receive(command)
    return keeper.figures(time.process_time() - began_s)


def _is_out(made: GeneratedNight, record: Scan | Claim, start_utc_ns: int) -> bool:
    since_s = (record.received_utc_ns - start_utc_ns) / NS_PER_S
    return any(
        record.sensor_id == outage.sensor_id and outage.from_s <= since_s < outage.to_s
        for outage in made.outages
    )


class _Keeper:
    """Notes, at every tick, what the watch says and what is true."""

    def __init__(self, made: GeneratedNight, night: SimulatedNight, pipeline: Pipeline) -> None:
        self._made, self._night, self._pipeline = made, night, pipeline
        self._start_utc_ns = night.start_utc_ns
        self._names = {target.truth_id: target.name for target in night.truth.targets}
        self._fates = {target.name: self._fate(target.name) for target in made.targets}
        self._assets = {
            asset.asset_id: (np.array(asset.position_enu_m), asset.breach_radius_m)
            for asset in night.site.assets
        }
        self._owners = Owners()
        self._named: list[tuple[float, str, int]] = []
        self._in_alert: set[tuple[str, int]] = set()
        self._heard: list[Heard] = []
        self._moments: list[Moment] = []
        self._next_s = EVERY_S
        self._serials = {serial for permit in night.site.permits for serial in permit.scope.serials}

    def _fate(self, name: str) -> Fate:
        target = next(one for one in self._made.targets if one.name == name)
        if not target.asset_id:
            return Fate(None, None)
        asset = next(one for one in self._night.site.assets if one.asset_id == target.asset_id)
        away_m = np.hypot(*(target.planned[:, :2] - np.array(asset.position_enu_m[:2])).T)

        def first_s(radius_m: float) -> float | None:
            inside = target.planned_aloft & (away_m <= radius_m)
            return float(np.argmax(inside)) * 0.1 if inside.any() else None

        return Fate(first_s(asset.warning_radius_m), first_s(asset.breach_radius_m))

    def _since_s(self, time_utc_ns: int) -> float:
        return (time_utc_ns - self._start_utc_ns) / NS_PER_S

    def on_input(self, record: Input) -> None: ...

    def on_order(self, order: StandingOrder) -> None: ...

    def on_duty(self, event: Posture | Occupancy) -> None: ...

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None: ...

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        if not isinstance(event, Alert):
            return
        for track_id in event.track_ids:
            if (event.alert_id, track_id) not in self._in_alert:
                self._in_alert.add((event.alert_id, track_id))
                self._named.append((self._since_s(time_utc_ns), event.alert_id, track_id))

    def on_judgement(self, judgement: Judgement) -> None:
        picture, now_s = judgement.picture, self._since_s(judgement.picture.time_utc_ns)
        truth_ids, states = self._night.truth.states_at(picture.time_utc_ns)
        real = np.array(
            [self._made.flights[self._names[int(one)]].role is not Role.GHOST for one in truth_ids],
            dtype=bool,
        )
        truth_ids, states = truth_ids[real], states[real]
        live = np.flatnonzero(picture.status != TrackStatus.ENDED)
        is_now: dict[int, str] = {}
        for row, column in nearest_pairs(picture.state[live, :3], states[:, :3]):
            track_id = int(picture.track_id[live[row]])
            is_now[track_id] = self._names[int(truth_ids[column])]
            self._owners.add(now_s, track_id, is_now[track_id])
        self._note_claims(judgement, now_s)
        if now_s >= self._next_s:
            self._next_s += EVERY_S
            self._note_forecasts(judgement, now_s, is_now)

    def _note_claims(self, judgement: Judgement, now_s: float) -> None:
        verdicts = {one.track_id: one for one in judgement.verdicts}
        found = {one.track_id: one for one in judgement.identifications}
        for state in self._pipeline.identifier.claims(judgement.picture.time_utc_ns):
            name = self._sender(state)
            if name is not None:
                why = _doubt(state, verdicts, found, self._serials)
                self._heard.append(Heard(now_s, name, why))

    def _sender(self, state: ClaimState) -> str | None:
        """Return who sends what: of two with one serial, the one that tells of a place nearest to it."""
        claim = state.claim
        those = [target for target in self._made.targets if self._claims(target.name, claim.claimed_id)]
        sample = round(self._since_s(claim.time_utc_ns) * 10.0)
        best, best_m = None, 400.0 if len(those) > 1 else np.inf
        for target in those:
            assert target.identity is not None
            told = target.identity.claimed_place_m
            path = target.planned[:, :3] if told is None else told
            place_m = path[min(max(sample, 0), len(path) - 1)]
            away_m = float(np.hypot(*(place_m[:2] - np.array(claim.position_enu_m[:2]))))
            if away_m < best_m:
                best, best_m = target.name, away_m
        return best

    def _claims(self, name: str, claimed_id: str) -> bool:
        return self._made.flights[name].claimed_id == claimed_id

    def _note_forecasts(self, judgement: Judgement, now_s: float, is_now: dict[int, str]) -> None:
        rows = {int(track_id): row for row, track_id in enumerate(judgement.picture.track_id.tolist())}
        for threat in judgement.threats:
            name = is_now.get(threat.track_id)
            flight = None if name is None else self._made.flights[name]
            if flight is None or flight.role is not Role.INTRUDER:
                continue
            breach_s = self._fates[flight.name].breach_s
            if breach_s is None or breach_s - now_s < LAST_S:
                continue
            state = judgement.picture.state[rows[threat.track_id]]
            breach = threat.breach
            self._moments.append(
                Moment(
                    name=flight.name,
                    asset_id=flight.asset_id,
                    true_s=breach_s - now_s,
                    shown_asset_id=threat.asset_id,
                    interval_s=None if breach is None else (breach.low_s, breach.high_s),
                    said=_said(threat),
                    nearest=nearest_asset(state, self._assets),
                    constant_velocity=straight_on(state, self._assets),
                )
            )

    def figures(self, cost_s: float) -> NightFigures:
        """Return what the night came to."""
        called = [
            Called(time_s, alert_id, self._owners.at(time_s, track_id))
            for time_s, alert_id, track_id in self._named
        ]
        flights = self._made.flights
        breaches = {name: fate.breach_s for name, fate in self._fates.items()}
        return NightFigures(
            seed=self._made.seed,
            way="quiet" if self._made.way is None else Way(self._made.way).value,
            hours=self._made.scenario.night.duration_s / 3600.0,
            alerts=score_alerts(flights, self._fates, called),
            claims=score_claims(flights, breaches, self._heard),
            forecasts=score_forecasts(self._moments),
            assets=len(self._assets),
            cost_s=cost_s,
        )


def _said(threat: Threat) -> dict[str, float]:
    """Return the probabilities said of every asset and of none."""
    if threat.destinations:
        return dict(threat.destinations)
    return {threat.asset_id: threat.aims_probability, NONE: 1.0 - threat.aims_probability}


def _doubt(
    state: ClaimState,
    verdicts: dict[int, AirspaceVerdict],
    found: dict[int, Identification],
    serials: set[str],
) -> str:
    """Return why a broadcast is doubted now, "" where it is not."""
    test = state.test
    if test.verdict is ClaimVerdict.CONTRADICTED:
        return "contradicted"
    for check in test.checks:
        if check.verdict is ClaimVerdict.CONTRADICTED:
            return check.kind.value
    for one in found.values():
        for other in one.claims:
            if other.claimed_id == test.claimed_id and other.verdict is ClaimVerdict.CONTRADICTED:
                return "sender contradicted"
    if test.track_id is None:
        return ""
    bearer = found.get(test.track_id)
    if bearer is not None and bearer.claims and state.also_elsewhere_m is not None:
        return "on the air twice"
    verdict = verdicts.get(test.track_id)
    known = test.verdict is ClaimVerdict.CONSISTENT and test.claimed_id in serials
    if known and verdict is not None and verdict.permission is Permission.FORBIDDEN:
        return f"verdict {verdict.failing_condition}" if verdict.failing_condition in DOUBTS else ""
    if bearer is not None and bearer.machine_standing is Standing.HOSTILE:
        return "hostile"
    return ""
