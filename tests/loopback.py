"""Servers of a test: on this machine only, and only until the block ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer

_LOOK_EVERY_S = 0.01
_PATIENCE_S = 10.0


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Serve in a thread of its own until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": _LOOK_EVERY_S})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(_PATIENCE_S)
        server.server_close()
