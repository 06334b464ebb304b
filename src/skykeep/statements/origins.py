"""Which voices of one row have one origin: what one knows only through another is no second source.

One origin have: one side; one statement in several wordings; who agrees with one through whom alone he is
heard; a document's own voice that says what it has somebody say; own voices of documents of one lineage, and
whoever that lineage has its words from. Who says that he saw or heard it himself stays a source of his own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from skykeep.domain.statement import Assertion, Lineage, LineageGround, SpeechAct
from skykeep.statements.speakers import Speakers

_HIMSELF = frozenset((SpeechAct.REPORTS_SEEING, SpeechAct.REPORTS_HEARING, SpeechAct.POSTS_FOOTAGE))


def joined_origins(
    voices: Sequence[Sequence[Assertion]],
    families: Iterable[Iterable[int]],
    agreeing: Iterable[tuple[int, int]],
    speakers: Speakers,
    lineages: Sequence[Lineage],
) -> list[set[int]]:
    """Return the numbers of voices, those of one origin together; `agreeing` are pairs that agree."""
    of_side: dict[str, set[int]] = {}
    for number, voice in enumerate(voices):
        of_side.setdefault(speakers.side_of(_name(voice[0], speakers)), set()).add(number)
    told = _told_through(speakers, lineages)
    linked = [
        {i, j} for i, j in agreeing if any(told(x, y) or told(y, x) for x in voices[i] for y in voices[j])
    ]
    joined: list[set[int]] = []
    for link in (*of_side.values(), *map(set, families), *linked):
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
        # Who only cites another may have seen for himself what he says on his own.
        common = [
            line
            for line in lineages
            if {here, there} <= set(line.document_ids) and line.ground is not LineageGround.CITED
        ]
        mine = _name(one, speakers)
        return any(not one.speaker or line.origin in (mine, speakers.side_of(mine)) for line in common)

    return told


def _name(one: Assertion, speakers: Speakers) -> str:
    return speakers.name_of(one.passage.document_id, one.speaker)
