"""What a dossier is made of before it is set: headings, facts, tables, quotations, figures.

The chapters make these blocks out of a case; one writer sets them for paper (`paper_typst`), another for a
screen (`paper_html`), so that both say the same. A cell is text, or text with a look; text from outside needs
no care here: each writer makes harmless what it sets.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import msgspec

from skykeep.base.clock import NS_PER_S, iso_utc

_DAY_NS = 86_400 * NS_PER_S


class Look(enum.StrEnum):
    """`MARK` is a warning such as SIMULATED, `LATE` what came after the moment that a page is about."""

    PLAIN = "plain"
    CLOCK = "clock"
    MONO = "mono"
    PALE = "pale"
    STRONG = "strong"
    MARK = "mark"
    LATE = "late"
    QUOTED = "quoted"


class Run(msgspec.Struct, frozen=True):
    """A stretch of text with one look."""

    text: str
    look: Look = Look.PLAIN


Cell = str | Run | tuple[Run, ...]


# Said beside whatever is done in the simulated world only.
SIMULATED = Run("SIMULATED", Look.MARK)


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """The head of the first page: `figures` are numbers with what they count."""

    kind: str
    title: str
    place: str
    when: str
    figures: tuple[tuple[str, str], ...]
    level_says: str


class Heading(msgspec.Struct, frozen=True):
    words: str
    level: int = 1


class Paragraph(msgspec.Struct, frozen=True):
    words: Cell
    pale: bool = False


class Facts(msgspec.Struct, frozen=True):
    """Names with their values beside them."""

    pairs: tuple[tuple[str, Cell], ...]


class Sentences(msgspec.Struct, frozen=True):
    """A list of sentences."""

    items: tuple[Cell, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """`widths_mm` are those of its columns on paper, None for what is left over. `says` names it for those
    who hear it read.
    """

    says: str
    widths_mm: tuple[float | None, ...]
    head: tuple[str, ...]
    body: tuple[tuple[Cell, ...], ...]


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's own words, and under them whose."""

    words: Cell
    who: Cell


class Lines(msgspec.Struct, frozen=True):
    """Lines to be copied exactly, letter by letter."""

    lines: tuple[str, ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing of ours; `share` is which part of the width it takes, 0 to 1."""

    svg: str
    alternative: str
    caption: str
    share: float = 1.0


Block = Front | Heading | Paragraph | Facts | Sentences | Table | Quote | Lines | Figure


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that goes with the document. `relationship` is `data`, `source` or `supplement`."""

    name: str
    media_type: str
    relationship: str
    says: str
    data: bytes


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A whole dossier, not yet set. `dated_utc_ns` is the date that it bears: the night's end."""

    title: str
    case_id: str
    simulated: bool
    level: str
    dated_utc_ns: int
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...] = ()


def clock(time_utc_ns: int, start_utc_ns: int) -> Run:
    """Return a time of day in UTC, to the second; `+1` behind it on the day after that of the start."""
    days = time_utc_ns // _DAY_NS - start_utc_ns // _DAY_NS
    return Run(iso_utc(time_utc_ns)[11:19] + (f" {days:+d}" if days else ""), Look.CLOCK)


def moment(time_utc_ns: int) -> str:
    """Return date and time of day in UTC as words."""
    text = iso_utc(time_utc_ns)
    return f"{text[:10]} {text[11:19]} UTC"


def span(from_utc_ns: int, to_utc_ns: int) -> str:
    """Return how long something took, as words."""
    hours, whole_s = divmod(round((to_utc_ns - from_utc_ns) / NS_PER_S), 3_600)
    minutes, seconds = divmod(whole_s, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def grouped(number: int) -> str:
    """Return a whole number with its thousands apart."""
    return f"{number:,}".replace(",", "\u00a0")


def sentences(items: Iterable[Cell], otherwise: str) -> Block:
    """Return a list of sentences, or what to say when there are none."""
    found = tuple(items)
    return Sentences(found) if found else nothing(otherwise)


def nothing(says: str) -> Block:
    """Return what is said in place of an empty list."""
    return Paragraph(says, pale=True)


def table(
    says: str,
    columns: Sequence[tuple[str, float | None]],
    body: Iterable[Sequence[Cell]],
    otherwise: str,
) -> Block:
    """Return a table of (head, width in mm or None for the rest), or what to say when it has no rows."""
    found = tuple(tuple(row) for row in body)
    if not found:
        return nothing(otherwise)
    return Table(
        says=says,
        widths_mm=tuple(width for _, width in columns),
        head=tuple(head for head, _ in columns),
        body=found,
    )
