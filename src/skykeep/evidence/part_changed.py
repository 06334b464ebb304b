"""Which part of an entry was changed, as far as its digest says.

One digest stands for number, time, role, kind and payload together, so that it does not fit says only that
one of them was changed. But whoever changed a part mostly left the digest: then the entry with the part put
back has that digest, and nothing else that anybody can find has it. There are two roles, a handful of kinds,
and few times that an entry can have had (that of the entry before, and those that its payload names): those
are tried. What fits was there, with the certainty of SHA-256. Payload and salt have too many values to try.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.entry import digest_of

_TIME = re.compile(rb'_utc_ns":(-?[0-9]{1,19})[,}]')
_MOST_TIMES = 1_000


def part_changed(entry: LogEntry, kinds: Iterable[str], time_before_utc_ns: int | None) -> tuple[str, str]:
    """Return which field of an entry that does not fit its digest was changed, "content" where nobody can
    tell, and what to say was changed. `kinds` are those that it can have had.
    """
    for field, was in _candidates(entry, kinds, time_before_utc_ns):
        if digest_of(msgspec.structs.replace(entry, **{field: was})) == entry.digest:
            return field, f"its {field}, by its digest {was},"
    return "content", "its time, kind, payload, a salt or its digest"


def _candidates(
    entry: LogEntry, kinds: Iterable[str], time_before_utc_ns: int | None
) -> Iterator[tuple[str, object]]:
    yield from (("role", role) for role in EntryRole if role.value != entry.role)
    yield from (("kind", kind) for kind in sorted(kinds) if kind != entry.kind)
    named = [int(found) for found in _TIME.findall(entry.payload)[:_MOST_TIMES]]
    times_utc_ns = named if time_before_utc_ns is None else [time_before_utc_ns, *named]
    yield from (("time_utc_ns", time_utc_ns) for time_utc_ns in dict.fromkeys(times_utc_ns))
