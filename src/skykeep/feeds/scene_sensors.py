"""`sensors.json` of a scene folder: the frame, the moments to judge at, and one record per sensor.

Every key is checked where it is read: an InputError names it with its place in the file
(`sensors[2].fov.range_max_m`), what was found and what it must be.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from skykeep.base.errors import InputError, SetupError
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind, SignalModel
from skykeep.geo.frames import LocalFrame

FILE = "sensors.json"
VERSION = "1."
KINDS = {
    "radar3d": (SensorKind.RADAR, MeasurementKind.RANGE_AZIMUTH_ELEVATION),
    "rf_df": (SensorKind.RF_DIRECTION_FINDER, MeasurementKind.AZIMUTH),
    "camera": (SensorKind.CAMERA, MeasurementKind.AZIMUTH_ELEVATION),
    "remote_id": (SensorKind.REMOTE_ID, MeasurementKind.POSITION),
}
# The keys of `noise` in the order of the measured columns.
_NOISE = {
    "radar3d": ("range_m", "az_rad", "el_rad", "rrate_mps"),
    "rf_df": ("az_rad",),
    "camera": ("az_rad", "el_rad"),
    "remote_id": ("h_m", "h_m", "v_m"),
}
_RESOLUTION = ("range_m", "az_rad", "el_rad")
_TWO_PI = 2.0 * math.pi
_HALF_PI = math.pi / 2.0
_FAR_M = 1e6
_SAME_PLACE_M = 1.0
_MOST_MOMENTS = 1_000_000


class SceneHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What `sensors.json` says. `sensors` are by the numbers that the tables name them with;
    `moments_s` are the times, from the scene's start, at which a picture is asked for; errors are judged from
    `judged_from_s` on.
    """

    name: str
    frame: LocalFrame
    moments_s: tuple[float, ...]
    judged_from_s: float
    sensors: dict[int, Sensor]
    kinds: dict[int, str]


