"""The server on a real socket of the loopback: who is let in, what is carried, what a page receives."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from fake_night import ALERT, PROPOSAL, RAISED_S, START_UTC_NS, FakeNight
from skykeep.api.application import create_app
from skykeep.api.server import Server, serve
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import SetupError

TILES = bytes(range(256)) * 40
PAGE = "<!doctype html><title>stub</title>"


class House:
    """A running server over a scripted night."""

    def __init__(self, night: FakeNight, server: Server) -> None:
        self.night = night
        self.url = server.url.rstrip("/")
        self.port = server.port
        self.host = f"127.0.0.1:{server.port}"

    def socket(self, form: str = "msgpack", origin: str | None = "own", **options: Any) -> ClientConnection:
        own_origin = f"http://{self.host}"
        page: ClientConnection = connect(
            f"ws://{self.host}/ws?format={form}",
            origin=None if origin is None else Origin(own_origin if origin == "own" else origin),
            max_size=None,
            proxy=None,
            **options,
        )
        return page

    def get(self, path: str, **headers: str) -> httpx.Response:
        with httpx.Client(trust_env=False) as client:
            return client.get(self.url + path, headers=headers)


@contextmanager
def open_house(tmp_path: Path) -> Iterator[House]:
    webui, tiles = tmp_path / "web ui", tmp_path / "tiles"
    (webui / "assets").mkdir(parents=True)
    tiles.mkdir()
    (webui / "index.html").write_text(PAGE)
    (webui / "assets" / "page-1a2b3c.js").write_text("export {}")
    (tiles / "world.pmtiles").write_bytes(TILES)
    (tmp_path / "secret.pmtiles").write_text("secret")
    (tiles / "notes.txt").write_text("not a tile")
    dossier = tmp_path / "dossier.pdf"
    night = FakeNight(dossier)
    with Server(create_app(night, webui, tiles)) as server:
        yield House(night, server)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house of the test's own."""
    with open_house(tmp_path) as house:
        yield house


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house shared by tests that only look."""
    with open_house(tmp_path_factory.mktemp("idle")) as house:
        yield house


def receive_any(page: ClientConnection) -> dict[str, Any]:
    frame = page.recv(timeout=20)
    message: dict[str, Any] = json.loads(frame) if isinstance(frame, str) else msgspec.msgpack.decode(frame)
    return message


def receive(page: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of a kind; the time limit stops one that never comes."""
    while (message := receive_any(page))["type"] != kind:
        pass
    return message


def say(page: ClientConnection, **command: Any) -> None:
    page.send(msgspec.msgpack.encode(command))


# --- who is let in ---------------------------------------------------------------------------------------


def test_a_page_of_this_server_is_let_in(idle: House) -> None:
    with idle.socket() as page:
        assert receive(page, "hello")["mode"] == "SIMULATION"
    with idle.socket(origin=f"https://{idle.host}") as page:
        assert receive(page, "hello")["protocol"] == 1


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://{host}.evil.example",
        "http://evil.example#{host}",
        "http://user@{host}",
        "file://{host}",
        "http://{host}/page",
    ],
)
def test_any_other_origin_is_refused(idle: House, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        idle.socket(origin=None if origin is None else origin.format(host=idle.host))
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "", "127.0.0.1:x"]
)
def test_a_foreign_name_is_not_served(idle: House, host: str) -> None:
    answer = idle.get("/api/site", host=host.format(port=idle.port))

    assert answer.status_code == 421
    assert "Haven" not in answer.text


@pytest.mark.parametrize("host", ["localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}", "127.0.0.1"])
def test_our_own_names_are_served(idle: House, host: str) -> None:
    assert idle.get("/api/site", host=host.format(port=idle.port)).status_code == 200


def test_a_foreign_name_with_its_own_origin_opens_no_socket(idle: House) -> None:
    raw = socket.create_connection(("127.0.0.1", idle.port))
    with raw, pytest.raises(InvalidStatus) as refusal:
        connect(
            "ws://evil.example/ws",
            sock=raw,
            origin=Origin("http://evil.example"),
            proxy=None,
        )
    assert refusal.value.response.status_code == 403


