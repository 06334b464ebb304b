"""Where sensors stand by default: radars on hills from which they see the most, receivers on roofs."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.geo.terrain import Terrain, fall_m
from skykeep.sim.world import plan
from skykeep.sim.world.buildings import Building
from skykeep.sim.world.fields import XY
from skykeep.sim.world.model import Place, SensorSite

# Radars: id, name, where the surveyors looked, how far around, mast.
_RADARS = (
    ("radar_yarreth", "Yarreth Radar", (-4_600.0, 500.0), 1_260.0, 12.0),
    ("radar_eskelarro", "Eskelarro Radar", (2_430.0, -3_330.0), 360.0, 14.0),
)


def stand_sensors(terrain: Terrain, public: list[tuple[Place, Building]]) -> tuple[SensorSite, ...]:
    """Return the default sites."""
    roofs = {place.id: (place.east_m, place.north_m, house.height_m) for place, house in public}
    watched = _air_to_watch(terrain)
    radars = [
        _site(terrain, site_id, name, "radar", _best_view(terrain, near, radius_m, mast_m, watched), mast_m)
        for site_id, name, near, radius_m, mast_m in _RADARS
    ]
    hospital, police = roofs["hospital"], roofs["police_hq"]
    receivers = (
        ("rf_hospital", "Quileth Direction Finder", "rf_direction_finder", hospital[:2], hospital[2] + 6.0),
        ("rid_police", "Police Remote ID Receiver", "remote_id", police[:2], police[2] + 4.0),
        ("rid_residence", "Residence Remote ID Receiver", "remote_id", (-1_390.0, -1_620.0), 27.0),
        ("camera_tower", "Great Tower Camera", "camera", (-1_428.0, -1_698.0), 49.0),
        ("adsb_airport", "Airport ADS-B Receiver", "adsb", (4_990.0, -1_300.0), 50.0),
    )
    return (*radars, *(_site(terrain, *receiver) for receiver in receivers))


def _site(terrain: Terrain, site_id: str, name: str, kind: str, at: XY, mast_m: float) -> SensorSite:
    height_m = float(terrain.height_m(*at)) + mast_m
    return SensorSite(
        id=site_id, name=name, kind=kind, east_m=at[0], north_m=at[1], height_hae_m=round(height_m, 2),
        mast_m=mast_m,
    )  # fmt: skip


def _air_to_watch(terrain: Terrain) -> FloatArray:
    """Return the air round the Residence that a radar must see: three rings, 50 m above ground or sea."""
    bearing_rad = np.arange(8) * (2.0 * np.pi / 8)
    ring = np.stack((np.sin(bearing_rad), np.cos(bearing_rad)), axis=-1)
    rings = [radius_m * ring for radius_m in (600.0, 1_500.0, 3_000.0)]
    places = np.concatenate((np.zeros((1, 2)), *rings)) + np.array(plan.RESIDENCE, dtype=np.float64)
    return np.column_stack((places, terrain.up_m(places[:, 0], places[:, 1]) + 50.0))


def _best_view(terrain: Terrain, near: XY, radius_m: float, mast_m: float, watched: FloatArray) -> XY:
    """Return the place on a 180 m grid that sees the most of what is watched, the higher of equals."""
    steps = np.arange(-radius_m, radius_m + 1.0, 180.0)
    east, north = (axis.ravel() for axis in np.meshgrid(near[0] + steps, near[1] + steps))
    close = np.hypot(east - near[0], north - near[1]) <= radius_m
    close &= terrain.height_m(east, north) > 5.0
    east, north = east[close], north[close]
    antennas = np.column_stack((east, north, terrain.up_m(east, north) + mast_m))
    pairs = np.repeat(antennas, len(watched), axis=0), np.tile(watched, (len(antennas), 1))
    seen = terrain.line_of_sight(*pairs).reshape(len(antennas), len(watched)).sum(axis=1)
    best = np.lexsort((antennas[:, 2] + fall_m(east, north), seen))[-1]
    return float(east[best]), float(north[best])
