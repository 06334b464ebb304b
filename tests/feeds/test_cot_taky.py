"""Two thousand events each way through taky, a TAK server that nobody here wrote.

taky rewrites times to milliseconds, coordinates to six decimals and heights to one, and drops the XML
declaration: compared accordingly. What it sends is read by lxml, not by us.
"""

from __future__ import annotations

import asyncio
import configparser
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from cot_peer import Heard, bounded, client
from cot_samples import FRIENDLY_XML, SOURCE, track_report
from skykeep.domain.sensing import Claim
from skykeep.wire.cot import CotEvent
from skykeep.wire.cot_reports import track_event
from skykeep.wire.cot_source import ping
from skykeep.wire.cot_xml import decode_xml, encode_xml

EVENTS = 2_000
SCRIPTS = Path(sys.executable).parent
# taky asks setuptools, which newer environments do not have, for its own version and for nothing else.
STAND_IN = """
class DistributionNotFound(Exception):
    pass

def get_distribution(name):
    raise DistributionNotFound(name)
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
def taky_port(tmp_path: Path) -> Iterator[int]:
    site, port = tmp_path / "site", free_port()
    (tmp_path / "pkg_resources.py").write_text(STAND_IN)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    addresses = ["--host", "127.0.0.1", "--bind-ip", "127.0.0.1", "--public-ip", "127.0.0.1"]
    subprocess.run(
        [SCRIPTS / "takyctl", "setup", "--no-ssl", *addresses, str(site)],
        check=True,
        capture_output=True,
        timeout=60,
        env=environment,
    )
    config = configparser.ConfigParser(allow_no_value=True)
    config.read(site / "taky.conf")
    config.set("cot_server", "port", str(port))
    with (site / "taky.conf").open("w") as file:
        config.write(file)
    # A path of a Unix socket must be short; the management socket lies beside the configuration.
    with subprocess.Popen(
        [SCRIPTS / "taky", "-l", "info", "-c", "taky.conf"],
        cwd=site,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stderr is not None
            for line in server.stderr:
                if "Listening for tcp" in line:
                    break
            yield port
        finally:
            server.terminate()
            server.communicate(timeout=20)


class Witness:
    """A plain TAK client: writes what it is given, reads with lxml."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self._reader = reader
        self._parser = etree.XMLPullParser(events=("end",), tag="event")
        self._parser.feed(b"<stream>")

    async def read(self) -> list[etree._Element]:
        data = await self._reader.read(65_536)
        assert data, "taky closed the connection"
        self._parser.feed(data)
        return [event[1] for event in self._parser.read_events() if isinstance(event[1], etree._Element)]


async def connected(port: int) -> Witness:
    """Connect; taky listens a moment after it says so."""
    for _ in range(100):
        try:
            witness = Witness(*await asyncio.open_connection("127.0.0.1", port))
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
            continue
        # Its pong says that we are known.
        witness.writer.write(encode_xml(ping("witness", time.time_ns())))
        while not any(element.get("type") == "t-x-c-t-r" for element in await witness.read()):
            pass
        return witness
    raise AssertionError("taky never listened")


def ours(now_utc_ns: int) -> list[CotEvent]:
    reports = [
        track_report(
            track_id=number,
            time_utc_ns=now_utc_ns,
            latitude_deg=10.0 + number * 1.25e-5,
            longitude_deg=20.0 - number * 3.5e-5,
            height_hae_m=30.0 + number / 10,
            name=f"Unbekannt № {number}",
        )
        for number in range(1, EVENTS + 1)
    ]
    # Long stale: the machine that runs this may be slow.
    return [
        msgspec.structs.replace(track_event(report, SOURCE), stale_utc_ns=now_utc_ns + 600_000_000_000)
        for report in reports
    ]


def theirs(now_utc_ns: int) -> bytes:
    friendly = msgspec.structs.replace(
        decode_xml(FRIENDLY_XML),
        time_utc_ns=now_utc_ns,
        start_utc_ns=now_utc_ns,
        stale_utc_ns=now_utc_ns + 600_000_000_000,
    )
    return b"".join(
        encode_xml(msgspec.structs.replace(friendly, uid=f"DRONE-{number}")) for number in range(EVENTS)
    )


def test_two_thousand_events_each_way_none_lost(taky_port: int) -> None:
    async def story() -> None:
        witness = await connected(taky_port)
        now_utc_ns = time.time_ns()
        sent = {event.uid: event for event in ours(now_utc_ns)}
        feed, outlet = client(taky_port), Heard(time.time_ns)
        running = asyncio.ensure_future(feed.run(outlet))
        got: dict[str, etree._Element] = {}

        async def listen() -> None:
            while len(got) < EVENTS + 1:
                for element in await witness.read():
                    got[element.get("uid", "")] = element

        # Our report has gone through the server once the witness has it; only then does it hear us all.
        for event in sent.values():
            feed.outbox.put(event)
        witness.writer.write(theirs(now_utc_ns))
        await asyncio.gather(listen(), outlet.until(lambda: len(outlet.records) >= EVENTS))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        witness.writer.close()
        await witness.writer.wait_closed()

        assert outlet.refusals == []
        claimed = [record.claimed_id for record in outlet.records if isinstance(record, Claim)]
        assert sorted(claimed) == sorted(f"DRONE-{number}" for number in range(EVENTS))
        assert got.keys() == {*sent, SOURCE.uid}
        for uid, event in sent.items():
            assert_same(got[uid], event)

    bounded(story())


def assert_same(element: etree._Element, event: CotEvent) -> None:
    point, contact = element.find("point"), element.find("detail/contact")
    assert point is not None
    assert contact is not None
    assert (element.get("type"), element.get("how")) == (event.type, event.how)
    assert element.get("time") == element.get("start")
    assert decode_xml(etree.tostring(element)).time_utc_ns == event.time_utc_ns
    assert float(point.get("lat", "nan")) == pytest.approx(event.point.latitude_deg, abs=5.1e-7)
    assert float(point.get("lon", "nan")) == pytest.approx(event.point.longitude_deg, abs=5.1e-7)
    assert float(point.get("hae", "nan")) == pytest.approx(event.point.height_hae_m, abs=0.051)
    assert contact.get("callsign", "").startswith("Unbekannt №")
