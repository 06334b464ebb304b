"""Names on a map, kept apart from one another, from symbols and from the ways of tracks.

A name stands beside its point where there is room. One that must be there stands further off otherwise, at
the end of a thin line. What finds no room at all is counted, never drawn over something else.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from skykeep.evidence.printable import printable
from skykeep.evidence.svg import Drawing, Point

# Room is counted in squares of this many units; what is drawn in one, and words, which no line may cross.
_SQUARE = 3.0
_DRAWN, _WORDS = 1, 2
# Of a letter's size: how wide letters are on the whole, measured on what the fonts set.
_WIDE, _WIDE_BOLD = 0.44, 0.48
_TALL, _DEEP = 0.8, 0.25
_FURTHER = (26.0, 40.0, 58.0, 80.0, 105.0, 135.0, 170.0)
_DIRECTIONS = 16
# More lines than this would be harder to read than names that are missing.
_MOST_LINES = 40

_Box = tuple[float, float, float, float]


class Labels:
    """The names of one map, within `width` by `height` units. Say what to keep clear before placing any."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._columns = math.ceil(width / _SQUARE) + 1
        self._taken = [bytearray(self._columns) for _ in range(math.ceil(height / _SQUARE) + 1)]
        self._lines = 0
        self.left_out = 0

    def keep_clear(self, at: Point, reach: float) -> None:
        """Let no name cover the symbol that is drawn here; a place that is withheld is none."""
        if math.isfinite(at[0]) and math.isfinite(at[1]):
            self._take((at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach))

    def keep_line_clear(self, points: Sequence[Point]) -> None:
        """Let no name cover a line through these points."""
        for at in _along(points):
            self.keep_clear(at, 1.0)

    def place(
        self,
        drawing: Drawing,
        at: Point,
        words: str,
        size: float,
        colour: str,
        extra: str = "",
        *,
        must: bool = False,
    ) -> None:
        """Write `words` beside a point on the map, or nowhere; what `must` be there, further off too."""
        if not (0.0 <= at[0] <= self._width and 0.0 <= at[1] <= self._height):
            return
        words = printable(words)
        width = (_WIDE_BOLD if "bold" in extra else _WIDE) * size * len(words) + 2.0
        for left, base in _beside(at, width, size):
            if self._write(drawing, (left, base), at, words, width, size, colour, extra):
                return
        if must and self._lines < _MOST_LINES:
            places = [(place, _leader(at, place, width, size)) for place in _further(at, width, size)]
            # A line that crosses other words is better than none.
            for place, leader in sorted(places, key=lambda one: self._crosses_words(one[1])):
                before = len(drawing)
                if self._write(drawing, place, at, words, width, size, colour, extra):
                    self._lines += 1
                    drawing.line_at(before, leader, colour)
                    self.keep_line_clear(leader)
                    return
        self.left_out += must

    def _write(
        self,
        drawing: Drawing,
        corner: Point,
        at: Point,
        words: str,
        width: float,
        size: float,
        colour: str,
        extra: str,
    ) -> bool:
        left, base = corner
        box = (left, base - _TALL * size, left + width, base + _DEEP * size)
        if not self._free(box):
            return False
        self._take(box, _WORDS)
        # How wide words are is only known about: what stands left of its point ends there for certain.
        if left + width <= at[0]:
            drawing.text((left + width, base), words, size, colour, anchor="end", extra=extra)
        else:
            drawing.text(corner, words, size, colour, extra=extra)
        return True

    def _free(self, box: _Box) -> bool:
        if box[0] < 0.0 or box[1] < 0.0 or box[2] > self._width or box[3] > self._height:
            return False
        first, last = int(box[0] / _SQUARE), int(box[2] / _SQUARE) + 1
        rows = self._taken[int(box[1] / _SQUARE) : int(box[3] / _SQUARE) + 1]
        return all(row.count(0, first, last) == last - first for row in rows)

    def _crosses_words(self, line: Sequence[Point]) -> bool:
        return any(
            self._taken[int(y / _SQUARE)][int(x / _SQUARE)] == _WORDS
            for x, y in _along(line)
            if 0.0 <= x <= self._width and 0.0 <= y <= self._height
        )

    def _take(self, box: _Box, what: int = _DRAWN) -> None:
        first, last = max(int(box[0] / _SQUARE), 0), min(int(box[2] / _SQUARE) + 1, self._columns)
        if box[2] < 0.0 or box[3] < 0.0 or first >= last:
            return
        for row in self._taken[max(int(box[1] / _SQUARE), 0) : int(box[3] / _SQUARE) + 1]:
            row[first:last] = bytes((what,)) * (last - first)


def _along(points: Sequence[Point]) -> Iterator[Point]:
    """Yield places along a line, a square apart at most."""
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        steps = max(math.ceil(math.hypot(to_x - x, to_y - y) / _SQUARE), 1)
        for k in range(steps + 1):
            yield x + (to_x - x) * k / steps, y + (to_y - y) * k / steps


def _beside(at: Point, width: float, size: float) -> list[Point]:
    """Return where words may begin that stand at their point: right, left, above, below, at its corners."""
    (x, y), gap = at, 0.55 * size
    right, left, middle = x + gap, x - gap - width, x - width / 2
    level, above, below = y + 0.3 * size, y - gap, y + gap + 0.7 * size
    return [
        (right, level),
        (left, level),
        (middle, above),
        (middle, below),
        (right, above),
        (right, below),
        (left, above),
        (left, below),
    ]


def _further(at: Point, width: float, size: float) -> list[Point]:
    """Return the same for words further off, the nearest first."""
    places = []
    for far in _FURTHER:
        for k in range(_DIRECTIONS):
            turn = 2.0 * math.pi * k / _DIRECTIONS
            x, y = at[0] + far * math.cos(turn), at[1] + far * math.sin(turn)
            # The words grow away from the point.
            left = x - width * (1.0 - math.cos(turn)) / 2.0
            places.append((left, y + size * (0.3 + 0.5 * math.sin(turn))))
    return places


def _leader(at: Point, words_at: Point, width: float, size: float) -> list[Point]:
    """Return the line from a point to the nearest edge of its words."""
    left, base = words_at
    x = min(max(at[0], left), left + width)
    y = min(max(at[1], base - 0.7 * size), base + 0.1 * size)
    return [at, (x, y)]
