"""Taking something out of a night: out of its log, on record, then out of the papers beside it.

What is kept of the night in the cache goes first, and the papers come last: cut off between, the log says
that something was taken out since they were made, and the next who takes something out, or nothing, ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from skykeep.app.folder import DOSSIER
from skykeep.app.ground_text import GROUND
from skykeep.base.errors import InputError
from skykeep.domain.record import Paper, Redaction
from skykeep.evidence.checkpoint import Signer
from skykeep.store.case_folder import CASE_LOG
from skykeep.store.cut_off import seal_again
from skykeep.store.manifest import unlisted
from skykeep.store.redaction import WHOLE, Taking, redact


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be taken out, why, and by which rule of retention, "" where it is by none."""

    takings: Sequence[Taking]
    because: str
    rule: str = ""


class TakenOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken out, which papers were made again or removed for it, and the names of the files that
    nobody sealed with the night (`papers`): those were not looked into.
    """

    redactions: tuple[Redaction, ...]
    remade: tuple[Paper, ...]
    papers: tuple[str, ...]


def take_out(
    log: Path,
    wanted: Iterable[Wanted],
    *,
    by: str,
    now_utc_ns: int,
    signer: Signer | None,
    remake: bool = True,
) -> TakenOut:
    """Take parts out of a closed log, then see to the papers beside it (`app.papers`), all of them removed
    without `remake`. Where nothing is wanted, what was cut off before is ended: a log that is not sealed
    again yet, papers that still wait.

    SetupError while the log is being written; IntegrityError where it is not as it was written; InputError
    where nobody is named, or an entry holds no such part.
    """
    # Late: whoever only asks what is due need not wait for what prints dossiers.
    from skykeep.app.dossier import forget_kept
    from skykeep.app.papers import see_to_papers

    if not by.strip():
        raise InputError("by", repr(by), "said: it stands in the log")
    seal_again(log, signer)
    redactions: list[Redaction] = []
    for each in wanted:
        if log.name == CASE_LOG and any(taking.path == WHOLE for taking in each.takings):
            raise InputError("field", "none", "named: without a whole entry its case cannot be told any more")
        if not redactions:
            forget_kept(log)
        redactions += redact(
            log,
            each.takings,
            by=by,
            because=each.because,
            rule=each.rule,
            now_utc_ns=now_utc_ns,
            signer=signer,
        )
    remade = see_to_papers(log, by=by, now_utc_ns=now_utc_ns, signer=signer, remake=remake)
    papers = tuple(name for name in unlisted(log.parent) if name != GROUND)
    if log.name == CASE_LOG and (log.parent.parent / DOSSIER).is_file():
        papers += (f"../{DOSSIER}",)  # it tells of the incidents too
    return TakenOut(redactions=tuple(redactions), remade=remade, papers=papers)
