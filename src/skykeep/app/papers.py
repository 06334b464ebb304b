"""Papers beside a log from which something was taken out: they still say it, and are made again or removed.

| file, sealed with the log | what becomes of it |
|---|---|
| `case.json`, `dossier.pdf`, sealed or not | made again from what is left, where that tells anything |
| `summary.json`, tables without text | left: figures, and nobody is named in them |
| any other | removed: it cannot be made again |

What is made again is written beside it first (`NAME.remade`). Then an entry of the log says which papers, and
the hash of each before and after; then they are put in their places or removed; then all is sealed anew. Cut
off before the entry, it is all done again; cut off after it, the next look finishes what the entry says. What
lies there unsealed, the case's own folder and whatever left the house are not touched.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import pyarrow.parquet as pq

from skykeep.app.case_beside import beside
from skykeep.app.case_of_log import case_of_log
from skykeep.app.dossier import printed
from skykeep.app.folder import CASE, DOSSIER, LOG, SUMMARY
from skykeep.app.replay import RedactedError
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.record import EntryRole, Paper, PapersRemade, Redaction
from skykeep.engine.inputs import INPUT_KINDS
from skykeep.evidence.case_json import case_json, read_case_json
from skykeep.evidence.checkpoint import Signer
from skykeep.evidence.levels import Level
from skykeep.evidence.log_walk import REDACTED_KIND
from skykeep.store import manifest
from skykeep.store.cut_off import seal_again
from skykeep.store.dossier_evidence import evidence_of
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader

KIND = INPUT_KINDS[PapersRemade]
_REMADE = frozenset({CASE, DOSSIER})
_RECORD = frozenset({LOG, manifest.CHECKPOINT, manifest.KEYS, manifest.CASE_NAMED})


def see_to_papers(
    log: Path, *, by: str, now_utc_ns: int, signer: Signer | None, remake: bool = True
) -> tuple[Paper, ...]:
    """Make papers again or remove them, where something was taken out of the closed log since that was done
    last, for the reasons that stand there; return which. What was broken off is finished first. Without
    `remake` all are removed: making a case again takes as long as judging its night took.

    SetupError while the log is being written; then no paper was changed.
    """
    folder = log.parent
    told = _last_told(log)
    finished = () if told is None else _finish(log, told, signer)
    because = _because(log, told)
    if not because:
        return finished
    for draft in (path for name in _REMADE for path in folder.glob(f"{_draft(folder / name).name}*")):
        draft.unlink()
    names = _papers(log)
    if not names:
        return finished
    again = _made_again(log, names) if remake else {}
    for name, data in again.items():
        manifest.replace_file(_draft(folder / name), data)
    papers = tuple(
        Paper(
            name=name,
            sha256_before=_sha256(folder / name),
            sha256_after=_sha256(_draft(folder / name)) if name in again else "",
        )
        for name in names
    )
    with LogDatabase.open(log, signer=signer) as opened:
        last = opened.reader.last_entry()
        # A log's time never runs back.
        time_utc_ns = max(now_utc_ns, now_utc_ns if last is None else last.time_utc_ns)
        entry = PapersRemade(papers=papers, by=by, because=because, time_utc_ns=time_utc_ns)
        opened.append(time_utc_ns, EntryRole.INPUT, KIND, encode_json(entry))
    _carry_out(folder, papers, signer)
    return papers


def check_told(night: Path) -> None:
    """Raise SetupError where papers in a night's folder may still say what was taken out of its log since
    they were made, and name them.
    """
    for log in sorted(night.rglob(LOG)):
        if not manifest.is_sealed(log) or not (because := _because(log, _last_told(log))):
            continue
        with contextlib.closing(LogReader(log)) as reader:
            since = max((entry.sequence for entry in reader.entries(kind=REDACTED_KIND)), default=0)
        if names := [name for name in _papers(log) if _covers(log.parent / name) < since]:
            raise SetupError(
                f"{log}: {', '.join(names)}: may still say what was taken out ({because}), must be seen to "
                f"first: `skykeep redact {log.parent} --by NAME`"
            )


def _covers(paper: Path) -> int:
    """Return how many entries of its log a paper says that it was made from, 0 where it says nothing."""
    with contextlib.suppress(InputError):
        if paper.name == CASE:
            return read_case_json(paper.read_bytes()).log.entries
        if paper.name == DOSSIER and (evidence := evidence_of(paper)) is not None:
            return evidence.size
    return 0


def _finish(log: Path, told: PapersRemade, signer: Signer | None) -> tuple[Paper, ...]:
    """Do what an entry says and was not done, because it was broken off; return for which papers."""
    seal_again(log, signer)
    left = tuple(paper for paper in told.papers if _is_left(log.parent, paper))
    if left:
        _carry_out(log.parent, left, signer)
    return left


def _is_left(folder: Path, paper: Paper) -> bool:
    """Say whether a paper is not yet sealed as its entry says, or gone as it says, and can be."""
    path, sealed = folder / paper.name, manifest.read_manifest(folder)
    there, listed = _sha256(path), None if sealed is None else sealed.file(paper.name)
    was_sealed = "" if listed is None else listed.sha256
    if not paper.sha256_after:
        return (there or was_sealed) == paper.sha256_before
    if there == paper.sha256_after:
        return was_sealed != there
    return _sha256(_draft(path)) == paper.sha256_after


def _carry_out(folder: Path, papers: tuple[Paper, ...], signer: Signer | None) -> None:
    """Put what was made again in its place, remove the rest, and seal."""
    manifest.unseal_files(folder, *(paper.name for paper in papers), signer=signer)
    for paper in papers:
        path = folder / paper.name
        if not paper.sha256_after:
            path.unlink(missing_ok=True)
        elif _sha256(path) != paper.sha256_after:
            _draft(path).replace(path)
    manifest.sync_directory(folder)
    if again := [paper.name for paper in papers if paper.sha256_after]:
        manifest.seal_files(folder, *again, signer=signer)


def _draft(path: Path) -> Path:
    return path.with_name(path.name + ".remade")


def _sha256(path: Path) -> str:
    """Return a file's hash, "" where there is none."""
    return manifest.hash_file(path).sha256 if path.is_file() else ""


