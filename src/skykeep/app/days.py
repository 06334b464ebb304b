"""The folders of a watch over days: each log names the one before by its checkpoint, and the one after.

| kind | where | what |
|---|---|---|
| `watch_continued` | entry 3 | the signed checkpoint of the log before, what is numbered on from it |
| `watch_taken_over` | after what is told again | from here on everything is new |
| `watch_went_on` | the last input | in which folder and log it goes on |
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from skykeep.app.folder import LOG
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import IntegrityError
from skykeep.domain.days import NumbersGiven, WatchContinued, WatchWentOn
from skykeep.domain.encoding import decode_json
from skykeep.engine.inputs import INPUT_KINDS
from skykeep.evidence.redacted_entry import readable_payload
from skykeep.store.log_contents import open_untouched
from skykeep.store.log_reader import LogReader

_CONTINUED, _WENT_ON = INPUT_KINDS[WatchContinued], INPUT_KINDS[WatchWentOn]
_DATED = re.compile(r"-[0-9]{4}-[0-9]{2}-[0-9]{2}(-[0-9]+)?$")


class Ends(msgspec.Struct, frozen=True, kw_only=True):
    """How a log hangs together with others: what it goes on from, and in what it goes on."""

    origin: str
    entries: int
    before: WatchContinued | None
    after: WatchWentOn | None


def ends_of(log: Path, *, own: bool = False) -> Ends:
    """Return both ends of a log; IntegrityError where one cannot be read. Looking at it changes nothing; one
    of our `own`, which is gone on with, need not be copied for that.
    """
    wal = log.with_name(log.name + "-wal").exists()
    opened = _opened(log) if own else open_untouched(log, sealed=not wal)
    try:
        with opened as rows:
            (entries,) = rows.execute("SELECT coalesce(max(sequence), 0) FROM entry").fetchone()
            (note,) = rows.execute("SELECT note FROM checkpoint ORDER BY number DESC LIMIT 1").fetchone()
            first, last = (_last_of(rows, kind) for kind in (_CONTINUED, _WENT_ON))
            return Ends(
                origin=str(note).partition("\n")[0],
                entries=entries,
                before=None if first is None else decode_json(first, WatchContinued),
                after=None if last is None else decode_json(last, WatchWentOn),
            )
    except (sqlite3.Error, msgspec.MsgspecError, ValueError, TypeError) as error:
        raise IntegrityError(f"{log}: how it goes on cannot be read: {error}") from error


@contextlib.contextmanager
def _opened(log: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"{log.resolve().as_uri()}?mode=ro", uri=True)) as rows:
        yield rows


def _last_of(rows: sqlite3.Connection, kind: str) -> bytes | None:
    query = "SELECT payload FROM entry WHERE kind = ? ORDER BY sequence DESC LIMIT 1"
    found = rows.execute(query, (kind,)).fetchone()
    return None if found is None else bytes(found[0])


def latest_folder(folder: Path) -> tuple[Path, Path | None]:
    """Return the folder in which a watch that was begun in `folder` goes on, and the log before it where that
    folder holds nothing yet: the watch was broken off between the two.
    """
    before: Path | None = None
    while (log := folder / LOG).is_file():
        ends = ends_of(log, own=True)
        if ends.entries == 0:
            break
        before = None
        if ends.after is None:
            break
        before, folder = log, folder.parent / Path(ends.after.folder).name
    return folder, before


def next_folder(folder: Path, now_utc_ns: int, zone: dt.tzinfo) -> Path:
    """Return a folder beside `folder`, named like it and by the day, that holds nothing yet."""
    day = dt.datetime.fromtimestamp(now_utc_ns // NS_PER_S, zone).date().isoformat()
    stem = folder.parent / f"{_DATED.sub('', folder.name)}-{day}"
    number, found = 1, stem
    while found == folder or ((found / LOG).exists() and ends_of(found / LOG, own=True).entries):
        number += 1
        found = stem.with_name(f"{stem.name}-{number}")
    return found


def numbers_in(log: Path) -> NumbersGiven:
    """Return how far each kind of thing was counted in a log, by what it says of them."""
    reader = LogReader(log)

    def highest(kind: str, field: str) -> int:
        told = (readable_payload(entry) for entry in reader.entries(kind=kind))
        named = (str(msgspec.json.decode(each).get(field, 0)) for each in told if each is not None)
        return max((int(each.rpartition("-")[2]) for each in named), default=0)

    try:
        start = next(reader.entries(3, 3, kind=_CONTINUED), None)
        before = NumbersGiven() if start is None else decode_json(start.payload, WatchContinued).numbers
        return NumbersGiven(
            tracks=max(before.tracks, highest("track", "track_id")),
            alerts=max(before.alerts, highest("alert", "alert_id")),
            tasks=max(before.tasks, highest("task", "task_id")),
            proposals=max(before.proposals, highest("proposal", "proposal_id")),
            orders=max(before.orders, highest("standing_order", "order_id")),
        )
    finally:
        reader.close()
