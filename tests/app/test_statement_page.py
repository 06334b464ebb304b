"""The page of the matrix: everything escaped, nothing fetched, every direction of writing kept."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from skykeep.app.statement_page import statement_page
from skykeep.domain.statement import Slot, StatementMatrix
from skykeep.statements.matrix import compare
from skykeep.statements.propose import propose
from skykeep.wire.documents import read_document
from statement_sets import OPEN, read_set

HOSTILE = (
    b"Bad Post </style><script>alert(1)</script>\n3 May 2031\n\n"
    b'"Two drones <img src=x onerror=alert(2)> fell."'
)
ARABIC = "صحيفة الميناء\n3 May 2031\n\nقالت الشرطة: «سقطت 2 drones قرب الميناء» said the Harbour Office.\n"


def matrix_of(*texts: bytes) -> StatementMatrix:
    documents = [
        read_document(f"{number}.txt", text, retrieved_utc_ns=0) for number, text in enumerate(texts)
    ]
    return compare(documents, [one for each in documents for one in propose(each)])


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_what_a_stranger_wrote_is_words_and_never_markup() -> None:
    page = statement_page(matrix_of(HOSTILE, HOSTILE + b" Again, said the mayor."), title="<b>A & B</b>")
    tags = _Tags()
    tags.feed(page)
    assert not tags.names & {"script", "img", "iframe", "link", "form"}
    assert not any(name.startswith("on") for name in tags.attributes)
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("folder", OPEN, ids=lambda folder: folder.name)
def test_every_reading_stands_on_the_page_with_its_words_and_as_not_reviewed(folder: Path) -> None:
    of = read_set(folder)
    matrix = compare(list(of.documents.values()), of.assertions)
    page = statement_page(matrix)
    shown = sum(len(voice.assertion_ids) for row in matrix.rows for voice in row.voices)
    assert page.count("proposed, not reviewed</span>") == shown
    assert len(re.findall("<article", page)) == len(matrix.rows)


def test_our_record_stands_beside_what_is_said() -> None:
    of = read_set(OPEN[0])
    measured = {Slot.AIRCRAFT_COUNT: ("Radar R1 held tracks T1 and T2 from 02:14:07.",)}
    page = statement_page(compare(list(of.documents.values()), of.assertions, (), measured))
    assert "Our record</strong><ul><li>Radar R1 held tracks T1 and T2 from 02:14:07.</li>" in page


@pytest.mark.browser
def test_it_fits_a_phone_and_reads_from_right_to_left(chromium_path: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(statement_page(matrix_of(ARABIC.encode(), ARABIC.encode() + b"More.")), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 800})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        table = page.evaluate("(t => t.scrollWidth - t.clientWidth)(document.querySelector('.scroll'))")
        cells = page.get_by_role("rowheader").count(), page.get_by_role("cell").count()
        directions = page.evaluate(
            "[...document.querySelectorAll('q')].map(q => getComputedStyle(q).direction)"
        )
        browser.close()
    assert widths == [360, 360]
    assert table == 0
    assert cells[0] >= 1
    assert cells[1] >= 2 * cells[0]
    assert "rtl" in directions
    assert asked == [path.as_uri()]
