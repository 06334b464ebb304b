"""The whole of who may fly, nothing made up but the sky: applied for on a telephone, approved at the console
of a live watch, the ban drawn by hand and signed by two, and the track on the map turns.

`SKYKEEP_SHOTS=FOLDER` keeps a picture of each step.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from live_senders import Datagrams, Flight, contract_line
from live_site import HEAD, feed_text, free_port, sensor_text, udp
from skykeep.api.apply_words import ENGLISH
from skykeep.tracking import warm_up

from .conftest import LONGEST_WAIT_MS
from .test_apply_pages import TELEPHONE, violations
from .test_console_page import hold
from .test_register_pages import draw_polygon, free_middle, sign_as

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STARTS_S = 120.0
PEOPLE = """
[[assets]]
id = "house"
name = "House"
latitude_deg = 10.0
longitude_deg = 20.0
breach_radius_m = 100.0
warning_radius_m = 5000.0

[[people]]
id = "mayor"
name = "Mayor"
role = "mayor"
rights = ["decide", "restrict", "see_private", "read"]

[[people]]
id = "chief"
name = "Chief of police"
role = "police"
rights = ["decide", "restrict", "see_private", "read"]

[intake]
port = {port}

[register]
authority = "city"
apply = true
"""


class Live:
    """A watch in a program of its own: its console and its public page."""

    def __init__(self, console: str, public: str) -> None:
        self.console, self.public = console, public


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    warm_up()
    radar, intake = free_port(), free_port()
    feed = feed_text("contract", "line", "radar", udp=udp(radar))
    site = tmp_path / "site.toml"
    site.write_text(HEAD + sensor_text("radar") + feed + PEOPLE.replace("{port}", str(intake)))
    words = ("run", str(site), "--out", str(tmp_path / "night"), "--port", "0", "--no-browser")
    program = subprocess.Popen(
        [sys.executable, "-c", "from skykeep.cli import main; main()", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    late = threading.Timer(STARTS_S, program.kill)
    late.start()
    try:
        assert program.stdout is not None
        first = program.stdout.readline()
        assert first.startswith("Skykeep console: "), first
        with reported(radar):
            yield Live(first.split()[-1], f"http://127.0.0.1:{intake}/")
    finally:
        late.cancel()
        program.kill()
        program.communicate(timeout=30)


@contextmanager
def reported(port: int) -> Iterator[None]:
    """Let a drone fly over the site and a radar report it, until the block ends."""
    ended, flight = threading.Event(), Flight()

    def report() -> None:
        with Datagrams(port) as line:
            while not ended.is_set():
                flight.report(line, contract_line("radar"), 0.2)

    reporting = threading.Thread(target=report)
    reporting.start()
    try:
        yield
    finally:
        ended.set()
        reporting.join(30)


def opened(browser: Browser, url: str, *, phone: bool) -> Page:
    size = TELEPHONE if phone else {"width": 1440, "height": 900}
    context = browser.new_context(viewport=size, is_mobile=phone, has_touch=phone, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(LONGEST_WAIT_MS)
    page = context.new_page()
    page.goto(url)
    return page


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("SKYKEEP_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def fill(page: Page) -> None:
    begin = datetime.now(UTC) + timedelta(hours=2)
    for name, text in (
        ("holder", "Harbour Roofing Ltd"),
        ("contact", "roofs@example.org"),
        ("serials", "1581B5FKD229400A"),
        ("centre", "10.004, 20.004"),
        ("radius", "300"),
        ("height", "80"),
        ("begin", f"{begin:%Y-%m-%dT%H:%M}"),
        ("end", f"{begin + timedelta(hours=1):%Y-%m-%dT%H:%M}"),
        ("purpose", "Roof inspection"),
    ):
        page.locator(f"#{name}").fill(text)
    page.locator("#use-commercial").check()
    page.locator("#category").select_option("open")
    page.locator("#uas_class").select_option("C2")


def test_applied_for_on_a_phone_approved_banned_and_the_track_turns(
    live: Live, launch: Callable[..., Browser]
) -> None:
    browser = launch()
    phone = opened(browser, f"{live.public}apply?lang=en", phone=True)
    fill(phone)
    shoot(phone, "1-apply")
    phone.locator("form.apply [type=submit]").click()
    expect(phone.get_by_role("status")).to_have_text(ENGLISH.sent)
    shoot(phone, "2-sent")
    assert violations(phone) == []

    page = opened(browser, live.console, phone=False)
    page.get_by_test_id("watch-person").select_option("mayor")
    page.get_by_test_id("open-permits").click()
    page.get_by_test_id("permit-row").click()
    expect(page.get_by_test_id("permit-card")).to_contain_text("roofs@example.org")
    shoot(page, "3-inbox")
    page.get_by_test_id("permit-approve").click()
    hold(page, page.get_by_test_id("permit-hold"))
    expect(page.get_by_test_id("permit-row")).to_have_attribute("data-state", "approved")
    phone.get_by_text(ENGLISH.again).click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "approved")
    shoot(phone, "4-approved")

    page.get_by_test_id("open-tracks").click()
    page.locator('[data-testid="track-row"] button').first.click()
    expect(page.get_by_test_id("verdict")).to_have_text("unknown")
    shoot(page, "5-before")

    for _ in range(4):
        page.get_by_test_id("map-zoom-out").click()
    page.get_by_test_id("open-zones").click()
    page.get_by_test_id("new-restriction").click()
    page.get_by_test_id("draft-template").select_option("city_wide_ban")
    page.get_by_test_id("draft-title").fill("City-wide ban")
    page.get_by_test_id("draft-reason").fill("Stray flights obstruct the police.")
    page.get_by_test_id("draft-draw").click()
    expect(page.get_by_test_id("draw-bar")).to_be_visible()
    page.wait_for_timeout(300)
    x, y = free_middle(page)
    shoot(page, "5b-drawing")
    draw_polygon(page, [(x - 330, y - 50), (x + 90, y - 50), (x + 90, y + 100), (x - 330, y + 100)])
    shoot(page, "5c-drawn")
    expect(page.get_by_test_id("draft-corners")).not_to_have_value("")
    page.get_by_test_id("draw-done").click()
    shoot(page, "6-drawn")
    page.get_by_test_id("draft-send").click()
    page.get_by_test_id("restriction-row").click()
    sign_as(page, "mayor")
    expect(page.get_by_test_id("restriction-row")).to_have_attribute("data-state", "signed")
    expect(page.get_by_test_id("verdict")).to_have_text("unknown")
    sign_as(page, "chief")
    expect(page.get_by_test_id("restriction-row")).to_have_attribute("data-state", "published")
    page.wait_for_timeout(1500)
    shoot(page, "7-signed")
    expect(page.get_by_test_id("verdict")).to_have_text("forbidden")
    shoot(page, "7-turned")
    expect(page.get_by_test_id("open-cited")).to_contain_text(re.compile("restriction R-"))
    page.get_by_test_id("open-cited").click()
    shoot(page, "8-cited")
