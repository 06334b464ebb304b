"""`aircraft.json` asked for once a second: over HTTP from this machine, or from a file.

One GET a time, without keeping the line: no redirects, no compression, no cookies, at most 16 MiB and 5 s.
Plain HTTP proves nothing about who answers, so another machine must be allowed by name (`allow_plain_http`).
"""

from __future__ import annotations

import asyncio
import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.feed import Translator
from skykeep.feeds.feed import Outlet

LARGEST_DOCUMENT_BYTES = 16 << 20
LARGEST_HEAD_BYTES = 16 << 10
LONGEST_S = 5.0


class HttpAddress(msgspec.Struct, frozen=True):
    """Where a document is asked for."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as a URL writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"http://{self.authority}{self.path}"


def http_address(url: str, allow_plain_http: bool = False) -> HttpAddress:
    """Return where a URL points; SetupError for what is not asked."""
    parts = urlsplit(url)
    try:
        port = parts.port or 80
    except ValueError as error:
        raise SetupError(f"url: {url!r} has no such port, must be 1 to 65535") from error
    if parts.scheme != "http" or not parts.hostname or parts.username is not None:
        raise SetupError(f"url: {url!r}, must be http://HOST[:PORT]/PATH without a user")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (target.isascii() and target.isprintable()) or " " in target:
        raise SetupError(f"url: {url!r}, must be printable ASCII")
    if not (allow_plain_http or _is_this_machine(parts.hostname)):
        raise SetupError(
            f"url: {parts.hostname} is another machine, and plain HTTP proves nothing about who answers; "
            "must be this machine, or allow_plain_http = true"
        )
    return HttpAddress(parts.hostname, port, target)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def fetch(address: HttpAddress, largest_bytes: int = LARGEST_DOCUMENT_BYTES) -> bytes:
    """Return the document at an address; LinkError when it does not come whole, in time and in size."""
    try:
        async with asyncio.timeout(LONGEST_S):
            reader, writer = await asyncio.open_connection(
                address.host, address.port, limit=LARGEST_HEAD_BYTES
            )
            try:
                writer.write(_request(address))
                await writer.drain()
                return await _response(reader, largest_bytes)
            finally:
                writer.close()
    except TimeoutError as error:
        raise LinkError(f"{address}: no whole answer within {LONGEST_S:g} s") from error
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
        raise LinkError(f"{address}: {error}") from error


def _request(address: HttpAddress) -> bytes:
    lines = (
        f"GET {address.path} HTTP/1.1",
        f"Host: {address.authority}",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: close",
        "User-Agent: skykeep",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


async def _response(reader: asyncio.StreamReader, largest_bytes: int) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head.rstrip("\r\n").split("\r\n")
    words = status.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1."):
        raise LinkError(f"answered {status[:40]!r}, must be HTTP")
    if words[1] != "200":
        meant = "a redirect, which is not followed" if words[1].startswith("3") else "not 200"
        raise LinkError(f"answered {status[:60]!r}: {meant}")
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    if fields.get("content-encoding", "identity").lower() != "identity":
        raise LinkError(f"sent as {fields['content-encoding'][:40]!r}, must not be compressed")
    if fields.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader, largest_bytes)
    if "content-length" in fields:
        return await reader.readexactly(_checked(fields["content-length"], 10, largest_bytes))
    body = bytearray()
    while piece := await reader.read(65_536):
        body += piece
        if len(body) > largest_bytes:
            raise LinkError(f"document over {largest_bytes:,} octets")
    return bytes(body)


async def _chunks(reader: asyncio.StreamReader, largest_bytes: int) -> bytes:
    body = bytearray()
    while True:
        line = (await reader.readuntil(b"\r\n")).partition(b";")[0].decode("latin-1")
        length = _checked(line.strip(), 16, largest_bytes - len(body))
        if length == 0:
            return bytes(body)
        body += await reader.readexactly(length)
        if await reader.readexactly(2) != b"\r\n":
            raise LinkError("a chunk that does not end where it says")


def _checked(text: str, base: int, most: int) -> int:
    digits = "0123456789abcdef"[:base]
    if not text or len(text) > 12 or any(each not in digits for each in text.lower()):
        raise LinkError(f"a length of {text[:20]!r}, must be a number")
    length = int(text, base)
    if length > most:
        raise LinkError(f"document of {length:,} octets or more, must be at most {most:,}")
    return length


def read_document(path: Path, largest_bytes: int = LARGEST_DOCUMENT_BYTES) -> bytes:
    """Return a document from a file; LinkError where there is none."""
    try:
        with path.open("rb") as file:
            data = file.read(largest_bytes + 1)
    except OSError as error:
        raise LinkError(f"{path}: {error.strerror}") from error
    if len(data) > largest_bytes:
        raise LinkError(f"{path}: over {largest_bytes:,} octets")
    return data


class AircraftJsonFeed:
    """One document, asked for every `period_s`; `address` is one of `http_address`, or a file."""

    def __init__(
        self, source_id: str, address: HttpAddress | Path, translator: Translator, period_s: float = 1.0
    ) -> None:
        if not 0.0 < period_s <= 60.0:
            raise SetupError(f"period_s: {period_s}, must be above 0 and at most 60")
        self._source_id = source_id
        self._address = address
        self._translator = translator
        self._period_s = period_s

    @property
    def source_id(self) -> str:
        return self._source_id

    async def run(self, outlet: Outlet) -> None:
        """Ask until cancelled; LinkError when there is no answer. See `Feed`."""
        answered = False
        while True:
            if isinstance(self._address, Path):
                data = await asyncio.to_thread(read_document, self._address)
            else:
                data = await fetch(self._address)
            received_utc_ns = outlet.now_utc_ns()
            if not answered:
                answered = True
                outlet.said(f"{self._address} answers.")
            if outlet.admit():
                outlet.put(self._translator.take(data, received_utc_ns))
            await asyncio.sleep(self._period_s)
