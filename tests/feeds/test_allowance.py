"""How much a source may send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.clock import NS_PER_S
from skykeep.feeds.allowance import Allowance


def test_ten_a_second_with_a_burst_of_five() -> None:
    allowance = Allowance(10.0, 5, 0)
    assert [allowance.spend(1, 0) for _ in range(6)] == [True] * 5 + [False]
    assert not allowance.spend(1, NS_PER_S // 10 - 1000)
    assert allowance.spend(1, NS_PER_S // 10)
    assert allowance.available(100 * NS_PER_S) == 5


def test_it_says_how_long_to_wait() -> None:
    allowance = Allowance(10.0, 1, 0)
    assert allowance.wait_s(0) == 0.0
    allowance.spend(1, 0)
    assert abs(allowance.wait_s(0) - 0.1) < 1e-9


@given(st.floats(0.5, 1e4), st.integers(1, 100), st.lists(st.integers(0, 10**9), max_size=200))
def test_never_more_than_the_burst_and_the_rate(rate_per_s: float, burst: int, steps_ns: list[int]) -> None:
    allowance, now_ns, spent = Allowance(rate_per_s, burst, 0), 0, 0
    for step_ns in steps_ns:
        now_ns += step_ns
        while allowance.spend(1, now_ns):
            spent += 1
    assert spent <= burst + rate_per_s * now_ns / NS_PER_S + 1e-6


def test_a_clock_set_back_earns_nothing() -> None:
    allowance = Allowance(10.0, 1, 10 * NS_PER_S)
    assert allowance.spend(1, 10 * NS_PER_S)
    assert not allowance.spend(1, 0)
    assert not allowance.spend(1, NS_PER_S // 100)
