"""Where a camera stands, how it is turned and what its clock shows, from its own sight of a known path.

A target whose path is known (a drone with a precise receiver, say) flies in view. First the offset of the
clock: at each candidate the twelve numbers of a projective camera follow linearly from the pixels, and the
candidate whose pixels fit best is kept, of those whose camera is near to one with square pixels. Then all of
it together is refined by least squares in pixels, with large residuals counting less: place, turn, clock
offset, clock rate and one factor for the focal length, which a video mode changes by a few percent.

The sigma is what a fit to the first three quarters leaves over in the last: what the fit has seen would
flatter it. It is told with for how long it stays the same: errors of lens and clock are no noise, and a
hundred frames in a row repeat them. `Resection.frame_sigma_rad` is the sigma with which each frame may be
taken for independent of the last.

Error: on clean pixels, place to 1 mm, clock to 1 ms (tests/models/test_resection.py).
Source: the direct linear transformation is Abdel-Aziz and Karara 1971.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec
import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from skykeep.base.compile import FloatArray
from skykeep.models.camera import Camera, Lens, pixels_of, rays_of

_RATE_SIGMA, _ZOOM_SIGMA = 1e-3, 0.03
"""How far, before anything is known, a video clock runs off and a video mode zooms."""
_ROBUST_PX = 3.0
_SQUARE = 0.15
"""How much the two focal lengths of a candidate may differ from those of the lens, as a part."""
_COARSE_POINTS, _FINE_POINTS = 400, 3_000
_LEAST_INSIDE = 0.25
_FEWEST = 24
_LONGEST_CORRELATION_S = 10.0


class KnownPath(msgspec.Struct, frozen=True, kw_only=True):
    """Where the target was: `position_enu_m` (n, 3) at `time_s` (n,), straight in between."""

    time_s: FloatArray
    position_enu_m: FloatArray

    def at(self, time_s: FloatArray) -> FloatArray:
        """Return the places (n, 3); NaN before the first time and after the last."""
        return np.stack(
            [
                np.interp(time_s, self.time_s, axis, left=np.nan, right=np.nan)
                for axis in self.position_enu_m.T
            ],
            axis=1,
        )

    def until(self, time_s: float) -> KnownPath:
        """Return the part up to `time_s`."""
        first = self.time_s <= time_s
        return KnownPath(time_s=self.time_s[first], position_enu_m=self.position_enu_m[first])


class Resection(msgspec.Struct, frozen=True, kw_only=True):
    """A camera found: the path's time is `clock_offset_s` + (1 + `clock_rate`) x its own.

    `sigma_rad` is what is left over in either direction, `correlation_s` for how long it stays alike,
    `used` how many detections it rests on.
    """

    camera: Camera
    clock_offset_s: float
    clock_rate: float
    zoom: float
    sigma_rad: float
    correlation_s: float
    used: int

    def path_time_s(self, camera_time_s: FloatArray) -> FloatArray:
        """Return the path's time of moments on the camera's clock."""
        return self.clock_offset_s + (1.0 + self.clock_rate) * camera_time_s

    def frame_sigma_rad(self, frames_per_s: float) -> float:
        """Return the sigma with which frames may be taken for independent of each other."""
        return self.sigma_rad * math.sqrt(max(1.0, self.correlation_s * frames_per_s))


def resect(
    lens: Lens, time_s: FloatArray, pixels: FloatArray, path: KnownPath, step_s: float = 0.1
) -> Resection:
    """Return the camera that saw the target at `pixels` (n, 2) at `time_s` (n,) of its own clock.

    Every offset of the clock is tried, `step_s` apart, at which a quarter as many detections fall into the
    path's time as at the one with most. ValueError when there is none that fits.
    """
    coarse = slice(None, None, max(1, len(time_s) // _COARSE_POINTS))
    rays = rays_of(lens, pixels[coarse])
    best = (math.inf, 0.0, np.eye(3), np.zeros(3))
    for offset_s in _offsets(time_s[coarse], path, step_s):
        where = path.at(time_s[coarse] + offset_s)
        usable = np.isfinite(where[:, 0]) & np.isfinite(rays[:, 0])
        if np.count_nonzero(usable) >= _FEWEST:
            misfit, rotation, position_m = direct_linear(rays[usable], where[usable])
            if misfit < best[0]:
                best = (misfit, offset_s, rotation, position_m)
    if not math.isfinite(best[0]):
        raise ValueError("no clock offset at which a camera could have seen the path like this")
    return _refined(lens, time_s, pixels, path, best[1:])


def _offsets(time_s: FloatArray, path: KnownPath, step_s: float) -> Iterator[float]:
    offsets_s = np.arange(path.time_s[0] - time_s[-1], path.time_s[-1] - time_s[0], step_s)
    inside = np.searchsorted(time_s, path.time_s[-1] - offsets_s) - np.searchsorted(
        time_s, path.time_s[0] - offsets_s
    )
    yield from offsets_s[inside >= _LEAST_INSIDE * inside.max()].tolist()


def direct_linear(rays: FloatArray, position_m: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Return the median misfit (tangents of angles), the rotation and the place of the camera that saw
    `position_m` (n, 3) along `rays` (n, 3), undistorted; an infinite misfit when it is no camera.
    """
    middle, scale = position_m.mean(axis=0), position_m.std() + 1e-9
    points = np.concatenate(((position_m - middle) / scale, np.ones((len(position_m), 1))), axis=1)
    x, y = rays[:, :1] / rays[:, 2:], rays[:, 1:2] / rays[:, 2:]
    nothing = np.zeros_like(points)
    rows = np.concatenate(
        (
            np.concatenate((points, nothing, -x * points), axis=1),
            np.concatenate((nothing, points, -y * points), axis=1),
        )
    )
    matrix = np.linalg.eigh(rows.T @ rows)[1][:, 0].reshape(3, 4)
    if np.median(points @ matrix[2]) < 0.0:
        matrix = -matrix
    left, stretch, right = np.linalg.svd(matrix[:, :3])
    rotation = left @ right
    if np.linalg.det(rotation) < 0.0 or not stretch[0] - stretch[2] < _SQUARE * stretch[1]:
        return math.inf, rotation, middle
    seen = points @ matrix.T
    misfit = np.hypot(seen[:, 0] / seen[:, 2] - x[:, 0], seen[:, 1] / seen[:, 2] - y[:, 0])
    return float(np.median(misfit)), rotation, middle - scale * np.linalg.solve(matrix[:, :3], matrix[:, 3])


