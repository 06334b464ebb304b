"""The places a scenario is about: the Residence on its rock, airport, stadium, parade square, docks."""

from __future__ import annotations

import msgspec
import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.sim.world import plan
from skykeep.sim.world.buildings import Building, oriented_box
from skykeep.sim.world.fields import XY, Warp, stage_generator, warped_polygon
from skykeep.sim.world.model import Feature, largest_polygon
from skykeep.sim.world.relief import Relief
from skykeep.sim.world.streets import Road


class Landmark(msgspec.Struct, frozen=True, kw_only=True):
    """One laid-out site. `ground` is kept free of streets and ordinary houses."""

    id: str
    name: str
    kind: str
    rank: int
    ground: BaseGeometry
    middle: XY
    buildings: tuple[Building, ...] = ()
    roads: tuple[Road, ...] = ()
    features: tuple[tuple[str, Feature], ...] = ()


def lay_out_landmarks(seed: int, relief: Relief) -> list[Landmark]:
    """Return every site, in a fixed order."""
    return [
        _residence(relief.land),
        _airport(),
        _stadium(),
        _parade_square(),
        _station(),
        _container_terminal(seed),
        *_parks(seed, relief.land),
        *_lighthouses(relief),
    ]


def _moved(points: list[XY], east_m: float, north_m: float) -> Polygon:
    return affinity.translate(Polygon(points), east_m, north_m)


def _residence(land: BaseGeometry) -> Landmark:
    """A fortress with bastions: the palace round a court open to the west, great tower, barracks, gate."""
    east_m, north_m = plan.RESIDENCE
    curtain: list[XY] = [
        (-158, -62), (-104, -112), (0, -126), (102, -108), (146, -38), (140, 50), (92, 108), (-10, 124),
        (-108, 112), (-162, 48),
    ]  # fmt: skip
    bastions = [Point(corner).buffer(25.0, quad_segs=1) for corner in curtain[::2]]
    walls = largest_polygon(
        affinity.translate(shapely.union_all([Polygon(curtain), *bastions]), east_m, north_m)
    )
    court = shapely.box(-45, -16, 24, 28)
    palace = affinity.translate(shapely.box(-45, -38, 46, 50).difference(court), east_m, north_m)
    outbuildings = (
        (shapely.box(34, -66, 50, -50), 46.0, "landmark", "Great Tower"),
        (shapely.box(-72, 84, 20, 98), 11.0, "public", "Guard Barracks"),
        (shapely.box(-60, -104, 2, -90), 9.0, "public", "Old Stables"),
        (shapely.box(-166, -22, -144, 6), 15.0, "landmark", "Sea Gate"),
        (shapely.box(72, -30, 90, 34), 14.0, "public", "Guest House"),
        (Point(-96, 62).buffer(13, quad_segs=4), 19.0, "landmark", "Chapel Tower"),
    )
    buildings = [Building(palace, 23.0, "landmark", "The Residence")]
    buildings += [
        Building(affinity.translate(shape, east_m, north_m), height_m, kind, name)
        for shape, height_m, kind, name in outbuildings
    ]
    headland = shapely.union_all(
        [
            shapely.box(east_m - 250, north_m - 700, east_m + 700, north_m + 330),
            Point(east_m - 140, north_m - 20).buffer(290.0),
        ]
    )
    ground = largest_polygon(headland.intersection(land))
    rock = Point(east_m, north_m).buffer(250.0).intersection(ground.buffer(-12.0))
    slope = ground.buffer(-14.0).difference(rock.buffer(-25.0))
    ramp = LineString(
        [(-1905, -1330), (-1840, -1420), (-1740, -1440), (-1800, -1540), (-1720, -1590), (-1770, -1680),
        (-1690, -1690),
         (-1632, -1648), (-1560, -1645)]
    )  # fmt: skip
    garden = walls.buffer(-14.0).difference(shapely.union_all([b.ground.buffer(5.0) for b in buildings]))
    return Landmark(
        id="residence", name="The Residence", kind="residence", rank=1, ground=ground, middle=plan.RESIDENCE,
        buildings=tuple(buildings), roads=(Road(ramp, "service", "Residence Ramp"),),
        features=(
            ("landuse", Feature(ground, {"kind": "rock"})),
            ("parks", Feature(slope, {"kind": "scrub"})),
            ("landuse", Feature(walls, {"kind": "institution"})),
            ("parks", Feature(garden, {"kind": "grass"})),
            ("walls", Feature(walls.exterior, {"kind": "fortress", "height_m": 9.0})),
        ),
    )  # fmt: skip


