"""Is the case beside a night as it was written, and is every file in it what was handed in?

Its log is checked as a night's is; then it is folded again, so that what was refused must come out refused;
then each file is set against its hash. A file that nobody filed proves nothing and is only named, if its own
name is its hash: under another name it was put there by somebody else, or renamed.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from skykeep.app.untouched import untouched
from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.evidence.case_book import CaseBook
from skykeep.evidence.checkpoint import Checkpoint, names_files, read_checkpoint_body, read_manifest_body
from skykeep.evidence.signed_note import ED25519, VerifierKey, read_verifier_key
from skykeep.store.case_folder import BLOBS, CASE_LOG, FOLDER, blob_faults, read_case_log
from skykeep.store.known_note import KnownNote
from skykeep.store.log_check import Finding, check_path
from skykeep.store.manifest import CASE_NAMED, read_manifest
from skykeep.store.record_check import WITNESS, check_record, reach_of, read_signed


def case_findings(
    night: Path, outside: tuple[KnownNote, ...] = (), known: tuple[VerifierKey, ...] = ()
) -> tuple[list[Finding], list[str]]:
    """Return what is wrong with the case that a folder is or holds, and what else is to be said of it; both
    empty where there is none, and none was named. `outside` and `known` are as in `check_record`.
    """
    folders = [each for each in (night, night / FOLDER) if (each / CASE_LOG).is_file()]
    named, where = named_case(night), f"{FOLDER}/{CASE_LOG}"
    if not folders:
        if named is None:
            return [], []
        says = f"{where} is missing: the night names its case, the log {named.origin}."
        return [Finding(file=where, entry=None, field="case", sentence=says, missing=True)], []
    folder = folders[0]
    name = CASE_LOG if folder == night else f"{FOLDER}/{CASE_LOG}"
    findings: list[Finding] = []
    of_blobs: list[Finding] = []
    notes: list[str] = []
    try:
        report = check_path(folder, tuple(checkpoint_of(each) for each in outside))
        if folder != night:
            # The case's own log is what was asked for otherwise, and is told of already.
            findings += [
                msgspec.structs.replace(each, file=f"{FOLDER}/{each.file}") for each in report.findings
            ]
            notes += [f"{name}: {note}" for note in report.notes]
            signed = check_record(folder / CASE_LOG, outside, _known_for_case(night, known, named))
            # A night's witness need not be its case's.
            in_case = [
                msgspec.structs.replace(each, file=f"{FOLDER}/{each.file}")
                for each in signed.findings
                if each.field != WITNESS
            ]
            of_blobs = [each for each in in_case if each.file.startswith(f"{FOLDER}/{BLOBS}/")]
            findings += [each for each in in_case if each not in of_blobs]
            notes += [f"{name}: {note}" for note in signed.notes]
            findings += _not_as_named(folder / CASE_LOG, named)
        with untouched(folder / CASE_LOG, report) as log:
            book = read_case_log(log)
    except (InputError, IntegrityError, SetupError) as error:
        entry = error.entry if isinstance(error, IntegrityError) else None
        says = f"how the case stands cannot be told: {error}."
        return [*findings, *of_blobs, Finding(file=name, entry=entry, field="case", sentence=says)], notes
    # Of those that were filed is said below which file it was.
    findings += [each for each in of_blobs if each.file.rpartition("/")[2] not in book.blobs()]
    where = f"{name.removesuffix(CASE_LOG)}{BLOBS}"
    findings += [
        Finding(file=where, entry=None, field="file", sentence=f"{fault}.", missing=gone)
        for fault, gone in blob_faults(folder, book)
    ]
    unknown = _not_filed(folder, book)
    if unknown:
        notes.append(f"{name}: {len(unknown)} files in {BLOBS} were never filed, the first {unknown[0]}.")
    return findings, notes


def checkpoint_of(known: KnownNote) -> Checkpoint:
    """Return the checkpoint of a note from elsewhere; SetupError where it holds none."""
    try:
        if names_files(known.note):
            return read_manifest_body(known.text)[0]
        return read_checkpoint_body(known.text)
    except InputError as error:
        raise SetupError(f"{known.name}: is no checkpoint: {error}") from error


class NamedCase(msgspec.Struct, frozen=True, kw_only=True):
    """Which log a night says its case is, and whose key signs it, None for nobody's."""

    origin: str
    key: VerifierKey | None


def named_case(night: Path) -> NamedCase | None:
    """Return what `case.txt` in a night's folder says, None where it names no case; SetupError where it
    cannot be read.
    """
    path = night / CASE_NAMED
    if not path.is_file():
        return None
    try:
        said = dict(line.split(" ", 1) for line in path.read_text(encoding="utf-8").splitlines())
        key = read_verifier_key(said["key"]) if "key" in said else None
        return NamedCase(origin=said["log"], key=key)
    except (ValueError, KeyError, InputError) as error:
        raise SetupError(f"{path}: does not say which log the case is: {error}") from error


def _known_for_case(
    night: Path, known: tuple[VerifierKey, ...], named: NamedCase | None
) -> tuple[VerifierKey, ...]:
    """Return which keys the reader knows for the case of a night: those given, and the one that the night
    names for it, if that was sealed with the night. Where none is given, none is known.
    """
    if named is None or named.key is None or not any(key.kind == ED25519 for key in known):
        return known
    try:
        sealed = read_manifest(night)
    except IntegrityError:
        return known
    is_sealed = sealed is not None and sealed.file(CASE_NAMED) is not None
    return (*known, named.key) if is_sealed else known


def _not_as_named(log: Path, named: NamedCase | None) -> list[Finding]:
    """Find fault with a case that is another log than its night names, or that its key did not sign."""
    if named is None:
        return []
    notes, _ = read_signed(log)
    origin = checkpoint_of(notes[-1]).origin if notes else ""
    name, says = f"{FOLDER}/{log.name}", []
    if origin != named.origin:
        says.append(f"{name} is the log {origin}; the night names {named.origin} as its case.")
    if named.key is not None and reach_of(named.key, notes) < 0:
        says.append(f"{name} is not signed by {named.key.text}, which the night names for its case.")
    return [Finding(file=name, entry=None, field="signature", sentence=each) for each in says]


def _not_filed(folder: Path, book: CaseBook) -> list[str]:
    wanted = book.blobs()
    there = (folder / BLOBS).iterdir() if (folder / BLOBS).is_dir() else ()
    return sorted(each.name for each in there if each.name not in wanted)
