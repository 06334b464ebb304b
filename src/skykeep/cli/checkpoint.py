"""`skykeep checkpoint NIGHT --to PLACE`: the newest signed checkpoint of a log, brought out of the house."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from skykeep.feeds.checkpoint_places import Place


@click.command()
@click.argument("night", type=click.Path(exists=True, path_type=Path))
@click.option("--to", "places", multiple=True, help="A folder, a page (.svg, .pdf) or an address (https://).")
@click.option("--witness", "witnesses", nargs=2, multiple=True, metavar="ADDRESS KEY", help="Cosigns it.")
@click.option(
    "--site",
    "site_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Every place that this site's [record] names, by letter too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print how each place fared as one JSON array.")
def checkpoint(
    night: Path,
    places: tuple[str, ...],
    witnesses: tuple[tuple[str, str], ...],
    site_file: Path | None,
    as_json: bool,
) -> None:
    """Bring a log's newest checkpoint where its owner cannot take it back; without a place, print it.

    What a witness signed under it is kept in the night's folder. Exits 0 only when every place took it.
    """
    from skykeep.app.folder import find_log
    from skykeep.app.publishing import CheckpointPublisher
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.checkpoint_page import write_page
    from skykeep.store.log_reader import LogReader

    log = find_log(night)
    reader = LogReader(log)
    note = reader.last_note()
    pages = [Path(each) for each in places if each.lower().endswith((".svg", ".pdf"))]
    if not (places or witnesses or site_file):
        click.echo(note.decode(), nl=False)
    for page in pages:
        write_page(note, page)
        click.echo(f"{page}: printed", err=True)
    others = [each for each in places if Path(each) not in pages]
    publisher = CheckpointPublisher(
        _places(others, witnesses, site_file),
        lambda: note,
        lambda old, new: tuple(reader.consistency_proof(old, new)),
        log.parent,
        SystemClock(),
        every_s=60.0,
    )
    publisher.publish_all()
    reader.close()
    for health in publisher.health:
        click.echo(health.says, err=True)
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.encode(publisher.health).decode() + "\n")
    sys.exit(1 if any(health.failures for health in publisher.health) else 0)


def _places(places: list[str], witnesses: tuple[tuple[str, str], ...], site_file: Path | None) -> list[Place]:
    from urllib.parse import urlsplit

    from skykeep.evidence.signed_note import COSIGNATURE, read_verifier_key
    from skykeep.feeds.allowed_hosts import Hosts
    from skykeep.feeds.checkpoint_places import FolderPlace, WitnessPlace, web_place

    # Whoever types an address means it: it may be a private one.
    named = [urlsplit(each).hostname or "" for each in (*places, *(one for one, _ in witnesses))]
    hosts = Hosts(filter(None, named))
    found: list[Place] = [
        web_place(each, hosts) if "://" in each else FolderPlace(Path(each)) for each in places
    ]
    for address, key in witnesses:
        found.append(WitnessPlace(address, hosts, read_verifier_key(key).as_kind(COSIGNATURE)))
    if site_file is not None:
        from skykeep.app.record_text import places_of
        from skykeep.app.site_text import read_site_file

        site = read_site_file(site_file)
        if site.record is None or not site.record.to:
            raise click.BadParameter(f"{site_file}: names no place in [record]", param_hint="--site")
        found += places_of(site.record, site_file.parent, site.site.name)
    return found
