"""The ground: heights on a regular grid of a local frame, and what it hides.

Heights are above the ellipsoid (HAE), so the sea of a world without a geoid is 0 everywhere. A target's
`position_enu_m[2]` is not: it is measured from the plane that touches the earth at the origin, and 10 km out
the earth lies 7.8 m below that plane. `up_m` gives the ground in that plane: compare targets with it.
Error of the fall: one sphere for the ellipsoid, 0.6 % of the fall, so 5 cm at 10 km.
"""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.compile import BoolArray, FloatArray
from skykeep.geo.frames import FloatLike, LocalFrame

MEAN_EARTH_RADIUS_M = 6_371_008.8


class Terrain(msgspec.Struct, frozen=True, kw_only=True):
    """Heights (HAE) at the nodes of a grid: row 0 is the south edge, column 0 the west edge."""

    west_m: float
    south_m: float
    spacing_m: float
    heights_m: FloatArray

    def __post_init__(self) -> None:
        if self.spacing_m <= 0.0 or self.heights_m.ndim != 2 or min(self.heights_m.shape) < 2:
            raise ValueError(
                f"grid {self.heights_m.shape} at {self.spacing_m} m, must be at least 2 by 2 and spaced apart"
            )

    @property
    def east_m(self) -> float:
        """The east edge."""
        return float(self.west_m + self.spacing_m * (self.heights_m.shape[1] - 1))

    @property
    def north_m(self) -> float:
        """The north edge."""
        return float(self.south_m + self.spacing_m * (self.heights_m.shape[0] - 1))

    def height_m(self, east_m: FloatLike, north_m: FloatLike) -> FloatArray:
        """Return the ground's height, bilinear between nodes; beyond the grid, that of the nearest edge."""
        rows, columns = self.heights_m.shape
        column = np.clip(
            (np.asarray(east_m, dtype=np.float64) - self.west_m) / self.spacing_m, 0.0, columns - 1
        )
        row = np.clip((np.asarray(north_m, dtype=np.float64) - self.south_m) / self.spacing_m, 0.0, rows - 1)
        # NaN has no cell: read cell 0, the NaN fraction then makes the answer NaN.
        left = np.minimum(np.nan_to_num(column), columns - 2).astype(np.int64)
        low = np.minimum(np.nan_to_num(row), rows - 2).astype(np.int64)
        right_part, high_part = column - left, row - low
        grid = self.heights_m
        south = grid[low, left] * (1.0 - right_part) + grid[low, left + 1] * right_part
        north = grid[low + 1, left] * (1.0 - right_part) + grid[low + 1, left + 1] * right_part
        return np.asarray(south * (1.0 - high_part) + north * high_part)

    def up_m(self, east_m: FloatLike, north_m: FloatLike) -> FloatArray:
        """Return the ground's up in the local frame: its height less the fall of the earth."""
        return self.height_m(east_m, north_m) - fall_m(east_m, north_m)

    def line_of_sight(
        self, from_enu_m: FloatArray, to_enu_m: FloatArray, clearance_m: float = 0.0
    ) -> BoolArray:
        """Return whether each pair sees one another: the ground stays `clearance_m` below the straight line.

        `from_enu_m` and `to_enu_m` are (3,) or (n, 3) and broadcast. The line is sampled twice per cell; its
        ends, where the sensor and the target stand, are not tested. Rays are straight: refraction would lift
        the horizon by a seventh of the fall, 1.6 m over 12 km.
        """
        start, end = np.broadcast_arrays(np.atleast_2d(from_enu_m), np.atleast_2d(to_enu_m))
        longest_m = float(np.max(np.hypot(*(end - start)[:, :2].T), initial=0.0))
        steps = max(2, int(np.ceil(2.0 * longest_m / self.spacing_m)))
        fraction = (np.arange(1, steps) / steps)[:, np.newaxis, np.newaxis]
        line = start + (end - start) * fraction
        clear = line[..., 2] - clearance_m >= self.up_m(line[..., 0], line[..., 1])
        return np.asarray(np.all(clear, axis=0))


def fall_m(east_m: FloatLike, north_m: FloatLike) -> FloatArray:
    """Return how far the earth has fallen below the plane that touches it at the origin."""
    return np.asarray(
        (np.asarray(east_m, dtype=np.float64) ** 2 + np.asarray(north_m, dtype=np.float64) ** 2)
        / (2.0 * MEAN_EARTH_RADIUS_M)
    )


def heights_m(
    position_enu_m: FloatArray, origin: LocalFrame, terrain: Terrain | None
) -> tuple[FloatArray, FloatArray]:
    """Return heights above ground and above the sea, (n,) each, of places (n, 3) in the frame of `origin`.

    Without terrain the ground is the sea, and that is the ellipsoid.
    """
    if terrain is None:
        _, _, height_hae_m = origin.to_geodetic(position_enu_m)
        return height_hae_m, height_hae_m
    east_m, north_m, up_m = position_enu_m.T
    height_agl_m = up_m - terrain.up_m(east_m, north_m)
    return height_agl_m, height_agl_m + terrain.height_m(east_m, north_m)
