"""A register of each kind for tests: in a SQLite file, and in a PostgreSQL of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from skykeep.store.register import DatabaseRegister, open_register


@pytest.fixture(params=["sqlite", "postgres"])
def register_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new register may be: a file that is not there yet, then an empty database."""
    if request.param == "sqlite":
        return str(tmp_path / "register.db")
    url = request.getfixturevalue("postgres").database()
    assert isinstance(url, str)
    return url


@pytest.fixture
def register(register_url: str) -> Iterator[DatabaseRegister]:
    """A new, empty register."""
    with open_register(register_url) as opened:
        yield opened
