"""The case of a log, from the log alone: every decision is made again, and compared with what was written.

Where a part of the log was redacted, nothing after it can be made again. Then the whole night is told as the
log says it (`log_told`), and no truth is told: a simulation's figures need all that was thought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from skykeep.app.case import CONFIGURATION, build_case
from skykeep.app.folder import demo_world, log_reference, log_starts, verify_log
from skykeep.app.night_truth import TruthKeeper, truth_keeper
from skykeep.app.replay import NoRecorder, Recording, RedactedError, verify_replay
from skykeep.app.watchers import NightMemory, Steps
from skykeep.base.errors import IntegrityError
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import Redaction
from skykeep.domain.retention import BY as RETENTION
from skykeep.engine.pipeline import Listener
from skykeep.evidence.case import NOT_MADE_AGAIN, Case, Story
from skykeep.evidence.log_walk import REDACTED_KIND
from skykeep.evidence.redacted_entry import gone_from_log, redacted_of_tracks
from skykeep.sim.world import World
from skykeep.store.recorders import ComparisonReport

TOLD_FROM_LOG = (
    "Where a part of the log is redacted, this night is told as the log says it: class probabilities to ten "
    "per cent, verdicts without the sentence that explained them; what was redacted whole is counted nowhere."
)
NO_TRUTH = (
    "Not known: how many intruders were tracked, warned of in time, stopped or breached. These figures need "
    "every decision made again from the whole log."
)

_GONE = "not known: a part of it is redacted"


class _Again(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions of a log made again: how they came out, and what is remembered of them."""

    memory: NightMemory
    keeper: TruthKeeper | None
    identical: bool
    says: str
    is_whole: bool


def case_of_log(log: Path, step: Callable[[float], None] = lambda _: None) -> Case:
    """Return the case. A log that comes out otherwise is told as it comes out, and the case says so; one of
    which something was redacted is told as it stands. `step` is told how much is made, from 0 to 1; what it
    raises ends the work.
    """
    recording = Recording(log)
    world = demo_world() if recording.header.simulated else None
    again = _made_again(recording, world, step)
    memory, keeper = again.memory, again.keeper
    if not again.is_whole:
        memory, keeper = NightMemory(), None
        recording.tell((memory,), world)
    identical = again.identical if again.is_whole or not again.identical else None
    reference = log_reference(log, verify_log(log), replay_identical=identical)
    redactions = tuple(_redactions(recording))
    reference = msgspec.structs.replace(
        reference,
        replay_says=again.says,
        redacted_by=_once(one.by for one in redactions if one.by != RETENTION),
        redacted_because=_once(one.because for one in redactions if not one.rule),
    )
    case = build_case(
        recording.header,
        recording.site_as_told,
        recording.start_utc_ns,
        memory,
        recording.entries(),
        reference,
        log_starts(log),
        truth=keeper.truth() if keeper is not None else None,
        world=world,
    )
    return case if again.is_whole else _as_redacted(case, again.says, recording)


def case_of_watch(log: Path, memory: NightMemory) -> Case:
    """Return the case of a watch that just ended, from what was remembered of the whole of it: no decision is
    made again, and the case says so.
    """
    recording = Recording(log)
    reference = log_reference(log, verify_log(log), replay_identical=None)
    return build_case(
        recording.header,
        recording.site,
        recording.start_utc_ns,
        memory,
        recording.entries(),
        msgspec.structs.replace(reference, replay_says=NOT_MADE_AGAIN),
        log_starts(log),
        truth=None,
        world=None,
    )


def _made_again(recording: Recording, world: World | None, step: Callable[[float], None]) -> _Again:
    """Make every decision again, as far as the log lets; where it does not come out the same, without
    comparing.
    """
    memory, keeper, listeners = _listeners(recording, world)
    steps = Steps(recording.start_utc_ns, recording.end_utc_ns, step)
    try:
        report = verify_replay(recording.log, world, (*listeners, steps))
        return _Again(
            memory=memory,
            keeper=keeper,
            identical=not report.missing and not report.extra,
            says=_said(report),
            is_whole=_is_whole(report),
        )
    except IntegrityError as error:
        says = str(error)
    memory, keeper, listeners = _listeners(recording, world)
    try:
        recording.resumed(NoRecorder(), (*listeners, steps), world)
    except RedactedError as error:
        return _Again(
            memory=memory, keeper=keeper, identical=False, says=f"{says}. And {error}", is_whole=False
        )
    is_whole = not any(_redactions(recording))
    return _Again(memory=memory, keeper=keeper, identical=False, says=says, is_whole=is_whole)


def _said(report: ComparisonReport) -> str:
    """Return what there is to say of a comparison beside that all came out the same."""
    if report.identical:
        return ""
    return f"Not every decision could be made again: {report.sentence}" if report.stopped else report.sentence


def _is_whole(report: ComparisonReport) -> bool:
    return not report.stopped and not report.redacted


def _listeners(
    recording: Recording, world: World | None
) -> tuple[NightMemory, TruthKeeper | None, tuple[Listener, ...]]:
    memory = NightMemory()
    keeper = truth_keeper(recording.header, recording.site_as_told, world) if world is not None else None
    return memory, keeper, (memory,) if keeper is None else (memory, keeper)


def _as_redacted(case: Case, says: str, recording: Recording) -> Case:
    """Return the case with what cannot be known, and what is gone, said where it would have been told."""
    gone = gone_from_log(recording.entries())
    parts = sum(each.count for each in gone)
    were = "1 part of the log was" if parts == 1 else f"{parts} parts of the log were"
    summary = (f"{were} redacted: what was said there is not told here.",)
    configuration = case.configuration
    if not recording.site_is_whole:
        configuration = tuple((name, _GONE if name == CONFIGURATION else of) for name, of in configuration)
    no_truth = (NO_TRUTH,) if case.simulated else ()
    return msgspec.structs.replace(
        case,
        stories=_lacking(case.stories, recording),
        summary=(*case.summary, *no_truth, *summary),
        not_known=(*case.not_known, TOLD_FROM_LOG, says[:1].upper() + says[1:]),
        configuration=configuration,
        withheld=gone,
        told_from_log=True,
    )


def _lacking(stories: tuple[Story, ...], recording: Recording) -> tuple[Story, ...]:
    redacted = redacted_of_tracks(recording.entries(), [story.track_ids for story in stories])
    return tuple(
        msgspec.structs.replace(story, redacted=gone) for story, gone in zip(stories, redacted, strict=True)
    )


def _redactions(recording: Recording) -> Iterator[Redaction]:
    for entry in recording.entries():
        if entry.kind == REDACTED_KIND:
            yield decode_json(entry.payload, Redaction)


def _once(said: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said))
