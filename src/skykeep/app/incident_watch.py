"""Incidents opened by alerts, live, in a simulated night and in a replay alike: a listener of the pipeline.

An alert opens an incident or joins one (`evidence/incident_rule.py`); what is about it comes in by itself:
tracks, tasks, proposals, decisions, effects and what became of them. The night's own log is not touched. What
the case knows already is not put in again, so a night that goes by a second time, after a restart or in a
replay, adds nothing; nor does what a person took out come back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec
import numpy as np

from skykeep.app.case_decisions import decided
from skykeep.app.case_desk import CaseDesk, begins_with
from skykeep.app.watchers import Quiet
from skykeep.base.errors import InputError, SkykeepError
from skykeep.domain.casework import AttachNight, CaseEntry
from skykeep.domain.commands import Command, CorrelateTrack, DecorrelateTrack
from skykeep.domain.encoding import encode_json
from skykeep.domain.incident import (
    LONGEST_NAME,
    LONGEST_SAYS,
    LONGEST_TITLE,
    AddToIncident,
    Incident,
    IncidentRule,
    IncidentState,
    Item,
    ItemKey,
    ItemKind,
    OpenIncident,
)
from skykeep.domain.place import Vector
from skykeep.domain.response import MACHINE, Alert, AlertState, EffectOrder, EffectOutcome, Proposal, Task
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.engine.pipeline import Pipeline
from skykeep.evidence.incident_rule import SeenAlert, kin
from skykeep.response import ResponseEvent


class IncidentWatch(Quiet):
    """A listener; `attach` it to its pipeline before anything is received. A case that can no longer be
    written is left alone, and `say` is told once: the night goes on, and gives the same case again later.
    """

    def __init__(
        self,
        case: CaseDesk,
        rule: IncidentRule | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._case, self._rule, self._say = case, rule or IncidentRule(), say
        self._night: AttachNight | None = None
        self._night_id = ""
        self._seen: dict[str, SeenAlert] = {}
        self._over: set[str] = set()
        self._about: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._judgement: Judgement | None = None
        self._last: tuple[str, tuple[str, ...], int] = ("", (), 0)
        self._effects: dict[str, str] = {}
        self.failed: SkykeepError | None = None

    def attach(self, pipeline: Pipeline) -> None:
        """Make the pipeline's night one of the case's, where it is not yet."""
        header, site = pipeline.header, pipeline.site
        self._effects = {e.option_id: e.name for book in site.playbooks for e in book.effects}
        name = header.scenario or site.name or "A night"
        self._night = AttachNight(
            name=one_line(f"{name} {header.seed}" if header.simulated else name, LONGEST_NAME),
            begins_with=begins_with(header, site, pipeline.start_utc_ns),
            mode=header.mode,
            simulated=header.simulated,
            start_utc_ns=pipeline.start_utc_ns,
            entries=0,
            checkpoint="",
            by=MACHINE,
            time_utc_ns=pipeline.start_utc_ns,
        )
        known = next(
            (n for n in self._case.book.nights.values() if n.night.begins_with == self._night.begins_with),
            None,
        )
        if known is None:
            self._receive(self._night)
            known = next(reversed(self._case.book.nights.values()), None)
        self._night_id = "" if known is None else known.night_id

    @property
    def begins_with(self) -> str:
        """What tells the night that it is attached to from every other, "" before that."""
        return "" if self._night is None else self._night.begins_with

    def on_judgement(self, judgement: Judgement) -> None:
        self._judgement = judgement

    def on_input(self, record: Input) -> None:
        self._last = ("", (), 0)
        if isinstance(record, EffectOutcome):
            alert_id = self._about.get(record.order_id, "")
            at_utc_ns = record.time_utc_ns
            says = f"{record.order_id}: {record.says}"
            item = self._item(ItemKind.STEP, f"{record.order_id} outcome", at_utc_ns, says)
            self._follow(alert_id, (item,), time_of(record), "what came of an effect (simulated)")
        elif isinstance(record, Command):
            self._decision(record)

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None:
        decision_id, alert_ids, _ = self._last
        for alert_id in alert_ids:
            says = f"not accepted: {rejection.because}"
            item = self._item(ItemKind.STEP, f"{decision_id} refused", time_utc_ns, says)
            self._follow(alert_id, (item,), time_utc_ns, "what became of a decision")

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        if isinstance(event, Alert):
            self._alert(event, time_utc_ns)
        elif isinstance(event, Task):
            says = f"{event.owner_role}: {event.text}"
            done = f" by {event.done_by}" if event.done_by else f": {event.called_off_because}".rstrip(": ")
            state = f"{event.state.value}{done}"
            self._part(event.alert_id, ItemKind.TASK, event.task_id, says, state, time_utc_ns)
        elif isinstance(event, Proposal):
            options = ", ".join(option.name for option in event.options)
            says = f"Asked for a decision about track {event.track_id}: {options or 'nothing to offer'}"
            state = f"{event.state.value}. {event.outcome}".strip(". ")
            self._part(event.alert_id, ItemKind.PROPOSAL, event.proposal_id, says, state, time_utc_ns)
        elif isinstance(event, EffectOrder):
            alert_id = self._about.get(event.proposal_id, "")
            says = f"SIMULATED {event.layer.value} effect ordered on track {event.track_id}"
            self._part(alert_id, ItemKind.EFFECT, event.order_id, says, "ordered", time_utc_ns)

    def over(self, checkpoint: str, entries: int) -> None:
        """Take down with which checkpoint the night's log ended."""
        if self._night is None:
            return
        now_utc_ns = max((each.last_utc_ns for each in self._seen.values()), default=0)
        if self._judgement is not None:
            now_utc_ns = max(now_utc_ns, self._judgement.picture.time_utc_ns)
        sealed = msgspec.structs.replace(
            self._night,
            checkpoint=checkpoint,
            entries=entries,
            time_utc_ns=max(now_utc_ns, self._night.time_utc_ns),
        )
        known = self._case.book.nights[self._night_id].night if self._night_id else None
        if known is None or known.checkpoint != checkpoint:
            self._receive(sealed)

    # --- alerts ------------------------------------------------------------------------------------------

    def _alert(self, alert: Alert, time_utc_ns: int) -> None:
        before = self._seen.get(alert.alert_id)
        position = self._position(alert) or (None if before is None else before.position_enu_m)
        now = SeenAlert(
            alert_id=alert.alert_id,
            track_ids=frozenset(alert.track_ids),
            group_id=alert.group_id,
            asset_id=alert.asset_id,
            raised_utc_ns=alert.raised_utc_ns,
            last_utc_ns=alert.changed_utc_ns,
            position_enu_m=position,
        )
        key = self._key(ItemKind.ALERT, alert.alert_id)
        if not self._case.book.incidents.ever_held(key):
            self._join(alert, now, time_utc_ns)
        self._seen[alert.alert_id] = now
        if alert.state is AlertState.CLEARED:
            self._over.add(alert.alert_id)
        else:
            self._over.discard(alert.alert_id)
        if before is None or len(alert.track_ids) > len(before.track_ids):
            tracks = tuple(
                self._item(ItemKind.TRACK, str(each), time_utc_ns, f"Track {each}")
                for each in alert.track_ids
            )
            self._follow(alert.alert_id, tracks, time_utc_ns, f"{alert.alert_id} is about it")
        steps = tuple(
            self._item(
                ItemKind.STEP,
                f"{alert.alert_id} step {number}",
                step.time_utc_ns,
                f"{alert.alert_id} {step.state.value}{f' by {step.by}' if step.by else ''}: {step.because}",
            )
            for number, step in enumerate(alert.history, 1)
            if number > 1
        )
        self._follow(alert.alert_id, steps, time_utc_ns, f"what became of {alert.alert_id}")

    def _join(self, alert: Alert, seen: SeenAlert, time_utc_ns: int) -> None:
        """Put a new alert to the incident that it is one story with, or open one."""
        item = self._item(
            ItemKind.ALERT, alert.alert_id, alert.raised_utc_ns, f"{alert.alert_id}: {alert.title}"
        )
        book = self._case.book.incidents
        for other_id, because in kin(seen, self._seen.values(), self._rule):
            for incident in book.holding(self._key(ItemKind.ALERT, other_id)):
                if incident.state is IncidentState.OPEN:
                    self._add(incident, (item,), time_utc_ns, f"Rule “{self._rule.name}”: {because}.")
                    return
        self._receive(
            OpenIncident(
                title=one_line(alert.title, LONGEST_TITLE) or alert.alert_id,
                reason=f"{alert.alert_id} was raised, of a story by itself. {self._rule.reason}",
                by=MACHINE,
                time_utc_ns=time_utc_ns,
                items=(item,),
                rule=self._rule.name,
            )
        )

    def _position(self, alert: Alert) -> Vector | None:
        """Return where the track that matters most of an alert is, None where it is not in the picture."""
        if self._judgement is None or not alert.track_ids:
            return None
        picture = self._judgement.picture
        rows = np.flatnonzero(picture.track_id == alert.track_ids[-1])
        if not rows.size:
            return None
        east_m, north_m, up_m = picture.state[int(rows[0]), :3].tolist()
        return (east_m, north_m, up_m)

    # --- what is about an alert --------------------------------------------------------------------------

    def _decision(self, command: Command) -> None:
        what, on = decided(command, self._effects)
        decision_id = hashlib.sha256(encode_json(command)).hexdigest()[:16]
        alert_ids = self._concerns(command)
        self._last = (decision_id, alert_ids, command.time_utc_ns)
        for alert_id in alert_ids:
            says = f"{command.by} {what} ({on})"
            item = self._item(ItemKind.DECISION, decision_id, command.time_utc_ns, says)
            self._follow(alert_id, (item,), command.time_utc_ns, f"decided on {on}")

    def _concerns(self, command: Command) -> tuple[str, ...]:
        """Return the alerts that a decision is about; one on the whole site is about all not yet over."""
        alert_id = getattr(command, "alert_id", "")
        named = getattr(command, "proposal_id", "") or getattr(command, "task_id", "")
        if alert_id or named:
            return (alert_id or self._about.get(named, ""),)
        track_id = getattr(command, "track_id", None)
        if track_id is not None:
            about = {track_id}
            if isinstance(command, CorrelateTrack | DecorrelateTrack) and command.other_track_id is not None:
                about.add(command.other_track_id)
            return tuple(each.alert_id for each in self._seen.values() if about & each.track_ids)
        if hasattr(command, "order_id") or hasattr(command, "sensor_id") or hasattr(command, "source_id"):
            return ()
        return tuple(each for each in self._seen if each not in self._over)

    def _part(
        self, alert_id: str, kind: ItemKind, item_id: str, says: str, state: str, time_utc_ns: int
    ) -> None:
        """Put a task, proposal or effect to what its alert is in, and what became of it since."""
        self._about[item_id] = alert_id
        before = self._told.get(item_id)
        self._told[item_id] = state
        if before is None:
            item = self._item(kind, item_id, time_utc_ns, says)
            self._follow(alert_id, (item,), time_utc_ns, f"follows from {alert_id}")
        elif before != state:
            step = self._item(
                ItemKind.STEP, f"{item_id} {state.split('.')[0]}", time_utc_ns, f"{item_id} {state}"
            )
            self._follow(alert_id, (step,), time_utc_ns, f"what became of {item_id}")

    # --- the case ----------------------------------------------------------------------------------------

    def _follow(self, alert_id: str, items: tuple[Item, ...], time_utc_ns: int, because: str) -> None:
        """Put items to every incident that holds their alert, but for those that came to it before."""
        book = self._case.book.incidents
        for incident in book.holding(self._key(ItemKind.ALERT, alert_id)):
            fresh = tuple(item for item in items if not book.came_to(incident, item.key))
            if fresh:
                self._add(incident, fresh, time_utc_ns, because)

    def _add(self, incident: Incident, items: tuple[Item, ...], time_utc_ns: int, because: str) -> None:
        self._receive(
            AddToIncident(
                incident_id=incident.incident_id,
                items=items,
                reason=because,
                by=MACHINE,
                time_utc_ns=time_utc_ns,
            )
        )

    def _receive(self, entry: CaseEntry) -> None:
        if self.failed is not None:
            return
        try:
            self._case.receive(entry, wait=False)
        except InputError:
            return  # the case keeps what it refused, and why
        except SkykeepError as error:
            self.failed = error
            self._say(f"The case is not kept any more: {error}")

    def _key(self, kind: ItemKind, item_id: str) -> ItemKey:
        return ItemKey(kind=kind, item_id=item_id, night_id=self._night_id)

    def _item(self, kind: ItemKind, item_id: str, time_utc_ns: int, says: str) -> Item:
        key = self._key(kind, item_id)
        return Item(key=key, time_utc_ns=time_utc_ns, says=one_line(says, LONGEST_SAYS) or item_id)


def one_line(text: str, longest: int) -> str:
    """Return text in one line without control characters, cut where it is too long."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
