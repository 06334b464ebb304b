"""The one thread that writes a log: it seals entries into the tree and commits them in groups.

Many small transactions would wait for the disk each time, so a group is committed when 100 entries wait or
the first of them has waited 20 ms. An entry is *acknowledged* once its group is on the disk; killing the
process or cutting the power after that loses nothing.

| what fails | what happens |
|---|---|
| disk full | appends raise `LinkError`; what was accepted is kept and tried again every second |
| anything else | appends raise `IntegrityError` for good: nobody knows what a failed write left behind |
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from skykeep.base.errors import IntegrityError, LinkError, SkykeepError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.checkpoint import Checkpoint, Signer, note_of
from skykeep.evidence.entry import Salts, seal_entry
from skykeep.evidence.merkle import HEIGHT, Frontier
from skykeep.store import schema

GROUP_ENTRIES = 100
GROUP_WAIT_S = 0.020
QUEUE_ENTRIES = 10_000
QUEUE_BYTES = 64 * 1024 * 1024
RETRY_S = 1.0

_INSERT_ENTRY = schema.insert_sql(schema.entry)
_INSERT_NODE = schema.insert_sql(schema.node)
_Waiting = tuple[int, int, EntryRole, str, bytes]


class _Group(NamedTuple):
    """Sealed entries, the hashes that they completed, and where the log stands with them."""

    entries: list[LogEntry]
    nodes: list[tuple[int, int, bytes]]
    head: Checkpoint


class LogWriter:
    """Takes entries from any thread, numbers them in the order of the calls, and writes them in its own."""

    def __init__(
        self,
        connection: sa.Connection,
        head: Checkpoint,
        frontier: Frontier,
        *,
        salts: Salts,
        signer: Signer | None,
        on_committed: Callable[[Checkpoint], None],
        on_checkpoint: Callable[[bytes], None],
        checkpoint_every_s: float,
    ) -> None:
        self._connection = connection
        self._head = head
        self._frontier = frontier
        self._salts = salts
        self._signer = signer
        self._checkpointed = head.entries
        self._on_committed = on_committed
        self._on_checkpoint = on_checkpoint
        self._checkpoint_every_s = checkpoint_every_s
        self._checkpoint_due_s = time.monotonic() + checkpoint_every_s
        self._next_sequence = head.entries + 1
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._oldest_s = 0.0
        self._flush_to = 0
        self._closing = False
        self._failure: SkykeepError | None = None
        lock = threading.Lock()
        self._work = threading.Condition(lock)
        self._progress = threading.Condition(lock)
        self._thread = threading.Thread(target=self._run, name="skykeep-log-writer", daemon=True)
        self._thread.start()

    @property
    def head(self) -> Checkpoint:
        """How long the durable log is, and the root of its tree."""
        return self._head

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        """Take one entry and return its sequence; waits while the queue is full."""
        size = len(payload)
        with self._work:
            self._raise_failure()
            while len(self._waiting) >= QUEUE_ENTRIES or (
                self._waiting and self._waiting_bytes + size > QUEUE_BYTES
            ):
                self._progress.wait()
                self._raise_failure()
            if self._closing:
                raise ValueError("append to a log that is closed")
            sequence = self._next_sequence
            self._next_sequence += 1
            self._waiting.append((sequence, time_utc_ns, role, kind, payload))
            self._waiting_bytes += size
            if len(self._waiting) == 1:
                self._oldest_s = time.monotonic()
                self._work.notify()
            elif len(self._waiting) == GROUP_ENTRIES:
                self._work.notify()
        return sequence

    def flush(self) -> None:
        """Wait until all that was appended is on the disk; raise when it cannot be."""
        with self._work:
            last = self._next_sequence - 1
            self._flush_to = max(self._flush_to, last)
            self._work.notify()
            while self._head.entries < last:
                self._raise_failure()
                self._progress.wait()

    def close(self) -> None:
        """Write what waits and end the thread; raise when something that was accepted is not on the disk."""
        with self._work:
            self._closing = True
            self._work.notify()
        self._thread.join()
        lost = self._next_sequence - 1 - self._head.entries
        if lost:
            raise IntegrityError(
                f"{lost} entries from {self._head.entries + 1} on were taken and could not be written: "
                f"{self._failure}",
                self._head.entries + 1,
            )

    def _raise_failure(self) -> None:
        if isinstance(self._failure, LinkError):
            raise LinkError(str(self._failure))
        if self._failure is not None:
            raise IntegrityError(str(self._failure), self._head.entries + 1)

    # From here on: the writer's own thread.

    def _run(self) -> None:
        try:
            while (group := self._next_group()) is not None:
                self._commit_until_done(self._seal(group))
        except Exception as error:
            says = error.orig if isinstance(error, sa.exc.DBAPIError) else error
            self._fail(IntegrityError(f"the log cannot be written any more: {says}"))

    def _next_group(self) -> list[_Waiting] | None:
        """Wait for a group, or for a checkpoint to fall due (an empty group); None when closing and done."""
        with self._work:
            while True:
                now_s = time.monotonic()
                hurry = self._closing or self._flush_to > self._head.entries
                if self._waiting:
                    wait_s = self._oldest_s + GROUP_WAIT_S - now_s
                    if hurry or wait_s <= 0.0 or len(self._waiting) >= GROUP_ENTRIES:
                        group = list(self._waiting)
                        self._waiting.clear()
                        self._waiting_bytes = 0
                        self._progress.notify_all()
                        return group
                    self._work.wait(wait_s)
                elif self._closing:
                    return None
                elif self._checkpointed == self._head.entries:
                    self._work.wait()
                elif now_s >= self._checkpoint_due_s:
                    return []
                else:
                    self._work.wait(self._checkpoint_due_s - now_s)

    def _seal(self, waiting: list[_Waiting]) -> _Group:
        entries: list[LogEntry] = []
        nodes: list[tuple[int, int, bytes]] = []
        for sequence, time_utc_ns, role, kind, payload in waiting:
            entry = seal_entry(sequence, time_utc_ns, role, kind, payload, self._salts)
            entries.append(entry)
            for level, node in self._frontier.append(entry.digest):
                nodes.append((level, (self._frontier.size >> level * HEIGHT) - 1, node))
        if not entries:
            return _Group(entries, nodes, self._head)
        head = Checkpoint(
            origin=self._head.origin,
            entries=self._frontier.size,
            root=self._frontier.root(),
            time_utc_ns=entries[-1].time_utc_ns,
            sealed=False,
        )
        return _Group(entries, nodes, head)

    def _commit_until_done(self, group: _Group) -> None:
        while True:
            try:
                self._commit(group)
            except sa.exc.OperationalError as error:
                # Only a full disk leaves the database as it was and may get better by itself. After a failed
                # sync the kernel may have dropped the very pages that it could not write.
                if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL or self._closing:
                    raise
                self._fail(LinkError(f"the disk is full: {len(group.entries)} entries wait to be written"))
                with self._work:
                    self._work.wait(RETRY_S)
            else:
                with self._work:
                    self._failure = None
                    self._progress.notify_all()
                return

    def _commit(self, group: _Group) -> None:
        head = group.head
        due = head.entries > self._checkpointed and time.monotonic() >= self._checkpoint_due_s
        note = note_of(head, self._signer) if due else b""
        with self._connection.begin():
            if group.entries:
                rows = [
                    (e.sequence, e.time_utc_ns, e.role.value, e.kind, e.digest, e.segments, e.payload)
                    for e in group.entries
                ]
                self._connection.exec_driver_sql(_INSERT_ENTRY, rows)
            if group.nodes:
                self._connection.exec_driver_sql(_INSERT_NODE, group.nodes)
            if due:
                write_checkpoint(self._connection, head.entries, note)
        self._head = head
        if due:
            self._checkpoint_due_s = time.monotonic() + self._checkpoint_every_s
            # The copy beside the database is a convenience: on a full disk it waits for its next turn, and
            # `close` insists on it.
            with contextlib.suppress(OSError):
                self._on_checkpoint(note)
            self._checkpointed = head.entries
        if group.entries:
            self._on_committed(head)

    def _fail(self, failure: SkykeepError) -> None:
        with self._work:
            self._failure = failure
            self._progress.notify_all()


def write_checkpoint(connection: sa.Connection, entries: int, note: bytes) -> None:
    """Write the note of a checkpoint into the database, in the transaction that is open."""
    table = schema.checkpoint
    number = connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0) + 1)).scalar_one()
    connection.execute(table.insert().values(number=number, entries=entries, note=note.decode()))
