"""What is proposed from a text: who says what, at which characters, and never anything that is not there."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings import RECORDINGS, needs_recordings
from skykeep.domain.statement import Assertion, Slot, SourceDocument, SpeechAct
from skykeep.statements.folding import fold
from skykeep.statements.propose import propose
from skykeep.statements.rules import rules
from skykeep.statements.rules_form import FIELDS
from statement_gold import LATER, LEARNED_FROM, LEARNED_LATER, ONLY_SCORED, Tally, meets, outcomes, tally
from statement_sets import document as named

HERE = Path(__file__).parent
SENTENCES = [
    tuple(part.strip() for part in line.split(" | "))
    for line in (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
REPORT = (
    "Harbour Wire, 3 May 2031\n\n"
    "Two drones were shot down over the old mole at about 2.20 a.m., the Interior Ministry said.\n\n"
    "“There were no casualties,” its spokeswoman, Ada Brill, told us. “One of them fell in the dock.\n\n"
    "“We have no doubt that the palace was the target.”\n\n"
    "Residents reported hearing three loud bangs. The embassy of Orland did not immediately comment.\n"
)


def document(text: str, publisher: str = "", published: str = "2031-05-03") -> SourceDocument:
    return named("d1", text, publisher, published)


def of_slot(text: str, slot: Slot, publisher: str = "") -> list[Assertion]:
    return [one for one in propose(document(text, publisher)) if one.slot is slot]


def words(text: str, one: Assertion) -> str:
    return text[one.passage.start : one.passage.end]


def test_a_short_report_is_read_as_a_person_would_read_it() -> None:
    said = {
        (one.slot, words(REPORT, one)): (one.value, one.speaker, one.act, one.is_direct)
        for one in propose(document(REPORT, "Harbour Wire"))
    }
    ministry, brill = "the Interior Ministry", "Ada Brill"
    claims = SpeechAct.CLAIMS
    assert said[Slot.AIRCRAFT_COUNT, "Two drones"] == ("2", ministry, claims, False)
    assert said[Slot.AIRCRAFT_TYPE, "drones"] == ("drone", ministry, claims, False)
    assert said[Slot.MEANS_OF_DEFEAT, "shot down"] == ("shot down", ministry, claims, False)
    assert said[Slot.PLACE, "over the old mole"] == ("over the old mole", ministry, claims, False)
    assert said[Slot.EVENT_TIME, "at about 2.20 a.m."] == ("2031-05-03T02:20", ministry, claims, False)
    assert said[Slot.CASUALTIES, "no casualties"] == ("0", brill, claims, True)
    assert said[Slot.OUTCOME, "fell"] == ("fell", brill, claims, True)
    assert said[Slot.TARGET, "the palace"] == ("the palace", brill, claims, True)
    heard = ("3 loud bangs", "Residents", SpeechAct.REPORTS_HEARING, False)
    assert said[Slot.HEARD, "three loud bangs"] == heard
    silent = said[Slot.COMMENT, "did not immediately comment"]
    assert silent == ("none", "The embassy of Orland", SpeechAct.DECLINES, False)
    assert not {slot for slot, _ in said} & {Slot.RESTRICTION, Slot.FOOTAGE, Slot.DAMAGE}


@pytest.mark.parametrize(("slot", "expected", "text"), SENTENCES)
def test_a_plain_sentence_is_understood(slot: str, expected: str, text: str) -> None:
    start = text.lower().index(expected.lower())
    spans = [(one.passage.start, one.passage.end) for one in of_slot(text, Slot(slot))]
    assert any(meets((start, start + len(expected)), span) for span in spans), spans


@pytest.mark.parametrize(
    ("opened", "closed"),
    [("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("»", "«"), ("‘", "’"), ("「", "」")],
)
def test_quotation_marks_of_every_kind_hold_direct_speech(opened: str, closed: str) -> None:
    text = f"General Aldo Fenn said: {opened}There were no casualties.{closed} It rained."
    one = of_slot(text, Slot.CASUALTIES)[0]
    assert (words(text, one), one.is_direct) == ("no casualties", True)
    assert one.speaker == "General Aldo Fenn"


def test_spaces_that_do_not_break_and_marks_that_steer_writing_shift_no_offset() -> None:
    text = "The\u00a0ministry\u202fsaid\u200e that two\u00a0drones were\u00a0shot\u00a0down."
    assert words(text, of_slot(text, Slot.AIRCRAFT_COUNT)[0]) == "two\u00a0drones"
    assert of_slot(text, Slot.OUTCOME)[0].value == "shot down"
    assert len(fold(text)) == len(text)


def test_who_passes_words_on_stands_in_the_chain() -> None:
    text = (
        "State outlet Orwire said: “Last night two drones were aimed at the palace. "
        "The Palace has assessed these actions as a planned terrorist act.”"
    )
    act = of_slot(text, Slot.MOTIVE)[-1]
    assert (act.speaker, act.via, act.is_direct) == ("The Palace", ("State outlet Orwire",), True)
    told = "A guard told Quickwire that he heard two explosions."
    assert of_slot(told, Slot.HEARD)[0].via == ("Quickwire",)


def test_a_pronoun_leads_to_who_spoke_last_and_a_surname_to_the_full_name() -> None:
    text = (
        "“Nobody was hurt,” said Inspector Dora Quell. Two drones had been seen. "
        "She added that one of them fell in the harbour. Quell would not say who sent them."
    )
    fell = of_slot(text, Slot.OUTCOME)[0]
    assert fell.speaker.endswith("Dora Quell")
    assert of_slot(text, Slot.COMMENT)[0].speaker.endswith("Dora Quell")


def test_a_denial_is_a_denial_and_silence_is_none() -> None:
    text = "The embassy denied any involvement in the drone attack. The consulate had no comment."
    denied = of_slot(text, Slot.ATTRIBUTION)[0]
    assert (denied.act, denied.speaker) == (SpeechAct.DENIES, "The embassy")
    silent = of_slot(text, Slot.COMMENT)[0]
    assert (silent.act, silent.value) == (SpeechAct.DECLINES, "none")


def test_hedges_are_marked_and_stop_at_their_own_clause() -> None:
    text = "The drone may have been jammed. Two people were hurt."
    assert of_slot(text, Slot.MEANS_OF_DEFEAT)[0].is_hedged
    assert not of_slot(text, Slot.CASUALTIES)[0].is_hedged


def test_satire_marked_as_such_is_hedged_throughout() -> None:
    text = "THE TRUMPET (satire)\n\nTwo drones were shot down with a trombone, the palace said.\n"
    found = propose(document(text))
    assert found
    assert all(one.is_hedged and one.act is SpeechAct.CLAIMS for one in found)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("a pair of drones", "2"),
        ("half a dozen drones", "6"),
        ("at least three drones", "at least 3"),
        ("two to four drones", "2-4"),
        ("twenty-two drones", "22"),
        ("no fewer than five drones", "at least 5"),
        ("several drones", "several"),
        ("up to five drones", "up to 5"),
        ("a baker's dozen drones", "13"),
    ],
)
def test_numbers_in_words_become_numbers(said: str, value: str) -> None:
    assert of_slot(f"The ministry counted {said} over the river.", Slot.AIRCRAFT_COUNT)[0].value == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("at 2.30 a.m.", "2031-05-03T02:30"),
        ("at 02:47", "2031-05-03T02:47"),
        ("at half past four", "2031-05-03T04:30"),
        ("at thirteen minutes to three this morning", "2031-05-03T02:47"),
        ("shortly after a quarter past eleven last night", "2031-05-02T23:15"),
        ("on Thursday", "2031-05-01"),
        ("at 22:47 UTC on 2 May", "2031-05-02T22:47Z"),
        ("before the rain", None),
    ],
)
def test_times_are_resolved_by_the_day_of_publication(said: str, value: str | None) -> None:
    found = of_slot(f"Two drones were seen over the dam {said}.", Slot.EVENT_TIME)
    assert [one.value for one in found] == ([value] if value else [])


def test_a_log_that_goes_over_midnight_keeps_its_days() -> None:
    text = (
        "NIGHT LOG 02-03 MAY 2031 (UTC+3)\n\n"
        "2355  Car 3: one UAV over the depot.\n"
        "0010  Car 3: UAV down in the yard.\n"
    )
    values = [one.value for one in of_slot(text, Slot.EVENT_TIME)]
    assert values == ["2031-05-02T23:55+03:00", "2031-05-03T00:10+03:00"]
    assert {one.speaker for one in of_slot(text, Slot.OUTCOME)} == {"Car 3"}


def test_posts_are_spoken_by_their_handles() -> None:
    text = "Nell @nell_w 03:31: I heard two explosions\nRP @Mayor: “One drone was netted over the Mint.”\n"
    assert of_slot(text, Slot.HEARD)[0].speaker == "Nell @nell_w"
    assert of_slot(text, Slot.MEANS_OF_DEFEAT)[0].speaker == "@Mayor"


@pytest.mark.parametrize(
    "foreign",
    [
        "قال المتحدث: «سقطت طائرتان مسيرتان قرب الميناء».",
        "הדובר אמר: „שני כלי טיס נפלו בים“.",
        "سخنگو گفت: «دو پهپاد سرنگون شد».",
        "Министр сообщил: «Два беспилотника сбиты».",
    ],
)
def test_other_scripts_pass_through_and_shift_nothing(foreign: str) -> None:
    text = f"{foreign} The ministry said that two drones were shot down. {foreign}"
    counts = of_slot(text, Slot.AIRCRAFT_COUNT)
    assert [words(text, one) for one in counts] == ["two drones"]
    for one in propose(document(foreign)):
        assert 0 <= one.passage.start < one.passage.end <= len(foreign)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["", "2031-05-03", "nonsense", "2031-05-03T07:00+02:00"]))
def test_any_text_gives_passages_that_lie_in_it(text: str, published: str) -> None:
    assert len(fold(text)) == len(text)
    found = propose(document(text, published=published))
    for one in found:
        assert 0 <= one.passage.start < one.passage.end <= len(text)
        assert one.value
        assert (one.slot is Slot.COMMENT) == (one.act is SpeechAct.DECLINES)
    assert len({one.assertion_id for one in found}) == len(found)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([text for _, _, text in SENTENCES]), min_size=1, max_size=8), st.randoms())
def test_what_is_proposed_twice_is_the_same_and_no_passage_is_said_twice_of_one_slot(
    said: list[str], dice: object
) -> None:
    text = "\n\n".join(said)
    found = propose(document(text))
    assert found == propose(document(text))
    by_rules = [one for one in found if "/" in one.proposed_by]
    for one, other in itertools.pairwise(by_rules):
        if one.slot is other.slot:
            assert other.passage.start >= one.passage.end


def test_every_rule_has_a_passage_and_a_need_that_is_known() -> None:
    known = {"event", "hear", "ban", "footage", "principal", "log", "posts", "corrects", *FIELDS}
    for rule in rules():
        assert any(name.startswith("p") for name in rule.pattern.groupindex), rule.name
        assert rule.needs <= known, rule.name


def unmarked(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Return a text without its braces, and the slot and place of what stood in each pair."""
    text, opened, labels = "", [], []
    for piece in re.split(r"(\{\w+\||\})", marked):
        if piece.startswith("{"):
            opened.append((piece[1:-1], len(text)))
        elif piece == "}":
            slot, start = opened.pop()
            labels.append((slot, start, len(text)))
        else:
            text += piece
    return text, labels


