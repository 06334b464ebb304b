"""Search in a case: every word, name, number and text of it, in any script, through SQLite's FTS5.

The index lives in memory and is made anew from the case's state: there is nothing to keep in step and nothing
to forge. Text and question are folded alike (`folded`): accents, case, width and the digits of other scripts
make no difference, and each ideograph is a word. A question is words that must all be there, the last of each
as a beginning; words in quotation marks stand together. It is never handed to SQLite as a query language.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.incident import Incident, ItemKey, ItemKind
from skykeep.evidence.case_book import CaseBook

LONGEST_QUERY, MOST_HITS = 200, 100
_EXCERPT = 60
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r'"([^"]*)"|(\S+)')
_IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7AF), (0x20000, 0x3FFFF))


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """Something found: what it is, in which incidents, and the words around, as they are written there."""

    kind: str
    item_id: str
    night_id: str
    incident_ids: tuple[str, ...]
    title: str
    before: str
    match: str
    after: str


class _Text(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    item_id: str
    night_id: str
    incident_ids: tuple[str, ...]
    title: str
    text: str


class CaseSearch:
    """The index of a case as it stood when this was made. Not for two threads at once."""

    def __init__(self, book: CaseBook) -> None:
        self._texts = list(_texts(book))
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(
            "CREATE VIRTUAL TABLE told USING fts5(text, content='', tokenize='unicode61 remove_diacritics 0')"
        )
        self._index.executemany(
            "INSERT INTO told (rowid, text) VALUES (?, ?)",
            ((n, folded(f"{each.item_id} {each.title} {each.text}")) for n, each in enumerate(self._texts)),
        )

    def find(self, query: str, most: int = MOST_HITS) -> tuple[SearchHit, ...]:
        """Return what holds all the words, the closest first; InputError where nothing is asked."""
        if len(query) > LONGEST_QUERY:
            raise InputError("query", f"{len(query)} characters", f"at most {LONGEST_QUERY}")
        phrases = [
            words
            for quoted, plain in _PART.findall(query)
            if (words := _WORD.findall(folded(quoted or plain)))
        ]
        if not phrases:
            raise InputError("query", repr(query), "one word at least")
        asked = " AND ".join(f'"{" ".join(words)}" *' for words in phrases)
        rows = self._index.execute(
            "SELECT rowid FROM told WHERE told MATCH ? ORDER BY bm25(told), rowid LIMIT ?",
            (asked, max(0, min(most, MOST_HITS))),
        )
        return tuple(_hit(self._texts[row], phrases[0][0]) for (row,) in rows)

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()


def folded(text: str) -> str:
    """Return text as it is compared: without accents, case, width, and with European digits."""
    return "".join(_folded(character) for character in text)


def _folded(character: str) -> str:
    out = []
    for each in unicodedata.normalize("NFKD", character):
        kind = unicodedata.category(each)
        if kind in ("Mn", "Cf") or each == "\u0640":  # the last stretches an Arabic word
            continue
        if kind == "Nd":
            out.append(str(unicodedata.decimal(each)))
        elif any(first <= ord(each) <= last for first, last in _IDEOGRAPHS):
            out.append(f" {each} ")
        else:
            out.append(each.casefold())
    return "".join(out)


def _texts(book: CaseBook) -> Iterator[_Text]:
    for incident in book.incidents.incidents:
        yield from _of_incident(incident)
    for entry in book.media.values():
        media = entry.media
        said = " ".join(f"{fact.name} {fact.value}" for fact in media.facts)
        yield _Text(
            kind="media",
            item_id=media.media_id,
            night_id="",
            incident_ids=_holding(book, ItemKind.MEDIA, media.media_id),
            title=media.name,
            text=f"{media.media_type} {media.taken} {said} {entry.reason} {media.sha256}",
        )
    for document in book.documents.values():
        yield _Text(
            kind="statement",
            item_id=document.document_id,
            night_id="",
            incident_ids=_holding(book, ItemKind.STATEMENT, document.document_id),
            title=f"{document.publisher} {document.name}".strip(),
            text=f"{document.text}\n{document.published} {document.retrieved_from} {document.sha256}",
        )
    for night_id, each in book.nights.items():
        yield _Text(
            kind="night",
            item_id=night_id,
            night_id=night_id,
            incident_ids=(),
            title=each.night.name,
            text=each.night.checkpoint,
        )


def _of_incident(incident: Incident) -> Iterator[_Text]:
    def text(kind: str, item_id: str, night_id: str, title: str, words: str) -> _Text:
        return _Text(
            kind=kind,
            item_id=item_id,
            night_id=night_id,
            incident_ids=(incident.incident_id,),
            title=title,
            text=words,
        )

    reasons = " ".join(f"{step.because} {step.by}" for step in incident.history if step.what != "added")
    yield text("incident", incident.incident_id, "", incident.title, reasons)
    for held in incident.items:
        key = held.item.key
        if key.kind not in (ItemKind.MEDIA, ItemKind.STATEMENT):
            because = " ".join(origin.because for origin in held.origins)
            yield text(key.kind.value, key.item_id, key.night_id, held.item.says, because)
    for gone in incident.removed:
        key = gone.held.item.key
        yield text(key.kind.value, key.item_id, key.night_id, gone.held.item.says, gone.because)
    for note in incident.notes:
        yield text("note", note.incident_id, "", f"{note.by}:", note.text)


def _holding(book: CaseBook, kind: ItemKind, item_id: str) -> tuple[str, ...]:
    key = ItemKey(kind=kind, item_id=item_id)
    return tuple(incident.incident_id for incident in book.incidents.holding(key))


def _hit(found: _Text, word: str) -> SearchHit:
    whole = found.text
    start, end = _place(whole, word)
    if not end:
        whole = ""  # it is in the title, which is shown anyway
    return SearchHit(
        kind=found.kind,
        item_id=found.item_id,
        night_id=found.night_id,
        incident_ids=found.incident_ids,
        title=found.title,
        before=("…" if start > _EXCERPT else "") + whole[max(0, start - _EXCERPT) : start],
        match=whole[start:end],
        after=whole[end : end + _EXCERPT] + ("…" if len(whole) > end + _EXCERPT else ""),
    )


def _place(text: str, word: str) -> tuple[int, int]:
    """Return where a folded word stands in a text as it is written; (0, 0) where it does not."""
    places: list[int] = []
    plain = ""
    for at, character in enumerate(text):
        more = _folded(character)
        plain += more
        places += [at] * len(more)
    for found in _WORD.finditer(plain):
        if found.group().startswith(word):
            return places[found.start()], places[found.start() + len(word) - 1] + 1
    return 0, 0
