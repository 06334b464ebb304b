"""Lineages in which one document names the other: reposts, passages quoted, several things cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import permutations

from skykeep.domain.statement import Assertion, CopyKind, Passage, Relation, SharedPassage, SourceDocument
from skykeep.statements.folding import fold
from skykeep.statements.speakers import Speakers
from skykeep.statements.value_relations import relation_of

# Of what a document has a publisher say, so many slots, and this share, must agree with what he says himself.
LEAST_CITED, LEAST_SHARE_CITED = 2, 0.3
_CREDIT = (
    r"\b(?:sources?|credit|courtesy of|first (?:published|appeared|reported) (?:in|on|by)|reprinted from"
    r"|(?:taken|translated|copied|forwarded|with files|with material) from"
    r"|(?:reported|quoted|published|carried) (?:by|in)|citing|quoting|according to|told"
    r"|(?:RP|RT|MT|via|h/t|repost(?:ed)?|shared)(?: by| from)?)[: ]{1,3}(?:the |a |our )?"
)
_REPOST = r"\b(?:RP|RT|MT|repost(?:ed)?|via|shared|quot\w+)\b[^\n]{0,8}"
_BEFORE, _AFTER = 60, 40


def reposted(
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


def quoted(
    documents: Sequence[SourceDocument],
    shared: Sequence[SharedPassage],
    assertions: Sequence[Assertion],
    speakers: Speakers,
) -> list[tuple[set[str], str]]:
    """Return groups in which one has the publisher of another say, in a passage that both have, what that
    one says itself.
    """
    own = {one.document_id: speakers.name_of(one.document_id, "") for one in documents}
    held = {one.document_id: one for one in documents}
    found: dict[str, list[set[str]]] = {}
    for each in shared:
        for mine, its in ((each.a, each.b), (each.b, each.a)):
            named = own[its.document_id]
            told = {one.speaker for one in assertions if one.speaker and lies_in(one.passage, mine)}
            names = {speakers.name_of(mine.document_id, one) for one in told}
            himself = {one.speaker for one in assertions if lies_in(one.passage, its)} <= {""}
            if (
                held[its.document_id].publisher
                and himself
                and named != own[mine.document_id]
                and named in names
            ):
                found.setdefault(named, []).append({mine.document_id, its.document_id})
    return [(group, named) for named, pairs in found.items() for group in joined_groups(pairs)]


def cited(
    documents: Sequence[SourceDocument],
    assertions: Sequence[Assertion],
    speakers: Speakers,
) -> list[tuple[set[str], str]]:
    """Return for each publisher the documents that have him say what his own document says itself."""
    found: dict[str, list[set[str]]] = {}
    for source, other in permutations(documents, 2):
        named = speakers.name_of(source.document_id, "")
        if source.publisher and named != speakers.name_of(other.document_id, ""):
            told = [one for one in assertions if one.passage.document_id == other.document_id and one.speaker]
            told = [one for one in told if speakers.side_of(speakers.of(one)) == speakers.side_of(named)]
            himself = [
                one
                for one in assertions
                if one.passage.document_id == source.document_id and speakers.of(one) == named
            ]
            days = other.published, source.published
            alike = [one.slot for one in told if any(_agree(one, two, days) for two in himself)]
            if len(set(alike)) >= LEAST_CITED and len(alike) >= LEAST_SHARE_CITED * len(told):
                found.setdefault(named, []).append({source.document_id, other.document_id})
    return [(group, named) for named, pairs in found.items() for group in joined_groups(pairs)]


def _agree(one: Assertion, two: Assertion, days: tuple[str, str]) -> bool:
    if one.slot is not two.slot:
        return False
    return relation_of(one.slot, (one.value, one.act), (two.value, two.act), days) is Relation.AGREE


def lies_in(passage: Passage, span: Passage) -> bool:
    return passage.document_id == span.document_id and span.start <= passage.start < span.end


def joined_groups(groups: Iterable[set[str]]) -> list[set[str]]:
    joined: list[set[str]] = []
    for group in groups:
        near = [one for one in joined if one & group]
        joined = [one for one in joined if not one & group] + [group.union(*near)]
    return joined
