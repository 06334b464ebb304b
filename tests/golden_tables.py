"""Golden tables of questions and answers about zones, and what they catch: for the tests, and for
`benchmarks/zone_mutants.py` to print.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bent_zones import QUERY_MUTANTS, ZONE_MUTANTS
from golden_zones import Row, answers, make_queries, rows_of_json, rows_of_zones
from made_zones import national_list
from postgres import Cluster
from recordings import RECORDINGS
from skykeep.app.zone_queries import Queries, decode_queries, names_in_force
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Zone, ZoneList
from skykeep.wire.zone_files import read_zones

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


def made_golden(postgres: Cluster) -> Golden:
    listed = national_list(700)
    return Golden(postgres.database(), [listed], rows_of_zones(listed.zones), seed=1)


def real_golden(postgres: Cluster) -> Golden:
    """Every file that we read; a zone that hangs on the sun or a far clock is left to other tests."""
    lists, rows = [], []
    for path in real_files():
        try:
            listed = read_zones(path.read_bytes(), path.name)
        except DecodeError:
            continue
        as_json = str(path.relative_to(DATA)) in LIKE_ED269
        some = rows_of_json(path) if as_json else rows_of_zones(listed.zones)
        kept = {row["zone_id"] for row in some}
        zones = tuple(zone for zone in listed.zones if zone.zone_id in kept)
        lists.append(ZoneList(format=listed.format, zones=zones))
        rows += some
    return Golden(postgres.database(), lists, rows, seed=2)


def table(golden: Golden, title: str, caught: dict[str, int]) -> str:
    """Return the mutants and what became of them, one line each."""
    hits = sum(map(len, golden.answers))
    lines = [f"{title}: {len(golden.zones)} zones, {len(golden.answers)} questions, {hits} zones named"]
    lines.append(f"{'ours':<45}{f'{len(golden.wrong())} wrong':>24}")
    for name, count in caught.items():
        lines.append(f"{name:<45}{f'caught, {count} wrong' if count else 'NOT CAUGHT':>24}")
    return "\n".join(lines)
