"""`skykeep doctor`: what is there, what is missing and what is unsafe, in plain words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from typing import Literal

import click
import msgspec

Verdict = Literal["ok", "note", "bad"]
# Two connections that checkpoint at once can corrupt a log on these versions; Skykeep uses one.
WAL_BUG_FIRST, WAL_BUG_FIXED = (3, 7, 0), (3, 51, 3)
LEAST_FREE_BYTES = 2 << 30


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    what: str
    verdict: Verdict
    says: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON array.")
def doctor(as_json: bool) -> None:
    """Say what is configured, reachable, stale or unsafe. Exit code 1 when something is bad."""
    findings = [_python(), _sqlite(), _disk(), _durability(), _console(), _kernels(), _browser()]
    if as_json:
        sys.stdout.write(msgspec.json.encode(findings).decode() + "\n")
    else:
        for finding in findings:
            click.echo(f"{finding.verdict:<5}{finding.what}: {finding.says}")
    sys.exit(1 if any(finding.verdict == "bad" for finding in findings) else 0)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(what="Python", verdict="ok", says=f"{version}; 3.11 to 3.13 are supported.")


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version_info
    if WAL_BUG_FIRST <= version < WAL_BUG_FIXED:
        return Finding(
            what="SQLite",
            verdict="note",
            says=f"{sqlite3.sqlite_version} can corrupt a log that two connections checkpoint at once; "
            "3.51.3 mends it. Skykeep writes through one connection: write to its logs with nothing else.",
        )
    return Finding(what="SQLite", verdict="ok", says=sqlite3.sqlite_version)


def _disk() -> Finding:
    free_bytes = shutil.disk_usage(tempfile.gettempdir()).free
    verdict: Verdict = "ok" if free_bytes >= LEAST_FREE_BYTES else "bad"
    return Finding(
        what="disk",
        verdict=verdict,
        says=f"{free_bytes / 1e9:.1f} GB free where nights are kept by default; 2.1 GB should be.",
    )


def _durability() -> Finding:
    """Write and force one block, as the log does."""
    with tempfile.NamedTemporaryFile(prefix="skykeep-") as file:
        try:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            return Finding(what="durable writes", verdict="bad", says=f"the disk refused: {error.strerror}")
    return Finding(what="durable writes", verdict="ok", says="the disk took a block and said so.")


def _console() -> Finding:
    from skykeep.cli.console import webui_dir

    if (webui_dir() / "index.html").is_file():
        return Finding(what="console", verdict="ok", says="the built page is there.")
    return Finding(what="console", verdict="bad", says="the built page is missing: this is a broken install.")


def _kernels() -> Finding:
    from skykeep.base.compile import COMPILED, kernel_cache_dir

    if not COMPILED:
        return Finding(what="kernels", verdict="bad", says="SKYKEEP_COMPILE=0: far too slow for live use.")
    cached = any(kernel_cache_dir().rglob("*.nbi"))
    says = "compiled and cached." if cached else "not compiled yet: the first run takes some seconds more."
    return Finding(what="kernels", verdict="ok" if cached else "note", says=says)


def _browser() -> Finding:
    name = next((n for n in ("chromium", "google-chrome", "firefox") if shutil.which(n)), None)
    if name is None:
        return Finding(what="browser", verdict="note", says="none here; one elsewhere may open the console.")
    return Finding(what="browser", verdict="ok", says=f"{name} is there.")
