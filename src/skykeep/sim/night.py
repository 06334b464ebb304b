"""A simulated night: sensors look at a sky, what they saw arrives in order, and orders change what comes."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from skykeep.base.clock import from_iso_utc, seconds_to_ns
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import SetOccupancy, SetPosture, Tick
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.response import EffectOrder, EffectOutcome
from skykeep.domain.sensing import Claim, Report, Scan, SensorStatus
from skykeep.domain.site import Site
from skykeep.geo.terrain import Terrain
from skykeep.sim.broadcast import Receiver, Sender
from skykeep.sim.drawing import draw_targets
from skykeep.sim.effects import Effects
from skykeep.sim.events import Events, Happening
from skykeep.sim.passive import Camera, DirectionFinder
from skykeep.sim.paths import STEP_S, sample_count
from skykeep.sim.places import Places
from skykeep.sim.plan_sensors import AdsbReceiverPlan, RemoteIdReceiverPlan
from skykeep.sim.radar import Radar
from skykeep.sim.rain import Rain
from skykeep.sim.residents import Resident
from skykeep.sim.scenario import Scenario
from skykeep.sim.site import lay_out_site
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target, TargetKind
from skykeep.sim.timing import Span
from skykeep.sim.truth import Truth
from skykeep.sim.world.model import World

Arrival = Scan | Claim | Happening | EffectOutcome | Tick
Looking = Radar | DirectionFinder | Camera

# The order among what arrives at one instant: what sensors and people say, outcomes, and then the tick.
_RANK: dict[type, int] = {
    Scan: 0,
    Claim: 1,
    Report: 2,
    SensorStatus: 3,
    RegistryAnswer: 4,
    AirspaceChange: 5,
    SetPosture: 6,
    SetOccupancy: 7,
    EffectOutcome: 8,
    Tick: 9,
}


class SimulatedNight:
    """One night from its seed. Give it time with `advance`, in steps of a second or less, and orders between.

    `truth_ids` are labels for scoring, one per target in the order of the file; they touch nothing else.
    `flights` fly instead of what the scenario says of flights, their paths as long as the night: this night
    has the use of them, and effects change them.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        world: World,
        truth_ids: Sequence[int] | None = None,
        flights: Sequence[Target] | None = None,
    ) -> None:
        night = scenario.night
        self.start_utc_ns = from_iso_utc(night.start)
        self._last_utc_ns = self.start_utc_ns + seconds_to_ns(night.duration_s)
        self._quiet_ns = seconds_to_ns(night.quiet_after_s)
        self._tick_ns = seconds_to_ns(night.tick_s)
        self._ticks = 0
        self._now_utc_ns = self.start_utc_ns
        self._arrivals: list[tuple[int, int, str, int, Arrival]] = []
        self._orders = 0

        places = Places(scenario, world)
        self.terrain: Terrain = world.terrain
        count = sample_count(night.duration_s)
        flying = draw_targets(scenario, seed, places, count) if flights is None else flights
        self._sky = Sky(flying, world.terrain)
        self._effects = Effects(scenario, self._sky, places, seed=seed, start_utc_ns=self.start_utc_ns)
        self._events = Events(scenario.events, places, self.start_utc_ns)
        for which, (time_utc_ns, happening) in enumerate(self._events.happenings):
            self._arrive(time_utc_ns, "", which, happening)
        self._build_sensors(scenario, seed, world, places, count)
        sensors = tuple(item.sensor for item in (*self._looking, *self._receivers, *self._residents))
        self.site: Site = lay_out_site(scenario, world, places, sensors)
        self.truth = Truth(
            self._sky,
            start_utc_ns=self.start_utc_ns,
            truth_ids=list(range(1, len(self._sky.targets) + 1) if truth_ids is None else truth_ids),
            assets={
                plan.asset_id: (places.asset_enu_m(plan.asset_id), plan.breach_radius_m)
                for plan in scenario.assets
            },
            fates=self._effects.fates,
            pieces_enu_m=self._effects.pieces_enu_m,
        )
        self._end_utc_ns = self._over_utc_ns()

    def _build_sensors(self, scenario: Scenario, seed: int, world: World, places: Places, count: int) -> None:
        span = Span(seed=seed, start_utc_ns=self.start_utc_ns, duration_s=scenario.night.duration_s)
        sky = self._sky
        rain = Rain(scenario.rain, places) if scenario.rain is not None else None
        self._looking: list[Looking] = [
            *(Radar(plan, places.stand_enu_m(plan.stand), sky, span, rain) for plan in scenario.radars),
            *(
                DirectionFinder(plan, places.stand_enu_m(plan.stand), sky, span)
                for plan in scenario.direction_finders
            ),
            *(Camera(plan, places.stand_enu_m(plan.stand), sky, span) for plan in scenario.cameras),
        ]
        senders = [
            Sender(target, which, world.origin, seed, count)
            for which, target in enumerate(sky.targets)
            if target.identity is not None
        ]
        plans: list[RemoteIdReceiverPlan | AdsbReceiverPlan] = []
        plans += [*scenario.remote_id_receivers, *scenario.adsb_receivers]
        self._receivers = [
            Receiver(plan, places.stand_enu_m(plan.stand), sky, senders, span) for plan in plans
        ]
        self._residents = [
            Resident(plan, places, seed, which) for which, plan in enumerate(scenario.residents)
        ]

    @property
    def end_utc_ns(self) -> int:
        """When the night is over, as far as is known: it comes nearer when things are decided early."""
        return self._end_utc_ns

    def _over_utc_ns(self) -> int:
        """An intruder is decided when an effect has stopped it or it has arrived; then comes the quiet."""
        if not any(target.kind is TargetKind.INTRUDER for target in self._sky.targets):
            return self._last_utc_ns
        decided_utc_ns = self.start_utc_ns
        for target in self._sky.targets:
            if target.name in self._effects.fates:
                decided_utc_ns = max(decided_utc_ns, self._effects.fates[target.name][1])
            elif target.kind is TargetKind.INTRUDER:
                last = int(np.flatnonzero(target.aloft)[-1]) if target.aloft.any() else 0
                decided_utc_ns = max(decided_utc_ns, self.start_utc_ns + seconds_to_ns(last * STEP_S))
        return min(self._last_utc_ns, decided_utc_ns + self._quiet_ns)

    def advance(self, until_utc_ns: int) -> list[Arrival]:
        """Let time come to `until_utc_ns`; return all that has arrived since, in order of arrival."""
        if until_utc_ns < self._now_utc_ns:
            raise ValueError(f"night set back from {self._now_utc_ns} to {until_utc_ns}")
        until_utc_ns = min(until_utc_ns, self._last_utc_ns)
        self._now_utc_ns = until_utc_ns
        for sensor in self._looking:
            while sensor.looks.next_utc_ns <= until_utc_ns and sensor.looks.index < sensor.looks.count:
                self._hear(sensor.look())
        for receiver in self._receivers:
            while (next_utc_ns := receiver.next_utc_ns) is not None and next_utc_ns <= until_utc_ns:
                self._hear(receiver.listen())
        while (tick_utc_ns := self.start_utc_ns + self._ticks * self._tick_ns) <= until_utc_ns:
            self._arrive(tick_utc_ns, "", self._ticks, Tick(time_utc_ns=tick_utc_ns))
            self._ticks += 1
        arrived = []
        while self._arrivals and self._arrivals[0][0] <= until_utc_ns:
            arrived.append(heapq.heappop(self._arrivals)[-1])
        return arrived

    def follow(self, time_utc_ns: int) -> None:
        """Let time come without any sensor looking, for whoever needs the truth alone; never backwards."""
        self._now_utc_ns = max(self._now_utc_ns, time_utc_ns)

    def carry_out(self, order: EffectOrder) -> None:
        """Begin a simulated effect; what comes of it arrives when it can be seen, and residents may call."""
        outcomes, bangs = self._effects.carry_out(order, self._now_utc_ns)
        for outcome in outcomes:
            self._orders += 1
            self._arrive(outcome.time_utc_ns, order.order_id, self._orders, outcome)
        if bangs:
            for resident in self._residents:
                report = resident.hear(bangs)
                if report is not None:
                    self._arrive(report.received_utc_ns, report.sensor_id, report.sequence, report)
        self._end_utc_ns = self._over_utc_ns()

    def _hear(self, record: Scan | Claim | None) -> None:
        """Let what a sensor sends arrive, as far as nothing happens to it on the way."""
        record = None if record is None else self._events.heard(record)
        if record is not None:
            self._arrive(record.received_utc_ns, record.sensor_id, record.sequence, record)

    def _arrive(self, received_utc_ns: int, sensor_id: str, sequence: int, arrival: Arrival) -> None:
        entry = (received_utc_ns, _RANK[type(arrival)], sensor_id, sequence, arrival)
        heapq.heappush(self._arrivals, entry)
