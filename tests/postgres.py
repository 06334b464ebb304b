"""A PostgreSQL with PostGIS of the tests' own: in a temporary folder, on a socket there and on no port.

PostgreSQL refuses to run as root, so under root it runs as Debian's user `postgres`. Where it is not
installed tests that need it are skipped; under CI that is a failure, as for the browser.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

PORT = 5432
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def postgres_bin() -> Path | None:
    """Return where PostgreSQL's programs lie, the newest version's that has PostGIS; None without."""
    for place in reversed(BINARIES):
        version = place.parent.name
        if Path(f"/usr/share/postgresql/{version}/extension/postgis.control").is_file():
            return place
    return None


class Cluster:
    """A running server; `database` makes a fresh database in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def url(self, database: str) -> str:
        return f"postgresql+pg8000://postgres@/{database}?unix_sock={self.folder}/.s.PGSQL.{PORT}"

    def database(self) -> str:
        """Return the URL of a new, empty database that has PostGIS."""
        self._made += 1
        name = f"test_{os.getpid()}_{self._made}"
        engine = sa.create_engine(self.url("template1"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE with_postgis"))
        engine.dispose()
        return self.url(name)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a server until the block ends."""
    place = postgres_bin()
    assert place is not None
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = str(folder / "data")
        _run(place / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={folder} -c port={PORT} -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB -c max_connections=40"
        )
        log = str(folder / "log")
        _run(place / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", options, "start")
        try:
            found = Cluster(folder)
            engine = sa.create_engine(found.url("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(sa.text("CREATE DATABASE with_postgis"))
            engine.dispose()
            engine = sa.create_engine(found.url("with_postgis"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(sa.text("CREATE EXTENSION postgis"))
            engine.dispose()
            yield found
        finally:
            _run(place / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _run(program: Path, *arguments: str) -> None:
    command = [str(program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")


@functools.cache
def is_there() -> bool:
    return postgres_bin() is not None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A server that lasts for the session; begun when the first test asks for it."""
    if not is_there():
        pytest.skip("not run: no PostgreSQL with PostGIS. Debian: `apt-get install postgresql-postgis`")
    with cluster() as found:
        yield found
