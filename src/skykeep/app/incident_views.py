"""Incidents as people read them: one in a line, one with its timeline, what a filter finds."""

from __future__ import annotations

import msgspec

from skykeep.domain.incident import Held, Incident, IncidentState, ItemKey, ItemKind
from skykeep.evidence.case_book import CaseBook


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One incident in a list; `counts` says how many items of each kind it holds."""

    incident_id: str
    title: str
    state: IncidentState
    opened_utc_ns: int
    opened_by: str
    rule: str
    last_utc_ns: int
    counts: dict[str, int]
    notes: int
    merged_into: str


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an incident's timeline: an item at its time, a note, or a step of the incident itself.

    `added_utc_ns` is when it came in, where that is another time: what was found later is told as that.
    """

    time_utc_ns: int
    kind: str
    item_id: str
    night_id: str
    says: str
    by: str
    because: str
    came_from: tuple[str, ...]
    added_utc_ns: int


class IncidentView(msgspec.Struct, frozen=True, kw_only=True):
    """One incident whole, with everything in the order of its time."""

    incident: Incident
    timeline: tuple[Moment, ...]


def list_incidents(
    book: CaseBook, state: str = "", from_utc_ns: int | None = None, to_utc_ns: int | None = None
) -> tuple[IncidentLine, ...]:
    """Return the incidents that were open at some time between two, all by default, the latest first."""
    lines = []
    for incident in book.incidents.incidents:
        last = max(step.time_utc_ns for step in incident.history)
        if state and incident.state != state:
            continue
        if from_utc_ns is not None and last < from_utc_ns:
            continue
        if to_utc_ns is not None and incident.opened_utc_ns > to_utc_ns:
            continue
        lines.append(_line(incident, last))
    return tuple(reversed(lines))


def view_incident(book: CaseBook, incident_id: str) -> IncidentView:
    """Return one incident with its timeline; InputError where there is none of that number."""
    incident = book.incidents.incident(incident_id)
    moments = [_item(incident, held) for held in incident.items]
    moments += [
        Moment(
            time_utc_ns=note.time_utc_ns,
            kind="note",
            item_id="",
            night_id="",
            says=note.text,
            by=note.by,
            because="",
            came_from=() if note.incident_id == incident_id else (note.incident_id,),
            added_utc_ns=note.time_utc_ns,
        )
        for note in incident.notes
    ]
    moments += [
        Moment(
            time_utc_ns=step.time_utc_ns,
            kind="incident",
            item_id="",
            night_id="",
            says=_step_says(step.what, step.others, step.items),
            by=step.by,
            because=step.because,
            came_from=(),
            added_utc_ns=step.time_utc_ns,
        )
        for step in incident.history
        if step.what not in ("added", "noted")
    ]
    return IncidentView(incident=incident, timeline=tuple(sorted(moments, key=lambda m: m.time_utc_ns)))


def span_of(incident: Incident, night_id: str) -> tuple[int, int] | None:
    """Return from when to when an incident lasted in one night, None where it holds nothing of it."""
    times = [held.item.time_utc_ns for held in incident.items if held.item.key.night_id == night_id]
    return (min(times), max(times)) if times else None


def tracks_of(incident: Incident, night_id: str) -> frozenset[int]:
    """Return the numbers of the tracks that an incident holds of one night."""
    return frozenset(
        int(held.item.key.item_id)
        for held in incident.items
        if held.item.key.kind is ItemKind.TRACK
        and held.item.key.night_id == night_id
        and held.item.key.item_id.isdecimal()
    )


def parse_item(text: str, book: CaseBook) -> ItemKey:
    """Return the item that e.g. `track:12@N-1` names; the night may be left out where there is one only.

    InputError where that is no item.
    """
    from skykeep.base.errors import InputError

    kind, colon, rest = text.partition(":")
    names = [each.value for each in ItemKind]
    if not colon or kind not in names:
        raise InputError("item", repr(text), f"KIND:ID or KIND:ID@NIGHT, its kind one of {', '.join(names)}")
    if kind in (ItemKind.MEDIA, ItemKind.STATEMENT):
        return ItemKey(kind=ItemKind(kind), item_id=rest)
    item_id, at, night_id = rest.rpartition("@")
    if not at:
        if len(book.nights) != 1:
            nights = ", ".join(book.nights) or "none"
            raise InputError(
                "item", repr(text), f"with @ and a night of the case, of which there are {nights}"
            )
        item_id, night_id = rest, next(iter(book.nights))
    return ItemKey(kind=ItemKind(kind), item_id=item_id, night_id=night_id)


def _line(incident: Incident, last_utc_ns: int) -> IncidentLine:
    counts: dict[str, int] = {}
    for held in incident.items:
        counts[held.item.key.kind] = counts.get(held.item.key.kind, 0) + 1
    return IncidentLine(
        incident_id=incident.incident_id,
        title=incident.title,
        state=incident.state,
        opened_utc_ns=incident.opened_utc_ns,
        opened_by=incident.opened_by,
        rule=incident.rule,
        last_utc_ns=last_utc_ns,
        counts=counts,
        notes=len(incident.notes),
        merged_into=incident.merged_into,
    )


def _item(incident: Incident, held: Held) -> Moment:
    first = held.origins[0]
    came_from = {origin.incident_id for origin in held.origins} - {incident.incident_id}
    return Moment(
        time_utc_ns=held.item.time_utc_ns,
        kind=held.item.key.kind.value,
        item_id=held.item.key.item_id,
        night_id=held.item.key.night_id,
        says=held.item.says,
        by=first.by,
        because=first.because,
        came_from=tuple(sorted(came_from)),
        added_utc_ns=first.time_utc_ns,
    )


def _step_says(what: str, others: tuple[str, ...], items: int) -> str:
    told = what + (f": {', '.join(others)}" if others else "")
    return told + (f" ({items} item{'s' if items > 1 else ''})" if items else "")
