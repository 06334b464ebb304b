"""Serials and operator numbers, on examples that others published and on what must not pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.airspace.identifiers import is_serial, luhn_mod_36, public_operator_id
from skykeep.base.errors import InputError

SMALL = "0123456789abcdefghijklmnopqrstuvwxyz"


def test_a_published_example_of_each_is_one() -> None:
    # Both are examples that conformance suites send; FIN87... is the one of the European guidance.
    assert is_serial("1AF49UL5CC5J6K")
    assert public_operator_id("CHEo5kut30e0mt01-qwe") == "CHEo5kut30e0mt01"
    assert public_operator_id("FIN87astrdge12k8-xyz") == "FIN87astrdge12k8"


@pytest.mark.parametrize(
    "serial",
    [
        "",
        "1AF4",
        "1AF40",
        "1AF49UL5CC5J6",
        "1AF49UL5CC5J6KX",
        "1AO49UL5CC5J6K",
        "1af49ul5cc5j6k",
        "1AF4G" + "A" * 16,
        "1AF49UL5CC5J6K\n",
        "IAF49UL5CC5J6K",
    ],
)
def test_what_is_no_serial(serial: str) -> None:
    assert not is_serial(serial)


@pytest.mark.parametrize("length", range(1, 16))
def test_the_length_of_a_serial_is_told_by_its_fifth_character(length: int) -> None:
    assert is_serial(f"ABCD{length:X}" + "7" * length)
    assert not is_serial(f"ABCD{length:X}" + "7" * (length + 1))


@given(st.text(SMALL, min_size=15, max_size=15), st.integers(0, 14), st.sampled_from(SMALL))
def test_one_wrong_character_is_noticed(text: str, place: int, other: str) -> None:
    changed = text[:place] + other + text[place + 1 :]
    assert (luhn_mod_36(changed) == luhn_mod_36(text)) == (changed == text)


@given(st.text(max_size=40))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="operator_id"):
        public_operator_id(f"{text}!")


def test_a_secret_that_does_not_fit_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError) as refused:
        public_operator_id("CHEo5kut30e0mt01-qwx")
    assert "qwx" not in str(refused.value)
