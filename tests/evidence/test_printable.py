"""Text from outside on its way to paper: nothing lost, nothing taken for markup."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from skykeep.evidence.printable import drawn, hidden, printable, quoted, visible


def test_what_the_fonts_draw_stays_and_the_rest_becomes_its_number() -> None:
    assert printable("Пётр / ليلى 5 m²") == "Пётр / ليلى 5 m²"
    assert printable("无\u202eA\x07") == "[U+65E0][U+202E]A[U+0007]"
    assert printable("one\ntwo") == "one two"


def test_a_terminal_draws_every_letter_and_nothing_hidden_reaches_it() -> None:
    assert visible("Пётр / ليلى / 无, 5\u00a0m²") == "Пётр / ليلى / 无, 5\u00a0m²"
    assert visible("evil\u202egpj\x1b[2J\ud800") == "evil[U+202E]gpj[U+001B][2J[U+D800]"
    assert visible("one\ntwo\r\tthree\u2028four") == "one two  three[U+2028]four"


@given(st.text(st.characters()))
def test_whatever_reaches_a_terminal_stays_on_its_line_and_can_be_written(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert not any(hidden(character) for character in shown)
    assert shown.encode().decode() == shown


def test_letter_and_accent_apart_are_one_letter() -> None:
    assert printable("e\u0301") == "é"


def test_a_quoted_text_ends_where_we_end_it() -> None:
    assert quoted('a"b\\c#d') == '"a\\"b\\\\c#d"'


def test_right_to_left_writing_ends_before_what_follows_it() -> None:
    assert quoted("ميناء, 2031-05-03") == '"ميناء\\u{200E}, 2031-05-03"'
    assert quoted("A ميناء 25 كم B") == '"A ميناء 25 كم\\u{200E} B"'


@given(st.text())
def test_everything_printed_is_drawn(text: str) -> None:
    assert all(drawn(character) for character in printable(text))


@given(st.text())
def test_no_quote_is_left_open(text: str) -> None:
    inside = quoted(text)[1:-1]

    assert '"' not in inside.replace("\\\\", "").replace('\\"', "")
    assert not inside.replace("\\\\", "").endswith("\\")
