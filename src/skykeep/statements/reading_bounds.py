"""How far a text is read for proposals, so that none of any shape stops the others from being compared.

The longest text of the labelled sets has 2,236 characters and the richest gives some tens of proposals. As
measured (`python3 x.py bench statements`), 100,000 characters take 1 to 17 s, as their shape is. Behind these
bounds nothing is proposed, and the reader is told so; the document itself stays whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from skykeep.domain.statement import Assertion, SourceDocument

CHARACTERS_AT_MOST = 100_000
PROPOSALS_AT_MOST = 500
# What proposed it, where the rules did.
PROPOSED_BY = "rules"


def characters_read(text: str) -> int:
    """Return how many characters of a text are read: all, or up to the last space within the bound."""
    if len(text) <= CHARACTERS_AT_MOST:
        return len(text)
    space = max(text.rfind(" ", 0, CHARACTERS_AT_MOST), text.rfind("\n", 0, CHARACTERS_AT_MOST))
    return space if space > 0 else CHARACTERS_AT_MOST


def unread_of(
    documents: Iterable[SourceDocument], assertions: Iterable[Assertion]
) -> tuple[tuple[str, str], ...]:
    """Return for each document, by its id, that the rules did not read to its end how far they did, in words.

    `assertions` are all that was proposed, those that a person refused with them.
    """
    starts: defaultdict[str, list[int]] = defaultdict(list)
    for one in assertions:
        if one.proposed_by.startswith(f"{PROPOSED_BY}:"):
            starts[one.passage.document_id].append(one.passage.start)
    told = ((one.document_id, _unread(one, starts[one.document_id])) for one in documents)
    return tuple((document_id, words) for document_id, words in told if words)


def _unread(document: SourceDocument, starts: Collection[int]) -> str:
    """Return how far a document was read, "" where whole; what is proposed in it begins at `starts`."""
    read, length = characters_read(document.text), len(document.text)
    if len(starts) >= PROPOSALS_AT_MOST:
        return (
            f"read for proposals up to character {max(starts):,} of {length:,}: no more than "
            f"{PROPOSALS_AT_MOST:,} proposals are made for a document"
        )
    if read < length:
        return (
            f"read for proposals up to character {read:,} of {length:,}: no more than "
            f"{CHARACTERS_AT_MOST:,} are read of a document"
        )
    return ""
