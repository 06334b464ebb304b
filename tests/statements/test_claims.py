"""One claim in other words, and lineages by whom a document cites: hand cases, and the labelled sets."""

from __future__ import annotations

from collections import Counter

from skykeep.domain.statement import (
    Assertion,
    CopyGround,
    CopyKind,
    LineageGround,
    Slot,
    SpeechAct,
)
from skykeep.statements.copies import find_copies
from skykeep.statements.copy_claims import same_claims
from skykeep.statements.lineage import find_lineages
from statement_sets import OPEN, document, found_copies, labelled_copies, read_set, said, spans_meet

CHANNEL = document(
    "a", "Nobody hurt so far. The tanks are whole. Two seen, both gone north.", "Governor Pell", "2031-05-03"
)
PAPER = document(
    "b",
    "Governor Pell writes that there was no injury to anyone, that his storage stands, and that a pair came. "
    "A baker says no harm was done to people.",
    "Evening Sheet",
    "2031-05-03",
)
OWN = (
    said(CHANNEL, "Nobody hurt", Slot.CASUALTIES, "0"),
    said(CHANNEL, "The tanks are whole", Slot.DAMAGE, "none"),
    said(CHANNEL, "Two seen", Slot.AIRCRAFT_COUNT, "2"),
)
CITED = (
    said(PAPER, "no injury to anyone", Slot.CASUALTIES, "0", "Governor Pell"),
    said(PAPER, "his storage stands", Slot.DAMAGE, "none", "Governor Pell"),
    said(PAPER, "a pair", Slot.AIRCRAFT_COUNT, "2", "Governor Pell"),
)
BAKER = said(PAPER, "no harm was done to people", Slot.CASUALTIES, "0", "A baker")


def claims(*assertions: Assertion) -> list[tuple[str, str]]:
    found = same_claims((CHANNEL, PAPER), assertions, find_copies((CHANNEL, PAPER)))
    assert all((one.ground, one.kind) == (CopyGround.CLAIM, CopyKind.REWORDED) for one in found)
    return [(CHANNEL.text[x.a.start : x.a.end], PAPER.text[x.b.start : x.b.end]) for x in found]


def test_one_speakers_claim_is_joined_in_whatever_words_and_nobody_elses() -> None:
    assert claims(*OWN, *CITED, BAKER) == [
        ("Nobody hurt", "no injury to anyone"),
        ("The tanks are whole", "his storage stands"),
    ]
    assert claims(*OWN, BAKER) == []


def test_another_value_and_a_denial_are_no_claim_of_the_same() -> None:
    other = said(PAPER, "no injury to anyone", Slot.CASUALTIES, "1 hurt", "Governor Pell")
    assert claims(OWN[0], other) == []
    denied = said(PAPER, "no injury to anyone", Slot.CASUALTIES, "0", "Governor Pell", SpeechAct.DENIES)
    assert claims(OWN[0], denied) == []


def test_a_claim_made_twice_is_joined_once() -> None:
    again = said(PAPER, "no harm was done to people", Slot.CASUALTIES, "0", "Governor Pell")
    assert claims(OWN[0], CITED[0], again) == [("Nobody hurt", "no injury to anyone")]


def test_who_cites_a_publisher_for_what_he_says_himself_is_of_his_lineage_and_it_says_why() -> None:
    (line,) = find_lineages((PAPER, CHANNEL), (), (*OWN, *CITED, BAKER))
    assert (line.document_ids, line.origin, line.source_id) == (("a", "b"), "Governor Pell", "a")
    assert line.ground is LineageGround.CITED
    # One thing alone anybody may have said; and who says something else is no source of it.
    assert find_lineages((PAPER, CHANNEL), (), (*OWN, CITED[0])) == ()
    assert find_lineages((PAPER, CHANNEL), (), (*OWN, BAKER)) == ()


def test_what_came_out_later_is_no_source() -> None:
    later = document("a", CHANNEL.text, "Governor Pell", "2031-05-04")
    (line,) = find_lineages((PAPER, later), (), (*OWN, *CITED))
    assert (line.document_ids, line.origin, line.source_id) == (("b", "a"), "Governor Pell", "")


def test_as_many_claims_of_the_open_sets_are_joined_as_were_measured() -> None:
    counts: Counter[str] = Counter()
    for folder in OPEN:
        of = read_set(folder)
        documents = list(of.documents.values())
        joined = same_claims(documents, of.assertions, find_copies(documents))
        gold = labelled_copies(of)
        for one in found_copies(of, joined):
            counts["labelled" if any(spans_meet(one, label) for label in gold) else "not labelled"] += 1
    assert counts == {"labelled": 9, "not labelled": 9}


def test_two_papers_that_heard_one_speaker_alike_are_of_one_origin_for_his_words_alone() -> None:
    first = document("f", "The major counted two. Both sank. Nobody was hurt, he said. Dark it was.", "Post")
    second = document("s", "A pair came, said the major. They went under, and no one suffered.", "Mail")
    told = {Slot.AIRCRAFT_COUNT: "2", Slot.OUTCOME: "fell", Slot.CASUALTIES: "0"}
    words = {"f": ("two", "sank", "Nobody was hurt"), "s": ("A pair", "went under", "no one suffered")}
    heard = [
        said(where, each, slot, value, "the major")
        for where in (first, second)
        for each, (slot, value) in zip(words[where.document_id], told.items(), strict=True)
    ]
    (line,) = find_lineages((first, second), (), heard)
    assert (line.ground, line.origin, line.source_id) == (LineageGround.SAME_SPEAKER, "the major", "")
    # On two slots two people may hear the same of anybody.
    assert find_lineages((first, second), (), heard[:-1]) == ()
