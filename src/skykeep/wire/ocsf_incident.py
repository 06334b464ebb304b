"""An incident as an OCSF event of the class Incident Finding (2005), for systems that watch over security.

Open Cybersecurity Schema Framework 1.7.0. One finding for each alert that the incident holds, with what else
it holds as related events under it or, where there is no alert, one for the incident itself. Nothing personal
goes out: no names of persons but who opened it, no text of reports, notes or statements.
"""

from __future__ import annotations

from typing import Any

from skykeep.domain.incident import Incident, IncidentState, Item, ItemKind
from skykeep.wire.ocsf import VERSION

CATEGORY_UID, CLASS_UID = 2, 2005
_CREATE, _UPDATE, _CLOSE = (1, "Create"), (2, "Update"), (3, "Close")
_STATUS = {
    IncidentState.OPEN: (2, "In Progress"),
    IncidentState.CLOSED: (5, "Closed"),
    IncidentState.MERGED: (5, "Closed"),
}
_TOLD = (
    *(ItemKind.TRACK, ItemKind.TASK, ItemKind.PROPOSAL, ItemKind.EFFECT),
    *(ItemKind.REPORT, ItemKind.MEDIA, ItemKind.STATEMENT),
)
_UNSAID = frozenset({ItemKind.REPORT, ItemKind.MEDIA, ItemKind.STATEMENT})


def incident_finding(incident: Incident, site: str, product_version: str) -> dict[str, Any]:
    """Return the event as what its JSON holds; times are milliseconds since 1970."""
    last = incident.history[-1]
    activity_id, activity = _activity(incident)
    status_id, status = _STATUS[incident.state]
    times = [held.item.time_utc_ns for held in incident.items] or [incident.opened_utc_ns]
    event: dict[str, Any] = {
        "activity_id": activity_id,
        "activity_name": activity,
        "category_uid": CATEGORY_UID,
        "category_name": "Findings",
        "class_uid": CLASS_UID,
        "class_name": "Incident Finding",
        "type_uid": CLASS_UID * 100 + activity_id,
        "type_name": f"Incident Finding: {activity}",
        "time": last.time_utc_ns // 1_000_000,
        "start_time": min(times) // 1_000_000,
        "end_time": max(times) // 1_000_000,
        # How bad it is a person says, not the machine.
        "severity_id": 0,
        "severity": "Unknown",
        "status_id": status_id,
        "status": status,
        "desc": incident.title,
        "message": f"{incident.incident_id}: {incident.title}",
        "finding_info_list": _findings(incident),
        "metadata": {
            "version": VERSION,
            "uid": f"{site} {incident.incident_id} {len(incident.history)}",
            "correlation_uid": incident.incident_id,
            "product": {"name": "Skykeep", "vendor_name": "Skykeep", "version": product_version},
        },
        "count": max(1, sum(held.item.key.kind is ItemKind.ALERT for held in incident.items)),
        "unmapped": {
            "site": site,
            "opened_by": (incident.rule and f"rule: {incident.rule}") or incident.opened_by,
            "merged_into": incident.merged_into,
            "merged_from": list(incident.merged_from),
            "split_from": incident.split_from,
        },
    }
    if incident.state is not IncidentState.OPEN:
        event["comment"] = last.because
    return event


def _activity(incident: Incident) -> tuple[int, str]:
    if incident.state is not IncidentState.OPEN:
        return _CLOSE
    return _CREATE if len(incident.history) == 1 else _UPDATE


def _findings(incident: Incident) -> list[dict[str, Any]]:
    items = [held.item for held in incident.items]
    related = [_related(item) for item in items if item.key.kind in _TOLD]
    alerts = [item for item in items if item.key.kind is ItemKind.ALERT]
    if not alerts:
        own = {"uid": incident.incident_id, "title": incident.title, "types": ["incident"]}
        return [own | _times(incident.opened_utc_ns) | _with(related)]
    findings = [
        {"uid": _uid(item), "title": item.says, "types": ["drone alert"]} | _times(item.time_utc_ns)
        for item in alerts
    ]
    findings[0] |= _with(related)
    return findings


def _related(item: Item) -> dict[str, Any]:
    kind = item.key.kind
    title = kind.value if kind in _UNSAID else item.says
    return {"uid": _uid(item), "title": title, "type_name": kind.value, **_seen(item.time_utc_ns)}


def _with(related: list[dict[str, Any]]) -> dict[str, Any]:
    return {"related_events": related, "related_events_count": len(related)} if related else {}


def _times(time_utc_ns: int) -> dict[str, Any]:
    return {"created_time": time_utc_ns // 1_000_000, **_seen(time_utc_ns)}


def _seen(time_utc_ns: int) -> dict[str, Any]:
    return {"first_seen_time": time_utc_ns // 1_000_000}


def _uid(item: Item) -> str:
    key = item.key
    return f"{key.kind.value}:{key.item_id}" + (f"@{key.night_id}" if key.night_id else "")
