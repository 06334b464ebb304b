"""From coastlines to sea.

OpenStreetMap draws no sea, only coastlines with land to their left and water to their right. Within a box,
coastlines and the box's edge divide the plane into faces; which are sea is told by the coastlines round them.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import FloatArray
from skykeep.sim.world.model import GeometryArray


class Sea(msgspec.Struct, frozen=True):
    """The sea in a box, and how sure we are of it."""

    water: tuple[Polygon, ...]
    open_ends: int
    contradicted_faces: int


def sea_within(coastlines: Sequence[BaseGeometry], box: Polygon, dry: Sequence[BaseGeometry] = ()) -> Sea:
    """Return the faces to the right of the coastlines.

    A coastline that stops short of the box's edge, as at the edge of a polygon-shaped extract, is led
    straight to
    one of its sides and counted in `open_ends`: the side on the way to which it crosses the least coastline,
    then
    the least of what is known to be `dry` (roads and buildings), then the nearest. A face to the right of one
    coastline and to the left of another takes the longer side and is counted in `contradicted_faces`.
    """
    if not coastlines:
        return Sea((), 0, 0)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(coastlines)), directed=True)
    clipped = shapely.get_parts(shapely.intersection(merged, box))
    lines = [part for part in clipped if isinstance(part, LineString)]
    if not lines:
        return Sea((), 0, 0)
    connectors = _led_to_edge(lines, box, dry)
    network = shapely.union_all([*lines, *connectors, box.exterior])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    right_m, left_m = _sides(lines, faces, box)
    is_sea = right_m > left_m
    contradicted = np.minimum(right_m, left_m) > 0.02 * np.maximum(right_m, left_m)
    return Sea(tuple(faces[is_sea]), len(connectors), int(np.count_nonzero(contradicted)))


def _led_to_edge(lines: list[LineString], box: Polygon, dry: Sequence[BaseGeometry]) -> list[LineString]:
    tolerance = 1e-6 * box.length
    ends: dict[tuple[float, float], int] = {}
    for line in lines:
        for x, y in (line.coords[0], line.coords[-1]):
            ends[x, y] = ends.get((x, y), 0) + 1
    west, low, east, high = box.bounds
    coast, land = shapely.STRtree(lines), shapely.STRtree(list(dry))
    connectors = []
    for (x, y), times in sorted(ends.items()):
        if times > 1 or Point(x, y).distance(box.exterior) <= tolerance:
            continue
        ways = [LineString([(x, y), onto]) for onto in ((west, y), (east, y), (x, low), (x, high))]
        connectors.append(
            min(
                ways,
                key=lambda way: (
                    len(coast.query(way, "crosses")),
                    len(land.query(way, "intersects")),
                    way.length,
                ),
            )
        )
    return connectors


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
