"""The dossier on a screen, in a real browser: readable by everybody, wide or narrow, light or dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sample_case import SAMPLE
from sample_matrix import PUBLISHERS
from skykeep.app.dossier import printed
from skykeep.evidence.levels import Level

pytestmark = pytest.mark.browser
LOOKS = {"light": (1280, 900), "dark": (1280, 900), "phone": (360, 740)}


@pytest.fixture(scope="module", params=list(LOOKS))
def page(
    request: pytest.FixtureRequest, launch: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """Return the public page in one of its looks."""
    width, height = LOOKS[request.param]
    file: Path = tmp_path_factory.mktemp("page") / "dossier.html"
    file.write_bytes(printed(SAMPLE, Level.PUBLIC, "html"))
    context = launch().new_context(
        viewport={"width": width, "height": height},
        color_scheme="light" if request.param == "light" else "dark",
    )
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


def test_axe_finds_nothing_to_mend(page: Page) -> None:
    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


def test_nothing_runs_off_the_page_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_bar_is_a_bar_and_a_name_a_name(page: Page) -> None:
    bar = page.locator(".withheld").first
    expect(bar).to_have_text("withheld: personal")
    assert bar.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(0, 0, 0)"
    expect(page.get_by_role("cell", name=PUBLISHERS["d3"]).first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("The night before the parade")