# --- what is carried -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/site", "/tiles/world.pmtiles", "/no/such/page", "/api/dossier"])
def test_every_answer_trusts_no_one_else(idle: House, path: str) -> None:
    headers = idle.get(path).headers

    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == f"'self' ws://{idle.host} wss://{idle.host}"
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_the_page_is_asked_for_each_time_and_its_named_parts_once(idle: House) -> None:
    assert idle.get("/").text == PAGE
    assert idle.get("/").headers["cache-control"] == "no-cache"
    assert "immutable" in idle.get("/assets/page-1a2b3c.js").headers["cache-control"]
    assert "immutable" not in idle.get("/assets/gone.js").headers.get("cache-control", "")


def test_without_a_built_page_the_rest_works(tmp_path: Path) -> None:
    with Server(create_app(FakeNight(), tmp_path / "nothing")) as server:
        house = House(FakeNight(), server)
        assert house.get("/").status_code == 503
        assert house.get("/api/status").status_code == 200
        assert house.get("/tiles/world.pmtiles").status_code == 404


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5000-5099", 5000, 5100),
        ("bytes=10230-", 10230, 10240),
        ("bytes=-7", 10233, 10240),
        ("bytes=10000-99999", 10000, 10240),
    ],
)
def test_a_map_reads_ranges_of_its_tiles(idle: House, asked: str, start: int, stop: int) -> None:
    answer = idle.get("/tiles/world.pmtiles", range=asked)

    assert (answer.status_code, answer.content) == (206, TILES[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/10240"


def test_tiles_whole_say_that_they_can_be_had_in_ranges(idle: House) -> None:
    answer = idle.get("/tiles/world.pmtiles")

    assert (answer.status_code, answer.content) == (200, TILES)
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_range_beyond_the_tiles_is_not_there(idle: House) -> None:
    assert idle.get("/tiles/world.pmtiles", range="bytes=20000-20001").status_code == 416


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "..%2Fsecret.pmtiles",
        "%2e%2e/secret.pmtiles",
        "absent.pmtiles",
        ".pmtiles",
        "a%00.pmtiles",
    ],
)
def test_nothing_but_tiles_is_under_tiles(idle: House, name: str) -> None:
    assert idle.get(f"/tiles/{name}").status_code == 404


def test_the_present_as_json(house: House) -> None:
    house.night.advance_to(RAISED_S)

    assert house.get("/api/site").json()["name"] == "Haven Rock"
    assert house.get("/api/alerts").json()["alerts"][0]["id"] == ALERT
    assert house.get("/api/status").json()["latest_utc_ns"] == str(house.night.now_utc_ns())
    tracks = house.get("/api/tracks").json()
    assert tracks["full"]
    assert 1 in tracks["columns"]["id"]
    assert house.get("/api/site").headers["cache-control"] == "no-store"
    assert house.get("/docs").status_code == 404, "its page would load from elsewhere"


def test_the_dossier_comes_when_it_is_sealed(house: House, tmp_path: Path) -> None:
    assert house.get("/api/dossier").status_code == 404
    (tmp_path / "dossier.pdf").write_bytes(b"%PDF-1.7 sealed")
    assert house.get("/api/dossier").content == b"%PDF-1.7 sealed"
    assert house.get("/api/dossier").headers["content-type"] == "application/pdf"


# --- what a page receives --------------------------------------------------------------------------------


def test_hello_comes_first_then_the_whole_picture_then_what_changed(house: House) -> None:
    with house.socket() as page:
        assert receive_any(page)["type"] == "hello"
        first = receive(page, "picture")
        assert first["full"]
        ids = np.frombuffer(first["columns"]["id"], "<i4")
        assert len(ids) == 18
        house.night.advance_to(6)
        while True:
            later = receive(page, "picture")
            assert not later["full"]
            if later["time_utc_ns"] == START_UTC_NS + 6 * NS_PER_S:
                break
        assert 1 in np.frombuffer(later["columns"]["id"], "<i4")


def test_json_pages_get_the_same(house: House) -> None:
    with house.socket("json") as page, house.socket() as other:
        assert receive(page, "hello")["start_utc_ns"] == str(START_UTC_NS)
        text, binary = receive(page, "picture"), receive(other, "picture")
        assert text["columns"]["lon_e7"] == np.frombuffer(binary["columns"]["lon_e7"], "<i4").tolist()
        page.send(json.dumps({"type": "seek", "time_utc_ns": "1"}))
        assert receive(page, "status")["following"] is True, "before anything happened, start is the newest"


