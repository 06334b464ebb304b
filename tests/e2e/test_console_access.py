"""Axe finds nothing to complain of: every theme, on a phone, right to left; calm and amid an alert."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Console

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "dark": {"theme": "dark"},
    "light": {"theme": "light"},
    "night red": {"theme": "night"},
    "phone": {"theme": "dark", "phone": True, "size": (390, 844)},
    "right to left": {"theme": "dark", "lang": "ar"},
    "right to left phone": {"theme": "light", "lang": "ar", "phone": True, "size": (390, 844)},
    "without WebGL": {"theme": "dark", "arguments": ("--disable-3d-apis",)},
}

# Every colour, both widths and both ways of reading; what is open does not differ otherwise.
ALL_OPEN = ("light", "night red", "phone", "right to left phone")


def violations(page: Page) -> list[str]:
    """Return what axe finds, a line for each element."""
    found = Axe().run(page).response
    assert len(found["passes"]) > 10, "axe looked at the page"
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def surfaces(page: Page, is_phone: bool) -> list[str]:
    """Return the buttons that open what is not in view at first."""
    if is_phone:
        return ["tab-alerts", "tab-decide", "tab-map", "tab-tracks", "tab-events"]
    return ["open-tracks", "open-events"]


def open_everything(page: Page) -> None:
    """Open the why-line, and every form of alerts, tasks and duty."""
    page.get_by_test_id("watch-person").select_option("watch")
    for opener in ("alert-why", "alert-shelve", "task-open", "task-call-off", "posture-set"):
        page.get_by_test_id(opener).first.click()
    page.get_by_test_id("claim").first.wait_for()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(console: Console, look: str) -> None:
    wish = LOOKS[look]
    page = console.open(**wish)
    assert violations(page) == []

    console.night.advance_to(21)
    is_phone = bool(wish.get("phone"))
    if not is_phone:
        expect(page.get_by_test_id("proposal")).to_be_visible()
    for surface in surfaces(page, is_phone):
        page.get_by_test_id(surface).click()
        assert (surface, violations(page)) == (surface, [])
        if look in ALL_OPEN and surface in ("tab-alerts", "open-tracks"):
            open_everything(page)
            assert ("all open", violations(page)) == ("all open", [])
    page.keyboard.press("?")
    expect(page.get_by_test_id("help-dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("look", ["right to left", "right to left phone"])
def test_right_to_left_runs_right_to_left(console: Console, look: str) -> None:
    page = console.open(**LOOKS[look])
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def test_a_phone_has_no_sideways_scroll(console: Console) -> None:
    console.night.advance_to(16)
    page = console.open(**LOOKS["phone"])
    for surface in surfaces(page, is_phone=True):
        page.get_by_test_id(surface).click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), surface
