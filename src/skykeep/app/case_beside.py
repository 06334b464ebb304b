"""What stands beside a night in its dossier: the incidents, files and statements of a case, or files of
statements alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from skykeep.domain.statement import StatementMatrix
from skykeep.evidence.case import Case
from skykeep.evidence.case_book import CaseBook
from skykeep.store.case_folder import CASE_LOG, FOLDER, find_case, read_case


def beside(case: Case, night: Path, case_folder: Path | None, statements: Sequence[Path]) -> Case:
    """Return the case of a night with what `case_folder` holds, by default the one in the night's folder; and
    with what files of statements say, from proposals that nobody has looked at.

    Files alone make the matrix where some are given; they are taken to be had since they were last changed.
    """
    folder = find_case(case_folder) if case_folder is not None else _own(night)
    if folder is not None:
        book = read_case(folder)
        state = book.state()
        matrix = _of_case(book, case) if state.documents else None
        case = msgspec.structs.replace(case, incidents=state.incidents, media=state.media, statements=matrix)
    if statements:
        case = msgspec.structs.replace(case, statements=_of_files(statements, case))
    return case


# Both late: whoever prints a night without statements need not wait for what reads them.


def _of_case(book: CaseBook, case: Case) -> StatementMatrix:
    from skykeep.app.measured import measured
    from skykeep.app.statement_work import compare_case

    return compare_case(book, measured(case))


def _of_files(paths: Sequence[Path], case: Case) -> StatementMatrix:
    from skykeep.app.measured import measured
    from skykeep.app.statement_work import read_files
    from skykeep.statements.matrix import compare
    from skykeep.statements.propose import propose

    read = [one for path in paths for one in read_files([path], path.stat().st_mtime_ns)]
    documents = tuple({one.sha256: one for one in read}.values())
    proposed = [one for document in documents for one in propose(document)]
    return compare(documents, proposed, (), measured(case))


def _own(night: Path) -> Path | None:
    folder = (night if night.is_dir() else night.parent) / FOLDER
    return folder if (folder / CASE_LOG).is_file() else None
