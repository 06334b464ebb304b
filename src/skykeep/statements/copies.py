"""What documents have from one another: passages shared word for word, and passages reworded.

Shared words are looked for first; a sentence that they leave over is then compared by meaning. A fragment of
a sentence that turns out to be reworded as a whole is no passage of its own, unless it is quoted as such.
What a head line says of publisher and time is nobody's statement and is left out of the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.statement import CopyKind, Passage, SharedPassage, SourceDocument
from skykeep.statements import copy_verbatim as verbatim
from skykeep.statements.copy_alignment import aligned
from skykeep.statements.copy_quoted import lifted, quoted_spans
from skykeep.statements.copy_reworded import Likeness, Pair, Rarity, likeness, reworded_pairs, weights_of
from skykeep.statements.copy_words import Sentence, Word, sentences_of, without_heading, words_of
from skykeep.statements.folding import fold

# Of a longer text the words beyond are not searched.
MOST_DOCUMENTS, MOST_WORDS = 200, 40_000
_COVERED, _FRAGMENT_OF, _LONE_FRAGMENT_WORDS, _LONE_MEANINGS = 0.5, 0.75, 6, 2
# Words `first` to `last` (not with it) of one text and likewise of the other.
_Ends = tuple[int, int, int, int]
_CUT_GAIN, _CUT_KEEPS, _CUT_AT_MOST = 0.04, 0.85, 6
_LARGEST_CLAUSES = 5
_AFTER_WORDS = "that said says saying told adds added"
_FROM_WORDS = """while and but who which with after before because when where if unless although though until
near within outside inside by from for as"""
_CLAUSE_AFTER, _CLAUSE_FROM = frozenset(_AFTER_WORDS.split()), frozenset(_FROM_WORDS.split())
_DATELINE = re.compile(r"(?m)^[A-Z][A-Z' -]+(?:, [^\n()]{0,40})?(?: ?\([^)\n]{2,30}\))? ?- ")
_CLAUSE_MARK = re.compile(r"[\",;:()\n.!?]|- ")


class CopiedText(msgspec.Struct, frozen=True):
    """A document prepared for comparison: its marks folded, its words and sentences; `told` are those without
    its heading.
    """

    document_id: str
    folded: str
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    told: tuple[Sentence, ...]


def prepare(document: SourceDocument) -> CopiedText:
    """Return a document's words as they are compared; those of its head line have no meaning."""
    head = document.published_words or (0, 0)
    first_line = len(document.text) - len(document.text.lstrip())
    end = document.text.find("\n", first_line)
    publisher = document.publisher.casefold()
    if publisher and publisher.split()[0] in document.text[first_line:end].casefold():
        head = (min(head[0], first_line), max(head[1], end)) if head[0] < 200 else head
    heads = [head, *(found.span() for found in _DATELINE.finditer(fold(document.text)))]
    words = tuple(
        word._replace(meaning="") if any(one[0] <= word.start < one[1] for one in heads) else word
        for word in words_of(document.text)[:MOST_WORDS]
    )
    sentences = sentences_of(document.text, words)
    folded = fold(document.text)
    told = without_heading(folded, words, sentences)
    return CopiedText(document.document_id, folded, words, sentences, told)


def find_copies(documents: Sequence[SourceDocument]) -> tuple[SharedPassage, ...]:
    """Return every passage that two of the documents share, pair by pair, in order of the first of each;
    InputError when there are more documents than can be compared at once.
    """
    if len(documents) > MOST_DOCUMENTS:
        raise InputError("documents", f"{len(documents)} of them", f"at most {MOST_DOCUMENTS} at once")
    texts = [prepare(one) for one in documents]
    rarity = Rarity([text.words[one.first : one.last] for text in texts for one in text.sentences])
    return tuple(shared for a, b in combinations(texts, 2) for shared in _between(a, b, rarity))


