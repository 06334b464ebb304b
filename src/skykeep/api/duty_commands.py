"""What a person at the console may ask of tasks, of the posture, and tell of who is where."""

from __future__ import annotations

from typing import Annotated

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
# A browser's number holds a time to 256 ns only, so that the exact way is a decimal text.
TimeAsInt = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
TimeAsFloat = Annotated[float, msgspec.Meta(ge=0.0, lt=2.0**63)]
TimeAsText = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$|^[1-8][0-9]{18}$")]
Moment = TimeAsInt | TimeAsFloat | TimeAsText | None


class _Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """An imperative from a person at the console."""


class TaskTake(_Command, frozen=True, kw_only=True, tag="task_take"):
    task_id: Name
    by: Name


class TaskCallOff(_Command, frozen=True, kw_only=True, tag="call_off_task"):
    task_id: Name
    by: Name
    reason: Reason


class PostureSet(_Command, frozen=True, kw_only=True, tag="set_posture"):
    """A level by hand; null takes the hand off."""

    level: Annotated[int, msgspec.Meta(ge=0, le=100)] | None
    by: Name
    reason: Reason
    until_utc_ns: Moment = None


class OccupancySet(_Command, frozen=True, kw_only=True, tag="set_occupancy"):
    """Who is at an asset; null leaves that half as it was."""

    asset: Name
    by: Name
    principal_present: bool | None = None
    persons: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] | None = None
    sure_percent: Annotated[int, msgspec.Meta(ge=50, le=100)] = 100
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""
    until_utc_ns: Moment = None


DUTY_COMMAND_NAMES = ("task_take", "call_off_task", "set_posture", "set_occupancy")
DutyCommand = TaskTake | TaskCallOff | PostureSet | OccupancySet
DUTY_COMMANDS = (TaskTake, TaskCallOff, PostureSet, OccupancySet)
