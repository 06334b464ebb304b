"""The console as a person uses it: the built page, the real server, a real Chromium, a scripted night."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from fake_night import END_S, RAISED_S, TRACKS, FakeNight
from skykeep.api import commands as c
from skykeep.api import messages as m
from skykeep.domain.sensing import Credibility, Reliability

from .conftest import Console

pytestmark = pytest.mark.browser

HOLD_MS = 1_600
# Tracks that are there from the start.
AT_START = sum(row[0] == 0 for row in TRACKS.values())


def banner(page: Page) -> Locator:
    return page.get_by_test_id("mode-banner")


def row(page: Page, track: int) -> Locator:
    return page.locator(f'[data-testid="track-row"][data-track-id="{track}"]')


def hold(page: Page, button: Locator, for_ms: int = HOLD_MS) -> None:
    button.hover()
    page.mouse.down()
    page.wait_for_timeout(for_ms)
    page.mouse.up()


def approvals(night: FakeNight) -> list[c.Approve]:
    return [command for command in night.commands if isinstance(command, c.Approve)]


def test_the_page_says_what_it_shows_and_asks_nobody_else(console: Console) -> None:
    page = console.open()
    expect(banner(page)).to_have_attribute("data-mode", "SIMULATION")
    expect(banner(page)).to_be_in_viewport()
    expect(banner(page)).to_contain_text("SIMULATION")
    expect(page.get_by_test_id("site-name")).to_have_text("Haven Rock")
    expect(page.get_by_test_id("map")).to_have_attribute("data-kind", "3d")
    console.night.advance_to(30)
    console.wait_for(
        page, lambda: 206 in console.answers.get("/tiles/world.pmtiles", set()), "a range of the map"
    )
    page.wait_for_load_state("networkidle")

    assert console.foreign_requests() == []
    assert any(url.startswith("ws://") for url in console.requests), (
        "the account of requests covers the socket"
    )
    assert console.complaints == [], "neither script nor policy complained"


def test_a_page_that_tried_to_ask_elsewhere_would_be_stopped(console: Console) -> None:
    page = console.open()
    page.evaluate("fetch('http://127.0.0.2:9/').catch(() => null)")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.2:9/a.png'}))")
    console.wait_for(page, lambda: len(console.complaints) >= 2, "the policy's complaints")

    assert all("Content Security Policy" in complaint for complaint in console.complaints)


def test_an_alert_arrives_and_is_acknowledged_by_key(console: Console) -> None:
    page = console.open()
    expect(page.get_by_test_id("alert")).to_have_count(0)
    page.get_by_test_id("watch-person").select_option("watch")
    console.night.advance_to(RAISED_S)

    alert = page.get_by_test_id("alert")
    expect(alert).to_have_attribute("data-state", "raised")
    expect(alert).to_contain_text("Drone heading for the Residence")
    expect(page.get_by_test_id("alert-why")).to_contain_text("Not allowed here")
    expect(page.get_by_test_id("alert-clock")).to_contain_text("–")
    expect(page.get_by_test_id("announcement")).to_contain_text("Drone heading for the Residence")

    page.get_by_test_id("watch-person").blur()
    page.keyboard.press("a")
    expect(alert).to_have_attribute("data-state", "acknowledged")
    expect(alert).to_contain_text("Officer on watch")
    assert console.night.commands == [c.Acknowledge(alert_id="alert-1", by="watch")]


def test_nobody_acknowledges_without_a_name(console: Console) -> None:
    console.night.advance_to(RAISED_S)
    page = console.open()
    page.get_by_test_id("alert-select").click()
    page.keyboard.press("a")

    expect(page.get_by_test_id("refused")).to_be_visible()
    assert console.night.commands == []


def test_two_persons_approve_by_holding(console: Console) -> None:
    console.night.advance_to(16)
    page = console.open()
    proposal = page.get_by_test_id("proposal")
    expect(proposal).to_contain_text(re.compile("simulated", re.IGNORECASE))
    expect(page.get_by_test_id("if-nothing").first).to_contain_text("It reaches the Residence")
    expect(page.get_by_test_id("option")).to_have_count(2)
    approve, approver = page.get_by_test_id("approve"), page.get_by_test_id("approver")

    page.locator('[data-option-id="hard"]').get_by_test_id("option-radio").check()
    approver.select_option("commander")
    hold(page, approve, for_ms=400)
    page.wait_for_timeout(400)
    assert approvals(console.night) == [], "a short press is not an approval"

    hold(page, approve)
    expect(page.locator('[data-testid="approval-slot"][data-signed="true"]')).to_have_count(1)
    expect(approve).to_be_disabled()
    expect(proposal).to_have_attribute("data-state", "proposed")
    expect(approver.locator('option[value="commander"]')).to_be_disabled()
    expect(approver.locator('option[value="watch"]')).to_be_disabled()

    approver.select_option("deputy")
    approve.focus()
    page.keyboard.down("Enter")
    expect(proposal).to_have_attribute("data-state", "approved")
    page.keyboard.up("Enter")
    given = approvals(console.night)
    assert [(yes.proposal_id, yes.option_id, yes.by) for yes in given] == [
        ("proposal-1", "hard", "commander"),
        ("proposal-1", "hard", "deputy"),
    ]
    assert len({yes.approval_id for yes in given}) == 2, "each yes goes under an id of its own"
    console.night.advance_to(25)
    expect(proposal).to_have_attribute("data-state", "carried_out")
    expect(page.get_by_test_id("outcome")).to_contain_text("SIMULATED")


def test_a_track_is_named_correlated_and_let_go_again(console: Console) -> None:
    console.night.advance_to(26)
    page = console.open()
    page.get_by_test_id("watch-person").select_option("watch")
    page.get_by_test_id("open-tracks").click()
    page.locator('[data-testid="track-row"][data-track-id="2"] button').click()

    page.get_by_test_id("order-rename").click()
    page.get_by_test_id("order-name").fill("Grey one")
    page.get_by_test_id("order-send").click()
    expect(page.locator('[data-testid="order"][data-kind="rename"]')).to_contain_text("Officer on watch")
    expect(page.locator('[data-testid="track-row"][data-track-id="2"]')).to_contain_text("Grey one (T2)")

    page.get_by_test_id("order-correlate").click()
    page.get_by_test_id("order-other").fill("T1")
    page.get_by_test_id("order-reason").fill("Same lights")
    page.get_by_test_id("order-send").click()
    expect(page.locator('[data-testid="order"][data-kind="correlate"]')).to_contain_text("Same lights")

    page.get_by_test_id("order-decorrelate").click()
    page.get_by_test_id("order-other").fill("1")
    page.get_by_test_id("order-reason").fill("No")
    page.get_by_test_id("order-send").click()
    expect(page.get_by_test_id("refused")).to_contain_text("order-0002 of")

    page.locator('[data-order-id="order-0002"]').get_by_test_id("order-lift").click()
    expect(page.get_by_test_id("order")).to_have_count(1)
    assert console.night.commands[-1] == c.Lift(order_id="order-0002", by="watch")


def test_a_proposal_is_refused_with_a_reason(console: Console) -> None:
    console.night.advance_to(16)
    page = console.open()
    page.get_by_test_id("approver").select_option("commander")
    page.get_by_test_id("refuse").click()
    page.get_by_test_id("refuse-reason").fill("It is our own drone.")
    page.get_by_test_id("refuse-send").click()

    expect(page.get_by_test_id("proposal")).to_have_attribute("data-state", "refused")
    assert console.night.commands == [
        c.Refuse(proposal_id="proposal-1", by="commander", reason="It is our own drone.")
    ]


def test_the_past_is_looked_at_and_left(console: Console) -> None:
    console.night.advance_to(30)
    page = console.open()
    page.get_by_test_id("watch-person").select_option("watch")
    page.get_by_test_id("open-tracks").click()
    expect(row(page, 1)).to_be_visible()
    expect(page.get_by_test_id("past-notice")).to_have_count(0)

    scrub = page.get_by_test_id("scrub")
    assert scrub.get_attribute("max") == str(END_S)
    scrub.fill("3")
    expect(page.get_by_test_id("past-notice")).to_be_visible()
    expect(row(page, 1)).to_have_count(0)
    expect(row(page, 5)).to_be_visible()
    expect(page.get_by_test_id("alert")).to_have_count(0)

    scrub.fill("12")
    expect(row(page, 1)).to_be_visible()
    expect(row(page, 2)).to_have_count(0)
    expect(page.get_by_test_id("alert")).to_have_attribute("data-state", "raised")
    expect(page.get_by_test_id("alert-acknowledge")).to_be_disabled()

    page.get_by_test_id("past-follow").click()
    expect(page.get_by_test_id("past-notice")).to_have_count(0)
    expect(row(page, 2)).to_be_visible()
    assert console.night.commands == [], "looking at the past asked nothing of the night"


def test_time_is_held_and_hurried(console: Console) -> None:
    page = console.open()
    page.get_by_test_id("speed").select_option("8")
    page.get_by_test_id("play-pause").click()
    console.wait_for(page, lambda: len(console.night.commands) == 2, "both commands")

    assert console.night.commands == [c.Speed(factor=8.0), c.Pause()]
    expect(page.get_by_test_id("play-pause")).to_have_attribute("aria-label", "Play")


def test_without_webgl_the_table_and_the_decision_work(console: Console) -> None:
    console.night.advance_to(16)
    page = console.open(arguments=("--disable-3d-apis",))
    assert page.evaluate("document.createElement('canvas').getContext('webgl2')") is None
    expect(page.get_by_test_id("map-plain")).to_be_visible()
    page.get_by_test_id("open-tracks").click()
    expect(row(page, 1)).to_be_visible()
    expect(page.get_by_test_id("track-table").locator("table")).to_have_attribute(
        "aria-rowcount", str(AT_START + 1 + 1)
    )
    row(page, 1).get_by_role("button").click()
    expect(page.get_by_test_id("track-details")).to_contain_text("Four rotors heard.")

    page.get_by_test_id("approver").select_option("commander")
    hold(page, page.get_by_test_id("approve"))
    console.wait_for(page, lambda: approvals(console.night), "the approval")
    assert console.complaints == []


def test_people_are_sheltered_and_events_read(console: Console) -> None:
    console.night.advance_to(21)
    page = console.open()
    page.get_by_test_id("watch-person").select_option("watch")
    task = page.locator('[data-task-id="task-1"]')
    task.get_by_test_id("task-done").click()
    expect(task).to_have_attribute("data-state", "done")
    page.get_by_test_id("open-events").click()
    expect(page.get_by_test_id("event-list")).to_contain_text("A resident reports a humming noise.")
    expect(page.get_by_test_id("event-list")).to_contain_text("A quiet night over Haven Rock.")


def test_the_dossier_is_offered_at_the_end(console: Console) -> None:
    page = console.open()
    console.night.finish()
    expect(page.get_by_test_id("dossier")).to_have_attribute("href", "/api/dossier")


def test_a_page_that_lost_the_server_says_so_and_comes_back(console: Console) -> None:
    page = console.open()
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    console.night.advance_to(5)
    expect(page.get_by_test_id("connection-lost")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_test_id("connection-lost")).to_have_count(0)


def test_a_source_in_quarantine_says_why_and_is_used_again_on_somebodys_word(console: Console) -> None:
    console.night.show_sensors(
        m.SensorHealth(
            id="radar-1",
            state="quarantined",
            last_utc_ns=console.night.now_utc_ns(),
            per_s=5.0,
            says=("In quarantine: 100 % of its messages are refused.", "Its clock is 3.0 s ahead of ours."),
            heard=1_234,
            refused=1_234,
            lost=56,
            held_back=7,
            clock_offset_s=-3.0,
            latency_ms=12.4,
        )
    )
    page = console.open()
    page.get_by_test_id("watch-person").select_option("watch")
    page.keyboard.press("s")
    table_row = page.get_by_test_id("sensor-row-radar-1")
    expect(table_row).to_have_attribute("data-state", "quarantined")
    for words in ("100 % of its messages are refused", "3.0 s ahead", "1,234", "56", "−3.0 s", "12 ms"):
        expect(table_row).to_contain_text(words)
    page.get_by_test_id("use-again-radar-1").click()
    assert console.night.commands == [], "without a reason nothing is asked"
    page.get_by_test_id("use-again-reason-radar-1").fill("its edition was set right")
    page.get_by_test_id("use-again-radar-1").click()
    console.wait_for(page, lambda: len(console.night.commands) == 1, "the command")
    assert console.night.commands == [
        c.UseAgain(source_id="radar-1", by="watch", reason="its edition was set right")
    ]


def test_a_persons_report_is_graded_where_it_is_read(console: Console) -> None:
    console.night.report("Report from a resident: “Two bangs, east of the harbour.”", 7)
    page = console.open()
    page.get_by_test_id("watch-person").select_option("watch")
    page.get_by_test_id("open-events").click()
    grade = page.get_by_test_id("grade-7")
    grade.get_by_label("Reliability").select_option("B")
    grade.get_by_label("Credibility").select_option("2")
    grade.get_by_role("button").click()
    console.wait_for(page, lambda: len(console.night.commands) == 1, "the grade")
    assert console.night.commands == [
        c.Grade(
            sensor_id="people",
            sequence=7,
            reliability=Reliability.USUALLY,
            credibility=Credibility.PROBABLY_TRUE,
            by="watch",
        )
    ]
