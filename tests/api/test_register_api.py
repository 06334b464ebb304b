"""The register's own API, on a real socket: what each request does, what each wrong one is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register_world import (
    LAT,
    LON,
    NOW_UTC_NS,
    World,
    act,
    application,
    bearer,
    circle,
    drawing,
    ed269,
    iso,
    scope,
    world,
)
from skykeep.api.register_api_models import ApplyBody, scope_body, scope_of
from skykeep.api.register_api_places import VolumeBody, volume_body, volume_of
from skykeep.api.register_api_scopes import APPLY, DECIDE, READ, RESTRICT, SCOPES
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError


@pytest.fixture
def served(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server for requests that should change nothing."""
    with world(tmp_path_factory.mktemp("idle")) as made:
        yield made


def wrong(answer: httpx.Response) -> str:
    problem = answer.json()["errors"][0]
    return f"{answer.status_code} {problem['field']}: {problem['found']}, must be {problem['must']}"


def test_a_flight_is_applied_for_approved_by_rule_flown_and_closed(served: World) -> None:
    made = served.ask("POST", "/v1/permits", application())
    permit = made.json()
    assert (made.status_code, permit["state"], permit["owner"]) == (201, "auto_approved", "ada")
    assert made.headers["location"] == f"/v1/permits/{permit['permit_id']}"
    # The secret part of the operator's number is nowhere.
    assert permit["scope"]["operator_ids"] == ["CHEo5kut30e0mt01"]
    assert permit["scope"]["volumes"] == application()["scope"]["volumes"]

    path = made.headers["location"]
    served.clock.set_utc_ns(NOW_UTC_NS + 700 * NS_PER_S)
    flown = act(served, f"{path}/activate", {})
    assert flown.json()["state"] == "active"
    closed = act(served, f"{path}/close", {"reason": "landed"})
    assert closed.json()["state"] == "closed"

    shown = served.ask("GET", path).json()
    assert [event["action"] for event in shown["events"]] == [
        "request", "submit", "auto_approve", "activate", "close",
    ]  # fmt: skip
    assert shown["events"][-1]["by"] == "ada"
    assert shown["events"][-1]["time"] == "2031-05-03T02:25:47Z"


def test_a_person_decides_on_what_no_rule_approves(served: World) -> None:
    high = served.ask("POST", "/v1/permits", application(scope=scope(ceiling_m=300.0)))
    path = high.headers["location"]
    assert high.json()["state"] == "further_coordination"
    mayor = bearer(f"{DECIDE} {READ} skykeep.private.read", sub="mayor")

    own = act(served, f"{path}/decide", {"decision": "approve"})
    assert wrong(own).startswith("403 actor")
    offer = act(
        served, f"{path}/decide", {"decision": "offer", "scope": scope(), "reason": "lower"}, headers=mayor
    )
    assert (offer.status_code, offer.json()["state"]) == (200, "alternative_offered"), offer.text
    assert offer.json()["offer"]["volumes"][0]["volume"]["ceiling"]["value"] == 60.0
    taken = act(served, f"{path}/accept_offer", {})
    assert taken.json()["state"] == "approved"
    held = act(served, f"{path}/suspend", {"reason": "a helicopter"}, headers=mayor)
    assert (held.json()["state"], held.json()["held_by"]) == ("suspended", ["person mayor"])
    assert act(served, f"{path}/resume", {"reason": "gone"}, headers=mayor).json()["state"] == "approved"
    assert act(served, f"{path}/revoke", {"reason": "no"}, headers=mayor).json()["state"] == "revoked"
    again = act(served, f"{path}/revoke", {"reason": "no"}, headers=mayor)
    assert wrong(again) == (
        "409 action: revoke of a permit that is revoked, must be one of nothing: it has ended"
    )


def test_drafts_are_kept_amended_submitted_and_withdrawn(served: World) -> None:
    draft = served.ask("POST", "/v1/permits", application(submit=False))
    path = draft.headers["location"]
    assert draft.json()["state"] == "draft"
    assert act(served, f"{path}/amend", {"holder": "Ada and Bob"}).json()["holder"] == "Ada and Bob"
    assert act(served, f"{path}/submit").json()["state"] == "auto_approved"
    assert act(served, f"{path}/withdraw", {"reason": "rain"}).json()["state"] == "withdrawn"


