"""A checkpoint, or the note of a manifest, on paper: in plain letters and as a QR code, as SVG or PDF.

What is printed, signed by hand and put into a drawer no network can change. A telephone's camera gives the
note back letter by letter; whoever has none types the root, which stands in groups of four.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import segno
import typst

from skykeep.base.errors import InputError, SetupError
from skykeep.evidence.checkpoint import names_files
from skykeep.evidence.signed_note import read_note
from skykeep.evidence.witnessing import read_tree_head
from skykeep.store.manifest import replace_file

# A4 in units of 0.1 mm.
_WIDTH, _HEIGHT, _MARGIN, _TOP, _CODE, _QUIET = 2100, 2970, 180, 420, 1100, 4
_LETTERS_A_LINE = 76
_KEEP = (
    "Keep this page where the owner of the log cannot reach it. Read the code into a file, and",
    "`skykeep verify NIGHT {0} FILE`, or the `verify.py` of a bundle, says whether the entries",
    "counted here{1} are still what they were.",
)


def page_svg(note: bytes) -> str:
    """Return the page of a checkpoint as SVG; InputError where the note is none, or too long for a code."""
    head = read_tree_head(read_note(note).text)
    title, option, also = "Checkpoint of a log", "--checkpoint", ""
    if names_files(note):
        title, option, also = "Manifest of a night", "--manifest", " and the files named here"
    modules = _modules(note, _MARGIN, _TOP, _CODE)
    root = note.split(b"\n")[2].decode()
    groups = " ".join(root[at : at + 4] for at in range(0, len(root), 4))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(260, 70, title, "bold"),
        _text(345, 42, f"{head.origin}: {head.size} entries"),
        f'<path d="{modules}" fill="#000"/>',
        *(_text(1640 + 55 * k, 38, line.format(option, also)) for k, line in enumerate(_KEEP)),
        _text(1850, 38, "Root of the tree, in groups of four:"),
        _text(1910, 38, groups, mono=True),
        _text(2000, 38, "The note, letter by letter:"),
    ]
    pieces = [
        line[at : at + _LETTERS_A_LINE]
        for line in note.decode().rstrip("\n").split("\n")
        for at in range(0, max(len(line), 1), _LETTERS_A_LINE)
    ]
    step = min(46, 760 // len(pieces))
    lines += [_text(2055 + step * k, min(34, step), piece, mono=True) for k, piece in enumerate(pieces)]
    lines.append(_text(2860, 38, "Received by ______________________________   on ____________________"))
    lines.append("</svg>")
    return "\n".join(lines) + "\n"


def code_svg(note: bytes) -> str:
    """Return a checkpoint's note as a QR code alone, as SVG; InputError where it is none, or too long."""
    read_tree_head(read_note(note).text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_CODE} {_CODE}">'
        f'<rect width="{_CODE}" height="{_CODE}" fill="#fff"/>'
        f'<path d="{_modules(note, 0, 0, _CODE)}" fill="#000"/></svg>'
    )


def _modules(note: bytes, left: int, top: int, width: int) -> str:
    """Return the dark squares of the code, with the quiet zone about them, as one path."""
    try:
        code = segno.make_qr(note.decode(), error="m", mode="byte", encoding="utf-8", eci=False)
    except segno.DataOverflowError as error:
        raise InputError("note", f"{len(note)} bytes", "no more than a QR code holds") from error
    size = width / (len(code.matrix) + 2 * _QUIET)
    square = f"h{size:.3f}v{size:.3f}h-{size:.3f}z"
    return "".join(
        f"M{left + (x + _QUIET) * size:.3f} {top + (y + _QUIET) * size:.3f}{square}"
        for y, row in enumerate(code.matrix)
        for x, dark in enumerate(row)
        if dark
    )


def write_page(note: bytes, path: Path) -> None:
    """Write the page as SVG, or as PDF where the name ends in .pdf; the same bytes every time."""
    svg = page_svg(note)
    replace_file(path, _pdf(svg) if path.suffix.lower() == ".pdf" else svg.encode())


def _pdf(svg: str) -> bytes:
    quoted = svg.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    source = (
        '#set document(title: "Checkpoint of a log", date: none)\n'
        "#set page(width: 210mm, height: 297mm, margin: 0mm)\n"
        f'#image(bytes("{quoted}"), format: "svg", width: 100%, alt: "A checkpoint")\n'
    )
    fonts = typst.Fonts(include_system_fonts=False)
    try:
        compiler = typst.Compiler(input=source.encode(), font_paths=fonts)
        pdf = compiler.compile(format="pdf")
    except typst.TypstError as error:
        raise SetupError(f"the page could not be set: {error.diagnostic}") from error
    assert isinstance(pdf, bytes)
    return pdf


def _text(y: int, size: int, words: str, weight: str = "normal", *, mono: bool = False) -> str:
    family = "DejaVu Sans Mono, monospace" if mono else "Libertinus Serif, serif"
    return (
        f'<text x="{_MARGIN}" y="{y}" font-size="{size}" font-family="{family}" font-weight="{weight}" '
        f'xml:space="preserve">{escape(words)}</text>'
    )
