"""What a SAPIENT node says of itself when it registers, as one record.

What we use of it: whether it senses or acts, its modes with their latencies, whether its object ids persist,
the units of its velocities, how often it will report. The rest is kept to be shown. Times are seconds.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from skykeep.wire.sapient_schema import enum_name, printable

VERSION = "BSI Flex 335 v2.0"
_VERSION_2 = re.compile(r"BSI[ _]Flex[ _]335[ _]v2(\.\d+)?", re.IGNORECASE)
EFFECTORS = frozenset({"kinetic", "jammer", "ldew", "rfdew"})
"""Node types that act on a target. Skykeep takes sensors only: it neither hears nor tasks these."""
NEVER_TASKED = EFFECTORS | {"cyber"}
"""A cyber node may sense or act, and its modes do not say which: it is heard, and never tasked."""
_SECONDS = (0.0, 1e-9, 1e-6, 1e-3, 1.0, 60.0, 3_600.0, 86_400.0)
_KPH = 2
_MPS_PER_KPH = 1.0 / 3.6


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    category: str
    type: str
    value: str
    units: str


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """One way a node can work. `keeps_objects` says that an object id means one object from report to
    report; `rate_mps` turns its velocities, level and upwards, into m/s. `commands` are what it may be asked.
    """

    name: str
    type: str
    scan_type: str
    tracking_type: str
    maximum_latency_s: float | None
    settle_time_s: float
    commands: tuple[str, ...]
    keeps_objects: bool
    rate_mps: tuple[float, float]


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """One node as it registered."""

    node_id: str
    version: str
    name: str
    node_types: tuple[str, ...]
    capabilities: tuple[Capability, ...]
    modes: tuple[Mode, ...]
    status_interval_s: float
    dependent_nodes: tuple[str, ...]
    makers: tuple[str, ...]

    @property
    def shown_name(self) -> str:
        return self.name or self.node_id

    def mode(self, name: str) -> Mode | None:
        """Return the mode of that name; None if there is none."""
        return next((mode for mode in self.modes if mode.name == name), None)


def registration_of(message: Any) -> Registration:
    """Return the record of a checked registration message."""
    told = message.registration
    return Registration(
        node_id=message.node_id,
        version=told.icd_version,
        name=printable(told.short_name or told.name, 60),
        node_types=tuple(enum_name(one, "node_type", "NODE_TYPE_") for one in told.node_definition),
        capabilities=tuple(
            Capability(category=one.category, type=one.type, value=one.value, units=one.units)
            for one in told.capabilities
        ),
        modes=tuple(_mode(one) for one in told.mode_definition),
        status_interval_s=seconds_of(told.status_definition.status_interval),
        dependent_nodes=tuple(told.dependent_nodes),
        makers=tuple(f"{one.manufacturer} {one.model}".strip() for one in told.config_data),
    )


def speaks_version_2(version: str) -> bool:
    """Return whether an `icd_version` names BSI Flex 335 v2; some nodes write it with underscores."""
    return _VERSION_2.fullmatch(version.strip()) is not None


def seconds_of(duration: Any) -> float:
    """Return a checked duration in seconds."""
    return float(_SECONDS[duration.units] * duration.value)


def _mode(told: Any) -> Mode:
    tracking = enum_name(told, "tracking_type", "TRACKING_TYPE_")
    return Mode(
        name=told.mode_name,
        type=enum_name(told, "mode_type", "MODE_TYPE_"),
        scan_type=enum_name(told, "scan_type", "SCAN_TYPE_"),
        tracking_type=tracking,
        maximum_latency_s=seconds_of(told.maximum_latency) if told.HasField("maximum_latency") else None,
        settle_time_s=seconds_of(told.settle_time),
        commands=tuple(enum_name(one, "type", "COMMAND_TYPE_") for one in told.task.command),
        keeps_objects=tracking in ("tracklet", "track", "track_with_re_id"),
        rate_mps=_rate_mps(told),
    )


def _rate_mps(told: Any) -> tuple[float, float]:
    """Return what one of its units of speed is in m/s: km/h where it says so, else m/s."""
    for one in told.detection_definition:
        units = one.velocity_type.enu_velocity_units
        return (
            _MPS_PER_KPH if units.east_north_rate_units == _KPH else 1.0,
            _MPS_PER_KPH if units.up_rate_units == _KPH else 1.0,
        )
    return 1.0, 1.0
