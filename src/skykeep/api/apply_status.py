"""How an application stands, as a page for whoever holds its reference: nothing of anybody else is on it."""

from __future__ import annotations

import datetime
from html import escape
from zoneinfo import ZoneInfo

from skykeep.api.apply_form import Region
from skykeep.api.apply_page import filled, page
from skykeep.api.apply_words import Words
from skykeep.base.clock import NS_PER_S
from skykeep.domain.permit import ENDED, GRANTED, Permit, PermitState, Scope, Volume4D
from skykeep.domain.zone import Circle, limit_m

# Which colour a state has, beside its words.
LOOK = dict.fromkeys(GRANTED, "good") | dict.fromkeys(
    (ENDED - {PermitState.CLOSED}) | {PermitState.SUSPENDED}, "bad"
)
MAY_WITHDRAW = frozenset(PermitState) - ENDED


def status_page(
    words: Words, region: Region, permit: Permit, reference: str, ticket: str, *, new: bool, notice: str = ""
) -> str:
    """Return the page of one application."""
    headline, what_next = words.states[permit.state]
    said = (
        f'<div class="wrong" id="wrong" role="alert" tabindex="-1">{escape(notice)}</div>' if notice else ""
    )
    welcome = f'<p role="status"><strong>{escape(words.sent)}</strong></p>' if new else ""
    reason = (
        f'<p><strong>{escape(words.reason)}:</strong> <span dir="auto">{escape(permit.reason)}</span></p>'
        if permit.reason
        else ""
    )
    body = (
        f"{said}{welcome}"
        f'<div class="state {LOOK.get(permit.state, "wait")}" data-state="{permit.state.value}">'
        f"<h2>{escape(headline)}</h2><p>{escape(what_next)}</p>{reason}</div>"
        f"{_offer(words, region, permit, reference, ticket)}"
        f"{_scope(words, region, permit.scope)}{_more(words, permit, reference)}"
        f"{_withdraw(words, permit, reference, ticket)}"
        f'<p class="hint">{escape(words.keep)}</p>'
        f'<p class="acts no-print"><a href="{escape(reference)}?lang={words.language}">'
        f"{escape(words.again)}</a>"
        f'<a href="../apply?lang={words.language}">{escape(words.another)}</a></p>'
    )
    return page(words, words.status_title, body, reference)


def unknown_page(words: Words) -> str:
    """Return the page that says that there is no such application."""
    body = (
        f"<p>{escape(words.unknown)}</p>"
        f'<p><a href="../apply?lang={words.language}">{escape(words.title)}</a></p>'
    )
    return page(words, words.unknown_title, body, "")


def _offer(words: Words, region: Region, permit: Permit, reference: str, ticket: str) -> str:
    if permit.state is not PermitState.ALTERNATIVE_OFFERED or permit.offer is None:
        return ""
    return (
        f'<section class="part" id="offer"><h2>{escape(words.offered)}</h2>'
        f"{_places_and_times(words, region, permit.offer)}<p>{escape(words.offered_says)}</p>"
        f'<div class="acts">{_act(words, reference, ticket, "accept", words.accept)}</div>'
        f"<details><summary>{escape(words.decline)}</summary><p>{escape(words.decline_says)}</p>"
        f"{_act(words, reference, ticket, 'decline', words.sure, plain=True)}</details></section>"
    )


def _withdraw(words: Words, permit: Permit, reference: str, ticket: str) -> str:
    if permit.state not in MAY_WITHDRAW:
        return ""
    return (
        f"<details><summary>{escape(words.withdraw)}</summary><p>{escape(words.withdraw_says)}</p>"
        f"{_act(words, reference, ticket, 'withdraw', words.sure, plain=True)}</details>"
    )


def _act(words: Words, reference: str, ticket: str, action: str, says: str, *, plain: bool = False) -> str:
    look = ' class="plain"' if plain else ""
    return (
        f'<form class="act" method="post" action="{escape(reference)}">'
        f'<input type="hidden" name="ticket" value="{escape(ticket)}">'
        f'<input type="hidden" name="lang" value="{words.language}">'
        f'<input type="hidden" name="action" value="{action}">'
        f'<button type="submit"{look} data-action="{action}">{escape(says)}</button></form>'
    )


def _scope(words: Words, region: Region, scope: Scope) -> str:
    return f"<h2>{escape(words.when)} · {escape(words.where)}</h2>{_places_and_times(words, region, scope)}"


def _places_and_times(words: Words, region: Region, scope: Scope) -> str:
    zone = ZoneInfo(region.zone_name)
    parts = "".join(
        f"<dt>{filled(words.local_time, region.zone_name)}</dt>"
        f"<dd>{_span(words, volume, zone)}</dd><dt>UTC</dt>"
        f"<dd>{_span(words, volume, datetime.UTC)}</dd>"
        f"<dt>{escape(words.where)}</dt><dd>{_place(words, volume)}</dd>"
        for volume in scope.volumes
    )
    return f"<dl>{parts}</dl>"


def _span(words: Words, volume: Volume4D, zone: datetime.tzinfo) -> str:
    begin, end = (_time(moment, zone) for moment in (volume.start_utc_ns, volume.end_utc_ns))
    if begin[:10] == end[:10]:
        return f'<bdi dir="ltr">{begin}–{end[11:]}</bdi>'
    return _two(words.from_to, begin, end)


def _time(time_utc_ns: int, zone: datetime.tzinfo) -> str:
    moment = datetime.datetime.fromtimestamp(time_utc_ns // NS_PER_S, zone)
    return moment.strftime("%Y-%m-%d %H:%M")


def _place(words: Words, volume: Volume4D) -> str:
    outline, ceiling_m = volume.volume.outline, limit_m(volume.volume.ceiling)
    if isinstance(outline, Circle):
        where = _two(words.within, f"{outline.radius_m:g}", _at(outline.latitude_deg, outline.longitude_deg))
    else:
        ring = outline.rings[0]
        listed = "; ".join(_at(latitude, longitude) for longitude, latitude in ring)
        where = f"{filled(words.of, str(len(ring)))}: <bdi dir='ltr'>{escape(listed)}</bdi>"
    high = "" if ceiling_m is None else f"<br>{filled(words.up_to, f'{ceiling_m:g}')}"
    return where + high


def _two(template: str, first: str, second: str) -> str:
    one = escape(template).replace("{}", f'<bdi dir="ltr">{escape(first)}</bdi>', 1)
    return one.replace("{}", f'<bdi dir="ltr">{escape(second)}</bdi>', 1)


def _at(latitude_deg: float, longitude_deg: float) -> str:
    return f"{latitude_deg:.5f}, {longitude_deg:.5f}"


def _more(words: Words, permit: Permit, reference: str) -> str:
    scope = permit.scope
    rows = (
        (words.holder, (permit.holder,)),
        (words.serials, scope.serials),
        (words.operator, scope.operator_ids),
        (words.purpose, (scope.flight.purpose,)),
        (words.conditions, scope.conditions),
        (words.opens, scope.unlocks),
        (words.document, (permit.document,)),
        (words.reference, (reference,)),
    )
    said = "".join(
        f"<dt>{escape(label)}</dt>"
        + "".join(f'<dd><bdi dir="auto">{escape(one)}</bdi></dd>' for one in values if one)
        for label, values in rows
        if any(values)
    )
    return f"<dl>{said}</dl>"