def shared_share(
    documents: Sequence[SourceDocument], shared: Sequence[SharedPassage], kind: CopyKind
) -> tuple[tuple[str, str, float, float], ...]:
    """Return for each two documents which part of the words of each stands in passages of that kind; words
    that are in a verbatim passage as well count for that kind alone.
    """
    words = {one.document_id: words_of(one.text) for one in documents}
    shares = []
    for one, other in combinations(documents, 2):
        a, b = one.document_id, other.document_id
        mine = [each for each in shared if (each.a.document_id, each.b.document_id) == (a, b)]
        parts = []
        for document_id, side in ((a, "a"), (b, "b")):
            spans = [getattr(each, side) for each in mine if each.kind is kind]
            taken = [getattr(each, side) for each in mine if each.kind is CopyKind.VERBATIM]
            counted = sum(
                _stands_in(word, spans) and (kind is CopyKind.VERBATIM or not _stands_in(word, taken))
                for word in words[document_id]
            )
            parts.append(counted / max(1, len(words[document_id])))
        if any(parts):
            shares.append((a, b, parts[0], parts[1]))
    return tuple(shares)


def _stands_in(word: Word, spans: Sequence[Passage]) -> bool:
    return any(span.start <= word.start < span.end for span in spans)


def _between(a: CopiedText, b: CopiedText, rarity: Rarity) -> list[SharedPassage]:
    same = verbatim.verbatim_passages(a.words, b.words, a.sentences, b.sentences)
    same = [one for one in same if any(word.meaning for word in a.words[one.a_first : one.a_last])]
    whole = [one for one in same if not _is_fragment(one, a, b)]
    a_left = _left_over(a.told, [(one.a_first, one.a_last) for one in whole])
    b_left = _left_over(b.told, [(one.b_first, one.b_last) for one in whole])
    pairs = [_trimmed(one, a, b, rarity) for one in reworded_pairs(a.words, b.words, a_left, b_left, rarity)]
    taken = [(one.a_first, one.a_last, one.b_first, one.b_last) for one in whole]
    taken += [(one.a_first, one.a_last, one.b_first, one.b_last) for one in pairs]
    pairs += _clause_pairs(a, b, taken, rarity)
    quoted = quoted_spans(a.folded, a.words), quoted_spans(b.folded, b.words)
    quotes = lifted(a.words, b.words, quoted, verbatim.common_runs(a.words, b.words))
    pairs = [one for one in pairs if not any(_adds_nothing(one, each, a, b) for each in quotes)]
    alike = [one for one in pairs if _reads_alike(one, a, b)]
    pairs = [one for one in pairs if one not in alike]
    whole += [_as_run(one) for one in alike]
    for one in same:
        inside = [pair for pair in pairs if _holds(pair, one)]
        passage = a.words[one.a_first : one.a_last]
        said = len({word.meaning for word in passage if not word.is_capital} - {""})
        tells = _words_shared(one) >= _LONE_FRAGMENT_WORDS and said >= _LONE_MEANINGS
        if one not in whole and not inside and tells:
            whole.append(one)
    held = [Pair(one.a_first, one.a_last, one.b_first, one.b_last, 1.0) for one in whole] + pairs
    whole += [one for one in quotes if not any(_holds(pair, one) for pair in held)]
    found = [_verbatim(one, a, b) for one in whole] + [_reworded(one, a, b) for one in pairs]
    return sorted(found, key=lambda one: (one.a.start, one.b.start))


def _adds_nothing(pair: Pair, quote: verbatim.Passage, a: CopiedText, b: CopiedText) -> bool:
    """Tell whether a pair of stretches shares no more than the quotation inside it."""
    if not _holds(pair, quote):
        return False
    mine, its = (
        {word.meaning for word in text.words[first:last] if word.meaning}
        for text, first, last in ((a, pair.a_first, pair.a_last), (b, pair.b_first, pair.b_last))
    )
    return mine & its <= {word.meaning for word in a.words[quote.a_first : quote.a_last]}


def _clause_pairs(a: CopiedText, b: CopiedText, taken: list[_Ends], rarity: Rarity) -> list[Pair]:
    """Return clauses that stand for one another, of what the passages found so far leave over."""
    a_left = _clauses(a, [(one[0], one[1]) for one in taken])
    b_left = _clauses(b, [(one[2], one[3]) for one in taken])
    starts = _paragraph_starts(a), _paragraph_starts(b)
    return reworded_pairs(a.words, b.words, a_left, b_left, rarity, taken, _LARGEST_CLAUSES, starts)


