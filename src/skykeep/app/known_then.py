"""What was known at a moment, read from the log: its entries up to that moment, and none after.

Nothing is worked out again: pictures, verdicts, alerts and orders are as they were written down then. What is
late is what the log took in afterwards although it is about that moment, or the minute before it: also where
what was personal in it was taken out. What was redacted whole says no longer what it was about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.domain.encoding import decode_json
from skykeep.domain.identity import STANDING_NAMES, Standing
from skykeep.domain.orders import StandingOrder
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.domain.response import Alert, AlertState, EffectOrder, Proposal, Task
from skykeep.domain.threat import Threat
from skykeep.domain.track import TRACK_STATUS_NAMES, TrackStatus
from skykeep.engine.outputs import PictureRecord
from skykeep.evidence.case import KnownThen, KnownTrack, LateItem, LateRedacted
from skykeep.evidence.redacted_entry import readable_payload

LATE_WINDOW_NS = 60 * NS_PER_S


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment to look at, and why."""

    time_utc_ns: int
    because: str


class _Heard(msgspec.Struct):
    """Of a message from outside only whose it is and when, and what a person said: the rest is not read."""

    sensor_id: str = ""
    time_utc_ns: int = 0
    heard_utc_ns: int = 0
    kind: str = "other"
    text: str = ""


class _Said(msgspec.Struct):
    """What the log keeps of an identification or a verdict when it changes."""

    track_id: int
    standing: int = 0
    percent: int = 0
    claimed_id: str = ""
    permission: str = ""
    document: str = ""
    target_class: str = msgspec.field(name="class", default="")


_WHOLE: dict[str, tuple[type[Any], str]] = {
    "alert": (Alert, "alert_id"),
    "task": (Task, "task_id"),
    "proposal": (Proposal, "proposal_id"),
    "effect_order": (EffectOrder, "order_id"),
    "standing_order": (StandingOrder, "order_id"),
    "occupancy": (Occupancy, "asset_id"),
}
_SAYS = {"scan": "detections", "claim": "what an aircraft says of itself", "report": "a report of a person"}


def known_at(entries: Iterable[LogEntry], moments: Sequence[Moment]) -> tuple[KnownThen, ...]:
    """Return what was known at each moment, in order of time, from one walk through the log."""
    waiting = sorted(moments, key=lambda moment: moment.time_utc_ns)
    state = _State()
    told: list[tuple[KnownThen, _Late]] = []
    for entry in entries:
        while waiting and entry.time_utc_ns > waiting[0].time_utc_ns:
            told.append((state.as_known(waiting[0]), _Late(waiting.pop(0).time_utc_ns)))
        if waiting:
            state.take(entry)
        if told and entry.role is EntryRole.INPUT and entry.kind in _SAYS:
            payload = readable_payload(entry)
            heard = None if payload is None else msgspec.json.decode(payload, type=_Heard)
            for _, late in told:
                late.take(entry, heard)
    told += [(state.as_known(moment), _Late(moment.time_utc_ns)) for moment in waiting]
    return tuple(
        msgspec.structs.replace(known, late=late.items(), late_redacted=late.redacted())
        for known, late in told
    )


