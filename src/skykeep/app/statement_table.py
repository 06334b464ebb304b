"""The matrix of statements, and the proposals of a case, as text for a terminal of 80 columns or more."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from skykeep.app.statement_telling import Telling, percent, unreviewed_words
from skykeep.domain.casework import CaseState
from skykeep.domain.statement import CopyGround, MatrixRow, Relation, Slot, SpeechAct, StatementMatrix
from skykeep.evidence.printable import visible
from skykeep.statements.excerpts import excerpt, one_line
from skykeep.statements.matrix_sentences import (
    ACT_NAMES,
    SLOT_NAMES,
    number_word,
    standing_words,
    value_words,
)

_COLOURS = {
    Relation.AGREE: "green",
    Relation.CONTRADICT: "red",
    Relation.ONE: "blue",
    Relation.SILENT: "bright_black",
}
_MOST_SILENT, _AROUND = 5, 24


def print_matrix(console: Console, matrix: StatementMatrix, *, full: bool = False) -> None:
    """Print the matrix: documents, whose words they are, wordings, and each slot's voices."""
    telling = Telling(matrix)
    _print_documents(console, telling)
    _print_whose_words(console, telling)
    _print_wordings(console, telling)
    _print_claims(console, telling)
    for row in matrix.rows:
        _print_row(console, telling, row, full=full)
    if any(row.origins > 1 for row in matrix.rows):
        console.print(Text("\nVoices with one number in brackets have one origin.", "dim"))
    for line in telling.unheard():
        console.print(_said(line, "dim"))
    if matrix.unreviewed:
        number = len(matrix.assertions)
        console.print(Text(f"{matrix.unreviewed} of {number} readings are proposed, not reviewed.", "bold"))
    console.print("Nothing here says who is right.")


def _said(line: str, style: str = "") -> Text:
    """Return a line in which others may have a word: nothing in it is hidden."""
    return Text(visible(line), style)


def _print_documents(console: Console, telling: Telling) -> None:
    for one in telling.matrix.documents:
        console.print(
            _said(f"{telling.letter(one.document_id)}  {telling.label(one.document_id)}, {telling.when(one)}")
        )
        if telling.how_read(one):
            console.print(_said(f"   {telling.how_read(one)}", "yellow"))
    for line in telling.refused():
        console.print(_said(f"-  {line}", "bold red"))


def _print_whose_words(console: Console, telling: Telling) -> None:
    shares, lineages = telling.shares(), telling.lineages()
    if shares or lineages:
        console.print(Text("\nWhose words", "bold"))
    for a, b, (same_a, other_a), (same_b, other_b) in shares:
        console.print(
            f"  {telling.letter(a)} and {telling.letter(b)}: word for word {percent(same_a)} of "
            f"{telling.letter(a)}, {percent(same_b)} of {telling.letter(b)}; reworded {percent(other_a)} and "
            f"{percent(other_b)}"
        )
    for line in lineages:
        console.print(Padding(_said(line), (0, 0, 0, 2)))


def _print_wordings(console: Console, telling: Telling) -> None:
    for group in telling.wordings():
        number = len({telling.words(one) for one in group})
        console.print(Text(f"\nOne sentence in {number_word(number)} wordings", "bold"))
        for one in group:
            line = _said(f"{telling.letter(one.document_id)}  ")
            line.append(visible(one_line(telling.words(one))))
            console.print(Padding(line, (0, 0, 0, 2)))


def _print_claims(console: Console, telling: Telling) -> None:
    claims = [one for one in telling.matrix.shared if one.ground is CopyGround.CLAIM]
    if claims:
        console.print(Text("\nThe same speaker makes the same claim, in other words", "bold"))
    for one in claims:
        sides = " | ".join(
            f"{telling.letter(side.document_id)}  {one_line(telling.words(side))}" for side in (one.a, one.b)
        )
        console.print(Padding(_said(sides), (0, 0, 0, 2)))


def _print_row(console: Console, telling: Telling, row: MatrixRow, *, full: bool) -> None:
    title = Text(f"\n{SLOT_NAMES[row.slot]}", "bold")
    if row.slot is not Slot.COMMENT:
        title.append(f"  {standing_words(row)}", _COLOURS[row.relation])
    console.print(title)
    table = Table(box=None, show_header=False, pad_edge=True, expand=True)
    table.add_column(ratio=5)
    table.add_column(ratio=5)
    table.add_column(ratio=9)
    for number, voice in enumerate(row.voices):
        act = "" if voice.act is SpeechAct.CLAIMS else f"{ACT_NAMES[voice.act]} "
        value = "" if row.slot is Slot.COMMENT else value_words(row.slot, voice.value)
        mark = _family_mark(row, number)
        said = [telling.assertion(one) for one in voice.assertion_ids]
        words = Text()
        for one in said if full else said[:1]:
            found = excerpt(telling.text(one.passage.document_id), one.passage, _AROUND)
            words.append(f"{telling.letter(one.passage.document_id)} {visible(found.before)}", "dim")
            words.append(visible(found.words), "underline")
            words.append(f"{visible(found.after)}\n", "dim")
        words.rstrip()
        letters = ",".join(telling.letter(each) for each in voice.document_ids)
        table.add_row(
            _said(f"{mark}{act}{value}"),
            _said(f"{_origin(row, number)}{one_line(voice.speaker)} ({letters})"),
            words,
        )
    console.print(table)
    for number, family in enumerate(row.one_statement, start=1):
        wordings = len({row.voices[one].value for one in family})
        if wordings > 1:
            console.print(f"  {'*' * number} one statement in {number_word(wordings)} wordings")
    for line in row.measured:
        console.print(_said(f"  our record: {line}", "cyan"))
    if row.silent:
        more = f" and {len(row.silent) - _MOST_SILENT} more" if len(row.silent) > _MOST_SILENT else ""
        named = ", ".join(one_line(name) for name in row.silent[:_MOST_SILENT])
        console.print(_said(f"  silent on this: {named}{more}", "dim"))


def _origin(row: MatrixRow, number: int) -> str:
    is_told = row.voice_origins and row.origins > 1 and row.slot is not Slot.COMMENT
    return f"[{row.voice_origins[number]}] " if is_told else ""


def _family_mark(row: MatrixRow, number: int) -> str:
    at = next((at for at, one in enumerate(row.one_statement, start=1) if number in one), 0)
    family = row.one_statement[at - 1] if at else ()
    return "*" * at + " " if len({row.voices[one].value for one in family}) > 1 else ""


def list_lines(state: CaseState, document_id: str | None, *, open_only: bool) -> Iterator[str]:
    """Yield the documents of a case and its proposals, each with the exact words and what became of it."""
    reviews = {one.assertion_id: one for one in state.reviews}
    for document in state.documents:
        if document_id not in (None, document.document_id):
            continue
        yield f"{document.document_id}  {document.publisher or document.name}  {document.published}".rstrip()
        for one in state.assertions:
            if one.passage.document_id != document.document_id:
                continue
            review = reviews.get(one.assertion_id)
            if open_only and review is not None:
                continue
            became = f"{review.state.value} by {review.by}" if review else unreviewed_words(one)
            shown = review.corrected if review is not None and review.corrected is not None else one
            found = excerpt(document.text, one.passage, _AROUND)
            said_by = f"{shown.speaker or 'itself'} {ACT_NAMES[shown.act]}"
            yield f"  {one.assertion_id}  {shown.slot.value} = {shown.value!r}; {said_by}"
            yield f"      {found.before}[{found.words}]{found.after}"
            yield f"      {became}" + (f": {review.reason}" if review is not None and review.reason else "")
