"""Pieces of typst source with text from outside made harmless, and how a dossier says times and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.evidence.printable import quoted

# The cell of a table or the value of a fact: typst *code*. Text from outside comes in through `quoted` only.
Code = str


def call(name: str, *arguments: Code) -> str:
    """Return a call that stands in the document by itself."""
    return f"#{name}(\n  {', '.join(arguments)},\n)\n" if arguments else f"#{name}()\n"


def pair(one: Code, other: Code) -> Code:
    """Return a pair."""
    return f"({one}, {other})"


def heading(words: str, level: int = 1) -> str:
    """Return a heading."""
    return f"#heading(level: {level}, {quoted(words)})\n"


def paragraph(words: str) -> str:
    """Return a paragraph."""
    return f"#par({quoted(words)})\n"


def facts(*pairs: tuple[str, Code]) -> str:
    """Return names with their values beside them."""
    return call("facts", *(pair(quoted(name), value) for name, value in pairs))


def sentences(items: Iterable[str], otherwise: str) -> str:
    """Return a list of sentences, or what to say when there are none."""
    found = [quoted(item) for item in items]
    return call("sentences", *found) if found else nothing(otherwise)


def nothing(says: str) -> str:
    """Return what is said in place of an empty list."""
    return call("none-known", quoted(says))


def rows(widths: Sequence[str], head: Sequence[str], body: Iterable[Sequence[Code]], otherwise: str) -> str:
    """Return a table, or what to say when it has no rows."""
    cells = [cell for row in body for cell in row]
    if not cells:
        return nothing(otherwise)
    return call("rows", f"({', '.join(widths)},)", *(quoted(words) for words in head), *cells)


def clock(time_utc_ns: int) -> Code:
    """Return a time of day in UTC, to the second."""
    return f"clock({quoted(iso_utc(time_utc_ns)[11:19])})"


def moment(time_utc_ns: int) -> str:
    """Return date and time of day in UTC as words."""
    text = iso_utc(time_utc_ns)
    return f"{text[:10]} {text[11:19]} UTC"


def span_s(from_utc_ns: int, to_utc_ns: int) -> str:
    """Return how long something took, as words."""
    whole_s = round((to_utc_ns - from_utc_ns) / NS_PER_S)
    minutes, seconds = divmod(whole_s, 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def grouped(number: int) -> str:
    """Return a whole number with its thousands apart."""
    return f"{number:,}".replace(",", "\u00a0")
