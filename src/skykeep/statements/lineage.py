"""Whose words a document prints: which documents have their words from one another or from one origin.

Four signs, in this order: one publisher's own versions; a repost or quotation that names the other document's
publisher; much of the text in common, with the agency that a dateline, byline or "told ..." credits; one
statement that documents carry in their own wordings. Within a lineage the earlier document comes first, of
one day the one that holds more of the common words. An origin that no document names is "".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from skykeep.domain.statement import Assertion, CopyKind, Lineage, Passage, SharedPassage, SourceDocument
from skykeep.statements.copies import shared_share
from skykeep.statements.folding import fold
from skykeep.statements.speakers import Speakers

MUCH_VERBATIM, MUCH_REWORDED = 0.15, 0.15
_NAMED = r"([A-Z][\w&.'-]*(?: [A-Z][\w&.'-]*){0,3})"
_CREDITS = (
    re.compile(rf"(?m)^[^\n]{{0,40}}\({_NAMED}\) ?- "),
    re.compile(rf"(?m)^[^\n]{{0,12}}[Bb]y [^\n]{{0,60}}(?:\band|,|/) ?{_NAMED}\s*$"),
    re.compile(rf"\b(?:told|speaking to|quoted by|reported by|[Vv]ia) {_NAMED}"),
    re.compile(rf"\b{_NAMED} (?:news agency|agency) (?:reported|reports|said|says)"),
)
_REPOST = r"\b(?:RP|RT|MT|repost(?:ed)?|via|shared|quot\w+)\b[^\n]{0,8}"
_BEFORE, _AFTER = 60, 40


def find_lineages(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage], assertions: Sequence[Assertion]
) -> tuple[Lineage, ...]:
    """Return the lineages among documents; one document may stand in several, each for its own words."""
    found: dict[tuple[str, ...], str] = {}
    for group, origin in (
        *_publishers(documents),
        *_reposts(documents, shared),
        *_one_text(documents, shared),
        *_one_statement(documents, shared, assertions),
    ):
        members = _in_order(group, documents, shared)
        if len(members) > 1 and not found.get(members):
            found[members] = origin
    return tuple(
        Lineage(lineage_id=f"lineage-{number}", document_ids=members, origin=origin)
        for number, (members, origin) in enumerate(found.items(), start=1)
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
    for one in documents:
        if one.publisher:
            groups.setdefault(one.publisher.casefold(), set()).add(one.document_id)
            names.setdefault(one.publisher.casefold(), one.publisher)
    return [(group, names[key]) for key, group in groups.items() if len(group) > 1]


def _reposts(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage]
) -> list[tuple[set[str], str]]:
    """Return pairs of which one says before the common words that it has them from the other's publisher."""
    held = {one.document_id: one for one in documents}
    found = []
    for each in shared:
        for mine, its in ((each.a, each.b), (each.b, each.a)):
            publisher = held[its.document_id].publisher
            around = fold(held[mine.document_id].text)[max(0, mine.start - _BEFORE) : mine.start + _AFTER]
            handle = re.search(r"@\w+", publisher)
            names = "|".join(
                re.escape(fold(name)) for name in (handle[0] if handle else "", publisher) if name
            )
            if (
                each.kind is CopyKind.VERBATIM
                and names
                and re.search(rf"{_REPOST}(?:{names})", around, re.IGNORECASE)
            ):
                found.append(({mine.document_id, its.document_id}, publisher))
    return found


def _one_text(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage]
) -> list[tuple[set[str], str]]:
    shares = shared_share(documents, shared, CopyKind.VERBATIM)
    linked = [{a, b} for a, b, of_a, of_b in shares if max(of_a, of_b) >= MUCH_VERBATIM]
    held = {one.document_id: one for one in documents}
    return [(group, _agency([held[one] for one in group])) for group in _joined(linked)]


def _agency(documents: Sequence[SourceDocument]) -> str:
    """Return the agency that the documents credit most, "" where they credit none."""
    credited: Counter[str] = Counter()
    publishers = {one.publisher.casefold() for one in documents}
    for one in documents:
        text = fold(one.text)
        named = {found[1].strip() for pattern in _CREDITS[:2] for found in pattern.finditer(text[:1500])}
        named |= {found[1].strip() for found in _CREDITS[3].finditer(text)}
        told = {found[1].strip() for found in _CREDITS[2].finditer(text)}
        credited.update(named)
        credited.update(dict.fromkeys(told, 0))
        credited.update(name for name in told if name in credited and name not in named)
    best = [name for name, times in credited.most_common() if times and name.casefold() not in publishers]
    return best[0] if best else ""


def _one_statement(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage], assertions: Sequence[Assertion]
) -> list[tuple[set[str], str]]:
    """Return documents that carry one statement, much of it reworded, and who made it."""
    reworded = {(a, b): max(x, y) for a, b, x, y in shared_share(documents, shared, CopyKind.REWORDED)}
    links = [
        each
        for each in shared
        if reworded.get((each.a.document_id, each.b.document_id), 0.0) >= MUCH_REWORDED
    ]
    speakers = Speakers(documents, assertions)
    groups = _joined([{each.a.document_id, each.b.document_id} for each in links])
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
        if one.speaker and any(_inside(one.passage, span) for span in spans):
            name = speakers.name_of(one.passage.document_id, one.speaker)
            places.setdefault(name, set()).add(one.passage.document_id)
            weight[name] += 1
    ranked = sorted(places, key=lambda name: (_relays(name), -len(places[name]), -weight[name], name))
    return ranked[0] if ranked else ""


def _relays(name: str) -> bool:
    return bool(re.search(r"\b(?:outlet|agency|news|paper|media|user|channel)\b", name, re.IGNORECASE))


def _inside(passage: Passage, span: Passage) -> bool:
    return passage.document_id == span.document_id and span.start <= passage.start < span.end


def _joined(groups: Iterable[set[str]]) -> list[set[str]]:
    joined: list[set[str]] = []
    for group in groups:
        near = [one for one in joined if one & group]
        joined = [one for one in joined if not one & group] + [group.union(*near)]
    return joined


def _in_order(
    group: set[str], documents: Sequence[SourceDocument], shared: Sequence[SharedPassage]
) -> tuple[str, ...]:
    common: Counter[str] = Counter()
    for each in shared:
        for span in (each.a, each.b):
            common[span.document_id] += span.end - span.start
    members = [one for one in documents if one.document_id in group]
    members.sort(key=lambda one: (one.published[:10] or "9999", -common[one.document_id]))
    return tuple(one.document_id for one in members)
