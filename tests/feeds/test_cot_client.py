"""The TAK client against small servers on loopback: what it says first, protobuf agreed on, TLS, and gone."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from cot_peer import Heard, Peer, bounded, client, with_server
from cot_samples import DETECTION_XML, FRIENDLY_XML, GROUND_XML, NOW_UTC_NS, SOURCE, track_report
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.sensing import Claim, Scan
from skykeep.feeds.cot_client import CotClient, CotTls
from skykeep.wire.cot_detail import read_detail
from skykeep.wire.cot_proto import MAGIC, encode_frame
from skykeep.wire.cot_reports import track_event
from skykeep.wire.cot_source import pong, version_answer, version_offer
from skykeep.wire.cot_xml import decode_xml, encode_xml

TRACK = track_event(track_report(), SOURCE)


async def until_gone(feed: CotClient, outlet: Heard) -> str:
    """Run a feed until its connection is gone; return the reason given."""
    with pytest.raises(LinkError) as caught:
        await feed.run(outlet)
    return str(caught.value)


def test_it_says_who_it_is_then_tells_and_listens() -> None:
    async def server(peer: Peer) -> None:
        first = await peer.event()
        detail = read_detail(first.detail)
        assert (first.uid, first.type) == (SOURCE.uid, "a-f-G-U-C")
        assert (detail.callsign, detail.platform, detail.group) == ("SKYKEEP", "Skykeep", "Cyan")
        assert await peer.event() == TRACK
        # Back comes our own track, then a friendly, a detection, a guard, and something damaged.
        for data in (encode_xml(TRACK), FRIENDLY_XML, DETECTION_XML, GROUND_XML, b"<event></event>"):
            peer.writer.write(data)
        peer.writer.close()

    async def story(port: int) -> None:
        feed, outlet = client(port), Heard()
        feed.outbox.put(TRACK)
        assert await until_gone(feed, outlet) == f"TAK server 127.0.0.1:{port} closed the connection"
        assert [type(record) for record in outlet.records] == [Claim, Scan]
        assert [refusal.field for refusal in outlet.refusals] == ["point"]
        assert "not encrypted" in outlet.sentences[0]
        assert feed.outbox.counts["sent"] == 1
        assert feed._inputs.counts["own echo"] == 1

    bounded(with_server(server, story))


def test_standing_events_are_told_at_every_connection() -> None:
    seen: list[str] = []

    async def server(peer: Peer) -> None:
        await peer.event()
        seen.append((await peer.event()).uid)

    async def story(port: int) -> None:
        feed = client(port, standing=lambda _: [TRACK])
        for _ in range(2):
            await until_gone(feed, Heard())

    bounded(with_server(server, story))
    assert seen == [TRACK.uid, TRACK.uid]


def test_both_sides_go_on_in_protobuf_once_the_server_says_yes() -> None:
    ended = asyncio.Event()

    async def server(peer: Peer) -> None:
        await peer.event()
        peer.writer.write(encode_xml(version_offer("protouid", NOW_UTC_NS)))
        request = await peer.until("t-x-takp-q")
        assert request.uid == "protouid"
        assert b'<TakRequest version="1"/>' in peer.raw[-1]
        # Still XML from the server, as is allowed; then yes, and a protobuf frame in the same write.
        answer = encode_xml(version_answer("protouid", NOW_UTC_NS, True))
        peer.writer.write(GROUND_XML + answer + encode_frame(decode_xml(FRIENDLY_XML)))
        assert sorted((await peer.event()).detail, key=repr) == sorted(TRACK.detail, key=repr)
        assert peer.raw[-1][0] == MAGIC
        ended.set()
        await peer.closed()

    async def story(port: int) -> None:
        feed, outlet = client(port), Heard()
        running = asyncio.ensure_future(feed.run(outlet))
        await outlet.until(lambda: len(outlet.sentences) == 2)
        feed.outbox.put(TRACK)
        await asyncio.gather(ended.wait(), outlet.until(lambda: bool(outlet.records)))
        assert outlet.sentences[1].endswith("agreed on protobuf")
        assert isinstance(outlet.records[0], Claim)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    bounded(with_server(server, story))


def test_nothing_is_sent_between_the_question_and_the_answer() -> None:
    async def server(peer: Peer) -> None:
        await peer.event()
        peer.writer.write(encode_xml(version_offer("protouid", NOW_UTC_NS)))
        await peer.until("t-x-takp-q")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await peer.event()
        peer.writer.write(encode_xml(version_answer("protouid", NOW_UTC_NS, False)))
        assert await peer.until(TRACK.type) == TRACK
        assert peer.raw[-1].startswith(b"<?xml")
        peer.writer.close()

    async def story(port: int) -> None:
        feed, outlet = client(port, ping_every_s=0.05), Heard()
        running = asyncio.ensure_future(until_gone(feed, outlet))
        await outlet.until(lambda: bool(outlet.sentences))
        # The question is out once the offer has been admitted.
        await outlet.until(lambda: outlet._room < 1_000_000)
        feed.outbox.put(TRACK)
        await running
        assert outlet.sentences[1].endswith("declined protobuf; going on in XML")

    bounded(with_server(server, story))


def test_a_server_that_never_answers_is_left_and_next_time_spoken_to_in_xml() -> None:
    asked: list[bool] = []

    async def server(peer: Peer) -> None:
        await peer.event()
        peer.writer.write(encode_xml(version_offer("protouid", NOW_UTC_NS)))
        if asked:
            await peer.until("t-x-c-t")
            asked.append(any(b"t-x-takp-q" in raw for raw in peer.raw))
            peer.writer.close()
        else:
            await peer.until("t-x-takp-q")
            asked.append(True)
            await peer.closed()

    async def story(port: int) -> None:
        feed = client(port, ping_every_s=0.02, answer_within_s=0.05)
        assert "never answered" in await until_gone(feed, Heard())
        assert "closed" in await until_gone(feed, Heard())

    bounded(with_server(server, story))
    assert asked == [True, False]


def test_it_pings_and_answers_pings_and_gives_up_on_silence() -> None:
    async def server(peer: Peer) -> None:
        ping = await peer.until("t-x-c-t")
        assert ping.uid == f"{SOURCE.uid}-ping"
        peer.writer.write(encode_xml(pong(NOW_UTC_NS)) + encode_xml(ping))
        assert (await peer.until("t-x-c-t-r")).uid == "takPong"
        assert (await peer.until("a-f-G-U-C")).uid == SOURCE.uid
        await peer.closed()

    async def story(port: int) -> None:
        feed = client(port, ping_every_s=0.02, silent_after_s=3.0, report_every_s=0.04)
        assert "has said nothing for" in await until_gone(feed, Heard())

    bounded(with_server(server, story))


def test_a_throttled_feed_drops_before_decoding() -> None:
    async def server(peer: Peer) -> None:
        await peer.event()
        peer.writer.write(FRIENDLY_XML + DETECTION_XML + b"<event></event>")
        peer.writer.close()

    async def story(port: int) -> None:
        outlet = Heard(room=1)
        await until_gone(client(port), outlet)
        assert (len(outlet.records), outlet.refusals, outlet.dropped) == (1, [], 2)

    bounded(with_server(server, story))


def test_a_protobuf_stream_out_of_step_is_closed() -> None:
    async def server(peer: Peer) -> None:
        await peer.event()
        peer.writer.write(b"\xbf\xff\xff\xff\xff\xff")
        await peer.closed()

    async def story(port: int) -> None:
        outlet = Heard()
        assert "cannot be followed" in await until_gone(client(port), outlet)
        assert [refusal.field for refusal in outlet.refusals] == ["header.length"]

    bounded(with_server(server, story))


def test_nobody_there_is_a_lost_link() -> None:
    async def story() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        assert "cannot be reached" in await until_gone(client(port), Heard())

    bounded(story())


class Papers:
    """Certificates of one authority, as files."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self.authority = trustme.CA()
        self.ca_file = str(folder / f"{name}.ca.pem")
        self.authority.cert_pem.write_to_path(self.ca_file)

    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1").configure_cert(context)
        self.authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def client_files(self) -> tuple[str, str]:
        issued = self.authority.issue_cert("skykeep@example.org")
        cert, key = self._folder / f"{self._name}.pem", self._folder / f"{self._name}.key"
        issued.cert_chain_pems[0].write_to_path(cert)
        issued.private_key_pem.write_to_path(key)
        return str(cert), str(key)


