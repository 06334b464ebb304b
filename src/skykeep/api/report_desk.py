"""Where people's reports come in: GET and POST /report, for anybody, so that nothing here trusts anybody.

* A form is good for two hours and once: its ticket is signed with a key of this process, so that a second
  tap, a reload or a page of somebody else's sends nothing. A browser that says the form came from another
  site is refused.
* Each address may send `BURST` reports and one more every `REFILL_S`; of IPv6 the /64 counts. What was filled
  in is given back with the answer, so that nobody has to write it again.
* How to reach the person goes to whoever keeps contacts, and never into the report or the log.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from skykeep.api.guard import origin_is_own
from skykeep.api.report_form import Filled, read_form
from skykeep.api.report_page import SECURITY_HEADERS, Place, form_page, thanks_page
from skykeep.api.report_words import Words, choose_language
from skykeep.base.clock import NS_PER_S, Clock
from skykeep.base.errors import LinkError
from skykeep.domain.sensing import Report
from skykeep.feeds.contract_door import Door
from skykeep.geo.frames import LocalFrame
from skykeep.wire.contract_codec import encode

BURST, REFILL_S = 5, 120.0
MOST_ADDRESSES = 10_000
TICKET_S = 7_200
MOST_TICKETS = 100_000
LARGEST_FORM_BYTES = 32_768
MOST_FIELDS = 40
REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,90}")

KeepContact = Callable[[Report, str], None]


class Tickets:
    """Gives each form a ticket that is good once."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._used: OrderedDict[str, int] = OrderedDict()

    def issue(self, now_utc_ns: int) -> str:
        """Return a new ticket."""
        issued = f"{now_utc_ns // NS_PER_S}.{secrets.token_urlsafe(12)}"
        return f"{issued}.{self._sign(issued)}"

    def is_good(self, ticket: str, now_utc_ns: int) -> bool:
        """Return whether a ticket is ours, young enough and not used."""
        issued, _, signature = ticket.rpartition(".")
        if not ticket.isascii() or not hmac.compare_digest(self._sign(issued), signature):
            return False
        age_s = now_utc_ns // NS_PER_S - int(issued.partition(".")[0])
        return 0 <= age_s <= TICKET_S and issued not in self._used

    def use(self, ticket: str, now_utc_ns: int) -> None:
        """Let a ticket be good no more. A used one is forgotten when it is too old anyway."""
        self._used[ticket.rpartition(".")[0]] = now_utc_ns
        while self._used:
            oldest, used_utc_ns = next(iter(self._used.items()))
            if now_utc_ns - used_utc_ns <= TICKET_S * NS_PER_S and len(self._used) <= MOST_TICKETS:
                break
            del self._used[oldest]

    def _sign(self, issued: str) -> str:
        return hmac.new(self._key, issued.encode(), hashlib.sha256).hexdigest()


