"""A recorded flight before several cameras: the drone's pixels, its measured path, and the cameras' lenses.

| file in a set's folder | holds |
|---|---|
| `cameras.txt` | `cam0 - name` a line; the name is a folder of lenses |
| `detections/cam0.txt`, ... | frame number, x, y in px a line; 0 0 where nobody could see the drone |
| `trajectory/rtk.txt` | x, y, z in m a line, `PATH_RATE_HZ` of them a second; not dated |
| `camera-locations/campos.txt` | x, y, z in m of every camera by a survey, in its own frame; if there |
| lens folder, `NAME/*.json` | `K-matrix`, `distCoeff` (k1, k2, p1, p2, k3), `fps`, `resolution` |

The layout is that of a public collection of such flights (docs/real_data.md). Every camera has a clock of its
own, and frame rates are nominal. What a camera saw becomes azimuth and elevation only through a `Resection`:
where it stood, how it was turned and what its clock showed. A frame in which nobody marked the drone makes no
scan: the file does not say whether it was out of view or lost against the trees.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.base.errors import SetupError
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.models.camera import Lens, bearings_of, view_of
from skykeep.models.resection import KnownPath, Resection

START_UTC_NS = 1_900_000_000 * NS_PER_S
PATH_RATE_HZ = 5.0
"""Not said in the files: the one rate at which all cameras of a set agree with its path."""
COVERAGE_M = 500.0
LABELS_WRONG = 0.01
"""Marks a frame that are no drone: they were set by hand."""


class CameraModel(msgspec.Struct, frozen=True, kw_only=True):
    """A lens as somebody calibrated it, and the frame rate of its video."""

    name: str
    lens: Lens
    frames_per_s: float


class CameraSight(msgspec.Struct, frozen=True, kw_only=True):
    """What one camera saw: `pixels` (n, 2) in the frames numbered `frame` (n,); `models` are the calibrations
    on offer.
    """

    name: str
    models: tuple[CameraModel, ...]
    frame: FloatArray
    pixels: FloatArray


class CameraRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A flight: what each camera saw, where the drone was, and the surveyed places (n, 3) or None."""

    sights: tuple[CameraSight, ...]
    path: KnownPath
    surveyed_m: FloatArray | None


def read_camera_recording(folder: Path, lenses: Path) -> CameraRecording:
    """Return the flight in `folder`, with the lenses found in `lenses`; SetupError says what is wrong."""
    lines = _text(folder / "cameras.txt").splitlines()
    names = [line.split(" - ")[1].strip() for line in lines if " - " in line]
    sights = []
    for number, name in enumerate(names):
        table = _numbers(folder / "detections" / f"cam{number}.txt")
        seen = table[np.any(table[:, 1:] != 0.0, axis=1)]
        models = tuple(_camera_model(path) for path in sorted((lenses / name).glob("*.json")))
        if not models:
            raise SetupError(f"{lenses / name}: holds no lens, must hold at least one .json")
        sights.append(CameraSight(name=f"cam{number}", models=models, frame=seen[:, 0], pixels=seen[:, 1:]))
    places = _numbers(folder / "trajectory" / "rtk.txt")
    survey = folder / "camera-locations" / "campos.txt"
    return CameraRecording(
        sights=tuple(sights),
        path=KnownPath(time_s=np.arange(len(places)) / PATH_RATE_HZ, position_enu_m=places),
        surveyed_m=_numbers(survey) if survey.is_file() else None,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error


def _numbers(path: Path) -> FloatArray:
    """Return the rows of three numbers; lines that are a heading, as their first word shows, are left out."""
    rows = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        words = line.split()
        if not words or words[0][0].isalpha() or words[0][0] == "#":
            continue
        try:
            x, y, z = (float(word) for word in words)
        except ValueError as error:
            raise SetupError(f"{path}:{number}: {line[:40]!r}, must be three numbers") from error
        rows.append((x, y, z))
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    if not len(table) or not np.isfinite(table).all():
        raise SetupError(f"{path}: holds {len(table)} rows, must hold one or more, all finite")
    return table


def _camera_model(path: Path) -> CameraModel:
    try:
        said: dict[str, Any] = msgspec.json.decode(_text(path))
        matrix = said["K-matrix"]
        k1, k2, p1, p2, *rest = (float(number) for number in said["distCoeff"])
        width, height = (int(number) for number in said["resolution"])
        lens = Lens(
            focal_px=(float(matrix[0][0]), float(matrix[1][1])),
            centre_px=(float(matrix[0][2]), float(matrix[1][2])),
            radial=(k1, k2, rest[0] if rest else 0.0),
            tangential=(p1, p2),
            size_px=(width, height),
        )
        return CameraModel(name=path.stem, lens=lens, frames_per_s=float(said["fps"]))
    except (KeyError, IndexError, TypeError, ValueError, msgspec.DecodeError) as error:
        raise SetupError(f"{path}: not a lens: {error!r}") from error


def camera_sensor(name: str, resection: Resection, frames_per_s: float) -> Sensor:
    """Return the sensor that a resected camera is."""
    from_rad, to_rad, lowest_rad, highest_rad = view_of(resection.camera)
    east_m, north_m, up_m = resection.camera.position_enu_m.tolist()
    sigma_rad = resection.frame_sigma_rad(frames_per_s)
    return Sensor(
        sensor_id=name,
        name=name,
        kind=SensorKind.CAMERA,
        measures=MeasurementKind.AZIMUTH_ELEVATION,
        position_enu_m=(east_m, north_m, up_m),
        coverage_range_m=COVERAGE_M,
        sigma=(sigma_rad, sigma_rad),
        period_s=1.0 / frames_per_s,
        azimuth_from_rad=from_rad,
        azimuth_to_rad=to_rad,
        elevation_min_rad=lowest_rad,
        elevation_max_rad=highest_rad,
        clutter_per_scan=LABELS_WRONG,
    )


def camera_scans(sight: CameraSight, resection: Resection, frames_per_s: float) -> Iterator[Scan]:
    """Yield one scan a frame in which the drone was marked, dated by the path's time since `START_UTC_NS`.

    The sigma of the azimuth is that of the angle across, over the cosine of the elevation.
    """
    bearings_rad = bearings_of(resection.camera, sight.pixels)
    time_s = resection.path_time_s(sight.frame / frames_per_s)
    sigma_rad = np.full_like(bearings_rad, resection.frame_sigma_rad(frames_per_s))
    sigma_rad[:, 0] /= np.cos(bearings_rad[:, 1])
    for k in np.flatnonzero(np.isfinite(bearings_rad[:, 0])).tolist():
        time_utc_ns = START_UTC_NS + round(float(time_s[k]) * NS_PER_S)
        yield make_scan(
            sensor_id=sight.name,
            sequence=int(sight.frame[k]),
            kind=MeasurementKind.AZIMUTH_ELEVATION,
            time_utc_ns=time_utc_ns,
            received_utc_ns=time_utc_ns,
            measured=bearings_rad[k : k + 1],
            sigma=sigma_rad[k : k + 1],
        )
