"""Statements from files to the matrix: read, propose, compare; and the same in a case, with a person's word.

Whatever the rules propose is marked as such until a named person has looked at it. A case's log holds what
was proposed and what became of it; nothing in it is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.casework import ProposeAssertions
from skykeep.domain.statement import (
    Assertion,
    Review,
    ReviewState,
    Slot,
    SourceDocument,
    SpeechAct,
    StatementMatrix,
)
from skykeep.evidence.case_book import CaseBook
from skykeep.feeds.document_file import document_of
from skykeep.statements.matrix import compare
from skykeep.statements.propose import propose
from skykeep.store.case_folder import CaseFolder
from skykeep.wire.documents import LARGEST_BYTES, Said

_Kind = TypeVar("_Kind", SpeechAct, Slot)


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says that a proposal should be; None where it stays as it was proposed."""

    value: str | None = None
    speaker: str | None = None
    act: str | None = None
    slot: str | None = None


def read_files(paths: Sequence[Path], now_utc_ns: int) -> tuple[SourceDocument, ...]:
    """Return the documents of files, one that was given twice once; InputError names what cannot be read."""
    found: dict[str, SourceDocument] = {}
    for path in paths:
        document = document_of(path.name, _bytes_of(path), retrieved_utc_ns=now_utc_ns)
        found.setdefault(document.sha256, document)
    return tuple(found.values())


def compare_files(
    paths: Sequence[Path], now_utc_ns: int, measured: Mapping[Slot, Sequence[str]] | None = None
) -> StatementMatrix:
    """Return the matrix of files, from proposals that nobody has looked at."""
    documents = read_files(paths, now_utc_ns)
    return compare(documents, [one for each in documents for one in propose(each)], (), measured)


def compare_case(book: CaseBook, measured: Mapping[Slot, Sequence[str]] | None = None) -> StatementMatrix:
    """Return the matrix of a case: what was proposed there, as persons left it."""
    state = book.state()
    return compare(state.documents, state.assertions, state.reviews, measured)


def add_file(
    case: CaseFolder,
    path: Path,
    by: str,
    now_utc_ns: int,
    retrieved_from: str = "",
    person: Said | None = None,
) -> SourceDocument:
    """Keep a file whole in a case, as a document; InputError where it cannot be read or is there already."""
    data = _bytes_of(path)
    document = document_of(
        path.name, data, retrieved_utc_ns=now_utc_ns, retrieved_from=retrieved_from, person=person
    )
    case.add_document(document, data, by, now_utc_ns)
    return document


def propose_in_case(case: CaseFolder, by: str, now_utc_ns: int) -> tuple[Assertion, ...]:
    """Propose for every document of a case for which nothing was proposed yet; return what is new."""
    state = case.book.state()
    done = {one.passage.document_id for one in state.assertions}
    new: list[Assertion] = []
    for document in state.documents:
        proposed = propose(document) if document.document_id not in done else ()
        if proposed:
            entry = ProposeAssertions(
                document_id=document.document_id, assertions=proposed, by=by, time_utc_ns=now_utc_ns
            )
            case.receive(entry)
            new += proposed
    return tuple(new)


def review_in_case(
    case: CaseFolder,
    assertion_id: str,
    state: ReviewState,
    by: str,
    reason: str,
    now_utc_ns: int,
    correction: Correction | None = None,
) -> Review:
    """Write a person's word on one proposal; InputError where there is no such proposal or word."""
    proposed = case.book.assertions.get(assertion_id)
    if proposed is None:
        raise InputError("assertion_id", repr(assertion_id), "of an assertion that was proposed")
    review = Review(
        assertion_id=assertion_id,
        state=state,
        by=by,
        time_utc_ns=now_utc_ns,
        reason=reason,
        corrected=_corrected(proposed, correction) if correction is not None else None,
    )
    case.receive(review)
    return review


def _corrected(proposed: Assertion, correction: Correction) -> Assertion:
    corrected = msgspec.structs.replace(
        proposed,
        value=proposed.value if correction.value is None else correction.value,
        speaker=proposed.speaker if correction.speaker is None else correction.speaker,
        act=proposed.act if correction.act is None else _one_of("act", correction.act, SpeechAct),
        slot=proposed.slot if correction.slot is None else _one_of("slot", correction.slot, Slot),
    )
    if corrected == proposed:
        raise InputError("correction", "nothing that differs", "a value, a speaker, an act or a slot")
    return corrected


def _one_of(field: str, said: str, kinds: Iterable[_Kind]) -> _Kind:
    found = next((each for each in kinds if each.value == said), None)
    if found is None:
        raise InputError(field, repr(said), f"one of {', '.join(each.value for each in kinds)}")
    return found


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_BYTES + 1)
