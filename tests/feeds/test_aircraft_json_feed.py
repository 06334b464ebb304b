"""`aircraft.json` polled from a small HTTP server on loopback, and from a file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from adsb_frames import SITE, START_NS, S, receiver
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.feed import Taken
from skykeep.feeds.aircraft_json_feed import AircraftJsonFeed, HttpAddress, fetch, http_address, read_document
from skykeep.wire.aircraft_json_inputs import AircraftJsonInputs

Answer = Callable[[int], bytes]
AIRCRAFT = {"hex": "4840d6", "lat": 52.1, "lon": 4.6, "alt_baro": 3_000, "nac_p": 9, "seen_pos": 0.0}


def document(k: int) -> bytes:
    aircraft = AIRCRAFT | {"lat": 52.1 + 0.001 * k}
    return json.dumps({"now": START_NS / S + k, "aircraft": [aircraft]}).encode()


def ok(body: bytes, *fields: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", *fields, b"", body])


async def with_server(answer: Answer, use: Callable[[HttpAddress], Awaitable[None]]) -> list[bytes]:
    """Serve one answer a connection on loopback while `use` runs; return the requests."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer(len(requests) - 1))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        async with asyncio.timeout(20.0):
            port = server.sockets[0].getsockname()[1]
            await use(HttpAddress("127.0.0.1", port, "/data/aircraft.json"))
    finally:
        server.close()
        await server.wait_closed()
    return requests


class EnoughError(Exception):
    """Raised to end a feed that would run for ever."""


class Outlet:
    """Takes `wanted` pieces; its clock goes a second each time it is asked."""

    def __init__(self, wanted: int, refuse_every: int = 0) -> None:
        self._wanted, self._refuse_every = wanted, refuse_every
        self._asked = 0
        self.taken: list[Taken] = []
        self.sentences: list[str] = []

    def now_utc_ns(self) -> int:
        self._asked += 1
        return START_NS + self._asked * S

    def pause_s(self) -> float:
        return 0.0

    def lost(self, messages: int) -> None: ...

    def admit(self, messages: int = 1) -> bool:
        return not self._refuse_every or self._asked % self._refuse_every != 0

    def put(self, taken: Taken) -> None:
        self.taken.append(taken)
        if len(self.taken) >= self._wanted:
            raise EnoughError

    def said(self, sentence: str) -> None:
        self.sentences.append(sentence)


CHUNKED = b"".join(b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in (b'{"now":', b"1}")) + b"0\r\n\r\n"
WHOLE = {
    "with its length": ok(b'{"now":1}', b"Content-Length: 9"),
    "until the line closes": ok(b'{"now":1}'),
    "in chunks": ok(CHUNKED, b"Transfer-Encoding: chunked"),
}
REFUSED = {
    "a redirect": (
        b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n",
        "redirect, which is not followed",
    ),
    "not found": (b"HTTP/1.1 404 Not Found\r\n\r\n", "not 200"),
    "no HTTP": (b"SSH-2.0-something\r\n\r\n", "must be HTTP"),
    "compressed": (ok(b"x", b"Content-Encoding: gzip"), "must not be compressed"),
    "too long, as it says": (ok(b"", b"Content-Length: 99999999"), "must be at most"),
    "too long, without saying": (ok(b"x" * 5_000), "over 4,096"),
    "a length that is none": (ok(b"", b"Content-Length: -5"), "must be a number"),
    "cut short": (ok(b"{}", b"Content-Length: 9"), "9 expected bytes"),
    "a chunk that lies": (ok(b"2\r\n{}xx", b"Transfer-Encoding: chunked"), "does not end where it says"),
    "a head without end": (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 9_000, "limit"),
    "nothing": (b"", "0 bytes read"),
}


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE)
def test_a_document_is_fetched(answer: bytes) -> None:
    async def use(address: HttpAddress) -> None:
        assert await fetch(address) == b'{"now":1}'

    (request,) = asyncio.run(with_server(lambda _: answer, use))
    assert request.startswith(b"GET /data/aircraft.json HTTP/1.1\r\nHost: 127.0.0.1:")


