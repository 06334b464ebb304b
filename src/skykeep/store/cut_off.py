"""A log whose sealing was cut off while it was closed or opened again, and how that is ended."""

from __future__ import annotations

from pathlib import Path

from skykeep.base.errors import IntegrityError
from skykeep.evidence.checkpoint import Signer
from skykeep.store import manifest
from skykeep.store.log_database import LogDatabase
from skykeep.store.record_check import check_record


def seal_again(path: Path, signer: Signer | None) -> None:
    """Seal the log at `path` where that was cut off; nothing is done to one that is sealed, or beside which
    nothing ever was.

    IntegrityError where keys and signatures do not bear out that it was cut off: whoever took a seal away is
    not helped to another. Else errors as of `LogDatabase.open`.
    """
    if manifest.read_manifest(path.parent) is None:
        return
    if manifest.is_sealed(path):
        if signer is not None:
            manifest.sign_alone(path.parent, signer)
        return
    for finding in check_record(path).findings:
        if not finding.missing:
            raise IntegrityError(f"{path}: {finding.sentence} It is not sealed again.", finding.entry)
    LogDatabase.open(path, signer=signer).close()
