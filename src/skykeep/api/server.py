"""Runs the application on a socket of its own: in the main thread until told to stop, or beside a night in
another.

The socket is bound before anything starts, so that the URL is known, and a port that is taken is an error
at once.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from skykeep.base.errors import SetupError

# Frames longer than this close the socket; commands are refused far below it (codec.py).
LONGEST_FRAME_BYTES = 65_536


class Server:
    """The console's server; `url` is valid from the start.

    Either `run()` in the main thread, which returns after `stop()` from another thread or at Ctrl-C, or as
    a context manager, which serves in a thread of its own until the block ends.
    """

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = _bind(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"
        self._thread: threading.Thread | None = None
        self._server = _UvicornServer(
            uvicorn.Config(
                app,
                loop="asyncio" if sys.platform == "win32" else "uvloop",
                ws="websockets-sansio",
                ws_max_size=LONGEST_FRAME_BYTES,
                ws_per_message_deflate=True,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            )
        )

    def run(self, on_ready: Callable[[str], None] | None = None) -> None:
        """Serve until `stop()`; call `on_ready(url)` once pages can connect."""
        self._server.on_ready = (lambda: on_ready(self.url)) if on_ready is not None else None
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Ask the server to finish, from any thread; a thread it has is waited for."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Server:
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run_in_thread, args=(ready,), name="console", daemon=True
        )
        self._thread.start()
        ready.wait()
        if not self._server.started:
            raise SetupError("the console's server did not start: see the lines above")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run_in_thread(self, ready: threading.Event) -> None:
        try:
            self.run(lambda _: ready.set())
        finally:
            ready.set()


def serve(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve in this thread until Ctrl-C; `on_ready(url)` is called once pages can connect."""
    Server(app, host, port).run(on_ready)


class _UvicornServer(uvicorn.Server):
    """Uvicorn's, and it says when it has started."""

    on_ready: Callable[[], None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.on_ready is not None:
            self.on_ready()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        # A port left by a server that has just stopped may be taken again; elsewhere this would share it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on a page that is early waits in the queue, where it would have been turned away.
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SetupError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return listener
