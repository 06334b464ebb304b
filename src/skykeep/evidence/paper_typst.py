"""Blocks set for paper: typst source, the same for the same document.

Every word that came from outside passes through `quoted`, so that a serial number cannot become markup.
"""

from __future__ import annotations

from datetime import UTC, datetime

from skykeep.base.clock import NS_PER_S
from skykeep.evidence.dossier_style import STYLE
from skykeep.evidence.paper import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Front,
    Heading,
    Lines,
    Look,
    Paragraph,
    Quote,
    Run,
    Sentences,
    Table,
)
from skykeep.evidence.printable import quoted
from skykeep.evidence.withheld import MARK

# Typst code. Text from outside comes in through `_words` only.
Code = str


def typst_source(document: Document) -> str:
    """Return the whole document as typst source; its attachments are read from `attachment-K` of
    `sys.inputs`.
    """
    dated = datetime.fromtimestamp(document.dated_utc_ns // NS_PER_S, UTC)
    show = (
        f"#show: dossier.with(title: {quoted(document.title)}, case-id: {_words(document.case_id)}, "
        f"simulated: {'true' if document.simulated else 'false'}, level: {quoted(document.level)}, "
        f"printed: datetime(year: {dated.year}, month: {dated.month}, day: {dated.day}, hour: {dated.hour}, "
        f"minute: {dated.minute}, second: {dated.second}))\n"
    )
    attached = "".join(
        f"#pdf.attach({quoted(each.name)}, bytes(sys.inputs.at({quoted(f'attachment-{k}')})), "
        f"relationship: {quoted(each.relationship)}, mime-type: {quoted(each.media_type)}, "
        f"description: {quoted(each.says)})\n"
        for k, each in enumerate(document.attachments)
    )
    return STYLE + show + attached + "".join(_set(block) for block in document.blocks)


def _set(block: Block) -> str:
    match block:
        case Front():
            return _front(block)
        case Heading():
            return f"#heading(level: {block.level}, {_words(block.words)})\n"
        case Paragraph():
            return _call("none-known" if block.pale else "paragraph", _cell(block.words))
        case Facts():
            return _call("facts", *(f"({_words(name)}, {_cell(value)})" for name, value in block.pairs))
        case Sentences():
            return _call("sentences", *(_cell(item) for item in block.items))
        case Table():
            return _table(block)
        case Quote():
            return _call("said", _cell(block.words), _cell(block.who))
        case Lines():
            return _call("digest", *(_words(line) for line in block.lines))
        case Figure():
            # The figure's own text went through `printable`; as a typst string it needs its quotes kept only.
            svg = '"' + block.svg.replace("\\", "\\\\").replace('"', '\\"') + '"'
            width = f"{100 * block.share:.0f}%"
            return _call("map-figure", svg, _words(block.alternative), _words(block.caption), width)


def _front(front: Front) -> str:
    head = _call("title-block", *map(_words, (front.kind, front.title, front.place, front.when)))
    pairs = (f"({_words(number)}, {_words(says)})" for number, says in front.figures)
    return head + _call("figures", *pairs) + _call("level-says", _words(front.level_says))


def _table(block: Table) -> str:
    widths = ", ".join("1fr" if width is None else f"{width:g}mm" for width in block.widths_mm)
    cells = (_cell(cell) for row in block.body for cell in row)
    return _call("rows", f"({widths},)", *map(_words, block.head), *cells)


def _call(name: str, *arguments: Code) -> str:
    return f"#{name}(\n  {', '.join(arguments)},\n)\n" if arguments else f"#{name}()\n"


def _cell(cell: Cell) -> Code:
    if isinstance(cell, str):
        return _words(cell)
    runs = (cell,) if isinstance(cell, Run) else cell
    return " + ".join(_run(run) for run in runs) or '""'


def _run(run: Run) -> Code:
    words = _words(run.text)
    return words if run.look is Look.PLAIN else f"look-{run.look.value}({words})"


def _words(text: str) -> Code:
    """Return text as typst code: strings, with a black bar between them wherever something is withheld."""
    pieces = MARK.split(text)
    if len(pieces) == 1:
        return quoted(text)
    code = [
        f"withheld({quoted(f'withheld: {piece}')})" if k % 2 else quoted(piece)
        for k, piece in enumerate(pieces)
        if piece or k % 2
    ]
    return "(" + " + ".join(code) + ("" if len(code) > 1 else " + []") + ")"