def test_whole_texts_of_our_own_are_mostly_understood() -> None:
    whole = (HERE / "marked.txt").read_text(encoding="utf-8")
    whole = "".join(line for line in whole.splitlines(keepends=True) if not line.startswith("# "))
    found = []
    for marked in whole.split("###\n"):
        text, labels = unmarked(marked)
        proposals = propose(document(text, published=""))
        for slot, start, end in labels:
            spans = [(one.passage.start, one.passage.end) for one in proposals if one.slot == slot]
            found.append(any(meets((start, end), span) for span in spans))
    assert len(found) == 198
    assert sum(found) >= 180


def pooled(folders: list[Path], texts: Path | None = None) -> Tally:
    together = Tally()
    for folder in folders:
        together.add(tally(outcomes(folder, texts)))
    return together


def test_the_sets_of_the_first_hour_are_found_as_well_as_when_last_measured() -> None:
    folders = sorted(path.parent for path in (HERE / "open").glob("*/labels.toml"))
    found = pooled([one for one in folders if not any(one.name in names for names in LATER.values())])
    assert found.labelled == 420
    assert found.recall >= 0.92
    assert found.precision >= 0.75
    assert min(found.share("act"), found.share("value")) >= 0.88
    assert found.share("speaker") >= 0.86
    assert min(found.share("direct"), found.share("hedged")) >= 0.95


