"""What people who are not at the console are told, and what became of telling them."""

from __future__ import annotations

import enum

import msgspec


class NoticeKind(enum.StrEnum):
    """An alert that was raised, passed upwards or cleared; a proposal that waits for people; what a person
    decided and what came of it; a task that is late; a posture that changed.
    """

    RAISED = "raised"
    ESCALATED = "escalated"
    CLEARED = "cleared"
    PROPOSED = "proposed"
    DECIDED = "decided"
    OUTCOME = "outcome"
    OVERDUE = "overdue"
    POSTURE = "posture"


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to be told. `way` is `webhook`, `ocsf`, `email` or `apprise`; `kinds` empty: all of them;
    alerts below `from_priority` are not told, except when they are passed upwards or cleared after they were.
    """

    name: str
    way: str
    address: str
    kinds: tuple[NoticeKind, ...] = ()
    from_priority: float = 0.0
    secret: str = ""


class NoticeSettled(msgspec.Struct, frozen=True, kw_only=True):
    """An input: one recipient was told one notice, or will not be: `because` says why, after `tries`."""

    notice_id: str
    recipient: str
    way: str
    told: bool
    tries: int
    time_utc_ns: int
    because: str = ""
