"""How far a "not" reaches, whose hedge an "alleged" is, who goes on speaking, and what says nothing."""

from __future__ import annotations

import pytest

from skykeep.domain.statement import Assertion, Slot, SpeechAct
from skykeep.statements.clauses import is_denied, is_denied_after, tells_of_event
from skykeep.statements.propose import propose
from skykeep.statements.values import of_rule
from statement_sets import document

CLAIMS, DENIES, DOUBTS = SpeechAct.CLAIMS, SpeechAct.DENIES, SpeechAct.DOUBTS


def read(text: str, publisher: str = "The Quay Courier") -> tuple[Assertion, ...]:
    return propose(document("d1", text, publisher, "2031-05-03"))


def of_slot(text: str, slot: Slot) -> list[Assertion]:
    return [one for one in read(text) if one.slot is slot]


def words(text: str, one: Assertion) -> str:
    return text[one.passage.start : one.passage.end]


NEGATIONS = {
    "right before": ("The drone was not [shot] down.", True),
    "behind a verb": ("Nobody on the pier had heard any [shot].", True),
    "a subject of none": ("No officer of the guard fired a [shot].", True),
    "an aside between": ("No drone, said the mayor, was [shot] down.", True),
    "raised out of the clause": ("It is not thought that she was in [the hall].", True),
    "raised without that": ("The paper does not believe the drone was [shot] down.", True),
    "claims related to it": ("The union denied claims related to the [shot] heard on the quay.", False),
    "a verb that denies": ("The colonel denied having seen a [drone].", True),
    "another clause": ("It did not rain, but the drone was [shot] down.", False),
    "behind a comma": ("Flying without lights, the drones were [shot] down.", False),
    "a question that is not answered": ("He would not say who had [shot] it down.", False),
    "that of a noun": ("There was no word on the drone that was [shot] down.", False),
    "no doubt": ("There is no doubt that it was [shot] down.", False),
    "not only": ("It was not only [shot] down but burnt.", False),
    "not ruled out": ("She would not rule out a [shot] from the wall.", False),
    "because": ("It did not land because it had been [shot] down.", False),
}


@pytest.mark.parametrize("name", NEGATIONS)
def test_a_negation_reaches_as_far_as_its_scope(name: str) -> None:
    marked, denied = NEGATIONS[name]
    start = marked.index("[")
    text = marked.replace("[", "").replace("]", "")
    assert is_denied(text, start, 0, len(text)) is denied


def test_a_noun_whose_verb_is_negated_is_denied_from_behind() -> None:
    text = "Radio waves do not burn; radio waves are slow."
    assert is_denied_after(text, len("Radio waves"), len(text))
    assert not is_denied_after(text, text.rindex("radio waves") + len("radio waves"), len(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It is not thought that the president was in the building.", "not in the building"),
        ("The president was in the building.", "in the building"),
        ("The president was not in the building.", "not in the building"),
    ],
)
def test_a_whereabouts_keeps_its_negation_where_it_stands_before(text: str, value: str) -> None:
    assert [one.value for one in of_slot(text, Slot.WHEREABOUTS)] == [value]


def test_what_was_not_done_is_denied_and_what_stands_in_another_clause_is_claimed() -> None:
    text = "The guards did not fire, but the drone was jammed, the ministry said."
    acts = {one.value: one.act for one in of_slot(text, Slot.MEANS_OF_DEFEAT)}
    assert acts == {"projectile": DENIES, "electronic": CLAIMS}


def test_a_paper_that_writes_alleged_into_anothers_statement_doubts_for_itself() -> None:
    text = "The palace said that the king had been asleep at the time of the alleged attack on his house."
    doubted = of_slot(text, Slot.MOTIVE)
    assert [(one.act, one.speaker) for one in doubted] == [(DOUBTS, "")]
    assert {one.speaker for one in of_slot(text, Slot.WHEREABOUTS)} == {"The palace"}


def test_so_called_in_somebodys_own_words_is_his() -> None:
    text = "“We know nothing of this so-called attack,” said General Aldo Fenn."
    assert [(one.act, one.speaker) for one in of_slot(text, Slot.MOTIVE)] == [(DOUBTS, "General Aldo Fenn")]