def test_a_form_is_told_all_its_faults_at_once(served: World) -> None:
    faulty = application(holder=" ", scope=scope() | {"serials": ["O"]})
    faulty["scope"]["flight"]["uas_class"] = "Other"
    answer = served.ask("POST", "/v1/permits", faulty)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == [
        "holder",
        "serials[0]",
        "flight.uas_class",
    ]
    assert served.ask("GET", "/v1/permits").json() == {"permits": []}


def test_of_two_officers_the_second_is_told_that_it_changed(served: World) -> None:
    path = served.ask("POST", "/v1/permits", application(scope=scope(ceiling_m=300.0))).headers["location"]
    tag = served.ask("GET", path).headers["etag"]
    mayors = [bearer(f"{DECIDE} {READ}", sub=name) for name in ("ann", "ben", "cyd", "dee")]

    def decide(headers: dict[str, str]) -> int:
        with httpx.Client(trust_env=False, timeout=20.0) as client:
            headers = headers | {"if-match": tag}
            body = {"decision": "deny", "reason": "no"}
            return client.post(f"{served.url}{path}/decide", json=body, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(decide, mayors)) == [200, 412, 412, 412]
    assert len(served.ask("GET", path).json()["events"]) == 4

    missing = served.ask("POST", f"{path}/withdraw", {})
    assert wrong(missing) == "428 if-match: missing, must be the ETag of what you read"


def test_a_request_that_is_sent_twice_is_done_once(served: World) -> None:
    also = {"idempotency-key": "flight-1"}
    first = served.ask("POST", "/v1/permits", application(), also=also)
    again = served.ask("POST", "/v1/permits", application(), also=also)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert len(served.ask("GET", "/v1/permits").json()["permits"]) == 1

    other = served.ask("POST", "/v1/permits", application(holder="Bob"), also=also)
    assert wrong(other) == "409 idempotency-key: that of another request, must be one of its own"
    # Another sender's key of the same name is his own; and what was refused may be sent again.
    elsewhere = application(scope=scope(lon=12.0))
    assert served.ask("POST", "/v1/permits", elsewhere, also=also, as_={"sub": "bob"}).status_code == 201
    key = {"idempotency-key": "flight-2"}
    assert served.ask("POST", "/v1/permits", application(contact=""), also=key).status_code == 422
    assert served.ask("POST", "/v1/permits", application(scope=scope(lon=13.0)), also=key).status_code == 201


def test_a_conflict_says_with_what_and_what_else_could_be_flown(served: World) -> None:
    served.ask("POST", "/v1/permits", application())
    found = served.ask("POST", "/v1/permits/check", {"scope": scope()}).json()
    assert [conflict["with_kind"] for conflict in found["conflicts"]] == ["permit"]
    assert {each["kind"] for each in found["alternatives"]} >= {"time", "place"}

    raid = {"holder": "police", "scope": scope(lon=12.0), "priority": "police"}
    assert (
        served.ask("POST", "/v1/permits/quick", raid | {"legal_basis": "law", "reason": "raid"}).status_code
        == 201
    )
    stranger = bearer(APPLY, sub="bob", authority_id=None)
    seen = served.ask("POST", "/v1/permits/check", {"scope": scope(lon=12.0)}, headers=stranger).json()
    (conflict,) = seen["conflicts"]
    assert (conflict["with_id"], seen["alternatives"]) == ("", [])
    assert "police" not in json.dumps(seen)


