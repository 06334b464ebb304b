"""The record: log entries, and what others say."""

from __future__ import annotations

import enum

import msgspec


class EntryRole(enum.StrEnum):
    """An *input* came from outside and is fed again on replay; an *output* is what we made of it and must
    come out the same.
    """

    INPUT = "input"
    OUTPUT = "output"


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. `payload` is canonical JSON, cut as `segments` says; `digest` (32 bytes) covers
    everything else. `skykeep.evidence.entry` gives every byte of both.
    """

    sequence: int
    time_utc_ns: int
    role: EntryRole
    kind: str
    digest: bytes
    segments: bytes
    payload: bytes


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of the night: kept whole, with who, where and when. Never a verdict on its truth."""

    statement_id: str
    speaker: str
    source: str
    published_utc_ns: int
    text: str
    sha256: str
