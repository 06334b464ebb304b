"""`skykeep doctor`: what is there, what is missing and what is unsafe, in plain words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

import click
import msgspec

from skykeep.app.finding import Finding, Verdict

# Two connections that checkpoint at once can corrupt a log on these versions; Skykeep uses one.
WAL_BUG_FIRST, WAL_BUG_FIXED = (3, 7, 0), (3, 51, 3)
LEAST_FREE_BYTES = 2 << 30


@click.command()
@click.argument(
    "site_file",
    metavar="[SITE.toml]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 600.0),
    default=5.0,
    show_default=True,
    help="How long to listen to the site's sources.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON array.")
def doctor(site_file: Path | None, seconds: float, as_json: bool) -> None:
    """Say what is configured, reachable, stale or unsafe. Exit code 1 when something is bad.

    With a site's file its sources are listened to for some seconds, each in plain words; nothing is kept. Who
    is told, asked and on duty is looked at too: nobody is told or asked.
    """
    findings = [_python(), _sqlite(), _disk(), _durability(), _console(), _kernels(), _browser()]
    if site_file is not None:
        findings += _site(site_file, seconds)
    if as_json:
        sys.stdout.write(msgspec.json.encode(findings).decode() + "\n")
    else:
        for finding in findings:
            click.echo(f"{finding.verdict:<5}{finding.what}: {finding.says}")
    sys.exit(1 if any(finding.verdict == "bad" for finding in findings) else 0)


def _site(site_file: Path, seconds: float) -> list[Finding]:
    from skykeep.app.duty_check import look_at_duty
    from skykeep.app.record_text import look_at_record
    from skykeep.app.site_check import listen_to, look_at_register
    from skykeep.app.site_text import read_site_file, site_of
    from skykeep.base.errors import SetupError

    found = read_site_file(site_file)
    says = f"{len(found.sensors)} sensors, {len(found.feeds)} feeds, {len(found.assets)} guarded places."
    first = Finding(what=found.site.name, verdict="ok" if found.feeds else "bad", says=says)
    record = look_at_record(found.record, site_file.parent, found.site.name)
    duty = (*look_at_duty(found, site_file.parent), record)
    try:
        site_of(found, site_file.parent)
    except SetupError as error:
        unfit = Finding(what="site's file", verdict="bad", says=f"The watch would not start: {error}.")
        return [first, unfit, *duty]
    sources = listen_to(found, site_file.parent, seconds) if found.feeds else ()
    register = look_at_register(found, site_file.parent)
    return [
        first,
        *(
            Finding(what=source.source_id, verdict="ok" if source.good else "bad", says=source.says)
            for source in (*sources, *(() if register is None else (register,)))
        ),
        *duty,
    ]


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
    from skykeep.base.compile import COMPILED, is_compiled

    if not COMPILED:
        return Finding(what="kernels", verdict="bad", says="SKYKEEP_COMPILE=0: far too slow for live use.")
    if is_compiled():
        return Finding(what="kernels", verdict="ok", says="compiled and cached.")
    return Finding(what="kernels", verdict="note", says="not all compiled yet: the first run takes a minute.")


def _browser() -> Finding:
    name = next((n for n in ("chromium", "google-chrome", "firefox") if shutil.which(n)), None)
    if name is None:
        return Finding(what="browser", verdict="note", says="none here; one elsewhere may open the console.")
    return Finding(what="browser", verdict="ok", says=f"{name} is there.")
