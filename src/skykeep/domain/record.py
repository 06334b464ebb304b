"""The record: log entries, and what is written of the log itself."""

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


class Redaction(msgspec.Struct, frozen=True, kw_only=True):
    """Parts of the payload of the entry `sequence` were taken out of the log: which segments, and the fields
    they held (`paths`, "" for the whole payload).

    `rule` is the rule of retention that asked for it, "" when a person did of their own accord.
    """

    sequence: int
    segments: tuple[int, ...]
    paths: tuple[str, ...]
    by: str
    because: str
    rule: str
    time_utc_ns: int


class Software(msgspec.Struct, frozen=True, kw_only=True):
    """On what the watch ran from here on: it comes in, so that a replay elsewhere is no other for it.

    `packages` holds (name, version) of those that decide numbers; `source_sha256` is of Skykeep's own code
    and tables; `configuration` holds (file name, hex SHA-256) of what it was configured by.
    """

    time_utc_ns: int
    skykeep: str
    python: str
    machine: str
    packages: tuple[tuple[str, str], ...]
    source_sha256: str
    configuration: tuple[tuple[str, str], ...] = ()


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A file beside the log that said what the log forgot: its SHA-256 (hex) before and after, "" where it
    was removed.
    """

    name: str
    sha256_before: str
    sha256_after: str


class PapersRemade(msgspec.Struct, frozen=True, kw_only=True):
    """Files beside the log were made again from what is left of it, or removed: which, by whom and why."""

    papers: tuple[Paper, ...]
    by: str
    because: str
    time_utc_ns: int


class KeyChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The key that signs the log is another from here on. `note` is the signed statement that says so, whole
    (`skykeep.evidence.key_change`).
    """

    note: str
    time_utc_ns: int
