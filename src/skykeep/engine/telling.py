"""What the pipeline writes down, and how often: what came in always, what it makes of it when it is new."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from skykeep.domain.encoding import encode_json
from skykeep.domain.identity import TARGET_CLASS_NAMES, Identification
from skykeep.domain.record import EntryRole
from skykeep.domain.track import TrackStatus
from skykeep.engine.outputs import Judgement
from skykeep.engine.ports import Recorder

# What of a verdict changes from tick to tick without changing what it says.
EVIDENCE = frozenset({"reason", "permit_probability", "candidates"})


class Telling:
    """Writes to one log, and counts its entries. While it `is_quiet` only what comes in is written."""

    def __init__(self, recorder: Recorder, counts: Counter[str]) -> None:
        self.is_quiet = False
        self._recorder, self._counts = recorder, counts
        self._said: dict[tuple[str, int], bytes] = {}

    def record(self, time_utc_ns: int, role: EntryRole, kind: str, record: Any) -> None:
        """Write one entry."""
        if role is EntryRole.INPUT or not self.is_quiet:
            self._write(time_utc_ns, role, kind, encode_json(record))

    def judgement(self, time_utc_ns: int, judgement: Judgement) -> None:
        """Write what is thought of tracks and groups, where it differs from what was written last."""
        if self.is_quiet:
            return
        picture, orders = judgement.picture, judgement.orders

        def say(kind: str, track_id: int, record: Any) -> None:
            payload = encode_json(record)
            if self._said.get((kind, track_id)) != payload:
                self._said[kind, track_id] = payload
                self._write(time_utc_ns, EntryRole.OUTPUT, kind, payload)

        for track_id, shown, order_id in orders.merged:
            say("track", track_id, {"track_id": track_id, "status": "merged", "into": shown, "by": order_id})
        for track_id, now, order_id in orders.renumbered:
            if ("track", track_id) in self._said and track_id not in picture.track_id:
                goes_on = {"track_id": track_id, "status": "renumbered", "into": now, "by": order_id}
                say("track", track_id, goes_on)
        for row, status in enumerate(picture.status.tolist()):
            track_id = int(picture.track_id[row])
            say("track", track_id, {"track_id": track_id, "status": TrackStatus(status).name.lower()})
            say("identification", track_id, _stable(judgement.identifications[row]))
            say("verdict", track_id, _stable(judgement.verdicts[row]))
        for threat in judgement.threats:
            self._write(time_utc_ns, EntryRole.OUTPUT, "threat", encode_json(threat))
        for group in judgement.groups:
            members = {"group_id": group.group_id, "track_ids": group.track_ids, "asset_id": group.asset_id}
            origin = {"split_from": group.split_from, "merged": group.merged, "diversion": group.diversion}
            say("group", int(group.group_id[2:]), members | origin)

    def _write(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> None:
        self._recorder.append(time_utc_ns, role, kind, payload)
        self._counts["log_entries"] += 1


def _stable(record: Any) -> Any:
    """Return what is worth an entry of its own when it changes: the conclusions, not every decimal of the
    evidence.
    """
    if not isinstance(record, Identification):
        said = {name: getattr(record, name) for name in record.__struct_fields__ if name not in EVIDENCE}
        return {**said, "permit_percent": round(10 * record.permit_probability) * 10}
    likeliest = int(np.argmax(record.class_probabilities))
    return {
        "track_id": record.track_id,
        "class": TARGET_CLASS_NAMES[likeliest],
        "percent": round(10 * record.class_probabilities[likeliest]) * 10,
        "standing": int(record.standing),
        "set_by": record.set_by,
        "claimed_id": record.claimed_id,
        "claims": [(test.claimed_id, test.verdict) for test in record.claims],
    }
