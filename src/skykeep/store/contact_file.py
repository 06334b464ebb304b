"""How people who reported can be reached: a file of its own, that only the watch's own account may read.

It is no part of the log, which is kept, copied and shown: a contact can be deleted. One JSON object a line.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from skykeep.domain.sensing import Report


class ContactFile:
    """Appends one line for each contact."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, report: Report, contact: str) -> None:
        """Write down how to reach the person behind a report; on the disk when this returns."""
        line = msgspec.json.encode(
            {
                "sensor_id": report.sensor_id,
                "sequence": report.sequence,
                "received_utc_ns": report.received_utc_ns,
                "contact": contact,
            }
        )
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line + b"\n")
            os.fsync(file)
        finally:
            os.close(file)
