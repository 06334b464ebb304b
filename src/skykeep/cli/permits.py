"""`skykeep permits`: ask for a permit, decide on one, fly under one, from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from skykeep.cli.office_options import office_command, read_file, show_json
from skykeep.cli.say import say

if TYPE_CHECKING:
    from skykeep.app.office import Office
    from skykeep.domain.actor import Actor
    from skykeep.domain.permit import Permit, PermitTerms

_FORM = click.argument("form", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_ID = click.argument("permit_id", metavar="ID")


@click.group("permits")
def permits() -> None:
    """Permits to fly: asked for, decided, flown under, held and ended.

    Exits 0 when it was done, 1 when it was refused (why is said), 2 when the command was not understood.
    """


@office_command(permits, "request")
@_FORM
@click.option("--submit", is_flag=True, help="Submit it at once; with faults nothing is kept.")
def request(office: Office, actor: Actor, form: Path, submit: bool, as_json: bool) -> None:
    """Keep the draft in FORM (TOML or JSON), faults and all; they are named."""
    desk = office.permits
    permit = (desk.apply if submit else desk.request)(actor, _terms(form))
    _print(permit, as_json)
    if not submit:
        for fault in desk.faults(permit):
            say(f"still to mend: {fault}", err=True)


@office_command(permits, "amend")
@_ID
@_FORM
@click.option("--reason", default="", help="Why.")
def amend(office: Office, actor: Actor, permit_id: str, form: Path, reason: str, as_json: bool) -> None:
    """Rewrite a draft, or ask anew; what was granted stands until that is decided."""
    _print(office.permits.amend(actor, permit_id, _terms(form), reason), as_json)


@office_command(permits, "quick")
@_FORM
@click.option("--reason", required=True, help="Why it cannot wait.")
def quick(office: Office, actor: Actor, form: Path, reason: str, as_json: bool) -> None:
    """Grant a flight of police or emergency services at once; FORM says its legal basis."""
    _print(office.permits.quick(actor, _terms(form), reason), as_json)


@office_command(permits, "submit")
@_ID
def submit(office: Office, actor: Actor, permit_id: str, as_json: bool) -> None:
    """Submit a draft: it is approved by rule, or waits for a person."""
    _print(office.permits.submit(actor, permit_id), as_json)


@office_command(permits, "approve")
@_ID
@click.option("--reason", default="", help="Why.")
@click.option(
    "--unlock", "unlocks", multiple=True, metavar="ZONE", help="A zone to open; as often as needed."
)
@click.option("--condition", "conditions", multiple=True, metavar="SENTENCE", help="What it depends on.")
@click.option("--legal-basis", default=None, help="On what it rests.")
@click.option("--document", default=None, help="What a verdict cites.")
def approve(
    office: Office,
    actor: Actor,
    permit_id: str,
    reason: str,
    unlocks: tuple[str, ...],
    conditions: tuple[str, ...],
    legal_basis: str | None,
    document: str | None,
    as_json: bool,
) -> None:
    """Grant what was asked. Without --unlock the zones in its way are opened that this authority opens on
    request.
    """
    permit = office.permits.approve(
        actor,
        permit_id,
        reason,
        unlocks=unlocks or None,
        conditions=conditions or None,
        legal_basis=legal_basis,
        document=document,
    )
    _print(permit, as_json)


@office_command(permits, "offer")
@_ID
@click.argument("form", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="Why not as asked.")
@click.option(
    "--kind",
    type=click.Choice(["time", "ceiling", "part", "place"]),
    help="Without FORM: offer what is found of that kind; otherwise the first that is found.",
)
def offer(
    office: Office,
    actor: Actor,
    permit_id: str,
    form: Path | None,
    reason: str,
    kind: str | None,
    as_json: bool,
) -> None:
    """Offer the volumes in FORM, or what the office finds free, in place of what was asked."""
    import msgspec

    asked = office.permits.show(actor, permit_id)
    if form is not None:
        terms = _terms(form)
        assert terms.scope is not None
        scope = msgspec.structs.replace(
            asked.scope,
            volumes=terms.scope.volumes,
            unlocks=terms.scope.unlocks or asked.scope.unlocks,
            conditions=terms.scope.conditions or asked.scope.conditions,
        )
    else:
        found = office.permits.alternatives(
            actor, asked.scope, asked.priority, asked.authority_id or actor.authority_id, permit_id
        )
        fitting = [each for each in found if kind in (None, each.kind)]
        if not fitting:
            say("skykeep: nothing free was found to offer", err=True)
            sys.exit(1)
        scope = fitting[0].scope
        say(f"offered: {fitting[0].says}", err=True)
    _print(office.permits.offer(actor, permit_id, scope, reason), as_json)


def _step(name: str, method: str, help_text: str, *, needs_reason: bool = False) -> None:
    """Add a command that takes one step of a permit with a reason."""

    # A default of None would count as given, and a required reason as said.
    given = {"required": True} if needs_reason else {"default": ""}

    @click.option("--reason", help="Why.", **given)
    def step(office: Office, actor: Actor, permit_id: str, reason: str, as_json: bool) -> None:
        _print(getattr(office.permits, method)(actor, permit_id, reason), as_json)

    step.__doc__ = help_text
    office_command(permits, name)(_ID(step))


_step("refuse", "deny", "Refuse what was asked; of an amendment, only that.", needs_reason=True)
_step("accept", "accept", "Take what was offered.")
_step("activate", "activate", "Say that the flight begins.")
_step("suspend", "suspend", "Hold a granted permit.", needs_reason=True)
_step("resume", "resume", "Let a held permit stand again.", needs_reason=True)
_step("revoke", "revoke", "Take back what was granted, for good.", needs_reason=True)
_step("close", "close", "Say that the flight is over.")
_step("withdraw", "withdraw", "Want it no more; of an amendment, only that.")


@office_command(permits, "list", rules=True)
@click.option("--state", "states", multiple=True, help="Only in this state; as often as needed.")
@click.option("--inbox", is_flag=True, help="Only what waits for a decision of one's authority.")
def list_permits(office: Office, actor: Actor, states: tuple[str, ...], inbox: bool, as_json: bool) -> None:
    """List the permits that one may know of."""
    from skykeep.domain.permit import PermitState

    unknown = set(states) - set(PermitState)
    if unknown:
        must = f"must be one of {', '.join(PermitState)}"
        raise click.BadParameter(f"{', '.join(sorted(unknown))} {must}", param_hint="--state")
    wanted = frozenset(PermitState(each) for each in states) or None
    found = office.permits.inbox(actor) if inbox else office.permits.list(actor, wanted)
    if inbox and wanted is not None:
        found = tuple(each for each in found if each.state in wanted)
    if as_json:
        show_json(found)
        return
    for permit in found:
        say(_line(permit))


@office_command(permits, "show", rules=True)
@_ID
def show(office: Office, actor: Actor, permit_id: str, as_json: bool) -> None:
    """Show a permit and every step of it."""
    from skykeep.base.clock import iso_utc

    permit = office.permits.show(actor, permit_id)
    events = office.permits.history(actor, permit_id)
    if as_json:
        show_json({"permit": permit, "events": events})
        return
    say(_line(permit))
    if permit.document:
        say(f"document {permit.document}; opens {', '.join(permit.scope.unlocks) or 'no zone'}")
    for event in events:
        because = f": {event.reason}" if event.reason else ""
        say(f"{iso_utc(event.time_utc_ns)} {event.action} by {event.by} ({event.role}){because}")


@office_command(permits, "check")
@_FORM
def check(office: Office, actor: Actor, form: Path, as_json: bool) -> None:
    """Say what is in the way of FORM, and what would be free instead. Exits 0 only when nothing is."""
    terms = _terms(form)
    assert terms.scope is not None
    assert terms.priority is not None
    asked = (actor, terms.scope, terms.priority, terms.authority_id or actor.authority_id)
    found = office.permits.check(*asked)
    instead = office.permits.alternatives(*asked)
    if as_json:
        show_json({"review": found, "alternatives": instead})
    else:
        for need in found.needs:
            say(f"in zone {need.zone_id} ({need.name}), {need.restriction}")
        for conflict in found.conflicts:
            say(f"conflict: {conflict.because}")
        for each in instead:
            say(f"free instead: {each.says}")
        if not found.conflicts:
            say("nothing is in the way")
    sys.exit(1 if found.conflicts else 0)


def _terms(form: Path) -> PermitTerms:
    from skykeep.app.office_forms import PermitForm, permit_terms

    return permit_terms(read_file(form, PermitForm))


def _print(permit: Permit, as_json: bool) -> None:
    if as_json:
        show_json(permit)
    else:
        say(_line(permit))


def _line(permit: Permit) -> str:
    from skykeep.base.clock import iso_utc

    span = permit.span_utc_ns
    when = "no time yet" if span is None else f"{iso_utc(span[0])} to {iso_utc(span[1])}"
    because = f" ({permit.reason})" if permit.reason else ""
    state = permit.state.replace("_", " ")
    if permit.standing is not None:
        state += f", what was {permit.standing.replace('_', ' ')} before stands until then"
    return (
        f"{permit.permit_id} v{permit.version} {state}{because}: {permit.holder}, {permit.priority}, {when}"
    )
