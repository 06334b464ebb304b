"""What can still be done about a track, each option with its debris footprint beside it."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.place import Asset
from skykeep.domain.response import DebrisFootprint, EffectLayer, EffectOption
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Playbook, Site
from skykeep.geo.terrain import Terrain
from skykeep.response.case import Case
from skykeep.response.footprint import debris_footprint, footprint_says
from skykeep.response.sighting import Sighting
from skykeep.response.terms import bounds_of, is_reckoned

NOT_RECKONED = "Where it would fall could not be reckoned: how many persons are expected there is not known."


def is_inside(sighting: Sighting, asset: Asset | None) -> bool:
    """Return whether it is inside the keep-out of an asset."""
    return asset is not None and sighting.distance_m(asset) <= asset.breach_radius_m


def options_for(
    case: Case,
    asset: Asset | None,
    playbook: Playbook,
    now_utc_ns: int,
    site: Site,
    rules: ResponseRules,
    terrain: Terrain | None = None,
) -> tuple[EffectOption, ...]:
    """Return the effects of a playbook that are in reach and not too late."""
    breach = case.alert.breach
    options = []
    for effect in playbook.effects:
        stop_utc_ns = now_utc_ns + seconds_to_ns(effect.delay_s)
        east_m, north_m, _ = case.sighting.position_at(stop_utc_ns)
        if asset is not None:
            away_m = math.hypot(east_m - asset.position_enu_m[0], north_m - asset.position_enu_m[1])
            if away_m > effect.max_range_m:
                continue
        if breach is not None and effect.delay_s > breach.high_s and not is_inside(case.sighting, asset):
            continue
        options.append(
            EffectOption(
                option_id=effect.option_id,
                name=effect.name,
                layer=effect.layer,
                says=f"{effect.says} {footprint_says(effect.layer, site, rules)}".strip(),
                success_probability=effect.success_probability,
                delay_s=effect.delay_s,
                debris=_footprint(case.sighting, effect.layer, stop_utc_ns, site, rules, terrain),
            )
        )
    return tuple(options)


def renewed_options(
    options: tuple[EffectOption, ...],
    sighting: Sighting,
    now_utc_ns: int,
    site: Site,
    rules: ResponseRules,
    terrain: Terrain | None = None,
) -> tuple[EffectOption, ...]:
    """Return the same options with the footprints that they have now."""
    return tuple(
        msgspec.structs.replace(
            option,
            debris=_footprint(
                sighting, option.layer, now_utc_ns + seconds_to_ns(option.delay_s), site, rules, terrain
            ),
        )
        for option in options
    )


def restated(
    options: tuple[EffectOption, ...], sighting: Sighting, expires_utc_ns: int, rules: ResponseRules
) -> tuple[EffectOption, ...]:
    """Return the same options with bounds about the footprints that they have now."""
    east_mps, north_mps, up_mps = (float(value) for value in sighting.state[3:6])
    velocity_enu_mps = (east_mps, north_mps, up_mps)
    return tuple(
        msgspec.structs.replace(
            option, bounds=bounds_of(option.debris, velocity_enu_mps, expires_utc_ns, rules)
        )
        for option in options
    )


def with_history(option: EffectOption, times: int) -> EffectOption:
    """Say of an option how often it was tried in vain."""
    if times == 0:
        return option
    tried = "once" if times == 1 else f"{times} times"
    return msgspec.structs.replace(option, says=f"Tried {tried} on it, and it flew on. {option.says}")


def _footprint(
    sighting: Sighting,
    layer: EffectLayer,
    stop_utc_ns: int,
    site: Site,
    rules: ResponseRules,
    terrain: Terrain | None,
) -> DebrisFootprint:
    """Return a footprint, or one that says of itself that there is none."""
    if (
        np.isfinite(sighting.state).all()
        and np.isfinite(sighting.covariance_at(stop_utc_ns, rules.manoeuvre_mps2)).all()
    ):
        debris = debris_footprint(sighting, layer, stop_utc_ns, site, rules, terrain)
        if is_reckoned(debris):
            return debris
    return DebrisFootprint(
        track_id=sighting.track_id,
        time_utc_ns=stop_utc_ns,
        impact_enu_m=(0.0, 0.0),
        contours=(),
        persons_expected=0.0,
        rests_on=(NOT_RECKONED,),
    )
