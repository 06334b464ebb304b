"""Killed in the middle, and torn: what was acknowledged is there, the chain holds, the log goes on."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from power_rounds import file_limit_round, full_disk_round, full_round, killed_round, torn_round
from skykeep.domain.record import EntryRole
from skykeep.evidence.log_walk import walk_log
from skykeep.store.log_database import LogDatabase

ROUNDS = 20


@pytest.mark.slow
def test_killed_twenty_times_nothing_acknowledged_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "night.db"
    dice = random.Random(20310503)
    for _ in range(ROUNDS):
        killed_round(path, dice)
    with LogDatabase.open(path) as log:
        assert sum(1 for _ in log.entries(kind="restarted")) == ROUNDS


@pytest.mark.slow
def test_a_disk_that_is_full_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    dice = random.Random(20310504)
    for _ in range(3):
        full_round(tmp_path / "night.db", dice)


def test_where_no_file_may_grow_the_log_stops_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    file_limit_round(tmp_path / "night.db", random.Random(20310506))


def test_a_file_system_that_is_full_costs_nothing_and_writing_goes_on_with_room(tmp_path: Path) -> None:
    dice = random.Random(20310507)
    for _ in range(3):
        try:
            full_disk_round(tmp_path / "disk", dice)
        except PermissionError as error:
            pytest.skip(f"nobody may mount a small file system here: {error}")


def test_a_page_torn_after_the_last_acknowledgement_costs_nothing_before_it(tmp_path: Path) -> None:
    dice = random.Random(20310505)
    for _ in range(6):
        torn_round(tmp_path, dice)


def test_a_torn_end_of_the_journal_costs_only_what_was_torn(tmp_path: Path) -> None:
    """Copy a log in use as a power cut would leave it, with ever less of its journal."""
    with LogDatabase.open(tmp_path / "night.db", checkpoint_every_s=3_600.0) as log:
        for n in range(1, 41):
            log.append(n, EntryRole.INPUT, "scan", b"7" * 500)
            log.flush()
        database = (tmp_path / "night.db").read_bytes()
        journal = (tmp_path / "night.db-wal").read_bytes()
    survivors = []
    for torn_bytes in range(0, len(journal), len(journal) // 60):
        torn = tmp_path / f"torn{torn_bytes}"
        torn.mkdir()
        (torn / "night.db").write_bytes(database)
        (torn / "night.db-wal").write_bytes(journal[: len(journal) - torn_bytes])
        with LogDatabase.open(torn / "night.db") as log:
            report = walk_log(log.entries())
            assert report.first_bad is None
            survivors.append(report.entries)
            log.append(99, EntryRole.INPUT, "scan", b"{}")
        shutil.rmtree(torn)

    assert survivors[0] == 40
    assert survivors == sorted(survivors, reverse=True)
    assert survivors[-1] < 5
