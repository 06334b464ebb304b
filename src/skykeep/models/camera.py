"""What a camera's pixel says of a direction, and a direction of a pixel; where rays of several cameras meet.

Camera axes: x to the right of the picture, y down, z along the view; pixels count the same way from the
upper left. `rotation` (3, 3) turns site axes (east, north, up) into camera axes. The lens is a pinhole with
Brown's radial and tangential distortion. Azimuth is clockwise from north, elevation up from the horizontal.
Error: there and back under 1e-6 px; NaN where the distortion cannot be undone, as in the very corners of a
wide lens, and behind the camera (tests/models/test_camera.py). Not modelled: a shutter that reads its rows
one by one. Source: Brown 1971; of the meeting point, the normal equations of the distances from the rays.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray

_TWO_PI = 2.0 * math.pi
_ROUNDS = 60
_UNDONE_PX = 1e-6
_BORDER_POINTS = 25


class Lens(msgspec.Struct, frozen=True, kw_only=True):
    """Focal lengths and centre in px; radial k1, k2, k3, tangential p1, p2; width and height of the picture
    in px.
    """

    focal_px: tuple[float, float]
    centre_px: tuple[float, float]
    radial: tuple[float, float, float] = (0.0, 0.0, 0.0)
    tangential: tuple[float, float] = (0.0, 0.0)
    size_px: tuple[int, int] = (1920, 1080)

    def zoomed(self, factor: float) -> Lens:
        """Return this lens with its focal lengths times `factor`."""
        across, down = self.focal_px
        return msgspec.structs.replace(self, focal_px=(across * factor, down * factor))


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """A lens, where it is and how it is turned: `rotation` (3, 3), site axes to camera axes."""

    lens: Lens
    position_enu_m: FloatArray
    rotation: FloatArray


def project(lens: Lens, rays: FloatArray) -> FloatArray:
    """Return the pixels (n, 2) of `rays` (n, 3) in camera axes, of any length."""
    depth = np.where(rays[:, 2] > 0.0, rays[:, 2], np.nan)
    x, y = _distorted(lens, rays[:, 0] / depth, rays[:, 1] / depth)
    return np.stack(
        (lens.focal_px[0] * x + lens.centre_px[0], lens.focal_px[1] * y + lens.centre_px[1]), axis=1
    )


def rays_of(lens: Lens, pixels: FloatArray) -> FloatArray:
    """Return unit rays (n, 3) in camera axes of `pixels` (n, 2)."""
    x0 = (pixels[:, 0] - lens.centre_px[0]) / lens.focal_px[0]
    y0 = (pixels[:, 1] - lens.centre_px[1]) / lens.focal_px[1]
    x, y = x0.copy(), y0.copy()
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(_ROUNDS):
            radial, dx, dy = _distortion(lens, x, y)
            x, y = (x0 - dx) / radial, (y0 - dy) / radial
        xd, yd = _distorted(lens, x, y)
        off_px = np.hypot(xd - x0, yd - y0) * max(lens.focal_px)
        rays = np.stack((x, y, np.ones_like(x)), axis=1)
        rays[~(off_px < _UNDONE_PX)] = np.nan
        unit: FloatArray = rays / np.linalg.norm(rays, axis=1, keepdims=True)
    return unit


def _distorted(lens: Lens, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    radial, dx, dy = _distortion(lens, x, y)
    return x * radial + dx, y * radial + dy


def _distortion(lens: Lens, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    (k1, k2, k3), (p1, p2) = lens.radial, lens.tangential
    r2 = x * x + y * y
    radial = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3))
    dx = 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x)
    dy = p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y
    return radial, dx, dy


def pixels_of(camera: Camera, position_enu_m: FloatArray) -> FloatArray:
    """Return the pixels (n, 2) at which `position_enu_m` (n, 3) are seen."""
    return project(camera.lens, (position_enu_m - camera.position_enu_m) @ camera.rotation.T)


def bearings_of(camera: Camera, pixels: FloatArray) -> FloatArray:
    """Return azimuth and elevation (n, 2) of `pixels` (n, 2), in rad."""
    toward = rays_of(camera.lens, pixels) @ camera.rotation
    azimuth_rad = np.arctan2(toward[:, 0], toward[:, 1]) % _TWO_PI
    elevation_rad = np.arctan2(toward[:, 2], np.hypot(toward[:, 0], toward[:, 1]))
    return np.stack((azimuth_rad, elevation_rad), axis=1)


def directions_of(bearings_rad: FloatArray) -> FloatArray:
    """Return unit vectors east, north, up (n, 3) of azimuths and elevations (n, 2)."""
    azimuth_rad, elevation_rad = bearings_rad[:, 0], bearings_rad[:, 1]
    level = np.cos(elevation_rad)
    return np.stack((level * np.sin(azimuth_rad), level * np.cos(azimuth_rad), np.sin(elevation_rad)), axis=1)


def view_of(camera: Camera) -> tuple[float, float, float, float]:
    """Return the azimuths from and to (clockwise, rad) and the least and greatest elevation in view.

    A camera that has the zenith in view sees all round, up to it.
    """
    width, height = camera.lens.size_px
    along = np.linspace(0.0, 1.0, _BORDER_POINTS)
    border = np.concatenate(
        [np.stack((along * width, np.full_like(along, y)), axis=1) for y in (0.0, height)]
        + [np.stack((np.full_like(along, x), along * height), axis=1) for x in (0.0, width)]
    )
    bearings = bearings_of(camera, border)
    low_rad, high_rad = float(np.nanmin(bearings[:, 1])), float(np.nanmax(bearings[:, 1]))
    zenith = pixels_of(camera, camera.position_enu_m + np.array([[0.0, 0.0, 1.0]]))[0]
    if 0.0 <= zenith[0] <= width and 0.0 <= zenith[1] <= height:
        return 0.0, _TWO_PI, low_rad, 0.5 * math.pi
    ahead_rad = math.atan2(camera.rotation[2, 0], camera.rotation[2, 1])
    aside = (bearings[:, 0] - ahead_rad + math.pi) % _TWO_PI - math.pi
    left, right = float(np.nanmin(aside)), float(np.nanmax(aside))
    return (ahead_rad + left) % _TWO_PI, (ahead_rad + left) % _TWO_PI + right - left, low_rad, high_rad


def meet(
    origins_m: FloatArray, directions: FloatArray, sigma_rad: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return where n rays pass each other nearest, (3,), and the covariance of that, (3, 3).

    Each ray is off by `sigma_rad` (n,) either way across it. Parallel rays meet nowhere: NaN. A place
    behind an origin comes out as one in front: the caller must look.
    """
    across = np.eye(3) - directions[:, :, None] * directions[:, None, :]
    weight, place = np.ones(len(origins_m)), np.full(3, np.nan)
    information = np.full((3, 3), np.nan)
    # The second round weighs by how far away each ray is known to end.
    for _ in range(3):
        information = np.einsum("n,nij->ij", weight, across)
        if not np.linalg.cond(information) < 1e12:
            return np.full(3, np.nan), np.full((3, 3), np.nan)
        place = np.linalg.solve(information, np.einsum("n,nij,nj->i", weight, across, origins_m))
        ranges_m = np.linalg.norm(place - origins_m, axis=1)
        weight = 1.0 / (sigma_rad * ranges_m) ** 2
    return place, np.linalg.inv(np.einsum("n,nij->ij", weight, across))
