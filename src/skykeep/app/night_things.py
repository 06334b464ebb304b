"""What a night's log tells of a thing that somebody names for an incident: that it is there, when, and what.

| thing | is called | is at | says |
|---|---|---|---|
| track | its number | its first entry | its number |
| alert | its number | when it was raised | its title then |
| report | who and which of theirs, `resident-1 0` | when they say that they heard it | its text |
| task, proposal, effect | its number | its first entry | its number |
"""

from __future__ import annotations

from typing import Any

import msgspec

from skykeep.app.incident_watch import one_line
from skykeep.app.replay import Recording
from skykeep.base.errors import InputError
from skykeep.domain.incident import LONGEST_SAYS, Item, ItemKey, ItemKind
from skykeep.domain.record import LogEntry
from skykeep.evidence.redacted_entry import readable_payload
from skykeep.store.log_reader import LogReader

# In which entries a kind of thing is told of, and which of their fields name it.
_TOLD_IN: dict[ItemKind, tuple[str, tuple[str, ...]]] = {
    ItemKind.TRACK: ("track", ("track_id",)),
    ItemKind.ALERT: ("alert", ("alert_id",)),
    ItemKind.REPORT: ("report", ("sensor_id", "sequence")),
    ItemKind.TASK: ("task", ("task_id",)),
    ItemKind.PROPOSAL: ("proposal", ("proposal_id",)),
    ItemKind.EFFECT: ("effect_order", ("order_id",)),
}


def thing_of(recording: Recording, key: ItemKey) -> Item | None:
    """Return a thing of a night as its log tells it, None for a kind that is not looked up there; InputError
    where the night never had it.
    """
    if key.kind not in _TOLD_IN:
        return None
    kind, fields = _TOLD_IN[key.kind]
    names: list[str] = []
    for entry in LogReader(recording.log).entries(kind=kind):
        said = readable_payload(entry)
        told = {} if said is None else msgspec.json.decode(said)
        name = " ".join(str(told.get(field, "")) for field in fields)
        if name == key.item_id:
            return _item(key, entry, told)
        if told and name not in names:
            names.append(name)
    ends = f", {names[0]} to {names[-1]}" if names else ""
    must = f"one of the {len(names)} {key.kind}s of {key.night_id}{ends}"
    raise InputError("item", f"{key.kind} {key.item_id}", must)


def _item(key: ItemKey, entry: LogEntry, told: dict[str, Any]) -> Item:
    time_utc_ns, says = entry.time_utc_ns, f"{key.kind.capitalize()} {key.item_id}"
    if key.kind is ItemKind.ALERT:
        time_utc_ns, says = told["raised_utc_ns"], f"{key.item_id}: {told['title']}"
    elif key.kind is ItemKind.REPORT:
        time_utc_ns, says = told["heard_utc_ns"], f"{says}: {told['text']}"
    return Item(key=key, time_utc_ns=time_utc_ns, says=one_line(says, LONGEST_SAYS))
