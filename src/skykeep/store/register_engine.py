"""The way to a register's database: which one it is, how it is opened, whose turn it is, and what its errors
mean.

A register is a file of SQLite's, or `postgresql://...`. On PostgreSQL `sslmode` (`disable`, `require`,
`verify-full`) and `sslrootcert` in the URL mean what they mean to libpq; `unix_sock` is the socket's path.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from skykeep.base.errors import InputError, IntegrityError, LinkError, SetupError, SkykeepError

WAIT_S = 10.0
ANSWER_WITHIN_S = 60.0
CHECKPOINT_BYTES = 4 << 20
_WRITES = "skykeep_writes"
# SQLSTATE: broken connection, out of resources, busy, stopped from outside, system error; then single codes.
_LINK_CLASSES = ("08", "53", "55", "57", "58")
_LINK_CODES = ("25006", "3D000", "40001", "40P01")
_SETUP_CODES = ("28000", "28P01", "42501")
AGAIN_CODES = ("40001", "40P01")
_DAMAGED_CODES = ("XX001", "XX002")
_INPUT_CLASS = "22"


class Place:
    """A database and the engine that leads there. `name` is fit to be shown: it holds no password."""

    def __init__(self, url_or_path: str | os.PathLike[str]) -> None:
        said = os.fspath(url_or_path)
        url = _url(said) if "://" in said else sa.URL.create("sqlite", database=said)
        self.path: Path | None = None
        self._file: tuple[int, int] | None = None
        if url.get_backend_name() == "sqlite":
            if not url.database or url.database == ":memory:":
                raise SetupError(f"register {said!r}: no file named, must be a file or a database")
            self.path = Path(url.database)
            self.name = str(self.path)
            self.engine = _sqlite(self.path)
        else:
            self.name = url.render_as_string(hide_password=True)
            self.engine = _postgres(url)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment of the register until the block ends."""
        with self.meaning(), self._connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give, in turn, the connection that writes; keep what it wrote, or nothing when the block raises."""
        with self.meaning(), self._turn():
            self._check_file()
            writer = self._connect().execution_options(**{_WRITES: True})
            with writer as connection, connection.begin():
                yield connection
            self._tidy()

    @contextmanager
    def meaning(self) -> Iterator[None]:
        """Turn the database's errors into those that say who must act."""
        try:
            yield
        except sa.exc.TimeoutError as error:
            raise LinkError(f"{self.name}: every connection is busy: {error}") from error
        except sa.exc.DBAPIError as error:
            meant = _meaning(self.name, error)
            if meant is None:
                raise
            raise meant from error
        except OverflowError as error:
            raise InputError("record", str(error), "numbers of 64 bits") from error
        except (sqlite3.Error, OSError) as error:
            raise LinkError(f"{self.name}: {error}") from error

    def _connect(self) -> sa.Connection:
        try:
            return self.engine.connect()
        except OSError:
            # A server that was started again has cut every connection; pg8000 says so in its own way.
            self.engine.dispose()
            return self.engine.connect()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite wait until nobody else writes, or moves the write-ahead log into the file.

        BEGIN IMMEDIATE alone would keep writers apart. But SQLite from 3.7.0 to 3.51.2 can damage a file on
        which one connection writes while another does the latter, so both need the turn.
        """
        if self.path is None:
            yield
            return
        try:
            lock = os.open(f"{self.path}-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise LinkError(f"{self.path}-lock: {error.strerror}") from error
        try:
            until_s = time.monotonic() + WAIT_S
            pause_s = 0.000_5
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until_s:
                        raise LinkError(
                            f"{self.path}: another process has been writing {WAIT_S:g} s"
                        ) from None
                    time.sleep(pause_s)
                    pause_s = min(2.0 * pause_s, 0.01)
            yield
        finally:
            os.close(lock)

    def _check_file(self) -> None:
        """Refuse to write into a file that was moved, deleted or replaced: nobody would find it there."""
        if self.path is None:
            return
        try:
            stands = os.stat(self.path)
            now = stands.st_dev, stands.st_ino
        except FileNotFoundError:
            if self._file is None:
                return
            now = None
        if self._file is not None and now != self._file:
            # What is there now is opened by the next.
            self.engine.dispose()
            self._file = now or self._file
            raise LinkError(f"{self.path}: is gone, or another file than before")
        self._file = now

    def _tidy(self) -> None:
        if self.path is None:
            return
        try:
            long = os.stat(f"{self.path}-wal").st_size > CHECKPOINT_BYTES
        except OSError:
            return
        if long:
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            finally:
                connection.close()


def _url(said: str) -> sa.URL:
    try:
        url = sa.make_url(said)
    except (sa.exc.ArgumentError, ValueError):
        raise SetupError("register: not a URL, must be a file or postgresql://user@host/database") from None
    backend = url.drivername.split("+")[0]
    backend = "postgresql" if backend == "postgres" else backend
    if backend not in ("sqlite", "postgresql"):
        raise SetupError(f"register: a database of kind {backend!r}, must be sqlite or postgresql")
    return url.set(drivername="sqlite" if backend == "sqlite" else "postgresql+pg8000")


def _sqlite(path: Path) -> sa.Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        try:
            for pragma in (
                "journal_mode = WAL",
                # NORMAL loses what was said to be kept when the power goes.
                "synchronous = FULL",
                # See `Place._turn`.
                "wal_autocheckpoint = 0",
                "foreign_keys = ON",
                "trusted_schema = OFF",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: sa.URL) -> sa.Engine:
    # A connection that cannot be closed in good order is told of by our LinkError, not by a traceback.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    query = dict(url.query)
    mode = str(query.pop("sslmode", "disable" if "unix_sock" in query else "prefer"))
    root = query.pop("sslrootcert", None)
    engine = sa.create_engine(
        url.set(query=query),
        pool_pre_ping=True,
        connect_args={
            "timeout": ANSWER_WITHIN_S,
            "application_name": "skykeep",
            "ssl_context": _ssl_context(mode, None if root is None else str(root)),
        },
    )

    @sa.event.listens_for(engine, "connect")
    def connect(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT set_config('search_path', 'skykeep, ' || current_setting('search_path'), false)"
        )
        cursor.execute(f"SET lock_timeout = {int(1_000 * WAIT_S)}")
        connection.commit()  # type: ignore[attr-defined]
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A writer sees what was kept before its turn came; a reader sees one moment.
        if not connection.get_execution_options().get(_WRITES, False):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def _ssl_context(mode: str, root: str | None) -> ssl.SSLContext | bool | None:
    if mode == "disable":
        return False
    if mode == "prefer":
        return None
    if mode not in ("require", "verify-full"):
        raise SetupError(f"register: sslmode {mode!r}, must be disable, prefer, require or verify-full")
    try:
        context = ssl.create_default_context(cafile=root)
    except (OSError, ssl.SSLError) as error:
        raise SetupError(f"register: sslrootcert {root!r}: {error}") from error
    if mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def sql_state(error: sa.exc.DBAPIError) -> str:
    """Return the code that PostgreSQL gave an error; "" for none."""
    said = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


def _meaning(name: str, error: sa.exc.DBAPIError) -> SkykeepError | None:
    """Return what an error means; None where it is a mistake of ours."""
    original = error.orig
    said = original.args[0] if original is not None and original.args else ""
    sentence = str(said.get("M", said)) if isinstance(said, dict) else str(original)
    code = sql_state(error)
    if isinstance(original, sqlite3.Error):
        if isinstance(original, sqlite3.OperationalError):
            return LinkError(f"{name}: {sentence}")
        if type(original) is sqlite3.DatabaseError:
            return IntegrityError(f"{name}: {sentence}")
        return None
    if code.startswith(_INPUT_CLASS):
        return InputError("record", sentence, "what the database can hold")
    if code in _SETUP_CODES:
        return SetupError(f"{name}: {sentence}")
    if code in _DAMAGED_CODES:
        return IntegrityError(f"{name}: {sentence}")
    # Without a code the error is the driver's own: nobody there, or gone in the middle.
    if not code or code.startswith(_LINK_CLASSES) or code in _LINK_CODES:
        return LinkError(f"{name}: {sentence}")
    return None
