"""A SAPIENT status report as what a sensor says of itself: how it is, where it stands, where it looks.

| system | state |
|---|---|
| OK | ok; degraded when one of its statuses is a warning or an error, failed when it is "not detecting" |
| WARNING | degraded |
| ERROR | failed |
| GOODBYE | off |

A field of view is a cone (azimuth and extent; the extents are degrees whatever the unit of the rest, as the
schema says) or an outline, of which the directions it fills and the farthest corner are taken; where there
is none, the coverage is taken. A single point is no outline.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.place import Vector
from skykeep.domain.sensing import SensorState
from skykeep.geo.frames import LocalFrame
from skykeep.wire.sapient_place import (
    SapientNode,
    frame_at,
    north_offset_rad,
    place_of,
    turned_into_site,
)
from skykeep.wire.sapient_schema import enum_name, printable

_OK, _WARNING, _ERROR, _GOODBYE = 1, 2, 3, 5
_STATES = {
    _OK: SensorState.OK,
    _WARNING: SensorState.DEGRADED,
    _ERROR: SensorState.FAILED,
    _GOODBYE: SensorState.OFF,
}
_LEVEL_WARNING, _LEVEL_ERROR = 3, 4
_NOT_DETECTING = 11
_POWER_FAULT = 2
_UNCHANGED = 2
_TURN = 2.0 * math.pi


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Where a node looks, clockwise in the site's axes; a whole turn is 0 to 2 pi."""

    azimuth_from_rad: float | None
    azimuth_to_rad: float | None
    range_max_m: float | None


class NodeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One status report. `unchanged` says that what it leaves out is as it was."""

    state: SensorState
    mode: str
    says: str
    unchanged: bool
    position_enu_m: Vector | None
    view: View | None


def status_of(report: Any, node: SapientNode, frame: LocalFrame, own: Vector) -> NodeStatus:
    """Return the record of a checked report; DecodeError where it places itself or its view impossibly.

    `own` is where the node stood until now.
    """
    position = None
    if report.HasField("node_location"):
        place = place_of(report.node_location, "status_report.node_location", node, frame)
        position = place.position_enu_m if place.up_known else (*place.position_enu_m[:2], own[2])
    return NodeStatus(
        state=_state(report),
        mode=report.mode,
        says=_says(report),
        unchanged=report.info == _UNCHANGED,
        position_enu_m=position,
        view=_view(report, node, frame, position or own),
    )


def _state(report: Any) -> SensorState:
    state = _STATES[report.system]
    if state is not SensorState.OK:
        return state
    if any(one.status_type == _NOT_DETECTING for one in report.status):
        return SensorState.FAILED
    if any(one.status_level in (_LEVEL_WARNING, _LEVEL_ERROR) for one in report.status):
        return SensorState.DEGRADED
    return state


def _says(report: Any) -> str:
    parts = [f"mode {printable(report.mode, 60)}"]
    for one in report.status:
        what = enum_name(one, "status_type", "STATUS_TYPE_").replace("_", " ")
        parts.append(f"{what}: {printable(one.status_value, 100)}" if one.status_value else what)
    if report.HasField("power") and report.power.status == _POWER_FAULT:
        parts.append("power fault")
    if report.HasField("power") and report.power.HasField("level"):
        parts.append(f"battery {report.power.level} %")
    return printable("; ".join(parts), 600)


def _view(report: Any, node: SapientNode, frame: LocalFrame, own: Vector) -> View | None:
    if report.HasField("field_of_view"):
        return _area(report.field_of_view, "status_report.field_of_view", node, frame, own)
    for index, area in enumerate(report.coverage):
        return _area(area, f"status_report.coverage[{index}]", node, frame, own)
    return None


def _area(area: Any, field: str, node: SapientNode, frame: LocalFrame, own: Vector) -> View | None:
    if area.HasField("range_bearing"):
        return _cone(area.range_bearing, f"{field}.range_bearing", node, frame, own)
    corners = [
        place_of(place, f"{field}.location_list.locations[{index}]", node, frame).position_enu_m
        for index, place in enumerate(area.location_list.locations)
    ]
    return _outline(corners, own) if len(corners) >= 3 else None


def _cone(cone: Any, field: str, node: SapientNode, frame: LocalFrame, own: Vector) -> View:
    range_m = cone.range * (1_000.0 if cone.coordinate_system in (3, 4) else 1.0) or None
    if not cone.HasField("horizontal_extent") or cone.horizontal_extent == 360.0:
        whole = cone.HasField("horizontal_extent")
        return View(
            azimuth_from_rad=0.0 if whole else None,
            azimuth_to_rad=_TURN if whole else None,
            range_max_m=range_m,
        )
    if not cone.HasField("azimuth"):
        raise DecodeError(f"{field}.azimuth", "absent", "given with a horizontal extent under 360 degrees")
    standing = frame_at(own, frame)
    to_rad = 1.0 if cone.coordinate_system in (2, 4) else math.pi / 180.0
    centre = cone.azimuth * to_rad + north_offset_rad(cone, field, node, standing)
    centre, _ = turned_into_site(centre, 0.0, frame, standing)
    half = math.radians(cone.horizontal_extent) / 2.0
    return View(
        azimuth_from_rad=(centre - half) % _TURN, azimuth_to_rad=(centre + half) % _TURN, range_max_m=range_m
    )


def _outline(corners: list[Vector], own: Vector) -> View:
    """Return the directions an outline fills: all round where the node is inside, else all but the widest
    gap between corners.
    """
    farthest_m = max(math.dist(corner[:2], own[:2]) for corner in corners)
    if _inside(corners, own):
        return View(azimuth_from_rad=0.0, azimuth_to_rad=_TURN, range_max_m=farthest_m or None)
    azimuths = sorted(
        math.atan2(east - own[0], north - own[1]) % _TURN
        for east, north, _ in corners
        if (east, north) != own[:2]
    )
    if not azimuths:
        return View(azimuth_from_rad=None, azimuth_to_rad=None, range_max_m=None)
    gaps = [
        (after - before) % _TURN for before, after in zip(azimuths, azimuths[1:] + azimuths[:1], strict=True)
    ]
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    return View(
        azimuth_from_rad=azimuths[(widest + 1) % len(azimuths)],
        azimuth_to_rad=azimuths[widest],
        range_max_m=farthest_m or None,
    )


def _inside(corners: list[Vector], own: Vector) -> bool:
    """Return whether a place lies in an outline: an even-odd count of the edges east of it."""
    inside = False
    for (x1, y1, _), (x2, y2, _) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > own[1]) != (y2 > own[1]) and own[0] < x1 + (own[1] - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside
