"""Streets and blocks: main roads from the plan, then a street grid grown inside every face between them."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, substring

from skykeep.base.compile import FloatArray
from skykeep.sim.world import plan
from skykeep.sim.world.fields import Warp, smooth_line, stage_generator, warped_polygon
from skykeep.sim.world.model import lines_of, polygons_of
from skykeep.sim.world.names import StreetNames
from skykeep.sim.world.relief import Relief

ROAD_WIDTH_M = {
    "motorway": 26.0, "primary": 20.0, "secondary": 15.0, "tertiary": 12.0, "street": 10.0, "service": 6.0,
    "path": 3.0, "rail": 11.0,
}  # fmt: skip


class GridStyle(msgspec.Struct, frozen=True):
    """How a kind of district lays its streets: spacing both ways, its unevenness, how far lines wander."""

    long_spacing_m: float
    cross_spacing_m: float
    jitter: float
    warp_scale_m: float
    warp_m: float
    broken: float
    width_m: float
    street_class: str


GRID_STYLES = {
    "old_town": GridStyle(70.0, 92.0, 0.28, 220.0, 46.0, 0.45, 6.0, "street"),
    "centre": GridStyle(112.0, 165.0, 0.12, 600.0, 6.0, 0.08, 12.0, "tertiary"),
    "residential": GridStyle(128.0, 235.0, 0.12, 700.0, 70.0, 0.22, 10.0, "street"),
    "suburb": GridStyle(150.0, 290.0, 0.20, 560.0, 230.0, 0.45, 8.0, "street"),
    "industrial": GridStyle(210.0, 330.0, 0.18, 900.0, 10.0, 0.35, 12.0, "street"),
    "port": GridStyle(150.0, 330.0, 0.10, 900.0, 0.0, 0.30, 12.0, "service"),
}


class Road(msgspec.Struct, frozen=True):
    """A road's middle line."""

    line: LineString
    road_class: str
    name: str


class Block(msgspec.Struct, frozen=True):
    """Ground between streets, and what is built there."""

    ground: Polygon
    kind: str
    district: str


class District(msgspec.Struct, frozen=True):
    """A part of the city before streets cut it up."""

    ground: BaseGeometry
    kind: str
    name: str


class StreetPlan(msgspec.Struct, frozen=True):
    """Every road, and every block between them."""

    roads: tuple[Road, ...]
    blocks: tuple[Block, ...]
    districts: tuple[District, ...]


def main_roads(relief: Relief) -> list[Road]:
    """Return the roads of the plan, joined to one another, on land except where they cross the river."""
    drawn = [
        Road(_simple(LineString(smooth_line(points, spacing_m=25.0, closed=closed)), 0.4), road_class, name)
        for road_class, name, closed, points in plan.ROADS
    ]
    lower_river = _simple(
        _between(relief.river_line, 0.44 * relief.river_line.length, 0.965 * relief.river_line.length), 6.0
    )
    for side, name in ((1.0, "Left Bank"), (-1.0, "Right Bank")):
        bank = shapely.offset_curve(lower_river, side * 72.0, quad_segs=4).simplify(10.0)
        points = [(float(x), float(y)) for x, y in shapely.get_coordinates(bank)]
        drawn.append(Road(LineString(smooth_line(points, spacing_m=25.0)), "secondary", name))
    dry = shapely.union_all([relief.land, relief.river]).buffer(-9.0)
    shapely.prepare(dry)
    roads: list[Road] = []
    for road in drawn:
        others = shapely.union_all(
            [other.line for other in drawn if other is not road and other.road_class != "rail"]
        )
        line = road.line
        if road.road_class != "rail":
            line = _joined(LineString(_joined(line, others).coords[::-1]), others)
        parts = [part for part in lines_of(line.intersection(dry)) if part.length > 60.0]
        roads.extend(Road(part, road.road_class, road.name) for part in parts)
    return roads


def _between(line: LineString, first_m: float, last_m: float) -> LineString:
    return LineString(substring(line, first_m, last_m).coords)


def _simple(line: LineString, tolerance_m: float) -> LineString:
    return LineString(line.simplify(tolerance_m).coords)


