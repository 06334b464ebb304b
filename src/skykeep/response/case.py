"""An open alert and its memory: the record that people see, and what the desk needs to keep it true.

A *life* is the record with its states, notes and who has heard it. A *case* has one or more members too: the
tracks that it is about now. That which matters most leads; what the record says of priority, breach and
grounds is the leader's.
"""

from __future__ import annotations

import msgspec

from skykeep.base.clock import ns_to_seconds
from skykeep.domain.response import Alert, AlertState, AlertStep
from skykeep.domain.threat import Interval
from skykeep.response.rules import ALERT_MOVES
from skykeep.response.sighting import Sighting

# The record carries the last ones; every one is in the log, in the record of when it was new.
NOTES_CARRIED = 30


class Held:
    """Since when reasons have held without a break."""

    def __init__(self) -> None:
        self._since_utc_ns: dict[str, int] = {}

    def held_s(self, reason: str, holds: bool, now_utc_ns: int) -> float | None:
        """Return for how long a reason has held, None when it does not."""
        if not holds:
            self._since_utc_ns.pop(reason, None)
            return None
        return ns_to_seconds(now_utc_ns - self._since_utc_ns.setdefault(reason, now_utc_ns))

    def only(self, prefix: str, reason: str) -> None:
        """Forget all reasons that begin alike but this one."""
        for other in [key for key in self._since_utc_ns if key.startswith(prefix) and key != reason]:
            del self._since_utc_ns[other]


class Member(Held):
    """One track that an alert is about, as last seen; `was` are numbers that it went by before."""

    def __init__(self, sighting: Sighting) -> None:
        super().__init__()
        self.track_id = sighting.track_id
        self.sighting = sighting
        self.lost_utc_ns: int | None = None
        # What an outcome that ended the flight said.
        self.ended_because = ""
        self.was: list[int] = []

    @property
    def lost(self) -> bool:
        return self.lost_utc_ns is not None

    @property
    def group_id(self) -> str:
        return self.sighting.threat.group_id if self.sighting.threat else ""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert was like when a person heard it, put it aside or called it over."""

    time_utc_ns: int
    by: str
    asset_id: str
    count: int
    priority: float
    consequence: float
    breach_low_s: float | None


class Life(Held):
    """An open alert's record and its life: what people and the ladder do with it, whatever it is about."""

    def __init__(self, alert: Alert) -> None:
        super().__init__()
        self.alert = alert
        # An effect was ordered and no word has come of it: not the moment to clear.
        self.order_open = False
        self.heard: Heard | None = None
        # Since when it waits for somebody's ear, and how many rungs of the ladder have been told since.
        self.unheard_since_utc_ns = alert.raised_utc_ns
        self.rung = 0
        self.note_count = 0

    def change(self, **fields: object) -> None:
        """Take a new record; a state may only follow where `ALERT_MOVES` allows."""
        state = fields.get("state", self.alert.state)
        if state is not self.alert.state and state not in ALERT_MOVES[self.alert.state]:
            raise ValueError(f"alert {self.alert.alert_id} went from {self.alert.state} to {state}")
        self.alert = msgspec.structs.replace(self.alert, **fields)

    def step(self, state: AlertState, time_utc_ns: int, because: str, by: str = "", **fields: object) -> None:
        """Take a step of its life and keep who took it, when and why; `by` is "" for the rules."""
        history = self.alert.history
        at_utc_ns = max(time_utc_ns, self.alert.changed_utc_ns, history[-1].time_utc_ns if history else 0)
        taken = AlertStep(time_utc_ns=at_utc_ns, state=state, by=by, because=because)
        self.change(
            state=state,
            breach=left_of(self.alert.breach, self.alert.changed_utc_ns, at_utc_ns),
            changed_utc_ns=at_utc_ns,
            history=(*history, taken),
            **fields,
        )

    def note(self, sentence: str) -> None:
        """Add a sentence to what happened, and so to the grounds."""
        self.note_count += 1
        notes = (*self.alert.notes, sentence)[-NOTES_CARRIED:]
        self.change(notes=notes, grounds=(*self.alert.grounds, sentence))

    def listen(self, time_utc_ns: int, by: str) -> None:
        """Remember what it was like when a person heard it."""
        alert = self.alert
        self.heard = Heard(
            time_utc_ns=time_utc_ns,
            by=by,
            asset_id=alert.asset_id,
            count=len(alert.members),
            priority=alert.priority,
            consequence=alert.factors.consequence if alert.factors else 0.0,
            breach_low_s=alert.breach.low_s if alert.breach else None,
        )