class _State:
    """What the log has said so far, the last word on each thing."""

    def __init__(self) -> None:
        self._entries = 0
        self._last: dict[str, dict[str, bytes]] = {kind: {} for kind in _WHOLE}
        self._posture: bytes | None = None
        self._picture: bytes | None = None
        self._threats: list[bytes] = []
        self._said: dict[str, dict[int, bytes]] = {"identification": {}, "verdict": {}}

    def take(self, entry: LogEntry) -> None:
        """Take note of one entry; what is not asked for is not read."""
        self._entries += 1
        kind = entry.kind
        payload = readable_payload(entry)
        # Of what was redacted later whole nobody can tell any more what it said.
        if entry.role is not EntryRole.OUTPUT or payload is None:
            return
        if kind == "picture":
            self._picture, self._threats = payload, []
        elif kind == "threat":
            self._threats.append(payload)
        elif kind == "posture":
            self._posture = payload
        elif kind in self._said:
            track_id = msgspec.json.decode(payload, type=_Said).track_id
            self._said[kind][track_id] = payload
        elif kind in _WHOLE:
            name = _WHOLE[kind][1]
            self._last[kind][msgspec.json.decode(payload)[name]] = payload

    def as_known(self, moment: Moment) -> KnownThen:
        """Return it all as it stands."""
        picture = None if self._picture is None else decode_json(self._picture, PictureRecord)
        alerts: tuple[Alert, ...] = self._all("alert")
        return KnownThen(
            at_utc_ns=moment.time_utc_ns,
            because=moment.because,
            entries=self._entries,
            picture_utc_ns=None if picture is None else picture.time_utc_ns,
            tracks=() if picture is None else tuple(self._tracks(picture)),
            alerts=tuple(alert for alert in alerts if alert.state is not AlertState.CLEARED),
            tasks=self._all("task"),
            proposals=self._all("proposal"),
            effect_orders=self._all("effect_order"),
            track_orders=tuple(order for order in self._all("standing_order") if not order.lifted_by),
            posture=None if self._posture is None else decode_json(self._posture, Posture),
            occupancies=self._all("occupancy"),
            late=(),
        )

    def _all(self, kind: str) -> tuple[Any, ...]:
        wanted = _WHOLE[kind][0]
        return tuple(decode_json(payload, wanted) for _, payload in sorted(self._last[kind].items()))

    def _tracks(self, picture: PictureRecord) -> Iterable[KnownTrack]:
        threats = {threat.track_id: threat for threat in (decode_json(one, Threat) for one in self._threats)}
        for row in picture.rows:
            track_id, status = int(row[0]), TrackStatus(int(row[1]))
            if status is TrackStatus.ENDED:
                continue
            who = self._of_track("identification", track_id)
            verdict = self._of_track("verdict", track_id)
            threat = threats.get(track_id)
            yield KnownTrack(
                track_id=track_id,
                status=TRACK_STATUS_NAMES[status],
                looks=STANDING_NAMES[Standing(who.standing)],
                target_class=who.target_class or "other",
                percent=who.percent,
                claimed_id=who.claimed_id,
                permission=verdict.permission or "unknown",
                document=verdict.document,
                position_enu_m=(row[3], row[4]),
                speed_mps=round(float((row[6] ** 2 + row[7] ** 2 + row[8] ** 2) ** 0.5), 1),
                asset_id="" if threat is None else threat.asset_id,
                priority=None if threat is None else threat.priority,
                breach=None if threat is None else threat.breach,
            )

    def _of_track(self, kind: str, track_id: int) -> _Said:
        payload = self._said[kind].get(track_id)
        if payload is None:
            return _Said(track_id=track_id)
        return msgspec.json.decode(payload, type=_Said)


class _Late:
    """What came in after a moment and is about it: reports one by one, the rest counted by source."""

    def __init__(self, at_utc_ns: int) -> None:
        self._at_utc_ns = at_utc_ns
        self._counted: dict[tuple[str, str], LateItem] = {}
        self._reports: list[LateItem] = []
        self._redacted: dict[str, LateRedacted] = {}

    def take(self, entry: LogEntry, heard: _Heard | None) -> None:
        """Take note of a message that came in after the moment, if it is about it; `heard` is None where
        nothing of it can be read any more.
        """
        if heard is None:
            self._take_redacted(entry)
            return
        about_utc_ns = heard.heard_utc_ns if entry.kind == "report" else heard.time_utc_ns
        if not self._at_utc_ns - LATE_WINDOW_NS <= about_utc_ns <= self._at_utc_ns:
            return
        if entry.kind == "report":
            says = f"{_SAYS['report']} ({heard.kind}): “{heard.text}”"
            self._reports.append(_item(entry, heard.sensor_id, says, 1, about_utc_ns))
            return
        key = (heard.sensor_id, entry.kind)
        before = self._counted.get(key)
        count = 1 if before is None else before.count + 1
        says = f"{count} {'message' if count == 1 else 'messages'}: {_SAYS[entry.kind]}"
        item = _item(entry, heard.sensor_id, says, count, about_utc_ns)
        # Of many the one that took longest is told of.
        if before is not None and _delay_ns(before) > _delay_ns(item):
            item = msgspec.structs.replace(before, says=says, count=count)
        self._counted[key] = item

    def _take_redacted(self, entry: LogEntry) -> None:
        before = self._redacted.get(entry.kind)
        self._redacted[entry.kind] = LateRedacted(
            kind=entry.kind,
            count=1 if before is None else before.count + 1,
            first_received_utc_ns=entry.time_utc_ns if before is None else before.first_received_utc_ns,
            last_received_utc_ns=entry.time_utc_ns,
        )

    def redacted(self) -> tuple[LateRedacted, ...]:
        """Return what came in after the moment and was redacted whole, by kind."""
        return tuple(self._redacted[kind] for kind in sorted(self._redacted))

    def items(self) -> tuple[LateItem, ...]:
        """Return all that was late, in order of what it is about."""
        found = [*self._counted.values(), *self._reports]
        return tuple(sorted(found, key=lambda item: (item.event_utc_ns, item.source, item.received_utc_ns)))


def _delay_ns(item: LateItem) -> int:
    return item.received_utc_ns - item.event_utc_ns


def _item(entry: LogEntry, source: str, says: str, count: int, event_utc_ns: int) -> LateItem:
    return LateItem(
        source=source,
        kind=entry.kind,
        says=says,
        count=count,
        event_utc_ns=event_utc_ns,
        received_utc_ns=entry.time_utc_ns,
    )