def test_a_hedge_of_the_papers_does_not_hedge_the_speaker() -> None:
    text = "The ministry said that two drones had reportedly been jammed. Three drones reportedly fell."
    means = of_slot(text, Slot.MEANS_OF_DEFEAT)
    assert [(one.speaker, one.is_hedged) for one in means] == [("The ministry", False)]
    own = [one for one in of_slot(text, Slot.AIRCRAFT_COUNT) if one.value == "3"]
    assert [one.is_hedged for one in own] == [True]


@pytest.mark.parametrize(
    "link",
    [
        "Read More: Spy ship gathered secrets off the northern coast for sabotage plans",
        "READ ALSO: Two drones shot down over the dam",
        "Related: Four hurt as drone hits the market",
        "See also | Ban on kites over the harbour",
        "More on this story",
    ],
)
def test_a_link_to_another_report_says_nothing(link: str) -> None:
    text = f"Two drones were jammed, the ministry said.\n\n{link}\n\nOne of them fell in the dock.\n"
    start, end = text.index(link), text.index(link) + len(link)
    assert not [one for one in read(text) if start <= one.passage.start < end]
    assert len(of_slot(text, Slot.OUTCOME)) == 1


def test_shot_down_names_no_means_and_a_gun_does() -> None:
    assert [one.value for one in of_slot("Two drones were shot down.", Slot.MEANS_OF_DEFEAT)] == ["shot down"]
    text = "Two drones were shot down with machine guns."
    assert "projectile" in [one.value for one in of_slot(text, Slot.MEANS_OF_DEFEAT)]


def test_who_asks_asserts_nothing() -> None:
    text = "What happened? Was anybody hurt? Who sent it? Can I fly today? A drone fell on the quay."
    assert {one.slot for one in read(text)} == {Slot.AIRCRAFT_TYPE, Slot.OUTCOME, Slot.PLACE}


@pytest.mark.parametrize(
    ("clause", "tells"),
    [
        ("Two drones circled [over the mill]", True),
        ("It fell [into the pond]", True),
        ("Passengers are asked to queue [at the south doors]", False),
        ("Two drones fell, but the minister was [at his desk]", False),
    ],
)
def test_a_place_is_of_the_event_where_its_clause_tells_of_one(clause: str, tells: bool) -> None:
    start, end = clause.index("["), clause.index("]") - 1
    text = clause.replace("[", "").replace("]", "")
    assert tells_of_event(text, start, end, 0, len(text)) is tells


def speaker_of(text: str, slot: Slot, value: str) -> str:
    return next(one.speaker for one in of_slot(text, slot) if value in words(text, one))


def test_reported_speech_goes_on_in_the_past_until_the_paragraph_ends() -> None:
    text = (
        "No guard was hurt by the drone, the captain said. One cook had cut his hand.\n\n"
        "One sailor had cut his foot.\n"
    )
    assert speaker_of(text, Slot.CASUALTIES, "cut his hand") == "the captain"
    assert speaker_of(text, Slot.CASUALTIES, "One sailor") == ""


def test_a_quotation_belongs_to_who_opens_its_paragraph() -> None:
    text = (
        "The drone was netted, said the police.\n\n"
        "Orla Finch, who sells fish on the quay, is unmoved. “I heard two loud bangs that night.”\n\n"
        "Old Ned Marrow has only his ears to go by: “Three loud bangs, and then the dog.”\n"
    )
    assert speaker_of(text, Slot.HEARD, "two loud bangs") == "Orla Finch"
    assert speaker_of(text, Slot.HEARD, "Three loud bangs").endswith("Ned Marrow")


def test_two_speakers_parted_by_a_semicolon_keep_their_numbers() -> None:
    text = "The airport says five drones; the union says nobody in the tower saw more than two drones."
    assert speaker_of(text, Slot.AIRCRAFT_COUNT, "five") == "The airport"
    assert speaker_of(text, Slot.AIRCRAFT_COUNT, "two").endswith("the union")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Three residents told the paper that one drone had crashed.", "Three residents"),
        ("Several subscribers write that one drone crashed.", "Several subscribers"),
        ("According to the night porter one drone crashed.", "the night porter"),
        ("One drone crashed into the yard of the customs house by the river, says Orland.", "Orland"),
        ("1. This Office confirms that one drone crashed.", ""),
        ("A clip from the pier shows one drone that crashed.", ""),
        ("When asked, Mayor Sera Obin said that one drone had crashed.", "Mayor Sera Obin"),
    ],
)
def test_who_says_that_it_crashed(text: str, speaker: str) -> None:
    assert speaker_of(text, Slot.OUTCOME, "crashed") == speaker


