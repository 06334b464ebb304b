"""The site of a scenario: its assets, zones, permits, playbooks and people on the ground of a world."""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import from_iso_utc
from skykeep.base.compile import FloatArray
from skykeep.domain.outline import polygon_of_enu_m
from skykeep.domain.permit import Permit, PermitState, Scope, Volume4D
from skykeep.domain.place import Asset, Person, Point, PopulationGrid
from skykeep.domain.posture import CalendarEntry
from skykeep.domain.sensing import Sensor
from skykeep.domain.site import EffectTemplate, Playbook, Quorum, Site, TaskTemplate
from skykeep.domain.zone import HeightReference, Limit, Period, Polygon, Volume, Zone
from skykeep.sim.paths import direction
from skykeep.sim.places import Places
from skykeep.sim.plan_terms import Outline
from skykeep.sim.scenario import AssetPlan, PermitPlan, PlaybookPlan, Scenario, ZonePlan
from skykeep.sim.sky import vector
from skykeep.sim.world.model import World

CIRCLE_CORNERS = 48


def lay_out_site(scenario: Scenario, world: World, places: Places, sensors: tuple[Sensor, ...]) -> Site:
    """Return the site record: what the watch is given to know, and the first entry of its log."""
    wind_mps = places.wind_enu_mps
    return Site(
        site_id=scenario.night.name,
        name=world.name,
        origin=world.origin,
        assets=tuple(_asset(plan, places) for plan in scenario.assets),
        sensors=sensors,
        zones=tuple(_zone(plan, places, world) for plan in scenario.zones),
        permits=tuple(_permit(plan, places, world) for plan in scenario.permits),
        playbooks=tuple(_playbook(plan) for plan in scenario.playbooks),
        people=tuple(
            Person(
                person_id=plan.person_id,
                name=plan.name,
                role=plan.role,
                may_approve=plan.may_approve,
                rights=plan.rights,
            )
            for plan in scenario.people
        ),
        population=PopulationGrid(
            west_m=world.population.west_m,
            south_m=world.population.south_m,
            cell_m=world.population.cell_m,
            night_persons=world.population.persons_night,
            day_persons=world.population.persons_day,
        ),
        wind_enu_mps=(float(wind_mps[0]), float(wind_mps[1])),
        night=not scenario.night.daylight,
        calendar=tuple(
            CalendarEntry(
                entry_id=plan.entry_id,
                name=plan.name,
                level=plan.level,
                start_utc_ns=from_iso_utc(plan.start),
                end_utc_ns=from_iso_utc(plan.end),
                because=plan.because,
            )
            for plan in scenario.calendar
        ),
    )


def ring_m(outline: Outline, places: Places) -> tuple[Point, ...]:
    """Return the corners of an outline: a circle's if it has a radius, else a rectangle's."""
    centre_m = places.spot_m(outline.at)
    if outline.radius_m > 0.0:
        bearings_rad = np.arange(CIRCLE_CORNERS) * (-2 * np.pi / CIRCLE_CORNERS)
        corners = [centre_m + outline.radius_m * direction(float(bearing)) for bearing in bearings_rad]
    else:
        forward = 0.5 * outline.length_m * direction(float(np.radians(outline.bearing_deg)))
        right = 0.5 * outline.width_m * direction(float(np.radians(outline.bearing_deg + 90.0)))
        signs = ((1, 1), (1, -1), (-1, -1), (-1, 1))
        corners = [centre_m + along * forward + across * right for along, across in signs]
    return tuple(_point(corner) for corner in corners)


def _point(corner: FloatArray) -> Point:
    return round(float(corner[0]), 2), round(float(corner[1]), 2)


def _asset(plan: AssetPlan, places: Places) -> Asset:
    return Asset(
        asset_id=plan.asset_id,
        name=plan.name,
        kind=plan.kind,
        position_enu_m=vector(places.asset_enu_m(plan.asset_id)),
        breach_radius_m=plan.breach_radius_m,
        warning_radius_m=plan.warning_radius_m,
        consequence=plan.consequence,
        occupancy_persons=plan.occupancy_persons,
        principal_present=plan.principal_present,
    )


def _zone(plan: ZonePlan, places: Places, world: World) -> Zone:
    periods: tuple[Period, ...] = ()
    if plan.start or plan.end:
        start = from_iso_utc(plan.start) if plan.start else None
        end = from_iso_utc(plan.end) if plan.end else None
        periods = (Period(start_utc_ns=start, end_utc_ns=end),)
    return Zone(
        zone_id=plan.zone_id,
        name=plan.name,
        restriction=plan.restriction,
        volumes=(_volume(plan.outline, plan.floor_m, plan.ceiling_m, plan.reference, places, world),),
        strictness=plan.strictness,
        document=plan.document,
        periods=periods,
    )


def _volume(
    outline: Outline,
    floor_m: float,
    ceiling_m: float,
    reference: HeightReference,
    places: Places,
    world: World,
) -> Volume:
    polygon: Polygon = polygon_of_enu_m((ring_m(outline, places),), world.origin)
    return Volume(
        outline=polygon,
        floor=Limit(value=floor_m, reference=reference),
        ceiling=Limit(value=ceiling_m, reference=reference),
    )


def _permit(plan: PermitPlan, places: Places, world: World) -> Permit:
    agl = HeightReference.AGL
    volume = _volume(plan.outline, plan.floor_agl_m, plan.ceiling_agl_m, agl, places, world)
    return Permit(
        permit_id=plan.permit_id,
        holder=plan.holder,
        priority=plan.priority,
        state=PermitState.ACTIVE,
        version=1,
        scope=Scope(
            volumes=(
                Volume4D(
                    volume=volume, start_utc_ns=from_iso_utc(plan.start), end_utc_ns=from_iso_utc(plan.end)
                ),
            ),
            serials=plan.serials,
            unlocks=plan.unlocks,
        ),
        owner=plan.holder,
        document=plan.document,
    )


def _playbook(plan: PlaybookPlan) -> Playbook:
    return Playbook(
        playbook_id=plan.playbook_id,
        asset_id=plan.asset_id,
        tasks=tuple(
            TaskTemplate(
                text=task.text,
                owner_role=task.owner_role,
                due_before_breach_s=task.due_before_breach_s,
                task_key=task.task_key,
                from_level=task.from_level,
                when_principal=task.when_principal,
                escalates_to_role=task.escalates_to_role,
            )
            for task in plan.tasks
        ),
        effects=tuple(
            EffectTemplate(
                option_id=effect.option_id,
                name=effect.name,
                layer=effect.layer,
                says=effect.says,
                success_probability=effect.success_probability,
                delay_s=effect.delay_s,
                max_range_m=effect.max_range_m,
                breaks=effect.breaks,
            )
            for effect in plan.effects
        ),
        approvals_needed=plan.approvals_needed,
        proposal_expires_s=plan.proposal_expires_s,
        authority=plan.authority,
        legal_basis=plan.legal_basis,
        quorums=tuple(
            Quorum(
                from_level=quorum.from_level,
                approvals_needed=quorum.approvals_needed,
                roles=quorum.roles,
            )
            for quorum in plan.quorums
        ),
    )
