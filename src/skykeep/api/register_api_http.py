"""How every endpoint of the register is reached: who asks, may they, what do they send, what are they told.

| status | when |
|---|---|
| 400 | a parameter of the address is wrong |
| 401 | no token, or none that is believed |
| 403 | the token has not the scope, or the asker not the right |
| 404 | there is no such thing, or none that the asker may know of |
| 408, 413, 415 | the body came too slowly, is too long, or is of another type |
| 409 | not in this state, or in conflict; or an Idempotency-Key that came with another request |
| 412, 428 | the version in If-Match is not the one that stands; there is no If-Match |
| 422 | something in the body is wrong |
| 503 | what is behind cannot be reached |

Whatever is not well has one shape: `{"errors": [{"field", "found", "must"}]}`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from skykeep.api.register_api_answers import (
    JSON,
    Answer,
    Call,
    Endpoint,
    Problem,
    RefusedError,
)
from skykeep.api.register_api_once import Once
from skykeep.api.tokens import Caller, Gatekeeper, NotLetInError
from skykeep.base.errors import InputError, LinkError
from skykeep.domain.actor import Actor
from skykeep.domain.faults import (
    ConflictError,
    FormError,
    IllegalStepError,
    NotEntitledError,
    UnknownSubjectError,
)

LONGEST_WAIT_S = 30.0

_STATUSES: tuple[tuple[type[InputError], int], ...] = (
    (UnknownSubjectError, 404),
    (NotEntitledError, 403),
    (IllegalStepError, 409),
)

_LOG = logging.getLogger(__name__)
_ENCODER = msgspec.json.Encoder()


class Desk:
    """Does for each endpoint what is the same for all."""

    def __init__(
        self, gatekeeper: Gatekeeper, scopes: Mapping[tuple[str, str], frozenset[str]], now: Callable[[], int]
    ) -> None:
        self._gatekeeper = gatekeeper
        self._scopes = scopes
        self._now = now
        self._once = Once()
        self.faults = 0

    def serve(self, endpoint: Endpoint) -> Callable[[Request], Any]:
        """Return what the web framework calls; ValueError for an endpoint that is not in the scope table."""
        if endpoint.key not in self._scopes:
            raise ValueError(f"{endpoint.method} {endpoint.path} has no entry in the table of scopes")
        scopes = self._scopes[endpoint.key]
        decoder = msgspec.json.Decoder(endpoint.takes) if endpoint.takes not in (None, bytes) else None

        async def answer(request: Request) -> Response:
            try:
                return _response(await self._answer(endpoint, scopes, decoder, request))
            except RefusedError as refused:
                return problems(refused.status, refused.problems, refused.headers)
            except InputError as error:
                return _refusal(error)
            except LinkError as error:
                return problems(503, (Problem("register", str(error), "reached"),), {"retry-after": "5"})
            except Exception:
                self.faults += 1
                _LOG.exception("%s %s failed", endpoint.method, endpoint.path)
                return problems(500, (Problem("server", "a fault of ours", "reported to whoever runs it"),))

        return answer

    async def _answer(
        self,
        endpoint: Endpoint,
        scopes: frozenset[str],
        decoder: msgspec.json.Decoder[Any] | None,
        request: Request,
    ) -> Answer:
        caller = self._let_in(request, scopes)
        if endpoint.versioned and "if-match" not in request.headers:
            raise RefusedError(428, "if-match", "missing", "the ETag of what you read")
        body: Any = None
        data = b""
        if endpoint.takes is not None:
            data = await _body_of(request, endpoint)
            body = data if decoder is None else decoded(decoder, data)
        call = Call(
            caller=caller,
            path=request.path_params,
            query=_query_of(request, endpoint),
            headers=request.headers,
            body=body,
            now_utc_ns=self._now(),
        )
        key = request.headers.get("idempotency-key")
        if not endpoint.once or key is None:
            return await run_in_threadpool(endpoint.handler, call)
        return await run_in_threadpool(
            self._once.answer,
            caller.actor.name,
            f"{endpoint.method} {request.url.path}",
            key,
            data,
            call.now_utc_ns,
            lambda: endpoint.handler(call),
        )

    def _let_in(self, request: Request, scopes: frozenset[str]) -> Caller:
        if not scopes:
            return Caller(actor=Actor(name="anybody", role="public"), client="", scopes=frozenset())
        given = request.headers.getlist("authorization")
        try:
            if len(given) > 1:
                raise NotLetInError("two Authorization headers", "one")
            caller = self._gatekeeper.let_in(given[0] if given else "")
        except NotLetInError as error:
            headers = {"www-authenticate": 'Bearer realm="skykeep"'}
            raise RefusedError(401, "authorization", error.found, error.must, headers) from None
        if not caller.scopes & scopes:
            headers = {
                "www-authenticate": 'Bearer realm="skykeep", error="insufficient_scope", '
                f'scope="{" ".join(sorted(scopes))}"'
            }
            found = " ".join(sorted(caller.scopes))[:200] or "no scope"
            raise RefusedError(403, "scope", found, f"one of {', '.join(sorted(scopes))}", headers)
        return caller


def problems(status: int, found: tuple[Problem, ...], headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer in the one shape of errors."""
    carried = {"cache-control": "no-store", **(headers or {})}
    return Response(_ENCODER.encode({"errors": found}), status, carried, JSON)


