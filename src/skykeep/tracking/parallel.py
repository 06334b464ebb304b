"""One scan by several workers, with the same bits as on one.

Prediction, gating and filtering take each track for itself, so that they are cut into parts of the sweep; the
rest, where tracks meet, stays in one piece. Kernels let go of the interpreter's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.tracking.amplitude import strengths_of
from skykeep.tracking.associate import choose
from skykeep.tracking.clutter import Clutter, clutter_about
from skykeep.tracking.columns import LOOK_KIND, Edges, History, Tracks
from skykeep.tracking.index import index_of
from skykeep.tracking.life import touched
from skykeep.tracking.recall import open_histories
from skykeep.tracking.sweep import conclude, filter_rows, find_candidates

Part = TypeVar("Part")
Result = TypeVar("Result")
_WORTH_IT = 64
"""Fewer tracks than this are not worth the handing over."""


class Workers(Protocol):
    """Whoever does the parts of a work at once; a pool of threads, say."""

    count: int

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
        """Return what `work` gives for each part, in their order, when all is done."""
        ...


class Parallel:
    """Does what `life.process` does, with workers."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    def process(
        self,
        tracks: Tracks,
        history: History,
        counters: IntArray,
        look: FloatArray,
        rules: FloatArray,
        time_ns: int,
        newest_ns: int,
        records: FloatArray,
        signatures: FloatArray,
        claimed: FloatArray,
        clutter: Clutter,
    ) -> tuple[IntArray, FloatArray]:
        """See `life.process`."""
        index = index_of(int(look[LOOK_KIND]), records)
        sweep = touched(tracks, counters, history, look, rules, time_ns, newest_ns, records, index)
        n = len(sweep.rows)
        local_clutter, deceives = clutter_about(clutter, records, look)
        strengths, parts = strengths_of(records, signatures, look), self._parts(n)

        def candidates(part: tuple[int, int]) -> tuple[IntArray, IntArray, FloatArray]:
            first, end = part
            start = np.empty(end - first + 1, dtype=np.int64)
            candidate, ratio = find_candidates(
                tracks,
                history,
                sweep,
                first,
                end,
                look,
                rules,
                time_ns,
                records,
                index,
                signatures,
                strengths,
                local_clutter,
                start,
            )
            return start, candidate[: start[-1]], ratio[: start[-1]]

        found = self._workers.each(candidates, parts)
        edges_so_far = 0
        for (first, end), (start, candidate, _) in zip(parts, found, strict=True):
            sweep.start[first : end + 1] = start + edges_so_far
            edges_so_far += len(candidate)
        candidate = np.concatenate([candidate for _, candidate, _ in found])
        ratio = np.concatenate([ratio for _, _, ratio in found])
        edges = Edges(candidate, ratio, np.empty(edges_so_far), np.zeros((edges_so_far, 2, 3)))
        choose(tracks, sweep, edges, look, rules, claimed)
        open_histories(tracks, history, sweep.rows, sweep.takes)

        def filtered(part: tuple[int, int]) -> None:
            filter_rows(tracks, history, sweep, *part, edges, look, rules, time_ns, records)

        self._workers.each(filtered, parts)
        return conclude(
            tracks,
            history,
            counters,
            sweep,
            edges,
            look,
            rules,
            time_ns,
            newest_ns,
            records,
            signatures,
            strengths,
            claimed,
            clutter,
            local_clutter,
            deceives,
        )

    def _parts(self, n: int) -> list[tuple[int, int]]:
        count = self._workers.count if n >= _WORTH_IT else 1
        bounds = [n * k // count for k in range(count + 1)]
        return list(pairwise(bounds))
