"""Incidents: what belongs together of a night or of several, what people ask to be done with it, and how it
stands.

An item is named, never copied: an alert, a track or a decision is in the night's log, a file or a document in
the case folder. `says` tells it in one line, so that an incident can be read where the night is not at hand.
"""

from __future__ import annotations

import enum

import msgspec

# The bounds of what is put into a case, in characters and in number.
LONGEST_TITLE, LONGEST_REASON, LONGEST_NOTE = 200, 1_000, 10_000
LONGEST_NAME, LONGEST_ID, LONGEST_SAYS = 100, 200, 1_000
MOST_ITEMS_AT_ONCE, MOST_ITEMS = 1_000, 20_000


class ItemKind(enum.StrEnum):
    """What an item is. A `step` is what became of an alert, a task or a proposal; `statement` is a document
    of what others say.
    """

    ALERT = "alert"
    TRACK = "track"
    TASK = "task"
    PROPOSAL = "proposal"
    DECISION = "decision"
    EFFECT = "effect"
    STEP = "step"
    REPORT = "report"
    MEDIA = "media"
    STATEMENT = "statement"


# What is kept in the case itself; everything else is of one night.
OF_THE_CASE = frozenset({ItemKind.MEDIA, ItemKind.STATEMENT})


class ItemKey(msgspec.Struct, frozen=True, kw_only=True):
    """Which item: `item_id` is as the night calls it (a decision: the first 16 hex digits of the SHA-256 of
    its entry's payload), `night_id` the night's number in the case, "" for media and statements.
    """

    kind: ItemKind
    item_id: str
    night_id: str = ""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that belongs to an incident, when it was, and in one line what it is."""

    key: ItemKey
    time_utc_ns: int
    says: str


class IncidentRule(msgspec.Struct, frozen=True, kw_only=True):
    """When an alert is part of an incident that is open already: it is about the same tracks or the same
    swarm as an alert there; or it was raised within `within_s` of one, and is within `within_m` of where that
    was seen last or (`same_asset`) towards the same asset. Otherwise it opens one of its own. `reason` is why
    these figures hold here.
    """

    name: str = "one story"
    within_s: float = 600.0
    within_m: float = 3_000.0
    same_asset: bool = True
    reason: str = "What comes close together in time, and in place or aim, is looked into together."


class OpenIncident(msgspec.Struct, frozen=True, kw_only=True, tag="open_incident"):
    """`rule` names the rule that opened it; "" where a person did."""

    title: str
    reason: str
    by: str
    time_utc_ns: int
    items: tuple[Item, ...] = ()
    rule: str = ""


class AddToIncident(msgspec.Struct, frozen=True, kw_only=True, tag="add_to_incident"):
    """Things are put to an incident; also to one that is closed: what is found later still belongs to it."""

    incident_id: str
    items: tuple[Item, ...]
    reason: str
    by: str
    time_utc_ns: int


class RemoveFromIncident(msgspec.Struct, frozen=True, kw_only=True, tag="remove_from_incident"):
    """Things do not belong to it after all. They stay on its list of what was taken out."""

    incident_id: str
    items: tuple[ItemKey, ...]
    reason: str
    by: str
    time_utc_ns: int


class MergeIncidents(msgspec.Struct, frozen=True, kw_only=True, tag="merge_incidents"):
    """All of `incident_ids` are part of `into`, which takes over what they hold."""

    incident_ids: tuple[str, ...]
    into: str
    reason: str
    by: str
    time_utc_ns: int


class SplitIncident(msgspec.Struct, frozen=True, kw_only=True, tag="split_incident"):
    """Some of it is an incident of its own, under a new number."""

    incident_id: str
    items: tuple[ItemKey, ...]
    title: str
    reason: str
    by: str
    time_utc_ns: int


class RenameIncident(msgspec.Struct, frozen=True, kw_only=True, tag="rename_incident"):
    incident_id: str
    title: str
    reason: str
    by: str
    time_utc_ns: int


class CloseIncident(msgspec.Struct, frozen=True, kw_only=True, tag="close_incident"):
    """Nobody works on it any more; what it holds stays as it is until it is reopened."""

    incident_id: str
    reason: str
    by: str
    time_utc_ns: int


class ReopenIncident(msgspec.Struct, frozen=True, kw_only=True, tag="reopen_incident"):
    incident_id: str
    reason: str
    by: str
    time_utc_ns: int


class NoteOnIncident(msgspec.Struct, frozen=True, kw_only=True, tag="note_on_incident"):
    """What somebody has to say on it, in their own words."""

    incident_id: str
    text: str
    by: str
    time_utc_ns: int


IncidentCommand = (
    OpenIncident
    | AddToIncident
    | RemoveFromIncident
    | MergeIncidents
    | SplitIncident
    | RenameIncident
    | CloseIncident
    | ReopenIncident
    | NoteOnIncident
)


class IncidentState(enum.StrEnum):
    """`merged`: it is part of another now, and nothing more happens to it."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """How an item came in: into which incident first, by whom, when and why."""

    incident_id: str
    by: str
    time_utc_ns: int
    because: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """An item that an incident holds; more than one origin where incidents that both held it were merged."""

    item: Item
    origins: tuple[Origin, ...]


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was taken out, by whom, when and why."""

    held: Held
    by: str
    time_utc_ns: int
    because: str


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note, and on which incident it was made: after a merge another than that which holds it."""

    incident_id: str
    text: str
    by: str
    time_utc_ns: int


class IncidentStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of an incident: `what` in the past tense, with `others` (incidents) where it was
    one of merging or splitting; `items` counts the things that came, went or moved.
    """

    time_utc_ns: int
    what: str
    by: str
    because: str
    others: tuple[str, ...] = ()
    items: int = 0


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A case within the case: what it holds, what was taken out again, and every step since it was opened.

    `rule` names the rule that opened it, "" where a person did. Its number is never given to another.
    """

    incident_id: str
    title: str
    state: IncidentState
    opened_utc_ns: int
    opened_by: str
    because: str
    rule: str
    items: tuple[Held, ...]
    removed: tuple[Removed, ...] = ()
    notes: tuple[Note, ...] = ()
    history: tuple[IncidentStep, ...] = ()
    merged_into: str = ""
    merged_from: tuple[str, ...] = ()
    split_from: str = ""
    split_into: tuple[str, ...] = ()

    def held(self, key: ItemKey) -> Held | None:
        """Return what it holds under that key, or None."""
        return next((each for each in self.items if each.item.key == key), None)
