"""The application pages without a browser: what a plain form gives, and who is turned away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from fake_register import FakeRegister, scope
from skykeep.api import register_commands as rc
from skykeep.api.apply_desk import Application, ApplyDesk, apply_router
from skykeep.api.apply_form import ORDER, Region, is_serial, number, point, read_application
from skykeep.api.apply_page import LANGUAGES, choose_language, form_page
from skykeep.api.report_desk import BURST, TICKET_S
from skykeep.api.server import Server
from skykeep.base.clock import NS_PER_S, ManualClock, from_iso_utc
from skykeep.base.errors import InputError, LinkError
from skykeep.domain.permit import Permit, PermitPriority, PermitState
from skykeep.domain.zone import Circle, Polygon
from skykeep.geo.frames import LocalFrame

FRAME = LocalFrame(latitude_deg=44.5, longitude_deg=-28.0, height_hae_m=50.0)
# Two hours behind UTC; no clocks are changed there.
REGION = Region(name="Haven <Rock>", zone_name="America/Noronha", frame=FRAME)
NOW_UTC_NS = from_iso_utc("2026-07-01T12:00:00Z")
ANSWERS = {
    "holder": "Harbour Roofing",
    "contact": "roofs@example.org",
    "operator": "FIN87astrdge12k8-xyz",
    "serials": "1581B5FKD229400A",
    "shape": "circle",
    "centre": "44.51, -28.01",
    "radius": "250",
    "height": "80",
    "begin": "2026-07-02T09:00",
    "end": "2026-07-02T11:30",
    "purpose": "Roof inspection",
    "use": "commercial",
    "category": "open",
    "uas_class": "C2",
}


def read(**fields: str) -> Application | tuple[str, ...]:
    return read_application(ANSWERS | fields, now_utc_ns=NOW_UTC_NS, region=REGION)


def test_a_plain_form_is_a_scope() -> None:
    application = read()

    assert isinstance(application, Application)
    assert (application.holder, application.contact) == ("Harbour Roofing", "roofs@example.org")
    assert application.priority is PermitPriority.COMMERCIAL
    (volume,) = application.scope.volumes
    assert volume.volume.outline == Circle(longitude_deg=-28.01, latitude_deg=44.51, radius_m=250)
    assert volume.start_utc_ns == from_iso_utc("2026-07-02T11:00:00Z"), "nine there is eleven in UTC"
    assert volume.end_utc_ns == from_iso_utc("2026-07-02T13:30:00Z")
    assert volume.volume.ceiling is not None
    assert volume.volume.ceiling.value == 80
    assert application.scope.operator_ids == ("FIN87astrdge12k8",), "the secret part is not kept"
    assert application.scope.serials == ("1581B5FKD229400A",)


WRONG: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "nothing": (dict.fromkeys(ANSWERS, ""), (
        *("holder", "contact", "shape", "height", "begin", "end"),
        *("purpose", "use", "category", "uas_class"),
    )),
    "a centre that is no place": ({"centre": "the harbour"}, ("centre",)),
    "latitude and longitude turned round": ({"centre": "-28.01, 44.51"}, ("away",)),
    "the other side of the globe": ({"centre": "-44.5, 152.0"}, ("away",)),
    "a radius of nothing": ({"radius": "0"}, ("radius",)),
    "a radius without end": ({"radius": "1e9"}, ("radius",)),
    "two corners": ({"shape": "corners", "corners": "44.5, -28\n44.6, -28"}, ("corners",)),
    "edges that cross": (
        {"shape": "corners", "corners": "44.5,-28\n44.51,-27.99\n44.5,-27.99\n44.51,-28"},
        ("corners",),
    ),
    "a corner that is none": ({"shape": "corners", "corners": "44.5,-28\n44.6,-28\nhere"}, ("corners",)),
    "too high": ({"height": "1001"}, ("height",)),
    "below the ground": ({"height": "-5"}, ("height",)),
    "yesterday": ({"begin": "2026-06-30T09:00"}, ("begin_past",)),
    "next year": ({"begin": "2027-07-01T09:00", "end": "2027-07-01T10:00"}, ("begin_past",)),
    "an end before its beginning": ({"end": "2026-07-02T08:59"}, ("end_before",)),
    "two days": ({"end": "2026-07-04T09:00"}, ("end_long",)),
    "a day that there is not": ({"begin": "2026-02-30T09:00"}, ("begin",)),
    "no time of day": ({"begin": "2026-07-02"}, ("begin",)),
    "the year 0": ({"begin": "0000-01-01T00:00"}, ("begin",)),
    "a serial whose length is wrong": ({"serials": "1581E5FKD229400A"}, ("serials",)),
    "a serial with an O": ({"serials": "1581B5FKD22940OA"}, ("serials",)),
    "half an operator": ({"operator": "FIN87"}, ("operator",)),
    "police by a page": ({"use": "police"}, ("use",)),
    "a class that there is not": ({"uas_class": "C9"}, ("uas_class",)),
    "an essay": ({"purpose": "x" * 501}, ("purpose",)),
}  # fmt: skip


@pytest.mark.parametrize("story", WRONG)
def test_each_mistake_is_named_by_its_field(story: str) -> None:
    fields, must = WRONG[story]

    assert read(**fields) == must


def test_places_may_be_written_in_many_ways() -> None:
    for text in (
        "44.5, -28.25",
        "44.5 -28.25",
        "44.5;-28.25",
        "(44.5, −28.25)",
        "٤٤٫٥، -٢٨٫٢٥",
        "44,5; -28,25",
    ):
        assert point(text) == (-28.25, 44.5), text
    for text in ("", "44.5", "91, 0", "0, 181", "nan, 0", "1e3, 0", "44.5, -28.25, 3"):
        assert point(text) is None, text
    assert number("1,5") == 1.5
    assert number("inf") is None


def test_corners_are_a_polygon_closed_or_not() -> None:
    corners = "44.50, -28.00\n44.50, -27.99\n44.51, -27.99"
    for text in (corners, corners + "\n44.50, -28.00\n\n"):
        application = read(shape="corners", corners=text)
        assert isinstance(application, Application)
        outline = application.scope.volumes[0].volume.outline
        assert outline == Polygon(rings=(((-28.0, 44.5), (-27.99, 44.5), (-27.99, 44.51)),))


def test_where_clocks_change_an_hour_does_not_come_and_another_comes_twice() -> None:
    region = Region(name="x", zone_name="America/New_York", frame=FRAME)
    now_utc_ns = from_iso_utc("2026-03-01T00:00:00Z")
    gap = ANSWERS | {"begin": "2026-03-08T02:30", "end": "2026-03-08T04:00"}
    assert read_application(gap, now_utc_ns=now_utc_ns, region=region) == ("begin_gap",)
    twice = ANSWERS | {"begin": "2026-11-01T01:15", "end": "2026-11-01T01:45"}
    application = read_application(twice, now_utc_ns=from_iso_utc("2026-10-01T00:00:00Z"), region=region)
    assert isinstance(application, Application)
    assert application.scope.end_utc_ns - application.scope.start_utc_ns == 5_400 * NS_PER_S


@given(st.dictionaries(st.sampled_from(sorted(ANSWERS)), st.text(max_size=60)))
def test_any_form_is_an_application_or_names_fields(fields: dict[str, str]) -> None:
    found = read(**fields)

    assert isinstance(found, Application) or set(found) <= set(ORDER)


@given(st.text(alphabet="0123456789ABCDEFGHIOZ-", max_size=22))
def test_a_serial_is_as_long_as_it_says(text: str) -> None:
    if is_serial(text):
        assert len(text) == 5 + int(text[4], 16)
        assert not set(text) & set("IO-")


# --- the pages as served -----------------------------------------------------------------------------------


class House:
    """The pages, and what came of them."""

    def __init__(self, url: str, office: FakeRegister, clock: ManualClock) -> None:
        self.url = url
        self.office = office
        self.clock = clock
        self.client = httpx.Client(trust_env=False, timeout=20.0, base_url=url)

    def ticket(self, path: str = "apply") -> str:
        found = re.search(r'name="ticket" value="([^"]+)"', self.client.get(path).text)
        assert found is not None
        return found[1]

    def send(
        self, path: str = "apply", headers: dict[str, str] | None = None, **fields: str
    ) -> httpx.Response:
        filled = {"ticket": fields.pop("ticket", None) or self.ticket(path)}
        filled |= (ANSWERS if path == "apply" else {}) | fields
        return self.client.post(path, data=filled, headers=headers or {})

    def apply(self) -> str:
        """Apply and return the path of the page that one is sent to."""
        answer = self.send()
        assert answer.status_code == 303
        return answer.headers["location"].partition("?")[0]


@contextmanager
def house_of(office: Any) -> Iterator[House]:
    clock = ManualClock(NOW_UTC_NS)
    app = FastAPI()
    app.include_router(apply_router(ApplyDesk(office, REGION, clock)))
    with Server(app) as server:
        house = House(server.url, office, clock)
        yield house
        house.client.close()


@pytest.fixture
def house() -> Iterator[House]:
    with house_of(FakeRegister(NOW_UTC_NS, -28.0, 44.5)) as house:
        yield house


def decide(house: House, action: Any, reason: str = "") -> None:
    permit = house.office.permits().permits[-1]
    command = rc.DecidePermit(
        permit_id=permit.id, version=permit.version, action=action, by="x", reason=reason
    )
    house.office.command(command, NOW_UTC_NS)


def test_who_applies_sees_how_it_stands_until_it_is_approved(house: House) -> None:
    path = house.apply()
    page = house.client.get(path)
    assert page.status_code == 200
    assert 'data-state="submitted"' in page.text
    assert "2026-07-02 09:00–11:30" in page.text, "the time there"
    assert "2026-07-02 11:00–13:30" in page.text, "and UTC"
    assert "roofs@example.org" not in page.text, "the contact is for the authority"

    decide(house, "approve")
    assert 'data-state="approved"' in house.client.get(path).text
    assert house.send(path, action="withdraw").status_code == 303
    assert 'data-state="withdrawn"' in house.client.get(path).text
    assert "data-action" not in house.client.get(path).text, "nothing more can be done"


def test_an_offer_is_accepted_once(house: House) -> None:
    path = house.apply()
    decide(house, "offer", "The harbour is closed.")
    page = house.client.get(path).text
    assert "2026-07-02 11:00–13:30" in page
    assert "The harbour is closed." in page
    assert 'data-action="accept"' in page

    assert house.send(path, action="accept").status_code == 303
    assert 'data-state="approved"' in house.client.get(path).text
    again = house.send(path, action="accept")
    assert again.status_code == 409
    assert LANGUAGES["en"].not_done in again.text


def test_an_offer_is_declined(house: House) -> None:
    path = house.apply()
    decide(house, "offer")
    assert house.send(path, action="decline").status_code == 303
    assert 'data-state="withdrawn"' in house.client.get(path).text


def test_what_was_typed_comes_back_with_a_complaint_beside_it(house: House) -> None:
    answer = house.send(holder="<script>alert(1)</script>", radius="wide")

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text
    assert 'id="radius-error"' in answer.text
    assert 'href="#radius"' in answer.text
    assert "Haven &lt;Rock&gt;" in answer.text


FOREIGN = (
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_is_refused(house: House, headers: dict[str, str]) -> None:
    assert house.send(headers=headers).status_code == 403
    path = house.apply()
    assert house.send(path, headers, action="withdraw").status_code == 403
    assert 'data-state="submitted"' in house.client.get(path).text


def test_a_ticket_is_good_once_and_not_for_ever(house: House) -> None:
    ticket = house.ticket()
    assert house.send(ticket=ticket).status_code == 303
    assert house.send(ticket=ticket).status_code == 409
    old = house.ticket()
    house.clock.set_utc_ns(NOW_UTC_NS + (TICKET_S + 1) * NS_PER_S)
    assert house.send(ticket=old).status_code == 409
    assert house.send(ticket="x.y.z").status_code == 409
    assert len(house.office.permits().permits) == 1


def test_an_address_may_apply_only_so_often(house: House) -> None:
    answers = [house.send().status_code for _ in range(BURST + 1)]

    assert answers == [303] * BURST + [429]


def test_a_reference_that_is_none_is_not_found_and_not_guessed_for_long(house: House) -> None:
    paths = ["permit/short", f"permit/{'x' * 20}", "permit/%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00"]
    assert [house.client.get(path).status_code for path in paths] == [404, 404, 404]
    answers = {house.client.get(f"permit/{'y' * 20}{i}").status_code for i in range(BURST)}
    assert 429 in answers
    real = house.apply()
    assert house.client.get(real).status_code == 200, "who has a reference is not kept out"


def test_a_private_permit_has_no_page(house: House) -> None:
    path = house.apply()
    reference = path.rpartition("/")[2]
    held = house.office.status(reference)
    assert held is not None
    house.office._put(held, private=True)
    assert house.client.get(path).status_code == 404


def test_a_form_too_large_or_of_another_kind_is_refused(house: House) -> None:
    assert house.client.post("apply", json={}).status_code == 415
    assert house.send(purpose="x" * 40_000).status_code == 413


class Broken:
    """An office that is out of reach, or has something against it."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def apply(self, application: Application) -> str:
        raise self.error

    def status(self, reference: str) -> Permit | None:
        raise LinkError("register", "gone", "there")

    def accept_offer(self, reference: str) -> None:
        raise self.error

    decline_offer = withdraw = accept_offer


