"""What others say: statements side by side with the words they stand in, and never a verdict on them."""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.domain.statement import (
    Assertion,
    MatrixRow,
    Passage,
    Relation,
    Review,
    ReviewState,
    SharedPassage,
    SourceDocument,
    StatementMatrix,
    Voice,
)
from skykeep.evidence.case import Case
from skykeep.evidence.naming import words
from skykeep.evidence.paper import (
    Block,
    Cell,
    Heading,
    Look,
    Paragraph,
    Quote,
    Run,
    nothing,
    sentences,
    table,
)

_LONGEST_PASSAGE = 600
_STANDS = {
    Relation.AGREE: "independent sources agree",
    Relation.CONTRADICT: "sources contradict one another",
    Relation.SILENT: "nobody says anything",
    Relation.ONE: "one voice only",
}


class _Read:
    """A matrix with its documents, assertions and last reviews at hand by their numbers."""

    def __init__(self, matrix: StatementMatrix) -> None:
        self.documents = {each.document_id: each for each in matrix.documents}
        self.assertions = {each.assertion_id: each for each in matrix.assertions}
        self.letters = {each.document_id: letters(k) for k, each in enumerate(matrix.documents)}
        self.reviews: dict[str, Review] = {each.assertion_id: each for each in matrix.reviews}

    def name(self, document_id: str) -> str:
        """What a document is called once it has been named in full: its letter, and who published it."""
        document = self.documents.get(document_id)
        if document is None:
            return document_id
        letter = self.letters[document_id]
        return f"{letter}, {document.publisher}" if document.publisher else f"document {letter}"

    def words(self, passage: Passage) -> str:
        document = self.documents.get(passage.document_id)
        text = "" if document is None else document.text[passage.start : passage.end]
        return " ".join(text.split())


def statements(case: Case) -> Iterable[Block]:
    """The whole chapter."""
    yield Heading("What others say")
    matrix = case.statements
    if matrix is None or not matrix.documents:
        yield nothing("No statement was filed.")
        return
    read = _Read(matrix)
    yield Paragraph(
        "Who says what, in which words, from whom they have it. Words that documents share come from one "
        "source and count once. Nothing here says who is right."
    )
    if matrix.unreviewed:
        yield Paragraph(
            (Run(f"{matrix.unreviewed} proposals of the machine were reviewed by nobody", Look.MARK), _dot())
        )
    yield from _documents(matrix, read)
    yield from _copies(matrix, read)
    yield Heading("Side by side", 2)
    if matrix.rows:
        yield Paragraph(
            "Voices with the same number under Origin have what they say from one another, and count as one."
        )
    for row in matrix.rows:
        yield from _row(row, read)
    if not matrix.rows:
        yield nothing("Nothing that is said was found.")