def test_a_restriction_is_drawn_signed_by_two_amended_and_cancelled(served: World) -> None:
    drawn = served.ask("POST", "/v1/restrictions", drawing())
    path, name = drawn.headers["location"], drawn.json()["restriction_id"]
    assert (drawn.status_code, drawn.json()["state"]) == (201, "draft")
    second = bearer(f"{RESTRICT} {READ}", sub="bob")
    query = {"points": [{"longitude_deg": LON, "latitude_deg": LAT, "height_agl_m": 50.0}]}

    assert act(served, f"{path}/sign").json()["state"] == "signed"
    assert wrong(act(served, f"{path}/sign")).startswith("403 actor: publish by ada")
    assert served.ask("POST", "/v1/zones/query", query).json() == {"points": [{"zones": []}]}
    assert act(served, f"{path}/sign", headers=second).json()["state"] == "published"
    (here,) = served.ask("POST", "/v1/zones/query", query).json()["points"][0]["zones"]
    assert (here["zone_id"], here["restriction"]) == (name, "PROHIBITED")
    query["points"][0]["height_agl_m"] = 61.0
    assert served.ask("POST", "/v1/zones/query", query).json() == {"points": [{"zones": []}]}

    amended = act(served, f"{path}/amend", {"reason": "longer", "title": "Long parade"}, headers=second)
    assert (amended.json()["state"], amended.json()["published"]["name"]) == ("draft", "Parade")
    assert act(served, f"{path}/cancel", {"reason": "rain"}).json()["state"] == "cancelled"
    events = served.ask("GET", path).json()["events"]
    assert [event["action"] for event in events] == ["draw", "sign", "publish", "amend", "cancel"]


def test_an_emergency_ring_stands_at_once(served: World) -> None:
    ring = {"incident_id": "I-1", "longitude_deg": LON, "latitude_deg": LAT, "radius_m": 500.0}
    made = served.ask("POST", "/v1/restrictions/ring", ring)
    assert (made.status_code, made.json()["state"], made.json()["emergency"]) == (201, "published", True)
    assert made.json()["lapses"] == "2031-05-03T02:44:07Z"
    listed = served.ask("GET", "/v1/restrictions?state=published").json()["restrictions"]
    assert [each["restriction_id"] for each in listed] == [made.json()["restriction_id"]]


def test_a_list_of_zones_comes_in_waits_is_accepted_and_goes_out(served: World) -> None:
    path = "/v1/zones/import?source=caa"
    first = served.ask("POST", path, ed269("ZA1", "ZA2", "ZA3"))
    assert (first.status_code, first.json()["state"], first.json()["zones"]) == (200, "in_force", 3), (
        first.text
    )
    fewer = served.ask("POST", path, ed269("ZA1"))
    assert (fewer.status_code, fewer.json()["state"]) == (202, "held")
    assert len(served.ask("GET", "/v1/zones").json()["zones"]) == 3
    decide = "/v1/zones/releases/caa/2"
    assert served.ask("POST", f"{decide}/accept", {"because": "by telephone"}).json()["state"] == "in_force"
    assert served.ask("POST", f"{decide}/refuse", {"because": "no"}).status_code == 422
    assert wrong(served.ask("POST", "/v1/zones/releases/caa/9/accept", {"because": "x"})).startswith(
        "404 release"
    )
    (zone,) = served.ask("GET", "/v1/zones").json()["zones"]
    assert (zone["zone_id"], zone["source"]) == ("ZA1", "caa")
    assert [each["state"] for each in served.ask("GET", "/v1/zones/releases").json()["releases"]] == [
        "past", "in_force",
    ]  # fmt: skip

    for format in ("ed269", "ed318", "geojson"):
        out = served.ask("GET", f"/v1/zones/export?format={format}&source=caa")
        assert out.status_code == 200
        back = served.ask("POST", f"/v1/zones/import?source={format}", out.content)
        assert (back.json()["zones"], back.json()["left_out"]) == (1, []), back.text
    assert wrong(served.ask("POST", path, b"\x00\x01")).startswith("422 file")
    assert wrong(served.ask("GET", "/v1/zones/export?format=shp")).startswith(
        "400 format: shp, must be one of ed"
    )


def test_the_feed_changes_its_tag_when_the_zones_change(served: World) -> None:
    served.ask("POST", "/v1/zones/import?source=caa", ed269("ZA1"))
    feed = served.ask("GET", "/v1/feed.ed318")
    assert (feed.status_code, len(feed.json()["features"])) == (200, 1)
    have = {"if-none-match": feed.headers["etag"]}
    assert served.ask("GET", "/v1/feed.ed318", also=have).status_code == 304
    # A permit changes nothing of the zones.
    served.ask("POST", "/v1/permits", application(scope=scope(lon=13.0)))
    assert served.ask("GET", "/v1/feed.ed318", also=have).status_code == 304
    ring = {"incident_id": "I-1", "longitude_deg": LON, "latitude_deg": LAT}
    served.ask("POST", "/v1/restrictions/ring", ring)
    changed = served.ask("GET", "/v1/feed.ed318", also=have)
    assert (changed.status_code, len(changed.json()["features"])) == (200, 2)


