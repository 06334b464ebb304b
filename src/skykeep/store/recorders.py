"""Recorders for a second run over the same ground: one that goes on, one that only compares.

The same inputs give the same entries. So a night that was broken off is resumed by running it from the start
again: what is in the log already must come out the same, byte for byte, and what is not yet in it is written.
A replay does the same and never writes.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from skykeep.base.errors import IntegrityError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.difference import first_difference
from skykeep.evidence.entry import FIRST_SEQUENCE, is_redacted
from skykeep.store.log_database import LogDatabase


class ResumingRecorder:
    """Compares with what the log holds, then writes on."""

    def __init__(self, log: LogDatabase) -> None:
        self._log = log
        self._old: Iterator[LogEntry] | None = log.entries()
        self.compared = 0

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        """Return the sequence of the equal entry, or write one; IntegrityError at the first difference."""
        if self._old is not None:
            written = next(self._old, None)
            if written is not None:
                check_same(written, time_utc_ns, role, kind, payload)
                self.compared += 1
                return written.sequence
            # Spent: let go of the view on the database, or it could never be closed for good.
            self._old = None
        return self._log.append(time_utc_ns, role, kind, payload)


class ComparisonReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a second run compares with a log: `missing` entries did not come again, `extra` were not there.

    `redacted` came again and could not be compared whole; `stopped` says why nothing after `compared` could
    be made again, "" when everything could.
    """

    compared: int
    missing: int
    extra: int
    redacted: int = 0
    stopped: str = ""

    @property
    def identical(self) -> bool:
        """Whether the second run made the log again, whole and with nothing more."""
        return self.missing == 0 and self.extra == 0 and not self.redacted and not self.stopped

    @property
    def sentence(self) -> str:
        """Say it."""
        if self.stopped:
            return f"{self.compared} entries came out the same, byte for byte. But {self.stopped}"
        if self.redacted and not self.missing and not self.extra:
            same = self.compared - self.redacted
            return (
                f"every decision was made again: {same} of {self.compared} entries came out the same, byte "
                f"for byte, and of {self.redacted} redacted since only time and kind could be compared."
            )
        if self.identical:
            return f"all {self.compared} entries came out the same, byte for byte."
        if self.missing:
            first = self.compared + 1
            return f"{self.missing} entries from {first} on did not come again."
        return f"{self.extra} entries came that the log, which ends at {self.compared}, does not hold."


class ComparingRecorder:
    """Compares with the entries of a log and writes nothing."""

    def __init__(self, entries: Iterator[LogEntry]) -> None:
        self._entries = entries
        self._sequence = FIRST_SEQUENCE - 1
        self._compared = 0
        self._extra = 0
        self._redacted = 0

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        """Return the sequence of the equal entry; IntegrityError at the first difference.

        Past the end of the log numbers go on and are counted as extra.
        """
        written = next(self._entries, None) if self._extra == 0 else None
        if written is None:
            self._extra += 1
            self._sequence += 1
        else:
            if is_redacted(written):
                self._redacted += 1
                check_same(written, time_utc_ns, role, kind, written.payload)
            else:
                check_same(written, time_utc_ns, role, kind, payload)
            self._compared += 1
            self._sequence = written.sequence
        return self._sequence

    def finish(self) -> ComparisonReport:
        """Read the rest of the log and report."""
        missing = sum(1 for _ in self._entries) if self._extra == 0 else 0
        return ComparisonReport(
            compared=self._compared, missing=missing, extra=self._extra, redacted=self._redacted
        )

    def stopped(self, because: str) -> ComparisonReport:
        """Report on a run that could not go on."""
        return ComparisonReport(
            compared=self._compared, missing=0, extra=self._extra, redacted=self._redacted, stopped=because
        )


def check_same(written: LogEntry, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> None:
    """Raise IntegrityError naming the entry and the field in which a second run differs from `written`."""
    for field, was, now in (
        ("kind", written.kind, kind),
        ("role", written.role.value, role.value),
        ("time_utc_ns", written.time_utc_ns, time_utc_ns),
    ):
        if was != now:
            raise IntegrityError(
                f"entry {written.sequence} ({written.kind}): {field} came out as {now}, must be {was}",
                written.sequence,
                field,
            )
    difference = first_difference(payload, written.payload)
    if difference is not None:
        where = difference.path or "payload"
        raise IntegrityError(
            f"entry {written.sequence} ({written.kind}): {where} came out as {difference.found}, "
            f"must be {difference.must}",
            written.sequence,
            where,
        )
