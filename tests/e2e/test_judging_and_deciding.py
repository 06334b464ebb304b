"""What an operator is told of an alert and may do about it: why, how long, what would fall, who is at it, and
what was known at a past moment.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from fake_night import LATER_GROUND, PROPOSED_S, RAISED_S, FakeNight
from skykeep.api import alert_commands as ac
from skykeep.api import commands as c

from .conftest import Console

pytestmark = pytest.mark.browser

LATER_S = PROPOSED_S + 12


def watched(console: Console, time_s: float = LATER_S) -> Page:
    """Return a page on the night so far, with the officer on watch."""
    console.night.advance_to(time_s)
    page = console.open(map="plan")
    page.get_by_test_id("watch-person").select_option("watch")
    return page


def asked(console: Console, page: Page, count: int) -> list[c.SourceCommand]:
    night: FakeNight = console.night
    console.wait_for(page, lambda: len(night.commands) >= count, "the command")
    return night.commands


def test_the_why_line_opens_to_factors_grounds_evidence_and_history(console: Console) -> None:
    page = watched(console)
    why = page.get_by_test_id("alert-why")
    expect(why).to_contain_text("Not allowed here, heading for The Residence, little time to act.")
    expect(why).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_test_id("alert-why-body")).to_have_count(0)
    why.click()

    factors = page.get_by_test_id("alert-factors")
    expect(factors.locator("meter")).to_have_count(5)
    for share in ("96 %", "98 %", "77 %", "100 %", "72 %"):
        expect(factors).to_contain_text(share)
    expect(page.get_by_test_id("alert-grounds")).to_contain_text("Nothing it broadcasts matches a permit.")
    expect(page.get_by_test_id("alert-evidence")).to_contain_text("Its echo flickers as rotors do.")
    claims = page.get_by_test_id("claim")
    expect(claims).to_have_count(2)
    for words in ("POLICE-1", "Contradicted", "off by 900 m", "p < 0.001", "No register was asked."):
        expect(claims.first).to_contain_text(words)
    left, right = claims.nth(0).bounding_box(), claims.nth(1).bounding_box()
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"], "claims stand side by side"
    expect(page.get_by_test_id("alert-history")).to_contain_text("Raised · the rules")
    why.click()
    expect(page.get_by_test_id("alert-why-body")).to_have_count(0)


def test_the_clock_is_an_interval_with_the_worst_case_beside_it(console: Console) -> None:
    console.night.playing = False
    page = watched(console, RAISED_S)
    expect(page.get_by_test_id("clock-interval")).to_have_text("1:10–1:39")
    expect(page.get_by_test_id("clock-worst")).to_contain_text("0:31")
    expect(page.get_by_test_id("alert-clock")).to_contain_text("5 % to 95 %")


def test_every_option_begins_with_what_would_fall_and_says_what_comes_of_nothing(console: Console) -> None:
    page = watched(console)
    options = page.get_by_test_id("option")
    expect(options).to_have_count(2)
    first = page.get_by_test_id("proposal").locator("[data-testid]").first
    expect(first).to_have_attribute("data-testid", "option")
    for k, persons in enumerate(("0.02 ± 0.002", "0.15 ± 0.01")):
        ids = (
            options.nth(k).locator("[data-testid]").evaluate_all("all => all.map(one => one.dataset.testid)")
        )
        assert ids == ["option-debris", "option-persons", "if-nothing", "option-radio"]
        expect(options.nth(k).get_by_test_id("option-debris").locator("svg path.p95")).to_have_count(1)
        expect(options.nth(k).get_by_test_id("option-persons")).to_contain_text(persons)
        expect(options.nth(k)).to_contain_text("0.31 ± 0.02")
        expect(options.nth(k).get_by_test_id("if-nothing")).to_have_text(
            "It reaches the Residence in 70 to 99 s."
        )
    expect(page.get_by_test_id("roles-missing")).to_contain_text("commander")
    rests_on = page.get_by_test_id("rests-on")
    expect(rests_on.get_by_text("Wind 4 m/s from the west.")).to_be_hidden()
    rests_on.locator("summary").click()
    expect(rests_on.get_by_text("Wind 4 m/s from the west.")).to_be_visible()


def test_an_alert_is_shelved_with_a_reason_and_a_time(console: Console) -> None:
    page = watched(console)
    page.get_by_test_id("alert-shelve").click()
    expect(page.get_by_test_id("alert-send")).to_be_disabled()
    page.get_by_test_id("alert-minutes").select_option("5")
    page.get_by_test_id("alert-reason").fill("The police know of it.")
    page.get_by_test_id("alert-send").click()

    expect(page.get_by_test_id("alert")).to_have_attribute("data-state", "shelved")
    expect(page.get_by_test_id("alert-whose")).to_contain_text("Shelved by Officer on watch, back in 4:5")
    expect(page.get_by_test_id("alert-whose")).to_contain_text("The police know of it.")
    assert asked(console, page, 1) == [
        ac.Shelve(alert_id="alert-1", for_s=300.0, by="watch", reason="The police know of it.")
    ]
    page.get_by_test_id("alert-unshelve").click()
    expect(page.get_by_test_id("alert")).to_have_attribute("data-state", "acknowledged")
    page.get_by_test_id("alert-assign").click()
    page.get_by_test_id("alert-to").select_option("deputy")
    page.get_by_test_id("alert-send").click()
    expect(page.get_by_test_id("alert-whose")).to_have_text("Assigned to Deputy")
    page.get_by_test_id("alert-clear").click()
    page.get_by_test_id("alert-reason").fill("It was ours.")
    page.get_by_test_id("alert-send").click()
    expect(page.get_by_test_id("alert-why")).to_contain_text("It was ours.")


def test_a_flood_of_alarms_is_told(console: Console) -> None:
    page = watched(console, RAISED_S)
    expect(page.get_by_test_id("alarm-rate")).to_contain_text("Alarms in the last 10 minutes: 1")
    console.night.flood()
    expect(page.get_by_role("alert").filter(has_text="Too many alarms")).to_be_visible()


def test_a_task_is_taken_and_another_called_off_with_a_reason(console: Console) -> None:
    page = watched(console)
    first, late = (page.locator(f'[data-task-id="task-{n}"]') for n in (1, 2))
    expect(first.get_by_test_id("task-timer")).to_contain_text("0:4")
    expect(late.get_by_test_id("task-state")).to_have_text("late")
    first.get_by_test_id("task-take").click()
    expect(first).to_have_attribute("data-state", "taken")
    expect(first.get_by_test_id("task-state")).to_have_text("taken by Officer on watch")
    expect(first.get_by_test_id("task-take")).to_have_count(0)

    late.get_by_test_id("task-call-off").click()
    late.get_by_test_id("task-reason").fill("The square is empty.")
    late.get_by_test_id("task-send").click()
    expect(late).to_have_attribute("data-state", "called_off")
    expect(late).to_contain_text("The square is empty.")
    assert asked(console, page, 2) == [
        c.TaskTake(task_id="task-1", by="watch"),
        c.TaskCallOff(task_id="task-2", by="watch", reason="The square is empty."),
    ]


def test_the_posture_says_why_and_is_set_by_hand_with_a_reason(console: Console) -> None:
    page = watched(console, 1)
    expect(page.get_by_test_id("posture")).to_contain_text("Guests of state are on the stand.")
    expect(page.get_by_test_id("occupancy")).to_contain_text("counts as in")
    page.get_by_test_id("posture-set").click()
    page.get_by_test_id("posture-level").select_option("0")
    expect(page.get_by_test_id("posture-send")).to_be_disabled()
    page.get_by_test_id("posture-reason").fill("The stand is empty.")
    page.get_by_test_id("posture-send").click()
    expect(page.get_by_test_id("posture")).to_contain_text("The stand is empty.")
    page.get_by_test_id("occupancy-set").click()
    page.get_by_test_id("occupancy-principal").select_option("away")
    page.get_by_test_id("occupancy-persons").fill("3")
    page.get_by_test_id("occupancy-reason").fill("They left at noon.")
    page.get_by_test_id("occupancy-send").click()
    assert asked(console, page, 2) == [
        c.PostureSet(level=0, by="watch", reason="The stand is empty."),
        c.OccupancySet(
            asset="residence", by="watch", principal_present=False, persons=3, reason="They left at noon."
        ),
    ]


def test_a_past_moment_shows_what_was_known_then_and_no_more(console: Console) -> None:
    page = watched(console)
    page.get_by_test_id("alert-why").click()
    expect(page.get_by_test_id("alert-grounds")).to_contain_text(LATER_GROUND)
    expect(page.get_by_test_id("proposal")).to_be_visible()
    page.get_by_test_id("open-events").click()
    expect(page.get_by_test_id("event-list")).to_contain_text("humming noise")

    page.get_by_test_id("alert-history").get_by_test_id("moment").click()
    expect(page.get_by_test_id("as-known-at")).to_have_text("As known at 20:00:10")
    grounds = page.get_by_test_id("alert-grounds")
    expect(grounds).to_contain_text("It has held its course for 9 s.")
    expect(grounds).not_to_contain_text(LATER_GROUND)
    expect(page.get_by_test_id("proposal")).to_have_count(0)
    expect(page.get_by_test_id("event-list")).not_to_contain_text("humming noise")
    for act in ("alert-shelve", "alert-acknowledge", "propose", "posture-set"):
        expect(page.get_by_test_id(act)).to_be_disabled()
    expect(page.get_by_test_id("task-take").first).to_be_disabled()

    page.get_by_test_id("past-follow").click()
    expect(page.get_by_test_id("as-known-at")).to_have_count(0)
    expect(grounds).to_contain_text(LATER_GROUND)
    expect(page.get_by_test_id("proposal")).to_be_visible()
    assert console.night.commands == []


def test_what_came_later_about_a_past_moment_stands_apart_and_is_marked_late(console: Console) -> None:
    page = watched(console)
    console.night.report("Two loud bangs.", sequence=7, late_s=console.night.time_s - RAISED_S + 2.0)
    console.night.report("I see a light now.", sequence=8)
    page.get_by_test_id("open-events").click()
    expect(page.get_by_test_id("told-late")).to_have_count(1)
    expect(page.get_by_test_id("came-later")).to_have_count(0)

    page.get_by_test_id("alert-why").click()
    page.get_by_test_id("alert-history").get_by_test_id("moment").click()
    later = page.get_by_test_id("came-later")
    expect(later).to_contain_text("not known then")
    expect(later).to_contain_text("Two loud bangs.")
    expect(later).to_contain_text("LATE by")
    expect(later).not_to_contain_text("I see a light now.")
    expect(page.get_by_test_id("event-list").locator("ol")).not_to_contain_text("Two loud bangs.")


def test_a_proposal_is_withdrawn_and_a_yes_taken_back_with_a_reason(console: Console) -> None:
    page = watched(console)
    page.get_by_test_id("approver").select_option("commander")
    approve = page.get_by_test_id("approve")
    approve.focus()
    page.keyboard.down("Enter")
    expect(page.locator('[data-testid="approval-slot"][data-signed="true"]')).to_have_count(1)
    page.keyboard.up("Enter")
    page.get_by_test_id("take-back").click()
    page.get_by_test_id("take-back-reason").fill("I looked at the wrong track.")
    page.get_by_test_id("take-back-send").click()
    page.get_by_test_id("approver").select_option("deputy")
    page.get_by_test_id("withdraw").click()
    page.get_by_test_id("withdraw-reason").fill("It is turning away.")
    page.get_by_test_id("withdraw-send").click()
    said = asked(console, page, 3)[1:]
    assert said == [
        c.TakeBack(proposal_id="proposal-1", by="commander", reason="I looked at the wrong track."),
        c.Withdraw(proposal_id="proposal-1", by="deputy", reason="It is turning away."),
    ]


def test_a_telephone_shows_on_its_tab_that_a_decision_waits(console: Console) -> None:
    console.night.playing = False
    console.night.advance_to(RAISED_S)
    page = console.open(size=(390, 844), phone=True)
    expect(page.get_by_test_id("tab-alerts").locator("b")).to_have_text("1")
    expect(page.get_by_test_id("tab-decide").locator("b")).to_have_count(0)
    console.night.advance_to(LATER_S)
    expect(page.get_by_test_id("tab-decide").locator("b")).to_have_text("1")


def test_at_night_the_maps_own_icon_is_turned_red(console: Console) -> None:
    page = console.open(theme="night")
    icon = page.locator(".maplibregl-ctrl-attrib-button")
    filters = icon.evaluate("each => getComputedStyle(each).filter")
    assert "hue-rotate" in filters, filters


def test_right_to_left_a_reason_in_english_stands_where_the_others_do(console: Console) -> None:
    page = console.open(lang="ar")
    reason = page.get_by_test_id("posture").locator("p").first
    aligned = reason.evaluate("each => [getComputedStyle(each).direction, getComputedStyle(each).textAlign]")
    assert aligned == ["rtl", "start"]
