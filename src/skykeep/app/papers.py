"""Papers beside a log from which something was taken out: they still say it, and are made again or removed.

| file, sealed with the log | what becomes of it |
|---|---|
| `case.json`, `dossier.pdf`, sealed or not | made again from what is left of the log |
| `summary.json`, tables without text | left: figures, and nobody is named in them |
| any other | removed: it cannot be made again |

Which, and the hash of each before and after, is an entry of the log; then all is sealed anew. What lies there
unsealed, the case's own folder and whatever left the house are not touched.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from skykeep.app.case_beside import beside
from skykeep.app.case_of_log import case_of_log
from skykeep.app.dossier import printed
from skykeep.app.folder import CASE, DOSSIER, LOG, SUMMARY
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.record import EntryRole, Paper, PapersRemade, Redaction
from skykeep.engine.inputs import INPUT_KINDS
from skykeep.evidence.case_json import case_json
from skykeep.evidence.checkpoint import Signer
from skykeep.evidence.levels import Level
from skykeep.evidence.log_walk import REDACTED_KIND
from skykeep.store import manifest
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader

KIND = INPUT_KINDS[PapersRemade]
_RECORD = frozenset({LOG, manifest.CHECKPOINT, manifest.KEYS, manifest.CASE_NAMED})


def see_to_papers(
    log: Path, *, by: str, now_utc_ns: int, signer: Signer | None, remake: bool = True
) -> tuple[Paper, ...]:
    """Make papers again or remove them, where something was taken out of the closed log since that was done
    last, for the reasons that stand there; return which. What was broken off is done again. Without `remake`
    all are removed: making a case again takes as long as judging its night took.
    """
    folder = log.parent
    names = _papers(folder)
    because = "; ".join(_reasons_since(log)) if names else ""
    if not because:
        return ()
    before = {name: manifest.hash_file(folder / name).sha256 for name in names}
    again = _made_again(log, names) if remake else {}
    manifest.unseal_files(folder, *names, signer=signer)
    for name in names:
        if name in again:
            manifest.replace_file(folder / name, again[name])
        else:
            (folder / name).unlink()
    papers = tuple(
        Paper(
            name=name,
            sha256_before=before[name],
            sha256_after=manifest.hash_file(folder / name).sha256 if name in again else "",
        )
        for name in names
    )
    with LogDatabase.open(log, signer=signer) as opened:
        last = opened.reader.last_entry()
        # A log's time never runs back.
        time_utc_ns = max(now_utc_ns, now_utc_ns if last is None else last.time_utc_ns)
        entry = PapersRemade(papers=papers, by=by, because=because, time_utc_ns=time_utc_ns)
        opened.append(time_utc_ns, EntryRole.INPUT, KIND, encode_json(entry))
    manifest.seal_files(folder, *again, signer=signer)
    return papers


def _papers(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that may say what the log forgot."""
    sealed = manifest.read_manifest(folder)
    names = set() if sealed is None else {each.name for each in sealed.files}
    names = {name for name in names - _RECORD if not _names_nobody(folder / name)} | {CASE, DOSSIER}
    return tuple(sorted(name for name in names if (folder / name).is_file()))


def _names_nobody(path: Path) -> bool:
    if path.name == SUMMARY:
        return True
    if path.suffix != ".parquet" or not path.is_file():
        return False
    return not any("string" in str(column.type) for column in pq.read_schema(path))


def _reasons_since(log: Path) -> tuple[str, ...]:
    """Return why something was taken out since papers were made again last, nothing where nothing was."""
    reader = LogReader(log)
    try:
        last = max((entry.sequence for entry in reader.entries(kind=KIND)), default=0)
        taken = [
            decode_json(each.payload, Redaction) for each in reader.entries(last + 1, kind=REDACTED_KIND)
        ]
    finally:
        reader.close()
    return tuple(dict.fromkeys(each.because for each in taken))


def _made_again(log: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    wanted = {CASE, DOSSIER} & set(names)
    if not wanted:
        return {}
    case = case_of_log(log)
    made = {CASE: case_json(case, Level.FULL)}
    if DOSSIER in wanted:
        made[DOSSIER] = printed(beside(case, log.parent, None, ()), Level.FULL, "pdf", log)
    return {name: made[name] for name in wanted}