def _paragraph_starts(text: CopiedText) -> frozenset[int]:
    gaps = ((at, text.folded[one.end : two.start]) for at, (one, two) in enumerate(pairwise(text.words), 1))
    return frozenset(at for at, gap in gaps if "\n" in gap)


def _clauses(text: CopiedText, taken: list[tuple[int, int]]) -> list[Sentence]:
    found = []
    for first, last in text.told:
        ends = [first, *(at for at, _ in clause_starts(text, first, last)), last]
        clauses = [Sentence(begin, end) for begin, end in pairwise(ends)]
        found += [one for one in clauses if not any(x < one.last and one.first < y for x, y in taken)]
    return found


def _is_fragment(one: verbatim.Passage, a: CopiedText, b: CopiedText) -> bool:
    """Tell whether the passage is a smaller part of one sentence on both sides, and quoted on neither."""
    for text, first, last in ((a, one.a_first, one.a_last), (b, one.b_first, one.b_last)):
        before = text.folded[: text.words[first].start].rstrip(" ")
        after = text.folded[text.words[last - 1].end :].lstrip(" ,.!?")
        if before.endswith('"') and after.startswith('"'):
            return False
        held = [each for each in text.sentences if each.first < last and first < each.last]
        if len(held) > 1 or last - first >= _FRAGMENT_OF * sum(each.last - each.first for each in held):
            return False
    return True


def _words_shared(one: verbatim.Passage) -> int:
    return sum(run.length for run in one.runs)


def _left_over(sentences: tuple[Sentence, ...], taken: list[tuple[int, int]]) -> list[Sentence]:
    """Return the sentences that are mostly free, without a beginning or an end that is taken."""
    found = []
    for one in sentences:
        first, last = one
        for begin, end in taken:
            first = end if begin <= first < end else first
            last = begin if begin < last <= end else last
        inside = sum(max(0, min(last, end) - max(first, begin)) for begin, end in taken)
        if last - first > inside and inside + one.last - one.first - last + first < _COVERED * (
            one.last - one.first
        ):
            found.append(Sentence(first, last))
    return found


def _holds(pair: Pair, one: verbatim.Passage) -> bool:
    return (pair.a_first <= one.a_first and one.a_last <= pair.a_last) or (
        pair.b_first <= one.b_first and one.b_last <= pair.b_last
    )


def _as_run(pair: Pair) -> verbatim.Passage:
    run = verbatim.Run(pair.a_first, pair.b_first, pair.a_last - pair.a_first)
    return verbatim.Passage(*pair[:4], (run,))


def _reads_alike(pair: Pair, a: CopiedText, b: CopiedText) -> bool:
    mine, its = a.words[pair.a_first : pair.a_last], b.words[pair.b_first : pair.b_last]
    return [word.folded for word in mine] == [word.folded for word in its]


def _verbatim(one: verbatim.Passage, a: CopiedText, b: CopiedText) -> SharedPassage:
    pairs: list[tuple[int, int]] = []
    at_a, at_b = one.a_first, one.b_first
    for run in (*one.runs, verbatim.Run(one.a_last, one.b_last, 0)):
        gap = aligned(a.words[at_a : run.a], b.words[at_b : run.b])
        pairs += [(at_a + i, at_b + j) for i, j in gap]
        pairs += [(run.a + step, run.b + step) for step in range(run.length)]
        at_a, at_b = run.a + run.length, run.b + run.length
    return SharedPassage(
        a=_passage(a, one.a_first, one.a_last),
        b=_passage(b, one.b_first, one.b_last),
        kind=CopyKind.VERBATIM,
        similarity=round(one.share, 3),
        aligned=_offsets(pairs, a, b),
    )


