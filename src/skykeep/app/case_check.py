"""Is the case beside a night as it was written, and is every file in it what was handed in?

Its log is checked as a night's is; then it is folded again, so that what was refused must come out refused;
then each file is set against its hash. A file that nobody filed proves nothing and is only named.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from skykeep.app.untouched import untouched
from skykeep.base.errors import IntegrityError, SetupError
from skykeep.evidence.case_book import CaseBook
from skykeep.store.case_folder import BLOBS, CASE_LOG, FOLDER, blob_faults, read_case_log
from skykeep.store.log_check import Finding, check_path


def case_findings(night: Path) -> tuple[list[Finding], list[str]]:
    """Return what is wrong with the case that a folder is or holds, and what else is to be said of it; both
    empty where there is none.
    """
    folders = [each for each in (night, night / FOLDER) if (each / CASE_LOG).is_file()]
    if not folders:
        return [], []
    folder = folders[0]
    name = CASE_LOG if folder == night else f"{FOLDER}/{CASE_LOG}"
    findings: list[Finding] = []
    notes: list[str] = []
    try:
        report = check_path(folder)
        if folder != night:
            # The case's own log is what was asked for otherwise, and is told of already.
            findings += [
                msgspec.structs.replace(each, file=f"{FOLDER}/{each.file}") for each in report.findings
            ]
            notes += [f"{name}: {note}" for note in report.notes]
        with untouched(folder / CASE_LOG, report) as log:
            book = read_case_log(log)
    except (IntegrityError, SetupError) as error:
        entry = error.entry if isinstance(error, IntegrityError) else None
        says = f"how the case stands cannot be told: {error}."
        return [*findings, Finding(file=name, entry=entry, field="case", sentence=says)], notes
    findings += [
        Finding(file=f"{name.removesuffix(CASE_LOG)}{BLOBS}", entry=None, field="file", sentence=f"{fault}.")
        for fault in blob_faults(folder, book)
    ]
    unknown = _not_filed(folder, book)
    if unknown:
        notes.append(f"{name}: {len(unknown)} files in {BLOBS} were never filed, the first {unknown[0]}.")
    return findings, notes


def _not_filed(folder: Path, book: CaseBook) -> list[str]:
    wanted = book.blobs()
    there = (folder / BLOBS).iterdir() if (folder / BLOBS).is_dir() else ()
    return sorted(each.name for each in there if each.name not in wanted)
