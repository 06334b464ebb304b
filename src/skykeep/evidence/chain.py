"""The chain that makes a log hard to change unseen: each entry's digest covers the digest before it.

The digest of an entry is SHA-256 over seven fields, each preceded by its length in bytes as a big-endian
64-bit number:

| field | bytes |
|---|---|
| domain | `skykeep log entry 1` |
| sequence | decimal digits; the first entry is 1 |
| time_utc_ns | decimal digits, `-` first when before 1970 |
| role | `input` or `output` |
| kind | UTF-8 |
| payload | as it is |
| previous_digest | 64 lower-case hex digits: the digest of the entry before, for the first `GENESIS_DIGEST` |

Lengths stand first so that no byte can wander from one field into the next and leave the digest the same.
A chain shows what was changed, dropped, put in or moved *inside* a log. It cannot show that the end was cut
off, nor that its owner rewrote everything: for that somebody must keep a checkpoint
(`skykeep.evidence.chain_head`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from skykeep.domain.record import EntryRole, LogEntry

_DOMAIN = b"skykeep log entry 1"
GENESIS_DIGEST = hashlib.sha256(b"skykeep log 1").hexdigest()
FIRST_SEQUENCE = 1

_PREFIX = len(_DOMAIN).to_bytes(8, "big") + _DOMAIN
_ROLES = frozenset(role.value for role in EntryRole)
_TYPES: dict[str, tuple[type, str]] = {
    "time_utc_ns": (int, "a whole number"),
    "role": (str, "text"),
    "kind": (str, "text"),
    "payload": (bytes, "bytes"),
    "previous_digest": (str, "text"),
    "digest": (str, "text"),
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that does not agree with the chain: which, in what, and a sentence that says so."""

    sequence: int
    field: str
    sentence: str


class ChainReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a walk along the chain found.

    `last_digest` is that of the last entry as stored. `faults` counts all, `first_bad` is the first of them.
    `clock_went_back` names the entries whose time is before that of the entry before: late data do that
    honestly, so it is noted and is no fault.
    """

    entries: int
    first_bad: Fault | None
    last_sequence: int
    last_digest: str
    faults: int = 0
    clock_went_back: tuple[int, ...] = ()


def entry_digest(
    sequence: int, time_utc_ns: int, role: str, kind: str, payload: bytes, previous_digest: str
) -> str:
    """Return the digest of an entry with these fields, as 64 hex digits."""
    pieces = [_PREFIX]
    for field in (
        b"%d" % sequence,
        b"%d" % time_utc_ns,
        # Damaged text read back from a disk still has bytes, and they must hash to something wrong.
        role.encode("utf-8", "surrogateescape"),
        kind.encode("utf-8", "surrogateescape"),
        payload,
        previous_digest.encode("utf-8", "surrogateescape"),
    ):
        pieces.append(len(field).to_bytes(8, "big"))
        pieces.append(field)
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def seal_entry(
    *, sequence: int, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes, previous_digest: str
) -> LogEntry:
    """Return the entry with its digest."""
    return LogEntry(
        sequence=sequence,
        time_utc_ns=time_utc_ns,
        role=role,
        kind=kind,
        payload=payload,
        previous_digest=previous_digest,
        digest=entry_digest(sequence, time_utc_ns, role.value, kind, payload, previous_digest),
    )


def verify_chain(
    entries: Iterable[LogEntry],
    *,
    first_sequence: int = FIRST_SEQUENCE,
    previous_digest: str = GENESIS_DIGEST,
) -> ChainReport:
    """Walk entries in the order given and report the first that does not fit, and how many do not.

    Nothing about them is taken on trust, not even their types: they may come from a damaged file. After a
    fault the walk goes on from what is stored, so that one changed entry counts once.
    """
    expected, last_digest, count, faults = first_sequence, previous_digest, 0, 0
    last_time_utc_ns: int | None = None
    first_bad: Fault | None = None
    went_back: list[int] = []
    for entry, following in _with_following(entries):
        fault = _fault_in(entry, following, expected, last_digest)
        if fault is not None:
            faults += 1
            first_bad = first_bad or fault
        count += 1
        if _is_whole(entry.sequence) and entry.sequence >= expected:
            expected = entry.sequence + 1
        last_digest = entry.digest
        if _is_whole(entry.time_utc_ns):
            if last_time_utc_ns is not None and entry.time_utc_ns < last_time_utc_ns:
                went_back.append(entry.sequence)
            last_time_utc_ns = entry.time_utc_ns
    return ChainReport(
        entries=count,
        first_bad=first_bad,
        last_sequence=expected - 1,
        last_digest=last_digest,
        faults=faults,
        clock_went_back=tuple(went_back),
    )


def _is_whole(value: object) -> bool:
    return type(value) is int


def _with_following(entries: Iterable[LogEntry]) -> Iterator[tuple[LogEntry, LogEntry | None]]:
    iterator = iter(entries)
    current = next(iterator, None)
    while current is not None:
        following = next(iterator, None)
        yield current, following
        current = following


def _fault_in(entry: LogEntry, following: LogEntry | None, expected: int, last_digest: str) -> Fault | None:
    """Return why `entry` does not follow, or None. `following` helps to say which field was changed."""
    if not _is_whole(entry.sequence):
        sentence = f"entry {expected}: its sequence is not a whole number."
        return Fault(sequence=expected, field="sequence", sentence=sentence)
    if entry.sequence > expected:
        last_missing = entry.sequence - 1
        missing = (
            f"entry {expected} is"
            if last_missing == expected
            else f"entries {expected} to {last_missing} are"
        )
        sentence = f"{missing} missing: the next one found is entry {entry.sequence}."
        return Fault(sequence=expected, field="sequence", sentence=sentence)
    found = (
        ("sequence", f"it stands where entry {expected} must be")
        if entry.sequence < expected
        else _type_fault(entry) or _digest_fault(entry, following, last_digest)
    )
    if found is None:
        return None
    field, says = found
    return Fault(sequence=entry.sequence, field=field, sentence=f"entry {entry.sequence}: {says}.")


def _type_fault(entry: LogEntry) -> tuple[str, str] | None:
    for field, (wanted, says) in _TYPES.items():
        if not isinstance(getattr(entry, field), wanted):
            return field, f"its {field} is not {says}"
    if entry.role not in _ROLES:
        return "role", f"its role is {str(entry.role)!r}, must be one of {', '.join(sorted(_ROLES))}"
    return None


def _digest_fault(entry: LogEntry, following: LogEntry | None, last_digest: str) -> tuple[str, str] | None:
    found = _digest_after(entry, entry.previous_digest)
    if entry.previous_digest != last_digest:
        if _digest_after(entry, last_digest) == entry.digest:
            return "previous_digest", "its previous_digest was changed"
        if found == entry.digest:
            before = (
                f"entry {entry.sequence - 1} before it was replaced"
                if entry.sequence > 1
                else "it is not the first"
            )
            return "previous_digest", f"it does not follow what stands before it: it was put in, or {before}"
        return "content", "neither what it says nor its previous_digest fits its digest"
    if found == entry.digest:
        return None
    if following is not None and following.previous_digest == found:
        return "digest", "its digest was changed"
    return "content", "its time, role, kind, payload or digest was changed after it was written"


def _digest_after(entry: LogEntry, previous_digest: str) -> str:
    return entry_digest(
        entry.sequence, entry.time_utc_ns, entry.role, entry.kind, entry.payload, previous_digest
    )