def tls_story(papers: Papers, tls: CotTls, check: Callable[[str, Heard], None]) -> None:
    async def server(peer: Peer) -> None:
        await peer.event()
        peer.writer.write(FRIENDLY_XML)
        await peer.writer.drain()

    async def story(port: int) -> None:
        outlet = Heard()
        check(await until_gone(client(port, tls=tls), outlet), outlet)

    bounded(with_server(server, story, papers.server_context()))


def test_tls_with_a_certificate_on_both_sides(tmp_path: Path) -> None:
    papers = Papers(tmp_path, "site")
    cert_file, key_file = papers.client_files()

    def check(reason: str, outlet: Heard) -> None:
        assert "closed the connection" in reason
        assert len(outlet.records) == 1
        assert outlet.sentences[0].endswith("over TLS")

    tls_story(papers, CotTls(ca_file=papers.ca_file, cert_file=cert_file, key_file=key_file), check)


def test_a_server_of_another_authority_is_not_spoken_to(tmp_path: Path) -> None:
    papers, other = Papers(tmp_path, "site"), Papers(tmp_path, "other")

    def check(reason: str, outlet: Heard) -> None:
        assert "its certificate is not trusted" in reason
        assert outlet.sentences == []

    tls_story(papers, CotTls(ca_file=other.ca_file), check)


def test_a_server_of_another_name_is_not_spoken_to(tmp_path: Path) -> None:
    papers = Papers(tmp_path, "site")

    def check(reason: str, _: Heard) -> None:
        assert "its certificate is not trusted" in reason

    tls_story(papers, CotTls(ca_file=papers.ca_file, server_name="tak.example.org"), check)


def test_files_that_are_not_there_stop_it_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"absent\.pem"):
        client(1, tls=CotTls(ca_file=str(tmp_path / "absent.pem")))
