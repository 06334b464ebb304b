"""`skykeep subscriptions`: who is told of changes in the register, and by which way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from skykeep.cli.office_options import office_command, show_json
from skykeep.cli.say import say

if TYPE_CHECKING:
    from skykeep.app.office import Office
    from skykeep.domain.actor import Actor


@click.group("subscriptions")
def subscriptions() -> None:
    """Who is told when a restriction is published, a permit decided, a list of zones replaced.

    They are told while `skykeep run` keeps the watch over that register; what was missed is told then.
    """


@office_command(subscriptions, "add")
@click.argument("way", type=click.Choice(["webhook", "cot", "email", "ed318"]))
@click.argument("address")
@click.option("--kind", "kinds", multiple=True, help="Such as restriction.published; without: all.")
@click.option("--private", "sees_private", is_flag=True, help="Also what is private, for those entitled.")
def add(
    office: Office,
    actor: Actor,
    way: str,
    address: str,
    kinds: tuple[str, ...],
    sees_private: bool,
    as_json: bool,
) -> None:
    """Tell ADDRESS of changes. A webhook's secret is printed this once."""
    made = office.subscribers.subscribe(actor, way, address, kinds, sees_private=sees_private)
    if as_json:
        show_json(made)
        return
    say(f"{made.subscription_id}  {made.way}  {made.address}")
    if made.secret:
        say(f"secret: {made.secret}")


@office_command(subscriptions, "list")
def list_(office: Office, actor: Actor, as_json: bool) -> None:
    """List one's own."""
    found = office.subscribers.list(actor)
    if as_json:
        show_json([msgspec.structs.replace(each, secret="") for each in found])
        return
    for each in found:
        say(f"{each.subscription_id}  {each.way}  {each.address}  {' '.join(each.kinds) or 'all'}")


@office_command(subscriptions, "drop")
@click.argument("subscription_id")
def drop(office: Office, actor: Actor, subscription_id: str, as_json: bool) -> None:
    """Tell it no more."""
    office.subscribers.unsubscribe(actor, subscription_id)
    if as_json:
        show_json({"dropped": subscription_id})
