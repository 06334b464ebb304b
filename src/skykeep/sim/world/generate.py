"""Building a world, in order: land, sites, streets, houses, country, people."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.geo.terrain import Terrain
from skykeep.sim.world import countryside, plan
from skykeep.sim.world.buildings import Building, build_on
from skykeep.sim.world.fields import smooth_line
from skykeep.sim.world.landmarks import Landmark, lay_out_landmarks
from skykeep.sim.world.model import Feature, Layers, Place, Properties, World, largest_polygon
from skykeep.sim.world.people import count_people
from skykeep.sim.world.relief import Relief, build_relief
from skykeep.sim.world.sensors import stand_sensors
from skykeep.sim.world.streets import ROAD_WIDTH_M, Block, District, Road, StreetPlan, lay_streets

SEA_HALF_WIDTH_M = 130_000.0

# Public buildings that take over the block nearest to where the plan wants them: id, name, kind, rank, east,
# north, height.
_PUBLIC = (
    ("police_hq", "Police Headquarters", "police", 3, -1_060.0, 1_270.0, 26.0),
    ("hospital", "Quileth Hospital", "hospital", 3, -1_750.0, 2_000.0, 34.0),
    ("university", "University of Vessamar", "university", 4, -1_500.0, 1_750.0, 22.0),
    ("museum", "Museum of the Sea", "museum", 4, -1_150.0, -660.0, 19.0),
    ("market", "Orralune Market Hall", "market", 4, -600.0, -330.0, 15.0),
    ("opera", "Tidal Opera", "place", 4, -150.0, 800.0, 30.0),
    ("city_hall", "City Hall", "place", 4, -700.0, -100.0, 27.0),
    ("harbour_office", "Harbour Master", "port", 4, 40.0, -760.0, 24.0),
)  # fmt: skip
_FAR_PLACES = (
    ("vessamar", plan.CITY_NAME, "capital", 1, -500.0, 250.0),
    ("port", "Port of Vessamar", "port", 2, 950.0, -2_350.0),
    ("vessamar_haven", "Vessamar Haven", "bay", 2, -500.0, -2_250.0),
    ("oestmar_bay", "Oestmar Bay", "bay", 3, -6_000.0, -4_100.0),
    ("mount_ommarel", "Mount Ommarel", "hill", 2, 900.0, 7_000.0),
    ("yarreth", "Yarreth", "hill", 3, -4_750.0, 1_150.0),
    ("tavreth", "Tavreth", "hill", 3, 5_600.0, 5_000.0),
    ("norreth", "Norreth", "hill", 3, -3_700.0, 5_400.0),
    ("west_head", "West Head", "hill", 3, -3_750.0, -3_500.0),
    ("gull_stacks", "Gullarro Stacks", "island", 3, -4_700.0, -5_050.0),
    ("thamarro", "Thamarro Rock", "hill", 4, -1_250.0, -1_800.0),
)


def grow_world(seed: int) -> World:
    """Return the harbour capital grown from `seed`: the same seed gives the same world."""
    relief = build_relief(seed)
    landmarks = lay_out_landmarks(seed, relief)
    reserved = shapely.union_all([site.ground.buffer(5.0) for site in landmarks])
    street_plan = lay_streets(seed, relief, reserved)
    public, blocks = _public_buildings(street_plan.blocks)
    buildings = build_on(seed, blocks) + [house for _, house in public]
    buildings += [house for site in landmarks for house in site.buildings]
    roads = [*street_plan.roads, *(road for site in landmarks for road in site.roads)]
    return World(
        seed=seed,
        name=plan.CITY_NAME,
        origin=plan.ORIGIN,
        layers=_layers(seed, relief, street_plan, landmarks, roads, buildings),
        terrain=relief.terrain,
        population=count_people(street_plan.blocks, buildings, landmarks),
        places=_places(relief.terrain, landmarks, public, street_plan.districts),
        sensor_sites=stand_sensors(relief.terrain, public),
    )


def _public_buildings(blocks: tuple[Block, ...]) -> tuple[list[tuple[Place, Building]], tuple[Block, ...]]:
    """Give the best block to each public building; return those and the blocks left for others."""
    left = list(blocks)
    public = []
    for place_id, name, kind, rank, east_m, north_m, height_m in _PUBLIC:
        wanted = shapely.Point(east_m, north_m)
        usable = [block for block in left if 1_800.0 < block.ground.area < 26_000.0]
        block = min(
            usable, key=lambda candidate: (round(candidate.ground.distance(wanted), 3), candidate.ground.area)
        )
        left.remove(block)
        outer = block.ground.buffer(-4.0, join_style="mitre")
        court = outer.buffer(-17.0, join_style="mitre")
        ground = outer.difference(court) if court.area > 250.0 and court.geom_type == "Polygon" else outer
        ground = largest_polygon(ground)
        on_roof = ground.point_on_surface()
        place = Place(
            id=place_id, name=name, kind=kind, rank=rank, east_m=round(on_roof.x, 2),
            north_m=round(on_roof.y, 2),
            height_hae_m=0.0, footprint=block.ground,
        )  # fmt: skip
        public.append((place, Building(ground, height_m, "public", name)))
    return public, tuple(left)


def _layers(
    seed: int,
    relief: Relief,
    streets: StreetPlan,
    landmarks: list[Landmark],
    roads: list[Road],
    buildings: list[Building],
) -> Layers:
    of_sites = [item for site in landmarks for item in site.features]
    built_up = shapely.union_all([district.ground for district in streets.districts])
    taken = shapely.union_all(
        [built_up.buffer(14.0, quad_segs=2).simplify(2.0), *(site.ground for site in landmarks)]
    )
    green = countryside.green_and_fields(seed, relief, taken)
    sea = shapely.box(-SEA_HALF_WIDTH_M, -SEA_HALF_WIDTH_M, SEA_HALF_WIDTH_M, SEA_HALF_WIDTH_M)
    dry = shapely.union_all([relief.land, relief.breakwaters])
    shore = relief.land.union(relief.river)
    districts = [
        Feature(part, {"kind": _LANDUSE[district.kind]})
        for district in streets.districts
        for part in shapely.get_parts(district.ground.buffer(9.0))
    ]
    bridges, road_features = _bridged(roads, relief.river)
    return {
        "water": (
            Feature(sea.difference(shore.union(dry)), {"kind": "sea", "name": "Vessan Sea"}),
            Feature(relief.river, {"kind": "river", "name": "Ilvisk"}),
            Feature(relief.reservoir, {"kind": "lake", "name": "Ommarel Water"}),
        ),
        "coastline": tuple(
            Feature(line, {}) for line in shapely.get_parts(shapely.boundary(shore.union(dry)))
        ),
        "landuse": (
            *districts,
            *(feature for layer, feature in [*green, *of_sites] if layer == "landuse"),
            *countryside.beaches(seed, relief, taken),
            *(
                Feature(mole, {"kind": "rock"})
                for mole in shapely.get_parts(relief.breakwaters.difference(relief.land))
            ),
        ),
        "parks": tuple(feature for layer, feature in [*green, *of_sites] if layer == "parks"),
        "contours": tuple(countryside.contours(relief.terrain)),
        "roads": road_features,
        "bridges": bridges,
        "runway": tuple(feature for layer, feature in of_sites if layer == "runway"),
        "buildings": tuple(Feature(building.ground, _of_building(building)) for building in buildings),
        "walls": (
            *(feature for layer, feature in of_sites if layer == "walls"),
            *(
                Feature(shapely.LineString(smooth_line(line)), {"kind": "breakwater", "height_m": 3.0})
                for line in plan.BREAKWATERS
            ),
        ),
    }


_LANDUSE = {"old_town": "old_town", "centre": "commercial", "residential": "residential",
"suburb": "residential",
            "industrial": "industrial", "port": "port"}  # fmt: skip


def _of_building(building: Building) -> Properties:
    properties: dict[str, str | int | float] = {
        "height_m": round(building.height_m, 1),
        "min_height_m": round(building.min_height_m, 1),
        "kind": building.kind,
    }
    if building.name:
        properties["name"] = building.name
    return properties


def _bridged(roads: Iterable[Road], river: BaseGeometry) -> tuple[tuple[Feature, ...], tuple[Feature, ...]]:
    """Return decks where roads cross the river, and the roads cut there."""
    span = river.buffer(9.0)
    shapely.prepare(span)
    decks: list[Feature] = []
    pieces: list[Feature] = []
    for road in roads:
        properties: dict[str, str | int | float] = {"class": road.road_class}
        if road.name:
            properties["name"] = road.name
        if not span.intersects(road.line):
            pieces.append(Feature(road.line, properties))
            continue
        pieces.extend(Feature(part, properties) for part in shapely.get_parts(road.line.difference(span)))
        for part in shapely.get_parts(road.line.intersection(span)):
            if part.length > 4.0:
                pieces.append(Feature(part, {**properties, "bridge": 1}))
                deck = part.buffer(ROAD_WIDTH_M[road.road_class] / 2 + 1.5, cap_style="flat")
                decks.append(Feature(deck, {"class": road.road_class}))
    return tuple(decks), tuple(pieces)


def _places(
    terrain: Terrain,
    landmarks: list[Landmark],
    public: list[tuple[Place, Building]],
    districts: Iterable[District],
) -> tuple[Place, ...]:
    found = []

    def add(
        place_id: str,
        name: str,
        kind: str,
        rank: int,
        at: tuple[float, float],
        footprint: BaseGeometry | None,
    ) -> None:
        height_m = round(float(terrain.height_m(*at)), 2)
        found.append(
            Place(
                id=place_id, name=name, kind=kind, rank=rank, footprint=footprint,
                east_m=round(float(at[0]), 2), north_m=round(float(at[1]), 2), height_hae_m=height_m,
            )
        )  # fmt: skip

    for place_id, name, kind, rank, east_m, north_m in _FAR_PLACES:
        add(place_id, name, kind, rank, (east_m, north_m), None)
    for site in landmarks:
        add(site.id, site.name, site.kind, site.rank, site.middle, site.ground)
    for place, _ in public:
        add(place.id, place.name, place.kind, place.rank, (place.east_m, place.north_m), place.footprint)
    for name, largest in _largest_grounds(districts).items():
        middle = largest.point_on_surface()
        add(f"district_{name.lower().replace(' ', '_')}", name, "district", 3, (middle.x, middle.y), None)
    return tuple(found)


def _largest_grounds(districts: Iterable[District]) -> dict[str, BaseGeometry]:
    largest: dict[str, BaseGeometry] = {}
    for district in districts:
        if district.name not in largest or district.ground.area > largest[district.name].area:
            largest[district.name] = district.ground
    return largest
