"""What the watch runs on, for its log: versions, a hash of our own source, hashes of the configuration."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import platform
from pathlib import Path

import skykeep
from skykeep.domain.record import Software

PACKAGES = ("numpy", "numba", "llvmlite", "scipy", "shapely", "pyproj", "msgspec", "SQLAlchemy")
# Code and tables: what decides. The built console is not among them.
_SOURCE = (".py", ".toml")


def software_now(time_utc_ns: int, configuration: tuple[Path, ...] = ()) -> Software:
    """Return what runs here and now, configured by the files of `configuration`."""
    return Software(
        time_utc_ns=time_utc_ns,
        skykeep=skykeep.__version__,
        python=platform.python_version(),
        machine=platform.machine(),
        packages=_versions(),
        source_sha256=source_sha256(Path(skykeep.__file__).parent),
        configuration=tuple(
            (path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in configuration
        ),
    )


@functools.cache
def _versions() -> tuple[tuple[str, str], ...]:
    return tuple((name, importlib.metadata.version(name)) for name in PACKAGES)


@functools.cache
def source_sha256(package: Path) -> str:
    """Return the hex SHA-256 over the code and tables of a package, each file's path and length first."""
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in _SOURCE and path.is_file():
            data = path.read_bytes()
            whole.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode())
            whole.update(data)
    return whole.hexdigest()
