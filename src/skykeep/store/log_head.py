"""Where a log stands that is opened to be gone on with: its end, set against its checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from skykeep.base.errors import InputError, IntegrityError
from skykeep.evidence.checkpoint import Checkpoint
from skykeep.evidence.entry import FIRST_SEQUENCE
from skykeep.evidence.log_walk import walk_log
from skykeep.evidence.merkle import Frontier, kept_frontier, range_root
from skykeep.store import manifest
from skykeep.store.log_reader import LogReader

_TAIL_ENTRIES = 1_000


def checked_head(path: Path, reader: LogReader) -> tuple[Checkpoint, Frontier]:
    """Return where the log stands, after checking its last entries and every checkpoint at hand.

    Only the tail: a whole night takes seconds, and `skykeep verify` is there for it.
    """
    kept, beside = reader.last_checkpoint(), manifest.read_checkpoint(path.parent)
    if beside is not None and beside.origin != kept.origin:
        raise IntegrityError(f"{manifest.CHECKPOINT}: of the log {beside.origin}, must be of {kept.origin}")
    checkpoints = [kept] if beside is None else [kept, beside]
    last = reader.last_entry()
    entries = 0 if last is None else last.sequence
    first = max(FIRST_SEQUENCE, entries - _TAIL_ENTRIES + 1)
    try:
        with reader.tree() as tree:
            frontier = kept_frontier(tree, first - 1)
            older = [checkpoint for checkpoint in checkpoints if checkpoint.entries < first - 1]
            for checkpoint in older:
                if range_root(tree, 0, checkpoint.entries) != checkpoint.root:
                    _refuse(path, f"its first {checkpoint.entries} entries are not those of a checkpoint.", 1)
            report = walk_log(
                reader.entries(first),
                first_sequence=first,
                frontier=frontier,
                stored_node=tree.node,
                checkpoints=checkpoints,
            )
    except InputError as error:
        raise IntegrityError(f"{path}: the hashes of its tree are not all there: {error}") from error
    fault = report.first_bad or report.missing_end
    if fault is not None:
        _refuse(path, fault.sentence, fault.sequence)
    head = Checkpoint(
        origin=kept.origin,
        entries=entries,
        root=report.root,
        time_utc_ns=0 if last is None else last.time_utc_ns,
        sealed=kept.sealed,
    )
    return head, frontier


def _refuse(path: Path, sentence: str, sequence: int) -> NoReturn:
    raise IntegrityError(f"{path}: {sentence} Nothing more is written to it.", sequence)
