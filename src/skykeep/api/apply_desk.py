"""Where anybody asks for leave to fly: GET and POST /apply, and /permit/REFERENCE to see how it stands.

* A form is good for two hours and once: its ticket is signed with a key of this process. A browser that says
  the form came from another site is refused.
* Each address may apply `BURST` times and once more every `REFILL_S`, and guess at references no oftener.
* A reference is the only key to a page: the office makes it so that nobody guesses it. The page shows what
  was asked and answered, never the contact, and nothing of the authority's own people.
"""

from __future__ import annotations

import asyncio
import re
from typing import Protocol
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from skykeep.api.apply_form import Application as Application
from skykeep.api.apply_form import Region, read_application
from skykeep.api.apply_page import SECURITY_HEADERS, choose_language, form_page
from skykeep.api.apply_status import status_page, unknown_page
from skykeep.api.apply_words import Words
from skykeep.api.report_desk import Addresses, Tickets, own_form
from skykeep.base.clock import Clock
from skykeep.base.errors import InputError, LinkError
from skykeep.domain.permit import Permit

REFERENCE = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)
ACTIONS = ("accept", "decline", "withdraw")


class Counter(Protocol):
    """What the pages need of the office. Called from worker threads; LinkError when it cannot be reached."""

    def apply(self, application: Application) -> str:
        """Take an application and return its reference: 16 to 128 letters that nobody can guess. InputError
        when it cannot be taken as it is.
        """
        ...

    def status(self, reference: str) -> Permit | None:
        """Return the permit of a reference; None when there is none."""
        ...

    def accept_offer(self, reference: str) -> None:
        """Take the alternative that was offered; InputError when there is none (any more)."""
        ...

    def decline_offer(self, reference: str) -> None:
        """Decline it, which ends the application; InputError when there is none (any more)."""
        ...

    def withdraw(self, reference: str) -> None:
        """End the application or give the permit back; InputError when it has ended already."""
        ...


class ApplyDesk:
    """Takes applications for one region and shows how they stand."""

    def __init__(self, counter: Counter, region: Region, clock: Clock) -> None:
        self._counter = counter
        self._region = region
        self._clock = clock
        self._tickets = Tickets()
        self._applying = Addresses()
        self._guessing = Addresses()

    def page(self, language: str, accepted: str) -> Response:
        """Return the empty form."""
        return self._form(200, choose_language(language, accepted), {})

    async def take(self, fields: dict[str, str], address: str, accepted: str) -> Response:
        """Take a form that was sent."""
        now_utc_ns = self._clock.now_utc_ns()
        words = choose_language(fields.get("lang"), accepted)
        ticket = fields.get("ticket", "")
        if not self._tickets.is_good(ticket, now_utc_ns):
            return self._form(409, words, fields, notice=words.too_old)
        read = read_application(fields, now_utc_ns=now_utc_ns, region=self._region)
        if not isinstance(read, Application):
            return self._form(422, words, fields, wrong=read)
        if not self._applying.admit(address, now_utc_ns):
            return self._form(429, words, fields, notice=words.too_many)
        self._tickets.use(ticket, now_utc_ns)
        try:
            reference = await asyncio.to_thread(self._counter.apply, read)
        except InputError as error:
            return self._form(422, words, fields, notice=words.refused.replace("{}", str(error)))
        except LinkError:
            return self._form(503, words, fields, notice=words.closed)
        return _see(f"permit/{quote(reference)}?lang={words.language}&new=1")

    async def show(self, reference: str, language: str, accepted: str, address: str, new: bool) -> Response:
        """Return how an application stands."""
        words = choose_language(language, accepted)
        return await self._status(200, words, reference, address, new=new)

    async def act(self, reference: str, fields: dict[str, str], address: str, accepted: str) -> Response:
        """Do what the holder of a reference asks."""
        words = choose_language(fields.get("lang"), accepted)
        ticket, now_utc_ns = fields.get("ticket", ""), self._clock.now_utc_ns()
        if not self._tickets.is_good(ticket, now_utc_ns):
            return await self._status(409, words, reference, address, notice=words.too_old)
        doers = (self._counter.accept_offer, self._counter.decline_offer, self._counter.withdraw)
        do = dict(zip(ACTIONS, doers, strict=True)).get(fields.get("action", ""))
        if do is None or not REFERENCE.fullmatch(reference):
            return await self._status(422, words, reference, address, notice=words.not_done)
        self._tickets.use(ticket, now_utc_ns)
        try:
            await asyncio.to_thread(do, reference)
        except InputError:
            return await self._status(409, words, reference, address, notice=words.not_done)
        except LinkError:
            return await self._status(503, words, reference, address, notice=words.closed)
        return _see(f"{quote(reference)}?lang={words.language}")

    async def _status(
        self, status: int, words: Words, reference: str, address: str, *, new: bool = False, notice: str = ""
    ) -> Response:
        now_utc_ns = self._clock.now_utc_ns()
        permit = None
        try:
            if REFERENCE.fullmatch(reference):
                permit = await asyncio.to_thread(self._counter.status, reference)
        except LinkError:
            return _html(503, unknown_page(words).replace(words.unknown, words.closed))
        if permit is None or permit.private:
            is_admitted = self._guessing.admit(address, now_utc_ns)
            return _html(404 if is_admitted else 429, unknown_page(words))
        ticket = self._tickets.issue(now_utc_ns)
        shown = status_page(words, self._region, permit, reference, ticket, new=new, notice=notice)
        return _html(status, shown)

    def _form(
        self,
        status: int,
        words: Words,
        values: dict[str, str],
        wrong: tuple[str, ...] = (),
        notice: str = "",
    ) -> Response:
        ticket = self._tickets.issue(self._clock.now_utc_ns())
        return _html(status, form_page(words, self._region, ticket, values, wrong, notice))


def apply_router(desk: ApplyDesk) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter()

    @router.get("/apply")
    def page(request: Request, lang: str = "") -> Response:
        return desk.page(lang, _accepted(request))

    @router.post("/apply")
    async def apply(request: Request) -> Response:
        fields = await own_form(request)
        if isinstance(fields, Response):
            return fields
        return await desk.take(fields, _address(request), _accepted(request))

    @router.get("/permit/{reference}")
    async def show(request: Request, reference: str, lang: str = "", new: str = "") -> Response:
        return await desk.show(reference, lang, _accepted(request), _address(request), new == "1")

    @router.post("/permit/{reference}")
    async def act(request: Request, reference: str) -> Response:
        fields = await own_form(request)
        if isinstance(fields, Response):
            return fields
        return await desk.act(reference, fields, _address(request), _accepted(request))

    return router


def _accepted(request: Request) -> str:
    return request.headers.get("accept-language", "")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _html(status: int, text: str) -> Response:
    return HTMLResponse(text, status, SECURITY_HEADERS)


def _see(where: str) -> Response:
    return RedirectResponse(where, 303, SECURITY_HEADERS)
