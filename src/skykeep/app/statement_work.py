"""Statements from files to the matrix: read, propose, compare; and the same in a case, with a person's word.

Whatever the rules propose is marked as such until a named person has looked at it. A case's log holds what
was proposed and what became of it; nothing in it is ever changed.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from skykeep.base.errors import InputError, SetupError
from skykeep.domain.casework import ProposeAssertions
from skykeep.domain.statement import (
    Assertion,
    RefusedFile,
    Review,
    ReviewState,
    Slot,
    SourceDocument,
    SpeechAct,
    StatementMatrix,
)
from skykeep.feeds.document_file import document_of
from skykeep.statements.matrix import compare
from skykeep.statements.proposer import MODEL, Proposer, propose_with
from skykeep.wire.documents import LARGEST_BYTES, Said

if TYPE_CHECKING:
    # The database is a second of start-up that the matrix of plain files does without.
    from skykeep.evidence.case_book import CaseBook
    from skykeep.store.case_folder import CaseFolder

_Kind = TypeVar("_Kind", SpeechAct, Slot)


class Pasted(msgspec.Struct, frozen=True, kw_only=True):
    """A text that somebody hands in without a file, and what he says of it."""

    name: str
    data: bytes
    person: Said
    retrieved_utc_ns: int
    retrieved_from: str = ""


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
    given: Sequence[Path | Pasted], now_utc_ns: int, measured: Mapping[Slot, Sequence[str]] | None = None
) -> StatementMatrix:
    """Return the matrix of files and pasted texts, from proposals that nobody has looked at. What cannot be
    read does not keep the others from being compared: it stands among the refused, with the reason.
    """
    found: dict[str, SourceDocument] = {}
    refused = []
    for one in given:
        try:
            document = read_pasted(one) if isinstance(one, Pasted) else read_files([one], now_utc_ns)[0]
            found.setdefault(document.sha256, document)
        except (InputError, OSError) as error:
            reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            refused.append(RefusedFile(name=one.name, reason=reason.removeprefix(f"{one.name}: ")))
    # The rules' tables cost a fifth of a second, which what only shows a case does without.
    from skykeep.statements.propose import propose

    documents = tuple(found.values())
    proposals = [one for each in documents for one in propose(each)]
    matrix = compare(documents, proposals, (), measured)
    return msgspec.structs.replace(matrix, refused=tuple(refused))


def compare_case(book: CaseBook, measured: Mapping[Slot, Sequence[str]] | None = None) -> StatementMatrix:
    """Return the matrix of a case: what was proposed there, as persons left it."""
    state = book.state()
    return compare(state.documents, state.assertions, state.reviews, measured)


def pasted_of(path: Path, person: Said, retrieved_utc_ns: int, retrieved_from: str) -> Pasted:
    """Return a file with what a person says of it."""
    return Pasted(
        name=path.name,
        data=_bytes_of(path),
        person=person,
        retrieved_utc_ns=retrieved_utc_ns,
        retrieved_from=retrieved_from,
    )


def read_pasted(one: Pasted) -> SourceDocument:
    """Return the document of a text that was handed in; InputError names what cannot be read."""
    return document_of(
        one.name,
        one.data,
        retrieved_utc_ns=one.retrieved_utc_ns,
        retrieved_from=one.retrieved_from,
        person=one.person,
    )


def add_document(case: CaseFolder, given: Pasted, by: str, now_utc_ns: int) -> SourceDocument:
    """Keep what is handed in whole in a case; InputError where it cannot be read or is there already."""
    document = read_pasted(given)
    case.add_document(document, given.data, by, now_utc_ns)
    return document


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What is newly proposed, and a sentence for each offer of a plug-in that was refused."""

    new: tuple[Assertion, ...]
    refused: tuple[str, ...] = ()


def propose_in_case(
    case: CaseFolder, by: str, now_utc_ns: int, plug_ins: Sequence[Proposer] = ()
) -> Proposed:
    """Propose for every document of a case what the rules, and each plug-in, have not proposed there yet."""
    from skykeep.statements.propose import propose

    state = case.book.state()
    done = {(one.passage.document_id, one.proposed_by) for one in state.assertions}
    new: list[Assertion] = []
    refused: list[str] = []
    for document in state.documents:
        found: list[Assertion] = []
        if not any(it == document.document_id and not _is_model(mark) for it, mark in done):
            found += propose(document)
        for plug_in in plug_ins:
            if (document.document_id, f"{MODEL}:{plug_in.name}") not in done:
                offered = propose_with(plug_in, document)
                found += offered.proposals
                refused += offered.refused
        if found:
            entry = ProposeAssertions(
                document_id=document.document_id, assertions=tuple(found), by=by, time_utc_ns=now_utc_ns
            )
            case.receive(entry)
            new += found
    return Proposed(new=tuple(new), refused=tuple(refused))


def _is_model(mark: str) -> bool:
    return mark.startswith(f"{MODEL}:")


def load_plug_in(named: str) -> Proposer:
    """Return the plug-in that `MODULE:NAME` names; SetupError where there is none. It is a program of its
    own: whoever names it runs it.
    """
    module, _, name = named.partition(":")
    try:
        plug_in = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SetupError(
            f"plug-in {named!r}: {error}; must be MODULE:NAME of one that is installed"
        ) from error
    if not (isinstance(getattr(plug_in, "name", None), str) and callable(getattr(plug_in, "propose", None))):
        raise SetupError(f"plug-in {named!r}: has no `name` or no `propose`, must have both")
    loaded: Proposer = plug_in
    return loaded


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