def _refusal(error: InputError) -> Response:
    """Return what is answered where the office says no."""
    if isinstance(error, FormError):
        return problems(422, tuple(Problem(each.field, each.found, each.must) for each in error.errors))
    if isinstance(error, ConflictError):
        return problems(
            409, tuple(Problem(error.field, conflict.because, error.must) for conflict in error.conflicts)
        )
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 422)
    return problems(status, (Problem(error.field, error.found, error.must),))


def decoded(decoder: msgspec.json.Decoder[Any], data: bytes, field: str = "body") -> Any:
    """Return what a body holds; InputError names the field by its path."""
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        sentence, _, place = str(error).partition(" - at `")
        path = place.removesuffix("`").removeprefix("$").removeprefix(".").removeprefix("key in ")
        found, must = _found_and_must(sentence)
        raise InputError(path or field, found, must) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(field, str(error)[:120], "JSON in UTF-8") from None
    except RecursionError:
        raise InputError(field, "nested too deeply", "as the document says") from None


def _found_and_must(sentence: str) -> tuple[str, str]:
    """Return msgspec's sentence as what was found and what must be."""
    expected, got, found = sentence.partition(", got ")
    if expected.startswith("Expected ") and got:
        return found.replace("`", ""), expected.removeprefix("Expected ").replace("`", "")
    if expected.startswith("Expected "):
        return "something else", expected.removeprefix("Expected ").replace("`", "")
    return sentence.replace("`", "")[:120], "as the document says"


def _response(answer: Answer) -> Response:
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff", **answer.headers}
    if answer.body is None:
        return Response(None, answer.status, headers)
    body = answer.body if isinstance(answer.body, bytes) else _ENCODER.encode(answer.body)
    return Response(body, answer.status, headers, answer.media_type)


def _query_of(request: Request, endpoint: Endpoint) -> dict[str, str]:
    known = {parameter.name for parameter in endpoint.parameters}
    query: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            must = f"one of {', '.join(sorted(known))}" if known else "left out"
            raise RefusedError(400, name[:60], "a parameter that is not known", must)
        if name in query:
            raise RefusedError(400, name, "given twice", "given once")
        query[name] = value
    for parameter in endpoint.parameters:
        if parameter.name in query and not parameter.fits(query[parameter.name]):
            found = f"{len(query[parameter.name])} characters"
            raise RefusedError(400, parameter.name, found, f"of a fit length: {parameter.says}")
    for parameter in endpoint.parameters:
        if parameter.required and parameter.name not in query:
            raise RefusedError(400, parameter.name, "missing", parameter.says)
    return query


async def _body_of(request: Request, endpoint: Endpoint) -> bytes:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if endpoint.takes is not bytes and content_type != JSON:
        raise RefusedError(415, "content-type", content_type[:60] or "missing", JSON)
    encoding = request.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise RefusedError(415, "content-encoding", encoding[:40], "left out")
    most = endpoint.largest_body_bytes
    body = bytearray()
    try:
        async with asyncio.timeout(LONGEST_WAIT_S):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise RefusedError(413, "body", f"over {most:,} bytes", "at most that")
    except TimeoutError:
        raise RefusedError(408, "body", f"not whole in {LONGEST_WAIT_S:g} s", "whole by then") from None
    return bytes(body)
