"""A server on this machine that takes what it is sent and keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from loopback import serving


class Receiver:
    """`taken` holds method, path, headers and body of every request; `status` is what it answers,
    and `location` where it leads to then, if anywhere.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, dict[str, str], bytes]] = []
        self.status = 204
        self.location = "/elsewhere"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.taken.append((self.command, self.path, dict(self.headers), body))
                self.send_response(outer.status)
                if 300 <= outer.status < 400:
                    self.send_header("location", outer.location)
                self.end_headers()

            do_POST = do_PUT = do_GET = answer  # noqa: N815

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve until the block ends."""
    made = Receiver()
    with serving(made.server):
        yield made
