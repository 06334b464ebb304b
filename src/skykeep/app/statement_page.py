"""The matrix of statements as one web page that needs nothing else: no script, no other file, no network.

Every value stands beside the exact words it was read from, with who says it and in which document. What no
person has looked at is marked. Names and quotations carry their own direction of writing.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from skykeep.app.statement_telling import Telling, percent
from skykeep.domain.statement import (
    Assertion,
    CopyGround,
    CopyKind,
    MatrixRow,
    Passage,
    Relation,
    SharedPassage,
    Slot,
    SpeechAct,
    StatementMatrix,
    Voice,
)
from skykeep.statements.excerpts import excerpt, one_line
from skykeep.statements.matrix_sentences import (
    ACT_NAMES,
    SLOT_NAMES,
    number_word,
    standing_words,
    value_words,
)

_STYLE = (files("skykeep.app") / "statement_assets" / "page.css").read_text(encoding="utf-8")
_MOST_SILENT = 8
_PLAIN_ACTS = frozenset((SpeechAct.CLAIMS, SpeechAct.ANNOUNCES, SpeechAct.THREATENS))


def statement_page(matrix: StatementMatrix, title: str = "Statements side by side") -> str:
    """Return the page."""
    telling = Telling(matrix)
    body = (
        _head(matrix, title),
        _documents(telling),
        _whose_words(telling),
        _glance(telling),
        _wordings(telling),
        _rows(telling),
        _passages(telling),
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(title)}</title><style>\n{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(part for part in body if part)
        + "\n</main></body></html>\n"
    )


def _head(matrix: StatementMatrix, title: str) -> str:
    number = len(matrix.assertions)
    looked = (
        f"{matrix.unreviewed} of {number} readings below are proposed by rules and not reviewed by a person."
        if matrix.unreviewed
        else f"All {number} readings below were reviewed by a person."
    )
    return (
        f"<header><h1>{escape(title)}</h1><p class=faint>Who says what, where, in which words. "
        "Nothing here says who is right.</p>"
        f"<p class=notice><strong>{escape(looked)}</strong></p></header>"
    )


def _documents(telling: Telling) -> str:
    cards = []
    for one in telling.matrix.documents:
        satire = " <span class=chip>marked as satire</span>" if one.is_marked_satire else ""
        letter = _letter(telling, one.document_id)
        cards.append(
            f'<li class=card id="doc-{telling.letter(one.document_id)}"><h3>{letter} '
            f"{_bdi(telling.label(one.document_id))}{satire}</h3><p>{escape(telling.when(one))}</p>"
            f"<p><small>{_bdi(one.name)} · {one.size_bytes:,} bytes · {escape(one.media_type)}"
            + (f" · from {_bdi(one.retrieved_from)}" if one.retrieved_from else "")
            + "</small></p>"
            + (f"<p><strong>{escape(telling.how_read(one))}</strong></p>" if telling.how_read(one) else "")
            + f"<p class=hash>sha256 {one.sha256}</p></li>"
        )
    refused = "".join(f"<p class=notice><strong>{_bdi(line)}</strong></p>" for line in telling.refused())
    return f"<section><h2>Documents</h2><ul class=cards>{''.join(cards)}</ul>{refused}</section>"


def _whose_words(telling: Telling) -> str:
    cards = []
    for a, b, of_a, of_b in telling.shares():
        bars = _bar(telling, a, *of_a) + _bar(telling, b, *of_b)
        cards.append(f"<li class=card><h3>{_letter(telling, a)} and {_letter(telling, b)}</h3>{bars}</li>")
    lines = "".join(f"<li>{escape(line)}</li>" for line in telling.lineages())
    if not cards and not lines:
        return "<section><h2>Whose words</h2><p>No two of these documents share a passage.</p></section>"
    key = "<p class=key><small><i></i> word for word &nbsp; <b></b> in other words</small></p>"
    return (
        f"<section><h2>Whose words</h2><p>Part of each document’s words that stands in the other.</p>{key}"
        f"<ul class=cards>{''.join(cards)}</ul><ul>{lines}</ul></section>"
    )


def _bar(telling: Telling, document_id: str, same: float, other: float) -> str:
    said = f"{percent(same)} word for word, {percent(other)} reworded"
    return (
        f"<p><small>of {_letter(telling, document_id)}: {said}</small></p>"
        f'<div class=bar role=img aria-label="{said}">'
        f'<i style="width:{same:.1%}"></i><b style="width:{other:.1%}"></b></div>'
    )


def _wordings(telling: Telling) -> str:
    groups = []
    for group in telling.wordings():
        columns = "".join(
            f"<li>{_letter(telling, one.document_id)} <q dir=auto>{_differing(telling, one, group)}</q></li>"
            for one in group
        )
        number = len({telling.words(one) for one in group})
        title = f"One sentence in {number_word(number)} wordings"
        groups.append(f"<li class=card><h3>{title}</h3><ul class=wordings>{columns}</ul></li>")
    if not groups:
        return ""
    return (
        "<section><h2>The same said in other words</h2><p>Marked is what has no like in the other wordings, "
        f"or another word there.</p><ul class=stack>{''.join(groups)}</ul></section>"
    )


def _differing(telling: Telling, passage: Passage, group: Iterable[Passage]) -> str:
    """Return a wording with the words marked that read otherwise in the others."""
    text = telling.text(passage.document_id)
    alike = telling.alike_spans(passage, [one for one in group if one != passage])
    return _marked(text, passage.start, passage.end, alike)


def _marked(text: str, start: int, end: int, alike: Iterable[tuple[int, int]]) -> str:
    """Return the stretch as HTML, whatever lies in no span of `alike` marked."""
    parts, at = [], start
    for begin, last in sorted(alike):
        begin, last = max(begin, at), min(last, end)
        if begin >= last:
            continue
        parts += [_mark(text[at:begin]), escape(text[begin:last])]
        at = last
    parts.append(_mark(text[at:end]))
    return "".join(parts)


def _mark(words: str) -> str:
    inner = words.strip()
    if not any(letter.isalnum() for letter in inner):
        return escape(one_line(words) if "\n" in words else words)
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{escape(before)}<mark>{escape(one_line(inner))}</mark>{escape(after)}"


_NOT_TO_ITS_END = "<span class=chip>not read to its end</span>"


def _glance(telling: Telling) -> str:
    """Return the matrix itself: a line for each slot, a column for each document."""
    if not telling.matrix.rows:
        return ""
    heads = "".join(
        f"<th scope=col>{_letter(telling, one.document_id)} {_bdi(telling.label(one.document_id))}</th>"
        for one in telling.matrix.documents
    )
    lines = "".join(_glance_row(telling, row) for row in telling.matrix.rows)
    return (
        "<section><h2>At a glance</h2><p>Each document’s values, whoever in it says so. An empty field: "
        "nobody in it speaks of that.</p><div class=scroll tabindex=0 role=region aria-label='At a glance'>"
        # The roles say again what the tags do, which says nothing where a narrow screen stacks the fields.
        "<table role=table><thead><tr role=row>"
        f"<th scope=col></th>{heads}<th scope=col>How they stand</th></tr></thead><tbody>{lines}</tbody>"
        "</table></div></section>"
    )


def _glance_row(telling: Telling, row: MatrixRow) -> str:
    fields = ""
    for document in telling.matrix.documents:
        held = [voice for voice in row.voices if document.document_id in voice.document_ids]
        said = dict.fromkeys(_short(row.slot, voice) for voice in held)
        unknown = _NOT_TO_ITS_END if telling.is_unread(document.document_id) else ""
        letter = telling.letter(document.document_id)
        fields += f"<td role=cell data-of={letter}>{'<br>'.join(said) or unknown}</td>"
    standing = "" if row.slot is Slot.COMMENT else standing_words(row)
    return (
        f"<tr role=row class={row.relation.value}><th role=rowheader scope=row>"
        f'<a href="#{row.slot.value}">{SLOT_NAMES[row.slot]}</a>'
        f"</th>{fields}<td role=cell class=standing>{escape(standing)}</td></tr>"
    )


def _short(slot: Slot, voice: Voice) -> str:
    if slot is Slot.COMMENT:
        return f"{_bdi(voice.speaker)} gave none"
    act = "" if voice.act in _PLAIN_ACTS else f"<span class=chip>{ACT_NAMES[voice.act]}</span> "
    return act + _bdi(value_words(slot, voice.value))


def _rows(telling: Telling) -> str:
    rows = "".join(_row(telling, row) for row in telling.matrix.rows)
    unheard = "".join(f"<p class=faint>{escape(line)}</p>" for line in telling.unheard())
    key = "<p class=faint>Voices with one number have one origin.</p>" if rows else ""
    nothing = "<p>Nothing was read from these documents.</p>"
    return f"<section><h2>What they say</h2>{key}{rows or nothing}{unheard}</section>"


def _row(telling: Telling, row: MatrixRow) -> str:
    told: set[int] = set()
    parts = []
    for number in range(len(row.voices)):
        if number in told:
            continue
        family = next((one for one in row.one_statement if number in one), ())
        if not family:
            parts.append(_voice(telling, row, number))
            continue
        told.update(family)
        wordings = len({row.voices[one].value for one in family})
        line = (
            f"One statement in {number_word(wordings)} wordings"
            if wordings > 1
            else "One statement, passed on"
        )
        inside = "".join(_voice(telling, row, one) for one in family)
        parts.append(f"<div class=family><p>{line}</p>{inside}</div>")
    standing = "" if row.slot is Slot.COMMENT else standing_words(row)
    kind = Relation.ONE.value if row.slot is Slot.COMMENT else row.relation.value
    return (
        f'<article class="row {kind}" id="{row.slot.value}"><header><h3>{SLOT_NAMES[row.slot]}</h3>'
        f"<span class=standing>{escape(standing)}</span></header>{''.join(parts)}{_beside(row)}</article>"
    )


def _voice(telling: Telling, row: MatrixRow, number: int) -> str:
    slot, voice = row.slot, row.voices[number]
    is_told = row.voice_origins and row.origins > 1 and slot is not Slot.COMMENT
    origin = f" <span class=chip>origin {row.voice_origins[number]}</span>" if is_told else ""
    act = "" if voice.act is SpeechAct.CLAIMS else f"<span class=chip>{ACT_NAMES[voice.act]}</span> "
    value = "" if slot is Slot.COMMENT else _bdi(value_words(slot, voice.value))
    said = "".join(_said(telling, telling.assertion(one)) for one in voice.assertion_ids)
    return (
        f"<div class=voice><div>{act}<span class=value>{value}</span><br>"
        f"<small>{_bdi(voice.speaker)}</small>{origin}</div><div>{said}</div></div>"
    )


def _said(telling: Telling, one: Assertion) -> str:
    words = excerpt(telling.text(one.passage.document_id), one.passage)
    via = f" <small>via {', '.join(_bdi(name) for name in one.via)}</small>" if one.via else ""
    hedged = " <span class=chip>hedged</span>" if one.is_hedged else ""
    seen, label = telling.review_of(one)
    state = f'<span class="chip{" seen" if seen else ""}">{escape(label)}</span>'
    return (
        f"<p class=said>{_letter(telling, one.passage.document_id)} <q dir=auto>{escape(words.before)}"
        f"<mark>{escape(words.words)}</mark>{escape(words.after)}</q>{via}{hedged} {state}</p>"
    )


def _beside(row: MatrixRow) -> str:
    measured = "".join(f"<li>{escape(one)}</li>" for one in row.measured)
    parts = (
        f'<div class="beside measured"><strong>Our record</strong><ul>{measured}</ul></div>'
        if measured
        else ""
    )
    if row.silent:
        named = ", ".join(_bdi(name) for name in row.silent[:_MOST_SILENT])
        more = f" and {len(row.silent) - _MOST_SILENT} more" if len(row.silent) > _MOST_SILENT else ""
        parts += f"<p class='beside faint'>Say nothing on this: {named}{more}.</p>"
    return parts


def _passages(telling: Telling) -> str:
    if not telling.matrix.shared:
        return ""
    items = "".join(_passage(telling, one) for one in telling.matrix.shared)
    return f"<section><h2>Shared passages</h2><p>Marked is what differs.</p>{items}</section>"


def _passage(telling: Telling, one: SharedPassage) -> str:
    kind = "word for word" if one.kind is CopyKind.VERBATIM else "reworded"
    by = (
        "same speaker and same claim"
        if one.ground is CopyGround.CLAIM
        else f"{percent(one.similarity)} alike"
    )
    first = one_line(telling.words(one.a))[:70]
    sides = ""
    for side in (one.a, one.b):
        text = telling.text(side.document_id)
        words = _marked(text, side.start, side.end, telling.same_words(one, side))
        sides += f"<div>{_letter(telling, side.document_id)} <q dir=auto>{words}</q></div>"
    return (
        f"<details class=card><summary>{_letter(telling, one.a.document_id)} "
        f"{_letter(telling, one.b.document_id)} {kind}, {by}: "
        f"<q dir=auto>{escape(first)}…</q></summary><div class=pair>{sides}</div></details>"
    )


def _letter(telling: Telling, document_id: str) -> str:
    letter = telling.letter(document_id)
    title = escape(telling.label(document_id), quote=True)
    return f'<a class=letter href="#doc-{letter}" title="{title}">{letter}</a>'


def _bdi(words: str) -> str:
    return f"<bdi>{escape(one_line(words))}</bdi>"
