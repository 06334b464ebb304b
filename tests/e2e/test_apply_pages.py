"""Leave to fly asked for on a telephone, decided on at the console, and read on the telephone again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from fake_night import ORIGIN_LAT_DEG, ORIGIN_LON_DEG, START_UTC_NS
from skykeep.api.apply_desk import ApplyDesk, apply_router
from skykeep.api.apply_form import Region
from skykeep.api.apply_page import LANGUAGES
from skykeep.api.apply_words import ENGLISH
from skykeep.api.server import Server
from skykeep.base.clock import ManualClock
from skykeep.domain.permit import PermitState
from skykeep.geo.frames import LocalFrame

from .conftest import LONGEST_WAIT_MS, Console
from .test_console_page import hold

pytestmark = pytest.mark.browser

TELEPHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
FRAME = LocalFrame(latitude_deg=ORIGIN_LAT_DEG, longitude_deg=ORIGIN_LON_DEG, height_hae_m=50.0)
# The scripted night begins on 2031-04-26 at 20:00 UTC; the clock there is two hours behind.
BEGIN, END = "2031-04-26T19:00", "2031-04-26T20:30"


class Public:
    """The pages as served over the console's own register, and the telephones that open them."""

    def __init__(self, url: str, console: Console, browser: Browser) -> None:
        self.url = url
        self.console = console
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[Any] = []

    def open(self, path: str = "apply", language: str = "en", **context: Any) -> Page:
        wish: dict[str, Any] = {"viewport": TELEPHONE, "is_mobile": True, "has_touch": True} | context
        opened = self._browser.new_context(**wish)
        opened.set_default_timeout(LONGEST_WAIT_MS)
        opened.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self._contexts.append(opened)
        page: Page = opened.new_page()
        page.goto(f"{self.url}{path}?lang={language}")
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def public(console: Console, launch: Callable[..., Browser]) -> Iterator[Public]:
    app = FastAPI()
    region = Region(name="Haven Rock", zone_name="America/Noronha", frame=FRAME)
    app.include_router(apply_router(ApplyDesk(console.night.register, region, ManualClock(START_UTC_NS))))
    with Server(app) as server:
        public = Public(server.url, console, launch())
        yield public
        public.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response
    assert len(found["passes"]) > 10, "axe looked at the page"
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def fill(page: Page) -> None:
    for name, text in (
        ("holder", "Harbour Roofing Ltd"),
        ("contact", "roofs@example.org"),
        ("serials", "1581B5FKD229400A"),
        ("centre", "44.505, -27.99"),
        ("radius", "300"),
        ("height", "80"),
        ("begin", BEGIN),
        ("end", END),
        ("purpose", "Roof inspection"),
    ):
        page.locator(f"#{name}").fill(text)
    page.locator("#use-commercial").check()
    page.locator("#category").select_option("open")
    page.locator("#uas_class").select_option("C2")


def send(page: Page) -> None:
    page.locator("form.apply [type=submit]").click()


def state(page: Page) -> str | None:
    return page.locator(".state").get_attribute("data-state")


def test_asked_for_on_a_telephone_and_approved_at_the_console(public: Public) -> None:
    phone = public.open()
    fill(phone)
    phone.locator("#radius").fill("wide")
    send(phone)
    expect(phone.get_by_role("alert")).to_be_focused()
    expect(phone.locator("#radius-error")).to_have_text(ENGLISH.wrong["radius"])
    expect(phone.locator("#holder")).to_have_value("Harbour Roofing Ltd")
    expect(phone.locator("#begin")).to_have_value(BEGIN)
    assert violations(phone) == []
    phone.locator("#radius").fill("300")
    send(phone)
    expect(phone.get_by_role("status")).to_have_text(ENGLISH.sent)
    assert state(phone) == "submitted"
    assert violations(phone) == []

    page = public.console.open()
    page.get_by_test_id("watch-person").select_option("commander")
    page.get_by_test_id("open-permits").click()
    page.get_by_test_id("permit-row").click()
    expect(page.get_by_test_id("permit-card")).to_contain_text("roofs@example.org")
    page.get_by_test_id("permit-offer").click()
    hold(page, page.get_by_test_id("permit-hold"))
    expect(page.get_by_test_id("permit-row")).to_have_attribute("data-state", "alternative_offered")

    phone.get_by_text(ENGLISH.again).click()
    expect(phone.locator("#offer")).to_contain_text("2031-04-26 21:00–22:30")
    expect(phone.locator("#offer")).to_contain_text("2031-04-26 23:00")
    assert violations(phone) == []
    phone.get_by_role("button", name=ENGLISH.accept).click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "approved")
    expect(page.get_by_test_id("permit-row")).to_have_attribute("data-state", "approved")
    assert public.complaints == []


def test_without_a_script_and_in_arabic_the_form_is_a_form(public: Public) -> None:
    phone = public.open(language="ar", java_script_enabled=False)
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    fill(phone)
    send(phone)
    expect(phone.locator(".state h2")).to_have_text(LANGUAGES["ar"].states[PermitState.SUBMITTED][0])
    phone.locator("details summary").last.click()
    phone.locator('[data-action="withdraw"]').click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "withdrawn")


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(public: Public, language: str, scheme: str) -> None:
    page = public.open(language=language, color_scheme=scheme, viewport=SMALLEST)
    expect(page.locator("html")).to_have_attribute("dir", LANGUAGES[language].direction)
    send(page)
    expect(page.get_by_role("alert")).to_be_focused()
    page.locator("#shape-corners").check()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#shape-circle").check()
    fill(page)
    send(page)
    expect(page.locator(".state")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_touch_target_is_wide_enough_for_a_thumb(public: Public) -> None:
    page = public.open()
    for target in page.locator(
        "button, .choice, select, textarea, input:not([type=hidden], [type=radio])"
    ).all():
        box = target.bounding_box()
        if box is not None:
            assert box["height"] >= 43, target.evaluate("it => it.outerHTML")


def test_a_page_prints_what_counts_and_no_buttons(public: Public) -> None:
    page = public.open()
    fill(page)
    send(page)
    expect(page.locator(".state")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".state")).to_be_visible()
    expect(page.get_by_text("1581B5FKD229400A")).to_be_visible()
    for hidden in (".languages", "details", ".acts"):
        expect(page.locator(hidden).first).not_to_be_visible()


def test_the_device_says_where_it_is(public: Public) -> None:
    at = {"latitude": 44.501, "longitude": -28.0, "accuracy": 12.0}
    page = public.open(permissions=["geolocation"], geolocation=at)
    page.locator("#locate").click()
    expect(page.locator("#centre")).to_have_value("44.50100, -28.00000")
