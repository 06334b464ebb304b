"""The tracker: scans in, a picture out. It reads no clock; the same scans give the same bytes."""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import InputError
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor
from skykeep.domain.track import Picture
from skykeep.models.measurement import AZIMUTH, AZIMUTH_ELEVATION, POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.columns import (
    CONFIRMED,
    COUNTERS,
    EMPTY,
    ENDED,
    ENDINGS,
    LOOK_KIND,
    MEASURED,
    NEXT_TRACK_ID,
    RECORD,
    SENSOR,
    SIGMA,
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
from skykeep.tracking.parallel import Parallel
from skykeep.tracking.picture import picture_of
from skykeep.tracking.settings import TrackerSettings
from skykeep.tracking.source import Source
from skykeep.tracking.stitch import Lost, Resumed, newly_confirmed

_TWO_PI = 2.0 * math.pi
_REQUIRED = (3, 1, 2, 3)
_LONG_AGO_NS = -(1 << 62)
_ABSURD = 1e8
"""Metres or radians that no sensor means: squared in a filter they would overflow."""


class Tracker:
    """Many targets, many sensors, in clutter. Give it scans as they arrive and ask it for the picture.

    `refused_rows` counts detections that were no numbers or absurd ones, `unassociated_bearings` those
    without a range that no track wanted, `too_late_rows` those older than all their track remembered: they
    count for its existence but not for where it is.
    """

    def __init__(self, sensors: tuple[Sensor, ...], settings: TrackerSettings = TrackerSettings()) -> None:  # noqa: B008
        models = len(settings.motion)
        self._settings = settings
        # Where a bearing without elevation leads, another sensor of the kind has to tell.
        crossed = sum(s.independent and s.measures is MeasurementKind.AZIMUTH for s in sensors) > 1
        self._sources = {s.sensor_id: Source(i, s, settings, crossed) for i, s in enumerate(sensors)}
        self._sensor_ids = tuple(s.sensor_id for s in sensors)
        self._rules = rules_of(settings)
        self._tracks = empty_tracks(64, models)
        self._history = empty_history(16, models, settings.history_depth)
        self._counters = np.zeros(COUNTERS, dtype=np.int64)
        self._counters[NEXT_TRACK_ID], self._counters[SWEPT_NS] = 1, _LONG_AGO_NS
        self._newest_ns = self._received_ns = _LONG_AGO_NS
        self._support: list[tuple[IntArray, FloatArray]] = []
        self._process = process if settings.threads <= 1 else Parallel(settings.threads).process
        self._lost, self._resumed = Lost(self._rules), list[Resumed]()
        self._endings, self._next_id = 0, 1
        self._labels: dict[str, int] = {}
        self.refused_rows = 0
        self.unassociated_bearings = 0

    @property
    def too_late_rows(self) -> int:
        return int(self._counters[TOO_LATE])

    def receive(self, scan: Scan) -> None:
        """Take one scan in; InputError when its sensor is unknown, or it came before or far too late."""
        source = self._admit(scan)
        look = source.look(scan)
        records, order = self._records(scan, source, int(look[LOOK_KIND]))
        self._make_room(len(order))
        self._newest_ns = max(self._newest_ns, scan.time_utc_ns)
        signatures = self._signatures(scan, order)
        claimed = np.zeros(len(order))
        rests_on, weight = self._process(
            self._tracks,
            self._history,
            self._counters,
            look,
            self._rules,
            scan.time_utc_ns,
            self._newest_ns,
            records,
            signatures,
            claimed,
            source.clutter(int(look[LOOK_KIND])),
        )
        if len(order):
            source.learn_strength(signatures[:, 2], 1.0 - np.minimum(claimed, 1.0))
            if look[LOOK_KIND] in (AZIMUTH, AZIMUTH_ELEVATION):
                self.unassociated_bearings += int(np.count_nonzero(claimed < 0.5))
        if len(rests_on):
            detections = np.full((len(rests_on), 4), source.index, dtype=np.int64)
            detections[:, 0], detections[:, 2], detections[:, 3] = (
                rests_on[:, 0],
                scan.sequence,
                order[rests_on[:, 1]],
            )
            self._support.append((detections, weight))
        self._stitch()

    def _stitch(self) -> None:
        """Remember the tracks that ended, and let new ones carry on where they were lost."""
        counters, number = self._counters, self._tracks.number
        if counters[ENDINGS] != self._endings:
            self._endings = int(counters[ENDINGS])
            self._lost.note_ended(self._tracks, np.flatnonzero(number[: counters[USED], STATUS] == ENDED))
        if counters[NEXT_TRACK_ID] != self._next_id:
            fresh = newly_confirmed(self._tracks, self._next_id)
            self._next_id = int(counters[NEXT_TRACK_ID])
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

    def _records(self, scan: Scan, source: Source, kind: int) -> tuple[FloatArray, IntArray]:
        """Return the usable rows as measurement records, in an order that does not depend on the scan's."""
        n, required = len(scan), _REQUIRED[kind]
        if n == 0:
            return np.empty((0, RECORD)), np.empty(0, dtype=np.int64)
        records = np.empty((n, RECORD))
        records[:, 0] = kind
        records[:, SENSOR:MEASURED] = source.position_enu_m
        records[:, MEASURED:SIGMA] = scan.measured
        sigma = records[:, SIGMA:]
        sigma[:] = scan.sigma
        unsaid = ~(sigma > 0.0)
        if unsaid.any():
            np.copyto(sigma, source.nominal_sigma, where=unsaid)
        there = (np.abs(records[:, MEASURED:SIGMA]) < _ABSURD) & (sigma < _ABSURD) & (sigma > 0.0)
        usable = np.asarray(there[:, :required].all(axis=1))
        if kind == RANGE_AZIMUTH_ELEVATION:
            usable &= records[:, MEASURED] > 0.0
            records[~there[:, 3], MEASURED + 3] = np.nan
        rows = np.arange(n)
        if not usable.all():
            rows, records = rows[usable], records[usable]
            self.refused_rows += n - len(rows)
        first = MEASURED + 1 if kind == RANGE_AZIMUTH_ELEVATION else MEASURED
        if kind != POSITION:
            records[:, first] %= _TWO_PI
        order = np.lexsort((*records.T[MEASURED:], records[:, first]))
        return records[order], rows[order]

    def _signatures(self, scan: Scan, order: IntArray) -> FloatArray:
        """Return what each detection says of its cause beside where it is."""
        signatures = np.empty((len(order), 4))
        signatures[:, 0], signatures[:, 1] = scan.rcs_dbsm[order], scan.modulation_db[order]
        signatures[:, 2] = 10.0 ** (0.1 * scan.snr_db[order])
        signatures[:, 3] = np.nan
        if scan.labels:
            for k, row in enumerate(order.tolist()):
                if scan.labels[row]:
                    signatures[k, 3] = self._labels.setdefault(scan.labels[row], len(self._labels) + 1)
        return signatures

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
