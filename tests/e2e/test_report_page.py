"""The report page on a telephone, in a real browser: each theme and language, with its script and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from contract_house import FRAME, NOW_UTC_NS, KeepingOutlet, sensor, watching
from skykeep.api.intake import create_intake
from skykeep.api.report_desk import ReportDesk
from skykeep.api.report_page import Place
from skykeep.api.report_words import ARABIC, ENGLISH, LANGUAGES
from skykeep.api.sensor_api import Tokens
from skykeep.api.server import Server
from skykeep.base.clock import ManualClock
from skykeep.domain.sensing import Report, SensorKind
from skykeep.feeds.contract_door import Door, DoorFeed
from skykeep.wire.contract_inputs import ContractInputs

from .conftest import LONGEST_WAIT_MS

pytestmark = pytest.mark.browser

TELEPHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}


class Telephones:
    """The page as served, and telephones that open it."""

    def __init__(self, url: str, outlet: KeepingOutlet, browser: Browser) -> None:
        self.url = url
        self.outlet = outlet
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._browser = browser
        self._contexts: list[Any] = []

    def open(self, language: str = "en", **context: Any) -> Page:
        wish: dict[str, Any] = {"viewport": TELEPHONE, "is_mobile": True, "has_touch": True} | context
        opened = self._browser.new_context(**wish)
        opened.set_default_timeout(LONGEST_WAIT_MS)
        opened.on("request", lambda request: self.requests.append(request.url))
        opened.on("weberror", lambda error: self.complaints.append(str(error.error)))
        opened.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type == "error" else None,
        )
        self._contexts.append(opened)
        page: Page = opened.new_page()
        page.goto(f"{self.url}report?lang={language}")
        return page

    def report(self) -> Report:
        self.outlet.wait_for(records=1)
        (report,) = self.outlet.records
        assert isinstance(report, Report)
        return report

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def telephones_of(browser: Browser) -> Iterator[Telephones]:
    door, outlet = Door(), KeepingOutlet()
    place = Place(name="Haven Residence", zone_name="UTC")
    desk = ReportDesk(door, "people", FRAME, place, ManualClock(NOW_UTC_NS))
    feed = DoorFeed(door, "people", ContractInputs(sensor("people", SensorKind.PEOPLE), FRAME))
    with Server(create_intake(door, Tokens({}), desk)) as server, watching([(feed, outlet)]):
        telephones = Telephones(server.url, outlet, browser)
        yield telephones
        telephones.close()
        assert {url.startswith((server.url, "data:")) for url in telephones.requests} == {True}


@pytest.fixture
def telephones(launch: Callable[..., Browser]) -> Iterator[Telephones]:
    with telephones_of(launch()) as telephones:
        yield telephones


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response
    assert len(found["passes"]) > 10, "axe looked at the page"
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def test_two_bangs_there(telephones: Telephones) -> None:
    page = telephones.open(permissions=["geolocation"], geolocation={
        "latitude": 44.501, "longitude": -28.0, "accuracy": 49.0})  # fmt: skip
    page.get_by_label(ENGLISH.heard).check()
    page.get_by_label(ENGLISH.text).fill("Two bangs there.")
    page.get_by_label(ENGLISH.minutes_ago, exact=True).first.check()
    page.locator("input[name=minutes]").fill("3")
    page.get_by_role("button", name=ENGLISH.locate).click()
    expect(page.locator("#located")).to_have_text(ENGLISH.located.format(49))
    expect(page.locator("#where-device")).to_be_checked()
    page.locator("#bearing").get_by_role("radio", name="South", exact=True).check()
    page.get_by_role("button", name=ENGLISH.send).click()

    expect(page.get_by_role("status")).to_contain_text("people-0")
    report = telephones.report()
    assert (report.text, report.kind) == ("Two bangs there.", "heard")
    assert report.heard_utc_ns == NOW_UTC_NS - 180 * 10**9
    assert report.position_enu_m[1] == pytest.approx(111.1, abs=0.1)
    assert report.bearing_rad == pytest.approx(3.14159, abs=1e-3)
    assert telephones.complaints == []


def test_without_a_script_the_form_is_a_form(telephones: Telephones) -> None:
    page = telephones.open("ar", java_script_enabled=False)
    expect(page.locator("#locate")).not_to_be_visible()
    page.get_by_label(ARABIC.saw).check()
    page.get_by_label(ARABIC.text).fill("ضوء أحمر منخفض")
    page.locator("#where-site").check()
    page.locator("#where .compass").get_by_role("radio", name=ARABIC.compass[2], exact=True).check()
    page.locator("#distance").select_option("300")
    page.get_by_role("button", name=ARABIC.send).click()

    expect(page.get_by_role("status")).to_contain_text("people-0")
    report = telephones.report()
    assert report.text == "ضوء أحمر منخفض"
    assert report.position_enu_m[0] == pytest.approx(300, abs=0.1)


def test_what_was_written_survives_a_mistake(telephones: Telephones) -> None:
    page = telephones.open()
    page.get_by_label(ENGLISH.text).fill("A hum, going away.")
    page.get_by_role("button", name=ENGLISH.send).click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text(ENGLISH.wrong_what)
    expect(page.get_by_label(ENGLISH.text)).to_have_value("A hum, going away.")
    assert violations(page) == []


def test_a_refused_position_is_said(telephones: Telephones) -> None:
    page = telephones.open()
    page.get_by_role("button", name=ENGLISH.locate).click()
    expect(page.locator("#located")).to_have_text(ENGLISH.not_located)


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(telephones: Telephones, language: str, scheme: str) -> None:
    page = telephones.open(language, color_scheme=scheme, viewport=SMALLEST)
    expect(page.locator("html")).to_have_attribute("dir", LANGUAGES[language].direction)
    for choice in ("when-minutes", "where-site"):
        page.locator(f"#{choice}").check()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_east_is_to_the_right_in_every_language(telephones: Telephones) -> None:
    for language, words in LANGUAGES.items():
        page = telephones.open(language)
        west, east = (
            page.locator("#bearing")
            .get_by_role("radio", name=words.compass[eighth], exact=True)
            .bounding_box()
            for eighth in (6, 2)
        )
        assert west is not None
        assert east is not None
        assert west["x"] < east["x"]


def test_every_touch_target_is_wide_enough_for_a_thumb(telephones: Telephones) -> None:
    page = telephones.open()
    page.locator("#where-site").check()
    for target in page.locator("button, .choice, .compass label, select, textarea, .languages a").all():
        box = target.bounding_box()
        if box is not None:
            assert box["height"] >= 43, target.inner_text()
