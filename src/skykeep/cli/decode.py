"""`skykeep decode KIND FILE`: a recording as JSON Lines, with what was refused and why on standard error."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import msgspec

from skykeep.base.clock import iso_utc

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path, allow_dash=True)


@click.group()
def decode() -> None:
    """Decode a recording into JSON Lines: one record a line, counts on standard error."""


@decode.command()
@click.argument("file", type=_INPUT)
@click.option(
    "--edition", "editions", multiple=True, metavar="CAT=EDITION", help="E.g. 48=1.21; once per category."
)
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
@click.option("--jsonl", is_flag=True, help="JSON Lines, which is what you get anyway.")
def asterix(file: Path, editions: tuple[str, ...], out: Path, jsonl: bool) -> None:
    """Decode ASTERIX from a capture (pcap, pcapng), a raw file or a FINAL recording.

    A record that can be read but not believed is printed with its `doubt` and counted as rejected.
    """
    del jsonl
    from skykeep.feeds.asterix_file import read_records
    from skykeep.wire.asterix_editions import parse_edition_options

    counts: Counter[str] = Counter()

    def lines() -> Iterable[dict[str, Any]]:
        for timed in read_records(file, parse_edition_options(editions), counts):
            received = None if timed.received_utc_ns is None else iso_utc(timed.received_utc_ns)
            doubt = {"doubt": timed.doubt} if timed.doubt else {}
            yield {"received": received, **msgspec.structs.asdict(timed.record), **doubt}

    _write(out, lines())
    report(counts)


@decode.command()
@click.argument("file", type=_INPUT)
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
def adsb(file: Path, out: Path) -> None:
    """Decode Mode S and ADS-B frames (JSON Lines, CSV, AVR or Beast; .gz is unpacked)."""
    from skykeep.feeds.mode_s_file import read_messages

    counts: Counter[str] = Counter()
    _write(out, read_messages(file, counts))
    report(counts)


@decode.command()
@click.argument("file", type=_INPUT)
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
def mavlink(file: Path, out: Path) -> None:
    """Decode a flight recording: a tlog, a DataFlash log (.BIN) or a ULog (.ulg), told apart by content.

    A message that can be read but not believed is printed with its `doubt` and counted as rejected.
    """
    from skykeep.feeds.flight_log_file import read_lines

    counts: Counter[str] = Counter()
    _write(out, read_lines(file, counts))
    report(counts)


def _write(out: Path, records: Iterable[Any]) -> None:
    encoder = msgspec.json.Encoder()
    if str(out) == "-":
        for record in records:
            sys.stdout.buffer.write(encoder.encode(record) + b"\n")
        sys.stdout.buffer.flush()
        return
    with out.open("wb") as file:
        for record in records:
            file.write(encoder.encode(record) + b"\n")


def report(counts: Counter[str]) -> None:
    """Say on standard error what was counted, the accepted first, the refused with their reasons."""
    for name, number in sorted(counts.items(), key=lambda item: (item[0].startswith("rejected"), item[0])):
        if number:
            click.echo(f"{number:>9,}  {name}", err=True)
