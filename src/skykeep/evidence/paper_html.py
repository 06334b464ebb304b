"""Blocks set for a screen: one HTML file that needs no other, dark or light as its reader has it.

Every stretch of text stands in a `<bdi>`, so that a name written from right to left turns nothing around it;
characters that draw nothing but change how others look are printed as their number, as on paper. The page
runs no script and asks nothing of any network (its Content-Security-Policy says so).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from skykeep.base.clock import iso_utc
from skykeep.evidence.html_style import STYLE
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
from skykeep.evidence.printable import ending_stretches, is_mixed
from skykeep.evidence.svg import escape
from skykeep.evidence.withheld import MARK

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_TAGS = {Look.CLOCK: "time", Look.MONO: "code", Look.STRONG: "strong", Look.QUOTED: "q", Look.MARK: "strong"}


def html_page(document: Document) -> str:
    """Return the whole page, the same for the same document."""
    body = "".join(_numbered(document.blocks))
    simulated = (
        '<p class="simulated" role="note">SIMULATION: no real effect was used</p>'
        if document.simulated
        else ""
    )
    dated = iso_utc(document.dated_utc_ns)
    return (
        '<!DOCTYPE html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="generator" content="Skykeep">\n'
        f'<meta name="dcterms.date" content="{dated}">\n'
        f"<title>{escape(_plain(document.title))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<header>{simulated}<p class="pale">Case {_words(document.case_id)}, '
        f"level {escape(document.level)}</p></header>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _numbered(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield every block; headings of the first two levels are numbered as on paper."""
    chapter = section = 0
    for block in blocks:
        if not isinstance(block, Heading):
            yield _set(block)
            continue
        if block.level == 1:
            chapter, section = chapter + 1, 0
        elif block.level == 2:
            section += 1
        number = {1: f"{chapter}", 2: f"{chapter}.{section}"}.get(block.level, "")
        name = f' id="c{number.replace(".", "-")}"' if number else ""
        tag = f"h{block.level + 1}"
        yield f"<{tag}{name}>{number} {_words(block.words)}</{tag}>\n"


def _set(block: Block) -> str:
    match block:
        case Front():
            return _front(block)
        case Paragraph():
            return f"<p{' class=pale' if block.pale else ''}>{_cell(block.words)}</p>\n"
        case Facts():
            pairs = "".join(f"<dt>{_words(name)}</dt><dd>{_cell(value)}</dd>" for name, value in block.pairs)
            return f"<dl>{pairs}</dl>\n"
        case Sentences():
            return f"<ul>{''.join(f'<li>{_cell(item)}</li>' for item in block.items)}</ul>\n"
        case Table():
            return _table(block)
        case Quote():
            return (
                f"<figure class=said><blockquote>{_cell(block.words)}</blockquote>"
                f"<figcaption>{_cell(block.who)}</figcaption></figure>\n"
            )
        case Lines():
            return f"<pre tabindex=0>{chr(10).join(_words(line) for line in block.lines)}</pre>\n"
        case Figure():
            label = escape(_plain(block.alternative))
            return (
                f'<figure class=map><div role="img" aria-label="{label}">{block.svg}</div>'
                f"<figcaption>{_words(block.caption)}</figcaption></figure>\n"
            )
        case Heading():
            raise ValueError("headings are numbered by whoever sets all blocks")


def _front(front: Front) -> str:
    figures = "".join(
        f"<div><dt>{_words(says)}</dt><dd>{_words(number)}</dd></div>" for number, says in front.figures
    )
    return (
        f"<p class=kind>{_words(front.kind)}</p>\n<h1>{_words(front.title)}</h1>\n"
        f"<p>{_words(front.place)}<br><span class=pale>{_words(front.when)}</span></p>\n"
        f"<dl class=figures>{figures}</dl>\n<p class=level>{_words(front.level_says)}</p>\n"
    )


def _table(block: Table) -> str:
    head = "".join(f'<th scope="col">{_words(name)}</th>' for name in block.head)
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in block.body)
    label = escape(_plain(block.says))
    return (
        f'<div class=wide tabindex=0 role="region" aria-label="{label}"><table><caption>{_words(block.says)}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>\n"
    )


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _words(cell)
    return "".join(_run(run) for run in ((cell,) if isinstance(cell, Run) else cell))


def _run(run: Run) -> str:
    if run.look is Look.PLAIN:
        return _words(run.text)
    tag = _TAGS.get(run.look, "span")
    return f"<{tag} class={run.look.value}>{_words(run.text)}</{tag}>"


def _words(text: str) -> str:
    """Return text in a `<bdi>` that cannot be markup, with a bar wherever something is withheld."""
    pieces = MARK.split(text)
    return "".join(
        f'<span class="withheld">withheld: {piece}</span>' if k % 2 else _isolated(_plain(piece))
        for k, piece in enumerate(pieces)
        if piece
    )


def _isolated(text: str) -> str:
    """Return text whose direction turns nothing beside it. One of both directions is a sentence of ours about
    something in other letters: it goes from left to right, each stretch ended, as on paper.
    """
    if is_mixed(text):
        return f"<bdi dir=ltr>{ending_stretches(escape(text), '&lrm;')}</bdi>"
    return f"<bdi>{escape(text)}</bdi>"


def _plain(text: str) -> str:
    """Return text of which every character shows: line breaks are spaces, what hides is its number."""
    composed = unicodedata.normalize("NFC", MARK.sub(r"[withheld: \1]", text))
    return "".join(
        " " if one in "\n\r\t" else f"[U+{ord(one):04X}]" if unicodedata.category(one) in _HIDDEN else one
        for one in composed
    )
