"""The pipeline: in what order things happen to an input. Live, replay and simulation differ only in who
calls `receive`.

An input is written to the log before anyone acts on it; what comes of it is written as outputs. The same
inputs give the same outputs, byte for byte: nothing here reads a clock, rolls dice or depends on what ran
before the site was set.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, Protocol

from skykeep.airspace import Airspace
from skykeep.assessment import Assessor, settle
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import (
    ChangeRules,
    CorrelateTrack,
    DecorrelateTrack,
    GradeReport,
    LiftOrder,
    LiftQuarantine,
    RenameTrack,
    SetOccupancy,
    SetPosture,
    SetStanding,
    Tick,
    TrackCommand,
)
from skykeep.domain.days import WatchContinued, WatchTakenOver
from skykeep.domain.encoding import encode_json
from skykeep.domain.orders import StandingOrder
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.record import EntryRole
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.response import AlarmRate, Alert, EffectOrder, EffectOutcome, Proposal, Task
from skykeep.domain.rule_bounds import check_rules
from skykeep.domain.sensing import Claim, Report, Scan, SensorStatus
from skykeep.domain.site import Site
from skykeep.engine.inputs import INPUT_KINDS, ON_RECORD, Input, time_of
from skykeep.engine.lately import Lately
from skykeep.engine.outputs import Judgement, Rejection, RunHeader, picture_record
from skykeep.engine.ports import EffectSink, Recorder
from skykeep.engine.telling import Telling
from skykeep.geo.terrain import Terrain, heights_m
from skykeep.identity import Identifier
from skykeep.response import Duty, ResponseDesk, ResponseEvent
from skykeep.tracking import OrderBook, Tracker

OUTPUT_KINDS: dict[type, str] = {
    Alert: "alert",
    AlarmRate: "alarm_rate",
    Task: "task",
    Proposal: "proposal",
    EffectOrder: "effect_order",
}


class Listener(Protocol):
    """Somebody who watches: a console, a test, a score keeper. It can change nothing."""

    def on_input(self, record: Input) -> None: ...

    def on_judgement(self, judgement: Judgement) -> None: ...

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None: ...

    def on_duty(self, event: Posture | Occupancy) -> None: ...

    def on_order(self, order: StandingOrder) -> None: ...

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None: ...


class Pipeline:
    """One site's watch, from the first echo to the order. Not thread-safe: one caller at a time."""

    def __init__(
        self,
        header: RunHeader,
        site: Site,
        terrain: Terrain | None,
        recorder: Recorder,
        effect_sink: EffectSink | None = None,
        listeners: tuple[Listener, ...] = (),
        start_utc_ns: int = 0,
    ) -> None:
        if effect_sink is not None and header.simulated is not True:
            raise SetupError(
                f"{header.mode}: given an effect sink, must have none: only a simulation has one"
            )
        self.header, self.site, self.start_utc_ns = header, site, start_utc_ns
        self.counts: Counter[str] = Counter()
        self.judgement: Judgement | None = None
        self.identifier = Identifier(site, terrain)
        self.desk = ResponseDesk(site, site.rules.response, simulated=header.simulated, terrain=terrain)
        self.duty = Duty(site, site.rules.response)
        self.orders = OrderBook(site.people)
        self._terrain = terrain
        self._effect_sink = effect_sink
        self.listeners = listeners
        self.tracker = Tracker(site.sensors)
        self.airspace = Airspace(site.origin, site.zones, site.permits)
        self._assessor = Assessor(site.assets, site.rules.threat, site.rules.called, terrain, site.sensors)
        self.rules = site.rules
        self.lately = Lately()
        self._tell = Telling(recorder, self.counts)
        self.begun_utc_ns: int | None = None
        self._reported: set[tuple[str, int]] = set()
        self._now_utc_ns = start_utc_ns
        self._record(EntryRole.INPUT, "run", header)
        self._record(EntryRole.INPUT, "site", site)

    def receive(self, record: Input) -> Rejection | None:
        """Write one input to the log, then act on it; return why it was refused, or None.

        IntegrityError comes through: a log that cannot be written stops the watch from pretending.
        """
        kind = INPUT_KINDS[type(record)]
        # The log's time never runs backwards, also where a sensor's clock does.
        self._now_utc_ns = max(self._now_utc_ns, time_of(record))
        self._record(EntryRole.INPUT, kind, record)
        self.lately.note(record)
        if not self.is_taking_over:
            self.counts[kind] += 1
        for listener in self._audience:
            listener.on_input(record)
        try:
            self._act(record)
        except InputError as error:
            self.lately.refused()
            return None if self.is_taking_over else self._reject(kind, error)
        return None

    @property
    def is_taking_over(self) -> bool:
        """Whether what came before another log's end is told again, which nobody else is to hear."""
        return self._tell.is_quiet

    @property
    def _audience(self) -> tuple[Listener, ...]:
        """Who is told: nobody, of what came before and is told again."""
        return () if self.is_taking_over else self.listeners

    def _act(self, record: Input) -> None:
        match record:
            case Scan():
                self.counts["detections"] += 0 if self.is_taking_over else len(record)
                self.tracker.receive(record)
                self.identifier.receive_scan(record)
            case Claim():
                self.identifier.receive_claim(record)
            case SensorStatus():
                self.tracker.inform(record)
            case Report():
                self._reported.add((record.sensor_id, record.sequence))
            case _ if isinstance(record, ON_RECORD):
                pass
            case WatchContinued():
                self._go_on(record)
            case WatchTakenOver():
                self._take_over()
            case AirspaceChange():
                self._change_airspace(record)
            case Tick():
                self._judge()
            case EffectOutcome():
                self._respond(self.desk.outcome(record))
            case CorrelateTrack() | DecorrelateTrack() | RenameTrack() | SetStanding() | LiftOrder():
                self._obey(record)
            case GradeReport():
                self._check_grade(record)
            case LiftQuarantine():
                self._check_person(record.by)
            case SetPosture() | SetOccupancy():
                self.duty.command(record, self._now_utc_ns)
                self._see_to_duty()
            case RegistryAnswer():
                self.identifier.receive_registry(record)
            case ChangeRules():
                self._change_rules(record)
            case _:
                self._respond(self.desk.command(record))

    def _go_on(self, before: WatchContinued) -> None:
        """Count on where another log ended, and say nothing of what is told again."""
        if self.judgement is not None or self.is_taking_over:
            raise InputError("watch_continued", "in the midst of a log", "the first that comes in")
        self._tell.is_quiet, self.begun_utc_ns = True, before.begun_utc_ns
        self.tracker.count_from(before.numbers.tracks + 1, dict(before.track_numbers))
        self.orders.count_on(before.numbers.orders)
        self.desk.count_on(before.numbers)
        self._reported.update(before.reports)

    def _take_over(self) -> None:
        """Say from here on what there is to say, beginning with how things stand."""
        if not self.is_taking_over:
            raise InputError("watch_taken_over", "in the midst of a log", "after what is told again")
        self._tell.is_quiet = False
        for event in self.duty.standing:
            self._tell_duty(event)
        for order in self.orders.in_force.standing:
            self._tell_order(order)

    def _tell_order(self, order: StandingOrder) -> None:
        self._record(EntryRole.OUTPUT, "standing_order", order)
        for listener in self._audience:
            listener.on_order(order)

    def _tell_duty(self, event: Posture | Occupancy) -> None:
        self._record(EntryRole.OUTPUT, "posture" if isinstance(event, Posture) else "occupancy", event)
        for listener in self._audience:
            listener.on_duty(event)

    def _obey(self, command: TrackCommand) -> None:
        """Take a person's order about tracks: it holds from the next picture on."""
        for order in self.orders.command(command):
            self._tell_order(order)

    def _change_airspace(self, change: AirspaceChange) -> None:
        """Put new rules in force and judge every track by them at once: nobody waits for the next tick."""
        gone = frozenset(change.zones_gone), frozenset(change.permits_gone)
        try:
            self.airspace.change(change.zones_put, gone[0], change.permits_put, gone[1])
        except SetupError as error:
            raise InputError("rules", str(error), "such that every one of them can be judged by") from error
        self._judge(rules_changed=True)

    def _change_rules(self, command: ChangeRules) -> None:
        """Judge and respond by other rules from now on, and look at every track by them at once."""
        if command.by not in {person.person_id for person in self.site.people if person.may_approve}:
            raise InputError("by", command.by, "somebody who may approve")
        if not command.reason.strip():
            raise InputError("reason", repr(command.reason), "a reason")
        check_rules(command.rules, after=self.rules)
        self.rules = command.rules
        self._assessor.change_rules(command.rules.threat, command.rules.called)
        self.duty.take_rules(command.rules.response)
        self.desk.take_rules(command.rules.response)
        self._judge(rules_changed=True)

    def _check_grade(self, command: GradeReport) -> None:
        """Refuse a grade of a report that never came, or by somebody who is not ours."""
        self._check_person(command.by)
        if (command.sensor_id, command.sequence) not in self._reported:
            raise InputError("sequence", f"{command.sensor_id} {command.sequence}", "a report that came")

    def _check_person(self, person_id: str) -> None:
        if person_id not in {person.person_id for person in self.site.people}:
            raise InputError("by", person_id, "somebody on duty")

    def _see_to_duty(self) -> None:
        """Let everybody go by what the calendar and people's word make of posture and presence."""
        changed = self.duty.look(self._now_utc_ns)
        if changed:
            self._assessor.situation(self.duty.assets, self.duty.consequence_factor)
            self.desk.take_situation(self.duty.situation)
        for event in changed:
            self._tell_duty(event)

    def _judge(self, *, rules_changed: bool = False) -> None:
        self._see_to_duty()
        tracked = self.tracker.picture(self._now_utc_ns)
        self.lately.picture(tracked)
        picture = self.orders.apply(tracked)
        orders = self.orders.in_force
        digest = hashlib.sha256(encode_json(picture)).hexdigest()
        self._record(EntryRole.OUTPUT, "picture", picture_record(picture, digest, orders))
        agl_m, amsl_m = heights_m(picture.state[:, :3], self.site.origin, self._terrain)
        found = self.identifier.judge(picture, agl_m, orders.claims)
        verdicts = self.airspace.judge(picture, found, agl_m, amsl_m)
        identifications = settle(found, verdicts, self.airspace.permits, orders.standings)
        threats = self._assessor.judge(picture, identifications, verdicts)
        self.judgement = Judgement(
            picture=picture,
            height_agl_m=agl_m,
            height_amsl_m=amsl_m,
            identifications=identifications,
            verdicts=verdicts,
            threats=threats,
            orders=orders,
            groups=self._assessor.groups,
        )
        self._tell.judgement(self._now_utc_ns, self.judgement)
        for listener in self._audience:
            listener.on_judgement(self.judgement)
        if self.is_taking_over:
            return
        found_now = (picture, identifications, verdicts, threats, agl_m)
        self._respond(self.desk.update(self._now_utc_ns, *found_now, orders, rules_changed=rules_changed))

    def _respond(self, events: tuple[ResponseEvent, ...]) -> None:
        for event in events:
            self._record(EntryRole.OUTPUT, OUTPUT_KINDS[type(event)], event)
            for listener in self.listeners:
                listener.on_response(event, self._now_utc_ns)
            if isinstance(event, EffectOrder) and self._effect_sink is not None:
                if event.simulated is not True:
                    raise ValueError(f"{event.order_id} is not simulated, and goes nowhere")
                self._effect_sink.carry_out(event)

    def _reject(self, kind: str, error: InputError) -> Rejection:
        self.counts["rejected"] += 1
        rejection = Rejection(
            kind=kind, field=error.field, found=error.found, must=error.must, because=str(error)
        )
        self._record(EntryRole.OUTPUT, "rejection", rejection)
        for listener in self.listeners:
            listener.on_rejection(rejection, self._now_utc_ns)
        return rejection

    def _record(self, role: EntryRole, kind: str, record: Any) -> None:
        self._tell.record(self._now_utc_ns, role, kind, record)