def test_lines_of_a_chat_are_spoken_by_whom_they_name() -> None:
    text = (
        "01:12 | admin: one drone crashed\n"
        "01:19 | mo_the_cook: heard two loud bangs\n"
        "01:31 | forwarded from YARD TALK: my cousin says three drones\n"
    )
    assert speaker_of(text, Slot.OUTCOME, "crashed") == "admin"
    assert speaker_of(text, Slot.HEARD, "two loud bangs") == "mo_the_cook"
    assert speaker_of(text, Slot.AIRCRAFT_COUNT, "three") == "my cousin"


def test_the_fields_of_a_form_say_what_their_labels_ask() -> None:
    text = (
        "OPERATION REPORT 12\n"
        "Place: North Mill, coal yard\n"
        "Cause of crash acc. to the miller: collision with the crane\n"
        "Measures: battery cooled with sand, wreck handed to the police. Yard fenced off.\n"
        "Injured: 2 (burns)\n"
        "Damage: crane cab, two windows\n"
        "Press: one call, no information given\n"
    )
    said = {(one.slot, words(text, one), one.value, one.speaker) for one in read(text)}
    assert (Slot.PLACE, "North Mill, coal yard", "North Mill, coal yard", "") in said
    assert (Slot.CASUALTIES, "2", "2 hurt", "") in said
    assert (Slot.DAMAGE, "crane cab, two windows", "crane cab, two windows", "") in said
    deeds = [words(text, one) for one in of_slot(text, Slot.RESPONSE_TAKEN)]
    assert deeds == ["battery cooled with sand", "wreck handed to the police", "Yard fenced off"]
    assert [one.value for one in of_slot(text, Slot.COMMENT)] == ["none"]
    assert [words(text, one) for one in of_slot(text, Slot.MEANS_OF_DEFEAT)] == ["collision with the crane"]


def test_whoever_accuses_is_not_the_accused() -> None:
    active = "Norland has accused Ostland of an attack with two drones on the palace."
    assert [(one.value, one.speaker) for one in of_slot(active, Slot.ATTRIBUTION)] == [("Ostland", "Norland")]
    passive = "Ostland has been accused of the attack with two drones on the palace."
    assert [one.value for one in of_slot(passive, Slot.ATTRIBUTION)] == ["Ostland"]


def test_what_is_named_only_to_be_denied_is_not_claimed() -> None:
    text = "The Norland side has denied the accusation related to the drone attack on the Harbour Palace."
    assert [(one.slot, one.act) for one in read(text)] == [(Slot.ATTRIBUTION, DENIES)]


def test_forces_and_means_want_nothing() -> None:
    text = "Norland sent all its forces and means to clear the harbour after the two drones came."
    assert of_slot(text, Slot.MOTIVE) == []


def test_a_ban_that_will_remain_is_nobodys_whereabouts_and_its_exception_is_whole() -> None:
    text = (
        "The mayor said that after drones came to the president's residence all drone flights will remain "
        'prohibited unless the "port authority" gives a special permit.'
    )
    assert of_slot(text, Slot.WHEREABOUTS) == []
    (one,) = of_slot(text, Slot.EXCEPTION)
    assert words(text, one) == 'unless the "port authority" gives a special permit'


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Lund said the police closed the north gate", "the police closed the north gate"),
        ("said that all flights will remain prohibited", "all flights will remain prohibited"),
        ("from the ban, Mayor Tom Lund said", "from the ban"),
        ("when it sees fit,” the statement said", "when it sees fit"),
        ("a man who said nothing", "a man who said nothing"),
        ("the mayor said", "the mayor said"),
    ],
)
def test_who_says_it_is_no_part_of_what_is_said(words: str, value: str) -> None:
    assert of_rule("=", words) == value


def test_a_second_one_makes_two() -> None:
    assert of_rule("#", "the second drone") == "2"
    assert of_rule("#", "a further one") == "a further one"
