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
@click.option("--tsa", "tsa_address", metavar="URL", help="Timestamps it (RFC 3161).")
@click.option(
    "--tsa-certificate",
    "tsa_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates (PEM), one of which must stand behind the timestamp.",
)
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
    tsa_address: str | None,
    tsa_file: Path | None,
    site_file: Path | None,
    as_json: bool,
) -> None:
    """Bring a log's newest checkpoint where its owner cannot take it back; without a place, print it.

    Of a closed night the note of the manifest goes with it, which names the files beside the log. What a
    witness signed under it, and what an authority says of when, is kept in the night's folder. Exits 0 only
    when every place took it.
    """
    from skykeep.app.folder import find_log
    from skykeep.app.publishing import CheckpointPublisher
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.checkpoint_page import write_page
    from skykeep.store.log_reader import LogReader
    from skykeep.store.manifest import note_of_files

    log = find_log(night)
    reader = LogReader(log)
    note = reader.last_note()
    pages = [Path(each) for each in places if each.lower().endswith((".svg", ".pdf"))]
    if tsa_file and not tsa_address:
        raise click.BadParameter("needs --tsa with the address", param_hint="--tsa-certificate")
    if not (places or witnesses or tsa_address or site_file):
        click.echo(note.decode(), nl=False)
    files = note_of_files(log.parent)
    for page in pages:
        write_page(note, page)
        click.echo(f"{page}: printed", err=True)
        for each in files:
            beside = page.with_suffix(f".files{page.suffix}")
            write_page(each, beside)
            click.echo(f"{beside}: printed, of the files beside the log", err=True)
    others = [each for each in places if Path(each) not in pages]
    asked = [] if tsa_address is None else [_authority(tsa_address, tsa_file)]
    publisher = CheckpointPublisher(
        _places(others, witnesses, site_file) + asked,
        lambda: note,
        lambda old, new: tuple(reader.consistency_proof(old, new)),
        log.parent,
        SystemClock(),
        every_s=60.0,
    )
    publisher.publish_all(*files)
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


def _authority(address: str, certificates: Path | None) -> Place:
    from urllib.parse import urlsplit

    from skykeep.evidence.timestamp import read_certificates
    from skykeep.feeds.allowed_hosts import Hosts
    from skykeep.feeds.checkpoint_places import TimestampPlace

    hosts = Hosts(filter(None, [urlsplit(address).hostname]))
    return TimestampPlace(
        address, hosts, () if certificates is None else read_certificates(certificates.read_bytes())
    )
