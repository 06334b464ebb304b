"""Tasks that Skykeep may send to a SAPIENT node: look there, say how you are, register again, change mode.

There is no way here to make any other. `refusals` is the second lock: it reads a finished task and the node's
own registration, and says why it may not go out. Regions, moves, patrols, pursuits and thresholds are not
sent; nothing at all goes to a node that acts on targets or may.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import msgspec

from skykeep.wire.sapient_ids import ulid
from skykeep.wire.sapient_registration import NEVER_TASKED, Registration
from skykeep.wire.sapient_tell import envelope

STATUS, REGISTRATION = "Status", "Registration"
_START = 1
_TURN_DEG = 360.0


class LookAt(msgspec.Struct, frozen=True, kw_only=True):
    """Point at a place on WGS 84."""

    latitude_deg: float
    longitude_deg: float
    height_hae_m: float


class LookAlong(msgspec.Struct, frozen=True, kw_only=True):
    """Point along a bearing from true north at the node, and up from its horizon."""

    azimuth_rad: float
    elevation_rad: float


class RequestStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Send a status report now."""


class RequestRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """Register again."""


class ChangeMode(msgspec.Struct, frozen=True, kw_only=True):
    """Work in another of the modes that the node registered."""

    mode: str


SensingTask: TypeAlias = LookAt | LookAlong | RequestStatus | RequestRegistration | ChangeMode


def task_message(
    node_id: str, destination_id: str, time_utc_ns: int, sequence: int, asked: SensingTask
) -> Any:
    """Return the task; TypeError for anything that is not a sensing task."""
    message = envelope(node_id, destination_id, time_utc_ns)
    task = message.task
    task.task_id = ulid(time_utc_ns, node_id, destination_id, "task", sequence)
    task.control = _START
    match asked:
        case LookAt():
            place = task.command.look_at.location_list.locations.add()
            place.x, place.y, place.z = asked.longitude_deg, asked.latitude_deg, asked.height_hae_m
            place.coordinate_system = place.datum = 1
        case LookAlong():
            cone = task.command.look_at.range_bearing
            cone.azimuth = math.degrees(asked.azimuth_rad) % _TURN_DEG
            cone.elevation = math.degrees(asked.elevation_rad)
            cone.coordinate_system = cone.datum = 1
        case RequestStatus():
            task.command.request = STATUS
        case RequestRegistration():
            task.command.request = REGISTRATION
        case ChangeMode():
            task.command.mode_change = asked.mode
        case _:
            raise TypeError(f"{type(asked).__name__} is no sensing task")
    return message


def refusals(message: Any, registration: Registration) -> list[str]:
    """Return why a task may not be sent to a node, nothing if it may."""
    task, reasons = message.task, []
    acting = [kind for kind in registration.node_types if kind in NEVER_TASKED]
    if acting:
        reasons.append(f"{registration.shown_name} is a {acting[0]} node: Skykeep tasks sensors only")
    command = task.command.WhichOneof("command") if task.HasField("command") else ""
    if command not in ("request", "mode_change", "look_at"):
        reasons.append(
            f"{command or 'a task without a command'}: only look-at, request and mode change are sent"
        )
    if command == "request" and task.command.request not in (STATUS, REGISTRATION):
        reasons.append(f"request {task.command.request!r}: only {STATUS} and {REGISTRATION} are asked for")
    if command == "mode_change" and registration.mode(task.command.mode_change) is None:
        named = ", ".join(mode.name for mode in registration.modes)
        reasons.append(f"mode {task.command.mode_change!r}: the node registered {named}")
    if task.region or task.control != _START:
        reasons.append("regions and controls other than start are not sent")
    offered = {offer for mode in registration.modes for offer in mode.commands}
    if command == "look_at" and "look_at" not in offered:
        reasons.append(f"{registration.shown_name} registered no look-at command")
    return reasons
