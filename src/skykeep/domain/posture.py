"""How watchful a site is, by the calendar or by a person's word, and who is where."""

from __future__ import annotations

import msgspec


class PostureLevel(msgspec.Struct, frozen=True, kw_only=True):
    """One level of watchfulness, 0 the least, and what it changes.

    `consequence_factor` multiplies every asset's consequence (the product is at most 1), `alert_factor` the
    priority at which an alert is raised, `escalate_factor` the time until one that nobody hears is escalated,
    and `more_approvals` come on top of what a playbook needs.
    """

    level: int
    name: str
    consequence_factor: float = 1.0
    alert_factor: float = 1.0
    escalate_factor: float = 1.0
    more_approvals: int = 0


DEFAULT_LEVELS = (
    PostureLevel(level=0, name="routine"),
    PostureLevel(level=1, name="heightened", alert_factor=0.9, escalate_factor=0.75),
    PostureLevel(level=2, name="high", alert_factor=0.8, escalate_factor=0.5),
)


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A day or an hour at which the posture rises by itself, and why: `The parade`."""

    entry_id: str
    name: str
    level: int
    start_utc_ns: int
    end_utc_ns: int
    because: str = ""


class Posture(msgspec.Struct, frozen=True, kw_only=True):
    """The level that holds from `since_utc_ns`, and why, as a sentence. `set_by` is the person who set it by
    hand, "" for the calendar; `until_utc_ns` None while nothing says when it ends.
    """

    level: int
    name: str
    because: str
    since_utc_ns: int
    set_by: str = ""
    until_utc_ns: int | None = None


class Occupancy(msgspec.Struct, frozen=True, kw_only=True):
    """Who is at an asset from `since_utc_ns`, by whose word; `principal_present` None when not known."""

    asset_id: str
    occupancy_persons: int
    principal_present: bool | None
    since_utc_ns: int
    set_by: str = ""
    reason: str = ""


ROUTINE = Posture(level=0, name="routine", because="Nothing raises it.", since_utc_ns=0)
