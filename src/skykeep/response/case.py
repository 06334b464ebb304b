"""An open alert and its memory: the record that people see, and what the desk needs to keep it true."""

from __future__ import annotations

import msgspec

from skykeep.base.clock import ns_to_seconds
from skykeep.domain.response import Alert
from skykeep.domain.threat import Interval
from skykeep.response.rules import ALERT_MOVES
from skykeep.response.sighting import Sighting


class Case:
    """An open alert and what the desk remembers beside it."""

    def __init__(self, alert: Alert, sighting: Sighting) -> None:
        self.alert = alert
        self.sighting = sighting
        self.lost_utc_ns: int | None = None
        # What happened to it, in order: the last of its grounds.
        self.notes: list[str] = []
        # Since when each reason to clear it has held without a break, and each other asset been aimed at.
        self.since_utc_ns: dict[str, int] = {}
        # An effect was ordered and no word has come of it: not the moment to clear.
        self.order_open = False
        # What an outcome that ended the flight said.
        self.ended_because = ""

    @property
    def track_id(self) -> int:
        """The track that is in sight, or was last: the latest of those that this alert followed."""
        return self.alert.track_ids[-1]

    @property
    def lost(self) -> bool:
        return self.lost_utc_ns is not None

    def change(self, **fields: object) -> None:
        """Take a new record; a state may only follow where `ALERT_MOVES` allows."""
        state = fields.get("state", self.alert.state)
        if state is not self.alert.state and state not in ALERT_MOVES[self.alert.state]:
            raise ValueError(f"alert {self.alert.alert_id} went from {self.alert.state} to {state}")
        self.alert = msgspec.structs.replace(self.alert, **fields)

    def note(self, sentence: str) -> None:
        """Add a sentence to what happened, and so to the grounds."""
        self.notes.append(sentence)
        self.change(grounds=(*self.alert.grounds, sentence))

    def held_s(self, reason: str, holds: bool, now_utc_ns: int) -> float | None:
        """Return for how long a reason has held, None when it does not."""
        if not holds:
            self.since_utc_ns.pop(reason, None)
            return None
        return ns_to_seconds(now_utc_ns - self.since_utc_ns.setdefault(reason, now_utc_ns))


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