def _joined(line: LineString, others: BaseGeometry, reach_m: float = 170.0) -> LineString:
    """Return a road whose end meets another: cut where it overshoots, led on where it falls short."""
    tail = _between(line, line.length - reach_m, line.length)
    if tail.intersects(others):
        crossings = shapely.get_coordinates(tail.intersection(others))
        nearest_m = max(line.project(Point(crossing)) for crossing in crossings)
        return _between(line, 0.0, nearest_m)
    end = Point(line.coords[-1])
    if end.distance(others) > reach_m:
        return line
    return LineString([*line.coords, nearest_points(others, end)[0].coords[0]])


def lay_streets(seed: int, relief: Relief, reserved: BaseGeometry) -> StreetPlan:
    """Grow streets and blocks over the built-up area, but not on `reserved` ground (parks, airport)."""
    generator = stage_generator(seed, 2)
    names = StreetNames(generator)
    mains = main_roads(relief)
    faces, seams = _faces(seed, mains, relief)
    for seam in seams:
        open_parts = [part for part in lines_of(seam.difference(reserved)) if part.length > 40.0]
        mains += [Road(part, "tertiary", names.next_for("centre")) for part in open_parts]
    buildable = relief.land.buffer(-24.0).difference(relief.river.buffer(14.0)).difference(reserved)
    corridor = shapely.union_all(
        [road.line.buffer(ROAD_WIDTH_M[road.road_class] / 2 + 2.0, quad_segs=3) for road in mains]
    )
    warps = {
        kind: Warp(generator, [(style.warp_scale_m, style.warp_m)]) for kind, style in GRID_STYLES.items()
    }
    roads, blocks, districts = list(mains), list[Block](), list[District]()
    for face, kind, district, bearing_deg in faces:
        ground = face.intersection(buildable)
        if ground.area < 5_000.0:
            continue
        style = GRID_STYLES[kind]
        lines = _grid(face, ground, style, warps[kind], bearing_deg, generator)
        roads.extend(Road(line, style.street_class, names.next_for(kind)) for line in lines)
        streets = shapely.union_all(shapely.buffer(lines, style.width_m / 2, cap_style="flat", quad_segs=2))
        free = shapely.difference(shapely.difference(ground, corridor), streets)
        districts.append(District(ground, kind, district))
        for piece in polygons_of(free):
            tidy = polygons_of(piece.buffer(-3.0, join_style="mitre").simplify(0.5))
            blocks.extend(Block(part, kind, district) for part in tidy if part.area > 350.0)
    return StreetPlan(tuple(roads), tuple(blocks), tuple(districts))


def _faces(
    seed: int, mains: list[Road], relief: Relief
) -> tuple[list[tuple[Polygon, str, str, float | None]], list[LineString]]:
    """Return the ground between main roads in the built-up area, with its kind, district and grid bearing.

    Large faces are shared between districts: the lines along which they are cut are returned too, to be
    streets.
    """
    warp = Warp(stage_generator(seed, 8), [(1_100.0, 420.0), (420.0, 190.0)])
    urban = warped_polygon(warp, smooth_line(plan.URBAN, spacing_m=40.0, closed=True))
    circles = [Point(east, north).buffer(radius_m) for _, east, north, radius_m in plan.VILLAGES]
    villages = [
        warped_polygon(warp, shapely.get_coordinates(circle.segmentize(40.0)), 0.8) for circle in circles
    ]
    area = shapely.union_all([urban, *villages]).intersection(relief.land).difference(relief.river)
    cuts = shapely.union_all([area.boundary, *(road.line for road in mains if road.road_class != "rail")])
    faces: list[tuple[Polygon, str, str, float | None]] = []
    seams: list[LineString] = []
    for whole in _polygonized(cuts):
        if whole.area < 6_000.0 or not area.contains(whole.representative_point()):
            continue
        parts = _split(whole)
        faces.extend((face, *_use_of(face)) for face in parts)
        if len(parts) > 1:
            shared = shapely.union_all([part.boundary for part in parts]).difference(
                whole.boundary.buffer(0.5)
            )
            merged = shapely.line_merge(shared) if shared.geom_type == "MultiLineString" else shared
            seams.extend(seam for seam in lines_of(merged) if seam.length > 60.0)

    # In a fixed order, whatever order the geometry library found them in.
    def west_to_east(geometry: BaseGeometry) -> tuple[float, float]:
        return round(geometry.centroid.x, 1), round(geometry.centroid.y, 1)

    return sorted(faces, key=lambda item: west_to_east(item[0])), sorted(seams, key=west_to_east)


