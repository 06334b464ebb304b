"""The debris footprint of a track, to be seen before people decide, and what comes down if they do not."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.identity import TargetClass
from skykeep.domain.place import Asset, Point
from skykeep.domain.response import DebrisContour, DebrisFootprint, EffectLayer
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.geo.shapes import polygon_area_m2
from skykeep.geo.terrain import Terrain
from skykeep.models.debris import (
    Bodies,
    FallModel,
    critical_area_m2,
    impact_angle_rad,
    landed_states,
    mean_and_error,
    middle_m,
    order_by_depth,
    ring_holding,
    struck_bodies,
    whole_bodies,
)
from skykeep.response.population import crowds_say, hour_says, persons_per_m2_at, unknown_says
from skykeep.response.sighting import Sighting

PERCENTS = (50, 95, 99)
_RING_DIGITS = 1
_LAYER_WORD = {EffectLayer.SOFT: 1, EffectLayer.HARD: 2}


def debris_footprint(
    sighting: Sighting,
    layer: EffectLayer,
    stop_utc_ns: int,
    site: Site,
    rules: ResponseRules,
    terrain: Terrain | None = None,
) -> DebrisFootprint:
    """Return where pieces would fall if the track were stopped at `stop_utc_ns`, over the terrain; over level
    ground where there is none.
    """
    state = np.concatenate((np.array(sighting.position_at(stop_utc_ns)), sighting.state[3:]))
    covariance = sighting.covariance_at(stop_utc_ns, rules.manoeuvre_mps2)
    ground = sighting.ground_up_m if terrain is None else terrain
    model = _model(rules)
    # The same track has the same falls each time it is looked at: figures move because it moves.
    key = (sighting.track_id & 0xFFFFFFFF, _LAYER_WORD[layer])
    if layer is EffectLayer.HARD:
        bodies = struck_bodies(state, covariance, site.wind_enu_mps, ground, model, key)
    else:
        share = fixed_wing_share(sighting, rules)
        bodies = whole_bodies(state, covariance, site.wind_enu_mps, ground, share, model, key)
    landed = landed_states(bodies, ground)
    return _footprint(sighting.track_id, stop_utc_ns, bodies, landed, layer, site, rules, terrain)


def arrival_footprint(
    sighting: Sighting, asset: Asset, arrival_utc_ns: int, site: Site, rules: ResponseRules
) -> DebrisFootprint:
    """Return what comes down if nothing is done: the aircraft, whole, on the asset, flying as it flies now.

    Where exactly it means to come down nobody knows: anywhere within the keep-out, the middle likeliest.
    """
    state = np.concatenate((np.array(asset.position_enu_m), sighting.state[3:]))
    # Its height above the asset as it is now; the fall takes it ahead, so its middle is put back.
    state[2] += max(1.0, float(sighting.state[2]) - sighting.ground_up_m)
    spread_m = 0.5 * asset.breach_radius_m
    covariance = np.diag([spread_m**2, spread_m**2, 1.0, 1.0, 1.0, 1.0])
    ground_up_m = asset.position_enu_m[2]
    share = fixed_wing_share(sighting, rules)
    key = (sighting.track_id & 0xFFFFFFFF, 0)
    bodies = whole_bodies(state, covariance, site.wind_enu_mps, ground_up_m, share, _model(rules), key)
    landed = landed_states(bodies, ground_up_m)
    east_m, north_m = middle_m(order_by_depth(landed[:, :2]))
    landed[:, :2] += np.array([asset.position_enu_m[0] - east_m, asset.position_enu_m[1] - north_m])
    others = tuple(each for each in site.assets if each.asset_id != asset.asset_id)
    site = msgspec.structs.replace(site, assets=(asset, *others))
    made = _footprint(
        sighting.track_id, arrival_utc_ns, bodies, landed, EffectLayer.SOFT, site, rules, terrain=None
    )
    says = (
        f"It is taken to come down whole within {asset.breach_radius_m:.0f} m of {asset.name}, "
        "without a charge and without a roof in between."
    )
    return msgspec.structs.replace(made, at_asset_id=asset.asset_id, rests_on=(says, *made.rests_on[1:]))


def _model(rules: ResponseRules) -> FallModel:
    return FallModel(**{name: getattr(rules.debris, name) for name in FallModel.__struct_fields__})


def _footprint(
    track_id: int,
    time_utc_ns: int,
    bodies: Bodies,
    landed: FloatArray,
    layer: EffectLayer,
    site: Site,
    rules: ResponseRules,
    terrain: Terrain | None,
) -> DebrisFootprint:
    """Return the record of a fall. What never came down in its time endangers nobody here, and counts."""
    down = np.isfinite(landed).all(axis=1)
    area_m2 = np.where(down, critical_area_m2(bodies.radius_m, impact_angle_rad(landed)), 0.0)
    density_perm2 = persons_per_m2_at(time_utc_ns, np.nan_to_num(landed[:, :2]), site, rules)
    persons, persons_error = mean_and_error(np.where(down, density_perm2 * area_m2, 0.0))
    depth = order_by_depth(landed[down][:, :2])
    east_m, north_m = middle_m(depth)
    rings = {percent: ring_holding(depth, percent / 100.0, rules.debris.radius_m) for percent in PERCENTS}
    return DebrisFootprint(
        track_id=track_id,
        time_utc_ns=time_utc_ns,
        impact_enu_m=(round(east_m, _RING_DIGITS), round(north_m, _RING_DIGITS)),
        contours=tuple(
            DebrisContour(percent=percent, ring_enu_m=_rounded(ring)) for percent, ring in rings.items()
        ),
        # Three digits are more than the assumptions bear.
        persons_expected=float(f"{bodies.per_stop * persons:.3g}"),
        persons_error=float(f"{bodies.per_stop * persons_error:.2g}"),
        critical_area_m2=float(f"{bodies.per_stop * float(np.mean(area_m2)):.3g}"),
        area_m2=float(f"{float(polygon_area_m2(rings[95])):.3g}"),
        samples=len(landed),
        wind_enu_mps=(round(site.wind_enu_mps[0], 2), round(site.wind_enu_mps[1], 2)),
        rests_on=_rests_on(layer, time_utc_ns, site, rules, terrain, landed),
    )


def _rounded(ring: FloatArray) -> tuple[Point, ...]:
    return tuple((round(e, _RING_DIGITS), round(n, _RING_DIGITS)) for e, n in ring.tolist())


def fixed_wing_share(sighting: Sighting, rules: ResponseRules) -> float:
    """Return how much of the drone in it is a fixed wing that may glide; small doubts count as none, as the
    outer ring would follow the doubt and not the aircraft.
    """
    drone = sighting.drone_probability
    share = sighting.probability(TargetClass.FIXED_WING) / drone if drone > 0.0 else 0.0
    return share if share >= rules.fixed_wing_from else 0.0


def _what(layer: EffectLayer, rules: ResponseRules) -> str:
    if layer is EffectLayer.HARD:
        return (
            f"Debris: {rules.debris.piece_count} pieces of spread masses are assumed; "
            "no public model of how a drone breaks up is fitted."
        )
    return "Debris: should it fall where it is, in one piece; it may instead land, return or fly on."


def _rests_on(
    layer: EffectLayer,
    time_utc_ns: int,
    site: Site,
    rules: ResponseRules,
    terrain: Terrain | None,
    landed: FloatArray,
) -> tuple[str, ...]:
    """Return the sentences that tell what a footprint rests on, one thing each."""
    wind_mps = math.hypot(*site.wind_enu_mps)
    from_deg = math.degrees(math.atan2(-site.wind_enu_mps[0], -site.wind_enu_mps[1])) % 360.0
    blows = f" from {from_deg:03.0f}°" if wind_mps >= 0.5 else ""
    give_mps = rules.debris.wind_sigma_mps
    return (
        _what(layer, rules),
        f"The wind is taken as {wind_mps:.0f} m/s{blows}, give or take {give_mps:.0f} m/s.",
        "It falls to the ground as mapped." if terrain is not None else "The ground is taken as level.",
        hour_says(time_utc_ns, site, rules),
        *unknown_says(time_utc_ns, landed[np.isfinite(landed).all(axis=1)][:, :2], site, rules),
        *crowds_say(landed[:, :2], site),
        f"{len(landed)} falls were computed. Sliding, bouncing and roofs are left out.",
    )


def footprint_says(layer: EffectLayer, site: Site, rules: ResponseRules) -> str:
    """Return in short what a footprint rests on, for an option's card; the record says it in full."""
    said = _what(layer, rules)
    if site.population is None:
        said += f" No population is known here: {rules.assumed_persons_per_km2:.0f} persons per km² assumed."
    elif np.isnan(site.population.night_persons).any() or np.isnan(site.population.day_persons).any():
        said += (
            " The population is not known everywhere here: "
            f"where it is not, {rules.assumed_persons_per_km2:.0f} persons per km² are assumed."
        )
    wind_mps = math.hypot(*site.wind_enu_mps)
    return (
        f"{said} Wind {wind_mps:.0f} m/s; sliding, bouncing and roofs are left out. "
        "Persons are those expected to stand where a piece passes, not injuries."
    )
