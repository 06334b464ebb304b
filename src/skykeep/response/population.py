"""Who is expected to stand where, at an hour of the day."""

from __future__ import annotations

import bisect
import math

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray
from skykeep.domain.place import Asset, PopulationGrid
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site

_NIGHT, _DAY = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


def local_hour(time_utc_ns: int, utc_offset_h: float) -> int:
    """Return the hour, 0 to 23, that clocks show which are `utc_offset_h` ahead of UTC."""
    seconds = time_utc_ns // NS_PER_S + round(3600.0 * utc_offset_h)
    return seconds // 3600 % 24


def utc_offset_h_at(time_utc_ns: int, site: Site) -> float | None:
    """Return by how many hours the clocks of a site are ahead of UTC at a time, None where not known."""
    changes = bisect.bisect_right(site.clock_changes, time_utc_ns, key=lambda change: change.from_utc_ns)
    return site.clock_changes[changes - 1].utc_offset_h if changes else site.utc_offset_h


def shares_at(time_utc_ns: int, site: Site, rules: ResponseRules) -> tuple[float, float, float]:
    """Return the shares of the night's, the day's and the evening's persons that are there now."""
    ahead_h = utc_offset_h_at(time_utc_ns, site)
    if ahead_h is None:
        return _NIGHT if site.night else _DAY
    return rules.debris.hours[local_hour(time_utc_ns, ahead_h)]


def persons_per_m2_at(time_utc_ns: int, points_m: FloatArray, site: Site, rules: ResponseRules) -> FloatArray:
    """Return the density of persons at points (n, 2) of a site at a time: those of the population, and beside
    them whoever is at an asset.
    """
    shares = shares_at(time_utc_ns, site, rules)
    density = persons_per_m2(site.population, shares, points_m, rules.assumed_persons_per_km2)
    for asset in site.assets:
        density[_is_at(asset, points_m)] += asset.occupancy_persons / (math.pi * asset.breach_radius_m**2)
    return density


def _is_at(asset: Asset, points_m: FloatArray) -> BoolArray:
    """Return which points (n, 2) lie in the keep-out of an asset: who is there is spread over all of it."""
    away_m = np.hypot(points_m[:, 0] - asset.position_enu_m[0], points_m[:, 1] - asset.position_enu_m[1])
    return np.asarray(away_m <= asset.breach_radius_m)


def crowds_say(points_m: FloatArray, site: Site) -> tuple[str, ...]:
    """Return a sentence for each asset with persons that some of the points (n, 2) lie at."""
    return tuple(
        f"{asset.occupancy_persons} persons are taken to be spread over the "
        f"{asset.breach_radius_m:.0f} m around {asset.name}."
        for asset in site.assets
        if asset.occupancy_persons and _is_at(asset, points_m).any()
    )


def persons_per_m2(
    population: PopulationGrid | None,
    shares: tuple[float, float, float],
    points_m: FloatArray,
    assumed_per_km2: float,
) -> FloatArray:
    """Return the density at points (n, 2). Off the grid, and where the grid has NaN, it is not known, and the
    assumed one stands in.
    """
    density = _known_per_m2(population, shares, points_m)
    return np.where(np.isnan(density), assumed_per_km2 / 1e6, density)


def _known_per_m2(
    population: PopulationGrid | None, shares: tuple[float, float, float], points_m: FloatArray
) -> FloatArray:
    """Return the density at points (n, 2) that the grid gives, NaN where it gives none."""
    density = np.full(len(points_m), np.nan)
    if population is None:
        return density
    night, day, evening = shares
    if population.evening_persons is None:
        night, day, evening = night + 0.5 * evening, day + 0.5 * evening, 0.0
    rows, columns = population.night_persons.shape
    column = np.floor((points_m[:, 0] - population.west_m) / population.cell_m)
    row = np.floor((points_m[:, 1] - population.south_m) / population.cell_m)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    at = row[inside].astype(np.int64), column[inside].astype(np.int64)
    persons = np.zeros(int(np.count_nonzero(inside)))
    grids = (population.night_persons, population.day_persons, population.evening_persons)
    for share, grid in zip((night, day, evening), grids, strict=True):
        # What is not known of the night is no matter by day.
        if grid is not None and share > 0.0:
            persons += share * grid[at]
    density[inside] = persons / population.cell_m**2
    return density


def unknown_says(time_utc_ns: int, points_m: FloatArray, site: Site, rules: ResponseRules) -> tuple[str, ...]:
    """Return the sentence on how many of the points (n, 2) lie where the grid says nothing, if any do."""
    if site.population is None or not len(points_m):
        return ()
    known = _known_per_m2(site.population, shares_at(time_utc_ns, site, rules), points_m)
    percent = 100.0 * float(np.mean(np.isnan(known)))
    if percent == 0.0:
        return ()
    share = "less than 1" if percent < 1.0 else f"{percent:.0f}"
    return (
        f"For {share} % of the falls the population is not known: "
        f"{rules.assumed_persons_per_km2:.0f} persons per km² assumed there.",
    )


def hour_says(time_utc_ns: int, site: Site, rules: ResponseRules) -> str:
    """Return the sentence on whose numbers the persons expected are, and of which hour."""
    if site.population is None:
        return (
            f"No population is known here: {rules.assumed_persons_per_km2:.0f} persons per km² assumed, "
            "at every hour."
        )
    ahead_h = utc_offset_h_at(time_utc_ns, site)
    if ahead_h is None:
        return f"Persons are those of the {'night' if site.night else 'day'}."
    hour = local_hour(time_utc_ns, ahead_h)
    named = zip(("night", "day", "evening"), shares_at(time_utc_ns, site, rules), strict=True)
    parts = [f"{100 * share:.0f} % of the {name}'s" for name, share in named if share > 0.0]
    return f"Persons are those of {hour:02d} to {(hour + 1) % 24:02d} h: {' and '.join(parts) or 'nobody'}."
