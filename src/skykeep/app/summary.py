"""A headless night from beginning to end: run, seal, verify, replay, sum up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from skykeep.app.folder import (
    CASE,
    DOSSIER,
    LOG,
    RECORDING,
    find_log,
    log_reference,
    log_starts,
    simulated_origin,
    verify_log,
    write_summary,
)
from skykeep.app.night import NightRun
from skykeep.app.night_case import NightCase
from skykeep.app.night_papers import file_papers
from skykeep.app.night_truth import NightTruth
from skykeep.app.record_duty import SIMULATION_RING, open_simulated_log
from skykeep.app.replay import verify_replay
from skykeep.app.watchers import NightMemory, ScoreKeeper, WholeMemory
from skykeep.base.errors import IntegrityError
from skykeep.domain.identity import TARGET_CLASS_NAMES
from skykeep.domain.track import TrackStatus
from skykeep.engine.ports import Recorder
from skykeep.evidence.entry import simulated_salts
from skykeep.evidence.simulation_key import SIMULATION_KEY
from skykeep.sim import NightScore, Scenario, Scorer
from skykeep.sim.world import World
from skykeep.store.archive import ArchiveHeader, write_archive
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import replace_file
from skykeep.store.recorders import ResumingRecorder
from skykeep.tracking import tabulate


def run_headless(
    scenario: Scenario,
    seed: int,
    world: World,
    folder: Path,
    *,
    say: Callable[[str], None] = lambda _: None,
    on_acknowledged: Callable[[int], None] | None = None,
    seconds: float | None = None,
) -> dict[str, Any]:
    """Run one night as fast as it goes and keep it in `folder`; return its summary.

    A folder that holds a part of the same night is gone on with: what is in its log must come out the same.
    """
    memory = WholeMemory()
    night = scenario.night.name
    origin, salts = simulated_origin(night, seed), simulated_salts(night, seed)
    named = f"{origin}/case"
    with NightCase(folder, say=say, origin=named, salts=salts, ring=SIMULATION_RING) as case:
        with open_simulated_log(folder / LOG, origin, salts, on_acknowledged) as log:
            recorder: Recorder = ResumingRecorder(log) if log.acknowledged() else log
            if log.acknowledged():
                say(f"The log holds {log.acknowledged():,} entries: going on with that night.")
            run, keeper = compose(scenario, seed, world, recorder, memory)
            case.follow(run.pipeline)
            run.run(seconds=seconds)
        case.attach_log(folder / LOG)
        if run.is_over and scenario.papers:
            say("Filing what was written of the night ...")
            file_papers(case.folder, scenario.papers, run.night.start_utc_ns)
    return sum_up(run, keeper, memory, folder, world, say)


def compose(
    scenario: Scenario,
    seed: int,
    world: World,
    recorder: Recorder,
    memory: NightMemory,
    *,
    people_are_scripted: bool = True,
) -> tuple[NightRun, ScoreKeeper]:
    """Return a night and the keeper of its score."""
    run = NightRun(scenario, seed, world, recorder, people_are_scripted=people_are_scripted)
    keeper = ScoreKeeper(Scorer(run.night.truth), memory)
    run.pipeline.listeners = (memory, keeper)
    return run, keeper


def sum_up(
    run: NightRun,
    keeper: ScoreKeeper,
    memory: WholeMemory,
    folder: Path,
    world: World,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Verify the sealed log, make its decisions again, print the dossier, and return the summary."""
    from skykeep.app.case import build_case
    from skykeep.app.case_beside import beside
    from skykeep.app.dossier import printed
    from skykeep.evidence.case_json import case_json
    from skykeep.evidence.levels import Level

    say("Verifying the log ...")
    log = find_log(folder)
    reference = log_reference(log, verify_log(log), replay_identical=None)
    say("Making every decision again from the log ...")
    try:
        identical = verify_replay(folder, world).identical
    except IntegrityError as error:
        say(str(error))
        identical = False
    say("Printing the dossier ...")
    score = keeper.score()
    night = run.night
    case = build_case(
        run.header,
        night.site,
        night.start_utc_ns,
        memory,
        LogReader(log).entries(),
        msgspec.structs.replace(reference, replay_identical=identical),
        log_starts(log),
        truth=NightTruth(title=run.scenario.night.title, score=score, intruders=night.truth.intruders),
        world=world,
    )
    replace_file(folder / CASE, case_json(case, Level.FULL))
    replace_file(folder / DOSSIER, printed(beside(case, folder, None, ()), Level.FULL, "pdf", log))
    _write_recording(run, memory, folder / RECORDING)
    summary = _summary(run, score, reference.entries, reference.verified, identical, folder / DOSSIER)
    write_summary(folder, summary, SIMULATION_KEY)
    return summary


def _write_recording(run: NightRun, memory: WholeMemory, path: Path) -> None:
    """Keep the picture in the neutral format, with what each track was taken for."""
    start_utc_ns = run.night.start_utc_ns
    columns = tabulate([judgement.picture for judgement in memory.judgements], start_utc_ns)
    probabilities = np.array(
        [
            identification.class_probabilities
            for judgement in memory.judgements
            for identification, status in zip(
                judgement.identifications, judgement.picture.status.tolist(), strict=True
            )
            if status != TrackStatus.ENDED
        ]
    ).reshape(-1, len(TARGET_CLASS_NAMES))
    columns |= {name: probabilities[:, k] for k, name in enumerate(TARGET_CLASS_NAMES)}
    site = run.night.site
    header = ArchiveHeader(name=site.name, origin=site.origin, start_utc_ns=start_utc_ns, simulated=True)
    write_archive(path, header, columns)


def _summary(
    run: NightRun, score: NightScore, entries: int, verified: bool, identical: bool, dossier: Path
) -> dict[str, Any]:
    figures = msgspec.to_builtins(score)
    assert isinstance(figures, dict)
    return {
        "scenario": run.scenario.night.name,
        "seed": run.seed,
        "simulated": True,
        **figures,
        "detections": run.pipeline.counts["detections"],
        "rejected": run.pipeline.counts["rejected"],
        "log": {"entries": entries, "verified": verified},
        "replay_identical": identical,
        "dossier": str(dossier),
    }
