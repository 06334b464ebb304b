"""Whose words a document prints: which documents have their words from one another or from one origin.

Six signs, in this order: one publisher's own versions; one agency in the credits of texts that share a
passage; a repost that names the other document's publisher; what the one says itself and the other has its
publisher say; much of the text in common, with the agency that a dateline, byline or "told ..." credits; one
statement that documents carry in their own wordings. A group inside another of the same origin is not told,
nor one of the last two signs inside any. Within a lineage the earlier document comes first, of one day the
one that holds more of the common words. An origin that no document names is "".
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
_CREDIT = (
    r"\b(?:sources?|credit|courtesy of|first (?:published|appeared|reported) (?:in|on|by)|reprinted from"
    r"|(?:taken|translated|copied|forwarded|with files|with material) from"
    r"|(?:reported|quoted|published|carried) (?:by|in)|citing|quoting|according to|told"
    r"|(?:RP|RT|MT|via|h/t|repost(?:ed)?|shared)(?: by| from)?)[: ]{1,3}(?:the |a |our )?"
)
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_CAPITALS = re.compile(r"\b[A-Z][a-z'-]+(?: (?:of |the |and |for )*[A-Z][a-z'-]+){1,5}")
_REPOST = r"\b(?:RP|RT|MT|repost(?:ed)?|via|shared|quot\w+)\b[^\n]{0,8}"
_BEFORE, _AFTER = 60, 40


def find_lineages(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage], assertions: Sequence[Assertion]
) -> tuple[Lineage, ...]:
    """Return the lineages among documents; one document may stand in several, each for its own words."""
    found: dict[tuple[str, ...], str] = {}
    plain = (
        *_publishers(documents),
        *_agencies(documents, shared),
        *_reposts(documents, shared),
        *_own_words(documents, shared, assertions),
    )
    by_likeness = (*_one_text(documents, shared), *_one_statement(documents, shared, assertions))
    texts = [fold(one.text) for one in documents]
    for number, (group, named) in enumerate((*plain, *by_likeness)):
        members, origin = _in_order(group, documents, shared), _in_full(named, texts)
        inside = number >= len(plain) and any(group < set(other) for other in found)
        if len(members) > 1 and not found.get(members) and not inside:
            found[members] = origin
    found = {
        members: origin
        for members, origin in found.items()
        if not any(set(members) < set(other) and origin == its for other, its in found.items())
    }
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
        for group in _joined([pair for pair in pairs if pair <= members])
    ]


def _named_in_head(text: str) -> set[str]:
    return {found[1].strip(" .") for pattern in _CREDITS[:2] for found in pattern.finditer(text[:1500])}


def _in_full(name: str, texts: Iterable[str]) -> str:
    """Return what an abbreviation stands for, where one of the texts has a name with those first letters."""
    if not _ACRONYM.fullmatch(name):
        return name
    named = (found[0] for text in texts for found in _CAPITALS.finditer(text))
    return next((one for one in named if "".join(re.findall(r"\b[A-Z]", one)) == name), name)


def _own_words(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage], assertions: Sequence[Assertion]
) -> list[tuple[set[str], str]]:
    """Return groups in which one has the publisher of another say what that one says itself."""
    speakers = Speakers(documents, assertions)
    own = {one.document_id: speakers.name_of(one.document_id, "") for one in documents}
    held = {one.document_id: one for one in documents}
    found: dict[str, list[set[str]]] = {}
    for each in shared:
        for mine, its in ((each.a, each.b), (each.b, each.a)):
            named = own[its.document_id]
            told = {one.speaker for one in assertions if one.speaker and _inside(one.passage, mine)}
            names = {speakers.name_of(mine.document_id, one) for one in told}
            himself = {one.speaker for one in assertions if _inside(one.passage, its)} <= {""}
            if (
                held[its.document_id].publisher
                and himself
                and named != own[mine.document_id]
                and named in names
            ):
                found.setdefault(named, []).append({mine.document_id, its.document_id})
    return [(group, named) for named, pairs in found.items() for group in _joined(pairs)]


def _reposts(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage]
) -> list[tuple[set[str], str]]:
    """Return pairs of which one says before the common words that it has them from the other's publisher."""
    held = {one.document_id: one for one in documents}
    found = []
    for each in shared:
        for mine, its in ((each.a, each.b), (each.b, each.a)):
            publisher = held[its.document_id].publisher
            text = fold(held[mine.document_id].text)
            around = text[max(0, mine.start - _BEFORE) : mine.start + _AFTER]
            handle = re.search(r"@\w+", publisher)
            names = "|".join(
                re.escape(fold(name)) for name in (handle[0] if handle else "", publisher) if name
            )
            named_near = names and re.search(rf"{_REPOST}(?:{names})", around, re.IGNORECASE)
            credited = names and re.search(rf"{_CREDIT}(?:{names})", text, re.IGNORECASE)
            if credited or (named_near and each.kind is CopyKind.VERBATIM):
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
        named = _named_in_head(text) | {found[1].strip(" .") for found in _CREDITS[3].finditer(text)}
        told = {found[1].strip(" .") for found in _CREDITS[2].finditer(text)}
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
