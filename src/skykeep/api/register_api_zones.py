"""Zones over HTTP: listed and asked at a place and time, out as files and as a feed, in with a report.

| asked | answered |
|---|---|
| GET `/v1/zones?at=` | the zones in force by publication at a time, 500 at a time |
| POST `/v1/zones/query` | for each point the zones that hold it, strictest first |
| GET `/v1/zones/export?format=` | a file; `x-not-carried` counts what its format has no words for |
| GET `/v1/feed.ed318` | the zones in force now, with an ETag that changes when they do |
| POST `/v1/zones/import?source=` | what came of a list; 202 where it waits for a person's yes |
"""

from __future__ import annotations

import hashlib
import math
import threading
from typing import Any

import msgspec

from skykeep.airspace.index import ZoneIndex
from skykeep.api.register_api_answers import JSON, Answer, Call, Endpoint, Parameter, RefusedError
from skykeep.api.register_api_places import time_from_text, utc_ns
from skykeep.api.register_api_queries import (
    BecauseBody,
    PointView,
    QueryBody,
    QueryView,
    ReleaseList,
    ReleaseView,
    ZoneList,
    release_view,
    zone_here,
)
from skykeep.api.register_api_zone_models import zone_view
from skykeep.app.zone_lists import accept, export_zones, refuse, take_in
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.faults import NotEntitledError, UnknownSubjectError
from skykeep.domain.zone import Zone
from skykeep.store.register import DatabaseRegister
from skykeep.wire.zone_files import READERS, WRITERS, read_zones

PATH = "/v1/zones"
MOST_LISTED = 500
LARGEST_FILE_BYTES = 64 << 20
MEDIA_TYPES = {"kml": "application/vnd.google-earth.kml+xml", "geojson": "application/geo+json"}


