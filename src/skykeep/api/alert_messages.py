"""Alerts as the console is sent them, with their lives, and how much people are asked to bear."""

from __future__ import annotations

from typing import Literal

import msgspec

AlertStateName = Literal["raised", "acknowledged", "assigned", "shelved", "escalated", "cleared"]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


class AlertStepView(_Record, frozen=True, kw_only=True):
    """One step of an alert's life; `by` is null where the rules took it."""

    time_utc_ns: int
    state: AlertStateName
    by: str | None = None
    because: str


class FactorsView(_Record, frozen=True, kw_only=True):
    """The factors whose product is the priority."""

    unauthorised: float
    aims_at_asset: float
    breach_before_response: float
    consequence: float


class AlertView(_Record, frozen=True, kw_only=True):
    """`members` are the tracks it is about now, that which matters most last; `track_ids` all it ever was."""

    id: str
    state: AlertStateName
    title: str
    track_ids: tuple[int, ...]
    asset: str
    priority: float
    raised_utc_ns: int
    breach_s: tuple[float, float, float] | None = None
    acknowledged_by: str | None = None
    grounds: tuple[str, ...] = ()
    cleared_because: str | None = None
    members: tuple[int, ...] = ()
    group: str | None = None
    worst_case_s: float | None = None
    factors: FactorsView | None = None
    assigned_to: str | None = None
    shelved_by: str | None = None
    shelved_because: str | None = None
    shelved_until_utc_ns: int | None = None
    escalated_to: str | None = None
    came_back: int = 0
    cleared_by: str | None = None
    history: tuple[AlertStepView, ...] = ()


class AlarmRateView(_Record, frozen=True, kw_only=True):
    """Alarms in the last ten minutes, the most in any ten minutes, and whether that is a flood."""

    in_ten_minutes: int = 0
    most_in_ten_minutes: int = 0
    flooded: bool = False


class Alerts(_Record, frozen=True, kw_only=True, tag_field="type", tag="alerts"):
    """Most urgent first. Every `breach_s` counts from `time_utc_ns`."""

    time_utc_ns: int = 0
    alerts: tuple[AlertView, ...] = ()
    rate: AlarmRateView = AlarmRateView()
