"""Pace: play, pause and speed, on a clock that the test holds."""

from __future__ import annotations

import pytest

from skykeep.app.pace import Pace
from skykeep.base.clock import NS_PER_S


class Wall:
    """A wall clock that moves only while somebody waits, and by as much as they wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 100.0
        monkeypatch.setattr("skykeep.app.pace.time.monotonic", lambda: self.now_s)

    def hold(self, pace: Pace) -> None:
        def wait(timeout: float | None = None) -> bool:
            assert timeout is not None
            self.now_s += timeout
            return False

        pace._condition.wait = wait  # type: ignore[method-assign]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return Wall(monkeypatch)


def run_for(pace: Pace, duration_ns: int, most_tries: int = 10_000) -> int:
    """Return how often the caller was let go to look after other things."""
    for tries in range(most_tries):
        if pace.wait(duration_ns):
            return tries
    raise AssertionError("never passed")


@pytest.mark.parametrize(("speed", "wall_s"), [(1.0, 10.0), (4.0, 2.5), (0.25, 40.0)])
def test_a_night_takes_its_time_over_the_speed(wall: Wall, speed: float, wall_s: float) -> None:
    pace = Pace(speed)
    wall.hold(pace)
    start_s = wall.now_s
    for _ in range(100):
        run_for(pace, NS_PER_S // 10)
    assert wall.now_s - start_s == pytest.approx(wall_s, rel=0.05)


def test_while_paused_nothing_passes_and_the_caller_is_let_go(wall: Wall) -> None:
    pace = Pace()
    wall.hold(pace)
    pace.pause()
    assert not any(pace.wait(NS_PER_S // 10) for _ in range(50))
    pace.play()
    assert run_for(pace, NS_PER_S // 10) <= 3


def test_a_machine_that_fell_behind_does_not_race(wall: Wall) -> None:
    pace = Pace()
    wall.hold(pace)
    pace.wait(NS_PER_S // 10)
    wall.now_s += 60.0
    passed_at_once = 0
    while passed_at_once < 100:
        before_s = wall.now_s
        pace.wait(NS_PER_S // 10)
        if wall.now_s > before_s:
            break
        passed_at_once += 1
    assert passed_at_once <= 3


def test_a_stopped_pace_lets_everything_go(wall: Wall) -> None:
    pace = Pace()
    wall.hold(pace)
    pace.pause()
    pace.stop()
    assert pace.wait(3600 * NS_PER_S)
    assert pace.stopped


@pytest.mark.parametrize(("asked", "given"), [(1000.0, 32.0), (0.0, 0.25), (2.0, 2.0)])
def test_speed_is_held_within_its_bounds(asked: float, given: float) -> None:
    pace = Pace()
    pace.set_speed(asked)
    assert pace.speed == given
