"""What the console was shown can be looked at again, as it stood at any moment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_night import START_UTC_NS, FakeNight, picture
from skykeep.api import messages as m
from skykeep.api.memory import ConsoleMemory
from skykeep.base.clock import NS_PER_S


def at(time_s: float) -> int:
    return START_UTC_NS + round(time_s * NS_PER_S)


@pytest.fixture
def memory() -> ConsoleMemory:
    return ConsoleMemory(FakeNight().status())


def test_each_moment_shows_the_newest_picture_there_was(memory: ConsoleMemory) -> None:
    for second in (0, 5, 10):
        memory.show_picture(picture(second))

    assert memory.picture_at(at(-1)) is None
    assert memory.picture_at(at(4.9)) is not None
    assert [memory.picture_at(at(s)).time_utc_ns for s in (0, 4.9, 5, 99)] == [at(0), at(0), at(5), at(10)]  # type: ignore[union-attr]


def test_lists_stand_together_as_they_stood() -> None:
    night = FakeNight()
    night.advance_to(30)

    assert night.lists_at(at(9)).alerts.alerts == ()
    assert night.lists_at(at(12)).alerts.alerts[0].state == "raised"
    assert night.lists_at(at(12)).proposals.proposals == ()
    assert night.lists_at(at(16)).proposals.proposals[0].state == "proposed"


def test_a_listener_hears_until_it_stops(memory: ConsoleMemory) -> None:
    heard: list[object] = []
    stop = memory.subscribe(heard.append, lambda: heard.append("picture"))
    caption = m.Caption(time_utc_ns=1, text="a", kind="event")
    memory.show(caption, 1)
    memory.show_picture(picture(0))
    stop()
    memory.show_picture(picture(1))

    assert heard == [caption, "picture"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.integers(20, 100))
def test_the_oldest_pictures_give_way(seconds: list[int], budget_rows: int) -> None:
    memory = ConsoleMemory(FakeNight().status(), picture_budget_rows=budget_rows)
    for second in sorted(seconds):
        memory.show_picture(picture(second))
    kept = {id(p): p for s in range(41) if (p := memory.picture_at(at(s))) is not None}

    assert memory.latest_picture() is memory.picture_at(at(40))
    assert sum(len(p.track_id) for p in kept.values()) <= max(budget_rows, len(picture(40).track_id))
    latest = memory.latest_picture()
    assert latest is not None
    assert np.array_equal(latest.track_id, picture(max(seconds)).track_id)
