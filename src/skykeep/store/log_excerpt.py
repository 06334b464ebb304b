"""Takes an excerpt of a log, with proofs, for a dossier to carry."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from skykeep.base.errors import InputError, IntegrityError
from skykeep.evidence.checkpoint import body_of_note, read_checkpoint_body
from skykeep.evidence.excerpt import evidence_excerpt
from skykeep.evidence.key_change import KIND
from skykeep.store.keys_file import read_keys
from skykeep.store.log_reader import LogReader


def excerpt_of_log(log: Path, sequences: Iterable[int], *, personal: bool, payloads: bool = True) -> bytes:
    """Return `evidence.json` for the entries cited, proven under the log's last checkpoint. Changes of key
    are cited in any case. Without `personal` the personal parts are withheld, without `payloads` all.

    InputError where an entry that is cited does not stand before that checkpoint.
    """
    reader = LogReader(log)
    try:
        note = reader.last_note()
        size = read_checkpoint_body(body_of_note(note)).entries
        wanted = sorted({*sequences, *(entry.sequence for entry in reader.entries(1, size, kind=KIND))})
        found = []
        for sequence in wanted:
            if not 1 <= sequence <= size:
                raise InputError("sequence", str(sequence), f"1 to {size}, which the checkpoint counts")
            entry = next(reader.entries(sequence, sequence), None)
            if entry is None:
                raise IntegrityError(f"{log}: entry {sequence} is missing", sequence)
            found.append((entry, reader.inclusion_proof(sequence, size)))
        keys = [key.text for key in read_keys(log.parent)]
        return evidence_excerpt(note, found, keys, personal=personal, payloads=payloads)
    finally:
        reader.close()
