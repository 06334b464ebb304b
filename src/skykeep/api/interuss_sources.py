"""Zones that a test has us load from an address, for the geospatial map alone.

| status | when |
|---|---|
| Activating | it is being fetched |
| Ready | every zone of it is read |
| Unsupported | of no format that we read |
| Rejected | from a host that is not allowed, or not a zone of it could be read |
| Error | it could not be fetched |
| Deactivated | it was deleted |

Fetched is over https from the hosts that the configuration names, and from no other; over plain http from
this machine itself where the configuration says so. No redirection is followed; size and time are bounded.
"""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.api.interuss_places import Uuid
from skykeep.api.register_api_answers import Answer, Call, Endpoint, RefusedError
from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.zone import Zone
from skykeep.feeds.allowed_hosts import NoRedirection
from skykeep.wire.zone_files import read_zones

FORMATS = {"ED-269": "ed269", "ED-318": "ed318"}
MOST_SOURCES = 50
PATIENCE_S = 10.0
LARGEST_BYTES = 64 << 20
_HERE = ("127.0.0.1", "::1", "localhost")


class SourceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """From where zones of a test may be fetched: no hosts, no zones."""

    hosts: tuple[str, ...] = ()
    http_from_this_machine: bool = False


class HttpsSource(msgspec.Struct, frozen=True):
    url: Annotated[str, Meta(min_length=1, max_length=2_000)]
    format: Annotated[str, Meta(max_length=40)] = "ED-269"


class SourceBody(msgspec.Struct, frozen=True):
    https_source: HttpsSource | None = None


class Source(msgspec.Struct, kw_only=True):
    """One source: whose it is, and how far it has come."""

    id: str
    owner: str
    https_source: HttpsSource
    status: str = "Activating"
    message: str = ""
    zones: tuple[Zone, ...] = ()


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirection)


class DataSources:
    """The sources that were loaded, each seen and changed by whoever had it loaded."""

    def __init__(self, settings: SourceSettings) -> None:
        self._settings = settings
        self._sources: dict[str, Source] = {}
        self._lock = threading.Lock()

    def zones(self) -> Iterable[Zone]:
        """Return the zones of all sources that are ready."""
        with self._lock:
            sources = list(self._sources.values())
        for source in sources:
            yield from source.zones

    def list(self, call: Call) -> Answer:
        """Return the asker's sources."""
        with self._lock:
            own = [source for source in self._sources.values() if source.owner == call.actor.name]
        return Answer(body={"data_sources": [_status(source) for source in own]})

    def put(self, call: Call) -> Answer:
        """Load a source. The same one again is only said again; another one under its id is refused."""
        source_id = _uuid(call.path["id"])
        body: SourceBody = call.body
        if body.https_source is None:
            raise InputError("https_source", "missing", "given: it is the only kind of source")
        with self._lock:
            there = self._sources.get(source_id)
            if there is not None and there.owner != call.actor.name:
                raise RefusedError(404, "id", source_id, "a source of yours")
            if there is not None and there.status != "Deactivated":
                if there.https_source != body.https_source:
                    raise RefusedError(409, "id", "another source has this id", "deleted first")
                return _answer(there)
            if there is None and len(self._sources) >= MOST_SOURCES:
                self._forget_one()
            source = Source(id=source_id, owner=call.actor.name, https_source=body.https_source)
            self._sources[source_id] = source
        self._load(source)
        return _answer(source)

    def get(self, call: Call) -> Answer:
        """Return how far a source has come."""
        return _answer(self._own(call))

    def delete(self, call: Call) -> Answer:
        """Take a source's zones out."""
        source = self._own(call)
        source.zones, source.status, source.message = (), "Deactivated", ""
        return _answer(source)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        path = "/geospatial_map/geospatial_data_sources"
        one = f"{path}/{{id}}"
        return (
            Endpoint(
                method="GET",
                path=path,
                name="list_geospatial_data_sources",
                says="The sources that you had loaded.",
                handler=self.list,
            ),
            Endpoint(
                method="PUT",
                path=one,
                name="put_geospatial_data_source",
                says="Load zones from an address.",
                handler=self.put,
                takes=SourceBody,
                answers=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=one,
                name="get_geospatial_data_source",
                says="How far a source has come.",
                handler=self.get,
                answers=(404,),
            ),
            Endpoint(
                method="DELETE",
                path=one,
                name="delete_geospatial_data_source",
                says="Take a source's zones out.",
                handler=self.delete,
                answers=(404,),
            ),
        )

    def _own(self, call: Call) -> Source:
        source_id = _uuid(call.path["id"])
        with self._lock:
            source = self._sources.get(source_id)
        if source is None or source.owner != call.actor.name:
            raise RefusedError(404, "id", source_id, "a source of yours")
        return source

    def _forget_one(self) -> None:
        for source_id, source in self._sources.items():
            if not source.zones:
                del self._sources[source_id]
                return
        raise RefusedError(409, "id", f"{MOST_SOURCES} sources are loaded", "fewer: delete some")

    def _load(self, source: Source) -> None:
        asked = source.https_source
        if asked.format not in FORMATS:
            known = " or ".join(FORMATS)
            source.status, source.message = "Unsupported", f"{asked.format}: must be {known}"
            return
        refused = self._refused(asked.url)
        if refused:
            source.status, source.message = "Rejected", refused
            return
        try:
            data = _fetch(asked.url)
        except (OSError, ValueError) as error:
            source.status, source.message = "Error", f"not fetched: {str(error)[:200]}"
            return
        try:
            listed = read_zones(data, source.id, FORMATS[asked.format])
        except (DecodeError, InputError) as error:
            source.status, source.message = "Rejected", str(error)[:500]
            return
        if listed.left_out or not listed.zones:
            found = f"{len(listed.left_out)} of {len(listed.left_out) + len(listed.zones)} could not be read"
            source.status, source.message = "Rejected", found
            return
        source.zones, source.status = listed.zones, "Ready"
        if listed.deviations:
            source.message = f"{len(listed.zones)} zones, {len(listed.deviations)} deviations"

    def _refused(self, url: str) -> str:
        """Return why an address is not asked, "" where it is."""
        try:
            parts = urllib.parse.urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return "no URL"
        if parts.scheme == "http" and host in _HERE and self._settings.http_from_this_machine:
            return ""
        if parts.scheme != "https":
            return f"{parts.scheme or 'no scheme'}: must be https"
        if host not in self._settings.hosts:
            return f"{host[:100]}: not among the hosts that the configuration allows"
        return ""


def _fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310
    until_s = time.monotonic() + PATIENCE_S
    data = bytearray()
    with _OPENER.open(request, timeout=PATIENCE_S) as answer:
        while piece := answer.read1(1 << 16):
            data += piece
            if len(data) > LARGEST_BYTES:
                raise ValueError(f"over {LARGEST_BYTES:,} bytes")
            # Each wait has its bound; so has their sum, or a server that drips would hold the door open.
            if time.monotonic() > until_s:
                raise ValueError(f"not whole in {PATIENCE_S:g} s")
    return bytes(data)


def _answer(source: Source) -> Answer:
    return Answer(body={"data_source": _status(source)})


def _status(source: Source) -> dict[str, str]:
    said = {"id": source.id, "status": source.status}
    return said | ({"message": source.message} if source.message else {})


def _uuid(text: str) -> str:
    try:
        return msgspec.convert(text, Uuid).lower()
    except msgspec.ValidationError:
        raise RefusedError(400, "id", text[:80], "a UUID") from None
