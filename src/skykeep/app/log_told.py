"""A night told from what its log says, nothing made again: for a log of which parts were redacted.

Pictures, verdicts, alerts, proposals and orders stand in the log as outputs, so listeners hear of them as
they would from a pipeline, as precisely as the log keeps them: places to the millimetre, class probabilities
to ten per cent, a verdict without the sentence that explained it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import numpy as np

from skykeep.base.errors import DecodeError
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.encoding import decode_json
from skykeep.domain.identity import TARGET_CLASS_NAMES, ClaimTest, ClaimVerdict, Identification, Standing
from skykeep.domain.orders import NO_ORDERS, OrdersInForce, StandingOrder
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.domain.response import Alert, EffectOrder, Proposal, Task
from skykeep.domain.sensing import Claim, ClaimKind, Report
from skykeep.domain.site import Site
from skykeep.domain.threat import Threat
from skykeep.domain.track import Picture
from skykeep.engine.inputs import Input, decode_input
from skykeep.engine.outputs import Judgement, PictureRecord, Rejection
from skykeep.engine.pipeline import Listener
from skykeep.evidence.entry import FILLER, is_redacted, shown_payload
from skykeep.evidence.redacted_entry import readable_payload
from skykeep.geo.terrain import Terrain, heights_m
from skykeep.tracking.in_force import Parts, come_to

NO_WORDS = "The log keeps the verdict, not the sentence that explained it."
NO_TEST = "The log keeps how the claim was judged, not by how much it was off."

_RESPONSES: dict[str, type[Any]] = {
    "alert": Alert,
    "task": Task,
    "proposal": Proposal,
    "effect_order": EffectOrder,
}
_DUTY: dict[str, type[Any]] = {"posture": Posture, "occupancy": Occupancy}
_BEGINNING = frozenset({"run", "site"})


class _SaidOfTrack(msgspec.Struct):
    """What the log keeps of an identification when it changes."""

    track_id: int
    percent: int
    standing: int
    set_by: str
    claimed_id: str
    claims: tuple[tuple[str, ClaimVerdict], ...]
    target_class: str = msgspec.field(name="class")


class _SaidOfPlace(msgspec.Struct):
    """What the log keeps of a verdict when it changes."""

    track_id: int
    permission: Permission
    zone_id: str
    permit_id: str
    document: str
    failing_condition: str
    permit_percent: int


def tell(
    entries: Iterable[LogEntry], site: Site, terrain: Terrain | None, listeners: tuple[Listener, ...]
) -> None:
    """Tell listeners what the log of a site says, in its order; what can no longer be read is left out."""
    told = _Telling(site, terrain, listeners)
    for entry in entries:
        told.take(entry)
    told.judged()


class _Telling:
    def __init__(self, site: Site, terrain: Terrain | None, listeners: tuple[Listener, ...]) -> None:
        self._site, self._terrain, self._listeners = site, terrain, listeners
        self._picture: PictureRecord | None = None
        self._threats: list[Threat] = []
        self._claimed: dict[str, ClaimKind] = {}
        self._who: dict[int, _SaidOfTrack] = {}
        self._where: dict[int, _SaidOfPlace] = {}
        self._people = {person.person_id: person for person in site.people}
        self._orders: dict[str, StandingOrder] = {}
        self._parts = Parts()
        self._input_was_read = False

    def take(self, entry: LogEntry) -> None:
        """Tell of one entry, or take note of it until the judgement that it is part of is whole."""
        payload = readable_payload(entry)
        if entry.role is EntryRole.INPUT:
            self.judged()
            if entry.kind not in _BEGINNING:
                self._input(entry, payload)
        elif payload is not None:
            self._output(entry, payload)

    def judged(self) -> None:
        """Tell of the judgement that is whole now, if there is one."""
        if self._picture is None:
            return
        picture = _picture(self._picture)
        for track_id, gap_ns, own_id in self._picture.resumed:
            self._parts.add(track_id, own_id, gap_ns)
        height_agl_m, height_amsl_m = heights_m(picture.state[:, :3], self._site.origin, self._terrain)
        judgement = Judgement(
            picture=picture,
            height_agl_m=height_agl_m,
            height_amsl_m=height_amsl_m,
            identifications=tuple(self._identification(track_id) for track_id in picture.track_id.tolist()),
            verdicts=tuple(self._verdict(track_id) for track_id in picture.track_id.tolist()),
            threats=tuple(self._threats),
            orders=self._in_force(),
        )
        self._picture, self._threats = None, []
        for listener in self._listeners:
            listener.on_judgement(judgement)

    def _input(self, entry: LogEntry, payload: bytes | None) -> None:
        record = None if payload is None else _readable_input(entry, payload)
        self._input_was_read = record is not None
        if record is None:
            return
        if isinstance(record, Claim):
            self._claimed[record.claimed_id] = record.kind
        for listener in self._listeners:
            listener.on_input(record)

    def _output(self, entry: LogEntry, payload: bytes) -> None:
        kind, now_utc_ns = entry.kind, entry.time_utc_ns
        if kind == "picture":
            self.judged()
            self._picture = decode_json(payload, PictureRecord)
        elif kind == "identification":
            who = msgspec.json.decode(payload, type=_SaidOfTrack)
            self._who[who.track_id] = who
        elif kind == "verdict":
            where = msgspec.json.decode(payload, type=_SaidOfPlace)
            self._where[where.track_id] = where
        elif kind == "threat":
            self._threats.append(decode_json(payload, Threat))
        elif kind in _RESPONSES:
            self.judged()
            for listener in self._listeners:
                listener.on_response(decode_json(payload, _RESPONSES[kind]), now_utc_ns)
        elif kind in _DUTY:
            for listener in self._listeners:
                listener.on_duty(decode_json(payload, _DUTY[kind]))
        elif kind == "standing_order":
            order = decode_json(payload, StandingOrder)
            self._orders[order.order_id] = order
            for listener in self._listeners:
                listener.on_order(order)
        # What was refused is not known where what came in is gone.
        elif kind == "rejection" and self._input_was_read:
            for listener in self._listeners:
                listener.on_rejection(decode_json(payload, Rejection), now_utc_ns)

    def _in_force(self) -> OrdersInForce:
        given = tuple(self._orders.values())
        return come_to(given, self._people, self._parts.chains(given)) if given else NO_ORDERS

    def _identification(self, track_id: int) -> Identification:
        said = self._who.get(track_id)
        probabilities = [0.0] * len(TARGET_CLASS_NAMES)
        if said is not None:
            probabilities[TARGET_CLASS_NAMES.index(said.target_class)] = said.percent / 100
        a, b, c, d, e = probabilities
        return Identification(
            track_id=track_id,
            class_probabilities=(a, b, c, d, e),
            standing=Standing.UNKNOWN if said is None else Standing(said.standing),
            set_by="" if said is None else said.set_by,
            claimed_id="" if said is None else said.claimed_id,
            claims=() if said is None else tuple(self._tests(said)),
            evidence=(),
        )

    def _tests(self, said: _SaidOfTrack) -> Iterator[ClaimTest]:
        for claimed_id, verdict in said.claims:
            # The kind of a claim stands in what came in, which may be gone.
            kind = self._claimed.get(claimed_id, ClaimKind.REMOTE_ID)
            yield ClaimTest(
                kind=kind,
                claimed_id=claimed_id,
                track_id=said.track_id,
                verdict=verdict,
                residual_m=None,
                p_value=None,
                because=NO_TEST if claimed_id in self._claimed else f"{NO_TEST} How it came is redacted.",
            )

    def _verdict(self, track_id: int) -> AirspaceVerdict:
        said = self._where.get(track_id)
        return AirspaceVerdict(
            track_id=track_id,
            permission=Permission.UNKNOWN if said is None else said.permission,
            zone_id="" if said is None else said.zone_id,
            permit_id="" if said is None else said.permit_id,
            document="" if said is None else said.document,
            failing_condition="" if said is None else said.failing_condition,
            reason="The verdict is redacted." if said is None else NO_WORDS,
            permit_probability=0.0 if said is None else said.permit_percent / 100,
        )


def _readable_input(entry: LogEntry, payload: bytes) -> Input | None:
    """Return what came in; where a part of it is gone, None if the rest cannot be read without it."""
    if not is_redacted(entry):
        return decode_input(entry.kind, payload)
    try:
        record = decode_input(entry.kind, payload)
    except DecodeError:
        return None
    if isinstance(record, Report) and _is_gone(entry, "position_enu_m"):
        return msgspec.structs.replace(record, position_enu_m=(math.nan, math.nan, math.nan))
    return record


def _is_gone(entry: LogEntry, field: str) -> bool:
    return bool(msgspec.json.decode(shown_payload(entry))[field] == msgspec.json.decode(FILLER))


def _picture(said: PictureRecord) -> Picture:
    """Return a picture as the log keeps it: what it does not keep is not a number, or 0."""
    rows = np.array(said.rows, dtype=np.float64).reshape(-1, 15)
    support = np.array(said.support, dtype=np.float64).reshape(-1, 5)
    resumed = np.array(said.resumed, dtype=np.int64).reshape(-1, 3)
    count = len(rows)
    not_kept, no_time = np.full(count, np.nan), np.zeros(count, dtype=np.int64)
    return Picture(
        time_utc_ns=said.time_utc_ns,
        track_id=rows[:, 0].astype(np.int64),
        status=rows[:, 1].astype(np.int64),
        state=rows[:, 3:9],
        covariance=rows[:, 9:15, None] ** 2 * np.eye(6),
        existence=not_kept,
        born_utc_ns=no_time,
        last_detected_utc_ns=no_time,
        hits=rows[:, 2].astype(np.int64),
        rcs_dbsm=not_kept,
        rcs_spread_db=not_kept,
        modulation_db=not_kept,
        modulation_looks=not_kept,
        sensor_ids=said.sensor_ids,
        support_track_id=support[:, 0].astype(np.int64),
        support_sensor=support[:, 1].astype(np.int64),
        support_sequence=support[:, 2].astype(np.int64),
        support_row=support[:, 3].astype(np.int64),
        support_weight=support[:, 4],
        resumed_track_id=resumed[:, 0],
        resumed_gap_ns=resumed[:, 1],
        resumed_own_id=resumed[:, 2],
    )
