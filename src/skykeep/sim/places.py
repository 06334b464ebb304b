"""Where a scenario's words are on the ground: its spots and stands, found in a world."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.base.errors import SetupError
from skykeep.geo.terrain import Terrain
from skykeep.sim.paths import direction
from skykeep.sim.plan_terms import Spot, Stand
from skykeep.sim.scenario import Scenario
from skykeep.sim.world.model import World


class Places:
    """A world as a scenario sees it, in the site frame."""

    def __init__(self, scenario: Scenario, world: World) -> None:
        self.terrain: Terrain = world.terrain
        self._world = world
        self._asset_places = {asset.asset_id: asset.place for asset in scenario.assets}
        to_rad = np.radians(scenario.wind.from_deg) + np.pi
        self.wind_enu_mps: FloatArray = scenario.wind.speed_mps * direction(float(to_rad))

    def spot_m(self, spot: Spot) -> FloatArray:
        """Return east and north."""
        try:
            place = self._world.place(spot.place)
        except KeyError as error:
            raise SetupError(
                f"the scenario names a place that this world has not: {error.args[0]}"
            ) from error
        base_m = np.array([place.east_m, place.north_m])
        return np.asarray(base_m + spot.distance_m * direction(float(np.radians(spot.bearing_deg))))

    def ground_enu_m(self, spot: Spot, above_m: float = 0.0) -> FloatArray:
        """Return the ground there, or `above_m` over it."""
        east_m, north_m = self.spot_m(spot)
        return np.array([east_m, north_m, float(self.terrain.up_m(east_m, north_m)) + above_m])

    def asset_enu_m(self, asset_id: str) -> FloatArray:
        """Return where an asset is, at ground."""
        return self.ground_enu_m(Spot(place=self._asset_places[asset_id]))

    def stand_enu_m(self, stand: Stand) -> FloatArray:
        """Return where an antenna or a lens is."""
        if stand.at is not None:
            return self.ground_enu_m(stand.at, stand.mast_m)
        try:
            site = self._world.sensor_site(stand.site)
        except KeyError as error:
            raise SetupError(f"the scenario names a site that this world has not: {error.args[0]}") from error
        up_m = float(self.terrain.up_m(site.east_m, site.north_m)) + site.mast_m
        return np.array([site.east_m, site.north_m, up_m])
