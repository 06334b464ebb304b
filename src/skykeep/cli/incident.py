"""`skykeep incident`: what belongs together of a night or of several, after the watch."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from skykeep.cli.case_keys import KEYS, keys_folder, open_case
from skykeep.cli.say import say

if TYPE_CHECKING:
    from skykeep.domain.casework import CaseEntry

_CASE = click.argument("case", type=click.Path(exists=True, file_okay=False, path_type=Path))
_ID = click.argument("incident_id", metavar="INCIDENT")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_REASON = click.option("--reason", required=True, help="Why.")
_BY = click.option("--as", "by", required=True, metavar="NAME", help="Who does it: a name.")


@click.group("incident")
def incident() -> None:
    """Incidents: opened by alerts or people; they hold tracks, decisions, tasks, files, notes, statements.

    CASE is a case folder, or the folder of a night that has one. While a watch runs it alone writes its case:
    use its console. Exits 0 only when it was done; what was refused is kept for the record.
    """


def _writing(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a function that returns nothing into a command that writes: by whom, as JSON or not."""

    def make(work: Callable[..., None]) -> click.Command:
        return incident.command(name)(_CASE(_BY(KEYS(_JSON(work)))))

    return make


@incident.command("list")
@_CASE
@click.option("--state", type=click.Choice(["open", "closed", "merged"]), help="Only those.")
@_JSON
def list_(case: Path, state: str | None, as_json: bool) -> None:
    """List incidents, the latest first."""
    from skykeep.app.incident_views import list_incidents
    from skykeep.base.clock import iso_utc
    from skykeep.store.case_folder import read_case

    lines = list_incidents(read_case(case), state or "")
    if as_json:
        return _print_json(lines)
    for line in lines:
        counts = ", ".join(f"{n} {kind}" for kind, n in sorted(line.counts.items())) or "empty"
        where = f" (part of {line.merged_into})" if line.merged_into else ""
        since = iso_utc(line.opened_utc_ns)
        say(f"{line.incident_id} {line.state.value}{where} {since}: {line.title}; {counts}")
    return None


@incident.command("show")
@_CASE
@_ID
@_JSON
def show(case: Path, incident_id: str, as_json: bool) -> None:
    """Show one incident: what it holds, in the order of its time, and where each thing came from."""
    from skykeep.app.incident_views import view_incident
    from skykeep.base.clock import iso_utc
    from skykeep.store.case_folder import read_case

    view = view_incident(read_case(case), incident_id)
    if as_json:
        return _print_json(view)
    say(f"{view.incident.incident_id} {view.incident.state.value}: {view.incident.title}")
    for moment in view.timeline:
        who = f" [{moment.by}]" if moment.kind in ("note", "incident") else ""
        came = f" (from {', '.join(moment.came_from)})" if moment.came_from else ""
        because = f": {moment.because}" if moment.kind == "incident" and moment.because else ""
        say(f"{iso_utc(moment.time_utc_ns)} {moment.kind}{who} {moment.says}{because}{came}")
    for gone in view.incident.removed:
        say(f"taken out by {gone.by}: {gone.held.item.says}: {gone.because}")
    return None


@_writing("open")
@click.option("--title", required=True, help="What it is.")
@_REASON
def open_(case: Path, title: str, reason: str, by: str, as_json: bool) -> None:
    """Open an incident."""
    from skykeep.domain.incident import OpenIncident

    _write(case, by, as_json, lambda now: OpenIncident(title=title, reason=reason, by=by, time_utc_ns=now))


@_writing("add")
@_ID
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--item", "items", multiple=True, metavar="KIND:ID[@NIGHT]", help="E.g. track:12@N-1.")
@_REASON
def add(
    case: Path,
    incident_id: str,
    files: tuple[Path, ...],
    items: tuple[str, ...],
    reason: str,
    by: str,
    as_json: bool,
) -> None:
    """Put files and things of a night to an incident. A file is kept whole, and never run or rendered."""
    from skykeep.app.incident_acts import add_to_incident
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.case_folder import find_case

    with open_case(find_case(case)) as opened:
        done = add_to_incident(opened, incident_id, files, items, reason, by, SystemClock().now_utc_ns())
    _tell(done, as_json)


@_writing("remove")
@_ID
@click.argument("items", nargs=-1, required=True, metavar="KIND:ID[@NIGHT]...")
@_REASON
def remove(case: Path, incident_id: str, items: tuple[str, ...], reason: str, by: str, as_json: bool) -> None:
    """Take things out that do not belong to it; they stay on its list of what was taken out."""
    from skykeep.app.incident_views import parse_item
    from skykeep.domain.incident import RemoveFromIncident
    from skykeep.store.case_folder import read_case

    keys = tuple(parse_item(item, read_case(case)) for item in items)
    _write(
        case,
        by,
        as_json,
        lambda now: RemoveFromIncident(
            incident_id=incident_id, items=keys, reason=reason, by=by, time_utc_ns=now
        ),
    )


@_writing("note")
@_ID
@click.argument("text")
def note(case: Path, incident_id: str, text: str, by: str, as_json: bool) -> None:
    """Put a note to an incident."""
    from skykeep.domain.incident import NoteOnIncident

    _write(
        case,
        by,
        as_json,
        lambda now: NoteOnIncident(incident_id=incident_id, text=text, by=by, time_utc_ns=now),
    )


