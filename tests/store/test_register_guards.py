"""What the register refuses: other files, other hands, what cannot be kept; and a database that is gone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_register import (
    notice,
    permit,
    permit_step,
    release,
    restriction,
    restriction_step,
    square,
    subscription,
    zone,
    zone_list,
)
from postgres import Cluster
from skykeep.base.errors import InputError, IntegrityError, LinkError, SetupError
from skykeep.domain.register import RegisterWriter, ReleaseState
from skykeep.store import register_engine
from skykeep.store import register_schema as schema
from skykeep.store import schema as log_schema
from skykeep.store.log_database import LogDatabase
from skykeep.store.register import DatabaseRegister, open_register


def everything(writer: RegisterWriter) -> None:
    writer.put_subscription(subscription())
    made, drawn = permit(), restriction()
    writer.put_permit(made, permit_step(made))
    writer.put_restriction(drawn, restriction_step(drawn))
    writer.put_release(release(zone_list(zone("A"))))
    writer.post(notice())


def outside(url: str) -> sa.Engine:
    """A careless hand on the database itself."""
    return sa.create_engine(url if "://" in url else f"sqlite:///{url}", poolclass=sa.NullPool)


def where(url: str, table: str) -> str:
    return f"{schema.SCHEMA}.{table}" if "://" in url else table


FORBIDDEN = [
    *(f"UPDATE {{{table}}} SET sequence = sequence + 0" for table in schema.APPEND_ONLY),
    *(f"DELETE FROM {{{table}}}" for table in (*schema.APPEND_ONLY, *schema.NEVER_DELETED)),
    "INSERT INTO {change} SELECT 9, kind, subject, time_utc_ns, {by} FROM {change} WHERE sequence = 1",
    "INSERT INTO {notice} SELECT 9, 'N9', body FROM {notice}",
    "UPDATE {release} SET sha256 = 'another'",
    "UPDATE {release} SET listed = NULL",
    "UPDATE {in_force} SET zone = '{{}}'",
    "UPDATE {in_force} SET from_utc_ns = 0",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses_what_would_take_back_a_decision(statement: str, tmp_path: Path) -> None:
    refused(str(tmp_path / "register.db"), [statement])


def test_sqlite_refuses_to_replace_a_row(tmp_path: Path) -> None:
    """INSERT OR REPLACE deletes the old row without a word to a DELETE trigger."""
    tables = (*schema.APPEND_ONLY, *schema.NEVER_DELETED)
    statements = [f"INSERT OR REPLACE INTO {{{table}}} SELECT * FROM {{{table}}}" for table in tables]
    refused(str(tmp_path / "register.db"), statements)


def test_postgresql_refuses_the_same(postgres: Cluster) -> None:
    truncated = [f"TRUNCATE {{{t}}} CASCADE" for t in (*schema.APPEND_ONLY, *schema.NEVER_DELETED)]
    refused(postgres.database(), [*FORBIDDEN, *truncated])


def refused(url: str, statements: list[str]) -> None:
    with open_register(url) as register:
        register.change(everything)
    names = {table: where(url, table) for table in schema.metadata.tables}
    for statement in statements:
        with (
            closing(outside(url).connect()) as connection,
            pytest.raises(sa.exc.DBAPIError, match="the register is append-only"),
        ):
            connection.exec_driver_sql(statement.format(**names, by='"by"'))
    with open_register(url) as register:
        assert len(register.read().changes_after(0)) == 3


def test_a_file_that_is_something_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    words, other, night = tmp_path / "words.db", tmp_path / "other.db", tmp_path / "night" / "night.db"
    words.write_text("These are words, and no database. " * 100)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE permit (id)")
    LogDatabase.open(night).close()
    for path, says in (
        (words, "file is not a database, must be a Skykeep register"),
        (other, "application 0 format 0, must be a Skykeep register of format 1"),
        (night, f"application {log_schema.APPLICATION_ID} format 2, must be a Skykeep register of format 1"),
        (tmp_path / "nowhere" / "register.db", "must be there"),
    ):
        before = path.read_bytes() if path.exists() else b""
        with pytest.raises(SetupError, match=says):
            open_register(path)
        assert (path.read_bytes() if path.exists() else b"") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["night", "other.db", "words.db"]


def test_a_register_of_a_later_format_is_refused(register_url: str) -> None:
    open_register(register_url).close()
    with outside(register_url).begin() as connection:
        if "://" in register_url:
            connection.exec_driver_sql("UPDATE skykeep.register SET format = 2")
        else:
            connection.exec_driver_sql("PRAGMA user_version = 2")
    with pytest.raises(SetupError, match="format 2, must be"):
        open_register(register_url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://root@localhost/db", "kind 'mysql', must be sqlite or postgresql"),
        ("://", "not a URL"),
        ("sqlite://", "no file named"),
        ("sqlite:///:memory:", "no file named"),
        ("postgresql://u@127.0.0.1/db?sslmode=perhaps", "sslmode 'perhaps', must be disable"),
        ("postgresql://u@127.0.0.1/db?sslmode=require&sslrootcert=/nowhere", "sslrootcert '/nowhere'"),
    ],
)
def test_what_is_no_place_for_a_register_is_refused(url: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        open_register(url)


def test_a_schema_that_is_something_elses_is_refused(postgres: Cluster) -> None:
    url = postgres.database()
    with outside(url).begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA skykeep CREATE TABLE permit (id int)")
    with pytest.raises(SetupError, match="schema skykeep is something else's"):
        open_register(url)


def test_a_database_without_postgis_is_refused(postgres: Cluster) -> None:
    url = postgres.database()
    with outside(url).begin() as connection:
        connection.exec_driver_sql("DROP EXTENSION postgis CASCADE")
    with pytest.raises(SetupError, match="no PostGIS, must have it"):
        open_register(url)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(LinkError) as error:
        open_register("postgresql://clerk:se-cret@/db?unix_sock=/nowhere/.s.PGSQL.5432")
    assert "se-cret" not in str(error.value)
    assert "clerk" in str(error.value)


def test_a_database_that_went_away_is_a_link_and_comes_back(postgres: Cluster) -> None:
    url = postgres.database()
    name = sa.make_url(url).database
    keeper = sa.create_engine(postgres.url("template1"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def away(gone: bool) -> None:
        with keeper.connect() as connection:
            allow = "false" if gone else "true"
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}")
            if gone:
                connection.execute(
                    sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                    {"name": name},
                )

    with open_register(url) as register:
        register.change(everything)
        away(True)
        for ask in (lambda: register.read().permits(), lambda: register.change(lambda _: None)):
            with pytest.raises(LinkError):
                ask()
        away(False)
        assert len(register.read().permits()) == 1

        # Gone in the middle of a change: nothing of it is there afterwards.
        def work(writer: RegisterWriter) -> None:
            made = permit("P2")
            writer.put_permit(made, permit_step(made))
            away(True)
            writer.permits()

        with pytest.raises(LinkError):
            register.change(work)
        away(False)
        assert len(register.read().permits()) == 1
        register.change(lambda writer: writer.put_permit(permit("P2"), permit_step(permit("P2"))))
        assert len(register.read().permits()) == 2


def test_a_file_that_was_moved_away_is_a_link_and_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    with open_register(path) as register:
        register.change(everything)
        with register.read()._ask() as connection:
            connection.exec_driver_sql("SELECT 1")
        for name in ("register.db", "register.db-wal", "register.db-shm"):
            (tmp_path / name).rename(tmp_path / f"old-{name}")
        with pytest.raises(LinkError, match="is gone"):
            register.change(everything)
        assert not path.exists()
        for name in ("register.db", "register.db-wal", "register.db-shm"):
            if (tmp_path / f"old-{name}").exists():
                (tmp_path / f"old-{name}").rename(tmp_path / name)
        assert len(register.read().permits()) == 1


def test_somebody_elses_lock_is_waited_for_and_then_a_link(
    register_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_engine, "WAIT_S", 0.05)
    with (
        open_register(register_url) as register,
        outside(register_url).execution_options().connect() as c,
        c.begin(),
    ):
        if "://" in register_url:
            c.exec_driver_sql("SELECT * FROM skykeep.register FOR UPDATE")
        else:
            c.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(LinkError):
            register.change(everything)
        assert register.read().permits() == ()


def test_a_record_that_was_spoilt_on_the_disk_is_named(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    with open_register(path) as register:
        register.change(everything)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE permit SET body = '{}'")
        connection.execute("DROP TRIGGER release_stays")
        connection.execute("UPDATE release SET listed = x'00'")
        connection.commit()
    with open_register(path) as register:
        with pytest.raises(IntegrityError, match="a Permit of the register cannot be read back"):
            register.read().permit("P1")
        with pytest.raises(IntegrityError, match="release 1 of 'town' cannot be read back"):
            register.read().release("town")


text = st.text(st.characters(codec=None), max_size=8) | st.sampled_from(
    ["\x00", "\ud800", "\u0634\u202ex", "'; --"]
)
number = st.integers(-(2**70), 2**70) | st.sampled_from([0, 2**63 - 1, 2**63, -(2**63)])
real = st.floats() | st.sampled_from([float("nan"), float("inf"), 1e308])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text, number, real)
def test_what_is_taken_comes_back_and_the_rest_is_refused(
    register: DatabaseRegister, words: str, time: int, height: float
) -> None:
    """Whatever people and machines write: it is kept as it is, or an InputError says that it cannot be."""
    placed = zone("Z", name=words, outline=square(west=height))
    listed = zone_list(placed)
    known = len(register.read().releases())
    number = known + 1
    made = msgspec.structs.replace(
        release(zone_list(), number, state=ReleaseState.HELD),
        listed=listed,
        from_utc_ns=time,
        by=words,
        source="s",
    )
    drawn = restriction(f"R{number}", drawn=placed)
    asked = msgspec.structs.replace(permit(f"P{number}"), owner=words, holder=words, changed_utc_ns=time)

    def work(writer: RegisterWriter) -> None:
        writer.put_release(made)
        writer.put_restriction(drawn, restriction_step(drawn))
        writer.put_permit(asked, permit_step(asked))
        told = msgspec.structs.replace(notice(number), says=words)
        writer.post(told)

    try:
        register.change(work)
    except InputError:
        assert len(register.read().releases()) == known
        assert not (abs(time) < 2**63 and abs(height) < 1e308 and words.isprintable()), (
            "what is ordinary must be taken"
        )
        return
    read = register.read()
    assert read.release("s", number) == made
    assert read.restriction(f"R{number}") == drawn
    assert read.permit(f"P{number}") == asked
    assert asked in read.permits(owner=words)


def test_what_is_in_force_can_be_asked_by_place(register: DatabaseRegister, register_url: str) -> None:
    """Other programs see the table `zone`; on PostgreSQL by PostGIS."""
    drawn = restriction("R1", drawn=zone("R1", outline=square(west=20.0)))

    def work(writer: RegisterWriter) -> None:
        writer.put_release(release(zone_list(zone("A"), zone("B", outline=square(south=51.0)))))
        writer.put_restriction(drawn, restriction_step(drawn, time_s=5))

    register.change(work)
    if "://" in register_url:
        inside = "ST_Covers(geom, ST_SetSRID(ST_Point(?, ?), 4326)) AND ST_IsValid(geom)"
    else:
        inside = "? BETWEEN west_deg AND east_deg AND ? BETWEEN south_deg AND north_deg"

    def at(longitude_deg: float, latitude_deg: float) -> list[str]:
        asked = f"SELECT zone_id FROM {where(register_url, 'zone')} WHERE {inside}"
        asked = asked.replace("?", f"{longitude_deg}", 1).replace("?", f"{latitude_deg}", 1)
        with outside(register_url).connect() as connection:
            return list(connection.exec_driver_sql(asked).scalars())

    assert [at(10.005, 50.005), at(10.005, 51.005), at(20.005, 50.005), at(0, 0)] == [
        ["A"],
        ["B"],
        ["R1"],
        [],
    ]
    # What is in force no longer is there no longer.
    register.change(lambda writer: writer.put_release(release(zone_list(zone("A")), 2, from_s=9)))
    assert at(10.005, 51.005) == []
