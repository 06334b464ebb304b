"""`skykeep notices SITE.toml`: who is told what happens in the watch, and whether telling works."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from skykeep.cli.say import say


@click.command("notices")
@click.argument(
    "site_file", metavar="SITE.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--test", is_flag=True, help="Tell everybody that this is a test.")
def notices(site_file: Path, test: bool) -> None:
    """Say who is told what happens in the watch; with --test, tell them.

    Ends with 1 where somebody could not be told.
    """
    from skykeep.app.notice_text import recipients_of, senders_of, test_delivery
    from skykeep.app.site_text import read_site_file
    from skykeep.base.errors import LinkError
    from skykeep.feeds.system_clock import SystemClock

    found = read_site_file(site_file)
    if found.notices is None or not found.notices.to:
        say("Nobody is told: the file has no [[notices.to]].")
        return
    recipients = recipients_of(found.notices, site_file.parent)
    senders = senders_of(found.notices, recipients, site_file.parent, found.site.name)
    failed = False
    for each in recipients:
        kinds = ", ".join(each.kinds) or "everything"
        above = f" from priority {each.from_priority:g}" if each.from_priority else ""
        says = f"{each.name}: {kinds}{above}, by {each.way}"
        if test:
            now_utc_ns = SystemClock().now_utc_ns()
            try:
                senders[each.way].send(test_delivery(each, found.site.name, now_utc_ns), now_utc_ns)
                says += ": told"
            except LinkError as error:
                failed = True
                says += f": not told: {error}"
        say(says)
    if failed:
        sys.exit(1)
