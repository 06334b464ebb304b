"""Entries of a log with their proofs, in one JSON text: what a dossier carries, to be verified alone.

The dossier embeds the bytes of `evidence_excerpt` as `evidence.json`. It calls `excerpt_of_log`
(`skykeep.store.log_excerpt`) with the folder's log and the sequences that it cites, and hands on what it
gets, byte for byte. The stand-alone verifier finds it in the PDF by its first field:

| field | what |
|---|---|
| `format` | `skykeep evidence 1` |
| `checkpoint` | the signed checkpoint, whole, under which the proofs end |
| `keys` | verifier keys beside the log: who may have signed |
| `entries` | each: `sequence`, `time_utc_ns`, `role`, `kind`, `segments`, `proof` |
| `segments` | each with `salt` (hex) and `text`, or `base64` where that is no text; or `digest` (hex) alone |
| `proof` | the hashes of RFC 9162, 2.1.3, in base64 |

A segment that stands with its digest alone is withheld: because it was redacted from the log, or because this
reader is not to see it. The proof holds all the same.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from skykeep.domain.record import LogEntry
from skykeep.evidence.entry import Segment, segments_of

FORMAT = "skykeep evidence 1"
FILE_NAME = "evidence.json"


def evidence_excerpt(
    note: bytes,
    entries: Iterable[tuple[LogEntry, Sequence[bytes]]],
    keys: Iterable[str],
    *,
    personal: bool,
    payloads: bool = True,
) -> bytes:
    """Return the bytes to embed: `note` is the signed checkpoint to which each entry's proof leads, `keys`
    the verifier keys beside the log. Without `personal` the personal parts of entries are withheld, without
    `payloads` all of them: then it shows that the entries are there, of which kind, and when.
    """
    listed = sorted(entries, key=lambda one: one[0].sequence)
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "format": FORMAT,
                "checkpoint": note.decode(),
                "keys": list(keys),
                "entries": [
                    _told(entry, proof, personal=personal, payloads=payloads) for entry, proof in listed
                ],
            }
        ),
        indent=1,
    )


def _told(entry: LogEntry, proof: Sequence[bytes], *, personal: bool, payloads: bool) -> dict[str, Any]:
    segments = segments_of(entry.segments, entry.payload)
    return {
        "sequence": entry.sequence,
        "time_utc_ns": entry.time_utc_ns,
        "role": entry.role.value,
        "kind": entry.kind,
        # Public and personal segments alternate, and the first is public.
        "segments": [
            _segment(one, shown=payloads and (personal or k % 2 == 0)) for k, one in enumerate(segments)
        ],
        "proof": [base64.b64encode(node).decode() for node in proof],
    }


def _segment(segment: Segment, *, shown: bool) -> dict[str, str]:
    if segment.data is None or segment.salt is None or not shown:
        return {"digest": segment.digest.hex()}
    try:
        return {"salt": segment.salt.hex(), "text": segment.data.decode()}
    except UnicodeDecodeError:
        return {"salt": segment.salt.hex(), "base64": base64.b64encode(segment.data).decode()}
