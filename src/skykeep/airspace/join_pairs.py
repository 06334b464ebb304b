"""The pairs of a track and a flight that the join weighs, in columns: a row of numbers for each pair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray


class Pairs(NamedTuple):
    """The log-odds of each pair, (p,) each: by its beginning, by what it sends, by where it has been of late;
    and the chance that the number has passed to another body since, which leaves the flight somewhere unseen.

    `track` and `flight` are numbers of whoever holds the pairs; the other columns are written to in place.
    """

    track: IntArray
    flight: IntArray
    began: FloatArray
    heard: FloatArray
    place: FloatArray
    doubt: FloatArray
    silent_s: FloatArray
    apart_s: FloatArray
    told: BoolArray
    fresh: BoolArray

    @staticmethod
    def new(track: IntArray, flight: IntArray, began: FloatArray, heard: FloatArray) -> Pairs:
        """Return pairs that nothing but their beginning is known of; `heard` is inherited."""
        count = len(track)
        return Pairs(
            track=track,
            flight=flight,
            began=began,
            heard=heard,
            place=np.zeros(count),
            doubt=np.zeros(count),
            silent_s=np.zeros(count),
            apart_s=np.full(count, np.inf),
            told=heard > 0.0,
            fresh=np.ones(count, dtype=np.bool_),
        )

    @staticmethod
    def none() -> Pairs:
        """Return no pairs."""
        number, worth = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Pairs.new(number, number, worth, worth)

    @staticmethod
    def together(parts: Iterable[Pairs]) -> Pairs:
        """Return the pairs of all parts, one part after another."""
        return Pairs._make(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def some(self, which: IntArray | BoolArray) -> Pairs:
        """Return some of the pairs."""
        return Pairs._make(column[which] for column in self)

    def numbered(self, track: IntArray, flight: IntArray) -> Pairs:
        """Return the same pairs by other numbers; the other columns are shared."""
        return self._replace(track=track, flight=flight)

    @property
    def size(self) -> int:
        return len(self.track)

    def total(self) -> FloatArray:
        """Return the log-odds, but for the class."""
        return self.began + self.heard + self.place

    def pass_on(self, which: BoolArray, share: float) -> None:
        """Doubt by a chance of `share` more that the numbers of some are still the same bodies'."""
        self.doubt[which] += share * (1.0 - self.doubt[which])


def keys(row: IntArray, flight: IntArray, flights: int) -> IntArray:
    """Return one number for each pair, in order of row and then of flight; there are so many `flights`."""
    return np.asarray(row * max(flights, 1) + flight)