def test_an_alert_reaches_every_page_and_an_acknowledgement_too(house: House) -> None:
    with house.socket() as one, house.socket("json") as two:
        receive(one, "picture")
        receive(two, "picture")
        house.night.advance_to(RAISED_S)
        while not receive(one, "alerts")["alerts"]:
            pass
        say(one, type="acknowledge", alert_id=ALERT, by="watch")
        while (alerts := receive(two, "alerts")["alerts"]) == [] or alerts[0]["state"] == "raised":
            pass
        assert alerts[0]["acknowledged_by"] == "watch"


def test_two_persons_approve(house: House) -> None:
    house.night.advance_to(16)
    with house.socket() as page:
        for by in ("commander", "commander", "watch", "deputy"):
            say(page, type="approve", proposal_id=PROPOSAL, option_id="soft", by=by)
        assert "a second person" in receive(page, "refused")["why"]
        assert "may approve" in receive(page, "refused")["why"]
        while (proposal := receive(page, "proposals")["proposals"][0])["state"] != "approved":
            pass
        assert [approval["by"] for approval in proposal["approvals"]] == ["commander", "deputy"]


@pytest.mark.parametrize(
    ("frame", "command", "why"),
    [
        (
            msgspec.msgpack.encode({"type": "speed", "factor": 64}),
            "speed",
            "factor: out of bounds, must be float <= 32.0",
        ),
        (b"\xc1", "?", "message"),
        (b"", "?", "message"),
        ("text on a binary socket", "?", "message"),
        (b"\x00" * 20_000, "?", "20,000 bytes, must be at most 16,384"),
        (
            msgspec.msgpack.encode({"type": "approve", "proposal_id": "p", "option_id": "o", "by": "x"}),
            "approve",
            "by: 'x'",
        ),
    ],
)
def test_a_bad_command_is_answered_and_the_socket_lives(
    house: House, frame: bytes | str, command: str, why: str
) -> None:
    with house.socket() as page:
        page.send(frame)
        refused = receive(page, "refused")
        assert refused["command"] == command
        assert why in refused["why"]
        say(page, type="pause")
        while receive(page, "status")["playing"]:
            pass


def test_a_frame_beyond_all_measure_closes_the_socket(house: House) -> None:
    with house.socket() as page:
        # Deflated, these are some 100 bytes on the wire.
        page.send(b"\x00" * 100_000)
        with pytest.raises(ConnectionClosed) as closed:
            receive(page, "never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    assert house.get("/api/status").status_code == 200


def test_a_page_that_does_not_read_misses_pictures_but_never_the_newest(house: House) -> None:
    with house.socket() as quick, house.socket(max_queue=1) as slow:
        receive(slow, "hello")
        for second in range(1, 100):
            house.night.advance_to(second)
        while receive(quick, "picture")["time_utc_ns"] != house.night.now_utc_ns():
            pass
        pictures = 0
        while receive(slow, "picture")["time_utc_ns"] != house.night.now_utc_ns():
            pictures += 1
        assert pictures < 99


def test_a_page_torn_off_in_the_middle_hurts_nobody(house: House) -> None:
    with house.socket() as stays:
        receive(stays, "picture")
        for _ in range(5):
            page = house.socket()
            page.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            page.socket.close()
        house.night.advance_to(RAISED_S)
        while not receive(stays, "alerts")["alerts"]:
            pass


# --- starting and stopping -------------------------------------------------------------------------------


def test_stopping_closes_every_page_and_frees_the_port(tmp_path: Path) -> None:
    night = FakeNight()
    with ExitStack() as pages:
        with Server(create_app(night, tmp_path)) as server:
            page = pages.enter_context(House(night, server).socket())
            receive(page, "picture")
        with pytest.raises(ConnectionClosed):
            receive(page, "never")
    night.advance_to(3)
    with Server(create_app(night, tmp_path), port=server.port) as again:
        assert House(night, again).get("/api/status").status_code == 200


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path) -> None:
    with (
        Server(create_app(FakeNight(), tmp_path)) as server,
        pytest.raises(SetupError, match=str(server.port)),
    ):
        Server(create_app(FakeNight(), tmp_path), port=server.port)


def test_it_serves_in_the_thread_that_asks(tmp_path: Path) -> None:
    said: list[str] = []
    server = Server(create_app(FakeNight(), tmp_path))

    def look_and_stop(url: str) -> None:
        said.append(url)
        threading.Thread(target=server.stop).start()

    server.run(look_and_stop)
    assert said == [server.url]
    assert callable(serve)
