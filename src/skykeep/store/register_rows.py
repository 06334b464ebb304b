"""Rows of one change: how a record becomes one, and the calls that write it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import msgspec
import sqlalchemy as sa

from skykeep.base.errors import InputError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.store.register_reader import Reader


class RowWriter(Reader):
    """Questions and rows on the connection of one change."""

    def __init__(self, connection: sa.Connection) -> None:
        # No cache: what a change wrote may yet be dropped.
        super().__init__(lambda: nullcontext(connection), None)
        self.connection = connection

    def insert(self, table: sa.Table, **values: Any) -> None:
        self.connection.execute(table.insert(), values)

    def replace(self, table: sa.Table, **values: Any) -> None:
        same = [column == values[column.name] for column in table.primary_key.columns]
        updated = self.connection.execute(table.update().where(*same).values(values))
        if updated.rowcount == 0:
            self.insert(table, **values)

    def next_number(self, table: sa.Table) -> int:
        last = self.connection.execute(sa.select(sa.func.max(table.c.sequence))).scalar()
        return (last or 0) + 1


def as_bytes(record: msgspec.Struct) -> bytes:
    """Return the canonical JSON of a record. InputError for what would not come back as it is: a number that
    is not finite, half a character, a field of a wrong type.
    """
    name = type(record).__name__
    try:
        body = encode_json(record)
        same = decode_json(body, type(record)) == record
    except (msgspec.DecodeError, TypeError, OverflowError, UnicodeError) as error:
        raise InputError(name, str(error), "a record that can be read back") from error
    if not same:
        raise InputError(name, "a value that JSON changes", "a record that can be read back")
    return body


def as_text(record: msgspec.Struct) -> str:
    """Return the same as text."""
    return as_bytes(record).decode()
