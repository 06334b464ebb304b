"""Which voices of one row have one origin: what one knows only through another is no second source.

One origin have: one side; one statement in several wordings, and on every slot those whose words are mostly
one statement (an outlet that carries an office's); who agrees with one through whom alone he is
heard; a document's own voice that says what it has somebody say; own voices of documents of one lineage, and
whoever that lineage has its words from. Who says that he saw or heard it himself stays a source of his own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import permutations

from skykeep.domain.statement import Assertion, Lineage, LineageGround, Relation, SpeechAct, Voice
from skykeep.statements.speakers import Speakers
from skykeep.statements.wordings import SentenceGroups

# On so many slots, in so many sentences, and with so much of what the one says, two speakers' words are one
# statement: a single sentence in like words may be of two people who saw one thing.
LEAST_SLOTS, LEAST_SENTENCES, LEAST_SHARE = 2, 2, 0.5
# Who cites somebody, or heard him as another did, may have seen for himself what he says on his own.
_OF_THEIR_OWN = (LineageGround.CITED, LineageGround.SAME_SPEAKER)
_HIMSELF = frozenset((SpeechAct.REPORTS_SEEING, SpeechAct.REPORTS_HEARING, SpeechAct.POSTS_FOOTAGE))


class OneMouth:
    """Speakers whose words are one statement on several slots: what the one says is what the other says."""

    def __init__(
        self,
        told: Iterable[tuple[Sequence[Sequence[Assertion]], Iterable[Sequence[int]]]],
        speakers: Speakers,
        sentences: SentenceGroups,
    ) -> None:
        slots: Counter[tuple[str, str]] = Counter()
        common: dict[tuple[str, str], set[tuple[str, int]]] = {}
        spoken: dict[str, set[tuple[str, int]]] = {}
        for voices, families in told:
            for voice in voices:
                held = spoken.setdefault(_side(voice[0], speakers), set())
                held |= {sentences.sentence_of(one.passage) for one in voice}
            met: set[tuple[str, str]] = set()
            for family in families:
                for i, j in permutations(family, 2):
                    pair = _side(voices[i][0], speakers), _side(voices[j][0], speakers)
                    # Two documents that speak for themselves may copy one another; that is for lineages.
                    if pair[0] != pair[1] and voices[i][0].speaker and voices[j][0].speaker:
                        met.add(pair)
                        held = common.setdefault(pair, set())
                        held |= {sentences.sentence_of(one.passage) for one in voices[i]}
            slots.update(met)
        self._first: dict[str, str] = {}
        for pair, number in slots.items():
            most = max(LEAST_SENTENCES, LEAST_SHARE * len(spoken[pair[0]]))
            if number >= LEAST_SLOTS and len(common[pair]) >= most:
                old, new = self.of(pair[0]), self.of(pair[1])
                self._first |= {name: new for name in (*self._first, pair[0], old) if self.of(name) == old}

    def of(self, side: str) -> str:
        """Return the one name of all whose words are one with a side's."""
        return self._first.get(side, side)


def most_agreeing(joined: Sequence[set[int]], pairs: Iterable[tuple[int, int, Relation]]) -> int:
    """Return the number of origins of which every two agree, as many as are found; 0 where no two do."""
    beside: dict[int, set[int]] = {at: set() for at in range(len(joined))}
    for link in _across(joined, pairs, Relation.AGREE):
        for one in link:
            beside[one] |= link - {one}
    in_order = sorted(beside, key=lambda at: -len(beside[at]))
    best = 0
    for start in beside:
        held, agreeing = {start}, beside[start]
        for other in in_order:
            if other in agreeing:
                held.add(other)
                agreeing = agreeing & beside[other]
        best = max(best, len(held))
    return best if best > 1 else 0


def contradicting(joined: Sequence[set[int]], pairs: Iterable[tuple[int, int, Relation]]) -> int:
    """Return the number of origins that contradict another one."""
    return len({one for link in _across(joined, pairs, Relation.CONTRADICT) for one in link})


