"""What a witness has signed, on a disk: for each log the last size and root, and what it refused.

Looking and writing are one transaction, and what is answered is on the disk first: a witness that is killed
between signing and answering has still signed, and says so to the next request (409). It never goes back.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from skykeep.base.errors import SetupError
from skykeep.evidence.witnessing import Answer, TreeHead

_TABLES = """
CREATE TABLE IF NOT EXISTS signed (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, request BLOB NOT NULL,
    time_utc_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refused (
    number INTEGER PRIMARY KEY, time_utc_ns INTEGER NOT NULL, status INTEGER NOT NULL, why TEXT NOT NULL,
    request BLOB NOT NULL
) STRICT;
"""
# A log that shows two faces is what a witness is for: what may prove it is kept, mere noise is not.
_KEPT_REFUSALS, _MOST_REFUSED = (409, 422), 1_000


class WitnessBook:
    """The book, opened. One process at a time; any thread."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_TABLES)
        except sqlite3.Error as error:
            raise SetupError(f"{path}: cannot be opened as a witness's book: {error}") from error
        self._lock = threading.Lock()

    def answer(
        self, request: bytes, time_utc_ns: int, judge: Callable[[Callable[[str], TreeHead | None]], Answer]
    ) -> Answer:
        """Have a request judged against what was signed last, keep what came of it, and return the answer."""
        with self._lock, closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                answer = judge(lambda origin: self._last(cursor, origin))
                if answer.head is not None:
                    cursor.execute(
                        "INSERT OR REPLACE INTO signed VALUES (?, ?, ?, ?, ?)",
                        (answer.head.origin, answer.head.size, answer.head.root, request, time_utc_ns),
                    )
                elif answer.status in _KEPT_REFUSALS:
                    self._keep_refusal(cursor, request, time_utc_ns, answer)
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
        return answer

    def last(self, origin: str) -> TreeHead | None:
        """Return what was signed last of a log."""
        with self._lock, closing(self._connection.cursor()) as cursor:
            return self._last(cursor, origin)

    def signed(self) -> tuple[TreeHead, ...]:
        """Return what was signed last of every log."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT origin, size, root FROM signed ORDER BY origin"
            ).fetchall()
        return tuple(TreeHead(origin=origin, size=size, root=root) for origin, size, root in rows)

    def refusals(self) -> int:
        """Return how many requests are kept that would have made a log show two faces."""
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM refused").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @staticmethod
    def _last(cursor: sqlite3.Cursor, origin: str) -> TreeHead | None:
        row = cursor.execute("SELECT size, root FROM signed WHERE origin = ?", (origin,)).fetchone()
        return None if row is None else TreeHead(origin=origin, size=row[0], root=row[1])

    @staticmethod
    def _keep_refusal(cursor: sqlite3.Cursor, request: bytes, time_utc_ns: int, answer: Answer) -> None:
        why = answer.body.decode("utf-8", "replace").strip()
        cursor.execute(
            "INSERT INTO refused (time_utc_ns, status, why, request) VALUES (?, ?, ?, ?)",
            (time_utc_ns, answer.status, why, request),
        )
        cursor.execute(
            "DELETE FROM refused WHERE number <= (SELECT max(number) FROM refused) - ?", (_MOST_REFUSED,)
        )
