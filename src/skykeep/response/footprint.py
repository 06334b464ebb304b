"""The debris footprint of a track, for people to see before they decide."""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.identity import TargetClass
from skykeep.domain.place import PopulationGrid
from skykeep.domain.response import DebrisContour, DebrisFootprint, EffectLayer
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.models.debris import (
    FallModel,
    critical_area_m2,
    impact_angle_rad,
    landed_states,
    middle_m,
    order_by_depth,
    ring_holding,
    struck_bodies,
    whole_bodies,
)
from skykeep.response.sighting import Sighting

PERCENTS = (50, 95, 99)
_RING_DIGITS = 1


def debris_footprint(
    sighting: Sighting, layer: EffectLayer, stop_utc_ns: int, site: Site, rules: ResponseRules
) -> DebrisFootprint:
    """Return where pieces would fall if the track were stopped at `stop_utc_ns`, over level ground."""
    state = np.concatenate((np.array(sighting.position_at(stop_utc_ns)), sighting.state[3:]))
    covariance = sighting.covariance_at(stop_utc_ns, rules.manoeuvre_mps2)
    if layer is EffectLayer.HARD:
        bodies = struck_bodies(
            state,
            covariance,
            site.wind_enu_mps,
            sighting.ground_up_m,
            FallModel(**msgspec.structs.asdict(rules.debris)),
        )
    else:
        bodies = whole_bodies(
            state,
            covariance,
            site.wind_enu_mps,
            sighting.ground_up_m,
            fixed_wing_share(sighting, rules),
            FallModel(**msgspec.structs.asdict(rules.debris)),
        )
    landed = landed_states(bodies, sighting.ground_up_m)
    down = np.isfinite(landed).all(axis=1)
    landed, radius_m = landed[down], bodies.radius_m[down]
    area_m2 = critical_area_m2(radius_m, impact_angle_rad(landed))
    density_perm2 = persons_per_m2(site.population, site.night, landed[:, :2], rules.assumed_persons_per_km2)
    depth = order_by_depth(landed[:, :2])
    east_m, north_m = middle_m(depth)
    return DebrisFootprint(
        track_id=sighting.track_id,
        time_utc_ns=stop_utc_ns,
        impact_enu_m=(round(east_m, _RING_DIGITS), round(north_m, _RING_DIGITS)),
        contours=tuple(
            DebrisContour(
                percent=percent,
                ring_enu_m=tuple(
                    (round(e, _RING_DIGITS), round(n, _RING_DIGITS))
                    for e, n in ring_holding(depth, percent / 100.0, rules.debris.radius_m).tolist()
                ),
            )
            for percent in PERCENTS
        ),
        # Three digits are more than the assumptions bear.
        persons_expected=float(f"{bodies.per_stop * float(np.mean(density_perm2 * area_m2)):.3g}"),
    )


def fixed_wing_share(sighting: Sighting, rules: ResponseRules) -> float:
    """Return how much of the drone in it is a fixed wing that may glide; small doubts count as none, as the
    outer ring would follow the doubt and not the aircraft.
    """
    drone = sighting.drone_probability
    share = sighting.probability(TargetClass.FIXED_WING) / drone if drone > 0.0 else 0.0
    return share if share >= rules.fixed_wing_from else 0.0


def footprint_says(layer: EffectLayer, site: Site, rules: ResponseRules) -> str:
    """Return the sentences that tell what a footprint rests on."""
    if layer is EffectLayer.HARD:
        said = (
            f"Debris: {rules.debris.piece_count} pieces of spread masses are assumed; "
            "no public model of how a drone breaks up is fitted."
        )
    else:
        said = "Debris: should it fall where it is, in one piece; it may instead land, return or fly on."
    if site.population is None:
        said += f" No population is known here: {rules.assumed_persons_per_km2:.0f} persons per km² assumed."
    wind_mps = float(np.hypot(*site.wind_enu_mps))
    return (
        f"{said} Wind {wind_mps:.0f} m/s, level ground; sliding, bouncing and roofs are left out. "
        "Persons are those expected to stand where a piece passes, not injuries."
    )


def persons_per_m2(
    population: PopulationGrid | None, night: bool, points_m: FloatArray, assumed_per_km2: float
) -> FloatArray:
    """Return the density at points (n, 2). Off the grid it is not known, and the assumed one stands in."""
    density = np.full(len(points_m), assumed_per_km2 / 1e6)
    if population is None:
        return density
    persons = population.night_persons if night else population.day_persons
    rows, columns = persons.shape
    column = np.floor((points_m[:, 0] - population.west_m) / population.cell_m)
    row = np.floor((points_m[:, 1] - population.south_m) / population.cell_m)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    density[inside] = (
        persons[row[inside].astype(np.int64), column[inside].astype(np.int64)] / population.cell_m**2
    )
    return density