def _refined(
    lens: Lens,
    time_s: FloatArray,
    pixels: FloatArray,
    path: KnownPath,
    start: tuple[float, FloatArray, FloatArray],
) -> Resection:
    offset_s = start[0]
    # The edge of the path moves with the offset, so detections near it are left out.
    inside = (time_s + offset_s > path.time_s[0] + 1.0) & (time_s + offset_s < path.time_s[-1] - 1.0)
    time_s, pixels = time_s[inside], pixels[inside]
    if len(time_s) < _FEWEST:
        raise ValueError(f"{len(time_s)} detections during the path, must be {_FEWEST} or more")
    found = _fitted(lens, time_s, pixels, path, start)
    split = 3 * len(time_s) // 4
    early = _fitted(lens, time_s[:split], pixels[:split], path, start)
    off_px = _residual_px(early, time_s[split:], pixels[split:], path)
    sigma_px, correlation_s = left_over(time_s[split:], off_px)
    sigma_rad = sigma_px / math.sqrt(found.camera.lens.focal_px[0] * found.camera.lens.focal_px[1])
    return msgspec.structs.replace(found, sigma_rad=sigma_rad, correlation_s=correlation_s)


def _residual_px(found: Resection, time_s: FloatArray, pixels: FloatArray, path: KnownPath) -> FloatArray:
    off_px = pixels_of(found.camera, path.at(found.path_time_s(time_s))) - pixels
    return np.nan_to_num(off_px, nan=1e3)


def _fitted(
    lens: Lens,
    time_s: FloatArray,
    pixels: FloatArray,
    path: KnownPath,
    start: tuple[float, FloatArray, FloatArray],
) -> Resection:
    offset_s, rotation, position_m = start
    middle_s = float(np.mean(time_s))

    def build(v: FloatArray) -> Resection:
        zoom, rate = math.exp(v[8] * _ZOOM_SIGMA), float(v[7] * _RATE_SIGMA)
        camera = Camera(
            lens=lens.zoomed(zoom),
            position_enu_m=position_m + v[3:6],
            rotation=Rotation.from_rotvec(v[:3]).as_matrix() @ rotation,
        )
        # The rate turns about the middle, so that offset and rate do not trade.
        return Resection(
            camera=camera,
            clock_offset_s=offset_s + float(v[6]) - rate * middle_s,
            clock_rate=rate,
            zoom=zoom,
            sigma_rad=0.0,
            correlation_s=0.0,
            used=len(time_s),
        )

    fine = slice(None, None, max(1, len(time_s) // _FINE_POINTS))

    def misfit(v: FloatArray) -> FloatArray:
        off_px = _residual_px(build(v), time_s[fine], pixels[fine], path)
        return np.concatenate((off_px.ravel(), v[7:]))

    return build(least_squares(misfit, np.zeros(9), loss="soft_l1", f_scale=_ROBUST_PX).x)


def left_over(time_s: FloatArray, residual: FloatArray) -> tuple[float, float]:
    """Return the sigma of `residual` (n, 2) and for how long it stays alike: the area of its autocorrelation
    up to where that falls below a tenth.

    What lies beyond four robust sigmas counts as four.
    """
    limit = 4.0 * 1.4826 * float(np.median(np.abs(residual)))
    clipped = np.clip(residual, -limit, limit)
    variance = float(np.mean(clipped**2))
    step_s = float(np.median(np.diff(time_s)))
    slot = np.round((time_s - time_s[0]) / step_s).astype(np.int64)
    series = np.full((int(slot[-1]) + 1, 2), np.nan)
    series[slot] = clipped
    area = 1.0
    for lag in range(1, min(int(_LONGEST_CORRELATION_S / step_s), len(series) - 1)):
        product = series[lag:] * series[:-lag]
        told = np.isfinite(product)
        alike = float(product[told].mean()) / variance if told.any() and variance > 0.0 else 0.0
        if alike < 0.1:
            break
        area += 2.0 * alike
    return math.sqrt(variance), area * step_s
