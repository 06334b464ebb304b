"""A receiver's counter as a clock: delays, drift, wrap, restarts, satellites."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from skykeep.wire.adsb_clock import MOST_LEAPS, CounterClock, CounterKind
from skykeep.wire.beast import COUNTER_HZ, COUNTER_WRAP

START_NS = 1_700_000_000_000_000_000
S, MS = 1_000_000_000, 1_000_000


def ticks(seconds: float, start: int = 0) -> int:
    return (start + round(seconds * COUNTER_HZ)) % COUNTER_WRAP


def test_the_fastest_message_sets_the_offset() -> None:
    clock = CounterClock(CounterKind.TICKS)
    assert clock.time_utc_ns(ticks(10.0), START_NS + 80 * MS) == START_NS + 80 * MS
    # 1 s later, only 20 ms under way: 60 ms of the first message's delay were queueing.
    assert clock.time_utc_ns(ticks(11.0), START_NS + 1_020 * MS) == START_NS + 1_020 * MS
    # 1 s later again, 300 ms under way: heard at the least delay.
    assert clock.time_utc_ns(ticks(12.0), START_NS + 2_300 * MS) == START_NS + 2_020 * MS


@given(st.integers(0, 2**32), st.integers(-50, 50), st.sampled_from([0, COUNTER_WRAP - 5 * COUNTER_HZ]))
def test_times_are_off_by_the_least_delay_and_the_drift_only(seed: int, drift_ppm: int, start: int) -> None:
    """Ten minutes, half of them past the wrap for one start, a 50 ppm quartz, delays of 2 ms to 1 s."""
    dice = random.Random(seed)
    clock = CounterClock(CounterKind.TICKS)
    for k in range(600):
        heard_ns = START_NS + k * S
        delay_ns = 2 * MS + int(dice.expovariate(1.0 / 20.0) * MS) % S
        counter = ticks(k * (1.0 + drift_ppm * 1e-6), start)
        if counter == 0:
            continue
        time_ns = clock.time_utc_ns(counter, heard_ns + delay_ns)
        assert time_ns <= heard_ns + delay_ns
        if k >= 30:
            # The least of some thirty delays, and 60 s of drift.
            assert abs(time_ns - heard_ns) < 40 * MS
    assert clock.leaps == 0


def test_a_receiver_that_starts_again_begins_anew() -> None:
    clock = CounterClock(CounterKind.TICKS)
    clock.time_utc_ns(ticks(5_000.0), START_NS)
    assert clock.time_utc_ns(ticks(3.0), START_NS + 20 * S) == START_NS + 20 * S
    assert clock.time_utc_ns(ticks(4.0), START_NS + 21 * S + 5 * MS) == START_NS + 21 * S
    assert clock.leaps == 1


def test_two_receivers_in_one_stream_are_not_believed() -> None:
    clock = CounterClock(CounterKind.TICKS)
    for k in range(2 * MOST_LEAPS):
        received_ns = START_NS + k * 100 * MS
        time_ns = clock.time_utc_ns(ticks(k / 10 + (1_000.0 if k % 2 else 9.0)), received_ns)
    assert time_ns == received_ns
    assert clock.not_believed > 0


def test_a_satellite_clock_says_the_second_of_the_day() -> None:
    clock = CounterClock(CounterKind.GPS)
    midnight_ns = START_NS // (86_400 * S) * 86_400 * S
    counter = 86_399 << 30 | 999_000_000
    # Received 3 ms later, after midnight: it belongs to the day before.
    assert clock.time_utc_ns(counter, midnight_ns + 2 * MS) == midnight_ns - 1 * MS


def test_a_satellite_clock_that_is_far_off_or_impossible_is_not_believed() -> None:
    clock = CounterClock(CounterKind.GPS)
    assert clock.time_utc_ns(86_400 << 30, START_NS) == START_NS
    assert clock.time_utc_ns(1 << 30 | 1_000_000_000, START_NS) == START_NS
    noon_ns = START_NS // (86_400 * S) * 86_400 * S + 43_200 * S
    assert clock.time_utc_ns(43_100 << 30, noon_ns) == noon_ns
    assert clock.not_believed == 3


def test_no_counter_and_a_made_up_one_mean_reception() -> None:
    for kind in CounterKind:
        clock = CounterClock(kind)
        assert clock.time_utc_ns(0, START_NS) == START_NS
        assert clock.time_utc_ns(0xFF004D4C4154, START_NS) == START_NS


@given(
    st.sampled_from(list(CounterKind)), st.lists(st.tuples(st.integers(0, 2**48 - 1), st.integers(0, 100)))
)
def test_no_counter_makes_a_time_far_from_reception(kind: CounterKind, heard: list[tuple[int, int]]) -> None:
    clock, received_ns = CounterClock(kind), START_NS
    for counter, after_s in heard:
        received_ns += after_s * S
        assert abs(clock.time_utc_ns(counter, received_ns) - received_ns) <= 10 * S