def read_header(folder: Path) -> SceneHeader:
    """Return what `sensors.json` says; SetupError when it cannot be read, InputError when it is wrong."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(f"{folder / FILE}: {error.strerror}") from error
    except ValueError as error:
        raise SetupError(f"{folder / FILE}: no JSON: {error}") from error
    top = _Part(found, "")
    version = top.text("format")
    if not version.startswith(VERSION):
        raise InputError(f"{FILE}: format", repr(version), f"{VERSION}x")
    origin = top.part("origin")
    frame = LocalFrame(
        latitude_deg=origin.number("lat_deg", -90.0, 90.0),
        longitude_deg=origin.number("lon_deg", -180.0, 180.0),
        height_hae_m=origin.number("h_m", -1e4, 1e5),
    )
    sensors: dict[int, Sensor] = {}
    kinds: dict[int, str] = {}
    for part in top.parts("sensors"):
        number = part.integer("sensor_id")
        if number in sensors:
            raise InputError(part.name("sensor_id"), f"{number} again", "a number of its own")
        kinds[number] = part.one_of("kind", tuple(KINDS))
        sensors[number] = _sensor(part, number, kinds[number], frame)
    return SceneHeader(
        name=top.text("scene", folder.name),
        frame=frame,
        moments_s=_moments_s(top.part("eval")),
        judged_from_s=top.part("eval").number("t_from", -1e9, 1e9, 0.0),
        sensors=sensors,
        kinds=kinds,
    )


def _moments_s(part: _Part) -> tuple[float, ...]:
    step_s, last_s = part.number("step_s", 1e-3, 1e6), part.number("t_to", 0.0, 1e9)
    steps = math.floor(last_s / step_s + 1e-9)
    if steps > _MOST_MOMENTS:
        raise InputError(part.name("step_s"), f"{steps:,} moments", f"at most {_MOST_MOMENTS:,}")
    return tuple(step_s * (k + 1) for k in range(steps))


def _sensor(part: _Part, number: int, kind: str, frame: LocalFrame) -> Sensor:
    fov, resolution = part.part("fov"), part.part("resolution", {})
    range_m = fov.number("range_max_m", 1e-3, _FAR_M)
    lowest_rad = fov.number("el_min_rad", -_HALF_PI, _HALF_PI, -_HALF_PI)
    return Sensor(
        sensor_id=str(number),
        name=part.text("name", f"{kind}-{number}"),
        kind=KINDS[kind][0],
        measures=KINDS[kind][1],
        position_enu_m=_position(part, frame),
        coverage_range_m=range_m,
        sigma=_sigma(part.part("noise"), kind),
        period_s=part.number("period_s", 1e-6, 1e6),
        range_min_m=fov.number("range_min_m", 0.0, range_m, 0.0),
        azimuth_from_rad=fov.number("az_from_rad", 0.0, _TWO_PI, 0.0),
        azimuth_to_rad=fov.number("az_to_rad", 0.0, _TWO_PI, _TWO_PI),
        elevation_min_rad=lowest_rad,
        elevation_max_rad=fov.number("el_max_rad", lowest_rad, _HALF_PI, _HALF_PI),
        detection_probability=part.number("pd_nominal", 1e-6, 1.0),
        clutter_per_scan=part.number("clutter_per_scan", 0.0, 1e7),
        independent=kind != "remote_id",
        bias_sigma=part.three("bias_prior_sigma", 0.0, 1e5),
        resolution=tuple(resolution.number(key, 0.0, _FAR_M) for key in _RESOLUTION if key in resolution),
        minimum_speed_mps=part.number("mdv_mps", 0.0, 1e3, 0.0),
        signal=_signal(part.part("pd_model")) if "pd_model" in part else None,
    )


def _position(part: _Part, frame: LocalFrame) -> tuple[float, float, float]:
    """Return `pos_enu`; it must be the place that the degrees give, where they are given."""
    here = part.three("pos_enu", -_FAR_M, _FAR_M)
    if "lat_deg" in part:
        place = frame.to_enu_m(
            part.number("lat_deg", -90.0, 90.0),
            part.number("lon_deg", -180.0, 180.0),
            part.number("h_m", -1e4, 1e5),
        )
        apart_m = float(np.linalg.norm(place - np.array(here)))
        if apart_m > _SAME_PLACE_M:
            must = "the place of lat_deg, lon_deg, h_m"
            raise InputError(part.name("pos_enu"), f"{apart_m:,.1f} m off", must)
    return here


def _sigma(noise: _Part, kind: str) -> tuple[float, ...]:
    """Return the nominal 1-sigma of the measured columns; a radar without Doppler has three."""
    keys = [key for key in _NOISE[kind] if key != "rrate_mps" or noise.has(key)]
    return tuple(noise.number(key, 1e-9, 1e5) for key in keys)


def _signal(part: _Part) -> SignalModel:
    part.one_of("type", ("swerling1_r4",))
    return SignalModel(
        snr_db=part.number("snr_ref_db", -100.0, 200.0),
        rcs_dbsm=10.0 * math.log10(part.number("rcs_ref_m2", 1e-9, 1e6)),
        range_m=part.number("range_ref_m", 1e-3, _FAR_M),
        false_alarm_probability=part.number("pfa", 1e-30, 0.5),
    )


class _Part:
    """A JSON object that knows where it stands, so that an error can say so. A null is a key not given."""

    def __init__(self, found: Any, where: str) -> None:
        self._where = where
        if not isinstance(found, dict):
            raise InputError(where or FILE, type(found).__name__, "an object")
        self._found = found

    def name(self, key: str) -> str:
        return f"{FILE}: {self._where}{key}"

    def has(self, key: str) -> bool:
        return self._found.get(key) is not None

    __contains__ = has

    def _value(self, key: str, otherwise: Any = None) -> Any:
        if self.has(key):
            return self._found[key]
        if otherwise is None:
            raise InputError(self.name(key), "nothing", "given")
        return otherwise

    def part(self, key: str, otherwise: dict[str, Any] | None = None) -> _Part:
        return _Part(self._value(key, otherwise), f"{self._where}{key}.")

    def parts(self, key: str) -> list[_Part]:
        found = self._value(key)
        if not isinstance(found, list) or not found:
            raise InputError(self.name(key), _said(found), "a list of at least one")
        return [_Part(item, f"{self._where}{key}[{k}].") for k, item in enumerate(found)]

    def text(self, key: str, otherwise: str | None = None) -> str:
        found = self._value(key, otherwise)
        if not isinstance(found, str):
            raise InputError(self.name(key), _said(found), "a text")
        return found

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        found = self.text(key)
        if found not in known:
            raise InputError(self.name(key), repr(found), " or ".join(known))
        return found

    def integer(self, key: str) -> int:
        found = self._value(key)
        if not isinstance(found, int) or isinstance(found, bool):
            raise InputError(self.name(key), _said(found), "a whole number")
        return found

    def number(self, key: str, low: float, high: float, otherwise: float | None = None) -> float:
        return _within(self._value(key, otherwise), low, high, self.name(key))

    def three(self, key: str, low: float, high: float) -> tuple[float, float, float]:
        found = self._value(key)
        if not isinstance(found, list) or len(found) != 3:
            raise InputError(self.name(key), _said(found), "three numbers")
        x, y, z = (_within(value, low, high, f"{self.name(key)}[{k}]") for k, value in enumerate(found))
        return x, y, z


def _within(found: Any, low: float, high: float, name: str) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not low <= found <= high:
        raise InputError(name, _said(found), f"a number from {low:g} to {high:g}")
    return float(found)


def _said(found: Any) -> str:
    text = json.dumps(found)
    return text if len(text) <= 60 else text[:57] + "..."
