"""Is this log, is this whole night, as it was written? Every answer in a sentence; nothing is ever repaired.

| what is set against what | what it catches |
|---|---|
| the file against the hash taken when it was sealed | one changed byte anywhere, also where no entry is |
| the file against SQLite's own rules, its tables against our definitions | damage to what holds entries |
| every entry against its digest and the tree | entries altered, dropped, put in, moved; which is the first |
| length and root against the checkpoints | an end that was cut off, a log that was made anew |
| what is missing in entries against the redactions | alteration dressed up as redaction |
| the other files against the manifest | a dossier or summary that was changed |

A log that was never closed has no hash: then entries, tables and checkpoints are all there is to check.

There are two verdicts. *Integrity*: nothing that is there was changed. *Completeness*: nothing is missing, as
far as the checkpoints at hand reach; it is None where nobody can tell, because the log was never closed.
"""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import IntegrityError, SetupError
from skykeep.domain.record import Redaction
from skykeep.evidence.checkpoint import Checkpoint
from skykeep.evidence.log_walk import Fault, WalkReport
from skykeep.store import manifest, salvage, schema
from skykeep.store.dossier_evidence import evidence_of
from skykeep.store.log_contents import SOURCE_STATES, Contents, read_contents
from skykeep.store.log_database import is_being_written

