"""The incidents of a case, as a pure fold: commands in, incidents as they stand.

| law | |
|---|---|
| nothing is lost | what was ever put in is held by an incident, or on the list of what was taken out of one |
| where from | every item keeps its origins, through any number of merges and splits |
| numbers | an incident keeps its own for good; that of a merged one is never given to another |
| closed | takes what is found later, and notes; nothing is moved out of it until it is reopened |

A command that cannot be followed is refused whole, with the field and what it must be; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from skykeep.base.errors import InputError
from skykeep.domain.incident import (
    LONGEST_ID,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_SAYS,
    LONGEST_TITLE,
    MOST_ITEMS,
    MOST_ITEMS_AT_ONCE,
    OF_THE_CASE,
    AddToIncident,
    CloseIncident,
    Held,
    Incident,
    IncidentCommand,
    IncidentState,
    IncidentStep,
    Item,
    ItemKey,
    MergeIncidents,
    Note,
    NoteOnIncident,
    OpenIncident,
    Origin,
    Removed,
    RemoveFromIncident,
    RenameIncident,
    ReopenIncident,
    SplitIncident,
)
from skykeep.evidence.case_bounds import check_text, check_time, check_who_and_when


class IncidentBook:
    """All incidents of one case. `knows` says whether an item is there to be held: of a night that is
    attached, or in the case itself.
    """

    def __init__(self, knows: Callable[[ItemKey], bool] = lambda _: True) -> None:
        self._incidents: dict[str, Incident] = {}
        self._holders: dict[ItemKey, dict[str, None]] = {}
        self._knows = knows

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Every incident there ever was, in the order of their numbers."""
        return tuple(self._incidents.values())

    def incident(self, incident_id: str) -> Incident:
        """Return one incident; InputError where there is none of that number."""
        found = self._incidents.get(incident_id)
        if found is None:
            raise InputError("incident_id", repr(incident_id), "the number of an incident of this case")
        return found

    def holding(self, key: ItemKey) -> tuple[Incident, ...]:
        """Return the incidents that hold an item now."""
        return tuple(self._incidents[each] for each in self._holders.get(key, ()))

    def ever_held(self, key: ItemKey) -> bool:
        """Say whether an incident holds an item or held it before it was taken out."""
        return key in self._holders

    def came_to(self, incident: Incident, key: ItemKey) -> bool:
        """Say whether an item ever came to an incident, or to one that this came out of by merge or split."""
        if not self.ever_held(key):
            return False
        family, new = set[str](), [incident.incident_id]
        while new:
            one = self._incidents[new.pop()]
            family.add(one.incident_id)
            before = (*one.merged_from, *((one.split_from,) if one.split_from else ()))
            new += [each for each in before if each not in family]
        held = [each for one in self.holding(key) if (each := one.held(key)) is not None]
        out = [gone.held for one in self._incidents.values() for gone in one.removed]
        found = held + [each for each in out if each.item.key == key]
        return any(origin.incident_id in family for each in found for origin in each.origins)

    def apply(self, command: IncidentCommand) -> Incident:
        """Follow one command and return the incident that it made or changed last; InputError refuses it."""
        check_who_and_when(command.by, command.time_utc_ns)
        if not isinstance(command, NoteOnIncident):
            check_text("reason", command.reason, LONGEST_REASON)
        match command:
            case OpenIncident():
                return self._open(command)
            case AddToIncident():
                return self._add(command)
            case RemoveFromIncident():
                return self._remove(command)
            case MergeIncidents():
                return self._merge(command)
            case SplitIncident():
                return self._split(command)
            case RenameIncident():
                check_text("title", command.title, LONGEST_TITLE)
                now = replace(self._movable(command.incident_id), title=command.title)
                return self._keep(now, _step(command, f"renamed to “{command.title}”"))
            case CloseIncident():
                now = replace(self._movable(command.incident_id), state=IncidentState.CLOSED)
                return self._keep(now, _step(command, "closed"))
            case ReopenIncident():
                before = self._standing(command.incident_id)
                if before.state is not IncidentState.CLOSED:
                    raise InputError("incident_id", f"{before.incident_id} is {before.state}", "closed")
                return self._keep(replace(before, state=IncidentState.OPEN), _step(command, "reopened"))
            case NoteOnIncident():
                return self._note(command)

    def _open(self, command: OpenIncident) -> Incident:
        check_text("title", command.title, LONGEST_TITLE)
        if command.rule:
            check_text("rule", command.rule, LONGEST_NAME)
        self._check_items(command.items)
        incident_id = self._next_id()
        opened = Incident(
            incident_id=incident_id,
            title=command.title,
            state=IncidentState.OPEN,
            opened_utc_ns=command.time_utc_ns,
            opened_by=command.by,
            because=command.reason,
            rule=command.rule,
            items=tuple(_held(item, incident_id, command) for item in command.items),
        )
        return self._keep(opened, _step(command, "opened", items=len(command.items)))

    def _add(self, command: AddToIncident) -> Incident:
        before = self._standing(command.incident_id)
        self._check_some(command.items)
        self._check_items(command.items)
        held = {each.item.key for each in before.items}
        for item in command.items:
            if item.key in held:
                found = f"{_name(item.key)}, which {before.incident_id} holds already"
                raise InputError("items", found, "one that it does not hold")
        _check_room(len(before.items) + len(command.items))
        came = tuple(_held(item, before.incident_id, command) for item in command.items)
        now = replace(before, items=before.items + came)
        return self._keep(now, _step(command, "added", items=len(came)))

    def _remove(self, command: RemoveFromIncident) -> Incident:
        before = self._movable(command.incident_id)
        gone, left = self._parted(before, command.items)
        removed = tuple(
            Removed(held=each, by=command.by, time_utc_ns=command.time_utc_ns, because=command.reason)
            for each in gone
        )
        now = replace(before, items=left, removed=before.removed + removed)
        return self._keep(now, _step(command, "removed", items=len(gone)))

    def _merge(self, command: MergeIncidents) -> Incident:
        into = self._movable(command.into, "into")
        ids = command.incident_ids
        if not ids or len(ids) > MOST_ITEMS_AT_ONCE:
            raise InputError("incident_ids", f"{len(ids)} incidents", f"1 to {MOST_ITEMS_AT_ONCE}")
        if len(set(ids)) != len(ids) or command.into in ids:
            raise InputError("incident_ids", ", ".join(ids), f"different ones, none of them {command.into}")
        parts = [self._movable(each, "incident_ids") for each in ids]
        held = {each.item.key: each for each in into.items}
        for part in parts:
            for each in part.items:
                twin = held.get(each.item.key)
                held[each.item.key] = (
                    each if twin is None else replace(twin, origins=twin.origins + each.origins)
                )
        _check_room(len(held))
        for part in parts:
            gone = replace(part, state=IncidentState.MERGED, merged_into=into.incident_id, items=(), notes=())
            step = _step(command, "merged into another", (into.incident_id,), len(part.items))
            self._keep(gone, step)
        notes = sorted(
            (*into.notes, *(note for part in parts for note in part.notes)), key=lambda note: note.time_utc_ns
        )
        now = replace(
            into, items=tuple(held.values()), notes=tuple(notes), merged_from=into.merged_from + ids
        )
        moved = sum(len(part.items) for part in parts)
        return self._keep(now, _step(command, "took over others", ids, moved))

    def _split(self, command: SplitIncident) -> Incident:
        before = self._movable(command.incident_id)
        check_text("title", command.title, LONGEST_TITLE)
        gone, left = self._parted(before, command.items)
        if not left:
            raise InputError("items", "all that it holds", "fewer: rename it instead")
        new_id = self._next_id()
        part = Incident(
            incident_id=new_id,
            title=command.title,
            state=IncidentState.OPEN,
            opened_utc_ns=command.time_utc_ns,
            opened_by=command.by,
            because=command.reason,
            rule="",
            items=gone,
            split_from=before.incident_id,
        )
        now = replace(before, items=left, split_into=(*before.split_into, new_id))
        self._keep(now, _step(command, "split: a part went to another", (new_id,), len(gone)))
        return self._keep(part, _step(command, "split off", (before.incident_id,), len(gone)))

    def _note(self, command: NoteOnIncident) -> Incident:
        before = self._standing(command.incident_id)
        check_text("text", command.text, LONGEST_NOTE, lines=True)
        note = Note(
            incident_id=before.incident_id,
            text=command.text,
            by=command.by,
            time_utc_ns=command.time_utc_ns,
        )
        now = replace(before, notes=(*before.notes, note))
        step = IncidentStep(time_utc_ns=command.time_utc_ns, what="noted", by=command.by, because="")
        return self._keep(now, step)

    def _keep(self, incident: Incident, step: IncidentStep) -> Incident:
        now = replace(incident, history=(*incident.history, step))
        before = self._incidents.get(now.incident_id)
        if before is None or before.items is not now.items:
            held = {each.item.key for each in now.items}
            for each in () if before is None else before.items:
                if each.item.key not in held:
                    del self._holders[each.item.key][now.incident_id]
            for key in held:
                self._holders.setdefault(key, {})[now.incident_id] = None
        self._incidents[now.incident_id] = now
        return now

    def _next_id(self) -> str:
        return f"I-{len(self._incidents) + 1}"

    def _standing(self, incident_id: str, field: str = "incident_id") -> Incident:
        """Return an incident that something can still happen to."""
        found = self._incidents.get(incident_id)
        if found is None:
            raise InputError(field, repr(incident_id), "the number of an incident of this case")
        if found.state is IncidentState.MERGED:
            raise InputError(field, f"{incident_id}, which is part of {found.merged_into}", "one by itself")
        return found

    def _movable(self, incident_id: str, field: str = "incident_id") -> Incident:
        found = self._standing(incident_id, field)
        if found.state is not IncidentState.OPEN:
            raise InputError(field, f"{incident_id} is {found.state}", "open")
        return found

    def _parted(
        self, incident: Incident, keys: tuple[ItemKey, ...]
    ) -> tuple[tuple[Held, ...], tuple[Held, ...]]:
        """Return what of an incident goes and what stays."""
        self._check_some(keys)
        held = {each.item.key for each in incident.items}
        for key in keys:
            if key not in held:
                raise InputError("items", _name(key), f"one that {incident.incident_id} holds")
        wanted = set(keys)
        gone = tuple(each for each in incident.items if each.item.key in wanted)
        return gone, tuple(each for each in incident.items if each.item.key not in wanted)

    @staticmethod
    def _check_some(items: tuple[Any, ...]) -> None:
        if not 1 <= len(items) <= MOST_ITEMS_AT_ONCE:
            raise InputError("items", f"{len(items)} items", f"1 to {MOST_ITEMS_AT_ONCE}")

    def _check_items(self, items: tuple[Item, ...]) -> None:
        if len(items) > MOST_ITEMS_AT_ONCE:
            raise InputError("items", f"{len(items)} items", f"at most {MOST_ITEMS_AT_ONCE}")
        if len({item.key for item in items}) != len(items):
            raise InputError("items", "one of them twice", "each of them once")
        for item in items:
            check_text("items.item_id", item.key.item_id, LONGEST_ID)
            check_text("items.says", item.says, LONGEST_SAYS, lines=True)
            check_time("items.time_utc_ns", item.time_utc_ns)
            if (item.key.kind in OF_THE_CASE) != (item.key.night_id == ""):
                must = '"" for media and statements, a night of the case for all else'
                raise InputError("items.night_id", f"{item.key.night_id!r} for a {item.key.kind}", must)
            if not self._knows(item.key):
                raise InputError("items", _name(item.key), "of a night that is attached, or kept in the case")


def _check_room(items: int) -> None:
    if items > MOST_ITEMS:
        raise InputError("items", f"{items} in one incident", f"at most {MOST_ITEMS}")


def _held(item: Item, incident_id: str, command: OpenIncident | AddToIncident) -> Held:
    origin = Origin(
        incident_id=incident_id, by=command.by, time_utc_ns=command.time_utc_ns, because=command.reason
    )
    return Held(item=item, origins=(origin,))


def _name(key: ItemKey) -> str:
    return f"{key.kind} {key.item_id}" + (f" of {key.night_id}" if key.night_id else "")


def _step(
    command: Any,
    what: str,
    others: Iterable[str] = (),
    items: int = 0,
) -> IncidentStep:
    return IncidentStep(
        time_utc_ns=command.time_utc_ns,
        what=what,
        by=command.by,
        because=command.reason,
        others=tuple(others),
        items=items,
    )
