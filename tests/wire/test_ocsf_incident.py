"""An incident as an OCSF Incident Finding, against the class as another project's models hold it."""

from __future__ import annotations

import msgspec
import pytest
from ocsf.v1_7_0.events import IncidentFinding
from pydantic import ValidationError

from skykeep.domain.incident import (
    CloseIncident,
    Incident,
    Item,
    ItemKey,
    ItemKind,
    MergeIncidents,
    NoteOnIncident,
    OpenIncident,
)
from skykeep.evidence.incident_book import IncidentBook
from skykeep.wire.ocsf_incident import incident_finding

T0 = 1_935_540_000_000_000_000
REPORT = "Perpetua heard a humming"


def item(kind: ItemKind, item_id: str, seconds: int, says: str) -> Item:
    night = "" if kind is ItemKind.MEDIA else "N-1"
    key = ItemKey(kind=kind, item_id=item_id, night_id=night)
    return Item(key=key, time_utc_ns=T0 + seconds * 1_000_000_000, says=says)


ITEMS = (
    item(ItemKind.ALERT, "alert-1", 0, "alert-1: A drone"),
    item(ItemKind.TRACK, "7", 1, "Track 7"),
    item(ItemKind.REPORT, "people 1", 2, REPORT),
    item(ItemKind.MEDIA, "M-1", 3, "perpetua.jpg"),
    item(ItemKind.ALERT, "alert-2", 9, "alert-2: Another"),
)


def book(items: tuple[Item, ...] = ITEMS) -> IncidentBook:
    made = IncidentBook()
    made.apply(
        OpenIncident(title="Two drones", reason="They came", by="op", time_utc_ns=T0, items=items, rule="r")
    )
    return made


def checked(incident: Incident) -> dict[str, object]:
    event = incident_finding(incident, "A harbour", "0.1")
    IncidentFinding.model_validate(event)
    return event


def test_an_incident_by_hand() -> None:
    event = checked(book().incident("I-1"))

    assert (event["class_uid"], event["type_uid"], event["status"]) == (2005, 200501, "In Progress")
    assert (event["start_time"], event["end_time"]) == (T0 // 10**6, T0 // 10**6 + 9_000)
    findings = event["finding_info_list"]
    assert isinstance(findings, list)
    assert [each["uid"] for each in findings] == ["alert:alert-1@N-1", "alert:alert-2@N-1"]
    related = [each["uid"] for each in findings[0]["related_events"]]
    assert related == ["track:7@N-1", "report:people 1@N-1", "media:M-1"]
    assert event["count"] == 2


def test_what_persons_said_and_what_their_files_are_called_stays_in_the_house() -> None:
    made = book()
    made.apply(NoteOnIncident(incident_id="I-1", text="Perpetua called", by="op", time_utc_ns=T0))

    assert b"erpetua" not in msgspec.json.encode(checked(made.incident("I-1")))


def test_its_life_is_told_as_activity_and_status() -> None:
    made = book()
    made.apply(NoteOnIncident(incident_id="I-1", text="Hm", by="op", time_utc_ns=T0))
    assert checked(made.incident("I-1"))["activity_name"] == "Update"
    made.apply(OpenIncident(title="B", reason="C", by="op", time_utc_ns=T0))
    made.apply(MergeIncidents(incident_ids=("I-2",), into="I-1", reason="One", by="op", time_utc_ns=T0))
    merged = checked(made.incident("I-2"))
    assert (merged["activity_name"], merged["status"], merged["comment"]) == ("Close", "Closed", "One")
    made.apply(CloseIncident(incident_id="I-1", reason="Done", by="op", time_utc_ns=T0))
    assert checked(made.incident("I-1"))["type_uid"] == 200503


def test_one_that_people_opened_without_an_alert_is_its_own_finding() -> None:
    event = checked(book(()).incident("I-1"))

    findings = event["finding_info_list"]
    assert isinstance(findings, list)
    assert [each["uid"] for each in findings] == ["I-1"]


def test_the_models_do_refuse_what_is_none() -> None:
    event = incident_finding(book().incident("I-1"), "A harbour", "0.1")

    with pytest.raises(ValidationError):
        IncidentFinding.model_validate({**event, "finding_info_list": [{"title": "no uid"}]})
