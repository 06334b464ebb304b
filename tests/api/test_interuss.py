"""The InterUSS interfaces: requests as a conformance suite was seen to send them, and the rules behind."""

from __future__ import annotations

import http.server
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from loopback import serving
from register_world import LAT, LON, NOW_UTC_NS, World, act, drawing, ed269, iso, world
from skykeep.airspace.rules import AutoRules, CeilingCell
from skykeep.api.interuss_overlap import in_force_within, shares
from skykeep.api.interuss_places import Place
from skykeep.base.clock import NS_PER_S
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    Hours,
    Limit,
    Period,
    Restriction,
    Volume,
    Zone,
)

UUID = "03e5572a-f733-49af-bc14-8a18bd53ee39"
SOURCE = f"/geospatial_map/geospatial_data_sources/{UUID}"
PLAN = f"/flight_planning/flight_plans/{UUID}"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def captured_query(**changes: Any) -> dict[str, Any]:
    """The query as it was captured, at a place and time of ours."""
    volume = {
        "outline_circle": {"center": {"lat": LAT, "lng": LON}, "radius": {"value": 100, "units": "M"}},
        "altitude_lower": {"value": 0, "reference": "SFC", "units": "M"},
        "altitude_upper": {"value": 100, "reference": "SFC", "units": "M"},
    }
    filters = {
        "volumes4d": [
            {
                "volume": volume,
                "time_start": {"value": iso(60), "format": "RFC3339"},
                "time_end": {"value": iso(120), "format": "RFC3339"},
            }
        ],
        "restriction_source": "ThisRegulator",
        "operation_rule_set": "Rules1",
        "resulting_operational_impact": "Block",
    } | changes
    return {name: value for name, value in filters.items() if value is not None}


def outcomes(served: World, *sets: dict[str, Any]) -> list[str]:
    body = {"checks": [{"filter_sets": [one]} for one in sets], "request_id": "1"}
    results = served.ask("POST", "/geospatial_map/map/queries", body).json()["results"]
    return [result["features_selection_outcome"] for result in results]


