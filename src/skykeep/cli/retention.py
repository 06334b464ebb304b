"""`skykeep retention`: how long what is about persons is kept, and keeping to it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from skykeep.cli.say import say

if TYPE_CHECKING:
    from skykeep.domain.retention import RetentionReport, RetentionRule


@click.group("retention")
def retention() -> None:
    """Retention: the rules of a site's file (`[[retention]]`), kept for nights that are closed."""


def _command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    def make(work: Callable[..., None]) -> click.Command:
        for add in (
            click.option("--json", "as_json", is_flag=True, help="Print JSON."),
            click.option("--at", metavar="TIME", help="As if it were then: e.g. 2031-05-04T00:00:00Z."),
            click.option(
                "--case",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help="Whose incidents count; by default the case in the night's folder.",
            ),
            click.option(
                "--site",
                required=True,
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help="The site's file with the rules.",
            ),
            click.argument("nights", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)),
        ):
            work = add(work)
        return retention.command(name)(work)

    return make


@_command("show")
def show(nights: tuple[Path, ...], site: Path, case: Path | None, at: str | None, as_json: bool) -> None:
    """Show the rules, and what of NIGHTS they no longer let be kept. Nothing is changed."""
    from skykeep.app.retention import due
    from skykeep.store.case_folder import read_case

    rules, book = _rules(site), None if case is None else read_case(case)
    now_utc_ns = _now_utc_ns(at)
    _each(nights, lambda night: due(night, rules, now_utc_ns, book), rules, as_json, "due", site)


@_command("run")
@click.option(
    "--keys",
    "keys_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the key that signs the log is kept; by default in the user's data directory.",
)
@click.option("--as", "by", default="retention", show_default=True, help="Who has it done: in the log.")
def run(
    nights: tuple[Path, ...],
    site: Path,
    case: Path | None,
    at: str | None,
    as_json: bool,
    by: str,
    keys_folder: Path | None,
) -> None:
    """Take out of NIGHTS what the rules no longer let be kept. It is gone; every proof still holds."""
    from skykeep.app.retention import enforce
    from skykeep.store.case_folder import read_case

    rules, book = _rules(site), None if case is None else read_case(case)
    now_utc_ns = _now_utc_ns(at)

    def keep(night: Path) -> RetentionReport:
        return enforce(night, rules, now_utc_ns, by, book, keys_folder)

    _each(nights, keep, rules, as_json, "taken out", site)


def _each(
    nights: tuple[Path, ...],
    work: Callable[[Path], RetentionReport],
    rules: tuple[RetentionRule, ...],
    as_json: bool,
    word: str,
    site: Path,
) -> None:
    """See to every night, tell of them, and end as one that could not be seen to would by itself."""
    from skykeep.base.errors import IntegrityError, SkykeepError

    done: list[RetentionReport] = []
    left: dict[str, str] = {}
    ends = 1
    for night in nights:
        try:
            done.append(work(night))
        except (SkykeepError, OSError) as error:
            left[str(night)] = str(error)
            ends = 3 if isinstance(error, IntegrityError) else ends
    _tell(rules, done, left, as_json, word, site)
    for name, because in left.items():
        say(f"skykeep: {name} was left as it is: {because}", err=True)
    if left:
        sys.exit(ends)


def _rules(site: Path) -> tuple[RetentionRule, ...]:
    from skykeep.app.retention_text import rules_of
    from skykeep.app.site_text import read_site_file

    return rules_of(read_site_file(site).retention)


def _now_utc_ns(at: str | None) -> int:
    from datetime import datetime

    from skykeep.base.clock import NS_PER_S
    from skykeep.base.errors import InputError
    from skykeep.feeds.system_clock import SystemClock

    if at is None:
        return SystemClock().now_utc_ns()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise InputError("at", repr(at), "a time such as 2031-05-04T00:00:00Z") from error
    if moment.tzinfo is None:
        raise InputError("at", repr(at), "with its zone, such as Z or +02:00")
    return round(moment.timestamp()) * NS_PER_S


def _tell(
    rules: tuple[RetentionRule, ...],
    reports: list[RetentionReport],
    left: dict[str, str],
    as_json: bool,
    word: str,
    site: Path,
) -> None:
    from skykeep.app.new_folder import rule_of
    from skykeep.app.site_text import read_site_file
    from skykeep.domain.encoding import encode_json

    daily = rule_of(read_site_file(site))
    latest_h = {rule.rule_id: daily.longest_h(rule.keep_h) for rule in rules}
    if as_json:
        told = {"rules": rules, "latest_h": latest_h, "nights": reports, "left": left}
        click.echo(encode_json(told).decode())
        return
    if not rules:
        say("No rule of retention: everything is kept.")
    for rule in rules:
        kept = ", except in incidents" if rule.except_incidents else ""
        say(f"{rule.rule_id}: {rule.datum} for {rule.keep_h:g} h{kept}: {rule.reason}")
        latest = latest_h[rule.rule_id]
        ends = "when the watch ends" if latest is None else f"{latest:g} h after it came in, at the latest"
        say(f"  a running watch forgets it {ends}")
    for report in reports:
        held = f"; {report.kept_for_incidents} kept for incidents" if report.kept_for_incidents else ""
        say(f"{report.night}: {len(report.due)} {word}{held}")
        for paper in report.remade:
            say(f"  {paper.name}: {'made again' if paper.sha256_after else 'removed'}")
        if report.papers:
            say(f"  not looked into, and perhaps saying the same: {', '.join(report.papers)}")
