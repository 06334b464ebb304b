"""Datagrams: all that came is heard or counted as lost."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from live_peers import KeepingOutlet, NumberTranslator, send_datagram, until, within
from skykeep.base.errors import SetupError
from skykeep.domain.feed import Taken
from skykeep.feeds.udp import UdpFeed, kernel_drops


class ClosedOutlet(KeepingOutlet):
    """Has no room until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open = False

    def pause_s(self) -> float:
        return 0.0 if self.open else 0.02


async def start(feed: UdpFeed, outlet: KeepingOutlet) -> tuple[asyncio.Task[None], tuple[str, int]]:
    task = asyncio.create_task(feed.run(outlet))
    return task, await asyncio.wrap_future(feed.listening)


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_every_datagram_becomes_a_record_or_a_refusal() -> None:
    outlet = KeepingOutlet()

    async def run() -> None:
        task, address = await start(UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1"), outlet)
        for k in range(50):
            send_datagram(b"%d 10 20" % k if k % 5 else b"what?", address)
        await until(lambda: outlet.heard == 50)
        await stop(task)

    within(run())
    assert [r.sequence for t in outlet.taken for r in t.records] == [k for k in range(50) if k % 5]
    assert outlet.refused == 10
    assert outlet.lost_messages == 0


def test_what_does_not_fit_is_counted_by_the_kernel_to_the_last_one() -> None:
    outlet, sent = ClosedOutlet(), 5_000

    async def run() -> None:
        feed = UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1", buffer_bytes=1 << 15)
        task, address = await start(feed, outlet)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for k in range(sent):
                sender.sendto(b"%d 10 20" % k, address)
        outlet.open = True
        await until(lambda: outlet.heard + outlet.lost_messages == sent)
        await stop(task)

    within(run())
    assert 0 < outlet.heard < sent
    assert outlet.heard + outlet.lost_messages == sent


def test_what_lies_unread_at_the_end_is_counted_as_lost() -> None:
    outlet = ClosedOutlet()

    async def run() -> None:
        task, address = await start(UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1"), outlet)
        for k in range(30):
            send_datagram(b"%d 10 20" % k, address)
        await stop(task)

    within(run())
    assert (outlet.heard, outlet.lost_messages) == (0, 30)


def test_a_fault_of_ours_ends_the_run_and_is_no_silence() -> None:
    class Faulty:
        def take(self, data: bytes, received_utc_ns: int) -> Taken:
            raise ZeroDivisionError("oh")

    async def run() -> None:
        task, address = await start(UdpFeed("radar", Faulty(), 0, "127.0.0.1"), KeepingOutlet())
        send_datagram(b"1 2 3", address)
        await task

    with pytest.raises(ZeroDivisionError, match="oh"):
        within(run())


def test_a_port_that_is_taken_is_said_at_once() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        feed = UdpFeed("radar", NumberTranslator("radar"), other.getsockname()[1], "127.0.0.1")
        with pytest.raises(
            SetupError, match=r"radar: cannot listen on 127\.0\.0\.1 port \d+: Address already"
        ):
            within(feed.run(KeepingOutlet()))


def test_a_new_socket_has_lost_nothing() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        assert kernel_drops(receiver) == 0


IN_A_NAMESPACE = """
import asyncio, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["ip", "link", "set", "lo", "multicast", "on"], check=True)
subprocess.run(["ip", "route", "add", "239.0.0.0/8", "dev", "lo"], check=True)
from skykeep.feeds.udp import UdpFeed
from live_peers import KeepingOutlet, NumberTranslator, send_datagram, until, within

async def start(feed, outlet):
    task = asyncio.create_task(feed.run(outlet))
    await asyncio.wrap_future(feed.listening)
    return task

async def stop(task):
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

async def run():
    ours, other = KeepingOutlet(), KeepingOutlet()
    lo = "127.0.0.1"
    a = await start(UdpFeed("a", NumberTranslator("a"), 8600, group="239.1.2.3", interface=lo), ours)
    b = await start(UdpFeed("b", NumberTranslator("b"), 8600, group="239.1.2.4", interface=lo), other)
    for k in range(200):
        send_datagram(b"%d 10 20" % k, ("239.1.2.3", 8600))
    send_datagram(b"1 10 20", ("239.1.2.4", 8600))
    await until(lambda: ours.heard == 200 and other.heard == 1)
    await stop(a)
    await stop(b)

within(run())
print("heard")
"""


def test_multicast_groups_are_kept_apart_in_a_network_of_their_own() -> None:
    """In a network namespace: multicast needs routes that a test must not change for the machine."""
    unshare = shutil.which("unshare")
    assert unshare is not None
    assert shutil.which("ip") is not None, "iproute2 is needed: x.py installs it"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [unshare, "-rn", sys.executable, "-c", IN_A_NAMESPACE],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=root,
        env={"PYTHONPATH": f"{root / 'src'}:{root / 'tests'}", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert done.stdout.strip() == "heard", done.stderr
