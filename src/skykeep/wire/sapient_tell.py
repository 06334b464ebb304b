"""SAPIENT messages that Skykeep sends: acknowledgements, errors, its own registration, status and tracks.

Tracks go out as WGS 84 latitude and longitude in degrees over the ellipsoid, one sigma as error in the same
units (x and y in degrees, z in metres), velocity in m/s. An object id is the ULID of the track's birth and
number, so that it stays for the life of the track and says nothing else. Everything here is checked as what
comes in is. Every message carries the time it speaks of: for a track that of its state.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from skykeep.domain.identity import STANDING_NAMES, TargetClass
from skykeep.domain.track import TRACK_STATUS_NAMES, TrackReport, TrackStatus
from skykeep.wire.sapient_ids import ulid
from skykeep.wire.sapient_registration import VERSION
from skykeep.wire.sapient_schema import SapientMessage

_METRES_PER_DEG = math.radians(6_371_008.8)
_CLASSES: dict[TargetClass, tuple[str, str]] = {
    TargetClass.MULTIROTOR: ("Air vehicle", "UAV rotary wing"),
    TargetClass.FIXED_WING: ("Air vehicle", "UAV fixed wing"),
    TargetClass.AIRCRAFT: ("Air vehicle", "Manned fixed wing"),
    TargetClass.BIRD: ("Animal", "Bird"),
    TargetClass.OTHER: ("Other", ""),
}
STANDING_INFO = "standing"
MODE = "Default"
ECHOED_BYTES = 65_536
"""So much of what was wrong goes back with the complaint."""


class Self(msgspec.Struct, frozen=True, kw_only=True):
    """What Skykeep says of itself to a parent: who, where (latitude, longitude, height over the ellipsoid),
    how far it sees, and how late at most.
    """

    node_id: str
    name: str
    short_name: str
    software_version: str
    latitude_deg: float
    longitude_deg: float
    height_hae_m: float
    reach_m: float
    status_interval_s: float = 5.0
    maximum_latency_s: float = 0.9
    dependent_nodes: tuple[str, ...] = ()


def envelope(node_id: str, destination_id: str, time_utc_ns: int) -> Any:
    """Return a message with nothing in it yet; no destination where that is ""."""
    message = SapientMessage(node_id=node_id)
    message.timestamp.FromNanoseconds(time_utc_ns)
    if destination_id:
        message.destination_id = destination_id
    return message


def registration_ack(node_id: str, destination_id: str, time_utc_ns: int, refused: Sequence[str] = ()) -> Any:
    """Return the answer to a registration: accepted, or refused for reasons."""
    message = envelope(node_id, destination_id, time_utc_ns)
    message.registration_ack.acceptance = not refused
    message.registration_ack.ack_response_reason.extend(refused)
    return message


def alert_ack(
    node_id: str, destination_id: str, time_utc_ns: int, alert_id: str, refused: Sequence[str] = ()
) -> Any:
    """Return the answer to an alert."""
    message = envelope(node_id, destination_id, time_utc_ns)
    message.alert_ack.alert_id = alert_id
    message.alert_ack.alert_ack_status = 2 if refused else 1
    message.alert_ack.reason.extend(refused)
    return message


def task_ack(
    node_id: str, destination_id: str, time_utc_ns: int, task_id: str, refused: Sequence[str] = ()
) -> Any:
    """Return the answer to a task: accepted, or refused for reasons."""
    message = envelope(node_id, destination_id, time_utc_ns)
    message.task_ack.task_id = task_id
    message.task_ack.task_status = 2 if refused else 1
    message.task_ack.reason.extend(refused)
    return message


def error_message(
    node_id: str, destination_id: str, time_utc_ns: int, packet: bytes, faults: Iterable[str]
) -> Any:
    """Return a complaint about octets that came, one sentence for each thing wrong with them."""
    message = envelope(node_id, destination_id, time_utc_ns)
    message.error.packet = packet[:ECHOED_BYTES]
    message.error.error_message.extend(faults)
    return message


def registration(me: Self, destination_id: str, time_utc_ns: int) -> Any:
    """Return Skykeep's registration as a fusion node under a parent."""
    message = envelope(me.node_id, destination_id, time_utc_ns)
    told = message.registration
    told.node_definition.add(node_type=20, node_sub_type=["Counter-UAS track fusion"])
    told.icd_version, told.name, told.short_name = VERSION, me.name, me.short_name
    told.capabilities.add(category="Fusion", type="Tracks of small aircraft and birds")
    _duration(told.status_definition.status_interval, me.status_interval_s)
    _lat_lng(told.status_definition.location_definition)
    told.status_definition.field_of_view_definition.range_bearing_units = 1
    told.status_definition.field_of_view_definition.range_bearing_datum = 1
    _mode(told.mode_definition.add(), me)
    told.dependent_nodes.extend(me.dependent_nodes)
    told.config_data.add(manufacturer="Skykeep", model="Skykeep", software_version=me.software_version)
    return message