@pytest.mark.parametrize(("answer", "says"), REFUSED.values(), ids=REFUSED)
def test_an_answer_is_refused(answer: bytes, says: str) -> None:
    async def use(address: HttpAddress) -> None:
        with pytest.raises(LinkError, match=says):
            await fetch(address, largest_bytes=4_096)

    assert len(asyncio.run(with_server(lambda _: answer, use))) == 1


def test_a_feed_asks_again_and_again_and_hands_on_what_is_new() -> None:
    outlet = Outlet(wanted=4)

    async def use(address: HttpAddress) -> None:
        feed = AircraftJsonFeed("rx", address, AircraftJsonInputs(receiver(), SITE), period_s=0.001)
        with pytest.raises(EnoughError):
            await feed.run(outlet)

    asyncio.run(with_server(lambda k: ok(document(k // 2)), use))
    assert [len(taken.records) for taken in outlet.taken] == [1, 0, 1, 0]
    assert len(outlet.sentences) == 1
    assert outlet.sentences[0].endswith("answers.")


def test_a_document_that_is_not_admitted_is_not_read() -> None:
    outlet = Outlet(wanted=2, refuse_every=2)

    async def use(address: HttpAddress) -> None:
        feed = AircraftJsonFeed("rx", address, AircraftJsonInputs(receiver(), SITE), period_s=0.001)
        with pytest.raises(EnoughError):
            await feed.run(outlet)

    requests = asyncio.run(with_server(lambda k: ok(document(k)), use))
    assert len(requests) == 3


def test_a_receiver_that_is_gone_is_a_lost_link() -> None:
    async def use(address: HttpAddress) -> None:
        feed = AircraftJsonFeed("rx", address, AircraftJsonInputs(receiver(), SITE))
        with pytest.raises(LinkError, match=r"127\.0\.0\.1"):
            await feed.run(Outlet(wanted=1))

    asyncio.run(with_server(lambda _: b"", use))


def test_a_file_is_read_like_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "aircraft.json"
    path.write_bytes(document(0))
    outlet = Outlet(wanted=1)
    feed = AircraftJsonFeed("rx", path, AircraftJsonInputs(receiver(), SITE), period_s=0.001)
    with pytest.raises(EnoughError):
        asyncio.run(feed.run(outlet))
    assert len(outlet.taken[0].records) == 1
    assert feed.source_id == "rx"
    with pytest.raises(LinkError, match="over 10 octets"):
        read_document(path, largest_bytes=10)
    with pytest.raises(LinkError, match="No such file"):
        read_document(tmp_path / "none.json")


URLS = {
    "another machine": ("http://192.0.2.7/data/aircraft.json", "another machine"),
    "a name": ("http://receiver.example/data/aircraft.json", "another machine"),
    "not http": ("ftp://127.0.0.1/aircraft.json", "must be http"),
    "with a user": ("http://me:secret@127.0.0.1/", "without a user"),
    "no such port": ("http://127.0.0.1:99999/", "no such port"),
    "a blank in it": ("http://127.0.0.1/a b", "printable ASCII"),
}


@pytest.mark.parametrize(("url", "says"), URLS.values(), ids=URLS)
def test_an_address_is_refused_at_the_start(url: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        http_address(url)


def test_an_address_is_read() -> None:
    assert http_address("http://localhost/tar1090/data/aircraft.json?x=1") == HttpAddress(
        "localhost", 80, "/tar1090/data/aircraft.json?x=1"
    )
    assert http_address("http://192.0.2.7:8080/a", allow_plain_http=True) == HttpAddress(
        "192.0.2.7", 8080, "/a"
    )
    assert str(http_address("http://[::1]:8080/a")) == "http://[::1]:8080/a"