def numbered(joined: Sequence[set[int]]) -> tuple[int, ...]:
    """Return for each voice the number of its origin, from 1 in the order in which they come."""
    in_order = sorted(joined, key=min)
    at = {voice: number for number, origin in enumerate(in_order, start=1) for voice in origin}
    return tuple(at[voice] for voice in sorted(at))


def _across(
    joined: Sequence[set[int]], pairs: Iterable[tuple[int, int, Relation]], relation: Relation
) -> set[frozenset[int]]:
    at = {voice: number for number, origin in enumerate(joined) for voice in origin}
    return {frozenset((at[i], at[j])) for i, j, its in pairs if its is relation and at[i] != at[j]}


def joined_origins(
    voices: Sequence[Sequence[Assertion]],
    families: Iterable[Iterable[int]],
    agreeing: Iterable[tuple[int, int]],
    speakers: Speakers,
    lineages: Sequence[Lineage],
    one_mouth: OneMouth,
) -> list[set[int]]:
    """Return the numbers of voices, those of one origin together; `agreeing` are pairs that agree."""
    of_side: dict[str, set[int]] = {}
    for number, voice in enumerate(voices):
        side = speakers.side_of(_name(voice[0], speakers))
        of_side.setdefault(one_mouth.of(side), set()).add(number)
    told = _told_through(speakers, lineages)
    linked = [
        (i, j)
        for one, two in agreeing
        for i, j in ((one, two), (two, one))
        if any(told(x, y) for x in voices[i] for y in voices[j])
    ]
    joined = _merged([], [*of_side.values(), *map(set, families)])
    attached: set[int] = set()
    for i, j in linked:
        # What a document says itself adds no origin to those it has say so, nor makes them one with another.
        is_own = not voices[j][0].speaker and bool(voices[i][0].speaker)
        if not is_own or j not in attached:
            joined = _merged(joined, [{i, j}])
        attached |= {j} if is_own else set()
    return joined


def _merged(joined: list[set[int]], links: Iterable[set[int]]) -> list[set[int]]:
    for link in links:
        near = [group for group in joined if group & link]
        joined = [group for group in joined if group not in near] + [link.union(*near)]
    return joined


def _told_through(speakers: Speakers, lineages: Sequence[Lineage]) -> Callable[[Assertion, Assertion], bool]:
    def told(one: Assertion, teller: Assertion) -> bool:
        here, there = one.passage.document_id, teller.passage.document_id
        if here == there and teller.speaker:
            return any(speakers.name_of(here, via) == _name(teller, speakers) for via in one.via)
        if teller.speaker or teller.act in _HIMSELF:
            return False
        if here == there:
            return bool(one.speaker)
        common = [
            line
            for line in lineages
            if {here, there} <= set(line.document_ids) and line.ground not in _OF_THEIR_OWN
        ]
        mine = _name(one, speakers)
        return any(not one.speaker or line.origin in (mine, speakers.side_of(mine)) for line in common)

    return told


def _name(one: Assertion, speakers: Speakers) -> str:
    return speakers.name_of(one.passage.document_id, one.speaker)


def _side(one: Assertion, speakers: Speakers) -> str:
    return speakers.side_of(_name(one, speakers))


def row_relation(
    voices: Sequence[Voice], pairs: Sequence[tuple[int, int, Relation]], joined: Sequence[set[int]]
) -> Relation:
    """Return how a row stands: it agrees where two voices of different origins do."""
    if not voices:
        return Relation.SILENT
    relations = {relation for _, _, relation in pairs}
    if Relation.CONTRADICT in relations:
        return Relation.CONTRADICT
    across = any(
        relation is Relation.AGREE and not any({i, j} <= origin for origin in joined)
        for i, j, relation in pairs
    )
    return Relation.AGREE if across else Relation.ONE