def test_an_office_out_of_reach_is_said_and_nothing_is_lost() -> None:
    with house_of(Broken(LinkError("register", "gone", "there"))) as house:
        answer = house.send()
        assert answer.status_code == 503
        assert 'value="Harbour Roofing"' in answer.text
        assert house.client.get(f"permit/{'x' * 20}").status_code == 503


def test_what_the_office_has_against_it_is_said() -> None:
    with house_of(Broken(InputError("serials", "1581B5FKD229400A", "of no other permit then"))) as house:
        answer = house.send()
        assert answer.status_code == 422
        assert "of no other permit then" in answer.text


# --- words and pages ---------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Every tag opened is closed, ids are given once, and whatever is pointed at is there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.feed(text)
        assert self.open == []
        assert len(set(self.ids)) == len(self.ids)
        assert set(self.pointed) <= set(self.ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)
        found = {key: value or "" for key, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.pointed += [found["for"]] if "for" in found else []
        self.pointed += found.get("aria-describedby", "").split()
        href = found.get("href", "")
        self.pointed += [href[1:]] if href.startswith("#") else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_complaint_has_words_and_a_place_in_every_language(language: str) -> None:
    words = LANGUAGES[language]
    for shape in ("circle", "corners"):
        text = form_page(words, REGION, "t", {"shape": shape}, ORDER, "")
        Tags(text)
        assert f'dir="{words.direction}"' in text
        said = re.sub(r"<(style|script)>.*?</\1>|data-found=\"[^\"]*\"", "", text, flags=re.DOTALL)
        assert "{" not in said, "every blank is filled in"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", PermitState)
def test_every_state_has_a_page_in_every_language(house: House, language: str, state: PermitState) -> None:
    path = house.apply()
    held = house.office.status(path.rpartition("/")[2])
    assert held is not None
    house.office._put(held, state=state, offer=scope(-28.0, 44.5, NOW_UTC_NS))
    page = house.client.get(path, params={"lang": language}).text
    Tags(page)
    headline, what_next = LANGUAGES[language].states[state]
    assert headline in page
    assert what_next in page


def test_the_reader_s_language_is_taken() -> None:
    assert choose_language("fr", "en").language == "fr"
    assert choose_language("", "ar-EG,en;q=0.5").language == "ar"
    assert choose_language("xx", "zz").language == "en"
