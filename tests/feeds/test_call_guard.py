"""What is called inside of a scope is looked at as it connects, whoever calls it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from skykeep.base.errors import LinkError
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.call_guard import only_to

ONE = Hosts((), ("127.0.0.1/32",), private_by_name=False)


@pytest.fixture
def ports() -> Iterator[dict[str, int]]:
    """Two doors on this machine that would take anybody, by their address."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.2", 0)) as two:
        yield {"127.0.0.1": one.getsockname()[1], "127.0.0.2": two.getsockname()[1]}


def call(place: str, port: int) -> None:
    socket.create_connection((place, port), timeout=5).close()


def test_an_allowed_address_is_called_and_its_neighbour_is_not(ports: dict[str, int]) -> None:
    with only_to(ONE):
        call("127.0.0.1", ports["127.0.0.1"])
    with pytest.raises(LinkError, match=r"127\.0\.0\.2, a private address"), only_to(ONE):
        call("127.0.0.2", ports["127.0.0.2"])
    call("127.0.0.2", ports["127.0.0.2"])  # outside of the scope nothing is looked at


def test_a_refusal_that_is_swallowed_is_told_and_nothing_goes_out_after_it(ports: dict[str, int]) -> None:
    with pytest.raises(LinkError, match=r"127\.0\.0\.2"), only_to(ONE):  # noqa: PT012
        with contextlib.suppress(Exception):
            call("127.0.0.2", ports["127.0.0.2"])
        with pytest.raises(OSError, match=r"127\.0\.0\.2"):
            call("127.0.0.1", ports["127.0.0.1"])


def test_another_fault_inside_of_the_scope_stays_what_it_is() -> None:
    with pytest.raises(KeyError), only_to(ONE):
        raise KeyError("x")


def test_another_thread_is_not_looked_at(ports: dict[str, int]) -> None:
    """Two threads inside and outside of a scope at once: each goes by its own."""
    inside, over = threading.Event(), threading.Event()

    def hold() -> None:
        with only_to(ONE):
            inside.set()
            over.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert inside.wait(20)
        call("127.0.0.2", ports["127.0.0.2"])
    finally:
        over.set()
        thread.join(20)


def datagram(place: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"x", (place, 9))


def message(place: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendmsg([b"x"], (), 0, (place, 9))


def by_number(place: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as out:
        out.connect_ex((place, 9))


def local() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as out:
        out.connect("/run/nobody")


WAYS: dict[str, tuple[Callable[[], object], str]] = {
    "a datagram": (lambda: datagram("127.0.0.2"), "private address"),
    "a message": (lambda: message("127.0.0.2"), "private address"),
    "connect_ex": (lambda: by_number("127.0.0.2"), "private address"),
    "a name": (lambda: datagram("localhost"), "must be an address"),
    "no name": (lambda: by_number(""), "must be an address"),
    "a socket in the file system": (local, "must be an address"),
    "a program": (lambda: subprocess.run([sys.executable, "-V"], check=True), "could not be looked at"),
    "a command": (lambda: os.system("true"), "could not be looked at"),
}


if sys.version_info >= (3, 12):  # before, hooks are not told of threads
    WAYS["a thread"] = (lambda: threading.Thread(target=print).start(), "could not be looked at")


@pytest.mark.parametrize("way", WAYS)
def test_every_way_out_is_looked_at_or_refused(way: str) -> None:
    goes, says = WAYS[way]
    with pytest.raises(LinkError, match=says), only_to(ONE):
        goes()


def test_what_goes_over_a_connection_that_was_looked_at_goes_on(ports: dict[str, int]) -> None:
    with only_to(ONE), socket.create_connection(("127.0.0.1", ports["127.0.0.1"]), timeout=5) as out:
        assert out.sendmsg([b"one"]) == 3
        assert out.send(b"two") == 3
