"""Which hosts a notice may be sent to, and a connection that goes there and nowhere else.

A name must be among those that the site allows. Every address it stands for is looked at before anything is
sent: one in a private range (this machine, a local network, link-local, shared, multicast) is refused, unless
the site allows its network, or names that very address. An IPv6 address that stands for an IPv4 one (mapped,
compatible, 6to4, Teredo, or behind a translator) is taken as that. The connection is then made to the address
that was looked at: a name that is answered anew in between leads nowhere else. No redirection is followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import urllib.request
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from skykeep.base.errors import LinkError

PATIENCE_S = 5.0
HERE = ("127.0.0.1", "::1", "localhost")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# A translator passes these on to the IPv4 address in their last 32 bits: RFC 6052, and the older RFC 2765.
_IPV4_LAST = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96")))
# RFC 8215: a network's own translators; where in it the IPv4 address stands is theirs to choose.
_TRANSLATED_HERE = ipaddress.IPv6Network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, 2.5.5.1


class Hosts:
    """Hosts that may be called: names, or patterns such as `*.police.example`; none without any.
    `networks` are private ones that may be called too, such as `10.1.0.0/16`; with `private_by_name` so is
    a private address that is itself among the names.
    """

    def __init__(
        self, allowed: Iterable[str], networks: Iterable[str] = (), *, private_by_name: bool = True
    ) -> None:
        self._private_by_name = private_by_name
        self._allowed = tuple(host.lower() for host in allowed)
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)

    def check(self, host: str | None) -> str:
        """Return the host, or raise LinkError where its name is not allowed."""
        if host is None or not any(fnmatchcase(host.lower(), pattern) for pattern in self._allowed):
            raise LinkError(f"{host}: not among the hosts that this site may call")
        return host

    def places(self, host: str | None, port: int, kind: socket.SocketKind) -> list[str]:
        """Return the addresses that a host stands for now; LinkError where it has none or any is refused."""
        host = self.check(host)
        try:
            found = socket.getaddrinfo(host, port, type=kind)
        except OSError as error:
            raise LinkError(f"{host}: {error}") from error
        places = list(dict.fromkeys(str(each[4][0]) for each in found))
        for place in places:
            self.check_place(place, host)
        return places

    def check_place(self, place: str, host: str) -> None:
        """Raise LinkError where the address that a host stands for may not be called."""
        if not self._may_call(place, host):
            raise LinkError(f"{host}: leads to {place}, a private address that this site does not allow")

    def _may_call(self, place: str, host: str) -> bool:
        literally = host == place or host.lower() in HERE
        if self._private_by_name and literally and host.lower() in self._allowed:
            return True
        return all(
            (address.is_global and not address.is_multicast and address not in _TRANSLATED_HERE)
            or any(address in network for network in self._networks)
            for address in _looked_through(ipaddress.ip_address(place.partition("%")[0]))
        )

    def connect(self, host: str | None, port: int, timeout_s: float = PATIENCE_S) -> socket.socket:
        """Return a connection over TCP to the first address that answers."""
        last: OSError | None = None
        for place in self.places(host, port, socket.SOCK_STREAM):
            try:
                return socket.create_connection((place, port), timeout=timeout_s)
            except OSError as error:
                last = error
        raise LinkError(f"{host}: {last}")

    def opener(self, context: ssl.SSLContext | None = None) -> urllib.request.OpenerDirector:
        """Return what opens http and https through `connect`, without proxies and redirections."""
        secure = _Https(self, context or ssl.create_default_context())
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({}), NoRedirection, _Http(self), secure
        )


def _looked_through(address: Address) -> tuple[Address, ...]:
    """Return the addresses at which a call to one may end: those of IPv4 inside it, else itself alone."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.ipv4_mapped is not None or any(address in prefix for prefix in _IPV4_LAST):
        return (last,)
    if address in _COMPATIBLE and int(address) > 1:  # but for :: and ::1, which are nobody and this machine
        return (last,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    # A relay of Teredo may be called as well as what is behind it.
    return (address,) if address.teredo is None else address.teredo


class NoRedirection(urllib.request.HTTPRedirectHandler):
    """Follows nothing: an answer that leads elsewhere is an error."""

    def redirect_request(self, *_: object) -> None:
        """Refuse: what was asked for is then an error with the code of the redirection."""


class _Plain(http.client.HTTPConnection):
    hosts: Hosts

    def connect(self) -> None:
        self.sock = self.hosts.connect(self.host, self.port, self.timeout or PATIENCE_S)


class _Secure(http.client.HTTPSConnection):
    hosts: Hosts
    secured: ssl.SSLContext

    def connect(self) -> None:
        plain = self.hosts.connect(self.host, self.port, self.timeout or PATIENCE_S)
        try:
            self.sock = self.secured.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


class _Http(urllib.request.HTTPHandler):
    def __init__(self, hosts: Hosts) -> None:
        super().__init__()
        self._hosts = hosts

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Open over a connection that was looked at."""

        def connection(host: str, /, **options: Any) -> _Plain:
            made = _Plain(host, **options)
            made.hosts = self._hosts
            return made

        return self.do_open(connection, request)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, hosts: Hosts, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._hosts, self._secured = hosts, context

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Open over a connection that was looked at."""

        def connection(host: str, /, **options: Any) -> _Secure:
            made = _Secure(host, **options)
            made.hosts, made.secured = self._hosts, self._secured
            return made

        return self.do_open(connection, request)
