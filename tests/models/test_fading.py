"""Exponential fading: against the exact value, and each number as if it were alone."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.models.fading import FAINTEST, fill_fading


def faded(nats: list[float]) -> FloatArray:
    given_nats, out = np.array(nats), np.empty(len(nats))
    bits = np.empty(len(nats), dtype=np.int64)
    fill_fading(given_nats, bits.view(np.float64), bits, out)
    return out


def test_nothing_fades_in_no_time_and_half_in_the_logarithm_of_two() -> None:
    assert faded([0.0])[0] == 1.0
    assert abs(faded([math.log(2.0)])[0] - 0.5) <= 2.0**-53


@given(st.lists(st.floats(-690.0, 700.0), min_size=1, max_size=40))
def test_it_is_the_exponential_to_a_unit_in_the_last_digit(nats: list[float]) -> None:
    exact = np.array([math.exp(-each) for each in nats])
    assert (np.abs(faded(nats) - exact) <= np.spacing(exact)).all()


@given(st.lists(st.floats(-690.0, 1e6), min_size=2, max_size=40))
def test_each_is_the_same_alone(nats: list[float]) -> None:
    together = faded(nats).tolist()
    assert together == [faded([each])[0] for each in nats]


def test_what_is_fainter_than_the_faintest_or_not_known_is_the_faintest() -> None:
    assert set(faded([FAINTEST, 1e9, math.inf, math.nan]).tolist()) == {faded([FAINTEST])[0]}
