"""Permits and restrictions at the console: decided on, drawn by hand, signed by two, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from fake_night import ORIGIN_LAT_DEG, ORIGIN_LON_DEG, RAISED_S
from skykeep.api import commands as c
from skykeep.api.register_commands import Drawn, DrawnCircle

from .conftest import Console
from .test_console_access import LOOKS, violations
from .test_console_page import hold

pytestmark = pytest.mark.browser


def permit(page: Page, permit_id: str) -> Locator:
    return page.locator(f'[data-testid="permit-row"][data-permit-id="{permit_id}"]')


def restriction(page: Page, restriction_id: str) -> Locator:
    return page.locator(f'[data-testid="restriction-row"][data-restriction-id="{restriction_id}"]')


def sign_as(page: Page, person: str) -> None:
    page.get_by_test_id("signer").select_option(person)
    hold(page, page.get_by_test_id("sign"))


def last(console: Console, page: Page, count: int) -> c.SourceCommand:
    console.wait_for(page, lambda: len(console.night.commands) == count, f"{count} commands")
    return console.night.commands[-1]


def test_a_permit_is_approved_another_denied_for_a_reason(console: Console) -> None:
    console.night.open_register()
    page = console.open()
    page.get_by_test_id("watch-person").select_option("watch")
    page.get_by_test_id("watch-person").blur()
    page.keyboard.press("p")
    expect(permit(page, "P-1")).to_contain_text("Harbour Roofing Ltd")
    expect(permit(page, "P-2")).to_contain_text("private")
    permit(page, "P-1").click()
    expect(page.get_by_test_id("permit-card")).to_contain_text("1581B5FKD229400A")
    expect(page.get_by_test_id("permit-card")).to_contain_text("closed until four")

    page.get_by_test_id("permit-deny").click()
    expect(page.get_by_test_id("permit-hold")).to_be_disabled()
    page.get_by_test_id("permit-approve").click()
    hold(page, page.get_by_test_id("permit-hold"), for_ms=300)
    assert console.night.commands == [], "a short press decides nothing"
    hold(page, page.get_by_test_id("permit-hold"))
    expect(permit(page, "P-1")).to_have_attribute("data-state", "approved")
    assert console.night.commands == [
        c.DecidePermit(permit_id="P-1", version=1, action="approve", by="watch")
    ]

    page.get_by_test_id("permit-revoke").click()
    page.get_by_test_id("permit-reason").fill("The road is closed.")
    hold(page, page.get_by_test_id("permit-hold"))
    expect(permit(page, "P-1")).to_have_attribute("data-state", "revoked")
    expect(page.get_by_test_id("permit-card")).to_contain_text("The road is closed.")


def test_the_alternative_is_offered_and_a_flight_suspended_and_resumed(console: Console) -> None:
    console.night.open_register()
    page = console.open()
    page.get_by_test_id("watch-person").select_option("commander")
    page.get_by_test_id("open-permits").click()
    permit(page, "P-1").click()
    expect(page.get_by_test_id("permit-card")).to_contain_text("two hours later")
    page.get_by_test_id("permit-offer").click()
    hold(page, page.get_by_test_id("permit-hold"))
    expect(permit(page, "P-1")).to_have_attribute("data-state", "alternative_offered")

    permit(page, "P-3").click()
    page.get_by_test_id("permit-resume").click()
    hold(page, page.get_by_test_id("permit-hold"))
    expect(permit(page, "P-3")).to_have_attribute("data-state", "active")


def test_nobody_decides_without_a_name(console: Console) -> None:
    console.night.open_register()
    page = console.open()
    page.get_by_test_id("open-permits").click()
    permit(page, "P-1").click()
    page.get_by_test_id("permit-approve").click()
    hold(page, page.get_by_test_id("permit-hold"))
    expect(page.get_by_test_id("refused")).to_be_visible()
    assert console.night.commands == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_ban_is_drawn_by_hand_and_signed_by_two(console: Console, lang: str) -> None:
    console.night.open_register()
    page = console.open(lang=lang)
    page.get_by_test_id("watch-person").select_option("commander")
    page.get_by_test_id("open-zones").click()
    page.get_by_test_id("new-restriction").click()
    page.get_by_test_id("draft-send").click()
    expect(page.get_by_test_id("draft-problems").locator("li")).to_have_count(3)

    page.get_by_test_id("draft-template").select_option("parade_day")
    expect(page.get_by_test_id("draft-ceiling")).to_have_value("300")
    page.get_by_test_id("draft-title").fill("Parade on the quay")
    page.get_by_test_id("draft-reason").fill("People below.")
    page.get_by_test_id("draft-draw").click()
    expect(page.get_by_test_id("draw-bar")).to_be_visible()
    page.wait_for_timeout(300)
    x, y = free_middle(page)
    draw_polygon(page, [(x - 80, y - 60), (x + 80, y - 60), (x + 80, y + 60), (x - 80, y + 60)])
    expect(page.get_by_test_id("draft-corners")).not_to_have_value("")
    corners = page.get_by_test_id("draft-corners").input_value().split("\n")
    assert len(corners) == 4
    expect(page.get_by_test_id("draw-edit")).to_have_attribute("aria-pressed", "true")

    # A corner is dragged: that corner moves, the others stay.
    page.mouse.move(x - 80, y - 60)
    page.mouse.down()
    page.mouse.move(x - 100, y - 80, steps=8)
    page.mouse.move(x - 120, y - 90, steps=8)
    page.mouse.up()
    console.wait_for(
        page,
        lambda: page.get_by_test_id("draft-corners").input_value().split("\n") != corners,
        "the corner to move",
    )
    moved = page.get_by_test_id("draft-corners").input_value().split("\n")
    assert len(set(moved) & set(corners)) == 3
    page.get_by_test_id("draw-done").click()
    page.get_by_test_id("draft-send").click()

    command = last(console, page, 1)
    assert isinstance(command, c.DrawRestriction)
    assert command.drawn.title == "Parade on the quay"
    assert command.drawn.polygon is not None
    assert len(command.drawn.polygon) == 4
    for lon, lat in command.drawn.polygon:
        assert abs(lon - ORIGIN_LON_DEG) < 0.1
        assert abs(lat - ORIGIN_LAT_DEG) < 0.1

    restriction(page, "R-2").click()
    sign_as(page, "commander")
    expect(restriction(page, "R-2")).to_have_attribute("data-state", "signed")
    expect(page.get_by_test_id("signer").locator('option[value="commander"]')).to_be_disabled()
    assert not any(zone.id == "R-2" for zone in console.night.register.zones().zones or ()), (
        "one signature publishes nothing"
    )
    sign_as(page, "deputy")
    expect(restriction(page, "R-2")).to_have_attribute("data-state", "published")
    expect(page.locator('[data-testid="zone-row"][data-zone-id="R-2"]')).to_be_visible()
    assert console.complaints == []


def free_middle(page: Page) -> tuple[float, float]:
    """Return the middle of what is free of the map between bar, panels and drawer."""
    start = page.locator(".panel.start").bounding_box()
    dock = page.locator(".dock").bounding_box()
    main = page.locator("main").bounding_box()
    assert start is not None
    assert dock is not None
    assert main is not None
    is_rtl = start["x"] > 700
    left, right = (0.0, start["x"]) if is_rtl else (start["x"] + start["width"], main["width"])
    return (left + right) / 2, (main["y"] + dock["y"]) / 2 + 20


def draw_polygon(page: Page, corners: list[tuple[float, float]]) -> None:
    for x, y in corners:
        page.mouse.move(x, y, steps=4)
        page.wait_for_timeout(60)
        page.mouse.click(x, y)
        page.wait_for_timeout(60)
    first_x, first_y = corners[0]
    page.mouse.move(first_x, first_y, steps=4)
    page.wait_for_timeout(60)
    page.mouse.click(first_x, first_y)


def test_a_circle_is_drawn_deleted_and_drawn_again(console: Console) -> None:
    console.night.open_register()
    page = console.open()
    page.get_by_test_id("watch-person").select_option("commander")
    page.get_by_test_id("open-zones").click()
    page.get_by_test_id("new-restriction").click()
    page.get_by_test_id("draft-circle").check()
    page.get_by_test_id("draft-draw").click()
    page.wait_for_timeout(300)
    x, y = free_middle(page)
    for reach in (60, 30):
        page.mouse.move(x, y, steps=3)
        page.mouse.click(x, y)
        page.wait_for_timeout(80)
        page.mouse.move(x + reach, y, steps=6)
        page.wait_for_timeout(80)
        page.mouse.click(x + reach, y)
        expect(page.get_by_test_id("draft-radius")).not_to_have_value("")
        radius_m = float(page.get_by_test_id("draft-radius").input_value())
        if reach == 60:
            wide_m = radius_m
            page.get_by_test_id("draw-delete").click()
            expect(page.get_by_test_id("draft-radius")).to_have_value("")
    assert radius_m == pytest.approx(wide_m / 2, rel=0.1)
    lat, lon = map(float, page.get_by_test_id("draft-centre").input_value().split(","))
    assert abs(lat - ORIGIN_LAT_DEG) < 0.1
    assert abs(lon - ORIGIN_LON_DEG) < 0.1


def test_without_webgl_an_outline_is_typed_in(console: Console) -> None:
    console.night.open_register()
    page = console.open(arguments=("--disable-3d-apis",))
    page.get_by_test_id("watch-person").select_option("commander")
    page.get_by_test_id("open-zones").click()
    page.get_by_test_id("new-restriction").click()
    expect(page.get_by_test_id("draw-needs-map")).to_be_visible()
    expect(page.get_by_test_id("draft-draw")).to_have_count(0)
    page.get_by_test_id("draft-circle").check()
    page.get_by_test_id("draft-centre").fill("44.51, -28.02")
    page.get_by_test_id("draft-radius").fill("750")
    page.get_by_test_id("draft-title").fill("By numbers")
    page.get_by_test_id("draft-reason").fill("No map.")
    page.get_by_test_id("draft-send").click()
    assert last(console, page, 1) == c.DrawRestriction(
        drawn=Drawn(title="By numbers", circle=DrawnCircle(lon=-28.02, lat=44.51, radius_m=750)),
        by="commander",
        reason="No map.",
    )
    assert console.complaints == []


def test_a_restriction_is_amended_and_cancelled(console: Console) -> None:
    console.night.open_register()
    page = console.open()
    page.get_by_test_id("watch-person").select_option("commander")
    page.get_by_test_id("open-zones").click()
    restriction(page, "R-1").click()
    page.get_by_test_id("amend").click()
    before = page.get_by_test_id("draft-centre").input_value()
    page.get_by_test_id("draft-draw").click()
    expect(page.get_by_test_id("draw-edit")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("draw-done").click()
    assert page.get_by_test_id("draft-centre").input_value() == before, "looking at it changes nothing"
    page.get_by_test_id("draft-ceiling").fill("150")
    page.get_by_test_id("draft-reason").fill("Lower is enough.")
    page.get_by_test_id("draft-send").click()
    command = last(console, page, 1)
    assert isinstance(command, c.AmendRestriction)
    assert (command.version, command.drawn.ceiling_m) == (1, 150)

    restriction(page, "R-1").click()
    page.get_by_test_id("cancel-restriction").click()
    expect(page.get_by_test_id("cancel-hold")).to_be_disabled()
    page.get_by_test_id("cancel-reason").fill("It is over.")
    hold(page, page.get_by_test_id("cancel-hold"))
    expect(restriction(page, "R-1")).to_have_attribute("data-state", "cancelled")


def test_one_key_puts_a_ring_round_the_selected_alert(console: Console) -> None:
    console.night.open_register()
    console.night.advance_to(RAISED_S)
    page = console.open()
    page.get_by_test_id("watch-person").select_option("watch")
    page.get_by_test_id("watch-person").blur()
    expect(page.get_by_test_id("alert")).to_have_count(1)
    page.keyboard.press("x")
    assert last(console, page, 1) == c.EmergencyRing(track_id=1, alert_id="alert-1", by="watch")
    page.keyboard.press("z")
    expect(restriction(page, "R-2")).to_have_attribute("data-state", "published")
    restriction(page, "R-2").click()
    expect(page.get_by_test_id("restriction-card")).to_contain_text("lapses in")
    sign_as(page, "deputy")
    expect(page.get_by_test_id("restriction-card")).not_to_contain_text("lapses in")
    page.keyboard.press("?")
    expect(page.get_by_test_id("help-dialog")).to_contain_text("Emergency ring")


def test_a_verdict_is_one_click_from_its_document(console: Console) -> None:
    console.night.open_register()
    console.night.advance_to(6)
    page = console.open()
    page.get_by_test_id("open-tracks").click()
    page.locator('[data-testid="track-row"][data-track-id="1"] button').click()
    expect(page.get_by_test_id("permit-probability")).to_contain_text("12 %")
    page.get_by_test_id("open-cited").click()
    expect(page.get_by_test_id("zone-card")).to_have_attribute("data-zone-id", "zone-1")
    page.get_by_test_id("open-candidate").click()
    expect(page.get_by_test_id("permit-card")).to_have_attribute("data-permit-id", "P-1")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_permits_and_zones(console: Console, look: str) -> None:
    wish: dict[str, Any] = LOOKS[look]
    console.night.open_register()
    console.night.advance_to(RAISED_S)
    page = console.open(**wish)
    page.get_by_test_id("watch-person").select_option("commander")
    prefix = "tab" if wish.get("phone") else "open"
    page.get_by_test_id(f"{prefix}-permits").click()
    permit(page, "P-1").click()
    page.get_by_test_id("permit-deny").click()
    assert ("permits", violations(page)) == ("permits", [])
    no_sideways_scroll(page)

    page.get_by_test_id(f"{prefix}-zones").click()
    page.locator('[data-testid="zone-row"]').first.click()
    assert ("zone", violations(page)) == ("zone", [])
    back_to_list(page)
    restriction(page, "R-1").click()
    page.get_by_test_id("cancel-restriction").click()
    assert ("restriction", violations(page)) == ("restriction", [])
    back_to_list(page)
    page.get_by_test_id("ring-open").click()
    page.get_by_test_id("new-restriction").click()
    page.get_by_test_id("draft-send").click()
    expect(page.get_by_test_id("draft-problems")).to_be_visible()
    assert ("draft", violations(page)) == ("draft", [])
    no_sideways_scroll(page)
    if look != "without WebGL":
        page.get_by_test_id("draft-draw").click()
        expect(page.get_by_test_id("draw-bar")).to_be_visible()
        assert ("drawing", violations(page)) == ("drawing", [])


def back_to_list(page: Page) -> None:
    """On a telephone what is chosen takes the place of the list."""
    if page.get_by_test_id("register-back").count():
        page.get_by_test_id("register-back").click()


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
