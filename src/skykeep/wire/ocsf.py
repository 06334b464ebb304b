"""An alert as an OCSF event of the class Drone Flights Activity (8001), for systems that watch over security.

Open Cybersecurity Schema Framework 1.7.0. What a track claims is given as claimed: the serial is that of a
broadcast which sensors agree with, and left out otherwise. Degrees are WGS 84, heights above the ellipsoid.
"""

from __future__ import annotations

from typing import Any

import msgspec

from skykeep.domain.identity import TargetClass
from skykeep.domain.response import Alert, AlertState

VERSION = "1.7.0"
CATEGORY_UID, CLASS_UID, RECORD = 8, 8001, 2
_AIRBORNE, _UNDECLARED = 3, 1
_TYPES = {
    TargetClass.MULTIROTOR: (2, "Helicopter"),
    TargetClass.FIXED_WING: (1, "Airplane"),
    TargetClass.OTHER: (99, "Other"),
}
# Severity by priority, the highest that it reaches: medium, high, critical.
_SEVERITIES = ((0.5, 5, "Critical"), (0.25, 4, "High"), (0.0, 3, "Medium"))


class Flight(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an alert's track when it is told: where it is, how it flies, what it is likely to be.

    `operator_deg` is latitude and longitude as the claim gives them; a speed is over ground.
    """

    track_id: int
    latitude_deg: float
    longitude_deg: float
    height_hae_m: float
    sigma_m: float
    speed_mps: float
    course_deg: float
    climb_mps: float
    target_class: TargetClass
    claimed_id: str = ""
    operator_id: str = ""
    operator_deg: tuple[float, float] | None = None


def drone_flight_event(
    alert: Alert, flight: Flight | None, notice_id: str, site: str, product_version: str
) -> dict[str, Any]:
    """Return the event as what its JSON holds; times are milliseconds since 1970."""
    over = alert.state is AlertState.CLEARED
    severity_id, severity = (1, "Informational") if over else _severity(alert.priority)
    said = alert.cleared_because if over else " ".join(alert.grounds)
    event: dict[str, Any] = {
        "activity_id": RECORD,
        "activity_name": "Record",
        "category_uid": CATEGORY_UID,
        "category_name": "Unmanned Systems",
        "class_uid": CLASS_UID,
        "class_name": "Drone Flights Activity",
        "type_uid": CLASS_UID * 100 + RECORD,
        "type_name": "Drone Flights Activity: Record",
        "time": alert.changed_utc_ns // 1_000_000,
        "start_time": alert.raised_utc_ns // 1_000_000,
        "severity_id": severity_id,
        "severity": severity,
        "message": f"{alert.title}. {said}".strip(),
        "status_id": _UNDECLARED if flight is None else _AIRBORNE,
        "status": "Undeclared" if flight is None else "Airborne",
        "metadata": {
            "version": VERSION,
            "uid": notice_id,
            "correlation_uid": alert.alert_id,
            "event_code": f"alert_{alert.state.value}",
            "product": {"name": "Skykeep", "vendor_name": "Skykeep", "version": product_version},
        },
        "dst_endpoint": {"name": site},
        "src_endpoint": {"name": site},
        "unmanned_aerial_system": _system(alert, flight),
        "unmanned_system_operator": _operator(flight),
        "count": max(1, len(alert.members)),
        "unmapped": {"asset_id": alert.asset_id, "priority": round(alert.priority, 3), **_breach(alert)},
    }
    if flight is not None and flight.operator_deg is not None:
        latitude_deg, longitude_deg = flight.operator_deg
        event["unmanned_system_operating_area"] = {
            "type_id": 3,
            "type": "Dynamic Location",
            "lat": latitude_deg,
            "long": longitude_deg,
            "desc": "Where the broadcast says that its operator is",
            "count": 1,
        }
    return event


def _severity(priority: float) -> tuple[int, str]:
    return next((each[1], each[2]) for each in _SEVERITIES if priority >= each[0])


def _breach(alert: Alert) -> dict[str, Any]:
    if alert.breach is None:
        return {}
    seconds = {"breach_from_s": round(alert.breach.low_s, 1), "breach_to_s": round(alert.breach.high_s, 1)}
    return (
        seconds if alert.worst_case_s is None else {**seconds, "worst_case_s": round(alert.worst_case_s, 1)}
    )


def _system(alert: Alert, flight: Flight | None) -> dict[str, Any]:
    if flight is None:
        return {"name": alert.title, "type_id": 0, "type": "Unknown/Undeclared"}
    type_id, type_ = _TYPES.get(flight.target_class, (0, "Unknown/Undeclared"))
    system: dict[str, Any] = {
        "name": f"Track {flight.track_id}",
        "uid": flight.claimed_id or f"track {flight.track_id}",
        "type_id": type_id,
        "type": type_,
        "speed": f"{flight.speed_mps:.1f} m/s",
        "track_direction": f"{flight.course_deg:.0f}",
        "vertical_speed": f"{flight.climb_mps:.1f} m/s",
        "location": {
            "lat": round(flight.latitude_deg, 7),
            "long": round(flight.longitude_deg, 7),
            "geodetic_altitude": f"{flight.height_hae_m:.1f} m",
            "horizontal_accuracy": f"{flight.sigma_m:.1f} m",
        },
    }
    if flight.claimed_id:
        system["serial_number"] = flight.claimed_id
    return system


def _operator(flight: Flight | None) -> dict[str, Any]:
    known = flight is not None and flight.operator_id
    return (
        {"uid": flight.operator_id, "name": flight.operator_id} if flight and known else {"name": "unknown"}
    )
