"""The table of nights: each is run through the pipeline itself, and must come out as it says.

A night whose verdict waits for something that is not built yet is in `nights/waiting.toml` with the reason;
when it comes out right, it must leave that list.
"""

from __future__ import annotations

import tomllib

import pytest

from skykeep.sim.world import World
from story_nights import FOLDER, run_story, stories
from story_words import UnknownSentenceError, failures, meaning

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