def letters(number: int) -> str:
    """Return A to Z for 0 to 25, then AA, AB and so on."""
    before = letters(number // 26 - 1) if number >= 26 else ""
    return before + chr(ord("A") + number % 26)


def _dot() -> Run:
    return Run(". Each stands marked below.")


def _called(document: SourceDocument) -> str:
    return f"{document.publisher or 'publisher unknown'} ({document.name})"


def _documents(matrix: StatementMatrix, read: _Read) -> Iterable[Block]:
    yield Heading("Documents", 2)
    yield table(
        "Documents",
        (("Letter", 14), ("Document", None), ("Published", 36), ("Where that is from", 28), ("SHA-256", 44)),
        (
            (
                read.letters[each.document_id],
                (Run(_called(each)), *((Run(" SATIRE", Look.MARK),) if each.is_marked_satire else ())),
                each.published or "nobody said",
                each.published_from or "-",
                Run(f"{each.sha256[:20]}…", Look.MONO),
            )
            for each in matrix.documents
        ),
        "No document was filed.",
    )
    yield from (Paragraph((Run(says, Look.MARK),)) for says in _not_read(matrix, read))


def _not_read(matrix: StatementMatrix, read: _Read) -> Iterable[str]:
    """What of a document's file or text was not read, where that is so."""
    for each in matrix.documents:
        if each.stray_bytes:
            yield f"{read.name(each.document_id)}: {each.stray_bytes:,} bytes cannot be read in its encoding."
    for document_id, how_far in matrix.unread:
        yield f"{read.name(document_id)}: {how_far}."


def _copies(matrix: StatementMatrix, read: _Read) -> Iterable[Block]:
    yield Heading("Shared words and lineages", 2)
    yield table(
        "Shared words",
        (("Document", None), ("Other document", None), ("Word for word", 36), ("In other words", 36)),
        _shares(matrix, read),
        "No two documents share a passage.",
    )
    yield sentences(
        (
            f"{', '.join(read.name(one) for one in lineage.document_ids)}: one lineage, {lineage.ground}"
            + (f", from {lineage.origin}." if lineage.origin else ", whose origin is unknown.")
            for lineage in matrix.lineages
        ),
        "No lineage was found: each document counts for itself.",
    )
    yield from _wordings(matrix, read)
    for shared in sorted(matrix.shared, key=lambda one: -(one.a.end - one.a.start)):
        yield from _aligned(shared, read)


def _shares(matrix: StatementMatrix, read: _Read) -> Iterable[tuple[str, ...]]:
    """Which part of each of two documents stands in the other, of pairs that share anything."""
    in_other_words = {(a, b): shares for a, b, *shares in matrix.reworded_share}
    for a, b, share_a, share_b in matrix.shared_share:
        reworded_a, reworded_b = in_other_words.get((a, b), (0.0, 0.0))
        if max(share_a, share_b, reworded_a, reworded_b) > 0.0:
            verbatim = f"{share_a:.0%} of the first, {share_b:.0%} of the other"
            yield read.name(a), read.name(b), verbatim, f"{reworded_a:.0%}, {reworded_b:.0%}"


def _wordings(matrix: StatementMatrix, read: _Read) -> Iterable[Block]:
    """One statement in several wordings, under one another."""
    for group in matrix.wordings:
        yield Heading(f"One statement in {len(group)} wordings", 3)
        for passage in group:
            yield Quote(words=f"“{read.words(passage)}”", who=read.name(passage.document_id))


def _aligned(shared: SharedPassage, read: _Read) -> Iterable[Block]:
    """One passage in two wordings, the words that stand for one another marked alike."""
    yield Heading(f"The same passage, {shared.kind.value}, {shared.similarity:.0%} alike", 3)
    for side, passage in enumerate((shared.a, shared.b)):
        document = read.documents.get(passage.document_id)
        text = "" if document is None else document.text
        pairs = [pair[2 * side : 2 * side + 2] for pair in shared.aligned]
        yield Quote(
            words=_with_strong(text, passage, sorted((start, end) for start, end in pairs)),
            who=read.name(passage.document_id),
        )


def _with_strong(text: str, passage: Passage, strong: list[tuple[int, int]]) -> Cell:
    runs: list[Run] = []
    at, last = passage.start, min(passage.end, passage.start + _LONGEST_PASSAGE)
    for start, end in strong:
        start, end = max(start, at), min(end, last)
        if start >= end:
            continue
        if at < start:
            runs.append(Run(text[at:start]))
        # Words next to one another are one stretch.
        runs.append(Run(text[start:end], Look.STRONG))
        at = end
    runs.append(Run(text[at:last] + ("…" if last < passage.end else "")))
    return tuple(run for run in runs if run.text)


def _row(row: MatrixRow, read: _Read) -> Iterable[Block]:
    apart = row.relation is Relation.ONE and row.origins > 1
    stands = "voices of different things, or not comparable" if apart else _STANDS[row.relation]
    yield Heading(f"{words(row.slot).capitalize()}: {stands}", 3)
    if row.sentence:
        yield Paragraph(row.sentence)
    yield table(
        f"What is said of {words(row.slot)}",
        (("Who", 38), ("Says", 34), ("In which words", None), ("Where", 36), ("Origin", 16)),
        (line for k, voice in enumerate(row.voices) for line in _voice(voice, _origin(row, k), read)),
        "Nobody says anything of it.",
    )
    silent = ", ".join(row.silent)
    yield sentences(
        (
            *((f"Silent (which is not a denial): {silent}.",) if silent else ()),
            *(f"Measured beside it: {one}" for one in row.measured),
        ),
        "Nothing was measured beside it.",
    )


def _origin(row: MatrixRow, number: int) -> str:
    """Which of the row's origins a voice is of: voices of one number count as one."""
    return str(row.voice_origins[number]) if number < len(row.voice_origins) else ""


def _voice(voice: Voice, origin: str, read: _Read) -> Iterable[tuple[Cell, ...]]:
    said = [read.assertions[one] for one in voice.assertion_ids if one in read.assertions]
    for k, assertion in enumerate(said):
        speaker = voice.speaker or "the document itself"
        yield (
            speaker if k == 0 else "",
            (
                (Run(f"{words(voice.act)}: "), Run(voice.value or words(assertion.slot), Look.STRONG))
                if k == 0
                else ""
            ),
            _passage(assertion, read),
            _where(assertion, read),
            origin if k == 0 else "",
        )


def _passage(assertion: Assertion, read: _Read) -> Cell:
    review = read.reviews.get(assertion.assertion_id)
    state = ReviewState.PROPOSED if review is None else review.state
    hedged = (Run(" (hedged)", Look.PALE),) if assertion.is_hedged else ()
    if state is ReviewState.PROPOSED or review is None:
        told = Run(" NOT REVIEWED", Look.MARK)
    else:
        told = Run(f" ({state.value} by {review.by})", Look.PALE)
    quote = read.words(assertion.passage)
    return (Run(f"“{quote}”", Look.QUOTED), *hedged, told)


def _where(assertion: Assertion, read: _Read) -> Cell:
    via = "".join(f", via {one}" for one in assertion.via)
    direct = "word for word" if assertion.is_direct else "reported"
    return f"{read.name(assertion.passage.document_id)}{via}; {direct}"
