"""The dossier's chapter of what others say tells what of a document was not read."""

from __future__ import annotations

import msgspec

from sample_case import SAMPLE
from sample_matrix import MATRIX
from skykeep.domain.statement import StatementMatrix
from skykeep.evidence.dossier_matrix import statements
from skykeep.evidence.paper import Cell, Paragraph


def paragraphs(matrix: StatementMatrix) -> list[str]:
    case = msgspec.structs.replace(SAMPLE, statements=matrix)
    return [plain(each.words) for each in statements(case) if isinstance(each, Paragraph)]


def plain(words: Cell) -> str:
    if isinstance(words, tuple):
        return "".join(plain(run) for run in words)
    return words if isinstance(words, str) else words.text


def test_what_was_not_read_of_a_document_is_told_and_nothing_where_all_was() -> None:
    first, second, *rest = MATRIX.documents
    stray = msgspec.structs.replace(first, stray_bytes=3)
    unread = ((second.document_id, "read for proposals up to character 9 of 20: a reason"),)
    matrix = msgspec.structs.replace(MATRIX, documents=(stray, second, *rest), unread=unread)

    more = [each for each in paragraphs(matrix) if each not in paragraphs(MATRIX)]

    assert len(more) == 2
    assert more[0].endswith("3 bytes cannot be read in its encoding.")
    assert more[1].endswith("read for proposals up to character 9 of 20: a reason.")
