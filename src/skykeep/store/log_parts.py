"""Which part of an entry was changed: told by a dossier, which brings a copy that is proven.

One digest stands for all of an entry, so by itself it does not say which part no longer fits. A copy does.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from skykeep.evidence.entry import segment_digest, segments_of
from skykeep.store.log_contents import rows_of


def parts_that_differ(log: Path, proven: Iterable[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """Yield entries of a log that are not as evidence tells them, and what of each differs. `proven` are
    entries as in `skykeep.evidence.excerpt`, each with a proof that holds. IntegrityError where the log
    cannot be read.
    """
    query = "SELECT time_utc_ns, role, kind, segments, payload FROM entry WHERE sequence = ?"
    with rows_of(log) as rows:
        for told in proven:
            row = rows.execute(query, (told["sequence"],)).fetchone()
            if row is not None:
                yield from ((told["sequence"], part) for part in _differing(told, row))


def _differing(told: dict[str, Any], row: tuple[Any, ...]) -> Iterator[str]:
    time_utc_ns, role, kind, descriptors, payload = row
    for part, was, is_now in (
        ("its time", told["time_utc_ns"], time_utc_ns),
        ("its role", told["role"], role),
        ("its kind", told["kind"], kind),
    ):
        if was != is_now:
            yield part
    try:
        segments = segments_of(descriptors, payload)
    except (ValueError, TypeError):
        yield "how its payload is cut"
        return
    many = len(segments) > 1 or len(told["segments"]) > 1
    if len(segments) != len(told["segments"]):
        yield "how its payload is cut"
        return
    for number, (was, found) in enumerate(zip(told["segments"], segments, strict=True), 1):
        which = f"segment {number} of its payload" if many else "its payload"
        if "digest" in was:
            if bytes.fromhex(was["digest"]) != found.digest:
                yield f"{which} or the salt of that"
            continue
        data = was["text"].encode() if "text" in was else base64.b64decode(was["base64"])
        if found.data is None:
            if segment_digest(bytes.fromhex(was["salt"]), data) != found.digest:
                yield which
            continue
        if found.data != data:
            yield which
        elif found.salt is not None and found.salt.hex() != was["salt"]:
            yield f"the salt of {which}"
