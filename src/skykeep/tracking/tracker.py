"""The tracker: scans in, a picture out. It reads no clock; the same scans give the same bytes."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import InputError
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorStatus
from skykeep.domain.track import Picture
from skykeep.models.measurement import AZIMUTH, AZIMUTH_ELEVATION
from skykeep.tracking.columns import (
    CONFIRMED,
    COUNTERS,
    EMPTY,
    ENDED,
    ENDINGS,
    LOOK_KIND,
    NEXT_TRACK_ID,
    STATUS,
    SWEPT_NS,
    TOO_LATE,
    TRACK_ID,
    UID,
    USED,
    empty_history,
    empty_tracks,
    grown_history,
    grown_tracks,
    release_ended,
    rules_of,
)
from skykeep.tracking.life import process
from skykeep.tracking.parallel import Parallel, Workers
from skykeep.tracking.picture import picture_of
from skykeep.tracking.records import Signatures, cited, records_of
from skykeep.tracking.registration import Registration
from skykeep.tracking.settings import TrackerSettings
from skykeep.tracking.source import Source
from skykeep.tracking.stitch import Lost, Resumed, newly_confirmed

_LONG_AGO_NS = -(1 << 62)
_MOST_ROOM = 20_000


class Tracker:
    """Many targets, many sensors, in clutter. Give it scans as they arrive and ask it for the picture.

    `refused_rows` counts detections that were no numbers or absurd ones, `unassociated_bearings` those
    without a range that no track wanted, `too_late_rows` those older than all their track remembered: they
    count for its existence but not for where it is. `registration` knows what is constantly wrong with each
    sensor. `workers` share the work of large scans; the result has the same bits with any number of them.
    """

    def __init__(
        self,
        sensors: tuple[Sensor, ...],
        settings: TrackerSettings = TrackerSettings(),  # noqa: B008
        workers: Workers | None = None,
    ) -> None:
        models = len(settings.motion)
        self._settings = settings
        # Where a bearing without elevation leads, another sensor of the kind has to tell.
        crossed = sum(s.independent and s.measures is MeasurementKind.AZIMUTH for s in sensors) > 1
        self._sources = {s.sensor_id: Source(i, s, settings, crossed) for i, s in enumerate(sensors)}
        self._sensor_ids = tuple(s.sensor_id for s in sensors)
        self._rules = rules_of(settings)
        # Room for what clutter starts is taken at once: growing copies, and a scan would wait for it.
        clutter = sum(s.clutter_per_scan for s in sensors if s.independent)
        self._tracks = empty_tracks(64 + 2 * int(min(clutter, _MOST_ROOM)), models)
        rows = 16 + int(min(clutter, _MOST_ROOM)) // 2
        self._history = empty_history(rows, models, settings.history_depth)
        self._counters = np.zeros(COUNTERS, dtype=np.int64)
        self._counters[NEXT_TRACK_ID], self._counters[SWEPT_NS] = 1, _LONG_AGO_NS
        self._newest_ns = self._received_ns = _LONG_AGO_NS
        self.registration = Registration(sensors)
        self._support: list[tuple[IntArray, FloatArray]] = []
        self._process = process if workers is None else Parallel(workers).process
        self._lost, self._resumed = Lost(self._rules), list[Resumed]()
        self._endings, self._next_id = 0, 1
        self._numbers: dict[int, int] = {}
        self._signatures = Signatures()
        self.refused_rows = 0
        self.unassociated_bearings = 0

    @property
    def too_late_rows(self) -> int:
        return int(self._counters[TOO_LATE])

    @property
    def counted(self) -> int:
        """The highest number that a track was given, 0 before the first."""
        return int(self._counters[NEXT_TRACK_ID]) - 1

    def count_from(self, first: int, numbers: Mapping[int, int] | None = None) -> None:
        """Number tracks from `first` on, before the first scan; one whose number stands in `numbers` goes by
        what stands there: it is another tracker's, taken over.
        """
        self._counters[NEXT_TRACK_ID] = self._next_id = first
        self._numbers = dict(numbers or {})

    def receive(self, scan: Scan) -> None:
        """Take one scan in; InputError when its sensor is unknown, or it came before or far too late."""
        source = self._admit(scan)
        look = source.look(scan)
        records = records_of(scan, source, look, self.registration)
        n = len(records.row)
        self.refused_rows += len(scan) - n
        # What the sensor's clock says, less what it is thought to be wrong.
        time_ns = self.registration.time_ns(source.index, scan.time_utc_ns)
        self._make_room(n)
        self._newest_ns = max(self._newest_ns, time_ns)
        signatures, claimed = self._signatures.of(scan, records.row), np.zeros(n)
        rests_on, weight = self._process(
            self._tracks,
            self._history,
            self._counters,
            look,
            self._rules,
            time_ns,
            self._newest_ns,
            records.corrected,
            signatures,
            claimed,
            source.clutter(int(look[LOOK_KIND])),
        )
        if n:
            source.learn_strength(signatures, claimed)
            if look[LOOK_KIND] in (AZIMUTH, AZIMUTH_ELEVATION):
                self.unassociated_bearings += int(np.count_nonzero(claimed < 0.5))
        if len(rests_on):
            number = self._tracks.number[: self._counters[USED]]
            self.registration.note(source.index, scan.time_utc_ns, records.raw, rests_on, weight, number)
            self._support.append((cited(rests_on, records.row, source.index, scan.sequence), weight))
        self._stitch()

    def inform(self, status: SensorStatus) -> None:
        """Take what a sensor says of itself; InputError when it is not of this site or cannot be true."""
        source = self._sources.get(status.sensor_id)
        if source is None:
            raise InputError("sensor_id", repr(status.sensor_id), "a sensor of this site")
        told = (*(status.position_enu_m or ()), status.azimuth_from_rad, status.azimuth_to_rad)
        if not all(math.isfinite(value) for value in told if value is not None):
            raise InputError("status", f"{told}", "finite where it tells anything")
        if status.range_max_m is not None and not 0.0 < status.range_max_m < math.inf:
            raise InputError("range_max_m", f"{status.range_max_m:g}", "positive and finite")
        source.told(status)

    def _stitch(self) -> None:
        """Remember the tracks that ended, and let new ones carry on where they were lost."""
        counters, number = self._counters, self._tracks.number
        if counters[ENDINGS] != self._endings:
            self._endings = int(counters[ENDINGS])
            self._lost.note_ended(self._tracks, np.flatnonzero(number[: counters[USED], STATUS] == ENDED))
        if counters[NEXT_TRACK_ID] != self._next_id:
            fresh = newly_confirmed(self._tracks, self._next_id)
            self._next_id = int(counters[NEXT_TRACK_ID])
            for row in fresh if self._numbers else ():
                track_id = int(number[row, TRACK_ID])
                number[row, TRACK_ID] = self._numbers.pop(track_id, track_id)
            self._resumed += self._lost.take_up(self._tracks, self._history, fresh)

    def _admit(self, scan: Scan) -> Source:
        source = self._sources.get(scan.sensor_id)
        if source is None:
            raise InputError("sensor_id", repr(scan.sensor_id), "a sensor of this site")
        received_ns = max(self._received_ns, scan.received_utc_ns)
        late_ns = received_ns - scan.time_utc_ns
        limits = self._settings
        if late_ns > seconds_to_ns(limits.late_limit_s):
            must = f"at most {limits.late_limit_s:g} s behind the newest reception"
            raise InputError("time_utc_ns", f"{late_ns * 1e-9:.1f} s old", must)
        if late_ns < -seconds_to_ns(limits.early_limit_s):
            must = f"at most {limits.early_limit_s:g} s ahead of the newest reception"
            raise InputError("time_utc_ns", f"{late_ns * -1e-9:.1f} s in the future", must)
        # What is forgotten here would be refused for its age.
        source.remember(scan, received_ns - 2 * seconds_to_ns(limits.late_limit_s))
        self._received_ns = received_ns
        return source

    def _make_room(self, detections: int) -> None:
        while int(self._counters[USED]) + detections > len(self._tracks.mu):
            self._tracks = grown_tracks(self._tracks)
        # Histories are large, and only tracks with a second detection need one.
        ring = self._history.ring
        if 4 * np.count_nonzero(ring[:, 1]) >= 3 * len(ring):
            self._history = grown_history(self._history)

    def picture(self, time_utc_ns: int) -> Picture:
        """Return all confirmed and coasting tracks at `time_utc_ns`, and those that ended since the last
        picture.

        The tracks are not touched; only what was told (endings, support) is not told again.
        """
        number = self._tracks.number[: self._counters[USED]]
        shown = np.flatnonzero(number[:, STATUS] >= CONFIRMED)
        shown = shown[np.argsort(number[shown, TRACK_ID])]
        support, weight = self._untold_support()
        picture = picture_of(
            self._tracks,
            self._history,
            shown,
            time_utc_ns,
            self._rules,
            self._sensor_ids,
            support,
            weight,
            self._resumed,
        )
        self._resumed = []
        release_ended(self._tracks, self._history, self._counters)
        return picture

    def _untold_support(self) -> tuple[IntArray, FloatArray]:
        """Return (track id, sensor, sequence, row) not yet told, and how likely each is right; keep those of
        tentative tracks for later.
        """
        if not self._support:
            return np.empty((0, 4), dtype=np.int64), np.empty(0)
        number = self._tracks.number[: self._counters[USED]]
        alive = number[number[:, STATUS] > EMPTY]
        alive = alive[np.argsort(alive[:, UID])]
        support = np.concatenate([detections for detections, _ in self._support])
        weight = np.concatenate([weight for _, weight in self._support])
        # The last row stands for tracks that are gone.
        uid = np.append(alive[:, UID], -1)
        track_id = np.append(alive[:, TRACK_ID], -1)
        place = np.searchsorted(uid[:-1], support[:, 0])
        known = uid[place] == support[:, 0]
        told = known & (track_id[place] >= 0)
        later = known & ~told
        self._support = [(support[later], weight[later])]
        out: IntArray = support[told]
        out[:, 0] = track_id[place[told]]
        return out, weight[told]