def _mode(mode: Any, me: Self) -> None:
    mode.mode_name, mode.mode_type, mode.mode_description = MODE, 3, "Tracks what its sensors see"
    _duration(mode.settle_time, 0.0)
    _duration(mode.maximum_latency, me.maximum_latency_s)
    mode.scan_type, mode.tracking_type = 1, 3
    found = mode.detection_definition.add()
    _lat_lng(found.location_type)
    found.detection_report.add(category=3, type=STANDING_INFO, units="/".join(STANDING_NAMES), on_change=True)
    classes = found.detection_class_definition.add(confidence_definition=2)
    by_type: dict[str, Any] = {}
    for upper, lower in _CLASSES.values():
        if upper not in by_type:
            by_type[upper] = classes.class_definition.add(type=upper, units="probability")
        if lower:
            by_type[upper].sub_class.add(type=lower, units="probability", level=1)
    found.velocity_type.enu_velocity_units.east_north_rate_units = 1
    found.velocity_type.enu_velocity_units.up_rate_units = 1
    found.velocity_type.location_datum = 1
    found.geometric_error.type = "Standard deviation"
    found.geometric_error.units = "degrees, degrees, metres"
    found.geometric_error.variation_type = "As reported"
    mode.task.concurrent_tasks = 1
    mode.task.region_definition.region_type.append(1)
    _lat_lng(mode.task.region_definition.region_area.add())
    command = mode.task.command.add(units="Status, Registration", type=1)
    _duration(command.completion_time, 1.0)


def _duration(duration: Any, seconds: float) -> None:
    duration.units, duration.value = 4, seconds


def _lat_lng(kind: Any) -> None:
    kind.location_units, kind.location_datum = 1, 1


def status_report(
    me: Self, destination_id: str, time_utc_ns: int, *, sequence: int, system: int = 1, says: str = ""
) -> Any:
    """Return a status report: `system` as the standard numbers it (1 OK, 2 warning, 3 error, 5 goodbye)."""
    message = envelope(me.node_id, destination_id, time_utc_ns)
    told = message.status_report
    told.report_id = ulid(time_utc_ns, me.node_id, "status", sequence)
    told.system, told.info, told.mode = system, 1, MODE
    told.node_location.x, told.node_location.y, told.node_location.z = (
        me.longitude_deg,
        me.latitude_deg,
        me.height_hae_m,
    )
    told.node_location.coordinate_system, told.node_location.datum = 1, 1
    view = told.field_of_view.range_bearing
    view.azimuth, view.horizontal_extent, view.range = 0.0, 360.0, me.reach_m
    view.coordinate_system, view.datum = 1, 1
    if says:
        told.status.add(status_level=3 if system > 1 else 2, status_type=13, status_value=says)
    return message


def object_id(me: Self, report: TrackReport) -> str:
    """Return the object id of a track, the same for its whole life."""
    return ulid(report.born_utc_ns, me.node_id, "track", report.track_id)


def detection_report(me: Self, destination_id: str, report: TrackReport) -> Any:
    """Return one track as a detection report."""
    message = envelope(me.node_id, destination_id, report.time_utc_ns)
    told = message.detection_report
    told.report_id = ulid(report.time_utc_ns, me.node_id, "detection", report.track_id, report.time_utc_ns)
    told.object_id = object_id(me, report)
    told.state = "lost" if report.status is TrackStatus.ENDED else TRACK_STATUS_NAMES[report.status]
    _place(told.location, report)
    told.detection_confidence = min(max(report.existence, 0.0), 1.0)
    _classify(told, report)
    east, north, up = report.velocity_enu_mps
    told.enu_velocity.east_rate, told.enu_velocity.north_rate, told.enu_velocity.up_rate = east, north, up
    told.object_info.add(type=STANDING_INFO, value=STANDING_NAMES[report.standing])
    if report.claimed_id:
        told.id = report.claimed_id
    return message


def _place(location: Any, report: TrackReport) -> None:
    location.x, location.y, location.z = report.longitude_deg, report.latitude_deg, report.height_hae_m
    sigma_east_m, sigma_north_m, sigma_up_m = report.sigma_enu_m
    around_m = _METRES_PER_DEG * max(math.cos(math.radians(report.latitude_deg)), 1e-6)
    location.x_error, location.y_error = sigma_east_m / around_m, sigma_north_m / _METRES_PER_DEG
    location.z_error = sigma_up_m
    location.coordinate_system, location.datum = 1, 1


def _classify(told: Any, report: TrackReport) -> None:
    by_type: dict[str, Any] = {}
    for target_class, share in zip(TargetClass, report.class_probabilities, strict=True):
        upper, lower = _CLASSES[target_class]
        if upper not in by_type:
            by_type[upper] = told.classification.add(type=upper, confidence=0.0)
        # Rounded sums may pass 1 by a bit.
        by_type[upper].confidence = min(by_type[upper].confidence + share, 1.0)
        if lower:
            by_type[upper].sub_class.add(type=lower, confidence=min(max(share, 0.0), 1.0), level=1)