def test_subscriptions_are_ones_own_and_say_their_secret_once(served: World) -> None:
    made = served.ask("POST", "/v1/subscriptions", {"way": "webhook", "address": "https://ada.example/hook"})
    assert len(made.json()["secret"]) == 32
    (listed,) = served.ask("GET", "/v1/subscriptions").json()["subscriptions"]
    assert listed["secret"] is None
    assert served.ask("DELETE", made.headers["location"]).status_code == 204
    assert served.ask("DELETE", made.headers["location"]).status_code == 404
    private = {"way": "webhook", "address": "https://x.example", "sees_private": True}
    assert served.ask("POST", "/v1/subscriptions", private, headers=bearer(READ)).status_code == 403


def test_a_verdict_names_its_document_and_hides_what_is_private(served: World) -> None:
    public = served.ask("GET", "/v1/verdicts/7").json()
    assert (public["document"], public["matches"]) == (
        "permit P-7",
        [{"permit_id": "P-7", "probability": 0.97}],
    )
    assert served.ask("GET", "/v1/verdicts/8").status_code == 200
    assert served.ask("GET", "/v1/verdicts/8", headers=bearer(READ)).status_code == 404
    assert served.ask("GET", "/v1/verdicts/9").status_code == 404


WRONG: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "422 body: Input data was truncated"),
    "no JSON": (b"{", "422 body: Input data was truncated"),
    "a BOM": (b"\xef\xbb\xbf{}", "422 body: JSON is malformed"),
    "binary": (b"\xff\x00\xfe", "422 body: "),
    "a list": (b"[]", "422 body: array, must be object"),
    "an unknown field": (b'{"holders": 1}', "422 body: Object contains unknown field holders"),
    "a missing field": (b"{}", "422 body: Object missing required field holder"),
    "a wrong type": (b'{"holder": 7}', "422 holder: int, must be str"),
    "deep": (b'{"scope":' * 100_000, "422 scope: Object contains unknown field scope"),
    "NaN": (b'{"holder": NaN}', "422 body: JSON is malformed"),
    "a number without end": (b'{"holder": 1e999999}', "422 "),
    "half a letter": (b'{"holder": "\\ud800"}', "422 body: "),
    "two of one name": (b'{"holder": "a", "holder": 1}', "422 holder: int, must be str"),
}


@pytest.mark.parametrize("story", WRONG)
def test_a_wrong_body_is_told_what_is_wrong(idle: World, story: str) -> None:
    body, told = WRONG[story]
    assert wrong(idle.ask("POST", "/v1/permits", body)).startswith(told)


PLACES: dict[str, tuple[dict[str, Any], str]] = {
    "a ceiling under the floor": ({"floor": {"value": 100}}, "scope.volumes[0].volume.ceiling: 60"),
    "a latitude of 91": ({"outline": {"type": "circle", "longitude_deg": 0, "latitude_deg": 91,
                                      "radius_m": 1}},
                         "scope.volumes[0].volume.outline.latitude_deg: "),
    "no radius": ({"outline": {"type": "circle", "longitude_deg": 0, "latitude_deg": 1, "radius_m": 0}},
                  "scope.volumes[0].volume.outline.radius_m: "),
    "a ring that crosses itself": ({"outline": {"type": "polygon",
                                                "rings": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}},
                                   "scope.volumes[0].volume.outline.rings: Self-intersection"),
    "a line": ({"outline": {"type": "polygon", "rings": [[[0, 0], [1, 1], [2, 2]]]}},
               "scope.volumes[0].volume.outline.rings: "),
    "a square of a kind": ({"outline": {"type": "square"}}, "scope.volumes[0].volume.outline.type: "),
    "a huge height": ({"ceiling": {"value": 1e308}}, "scope.volumes[0].volume.ceiling.value: "),
}  # fmt: skip


@pytest.mark.parametrize("story", PLACES)
def test_a_wrong_place_is_named_by_its_path(idle: World, story: str) -> None:
    changes, told = PLACES[story]
    body = application()
    body["scope"]["volumes"][0]["volume"] |= changes
    assert wrong(idle.ask("POST", "/v1/permits", body)).startswith(f"422 {told}")


