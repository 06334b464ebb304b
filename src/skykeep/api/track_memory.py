"""What was thought of a track at each moment, for whoever looks at the past.

The way of every track is kept, and once a second all that was thought of those that mattered: what an alert
is about, or what might have become one. Past `MOST_KEPT` such moments the oldest give way; they are in the
log.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Collection, Mapping

import msgspec
import numpy as np

from skykeep.api import messages as m
from skykeep.api.source import PictureColumns
from skykeep.api.track_view import History, absent_details, present_details, resumptions, row_of
from skykeep.base.clock import NS_PER_S
from skykeep.domain.permit import Permit
from skykeep.engine.outputs import Judgement

HISTORY_POINTS = 600
# Some 3 kB each: 60 MB at most.
MOST_KEPT = 20_000
KEPT_EVERY_NS = NS_PER_S
# Under this no alert is raised, and one that there is is soon cleared.
MATTERS_FROM = 0.25


class TrackMemory:
    """Told of every judgement, asked from any thread."""

    def __init__(self, start_utc_ns: int, most_kept: int = MOST_KEPT) -> None:
        self._start_utc_ns = start_utc_ns
        self._most_kept = most_kept
        self._ways: dict[int, list[tuple[float, float, float, float]]] = defaultdict(list)
        self._resumed: dict[int, list[str]] = defaultdict(list)
        self._thoughts: dict[int, deque[tuple[int, m.TrackDetails]]] = defaultdict(deque)
        self._order: deque[int] = deque()
        self._lock = threading.Lock()

    def note(
        self,
        judgement: Judgement,
        columns: PictureColumns,
        alerted: Collection[int],
        permits: Mapping[str, Permit],
    ) -> None:
        """Remember where every track is, and what is thought of those that matter."""
        seconds = round((columns.time_utc_ns - self._start_utc_ns) / NS_PER_S, 2)
        for track, lon, lat, height in zip(
            columns.track_id.tolist(),
            np.round(columns.longitude_deg, 6).tolist(),
            np.round(columns.latitude_deg, 6).tolist(),
            np.round(columns.height_hae_m, 1).tolist(),
            strict=True,
        ):
            self._ways[track].append((seconds, lon, lat, height))
        for track, sentence in resumptions(judgement.picture):
            self._resumed[track].append(sentence)
        matters = {threat.track_id for threat in judgement.threats if threat.priority >= MATTERS_FROM}
        for track in sorted(matters.union(alerted)):
            self._think(judgement, columns.time_utc_ns, track, permits)

    def way(self, track_id: int, until_utc_ns: int | None = None) -> History:
        """Return the last points of a track's way, as far as that moment."""
        points = self._ways.get(track_id, [])
        if until_utc_ns is not None:
            until_s = (until_utc_ns - self._start_utc_ns) / NS_PER_S
            points = points[: bisect_right(points, until_s, key=lambda point: point[0])]
        return tuple(points[-HISTORY_POINTS:])

    def resumed(self, track_id: int) -> tuple[str, ...]:
        return tuple(self._resumed.get(track_id, ()))

    def details_at(self, track_id: int, time_utc_ns: int) -> m.TrackDetails | None:
        """Return what was thought of a track then, None where there was no such track yet."""
        way = self.way(track_id, time_utc_ns)
        if not way:
            return None
        with self._lock:
            thoughts = tuple(self._thoughts.get(track_id, ()))
        place = bisect_right(thoughts, time_utc_ns, key=lambda thought: thought[0])
        if place == 0:
            return absent_details(track_id, "As it flew until then. More is in the log.", way)
        return msgspec.structs.replace(thoughts[place - 1][1], history=way)

    def _think(
        self, judgement: Judgement, time_utc_ns: int, track: int, permits: Mapping[str, Permit]
    ) -> None:
        row, kept = row_of(judgement, track), self._thoughts.get(track)
        if row is None or (kept and time_utc_ns - kept[-1][0] < KEPT_EVERY_NS):
            return
        details = present_details(judgement, row, (), self.resumed(track), permits)
        with self._lock:
            self._thoughts[track].append((time_utc_ns, details))
            self._order.append(track)
            if len(self._order) > self._most_kept:
                self._thoughts[self._order.popleft()].popleft()
