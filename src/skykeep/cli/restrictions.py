"""`skykeep restrictions`: draw, sign and take back restrictions from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from skykeep.cli.office_options import office_command, read_file, show_json
from skykeep.cli.say import say

if TYPE_CHECKING:
    from skykeep.app.office import Office
    from skykeep.domain.actor import Actor
    from skykeep.domain.restriction import AirspaceRestriction

_FORM = click.argument("form", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_ID = click.argument("restriction_id", metavar="ID")


@click.group("restrictions")
def restrictions() -> None:
    """Restrictions of an authority: drawn, signed by two people, in force, taken back.

    Exits 0 when it was done, 1 when it was refused (why is said), 2 when the command was not understood.
    """


@office_command(restrictions, "draw")
@_FORM
def draw(office: Office, actor: Actor, form: Path, as_json: bool) -> None:
    """Draw what FORM (TOML or JSON) says, freely or by a template; it waits for two signatures."""
    from skykeep.app.office_forms import RestrictionForm, restriction_zones

    filled_in = read_file(form, RestrictionForm)
    zones = restriction_zones(filled_in)
    drawn = office.restrictions.draw_all(
        actor,
        zones,
        filled_in.reason,
        title=filled_in.title if len(zones) == 1 else "",
        template=filled_in.template,
        lead_in_s=filled_in.lead_in_s,
        incident_id=filled_in.incident_id,
    )
    _print(drawn, as_json)
    for each in drawn:
        for fault in office.restrictions.faults(each):
            say(f"cannot be signed as it is: {fault}", err=True)


@office_command(restrictions, "sign")
@_ID
def sign(office: Office, actor: Actor, restriction_id: str, as_json: bool) -> None:
    """Sign it; the second person's signature publishes it."""
    _print((office.restrictions.sign(actor, restriction_id),), as_json)


@office_command(restrictions, "amend")
@_ID
@_FORM
def amend(office: Office, actor: Actor, restriction_id: str, form: Path, as_json: bool) -> None:
    """Change it to what FORM says; what is published stays in force until both have signed anew."""
    from skykeep.app.office_forms import RestrictionForm, restriction_zones
    from skykeep.base.errors import InputError

    filled_in = read_file(form, RestrictionForm)
    zones = restriction_zones(filled_in)
    if len(zones) != 1:
        raise InputError("form", f"{len(zones)} zones", "one: it amends one restriction")
    after = office.restrictions.amend(
        actor,
        restriction_id,
        filled_in.reason,
        zone=zones[0],
        title=filled_in.title,
        lead_in_s=filled_in.lead_in_s,
    )
    _print((after,), as_json)


@office_command(restrictions, "cancel")
@_ID
@click.option("--reason", required=True, help="Why.")
def cancel(office: Office, actor: Actor, restriction_id: str, reason: str, as_json: bool) -> None:
    """Take it back."""
    _print((office.restrictions.cancel(actor, restriction_id, reason),), as_json)


@office_command(restrictions, "ring")
@click.argument("incident_id")
@click.option("--at", "place", required=True, metavar="LON,LAT", help="Its middle, degrees on WGS 84.")
@click.option("--radius", "radius_m", type=float, help="In metres; otherwise as the settings say.")
@click.option("--reason", default="", help="Why.")
def ring(
    office: Office,
    actor: Actor,
    incident_id: str,
    place: str,
    radius_m: float | None,
    reason: str,
    as_json: bool,
) -> None:
    """Close the sky round a live incident at once; it lapses unless a second person signs it."""
    try:
        longitude_deg, latitude_deg = (float(part) for part in place.split(","))
    except ValueError as error:
        raise click.BadParameter(f"{place!r} must look like 20.5,48.1", param_hint="--at") from error
    drawn = office.restrictions.emergency_ring(
        actor, incident_id, (longitude_deg, latitude_deg), radius_m, reason
    )
    _print((drawn,), as_json)


@office_command(restrictions, "list", rules=True)
@click.option("--in-force", "in_force", is_flag=True, help="Only those of which something is published.")
def list_restrictions(office: Office, actor: Actor, in_force: bool, as_json: bool) -> None:  # noqa: ARG001
    """List restrictions."""
    _print(office.restrictions.in_force() if in_force else office.restrictions.list(), as_json)


@office_command(restrictions, "show", rules=True)
@_ID
def show(office: Office, actor: Actor, restriction_id: str, as_json: bool) -> None:  # noqa: ARG001
    """Show a restriction and every step of it."""
    from skykeep.base.clock import iso_utc

    restriction = office.restrictions.show(restriction_id)
    events = office.restrictions.history(restriction_id)
    if as_json:
        show_json({"restriction": restriction, "events": events})
        return
    say(_line(restriction))
    for event in events:
        because = f": {event.reason}" if event.reason else ""
        say(f"{iso_utc(event.time_utc_ns)} {event.action} by {event.by} ({event.role}){because}")


def _print(found: tuple[AirspaceRestriction, ...], as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    for each in found:
        say(_line(each))


def _line(restriction: AirspaceRestriction) -> str:
    signed = ", ".join(signature.by for signature in restriction.signatures) or "nobody yet"
    force = ", in force" if restriction.published is not None else ""
    return (
        f"{restriction.restriction_id} v{restriction.version} {restriction.state}{force}: "
        f"{restriction.title}; signed by {signed}"
    )
