"""At least 2,000 questions about real zones, and as many about made ones, answered by PostGIS: none wrong;
and every engine that is wrong in one way is caught.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from golden_zones import Row, answers, make_queries, rows_of_json, rows_of_zones
from made_zones import national_list
from postgres import Cluster
from recordings import RECORDINGS, needs_recordings
from skykeep.app.zone_queries import Queries, decode_queries, names_in_force
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Zone, ZoneList
from skykeep.wire.zone_files import read_zones
from zone_mutants import QUERY_MUTANTS, ZONE_MUTANTS

ASKED, KEPT = 3_600, 2_000
DATA = RECORDINGS / "zones"
# Read by the oracle as they stand; all others after us.
LIKE_ED269 = (
    "fi_traficom_20260817.geojson",
    "nl_ienw_20260817.geojson",
    "lu_dac_20260817.geojson",
    "interuss/test_eurocae_ed269.json",
)
NO_ZONES = ("README.md", "LICENSE", ".py", ".txt", "Dockerfile", ".DS_Store")


class Golden:
    """Zones, questions, and the answers that another engine gave."""

    def __init__(self, url: str, lists: Sequence[ZoneList], rows: list[Row], seed: int) -> None:
        self.zones = tuple(zone for each in lists for zone in each.zones)
        asked = make_queries(rows, ASKED, seed)
        told = answers(url, rows, asked)
        self.answers = list(told.values())
        self.asked = [asked[k] for k in told]
        self.queries = decode_queries(json.dumps({"queries": self.asked}).encode())

    def wrong(self, zones: tuple[Zone, ...] | None = None, queries: Queries | None = None) -> list[int]:
        """Return which answers differ."""
        listed = ZoneList(format="", zones=self.zones if zones is None else zones)
        found = names_in_force([listed], queries or self.queries, 1013.25)
        return [k for k, (one, other) in enumerate(zip(found, self.answers, strict=True)) if one != other]

    def caught(self) -> dict[str, int]:
        """Return for each mutant how many of its answers are wrong."""
        bent = {name: self.wrong(tuple(map(bend, self.zones))) for name, bend in ZONE_MUTANTS.items()}
        bent |= {name: self.wrong(queries=bend(self.queries)) for name, bend in QUERY_MUTANTS.items()}
        return {name: len(wrong) for name, wrong in bent.items()}


def real_files() -> list[Path]:
    """Return every file of zones, one revision of the history."""
    found = sorted(path for path in DATA.rglob("*") if path.is_file() and not path.name.endswith(NO_ZONES))
    return [path for path in found if "schema" not in path.parts and "rat_history" not in str(path)]


@pytest.fixture(scope="module")
def made(postgres: Cluster) -> Golden:
    listed = national_list(700)
    return Golden(postgres.database(), [listed], rows_of_zones(listed.zones), seed=1)


@pytest.fixture(scope="module")
def real(postgres: Cluster) -> Golden:
    lists, rows = [], []
    for path in real_files():
        try:
            listed = read_zones(path.read_bytes(), path.name)
        except DecodeError:
            continue
        lists.append(listed)
        as_json = str(path.relative_to(DATA)) in LIKE_ED269
        rows += rows_of_json(path) if as_json else rows_of_zones(listed.zones)
    kept = {row["zone_id"] for row in rows}
    lists = [
        ZoneList(format=each.format, zones=tuple(z for z in each.zones if z.zone_id in kept))
        for each in lists
    ]
    return Golden(postgres.database(), lists, rows, seed=2)


def show(golden: Golden, title: str) -> dict[str, int]:
    caught = golden.caught()
    hits = sum(map(len, golden.answers))
    lines = [f"{title}: {len(golden.zones)} zones, {len(golden.answers)} questions, {hits} zones named"]
    lines += [
        f"{name:<45}{f'caught, {count} wrong' if count else 'NOT CAUGHT':>24}"
        for name, count in caught.items()
    ]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    return caught


def test_no_answer_about_made_zones_is_wrong(made: Golden) -> None:
    assert len(made.answers) >= KEPT
    assert sum(map(bool, made.answers)) > KEPT / 4
    assert [(made.asked[k], made.answers[k]) for k in made.wrong()] == []


def test_made_zones_catch_every_mutant(made: Golden) -> None:
    assert [name for name, count in show(made, "Made zones").items() if not count] == []


@needs_recordings
def test_no_answer_about_real_zones_is_wrong(real: Golden) -> None:
    assert len(real.answers) >= KEPT
    assert sum(map(bool, real.answers)) > KEPT / 4
    assert [(real.asked[k], real.answers[k]) for k in real.wrong()] == []


@needs_recordings
def test_real_zones_catch_mutants(real: Golden) -> None:
    assert sum(count > 0 for count in show(real, "Real zones").values()) >= 12
