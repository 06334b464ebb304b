"""Recordings as what `real_recordings.py` tracks: scans with labels, and velocities to compare with."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from skykeep.app.batch import AIRCRAFT_SETTINGS
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.feeds.asterix_file import ScanMaker, aircraft_sensor, read_records
from skykeep.feeds.mode_s_file import ADSB_SENSOR_ID, frame_about, position_scans
from skykeep.geo.frames import LocalFrame

KNOT_MPS = 0.514444
COPIES = 10
STALE_S = 2.0


class Velocity(msgspec.Struct, frozen=True):
    """A broadcast velocity, level, in the site's frame."""

    time_utc_ns: int
    label: str
    velocity_enu_mps: FloatArray


class Recording(msgspec.Struct, frozen=True):
    """What is tracked: scans in order of time, one report each, with labels the tracker will not see."""

    sensors: tuple[Sensor, ...]
    scans: list[Scan]
    velocities: list[Velocity]


def mode_s(messages: list[dict[str, Any]]) -> Recording:
    """Return airborne positions and velocities of messages with `time_utc_ns`, in order of time."""
    frame = frame_about(messages)
    scans = sorted(position_scans(messages, frame), key=lambda scan: scan.time_utc_ns)
    sensor = aircraft_sensor(ADSB_SENSOR_ID, SensorKind.ADSB, MeasurementKind.POSITION, (0.0, 0.0, 0.0))
    return Recording((sensor,), scans, velocities_of(messages, frame))


def velocities_of(messages: Iterable[dict[str, Any]], frame: LocalFrame) -> list[Velocity]:
    """Return what aircraft in the air say of their velocity, turned from where they are into the frame."""
    found = []
    last: dict[str, LocalFrame] = {}
    for message in sorted(messages, key=lambda message: int(message["time_utc_ns"])):
        label, speed_kt = str(message.get("icao24", "")), message.get("groundspeed")
        if message.get("latitude") is not None:
            last[label] = LocalFrame(
                latitude_deg=message["latitude"], longitude_deg=message["longitude"], height_hae_m=0.0
            )
        track_deg = message.get("track")
        if speed_kt is None or track_deg is None or message.get("bds", "09") != "09" or label not in last:
            continue
        course_rad = np.radians(track_deg)
        level_mps = speed_kt * KNOT_MPS * np.array([np.sin(course_rad), np.cos(course_rad), 0.0])
        turned = frame.rotation_ecef_to_enu() @ last[label].velocity_to_ecef_mps(level_mps)
        found.append(Velocity(int(message["time_utc_ns"]), label, turned))
    return found


def in_trail(recording: Recording, behind_s: float) -> Recording:
    """Return ten copies of a recording, each `behind_s` after the one before."""
    numbers = 1 + max(scan.sequence for scan in recording.scans)
    scans = [
        msgspec.structs.replace(
            scan,
            sequence=scan.sequence + copy * numbers,
            time_utc_ns=scan.time_utc_ns + round(copy * behind_s * NS_PER_S),
            received_utc_ns=scan.received_utc_ns + round(copy * behind_s * NS_PER_S),
            labels=(f"{scan.labels[0]}-{copy}",),
        )
        for copy in range(COPIES)
        for scan in recording.scans
    ]
    return Recording(recording.sensors, sorted(scans, key=lambda scan: scan.time_utc_ns), [])


def asterix(path: Path, counts: Counter[str]) -> list[Recording]:
    """Return one recording per radar: where they stand, the captures do not say."""
    maker = ScanMaker({}, counts, start_utc_ns=0)
    scans = [scan for timed in read_records(path, {}, counts) if (scan := maker.scan(timed)) is not None]
    scans.sort(key=lambda scan: (scan.time_utc_ns, scan.sensor_id, scan.sequence))
    by_sensor: defaultdict[str, list[Scan]] = defaultdict(list)
    for scan in scans:
        by_sensor[scan.sensor_id].append(scan)
    return [Recording((maker.sensors[name],), by_sensor[name], []) for name in sorted(by_sensor)]


def flight(path: Path) -> Recording:
    """Return a decoded flight: a JSON array of places, speeds and times in ms.

    Its rows are states at round seconds, and the place in one is up to some seconds older: how far it moved
    from row to row, over what its speed says, spreads by 0.3 at 10 s. The sigma allows for that.
    """
    rows = json.loads(gzip.decompress(path.read_bytes()))
    recording = mode_s([row | {"time_utc_ns": round(row["timestamp"] * 1e6)} for row in rows])
    usual_mps = KNOT_MPS * float(np.median([row["groundspeed"] for row in rows if row.get("groundspeed")]))
    for scan in recording.scans:
        scan.sigma[:, :2] = np.hypot(scan.sigma[:, :2], STALE_S * usual_mps)
    return recording


def longest_gaps(recording: Recording) -> str:
    """Return in words how long aircraft were silent beyond what a track outlives."""
    by_label: defaultdict[str, list[int]] = defaultdict(list)
    for scan in recording.scans:
        by_label[scan.labels[0]].append(scan.time_utc_ns)
    gaps_s = np.concatenate([np.diff(times) / NS_PER_S for times in by_label.values()])
    limit_s = AIRCRAFT_SETTINGS.coast_limit_s
    over = np.sum(gaps_s > limit_s)
    return f"longest silence {gaps_s.max():.0f} s; {over} over the {limit_s:.0f} s that a track coasts"
