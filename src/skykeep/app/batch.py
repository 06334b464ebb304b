"""Tracking in a batch: scans of a recording to pictures at whole steps of time, one tracker per frame of
reference.
"""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.sensing import Scan, Sensor
from skykeep.domain.track import Picture
from skykeep.tracking import Tracker, TrackerSettings

# Airliners, not drones: fast, far apart, each with its own address: one believable report is enough to begin.
AIRCRAFT_SETTINGS = TrackerSettings(
    start_speed_sigma_mps=160.0,
    start_climb_sigma_mps=12.0,
    coast_limit_s=40.0,
    stale_s=20.0,
    lost_sigma_m=4_000.0,
    confirm_hits=1,
    confirm_existence=0.9,
    births_per_scan=1.0,
)


def track_scans(
    sensors: Iterable[Sensor],
    scans: Iterable[Scan],
    settings: TrackerSettings,
    step_s: float,
) -> tuple[list[Picture], dict[str, int]]:
    """Return the pictures at every whole `step_s` after the first reception, and the counts of scans used
    and refused.

    Scans must be in order of reception.
    """
    tracker = Tracker(tuple(sensors), settings)
    step_ns = seconds_to_ns(step_s)
    pictures: list[Picture] = []
    counts = {"scans used": 0, "scans refused": 0}
    due_utc_ns = 0
    last_utc_ns = 0
    for scan in scans:
        if not due_utc_ns:
            due_utc_ns = scan.received_utc_ns // NS_PER_S * NS_PER_S + step_ns
        while due_utc_ns <= scan.received_utc_ns:
            pictures.append(tracker.picture(due_utc_ns))
            due_utc_ns += step_ns
        try:
            tracker.receive(scan)
        except InputError:
            counts["scans refused"] += 1
        else:
            counts["scans used"] += 1
        last_utc_ns = max(last_utc_ns, scan.received_utc_ns)
    if last_utc_ns:
        pictures.append(tracker.picture(max(due_utc_ns, last_utc_ns)))
    return pictures, counts
