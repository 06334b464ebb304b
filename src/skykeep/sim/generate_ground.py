"""The ground of a generated night: hills or a coast, assets on it, and places for sensors and people.

Everything is drawn from the seed. The main asset is within 400 m of the origin; the others stand well apart
from it and from one another, so that it makes a difference which of them somebody heads for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.place import AssetKind
from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import Terrain
from skykeep.sim.dice import stream
from skykeep.sim.paths import direction
from skykeep.sim.scenario import AssetPlan
from skykeep.sim.world.model import Place, PopulationGrid, World

HALF_M, SPACING_M = 9_000.0, 150.0
APART_M = 1_000.0
KINDS = (AssetKind.SQUARE, AssetKind.STADIUM, AssetKind.HOSPITAL, AssetKind.AIRPORT, AssetKind.OTHER)
ORIGIN = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)


class Ground(NamedTuple):
    """A world and the assets on it, the main one first."""

    world: World
    assets: tuple[AssetPlan, ...]

    def place_m(self, place_id: str) -> FloatArray:
        """Return where a place is, east and north."""
        place = self.world.place(place_id)
        return np.array([place.east_m, place.north_m])


def generate_ground(seed: int) -> Ground:
    """Return the ground of one night: two to five assets on plain, hills or a coast."""
    dice = stream(seed, "generated", "ground")
    spots_m = _spots_m(dice)
    terrain = _terrain(dice, spots_m[0])
    assets = tuple(_asset(dice, which) for which in range(len(spots_m)))
    places = [_place(terrain, plan.place, spot_m) for plan, spot_m in zip(assets, spots_m, strict=True)]
    places.append(_place(terrain, "origin", np.zeros(2)))
    night = dice.gamma(2.0, 150.0, (18, 18))
    world = World(
        seed=seed,
        name=f"Generated ground {seed}",
        origin=ORIGIN,
        layers={},
        terrain=terrain,
        population=PopulationGrid(
            west_m=-HALF_M, south_m=-HALF_M, cell_m=1_000.0, persons_day=2.0 * night, persons_night=night
        ),
        places=tuple(places),
        sensor_sites=(),
    )
    return Ground(world, assets)


def _spots_m(dice: np.random.Generator) -> list[FloatArray]:
    spots_m = [dice.uniform(-280.0, 280.0, 2)]
    wanted = int(dice.integers(2, 6))
    while len(spots_m) < wanted:
        spot_m = dice.uniform(900.0, 2_800.0) * direction(dice.uniform(0.0, 2 * np.pi))
        if min(float(np.hypot(*(spot_m - other))) for other in spots_m) > APART_M:
            spots_m.append(spot_m)
    return spots_m


def _terrain(dice: np.random.Generator, main_m: FloatArray) -> Terrain:
    """Plain, hills, or hills that fall to a sea; never a hill on the main asset itself."""
    axis_m = np.arange(-HALF_M, HALF_M + 1.0, SPACING_M)
    east_m, north_m = np.meshgrid(axis_m, axis_m)
    height_m = np.full(east_m.shape, 6.0)
    for _ in range(int(dice.integers(0, 7))):
        width_m = dice.uniform(350.0, 900.0)
        away_m = dice.uniform(1_300.0 + width_m, 6_000.0)
        top_m = main_m + away_m * direction(dice.uniform(0.0, 2 * np.pi))
        square = ((east_m - top_m[0]) ** 2 + (north_m - top_m[1]) ** 2) / width_m**2
        height_m += dice.uniform(30.0, 140.0) * np.exp(-square)
    if dice.random() < 0.4:
        out = direction(dice.uniform(0.0, 2 * np.pi))
        shore_m = dice.uniform(800.0, 2_500.0)
        beyond = np.clip((east_m * out[0] + north_m * out[1] - shore_m) / 300.0, 0.0, 1.0)
        height_m *= 1.0 - beyond
    return Terrain(west_m=-HALF_M, south_m=-HALF_M, spacing_m=SPACING_M, heights_m=height_m)


def _asset(dice: np.random.Generator, which: int) -> AssetPlan:
    kind = AssetKind.RESIDENCE if which == 0 else KINDS[int(dice.integers(len(KINDS)))]
    name = "residence" if which == 0 else f"{kind.value}-{which}"
    breach_m = float(np.round(dice.uniform(90.0, 190.0)))
    return AssetPlan(
        asset_id=name,
        name=name.replace("-", " ").capitalize(),
        kind=kind,
        place=name,
        breach_radius_m=breach_m,
        warning_radius_m=float(np.round(dice.uniform(1_200.0, 2_000.0))),
        consequence=1.0 if which == 0 else float(np.round(dice.uniform(0.5, 1.0), 2)),
        occupancy_persons=int(dice.integers(10, 400)),
        principal_present=[True, False, None][int(dice.integers(3))] if which == 0 else None,
    )


def _place(terrain: Terrain, place_id: str, spot_m: FloatArray) -> Place:
    return Place(
        id=place_id,
        name=place_id,
        kind="place",
        rank=1,
        east_m=float(spot_m[0]),
        north_m=float(spot_m[1]),
        height_hae_m=float(terrain.height_m(float(spot_m[0]), float(spot_m[1]))),
    )