def _papers(log: Path) -> tuple[str, ...]:
    """Return the names of the files beside a log that may say what it forgot."""
    folder, sealed = log.parent, manifest.read_manifest(log.parent)
    names = set() if sealed is None else {each.name for each in sealed.files} - _RECORD - {log.name}
    names = {name for name in names if not _is_cosigned(name) and not _names_nobody(folder / name)} | _REMADE
    return tuple(sorted(name for name in names if (folder / name).is_file()))


def _is_cosigned(name: str) -> bool:
    return name.startswith(f"{manifest.COSIGNED}/")  # what witnesses signed is of the record


def _names_nobody(path: Path) -> bool:
    if path.name == SUMMARY:
        return True
    if path.suffix != ".parquet" or not path.is_file():
        return False
    return not any("string" in str(column.type) for column in pq.read_schema(path))


def _last_told(log: Path) -> PapersRemade | None:
    with contextlib.closing(LogReader(log)) as reader:
        last = max(reader.entries(kind=KIND), key=lambda entry: entry.sequence, default=None)
        return None if last is None else decode_json(last.payload, PapersRemade)


def _because(log: Path, told: PapersRemade | None) -> str:
    """Return why papers are to be seen to, "" where nothing was taken out since that was done last. One of
    which the entry says that it was made again, and that stands as before, waits for it still: its new one
    was lost.
    """
    with contextlib.closing(LogReader(log)) as reader:
        last = max((entry.sequence for entry in reader.entries(kind=KIND)), default=0)
        taken = [
            decode_json(each.payload, Redaction) for each in reader.entries(last + 1, kind=REDACTED_KIND)
        ]
    reasons = [each.because for each in taken]
    if told is not None and any(_sha256(log.parent / p.name) == p.sha256_before for p in told.papers):
        reasons.insert(0, told.because)
    return "; ".join(dict.fromkeys(reasons))


def _made_again(log: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    wanted = _REMADE & set(names)
    if not wanted:
        return {}
    try:
        case = case_of_log(log)
    except RedactedError:
        return {}  # so much is gone that nothing can be told: then they are removed
    made = {CASE: case_json(case, Level.FULL)}
    if DOSSIER in wanted:
        made[DOSSIER] = printed(beside(case, log.parent, None, ()), Level.FULL, "pdf", log)
    return {name: made[name] for name in wanted}
