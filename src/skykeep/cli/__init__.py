"""The command: `skykeep VERB ...`; each verb is loaded only when it is used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from skykeep.base.errors import IntegrityError, SkykeepError

# verb: (module, one line of help). The module holds a click command of the verb's own name.
VERBS = {
    "demo": "The night on a made-up harbour city, with the live console.",
    "run": "Keep watch over a site: its sensors, live, and the console.",
    "rollover": "Have a running watch begin a new folder, at a quiet moment.",
    "decode": "Decode asterix, adsb, remoteid, sapient, cot or mavlink into JSON Lines.",
    "track": "Track a recording or a scene folder and write the picture to Parquet.",
    "evaluate": "Score a table of tracks against the truth: distances, continuity, honesty, delay.",
    "replay": "Show a recording on the console, or make its decisions again (--verify).",
    "dossier": "Print a night's case file: PDF/A-3, HTML or JSON, for the public, partners or in full.",
    "export": "Write a night for other programs: COURAGEOUS, GeoJSON, KML, CZML, CSV, Parquet, MCAP.",
    "zones": "Zones as published: import, export, history, and which are in force where and when.",
    "permits": "Permits to fly: ask for one, decide on one, hold, revoke, list.",
    "rules": "The rules of judging and responding: show, check, diff.",
    "restrictions": "Restrictions of an authority: draw, sign, amend, cancel, a ring at once.",
    "subscriptions": "Who is told of changes to permits, restrictions and zones.",
    "notices": "Who is told what happens in the watch; --test tells them that it is a test.",
    "people": "Passphrases of persons on duty: enrol, list, revoke.",
    "statements": "What others say of a night, side by side: compare, add, propose, review.",
    "incident": "Incidents: list, show, open, add to, note, merge, split, close, search, export.",
    "retention": "How long what is about persons is kept: show, run.",
    "keys": "Keys that sign logs: make, show, rotate, lose.",
    "witness": "Cosign checkpoints of logs, so that none can show two faces.",
    "checkpoint": "Bring a log's checkpoint out of the house: folder, web, letter, witness, paper.",
    "verify": "Check a night's log and dossier, byte by byte.",
    "redact": "Take what is about a person out of a closed log, on record, without breaking a proof.",
    "basemap": "Build map tiles from an OpenStreetMap extract.",
    "doctor": "Say what is configured, reachable, stale or unsafe, in plain words.",
}


class LazyGroup(click.Group):
    """Knows every verb by name and help line, and imports one only to run it: `--help` must be quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command = getattr(importlib.import_module(f"skykeep.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="skykeep", prog_name="skykeep")
def skykeep() -> None:
    """Keep the low sky over a place: sense, track, know who may fly, judge, respond (in simulation only),
    record.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a foreseen error becomes one sentence and exit code 1 (3 when the record is at odds
    with itself).
    """
    try:
        skykeep.main(args=list(arguments) if arguments is not None else None, prog_name="skykeep")
    except OSError as error:
        # The disk or the network said no; click has already dealt with a broken pipe.
        place = f"{error.filename}: " if error.filename else ""
        _say_wrong(f"skykeep: {place}{error.strerror or error}")
        sys.exit(1)
    except SkykeepError as error:
        _say_wrong(f"skykeep: {error}")
        sys.exit(3 if isinstance(error, IntegrityError) else 1)


def _say_wrong(sentences: str) -> None:
    from skykeep.cli.say import say

    for line in sentences.split("\n"):
        say(line, err=True)
