"""What can still be read of an entry of which parts were taken out, and how a dossier lists what is gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from skykeep.domain.record import LogEntry
from skykeep.evidence.case import Withheld
from skykeep.evidence.entry import FILLER, gone_segments, is_redacted, segments_in, shown_payload
from skykeep.evidence.personal import personal_spans

REDACTED: Final = "redacted"
NOBODY: Final = "none: it is gone"

# Where what is personal is no text: what stands for it, of the type that a reader of the entry expects.
_STANDS_FOR: dict[str, bytes] = {
    "operator_position_enu_m": b"null",
    # A place that is no place: whoever reads the entry says that it is not known.
    "position_enu_m": b"[0,0,0]",
    "pilot_position": b"null",
    "claims": b"[]",
    "grounds": b"[" + FILLER + b"]",
    "notes": b"[" + FILLER + b"]",
    "pilots": b"[]",
    "operator_ids": b"[]",
    "serials": b"[]",
    "data": b'""',
}
# In which list of a case what an entry holds is told; what is not here is a person's decision.
_LISTS: dict[str, str] = {
    "scan": "sensors",
    "claim": "stories[].claims",
    "registry_answer": "stories[].claims",
    "identification": "stories[].claims",
    "verdict": "stories[].verdicts",
    "threat": "stories",
    "group": "stories",
    "track": "stories",
    "picture": "stories",
    "report": "reports",
    "alert": "alerts",
    "alarm_rate": "alerts",
    "task": "tasks",
    "proposal": "proposals",
    "effect_order": "outcomes",
    "effect_outcome": "outcomes",
    "standing_order": "track_orders",
    "airspace_change": "permits_used",
    "notice_settled": "log",
    "source_event": "log",
    "sensor_status": "sensors",
    "posture": "known",
    "occupancy": "known",
    "rejection": "decisions",
    "tick": "log",
    "site": "site",
}
# In which list of a story what is said of its tracks is told.
_OF_A_TRACK = {"identification": "claims", "verdict": "verdicts"}


def readable_payload(entry: LogEntry) -> bytes | None:
    """Return the payload with something of the same type in place of each personal part that was taken out,
    `[redacted]` where it is a text; None where more than personal parts is gone.
    """
    if not is_redacted(entry):
        return entry.payload
    gone = gone_segments(entry)
    # Public and personal segments take turns, and the first is public.
    if any(number % 2 == 0 for number in gone):
        return None
    spans = personal_spans(entry.kind, shown_payload(entry))
    pieces: list[bytes] = []
    for number, segment in enumerate(segments_in(entry)):
        if segment.data is not None:
            pieces.append(segment.data)
        elif number // 2 < len(spans):
            pieces.append(_STANDS_FOR.get(_field(spans[number // 2].path), FILLER))
        else:
            return None
    return b"".join(pieces)


def gone_from_log(entries: Iterable[LogEntry]) -> tuple[Withheld, ...]:
    """Return what was taken out of a log, as the fields of its case in which it would be told."""
    counted: Counter[str] = Counter()
    for entry in entries:
        if not is_redacted(entry):
            continue
        told_in = _LISTS.get(entry.kind, "decisions")
        if readable_payload(entry) is None:
            counted[told_in] += 1
            continue
        each = "" if told_in == "site" else "[]"
        for path in _gone_paths(entry):
            counted[f"{told_in}{each}.{_general(path)}"] += 1
    return tuple(
        Withheld(path=path, why=REDACTED, from_level=NOBODY, count=count)
        for path, count in sorted(counted.items())
    )


def redacted_of_tracks(
    entries: Iterable[LogEntry], groups: Sequence[Sequence[int]]
) -> tuple[tuple[str, ...], ...]:
    """Return for each group of track numbers which lists of a story about them lack something that was taken
    out of the log: `claims`, `verdicts`. Of an entry that was redacted whole nobody can tell whose it was: it
    counts for all.
    """
    of_any: set[str] = set()
    of_track: dict[int, set[str]] = {}
    for entry in entries:
        told_in = _OF_A_TRACK.get(entry.kind)
        if told_in is None or not is_redacted(entry):
            continue
        payload = readable_payload(entry)
        if payload is None:
            of_any.add(told_in)
        # A verdict without a sentence is told; without its claims an identification tells of none.
        elif told_in in _gone_paths(entry):
            track_id = int(msgspec.json.decode(payload)["track_id"])
            of_track.setdefault(track_id, set()).add(told_in)
    return tuple(
        tuple(sorted(of_any.union(*(of_track.get(track_id, ()) for track_id in group)))) for group in groups
    )


def _gone_paths(entry: LogEntry) -> list[str]:
    """Return the personal parts that were taken out of an entry of which no more is gone."""
    spans = personal_spans(entry.kind, shown_payload(entry))
    return [spans[number // 2].path for number in gone_segments(entry)]


def _field(path: str) -> str:
    return _general(path).rpartition(".")[2].removesuffix("[]")


def _general(path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", path)