def _airport() -> Landmark:
    """One runway, a parallel taxiway, apron, terminal, control tower, hangars."""
    east_m, north_m = plan.AIRPORT_CENTRE
    bearing_deg = plan.RUNWAY_BEARING_DEG

    def at(along_m: float, across_m: float, length_m: float, width_m: float) -> Polygon:
        """Return a rectangle by its place along the runway and north of the airport's middle line."""
        turn = np.radians(bearing_deg)
        x = east_m + along_m * np.sin(turn) - across_m * np.cos(turn)
        y = north_m + along_m * np.cos(turn) + across_m * np.sin(turn)
        return oriented_box(float(x), float(y), length_m, width_m, bearing_deg)

    half_m = plan.RUNWAY_LENGTH_M / 2
    runway = at(0, -230, plan.RUNWAY_LENGTH_M, plan.RUNWAY_WIDTH_M)
    links = [at(along, -140, 18, 190) for along in (-half_m + 12, -420, 380, half_m - 12)]
    taxiway = shapely.union_all(
        [at(0, -50, plan.RUNWAY_LENGTH_M, 18), *links, at(-150, 0, 20, 110), at(330, 0, 20, 110)]
    )
    apron = at(90, 130, 760, 190)
    ground = at(0, 0, plan.RUNWAY_LENGTH_M + 420, 1_060)
    buildings = [Building(at(110, 262, 300, 52), 17.0, "public", "Vessamar Airport Terminal")]
    buildings += [Building(at(along, 204, 18, 62), 11.0, "public") for along in (0, 110, 220)]
    buildings += [
        Building(at(along, 190, 70, 64), 19.0, "industrial", "Hangar") for along in (-560, -470, -380)
    ]
    buildings += [Building(at(-215, 265, 11, 11), 47.0, "landmark", "Control Tower")]
    buildings += [
        Building(at(560, 240, 80, 36), 9.0, "industrial", "Cargo"),
        Building(at(-700, 300, 40, 22), 8.0, "public"),
    ]
    first, last = np.asarray(at(110, 330, 1, 1).centroid.coords[0]), np.array([5230.0, -655.0])
    loop = LineString([first + 1.0, (first + last) / 2 + [30.0, 0.0], last])
    front = LineString([at(along, 312, 1, 1).centroid.coords[0] for along in (-620, -200, 110, 400, 640)])
    return Landmark(
        id="airport", name="Vessamar Airport", kind="airport", rank=2, ground=ground,
        middle=(runway.centroid.x, runway.centroid.y), buildings=tuple(buildings),
        roads=(Road(loop, "secondary", "Airport Approach"), Road(front, "service", "Terminal Way")),
        features=(
            ("landuse", Feature(ground, {"kind": "airport"})),
            ("landuse", Feature(apron, {"kind": "apron"})),
            ("runway", Feature(runway, {"kind": "runway", "ref": "08/26"})),
            ("runway", Feature(taxiway, {"kind": "taxiway"})),
        ),
    )  # fmt: skip


def _stadium() -> Landmark:
    east_m, north_m = plan.STADIUM
    centre = Point(east_m, north_m).buffer(1.0, quad_segs=16)
    outer, inner = affinity.scale(centre, 104, 128), affinity.scale(centre, 56, 80)
    pitch = oriented_box(east_m, north_m, 105, 68, 0.0)
    ground = oriented_box(east_m, north_m, 360, 330, 8.0)
    training = oriented_box(east_m - 132, north_m + 110, 90, 56, 8.0)
    return Landmark(
        id="stadium", name="Vennolt Stadium", kind="stadium", rank=2, ground=ground, middle=plan.STADIUM,
        buildings=(Building(outer.difference(inner), 31.0, "landmark", "Vennolt Stadium"),),
        features=(
            ("landuse", Feature(ground, {"kind": "stadium"})),
            ("parks", Feature(pitch, {"kind": "pitch"})),
            ("parks", Feature(training, {"kind": "pitch"})),
        ),
    )  # fmt: skip


