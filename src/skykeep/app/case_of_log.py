"""The case of a log, from the log alone: every decision is made again, and compared with what was written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from skykeep.app.case import build_case
from skykeep.app.folder import demo_world, log_reference, log_starts, verify_log
from skykeep.app.night_truth import truth_keeper
from skykeep.app.replay import NoRecorder, Recording, RedactedError, verify_replay
from skykeep.app.watchers import NightMemory
from skykeep.base.errors import IntegrityError
from skykeep.engine.pipeline import Listener
from skykeep.evidence.case import Case
from skykeep.sim.world import World


def case_of_log(log: Path) -> Case:
    """Return the case. A log that comes out otherwise is told as it comes out, and the case says so."""
    recording = Recording(log)
    world = demo_world() if recording.header.simulated else None
    identical, stopped = True, ""
    while True:
        memory = NightMemory()
        keeper = truth_keeper(recording.header, recording.site, world) if world is not None else None
        listeners: tuple[Listener, ...] = (memory,) if keeper is None else (memory, keeper)
        if not identical:
            stopped = _replay(recording, listeners, world)
            break
        try:
            stopped = verify_replay(log, world, listeners).stopped
            break
        except IntegrityError:
            identical = False
    case = build_case(
        recording.header,
        recording.site,
        recording.start_utc_ns,
        memory,
        recording.entries(),
        log_reference(log, verify_log(log), replay_identical=identical),
        log_starts(log),
        truth=keeper.truth() if keeper is not None else None,
        world=world,
    )
    return msgspec.structs.replace(case, not_known=(*case.not_known, *((stopped,) if stopped else ())))


def _replay(recording: Recording, listeners: tuple[Listener, ...], world: World | None) -> str:
    """Make a log's decisions again without comparing; return why that could not go on, "" if it could."""
    try:
        recording.resumed(NoRecorder(), listeners, world)
    except RedactedError as error:
        return str(error)
    return ""
