"""`skykeep rules`: the numbers by which threats are judged and people are asked, as a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("rules")
def rules() -> None:
    """The rules of judging and responding: a TOML file that a site file names with `rules = "..."`."""


@rules.command("show")
@click.argument("file", type=FILE, required=False)
def show(file: Path | None) -> None:
    """Write every rule of FILE, or of those that come with Skykeep, as TOML."""
    from skykeep.app.rules_text import packaged_rules_text, read_rules, rules_text

    click.echo(packaged_rules_text() if file is None else rules_text(read_rules(file)), nl=False)


@rules.command("check")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
def check(file: Path, as_json: bool) -> None:
    """Say whether FILE can be in force, and how many of its rules are not the usual ones."""
    from skykeep.app.rules_text import changes_between, read_rules
    from skykeep.domain.rules import DEFAULT_RULES

    found = read_rules(file)
    own = [change for change in changes_between(DEFAULT_RULES, found) if "." in change.field]
    if as_json:
        click.echo(json.dumps({"rules": found.called, "own": len(own)}))
        return
    click.echo(f"{found.called}: can be in force; {len(own)} of its rules are its own.")


@rules.command("diff")
@click.argument("was", type=FILE)
@click.argument("now", type=FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
def diff(was: Path, now: Path | None, as_json: bool) -> None:
    """List every rule that WAS and NOW do not have alike; without NOW, the usual rules and WAS."""
    from skykeep.app.rules_text import changes_between, read_rules
    from skykeep.domain.rules import DEFAULT_RULES

    before, after = (DEFAULT_RULES, read_rules(was)) if now is None else (read_rules(was), read_rules(now))
    changes = changes_between(before, after)
    if as_json:
        click.echo(json.dumps([change._asdict() for change in changes]))
        return
    for change in changes:
        click.echo(f"{change.field}: {change.was} -> {change.now}")
    if not changes:
        click.echo("They are alike.")
