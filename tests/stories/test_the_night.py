"""The night, told whole: its summary, its folder, and what happens when somebody touches it."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive_validator import not_valid
from skykeep.app.case_beside import beside
from skykeep.app.case_of_log import case_of_log
from skykeep.app.dossier import case_of_night, printed
from skykeep.app.folder import CASE, DOSSIER, LOG, RECORDING, SUMMARY
from skykeep.app.summary import run_headless
from skykeep.cli import skykeep
from skykeep.domain.statement import Relation, Slot
from skykeep.evidence.case_json import case_json
from skykeep.evidence.levels import Level
from skykeep.sim import load_scenario
from skykeep.sim.world import World
from skykeep.store.archive import read_archive
from skykeep.store.case_folder import read_case

Night = tuple[dict[str, Any], Path]

FIELDS = {
    "scenario", "seed", "simulated", "intruders", "intruders_tracked", "intruders_alerted",
    "authorised_flights", "authorised_flights_alerted", "aircraft_alerted", "birds_alerted", "warning_s",
    "approvals", "stopped", "breaches", "persons_expected_in_debris", "log", "replay_identical", "dossier",
}  # fmt: skip


def test_both_intruders_are_tracked_and_alerted_in_time(night: Night) -> None:
    summary, _ = night
    assert (summary["intruders"], summary["intruders_tracked"], summary["intruders_alerted"]) == (2, 2, 2)
    assert all(warning >= 20.0 for warning in summary["warning_s"])


def test_nobody_is_wronged(night: Night) -> None:
    summary, _ = night
    assert summary["authorised_flights"] >= 2
    assert summary["authorised_flights_alerted"] == 0
    assert summary["aircraft_alerted"] == 0
    assert summary["birds_alerted"] <= 1


def test_the_false_identity_is_not_believed(night: Night) -> None:
    assert night[0]["false_identity_believed"] is False


def test_the_summary_says_what_it_must_and_is_kept(night: Night) -> None:
    summary, folder = night
    assert set(summary) >= FIELDS
    assert summary["simulated"] is True
    assert json.loads((folder / SUMMARY).read_text())["seed"] == summary["seed"]


def test_every_effect_had_two_different_approvers(night: Night) -> None:
    _, folder = night
    with sqlite3.connect(f"file:{folder / LOG}?mode=ro", uri=True) as log:
        orders = [
            json.loads(row[0]) for row in log.execute("SELECT payload FROM entry WHERE kind = 'effect_order'")
        ]
    log.close()
    assert len(orders) >= 2
    for order in orders:
        assert order["simulated"] is True
        assert len({approval["by"] for approval in order["approvals"]}) >= 2


def test_the_folder_verifies_and_replays_to_the_byte(night: Night) -> None:
    _, folder = night
    assert CliRunner().invoke(skykeep, ["verify", str(folder)]).exit_code == 0
    replayed = CliRunner().invoke(skykeep, ["replay", "--verify", str(folder)])
    assert (replayed.exit_code, replayed.output.split(":")[0]) == (0, "Identical")


@pytest.mark.parametrize("threads", ["1", "2"])
def test_it_replays_to_the_byte_in_another_process_with_other_threads_hashes_and_customs(
    night: Night, threads: str
) -> None:
    customs = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    named = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("skykeep")), "replay", "--verify", "--json", str(night[1])],
        env={**os.environ, **customs, **dict.fromkeys(named, threads)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["identical"] is True


def test_the_recording_opens_and_covers_the_night(night: Night) -> None:
    header, columns = read_archive(night[1] / RECORDING)
    assert header.simulated
    assert columns["t"].max() > 60.0
    assert len(set(columns["track_id"].tolist())) >= 6


def test_the_dossier_is_a_pdf_and_the_same_night_prints_the_same_one(
    night: Night, world: World, tmp_path: Path
) -> None:
    summary, folder = night
    again = run_headless(load_scenario("the-night"), summary["seed"], world, tmp_path)
    assert again["log"] == summary["log"]
    first = (folder / DOSSIER).read_bytes()
    assert first.startswith(b"%PDF-")
    assert (tmp_path / DOSSIER).read_bytes() == first
    assert (tmp_path / RECORDING).read_bytes() == (folder / RECORDING).read_bytes()
    assert read_case(tmp_path).incidents.incidents == read_case(folder).incidents.incidents


def test_its_case_holds_both_intruders_as_one_incident_with_all_that_was_decided(night: Night) -> None:
    summary, folder = night
    state = read_case(folder).state()
    (incident,) = state.incidents
    kinds = Counter(held.item.key.kind.value for held in incident.items)
    assert state.nights[0].night.entries == summary["log"]["entries"]
    assert state.refusals == ()
    assert kinds["alert"] >= summary["intruders_alerted"]
    assert (
        sum("approved" in h.item.says for h in incident.items if h.item.key.kind == "decision")
        == (summary["approvals"])
    )


def test_the_dossier_comes_out_the_same_from_the_log_alone(night: Night, tmp_path: Path) -> None:
    _, folder = night
    case = case_of_log(folder / LOG)
    assert case.truth_known
    assert len(case.stories) == 2
    assert (
        printed(beside(case, folder, None, ()), Level.FULL, "pdf", folder / LOG)
        == (folder / DOSSIER).read_bytes()
    )
    assert case_json(case, Level.FULL) == (folder / CASE).read_bytes()


def test_what_is_written_of_the_night_stands_in_its_dossier_side_by_side(night: Night) -> None:
    _, folder = night
    state = read_case(folder).state()
    assert len(state.documents) == len(load_scenario("the-night").papers) == 5
    assert state.reviews == ()

    matrix = beside(case_of_night(folder), folder, None, ()).statements
    assert matrix is not None
    rows = {row.slot: row for row in matrix.rows}
    # Two papers with one source are one voice, whom an official, a fisherman and a neighbour contradict.
    assert [lineage.document_ids for lineage in matrix.lineages] == [
        tuple(
            one.document_id
            for one in state.documents
            if one.publisher in ("Vessamar Post", "Harbour Courier")
        )
    ]
    assert rows[Slot.AIRCRAFT_COUNT].relation is Relation.CONTRADICT
    assert rows[Slot.ATTRIBUTION].relation is Relation.CONTRADICT
    assert rows[Slot.AIRCRAFT_COUNT].measured
    page = printed(beside(case_of_night(folder), folder, None, ()), Level.PUBLIC, "html").decode()
    for says in ("Southern Wire", "NOT REVIEWED", "Measured beside it"):
        assert says in page


def test_the_dossier_of_the_night_is_a_valid_archive_file_at_every_level(night: Night) -> None:
    _, folder = night
    case = case_of_night(folder)
    for level in Level:
        assert not_valid(printed(case, level, "pdf", folder / LOG)) == []


@pytest.mark.parametrize("name", [LOG, CASE, DOSSIER, RECORDING, SUMMARY, "manifest.json", "checkpoint.note"])
def test_one_changed_byte_anywhere_is_found(night: Night, tmp_path: Path, name: str) -> None:
    dice = random.Random(name)
    copy = tmp_path / "night"
    shutil.copytree(night[1], copy)
    original = (copy / name).read_bytes()
    for _ in range(12 if name == LOG else 4):
        changed = bytearray(original)
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        (copy / name).write_bytes(changed)
        result = CliRunner().invoke(skykeep, ["verify", str(copy)])
        assert result.exit_code != 0, result.output
        assert name in result.output or "entry" in result.output


def test_an_entry_changed_by_somebody_with_a_database_tool_is_named(night: Night, tmp_path: Path) -> None:
    copy = tmp_path / "night"
    shutil.copytree(night[1], copy)
    log = sqlite3.connect(copy / LOG)
    (sequence,) = log.execute("SELECT max(sequence) FROM entry WHERE kind = 'approve_response'").fetchone()
    for (trigger,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        log.execute(f"DROP TRIGGER {trigger}")
    log.execute(
        "UPDATE entry SET payload = CAST(replace(payload, ?, ?) AS BLOB) WHERE sequence = ?",
        ('"by":"', '"by":"not-', sequence),
    )
    log.commit()
    log.close()
    result = CliRunner().invoke(skykeep, ["verify", str(copy)])
    assert result.exit_code != 0
    assert str(sequence) in result.output
    replayed = CliRunner().invoke(skykeep, ["replay", "--verify", str(copy)])
    assert replayed.exit_code != 0
