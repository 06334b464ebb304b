"""The tracker: scans in, a picture out. It reads no clock; the same scans give the same bytes."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import InputError
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.domain.track import Picture
from skykeep.tracking.columns import (
    COASTING,
    CONFIRMED,
    EMPTY,
    ENDED,
    MEASURED,
    RECORD,
    SENSOR,
    SIGMA,
    Look,
    Rules,
    empty_history,
    empty_tracks,
    grown_history,
    grown_tracks,
)
from skykeep.tracking.life import process, release
from skykeep.tracking.picture import predict_rows
from skykeep.tracking.settings import TrackerSettings

_CODES = {
    MeasurementKind.RANGE_AZIMUTH_ELEVATION: 0,
    MeasurementKind.AZIMUTH: 1,
    MeasurementKind.AZIMUTH_ELEVATION: 2,
    MeasurementKind.POSITION: 3,
}
_REQUIRED = (3, 1, 2, 3)
_TWO_PI = 2.0 * math.pi
_CLUTTER_HEIGHT_M = 1000.0
"""Height of the block of air, as wide as the coverage, over which false positions are spread."""


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)


class _Source:
    """What the tracker keeps of one sensor: how it looks, and which of its scans it has seen."""

    def __init__(self, index: int, sensor: Sensor, settings: TrackerSettings) -> None:
        self.index = index
        self.sensor = sensor
        self.position_enu_m = np.array(sensor.position_enu_m, dtype=np.float64)
        self.seen: set[int] = set()
        self.seen_order: deque[tuple[int, int]] = deque()
        self.nominal_sigma = np.full(4, np.nan)
        self.nominal_sigma[: len(sensor.sigma)] = sensor.sigma
        self.looks: dict[MeasurementKind, Look] = {}
        self.settings = settings

    def look(self, scan: Scan) -> Look:
        """Return how this sensor looked when it made `scan`."""
        look = self.looks.get(scan.kind)
        if look is None:
            look = self.looks[scan.kind] = self._whole_view(scan.kind)
        low, high = scan.azimuth_from_rad, scan.azimuth_to_rad
        if low is None or high is None or not math.isfinite(low + high):
            return look
        width = high - low if 0.0 <= high - low <= _TWO_PI else (high - low) % _TWO_PI
        return look._replace(azimuth_from_rad=low, azimuth_width_rad=width)

    def _whole_view(self, kind: MeasurementKind) -> Look:
        sensor, code = self.sensor, _CODES[kind]
        width = sensor.azimuth_to_rad - sensor.azimuth_from_rad
        width = width if 0.0 < width <= _TWO_PI else width % _TWO_PI or _TWO_PI
        rise = max(sensor.elevation_max_rad - sensor.elevation_min_rad, 1e-3)
        size = (
            max(sensor.coverage_range_m - sensor.range_min_m, 1.0) * width * rise,
            width,
            width * rise,
            (2.0 * sensor.coverage_range_m) ** 2 * _CLUTTER_HEIGHT_M,
        )[code]
        clutter = max(sensor.clutter_per_scan, 1e-3)
        starts = sensor.independent and code in (0, 3)
        births = self.settings.births_per_scan
        return Look(
            kind=code,
            position_enu_m=self.position_enu_m,
            range_min_m=float(sensor.range_min_m),
            range_max_m=float(sensor.coverage_range_m),
            azimuth_from_rad=float(sensor.azimuth_from_rad),
            azimuth_width_rad=float(width),
            elevation_min_rad=float(sensor.elevation_min_rad),
            elevation_max_rad=float(sensor.elevation_max_rad),
            detection_probability=min(max(float(sensor.detection_probability), 0.05), 0.99),
            log_clutter=math.log(clutter / size),
            start_log_odds=math.log(births / clutter) if starts else -math.inf,
            misses_tell=sensor.kind is SensorKind.RADAR,
            tentative_too=sensor.independent,
        )


class Tracker:
    """Many targets, many sensors, in clutter. Give it scans as they arrive and ask it for the picture."""

    def __init__(self, sensors: tuple[Sensor, ...], settings: TrackerSettings = TrackerSettings()) -> None:  # noqa: B008
        self._settings = settings
        self._sources = {s.sensor_id: _Source(i, s, settings) for i, s in enumerate(sensors)}
        self._sensor_ids = tuple(s.sensor_id for s in sensors)
        self._models = len(settings.motion_noise_m2ps3)
        self._rules = _rules(settings)
        self._tracks = empty_tracks(64, self._models)
        self._history = empty_history(16, self._models, settings.history_depth)
        self._counters = np.array([0, 0, 1, 0], dtype=np.int64)
        self._newest_ns = -(1 << 62)
        self._received_ns = -(1 << 62)
        self._support: list[IntArray] = []
        self.refused_rows = 0
        self.unassociated_bearings = 0

    @property
    def too_late_rows(self) -> int:
        """How many detections came later than their track could remember; they counted for its existence only."""
        return int(self._counters[3])

    def receive(self, scan: Scan) -> None:
        """Take one scan in; InputError when it is not usable: unknown sensor, seen before, much too old or early."""
        source = self._admit(scan)
        look = source.look(scan)
        records, order = self._records(scan, source, look)
        n = len(order)
        self._make_room(n)
        self._newest_ns = max(self._newest_ns, scan.time_utc_ns)
        signatures = np.empty((n, 2))
        signatures[:, 0], signatures[:, 1] = scan.rcs_dbsm[order], scan.modulation_db[order]
        support_uid = np.full(n, -1, dtype=np.int64)
        sort_key = records[:, MEASURED + 1 if look.kind == 0 else MEASURED].copy()
        process(
            self._tracks,
            self._history,
            self._counters,
            look,
            self._rules,
            scan.time_utc_ns,
            self._newest_ns,
            records,
            sort_key,
            signatures,
            support_uid,
        )
        if n == 0:
            return
        support = np.empty((n, 4), dtype=np.int64)
        support[:, 0], support[:, 1], support[:, 2], support[:, 3] = (
            support_uid,
            source.index,
            scan.sequence,
            order,
        )
        if look.start_log_odds == -math.inf:
            served = support_uid >= 0
            if look.kind != 3:
                self.unassociated_bearings += n - int(np.count_nonzero(served))
            support = support[served]
        self._support.append(support)

    def _admit(self, scan: Scan) -> _Source:
        source = self._sources.get(scan.sensor_id)
        if source is None:
            raise InputError("sensor_id", repr(scan.sensor_id), "a sensor of this site")
        if scan.sequence in source.seen:
            raise InputError("sequence", f"{scan.sequence} of {scan.sensor_id} once more", "new")
        received_ns = max(self._received_ns, scan.received_utc_ns)
        late_ns = received_ns - scan.time_utc_ns
        if late_ns > seconds_to_ns(self._settings.late_limit_s):
            raise InputError(
                "time_utc_ns",
                f"{late_ns * 1e-9:.1f} s old",
                f"at most {self._settings.late_limit_s:g} s behind the newest reception",
            )
        if late_ns < -seconds_to_ns(self._settings.early_limit_s):
            raise InputError(
                "time_utc_ns",
                f"{-late_ns * 1e-9:.1f} s in the future",
                f"at most {self._settings.early_limit_s:g} s ahead of the newest reception",
            )
        self._received_ns = received_ns
        source.seen.add(scan.sequence)
        source.seen_order.append((scan.time_utc_ns, scan.sequence))
        # A copy of anything forgotten here is refused for its age.
        forget_ns = received_ns - 2 * seconds_to_ns(self._settings.late_limit_s)
        while source.seen_order[0][0] < forget_ns:
            source.seen.discard(source.seen_order.popleft()[1])
        return source

    def _records(self, scan: Scan, source: _Source, look: Look) -> tuple[FloatArray, IntArray]:
        """Return the usable rows as measurement records in an order that does not depend on the scan's."""
        n, required = len(scan), _REQUIRED[look.kind]
        records = np.empty((n, RECORD))
        records[:, 0] = look.kind
        records[:, SENSOR:MEASURED] = source.position_enu_m
        records[:, MEASURED:SIGMA] = scan.measured
        records[:, SIGMA:] = scan.sigma
        if n == 0:
            return records, np.empty(0, dtype=np.int64)
        sigma = records[:, SIGMA:]
        bad = ~(sigma > 0.0)
        if bad.any():
            sigma[bad] = np.broadcast_to(source.nominal_sigma, sigma.shape)[bad]
        columns = records[:, MEASURED : MEASURED + required]
        usable = np.isfinite(columns).all(axis=1) & np.isfinite(sigma[:, :required]).all(axis=1)
        usable &= (sigma[:, :required] > 0.0).all(axis=1)
        if look.kind == 0:
            usable &= columns[:, 0] > 0.0
            records[~(np.isfinite(records[:, SIGMA + 3]) & (records[:, SIGMA + 3] > 0.0)), MEASURED + 3] = np.nan
        azimuth = MEASURED + 1 if look.kind == 0 else MEASURED
        if look.kind != 3:
            records[:, azimuth] %= _TWO_PI
        keys = [records[:, k] for k in range(RECORD - 1, 3, -1)]
        order = np.lexsort((*keys, records[:, azimuth]))
        order = order[usable[order]]
        self.refused_rows += n - len(order)
        return np.ascontiguousarray(records[order]), order.astype(np.int64)

    def _make_room(self, detections: int) -> None:
        used = int(self._counters[0])
        while used + detections > self._tracks.status.shape[0]:
            self._tracks = grown_tracks(self._tracks, self._models)
        # Histories are large, and only tracks with a second detection need one.
        taken = int(np.count_nonzero(self._history.count))
        if 4 * taken >= 3 * len(self._history.count):
            self._history = grown_history(self._history, self._models, self._settings.history_depth)

    def picture(self, time_utc_ns: int) -> Picture:
        """Return all confirmed and coasting tracks predicted to `time_utc_ns`, and those that ended since the last."""
        t = self._tracks
        used = int(self._counters[0])
        shown = np.flatnonzero((t.status[:used] >= CONFIRMED))
        shown = shown[np.argsort(t.track_id[shown])]
        state, covariance = np.empty((len(shown), 6)), np.empty((len(shown), 6, 6))
        predict_rows(t, self._history, shown, time_utc_ns, self._rules, state, covariance)
        support = self._drain_support(shown)
        count = t.signature[shown, 0]
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.sqrt(t.signature[shown, 2] / (count - 1.0))
        picture = Picture(
            time_utc_ns=time_utc_ns,
            track_id=t.track_id[shown],
            status=t.status[shown],
            state=state,
            covariance=covariance,
            existence=1.0 / (1.0 + np.exp(-t.log_odds[shown])),
            born_utc_ns=t.born_ns[shown],
            last_detected_utc_ns=t.seen_ns[shown],
            hits=t.hits[shown],
            rcs_dbsm=np.where(count > 0, t.signature[shown, 1], np.nan),
            rcs_spread_db=np.where(count > 1, spread, np.nan),
            modulation_db=np.where(t.signature[shown, 3] > 0, t.signature[shown, 4], np.nan),
            sensor_ids=self._sensor_ids,
            support_track_id=support[:, 0],
            support_sensor=support[:, 1],
            support_sequence=support[:, 2],
            support_row=support[:, 3],
        )
        release(t, self._history, self._counters)
        return picture

    def _drain_support(self, shown: IntArray) -> IntArray:
        """Return (track id, sensor, sequence, row) not yet told for the tracks shown; keep the tentative ones' for later."""
        if not self._support:
            return np.empty((0, 4), dtype=np.int64)
        t, used = self._tracks, int(self._counters[0])
        told = np.concatenate(self._support)
        alive = np.flatnonzero(t.status[:used] > EMPTY)
        alive = alive[np.argsort(t.uid[alive])]
        place = np.searchsorted(t.uid[alive], told[:, 0])
        place[place == len(alive)] = 0
        known = t.uid[alive][place] == told[:, 0] if len(alive) else np.zeros(len(told), dtype=np.bool_)
        track_id = np.where(known, t.track_id[alive][place] if len(alive) else -1, -1)
        self._support = [told[known & (track_id < 0)]]
        out = told[track_id >= 0]
        out[:, 0] = track_id[track_id >= 0]
        return out


def _rules(settings: TrackerSettings) -> Rules:
    return Rules(
        noise=np.array(settings.motion_noise_m2ps3, dtype=np.float64),
        vertical=float(settings.vertical_noise),
        sojourn_s=float(settings.motion_sojourn_s),
        gate=float(settings.gate_chi_squared),
        log_range_rate_span=math.log(settings.range_rate_span_mps),
        confirm_log_odds=_log_odds(settings.confirm_existence),
        confirm_hits=settings.confirm_hits,
        drop_log_odds=float(settings.drop_log_odds),
        end_log_odds=_log_odds(settings.end_existence),
        most_log_odds=_log_odds(settings.most_existence),
        survival_s=float(settings.survival_s),
        coast_limit_ns=seconds_to_ns(settings.coast_limit_s),
        stale_ns=seconds_to_ns(settings.stale_s),
        lost_variance_m2=float(settings.lost_sigma_m**2),
        speed_variance=float(settings.start_speed_sigma_mps**2),
        climb_variance=float(settings.start_climb_sigma_mps**2),
        detection_memory=float(settings.detection_memory),
    )


__all__ = ["COASTING", "Tracker"]
