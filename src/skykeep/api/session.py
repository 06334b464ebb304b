"""One open page's socket. Three loops share it, and the first to end ends the session.

The writer sends what the `Outbox` holds: lists and captions as soon as they are there, pictures at most
every 50 ms, and waits while the page is slow. The pulse says once a second how things are and moves a view
that plays the past. The reader takes one command at a time, so that a page cannot ask faster than it is
answered.
"""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from skykeep.api.codec import Format, decode_command, name_of_command, to_json, to_msgpack
from skykeep.api.desk import Desk
from skykeep.api.encode import picture_to_json, picture_to_msgpack
from skykeep.api.messages import Hello, Refused, ServerMessage
from skykeep.api.outbox import Outbox
from skykeep.base.errors import InputError

PICTURE_INTERVAL_S = 0.05
TICK_S = 0.1
TICKS_PER_PULSE = 10


class Session:
    """The server's end of one WebSocket."""

    def __init__(self, websocket: WebSocket, form: Format, desk: Desk, outbox: Outbox) -> None:
        self._websocket = websocket
        self._form: Format = form
        self._desk = desk
        self._outbox = outbox

    async def run(self, hello: Hello) -> None:
        """Serve the page until it leaves."""
        await self._send(hello)
        self._desk.open()
        loops = [asyncio.create_task(loop()) for loop in (self._read, self._write, self._pulse)]
        try:
            await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in loops:
                task.cancel()
            outcomes = await asyncio.gather(*loops, return_exceptions=True)
        for outcome in outcomes:
            # A page that leaves in the middle of a message is no fault of ours.
            if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect):
                raise outcome

    async def _read(self) -> None:
        while True:
            frame = await self._websocket.receive()
            if frame["type"] == "websocket.disconnect":
                return
            text = frame.get("text")
            data: bytes = frame["bytes"] if text is None else text.encode("utf-8", "replace")
            try:
                await self._desk.obey(decode_command(data, self._form))
            except InputError as error:
                self._outbox.put(Refused(command=name_of_command(data, self._form), why=str(error)))

    async def _write(self) -> None:
        clock = asyncio.get_running_loop()
        next_picture_s = clock.time()
        while True:
            await self._outbox.wait()
            while (message := self._outbox.take()) is not None:
                await self._send(message)
            if not self._outbox.picture_is_due:
                continue
            if clock.time() < next_picture_s:
                clock.call_at(next_picture_s, self._outbox.wake)
                continue
            self._outbox.picture_is_due = False
            next_picture_s = clock.time() + PICTURE_INTERVAL_S
            await self._send_picture()

    async def _pulse(self) -> None:
        clock = asyncio.get_running_loop()
        last_s = clock.time()
        while True:
            for _ in range(TICKS_PER_PULSE):
                await asyncio.sleep(TICK_S)
                now_s = clock.time()
                await self._desk.advance(now_s - last_s)
                last_s = now_s
            await self._desk.pulse()

    async def _send_picture(self) -> None:
        message = await self._desk.next_picture()
        if message is None:
            return
        if self._form == "json":
            await self._websocket.send_text(picture_to_json(message))
        else:
            await self._websocket.send_bytes(picture_to_msgpack(message))

    async def _send(self, message: ServerMessage) -> None:
        if self._form == "json":
            await self._websocket.send_text(to_json(message))
        else:
            await self._websocket.send_bytes(to_msgpack(message))
