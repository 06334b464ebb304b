"""What the database itself refuses: the same rules as triggers of SQLite and of PostgreSQL.

Events, changes and notices are only ever added; a release's list and a restriction's zone stay as they were
written; permits, restrictions and releases are never deleted.
"""

from __future__ import annotations

from collections.abc import Iterator

from skykeep.store import register_schema as schema

_SAYS = "the register is append-only"


def sqlite_guards() -> Iterator[str]:
    """Yield the statements that make SQLite's triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    for table in schema.APPEND_ONLY:
        yield f"CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table} {refuse}"
    for table in (*schema.APPEND_ONLY, *schema.NEVER_DELETED):
        yield f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} {refuse}"
        # INSERT OR REPLACE deletes the old row without a DELETE trigger.
        keys = schema.metadata.tables[table].primary_key.columns.keys()
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own
        yield f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"
    for table in schema.NUMBERED:
        yield (
            f"CREATE TRIGGER {table}_numbers_on BEFORE INSERT ON {table} "
            f"WHEN NEW.sequence IS NOT {_next(table)} {refuse}"
        )
    for table, columns in _fixed():
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
        yield f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} WHEN {changed} {refuse}"


def postgres_guards() -> Iterator[str]:
    """Yield the statements that make PostgreSQL's."""
    yield _function("refuse", f"RAISE EXCEPTION '{_SAYS}';")
    for table in schema.APPEND_ONLY:
        yield _trigger(table, "refuse_update", "UPDATE", "refuse")
    for table in (*schema.APPEND_ONLY, *schema.NEVER_DELETED):
        yield _trigger(table, "refuse_delete", "DELETE", "refuse")
        yield _trigger(table, "refuse_truncate", "TRUNCATE", "refuse", each="STATEMENT")
    for table in schema.NUMBERED:
        yield _function(
            f"{table}_number",
            f"IF NEW.sequence IS DISTINCT FROM {_next(table)} THEN RAISE EXCEPTION '{_SAYS}'; END IF; "
            "RETURN NEW;",
        )
        yield _trigger(table, "numbers_on", "INSERT", f"{table}_number")
    for table, columns in _fixed():
        changed = " OR ".join(f'NEW."{column}" IS DISTINCT FROM OLD."{column}"' for column in columns)
        yield _trigger(table, "stays", "UPDATE", "refuse", when=f"WHEN ({changed})")


def _next(table: str) -> str:
    return f"(SELECT coalesce(max(sequence), 0) + 1 FROM {table})"  # noqa: S608 - names of our own


def _fixed() -> Iterator[tuple[str, list[str]]]:
    for table, may_change in schema.MAY_CHANGE.items():
        names = schema.metadata.tables[table].columns.keys()
        yield table, [name for name in names if name not in may_change]


def _function(name: str, body: str) -> str:
    # A search path of its own: what a guard asks must not depend on who asks.
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema.SCHEMA} "
        f"AS $$ BEGIN {body} END $$"
    )


def _trigger(table: str, name: str, on: str, function: str, each: str = "ROW", when: str = "") -> str:
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {on} ON {table} FOR EACH {each} {when} "
        f"EXECUTE FUNCTION {function}()"
    )
