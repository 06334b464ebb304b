"""A log to read without leaving a trace: itself where it is sealed, else a copy."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from skykeep.app.ground_text import GROUND
from skykeep.store.log_check import CheckReport


@contextlib.contextmanager
def untouched(log: Path, report: CheckReport) -> Iterator[Path]:
    """Give a log to read: itself where it is sealed, else a copy, since opening would take its journal in."""
    if report.sealed:
        yield log
        return
    with tempfile.TemporaryDirectory(prefix="skykeep-") as folder:
        for name in (log.name, f"{log.name}-wal", GROUND):
            if (log.parent / name).exists():
                shutil.copyfile(log.parent / name, Path(folder) / name)
        yield Path(folder) / log.name