def _parade_square() -> Landmark:
    """A paved square at the head of Founders Avenue, ministries along it, the Assembly across its end."""
    east_m, north_m = plan.PARADE_SQUARE
    bearing_deg = plan.AVENUE_BEARING_DEG
    turn = np.radians(bearing_deg)

    def at(along_m: float, right_m: float, length_m: float, width_m: float) -> Polygon:
        x = east_m + along_m * np.sin(turn) + right_m * np.cos(turn)
        y = north_m + along_m * np.cos(turn) - right_m * np.sin(turn)
        return oriented_box(float(x), float(y), length_m, width_m, bearing_deg)

    square = at(0, 0, 300, 130)
    dome = at(185, 0, 1, 1).centroid.buffer(17.0, quad_segs=8)
    assembly = at(185, 0, 46, 120).difference(dome)
    ministries = [at(along, side * 88, 118, 26) for side in (-1, 1) for along in (-75, 75)]
    names = ("Treasury", "Ministry of Works", "Ministry of Ports", "Court of Records")
    buildings = [
        Building(assembly, 24.0, "public", "Assembly House"),
        Building(dome, 52.0, "landmark", "Assembly Dome"),
    ]
    buildings += [
        Building(ground, 22.0, "public", name) for ground, name in zip(ministries, names, strict=True)
    ]
    buildings += [Building(at(40, 0, 7, 7), 38.0, "landmark", "Founders Column")]
    return Landmark(
        id="parade_square", name="Parade Square", kind="square", rank=2, ground=at(25, 0, 390, 230),
        middle=plan.PARADE_SQUARE, buildings=tuple(buildings),
        features=(
            ("landuse", Feature(at(25, 0, 390, 230), {"kind": "institution"})),
            ("landuse", Feature(square, {"kind": "square"})),
        ),
    )  # fmt: skip


def _station() -> Landmark:
    ground = oriented_box(1_575, -60, 230, 90, 4.0)
    return Landmark(
        id="central_station", name="Central Station", kind="station", rank=3, ground=ground, middle=(1_575,
        -60),
        buildings=(
            Building(oriented_box(1_545, -60, 170, 24, 4.0), 16.0, "public", "Central Station"),
            Building(oriented_box(1_605, -60, 150, 26, 4.0), 12.0, "public"),
        ),
        features=(("landuse", Feature(ground, {"kind": "institution"})),),
    )  # fmt: skip


def _container_terminal(seed: int) -> Landmark:
    """Gantry cranes along the quay and the stacks behind them."""
    generator = stage_generator(seed, 7)
    works = [
        Building(oriented_box(505 + 5 * i, -2_140 - 95 * i, 11, 34, 3.0), 58.0, "industrial", "Gantry Crane")
        for i in range(5)
    ]
    for row in range(9):
        for column in range(5):
            height_m = 2.6 * int(generator.integers(1, 5))
            if generator.random() < 0.75:
                stack = oriented_box(585 + 62 * column, -2_115 - 58 * row, 30, 50, 3.0)
                works.append(Building(stack, height_m, "industrial"))
    ground = Polygon([(484, -2_092), (880, -2_072), (880, -2_660), (520, -2_636)])
    return Landmark(
        id="container_terminal", name="Container Terminal", kind="port", rank=4, ground=ground,
        middle=(700.0, -2_360.0), buildings=tuple(works),
        features=(("landuse", Feature(ground, {"kind": "port"})),),
    )  # fmt: skip


def _parks(seed: int, land: BaseGeometry) -> list[Landmark]:
    warp = Warp(stage_generator(seed, 4), [(260.0, 80.0), (110.0, 18.0)])
    shore = land.buffer(-6.0)
    parks = []
    for kind, name, east_m, north_m, half_east_m, half_north_m in plan.PARKS:
        ring = affinity.scale(Point(east_m, north_m).buffer(1.0), half_east_m, half_north_m).segmentize(20.0)
        grown = warped_polygon(warp, shapely.get_coordinates(ring)).intersection(shore)
        ground = largest_polygon(grown).simplify(3.0)
        parks.append(
            Landmark(
                id=name.lower().replace(" ", "_"), name=name, kind="park", rank=4, ground=ground,
                middle=(east_m, north_m), features=(("parks", Feature(ground, {"kind": kind,
                "name": name})),),
            )
        )  # fmt: skip
    return parks


def _lighthouses(relief: Relief) -> list[Landmark]:
    spots = (
        ("west_mole_light", "West Mole Light", plan.BREAKWATERS[0][-1]),
        ("east_mole_light", "East Mole Light", plan.BREAKWATERS[1][-1]),
        ("signal_light", "Eskelarro Light", (2_420.0, -3_640.0)),
    )
    dry = relief.land.union(relief.breakwaters)
    found = []
    for spot_id, name, (east_m, north_m) in spots:
        ground = Point(east_m, north_m).buffer(9.0)
        tower = Building(Point(east_m, north_m).buffer(4.5, quad_segs=4), 24.0, "landmark", name)
        if dry.contains(Point(east_m, north_m).buffer(2.0)):
            found.append(
                Landmark(
                    id=spot_id, name=name, kind="lighthouse", rank=4, ground=ground, middle=(east_m, north_m),
                    buildings=(tower,),
                )
            )  # fmt: skip
    return found
