"""Where notices may go: names that are allowed, addresses that are not private, and the address looked at."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from skykeep.base.errors import LinkError
from skykeep.feeds.allowed_hosts import Hosts


def answers(monkeypatch: pytest.MonkeyPatch, *rounds: tuple[str, ...]) -> list[str]:
    """Let names stand for these addresses, round by round; return the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        places = rounds[min(len(asked), len(rounds) - 1)]
        asked.append(host)
        families = [socket.AF_INET6 if ":" in place else socket.AF_INET for place in places]
        return [
            (family, socket.SOCK_STREAM, 6, "", (place, port))
            for family, place in zip(families, places, strict=True)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1%eth0",
    "fd00::1",
    "::ffff:10.0.0.1",
    "192.0.2.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.1.2.3",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a01:203::1",
    "::127.0.0.1",
    "::",
    "::ffff:0:127.0.0.1",
    "2001:0:808:808::80ff:fffe",  # by Teredo: 127.0.0.1 behind the relay 8.8.8.8
    "2001:0:7f00:1::f7f7:f7f7",  # and 8.8.8.8 behind a relay that is 127.0.0.1
)


@pytest.mark.parametrize("place", PRIVATE)
def test_a_name_that_leads_to_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    answers(monkeypatch, (place,))
    with pytest.raises(LinkError, match="private address"):
        Hosts(("hooks.example",)).places("hooks.example", 443, socket.SOCK_STREAM)


@pytest.mark.parametrize(
    "place", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "2002:808:808::1", "::ffff:8.8.8.8"]
)
def test_one_that_leads_into_the_open_is_not(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    answers(monkeypatch, (place,))
    assert Hosts(("*.example",)).places("hooks.example", 443, socket.SOCK_STREAM) == [place]


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ("8.8.8.8", "10.0.0.5"))
    with pytest.raises(LinkError, match=r"10\.0\.0\.5"):
        Hosts(("hooks.example",)).places("hooks.example", 443, socket.SOCK_STREAM)


def test_a_network_that_the_site_allows_may_be_called_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ("10.1.0.5",), ("10.2.0.5",))
    hosts = Hosts(("hooks.example",), ("10.1.0.0/16",))
    assert hosts.places("hooks.example", 443, socket.SOCK_STREAM) == ["10.1.0.5"]
    with pytest.raises(LinkError, match="private address"):
        hosts.places("hooks.example", 443, socket.SOCK_STREAM)


@pytest.mark.parametrize("place", ["64:ff9b::10.1.0.5", "2002:a01:5::1", "::ffff:10.1.0.5", "::10.1.0.5"])
def test_an_address_inside_another_goes_by_the_networks_that_the_site_allows(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    answers(monkeypatch, (place,))
    hosts = Hosts(("hooks.example",), ("10.1.0.0/16",))
    assert hosts.places("hooks.example", 443, socket.SOCK_STREAM) == [place]


def test_an_address_that_is_named_itself_is_allowed_unless_names_do_not_do_that() -> None:
    assert Hosts(("127.0.0.1",)).places("127.0.0.1", 80, socket.SOCK_STREAM) == ["127.0.0.1"]
    with pytest.raises(LinkError, match="private address"):
        Hosts(("127.0.0.1",), private_by_name=False).places("127.0.0.1", 80, socket.SOCK_STREAM)


def test_a_name_that_is_answered_anew_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer, a private one, is never asked for: the connection goes to what was looked at."""
    asked = answers(monkeypatch, ("8.8.8.8",), ("127.0.0.1",))
    called: list[Any] = []

    def create_connection(address: tuple[str, int], **_: Any) -> socket.socket:
        called.append(address)
        raise OSError("no way out of a test")

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(LinkError, match="no way out"):
        Hosts(("hooks.example",)).connect("hooks.example", 443)
    assert asked == ["hooks.example"]
    assert called == [("8.8.8.8", 443)]


@pytest.mark.parametrize("host", [None, "", "elsewhere.example", "hooks.example.evil.example"])
def test_a_name_that_is_not_allowed_is_not_even_looked_up(
    monkeypatch: pytest.MonkeyPatch, host: str | None
) -> None:
    asked = answers(monkeypatch, ("8.8.8.8",))
    with pytest.raises(LinkError, match="not among the hosts"):
        Hosts(("hooks.example",)).places(host, 443, socket.SOCK_STREAM)
    assert asked == []
