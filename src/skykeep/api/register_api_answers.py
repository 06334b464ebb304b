"""What endpoints are made of: what is asked, what is answered, and what can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from skykeep.api.tokens import Caller
from skykeep.domain.actor import Actor

JSON = "application/json"
LARGEST_BODY_BYTES = 1 << 20


class Problem(msgspec.Struct, frozen=True):
    """What is wrong: where, what was found, and what must be."""

    field: str
    found: str
    must: str


class RefusedError(Exception):
    """A request that is answered with problems."""

    def __init__(
        self, status: int, field: str, found: str, must: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.problems = (Problem(field, found, must),)
        self.headers = dict(headers or {})
        super().__init__(f"{status} {field}: {found}, must be {must}")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request that was let in. `body` is of the door's type, or bytes where the door takes those."""

    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    now_utc_ns: int

    @property
    def actor(self) -> Actor:
        return self.caller.actor


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered: `body` is encoded as JSON unless it is bytes; None is no body at all."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = {}
    media_type: str = JSON


Handler = Callable[[Call], Answer]


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of the query, for the document."""

    name: str
    says: str
    schema: Mapping[str, Any]
    required: bool = False

    def fits(self, text: str) -> bool:
        """Return whether a text is as long as the schema has it."""
        most: int = self.schema.get("maxLength", 500)
        least: int = self.schema.get("minLength", 0)
        return least <= len(text) <= most


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be asked for.

    `takes` is the type of the body, `bytes` for whatever is sent; `gives` the type of the answer. `versioned`
    wants If-Match; `once` heeds Idempotency-Key. `answers` are the statuses besides those that all have.
    """

    method: str
    path: str
    name: str
    says: str
    handler: Handler
    takes: Any = None
    gives: Any = None
    status: int = 200
    versioned: bool = False
    once: bool = False
    parameters: tuple[Parameter, ...] = ()
    answers: tuple[int, ...] = ()
    largest_body_bytes: int = LARGEST_BODY_BYTES
    media_type: str = JSON

    @property
    def key(self) -> tuple[str, str]:
        return (self.method, self.path)
