"""Which entries of a log a dossier carries with their proofs: what ran, what people said and decided, what
was ordered and came of it, and the first and last word on every alert, task and proposal.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from skykeep.domain.record import EntryRole, LogEntry
from skykeep.engine.inputs import INPUT_KINDS
from skykeep.evidence.redacted_entry import readable_payload

# Too many, or of no decision: they are in the log itself.
_LEFT_OUT = frozenset({"scan", "claim", "tick", "sensor_status", "source_event", "registry_answer"})
_EVERY_OUTPUT = frozenset({"effect_order", "standing_order", "posture", "occupancy", "rejection"})
_FIRST_AND_LAST = {"alert": "alert_id", "task": "task_id", "proposal": "proposal_id"}
_BEGINNING = frozenset({"run", "software", "site"})


def cited(entries: Iterable[LogEntry]) -> list[int]:
    """Return the sequences of the entries to carry, in order."""
    decisive = (frozenset(INPUT_KINDS.values()) - _LEFT_OUT) | _BEGINNING
    found: set[int] = set()
    ends: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        wanted = decisive if entry.role is EntryRole.INPUT else _EVERY_OUTPUT
        if entry.kind in wanted:
            found.add(entry.sequence)
        elif entry.kind in _FIRST_AND_LAST and entry.role is EntryRole.OUTPUT:
            payload = readable_payload(entry)
            if payload is None:
                found.add(entry.sequence)
                continue
            of = str(msgspec.json.decode(payload)[_FIRST_AND_LAST[entry.kind]])
            ends.setdefault((entry.kind, of), [entry.sequence, 0])[1] = entry.sequence
    found |= {sequence for pair in ends.values() for sequence in pair if sequence}
    return sorted(found)
