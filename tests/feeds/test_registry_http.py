"""A register behind an address: what it answers, and whatever else happens is no answer."""

from __future__ import annotations

import http.server
from collections.abc import Iterator

import pytest

from loopback import serving
from skykeep.base.errors import SetupError
from skykeep.domain.registry import RegistryStatus
from skykeep.domain.sensing import ClaimKind
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.registry_http import HttpRegister

HERE = Hosts(["127.0.0.1"])
ANSWERS = {
    "GOOD": (200, b'{"status": "valid", "model": "Scout 4", "target_class": "multirotor"}'),
    "BAD": (200, b'{"status": "stolen", "target_class": "ship"}'),
    "ODD": (200, b'{"status": "perhaps"}'),
    "TEXT": (200, b"<html>"),
    "LONG": (200, b'{"status": "valid", "says": "' + b"x" * 70_000 + b'"}'),
    "BROKEN": (500, b"{}"),
    "MOVED": (302, b""),
}


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("authorization")))  # type: ignore[attr-defined]
        serial = self.path.rpartition("=")[2]
        code, body = ANSWERS.get(serial, (404, b""))
        self.send_response(code)
        if code == 302:
            self.send_header("location", "/?claimed_id=GOOD")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    found.asked = []  # type: ignore[attr-defined]
    with serving(found):
        yield found


@pytest.mark.parametrize(
    ("serial", "status"),
    [
        ("GOOD", RegistryStatus.VALID),
        ("BAD", RegistryStatus.STOLEN),
        ("NOBODY", RegistryStatus.NOT_REGISTERED),
        ("ODD", RegistryStatus.UNREACHABLE),
        ("TEXT", RegistryStatus.UNREACHABLE),
        ("LONG", RegistryStatus.UNREACHABLE),
        ("BROKEN", RegistryStatus.UNREACHABLE),
        ("MOVED", RegistryStatus.UNREACHABLE),
    ],
)
def test_what_it_answers(
    server: http.server.ThreadingHTTPServer, serial: str, status: RegistryStatus
) -> None:
    register = HttpRegister(f"http://127.0.0.1:{server.server_port}/", "State", HERE, token="secret")
    answer = register.ask(ClaimKind.REMOTE_ID, serial, 7)
    assert (answer.status, answer.claimed_id, answer.source, answer.time_utc_ns) == (
        status,
        serial,
        "State",
        7,
    )
    assert answer.target_class in ("", "multirotor")
    assert server.asked == [(f"/?kind=remote_id&claimed_id={serial}", "Bearer secret")]  # type: ignore[attr-defined]


def test_nobody_there_is_no_answer(server: http.server.ThreadingHTTPServer) -> None:
    register = HttpRegister("http://127.0.0.1:9/", "State", HERE, patience_s=0.5)
    assert register.ask(ClaimKind.REMOTE_ID, "GOOD", 7).status is RegistryStatus.UNREACHABLE


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://elsewhere.example/", "not among the hosts"),
        ("http://allowed.example/", "must be https"),
        ("http://127.0.0.1/?key=1", "no query"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(address: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        HttpRegister(address, "State", Hosts(["127.0.0.1", "allowed.example"]))
