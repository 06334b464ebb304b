"""Sensors bring their messages over HTTP: one address for each sensor, one token for each sensor.

| status | when |
|---|---|
| 200 | every message was taken |
| 401 | no token, or not this sensor's; a sensor that is not there looks the same |
| 408, 413, 415 | the body came too slowly, is too long, or is neither JSON nor NDJSON |
| 422 | at least one message was refused: the answer names line, field, what was found and what must be |
| 429 | at least one message found no room: those named may be sent again |
| 503 | this sensor's feed does not run |

Every answer has one shape, `{"taken": 2, "refused": [...], "try_again": [...]}`, and what was taken stays
taken. There are no tokens but those in the configuration: without them nobody is let in.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from skykeep.api.sensor_openapi import openapi_document
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.feed import Refusal
from skykeep.feeds.contract_door import Brought, Door
from skykeep.wire.contract_codec import LONGEST_MESSAGE_BYTES, schema

SHORTEST_TOKEN = 20
LARGEST_BODY_BYTES = 4 * LONGEST_MESSAGE_BYTES
MOST_LINES = 1_000
LONGEST_WAIT_S = 30.0
JSON, NDJSON = "application/json", "application/x-ndjson"


class Tokens:
    """Which token lets which sensor in. Only their digests are kept."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        for sensor_id, token in tokens.items():
            if len(token) < SHORTEST_TOKEN or not token.isascii() or token.split() != [token]:
                raise SetupError(
                    f"the token of {sensor_id} has {len(token)} characters, must have at least "
                    f"{SHORTEST_TOKEN}, all ASCII and none a space"
                )
        self._digests = {sensor_id: _digest(token) for sensor_id, token in tokens.items()}
        if len(set(self._digests.values())) < len(self._digests):
            raise SetupError("two sensors have the same token, must have one each")

    def let_in(self, sensor_id: str, authorization: str) -> bool:
        """Return whether an Authorization header belongs to this sensor, in a time that tells nothing."""
        scheme, _, token = authorization.partition(" ")
        known = self._digests.get(sensor_id, b"")
        is_right = hmac.compare_digest(_digest(token.strip()), known or bytes(32))
        return is_right and bool(known) and scheme.lower() == "bearer"


class Unwelcome(Exception):  # noqa: N818 - an answer, not an error of ours
    """A request that is answered before any message is looked at."""

    def __init__(self, status: int, field: str, found: str, must: str) -> None:
        self.status = status
        self.refusal = Refusal(field=field, found=found, must=must)


def sensor_router(door: Door, tokens: Tokens) -> APIRouter:
    """Return the routes under `/v1`."""
    router = APIRouter()

    @router.post("/v1/sensors/{sensor_id}/messages")
    async def messages(sensor_id: str, request: Request) -> Response:
        try:
            if not tokens.let_in(sensor_id, request.headers.get("authorization", "")):
                raise Unwelcome(
                    401, "authorization", "no token of this sensor", f"Bearer and the token of {sensor_id}"
                )
            lines = await _messages_of(request)
            try:
                return _answer(await door.bring(sensor_id, lines))
            except LinkError as error:
                raise Unwelcome(503, "sensor_id", str(error), "a sensor whose feed runs") from error
        except Unwelcome as unwelcome:
            return _json(unwelcome.status, Brought(taken=0, refused=((0, unwelcome.refusal),)))

    @router.get("/v1/openapi.json")
    def openapi() -> Response:
        return Response(msgspec.json.encode(openapi_document()), media_type=JSON)

    @router.get("/v1/schema.json")
    def message_schema() -> Response:
        return Response(msgspec.json.encode(schema()), media_type="application/schema+json")

    return router


async def _messages_of(request: Request) -> list[bytes]:
    """Return the messages of a body, each still in bytes."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in (JSON, NDJSON):
        raise Unwelcome(415, "content-type", content_type or "missing", f"{JSON} or {NDJSON}")
    encoding = request.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise Unwelcome(415, "content-encoding", encoding[:40], "left out")
    body = await _body_of(request)
    if content_type == JSON:
        return [body]
    lines = [line for line in (line.strip() for line in body.split(b"\n")) if line]
    if not lines:
        raise Unwelcome(422, "message", "no line", "at least one")
    if len(lines) > MOST_LINES:
        raise Unwelcome(413, "body", f"{len(lines):,} lines", f"at most {MOST_LINES:,}")
    return lines


async def _body_of(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(LONGEST_WAIT_S):
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST_BODY_BYTES:
                    raise Unwelcome(413, "body", f"over {LARGEST_BODY_BYTES:,} bytes", "at most that")
    except TimeoutError:
        raise Unwelcome(408, "body", f"not whole in {LONGEST_WAIT_S:g} s", "whole by then") from None
    return bytes(body)


def _answer(brought: Brought) -> Response:
    if brought.try_again:
        return _json(429, brought)
    return _json(422 if brought.refused else 200, brought)


def _json(status: int, brought: Brought) -> Response:
    body: dict[str, Any] = {
        "taken": brought.taken,
        "refused": [
            {"line": line, "field": refusal.field, "found": refusal.found, "must": refusal.must}
            for line, refusal in brought.refused
        ],
        "try_again": brought.try_again,
    }
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="skykeep"'
    if status in (429, 503):
        headers["retry-after"] = "1" if status == 429 else "5"
    return Response(msgspec.json.encode(body), status, headers, JSON)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
