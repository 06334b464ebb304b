"""The dossier on a screen: one file, nothing from outside runs, and every name stands by itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import msgspec

from sample_case import ARABIC, CYRILLIC, HAN, HOSTILE, SAMPLE
from skykeep.app.dossier import printed
from skykeep.base.clock import NS_PER_S
from skykeep.evidence.dossier import dossier
from skykeep.evidence.levels import Level
from skykeep.evidence.paper import Document, Facts, Heading, Look, Run, clock, grouped, span
from skykeep.evidence.paper_html import html_page
from skykeep.evidence.paper_typst import typst_source


class Tags(HTMLParser):
    """Checks that what is opened is closed, and collects tags with their attributes."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


PAGE = printed(SAMPLE, Level.FULL, "html").decode()


def read(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


def test_it_is_one_whole_file_that_asks_for_nothing() -> None:
    tags = read(PAGE).tags

    assert not [tag for tag, _ in tags if tag in ("script", "link", "iframe", "img", "object", "form")]
    assert not [a for _, a in tags if any(name in a for name in ("src", "href", "onload", "onclick"))]
    assert "default-src 'none'" in PAGE
    assert [a["id"] for _, a in tags if "id" in a] == list(
        dict.fromkeys(a["id"] for _, a in tags if "id" in a)
    )


def test_headings_go_down_one_step_at_a_time_and_every_table_has_heads() -> None:
    tags = [tag for tag, _ in read(PAGE).tags]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tags.count("table") == tags.count("thead") == tags.count("caption") > 5


def test_every_word_from_outside_stands_in_bdi_and_nothing_of_it_is_markup() -> None:
    assert f"<bdi>{CYRILLIC} (commander)</bdi>" in PAGE
    # A sentence of ours goes from left to right, and what stands in it in Arabic ends where it ends.
    assert f"<bdi dir=ltr>“Two bangs. {ARABIC}&lrm;”</bdi>" in PAGE
    assert HAN in PAGE
    assert "&lt;a&gt; &amp; `raw`" in PAGE
    assert "<a>" not in PAGE


def test_what_hides_is_printed_as_its_number() -> None:
    hidden = msgspec.structs.replace(SAMPLE, summary=("evil\u202egpj\u2066 \u200b\x07 e\u0301",))

    page = html_page(dossier(hidden))

    assert "evil[U+202E]gpj[U+2066] [U+200B][U+0007] é" in page


def test_both_writers_say_the_same_and_take_nothing_for_markup() -> None:
    block = Facts((("Name", (Run("a", Look.CLOCK), Run(HOSTILE, Look.LATE))),))
    document = Document(
        title="T", case_id="c", simulated=False, level="full", dated_utc_ns=0, blocks=(Heading("#x"), block)
    )

    assert '#heading(level: 1, "#x")' in typst_source(document)
    assert '<h2 id="c1">1 <bdi>#x</bdi></h2>' in html_page(document)
    assert "look-late(" in typst_source(document)
    assert "<span class=late>" in html_page(document)


def test_numbers_and_times_are_said_plainly() -> None:
    start = SAMPLE.start_utc_ns
    assert clock(start, start) == Run("02:10:00", Look.CLOCK)
    assert clock(start + 22 * 3_600 * NS_PER_S, start) == Run("00:10:00 +1", Look.CLOCK)
    assert grouped(1_234_567) == "1\u00a0234\u00a0567"
    assert [span(0, s * 10**9) for s in (7, 67, 3_667)] == ["7 s", "1 min 7 s", "1 h 1 min"]
