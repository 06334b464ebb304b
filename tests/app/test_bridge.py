"""Out to other systems, through the live watch: what a display and a TAK mesh receive of a drone."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from live_peers import NumberTranslator
from live_watch import ORIGIN, PATIENCE_S, fly, live, wait_for
from skykeep.app.bare_site import bare_site
from skykeep.app.feed_factory import FeedMaker
from skykeep.app.feed_runner import FeedPlan
from skykeep.app.site_text import SiteFile
from skykeep.base.toml_records import record_of_toml
from skykeep.feeds.udp import UdpFeed
from skykeep.tracking import warm_up
from skykeep.wire.asterix import decode_block, split_blocks
from skykeep.wire.asterix_editions import choose_edition
from skykeep.wire.cot_proto import decode_message

SITE = """
[site]
id = "test"
name = "Test"
latitude_deg = 10.0
longitude_deg = 20.0

[[feeds]]
kind = "asterix_out"
name = "display"
sac = 25
sic = 7
host = "127.0.0.1"
port = {display}

[[feeds]]
kind = "cot_mesh"
name = "tak"
uid = "SKYKEEP-test"
address = "127.0.0.1"
port = {tak}
listen_port = {listen}
"""


def listening() -> socket.socket:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(PATIENCE_S)
    return receiver


def received(receiver: socket.socket) -> list[bytes]:
    """Return all datagrams that lie there."""
    receiver.setblocking(False)
    out = []
    while True:
        try:
            out.append(receiver.recv(65_535))
        except BlockingIOError:
            return out


def test_a_drone_that_flies_is_told_to_a_display_and_to_a_mesh(tmp_path: Path) -> None:
    warm_up()
    with listening() as display, listening() as tak, listening() as spare:
        ports = {"display": display.getsockname()[1], "tak": tak.getsockname()[1]}
        listen = spare.getsockname()[1]
        spare.close()
        found = record_of_toml(SITE.format(listen=listen, **ports), "site.toml", SiteFile)
        maker = FeedMaker(found, bare_site("test", "Test", ORIGIN), tmp_path)
        radar = UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1")
        plans = [FeedPlan(radar), *maker.plans()]
        blocks: list[bytes] = []
        events: list[bytes] = []
        with live(tmp_path, plans, "radar", sinks=tuple(maker.sinks)):
            fly(radar, 3.0)

            def arrived() -> bool:
                blocks.extend(received(display))
                events.extend(received(tak))
                return bool(blocks) and any(b".track." in event for event in events)

            wait_for(arrived)
    (block, *_), left = split_blocks(blocks[-1], lambda category: category == 62)
    assert left == []
    (record,) = decode_block(block, choose_edition(62, "1.18"))
    assert (record.items["010"]["SAC"], record.items["010"]["SIC"]) == (25, 7)
    # Some 550 m east and 200 m north of the origin.
    assert record.items["105"]["LAT"] == pytest.approx(10.0 + 200.0 / 110_600.0, abs=3e-4)
    assert record.items["105"]["LON"] == pytest.approx(20.0 + 550.0 / 109_600.0, abs=6e-4)
    assert record.items["185"]["VX"] == pytest.approx(15.0, abs=8.0)
    told = [decode_message(event).event for event in events if b".track." in event]
    last = told[-1]
    assert last is not None
    assert last.type.startswith("a-")
    assert last.point.latitude_deg == pytest.approx(record.items["105"]["LAT"], abs=2e-4)
    assert any(b"takv" in event for event in events)
