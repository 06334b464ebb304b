"""Listeners: the score against the truth, the narration, and what the case file is written from."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from skykeep.app.track_told import TracksTold
from skykeep.base.clock import ns_to_seconds
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import (
    Command,
    GradeReport,
)
from skykeep.domain.orders import StandingOrder
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.response import Alert, EffectOrder, EffectOutcome, Proposal, Task
from skykeep.domain.sensing import Claim, Report, Scan
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.evidence.case import AlertTitle
from skykeep.response import ResponseEvent
from skykeep.sim import Narrator, NightScore, Scorer, Truth


class Quiet:
    """A listener that takes note of nothing; the others override what they care for."""

    def on_input(self, record: Input) -> None: ...

    def on_judgement(self, judgement: Judgement) -> None: ...

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None: ...

    def on_duty(self, event: Posture | Occupancy) -> None: ...

    def on_order(self, order: StandingOrder) -> None: ...

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None: ...


class Steps(Quiet):
    """Says how much of a log has gone by, from 0 to 1."""

    def __init__(self, start_utc_ns: int, end_utc_ns: int, step: Callable[[float], None]) -> None:
        self._start_utc_ns = start_utc_ns
        self._length_ns = max(end_utc_ns - start_utc_ns, 1)
        self._step = step

    def on_input(self, record: Input) -> None:
        self._step(min(max((time_of(record) - self._start_utc_ns) / self._length_ns, 0.0), 1.0))


class Heard:
    """What came from one sensor."""

    def __init__(self) -> None:
        self.messages = 0
        self.detections = 0
        self.rejected = 0
        self.longest_silence_s = 0.0
        self._last_utc_ns: int | None = None

    def message(self, received_utc_ns: int, detections: int) -> None:
        """Count one message."""
        self.messages += 1
        self.detections += detections
        if self._last_utc_ns is not None:
            silence_s = ns_to_seconds(received_utc_ns - self._last_utc_ns)
            self.longest_silence_s = max(self.longest_silence_s, silence_s)
        self._last_utc_ns = received_utc_ns


class NightMemory(Quiet):
    """Keeps what a case file tells: what became of each track, the first and the last word on every alert
    and each title between them, the last on every task and proposal, outcomes.
    """

    def __init__(self) -> None:
        self.tracks = TracksTold()
        self.alerts: dict[str, Alert] = {}
        self.raised: dict[str, Alert] = {}
        self.titles: list[AlertTitle] = []
        self.tasks: dict[str, Task] = {}
        self.proposals: dict[str, Proposal] = {}
        self.orders: list[EffectOrder] = []
        self.outcomes: list[EffectOutcome] = []
        self.reports: list[Report] = []
        self.commands: list[tuple[Command, str]] = []
        self.track_orders: dict[str, StandingOrder] = {}
        self.heard: dict[str, Heard] = {}
        self.first_seen_by: dict[int, str] = {}
        self.changes: list[AirspaceChange] = []
        self._last_input: Input | None = None

    def on_input(self, record: Input) -> None:
        self._last_input = record
        match record:
            case EffectOutcome():
                self.outcomes.append(record)
            case AirspaceChange():
                self.changes.append(record)
            case Scan() | Claim() | Report():
                heard = self.heard.setdefault(record.sensor_id, Heard())
                heard.message(record.received_utc_ns, len(record) if isinstance(record, Scan) else 1)
                if isinstance(record, Report):
                    self.reports.append(record)
            case _ if isinstance(record, Command):
                self.commands.append((record, ""))

    def graded_reports(self) -> tuple[Report, ...]:
        """Return the reports with the last grade that somebody on duty gave each."""
        grades = {
            (command.sensor_id, command.sequence): command
            for command, refused in self.commands
            if isinstance(command, GradeReport) and not refused
        }
        return tuple(
            report
            if (grade := grades.get((report.sensor_id, report.sequence))) is None
            else msgspec.structs.replace(report, reliability=grade.reliability, credibility=grade.credibility)
            for report in self.reports
        )

    def on_judgement(self, judgement: Judgement) -> None:
        self.tracks.take(judgement)
        picture = judgement.picture
        for track_id, sensor in zip(
            picture.support_track_id.tolist(), picture.support_sensor.tolist(), strict=True
        ):
            self.first_seen_by.setdefault(track_id, picture.sensor_ids[sensor])

    def on_order(self, order: StandingOrder) -> None:
        self.track_orders[order.order_id] = order

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None:
        del time_utc_ns
        record = self._last_input
        if isinstance(record, Scan | Claim | Report):
            self.heard[record.sensor_id].rejected += 1
        elif self.commands and record is self.commands[-1][0]:
            self.commands[-1] = (self.commands[-1][0], rejection.because)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        del time_utc_ns
        match event:
            case Alert():
                self._alert(event)
            case Task():
                self.tasks[event.task_id] = event
            case Proposal():
                self.proposals[event.proposal_id] = event
            case EffectOrder():
                self.orders.append(event)

    def _alert(self, alert: Alert) -> None:
        before = self.alerts.get(alert.alert_id)
        if before is None or before.title != alert.title:
            title = AlertTitle(alert_id=alert.alert_id, from_utc_ns=alert.changed_utc_ns, title=alert.title)
            self.titles.append(title)
        self.raised.setdefault(alert.alert_id, alert)
        self.alerts[alert.alert_id] = alert


class WholeMemory(NightMemory):
    """Keeps every judgement too, for the recording of a night that is not long."""

    def __init__(self) -> None:
        super().__init__()
        self.judgements: list[Judgement] = []

    def on_judgement(self, judgement: Judgement) -> None:
        super().on_judgement(judgement)
        self.judgements.append(judgement)


class ScoreKeeper(Quiet):
    """Sets what the pipeline says beside the truth, which only the simulator knows."""

    def __init__(self, scorer: Scorer, memory: NightMemory) -> None:
        self._scorer = scorer
        self._memory = memory

    def on_judgement(self, judgement: Judgement) -> None:
        self._scorer.observe(judgement.picture, judgement.identifications, judgement.verdicts)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        del time_utc_ns
        if isinstance(event, Alert):
            self._scorer.alert(event)

    def score(self) -> NightScore:
        """Return the figures of the night; once it is over."""
        return self._scorer.score(self._memory.proposals.values(), self._memory.outcomes)


class Telling(Quiet):
    """Says the narrator's lines as the night goes by."""

    def __init__(
        self, narrator: Narrator, memory: NightMemory, truth: Truth, say: Callable[[str], None]
    ) -> None:
        self._narrator = narrator
        self._truth = truth
        self._memory = memory
        self._say = say
        self._now_utc_ns = 0

    def on_input(self, record: Input) -> None:
        self._now_utc_ns = max(self._now_utc_ns, time_of(record))

    def on_judgement(self, judgement: Judgement) -> None:
        del judgement
        self.tell()

    def tell(self, *, over: bool = False) -> None:
        """Say what is due by now."""
        lines = self._narrator.tell(
            self._now_utc_ns,
            alerts=self._memory.alerts.values(),
            proposals=self._memory.proposals.values(),
            outcomes=self._memory.outcomes,
            reports=self._memory.reports,
            breached=any(
                intruder.breached_utc_ns is not None and intruder.breached_utc_ns <= self._now_utc_ns
                for intruder in self._truth.intruders
            ),
            over=over,
        )
        for line in lines:
            self._say(line.text)