@pytest.mark.parametrize(
    ("names", "labelled", "recall", "precision", "speaker"),
    [
        (LEARNED_FROM, 251, 0.79, 0.68, 0.70),
        (LEARNED_LATER, 600, 0.72, 0.69, 0.84),
        (ONLY_SCORED, 165, 0.62, 0.57, 0.84),
    ],
)
def test_later_sets_are_found_as_well_as_when_last_measured(
    names: tuple[str, ...], labelled: int, recall: float, precision: float, speaker: float
) -> None:
    found = pooled([path.parent for name in names for path in HERE.glob(f"[on]*/{name}/labels.toml")])
    assert found.labelled == labelled
    assert found.recall >= recall
    assert found.precision >= precision
    assert found.share("speaker") >= speaker
    assert min(found.share("act"), found.share("value")) >= 0.75
    assert min(found.share("direct"), found.share("hedged")) >= 0.90


@needs_recordings
def test_the_founding_reports_are_found_as_well_as_when_last_measured() -> None:
    found = pooled([HERE / "founding"], RECORDINGS / "reports")
    assert found.labelled == 139
    assert found.recall >= 0.95
    assert found.precision >= 0.87
    assert min(found.share(aspect) for aspect in ("act", "value", "speaker", "direct", "hedged")) >= 0.90