class Addresses:
    """How many more reports each address may send now."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admit(self, address: str, now_utc_ns: int) -> bool:
        """Return whether an address may send one more, and count it."""
        network = _network(address)
        left, since_utc_ns = self._left.pop(network, (float(BURST), now_utc_ns))
        left = min(BURST, left + max(0, now_utc_ns - since_utc_ns) / NS_PER_S / REFILL_S)
        is_admitted = left >= 1.0
        self._left[network] = (left - is_admitted, now_utc_ns)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return is_admitted


class ReportDesk:
    """Takes reports for the sensor `sensor_id` of a door, whose translator makes records of them."""

    def __init__(
        self,
        door: Door,
        sensor_id: str,
        frame: LocalFrame,
        place: Place,
        clock: Clock,
        keep_contact: KeepContact | None = None,
    ) -> None:
        self._door = door
        self._sensor_id = sensor_id
        self._frame = frame
        self._place = place
        self._zone = ZoneInfo(place.zone_name)
        self._clock = clock
        self._keep_contact = keep_contact
        self._tickets = Tickets()
        self._addresses = Addresses()
        self._sequence = 0

    def page(self, language: str | None, accepted: str, done: str) -> Response:
        """Return the empty form, or thanks for the report named `done`."""
        words = choose_language(language, accepted)
        if REFERENCE.fullmatch(done):
            return _html(200, thanks_page(words, done))
        return self._form(200, words, {})

    async def take(self, fields: dict[str, str], address: str, accepted: str) -> Response:
        """Take a form that was sent."""
        now_utc_ns = self._clock.now_utc_ns()
        words = choose_language(fields.get("lang"), accepted)
        ticket = fields.get("ticket", "")
        if not self._tickets.is_good(ticket, now_utc_ns):
            return self._form(409, words, fields, notice=words.too_old)
        filled = read_form(
            fields,
            sensor_id=self._sensor_id,
            sequence=self._next(now_utc_ns),
            now_utc_ns=now_utc_ns,
            frame=self._frame,
            zone=self._zone,
        )
        if not isinstance(filled, Filled):
            return self._form(422, words, fields, wrong=filled)
        if not self._addresses.admit(address, now_utc_ns):
            return self._form(429, words, fields, notice=words.too_many)
        self._tickets.use(ticket, now_utc_ns)
        report = await self._bring(filled)
        if report is None:
            return self._form(503, words, fields, notice=words.closed)
        if filled.contact and self._keep_contact is not None:
            self._keep_contact(report, filled.contact)
        query = urlencode({"lang": words.language, "done": f"{report.sensor_id}-{report.sequence}"})
        return RedirectResponse(f"report?{query}", 303, SECURITY_HEADERS)

    async def _bring(self, filled: Filled) -> Report | None:
        try:
            brought = await self._door.bring(self._sensor_id, [encode(filled.report)])
        except LinkError:
            return None
        return next((record for record in brought.records if isinstance(record, Report)), None)

    def _next(self, now_utc_ns: int) -> int:
        """Return a sequence number that rises, also over a restart: the microsecond it is."""
        self._sequence = max(self._sequence + 1, now_utc_ns // 1_000)
        return self._sequence

    def _form(
        self,
        status: int,
        words: Words,
        values: dict[str, str],
        wrong: tuple[str, ...] = (),
        notice: str = "",
    ) -> Response:
        ticket = self._tickets.issue(self._clock.now_utc_ns())
        return _html(status, form_page(words, self._place, ticket, values, wrong, notice))


def report_router(desk: ReportDesk) -> APIRouter:
    """Return the routes of the page."""
    router = APIRouter()

    @router.get("/report")
    def page(request: Request, lang: str = "", done: str = "") -> Response:
        return desk.page(lang, request.headers.get("accept-language", ""), done)

    @router.post("/report")
    async def report(request: Request) -> Response:
        fields = await own_form(request)
        if isinstance(fields, Response):
            return fields
        address = request.client.host if request.client else ""
        return await desk.take(fields, address, request.headers.get("accept-language", ""))

    return router


async def own_form(request: Request) -> dict[str, str] | Response:
    """Return the fields of a form that a page of this server sent, or what to answer where it is not one."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    is_foreign = origin is not None and not origin_is_own(origin, request.headers.get("host", ""))
    if is_foreign or site != "same-origin":
        return _html(403, "This form was sent from another page.")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/x-www-form-urlencoded":
        return _html(415, "A form must be application/x-www-form-urlencoded.")
    fields = await _fields_of(request)
    if fields is None:
        return _html(413, f"A form must have at most {LARGEST_FORM_BYTES:,} bytes of UTF-8.")
    return fields


async def _fields_of(request: Request) -> dict[str, str] | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM_BYTES:
            return None
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return None
    return dict(pairs)


def _html(status: int, text: str) -> Response:
    return HTMLResponse(text, status, SECURITY_HEADERS)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
