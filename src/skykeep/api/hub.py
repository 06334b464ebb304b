"""Carries what the night says, from whatever thread it runs in, to every open page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.websockets import WebSocket

from skykeep.api.codec import Format
from skykeep.api.desk import Desk
from skykeep.api.encode import WirePicture, quantise
from skykeep.api.messages import Event
from skykeep.api.outbox import Outbox
from skykeep.api.session import Session
from skykeep.api.source import ConsoleSource, PictureColumns

# A console has a few watchers; a page that reconnects in a loop must not use up the machine.
MOST_SESSIONS = 64
TRY_AGAIN_LATER = 1013


class Hub:
    """Knows every open desk. Its methods belong to the event loop, but for those that say otherwise."""

    def __init__(self, source: ConsoleSource) -> None:
        self._source = source
        self._desks: dict[int, Desk] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._picture_is_posted = False
        self._last_wire: tuple[PictureColumns, WirePicture] | None = None

    def start(self) -> None:
        """Begin to listen to the night."""
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = self._source.subscribe(self._hear_event, self._hear_picture)

    def stop(self) -> None:
        """Stop listening."""
        self._unsubscribe()
        self._loop = None

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one socket until it closes."""
        form: Format = "json" if websocket.query_params.get("format") == "json" else "msgpack"
        await websocket.accept()
        if len(self._desks) >= MOST_SESSIONS:
            await websocket.close(TRY_AGAIN_LATER, f"{MOST_SESSIONS} consoles are open already")
            return
        hello = self._source.hello()
        outbox = Outbox()
        desk = Desk(self._source, hello, outbox, self._to_wire)
        self._desks[id(desk)] = desk
        try:
            await Session(websocket, form, desk, outbox).run(hello)
        finally:
            del self._desks[id(desk)]

    # --- from any thread ---------------------------------------------------------------------------------

    def _hear_event(self, event: Event) -> None:
        self._post(lambda: self._deliver(event))

    def _hear_picture(self) -> None:
        # A night that runs faster than the pages look posts one notice, not thousands.
        if not self._picture_is_posted:
            self._picture_is_posted = True
            self._post(self._picture_changed)

    def _post(self, call: Callable[[], None]) -> None:
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The server has just stopped; the night goes on without it.
            self._loop = None

    # --- on the event loop -------------------------------------------------------------------------------

    def _deliver(self, event: Event) -> None:
        for desk in self._desks.values():
            desk.deliver(event)

    def _picture_changed(self) -> None:
        self._picture_is_posted = False
        for desk in self._desks.values():
            desk.picture_changed()

    def _to_wire(self, picture: PictureColumns) -> WirePicture:
        """Quantise a picture of the present once, for however many pages."""
        if self._last_wire is None or self._last_wire[0] is not picture:
            self._last_wire = (picture, quantise(picture))
        return self._last_wire[1]
