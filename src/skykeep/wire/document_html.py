"""A web page as a reader sees it: its text in paragraphs, and what its head says of publisher and time.

Scripts, styles, navigation, forms and whatever is marked hidden are left out; nothing is run or fetched.
Blocks are set apart by one empty line, runs of white space are one space (a no-break space stays), a line
break stays a line break. Read beside the text: `<meta>` (`article:published_time`, `og:site_name`, ...),
`<time datetime>` and JSON-LD (`datePublished`, `publisher`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.document_text import DecodedText, decode_text

LARGEST_DEPTH = 1_000
_LARGEST_LINKED_DATA = 200_000
_UNSEEN_NAMES = "script style noscript template nav form iframe object svg canvas button select head dialog"
_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
_BLOCK_NAMES = """address article aside blockquote body dd details div dl dt fieldset figcaption figure footer
h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul"""
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_VOID = frozenset(_VOID_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SITE = ("og:site_name", "application-name", "publisher", "dc.publisher", "author", "article:author")
_TIMES = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate",
    "parsely-pub-date", "sailthru.date", "article:modified_time",
)  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_WHITE = re.compile("[ \t\r\n\f]+")


class PageText(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader sees of a page, and what the page says of itself; "" where it says nothing."""

    text: str
    title: str
    headline: str
    publisher: str
    published: str
    decoded: DecodedText = DecodedText("", "")


def read_html(data: bytes, declared: str = "") -> PageText:
    """Return the page's text; DecodeError when there is none, or it is nested deeper than any page is."""
    found = _DECLARED.search(data[:2048])
    decoded = decode_text(data, declared or (found[1].decode("ascii") if found else ""))
    return msgspec.structs.replace(page_text(decoded.text), decoded=decoded._replace(text=""))


def page_text(markup: str) -> PageText:
    """Return what a reader sees of the markup of a page."""
    reader = _Reader()
    try:
        reader.feed(markup)
        reader.close()
    except (AssertionError, RecursionError, ValueError) as error:
        raise DecodeError("html", f"markup that cannot be read ({error})", "HTML") from error
    text = reader.seen()
    if not text:
        raise DecodeError("html", "nothing a reader could see", "at least one word")
    return PageText(
        text=text,
        title=reader.title(),
        headline=reader.headline,
        publisher=reader.publisher(),
        published=reader.when(),
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, bool]] = []
        self._names: Counter[str] = Counter()
        self._unseen = 0
        self._paragraphs: list[str] = []
        self._pieces: list[str] = []
        self._title: list[str] = []
        self.headline = ""
        self._metas: dict[str, str] = {}
        self._times: list[str] = []
        self._linked: list[str] | None = None
        self._linked_texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("itemprop") or "").casefold()
            self._metas.setdefault(name, given.get("content", "").strip())
        if tag == "time" and given.get("datetime"):
            self._times.append(given["datetime"].strip())
        if tag == "script" and given.get("type", "").casefold() == "application/ld+json":
            self._linked = []
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag == "br" and not self._unseen:
            self._pieces.append("\n")
        if tag in _VOID:
            return
        if len(self._open) >= LARGEST_DEPTH:
            raise DecodeError("html", f"over {LARGEST_DEPTH:,} elements inside one another", "a page")
        unseen = tag in _UNSEEN or "hidden" in given or bool(_HIDDEN_STYLE.search(given.get("style", "")))
        self._open.append((tag, unseen))
        self._names[tag] += 1
        self._unseen += unseen

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._linked is not None:
            self._linked_texts.append("".join(self._linked))
            self._linked = None
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag == "h1" and self._paragraphs and not self.headline:
            self.headline = self._paragraphs[-1]
        if not self._names[tag]:
            return
        while True:
            name, unseen = self._open.pop()
            self._names[name] -= 1
            self._unseen -= unseen
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._linked is not None:
            self._linked.append(data)
        elif self._open and self._open[-1][0] == "title":
            self._title.append(data)
        elif not self._unseen:
            self._pieces.append(_WHITE.sub(" ", data))

    def _end_paragraph(self) -> None:
        lines = re.sub(" *\n *", "\n", re.sub(" {2,}", " ", "".join(self._pieces))).strip(" \n")
        if lines:
            self._paragraphs.append(lines)
        self._pieces = []

    def seen(self) -> str:
        self._end_paragraph()
        return "\n\n".join(self._paragraphs) + ("\n" if self._paragraphs else "")

    def title(self) -> str:
        return _WHITE.sub(" ", "".join(self._title)).strip()

    def publisher(self) -> str:
        said = [_name_of(one.get("publisher")) for one in self._linked_records()]
        said += [self._metas.get(name, "") for name in _SITE]
        return next((name for name in said if name), "")

    def when(self) -> str:
        said = [str(one.get("datePublished") or "") for one in self._linked_records()]
        said += [self._metas.get(name, "") for name in _TIMES]
        return next((time for time in [*said, *self._times] if time), "")

    def _linked_records(self) -> Iterator[dict[str, Any]]:
        """Yield the objects of the page's JSON-LD, also those of lists and graphs; what is broken is none."""
        for text in self._linked_texts:
            try:
                held = json.loads(text) if len(text) <= _LARGEST_LINKED_DATA else None
            except (ValueError, RecursionError):
                continue
            listed = held if isinstance(held, list) else [held]
            for one in listed:
                if isinstance(one, dict):
                    graph = one.get("@graph")
                    yield one
                    yield from (
                        (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()
                    )


def _name_of(held: Any) -> str:
    if isinstance(held, dict):
        held = held.get("name")
    return held.strip() if isinstance(held, str) else ""
