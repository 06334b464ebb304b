"""A checkpoint: how long a log was and where its chain stood, small enough to leave the house.

A chain cannot show that its end was cut off. A checkpoint can, if it is out of reach of whoever cuts: one
that stays beside the log catches an accident or a careless hand, and only one that was published or handed
to a stranger catches an owner who rewrites log and checkpoint together. The text to be signed and published
is fixed here already, so that a signature can be added without changing what it stands under.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from skykeep.evidence.chain import GENESIS_DIGEST, Fault


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The log held `entries` entries, the last with `last_digest`; `sealed` when it was closed in good
    order. An empty log ends in `GENESIS_DIGEST`.
    """

    entries: int
    last_digest: str
    sealed: bool


EMPTY = Checkpoint(entries=0, last_digest=GENESIS_DIGEST, sealed=False)


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Return the four lines that are signed, published or read out over a telephone."""
    state = "sealed" if checkpoint.sealed else "open"
    return f"skykeep checkpoint 1\n{checkpoint.entries}\n{checkpoint.last_digest}\n{state}\n"


def checkpoint_faults(
    checkpoints: Iterable[Checkpoint], digests: dict[int, str], entries: int
) -> list[Fault]:
    """Set checkpoints against a log of `entries` entries; `digests` holds those of the entries they name."""
    faults = []
    for checkpoint in checkpoints:
        if checkpoint.entries > entries:
            first, last = entries + 1, checkpoint.entries
            missing = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            sentence = f"{missing} missing: a checkpoint counted {last} entries, the log holds {entries}."
            faults.append(Fault(sequence=first, field="sequence", sentence=sentence))
            continue
        digest = digests.get(checkpoint.entries) if checkpoint.entries else GENESIS_DIGEST
        if digest is not None and digest != checkpoint.last_digest:
            sentence = f"entry {checkpoint.entries}: its digest is not the one that a checkpoint holds."
            faults.append(Fault(sequence=max(checkpoint.entries, 1), field="digest", sentence=sentence))
    return faults
