"""From coastlines to sea.

OpenStreetMap draws no sea, only coastlines with land to their left and water to their right. Within a box,
coastlines and the box's edge divide the plane into faces; which are sea is told by the coastlines round them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import FloatArray
from skykeep.sim.world.model import GeometryArray

# Each end is weighed with four polygonizations: beyond this many, the nearest side must do.
MOST_ENDS_WEIGHED = 24


class Sea(msgspec.Struct, frozen=True):
    """The sea in a box, and how sure we are of it."""

    water: tuple[Polygon, ...]
    open_ends: int
    contradicted_faces: int


def sea_within(coastlines: Sequence[BaseGeometry], box: Polygon, dry: Sequence[BaseGeometry] = ()) -> Sea:
    """Return the faces to the right of the coastlines.

    A coastline that stops short of the box's edge, as at the edge of a polygon-shaped extract, is led on
    straight to one of its sides and counted in `open_ends`: to the side that drowns the fewest corners of
    what is known to be `dry` (roads, buildings), or the nearest of these. A face right of one coastline
    and left of another takes the longer side and is counted in `contradicted_faces`.
    """
    if not coastlines:
        return Sea((), 0, 0)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(coastlines)), directed=True)
    clipped = shapely.get_parts(shapely.intersection(merged, box))
    lines = [part for part in clipped if isinstance(part, LineString)]
    if not lines:
        return Sea((), 0, 0)
    ways_on = [_ways_to_edge(end, lines, box) for end in _open_ends(lines, box)]
    chosen = [ways[0] for ways in ways_on]
    corners: GeometryArray = np.asarray(shapely.points(shapely.get_coordinates(list(dry))), dtype=object)
    dry_points = shapely.STRtree(corners)

    def drowned(connectors: list[LineString]) -> int:
        water, _ = _faces_of_sea(lines, connectors, box)
        return int(dry_points.query(water, predicate="contains").shape[1])

    for number, ways in enumerate(ways_on[:MOST_ENDS_WEIGHED]):
        trials = [[*chosen[:number], way, *chosen[number + 1 :]] for way in ways]
        chosen = min(trials, key=drowned)
    water, contradicted_faces = _faces_of_sea(lines, chosen, box)
    return Sea(tuple(water), len(chosen), contradicted_faces)


def _open_ends(lines: list[LineString], box: Polygon) -> list[tuple[float, float]]:
    """Return where coastlines stop inside the box."""
    ends = Counter((float(x), float(y)) for line in lines for x, y in (line.coords[0], line.coords[-1]))
    once = sorted(end for end, times in ends.items() if times == 1)
    return [end for end in once if Point(end).distance(box.exterior) > 1e-6 * box.length]


def _ways_to_edge(end: tuple[float, float], lines: list[LineString], box: Polygon) -> list[LineString]:
    """Return the straight ways to the box's sides, nearest first: those that cross the least coast."""
    x, y = end
    west, low, east, high = box.bounds
    ways = [LineString([end, onto]) for onto in ((west, y), (east, y), (x, low), (x, high))]
    coast = shapely.STRtree(lines)
    crossings = [len(coast.query(way, predicate="crosses")) for way in ways]
    fewest = [way for way, count in zip(ways, crossings, strict=True) if count == min(crossings)]
    return sorted(fewest, key=lambda way: float(way.length))


def _faces_of_sea(
    lines: list[LineString], connectors: list[LineString], box: Polygon
) -> tuple[GeometryArray, int]:
    network = shapely.union_all([*lines, *connectors, box.exterior])
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(network))))
    right, left = _sides(lines, faces, box)
    contradicted = np.minimum(right, left) > 0.02 * np.maximum(right, left)
    return faces[right > left], int(np.count_nonzero(contradicted))


def _sides(lines: list[LineString], faces: GeometryArray, box: Polygon) -> tuple[FloatArray, FloatArray]:
    """Return, per face, the length of coastline that has it on the right and on the left."""
    nudge = 1e-7 * box.length
    right, left = np.zeros(len(faces)), np.zeros(len(faces))
    tree = shapely.STRtree(faces)
    for line in lines:
        corners = np.asarray(line.coords)
        steps = np.diff(corners, axis=0)
        length = np.hypot(steps[:, 0], steps[:, 1])
        usable = length > 4.0 * nudge
        steps, length, start = steps[usable], length[usable], corners[:-1][usable]
        to_right = np.stack((steps[:, 1], -steps[:, 0]), axis=-1) / length[:, np.newaxis] * nudge
        middle = start + 0.5 * steps
        for total, places in ((right, middle + to_right), (left, middle - to_right)):
            of_place, of_face = tree.query(shapely.points(places), predicate="within")
            np.add.at(total, of_face, length[of_place])
    return right, left
