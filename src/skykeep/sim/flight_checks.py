"""What may not be said of flights and events although each word is allowed; `sim.checks` asks here."""

from __future__ import annotations

from collections.abc import Iterator

from skykeep.base.toml_lines import KeyPath
from skykeep.sim.plan_events import (
    ClockJumpPlan,
    OccupancyPlan,
    OutagePlan,
    PosturePlan,
    ReportPlan,
    RevokePlan,
)
from skykeep.sim.plan_flights import FlightPlan, LegPlan
from skykeep.sim.scenario import Scenario

Problem = tuple[KeyPath, str]


def problems_of_flights(scenario: Scenario) -> Iterator[Problem]:
    """A flight needs legs that lead somewhere, an asset that is there, and one word of who it is."""
    assets = {asset.asset_id for asset in scenario.assets}
    for i, flight in enumerate(scenario.flights):
        path: KeyPath = ("flights", i)
        if flight.asset_id and flight.asset_id not in assets:
            yield (*path, "asset_id"), f"is {flight.asset_id!r}, must be one of {', '.join(sorted(assets))}"
        if flight.start_s[0] < 0.0:
            yield (*path, "start_s"), f"begins at {flight.start_s[0]:g}, must be at least 0"
        if not flight.legs and not flight.branches:
            yield (*path, "legs"), "are none, must be at least one"
        yield from _legs(flight, path)
        says = flight.broadcast
        if says is not None and bool(says.serial) == bool(says.address):
            yield (*path, "broadcast"), "must have a serial or an address, one of the two"


def _legs(flight: FlightPlan, path: KeyPath) -> Iterator[Problem]:
    chains: list[tuple[KeyPath, tuple[LegPlan, ...]]] = [((*path, "legs"), flight.legs)]
    chains += [((*path, "branches", j), branch) for j, branch in enumerate(flight.branches)]
    for chain, legs in chains:
        for j, leg in enumerate(legs):
            if leg.do == "to" and leg.at is None:
                yield (*chain, j, "do"), "is to, and then at must say where"
            if leg.do != "to" and not leg.for_s:
                yield (*chain, j, "do"), f"is {leg.do}, and then for_s must be more than 0"
            if leg.do == "circle" and not leg.radius_m:
                yield (*chain, j, "do"), "is circle, and then radius_m must be more than 0"
            if leg.do == "survey" and not (leg.length_m and leg.width_m and leg.spacing_m):
                yield (
                    (*chain, j, "do"),
                    "is survey, and then length_m, width_m and spacing_m must be more than 0",
                )


def problems_of_events(scenario: Scenario) -> Iterator[Problem]:
    """What an event names must be there."""
    sensing = (scenario.radars, scenario.direction_finders, scenario.remote_id_receivers)
    sensors = {
        plan.sensor_id for table in (*sensing, scenario.adsb_receivers, scenario.cameras) for plan in table
    }
    residents = {plan.sensor_id for plan in scenario.residents}
    people = {plan.person_id for plan in scenario.people}
    assets = {plan.asset_id for plan in scenario.assets}
    for i, plan in enumerate(scenario.events):
        wanted: list[tuple[str, str, set[str]]] = []
        if isinstance(plan, OutagePlan | ClockJumpPlan):
            wanted.append(("sensor_id", plan.sensor_id, sensors))
        if isinstance(plan, ReportPlan):
            wanted.append(("sensor_id", plan.sensor_id, residents))
        if isinstance(plan, OccupancyPlan | PosturePlan | RevokePlan):
            wanted.append(("by", plan.by, people))
        if isinstance(plan, OccupancyPlan):
            wanted.append(("asset_id", plan.asset_id, assets))
        if isinstance(plan, RevokePlan):
            permits = {permit.permit_id for permit in scenario.permits} | {""}
            zones = {zone.zone_id for zone in scenario.zones} | {""}
            wanted += [("permit_id", plan.permit_id, permits), ("zone_id", plan.zone_id, zones)]
        for key, name, known in wanted:
            if name not in known:
                must = ", ".join(sorted(known - {""})) or "those there are: none"
                yield ("events", i, key), f"is {name!r}, must be one of {must}"
