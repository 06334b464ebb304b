"""Statements side by side: who stands how to whom, how many origins that makes, and never who is right."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from skykeep.domain.statement import (
    Relation,
    Review,
    ReviewState,
    Slot,
    SpeechAct,
)
from skykeep.statements.copies import find_copies
from skykeep.statements.corrections import plain
from skykeep.statements.lineage import find_lineages, origins_of
from skykeep.statements.matrix import compare
from skykeep.statements.propose import propose
from skykeep.statements.speakers import Speakers
from statement_sets import OPEN, Cell, document, read_set, said, score_cells

VERDICT = re.compile(
    r"\b(?:true|truth|false|falsely|lie|lies|liar|lying|prov\w+|wrong|correctly|in fact)\b", re.I
)
AGREE, CONTRADICT = Relation.AGREE, Relation.CONTRADICT
SAYS, DENIES, DOUBTS = SpeechAct.CLAIMS, SpeechAct.DENIES, SpeechAct.DOUBTS


A = document(
    "a", 'The office said: "Prompt actions of the guard using EW systems put the devices out of action."'
)
B = document(
    "b", "By prompt action of the guard involving radar systems the devices were disabled, the office said."
)
DAYS = (("a", "6"), ("b", "9"))
C = document("c", "A ferryman saw a missile strike one of them. The mole was not hit, said nobody.")
VOICES = (
    said(A, "EW systems", Slot.MEANS_OF_DEFEAT, "electronic", "The office"),
    said(B, "radar systems", Slot.MEANS_OF_DEFEAT, "radar", "the office"),
    said(C, "a missile", Slot.MEANS_OF_DEFEAT, "projectile", "A ferryman", SpeechAct.REPORTS_SEEING),
)


def test_one_statement_in_two_wordings_stands_beside_another_voice() -> None:
    matrix = compare((A, B, C), VOICES)
    (row,) = matrix.rows
    assert row.relation is CONTRADICT
    assert row.one_statement == ((0, 1),)
    assert row.origins == 2
    assert row.sentence == (
        "Electronic means (The office in a); radar (The office in b): one statement in two wordings | "
        "saw: a projectile (A ferryman in c) – two origins contradict one another."
    )
    assert [[one.document_id for one in group] for group in matrix.wordings] == [["a", "b"]]


def test_silence_a_refusal_to_comment_and_a_denial_are_three_things() -> None:
    post = document(
        "p", "The Front sent it, the office said. The Embassy did not comment. The Front denied it."
    )
    voices = (
        said(post, "The Front sent it", Slot.ATTRIBUTION, "the Front", "the office"),
        said(post, "did not comment", Slot.COMMENT, "none", "The Embassy", SpeechAct.DECLINES),
        said(post, "denied it", Slot.ATTRIBUTION, "the Front", "The Front", DENIES),
        said(C, "a missile", Slot.MEANS_OF_DEFEAT, "projectile", "A ferryman", SpeechAct.REPORTS_SEEING),
    )
    rows = {row.slot: row for row in compare((post, C), voices).rows}
    assert rows[Slot.ATTRIBUTION].relation is CONTRADICT
    assert [voice.act for voice in rows[Slot.ATTRIBUTION].voices] == [SAYS, DENIES]
    # The ferryman is heard once, and asked for that; that the Embassy gave no comment is a row of its own.
    assert rows[Slot.ATTRIBUTION].silent == ("c",)
    assert rows[Slot.COMMENT].sentence == "Asked, and gave no comment: The Embassy in p."


def test_silent_is_who_spoke_of_the_night_and_not_of_this() -> None:
    post = document(
        "p",
        "Two fell, the guard said. Nobody was hurt, the guard said. The baker heard a bang. The clip "
        "shows one. The clip shows smoke. One flew off, said Ada Vell, the guard's spokeswoman.",
        "Harbour Post",
    )
    feast = document("f", "The cake was large, the cook said.", "Baking Week")
    voices = (
        said(post, "Two", Slot.AIRCRAFT_COUNT, "2", "the guard"),
        said(post, "Nobody was hurt", Slot.CASUALTIES, "0", "the guard"),
        said(post, "a bang", Slot.HEARD, "1 bang", "The baker", SpeechAct.REPORTS_HEARING),
        said(post, "shows one", Slot.AIRCRAFT_COUNT, "1", "The clip"),
        said(post, "smoke", Slot.FOOTAGE, "smoke", "The clip"),
        said(post, "flew off", Slot.OUTCOME, "flew_off", "Ada Vell"),
        said(C, "a missile", Slot.MEANS_OF_DEFEAT, "projectile", "A ferryman"),
        said(C, "a missile", Slot.AIRCRAFT_COUNT, "2", "A ferryman"),
        said(feast, "large", Slot.DAMAGE, "a large cake", "the cook"),
    )
    matrix = compare((post, C, feast), voices)
    silent = {row.slot: row.silent for row in matrix.rows}
    # The guard's spokeswoman speaks for it; the baker is heard once, no clip speaks, and a feast is no night.
    assert matrix.apart == ("f",)
    assert silent[Slot.OUTCOME] == ("c",)
    assert silent[Slot.MEANS_OF_DEFEAT] == ("the guard", "Harbour Post")
    assert silent[Slot.HEARD] == ("the guard", "c")
    assert set(matrix.heard_once) == {"The baker", "Ada Vell", "A ferryman", "the cook"}


def test_an_outlet_whose_words_are_an_offices_statement_is_no_second_origin_on_any_slot() -> None:
    words = "Two devices were put out of action by EW systems. They fell behind the old harbour mole."
    agency = document("a", f"The agency reported: {words}", "Mail")
    office = document("o", f"The office stated: {words}", "Post")
    voices = [
        said(where, part, slot, value, speaker)
        for where, speaker in ((agency, "The agency"), (office, "The office"))
        for part, slot, value in (
            ("Two", Slot.AIRCRAFT_COUNT, "2"),
            ("EW systems", Slot.MEANS_OF_DEFEAT, "electronic"),
            ("fell", Slot.OUTCOME, "fell"),
        )
    ]
    other = document("c", "A ferryman saw two. He also saw a bird.", "Quay")
    voices.append(said(other, "two", Slot.AIRCRAFT_COUNT, "2", "A ferryman"))
    matrix = compare((agency, office, other), voices)
    rows = {row.slot: row for row in matrix.rows}
    assert (rows[Slot.AIRCRAFT_COUNT].relation, rows[Slot.AIRCRAFT_COUNT].origins) == (AGREE, 2)
    assert rows[Slot.AIRCRAFT_COUNT].voice_origins == (1, 1, 2)
    assert rows[Slot.AIRCRAFT_COUNT].sentence.endswith("two origins agree.")
    assert rows[Slot.OUTCOME].origins == 1


def test_only_those_origins_are_said_to_agree_that_do() -> None:
    told = {
        "Ada": "counted a pair",
        "Bo": "had two over his roof",
        "Cy": "looked up at three",
        "Di": "saw some",
    }
    values = {"Ada": "2", "Bo": "2", "Cy": "3", "Di": "at least 1"}
    texts = [document(name, f"{name} {words}.", f"Paper {name}") for name, words in told.items()]
    voices = [
        said(one, name, Slot.AIRCRAFT_COUNT, values[name], name)
        for one, name in zip(texts, told, strict=True)
    ]
    (row,) = compare(texts, voices).rows
    assert (row.origins, row.agreeing, row.contradicting) == (4, 3, 3)
    assert row.sentence.endswith("– contradiction among three of four origins; three agree.")
    (row,) = compare(texts[:3], [voices[0], voices[1]]).rows
    assert row.sentence.endswith("– two origins agree.")
    own = [voices[0], said(texts[0], "Ada", Slot.AIRCRAFT_COUNT, "5", "Ada"), voices[3]]
    (row,) = compare(texts, own).rows
    assert (row.relation, row.contradicting) == (CONTRADICT, 0)
    assert row.sentence.endswith("– two origins, of which one differs with itself; two agree.")


def test_of_several_aircraft_one_may_come_through_and_others_fall() -> None:
    voices = (
        said(A, "put the devices out", Slot.OUTCOME, "fell", "The office"),
        said(A, "action", Slot.OUTCOME, "hit_target", "The office"),
        said(C, "a missile", Slot.OUTCOME, "hit_target", "A ferryman"),
    )
    (row,) = compare((A, C), voices).rows
    assert row.relation is AGREE
    (row,) = compare((A, C), (voices[0], voices[2])).rows
    assert row.relation is CONTRADICT


def test_five_papers_with_one_source_count_as_one() -> None:
    body = "Two drones were brought down over the old mole early on Tuesday, the office said."
    papers = [document(f"p{number}", f"HARBOUR (Seawire) - {body}", f"Paper {number}") for number in range(5)]
    voices = [said(one, "Two drones", Slot.AIRCRAFT_COUNT, "2", "the office") for one in papers]
    matrix = compare(papers, voices)
    assert [(len(line.document_ids), line.origin) for line in matrix.lineages] == [(5, "Seawire")]
    (row,) = matrix.rows
    assert row.relation is Relation.ONE
    assert [(voice.speaker, voice.origins, len(voice.document_ids)) for voice in row.voices] == [
        ("the office", 1, 5)
    ]


def test_what_one_knows_only_through_another_is_no_second_source() -> None:
    post = document(
        "p",
        "The whole coach heard a bang, says Pell. Three residents saw 2; one of them, Mira Tollund, counted "
        "2. So there were 2.",
        "Harbour Post",
    )
    other = document("o", "There were 2, says a ferryman.", "Mail")
    pell = said(post, "says Pell", Slot.HEARD, "a bang", "Pell", SpeechAct.REPORTS_HEARING)
    coach = said(post, "a bang", Slot.HEARD, "a bang", "The whole coach", SpeechAct.REPORTS_HEARING)
    heard = (pell, msgspec.structs.replace(coach, via=("Pell",)))
    counted = (
        said(post, "saw 2", Slot.AIRCRAFT_COUNT, "2", "Three residents"),
        said(post, "counted 2", Slot.AIRCRAFT_COUNT, "2", "Mira Tollund"),
        said(post, "there were 2", Slot.AIRCRAFT_COUNT, "2", ""),
    )
    ferryman = said(other, "There were 2", Slot.AIRCRAFT_COUNT, "2", "a ferryman")
    rows = {row.slot: row for row in compare((post, other), (*heard, *counted)).rows}
    assert (rows[Slot.HEARD].relation, rows[Slot.HEARD].origins) == (Relation.ONE, 1)
    assert (rows[Slot.AIRCRAFT_COUNT].relation, rows[Slot.AIRCRAFT_COUNT].origins) == (Relation.ONE, 1)
    (row,) = compare((post, other), (*counted, ferryman)).rows
    assert (row.relation, row.origins) == (AGREE, 2)
    # Without a word of whom he has it from, Pell and the coach are two.
    (row,) = compare((post, other), (pell, coach)).rows
    assert (row.relation, row.origins) == (AGREE, 2)


def test_a_country_that_speaks_is_its_one_ministry_and_of_two_is_neither() -> None:
    one = document("p", "…", "Harbour Post")
    names = ("Ministry of Defence of the Republic of Vashar", "Vashar", "a ferryman")
    voices = [said(one, "…", Slot.TARGET, "x", name) for name in (*names, "General Staff of Vashar")]
    assert Speakers((one,), voices[:3]).side_of("Vashar") == names[0]
    assert Speakers((one,), voices).side_of("Vashar") == "Vashar"


def test_all_down_against_all_away_is_a_contradiction_and_of_several_fates_is_none() -> None:
    post = document("p", "It fell, says the guard. It flew off, says the mayor. Another landed.", "Post")
    voices = (
        said(post, "It fell", Slot.OUTCOME, "fell", "the guard"),
        said(post, "It flew off", Slot.OUTCOME, "flew_off", "the mayor"),
        said(post, "Another landed", Slot.OUTCOME, "landed", "the mayor"),
    )
    assert compare((post,), voices[:2]).rows[0].pairs == ((0, 1, CONTRADICT),)
    assert compare((post,), voices).rows[0].pairs == ()


def test_recasts_of_one_agency_are_one_lineage_under_its_full_name() -> None:
    first = document("1", "LISK, 1 May 2031 (HPS) - Two drones fell on the old mole at dawn, the guard said.")
    second = document(
        "2",
        "LISK, 1 May 2031 (HPS) - A pier was closed. At dawn two drones had fallen on the old mole, the "
        "guard said. A man told Harbour Press Service that he slept.",
    )
    other = document("3", "A ferry was late on Monday.")
    texts = (first, second, other)
    assert [(line.document_ids, line.origin) for line in find_lineages(texts, find_copies(texts), ())] == [
        (("1", "2"), "Harbour Press Service")
    ]


def test_a_paper_has_from_a_release_what_it_has_its_publisher_say() -> None:
    release = document(
        "r",
        f"12 were annihilated by anti-aircraft missile crews of the 9th Brigade. {'Rain fell there. ' * 40}",
        "Ministry of Oreth",
    )
    aside = "A reader asks where the timetable of the ferry may be had, and at what price. " * 6
    paper = document(
        "p", f'A bulletin has missile crews of its 9th Brigade "destroying twelve". {aside}', "Courier"
    )
    voices = (
        said(release, "12", Slot.AIRCRAFT_COUNT, "12", ""),
        said(paper, "twelve", Slot.AIRCRAFT_COUNT, "12", "The ministry"),
    )
    sides = find_lineages((release, paper), find_copies((release, paper)), voices)
    assert sides == ()
    named = (voices[0], msgspec.structs.replace(voices[1], speaker="the Oreth ministry"))
    (line,) = find_lineages((release, paper), find_copies((release, paper)), named)
    assert line.origin == "Ministry of Oreth"


def test_a_repost_has_its_words_from_whom_it_names() -> None:
    words = "Please stay indoors. One drone was netted over the mint by our officers tonight."
    mayor = document("mayor", f"02:03 {words}", "Mayor of Tarn @tarnmayor", "2031-06-12")
    reposter = document(
        "ilva", f"What was that? RP @tarnmayor: “{words}” Strange.", "Ilva @ilva", "2031-06-12"
    )
    (line,) = find_lineages((reposter, mayor), find_copies((reposter, mayor)), ())
    assert line.origin == "Mayor of Tarn @tarnmayor"
    assert origins_of(("mayor", "ilva"), (line,)) == 1
    assert origins_of(("mayor", "ilva"), ()) == 2


def test_names_of_one_speaker_are_one_and_of_two_are_two() -> None:
    post = document("p", "…", "Harbour Post")
    names = (
        "the Ministry of the Interior",
        "the Interior Ministry",
        "Harl Dovetsky",
        "Dovetsky",
        "the mayor",
        "Mayor Sera Obin",
        "the Foreign Ministry in Varsk",
        "Varsk",
        "a senior officer in the Palace Guard",
        "the Palace Guard",
        "the movement",
        "the Free Fells movement",
        "RP @tarnoffice",
        "Tarn Office @TarnOffice",
    )
    voices = [said(post, "…", Slot.TARGET, "x", name) for name in names]
    speakers = Speakers((post,), voices)
    assert [speakers.name_of("p", name) for name in names] == [
        "the Ministry of the Interior",
        "the Ministry of the Interior",
        "Harl Dovetsky",
        "Harl Dovetsky",
        "Mayor Sera Obin",
        "Mayor Sera Obin",
        "the Foreign Ministry in Varsk",
        "Varsk",
        "a senior officer in the Palace Guard",
        "the Palace Guard",
        "the Free Fells movement",
        "the Free Fells movement",
        "Tarn Office @TarnOffice",
        "Tarn Office @TarnOffice",
    ]
    assert speakers.name_of("p", "") == "Harbour Post"


def test_a_speaker_who_publishes_too_is_called_as_his_documents_are() -> None:
    mayor = document("m", "…", "Mayor @tarnmayor")
    reposter = document("r", "…", "Ilva @ilva")
    voices = [said(reposter, "…", Slot.TARGET, "x", "5/6 Shared by a friend from @TarnMayor")]
    assert Speakers((mayor, reposter), voices).name_of("r", voices[0].speaker) == "Mayor @tarnmayor"


def test_a_correction_beside_a_claim_may_be_the_old_value_or_the_new_and_is_compared_with_no_claim() -> None:
    first = document("x", "There were 2. We had said 3. It was by night.", "Post")
    other = document("y", "The guard: 3. The guard had said 4.", "Mail")
    voices = (
        said(first, "2", Slot.AIRCRAFT_COUNT, "2", ""),
        said(first, "3", Slot.AIRCRAFT_COUNT, "3", "", SpeechAct.CORRECTS),
        said(other, "3", Slot.AIRCRAFT_COUNT, "3", "the guard"),
    )
    (row,) = compare((first, other), voices).rows
    assert row.pairs == ((0, 2, CONTRADICT),)
    (alone,) = compare((first, other), voices[1:]).rows
    assert alone.pairs == ((0, 1, CONTRADICT),)


def test_what_was_refused_is_gone_and_what_was_corrected_counts_as_corrected() -> None:
    corrected = said(B, "radar systems", Slot.MEANS_OF_DEFEAT, "electronic", "the office")
    reviews = (
        Review(assertion_id=VOICES[2].assertion_id, state=ReviewState.REFUSED, by="Ada", time_utc_ns=1),
        Review(
            assertion_id=VOICES[1].assertion_id,
            state=ReviewState.CORRECTED,
            by="Ada",
            time_utc_ns=2,
            corrected=corrected,
        ),
    )
    matrix = compare((A, B, C), VOICES, reviews)
    (row,) = matrix.rows
    assert (row.relation, [voice.value for voice in row.voices]) == (Relation.ONE, ["electronic"])
    assert matrix.unreviewed == 1


def test_what_was_measured_stands_beside_what_is_said_and_also_alone() -> None:
    measured = {
        Slot.MEANS_OF_DEFEAT: ("Effect E1 was simulated at 02:14.",),
        Slot.HEARD: ("The array heard 2.",),
    }
    rows = {row.slot: row for row in compare((A,), VOICES[:1], measured=measured).rows}
    assert rows[Slot.MEANS_OF_DEFEAT].measured == ("Effect E1 was simulated at 02:14.",)
    assert (rows[Slot.HEARD].relation, rows[Slot.HEARD].sentence) == (Relation.SILENT, "Nobody speaks of it.")


@pytest.mark.parametrize("folder", OPEN, ids=lambda folder: folder.name)
def test_no_sentence_is_a_verdict(folder: Path) -> None:
    of = read_set(folder)
    for assertions in (of.assertions, [one for each in of.documents.values() for one in propose(each)]):
        matrix = compare(list(of.documents.values()), assertions)
        said_by_others = {word for one in assertions for word in (one.value, one.speaker)}
        for row in matrix.rows:
            ours = row.sentence
            for words in sorted(said_by_others | {each.publisher for each in matrix.documents}, key=len)[
                ::-1
            ]:
                # A sentence begins with a capital, also where it begins with somebody's words.
                ours = re.sub(re.escape(" ".join(words.split())), "", ours, flags=re.IGNORECASE)
            assert not VERDICT.search(ours), row.sentence


def test_the_labelled_cells_are_shown_from_labelled_assertions() -> None:
    cells = [cell for folder in OPEN for cell in _scored(folder)]
    shown = sum(cell.shown for cell in cells)
    # Measured (benchmarks/statement_copies.py tells them by relation).
    assert (shown, len(cells)) == (179, 201)


def _scored(folder: Path) -> list[Cell]:
    of = read_set(folder)
    return score_cells(of, of.assertions)


def test_what_a_document_says_itself_makes_those_whom_it_quotes_no_one_origin() -> None:
    post = document("p", "Drones came. Drones, said the guard. Drones, said the rebels' own man.", "Post")
    other = document("o", "Machines with wings, a ferryman said.", "Mail")
    voices = (
        said(post, "Drones came", Slot.AIRCRAFT_TYPE, "drone", ""),
        said(post, "said the guard", Slot.AIRCRAFT_TYPE, "drone", "the guard"),
        said(post, "own man", Slot.AIRCRAFT_TYPE, "drone", "a rebel"),
        said(other, "Machines", Slot.AIRCRAFT_TYPE, "drone", "a ferryman"),
    )
    (row,) = compare((post, other), voices).rows
    assert row.voice_origins == (1, 1, 2, 3)
    assert row.sentence.endswith("– three origins agree.")


def test_a_short_sentence_in_like_words_of_two_people_is_no_one_statement() -> None:
    post = document("p", "Two drones fell into the harbour, the office said. It rained.", "Post")
    mail = document("m", "Three drones fell into the harbour, the mayor said. The sun came up.", "Mail")
    voices = [
        said(where, f"{number} drones", slot, value, speaker)
        for where, number, count, speaker in (
            (post, "Two", "2", "the office"),
            (mail, "Three", "3", "the mayor"),
        )
        for slot, value in ((Slot.AIRCRAFT_COUNT, count), (Slot.OUTCOME, "fell"))
    ]
    matrix = compare((post, mail), voices)
    rows = {row.slot: row for row in matrix.rows}
    assert rows[Slot.AIRCRAFT_COUNT].one_statement == ()
    assert rows[Slot.AIRCRAFT_COUNT].sentence.endswith("– two origins contradict one another.")
    assert rows[Slot.OUTCOME].sentence.endswith("– two origins agree.")
    assert matrix.lineages == ()


@pytest.mark.parametrize("folder", OPEN, ids=lambda path: path.name)
def test_no_document_is_given_the_words_of_another(folder: Path) -> None:
    of = read_set(folder)
    documents = list(of.documents.values())
    for assertions in (of.assertions, [each for one in documents for each in propose(one)]):
        matrix = compare(documents, assertions)
        said_as = {one.assertion_id: plain(one.value) for one in matrix.assertions}
        for row in matrix.rows:
            for voice in row.voices:
                assert {said_as[name] for name in voice.assertion_ids} == {plain(voice.value)}


def test_one_speaker_whose_ban_ends_on_two_days_in_two_papers_is_told_so() -> None:
    undated = [document(name, f"The airport is closed to all drones until {day} May.") for name, day in DAYS]
    until = [msgspec.structs.replace(one, published="2031-05-04") for one in undated]
    bans = [said(one, one.text[:-1], Slot.RESTRICTION, one.text[:-1], "Mayor Lund") for one in until]

    (row,) = compare(until, bans).rows

    assert [voice.document_ids for voice in row.voices] == [("a",), ("b",)]
    assert [voice.value[-5:] for voice in row.voices] == ["6 May", "9 May"]
    assert row.pairs == ((0, 1, CONTRADICT),)
    # Of another year, for all that is told.
    (row,) = compare(undated, bans).rows
    assert row.pairs == ()
