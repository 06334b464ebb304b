"""A headless night from beginning to end: run, seal, verify, replay, sum up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from skykeep.app.folder import DOSSIER, LOG, find_log, verify_log, write_summary
from skykeep.app.night import NightRun
from skykeep.app.replay import verify_replay
from skykeep.app.watchers import NightMemory, ScoreKeeper
from skykeep.base.errors import IntegrityError
from skykeep.engine.ports import Recorder
from skykeep.sim import NightScore, Scenario, Scorer
from skykeep.sim.world import World
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ResumingRecorder


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
    memory = NightMemory()
    with LogDatabase.open(folder / LOG, on_acknowledged=on_acknowledged) as log:
        recorder: Recorder = ResumingRecorder(log) if log.acknowledged() else log
        if log.acknowledged():
            say(f"The log holds {log.acknowledged():,} entries: going on with that night.")
        run, keeper = compose(scenario, seed, world, recorder, memory)
        run.run(seconds=seconds)
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
    memory: NightMemory,
    folder: Path,
    world: World,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Verify the sealed log, make its decisions again, print the dossier, and return the summary."""
    from skykeep.app.case import write_case

    say("Verifying the log ...")
    chain = verify_log(find_log(folder))
    say("Making every decision again from the log ...")
    try:
        identical = verify_replay(folder, world).identical
    except IntegrityError as error:
        say(str(error))
        identical = False
    say("Printing the dossier ...")
    score = keeper.score()
    write_case(run, memory, score, folder, chain, replay_identical=identical)
    summary = _summary(run, score, chain.entries, chain.first_bad is None, identical, folder / DOSSIER)
    write_summary(folder, summary)
    return summary


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
