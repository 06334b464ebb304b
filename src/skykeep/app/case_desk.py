"""Where entries of a case go, on a disk or in memory, and what tells one night from every other."""

from __future__ import annotations

import hashlib
import threading
from contextlib import AbstractContextManager
from typing import Protocol

from skykeep.app.replay import Recording
from skykeep.domain.casework import AttachedNight, AttachNight, CaseEntry
from skykeep.domain.encoding import encode_json
from skykeep.domain.incident import Incident
from skykeep.domain.site import Site
from skykeep.engine.outputs import RunHeader
from skykeep.evidence.case_book import CaseBook


class CaseDesk(Protocol):
    """Where entries of a case go: its folder, or memory where a night is only looked at."""

    book: CaseBook

    def receive(self, entry: CaseEntry, *, wait: bool = True) -> Incident | AttachedNight | None:
        """Write and follow one entry; InputError refuses it."""
        ...

    def at_once(self) -> AbstractContextManager[object]:
        """Return a lock under which nobody else changes it."""
        ...


class CaseInMemory:
    """A case that is forgotten, begun as `book` stands: for a replay that is only looked at."""

    def __init__(self, book: CaseBook | None = None) -> None:
        self.book = book or CaseBook()
        self._lock = threading.RLock()

    def receive(self, entry: CaseEntry, *, wait: bool = True) -> Incident | AttachedNight | None:
        del wait
        with self._lock:
            return self.book.apply(entry)

    def at_once(self) -> AbstractContextManager[object]:
        return self._lock


def begins_with(header: RunHeader, site: Site, start_utc_ns: int) -> str:
    """Return what tells a night from every other: the SHA-256 of what ran, where, and from when on."""
    return hashlib.sha256(encode_json((header, site, start_utc_ns))).hexdigest()


def is_night(recording: Recording, night: AttachNight) -> bool:
    """Say whether a recording is of the night that was attached. Where its site was redacted in part, the
    nanosecond in which it began tells it from every other of the case.
    """
    if recording.site_is_whole:
        known = begins_with(recording.header, recording.site, recording.start_utc_ns)
        return known == night.begins_with
    header = recording.header
    began = header.mode, header.simulated, recording.start_utc_ns
    return began == (night.mode, night.simulated, night.start_utc_ns)
