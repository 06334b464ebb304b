"""Incidents on the console: the list, one with its timeline, notes, files, merging, splitting, search."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import ExifTags, Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from fake_night import START_UTC_NS, FakeNight
from skykeep.api.application import create_app
from skykeep.api.incident_desk import IncidentDesk
from skykeep.api.server import Server
from skykeep.base.clock import seconds_to_ns
from skykeep.domain.casework import AttachNight
from skykeep.domain.incident import AddToIncident, Item, ItemKey, ItemKind, OpenIncident
from skykeep.domain.place import Person
from skykeep.store.case_folder import CaseFolder

from .conftest import WEBUI, Console

pytestmark = pytest.mark.browser

PEOPLE = tuple(
    Person(person_id=person_id, name=person_id, role="duty") for person_id in ("watch", "commander", "deputy")
)


def at(seconds: float) -> int:
    return START_UTC_NS + seconds_to_ns(seconds)


def item(kind: ItemKind, item_id: str, seconds: float, says: str) -> Item:
    return Item(key=ItemKey(kind=kind, item_id=item_id, night_id="N-1"), time_utc_ns=at(seconds), says=says)


def fill(case: CaseFolder) -> None:
    """Open two incidents as the rules do."""
    case.receive(
        AttachNight(
            name="a scripted night",
            begins_with="0" * 64,
            mode="SIMULATION",
            simulated=True,
            start_utc_ns=at(0),
            entries=0,
            checkpoint="",
            by="machine",
            time_utc_ns=at(0),
        )
    )
    for number, title in (
        (1, "Multirotor without an identity, towards the Residence"),
        (2, "Drone near the harbour"),
    ):
        alert = item(ItemKind.ALERT, f"alert-{number}", 10.0 + number, f"alert-{number}: {title}")
        case.receive(
            OpenIncident(
                title=title,
                reason=f"alert-{number} was raised, of a story by itself.",
                by="machine",
                time_utc_ns=at(10.0 + number),
                items=(alert,),
                rule="one story",
            )
        )
        more = (
            item(ItemKind.TRACK, str(number), 10.0 + number, f"Track {number}"),
            item(
                ItemKind.TASK,
                f"task-{number}",
                12.0 + number,
                "guard leader: Staff of the Residence to the shelter",
            ),
            item(
                ItemKind.DECISION, f"decision-{number}", 14.0 + number, f"watch acknowledged (alert-{number})"
            ),
        )
        case.receive(
            AddToIncident(
                incident_id=f"I-{number}", items=more, reason="about it", by="machine", time_utc_ns=at(15.0)
            )
        )


def photograph() -> bytes:
    image = Image.new("RGB", (640, 420))
    image.putdata([((x * 2) % 256, (y * 3) % 256, 110) for y in range(420) for x in range(640)])
    exif = Image.Exif()
    exif._ifds[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2031:04:26 20:00:12"}
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def console(launch: Callable[..., Browser], tile_dir: Path, tmp_path: Path) -> Iterator[Console]:
    night = FakeNight(tmp_path / "dossier.pdf")
    with CaseFolder.open(tmp_path / "case") as case:
        fill(case)
        desk = IncidentDesk(case, PEOPLE, lambda: at(40.0))
        with Server(create_app(night, WEBUI, tile_dir, incidents=desk)) as server:
            console = Console(night, server, launch)
            yield console
            console.close()


def opened(console: Console, **query: Any) -> Page:
    console.night.advance_to(30.0)
    page = console.open(map="plan", **query)
    page.get_by_test_id("watch-person").select_option("watch")
    page.get_by_test_id("open-incidents").click()
    expect(page.get_by_test_id("incident-row")).to_have_count(2)
    return page


def test_an_incident_is_read_noted_given_a_file_merged_split_and_found(
    console: Console, tmp_path: Path
) -> None:
    page = opened(console)
    page.locator("[data-incident-id='I-1'][data-testid=incident-row]").click()
    card = page.get_by_test_id("incident-card")
    expect(card.get_by_test_id("incident-moment")).to_have_count(5)
    kinds = card.get_by_test_id("incident-moment").evaluate_all("all => all.map(one => one.dataset.kind)")
    assert kinds == ["alert", "track", "incident", "task", "decision"]

    page.get_by_test_id("incident-note").click()
    page.get_by_test_id("incident-text").fill("<b>Called</b> مكتب الميناء")
    page.get_by_test_id("incident-send").click()
    expect(card).to_contain_text("<b>Called</b> مكتب الميناء")
    expect(card).to_contain_text("Officer on watch")

    page.get_by_test_id("incident-media").click()
    files: list[FilePayload] = [
        {"name": "clip.jpg", "mimeType": "text/html", "buffer": photograph()},
        {
            "name": "page.jpg",
            "mimeType": "image/jpeg",
            "buffer": b"<script>document.title='ran'</script>",
        },
    ]
    page.get_by_test_id("incident-file").set_input_files(files)
    page.get_by_test_id("incident-reason").fill("From a resident")
    page.get_by_test_id("incident-send").click()
    picture = card.locator("img")
    expect(picture).to_have_count(1)
    console.wait_for(
        page, lambda: picture.evaluate("one => one.complete && one.naturalWidth") == 320, "the picture"
    )
    expect(card).to_contain_text("2031:04:26 20:00:12")
    expect(card).to_contain_text("no time zone")
    expect(card).to_contain_text("text/html")

    page.get_by_test_id("incident-split").click()
    page.get_by_label("page.jpg (text/html)").check()
    page.get_by_test_id("incident-title").fill("A page that came")
    page.get_by_test_id("incident-reason").fill("It shows nothing")
    page.get_by_test_id("incident-send").click()
    expect(page.get_by_test_id("incident-card")).to_have_attribute("data-incident-id", "I-3")
    expect(page.get_by_test_id("incident-card")).to_contain_text("split off: I-1")

    page.get_by_test_id("incident-merge").click()
    page.get_by_test_id("incident-into").select_option("I-2")
    page.get_by_test_id("incident-reason").fill("One story after all")
    page.get_by_test_id("incident-send").click()
    expect(page.get_by_test_id("incident-card")).to_have_attribute("data-incident-id", "I-2")
    expect(page.get_by_test_id("incident-card")).to_contain_text("came from I-1")
    expect(page.locator("[data-incident-id='I-3'][data-testid=incident-row]")).to_have_attribute(
        "data-state", "merged"
    )

    page.get_by_test_id("incident-search").fill("الميناء")
    page.get_by_test_id("incident-search-go").click()
    expect(page.get_by_test_id("incident-hit")).to_have_count(1)
    page.get_by_test_id("incident-hit").click()
    expect(page.get_by_test_id("incident-card")).to_have_attribute("data-incident-id", "I-1")
    assert console.complaints == []
    assert console.foreign_requests() == []
    assert page.title() != "ran"


def test_nobody_on_watch_changes_nothing_and_a_refusal_is_shown(console: Console) -> None:
    page = opened(console)
    page.get_by_test_id("watch-person").select_option("")
    page.get_by_test_id("incident-new").click()
    page.get_by_test_id("incident-new-title").fill("A light")
    page.get_by_test_id("incident-new-reason").fill("Told by telephone")
    page.get_by_test_id("incident-new-send").click()
    expect(page.get_by_test_id("refused")).to_contain_text("Choose who is on watch first.")
    expect(page.get_by_test_id("incident-row")).to_have_count(2)

    page.get_by_test_id("watch-person").select_option("watch")
    page.get_by_test_id("incident-new-send").click()
    expect(page.get_by_test_id("incident-card")).to_have_attribute("data-incident-id", "I-3")


@pytest.mark.parametrize("look", [{"theme": "dark"}, {"theme": "light", "lang": "ar"}, {"theme": "night"}])
def test_axe_finds_nothing_in_the_panel(console: Console, look: dict[str, str]) -> None:
    page = opened(console, **look)
    page.locator("[data-incident-id='I-1'][data-testid=incident-row]").click()
    page.get_by_test_id("incident-split").click()
    expect(page.get_by_test_id("incident-form")).to_be_visible()

    found = Axe().run(page, context="[data-testid=incidents-drawer]").response

    assert [
        f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]
    ] == []
