"""A witness over HTTP: `POST /add-checkpoint`, as C2SP `tlog-witness` has it."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from skykeep.base.clock import NS_PER_S, Clock
from skykeep.evidence.signed_note import SigningKey, VerifierKey
from skykeep.evidence.witnessing import MOST_REQUEST_BYTES, PATH, Answer, judge
from skykeep.store.witness_book import WitnessBook


class Witness:
    """Cosigns checkpoints of the logs of `logs`: each key is believed for every origin that is its name, or
    begins with its name and a slash.
    """

    def __init__(self, key: SigningKey, logs: Iterable[VerifierKey], book: WitnessBook, clock: Clock) -> None:
        self._key, self._logs, self._book, self._clock = key, tuple(logs), book, clock

    def add_checkpoint(self, request: bytes) -> Answer:
        """Answer one request; what is signed is in the book first."""
        now_utc_ns = self._clock.now_utc_ns()

        def cosign(body: bytes) -> bytes:
            return self._key.cosign(body, now_utc_ns // NS_PER_S)

        return self._book.answer(
            request, now_utc_ns, lambda last_of: judge(request, self._keys_of, last_of, cosign)
        )

    def _keys_of(self, origin: str) -> tuple[VerifierKey, ...]:
        return tuple(key for key in self._logs if origin == key.name or origin.startswith(f"{key.name}/"))


def create_witness(witness: Witness) -> FastAPI:
    """Return the application."""
    app = FastAPI(title="Skykeep witness", docs_url=None, redoc_url=None, openapi_url=None)

    @app.post(f"/{PATH}")
    async def add_checkpoint(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_REQUEST_BYTES:
                return Response(f"more than {MOST_REQUEST_BYTES} bytes\n", 400)
        answer = await run_in_threadpool(witness.add_checkpoint, body)
        # As a header, not as media_type: that would add a charset.
        return Response(answer.body, answer.status, {"content-type": answer.content_type})

    return app
