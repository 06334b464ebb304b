"""Tasks for people: opened from the playbook with an alert, due before the breach, ticked off or overdue."""

from __future__ import annotations

import msgspec

from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import CompleteTask
from skykeep.domain.response import Alert, Task, TaskState
from skykeep.domain.site import Playbook

LEAST_NOTICE_S = 10.0


class TaskBook:
    """All tasks of the night. An asset's tasks are opened once while any alert on it is open: a second
    intruder does not ask people to shelter twice, but it may bring the hour forward.
    """

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        # For each asset the tasks of its present episode, by text.
        self._of_asset: dict[str, dict[str, str]] = {}

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks, unfinished ones first, then by when they are due."""
        return tuple(
            sorted(
                self._tasks.values(),
                key=lambda task: (task.state is TaskState.DONE, task.due_utc_ns, task.task_id),
            )
        )

    def open_for(self, alert: Alert, playbook: Playbook, time_utc_ns: int) -> list[Task]:
        """Open what the playbook asks for, or bring forward what is open already; return what changed."""
        changed = []
        episode = self._of_asset.setdefault(alert.asset_id, {})
        breach_s = alert.breach.mid_s if alert.breach else 0.0
        for template in playbook.tasks:
            notice_s = max(LEAST_NOTICE_S, breach_s - template.due_before_breach_s)
            due_utc_ns = time_utc_ns + seconds_to_ns(notice_s)
            known = self._tasks.get(episode.get(template.text, ""))
            if known is None:
                task = Task(
                    task_id=f"task-{len(self._tasks) + 1:04d}",
                    alert_id=alert.alert_id,
                    text=template.text,
                    owner_role=template.owner_role,
                    due_utc_ns=due_utc_ns,
                    state=TaskState.OPEN,
                )
                episode[template.text] = task.task_id
            elif known.state is TaskState.OPEN and due_utc_ns < known.due_utc_ns:
                task = msgspec.structs.replace(known, due_utc_ns=due_utc_ns)
            else:
                continue
            self._tasks[task.task_id] = task
            changed.append(task)
        return changed

    def look(self, time_utc_ns: int, assets_on_alert: frozenset[str]) -> list[Task]:
        """Let the time pass: mark what is overdue; an asset without an open alert has no episode any more,
        and what was left undone there stays as it is.
        """
        for asset_id in [asset_id for asset_id in self._of_asset if asset_id not in assets_on_alert]:
            del self._of_asset[asset_id]
        changed = []
        for episode in self._of_asset.values():
            for task_id in episode.values():
                task = self._tasks[task_id]
                if task.state is TaskState.OPEN and time_utc_ns > task.due_utc_ns:
                    self._tasks[task_id] = msgspec.structs.replace(task, state=TaskState.OVERDUE)
                    changed.append(self._tasks[task_id])
        return changed

    def complete(self, command: CompleteTask) -> Task:
        """Tick a task off; late is better than never."""
        task = self._tasks.get(command.task_id)
        if task is None:
            raise InputError("task_id", repr(command.task_id), "a task that was opened")
        if task.state is TaskState.DONE:
            raise InputError("task_id", f"{task.task_id}, done by {task.done_by}", "a task not yet done")
        done = msgspec.structs.replace(task, state=TaskState.DONE, done_by=command.by)
        self._tasks[task.task_id] = done
        return done
