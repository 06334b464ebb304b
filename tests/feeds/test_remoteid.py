"""Remote ID live: frames on an interface, and a service provider that answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from loopback import serving
from remoteid_frames import LOCATION, PACK, SENDER
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.feed import Refusal, Taken
from skykeep.domain.sensing import Claim, Sensor, SensorKind
from skykeep.feeds.remoteid_monitor import RemoteIdMonitor
from skykeep.feeds.remoteid_provider import RemoteIdProvider, View
from skykeep.geo.frames import LocalFrame
from skykeep.wire.remoteid_carriers import may_carry
from skykeep.wire.remoteid_inputs import RemoteIdInput
from skykeep.wire.remoteid_network_inputs import NetworkRemoteIdInput
from skykeep.wire.remoteid_wifi import encode_beacon

FRAME = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=20.0)
SENSOR = Sensor(
    sensor_id="rid-1",
    name="Receiver",
    kind=SensorKind.REMOTE_ID,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=5_000.0,
    independent=False,
)
NOW_NS = from_iso_utc("2031-05-03T02:00:13+00:00")


class Kept:
    """An outlet that keeps everything, and tells when there are `enough` claims."""

    def __init__(self, enough: int = 1, room: bool = True) -> None:
        self.claims: list[Claim] = []
        self.refusals: list[Refusal] = []
        self.words: list[str] = []
        self.listening, self.full = asyncio.Event(), asyncio.Event()
        self._enough, self._room, self.asked = enough, room, 0

    def now_utc_ns(self) -> int:
        return NOW_NS

    def pause_s(self) -> float:
        return 0.0

    def lost(self, messages: int) -> None: ...

    def admit(self, messages: int = 1) -> bool:
        self.asked += messages
        return self._room

    def put(self, taken: Taken) -> None:
        self.claims += [record for record in taken.records if isinstance(record, Claim)]
        self.refusals += taken.refusals
        if len(self.claims) >= self._enough:
            self.full.set()

    def said(self, sentence: str) -> None:
        self.words.append(sentence)
        self.listening.set()


def packet_socket() -> socket.socket:
    """A socket that sends raw frames on the loopback interface; without the right to, the test is not run."""
    if not hasattr(socket, "AF_PACKET"):
        pytest.skip("not run: packet sockets are Linux's")
    try:
        sending = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    except PermissionError:
        pytest.skip("not run: packet sockets need CAP_NET_RAW")
    sending.bind(("lo", 0))
    return sending


def test_frames_of_an_interface_become_claims() -> None:
    async def story() -> Kept:
        with packet_socket() as sending:
            kept = Kept(enough=2)
            feed = RemoteIdMonitor("wifi", "lo", RemoteIdInput(SENSOR, FRAME), link_type=105)
            task = asyncio.create_task(feed.run(kept))
            await asyncio.wait_for(kept.listening.wait(), 10.0)
            for counter in (1, 2):
                sending.send(encode_beacon(SENDER, PACK, counter, b"RID", 0))
                sending.send(b"\x80" + bytes(60))  # somebody else's beacon
            await asyncio.wait_for(kept.full.wait(), 10.0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            return kept

    kept = asyncio.run(story())
    assert [claim.claimed_id for claim in kept.claims] == ["1ABC23DEF"] * 2
    assert kept.asked == 2  # other people's Wi-Fi costs the source nothing
    assert kept.refusals == []


def test_an_interface_that_is_not_there_is_a_broken_link_and_one_not_monitoring_a_setup_error() -> None:
    packet_socket().close()
    translator = RemoteIdInput(SENSOR, FRAME)
    with pytest.raises(LinkError, match="nosuch0"):
        asyncio.run(RemoteIdMonitor("wifi", "nosuch0", translator).run(Kept()))
    with pytest.raises(SetupError, match="monitor mode"):
        asyncio.run(RemoteIdMonitor("wifi", "lo", translator).run(Kept()))


def test_a_quick_look_passes_every_carrier() -> None:
    assert may_carry(encode_beacon(SENDER, PACK, 1, b"", 0))
    assert not may_carry(LOCATION)


FLIGHT = {
    "id": "flight/1",
    "aircraft_type": "Helicopter",
    "current_state": {
        "timestamp": {"value": "2031-05-03T02:00:12.5Z", "format": "RFC3339"},
        "position": {"lat": 60.0, "lng": 25.0, "alt": 120.0},
    },
}
DETAILS = {"details": {"id": "flight/1", "uas_id": {"serial_number": "1ABC23DEF"}}}


class Provider(BaseHTTPRequestHandler):
    """A service provider with one flight; it wants a token, and remembers what it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = DETAILS if self.path == "/uss/flights/flight%2F1/details" else {"flights": [FLIGHT]}
        allowed = self.headers["Authorization"] == "Bearer secret"
        if self.headers["Authorization"] == "Bearer elsewhere":
            self.send_response(302)
            self.send_header("Location", "/uss/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        data = json.dumps(body).encode() if allowed else b"{}"
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider_url() -> Iterator[str]:
    Provider.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


VIEW = View(south_deg=59.99, west_deg=24.99, north_deg=60.01, east_deg=25.01)


def provider_feed(url: str, token_file: Path) -> tuple[RemoteIdProvider, NetworkRemoteIdInput]:
    translator = NetworkRemoteIdInput(SENSOR, FRAME)
    return RemoteIdProvider("net", url, VIEW, translator, token_file), translator


def test_a_provider_is_asked_for_flights_and_then_for_who_they_are(provider_url: str, tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("secret\n")
    feed, translator = provider_feed(provider_url, token_file)
    kept = Kept()
    asyncio.run(feed.ask(kept))
    assert [claim.claimed_id for claim in kept.claims] == ["flight/1"]
    assert kept.claims[0].time_utc_ns == NOW_NS - NS_PER_S // 2
    assert translator.wanted == []
    asyncio.run(feed.ask(kept))
    assert Provider.asked == [
        "/uss/flights?view=59.990000,24.990000,60.010000,25.010000",
        "/uss/flights/flight%2F1/details",
        "/uss/flights?view=59.990000,24.990000,60.010000,25.010000",
    ]


def test_a_provider_that_refuses_is_a_broken_link(provider_url: str, tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("wrong")
    feed, _ = provider_feed(provider_url, token_file)
    with pytest.raises(LinkError, match="401"):
        asyncio.run(feed.ask(Kept()))
    token_file.write_text("elsewhere")
    with pytest.raises(LinkError, match="302"):
        asyncio.run(feed.ask(Kept()))
    assert "/uss/elsewhere" not in Provider.asked
    token_file.unlink()
    with pytest.raises(LinkError, match="token"):
        asyncio.run(feed.ask(Kept()))


def test_a_token_never_travels_in_the_clear(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="https"):
        provider_feed("http://provider.example", tmp_path)
