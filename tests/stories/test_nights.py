"""The table of nights: each is run through the pipeline itself, and must come out as it says.

A night whose verdict waits for something that is not built yet is in `nights/waiting.toml` with the reason;
when it comes out right, it must leave that list.
"""

from __future__ import annotations

import tomllib

import pytest

from skykeep.sim.world import World
from story_nights import FOLDER, NightStory, Watch, run_story, stories
from story_pages import PAGE, page, read
from story_words import SENTENCES, UnknownSentenceError, failures, meaning

WAITING: dict[str, str] = tomllib.loads((FOLDER / "waiting.toml").read_text(encoding="utf-8"))["waiting"]


@pytest.mark.parametrize("name", list(stories()))
def test_night(name: str, world: World) -> None:
    story = stories()[name]
    failed = failures(run_story(story, world), story.expect)
    if name in WAITING:
        assert failed, f"{name} comes out right: take it off the list of those that wait"
        pytest.xfail(f"{WAITING[name]}: {failed[0]}")
    assert not failed, "\n".join(failed)


def test_there_are_sixty_nights_and_each_can_be_read() -> None:
    assert len(stories()) >= 60
    for story in stories().values():
        assert len(story.text.split()) >= 8, story.name
        assert story.expect, story.name
        for said in story.expect:
            assert meaning(said), said


def test_only_nights_of_the_table_wait() -> None:
    assert set(WAITING) <= set(stories())
    assert all(reason.strip() for reason in WAITING.values())


def test_an_unknown_sentence_is_refused() -> None:
    with pytest.raises(UnknownSentenceError):
        meaning("alert on raider, eventually")


def test_the_page_of_the_nights_is_current() -> None:
    """Its texts, expectations and waiting list; what was seen is as of when it was made."""
    made = page(read("seen.toml", "seen"), read("waiting.toml", "waiting"))
    assert PAGE.read_text(encoding="utf-8") == made, "run python tests/story_pages.py --text"


@pytest.fixture(scope="module")
def raid(world: World) -> Watch:
    """One raid with the police about, in which two people decide: looked at, never changed."""
    changed = {
        "reactions/first_approval_s": 5.0,
        "playbooks/residence-drone/effects/soft/success_probability": 0.0,
    }
    story = NightStory(name="raid", text="", expect=(), cast=("raider", "police"), change=changed)
    return run_story(story, world)


WRONG = (
    "no alert on raider",
    "no alert at all",
    "no alert on raider before 100 s",
    "alert on police",
    "alert on police within 10 s of appearing",
    "alert on raider within 1 s of appearing",
    "alert on raider at least 500 s before breach",
    "at most 0 alerts in all",
    "police is one alert",
    "at least 2 of raider in one alert",
    "raider and police are different alerts",
    "alert on raider is shelved",
    "alert on police is never cleared",
    'grounds of raider say "an elephant"',
    "raider is tracked within 0 s of appearing",
    "standing of raider is friend",
    "standing of police is never friend",
    "raider is taken for a bird",
    "claim PLCEC0A4T9VVE21KD is caught",
    "claim PLCEC0A4T9VVE21KD is caught by motion",
    "claim PLCEC0A4T9VVE21KD is told to be on the air twice",
    "claim PLCEC0A4T9VVE21KD agrees with raider",
    "claim PLCEC0A4T9VVE21KD is never believed of police",
    "verdict on raider is allowed",
    "verdict on police is forbidden",
    "verdict on raider is allowed after 10 s",
    "verdict on raider is allowed before 60 s",
    'verdict on raider cites "Special permit 417"',
    "verdict on police fails by time",
    "raider aims at parade-square",
    "behaviour of police is pop_up",
    "at least 2 of raider fly in one group",
    "police weighs more than raider",
    "priority of police reaches 0.9",
    "priority of raider stays under 0.1",
    "breach of police is foretold within 5 s",
    "task shelter is called_off",
    "task shelter is never asked",
    "task shelter is told to the nobody",
    "a proposal on police",
    "no proposal on raider",
    "proposals need 5 approvals",
    "a proposal is refused",
    "no effect is ordered",
    "an effect on raider by 4 persons",
    "raider is landed in truth",
    "scans are refused",
    "posture is red at 50 s",
    'posture says "an elephant"',
    "a report arrives by 1 s",
)


@pytest.mark.parametrize("said", WRONG)
def test_what_is_not_so_is_found_out(said: str, raid: Watch) -> None:
    assert any(line.startswith(f"{said}: ") for line in failures(raid, [said]))


def test_what_is_so_passes(raid: Watch) -> None:
    assert not failures(raid, ["alert on raider", "no alert on police", "raider aims at residence"])


def test_nearly_every_sentence_was_seen_to_fail() -> None:
    checked = {meaning(said)[0] for said in WRONG}
    unseen = {pattern.pattern for pattern, check in SENTENCES if check not in checked}
    assert len(unseen) <= 5, unseen
