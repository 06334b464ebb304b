"""Smooth chance and smooth lines: what coasts, hills and lanes are drawn with.

Every random thing in a world comes from a `Generator` made by `stage_generator`, one per stage, so that a
change to how houses are drawn does not move the hills.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import shapely
from scipy import ndimage
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import BoolArray, FloatArray
from skykeep.sim.world.model import largest_polygon

XY: TypeAlias = tuple[float, float]
HALF_EXTENT_M = 14_000.0


def stage_generator(seed: int, stage: int) -> np.random.Generator:
    """Return the dice of one stage of building."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, stage])))


class SmoothNoise:
    """A smooth random function of the plane, about -1 to 1, with features of about `scale_m`."""

    def __init__(self, generator: np.random.Generator, scale_m: float) -> None:
        nodes = int(2.0 * HALF_EXTENT_M / scale_m) + 8
        self._scale_m = scale_m
        self._spline = ndimage.spline_filter(generator.uniform(-1.0, 1.0, (nodes, nodes)), order=3)

    def at(self, east_m: FloatArray, north_m: FloatArray) -> FloatArray:
        """Return its value at each place."""
        column = (east_m + HALF_EXTENT_M) / self._scale_m + 3.0
        row = (north_m + HALF_EXTENT_M) / self._scale_m + 3.0
        value: FloatArray = ndimage.map_coordinates(
            self._spline, [row, column], order=3, prefilter=False, mode="nearest"
        )
        return value


class Warp:
    """A displacement of the plane: what makes a drawn line look grown."""

    def __init__(self, generator: np.random.Generator, scales_and_amplitudes_m: Sequence[XY]) -> None:
        self._octaves = [
            (SmoothNoise(generator, scale_m), SmoothNoise(generator, scale_m), amplitude_m)
            for scale_m, amplitude_m in scales_and_amplitudes_m
        ]

    def moved(self, points_m: FloatArray, strength: FloatArray | float = 1.0) -> FloatArray:
        """Return the points (n, 2) after displacement."""
        east_m, north_m = points_m[:, 0], points_m[:, 1]
        shift_m = np.zeros_like(points_m)
        for along_east, along_north, amplitude_m in self._octaves:
            shift_m[:, 0] += amplitude_m * along_east.at(east_m, north_m)
            shift_m[:, 1] += amplitude_m * along_north.at(east_m, north_m)
        return np.asarray(points_m + shift_m * np.reshape(strength, (-1, 1)))


def smooth_line(points: Sequence[XY], spacing_m: float = 20.0, closed: bool = False) -> FloatArray:
    """Return a curve (n, 2) through all the points: a Catmull-Rom spline, centripetal: it never loops."""
    p = np.asarray(points, dtype=np.float64)
    p = np.vstack((p[-1], p, p[:2])) if closed else np.vstack((2 * p[0] - p[1], p, 2 * p[-1] - p[-2]))
    pieces = [_catmull_rom(p[i : i + 4], spacing_m) for i in range(len(p) - 3)]
    return np.asarray(np.vstack((*pieces, p[-2])))


def _catmull_rom(p: FloatArray, spacing_m: float) -> FloatArray:
    """Return the part from p[1] up to, but without, p[2] (the Barry-Goldman pyramid)."""
    knots = np.concatenate(([0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))))
    steps = max(1, int(np.hypot(*(p[2] - p[1])) / spacing_m))
    t = np.linspace(knots[1], knots[2], steps, endpoint=False)[:, np.newaxis]

    def blend(a: FloatArray, b: FloatArray, first: int, last: int) -> FloatArray:
        span = knots[last] - knots[first]
        return np.asarray(a * ((knots[last] - t) / span) + b * ((t - knots[first]) / span))

    low, middle, high = (blend(p[i], p[i + 1], i, i + 1) for i in range(3))
    return blend(blend(low, middle, 0, 2), blend(middle, high, 1, 3), 1, 2)


def warped_polygon(warp: Warp, ring_m: FloatArray, strength: FloatArray | float = 1.0) -> Polygon:
    """Return the largest sound polygon of a warped ring: a strong warp may fold a ring over itself."""
    whole = shapely.make_valid(Polygon(warp.moved(ring_m, strength)))
    return largest_polygon(whole)


def smoothstep(value: FloatArray) -> FloatArray:
    """Return 0 below 0, 1 above 1, and an S between."""
    clipped = np.clip(value, 0.0, 1.0)
    return np.asarray(clipped * clipped * (3.0 - 2.0 * clipped))


# Which of a cell's edges (0 south, 1 east, 2 north, 3 west) a contour joins, by which corners lie above it:
# bit 0
# south-west, 1 south-east, 2 north-east, 3 north-west. A saddle is cut so that the low corners join.
_CUTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((2, 0),), 10: ((0, 1), (2, 3)), 11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0,
    3),),
}  # fmt: skip


def contour_lines(
    grid: FloatArray, level: float, west_m: float, south_m: float, spacing_m: float
) -> BaseGeometry:
    """Return where a grid of values crosses `level`, as merged lines (marching squares)."""
    above = grid >= level
    case = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        on_row = (level - grid[:, :-1]) / (grid[:, 1:] - grid[:, :-1])
        on_column = (level - grid[:-1, :]) / (grid[1:, :] - grid[:-1, :])
    segments = []
    cut_row, cut_column = np.nonzero((case > 0) & (case < 15))
    cut_case = case[cut_row, cut_column]
    for number, cuts in _CUTS.items():
        row, column = cut_row[cut_case == number], cut_column[cut_case == number]
        crossing = {
            0: lambda r, c: (c + on_row[r, c], r),
            1: lambda r, c: (c + 1, r + on_column[r, c + 1]),
            2: lambda r, c: (c + on_row[r + 1, c], r + 1),
            3: lambda r, c: (c, r + on_column[r, c]),
        }
        for start, end in cuts:
            ends = [
                np.stack(np.broadcast_arrays(*crossing[edge](row, column)), axis=-1) for edge in (start, end)
            ]
            segments.append(np.stack(ends, axis=1).astype(np.float64))
    everything = np.concatenate(segments) * spacing_m + np.array([west_m, south_m])
    merged: BaseGeometry = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(everything)))
    return merged


def patches(
    mask_value: FloatArray, west_m: float, south_m: float, spacing_m: float, least_area_m2: float
) -> list[Polygon]:
    """Return the polygons within which a grid of values is positive."""
    # So far below that a patch which runs off the grid is cut at its outermost nodes.
    padded = np.pad(mask_value, 1, constant_values=-1e9)
    lines = contour_lines(padded, 0.0, west_m - spacing_m, south_m - spacing_m, spacing_m)
    found = []
    for polygon in shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))):
        inside = polygon.representative_point()
        row, column = (inside.y - south_m) / spacing_m + 1, (inside.x - west_m) / spacing_m + 1
        value = ndimage.map_coordinates(padded, [[row], [column]], order=1, mode="nearest")[0]
        if value > 0.0 and polygon.area > least_area_m2:
            found.append(polygon)
    return found


def inside_grid(polygon: BaseGeometry, east_m: FloatArray, north_m: FloatArray) -> BoolArray:
    """Return which nodes of a grid, given by its axes, lie inside."""
    shapely.prepare(polygon)
    east, north = np.meshgrid(east_m, north_m)
    return np.asarray(shapely.contains_xy(polygon, east, north), dtype=np.bool_)
