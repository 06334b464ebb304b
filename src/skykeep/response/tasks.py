"""Tasks for people: opened from the playbook while an asset is on alert, due before the breach, and said when
they are late.

An asset's tasks are opened once for all alerts on it: a second intruder does not ask people to shelter twice.
The hour goes by the alert whose breach comes soonest. It comes forward without ado; it goes back only for a
reason that the task tells: the alert that set it is over, or it has come on so much slower, for a while, that
there is time to spare. What hovers or turns off puts nothing back. What has become late stays late until it
is done or called off.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from skykeep.base.clock import ns_to_seconds, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import CallOffTask, CompleteTask, TakeTask, TaskCommand
from skykeep.domain.place import Person
from skykeep.domain.posture import Situation
from skykeep.domain.response import Alert, AlertState, Task, TaskState
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import BreachTime, Playbook, TaskTemplate
from skykeep.response.words import Words

FINISHED = frozenset({TaskState.DONE, TaskState.CALLED_OFF})
WAITING = frozenset({TaskState.OPEN, TaskState.TAKEN})


class Episode:
    """An asset on alert: its tasks by key, since when a deadline has had time to spare, since when no alert
    is left, and which alerts there were last.
    """

    def __init__(self) -> None:
        self.task_ids: dict[str, str] = {}
        self.spare_since_utc_ns: dict[str, int] = {}
        self.quiet_since_utc_ns: int | None = None
        self.alert_ids: tuple[str, ...] = ()


class TaskBook:
    """All tasks of the night."""

    def __init__(
        self,
        playbooks: Mapping[str, Playbook],
        words: Words,
        rules: ResponseRules,
        people: Mapping[str, Person],
    ) -> None:
        self._playbooks = playbooks
        self._words = words
        self._people = people
        self._rules = rules
        self._tasks: dict[str, Task] = {}
        self.before = 0  # how many another book opened: numbers go on
        self._templates: dict[str, TaskTemplate] = {}
        self._episodes: dict[str, Episode] = {}
        self._changed: dict[str, Task] = {}

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks, unfinished ones first, then by when they are due."""
        return tuple(
            sorted(
                self._tasks.values(), key=lambda task: (task.state in FINISHED, task.due_utc_ns, task.task_id)
            )
        )

    def take_rules(self, rules: ResponseRules) -> None:
        """Go by other rules from the next look on."""
        self._rules = rules

    def look(self, time_utc_ns: int, alerts: tuple[Alert, ...], situation: Situation) -> list[Task]:
        """Open, move, call off and find late what must be, and return what changed; `alerts` are all of the
        night, those that are over too.
        """
        on_asset: dict[str, list[Alert]] = {}
        for alert in alerts:
            if alert.state is not AlertState.CLEARED and alert.asset_id in self._playbooks:
                on_asset.setdefault(alert.asset_id, []).append(alert)
        for asset_id in sorted(on_asset):
            self._keep_up(asset_id, on_asset[asset_id], alerts, situation, time_utc_ns)
        for asset_id in [asset_id for asset_id in self._episodes if asset_id not in on_asset]:
            self._wind_down(asset_id, alerts, time_utc_ns)
        for task in self._tasks.values():
            if task.state in WAITING and time_utc_ns > task.due_utc_ns:
                self._say_late(task)
        changed, self._changed = self._changed, {}
        return [changed[task_id] for task_id in sorted(changed)]

    def command(self, command: TaskCommand, person: Person, now_utc_ns: int) -> Task:
        """Carry out what a person asks of one task; InputError says what stands in the way."""
        task = self._tasks.get(command.task_id)
        if task is None:
            raise InputError("task_id", repr(command.task_id), "a task that was opened")
        if task.state is TaskState.DONE:
            raise InputError("task_id", f"{task.task_id}, done by {task.done_by}", "a task not yet done")
        now_utc_ns = max(now_utc_ns, command.time_utc_ns)
        if isinstance(command, CompleteTask):
            # Late is better than never, and what was called off may have been done all the same.
            self._change(task, state=TaskState.DONE, done_by=command.by, done_utc_ns=now_utc_ns)
        elif task.state is TaskState.CALLED_OFF:
            raise InputError("task_id", f"{task.task_id}, called off", "a task that is still to be done")
        elif isinstance(command, TakeTask):
            self._take(task, command)
        else:
            self._call_off_by_hand(task, command, person)
        return self._changed.pop(task.task_id)

    def _take(self, task: Task, command: TakeTask) -> None:
        if task.taken_by == command.by:
            raise InputError("by", f"{command.by}, who has it", "somebody else than has it")
        state = TaskState.TAKEN if task.state is TaskState.OPEN else task.state
        notes = (
            (*task.notes, f"Taken over from {self._name(task.taken_by)}.") if task.taken_by else task.notes
        )
        self._change(task, state=state, taken_by=command.by, notes=notes)

    def _call_off_by_hand(self, task: Task, command: CallOffTask, person: Person) -> None:
        if not command.reason.strip():
            raise InputError("reason", repr(command.reason), "a sentence that says why")
        if not person.may_approve and person.role != task.owner_role:
            must = f"a person who may approve, or a {task.owner_role}"
            raise InputError("by", f"{person.person_id}, {person.role}", must)
        self._change(
            task, state=TaskState.CALLED_OFF, called_off_because=command.reason, called_off_by=command.by
        )

    # --- an asset on alert -------------------------------------------------------------------------------

    def _keep_up(
        self,
        asset_id: str,
        here: list[Alert],
        alerts: tuple[Alert, ...],
        situation: Situation,
        time_utc_ns: int,
    ) -> None:
        """Open what the playbook asks for now, call off what no longer applies, and set the hours anew."""
        episode = self._episodes.setdefault(asset_id, Episode())
        episode.quiet_since_utc_ns = None
        episode.alert_ids = tuple(alert.alert_id for alert in here)
        present = situation.principal_counts_as_present(asset_id)
        for template in self._playbooks[asset_id].tasks:
            applies = template.when_principal in (None, present)
            task = self._tasks.get(episode.task_ids.get(template.key, ""))
            if task is None:
                if applies and situation.posture.level >= template.from_level:
                    self._open(episode, template, here, situation, time_utc_ns)
            elif not applies:
                # Should the principal come back, or leave again, it has to be done anew.
                del episode.task_ids[template.key]
                if task.state not in FINISHED:
                    because = "The principal is there now." if present else "The principal is away."
                    self._change(task, state=TaskState.CALLED_OFF, called_off_because=because)
            elif task.state in WAITING:
                self._move(episode, task, template, here, alerts, time_utc_ns)

    def _open(
        self,
        episode: Episode,
        template: TaskTemplate,
        here: list[Alert],
        situation: Situation,
        time_utc_ns: int,
    ) -> None:
        due_utc_ns, alert = self._due(template, here, time_utc_ns)
        task = Task(
            task_id=f"task-{self.before + len(self._tasks) + 1:04d}",
            alert_id=alert.alert_id,
            text=template.text,
            owner_role=template.owner_role,
            due_utc_ns=due_utc_ns,
            state=TaskState.OPEN,
            asset_id=alert.asset_id,
            playbook_id=self._playbooks[alert.asset_id].playbook_id,
            opened_utc_ns=time_utc_ns,
            due_before_breach_s=template.due_before_breach_s,
            because=self._why(template, alert, situation),
            task_key=template.key,
            due_alert_id=alert.alert_id,
        )
        episode.task_ids[template.key] = task.task_id
        self._templates[task.task_id] = template
        self._tasks[task.task_id] = self._changed[task.task_id] = task

    def _why(self, template: TaskTemplate, alert: Alert, situation: Situation) -> str:
        """Return why a task is opened, with whatever of posture and presence it depends on."""
        place = self._words.name(alert.asset_id)
        said = [f"{place[:1].upper()}{place[1:]} is on alert: {alert.alert_id}."]
        if template.from_level > 0:
            said.append(f"The posture is {situation.posture.name}. {situation.posture.because}")
        if template.when_principal is not None:
            known = [each for each in situation.occupancies if each.asset_id == alert.asset_id]
            there = known[0].principal_present if known else None
            if not template.when_principal:
                said.append("The principal is away.")
            elif there:
                said.append("The principal is there.")
            else:
                said.append("It is not sure that the principal is away, so they count as there.")
        return " ".join(said)

    def _due(self, template: TaskTemplate, here: list[Alert], now_utc_ns: int) -> tuple[int, Alert]:
        """Return when a task is due by what is known now, and the alert that says so."""
        soonest = min(here, key=lambda alert: (_reach_utc_ns(template.due_of, alert), alert.alert_id))
        due_utc_ns = _reach_utc_ns(template.due_of, soonest) - seconds_to_ns(template.due_before_breach_s)
        return max(now_utc_ns + seconds_to_ns(self._rules.least_notice_s), due_utc_ns), soonest

    def _move(
        self,
        episode: Episode,
        task: Task,
        template: TaskTemplate,
        here: list[Alert],
        alerts: tuple[Alert, ...],
        now_utc_ns: int,
    ) -> None:
        """Bring a deadline forward; put it back only for a reason, and say it."""
        due_utc_ns, alert = self._due(template, here, now_utc_ns)
        gained_s = ns_to_seconds(task.due_utc_ns - due_utc_ns)
        if gained_s >= self._rules.due_earlier_s:
            self._set_hour(episode, task, due_utc_ns, alert, f"Due {gained_s:.0f} s earlier")
            return
        if -gained_s < self._rules.due_later_s:
            episode.spare_since_utc_ns.pop(task.task_id, None)
            return
        over = _why_over(task.due_alert_id, task.asset_id, alerts, self._words)
        if over:
            self._set_hour(
                episode, task, due_utc_ns, alert, f"Due {-gained_s:.0f} s later. {over} Now it goes"
            )
            return
        if alert.breach is None:
            return  # It hovers, or turned off: the worst case stays as near, and so does the hour.
        since_utc_ns = episode.spare_since_utc_ns.setdefault(task.task_id, now_utc_ns)
        for_s = ns_to_seconds(now_utc_ns - since_utc_ns)
        if for_s >= self._rules.due_later_after_s:
            said = f"Due {-gained_s:.0f} s later: for {for_s:.0f} s there has been more time than it seemed"
            self._set_hour(episode, task, due_utc_ns, alert, said)

    def _set_hour(self, episode: Episode, task: Task, due_utc_ns: int, alert: Alert, said: str) -> None:
        episode.spare_since_utc_ns.pop(task.task_id, None)
        notes = (*task.notes, f"{said}, by {alert.alert_id}.")
        self._change(task, due_utc_ns=due_utc_ns, due_alert_id=alert.alert_id, notes=notes)

    # --- an asset no longer on alert ---------------------------------------------------------------------

    def _wind_down(self, asset_id: str, alerts: tuple[Alert, ...], now_utc_ns: int) -> None:
        """Call off what is left once no alert has been on an asset for a while, and say why."""
        episode = self._episodes[asset_id]
        if episode.quiet_since_utc_ns is None:
            episode.quiet_since_utc_ns = now_utc_ns
        if ns_to_seconds(now_utc_ns - episode.quiet_since_utc_ns) < self._rules.call_off_after_s:
            return
        del self._episodes[asset_id]
        over = [_why_over(alert_id, asset_id, alerts, self._words) for alert_id in episode.alert_ids]
        for task_id in episode.task_ids.values():
            task = self._tasks[task_id]
            if task.state not in FINISHED:
                self._change(task, state=TaskState.CALLED_OFF, called_off_because=" ".join(over))

    def _say_late(self, task: Task) -> None:
        who = f"{self._name(task.taken_by)} has taken it." if task.taken_by else "Nobody has taken it."
        notes = (*task.notes, f"Late: it was due, and nobody says that it is done. {who}")
        role = self._templates[task.task_id].escalates_to_role
        if role:
            notes = (*notes[:-1], f"{notes[-1]} The {role} is told.")
        self._change(task, state=TaskState.OVERDUE, escalated_to=role, notes=notes)

    def _name(self, person_id: str) -> str:
        person = self._people.get(person_id)
        return person_id if person is None else person.name

    def _change(self, task: Task, **fields: object) -> None:
        self._tasks[task.task_id] = self._changed[task.task_id] = msgspec.structs.replace(task, **fields)


def _reach_utc_ns(due_of: BreachTime, alert: Alert) -> int:
    """Return when the asset may be reached by an alert as it was last counted; where nothing is closing the
    worst case counts, and where that is not known either, now.
    """
    worst_s = alert.worst_case_s
    if due_of is BreachTime.WORST_CASE and worst_s is not None:
        left_s = worst_s
    elif alert.breach is None:
        left_s = worst_s or 0.0
    else:
        left_s = alert.breach.mid_s if due_of is BreachTime.MEDIAN else alert.breach.low_s
    return alert.changed_utc_ns + seconds_to_ns(left_s)


def _why_over(alert_id: str, asset_id: str, alerts: tuple[Alert, ...], words: Words) -> str:
    """Return why an alert no longer counts for an asset; "" while it does."""
    for alert in alerts:
        if alert.alert_id == alert_id:
            if alert.state is AlertState.CLEARED:
                return f"{alert_id} is over: {alert.cleared_because}"
            aim = words.name(alert.asset_id)
            return "" if alert.asset_id == asset_id else f"{alert_id} now aims at {aim}."
    return f"{alert_id} is over."
