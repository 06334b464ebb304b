"""Sensors over HTTP, on a real socket: who is let in, what each wrong request is told."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from contract_house import FRAME, LONGEST_WAIT_S, KeepingOutlet, sensor, watching
from skykeep.api import sensor_api
from skykeep.api.intake import create_intake
from skykeep.api.sensor_api import LARGEST_BODY_BYTES, Tokens
from skykeep.api.sensor_openapi import openapi_document
from skykeep.api.server import Server
from skykeep.base.errors import SetupError
from skykeep.domain.sensing import MeasurementKind, Scan
from skykeep.feeds.contract_door import Door, DoorFeed
from skykeep.wire.contract_inputs import ContractInputs

TOKEN, OTHER = "a-token-of-twenty-characters", "another-one-of-that-length"
PATH = "/v1/sensors/rf-1/messages"
LOOK: dict[str, Any] = {
    "type": "detections",
    "sensor_id": "rf-1",
    "sequence": 1,
    "time_utc": "2031-05-03T02:14:07Z",
    "detections": [{"kind": "bearing", "bearing_deg": 41.0, "bearing_sigma_deg": 2.0}],
}


class House:
    """A running server with the feed of `rf-1` open; `rf-2` has a token, and no feed."""

    def __init__(self, url: str, outlet: KeepingOutlet) -> None:
        self.url = url.rstrip("/")
        self.outlet = outlet

    def post(self, content: bytes | str, token: str | None = TOKEN, **more: Any) -> httpx.Response:
        headers = {"content-type": "application/json"} | more.pop("headers", {})
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        with httpx.Client(trust_env=False, timeout=LONGEST_WAIT_S) as client:
            return client.post(self.url + more.pop("path", PATH), content=content, headers=headers)

    def wrong(self, answer: httpx.Response) -> str:
        (refused,) = answer.json()["refused"]
        return f"{answer.status_code} line {refused['line']} {refused['field']}: {refused['found']}"


@contextmanager
def open_house(outlet: KeepingOutlet) -> Iterator[House]:
    door = Door()
    inputs = ContractInputs(sensor("rf-1", measures=MeasurementKind.AZIMUTH), FRAME)
    with (
        Server(create_intake(door, Tokens({"rf-1": TOKEN, "rf-2": OTHER}))) as server,
        watching([(DoorFeed(door, "rf-1", inputs), outlet)]),
    ):
        yield House(server.url, outlet)


@pytest.fixture
def house() -> Iterator[House]:
    with open_house(KeepingOutlet()) as house:
        yield house


def look(**changes: Any) -> bytes:
    return json.dumps(LOOK | changes).encode()


def test_a_bearing_comes_through(house: House) -> None:
    answer = house.post(look())

    assert (answer.status_code, answer.json()) == (200, {"taken": 1, "refused": [], "try_again": []})
    (scan,) = house.outlet.records
    assert isinstance(scan, Scan)
    assert scan.sensor_id == "rf-1"
    assert len(scan) == 1


def test_a_batch_is_taken_line_by_line(house: House) -> None:
    lines = [look(sequence=1), b"", look(sequence=2, detections="none"), look(sequence=3)]
    answer = house.post(b"\r\n".join(lines), headers={"content-type": "application/x-ndjson; charset=utf-8"})

    assert answer.status_code == 422
    assert answer.json() == {
        "taken": 2,
        "refused": [{"line": 2, "field": "detections", "found": '"none"', "must": "array"}],
        "try_again": [],
    }
    assert len(house.outlet.records) == 2
    assert [refusal.field for refusal in house.outlet.refusals] == ["detections"]


@pytest.mark.parametrize(
    ("path", "authorization"),
    [
        (PATH, None),
        (PATH, ""),
        (PATH, TOKEN),
        (PATH, f"Basic {TOKEN}"),
        (PATH, f"Bearer {OTHER}"),
        (PATH, f"Bearer {TOKEN}x"),
        (PATH, "Bearer"),
        ("/v1/sensors/rf-2/messages", f"Bearer {TOKEN}"),
        ("/v1/sensors/nobody/messages", f"Bearer {TOKEN}"),
        ("/v1/sensors/nobody/messages", "Bearer"),
    ],
)
def test_without_its_own_token_nobody_is_let_in(house: House, path: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    answer = house.post(look(), token=None, headers=headers, path=path)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["refused"][0]["field"] == "authorization"
    assert house.outlet.records == []


def test_without_tokens_in_the_configuration_nobody_is_let_in() -> None:
    assert not Tokens({}).let_in("rf-1", f"Bearer {TOKEN}")
    assert not Tokens({}).let_in("rf-1", "Bearer ")


@pytest.mark.parametrize(
    "tokens",
    [
        {"rf-1": "short"},
        {"rf-1": ""},
        {"rf-1": TOKEN, "rf-2": TOKEN},
        {"rf-1": "é" * 30},
        {"rf-1": f"{TOKEN} x"},
    ],
)
def test_a_token_that_protects_nothing_is_refused(tokens: dict[str, str]) -> None:
    with pytest.raises(SetupError):
        Tokens(tokens)


def test_a_message_sent_twice_is_refused_by_its_sequence(house: House) -> None:
    house.post(look())
    assert house.wrong(house.post(look())).startswith("422 line 1 sequence: 1 of 2031-05-03T02:14:07.000Z")


def test_a_sensor_without_a_running_feed_is_told_so(house: House) -> None:
    answer = house.post(look(), token=OTHER, path="/v1/sensors/rf-2/messages")
    assert house.wrong(answer) == "503 line 0 sensor_id: rf-2 is not open: its feed does not run"
    assert answer.headers["retry-after"] == "5"


def test_what_finds_no_room_may_be_sent_again() -> None:
    with open_house(KeepingOutlet(room=1)) as house:
        lines = b"\n".join(look(sequence=n) for n in (1, 2, 3))
        answer = house.post(lines, headers={"content-type": "application/x-ndjson"})

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json() == {"taken": 1, "refused": [], "try_again": [2, 3]}
    assert house.outlet.dropped == 2


WRONG: dict[str, tuple[bytes, dict[str, str], str]] = {
    "no type": (look(), {"content-type": ""}, "415 line 0 content-type: missing"),
    "a form": (b"a=1", {"content-type": "application/x-www-form-urlencoded"},
               "415 line 0 content-type: application/x-www-form-urlencoded"),
    "packed": (look(), {"content-encoding": "gzip"}, "415 line 0 content-encoding: gzip"),
    "too long": (b" " * (LARGEST_BODY_BYTES + 1), {}, "413 line 0 body: over 1,048,576 bytes"),
    "too many lines": (b"{}\n" * 1_001, {"content-type": "application/x-ndjson"},
                       "413 line 0 body: 1,001 lines"),
    "no lines": (b"\n\n", {"content-type": "application/x-ndjson"}, "422 line 0 message: no line"),
    "nothing": (b"", {}, "422 line 1 message: Input data was truncated"),
}  # fmt: skip


@pytest.mark.parametrize("story", WRONG)
def test_a_wrong_body_is_told_what_is_wrong(house: House, story: str) -> None:
    content, headers, told = WRONG[story]
    assert house.wrong(house.post(content, headers=headers)) == told
    assert house.outlet.records == []


def test_a_body_that_does_not_come_is_not_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensor_api, "LONGEST_WAIT_S", 0.2)
    host, port = house.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=LONGEST_WAIT_S) as slow:
        slow.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
        )
        assert slow.recv(4_096).startswith(b"HTTP/1.1 408")


def test_the_contract_can_be_read_from_the_server(house: House) -> None:
    with httpx.Client(trust_env=False) as client:
        document = client.get(f"{house.url}/v1/openapi.json").json()
        schema = client.get(f"{house.url}/v1/schema.json").json()
    assert "BearingDetection" in document["components"]["schemas"]
    assert "BearingDetection" in schema["$defs"]


OPERATION = schemathesis.openapi.from_dict(openapi_document())["/v1/sensors/{sensor_id}/messages"]["POST"]
load_all_checks()
# The schema cannot say that a message must name the sensor it is brought for, that sequences rise, or which
# two fields go together: what follows the schema may still be refused, by name.
NOT_SAID: list[Any] = CHECKS.get_by_names(["positive_data_acceptance"])


@pytest.fixture(scope="module")
def idle() -> Iterator[House]:
    with open_house(KeepingOutlet()) as house:
        yield house


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_schemathesis_finds_nothing(idle: House, mode: schemathesis.GenerationMode) -> None:
    """Requests that follow the document and requests that do not; the plugin for pytest is not needed."""
    statuses = set()

    @given(OPERATION.as_strategy(generation_mode=mode))
    @settings(max_examples=100, suppress_health_check=list(HealthCheck))
    def send(case: schemathesis.Case[Any]) -> None:
        case.path_parameters["sensor_id"] = "rf-1"
        answer = case.call_and_validate(
            base_url=idle.url,
            headers={"authorization": f"Bearer {TOKEN}"},
            excluded_checks=NOT_SAID,
            timeout=LONGEST_WAIT_S,
        )
        statuses.add(answer.status_code)

    send()
    assert 422 in statuses
