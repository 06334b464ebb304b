"""Every endpoint of the register against everybody who should not get in: the matrix is made of the table of
scopes and of the application's own routes, so that neither can have what the other has not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from register_world import (
    LAT,
    LON,
    NOW_S,
    World,
    application,
    bearer,
    claims,
    drawing,
    flight,
    iso,
    key,
    scope,
    state,
    token,
    world,
)
from skykeep.api.register_api_answers import Answer, Endpoint
from skykeep.api.register_api_http import Desk
from skykeep.api.register_api_scopes import DECIDE, READ, RESTRICT, SCOPES

UUID = "03e5572a-f733-49af-bc14-8a18bd53ee39"
GUARDED = sorted(key for key, scopes in SCOPES.items() if scopes)
NAMES = {"id": UUID, "test_id": UUID, "version": "1", "number": "1", "source": "caa", "track": "7"}


def segment(said: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def hs256() -> str:
    signed = f"{segment({'alg': 'HS256', 'typ': 'JWT'})}.{segment(claims())}"
    mac = hmac.new(key().as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


IMPOSTORS: dict[str, tuple[int, dict[str, str]]] = {
    "nobody": (401, {}),
    "no token": (401, {"authorization": "Bearer"}),
    "a password": (401, {"authorization": "Basic YWRhOmFkYQ=="}),
    "signed by another key": (401, {"authorization": f"Bearer {token(signed_by=key('forger'))}"}),
    "algorithm none": (401, {"authorization": f"Bearer {segment({'alg': 'none'})}.{segment(claims())}."}),
    "HMAC under the public key": (401, {"authorization": f"Bearer {hs256()}"}),
    "expired": (401, bearer(exp=NOW_S - 60)),
    "not yet valid": (401, bearer(nbf=NOW_S + 60)),
    "for another audience": (401, bearer(aud="elsewhere.example")),
    "of another issuer": (401, bearer(iss="https://elsewhere.example")),
    "no scope": (403, bearer("")),
    "another scope": (403, bearer("skykeep.something.else")),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("auth")) as made:
        yield made


def test_the_table_and_the_application_have_the_same_endpoints(served: World) -> None:
    routes = [route for route in served.app.routes if isinstance(route, Route)]
    assert len(routes) == len(served.app.routes)
    there = {(method, route.path) for route in routes for method in route.methods or () if method != "HEAD"}
    assert there == set(SCOPES)


def test_an_endpoint_that_is_not_in_the_table_is_not_served(served: World) -> None:
    forgotten = Endpoint(method="GET", path="/v1/new", name="new", says="New.", handler=lambda _: Answer())
    desk: Desk = served.app.state.desk
    with pytest.raises(ValueError, match="GET /v1/new has no entry in the table of scopes"):
        desk.serve(forgotten)


@pytest.mark.parametrize("impostor", IMPOSTORS)
@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_an_impostor_gets_in_nowhere(served: World, method: str, path: str, impostor: str) -> None:
    status, headers = IMPOSTORS[impostor]
    answer = ask(served, method, path, headers or {"x-nobody": "1"})

    assert answer.status_code == status, answer.text
    assert answer.headers["www-authenticate"].startswith("Bearer")
    (problem,) = answer.json()["errors"]
    assert problem["field"] == ("authorization" if status == 401 else "scope")


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_every_scope_but_the_endpoints_own_is_refused(served: World, method: str, path: str) -> None:
    others = sorted({scope for scopes in SCOPES.values() for scope in scopes} - set(SCOPES[method, path]))
    assert ask(served, method, path, bearer(" ".join(others))).status_code == 403


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_each_of_an_endpoints_scopes_lets_in(served: World, method: str, path: str) -> None:
    for one in SCOPES[method, path]:
        answer = ask(served, method, path, bearer(one))
        assert answer.status_code not in (401, 500), answer.text
        if answer.status_code == 403:  # by the office: the scope opened the door, the right is missing
            assert answer.json()["errors"][0]["field"] != "scope"


def test_two_tokens_are_none(served: World) -> None:
    twice = [("authorization", bearer()["authorization"])] * 2
    with httpx.Client(trust_env=False) as client:
        assert client.get(f"{served.url}/v1/zones", headers=twice).status_code == 401


def test_the_document_is_for_everybody(served: World) -> None:
    assert served.ask("GET", "/v1/openapi.json", headers={"x-nobody": "1"}).status_code == 200


def test_what_is_not_there_says_so_in_the_same_shape(served: World) -> None:
    assert served.ask("GET", "/v1/nothing").json()["errors"][0]["field"] == "address"
    assert served.ask("PATCH", "/v1/zones").status_code == 405


def ask(served: World, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    filled = path.format_map(NAMES)
    body: dict[str, Any] | None = None if method in ("GET", "DELETE") else {}
    also = {"if-match": '"0.0"'}
    return served.ask(method, filled, body, headers=headers, also=also)


class Objects:
    """One of everything, all ada's: what somebody else must not reach."""

    def __init__(self, served: World) -> None:
        self.permit = served.ask("POST", "/v1/permits", application()).json()["permit_id"]
        far = scope(lon=12.0)
        self.private = served.ask(
            "POST",
            "/v1/permits/quick",
            {
                "holder": "police",
                "scope": far,
                "priority": "police",
                "legal_basis": "law",
                "reason": "a raid",
            },
        ).json()["permit_id"]
        self.restriction = served.ask("POST", "/v1/restrictions", drawing()).json()["restriction_id"]
        subscription = {"way": "webhook", "address": "https://ada.example/hook"}
        self.subscription = served.ask("POST", "/v1/subscriptions", subscription).json()["subscription_id"]
        source = {"https_source": {"url": "https://nowhere.example/zones.json"}}
        self.source = f"/geospatial_map/geospatial_data_sources/{UUID}"
        served.ask("PUT", self.source, source)
        self.plan = f"/flight_planning/flight_plans/{UUID}"
        self.test = f"/ridsp/tests/{UUID}"
        self.test_version = served.ask("PUT", self.test, test_body()).json()["version"]
        served.flights.there = [flight("police-1", state(-1.0), private=True, owner="police")]


