"""What documents have from one another: hand cases, laws, and the labelled sets."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.domain.statement import CopyKind, SharedPassage
from skykeep.statements.copies import find_copies, shared_share
from skykeep.statements.copy_synonyms import MEANINGS
from skykeep.statements.copy_words import words_of
from statement_sets import OPEN, document, read_set, score_copies

FEW_WORDS = ("drone", "harbour", "fell", "the", "two", "night", "guard", "of", "mayor", "said", "Mole")
WORDS = st.lists(st.sampled_from(FEW_WORDS))


def between(a: str, b: str, *others: str) -> list[SharedPassage]:
    texts = [document(str(number), text) for number, text in enumerate((a, b, *others))]
    return [one for one in find_copies(texts) if (one.a.document_id, one.b.document_id) == ("0", "1")]


def test_a_passage_printed_again_is_found_where_it_stands_in_both() -> None:
    a = "Sport first. Two drones were brought down over the old mole early on Tuesday, the office said."
    b = "Weather. Two drones were brought down over the old mole on Tuesday, the office said. More follows."
    (found,) = between(a, b)
    assert found.kind is CopyKind.VERBATIM
    assert a[found.a.start : found.a.end] == a[13:-1]
    assert b[found.b.start : found.b.end].startswith("Two drones")
    assert b[found.b.start : found.b.end].endswith("the office said")


def test_whole_paragraphs_that_follow_one_another_are_one_passage() -> None:
    body = (
        "Two drones came over the mole at night.\n\nThe guard brought both of them down."
        "\n\nNobody was hurt at all."
    )
    (found,) = between(f"Alpha Post\n\n{body}\n\nSport.", f"Beta Mail writes:\n\n{body}")
    assert "Nobody was hurt" in body[found.a.start - 12 : found.a.end - 12]
    assert found.a.end - found.a.start == found.b.end - found.b.start == len(body) - 1


def test_two_translations_are_aligned_word_by_word_and_the_changed_word_is_paired() -> None:
    a = 'The agency said: "Prompt actions of the guard using EW systems put the devices out of action."'
    b = "By prompt action of the guard involving radar systems the devices were disabled."
    (found,) = between(a, b)
    assert found.kind is CopyKind.REWORDED
    pairs = {(a[w:x], b[y:z]) for w, x, y, z in found.aligned}
    assert ("EW", "radar") in pairs
    assert ("using", "involving") in pairs
    assert a[found.a.start :].startswith("Prompt")


def test_a_clause_inside_a_longer_sentence_is_found() -> None:
    a = "12 were annihilated by anti-aircraft missile crews of the 9th Brigade. Rain fell."
    b = (
        'A bulletin that was translated here has missile crews of its 9th Brigade "destroying twelve" while '
        "the sea was calm."
    )
    (found,) = between(a, b)
    assert found.kind is CopyKind.REWORDED
    assert 'crews of its 9th Brigade "destroying twelve' in b[found.b.start : found.b.end]
    assert "calm" not in b[found.b.start : found.b.end]


def test_a_short_quotation_lifted_from_the_other_text_is_found() -> None:
    a = "The mayor stood up. We have counted crows all night, she went on, and the harbour laughed."
    b = "Nobody took it gravely. A paper has “counted crows all night” of somebody."
    (found,) = between(a, b)
    assert (found.kind, a[found.a.start : found.a.end]) == (CopyKind.VERBATIM, "counted crows all night")


def test_two_reports_of_one_night_that_share_no_sentence_share_no_passage() -> None:
    a = "Two drones fell into the harbour. The mayor thanked the guard and asked all to stay calm."
    b = "Residents of the harbour saw two drones. A ferry was late. The mayor did not speak of it."
    assert between(a, b) == []


def test_no_break_spaces_and_other_quotation_marks_change_nothing() -> None:
    a = "“Two devices were seen from the tower and both were lost,” the officer told reporters."
    b = '"Two\u00a0devices were seen\u00a0from the tower and both were lost," the officer told reporters.'
    (found,) = between(a, b)
    assert found.similarity == 1.0


def test_a_share_counts_words_and_a_word_in_both_kinds_once() -> None:
    texts = [
        document(
            "a",
            "One two three four five six seven eight nine ten. Something else stands here entirely alone.",
        ),
        document("b", "One two three four five six seven eight nine ten."),
    ]
    shared = find_copies(texts)
    assert shared_share(texts, shared, CopyKind.VERBATIM) == (("a", "b", 10 / 16, 1.0),)
    assert shared_share(texts, shared, CopyKind.REWORDED) == ()


@given(WORDS, WORDS, WORDS)
def test_what_is_found_is_the_same_from_either_side_and_lies_in_the_texts(
    a: list[str], common: list[str], b: list[str]
) -> None:
    one, other = " ".join([*a, *common]), " ".join([*common, *b])
    mine, its = between(one, other), between(other, one)
    assert {(x.a.start, x.a.end, x.b.start, x.b.end) for x in mine if x.kind is CopyKind.VERBATIM} == {
        (x.b.start, x.b.end, x.a.start, x.a.end) for x in its if x.kind is CopyKind.VERBATIM
    }
    for each in mine:
        assert 0 <= each.a.start < each.a.end <= len(one)
        assert all(each.a.start <= w < x <= each.a.end for w, x, _, _ in each.aligned)
        assert all(each.b.start <= y < z <= each.b.end for _, _, y, z in each.aligned)


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    ends = [0]
    for word in words_of(text):
        assert ends[-1] <= word.start < word.end <= len(text)
        ends.append(word.end)


def test_a_word_has_one_meaning() -> None:
    words = MEANINGS.split()
    assert len(words) == len(set(words))


FIRST_SETS = {
    "correction", "denial-of-denial", "forwarded-mail", "police-log", "release-and-paper", "social-posts",
    "wire-copy",
}  # fmt: skip


@pytest.mark.parametrize(
    "folder", [one for one in OPEN if one.name in FIRST_SETS], ids=lambda folder: folder.name
)
def test_every_labelled_verbatim_passage_is_found_and_none_in_vain(folder: Path) -> None:
    of = read_set(folder)
    counts = score_copies(of, find_copies(list(of.documents.values())))
    assert counts["verbatim", "found"] == counts["verbatim", "labelled"]
    assert counts["verbatim", "right"] == counts["verbatim", "proposed"]


def test_as_many_passages_of_all_open_sets_are_found_as_were_measured() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for folder in OPEN:
        of = read_set(folder)
        counts += score_copies(of, find_copies(list(of.documents.values())))
    measured = {"verbatim": (24, 18, 20), "reworded": (22, 17, 25)}
    for kind, (found, right, proposed) in measured.items():
        assert (counts[kind, "found"], counts[kind, "right"], counts[kind, "proposed"]) == (
            found,
            right,
            proposed,
        )
