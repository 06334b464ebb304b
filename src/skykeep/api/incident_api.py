"""Incidents over HTTP, for the console: lists, one with its timeline, what people do with it, files, search.

| path | |
|---|---|
| GET `/api/incidents` | every incident in a line, the latest first |
| GET `/api/incidents/ID` | one, with everything in it in the order of its time, and the files it holds |
| POST `/api/incidents` | one act (`incident_desk.Act`) as JSON; answered with the incident it changed |
| POST `/api/incidents/ID/media?name=&by=&reason=` | a file, as the body |
| GET `/api/incidents/media/ID` | a file whole, always to be saved and never to be shown |
| GET `/api/incidents/media/ID/thumbnail` | our small picture of it |
| GET `/api/incidents/search?q=` | what holds those words |

Whoever changes something is one of the people on duty, and asks from this very page: another page's request
is refused by its Origin. What is refused is answered with its field, 422, and kept in the case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from skykeep.api.codec import to_json_object
from skykeep.api.guard import origin_is_own
from skykeep.api.incident_desk import LARGEST_ACT_BYTES, LARGEST_UPLOAD_BYTES, IncidentDesk
from skykeep.base.errors import InputError, IntegrityError, LinkError
from skykeep.domain.encoding import encode_json

_SAVE_ONLY = {
    "cache-control": "no-store",
    # Nothing in a file may run, even where somebody opens its address.
    "content-disposition": "attachment",
}


def add_incidents(app: FastAPI, desk: IncidentDesk) -> None:
    """Add the paths to an application."""

    @app.get("/api/incidents")
    def listed() -> Response:
        return _answer(desk.lines)

    @app.get("/api/incidents/search")
    def search(q: str = "") -> Response:
        return _answer(lambda: desk.search(q))

    @app.get("/api/incidents/media/{media_id}")
    def media(media_id: str) -> Response:
        data = _ask(lambda: desk.file(media_id))
        return Response(data, media_type="application/octet-stream", headers=_SAVE_ONLY)

    @app.get("/api/incidents/media/{media_id}/thumbnail")
    def thumbnail(media_id: str) -> Response:
        data = _ask(lambda: desk.thumbnail(media_id))
        if not data:
            raise HTTPException(404, "No picture of it.")
        return Response(data, media_type="image/jpeg", headers={"cache-control": "no-store"})

    @app.get("/api/incidents/{incident_id}")
    def one(incident_id: str) -> Response:
        return _answer(lambda: desk.view(incident_id))

    @app.post("/api/incidents")
    async def act(request: Request) -> Response:
        _from_own_page(request)
        data = await _body(request, LARGEST_ACT_BYTES)
        return await run_in_threadpool(_answer, lambda: desk.act(data))

    @app.post("/api/incidents/{incident_id}/media")
    async def add_media(
        request: Request, incident_id: str, name: str = "", by: str = "", reason: str = ""
    ) -> Response:
        _from_own_page(request)
        data = await _body(request, LARGEST_UPLOAD_BYTES)
        return await run_in_threadpool(_answer, lambda: desk.add_media(incident_id, name, data, by, reason))


def _from_own_page(request: Request) -> None:
    if not origin_is_own(request.headers.get("origin"), request.headers.get("host", "")):
        raise HTTPException(403, "Only this console's own page may do that.")


async def _body(request: Request, most: int) -> bytes:
    """Return what was sent, giving up as soon as it is too much."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise HTTPException(413, f"file: more than {most} bytes, must be at most {most}")
        parts.append(part)
    return b"".join(parts)


def _answer(ask: Callable[[], Any]) -> Response:
    """Return what was asked for as JSON, times as decimal strings."""
    body = encode_json(to_json_object(_ask(ask)))
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def _ask(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except InputError as error:
        raise HTTPException(422, str(error)) from error
    except LinkError as error:
        raise HTTPException(503, str(error)) from error
    except IntegrityError as error:
        raise HTTPException(500, str(error)) from error
