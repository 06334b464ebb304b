"""What can still be done about a track, each option with its debris footprint beside it."""

from __future__ import annotations

import math

import msgspec

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.place import Asset
from skykeep.domain.response import EffectOption
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Playbook, Site
from skykeep.response.case import Case
from skykeep.response.footprint import debris_footprint, footprint_says
from skykeep.response.sighting import Sighting


def is_inside(sighting: Sighting, asset: Asset | None) -> bool:
    """Return whether it is inside the keep-out of an asset."""
    return asset is not None and sighting.distance_m(asset) <= asset.breach_radius_m


def options_for(
    case: Case, asset: Asset | None, playbook: Playbook, now_utc_ns: int, site: Site, rules: ResponseRules
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
                debris=debris_footprint(case.sighting, effect.layer, stop_utc_ns, site, rules),
            )
        )
    return tuple(options)


def renewed_options(
    options: tuple[EffectOption, ...], case: Case, now_utc_ns: int, site: Site, rules: ResponseRules
) -> tuple[EffectOption, ...]:
    """Return the same options with the footprints that they have now."""
    return tuple(
        msgspec.structs.replace(
            option,
            debris=debris_footprint(
                case.sighting, option.layer, now_utc_ns + seconds_to_ns(option.delay_s), site, rules
            ),
        )
        for option in options
    )
