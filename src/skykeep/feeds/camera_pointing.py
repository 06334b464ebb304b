"""Where a camera on a pan and tilt head must look to see a place: exact geometry, no approximation of a flat
earth.

Positions are metres in the site's frame. The head stands in its own horizon, turned by `heading_rad` (the
bearing its pan zero looks to, clockwise from true north there), then nose up by `pitch_rad`, then right side
down by `roll_rad`: what is left when it was levelled. Pan is clockwise seen from above, tilt is up.
Error: round-off; a place out to 50 km is met within 1 mm (tests/feeds/test_camera_pointing.py). Not allowed
for: refraction, and the lens standing off the axes of the head.
"""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.place import Vector
from skykeep.geo.frames import LocalFrame

_TURN_DEG = 360.0
# What must be seen is given this much more room than it fills.
ROOM = 1.5


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """Where the head must turn, and how far the place is."""

    pan_deg: float
    tilt_deg: float
    range_m: float


class Mount(msgspec.Struct, frozen=True, kw_only=True):
    """Where a head stands, how it was mounted, and how far it turns."""

    position_enu_m: Vector
    heading_rad: float
    pitch_rad: float = 0.0
    roll_rad: float = 0.0
    pan_from_deg: float = -180.0
    pan_to_deg: float = 180.0
    tilt_from_deg: float = -90.0
    tilt_to_deg: float = 90.0

    def axes(self) -> FloatArray:
        """Return forward, right and up of the head, as rows in east, north and up of its own horizon."""
        sin_h, cos_h = np.sin(self.heading_rad), np.cos(self.heading_rad)
        ahead, right, up = (
            np.array([sin_h, cos_h, 0.0]),
            np.array([cos_h, -sin_h, 0.0]),
            np.array([0.0, 0.0, 1.0]),
        )
        sin_p, cos_p = np.sin(self.pitch_rad), np.cos(self.pitch_rad)
        ahead, up = cos_p * ahead + sin_p * up, cos_p * up - sin_p * ahead
        sin_r, cos_r = np.sin(self.roll_rad), np.cos(self.roll_rad)
        right, up = cos_r * right - sin_r * up, cos_r * up + sin_r * right
        return np.stack((ahead, right, up))

    def horizon(self, frame: LocalFrame) -> LocalFrame:
        """Return the frame of the head's own horizon."""
        latitude_deg, longitude_deg, height_hae_m = frame.to_geodetic(np.array(self.position_enu_m))
        return LocalFrame(
            latitude_deg=float(latitude_deg),
            longitude_deg=float(longitude_deg),
            height_hae_m=float(height_hae_m),
        )


def aim(mount: Mount, frame: LocalFrame, position_enu_m: Vector) -> Aim:
    """Return where a head must turn to look at a place; InputError where it cannot turn that far.

    Of pans a whole turn apart the first within its range is taken.
    """
    away_m = mount.horizon(frame).to_enu_m(*frame.to_geodetic(np.array(position_enu_m)))
    ahead_m, right_m, up_m = (float(axis @ away_m) for axis in mount.axes())
    range_m = float(np.sqrt(ahead_m**2 + right_m**2 + up_m**2))
    if not range_m > 0.0:
        raise InputError("position_enu_m", "where the camera itself stands or no number", "somewhere else")
    tilt_deg = float(np.degrees(np.arctan2(up_m, np.hypot(ahead_m, right_m))))
    pan_deg = float(np.degrees(np.arctan2(right_m, ahead_m)))
    pan_deg += _TURN_DEG * np.ceil((mount.pan_from_deg - pan_deg) / _TURN_DEG)
    if pan_deg > mount.pan_to_deg:
        must = f"{mount.pan_from_deg:g} to {mount.pan_to_deg:g}, as far as the head turns"
        raise InputError("pan_deg", f"{pan_deg:.2f}", must)
    if not mount.tilt_from_deg <= tilt_deg <= mount.tilt_to_deg:
        must = f"{mount.tilt_from_deg:g} to {mount.tilt_to_deg:g}, as far as the head turns"
        raise InputError("tilt_deg", f"{tilt_deg:.2f}", must)
    return Aim(pan_deg=float(pan_deg), tilt_deg=tilt_deg, range_m=range_m)


class Lens(msgspec.Struct, frozen=True, kw_only=True):
    """What a lens shows across, at zooms from 0 (wide) to 1 (narrow): at least two, from the data sheet."""

    zooms: tuple[float, ...]
    fields_of_view_deg: tuple[float, ...]

    def __post_init__(self) -> None:
        rises = all(np.diff(self.zooms) > 0)
        narrows = all(np.diff(self.fields_of_view_deg) < 0)
        if len(self.zooms) != len(self.fields_of_view_deg) or len(self.zooms) < 2 or not (rises and narrows):
            raise ValueError("a lens must have as many zooms as fields of view, rising and narrowing")

    def zoom_for(self, range_m: float, radius_m: float) -> float:
        """Return the zoom that shows a ball of this radius with room around it, or the end of the lens."""
        if radius_m * ROOM >= range_m:
            return self.zooms[0]
        wanted_deg = float(np.degrees(2.0 * np.arcsin(radius_m * ROOM / range_m)))
        narrow_first = np.log(self.fields_of_view_deg[::-1])
        # Between two zooms of a data sheet the field of view shrinks by equal factors.
        return float(np.interp(np.log(max(wanted_deg, 1e-9)), narrow_first, self.zooms[::-1]))
