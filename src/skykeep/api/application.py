"""The web application: the page, its tiles, the present as JSON, and the socket."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, HTTPException, WebSocket
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from skykeep.api.codec import to_json
from skykeep.api.encode import PictureEncoder, picture_to_json, quantise
from skykeep.api.guard import Guard
from skykeep.api.hub import Hub
from skykeep.api.incident_api import add_incidents
from skykeep.api.incident_desk import IncidentDesk
from skykeep.api.source import ConsoleSource

TILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.pmtiles")
NO_PAGE = "The console's page is not built: run `python3 x.py web`.\nThe socket and /api work without it.\n"


def create_app(
    source: ConsoleSource,
    webui_dir: Path,
    tile_dir: Path | None = None,
    allowed_hosts: Iterable[str] = (),
    incidents: IncidentDesk | None = None,
) -> ASGIApp:
    """Return the application. `allowed_hosts` are names beside loopback under which it may be called;
    without `incidents` nothing is known of any.
    """
    hub = Hub(source)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        hub.start()
        yield
        hub.stop()

    # The interactive API pages load scripts from elsewhere, so they stay off.
    app = FastAPI(title="Skykeep console", docs_url=None, redoc_url=None, lifespan=lifespan)
    _add_present(app, source)
    _add_files(app, source, tile_dir)
    if incidents is not None:
        add_incidents(app, incidents)

    @app.websocket("/ws")
    async def ws(websocket: WebSocket) -> None:
        await hub.serve(websocket)

    if (webui_dir / "index.html").is_file():
        app.mount("/", _Page(directory=webui_dir, html=True))
    else:
        app.add_route("/", lambda _: PlainTextResponse(NO_PAGE, status_code=503))
    return Guard(app, allowed_hosts)


class _Page(StaticFiles):
    """The built page: files named after their content are kept for good, the rest is asked for each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_named_after_content = path.startswith("assets/") and response.status_code == 200
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if is_named_after_content else "no-cache"
        )
        return response


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})


def _add_present(app: FastAPI, source: ConsoleSource) -> None:
    """Add the present as JSON, for whoever has no page."""

    @app.get("/api/site")
    def site() -> Response:
        return _json(to_json(source.hello().site))

    @app.get("/api/alerts")
    def alerts() -> Response:
        return _json(to_json(source.present().lists.alerts))

    @app.get("/api/tasks")
    def tasks() -> Response:
        return _json(to_json(source.present().lists.tasks))

    @app.get("/api/duty")
    def duty() -> Response:
        return _json(to_json(source.present().lists.duty))

    @app.get("/api/orders")
    def orders() -> Response:
        return _json(to_json(source.present().lists.orders))

    @app.get("/api/status")
    def status() -> Response:
        return _json(to_json(source.status()))

    @app.get("/api/tracks")
    def tracks() -> Response:
        picture = source.latest_picture()
        message = None if picture is None else PictureEncoder().update(quantise(picture))
        if message is None:
            raise HTTPException(404, "No picture yet.")
        return _json(picture_to_json(message))


def _add_files(app: FastAPI, source: ConsoleSource, tile_dir: Path | None) -> None:
    """Add the map tiles, of which a page reads ranges, and the dossier."""

    @app.get("/tiles/{name}")
    def tiles(name: str) -> Response:
        path = None if tile_dir is None else tile_dir / name
        if path is None or TILE_NAME.fullmatch(name) is None or not path.is_file():
            raise HTTPException(404, "No such tiles.")
        return FileResponse(path, media_type="application/vnd.pmtiles", headers={"cache-control": "no-cache"})

    @app.get("/api/dossier")
    def dossier() -> Response:
        path = source.dossier_path()
        if path is None or not path.is_file():
            raise HTTPException(404, "The dossier is not sealed yet.")
        return FileResponse(path, media_type="application/pdf", filename="dossier.pdf")
