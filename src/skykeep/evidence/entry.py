"""Format 2 of the evidence log: what an entry's digest covers, and how a part of it can be taken out later.

**Digest.** An entry's digest is the hash of its leaf in the log's tree (`skykeep.evidence.merkle`): SHA-256
of a zero byte and six fields, each after its length in bytes as a big-endian 64-bit number:

| field | bytes |
|---|---|
| domain | `skykeep log entry 2` |
| sequence | decimal digits; the first entry is 1, and leaf 0 |
| time_utc_ns | decimal digits, `-` first when before 1970 |
| role | `input` or `output` |
| kind | UTF-8 |
| commitment | 32 bytes: SHA-256 over the fields of the next table, again each after its length |

| field of the commitment | bytes |
|---|---|
| domain | `skykeep commitment 1` |
| number of segments | decimal digits, at least 1 |
| the digest of each segment | 32 bytes: SHA-256 of `skykeep segment 1`, its salt (16 bytes), its bytes |

**Segments.** The payload is cut into segments that alternate: public, personal, public, ... (most entries
have one, and the first may be empty). Their bytes one after the other are the payload. A salt is random, so
that nobody can guess from a digest what was taken out. Where they are cut is said by the column `segments`,
one *descriptor* after the other:

| descriptor | bytes |
|---|---|
| of a segment that is there | `00`, its length (4 bytes, big-endian), its salt (16) |
| of one that was taken out | `01`, its digest (32); the payload holds nothing of it |

So taking a segment out changes `segments` and `payload` and nothing else: digest, tree, proofs and
checkpoints stay as they were. That it was taken out, by whom, why and when, is an entry of kind `redacted`
(`skykeep.domain.record.Redaction`), and a log in which a segment is missing without one is not as it was
written.

**Rows.** SQLite, application_id `SkyK`, user_version 2:

| table | columns |
|---|---|
| `entry` | sequence, time_utc_ns, role, kind, digest (32), segments, payload |
| `node` | level, number, hash (32): of the whole subtree `number` of 16**level leaves, counted from 0 |
| `checkpoint` | number, entries, note (text: `skykeep.evidence.checkpoint`); the first is of the empty log |
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from skykeep.base.errors import IntegrityError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.personal import personal_spans

FIRST_SEQUENCE = 1
SALT_BYTES = 16
DIGEST_BYTES = 32
# What a reader sees in the place of a personal part that was taken out.
FILLER = b'"[redacted]"'

Salts = Callable[[int, int], bytes]
"""Return the 16 bytes that salt segment `segment` (from 0) of the entry `sequence`."""

_SEGMENT_DOMAIN = b"skykeep segment 1"
_THERE, _GONE = 0, 1
_THERE_BYTES = 1 + 4 + SALT_BYTES
_GONE_BYTES = 1 + DIGEST_BYTES


def _field(data: bytes) -> bytes:
    return len(data).to_bytes(8, "big") + data


_LEAF_PREFIX = b"\0" + _field(b"skykeep log entry 2")
_COMMITMENT_PREFIX = _field(b"skykeep commitment 1")
_DIGEST_LENGTH = DIGEST_BYTES.to_bytes(8, "big")
_ONE_SEGMENT_PREFIX = _COMMITMENT_PREFIX + _field(b"1") + _DIGEST_LENGTH


class Segment(NamedTuple):
    """One piece of a payload: its bytes and salt, both None once it was taken out, and its digest."""

    data: bytes | None
    salt: bytes | None
    digest: bytes


def segment_digest(salt: bytes, data: bytes) -> bytes:
    """Return the digest of a segment."""
    return hashlib.sha256(_SEGMENT_DOMAIN + salt + data).digest()


def commitment(digests: list[bytes]) -> bytes:
    """Return what the leaf holds in the place of the payload."""
    if len(digests) == 1:
        return hashlib.sha256(_ONE_SEGMENT_PREFIX + digests[0]).digest()
    pieces = [_COMMITMENT_PREFIX, _field(b"%d" % len(digests))]
    for digest in digests:
        pieces += (_DIGEST_LENGTH, digest)
    return hashlib.sha256(b"".join(pieces)).digest()


def entry_digest(sequence: int, time_utc_ns: int, role: str, kind: str, committed: bytes) -> bytes:
    """Return the digest of an entry with these fields and this commitment to its payload, 32 bytes."""
    pieces = [_LEAF_PREFIX]
    for field in (
        b"%d" % sequence,
        b"%d" % time_utc_ns,
        # Damaged text read back from a disk still has bytes, and they must hash to something wrong.
        role.encode("utf-8", "surrogateescape"),
        kind.encode("utf-8", "surrogateescape"),
        committed,
    ):
        pieces.append(len(field).to_bytes(8, "big"))
        pieces.append(field)
    return hashlib.sha256(b"".join(pieces)).digest()


def seal_entry(
    sequence: int, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes, salts: Salts
) -> LogEntry:
    """Return the entry with its payload cut, salted and digested."""
    digests: list[bytes] = []
    descriptors: list[bytes] = []
    for number, data in enumerate(_cut(kind, payload)):
        salt = salts(sequence, number)
        digests.append(segment_digest(salt, data))
        descriptors.append(b"\0" + len(data).to_bytes(4, "big") + salt)
    return LogEntry(
        sequence=sequence,
        time_utc_ns=time_utc_ns,
        role=role,
        kind=kind,
        digest=entry_digest(sequence, time_utc_ns, role.value, kind, commitment(digests)),
        segments=b"".join(descriptors),
        payload=payload,
    )


def _cut(kind: str, payload: bytes) -> list[bytes]:
    spans = personal_spans(kind, payload)
    if not spans:
        return [payload]
    at = 0
    pieces = []
    for span in spans:
        pieces += [payload[at : span.start], payload[span.start : span.end]]
        at = span.end
    if at < len(payload):
        pieces.append(payload[at:])
    return pieces


def segments_of(descriptors: bytes, payload: bytes) -> list[Segment]:
    """Return the segments of an entry; ValueError when its columns `segments` and `payload` do not fit."""
    segments = []
    at = read = 0
    while at < len(descriptors):
        if descriptors[at] == _GONE:
            digest = descriptors[at + 1 : at + _GONE_BYTES]
            if len(digest) != DIGEST_BYTES:
                raise ValueError("a descriptor that is cut off")
            segments.append(Segment(None, None, digest))
            at += _GONE_BYTES
            continue
        length = int.from_bytes(descriptors[at + 1 : at + 5], "big")
        salt, data = descriptors[at + 5 : at + _THERE_BYTES], payload[read : read + length]
        if descriptors[at] != _THERE or len(salt) != SALT_BYTES or len(data) != length:
            raise ValueError("a descriptor that does not fit the payload")
        segments.append(Segment(data, salt, segment_digest(salt, data)))
        read += length
        at += _THERE_BYTES
    if not segments or read != len(payload):
        raise ValueError("descriptors that do not cover the payload")
    return segments


def segments_in(entry: LogEntry) -> list[Segment]:
    """Return the segments of an entry; IntegrityError that names it when its columns do not fit."""
    try:
        return segments_of(entry.segments, entry.payload)
    except (ValueError, TypeError) as error:
        raise IntegrityError(
            f"entry {entry.sequence} is damaged: {error}, must be as it was written", entry.sequence
        ) from error


def digest_of(entry: LogEntry) -> bytes:
    """Return what the digest of an entry must be; ValueError as `segments_of`."""
    committed = commitment([segment.digest for segment in segments_of(entry.segments, entry.payload)])
    return entry_digest(entry.sequence, entry.time_utc_ns, entry.role, entry.kind, committed)


def is_redacted(entry: LogEntry) -> bool:
    """Say whether a part of the entry was taken out. The descriptors are taken on trust."""
    descriptors = entry.segments
    at = 0
    while at < len(descriptors):
        if descriptors[at] == _GONE:
            return True
        at += _THERE_BYTES
    return False


def gone_segments(entry: LogEntry) -> tuple[int, ...]:
    """Return which segments were taken out; IntegrityError as `segments_in`."""
    return tuple(number for number, segment in enumerate(segments_in(entry)) if segment.data is None)


def shown_payload(entry: LogEntry) -> bytes:
    """Return the payload with `FILLER` for what was taken out; IntegrityError as `segments_in`."""
    return b"".join(FILLER if segment.data is None else segment.data for segment in segments_in(entry))


def take_out(entry: LogEntry, numbers: frozenset[int]) -> LogEntry:
    """Return the entry without the segments of these numbers: their bytes and salts are gone.

    ValueError when there is no such segment, IntegrityError as `segments_in`.
    """
    segments = segments_in(entry)
    if not numbers or not numbers <= set(range(len(segments))):
        raise ValueError(f"segments {sorted(numbers)}, must be among 0 to {len(segments) - 1}")
    descriptors: list[bytes] = []
    kept: list[bytes] = []
    for number, segment in enumerate(segments):
        if segment.data is None or segment.salt is None or number in numbers:
            descriptors.append(bytes([_GONE]) + segment.digest)
        else:
            descriptors.append(b"\0" + len(segment.data).to_bytes(4, "big") + segment.salt)
            kept.append(segment.data)
    return msgspec.structs.replace(entry, segments=b"".join(descriptors), payload=b"".join(kept))


def simulated_salts(scenario: str, seed: int) -> Salts:
    """Return the salts of a simulation: the same on every run, so that its log has the same digests too.

    Whoever knows scenario and seed knows them: they hide nothing, and nobody in a simulation is real.
    """
    start = hashlib.sha256(_field(b"skykeep simulated salts 1") + _field(scenario.encode()) + b"%d" % seed)

    def salt(sequence: int, segment: int) -> bytes:
        one = start.copy()
        one.update(b" %d %d" % (sequence, segment))
        return one.digest()[:SALT_BYTES]

    return salt
