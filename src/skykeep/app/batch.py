"""Tracking in a batch: scans of a recording or a scene to pictures at given moments, and what it cost.

A scan goes to the tracker and then to identity exactly as in `engine.Pipeline`, and a picture at T rests on
all that had arrived by T and on nothing else: the same scans give the same pictures, live or in a batch
(tests/app/test_batch.py). What a batch has not is a log, airspace, assessment and response.
"""

from __future__ import annotations

import time
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from skykeep.app.bare_site import bare_site
from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.identity import Identification
from skykeep.domain.sensing import Claim, ClaimKind, Scan, Sensor, SensorKind
from skykeep.domain.track import Picture, TrackStatus
from skykeep.geo.frames import LocalFrame
from skykeep.identity import Identifier
from skykeep.store.archive import CLASS_COLUMNS
from skykeep.tracking import Tracker, TrackerSettings
from skykeep.tracking.parallel import Workers
from skykeep.tracking.settings import MotionModel

# Airliners, not drones: fast, far apart, each with its own address: one believable report is enough to begin.
# They turn at three degrees a second, the standard rate, and do not stop in the air.
AIRCRAFT_SETTINGS = TrackerSettings(
    motion=(
        MotionModel(noise_m2ps3=0.05),
        MotionModel(noise_m2ps3=9.0),
        MotionModel(noise_m2ps3=0.5, turn_radps=0.05),
        MotionModel(noise_m2ps3=0.5, turn_radps=-0.05),
    ),
    motion_sojourn_s=30.0,
    start_speed_sigma_mps=160.0,
    start_climb_sigma_mps=12.0,
    coast_limit_s=40.0,
    stale_s=20.0,
    lost_sigma_m=4_000.0,
    confirm_hits=1,
    confirm_existence=0.9,
    births_per_scan=1.0,
)


class Batch:
    """One tracker and what it cost. With a `frame` also one identifier: only then are there classes.

    `scan_sizes` and `scan_ns` hold, per scan, its detections and the processor's nanoseconds inside
    `Tracker.receive`; `picture_ns` and `identity_ns` are those of pictures and of identity, in all.
    `refusals` counts the scans that the tracker refused, by the field at fault.
    """

    def __init__(
        self,
        sensors: Iterable[Sensor],
        settings: TrackerSettings,
        frame: LocalFrame | None = None,
        workers: Workers | None = None,
    ) -> None:
        sensors = tuple(sensors)
        self.tracker = Tracker(sensors, settings, workers)
        self.refusals: Counter[str] = Counter()
        self.refused_claims = 0
        self.scan_sizes = array("q")
        self.scan_ns = array("q")
        self.picture_ns = 0
        self.identity_ns = 0
        self._remote_id = {s.sensor_id for s in sensors if s.kind is SensorKind.REMOTE_ID}
        self._identifier = None if frame is None else Identifier(bare_site("batch", "batch", frame, sensors))

    def pictures(self, scans: Iterable[Scan], moments_utc_ns: Iterable[int]) -> Iterator[Picture]:
        """Yield the picture at each moment, after all scans that had arrived by then.

        Both must be in order of time.
        """
        moments = iter(moments_utc_ns)
        due_utc_ns = next(moments, None)
        for scan in scans:
            while due_utc_ns is not None and due_utc_ns < scan.received_utc_ns:
                yield self._picture(due_utc_ns)
                due_utc_ns = next(moments, None)
            self._receive(scan)
        while due_utc_ns is not None:
            yield self._picture(due_utc_ns)
            due_utc_ns = next(moments, None)

    def identify(self, picture: Picture) -> tuple[Identification, ...]:
        """Return what each track of the newest picture is, over ground that is flat at up = 0."""
        assert self._identifier is not None
        began_ns = time.process_time_ns()
        found = self._identifier.judge(picture, picture.state[:, 2])
        self.identity_ns += time.process_time_ns() - began_ns
        return found

    def _receive(self, scan: Scan) -> None:
        began_ns = time.process_time_ns()
        try:
            self.tracker.receive(scan)
        except InputError as error:
            self.refusals[error.field] += 1
            return
        ended_ns = time.process_time_ns()
        self.scan_ns.append(ended_ns - began_ns)
        self.scan_sizes.append(len(scan))
        if self._identifier is not None:
            self._identifier.receive_scan(scan)
            if scan.sensor_id in self._remote_id:
                self._hear(self._identifier, scan)
            self.identity_ns += time.process_time_ns() - ended_ns

    def _hear(self, identifier: Identifier, scan: Scan) -> None:
        for claim in claims_of(scan):
            try:
                identifier.receive_claim(claim)
            except InputError:
                self.refused_claims += 1

    def _picture(self, time_utc_ns: int) -> Picture:
        began_ns = time.process_time_ns()
        picture = self.tracker.picture(time_utc_ns)
        self.picture_ns += time.process_time_ns() - began_ns
        return picture


def claims_of(scan: Scan) -> Iterator[Claim]:
    """Yield the claims behind a scan of labelled Remote ID positions: who says to be there."""
    for row, label in enumerate(scan.labels):
        east_m, north_m, up_m = scan.measured[row, :3].tolist()
        across_m, _, high_m = scan.sigma[row, :3].tolist()
        yield Claim(
            sensor_id=scan.sensor_id,
            sequence=scan.sequence,
            kind=ClaimKind.REMOTE_ID,
            claimed_id=label,
            time_utc_ns=scan.time_utc_ns,
            received_utc_ns=scan.received_utc_ns,
            position_enu_m=(east_m, north_m, up_m),
            velocity_enu_mps=None,
            sigma_m=(across_m, high_m),
        )


def class_columns(picture: Picture, found: Sequence[Identification]) -> dict[str, FloatArray]:
    """Return the probability of each class, for the rows that `tabulate` makes of `picture`."""
    likely = np.array([one.class_probabilities for one in found]).reshape(len(picture), len(CLASS_COLUMNS))
    shown = picture.status != TrackStatus.ENDED
    return {name: likely[shown, k] for k, name in enumerate(CLASS_COLUMNS)}


def track_scans(
    sensors: Iterable[Sensor],
    scans: Iterable[Scan],
    settings: TrackerSettings,
    step_s: float,
) -> tuple[list[Picture], dict[str, int]]:
    """Return the pictures at every whole `step_s` after the first reception, the last when all has arrived,
    and the counts of scans used and refused.

    Scans must be in order of reception.
    """
    scans = list(scans)
    batch = Batch(sensors, settings)
    moments: range | tuple[int, ...] = ()
    if scans:
        step_ns = seconds_to_ns(step_s)
        first_utc_ns = scans[0].received_utc_ns // NS_PER_S * NS_PER_S + step_ns
        last_utc_ns = max(scan.received_utc_ns for scan in scans)
        moments = range(first_utc_ns, max(last_utc_ns, first_utc_ns) + step_ns, step_ns)
    pictures = list(batch.pictures(scans, moments))
    return pictures, {"scans used": len(batch.scan_ns), "scans refused": batch.refusals.total()}
