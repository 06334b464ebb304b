"""Who flies with whom: the published example, and the plain way of chaining."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skykeep.assessment.company import groups

AUTHORITY = json.loads(
    (Path(__file__).parents[2] / "authorities" / "dbscan.json").read_text(encoding="utf-8")
)


def test_published_example() -> None:
    assert AUTHORITY["fewest"] == 2
    assert (
        groups(np.array(AUTHORITY["points"], dtype=float), AUTHORITY["reach"]).tolist() == AUTHORITY["expect"]
    )


@given(st.integers(0, 10_000))
def test_chains_are_those_of_the_neighbour_graph(seed: int) -> None:
    points = np.random.default_rng(seed).uniform(0.0, 6.0, (14, 2))
    near = np.hypot(*(points[:, np.newaxis] - points).T) <= 1.0
    reach = near.copy()
    for _ in range(len(points)):
        reach = (reach.astype(int) @ near.astype(int)) > 0
    number = groups(points, 1.0)
    for a in range(len(points)):
        alone = near[a].sum() == 1
        assert (number[a] == -1) == alone
        for b in range(len(points)):
            if a != b:
                assert (number[a] == number[b] and number[a] >= 0) == bool(reach[a, b])