@_writing("merge")
@click.argument("incident_ids", nargs=-1, required=True, metavar="INCIDENT...")
@click.option("--into", required=True, metavar="INCIDENT", help="Which takes them over.")
@_REASON
def merge(case: Path, incident_ids: tuple[str, ...], into: str, reason: str, by: str, as_json: bool) -> None:
    """Make incidents part of another; where everything came from stays known."""
    from skykeep.domain.incident import MergeIncidents

    _write(
        case,
        by,
        as_json,
        lambda now: MergeIncidents(
            incident_ids=incident_ids, into=into, reason=reason, by=by, time_utc_ns=now
        ),
    )


@_writing("split")
@_ID
@click.argument("items", nargs=-1, required=True, metavar="KIND:ID[@NIGHT]...")
@click.option("--title", required=True, help="Of the new one.")
@_REASON
def split(
    case: Path, incident_id: str, items: tuple[str, ...], title: str, reason: str, by: str, as_json: bool
) -> None:
    """Make some of an incident one of its own, under a new number."""
    from skykeep.app.incident_views import parse_item
    from skykeep.domain.incident import SplitIncident
    from skykeep.store.case_folder import read_case

    keys = tuple(parse_item(item, read_case(case)) for item in items)
    _write(
        case,
        by,
        as_json,
        lambda now: SplitIncident(
            incident_id=incident_id, items=keys, title=title, reason=reason, by=by, time_utc_ns=now
        ),
    )


@_writing("rename")
@_ID
@click.option("--title", required=True, help="What it is.")
@_REASON
def rename(case: Path, incident_id: str, title: str, reason: str, by: str, as_json: bool) -> None:
    """Give an incident another title."""
    from skykeep.domain.incident import RenameIncident

    _write(
        case,
        by,
        as_json,
        lambda now: RenameIncident(
            incident_id=incident_id, title=title, reason=reason, by=by, time_utc_ns=now
        ),
    )


@_writing("close")
@_ID
@_REASON
def close(case: Path, incident_id: str, reason: str, by: str, as_json: bool) -> None:
    """Close an incident: nobody works on it any more."""
    from skykeep.domain.incident import CloseIncident

    entry = functools.partial(CloseIncident, incident_id=incident_id, reason=reason, by=by)
    _write(case, by, as_json, lambda now: entry(time_utc_ns=now))


@_writing("reopen")
@_ID
@_REASON
def reopen(case: Path, incident_id: str, reason: str, by: str, as_json: bool) -> None:
    """Open an incident again that was closed."""
    from skykeep.domain.incident import ReopenIncident

    entry = functools.partial(ReopenIncident, incident_id=incident_id, reason=reason, by=by)
    _write(case, by, as_json, lambda now: entry(time_utc_ns=now))


@incident.command("search")
@_CASE
@click.argument("query")
@_JSON
def search(case: Path, query: str, as_json: bool) -> None:
    """Find words, names and numbers in all that a case holds; words in quotation marks stand together."""
    from skykeep.store.case_folder import read_case
    from skykeep.store.case_search import CaseSearch

    hits = CaseSearch(read_case(case)).find(query)
    if as_json:
        return _print_json(hits)
    for hit in hits:
        where = f" in {', '.join(hit.incident_ids)}" if hit.incident_ids else ""
        excerpt = f"{hit.before}{hit.match}{hit.after}".replace("\n", " ")
        say(f"{hit.kind} {hit.item_id}{where}: {hit.title}" + (f" | {excerpt}" if excerpt else ""))
    return None


@incident.command("attach")
@click.argument("night", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--case", "case", required=True, type=click.Path(file_okay=False, path_type=Path), help="Begun if new."
)
@KEYS
@_JSON
def attach(night: Path, case: Path, as_json: bool) -> None:
    """Put a night to a case: its decisions are made again, and its alerts open incidents there."""
    from skykeep.app.incident_acts import attach_night

    _tell(attach_night(night, case, keys_folder()), as_json)


@incident.command("export")
@_CASE
@_ID
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(("json", "ocsf", "courageous", "geojson", "kml", "czml", "csv", "parquet")),
    help="What to write.",
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where.")
@click.option(
    "--night", type=click.Path(exists=True, path_type=Path), help="Its folder; that of CASE by default."
)
def export(case: Path, incident_id: str, kind: str, out: Path, night: Path | None) -> None:
    """Write one incident: all of it (json), as a finding (ocsf), or its tracks and times of a night."""
    from skykeep.app import incident_export
    from skykeep.store.case_folder import find_case

    if kind == "json":
        incident_export.export_view(case, incident_id, out)
        say(f"{out}: {incident_id}", err=True)
    elif kind == "ocsf":
        incident_export.export_ocsf(case, out, incident_id)
        say(f"{out}: {incident_id}", err=True)
    else:
        folder = night or find_case(case).parent
        done = incident_export.export_incident(case, incident_id, folder, kind, out)
        say(f"{out}: {done.tracks} tracks, {done.reports:,} reports", err=True)
        for note in done.notes:
            say(note, err=True)


def _write(case: Path, by: str, as_json: bool, entry: Callable[[int], CaseEntry]) -> None:
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.case_folder import find_case

    del by
    with open_case(find_case(case)) as opened:
        done = opened.receive(entry(SystemClock().now_utc_ns()))
    _tell(done, as_json)


def _tell(done: Any, as_json: bool) -> None:
    if as_json:
        return _print_json(done)
    if hasattr(done, "incident_id"):
        say(f"{done.incident_id} {done.state.value}: {done.title}; {len(done.items)} items")
    else:
        say(f"{done.night_id}: {done.night.name}, {done.night.entries} entries")
    return None


def _print_json(record: Any) -> None:
    from skykeep.domain.encoding import encode_json

    click.echo(encode_json(record).decode())