class Case(Life):
    """An open alert about tracks and what the desk remembers beside it."""

    def __init__(self, alert: Alert, *members: Member) -> None:
        super().__init__(alert)
        self.members = {member.track_id: member for member in members}
        self.lead = members[0]
        # How many times longer than others it must be quiet before it is cleared: it has come back before.
        self.patience = 1.0

    # --- what proposals and tasks ask ----------------------------------------------------------------

    @property
    def track_id(self) -> int:
        """The track that matters most: in sight, or lost with all others."""
        return self.lead.track_id

    @property
    def sighting(self) -> Sighting:
        return self.lead.sighting

    @property
    def lost(self) -> bool:
        """Whether nothing that it is about is in sight."""
        return self.lead.lost

    def sighting_of(self, track_id: int) -> Sighting | None:
        """Return a member as last seen, None when the alert is not about that track now."""
        member = self.members.get(track_id)
        return None if member is None else member.sighting

    def is_lost(self, track_id: int) -> bool:
        """Return whether a track is out of sight, or no member any more."""
        member = self.members.get(track_id)
        return member is None or member.lost

    @property
    def ended_because(self) -> str:
        """What ended the flight of the leader, "" while it flies."""
        return self.lead.ended_because

    @ended_because.setter
    def ended_because(self, because: str) -> None:
        self.lead.ended_because = because

    def ended(self, track_id: int, because: str) -> None:
        """Take in that the flight of a member has ended; the others fly on."""
        for member in self.members.values():
            if track_id in (member.track_id, *member.was):
                member.ended_because = because

    # --- who is in it --------------------------------------------------------------------------------

    def join(self, member: Member) -> None:
        """Take in a member; what a number stood for before it is not forgotten."""
        self.members[member.track_id] = member
        self.show_members()

    def leave(self, track_id: int) -> Member:
        """Let a member go, never the last; the heaviest of the others leads if it led."""
        member = self.members.pop(track_id)
        if member is self.lead:
            self.lead = heaviest(list(self.members.values()))
        self.show_members()
        return member

    def renumber(self, track_id: int, now_id: int) -> None:
        """Follow a member under another number; one that is a member already swallows it."""
        member = self.members.pop(track_id)
        kept = self.members.get(now_id)
        if kept is None:
            member.track_id = now_id
            member.was.append(track_id)
            self.members[now_id] = member
        else:
            kept.was += [track_id, *member.was]
            if self.lead is member:
                self.lead = kept
        self.show_members()

    def show_members(self) -> None:
        """Put the members in the record, that which matters most last."""
        present = tuple(sorted(track_id for track_id in self.members if track_id != self.track_id))
        members = (*present, self.track_id)
        past = tuple(old for old in self.alert.track_ids if old not in self.members)
        if members != self.alert.members or (*past, *members) != self.alert.track_ids:
            self.change(members=members, track_ids=(*past, *members))


def heaviest(members: list[Member]) -> Member:
    """Return the member that matters most: in sight before lost, then by priority, then the oldest."""
    return min(
        members, key=lambda one: (one.lost, bool(one.ended_because), -one.sighting.priority, one.track_id)
    )


def breach_of(case: Case) -> Interval | None:
    """Return the time to breach of the asset this alert is about, as last judged."""
    threat = case.sighting.threat
    return threat.breach if threat is not None and threat.asset_id == case.alert.asset_id else None


def left_of(breach: Interval | None, seen_utc_ns: int, now_utc_ns: int) -> Interval | None:
    """Return what is left of an interval when it was last counted at `seen_utc_ns`."""
    if breach is None:
        return None
    gone_s = ns_to_seconds(now_utc_ns - seen_utc_ns)
    return Interval(
        low_s=max(0.0, breach.low_s - gone_s),
        mid_s=max(0.0, breach.mid_s - gone_s),
        high_s=max(0.0, breach.high_s - gone_s),
    )
