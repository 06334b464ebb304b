"""A scope in which whatever a library calls is looked at, at the connection itself.

Where a library makes its own connections, looking at the host in its address is not enough: a redirection, a
parameter or a second look-up may lead elsewhere. Python tells its audit hooks of every connection before it
is made, with the very address. Inside of `only_to` one that may not be called is refused there, in this
thread; so is what the hook could not follow: another process, a name that would be looked up below Python,
and another thread, of which hooks are told from Python 3.12 on only. After a first refusal nothing more goes
out. Code in C with sockets of its own is not seen.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from skykeep.base.errors import LinkError
from skykeep.feeds.allowed_hosts import Hosts

_CALLS = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))
_ELSEWHERE = frozenset(
    (
        "_thread.start_new_thread",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.system",
        "subprocess.Popen",
    )
)


class _RefusedError(OSError):
    """What a library takes for a connection that failed, and cleans up after."""


class _Scope(threading.local):
    hosts: Hosts | None = None
    refused: str = ""


_SCOPE = _Scope()
_HOOKED = threading.Lock()
_hooks: list[object] = []


@contextmanager
def only_to(hosts: Hosts) -> Iterator[None]:
    """Refuse, in this thread and until the block ends, whatever leads where `hosts` does not allow.

    Raises LinkError where something was refused, whatever the block made of that.
    """
    with _HOOKED:
        if not _hooks:  # a hook cannot be taken away again: one is enough
            sys.addaudithook(_hook)
            _hooks.append(_hook)
    before = _SCOPE.hosts, _SCOPE.refused
    _SCOPE.hosts, _SCOPE.refused = hosts, ""
    refused = ""
    try:
        try:
            yield
        finally:
            refused = _SCOPE.refused
            _SCOPE.hosts, _SCOPE.refused = before
    except Exception as error:
        if refused:
            raise LinkError(refused) from error
        raise
    if refused:
        raise LinkError(refused)


def _hook(event: str, given: tuple[Any, ...]) -> None:
    hosts = _SCOPE.hosts
    if hosts is None or (event not in _CALLS and event not in _ELSEWHERE):
        return
    if not _SCOPE.refused:
        try:
            if event in _ELSEWHERE:
                raise LinkError(f"{event}: what it would call could not be looked at")
            _look_at(hosts, *given)
        except LinkError as error:
            _SCOPE.refused = str(error)
    if _SCOPE.refused:
        raise _RefusedError(_SCOPE.refused)


def _look_at(hosts: Hosts, calling: socket.socket, where: object) -> None:
    if where is None:
        return  # over what is connected already
    place = where[0] if isinstance(where, tuple) and where else where
    try:
        if calling.family not in (socket.AF_INET, socket.AF_INET6):
            raise ValueError
        ipaddress.ip_address(str(place).partition("%")[0])
    except ValueError:
        raise LinkError(f"{place!r}: must be an address that was looked up before it is called") from None
    hosts.check_place(str(place), str(place))