def test_body() -> dict[str, Any]:
    details = {"effective_after": iso(-60), "details": {"id": "made-up"}}
    return {
        "requested_flights": [
            {"injection_id": UUID, "telemetry": [{"timestamp": iso(-2)}], "details_responses": [details]}
        ]
    }


test_body.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def objects(served: World) -> Objects:
    return Objects(served)


# Somebody else, with every scope of an operator and of another authority's people, but private to none.
STRANGER = {
    "sub": "mallory",
    "authority_id": "another city",
    "scope": " ".join(
        sorted({one for scopes in SCOPES.values() for one in scopes} - {"skykeep.private.read"})
    ),
}


def test_another_operators_objects_are_not_there(served: World, objects: Objects) -> None:
    view = f"{LAT - 0.001},{LON - 0.001},{LAT + 0.001},{LON + 0.001}"
    reached = {
        f"/v1/permits/{objects.private}": "GET",
        f"/v1/restrictions/{objects.restriction}": "GET",
        f"/v1/subscriptions/{objects.subscription}": "DELETE",
        objects.source: "GET",
        f"{objects.test}/{objects.test_version}": "DELETE",
        objects.plan: "DELETE",
        "/rid/uss/flights/police-1/details": "GET",
        "/riddp/display_data/police-1": "GET",
        "/v1/verdicts/8": "GET",
    }
    for path, method in reached.items():
        assert served.ask(method, path, headers=stranger()).status_code == 404, path
    assert served.ask("DELETE", objects.source, headers=stranger()).status_code == 404
    for step in ("sign", "amend", "cancel"):
        assert act(served, f"/v1/restrictions/{objects.restriction}/{step}").status_code in (404, 422)
    for permit in (objects.permit, objects.private):
        tag = served.ask("GET", f"/v1/permits/{permit}").headers["etag"]
        for step in ("withdraw", "activate", "close", "suspend", "revoke", "resume", "accept_offer"):
            answer = act(served, f"/v1/permits/{permit}/{step}", tag)
            assert answer.status_code in (403, 404, 409), (permit, step, answer.text)
        assert served.ask("GET", f"/v1/permits/{permit}").headers["etag"] == tag
    assert served.ask("GET", "/v1/subscriptions", headers=stranger()).json() == {"subscriptions": []}
    sources = served.ask("GET", "/geospatial_map/geospatial_data_sources", headers=stranger()).json()
    assert sources == {"data_sources": []}
    listed = served.ask("GET", "/v1/permits", headers=stranger()).json()["permits"]
    assert objects.private not in [permit["permit_id"] for permit in listed]
    for path in ("/rid/uss/flights", "/riddp/display_data"):
        assert served.ask("GET", f"{path}?view={view}", headers=stranger()).json()["flights"] == []
    # And they are all there for whom they belong to.
    assert served.ask("GET", f"/v1/permits/{objects.private}").status_code == 200
    assert served.ask("GET", objects.source).status_code == 200
    assert len(served.ask("GET", f"/rid/uss/flights?view={view}").json()["flights"]) == 1


def test_an_operator_sees_neither_the_permits_nor_the_drafts_of_others(
    served: World, objects: Objects
) -> None:
    for scope_name in (READ, DECIDE, RESTRICT):
        somebody = bearer(f"{scope_name} skykeep.permits.apply", sub="bob", authority_id=None)
        assert served.ask("GET", f"/v1/permits/{objects.permit}", headers=somebody).status_code == 404
        if scope_name != DECIDE:
            path = f"/v1/restrictions/{objects.restriction}"
            assert served.ask("GET", path, headers=somebody).status_code == 404


def stranger() -> dict[str, str]:
    said = dict(STRANGER)
    return bearer(said.pop("scope"), **said)


def act(served: World, path: str, tag: str = '"1.1"') -> httpx.Response:
    also = {"if-match": tag}
    return served.ask("POST", path, {"reason": "because"}, headers=stranger(), also=also)
