"""A night as the console sees it: listens to the engine, remembers what was shown, passes on what people
decide.

The engine's thread calls the `on_...` methods, the server's threads everything else. Decisions go to
`decide`, which the composition root gives: it feeds them to the pipeline in the engine's own thread and
raises InputError when refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from skykeep.api import commands as c
from skykeep.api import messages as m
from skykeep.api.alert_views import alerts_view
from skykeep.api.duty import duty_view
from skykeep.api.health import SensorDesk
from skykeep.api.memory import ConsoleMemory
from skykeep.api.orders import decision_of, orders_view
from skykeep.api.proof import Proofs
from skykeep.api.proposal_views import proposals_view
from skykeep.api.register_desk import RegisterDesk
from skykeep.api.source import Lists, PictureColumns, Present
from skykeep.api.track_memory import TrackMemory
from skykeep.api.track_view import absent_details, present_details, row_of
from skykeep.api.views import (
    claims_view,
    late_about,
    person_view,
    picture_columns,
    site_view,
    tasks_view,
)
from skykeep.app.pace import Pace
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.commands import Command, GradeReport, Tick
from skykeep.domain.feed import SourceEvent
from skykeep.domain.identity import STANDING_NAMES, TARGET_CLASS_NAMES
from skykeep.domain.orders import NO_ORDERS, StandingOrder
from skykeep.domain.permit import Permit
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.response import AlarmRate, Alert, EffectOrder, EffectOutcome, Proposal, Task, TaskState
from skykeep.domain.sensing import Claim, Report, Scan, SensorStatus
from skykeep.domain.site import Site
from skykeep.domain.track import TRACK_STATUS_NAMES
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.engine.pipeline import Pipeline
from skykeep.response import ResponseEvent


class WatchSource:
    """Implements `ConsoleSource` for one pipeline."""

    def __init__(
        self,
        *,
        site: Site,
        mode: m.Mode,
        tiles: m.TilesView,
        start_utc_ns: int,
        end_utc_ns: int | None,
        scenario: str | None = None,
        seed: int | None = None,
        pace: Pace | None = None,
        decide: Callable[[Command], None] | None = None,
        extent_m: float | None = None,
        register: RegisterDesk | None = None,
        proofs: Proofs | None = None,
    ) -> None:
        self._site = site
        self._mode: m.Mode = mode
        self._pace = pace
        self._decide = decide
        self._register, self._proofs = register, proofs
        self._start_utc_ns = start_utc_ns
        self._end_utc_ns = end_utc_ns
        self._now_utc_ns = start_utc_ns
        self._pipeline: Pipeline | None = None
        self._dossier_path: Path | None = None
        self.sensors = SensorDesk(site.sensors, site.origin)
        self._tracks = TrackMemory(start_utc_ns)
        self._judgement: Judgement | None = None
        self._late: set[str] = set()
        self._status_due_utc_ns = start_utc_ns
        self._hello = m.Hello(
            mode=mode,
            scenario=scenario,
            seed=seed,
            start_utc_ns=start_utc_ns,
            end_utc_ns=end_utc_ns,
            site=site_view(site, tiles, extent_m),
            classes=TARGET_CLASS_NAMES,
            standings=STANDING_NAMES,
            statuses=TRACK_STATUS_NAMES,
            people=tuple(person_view(person) for person in site.people),
            can_control_time=pace is not None,
        )
        self._memory = ConsoleMemory(self._make_status())

    def attach(self, pipeline: Pipeline) -> None:
        """Say whose night this is; before the first input."""
        self._pipeline = pipeline

    def go_on(self, pipeline: Pipeline) -> None:
        """Show another pipeline of the same watch, which took over: its lists begin anew."""
        self._pipeline, desk, now = pipeline, pipeline.desk, self._now_utc_ns
        lists = (tasks_view(desk.tasks), proposals_view(desk.proposals, self._site.origin))
        for view in (alerts_view(desk.alerts, now, desk.alarm_rate), *lists):
            self._memory.show(view, now)

    # --- the engine tells --------------------------------------------------------------------------------

    def on_input(self, record: Input) -> None:
        self._now_utc_ns = max(self._now_utc_ns, time_of(record))
        if isinstance(record, Scan | Claim | Report | SensorStatus):
            self.sensors.heard(record, self._now_utc_ns)
        match record:
            case Report():
                of = m.ReportView(sensor_id=record.sensor_id, sequence=record.sequence)
                self.caption(f"Report from a resident: “{record.text}”", "event", of, late_about(record))
            case GradeReport():
                grade = f"{record.reliability.value}{record.credibility.value}"
                self.caption(f"A report of {record.sensor_id} was graded {grade} by {record.by}.", "event")
            case EffectOutcome():
                self.caption(f"SIMULATED outcome: {record.says}", "event")
            case SourceEvent() if record.kind != "refused":
                self.caption(f"{self.sensors.name_of(record.source_id)}: {record.says}", "event")
        if isinstance(record, Tick) and record.time_utc_ns >= self._status_due_utc_ns:
            self._status_due_utc_ns = record.time_utc_ns + NS_PER_S
            self._memory.show(self._make_status(), self._now_utc_ns)

    def show_moment(self, time_utc_ns: int) -> None:
        """Say that time has come so far, where no inputs tell it."""
        self._now_utc_ns = max(self._now_utc_ns, time_utc_ns)
        self._memory.show(self._make_status(), self._now_utc_ns)

    def on_judgement(self, judgement: Judgement) -> None:
        self._judgement = judgement
        columns = picture_columns(judgement, self._site.origin)
        alerts = () if self._pipeline is None else self._pipeline.desk.alerts
        alerted = {track for alert in alerts for track in alert.members}
        self._tracks.note(judgement, columns, alerted, self._permits())
        self._memory.show_picture(columns)
        self._memory.show(self._claims_view(), self._now_utc_ns)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        assert self._pipeline is not None
        desk = self._pipeline.desk
        match event:
            case Alert() | AlarmRate():
                self._memory.show(alerts_view(desk.alerts, time_utc_ns, desk.alarm_rate), time_utc_ns)
            case Task():
                self._memory.show(tasks_view(desk.tasks), time_utc_ns)
                if event.state is TaskState.OVERDUE and event.task_id not in self._late:
                    self._late.add(event.task_id)
                    self.caption(f"{event.text} ({event.owner_role}). {event.notes[-1]}", "event")
            case Proposal():
                self._memory.show(proposals_view(desk.proposals, self._site.origin), time_utc_ns)
            case EffectOrder():
                names = " and ".join(approval.by for approval in event.approvals)
                self.caption(
                    f"SIMULATED {event.layer} effect on track {event.track_id}, approved by {names}.", "event"
                )

    def on_duty(self, event: Posture | Occupancy) -> None:
        assert self._pipeline is not None
        situation = self._pipeline.duty.situation
        self._memory.show(duty_view(self._site, situation, self._now_utc_ns), self._now_utc_ns)
        if isinstance(event, Posture):
            self.caption(f"Posture: {event.name}. {event.because}", "event")

    def on_order(self, order: StandingOrder) -> None:
        assert self._pipeline is not None
        self._memory.show(orders_view(self._pipeline.orders.in_force), self._now_utc_ns)
        people = {person.person_id: person.name for person in self._site.people}
        who, why = people[order.lifted_by or order.by], f" {order.reason}" if order.reason else ""
        what, why = (f"lifted {order.order_id}", "") if order.lifted_by else (order.order_id, why)
        self.caption(f"{who}, {what}: {order.says}{why}", "event")

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None:  # noqa: ARG002
        self.caption(f"Refused ({rejection.kind}): {rejection.because}", "event")

    def caption(
        self,
        text: str,
        kind: Literal["narration", "event"] = "narration",
        report: m.ReportView | None = None,
        about_utc_ns: int | None = None,
    ) -> None:
        """Add a line to the narration or to the list of events, with the report that it tells of, if any, and
        with the moment that it is about, where it is told late.
        """
        line = m.Caption(
            time_utc_ns=self._now_utc_ns, text=text, kind=kind, report=report, about_utc_ns=about_utc_ns
        )
        self._memory.show(line, self._now_utc_ns)

    def show_register(self) -> None:
        """Show permits, restrictions and zones as they stand: after each change in the register."""
        if self._register is not None:
            lists = (self._register.zones(), self._register.restrictions(), self._register.permits())
            for whole in lists:
                self._memory.show(whole, self._now_utc_ns)

    def finish(self, summary: dict[str, Any], dossier_path: Path | None) -> None:
        """Say that the night is over, and offer the dossier where there is one."""
        self._dossier_path = dossier_path
        url = "/api/dossier" if dossier_path is not None else None
        self._memory.show(self._make_status(), self._now_utc_ns)
        self._memory.show(m.Finished(summary=summary, dossier_url=url), self._now_utc_ns)

    # --- the server asks ---------------------------------------------------------------------------------

    def hello(self) -> m.Hello:
        return self._hello

    def latest_picture(self) -> PictureColumns | None:
        return self._memory.latest_picture()

    def picture_at(self, time_utc_ns: int) -> PictureColumns | None:
        return self._memory.picture_at(time_utc_ns)

    def status(self) -> m.Status:
        return self._memory.status()

    def status_at(self, time_utc_ns: int) -> m.Status:
        return self._memory.status_at(time_utc_ns)

    def present(self) -> Present:
        return self._memory.present()

    def lists_at(self, time_utc_ns: int) -> Lists:
        return self._memory.lists_at(time_utc_ns)

    def subscribe(
        self, on_event: Callable[[m.Event], None], on_picture: Callable[[], None]
    ) -> Callable[[], None]:
        return self._memory.subscribe(on_event, on_picture)

    def dossier_path(self) -> Path | None:
        return self._dossier_path

    def command(self, command: c.SourceCommand) -> None:
        """Carry out what a person asked; decisions are stamped with the night's own time."""
        match command:
            case c.Play() | c.Pause() | c.Speed():
                self._control_time(command)
                return
        if isinstance(command, c.REGISTER_COMMANDS):
            if self._register is None:
                raise InputError("command", "on permits or zones", "made where a register is kept")
            self._register.command(command, self._now_utc_ns)
            self.show_register()
            return
        if self._decide is None:
            raise InputError("command", "a decision", "made while a night is running, not in a replay")
        known = {person.person_id for person in self._site.people}
        if command.by not in known:
            raise InputError("by", repr(command.by), "one of " + ", ".join(sorted(known)))
        self._decide(decision_of(command, self._now_utc_ns, self._proofs))

    def track_details(self, track_id: int, time_utc_ns: int | None) -> m.TrackDetails | None:
        """Return what is thought of a track now, or was thought of it at a past moment."""
        if time_utc_ns is not None:
            return self._tracks.details_at(track_id, time_utc_ns)
        way = self._tracks.way(track_id)
        if not way:
            return None
        row = None if self._judgement is None else row_of(self._judgement, track_id)
        if self._judgement is None or row is None:
            return absent_details(track_id, self._where_it_went(track_id), way)
        return present_details(self._judgement, row, way, self._tracks.resumed(track_id), self._permits())

    # --- inside ------------------------------------------------------------------------------------------

    def _permits(self) -> Mapping[str, Permit]:
        return {} if self._pipeline is None else self._pipeline.airspace.permits

    def _where_it_went(self, track_id: int) -> str:
        orders = NO_ORDERS if self._judgement is None else self._judgement.orders
        merged = {one: f"Shown as track {shown}, by {order}." for one, shown, order in orders.merged}
        renumbered = {
            one: f"What was shown as it is track {now}, by {order}." for one, now, order in orders.renumbered
        }
        return (renumbered | merged).get(track_id, "Not in the present picture.")

    def _control_time(self, command: c.Play | c.Pause | c.Speed) -> None:
        if self._pace is None:
            raise InputError(
                "command", "time control", "given to a recorded or simulated night: this one is live"
            )
        match command:
            case c.Play():
                self._pace.play()
            case c.Pause():
                self._pace.pause()
            case c.Speed():
                self._pace.set_speed(command.factor)
        self._memory.show(self._make_status(), self._now_utc_ns)

    def _claims_view(self) -> m.Claims:
        states = () if self._pipeline is None else self._pipeline.identifier.claims(self._now_utc_ns)
        return claims_view([(state.claim, state.test) for state in states], self._site.origin)

    def _make_status(self) -> m.Status:
        pipeline, pace = self._pipeline, self._pace
        counts = pipeline.counts if pipeline is not None else {}
        return m.Status(
            time_utc_ns=self._now_utc_ns,
            mode=self._mode,
            playing=pace.playing if pace is not None else True,
            speed=pace.speed if pace is not None else 1.0,
            start_utc_ns=self._start_utc_ns,
            end_utc_ns=self._end_utc_ns,
            latest_utc_ns=self._now_utc_ns,
            sensors=self.sensors.at(self._now_utc_ns),
            moved=self.sensors.moved,
            counts=m.Counts(
                tracks=len(self._judgement.picture) if self._judgement is not None else 0,
                detections=counts.get("detections", 0),
                rejected=counts.get("rejected", 0) + self.sensors.refused,
                log_entries=counts.get("log_entries", 0),
            ),
            light="night" if self._site.night else "day",
        )
