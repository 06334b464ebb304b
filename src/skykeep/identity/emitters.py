"""Labelled bearings: a direction finder hears *who* and *from where*, so it can catch a broadcast in a lie.

A bearing whose label is a claimed identity should point to the place the claim names. Those that do are
explained. The others point to whoever really sends: when they keep pointing at one track and no other,
that track is the sender. Bearings with other labels (an emitter family) are evidence that a track carries
a radio.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimVerdict
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.domain.track import Picture
from skykeep.identity.chances import ALLOTMENT, at_least
from skykeep.identity.streams import Stream

KEPT_NS = 12 * NS_PER_S
# Direction finders are off by more than they say: siting and reflections.
LEAST_SIGMA_RAD = np.radians(1.5)
GATE = 3.0
ENOUGH = 4
# Two senders of one identity, heard in turn, misfit half the time; a stray reflection less.
FEWEST_MISFIT = 0.4
# A bearing to an honest sender points elsewhere (a reflection) in fewer than one of ten.
ASTRAY_CHANCE = 0.1
# Where an honest sender and a liar are heard in turn, the honest one keeps its name.
LEAST_ASTRAY = 0.8
# Bearings so near in time are astray together; claims come later than bearings by up to so much.
ALIKE_NS = NS_PER_S
SETTLED_NS = 2 * NS_PER_S
TOLD_NEAR_NS = 5 * NS_PER_S // 2


class Bearing:
    """One labelled bearing."""

    def __init__(
        self, sensor: Sensor, label: str, time_utc_ns: int, azimuth_rad: float, sigma_rad: float
    ) -> None:
        self.sensor = sensor
        self.label = label
        self.time_utc_ns = time_utc_ns
        self.azimuth_rad = azimuth_rad
        self.sigma_rad = sigma_rad

    def off_by(self, position_m: FloatArray) -> FloatArray:
        """Return how far, in sigmas, places (n, 2 or more) lie from this bearing; inf beyond the sensor's
        reach.
        """
        east_m = position_m[:, 0] - self.sensor.position_enu_m[0]
        north_m = position_m[:, 1] - self.sensor.position_enu_m[1]
        turn = np.arctan2(east_m, north_m) - self.azimuth_rad
        off = np.abs((turn + np.pi) % (2.0 * np.pi) - np.pi) / self.sigma_rad
        return np.asarray(np.where(np.hypot(east_m, north_m) <= self.sensor.coverage_range_m, off, np.inf))


class EmitterLog:
    """Recent labelled bearings of all direction finders."""

    def __init__(self, sensors: tuple[Sensor, ...]) -> None:
        self._sensors = {s.sensor_id: s for s in sensors if s.kind is SensorKind.RF_DIRECTION_FINDER}
        self._bearings: deque[Bearing] = deque()

    def receive(self, scan: Scan) -> None:
        """Keep a direction finder's labelled bearings; ignore all else."""
        sensor = self._sensors.get(scan.sensor_id)
        if sensor is None or not scan.labels:
            return
        if scan.kind not in (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION):
            return
        for row, label in enumerate(scan.labels):
            azimuth_rad, sigma_rad = float(scan.measured[row, 0]), float(scan.sigma[row, 0])
            if label and np.isfinite(azimuth_rad):
                sigma_rad = max(sigma_rad, LEAST_SIGMA_RAD) if np.isfinite(sigma_rad) else LEAST_SIGMA_RAD
                self._bearings.append(Bearing(sensor, label, scan.time_utc_ns, azimuth_rad, sigma_rad))

    def settle(
        self, picture: Picture, streams: list[Stream]
    ) -> tuple[dict[tuple[str, str, int], tuple[int, float]], dict[int, str]]:
        """Return, for streams that seem to lie, the true sender's row and the share of bearings that do not
        point to where the stream says it is, by stream key; and the other emitter heard at each row.
        """
        while self._bearings and self._bearings[0].time_utc_ns < picture.time_utc_ns - KEPT_NS:
            self._bearings.popleft()
        by_label: dict[str, list[Bearing]] = {}
        for bearing in self._bearings:
            by_label.setdefault(bearing.label, []).append(bearing)
        senders: dict[tuple[str, str, int], tuple[int, float]] = {}
        heard: dict[int, str] = {}
        for label in sorted(by_label):
            own = [stream for stream in streams if stream.claimed_id == label]
            if own:
                by_label[label] = [b for b in by_label[label] if any(_has_told(s, b) for s in own)]
            _count(by_label[label], own, picture.time_utc_ns)
            left = [b for b in by_label[label] if not _explained(b, own)]
            row = _only_row(left, picture)
            if row is None:
                continue
            if own:
                misfit, _, worst = max((_misfit(by_label[label], s), s.number, s) for s in own)
                if misfit >= FEWEST_MISFIT:
                    senders[worst.key] = (row, misfit)
            else:
                heard[row] = label
        return senders, heard


