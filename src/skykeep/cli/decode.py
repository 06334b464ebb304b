"""`skykeep decode KIND FILE`: a recording as JSON Lines, with what was refused and why on standard error."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
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

    _decode(file, out, lines(), counts, "ASTERIX of these editions")


@decode.command()
@click.argument("file", type=_INPUT)
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
def adsb(file: Path, out: Path) -> None:
    """Decode Mode S and ADS-B (frames in JSON Lines, CSV, AVR or Beast; SBS; aircraft.json; traces).

    A .gz is unpacked.
    """
    from skykeep.feeds.mode_s_file import read_messages

    counts: Counter[str] = Counter()
    _decode(file, out, read_messages(file, counts), counts, "Mode S or ADS-B")


@decode.command()
@click.argument("file", type=_INPUT)
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
def sapient(file: Path, out: Path) -> None:
    """Decode SAPIENT messages (BSI Flex 335 v2), with a length before each or as JSON.

    A message that breaks the standard is printed as what is wrong with it, and counted as rejected.
    """
    from skykeep.feeds.sapient_file import read_messages

    counts: Counter[str] = Counter()
    _decode(file, out, read_messages(file, counts), counts, "SAPIENT")


@decode.command()
@click.argument("file", type=_INPUT)
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
def cot(file: Path, out: Path) -> None:
    """Decode Cursor on Target: XML or TAK protobuf, from a capture (pcap, pcapng), a stream or one event."""
    from skykeep.feeds.cot_file import read_events

    counts: Counter[str] = Counter()
    _decode(file, out, read_events(file, counts), counts, "Cursor on Target")


@decode.command()
@click.argument("file", type=_INPUT, required=False)
@click.option(
    "--hex", "as_hex", is_flag=True, help="One message, pack or frame in hex per line; one answer each."
)
@click.option("--reference-names", is_flag=True, help="The field names of the open reference program.")
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
def remoteid(file: Path | None, as_hex: bool, reference_names: bool, out: Path) -> None:
    """Decode Remote ID from a capture (pcap, pcapng) or a receiver's lines; with --hex, from hex on standard
    input (or in FILE), where a bad line is answered and never stops the rest.
    """
    from skykeep.cli.remoteid import hex_answers, recording_lines

    if as_hex:
        with nullcontext(sys.stdin.buffer) if file is None else file.open("rb") as lines:
            _write(out, hex_answers(lines, reference_names))
        return
    if file is None:
        raise click.UsageError("Missing FILE; or --hex to read hex from standard input.")
    counts: Counter[str] = Counter()
    _decode(file, out, recording_lines(file, counts, reference_names), counts, "Remote ID")


@decode.command()
@click.argument("file", type=_INPUT)
@click.option("--out", type=_OUT, default="-", help="Where to write; standard output by default.")
def mavlink(file: Path, out: Path) -> None:
    """Decode a flight recording: a tlog, a DataFlash log (.BIN) or a ULog (.ulg), told apart by content.

    A message that can be read but not believed is printed with its `doubt` and counted as rejected.
    """
    from skykeep.feeds.flight_log_file import read_lines

    counts: Counter[str] = Counter()
    _decode(file, out, read_lines(file, counts), counts, "a flight recording")


def _write(out: Path, records: Iterable[Any]) -> int:
    """Write a line each, and return how many there were."""
    encoder, lines = msgspec.json.Encoder(), 0
    with nullcontext(sys.stdout.buffer) if str(out) == "-" else out.open("wb") as file:
        for record in records:
            file.write(encoder.encode(record) + b"\n")
            lines += 1
        file.flush()
    return lines


def _decode(file: Path, out: Path, records: Iterable[Any], counts: Counter[str], what: str) -> None:
    """Write all records and what was counted; exit code 1 where nothing at all could be read."""
    lines = _write(out, records)
    report(counts)
    if lines == 0:
        click.echo(f"skykeep: {file}: holds nothing that reads as {what}", err=True)
        sys.exit(1)


def report(counts: Counter[str]) -> None:
    """Say on standard error what was counted, the accepted first, the refused with their reasons."""
    for name, number in sorted(counts.items(), key=lambda item: (item[0].startswith("rejected"), item[0])):
        if number:
            click.echo(f"{number:>9,}  {name}", err=True)
