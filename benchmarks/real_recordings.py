"""Real radar captures and Mode S recordings, tracked without their labels and judged by them.

    python benchmarks/real_recordings.py RECORDINGS_FOLDER

RECORDINGS_FOLDER holds `asterix` and `adsb` (docs/real_data.md says where they come from). Nearly every
report carries the 24-bit address of its aircraft; those that do not are tracked and not judged. The tracker
is given the positions only; the address then tells which reports belong together:

| column | is |
|---|---|
| reports, refused | positions given to the tracker; those it would not take |
| craft, tracks | addresses seen, tracks made |
| held | share of reports that rest in a track |
| purity | share of the held reports that are of the aircraft most seen in their track |
| per craft | tracks per aircraft, of those seen twice or more: 1 is best |
| swaps | how often an aircraft's reports went over to another track |
| ahead | each report against what was foretold a second before: level distance, median, rms, 95 % |
| NIS | that distance squared over what tracker and report claim, per axis: 1 is honest, less is caution |
| age | how old the aircraft's newest report was at that time, median: a radar turns in seconds |
| speed | the track's level velocity against the broadcast one, which the tracker never sees: median, rms |
| per s | reports a second of processor inside the tracker |

Only one aircraft of the Mode S recording gives positions in the air, so by itself it cannot be confused. The
last rows let ten copies of it follow one another on the same path, so many seconds apart: real reports, real
noise, real gaps, and a made-up neighbourhood.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import numpy as np
from _recorded_flights import COPIES, Recording, Velocity, asterix, flight, in_trail, longest_gaps, mode_s

from skykeep.app.batch import AIRCRAFT_SETTINGS
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.sensing import MeasurementKind, Scan
from skykeep.domain.track import Picture
from skykeep.feeds.mode_s_file import read_messages
from skykeep.models.measurement import POSITION, RANGE_AZIMUTH_ELEVATION, locate
from skykeep.tracking import Tracker, warm_up

AHEAD_NS = NS_PER_S
CAPTURES = ("croatia/cat_034_048.pcap", "croatia/parsegps.gps", "croatia/cat_001_002.pcap")
SINGLE = ("goasterix/sample.ast", "croatia/cat_062_065.pcap", "croatia/cat048.raw", "croatia/asterix.pcap")
FLIGHTS = {"rega_zh": "helicopter", "border_control": "light aircraft", "oxford_cambridge": "glider"}
NAME_WIDTH, WIDTH = 25, 10
HEADINGS = (
    *("reports", "refused", "craft", "tracks", "held", "purity", "per_craft", "swaps"),
    *("ahead_m", "rms_m", "95%_m", "NIS", "age_s", "speed_mps", "rms", "per_s"),
)


class Followed:
    """Tracks a recording and remembers which track took which report, and how well each was foretold."""

    def __init__(self, recording: Recording, foretells: bool = True) -> None:
        self._foretells = foretells
        self.labels = {(s.sensor_id, s.sequence): s.labels[0] for s in recording.scans}
        self.owner: dict[tuple[str, int], int] = {}
        self.refused = 0
        self.spent_ns = 0
        self.tracks: set[int] = set()
        self.gaps_m: list[float] = []
        self.nis: list[float] = []
        self.ages_s: list[float] = []
        self.speed_gaps_mps: list[float] = []
        self._weights: dict[tuple[str, int], float] = {}
        self._latest: dict[str, tuple[int, int]] = {}
        self._sensors = {sensor.sensor_id: sensor for sensor in recording.sensors}
        self._tracker = Tracker(recording.sensors, AIRCRAFT_SETTINGS)
        self._run(recording)

    def _run(self, recording: Recording) -> None:
        scans, velocities = recording.scans, recording.velocities
        foretold = velocity = 0
        for scan in scans:
            now_ns = scan.time_utc_ns
            while (
                self._foretells and foretold < len(scans) and scans[foretold].time_utc_ns - AHEAD_NS < now_ns
            ):
                self._foretell(scans[foretold])
                foretold += 1
            while velocity < len(velocities) and velocities[velocity].time_utc_ns < now_ns:
                self._compare_speed(velocities[velocity])
                velocity += 1
            self._receive(scan)

    def _receive(self, scan: Scan) -> None:
        bare = msgspec.structs.replace(scan, labels=())
        began_ns = time.process_time_ns()
        try:
            self._tracker.receive(bare)
        except InputError:
            self.refused += 1
            return
        finally:
            self.spent_ns += time.process_time_ns() - began_ns
        self._note(self._tracker.picture(scan.time_utc_ns))

    def _note(self, picture: Picture) -> None:
        """Learn from what the picture rests on who took which report."""
        self.tracks.update(picture.track_id.tolist())
        told = zip(
            picture.support_track_id.tolist(),
            picture.support_sensor.tolist(),
            picture.support_sequence.tolist(),
            picture.support_weight.tolist(),
            strict=True,
        )
        for track_id, sensor, sequence, weight in told:
            report = (picture.sensor_ids[sensor], sequence)
            if weight > self._weights.get(report, 0.0):
                self._weights[report], self.owner[report] = weight, track_id
                self._latest[self.labels[report]] = (track_id, picture.time_utc_ns)

    def _known(self, label: str, time_utc_ns: int) -> tuple[Picture, int] | None:
        """Return the picture at a moment to come and the row of the track that follows `label`."""
        if not label or label not in self._latest:
            return None
        picture = self._tracker.picture(time_utc_ns)
        rows = np.flatnonzero(picture.track_id == self._latest[label][0])
        return (picture, int(rows[0])) if len(rows) else None

    def _foretell(self, scan: Scan) -> None:
        known = self._known(scan.labels[0], scan.time_utc_ns)
        if known is None:
            return
        picture, row = known
        sensor = self._sensors[scan.sensor_id]
        place_m, covariance_m2 = np.empty(3), np.empty((3, 3))
        kind = POSITION if scan.kind is MeasurementKind.POSITION else RANGE_AZIMUTH_ELEVATION
        position = np.array(sensor.position_enu_m)
        locate(kind, scan.measured[0], scan.sigma[0], position, place_m, covariance_m2)
        gap_m = (picture.state[row, :3] - place_m)[:2]
        claimed = (picture.covariance[row, :3, :3] + covariance_m2)[:2, :2]
        self.gaps_m.append(float(np.hypot(*gap_m)))
        self.nis.append(float(gap_m @ np.linalg.solve(claimed, gap_m)) / 2.0)
        self.ages_s.append((scan.time_utc_ns - self._latest[scan.labels[0]][1]) / NS_PER_S)

    def _compare_speed(self, said: Velocity) -> None:
        known = self._known(said.label, said.time_utc_ns)
        if known is not None:
            picture, row = known
            gap_mps = (picture.state[row, 3:] - said.velocity_enu_mps)[:2]
            self.speed_gaps_mps.append(float(np.hypot(*gap_mps)))

    def figures(self) -> dict[str, str]:
        """Return the row of the table."""
        by_track: defaultdict[int, Counter[str]] = defaultdict(Counter)
        by_label: defaultdict[str, list[int]] = defaultdict(list)
        named = {report: label for report, label in self.labels.items() if label}
        for report, label in named.items():
            if report in self.owner:
                by_track[self.owner[report]][label] += 1
                by_label[label].append(self.owner[report])
        held = sum(len(owners) for owners in by_label.values())
        seen = Counter(named.values())
        again = [by_label[label] for label, times in seen.items() if times > 1 and by_label[label]]
        swaps = sum(a != b for owners in again for a, b in itertools.pairwise(owners))
        pure = sum(max(labels.values()) for labels in by_track.values())
        per_craft = np.mean([len(set(owners)) for owners in again]) if again else np.nan
        found = {
            "reports": f"{len(self.labels):,}",
            "refused": f"{self.refused:,}",
            "craft": str(len(seen)),
            "tracks": str(len(self.tracks)),
            "held": f"{held / max(len(named), 1):.4f}",
            "purity": f"{pure / max(held, 1):.4f}",
            "per_craft": f"{per_craft:.2f}" if again else "-",
            "swaps": str(swaps) if again else "-",
            "per_s": f"{len(self.labels) / (self.spent_ns * 1e-9):,.0f}",
        }
        if self.gaps_m:
            gaps_m = np.array(self.gaps_m)
            found["ahead_m"], found["95%_m"] = (f"{q:.0f}" for q in np.quantile(gaps_m, [0.5, 0.95]))
            found["rms_m"] = f"{np.sqrt(np.mean(gaps_m**2)):.0f}"
            found["NIS"], found["age_s"] = f"{np.mean(self.nis):.2f}", f"{np.median(self.ages_s):.1f}"
        if self.speed_gaps_mps:
            found["speed_mps"] = f"{np.median(self.speed_gaps_mps):.1f}"
            found["rms"] = f"{np.sqrt(np.mean(np.square(self.speed_gaps_mps))):.1f}"
        return found


def show(name: str, figures: dict[str, str]) -> None:
    cells = (f"{figures.get(heading, '-'):>{WIDTH}}" for heading in HEADINGS)
    print(f"{name:<{NAME_WIDTH}}" + "".join(cells), flush=True)


def show_asterix(folder: Path) -> None:
    for name in (*CAPTURES, *SINGLE):
        counts: Counter[str] = Counter()
        recordings = asterix(folder / name, counts)
        refused = sum(n for what, n in counts.items() if what.startswith("rejected"))
        print(
            f"  {name}: {counts['records']} records, {refused} refused, "
            f"{counts['repeated records']} repeated, {counts['scans']} target reports "
            f"of {len(recordings)} radars"
        )
        for recording in recordings:
            if len(recording.scans) > 2:
                show(f"  {recording.sensors[0].sensor_id}", Followed(recording).figures())


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="RECORDINGS_FOLDER")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    if not (folder / "adsb").is_dir():
        raise SetupError(f"{folder}: holds no adsb")
    warm_up()
    show("", {heading: heading for heading in HEADINGS})
    show_asterix(folder / "asterix")
    counts: Counter[str] = Counter()
    messages = read_messages(folder / "adsb" / "traffic" / "tutorial.jsonl.gz", counts)
    recording = mode_s(messages)
    refused = sum(n for what, n in counts.items() if what.startswith("rejected"))
    print(f"  tutorial.jsonl.gz: {counts['frames']:,} frames, {refused} refused; {longest_gaps(recording)}")
    show("  airliner", Followed(recording).figures())
    for behind_s in (10.0, 5.0, 2.0):
        trail = in_trail(recording, behind_s)
        show(f"  {COPIES} of it, {behind_s:g} s apart", Followed(trail, foretells=False).figures())
    for name, what in FLIGHTS.items():
        decoded = flight(folder / "adsb" / "traffic" / f"{name}.json.gz")
        print(f"  {name}.json.gz: {longest_gaps(decoded)}")
        show(f"  {what}", Followed(decoded).figures())
    return 0


if __name__ == "__main__":
    sys.exit(main())
