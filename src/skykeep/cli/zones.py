"""`skykeep zones`: lists of zones in and out of the register, and which zones are in force where."""

from __future__ import annotations

import getpass
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skykeep.cli.say import say

if TYPE_CHECKING:
    from skykeep.app.zone_lists import ImportReport
    from skykeep.store.register import DatabaseRegister

F = TypeVar("F", bound=Callable[..., Any])
# What waits for a person is no success, and no failure either.
WAITS = 4
_SHOWN = 20


class _Group(click.Group):
    """`check` is a file of its own, loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "check"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "check":
            return super().get_command(ctx, cmd_name)
        command = importlib.import_module("skykeep.cli.zones_check").check
        assert isinstance(command, click.Command)
        return command


@click.group("zones", cls=_Group)
def zones() -> None:
    """Zones as published: lists in and out of the register, their history, and which are in force where.

    The register is a file of SQLite's, or PostgreSQL: --register postgresql://user@host/database, or the
    variable SKYKEEP_REGISTER, which keeps a password out of the list of processes.
    """


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _options(command: F) -> F:
    register = click.option(
        "--register",
        "place",
        default="register.db",
        show_default=True,
        envvar="SKYKEEP_REGISTER",
        help="A file, or postgresql://...",
    )
    as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    return register(as_json(command))


def _person(command: F) -> F:
    by = click.option("--by", default=_user, help="Who decides; without it you, by your login name.")
    because = click.option("--because", default="", help="Why.")
    return by(because(command))


_at = click.option("--at", "moment", help="A time such as 2031-05-03T02:14:07Z; without it, now.")


@zones.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="Whose list it is; without it the file's name without its ending.")
@click.option("--format", "kind", default="", help="What the file is; without it, as it looks.")
@click.option("--yes", is_flag=True, help="Into force even if it would wait for a person; say --because.")
@_person
@_options
def import_(
    file: Path, source: str | None, kind: str, yes: bool, by: str, because: str, place: str, as_json: bool
) -> None:
    """Take a file of zones into the register, with a report of everything amiss in it.

    A list that loses more than a fifth of its source's zones, is older than the last, or goes back to an
    earlier one, waits until a person says `accept` or `refuse`: exit code 4.
    """
    if yes and not because.strip():
        raise click.UsageError("--yes needs --because")
    from skykeep.app.zone_lists import take_in
    from skykeep.wire.zone_files import read_zones

    name = source if source is not None else file.stem
    listed = read_zones(file.read_bytes(), name, kind)
    with _open(place, begin=True) as register:
        report = take_in(register, listed, name, by, time.time_ns(), because if yes else "")
    _print_report(report, as_json)
    sys.exit(WAITS if report.waits else 0)


@zones.command("accept")
@click.argument("source")
@click.argument("number", type=int, required=False)
@_person
@_options
def accept(source: str, number: int | None, by: str, because: str, place: str, as_json: bool) -> None:
    """Bring a list that waits into force."""
    from skykeep.app import zone_lists

    with _open(place) as register:
        release = zone_lists.accept(register, source, number, by, because, time.time_ns())
    _say({"source": source, "number": release.number, "state": release.state.value}, as_json)


@zones.command("refuse")
@click.argument("source")
@click.argument("number", type=int, required=False)
@_person
@_options
def refuse(source: str, number: int | None, by: str, because: str, place: str, as_json: bool) -> None:
    """Refuse a list that waits."""
    from skykeep.app import zone_lists

    with _open(place) as register:
        release = zone_lists.refuse(register, source, number, by, because, time.time_ns())
    _say({"source": source, "number": release.number, "state": release.state.value}, as_json)


@zones.command("export")
@click.option("--format", "kind", required=True, help="ed269, ed318, geojson or kml.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to.")
@click.option("--source", help="Of this source only; without it everything in force.")
@_at
@_options
def export(kind: str, out: Path, source: str | None, moment: str | None, place: str, as_json: bool) -> None:
    """Write the zones in force at a time as a file; say what the format cannot carry."""
    from skykeep.app.zone_lists import export_zones

    with _open(place) as register:
        data, left, count = export_zones(register.read(), kind, _time(moment), source)
    out.write_bytes(data)
    for deviation in left[:_SHOWN]:
        say(f"{deviation.zone_id}: {deviation.field}: {deviation.done}", err=True)
    if len(left) > _SHOWN:
        say(f"and {len(left) - _SHOWN:,} more", err=True)
    _say({"file": str(out), "zones": count, "bytes": len(data), "not_carried": len(left)}, as_json)


@zones.command("history")
@click.argument("source", required=False)
@_options
def history(source: str | None, place: str, as_json: bool) -> None:
    """Say which lists were in force when, which wait, and who decided why."""
    with _open(place) as register:
        releases = register.read().releases(source, with_lists=False)
    rows = [
        {
            "source": r.source,
            "number": r.number,
            "state": r.state.value,
            "from": _iso(r.from_utc_ns),
            "until": _iso(r.until_utc_ns),
            "issued": _iso(r.issued_utc_ns),
            "zones": r.zones,
            "by": r.by,
            "because": r.because,
        }
        for r in releases
    ]
    if as_json:
        _json(rows)
        return
    for row in rows:
        until = f" until {row['until']}" if row["until"] else ""
        say(
            f"{row['source']} {row['number']}: {row['state']}, {row['zones']} zones, from {row['from']}"
            f"{until}, by {row['by']}. {row['because']}"
        )


@zones.command("list")
@click.option("--source", help="Of this source only.")
@_at
@_options
def list_(source: str | None, moment: str | None, place: str, as_json: bool) -> None:
    """Name the zones in force by publication at a time, whether or not their hours hold."""
    from skykeep.app.zone_lists import list_at
    from skykeep.evidence.printable import visible

    with _open(place) as register:
        found = list_at(register.read(), _time(moment), source).zones
    if as_json:
        _json(found)
        return
    for zone in found:
        fields = (zone.source or "own", zone.zone_id, zone.restriction.value, zone.name)
        click.echo("\t".join(visible(field) for field in fields))


@zones.command("report")
@click.argument("source")
@click.argument("number", type=int, required=False)
@_options
def report(source: str, number: int | None, place: str, as_json: bool) -> None:
    """Say again all that was amiss in a list, by zone and field, and what it changes."""
    from skykeep.app.zone_lists import report_of

    with _open(place) as register:
        _print_report(report_of(register.read(), source, number), as_json, shown=None)


def _open(place: str, begin: bool = False) -> DatabaseRegister:
    from skykeep.base.errors import SetupError
    from skykeep.store.register import open_register

    if not begin and "://" not in place and not Path(place).exists():
        raise SetupError(f"{place}: no register there; `skykeep zones import` begins one")

    return open_register(place)


def _time(moment: str | None) -> int:
    if moment is None:
        return time.time_ns()
    from skykeep.base.clock import from_iso_utc

    try:
        return from_iso_utc(moment)
    except ValueError as error:
        raise click.BadParameter(f"{error}", param_hint="--at") from None


def _iso(time_utc_ns: int | None) -> str | None:
    from skykeep.base.clock import iso_utc

    return None if time_utc_ns is None else iso_utc(time_utc_ns)


def _json(value: object) -> None:
    from skykeep.domain.encoding import encode_json

    click.echo(encode_json(value))


def _say(values: dict[str, object], as_json: bool) -> None:
    if as_json:
        _json(values)
    else:
        say(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items()))


def _print_report(report: ImportReport, as_json: bool, shown: int | None = _SHOWN) -> None:
    if as_json:
        _json(report)
        return
    number = "no new release" if report.number is None else f"release {report.number}, {report.state}"
    say(f"{report.source}: {report.format}, {report.zones} zones: {number}. {report.because}")
    came, went, changed = report.difference.came, report.difference.went, report.difference.changed
    for verb, ids in (("came", came), ("went", went)):
        if ids and report.number != 1:
            say(f"  {len(ids)} {verb}: {_some(ids, shown)}")
    for change in changed[:shown]:
        say(f"  changed {change.zone_id}: {', '.join(field.field for field in change.fields)}")
    if len(changed[:shown]) < len(changed):
        say(f"  and {len(changed) - len(changed[:shown]):,} more changed")
    said = ", ".join(f"{count} {gravity}" for gravity, count in report.gravities.items())
    say(f"  deviations: {said or 'none'}")
    for deviation in report.deviations[:shown]:
        where = deviation.zone_id or "the file"
        say(f"  {where}: {deviation.field}: {deviation.found}, must be {deviation.must}: {deviation.done}")
    if len(report.deviations[:shown]) < len(report.deviations):
        say(f"  and {len(report.deviations) - len(report.deviations[:shown]):,} more: `zones report`")
    for contradiction in report.contradictions:
        say(
            f"  CONTRADICTION {contradiction.zone_id}: {contradiction.field}: {contradiction.one_says} or "
            f"{contradiction.other_says}; applied: {contradiction.applied}"
        )
    if report.left_out:
        say(f"  LEFT OUT, could not be read as zones: {_some(report.left_out, shown)}")


def _some(names: tuple[str, ...], shown: int | None) -> str:
    more = len(names) - len(names[:shown])
    return ", ".join(names[:shown]) + (f" and {more:,} more" if more else "")