class ZoneDoor:
    """The zones' endpoints."""

    def __init__(self, register: DatabaseRegister) -> None:
        self._register = register
        self._lock = threading.Lock()
        self._sequence = -1
        self._index = ZoneIndex(())
        self._feed = (-1, b"", "")

    def zones_at(self, time_utc_ns: int) -> tuple[Zone, ...]:
        """Return the zones in force by publication at a time."""
        return tuple(self._register.read().zones_at(time_utc_ns))

    def list(self, call: Call) -> Answer:
        """Return the zones of a time."""
        at = time_from_text(call.query["at"], "at") if "at" in call.query else call.now_utc_ns
        offset = _whole(call.query.get("offset", "0"), "offset")
        found = self.zones_at(at)
        shown = tuple(zone_view(zone) for zone in found[offset : offset + MOST_LISTED])
        following = offset + MOST_LISTED if offset + MOST_LISTED < len(found) else None
        return Answer(body=ZoneList(shown, following))

    def query(self, call: Call) -> Answer:
        """Return for each point the zones that hold it."""
        body: QueryBody = call.body
        if body.published_at is None:
            index = self._now(call.now_utc_ns)
        else:
            index = ZoneIndex(self.zones_at(utc_ns(body.published_at, "published_at")))
        answers = []
        for number, point in enumerate(body.points):
            time = call.now_utc_ns if point.time is None else utc_ns(point.time, f"points[{number}].time")
            height_m = math.nan if point.height_agl_m is None else point.height_agl_m
            ground_m = math.nan if point.ground_amsl_m is None else point.ground_amsl_m
            here = index.at(point.longitude_deg, point.latitude_deg, height_m, ground_m, time)
            answers.append(PointView(tuple(zone_here(zone) for zone in here)))
        return Answer(body=QueryView(tuple(answers)))

    def export(self, call: Call) -> Answer:
        """Return the zones of a time as a file."""
        at = time_from_text(call.query["at"], "at") if "at" in call.query else call.now_utc_ns
        format = call.query["format"]
        if format not in WRITERS:
            raise RefusedError(400, "format", format[:60], f"one of {', '.join(WRITERS)}")
        data, left, _ = export_zones(self._register.read(), format, at, call.query.get("source"))
        headers = {"x-not-carried": str(len(left))}
        return Answer(body=data, headers=headers, media_type=MEDIA_TYPES.get(format, JSON))

    def feed(self, call: Call) -> Answer:
        """Return the zones in force now; 304 to whoever has them."""
        sequence = self._latest()
        with self._lock:
            if self._feed[0] != sequence:
                zones = self.zones_at(call.now_utc_ns)
                digest = hashlib.sha256(msgspec.json.encode(zones)).hexdigest()[:32]
                data, _, _ = export_zones(self._register.read(), "ed318", call.now_utc_ns)
                self._feed = (sequence, data, f'"{digest}"')
            _, data, tag = self._feed
        headers = {"etag": tag, "cache-control": "private, no-cache"}
        asked = {each.strip().removeprefix("W/") for each in call.headers.get("if-none-match", "").split(",")}
        if tag in asked:
            return Answer(status=304, headers=headers)
        return Answer(body=data, headers=headers, media_type="application/geo+json")

    def take_in(self, call: Call) -> Answer:
        """Take a list of zones in; it comes into force, waits, or is no new one."""
        _must_import(call.actor)
        format = call.query.get("format", "")
        if format and format not in READERS:
            raise RefusedError(400, "format", format[:60], f"one of {', '.join(READERS)}")
        listed = read_zones(call.body, call.query["source"], format)
        report = take_in(
            self._register,
            listed,
            call.query["source"],
            call.actor.name,
            call.now_utc_ns,
            call.query.get("accepted_because", ""),
        )
        return Answer(status=202 if report.waits else 200, body=report)

    def releases(self, call: Call) -> Answer:
        """Return what lists there were, without their zones."""
        found = self._register.read().releases(call.query.get("source"), with_lists=False)
        return Answer(body=ReleaseList(tuple(release_view(release) for release in found)))

    def accept(self, call: Call) -> Answer:
        """Bring a list that waits into force."""
        return self._decide(call, accept)

    def refuse(self, call: Call) -> Answer:
        """Refuse a list that waits."""
        return self._decide(call, refuse)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        at = _text("at", "RFC 3339; now where it is left out", format="date-time")
        source = _text("source", "whose list")
        formats = ", ".join(WRITERS)
        decided: dict[str, Any] = {
            "method": "POST",
            "takes": BecauseBody,
            "gives": ReleaseView,
            "once": True,
            "answers": (404,),
        }
        one = f"{PATH}/releases/{{source}}/{{number}}"
        return (
            _get(PATH, "list_zones", "The zones in force at a time.", self.list, ZoneList, at, _OFFSET),
            Endpoint(
                method="POST",
                path=f"{PATH}/query",
                name="query_zones",
                says="Which zones hold which points.",
                handler=self.query,
                takes=QueryBody,
                gives=QueryView,
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/export",
                name="export_zones",
                says="The zones in force at a time as a file.",
                handler=self.export,
                parameters=(_text("format", f"one of {formats}", required=True), at, source),
                media_type="*/*",
            ),
            Endpoint(
                method="GET",
                path="/v1/feed.ed318",
                name="feed",
                says="The zones in force now, as an ED-318 feed.",
                handler=self.feed,
                answers=(304,),
                media_type="application/geo+json",
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/import",
                name="import_zones",
                says="Take a list of zones in: any format that is read, as it is.",
                handler=self.take_in,
                takes=bytes,
                largest_body_bytes=LARGEST_FILE_BYTES,
                answers=(202,),
                parameters=(
                    _text("source", "whose list it is", required=True),
                    _text("format", "found by content where it is left out"),
                    _text("accepted_because", "your yes beforehand to what would wait for one"),
                ),
            ),
            _get(
                f"{PATH}/releases",
                "list_releases",
                "Which lists there were.",
                self.releases,
                ReleaseList,
                source,
            ),
            Endpoint(
                path=f"{one}/accept",
                name="accept_release",
                says="Bring a list that waits into force.",
                handler=self.accept,
                **decided,
            ),
            Endpoint(
                path=f"{one}/refuse",
                name="refuse_release",
                says="Refuse a list that waits.",
                handler=self.refuse,
                **decided,
            ),
        )

    def _decide(self, call: Call, decide: Any) -> Answer:
        _must_import(call.actor)
        source, number = call.path["source"], _whole(call.path["number"], "number")
        if all(each.number != number for each in self._register.read().releases(source, with_lists=False)):
            raise UnknownSubjectError("release", f"{number} of {source[:80]}", "one that is kept")
        release = decide(self._register, source, number, call.actor.name, call.body.because, call.now_utc_ns)
        return Answer(body=release_view(release))

    def _now(self, now_utc_ns: int) -> ZoneIndex:
        """Return the index of what is in force now, made anew when the register changed."""
        sequence = self._latest()
        with self._lock:
            if sequence != self._sequence:
                self._index, self._sequence = ZoneIndex(self.zones_at(now_utc_ns)), sequence
            return self._index

    def _latest(self) -> int:
        """Return the number of the register's last change."""
        reader, sequence = self._register.read(), max(0, self._sequence)
        while changes := reader.changes_after(sequence):
            sequence = changes[-1].sequence
        return sequence


def _must_import(actor: Actor) -> None:
    if Right.IMPORT not in actor.rights:
        raise NotEntitledError("actor", f"{actor.name} ({actor.role})", "entitled to bring lists into force")


_OFFSET = Parameter(
    name="offset", says="where to go on", schema={"type": "integer", "minimum": 0, "maximum": 10**9}
)


def _text(name: str, says: str, *, required: bool = False, **schema: Any) -> Parameter:
    return Parameter(
        name=name,
        says=says,
        schema={"type": "string", "minLength": 1, "maxLength": 500, **schema},
        required=required,
    )


def _get(path: str, name: str, says: str, handler: Any, gives: Any, *parameters: Parameter) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        name=name,
        says=says,
        handler=handler,
        gives=gives,
        parameters=parameters,
        answers=(400, 422),
    )


def _whole(text: str, field: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InputError(field, text[:40], "a whole number of at most 9 digits")
    return int(text)
