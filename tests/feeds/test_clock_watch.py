"""What a source's clock shows, told from when its data arrive."""

from __future__ import annotations

import numpy as np
import pytest

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.feeds.clock_watch import ClockWatch

START_NS = 2_000_000_000 * NS_PER_S


def watched(
    error_s: float,
    way_s: tuple[float, float] = (0.05, 0.15),
    seconds: int = 60,
    drift_ppm: float = 0.0,
    **of: bool,
) -> ClockWatch:
    """Return what is thought after `seconds` of a clock that shows `error_s` too much."""
    watch, dice = ClockWatch(**of), np.random.default_rng(7)
    for k in range(seconds):
        sent_ns = START_NS + k * NS_PER_S
        shown_ns = sent_ns + seconds_to_ns(error_s + k * drift_ppm * 1e-6)
        watch.note(shown_ns, sent_ns + seconds_to_ns(dice.uniform(*way_s)))
    return watch


def test_a_good_clock_is_left_alone() -> None:
    assert watched(0.0).offset_s == 0.0
    assert watched(0.2).offset_s == 0.0


@pytest.mark.parametrize("error_s", [-3.0, -40.0, 3.0, 900.0])
def test_a_wrong_clock_is_put_right_to_the_spread_of_the_way(error_s: float) -> None:
    assert watched(error_s).offset_s == pytest.approx(-error_s, abs=0.06)


def test_one_late_message_is_not_a_wrong_clock() -> None:
    watch = watched(0.0)
    end_ns = START_NS + 60 * NS_PER_S
    watch.note(end_ns, end_ns + 4 * NS_PER_S)
    assert watch.offset_s == 0.0
    assert watch.jumped_s is None
    assert watch.way_s == pytest.approx(4.0, abs=0.01)


def test_a_believed_clock_has_a_long_way_instead() -> None:
    watch = watched(0.0, way_s=(3.0, 3.2), disciplined=True)
    assert watch.offset_s == 0.0
    assert watch.way_s == pytest.approx(3.1, abs=0.11)


def test_a_believed_clock_that_is_ahead_is_wrong_all_the_same() -> None:
    assert watched(3.0, disciplined=True).offset_s == pytest.approx(-3.0, abs=0.06)


def test_a_clock_that_is_set_is_followed() -> None:
    watch = watched(0.0)
    jumps = []
    for k in range(60, 120):
        sent_ns = START_NS + k * NS_PER_S
        watch.note(sent_ns - 3 * NS_PER_S, sent_ns + NS_PER_S // 10)
        jumps.append(watch.jumped_s)
    assert watch.offset_s == pytest.approx(3.0, abs=0.06)
    assert [jump for jump in jumps if jump is not None] == [pytest.approx(3.0, abs=0.1)]


@pytest.mark.parametrize("jump_s", [-3.0, 3.0])
def test_a_wrong_clock_that_is_set_is_not_thought_right_meanwhile(jump_s: float) -> None:
    watch = watched(-40.0)
    end_ns = START_NS + 60 * NS_PER_S
    for k in range(40):
        sent_ns = end_ns + k * NS_PER_S
        watch.note(sent_ns - seconds_to_ns(40.0 - jump_s), sent_ns + NS_PER_S // 10)
        # By the jump it may be off until that is believed, never by all of its error.
        assert 40.0 - watch.offset_s == pytest.approx(0.0, abs=3.1)
    assert watch.offset_s == pytest.approx(40.0 - jump_s, abs=0.06)


def test_one_word_from_the_future_is_no_set_clock() -> None:
    watch = watched(0.0)
    end_ns = START_NS + 60 * NS_PER_S
    watch.note(end_ns + 5 * NS_PER_S, end_ns)
    assert watch.offset_s == 0.0


def test_drift_is_told() -> None:
    assert watched(0.0, seconds=150, drift_ppm=500.0).drift_ppm == pytest.approx(500.0, rel=0.3)
    assert watched(0.0, seconds=20).drift_ppm is None


def test_yesterday_is_absurd_and_an_hour_is_not() -> None:
    assert watched(-86_400.0).absurd
    assert not watched(-3_000.0).absurd
    assert not watched(-86_400.0, seconds=3).absurd


def times(watch: ClockWatch, at_s: float, shown_s: float) -> float:
    """Note one record that came at `at_s` and says `shown_s`; return how late it is then taken to be."""
    watch.note(START_NS + seconds_to_ns(shown_s), START_NS + seconds_to_ns(at_s))
    return at_s - (shown_s + watch.add_s)


def test_one_time_from_the_future_is_put_to_its_receipt_and_shifts_no_other() -> None:
    watch = watched(0.0)
    assert times(watch, 60.1, 70.0) == pytest.approx(0.1)
    assert watch.offset_s == 0.0
    assert times(watch, 61.1, 61.0) == pytest.approx(0.1)
    assert watch.jumped_s is None


def test_nothing_is_of_the_future_not_even_the_first_record() -> None:
    watch = ClockWatch()
    for k in range(20):
        assert times(watch, 0.1 * k + 0.05, 0.1 * k + 3.0) == pytest.approx(0.1, abs=0.06)


@pytest.mark.parametrize(("at_start", "over_s"), [(True, 0.05), (False, 0.05), (False, 2.0)])
def test_what_a_line_held_up_keeps_its_times(at_start: bool, over_s: float) -> None:
    """Ten seconds of a radar that turns ten times a second come at once, or in two seconds. Where nothing is
    known yet, a slow line cannot be told from a clock.
    """
    watch = ClockWatch() if at_start else watched(0.0)
    for k in range(100):
        shown_s = 60.0 + 0.1 * k
        late_s = times(watch, 70.0 + over_s * k / 100, shown_s)
        assert late_s == pytest.approx(70.0 + over_s * k / 100 - shown_s)
    assert watch.offset_s == 0.0


def test_a_known_clock_stays_known_when_it_is_set_right() -> None:
    watch = watched(-3.0)
    for k in range(60, 80):
        assert times(watch, k + 0.1, k) == pytest.approx(0.1, abs=0.06)
    assert watch.offset_s == 0.0
