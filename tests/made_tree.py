"""A small tree of a log that is all in memory, its key, a witness's key, and signed checkpoints of it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from skykeep.evidence.merkle import Frontier, consistency_proof, kept_frontier, leaf_hash
from skykeep.evidence.signed_note import COSIGNATURE, SigningKey
from skykeep.evidence.witnessing import AddCheckpoint, encode_request

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "authorities/signed_notes.json").read_text(encoding="utf-8")
)["witness"]
WITNESS = SigningKey("witness.example/w1", bytes.fromhex(PUBLISHED["witness_seed_hex"]))
COSIGNER = WITNESS.verifier.as_kind(COSIGNATURE)
LOG = SigningKey("watch.example/harbour", bytes(range(32)))
OTHER = SigningKey("watch.example/harbour", bytes(32))
ORIGIN = "watch.example/harbour/night-7"


class Leaves:
    """A small tree, whole in memory; `forked_at` changes one leaf."""

    def __init__(self, size: int, forked_at: int | None = None) -> None:
        self.leaves = [leaf_hash(b"%d%s" % (k, b"!" if k == forked_at else b"")) for k in range(size)]

    def hashes(self, level: int, begin: int, end: int) -> list[bytes]:
        found = []
        for number in range(begin, end):
            part = Frontier()
            for leaf in self.leaves[number * 16**level : (number + 1) * 16**level]:
                part.append(leaf)
            found.append(part.root())
        return found

    def note(self, size: int, key: SigningKey = LOG, origin: str = ORIGIN) -> bytes:
        root = base64.b64encode(kept_frontier(self, size).root()).decode()
        return key.sign(f"{origin}\n{size}\n{root}\n".encode())

    def prove(self, old: int, new: int) -> tuple[bytes, ...]:
        return tuple(consistency_proof(self, old, new))

    def request(self, old: int, new: int, **how: Any) -> bytes:
        asked = AddCheckpoint(old_size=old, proof=self.prove(old, new), note=self.note(new, **how))
        return encode_request(asked)
