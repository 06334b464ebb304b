"""The register of who may fly on a disk: a SQLite file, or PostgreSQL with PostGIS, by one code path.

Changes are made one at a time. On SQLite a change is BEGIN IMMEDIATE; on PostgreSQL it holds the one row of
the table `register` until it is kept. So what a change reads is what stands, changes are numbered in the
order in which they can be seen, and readers never wait for it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.register import Register
from skykeep.store import register_schema as schema
from skykeep.store.register_engine import AGAIN_CODES, Place, sql_state
from skykeep.store.register_guards import postgres_guards, sqlite_guards
from skykeep.store.register_reader import ListCache, Reader
from skykeep.store.register_writer import Writer

T = TypeVar("T")

_MOST_TRIES = 5
# "SkyR" twice: whoever makes the tables on PostgreSQL holds this until they are there.
_MAKING = schema.APPLICATION_ID << 32 | schema.APPLICATION_ID
_POSTGIS_SQL = "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"
_TABLES_SQL = f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema.SCHEMA}'"  # noqa: S608 - ours


class DatabaseRegister:
    """A register that is open. Any thread may read and change; close it when done."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._reader = Reader(place.reading, ListCache())
        self._inside = threading.local()

    @property
    def name(self) -> str:
        """Where it is, without a password."""
        return self._place.name

    def read(self) -> Reader:
        """Return a view for questions; each sees the register as it stands when it is asked."""
        return self._reader

    def change(self, work: Callable[[Writer], T]) -> T:
        """Run `work` alone, and keep all that it wrote or, when it raises, nothing.

        Where PostgreSQL asks for it `work` is run again, so it must do nothing but read and write here. After
        a LinkError it was not kept, unless the link broke at the very moment of keeping: then look.
        """
        if getattr(self._inside, "change", False):
            raise ValueError("a change within a change would wait for itself")
        self._inside.change = True
        try:
            for _ in range(_MOST_TRIES):
                try:
                    return self._once(work)
                except LinkError as error:
                    cause = error.__cause__
                    if not isinstance(cause, sa.exc.DBAPIError) or sql_state(cause) not in AGAIN_CODES:
                        raise
            raise LinkError(f"{self.name}: others came between {_MOST_TRIES} times")
        finally:
            self._inside.change = False

    def _once(self, work: Callable[[Writer], T]) -> T:
        with self._place.writing() as connection:
            connection.execute(sa.select(schema.register.c.format).with_for_update()).scalar_one()
            return work(Writer(connection))

    def close(self) -> None:
        """Let go of the database."""
        self._place.engine.dispose()

    def __enter__(self) -> DatabaseRegister:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _is_one(register: DatabaseRegister) -> Register:
    """Let the type checker compare it with the protocol."""
    return register


def open_register(url_or_path: str | os.PathLike[str]) -> DatabaseRegister:
    """Open the register in a SQLite file, or at `postgresql://...`; begin it where there is none.

    SetupError when what is there is something else; LinkError when the database cannot be reached.
    """
    place = Place(url_or_path)
    try:
        if place.path is not None:
            _prepare_sqlite(place)
        else:
            _prepare_postgres(place)
    except BaseException:
        place.engine.dispose()
        raise
    return DatabaseRegister(place)


def _prepare_sqlite(place: Place) -> None:
    assert place.path is not None
    if not place.path.parent.is_dir():
        raise SetupError(f"{place.path}: no folder {place.path.parent}, must be there")
    # Look first: our way of opening a file would change one that is not ours.
    if _is_made(place.path):
        return
    with place.writing() as connection:
        # Somebody else may have made it meanwhile.
        if connection.exec_driver_sql("PRAGMA application_id").scalar() == 0:
            _make(connection, *sqlite_guards())
            connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {schema.FORMAT}")


def _is_made(path: Path) -> bool:
    """Say whether a file holds a register; SetupError when it holds something else."""
    if not path.exists() or (path.is_file() and path.stat().st_size == 0):
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            application_id, version, tables = (
                connection.execute(question).fetchone()[0]
                for question in (
                    "PRAGMA application_id",
                    "PRAGMA user_version",
                    "SELECT count(*) FROM sqlite_master",
                )
            )
    except sqlite3.OperationalError as error:
        raise LinkError(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise SetupError(f"{path}: {error}, must be a Skykeep register") from error
    if application_id == 0 and tables == 0:
        return False
    if application_id != schema.APPLICATION_ID or version != schema.FORMAT:
        raise SetupError(
            f"{path}: application {application_id} format {version}, must be a Skykeep register of format "
            f"{schema.FORMAT}"
        )
    return True


def _prepare_postgres(place: Place) -> None:
    with place.writing() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.literal(_MAKING, sa.BigInteger))))
        if not connection.exec_driver_sql(_POSTGIS_SQL).scalar():
            raise SetupError(f"{place.name}: no PostGIS, must have it (CREATE EXTENSION postgis)")
        tables = set(connection.exec_driver_sql(_TABLES_SQL).scalars())
        if not tables:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema.SCHEMA}")
            _make(connection, "CREATE INDEX zone_by_place ON zone USING gist (geom)", *postgres_guards())
        elif not tables >= set(schema.metadata.tables):
            raise SetupError(f"{place.name}: its schema {schema.SCHEMA} is something else's, must be ours")
        version = connection.execute(sa.select(schema.register.c.format)).scalar()
        if version != schema.FORMAT:
            raise SetupError(f"{place.name}: a register of format {version}, must be {schema.FORMAT}")


def _make(connection: sa.Connection, *more: str) -> None:
    schema.metadata.create_all(connection, checkfirst=False)
    connection.execute(schema.register.insert(), {"format": schema.FORMAT})
    for statement in more:
        connection.exec_driver_sql(statement)
