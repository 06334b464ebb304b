"""What every request must pass and every answer carries: Host, Origin, and headers that tell the browser to
trust no one.

* The `Host` must be one of ours, or a name that an attacker's DNS points at us would read the console. * A
WebSocket's `Origin` must be present and be our own, or any page the operator visits could open one. * The
policy lets the page load from this server only: "0 requests to anywhere but itself" is then the browser's
promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")

FIXED_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_security_policy(host: str) -> str:
    """Return the policy for a page served as `host`; for older browsers 'self' does not cover ws:."""
    return "; ".join(
        (
            "default-src 'self'",
            f"connect-src 'self' ws://{host} wss://{host}",
            # The map draws its sprites from blobs of its own.
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def host_name(host: str) -> str | None:
    """Return a Host header without its port, `[::1]:80` gives `[::1]`; None when it is no host."""
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?", host.lower())
    return match[1] if match else None


def origin_is_own(origin: str | None, host: str) -> bool:
    """Return whether an Origin is the page that this very host served."""
    if origin is None:
        return False
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower() and not parts.path


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, allowed_hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._allowed_hosts = frozenset(LOOPBACK_HOSTS) | {host.lower() for host in allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        is_our_host = host_name(host) in self._allowed_hosts
        if scope["type"] == "websocket":
            if is_our_host and origin_is_own(headers.get("origin"), host):
                await self._app(scope, receive, send)
            else:
                # Closing before accepting is how ASGI says 403.
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                carried = MutableHeaders(scope=message)
                for name, value in FIXED_HEADERS.items():
                    carried[name] = value
                carried["content-security-policy"] = content_security_policy(host)
            await send(message)

        if is_our_host:
            await self._app(scope, receive, send_with_headers)
        else:
            answer = PlainTextResponse("This host name is not served here.\n", status_code=421)
            host = "localhost"
            await answer(scope, receive, send_with_headers)
