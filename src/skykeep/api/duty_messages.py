"""How watchful the site is, who is where, and what raises the posture next, as the console is sent it."""

from __future__ import annotations

from typing import Literal

import msgspec


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


class PostureSourceView(_Record, frozen=True, kw_only=True):
    level: int
    name: str
    because: str
    source: Literal["calendar", "person"]
    set_by: str | None = None
    until_utc_ns: int | None = None


class PostureView(_Record, frozen=True, kw_only=True):
    """The level that holds, and every source that asks for one, the highest first."""

    level: int
    name: str
    because: str
    since_utc_ns: int
    set_by: str | None = None
    until_utc_ns: int | None = None
    sources: tuple[PostureSourceView, ...] = ()


class LevelView(_Record, frozen=True, kw_only=True):
    """A level that may be set."""

    level: int
    name: str


class OccupancyView(_Record, frozen=True, kw_only=True):
    """Who is at an asset. `counts_as_present` is what everything goes by."""

    asset: str
    persons: int
    principal: Literal["present", "away", "unknown"]
    counts_as_present: bool
    sure_percent: int
    since_utc_ns: int
    until_utc_ns: int | None = None
    set_by: str | None = None
    reason: str | None = None


class CalendarView(_Record, frozen=True, kw_only=True):
    """A day or an hour that raises the posture, from `lead_in_s` before its start."""

    id: str
    name: str
    level: int
    because: str
    start_utc_ns: int
    end_utc_ns: int
    lead_in_s: float = 0.0


class Duty(_Record, frozen=True, kw_only=True, tag_field="type", tag="duty"):
    """`calendar` holds what has not ended, the next first."""

    posture: PostureView | None = None
    levels: tuple[LevelView, ...] = ()
    occupancies: tuple[OccupancyView, ...] = ()
    calendar: tuple[CalendarView, ...] = ()
