"""At least 2,000 questions about real zones, and as many about made ones, answered by PostGIS: none wrong;
and every engine that is wrong in one way is caught.
"""

from __future__ import annotations

import pytest

from golden_tables import KEPT, Golden, made_golden, real_golden
from postgres import Cluster
from recordings import needs_recordings


@pytest.fixture(scope="module")
def made(postgres: Cluster) -> Golden:
    return made_golden(postgres)


@pytest.fixture(scope="module")
def real(postgres: Cluster) -> Golden:
    return real_golden(postgres)


def test_no_answer_about_made_zones_is_wrong(made: Golden) -> None:
    assert len(made.answers) >= KEPT
    assert sum(map(bool, made.answers)) > KEPT / 4
    assert [(made.asked[k], made.answers[k]) for k in made.wrong()] == []


def test_made_zones_catch_every_mutant(made: Golden) -> None:
    assert [name for name, count in made.caught().items() if not count] == []


@needs_recordings
def test_no_answer_about_real_zones_is_wrong(real: Golden) -> None:
    assert len(real.answers) >= KEPT
    assert sum(map(bool, real.answers)) > KEPT / 4
    assert [(real.asked[k], real.answers[k]) for k in real.wrong()] == []


@needs_recordings
def test_real_zones_catch_at_least_twelve_mutants(real: Golden) -> None:
    assert sum(count > 0 for count in real.caught().values()) >= 12