_REGIONS_NAMED = 5
_ENTRIES_NAMED = 8
_SAID_OF_ITSELF = {
    "rejection": "{} inputs were refused: they stand in the log with the reason, and nothing rests on them.",
    SOURCE_STATES: "{} times a source fell silent, was swamped or got well: what it lacked then is not here.",
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found wrong: in which file, at which entry (None when no entry differs), and how. `missing`
    when what is there is sound, and something more must be.
    """

    file: str
    entry: int | None
    field: str
    sentence: str
    missing: bool = False


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of checking a log and the files beside it; `verified` when nothing was found wrong.

    `intact` and `complete` are the two verdicts, `lacking` says in sentences what the log lacks or says of
    itself that it never had. `root` is that of the tree over the entries found, in base64.
    """

    path: str
    verified: bool
    intact: bool
    complete: bool | None
    sealed: bool
    entries: int
    root: str
    lacking: tuple[str, ...]
    clock_went_back: int
    redactions: tuple[Redaction, ...]
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def check_path(path: Path, outside: tuple[Checkpoint, ...] = ()) -> CheckReport:
    """Check a night's directory, its log, or one of the files sealed beside it; SetupError when there is no
    log at `path`, or one of an older format. `outside` are checkpoints that left the house.
    """
    directory = path if path.is_dir() else path.parent
    try:
        sealed = manifest.read_manifest(directory)
        papers: list[Finding] = []
    except IntegrityError as error:
        sealed = None
        papers = [Finding(file=manifest.MANIFEST, entry=None, field="", sentence=f"{error}.")]
    if sealed is None and path.suffix == ".pdf" and path.is_file() and not any(directory.glob("*.db")):
        raise SetupError(_says_alone(path))
    log_path = path if path.is_file() and _is_log_name(path) else _log_in(directory, sealed)
    if path.is_file() and path != log_path and (sealed is None or sealed.file(path.name) is None):
        sentence = f"{path.name} is not among the sealed files."
        papers.append(Finding(file=path.name, entry=None, field="", sentence=sentence))
    files: list[str] = []
    for other in () if sealed is None else sealed.files:
        if other.name != log_path.name:
            papers += _file_findings(directory, other)
            files.append(other.name)
    return _check_log(
        log_path, sealed, papers, tuple(files), outside, damaged_manifest=bool(papers) and sealed is None
    )


def _says_alone(paper: Path) -> str:
    """Say how a dossier is verified that lies where no log is; InputError where it was changed."""
    if evidence_of(paper) is None:
        return f"{paper}: no log is beside it, and it carries no evidence of its own: nothing speaks for it"
    return (
        f"{paper}: a dossier away from its night. What it cites is proven inside it: save verify.py, which "
        f"is attached to it, read it, and run `python3 -I verify.py {paper.name}`"
    )


def _is_log_name(path: Path) -> bool:
    return path.suffix not in (".json", ".note", ".pdf", ".parquet", ".svg")


def _log_in(directory: Path, sealed: manifest.Manifest | None) -> Path:
    names = sorted(found.name for found in directory.glob("*.db"))
    if not names and sealed is not None:
        names = [file.name for file in sealed.files if file.name.endswith(".db")]
    if len(names) != 1:
        raise SetupError(f"{directory}: {len(names)} log databases, must be one")
    return directory / names[0]


def _file_findings(directory: Path, sealed: manifest.SealedFile) -> list[Finding]:
    path = directory / sealed.name
    if not path.is_file():
        says = f"{sealed.name} is missing; it was there when it was sealed, with {sealed.size} bytes."
        return [Finding(file=sealed.name, entry=None, field="", sentence=says, missing=True)]
    if (found := manifest.hash_file(path)).sha256 != sealed.sha256:
        size = "" if found.size == sealed.size else f", and has {found.size} bytes, must be {sealed.size}"
        says = f"{sealed.name} was changed after it was sealed{size}."
    else:
        return []
    return [Finding(file=sealed.name, entry=None, field="", sentence=says)]


def _check_log(
    path: Path,
    whole: manifest.Manifest | None,
    papers: list[Finding],
    files: tuple[str, ...],
    outside: tuple[Checkpoint, ...],
    *,
    damaged_manifest: bool,
) -> CheckReport:
    sealed = None if whole is None else whole.file(path.name)
    if not path.is_file():
        raise SetupError(f"{path}: no such log")
    beside, findings = _checkpoint_beside(path)
    kept_elsewhere = outside if beside is None else (*outside, beside)
    contents = read_contents(path, sealed=sealed is not None, outside=kept_elsewhere)
    walk = contents.walk
    findings += [_from_fault(path, fault) for fault in (walk.first_bad,) if fault is not None]
    findings += [_from_fault(path, fault, missing=True) for fault in (walk.missing_end,) if fault is not None]
    any_entry = bool(findings)
    findings += _clock_findings(path, walk)
    findings += [Finding(file=path.name, entry=None, field="", sentence=says) for says in contents.wrong]
    findings += _findings_of_another_log(path, contents, kept_elsewhere)
    notes: list[str] = []
    if sealed is not None:
        findings += _region_findings(path, sealed, any_entry=any_entry)
    elif is_being_written(path.parent):
        notes.append("the log is being written just now: what is written later is not checked.")
    elif contents.checkpoints and contents.checkpoints[-1].sealed and whole is None and not damaged_manifest:
        says = f"the log was closed in good order, but {manifest.MANIFEST} does not hold its hash any more."
        findings.append(Finding(file=manifest.MANIFEST, entry=None, field="", sentence=says))
    else:
        notes.append("not sealed: the log was not closed in good order, so only its entries are checked.")
    notes += _notes(walk)
    findings += papers
    return CheckReport(
        path=str(path),
        verified=not findings,
        intact=all(finding.missing for finding in findings),
        complete=_is_complete(walk, findings, sealed=sealed is not None),
        sealed=sealed is not None,
        entries=walk.entries,
        root=base64.b64encode(walk.root).decode("ascii"),
        lacking=_lacking(contents, sealed=sealed is not None),
        clock_went_back=len(walk.clock_went_back),
        redactions=walk.redactions,
        files=files,
        findings=tuple(findings),
        notes=tuple(notes),
    )


def _is_complete(walk: WalkReport, findings: list[Finding], *, sealed: bool) -> bool | None:
    gap = walk.first_bad is not None and walk.first_bad.field == "sequence"  # something before it is missing
    if gap or walk.redactions or any(finding.missing for finding in findings):
        return False
    return True if sealed else None


def _lacking(contents: Contents, *, sealed: bool) -> tuple[str, ...]:
    """Say what the log lacks, and what it says of itself that never came or was not let in."""
    walk = contents.walk
    says = [] if walk.missing_end is None else [walk.missing_end.sentence]
    if not sealed:
        says.append(f"nobody can tell what came after entry {walk.last_sequence}: the log was not closed.")
    by_reason: dict[str, list[int]] = {}
    for redaction in walk.redactions:
        rule = f" ({redaction.rule})" if redaction.rule else ""
        by_reason.setdefault(f"{redaction.by}{rule}: {redaction.because}", []).append(redaction.sequence)
    for reason, sequences in by_reason.items():
        which = ", ".join(str(sequence) for sequence in sorted(set(sequences))[:_ENTRIES_NAMED])
        more = len(set(sequences)) - _ENTRIES_NAMED
        which += f" and {more} more" if more > 0 else ""
        are = "entries" if len(set(sequences)) > 1 else "entry"
        says.append(f"{are} {which} redacted by {reason.rstrip('.')}.")
    for kind, sentence in _SAID_OF_ITSELF.items():
        if (count := contents.kinds.get(kind, 0)) > 0:
            says.append(sentence.format(count))
    return tuple(says)


def _notes(walk: WalkReport) -> list[str]:
    notes = []
    if walk.still_there:
        notes.append(
            f"entry {walk.still_there[0]} is on record as redacted, and what it held is still there."
        )
    return notes


def _clock_findings(path: Path, walk: WalkReport) -> list[Finding]:
    """Find fault with time that runs back: whatever of ours writes a log lets its time stand still instead,
    so there is no jitter to allow for, and what runs back was not written so by us.
    """
    if not walk.clock_went_back:
        return []
    sequence, by_ns = walk.clock_went_back[0]
    says = (
        f"entry {sequence}: its time is {by_ns / NS_PER_S:.3f} s before that of entry {sequence - 1}: "
        f"a clock was set back, or it was put in. ({len(walk.clock_went_back)} such in all.)"
    )
    return [Finding(file=path.name, entry=sequence, field="time_utc_ns", sentence=says)]


def _findings_of_another_log(
    path: Path, contents: Contents, kept_elsewhere: tuple[Checkpoint, ...]
) -> list[Finding]:
    own = contents.checkpoints[0].origin if contents.checkpoints else None
    others = sorted({c.origin for c in kept_elsewhere if own is not None and c.origin != own})
    return [
        Finding(
            file=path.name,
            entry=None,
            field="origin",
            sentence=f"a checkpoint is of the log {origin}, not of {own}.",
        )
        for origin in others
    ]


def _from_fault(path: Path, fault: Fault, *, missing: bool = False) -> Finding:
    return Finding(
        file=path.name, entry=fault.sequence, field=fault.field, sentence=fault.sentence, missing=missing
    )


def _checkpoint_beside(path: Path) -> tuple[Checkpoint | None, list[Finding]]:
    try:
        return manifest.read_checkpoint(path.parent), []
    except IntegrityError as error:
        return None, [Finding(file=manifest.CHECKPOINT, entry=None, field="", sentence=f"{error}.")]


def _region_findings(path: Path, sealed: manifest.SealedFile, *, any_entry: bool) -> list[Finding]:
    findings = []
    for ending in ("-wal", "-journal"):
        left = path.with_name(path.name + ending)
        if left.exists():
            says = f"{left.name} lies beside a sealed log, and must not be there."
            findings.append(Finding(file=left.name, entry=None, field="", sentence=says))
    found = manifest.hash_file(path, pages=True)
    if found.sha256 == sealed.sha256:
        return findings
    pages = manifest.changed_pages(sealed, found)
    entries = "" if any_entry else " No entry differs."
    for page in pages[:_REGIONS_NAMED]:
        first = (page - 1) * schema.PAGE_BYTES
        kind = salvage.page_kind(path, page)
        place = f"page {page} (bytes {first} to {first + schema.PAGE_BYTES - 1}; {kind})"
        says = f"{place} is not as it was sealed.{entries}"
        findings.append(Finding(file=path.name, entry=None, field="", sentence=says))
    if len(pages) > _REGIONS_NAMED or not pages:
        says = (
            f"the file is not as it was sealed, in {len(pages)} pages; {found.size} bytes, was {sealed.size}."
        )
        findings.append(Finding(file=path.name, entry=None, field="", sentence=says))
    return findings