def _polygonized(lines: BaseGeometry) -> list[Polygon]:
    whole: BaseGeometry = shapely.polygonize([*shapely.get_parts(lines)])
    return polygons_of(whole)


def _split(face: Polygon) -> list[Polygon]:
    """Return a large face cut between the districts planned in it."""
    everywhere = [Point(seed[2], seed[3]) for seed in plan.DISTRICTS]
    # A face that winds along a shore is no district of its own: its parts go to those they pass.
    winds = face.area < 0.42 * face.convex_hull.area
    seeds = everywhere if winds else [seed for seed in everywhere if face.contains(seed)]
    if len(seeds) < 2:
        return [face]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=face.envelope)
    parts = [part for cell in shapely.get_parts(cells) for part in polygons_of(face.intersection(cell))]
    return [part for part in parts if part.area > 6_000.0]


def _use_of(face: Polygon) -> tuple[str, str, float | None]:
    """Return what a face is for: the village round it, or the district planned in it or nearest to it."""
    inside = face.representative_point()
    for name, east_m, north_m, radius_m in plan.VILLAGES:
        if inside.distance(Point(east_m, north_m)) < 1.5 * radius_m:
            return "suburb", name, None
    within = [seed for seed in plan.DISTRICTS if face.contains(Point(seed[2], seed[3]))]
    seeds = within or list(plan.DISTRICTS)
    kind, district, _, _, bearing_deg = min(
        seeds, key=lambda seed: (seed[2] - inside.x) ** 2 + (seed[3] - inside.y) ** 2
    )
    return kind, district, bearing_deg


def _bearing_of_longest_side(face: Polygon) -> float:
    box = shapely.get_coordinates(face.minimum_rotated_rectangle)
    sides = np.diff(box, axis=0)
    longest = sides[int(np.argmax(np.round(np.hypot(*sides.T), 3)))]
    return float(np.degrees(np.arctan2(longest[0], longest[1])) % 180.0)


def _grid(
    face: Polygon,
    ground: BaseGeometry,
    style: GridStyle,
    warp: Warp,
    bearing_deg: float | None,
    generator: np.random.Generator,
) -> list[LineString]:
    """Return a face's streets: long ones right through, cross streets that may shift from strip to strip."""
    bearing_deg = _bearing_of_longest_side(face) if bearing_deg is None else bearing_deg
    middle = face.centroid
    # In the turned frame the long streets run north.
    west, south, east, north = affinity.rotate(face, bearing_deg, origin=middle).bounds
    across = _stations(west, east, style.long_spacing_m, style.jitter, generator)
    along = _stations(south, north, style.cross_spacing_m, style.jitter, generator)
    drawn = [np.array([[x, south - 50.0], [x, north + 50.0]]) for x in across]
    edges = np.concatenate(([west - 50.0], across, [east + 50.0]))
    for y in along:
        start = edges[0]
        for left, right in pairwise(edges):
            if generator.random() < style.broken:
                if left > start:
                    drawn.append(np.array([[start, y], [left, y]]))
                shifted = y + style.cross_spacing_m * generator.uniform(0.3, 0.7)
                if generator.random() < 0.8:
                    drawn.append(np.array([[left, shifted], [right, shifted]]))
                start = right
        if edges[-1] > start:
            drawn.append(np.array([[start, y], [edges[-1], y]]))
    streets: list[LineString] = []
    for line in drawn:
        turned = affinity.rotate(LineString(line).segmentize(22.0), -bearing_deg, origin=middle)
        grown = LineString(warp.moved(np.asarray(turned.coords))).simplify(0.5)
        # A stub shorter than half a block is a driveway.
        least_m = 0.45 * style.long_spacing_m
        streets.extend(part for part in lines_of(grown.intersection(ground)) if part.length > least_m)
    return streets


def _stations(
    first: float, last: float, spacing_m: float, jitter: float, generator: np.random.Generator
) -> FloatArray:
    """Return where lines go between two edges: about evenly, never close to an edge."""
    gaps = max(1, round((last - first) / spacing_m))
    spacing_m = (last - first) / gaps
    return first + spacing_m * (np.arange(1, gaps) + generator.uniform(-jitter, jitter, gaps - 1))
