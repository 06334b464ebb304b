"""The report page without a browser: what a plain form gives, and who is turned away."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_house import FRAME, LONGEST_WAIT_S, NOW_UTC_NS, KeepingOutlet, sensor, watching
from skykeep.api.intake import create_intake
from skykeep.api.report_desk import BURST, MOST_ADDRESSES, REFILL_S, TICKET_S, Addresses, ReportDesk, Tickets
from skykeep.api.report_form import Filled, read_form
from skykeep.api.report_page import Place, form_page, thanks_page
from skykeep.api.report_words import LANGUAGES, choose_language
from skykeep.api.sensor_api import Tokens
from skykeep.api.server import Server
from skykeep.base.clock import NS_PER_S, ManualClock, from_iso_utc
from skykeep.domain.sensing import Credibility, Reliability, Report, SensorKind
from skykeep.feeds.contract_door import Door, DoorFeed
from skykeep.store.contact_file import ContactFile
from skykeep.wire.contract_codec import decode, encode
from skykeep.wire.contract_inputs import ContractInputs

PLACE = Place(name="Haven <Harbour>", zone_name="America/Noronha")
ANSWERS = {"what": "heard", "text": "Two bangs.", "when": "now", "where": "not_said"}
MINUTE_NS = 60 * NS_PER_S


class Desk:
    """A page that is served, and what came of it."""

    def __init__(self, url: str, outlet: KeepingOutlet, clock: ManualClock) -> None:
        self.url = f"{url}report"
        self.outlet = outlet
        self.clock = clock
        self.client = httpx.Client(trust_env=False, timeout=LONGEST_WAIT_S)

    def ticket(self) -> str:
        found = re.search(r'name="ticket" value="([^"]+)"', self.client.get(self.url).text)
        assert found is not None
        return found[1]

    def send(self, headers: dict[str, str] | None = None, /, **fields: str) -> httpx.Response:
        filled = {"ticket": fields.pop("ticket", None) or self.ticket()} | ANSWERS | fields
        return self.client.post(self.url, data=filled, headers=headers or {})

    def reports(self) -> list[Report]:
        assert self.outlet.refusals == []
        return [record for record in self.outlet.records if isinstance(record, Report)]


@contextmanager
def open_desk(contacts: Path | None = None, *, is_open: bool = True) -> Iterator[Desk]:
    door, outlet, clock = Door(), KeepingOutlet(), ManualClock(NOW_UTC_NS)
    keep = ContactFile(contacts).keep if contacts else None
    desk = ReportDesk(door, "people", FRAME, PLACE, clock, keep)
    feed = DoorFeed(door, "people", ContractInputs(sensor("people", SensorKind.PEOPLE), FRAME))
    running = [(feed, outlet)] if is_open else []
    with Server(create_intake(door, Tokens({}), desk)) as server, watching(running):
        opened = Desk(server.url, outlet, clock)
        with opened.client:
            yield opened


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


def test_two_bangs_there(desk: Desk) -> None:
    answer = desk.send(text="  Two bangs there.\r\nThen nothing.\x00 ", where="site", site_direction="2",
                       distance="1000", bearing="4", when="minutes", minutes="5")  # fmt: skip

    assert answer.status_code == 303
    (report,) = desk.reports()
    assert report.text == "Two bangs there.\nThen nothing."
    assert report.heard_utc_ns == NOW_UTC_NS - 5 * MINUTE_NS
    assert report.received_utc_ns == NOW_UTC_NS
    assert report.position_enu_m == pytest.approx((1_000, 0, 0), abs=0.2)
    assert report.sigma_m == 500
    assert report.bearing_rad == pytest.approx(np.pi, abs=1e-3)
    assert (report.reliability, report.credibility) == (
        Reliability.CANNOT_BE_JUDGED,
        Credibility.CANNOT_BE_JUDGED,
    )
    assert desk.client.get(desk.url.removesuffix("report") + answer.headers["location"]).text == thanks_page(
        LANGUAGES["en"], "people-0"
    )


def test_a_devices_own_position_has_its_own_spread(desk: Desk) -> None:
    desk.send(where="device", latitude="44.501", longitude="-28.0", accuracy="49")

    (report,) = desk.reports()
    assert report.position_enu_m[1] == pytest.approx(111.1, abs=0.1)
    # Of a Gaussian on the plane, 95 in 100 lie within 2.4477 sigma.
    assert report.sigma_m == pytest.approx(49 / np.sqrt(-2 * np.log(0.05)), rel=1e-3)


def test_who_does_not_say_where_is_within_earshot(desk: Desk) -> None:
    desk.send()
    (report,) = desk.reports()
    assert (report.position_enu_m, report.sigma_m, report.bearing_rad) == ((0, 0, 0), 3_000, None)


def test_a_contact_is_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "contacts.jsonl"
    with open_desk(path) as desk:
        desk.send(contact="+00 0000 0000")
        desk.send(contact="")
        reports = desk.reports()

    assert path.read_text() == (
        f'{{"sensor_id":"people","sequence":0,"received_utc_ns":{NOW_UTC_NS},"contact":"+00 0000 0000"}}\n'
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(reports) == 2
    assert not any("0000 0000" in repr(report) for report in reports)


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "nothing chosen": ({"what": ""}, "what"),
    "something else chosen": ({"what": "smelt"}, "what"),
    "no words": ({"text": " \r\n\x07 "}, "text"),
    "too many words": ({"text": "x" * 2_001}, "text"),
    "no time": ({"when": "time", "time": ""}, "when"),
    "no such time": ({"when": "time", "time": "24:00"}, "when"),
    "too long ago": ({"when": "minutes", "minutes": "721"}, "when"),
    "in the future": ({"when": "minutes", "minutes": "-1"}, "when"),
    "digits of another script": ({"when": "minutes", "minutes": "٥"}, "when"),
    "no position found": ({"where": "device", "latitude": "", "longitude": "", "accuracy": ""}, "where"),
    "no place on earth": ({"where": "device", "latitude": "91", "longitude": "0", "accuracy": "5"}, "where"),
    "not a number": ({"where": "device", "latitude": "nan", "longitude": "0", "accuracy": "5"}, "where"),
    "no direction": ({"where": "site", "distance": "300"}, "where"),
    "a distance of one's own": ({"where": "site", "site_direction": "1", "distance": "1e9"}, "where"),
    "a contact like a book": ({"contact": "x" * 201}, "contact"),
}


@pytest.mark.parametrize("story", WRONG)
def test_what_is_wrong_is_said_and_what_was_filled_in_is_kept(desk: Desk, story: str) -> None:
    fields, part = WRONG[story]
    answer = desk.send(**({"text": "Two <b>bangs</b>"} | fields))

    assert answer.status_code == 422
    assert f'href="#{part}"' in answer.text
    assert answer.text.count('<li><a href="#') == 1
    if "text" not in fields:
        assert "Two &lt;b&gt;bangs&lt;/b&gt;</textarea>" in answer.text
    assert desk.outlet.records == []


def test_the_corrected_form_can_be_sent(desk: Desk) -> None:
    answer = desk.send(what="")
    ticket = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert ticket is not None
    assert desk.send(ticket=ticket[1]).status_code == 303


def test_a_second_tap_sends_nothing(desk: Desk) -> None:
    ticket = desk.ticket()
    assert desk.send(ticket=ticket).status_code == 303
    assert desk.send(ticket=ticket).status_code == 409
    assert len(desk.reports()) == 1


@pytest.mark.parametrize("ticket", ["1.x.y", "...", "é", "1935540847.AAAA.0000"])
def test_a_ticket_of_somebody_elses_making_is_none(desk: Desk, ticket: str) -> None:
    assert desk.send(ticket=ticket).status_code == 409
    assert desk.reports() == []


def test_a_form_left_open_for_hours_is_given_back(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.clock.set_utc_ns(NOW_UTC_NS + (TICKET_S + 1) * NS_PER_S)
    answer = desk.send(ticket=ticket)
    assert answer.status_code == 409
    assert "Two bangs.</textarea>" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_form_from_another_site_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    assert desk.send(headers).status_code == 403
    assert desk.reports() == []


def test_our_own_page_is_let_in(desk: Desk) -> None:
    own = {"origin": desk.url.removesuffix("/report"), "sec-fetch-site": "same-origin"}
    assert desk.send(own).status_code == 303


def test_one_address_cannot_fill_the_watch(desk: Desk) -> None:
    answers = [desk.send(text=f"bang {n}").status_code for n in range(BURST + 1)]
    assert answers == [303] * BURST + [429]
    refused = desk.send(text="my own words")
    assert "my own words</textarea>" in refused.text

    desk.clock.set_utc_ns(NOW_UTC_NS + round(REFILL_S) * NS_PER_S)
    assert [desk.send().status_code for _ in range(2)] == [303, 429]


def test_addresses_are_counted_each_and_forgotten_in_the_end() -> None:
    addresses = Addresses()
    assert [addresses.admit("2001:db8::1", 0) for _ in range(BURST)] == [True] * BURST
    assert not addresses.admit("2001:db8::ffff", 0)
    assert addresses.admit("2001:db8:0:1::1", 0)
    assert addresses.admit("::ffff:192.0.2.1", 0)
    assert [addresses.admit("192.0.2.1", 0) for _ in range(BURST)] == [True] * (BURST - 1) + [False]
    for number in range(MOST_ADDRESSES):
        addresses.admit(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0)
    assert addresses.admit("2001:db8::1", 0)


def test_tickets_do_not_pile_up() -> None:
    tickets = Tickets()
    old = tickets.issue(NOW_UTC_NS)
    tickets.use(old, NOW_UTC_NS)
    later_utc_ns = NOW_UTC_NS + 2 * TICKET_S * NS_PER_S
    new = tickets.issue(later_utc_ns)
    tickets.use(new, later_utc_ns)
    assert not tickets.is_good(old, later_utc_ns)
    assert not tickets.is_good(new, later_utc_ns)
    assert len(tickets._used) == 1


def test_while_no_feed_runs_the_form_is_given_back() -> None:
    with open_desk(is_open=False) as desk:
        answer = desk.send()
    assert answer.status_code == 503
    assert "Two bangs.</textarea>" in answer.text


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"a=" + b"x" * 40_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded", 413),
        (b"\xff=1", "application/x-www-form-urlencoded", 413),
        (b"%ff=1", "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"", "", 415),
    ],
)
def test_what_is_no_form_is_refused(desk: Desk, content: bytes, content_type: str, status: int) -> None:
    answer = desk.client.post(desk.url, content=content, headers={"content-type": content_type})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("clock", "now", "then"),
    [
        # Noronha is two hours behind UTC all year.
        ("00:10", "2031-05-03T02:14:07Z", "2031-05-03T02:10:00Z"),
        ("00:20", "2031-05-03T02:14:07Z", "2031-05-02T02:20:00Z"),
        ("9:05", "2031-05-03T12:00:00Z", "2031-05-03T11:05:00Z"),
        ("23:59", "2031-05-03T02:00:30Z", "2031-05-03T01:59:00Z"),
    ],
)
def test_a_time_of_day_is_the_last_time_a_clock_there_showed_it(clock: str, now: str, then: str) -> None:
    read = read_form(
        ANSWERS | {"when": "time", "time": clock},
        sensor_id="people",
        sequence=1,
        now_utc_ns=from_iso_utc(now),
        frame=FRAME,
        zone=ZoneInfo("America/Noronha"),
    )
    assert isinstance(read, Filled)
    assert read.report.time_utc_ns == from_iso_utc(then)


PARTS = ("what", "text", "when", "where", "contact")
fields = st.dictionaries(
    st.sampled_from(
        (
            *PARTS,
            "minutes",
            "time",
            "latitude",
            "longitude",
            "accuracy",
            "site_direction",
            "distance",
            "bearing",
        )
    ),
    st.sampled_from(
        ["heard", "now", "minutes", "time", "device", "site", "not_said", "3", "300", "12:30", "-1"]
    )
    | st.text(max_size=30),
)


@given(fields)
def test_any_form_is_read_or_its_parts_are_named(filled: dict[str, str]) -> None:
    read = read_form(
        filled, sensor_id="people", sequence=1, now_utc_ns=NOW_UTC_NS, frame=FRAME, zone=ZoneInfo("UTC")
    )
    if isinstance(read, Filled):
        assert decode(encode(read.report)).time_utc_ns <= NOW_UTC_NS
    else:
        assert read
        assert set(read) <= set(PARTS)


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))


@given(st.text(max_size=80), st.sampled_from(sorted(LANGUAGES)))
def test_nothing_a_person_writes_becomes_part_of_the_page(text: str, language: str) -> None:
    def shape(said: str) -> list[Any]:
        values = {"text": said, "contact": said, "minutes": said, "time": said, "latitude": said}
        page = form_page(LANGUAGES[language], PLACE, "t", values, ("text",))
        return [
            (tag, sorted(name for name in given if name != "value")) for tag, given in Tags(page).attributes
        ]

    assert shape(text) == shape("plain")


def test_the_page_asks_nothing_of_anybody_else(desk: Desk) -> None:
    answer = desk.client.get(desk.url)
    for tag, given_attributes in Tags(answer.text).attributes:
        for name in ("src", "href", "action", "srcset"):
            value = given_attributes.get(name)
            assert value is None or value.startswith(("report", "#", "data:,")), (tag, value)
    assert "url(" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "geolocation=(self)" in answer.headers["permissions-policy"]


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("ar", "es", "ar"),
        ("", "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, "tlh, ar-EG;q=0.5", "ar"),
        ("tlh", "", "en"),
        ("", "," * 10_000, "en"),
    ],
)
def test_the_page_speaks_the_readers_language(asked: str | None, accepted: str, language: str) -> None:
    assert choose_language(asked, accepted).language == language


def test_no_language_leaves_out_what_another_fills_in() -> None:
    english = LANGUAGES["en"]
    for words in LANGUAGES.values():
        for name in words.__struct_fields__:
            ours, theirs = getattr(english, name), getattr(words, name)
            assert theirs, (words.language, name)
            assert str(ours).count("{}") == str(theirs).count("{}"), (words.language, name)
