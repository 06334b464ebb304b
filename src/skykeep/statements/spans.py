"""What lies where in a text: spans by the stretch of it in which they lie, so that none is sought long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar

_BLOCK_CHARACTERS = 512


class Spanned(Protocol):
    """What has a first character and one behind its last."""

    @property
    def start(self) -> int:
        """Return the offset of its first character."""

    @property
    def end(self) -> int:
        """Return the offset behind its last character."""


T = TypeVar("T", bound=Spanned)


class Span(NamedTuple):
    """Characters `start` to `end`, not with it."""

    start: int
    end: int


class Spans(Generic[T]):
    """Spans in the order in which they are given, found by where they lie."""

    def __init__(self, spans: Iterable[T]) -> None:
        self._spans = list(spans)
        self._blocks: dict[int, list[int]] = {}
        for number, one in enumerate(self._spans):
            for block in _blocks(one.start, one.end):
                self._blocks.setdefault(block, []).append(number)

    def at(self, offset: int) -> list[T]:
        """Return those in which the character at `offset` lies."""
        return [one for one in self.touching(offset, offset) if one.start <= offset < one.end]

    def touching(self, start: int, end: int) -> list[T]:
        """Return those that lie in `start` to `end`, over it, or beside it without a gap."""
        numbers = sorted({each for block in _blocks(start, end) for each in self._blocks.get(block, ())})
        near = (self._spans[number] for number in numbers)
        return [one for one in near if one.start <= end and start <= one.end]

    def meeting(self, start: int, end: int) -> list[T]:
        """Return those that share a character with `start` to `end`."""
        return [one for one in self.touching(start, end) if one.start < end and start < one.end]

    def __iter__(self) -> Iterator[T]:
        """Go through all of them, in the order in which they were given."""
        return iter(self._spans)


def _blocks(start: int, end: int) -> range:
    return range(start // _BLOCK_CHARACTERS, max(start, end) // _BLOCK_CHARACTERS + 1)