@pytest.mark.parametrize(
    "time", ["9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "2031-05-03T02:14:07", "soon", 7]
)
def test_a_wrong_time_is_refused(idle: World, time: Any) -> None:
    body = application()
    body["scope"]["volumes"][0]["end"] = time
    assert wrong(idle.ask("POST", "/v1/permits", body)).startswith("422 scope.volumes[0].end")
    assert idle.ask("GET", f"/v1/zones?at={time}").status_code in (400, 422)


def test_bodies_and_parameters_have_their_bounds(idle: World) -> None:
    assert wrong(idle.ask("POST", "/v1/permits", b" " * ((1 << 20) + 1))).startswith("413 body")
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert wrong(idle.ask("POST", "/v1/permits", b"a=1", also=form)).startswith("415 content-type")
    packed = {"content-encoding": "gzip"}
    assert wrong(idle.ask("POST", "/v1/permits", b"{}", also=packed)).startswith("415 content-encoding")
    assert wrong(idle.ask("GET", "/v1/permits?color=red")).startswith("400 color")
    assert wrong(idle.ask("GET", "/v1/permits?state=gone")).startswith("400 state")
    assert wrong(idle.ask("GET", "/v1/zones?offset=1&offset=2")).startswith("400 offset")
    assert wrong(idle.ask("GET", "/v1/zones/export")).startswith("400 format: missing")
    many = {"points": [{"longitude_deg": 0, "latitude_deg": 0}] * 10_001}
    assert idle.ask("POST", "/v1/zones/query", many).status_code == 422


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
POSTED = sorted(key for key, scopes in SCOPES.items() if key[0] in ("POST", "PUT") and scopes)


def put_somewhere(base: Any, junk: Any, data: st.DataObject) -> Any:
    """Return a good body with something in it replaced."""
    if isinstance(base, dict) and base and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(base)))
        return base | {name: put_somewhere(base[name], junk, data)}
    if isinstance(base, list) and base and data.draw(st.booleans()):
        return [put_somewhere(base[0], junk, data), *base[1:]]
    return junk


BASES: tuple[dict[str, Any], ...] = (
    application(),
    drawing(),
    {"points": [{"longitude_deg": LON, "latitude_deg": LAT, "time": iso()}]},
    {"checks": [{"filter_sets": [{"volumes4d": [{"volume": {"outline_circle": {
        "center": {"lat": LAT, "lng": LON}, "radius": {"value": 100, "units": "M"}}}}]}]}]},
    {"incident_id": "I", "longitude_deg": LON, "latitude_deg": LAT},
)  # fmt: skip


@given(st.data())
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_no_body_whatever_is_a_fault_of_ours(idle: World, data: st.DataObject) -> None:
    method, path = data.draw(st.sampled_from(POSTED))
    body = put_somewhere(data.draw(st.sampled_from(BASES)), data.draw(JUNK), data)
    text = json.dumps(body).encode()
    uuid = "03e5572a-f733-49af-bc14-8a18bd53ee39"
    filled = path.format(id=uuid, test_id=uuid, version=1, source="caa", number=1)
    query = "?source=fuzz" if path.endswith("/import") else ""
    answer = idle.ask(method, filled + query, text, also={"if-match": '"1.1"'})
    assert answer.status_code < 500, answer.text
    assert idle.app.state.desk.faults == 0


@given(st.data())
def test_a_scope_is_said_as_it_was_read(data: st.DataObject) -> None:
    import msgspec

    body = msgspec.convert(application(), ApplyBody).scope
    ceiling = data.draw(st.floats(1, 100_000))
    place = msgspec.convert(circle(ceiling_m=ceiling, lon=data.draw(st.floats(-180, 180))), VolumeBody)
    assert volume_body(volume_of(place, "volume")) == place
    read = scope_of(body)
    assert scope_of(scope_body(read)) == read


def test_a_scope_without_volumes_is_refused() -> None:
    import msgspec

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(application(scope=scope() | {"volumes": []}), ApplyBody)
    with pytest.raises(InputError):
        volume_of(msgspec.convert(circle(ceiling_m=-5.0) | {"floor": {"value": 1}}, VolumeBody), "volume")
