"""A real page in a real Chromium over a scripted night, and an account of all it asked for and said."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import mapbox_vector_tile
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from fake_night import ORIGIN_LAT_DEG, ORIGIN_LON_DEG, FakeNight
from skykeep.api.application import create_app
from skykeep.api.server import Server

# A page under development can be tried before it is built into the package.
WEBUI = Path(os.environ.get("SKYKEEP_WEBUI") or Path(__file__).parents[2] / "src/skykeep/webui")
ARGUMENTS = ("--no-sandbox", "--enable-unsafe-swiftshader")
LONGEST_WAIT_MS = 30_000


@pytest.fixture(scope="session")
def playwright(chromium_path: str) -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def launch(playwright: Playwright, chromium_path: str) -> Iterator[Callable[..., Browser]]:
    """Return how to start a Chromium; each set of arguments starts one for the whole session."""
    browsers: dict[tuple[str, ...], Browser] = {}

    def launch(*more: str) -> Browser:
        if more not in browsers:
            browsers[more] = playwright.chromium.launch(
                executable_path=chromium_path, args=[*ARGUMENTS, *more]
            )
        return browsers[more]

    yield launch
    for browser in browsers.values():
        browser.close()


@pytest.fixture(scope="session")
def tile_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the smallest map there can be: one tile of sea for the whole world."""
    folder = tmp_path_factory.mktemp("tiles")
    sea = {"geometry": "POLYGON ((0 0, 4096 0, 4096 4096, 0 4096, 0 0))", "properties": {"kind": "sea"}}
    tile = mapbox_vector_tile.encode([{"name": "water", "features": [sea]}])
    with (folder / "world.pmtiles").open("wb") as file:
        writer = Writer(file)  # type: ignore[no-untyped-call]
        writer.write_tile(zxy_to_tileid(0, 0, 0), tile)  # type: ignore[no-untyped-call]
        writer.finalize(  # type: ignore[no-untyped-call]
            {
                "tile_type": TileType.MVT,
                "tile_compression": Compression.NONE,
                "min_zoom": 0,
                "max_zoom": 0,
                "min_lon_e7": -1_800_000_000,
                "min_lat_e7": -850_000_000,
                "max_lon_e7": 1_800_000_000,
                "max_lat_e7": 850_000_000,
                "center_zoom": 0,
                "center_lon_e7": round(ORIGIN_LON_DEG * 1e7),
                "center_lat_e7": round(ORIGIN_LAT_DEG * 1e7),
            },
            {"vector_layers": [{"id": "water", "fields": {"kind": "String"}}]},
        )
    return folder


class Console:
    """A server over a scripted night, the pages that look at it, and what those pages did."""

    def __init__(self, night: FakeNight, server: Server, launch: Callable[..., Browser]) -> None:
        self.night = night
        self.url = server.url
        self.requests: list[str] = []
        self.answers: dict[str, set[int]] = {}
        self.complaints: list[str] = []
        self._launch = launch
        self._contexts: list[BrowserContext] = []

    def open(
        self,
        *,
        arguments: tuple[str, ...] = (),
        size: tuple[int, int] = (1440, 900),
        phone: bool = False,
        **query: str,
    ) -> Page:
        """Open the console in a browser of its own memory, and wait until it shows a picture."""
        context = self._launch(*arguments).new_context(
            viewport={"width": size[0], "height": size[1]},
            is_mobile=phone,
            has_touch=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(LONGEST_WAIT_MS)
        self._contexts.append(context)
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("response", lambda response: self._note(response.url, response.status))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", lambda line: self._listen(line.type, line.text))
        page = context.new_page()
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.goto(f"{self.url}?{urlencode(query)}")
        # Asked from here: the page's own policy forbids a wait inside it, which would be made from a string.
        shown = "() => Boolean(window.__skykeep && window.__skykeep.perf.updates > 0)"
        self.wait_for(page, lambda: page.evaluate(shown), "a picture")
        return page

    def wait_for(self, page: Page, is_so: Callable[[], Any], what: str) -> None:
        """Let the page go on until something is so on our side."""
        begin_s = time.monotonic()
        while not is_so():
            assert time.monotonic() - begin_s < LONGEST_WAIT_MS / 1000, f"waited in vain for {what}"
            page.wait_for_timeout(50)

    def foreign_requests(self) -> list[str]:
        """Return every request that went anywhere but to the server, or came from the page's own memory."""
        own = urlsplit(self.url).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).netloc != own and urlsplit(url).scheme not in ("data", "blob")
        ]

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _note(self, url: str, status: int) -> None:
        self.answers.setdefault(urlsplit(url).path, set()).add(status)

    def _listen(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


@pytest.fixture
def console(launch: Callable[..., Browser], tile_dir: Path, tmp_path: Path) -> Iterator[Console]:
    dossier = tmp_path / "dossier.pdf"
    dossier.write_bytes(b"%PDF-1.7\n%%EOF\n")
    night = FakeNight(dossier)
    with Server(create_app(night, WEBUI, tile_dir)) as server:
        console = Console(night, server, launch)
        yield console
        console.close()
