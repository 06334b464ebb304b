"""Several comparisons as one: of each figure the mean, and how far the runs lie apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from skykeep.scoring.figures import Figure
from skykeep.scoring.score import Score

GROUPS = ("sets", "siap", "continuity", "errors", "honesty")


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """One figure over the `runs` that told it: mean, standard deviation (None of one run), least and most."""

    mean: float | None
    deviation: float | None
    least: float | None
    most: float | None
    runs: int


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """The spread of every figure, by group."""

    sets: dict[str, Spread]
    siap: dict[str, Spread]
    continuity: dict[str, Spread]
    errors: dict[str, Spread]
    honesty: dict[str, Spread]
    kinds: dict[str, dict[str, Spread]]


def together(scores: Sequence[Score]) -> Together:
    """Return the spread of each figure that any of the runs has."""
    kinds = dict.fromkeys(name for found in scores for name in found.kinds)
    return Together(
        **{group: _spreads([getattr(found, group) for found in scores]) for group in GROUPS},
        kinds={name: _spreads([found.kinds.get(name, {}) for found in scores]) for name in kinds},
    )


def _spreads(groups: Sequence[dict[str, Figure]]) -> dict[str, Spread]:
    names = dict.fromkeys(name for figures in groups for name in figures)
    return {name: spread([figures[name] for figures in groups if name in figures]) for name in names}


def spread(figures: Sequence[Figure]) -> Spread:
    """Return the spread of one figure; runs that could not tell it are left out and not counted."""
    values = np.array([figure.value for figure in figures if figure.value is not None])
    if not len(values):
        return Spread(mean=None, deviation=None, least=None, most=None, runs=0)
    return Spread(
        mean=math.fsum(values) / len(values),
        deviation=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        least=float(values.min()),
        most=float(values.max()),
        runs=len(values),
    )