@contextmanager
def regulator(*answers: tuple[int, bytes]) -> Iterator[str]:
    """Serve zones on the loopback: each answer once, the last one for ever."""
    left = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, data = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            if status == 302:
                self.send_header("location", "/zones.json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}/zones.json"


def publish(served: World, **changes: Any) -> str:
    drawn = served.ask("POST", "/v1/restrictions", drawing(**changes))
    act(served, f"{drawn.headers['location']}/sign")
    signed = act(served, f"{drawn.headers['location']}/sign", as_={"sub": "bob"})
    assert signed.json()["state"] == "published", signed.text
    return str(signed.json()["restriction_id"])


def test_the_captured_query_finds_a_ban_and_nothing_else(served: World) -> None:
    assert outcomes(served, captured_query()) == ["Absent"]
    name = publish(served)
    body = {"checks": [{"filter_sets": [captured_query()]}], "request_id": "1"}
    answer = served.ask("POST", "/geospatial_map/map/queries", body)
    assert answer.json() == {
        "results": [{"features_selection_outcome": "Present", "message": f"Parade ({name})"}]
    }


def test_members_are_anded_and_sets_ored(served: World) -> None:
    publish(served)
    here, advise = captured_query(), captured_query(resulting_operational_impact="Advise")
    either = captured_query(resulting_operational_impact="BlockOrAdvise")
    assert outcomes(served, here, advise, either) == ["Present", "Absent", "Present"]
    body = {"checks": [{"filter_sets": [advise, here]}, {"filter_sets": []}]}
    results = served.ask("POST", "/geospatial_map/map/queries", body).json()["results"]
    assert [one["features_selection_outcome"] for one in results] == ["Present", "Absent"]


SETS: dict[str, tuple[dict[str, Any], str]] = {
    "far away": ({"volumes4d": [{"volume": {"outline_circle": {
        "center": {"lat": LAT + 1, "lng": LON}, "radius": {"value": 100, "units": "M"}}}}]}, "Absent"),
    "a polygon that touches": ({"volumes4d": [{"volume": {"outline_polygon": {"vertices": [
        {"lat": LAT, "lng": LON}, {"lat": LAT + 1, "lng": LON}, {"lat": LAT, "lng": LON + 1}]}}}]},
        "Present"),
    "above it": ({"volumes4d": [{"volume": {"altitude_lower":
        {"value": 300, "reference": "SFC", "units": "FT"}}}]}, "Absent"),
    "no outline, below its ceiling": ({"volumes4d": [{"volume": {"altitude_lower":
        {"value": 190, "reference": "SFC", "units": "FT"}}}]}, "Present"),
    "a height that cannot be compared": ({"volumes4d": [{"volume": {"altitude_lower":
        {"value": 500, "reference": "W84", "units": "M"}}}]}, "Present"),
    "higher than any ground": ({"volumes4d": [{"volume": {"altitude_lower":
        {"value": 9500, "reference": "W84", "units": "M"}}}]}, "Absent"),
    "a position": ({"volumes4d": None, "position": {"location": {"lat": LAT, "lng": LON}}}, "Present"),
    "a position above it": ({"volumes4d": None, "position": {"location": {"lat": LAT, "lng": LON},
        "altitude": {"value": 61, "reference": "SFC", "units": "M"}}}, "Absent"),
    "before and after": ({"after": iso(), "before": iso()}, "Present"),
    "its kind": ({"ed269": {"acceptable_restrictions": ["PROHIBITED"]}}, "Present"),
    "another kind": ({"ed269": {"acceptable_restrictions": ["CONDITIONAL", "NO_RESTRICTION"]}}, "Absent"),
    "any kind": ({"ed269": {"acceptable_restrictions": []}}, "Present"),
    "another class": ({"ed269": {"u_space_class": "U1"}}, "Absent"),
    "an unknown source": ({"restriction_source": "Somebody"}, "UnsupportedFilter"),
    "unknown rules": ({"operation_rule_set": "Rules2"}, "UnsupportedFilter"),
    "an unknown member": ({"moon_phase": "full"}, "UnsupportedFilter"),
    "an unknown member of ed269": ({"ed269": {"region": 1}}, "UnsupportedFilter"),
    "an unknown impact": ({"resulting_operational_impact": "Explode"}, "Error"),
    "a circle of no size": ({"volumes4d": [{"volume": {"outline_circle": {
        "center": {"lat": 0, "lng": 0}, "radius": {"value": 0, "units": "M"}}}}]}, "Error"),
    "two outlines": ({"volumes4d": [{"volume": {
        "outline_circle": {"center": {"lat": 0, "lng": 0}, "radius": {"value": 1, "units": "M"}},
        "outline_polygon": {"vertices": [
            {"lat": 0, "lng": 0}, {"lat": 1, "lng": 0}, {"lat": 0, "lng": 1}]}}}]},
        "Error"),
    "an end before its start": ({"volumes4d": [{"volume": {},
        "time_start": {"value": iso(9), "format": "RFC3339"},
        "time_end": {"value": iso(), "format": "RFC3339"}}]}, "Error"),
}  # fmt: skip


def test_each_filter_chooses_as_it_says(served: World) -> None:
    publish(served)
    found = outcomes(served, *(captured_query(**changes) for changes, _ in SETS.values()))
    assert dict(zip(SETS, found, strict=True)) == {story: outcome for story, (_, outcome) in SETS.items()}


def test_what_is_wrong_in_one_check_is_no_other_checks_error(served: World) -> None:
    body = {"checks": [{"filter_sets": 7}, 7, {"filter_sets": [captured_query()]}]}
    results = served.ask("POST", "/geospatial_map/map/queries", body).json()["results"]
    assert [one["features_selection_outcome"] for one in results] == ["Error", "Error", "Absent"]
    assert results[0]["message"].startswith("filter_sets: int, must be array")


def test_a_test_loads_its_own_zones(served: World) -> None:
    assert served.ask("GET", "/geospatial_map/status").json() == {
        "status": "Ready",
        "api_name": "Geospatial Map Provider Automated Testing Interface",
        "api_version": "v0.2.3",
        "system_version": "0.1.0",
    }
    assert served.ask("GET", SOURCE).status_code == 404
    with regulator((200, ed269("ZA1", "ZA2"))) as url:
        body = {"https_source": {"url": url, "format": "ED-269"}}
        put = served.ask("PUT", SOURCE, body)
        assert put.json()["data_source"] | {"message": ""} == {"id": UUID, "status": "Ready", "message": ""}
        assert served.ask("PUT", SOURCE, body).status_code == 200
        other = {"https_source": {"url": url + "?", "format": "ED-269"}}
        assert served.ask("PUT", SOURCE, other).status_code == 409
    assert outcomes(served, captured_query()) == ["Present"]
    # It is a test's: nobody is judged by it.
    assert served.ask("GET", "/v1/zones").json()["zones"] == []
    assert served.ask("DELETE", SOURCE).json() == {"data_source": {"id": UUID, "status": "Deactivated"}}
    assert served.ask("GET", SOURCE).json()["data_source"]["status"] == "Deactivated"
    assert outcomes(served, captured_query()) == ["Absent"]


BAD_SOURCES: dict[str, tuple[dict[str, str], str]] = {
    "a format we do not read": ({"format": "ED-1000"}, "Unsupported"),
    "a host that is not allowed": ({"url": "https://caa.example/zones.json"}, "Rejected"),
    "plain http elsewhere": ({"url": "http://caa.example/zones.json"}, "Rejected"),
    "a file": ({"url": "file:///etc/passwd"}, "Rejected"),
    "no address": ({"url": "http://[::1"}, "Rejected"),
    "nobody there": ({"url": "http://127.0.0.1:1/zones.json"}, "Error"),
}


@pytest.mark.parametrize("story", BAD_SOURCES)
def test_a_source_that_cannot_be_used_says_why(served: World, story: str) -> None:
    changes, status = BAD_SOURCES[story]
    body = {"https_source": {"url": "http://127.0.0.1:1/", "format": "ED-269"} | changes}
    source = served.ask("PUT", SOURCE, body).json()["data_source"]
    assert (source["status"], bool(source["message"])) == (status, True)


def test_a_source_that_answers_rubbish_is_rejected(served: World) -> None:
    for answer, status in (
        ((200, b"{}"), "Rejected"),
        ((200, b"\x00\xff"), "Rejected"),
        ((200, b"[" * 100_000), "Rejected"),
        ((404, b""), "Error"),
        ((302, b""), "Error"),
    ):
        with regulator(answer) as url:
            body = {"https_source": {"url": url, "format": "ED-269"}}
            source = served.ask("PUT", SOURCE, body).json()["data_source"]
        assert (source["status"], bool(source["message"])) == (status, True), answer
        served.ask("DELETE", SOURCE)


def plan(
    usage_state: str = "Planned", style: str = "IfAllowed", name: str = "1", **changes: Any
) -> dict[str, Any]:
    """The request as it was captured, at a place and time of ours."""
    outline = {"center": {"lat": LAT, "lng": LON}, "radius": {"value": 100, "units": "M"}}
    area = {
        "volume": {
            "outline_circle": outline,
            "altitude_lower": {"value": 610, "reference": "W84", "units": "M"},
            "altitude_upper": {"value": changes.pop("upper_m", 650), "reference": "W84", "units": "M"},
        },
        "time_start": {"value": iso(60), "format": "RFC3339"},
        "time_end": {"value": iso(600), "format": "RFC3339"},
    }
    authorisation = {
        "uas_serial_number": "1AF49UL5CC5J6K",
        "operation_category": "Open",
        "operation_mode": "Vlos",
        "uas_class": "C0",
        "identification_technologies": ["ASTMNetRID"],
        "connectivity_methods": ["cellular"],
        "endurance_minutes": 30,
        "emergency_procedure_url": "https://uss.example/emergency",
        "operator_id": "CHEo5kut30e0mt01-qwe",
    }
    uas_state = changes.pop("uas_state", "Nominal")
    return {
        "flight_plan": {
            "basic_information": {"usage_state": usage_state, "uas_state": uas_state, "area": [area]},
            "uspace_flight_authorisation": authorisation | changes,
            "additional_information": {"jx": {"operation_rule_set": "Rules1"}},
        },
        "execution_style": style,
        "request_id": name,
    }


def put(served: World, body: dict[str, Any], **more: Any) -> tuple[str, str]:
    answer = served.ask("PUT", more.pop("path", PLAN), body, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["planning_result"], answer.json()["flight_plan_status"]


def test_a_flight_is_planned_flown_and_closed(served: World) -> None:
    status = served.ask("GET", "/flight_planning/status").json()
    assert (status["status"], status["system_version"], status["api_version"]) == ("Ready", "0.1.0", "v0.5.0")
    answer = served.ask("PUT", PLAN, plan())
    assert answer.json() == {
        "planning_result": "Completed",
        "flight_plan_status": "Planned",
        "includes_advisories": "NoAdvisoriesOrConditions",
    }
    (permit,) = served.ask("GET", "/v1/permits").json()["permits"]
    assert (permit["state"], permit["scope"]["rule_set"]) == ("auto_approved", "Rules1")
    # 610 to 650 m above the ellipsoid over ground of 600 to 620 m is 0 to 50 m above ground.
    assert permit["scope"]["volumes"][0]["volume"]["ceiling"] == {"value": 50.0}
    assert put(served, plan()) == ("Completed", "Planned")
    assert put(served, plan("InUse", name="2")) == ("Completed", "OkToFly")
    assert put(served, plan("InUse", name="3", uas_state="Contingent")) == ("Completed", "OffNominal")
    assert put(served, plan("InUse", "InReality", "4")) == ("Completed", "OkToFly")
    closed = served.ask("DELETE", PLAN)
    assert closed.json() == {"planning_result": "Completed", "flight_plan_status": "Closed"}
    assert served.ask("DELETE", PLAN).status_code == 404
    assert [each["state"] for each in served.ask("GET", "/v1/permits").json()["permits"]] == ["closed"]
    assert put(served, plan(name="5")) == ("Completed", "Planned")


INVALID: dict[str, dict[str, Any]] = {
    "a serial with the letter O": {"uas_serial_number": "1AF49ULOCC5J6K"},
    "a serial one short": {"uas_serial_number": "1AF49UL5CC5J6"},
    "no serial": {"uas_serial_number": ""},
    "an operator with a wrong check": {"operator_id": "CHEo5kut30e0mt02-qwe"},
    "an operator with a wrong secret": {"operator_id": "CHEo5kut30e0mt01-qwx"},
    "an operator of another form": {"operator_id": "CHE-1"},
    "class Other": {"uas_class": "Other"},
    "category Unknown": {"operation_category": "Unknown"},
    "no endurance": {"endurance_minutes": 0},
    "too long an endurance": {"endurance_minutes": 14_401},
    "no connectivity": {"connectivity_methods": []},
    "no identification": {"identification_technologies": []},
    "an emergency procedure that is no address": {"emergency_procedure_url": "call me"},
}


@pytest.mark.parametrize("story", INVALID)
def test_an_invalid_authorisation_is_rejected_and_leaves_no_trace(served: World, story: str) -> None:
    answer = served.ask("PUT", PLAN, plan(**INVALID[story])).json()
    assert (answer["planning_result"], answer["flight_plan_status"]) == ("Rejected", "NotPlanned")
    assert answer["notes"]
    assert served.ask("GET", "/v1/permits").json() == {"permits": []}


def test_the_limits_themselves_are_valid(served: World) -> None:
    for number, endurance in enumerate((1, 14_400)):
        path = f"/flight_planning/flight_plans/03e5572a-f733-49af-bc14-8a18bd53ee0{number}"
        assert put(served, plan(endurance_minutes=endurance), path=path)[0] == (
            "Rejected" if number else "Completed"
        )
    # The second was rejected for the air, which the first has; an empty address of a procedure is valid.
    served.ask("DELETE", "/flight_planning/flight_plans/03e5572a-f733-49af-bc14-8a18bd53ee00")
    assert put(served, plan(endurance_minutes=14_400, emergency_procedure_url=""))[0] == "Completed"


def test_a_conflict_is_rejected_and_what_was_planned_stays(served: World) -> None:
    assert put(served, plan()) == ("Completed", "Planned")
    other = "/flight_planning/flight_plans/8b6f5e2c-0c1e-4c7b-9f9b-3f6f0a9f7a11"
    answer = served.ask("PUT", other, plan(), as_={"sub": "bob"}).json()
    assert (answer["planning_result"], answer["flight_plan_status"]) == ("Rejected", "NotPlanned")
    assert "not free" in answer["notes"]
    assert "P-" not in answer["notes"]
    # Too high for any rule: a person would have to decide, and nobody waits.
    assert put(served, plan(name="2", upper_m=900)) == ("Rejected", "Planned")
    (permit,) = served.ask("GET", "/v1/permits").json()["permits"]
    assert (permit["state"], permit["version"]) == ("auto_approved", 1)
    assert put(served, plan(name="3", upper_m=660)) == ("Completed", "Planned")
    assert served.ask("DELETE", PLAN, as_={"sub": "bob"}).status_code == 404


def test_what_is_hypothetical_does_not_happen(served: World) -> None:
    assert put(served, plan("InUse", "Hypothetical")) == ("Completed", "OkToFly")
    assert served.ask("GET", "/v1/permits").json() == {"permits": []}
    publish(served)
    assert put(served, plan("Planned", "Hypothetical", "2")) == ("Rejected", "NotPlanned")


def test_a_zone_of_conditions_is_an_advisory_and_a_ban_a_rejection(served: World) -> None:
    zone = drawing()["zone"] | {"restriction": "CONDITIONAL"}
    publish(served, zone=zone)
    # The rules have no ceiling for it; where there is one, the flight is told of the conditions.
    assert put(served, plan()) == ("Rejected", "NotPlanned")
    around = Circle(longitude_deg=LON, latitude_deg=LAT, radius_m=5_000.0)
    rules = AutoRules(cells=(CeilingCell(outline=around, ceiling_agl_m=120.0),))
    served.office.permits.settings.auto["city"] = rules
    answer = served.ask("PUT", PLAN, plan(name="2")).json()
    assert (answer["planning_result"], answer.get("includes_advisories")) == (
        "Completed",
        "AtLeastOneAdvisoryOrCondition",
    )


def test_the_same_request_is_answered_once(served: World) -> None:
    assert put(served, plan()) == ("Completed", "Planned")
    served.ask("DELETE", PLAN)
    assert put(served, plan()) == ("Completed", "Planned")
    assert [each["state"] for each in served.ask("GET", "/v1/permits").json()["permits"]] == ["withdrawn"]
    assert served.ask("PUT", PLAN, plan("InUse")).status_code == 409


def test_an_area_is_cleared_of_ones_own_plans(served: World) -> None:
    put(served, plan())
    far = {"outline_circle": {"center": {"lat": LAT + 1, "lng": LON}, "radius": {"value": 100, "units": "M"}}}
    clear = "/flight_planning/clear_area_requests"
    here: dict[str, Any] = {"volume": {}, "time_start": {"value": iso(), "format": "RFC3339"}}
    for extent, state in (({"volume": far}, "auto_approved"), (here, "withdrawn")):
        answer = served.ask("POST", clear, {"request_id": "1", "extent": extent})
        assert answer.json()["outcome"]["success"] is True
        assert answer.json()["outcome"]["timestamp"]["format"] == "RFC3339"
        assert [each["state"] for each in served.ask("GET", "/v1/permits").json()["permits"]] == [state]


def test_wrong_ids_and_bodies_are_refused(served: World) -> None:
    assert served.ask("PUT", "/flight_planning/flight_plans/7", plan()).status_code == 400
    assert served.ask("GET", "/geospatial_map/geospatial_data_sources/7").status_code == 400
    assert served.ask("PUT", SOURCE, {}).status_code == 422
    for field in ("usage_state", "uas_state"):
        body = plan()
        body["flight_plan"]["basic_information"][field] = "Lost"
        assert served.ask("PUT", PLAN, body).status_code == 422
    deep = json.dumps(plan()).replace('{"jx"', '{"deep": ' + "[" * 5_000 + "]" * 5_000 + ', "jx"').encode()
    answer: httpx.Response = served.ask("PUT", PLAN, deep)
    assert answer.status_code == 422


HOUR_NS = 3_600 * NS_PER_S


def zone(*periods: Period, floor: Limit | None = None) -> Zone:
    outline = Circle(longitude_deg=LON, latitude_deg=LAT, radius_m=100.0)
    return Zone(
        zone_id="Z", name="Z", restriction=Restriction.PROHIBITED, strictness=90, document="d",
        volumes=(Volume(outline=outline, floor=floor),), periods=periods,
    )  # fmt: skip


def test_a_zone_is_in_force_within_a_time_or_not() -> None:
    # 2031-05-03 is a Saturday; it is 02:14:07.
    nights = zone(Period(hours=(Hours(weekdays=(5,), from_s=36_000.0, to_s=39_600.0),)))
    assert not in_force_within(nights, NOW_UTC_NS, NOW_UTC_NS + 7 * HOUR_NS)
    assert in_force_within(nights, NOW_UTC_NS, NOW_UTC_NS + 8 * HOUR_NS)
    assert in_force_within(nights, NOW_UTC_NS, None)
    past = zone(Period(end_utc_ns=NOW_UTC_NS))
    assert in_force_within(past, NOW_UTC_NS, None)
    assert not in_force_within(past, NOW_UTC_NS + 1, None)
    assert in_force_within(zone(Period(permanent=True, end_utc_ns=0)), NOW_UTC_NS, NOW_UTC_NS + 1)


def test_a_flight_level_may_be_lower_than_it_says() -> None:
    place = Place(
        outline=None, floor=None, start_utc_ns=None, end_utc_ns=None,
        ceiling=Limit(value=3_000.0, reference=HeightReference.AMSL),
    )  # fmt: skip
    assert shares(zone(floor=Limit(value=3_500.0, reference=HeightReference.STD)), place)
    assert not shares(zone(floor=Limit(value=4_500.0, reference=HeightReference.STD)), place)
