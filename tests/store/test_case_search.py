"""Search in a case: in any script, by any word, and nothing that is asked is ever carried out."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skykeep.base.errors import InputError
from skykeep.domain.casework import AddDocument, AddMedia, AttachNight, Media, MediaFact
from skykeep.domain.incident import (
    AddToIncident,
    Item,
    ItemKey,
    ItemKind,
    NoteOnIncident,
    OpenIncident,
)
from skykeep.domain.statement import SourceDocument
from skykeep.evidence.case_book import CaseBook
from skykeep.store.case_search import CaseSearch, folded

T0 = 1_900_000_000_000_000_000
TEXTS = {
    "D-1": ("Harbour Wire", "Two aircraft came over the harbour, a spokesman said. Nobody was hurt."),
    "D-2": ("Вестник", "Два беспилотника сбиты над гаванью."),
    "D-3": ("الميناء", "أُسقطت طائرتان مسيّرتان فوق المينـاء في ٣ أيار"),
    "D-4": ("港湾新聞", "港の上空で無人機２機が目撃された"),
    "D-5": ("Hafenblatt", "Über der Straße fielen Trümmer; café Élan blieb heil."),
}


def case() -> CaseBook:
    book = CaseBook()
    book.apply(
        AttachNight(
            name="the-night 1",
            begins_with="0" * 64,
            mode="LIVE",
            simulated=False,
            start_utc_ns=T0,
            entries=0,
            checkpoint="",
            by="op",
            time_utc_ns=T0,
        )
    )
    track = Item(
        key=ItemKey(kind=ItemKind.TRACK, item_id="20", night_id="N-1"), time_utc_ns=T0, says="Track 20"
    )
    book.apply(OpenIncident(title="Two drones", reason="They came", by="ada", time_utc_ns=T0, items=(track,)))
    book.apply(OpenIncident(title="A balloon", reason="It drifted", by="ben", time_utc_ns=T0))
    book.apply(NoteOnIncident(incident_id="I-2", text="Called the zoo: not theirs", by="op", time_utc_ns=T0))
    media = Media(
        media_id="M-1",
        name="IMG_0042.jpg",
        media_type="image/jpeg",
        sha256="a" * 64,
        size_bytes=1,
        facts=(MediaFact(name="Model", value="Sightline 5"),),
    )
    book.apply(AddMedia(media=media, by="op", time_utc_ns=T0, reason="From a resident"))
    clip = Item(key=ItemKey(kind=ItemKind.MEDIA, item_id="M-1"), time_utc_ns=T0, says="IMG_0042.jpg")
    book.apply(AddToIncident(incident_id="I-1", items=(clip,), reason="Shows it", by="op", time_utc_ns=T0))
    for document_id, (publisher, text) in TEXTS.items():
        book.apply(
            AddDocument(
                document=SourceDocument(
                    document_id=document_id,
                    name="a.txt",
                    media_type="text/plain",
                    sha256=hashlib.sha256(text.encode()).hexdigest(),
                    size_bytes=len(text),
                    text=text,
                    publisher=publisher,
                    published="2031-05-03",
                    published_from="text",
                    published_words=None,
                    retrieved_utc_ns=T0,
                ),
                by="ada",
                time_utc_ns=T0,
            )
        )
    return book


SEARCH = CaseSearch(case())
FOUND = {
    "a word of a title": ("drones", "incident I-1"),
    "the beginning of a word": ("dron", "incident I-1"),
    "any case": ("DRONES", "incident I-1"),
    "a number": ("I-2", "incident I-2"),
    "why it was opened": ("drifted", "incident I-2"),
    "a track": ("track 20", "track 20"),
    "a note": ("zoo", "note I-2"),
    "a name of a file": ("img_0042", "media M-1"),
    "what a camera says": ("sightline", "media M-1"),
    "a hash": ("a" * 64, "media M-1"),
    "words of a statement": ("spokesman", "statement D-1"),
    "words together": ('"two aircraft"', "statement D-1"),
    "words in any order": ("hurt nobody", "statement D-1"),
    "Russian, another ending": ("беспилотник", "statement D-2"),
    "Russian, capitals": ("ГАВАНЬЮ", "statement D-2"),
    "Arabic without vowels and stretching": ("الميناء اسقطت", "statement D-3"),
    "an Arabic digit": ("3 أيار", "statement D-3"),
    "Japanese inside a run": ("無人機", "statement D-4"),
    "a wide digit": ("2機", "statement D-4"),
    "accents left out": ("cafe elan", "statement D-5"),
    "accents put in": ("Trümmer", "statement D-5"),
    "a sharp s": ("strasse", "statement D-5"),
    "a night": ("the-night", "night N-1"),
}


@pytest.mark.parametrize("story", FOUND)
def test_finds(story: str) -> None:
    query, wanted = FOUND[story]

    assert wanted in [f"{hit.kind} {hit.item_id}" for hit in SEARCH.find(query)]


@pytest.mark.parametrize("query", ['"aircraft two"', "drones zoo", "harbourx", "track 21"])
def test_does_not_find(query: str) -> None:
    assert SEARCH.find(query) == ()


def test_a_hit_says_where_it_is_and_shows_the_words_as_written() -> None:
    (hit,) = SEARCH.find("strasse trummer")
    assert (hit.before, hit.match, hit.after[:8]) == ("Über der ", "Straße", " fielen ")

    (media,) = SEARCH.find("0042")
    assert media.incident_ids == ("I-1",)


@pytest.mark.parametrize("query", ["", "   ", '""', "*", "' ;--", "()^:+-"])
def test_a_question_without_a_word_is_refused(query: str) -> None:
    with pytest.raises(InputError, match=r"query: .* must be one word at least"):
        SEARCH.find(query)


def test_a_question_has_a_length() -> None:
    with pytest.raises(InputError, match="query: 201 characters, must be at most 200"):
        SEARCH.find("a" * 201)


@pytest.mark.parametrize(
    "query",
    [
        'drones"; DROP TABLE told; --',
        "text:drones",
        "drones OR balloon",
        "NEAR(drones balloon)",
        "drones NOT two",
        '"drones',
        "dr*nes",
        "{text}: drones",
        "drones^2",
    ],
)
def test_what_looks_like_a_command_is_only_words(query: str) -> None:
    SEARCH.find(query)

    assert [hit.item_id for hit in SEARCH.find("drones")] == ["I-1"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_asked_an_answer_or_a_refusal_comes(query: str) -> None:
    try:
        hits = SEARCH.find(query)
    except InputError:
        return
    assert all(hit.kind for hit in hits)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)).split() == folded(text).split()