def _reworded(pair: Pair, a: CopiedText, b: CopiedText) -> SharedPassage:
    found = aligned(a.words[pair.a_first : pair.a_last], b.words[pair.b_first : pair.b_last])
    return SharedPassage(
        a=_passage(a, pair.a_first, pair.a_last),
        b=_passage(b, pair.b_first, pair.b_last),
        kind=CopyKind.REWORDED,
        similarity=round(min(1.0, pair.value), 3),
        aligned=_offsets([(pair.a_first + i, pair.b_first + j) for i, j in found], a, b),
    )


def _trimmed(pair: Pair, a: CopiedText, b: CopiedText, rarity: Rarity) -> Pair:
    """Return the pair without leading or trailing clauses that have no like on the other side."""

    def like(ends: _Ends) -> Likeness:
        mine, its = a.words[ends[0] : ends[1]], b.words[ends[2] : ends[3]]
        return likeness(mine, its, weights_of(mine, rarity), weights_of(its, rarity))

    whole = best = (pair.a_first, pair.a_last, pair.b_first, pair.b_last)
    value, shared = like(best)
    going = True
    while going:
        going = False
        for cut, is_quoted in _cuts(a, b, best):
            lost = max(_lost(a, whole[:2], cut[:2]), _lost(b, whole[2:], cut[2:]))
            found = like(cut)
            gained = found.value > value + (0.0 if is_quoted else _CUT_GAIN)
            if gained and lost <= _CUT_AT_MOST and found.shared >= _CUT_KEEPS * shared:
                best, value, going = cut, found.value, True
    return Pair(*best, value)


def _cuts(a: CopiedText, b: CopiedText, ends: _Ends) -> list[tuple[_Ends, bool]]:
    """Return what is left when a first or last clause goes, and whether it goes at a quotation mark."""
    a_first, a_last, b_first, b_last = ends
    cuts: list[tuple[_Ends, bool]] = []
    for at, is_quoted in clause_starts(a, a_first, a_last):
        cuts += [((at, a_last, b_first, b_last), is_quoted), ((a_first, at, b_first, b_last), is_quoted)]
    for at, is_quoted in clause_starts(b, b_first, b_last):
        cuts += [((a_first, a_last, at, b_last), is_quoted), ((a_first, a_last, b_first, at), is_quoted)]
    return cuts


def _lost(text: CopiedText, whole: tuple[int, int], kept: tuple[int, int]) -> int:
    """Return how many words with a meaning a cut leaves out: who says it is short, what he says is not."""
    out = (*text.words[whole[0] : kept[0]], *text.words[kept[1] : whole[1]])
    return sum(bool(word.meaning) for word in out)


def clause_starts(text: CopiedText, first: int, last: int) -> list[tuple[int, bool]]:
    """Return the words of a stretch that begin a clause: after a mark (with whether it is a quotation mark),
    or at a word that joins.
    """
    words, found = text.words, []
    for at in range(first + 1, last):
        gap = text.folded[words[at - 1].end : words[at].start]
        if (
            _CLAUSE_MARK.search(gap)
            or words[at - 1].folded in _CLAUSE_AFTER
            or words[at].folded in _CLAUSE_FROM
        ):
            found.append((at, '"' in gap))
    return found


def _passage(text: CopiedText, first: int, last: int) -> Passage:
    return Passage(document_id=text.document_id, start=text.words[first].start, end=text.words[last - 1].end)


def _offsets(
    pairs: list[tuple[int, int]], a: CopiedText, b: CopiedText
) -> tuple[tuple[int, int, int, int], ...]:
    """Return pairs of words as offsets, words that follow one another on both sides as one."""
    found: list[tuple[int, int, int, int]] = []
    previous = (-2, -2)
    for i, j in pairs:
        one, other = a.words[i], b.words[j]
        alike = one.folded == other.folded
        if found and previous == (i - 1, j - 1) and alike and _alike_before(a, b, i, j):
            found[-1] = (found[-1][0], one.end, found[-1][2], other.end)
        else:
            found.append((one.start, one.end, other.start, other.end))
        previous = (i, j)
    return tuple(found)


def _alike_before(a: CopiedText, b: CopiedText, i: int, j: int) -> bool:
    return a.words[i - 1].folded == b.words[j - 1].folded
