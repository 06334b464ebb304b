"""A few scenes of each kind through tracker, identifier and airspace: nobody gets leave by what they say, and
no permitted flight is accused (the benchmark permit_join has hundreds, and the shares).
"""

from __future__ import annotations

import pytest

from permit_kinds import KINDS
from permit_marks import Mark, play
from skykeep.domain.airspace import Permission

SEEDS = (1, 2)


def share(marks: list[Mark], permission: Permission) -> float:
    return sum(mark.verdict.permission is permission for mark in marks) / max(len(marks), 1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_flights_are_told_from_those_that_are_not(kind: str, seed: int) -> None:
    marks = [mark for mark in play(KINDS[kind](seed)) if mark.settled]
    inside = [mark for mark in marks if mark.flight and mark.covered]
    strayed = [mark for mark in marks if mark.flight and mark.covered is False]
    nobody = [mark for mark in marks if not mark.flight]
    assert len(nobody) > 100
    assert share(nobody, Permission.ALLOWED) <= 0.005
    assert share(inside, Permission.FORBIDDEN) <= 0.05
    assert bool(inside) == any(mark.flight for mark in marks)
    for mark in strayed:
        assert (mark.verdict.permission, mark.verdict.failing_condition) == (Permission.FORBIDDEN, "volume")
        assert mark.verdict.permit_id == mark.flight
    for mark in marks:
        assert sum(p for _, p in mark.probabilities) <= 1.0 + 1e-6


def test_a_scene_gives_the_same_figures_again() -> None:
    first, again = (play(KINDS["mimic"](3)) for _ in range(2))
    assert [mark.verdict for mark in first] == [mark.verdict for mark in again]
