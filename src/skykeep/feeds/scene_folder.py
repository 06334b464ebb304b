"""A scene folder, the neutral format in which trackers are compared, as sensors and scans.

| file | read | what is taken |
|---|---|---|
| `sensors.json` | yes | frame, moments to judge at, sensors |
| `batches.parquet` (or `.csv`) | yes | one look of one sensor: a scan, also where it saw nothing |
| `detections.parquet` (or `.csv`) | yes | the rows of the scans |
| all else, the truth with it | never opened | |

Azimuth is clockwise from north, elevation up from the horizontal, range rate positive when receding, as
ours; Remote ID rows are degrees and metres above the ellipsoid and become east, north, up. Times count from
the scene's start, which the format does not date: it is `START_UTC_NS` here. Scans come in order of arrival
and are slices of whole columns, made as they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SignalModel
from skykeep.feeds.scene_sensors import FILE, SceneHeader, read_header
from skykeep.feeds.scene_tables import Detections, read_batches, read_detections

START_UTC_NS = 1_900_000_000 * NS_PER_S


def is_scene_folder(path: Path) -> bool:
    """Return whether this is a folder that says it holds a scene."""
    return (path / FILE).is_file()


class SceneFolder:
    """A scene: `sensors`, the `moments_utc_ns` at which a picture is asked for, and its scans by iteration.

    What may be constantly wrong with a sensor stands in its noun; the sigma of a detection is without it.
    SetupError when a file is missing or unreadable, InputError when what it holds is against the format.
    """

    def __init__(self, folder: Path) -> None:
        header = read_header(folder)
        self._batches = read_batches(folder, header)
        self._detections = read_detections(folder, header, self._batches)
        self._by_number = header.sensors
        self.name = folder.resolve().name
        self.frame = header.frame
        self.sensors: tuple[Sensor, ...] = tuple(header.sensors.values())
        self.moments_utc_ns = tuple(START_UTC_NS + seconds_to_ns(moment) for moment in header.moments_s)
        self._time_utc_ns = _utc_ns(self._batches.measured_s)
        self._received_utc_ns = _utc_ns(self._batches.arrived_s)
        self._rcs_dbsm = np.full(self.detections, np.nan)
        self._nothing = np.full(int(self._batches.count.max(initial=0)), np.nan)
        self._translate(header)

    @property
    def detections(self) -> int:
        return len(self._detections.values)

    def __len__(self) -> int:
        return len(self._batches.batch_id)

    def __iter__(self) -> Iterator[Scan]:
        """Yield all scans in order of arrival."""
        batches, seen = self._batches, self._detections
        rows = zip(
            batches.batch_id.tolist(),
            batches.sensor_number.tolist(),
            self._time_utc_ns.tolist(),
            self._received_utc_ns.tolist(),
            batches.azimuth_from_rad.tolist(),
            batches.azimuth_to_rad.tolist(),
            batches.first_row[:-1].tolist(),
            batches.first_row[1:].tolist(),
            strict=True,
        )
        for batch_id, number, time_utc_ns, received_utc_ns, low_rad, high_rad, first, end in rows:
            sensor = self._by_number[number]
            assert sensor.measures is not None
            whole = low_rad != low_rad
            yield Scan(
                sensor_id=sensor.sensor_id,
                sequence=batch_id,
                kind=sensor.measures,
                time_utc_ns=time_utc_ns,
                received_utc_ns=received_utc_ns,
                measured=seen.values[first:end],
                sigma=seen.sigmas[first:end],
                snr_db=seen.snr_db[first:end],
                rcs_dbsm=self._rcs_dbsm[first:end],
                modulation_db=self._nothing[: end - first],
                labels=_labels(seen, first, end),
                azimuth_from_rad=None if whole else low_rad,
                azimuth_to_rad=None if whole else high_rad,
            )

    def _translate(self, header: SceneHeader) -> None:
        """Turn what the columns hold into what a Scan holds, in place, a sensor at a time."""
        seen = self._detections
        number = np.repeat(self._batches.sensor_number, self._batches.count)
        for k, sensor in header.sensors.items():
            rows = np.flatnonzero(number == k)
            if sensor.measures is MeasurementKind.POSITION:
                place = seen.values[rows]
                seen.values[rows, :3] = header.frame.to_enu_m(place[:, 0], place[:, 1], place[:, 2])
            if sensor.signal is not None:
                self._rcs_dbsm[rows] = _rcs_dbsm(sensor.signal, seen.values[rows, 0], seen.snr_db[rows])


def _utc_ns(times_s: FloatArray) -> IntArray:
    return START_UTC_NS + np.rint(times_s * NS_PER_S).astype(np.int64)


def _rcs_dbsm(signal: SignalModel, range_m: FloatArray, snr_db: FloatArray) -> FloatArray:
    """Return the radar cross-section that explains an echo: its strength against the reference target's,
    which falls with the fourth power of range.
    """
    return np.asarray(signal.rcs_dbsm + snr_db - signal.snr_db + 40.0 * np.log10(range_m / signal.range_m))


def _labels(seen: Detections, first: int, end: int) -> tuple[str, ...]:
    codes = seen.label_code[first:end]
    return tuple(seen.label_names[code] for code in codes.tolist()) if codes.any() else ()