def _count(bearings: list[Bearing], streams: list[Stream], now_utc_ns: int) -> None:
    """Count for each stream in how many seconds no bearing points to where it says it is, of those with
    bearings, once the claims of that second have come. What points to another of the same name is not this
    one's.
    """
    for stream in streams:
        others = [other for other in streams if other is not stream]
        log, seconds = stream.senders, dict[int, bool]()
        for bearing in bearings:
            second = bearing.time_utc_ns // ALIKE_NS
            early = bearing.time_utc_ns < stream.first_utc_ns or second <= log.until_second
            if early or not _has_told(stream, bearing) or bearing.time_utc_ns > now_utc_ns - SETTLED_NS:
                continue
            if not _explained(bearing, others):
                seconds[second] = seconds.get(second, False) or _explained(bearing, [stream])
        # The newest second may go on.
        for second in sorted(seconds)[:-1]:
            log.until_second = second
            log.trials += 1
            log.misses += not seconds[second]
            if log.looks.is_due(log.trials):
                log.looks.take(log.trials, at_least(log.misses, log.trials, ASTRAY_CHANCE))


def sender_check(stream: Stream) -> ClaimCheck | None:
    """Return what bearings say of where a stream is sent from, None where there are none."""
    log, kind = stream.senders, ClaimCheckKind.SENDER
    if not log.trials:
        return None
    share = log.misses / log.trials
    verdict, because = ClaimVerdict.CONSISTENT, "Bearings to its broadcast point to where it says it is."
    if not log.looks.taken:
        verdict, because = ClaimVerdict.UNTESTED, "Too few bearings to say where it is sent from."
    elif log.looks.p_value <= ALLOTMENT[kind] and share >= LEAST_ASTRAY:
        verdict = ClaimVerdict.CONTRADICTED
        because = f"Bearings to its broadcast point elsewhere, in {log.misses} of {log.trials} seconds."
    p_value = log.looks.p_value if log.looks.taken else None
    return ClaimCheck(
        kind=kind, verdict=verdict, because=because, value=100.0 * share, unit="%", p_value=p_value
    )


def _has_told(stream: Stream, bearing: Bearing) -> bool:
    """Return whether a stream claimed a place near that time: what it did in silence nobody said."""
    return any(abs(claim.time_utc_ns - bearing.time_utc_ns) <= TOLD_NEAR_NS for claim in stream.claims)


def _explained(bearing: Bearing, streams: list[Stream]) -> bool:
    return any(
        bearing.off_by(stream.expected_enu_m(bearing.time_utc_ns)[np.newaxis])[0] <= GATE
        for stream in streams
    )


def _misfit(bearings: list[Bearing], stream: Stream) -> float:
    """Return the share of bearings that do not point to where the stream says it is."""
    missed = sum(not _explained(bearing, [stream]) for bearing in bearings)
    return missed / len(bearings)


def _only_row(bearings: list[Bearing], picture: Picture) -> int | None:
    """Return the one row that most of these bearings point to, None when there is none, or more than one."""
    if len(bearings) < ENOUGH or not len(picture):
        return None
    hits = np.zeros(len(picture))
    for bearing in bearings:
        age_s = (picture.time_utc_ns - bearing.time_utc_ns) / NS_PER_S
        hits += bearing.off_by(picture.state[:, :2] - age_s * picture.state[:, 3:5]) <= GATE
    pointed = np.flatnonzero(hits >= max(ENOUGH, 0.7 * len(bearings)))
    return int(pointed[0]) if len(pointed) == 1 else None
