"""How quantities are said."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from skykeep.domain.wording import KILOMETRES_FROM_M, say_distance


def test_tens_of_metres_and_then_tenths_of_a_kilometre() -> None:
    assert [say_distance(metres) for metres in (0.0, 44.9, 338.0, 950.0, 2130.0)] == [
        "0 m",
        "40 m",
        "340 m",
        "0.9 km",
        "2.1 km",
    ]


@given(st.floats(0.0, KILOMETRES_FROM_M, exclude_max=True))
@example(25.0)
@example(25.000000000000004)
@example(44.99999999999999)
def test_tens_are_rounded_as_their_decimal_digits_are(metres: float) -> None:
    assert say_distance(metres) == f"{round(metres, -1):.0f} m"
