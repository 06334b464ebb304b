"""The tables as queried are the tables as made."""

from __future__ import annotations

import contextlib
import sqlite3

from skykeep.store import schema


def test_the_columns_we_query_are_the_columns_we_make() -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for statement in schema.CREATION_SQL:
            connection.execute(statement)

        for table in schema.metadata.sorted_tables:
            made = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
            assert made == [column.name for column in table.columns]


def test_a_file_holds_the_text_of_its_tables_as_we_wrote_it() -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for statement in schema.CREATION_SQL:
            connection.execute(statement)

        held = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master ORDER BY rowid")]

    assert held == list(schema.CREATION_SQL)
