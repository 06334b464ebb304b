"""How two sayings on one slot stand: numbers, times, kinds, bans and words, as stories."""

from __future__ import annotations

import pytest

from skykeep.domain.statement import Relation, Slot, SpeechAct
from skykeep.statements.value_relations import relation_of

AGREE, CONTRADICT = Relation.AGREE, Relation.CONTRADICT
SAYS, DENIES, DOUBTS = SpeechAct.CLAIMS, SpeechAct.DENIES, SpeechAct.DOUBTS

STORIES = {
    "the same number": (Slot.AIRCRAFT_COUNT, ("2", SAYS), ("2", SAYS), AGREE),
    "another number": (Slot.AIRCRAFT_COUNT, ("2", SAYS), ("3", SAYS), CONTRADICT),
    "a range that holds it": (Slot.AIRCRAFT_COUNT, ("2-4", SAYS), ("3", SAYS), AGREE),
    "at least so many": (Slot.AIRCRAFT_COUNT, ("at least 3", SAYS), ("2", SAYS), CONTRADICT),
    "several against nobody saw any": (Slot.AIRCRAFT_COUNT, ("several", SAYS), ("0", DENIES), CONTRADICT),
    "a number denied by who names another": (Slot.AIRCRAFT_COUNT, ("2", SAYS), ("3", DENIES), None),
    "a kind of the same kind": (Slot.AIRCRAFT_TYPE, ("drone", SAYS), ("multirotor", SAYS), AGREE),
    "two kinds": (Slot.AIRCRAFT_TYPE, ("fixed_wing", SAYS), ("multirotor", SAYS), CONTRADICT),
    "a word that is no kind": (Slot.AIRCRAFT_TYPE, ("aerial projectile", SAYS), ("drone", SAYS), None),
    "a lantern is no drone": (Slot.AIRCRAFT_TYPE, ("a paper lantern", SAYS), ("drone", SAYS), CONTRADICT),
    "damage denied": (Slot.DAMAGE, ("some", DENIES), ("a third of the roof", SAYS), CONTRADICT),
    "a rifle and a shot": (Slot.HEARD, ("a rifle", SAYS), ("a shot or shots", SAYS), AGREE),
    "two means": (Slot.MEANS_OF_DEFEAT, ("electronic", SAYS), ("radar", SAYS), CONTRADICT),
    "means not known": (Slot.MEANS_OF_DEFEAT, ("unknown", SAYS), ("radar", SAYS), None),
    "means denied": (Slot.MEANS_OF_DEFEAT, ("electronic", DENIES), ("electronic", SAYS), CONTRADICT),
    "other means denied": (Slot.MEANS_OF_DEFEAT, ("projectile", DENIES), ("electronic", SAYS), None),
    "down in two words": (Slot.OUTCOME, ("shot down", SAYS), ("destroyed", SAYS), AGREE),
    "down against hit": (Slot.OUTCOME, ("fell", SAYS), ("hit_target", SAYS), CONTRADICT),
    "one fell, one flew off": (Slot.OUTCOME, ("fell", SAYS), ("flew_off", SAYS), None),
    "nobody against one": (Slot.CASUALTIES, ("0", SAYS), ("1 hurt", SAYS), CONTRADICT),
    "unknown is no number": (Slot.CASUALTIES, ("0", SAYS), ("unknown", SAYS), None),
    "none against a roof": (Slot.DAMAGE, ("none", SAYS), ("a third of the roof", SAYS), CONTRADICT),
    "accused and denied": (
        Slot.ATTRIBUTION,
        ("the Mole Front", SAYS),
        ("the accusation", DENIES),
        CONTRADICT,
    ),
    "accused, and another cleared": (Slot.ATTRIBUTION, ("Oreth", SAYS), ("Fennick", DENIES), None),
    "nobody accused": (Slot.ATTRIBUTION, ("unknown", SAYS), ("the accusation", DENIES), None),
    "two names that may be one": (Slot.ATTRIBUTION, ("the Fennick regime", SAYS), ("Oreth", SAYS), None),
    "doubted in passing": (Slot.PLACE, ("over the mole", SAYS), ("over the mole", DOUBTS), None),
    "not there, and there": (
        Slot.WHEREABOUTS,
        ("not at the lodge", SAYS),
        ("at the lodge", SAYS),
        CONTRADICT,
    ),
    "two moments": (Slot.EVENT_TIME, ("2031-05-02T02:30Z", SAYS), ("2031-05-02T04:30Z", SAYS), CONTRADICT),
    "a moment in two zones": (
        Slot.EVENT_TIME,
        ("2031-05-02T02:30Z", SAYS),
        ("2031-05-02T04:30+02:00", SAYS),
        AGREE,
    ),
    "a number in words": (Slot.AIRCRAFT_COUNT, ("three or four", SAYS), ("4", SAYS), AGREE),
    "no more than two": (Slot.AIRCRAFT_COUNT, ("no more than two", SAYS), ("3", SAYS), CONTRADICT),
    "up to six holds four": (Slot.AIRCRAFT_COUNT, ("as many as six", SAYS), ("4", SAYS), AGREE),
    "the dead and the hurt": (Slot.CASUALTIES, ("1 dead", SAYS), ("3 hurt", SAYS), None),
    "two tolls": (Slot.CASUALTIES, ("1 dead, 3 hurt", SAYS), ("1 dead and two hurt", SAYS), CONTRADICT),
    "no dead, some hurt": (Slot.CASUALTIES, ("no dead, 3 hurt", SAYS), ("3 hurt", SAYS), AGREE),
    "bangs by two names": (Slot.HEARD, ("2 loud cracks", SAYS), ("two shots", SAYS), AGREE),
    "a number of other noises": (Slot.HEARD, ("2 bangs", SAYS), ("1 engine", SAYS), None),
    "nothing broken in two words": (Slot.DAMAGE, ("none", SAYS), ("the tanks are whole", SAYS), AGREE),
    "whole but for a window": (Slot.DAMAGE, ("nothing but a window", SAYS), ("a window", SAYS), AGREE),
    "means in words": (
        Slot.MEANS_OF_DEFEAT,
        ("a beam of green light", SAYS),
        ("electronic", SAYS),
        CONTRADICT,
    ),
    "jammers are electronic": (Slot.MEANS_OF_DEFEAT, ("by a jammer", SAYS), ("electronic", SAYS), AGREE),
    "a span that holds a moment": (
        Slot.EVENT_TIME,
        ("2031-05-02T01:40/2031-05-02T03:15", SAYS),
        ("2031-05-02T02:30", SAYS),
        AGREE,
    ),
    "a span that does not": (
        Slot.EVENT_TIME,
        ("2031-05-02T01:40/2031-05-02T03:15", SAYS),
        ("2031-05-02T06:30", SAYS),
        CONTRADICT,
    ),
    "a ban and its end": (
        Slot.RESTRICTION,
        ("the ferry is suspended", SAYS),
        ("the ferry runs again", SAYS),
        None,
    ),
    "silence is no relation": (
        Slot.COMMENT,
        ("none", SpeechAct.DECLINES),
        ("none", SpeechAct.DECLINES),
        None,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_two_sayings_stand_so(story: str) -> None:
    slot, one, other, relation = STORIES[story]
    assert relation_of(slot, one, other) is relation
    assert relation_of(slot, other, one) is relation


def test_a_weekday_is_told_by_the_day_of_publication() -> None:
    thursday, first_of_may = ("late on Thursday", SAYS), ("2031-05-01", SAYS)
    assert relation_of(Slot.EVENT_TIME, thursday, first_of_may, ("2031-05-03", "2031-05-05")) is AGREE
    assert relation_of(Slot.EVENT_TIME, thursday, first_of_may, ("2031-05-10", "2031-05-05")) is CONTRADICT


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("yesterday", "2031-05-02", AGREE),
        ("nine nights ago", "2031-04-24", AGREE),
        ("nine nights ago", "2031-04-27", CONTRADICT),
        ("the day before yesterday", "2031-05-01", AGREE),
        ("the night of 1 to 2 May", "2031-05-02T01:10", AGREE),
        ("this morning", "2031-05-02T21:00", CONTRADICT),
        ("on the eve of 9 May", "2031-05-02", None),
        ("before dawn on Friday", "2031-05-02", AGREE),
        ("some time ago", "2031-05-02", None),
    ],
)
def test_days_are_seen_from_the_day_of_publication(one: str, other: str, relation: Relation | None) -> None:
    # The third of May 2031 was a Saturday.
    days = "2031-05-03T07:00", "2031-05-03"
    assert relation_of(Slot.EVENT_TIME, (one, SAYS), (other, SAYS), days) is relation


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("the path is shut till the 14th", "the footpath is closed until the 21st", CONTRADICT),
        ("streets are closed until Friday", "the streets remain closed until 9 May", AGREE),
        ("streets are closed until Friday", "the streets remain closed until 10 May", CONTRADICT),
        ("the path is shut", "the path is shut until the 21st", AGREE),
        ("the path is shut until the 31st", "the path is shut until further notice", AGREE),
    ],
)
def test_bans_are_compared_by_how_long_they_last(one: str, other: str, relation: Relation | None) -> None:
    days = "2031-05-03", "2031-05-05"
    assert relation_of(Slot.RESTRICTION, (one, SAYS), (other, SAYS), days) is relation
