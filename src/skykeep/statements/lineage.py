"""Whose words a document prints: which documents have their words from one another or from one origin.

Seven grounds, in this order: one publisher's own versions; one agency in the credits of texts that share a
passage; a repost that names the other document's publisher; a shared passage that the one says itself and the
other has its publisher say; several things that a document has a publisher say and that he says in his own,
in whatever words; much of the text in common, with the agency that a dateline, byline or "told ..." credits;
one statement that documents carry in their own wordings. A group inside another of the same origin is not
told, nor one of the last two grounds inside any. The origin's own document comes first where it is not later
than the others, then the earlier, of one day the one that holds more of the common words. An origin that no
document names is "".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from skykeep.domain.statement import (
    Assertion,
    CopyKind,
    Lineage,
    LineageGround,
    Passage,
    SharedPassage,
    SourceDocument,
)
from skykeep.statements.copies import shared_share
from skykeep.statements.folding import fold
from skykeep.statements.lineage_named import cited, joined_groups, lies_in, quoted, reposted
from skykeep.statements.speakers import Speakers

MUCH_VERBATIM, MUCH_REWORDED = 0.15, 0.15
_NAMED = r"([A-Z][\w&.'-]*(?: [A-Z][\w&.'-]*){0,3})"
_CREDITS = (
    re.compile(rf"(?m)^[^\n]{{0,40}}\({_NAMED}\) ?- "),
    re.compile(rf"(?m)^[^\n]{{0,12}}[Bb]y [^\n]{{0,60}}(?:\band|,|/) ?{_NAMED}\s*$"),
    re.compile(rf"\b(?:told|speaking to|quoted by|reported by|[Vv]ia) {_NAMED}"),
    re.compile(rf"\b{_NAMED} (?:news agency|agency) (?:reported|reports|said|says)"),
)
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_CAPITALS = re.compile(r"\b[A-Z][a-z'-]+(?: (?:of |the |and |for )*[A-Z][a-z'-]+){1,5}")
_BY_LIKENESS = (LineageGround.COMMON_TEXT, LineageGround.ONE_STATEMENT)


def find_lineages(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage], assertions: Sequence[Assertion]
) -> tuple[Lineage, ...]:
    """Return the lineages among documents; one document may stand in several, each for its own words."""
    speakers = Speakers(documents, assertions)
    grounds = {
        LineageGround.PUBLISHER: _publishers(documents),
        LineageGround.CREDIT: _agencies(documents, shared),
        LineageGround.REPOST: reposted(documents, shared),
        LineageGround.QUOTED: quoted(documents, shared, assertions, speakers),
        LineageGround.CITED: cited(documents, assertions, speakers),
        LineageGround.COMMON_TEXT: _one_text(documents, shared),
        LineageGround.ONE_STATEMENT: _one_statement(documents, shared, assertions, speakers),
    }
    found: dict[frozenset[str], Lineage] = {}
    texts = [fold(one.text) for one in documents]
    for ground, groups in grounds.items():
        for group, named in groups:
            inside = ground in _BY_LIKENESS and any(group < other for other in found)
            known = found.get(frozenset(group))
            if len(group) > 1 and not (known and known.origin) and not inside:
                origin = _in_full(named, texts)
                members, source = _in_order(group, origin, documents, shared, speakers)
                line = Lineage(
                    lineage_id="", document_ids=members, origin=origin, ground=ground, source_id=source
                )
                found[frozenset(group)] = line
    kept = [
        line
        for group, line in found.items()
        if not any(group < other and line.origin == its.origin for other, its in found.items())
    ]
    return tuple(
        msgspec.structs.replace(line, lineage_id=f"lineage-{number}")
        for number, line in enumerate(kept, start=1)
    )


def origins_of(document_ids: Iterable[str], lineages: Sequence[Lineage]) -> int:
    """Return how many independent origins documents have: those that share a lineage count as one."""
    left, number = set(document_ids), 0
    while left:
        number += 1
        reached = {left.pop()}
        while reached:
            one = reached.pop()
            near = {two for line in lineages if one in line.document_ids for two in line.document_ids} & left
            left -= near
            reached |= near
    return number


def _publishers(documents: Sequence[SourceDocument]) -> list[tuple[set[str], str]]:
    groups: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    texts = [fold(one.text) for one in documents]
    for one in documents:
        if one.publisher:
            name = _in_full(one.publisher, texts)
            groups.setdefault(name.casefold(), set()).add(one.document_id)
            names.setdefault(name.casefold(), name)
    return [(group, names[key]) for key, group in groups.items() if len(group) > 1]


def _agencies(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage]
) -> list[tuple[set[str], str]]:
    """Return documents that credit one agency, as far as shared passages join them."""
    texts = {one.document_id: fold(one.text) for one in documents}
    crediting: dict[str, set[str]] = {}
    for document_id, text in texts.items():
        for name in _named_in_head(text):
            crediting.setdefault(_in_full(name, texts.values()), set()).add(document_id)
    pairs = [{one.a.document_id, one.b.document_id} for one in shared]
    return [
        (group, name)
        for name, members in crediting.items()
        for group in joined_groups([pair for pair in pairs if pair <= members])
    ]


def _named_in_head(text: str) -> set[str]:
    return {found[1].strip(" .") for pattern in _CREDITS[:2] for found in pattern.finditer(text[:1500])}


def _in_full(name: str, texts: Iterable[str]) -> str:
    """Return what an abbreviation stands for, where one of the texts has a name with those first letters."""
    if not _ACRONYM.fullmatch(name):
        return name
    named = (found[0] for text in texts for found in _CAPITALS.finditer(text))
    return next((one for one in named if "".join(re.findall(r"\b[A-Z]", one)) == name), name)


def _one_text(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage]
) -> list[tuple[set[str], str]]:
    shares = shared_share(documents, shared, CopyKind.VERBATIM)
    linked = [{a, b} for a, b, of_a, of_b in shares if max(of_a, of_b) >= MUCH_VERBATIM]
    held = {one.document_id: one for one in documents}
    return [(group, _agency([held[one] for one in group])) for group in joined_groups(linked)]


def _agency(documents: Sequence[SourceDocument]) -> str:
    """Return the agency that the documents credit most, "" where they credit none."""
    credited: Counter[str] = Counter()
    publishers = {one.publisher.casefold() for one in documents}
    for one in documents:
        text = fold(one.text)
        named = _named_in_head(text) | {found[1].strip(" .") for found in _CREDITS[3].finditer(text)}
        told = {found[1].strip(" .") for found in _CREDITS[2].finditer(text)}
        credited.update(named)
        credited.update(dict.fromkeys(told, 0))
        credited.update(name for name in told if name in credited and name not in named)
    best = [name for name, times in credited.most_common() if times and name.casefold() not in publishers]
    return best[0] if best else ""


def _one_statement(
    documents: Sequence[SourceDocument],
    shared: Sequence[SharedPassage],
    assertions: Sequence[Assertion],
    speakers: Speakers,
) -> list[tuple[set[str], str]]:
    """Return documents that carry one statement, much of it reworded, and who made it."""
    reworded = {(a, b): max(x, y) for a, b, x, y in shared_share(documents, shared, CopyKind.REWORDED)}
    links = [
        each
        for each in shared
        if reworded.get((each.a.document_id, each.b.document_id), 0.0) >= MUCH_REWORDED
    ]
    groups = joined_groups([{each.a.document_id, each.b.document_id} for each in links])
    found = []
    for group in groups:
        spans = [
            span
            for each in links
            for span in (each.a, each.b)
            if span.document_id in group and each.kind is CopyKind.REWORDED
        ]
        found.append((group, _who_made_it(spans, assertions, speakers)))
    return found


def _who_made_it(spans: Sequence[Passage], assertions: Sequence[Assertion], speakers: Speakers) -> str:
    """Return who says what stands in the passages, in most documents; a relaying outlet only if none else."""
    places: dict[str, set[str]] = {}
    weight: Counter[str] = Counter()
    for one in assertions:
        if one.speaker and any(lies_in(one.passage, span) for span in spans):
            name = speakers.name_of(one.passage.document_id, one.speaker)
            places.setdefault(name, set()).add(one.passage.document_id)
            weight[name] += 1
    ranked = sorted(places, key=lambda name: (_relays(name), -len(places[name]), -weight[name], name))
    return ranked[0] if ranked else ""


def _relays(name: str) -> bool:
    return bool(re.search(r"\b(?:outlet|agency|news|paper|media|user|channel)\b", name, re.IGNORECASE))


def _in_order(
    group: set[str],
    origin: str,
    documents: Sequence[SourceDocument],
    shared: Sequence[SharedPassage],
    speakers: Speakers,
) -> tuple[tuple[str, ...], str]:
    """Return the documents of a lineage, the source first, and which one the source is, "" for none known."""
    common: Counter[str] = Counter()
    for each in shared:
        for span in (each.a, each.b):
            common[span.document_id] += span.end - span.start
    members = [one for one in documents if one.document_id in group]
    members.sort(key=lambda one: (one.published[:10] or "9999", -common[one.document_id]))
    own = [one for one in members if origin and speakers.name_of(one.document_id, "") == origin]
    first = members[0].published[:10]
    if len(own) != 1 or (own[0].published and first and own[0].published[:10] > first):
        return tuple(one.document_id for one in members), ""
    members.remove(own[0])
    return tuple(one.document_id for one in (own[0], *members)), own[0].document_id
