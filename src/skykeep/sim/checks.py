"""What a scenario may not say although each of its words is allowed: contradictions, and what is missing.

A problem is a key path and the rest of a sentence about it: `("radars", 0, "range_m"), "is 3, must be 4"`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from skykeep.base.clock import from_iso_utc
from skykeep.base.toml_lines import KeyPath
from skykeep.sim.effects_failsafe import FAILSAFES
from skykeep.sim.flight_checks import problems_of_events, problems_of_flights
from skykeep.sim.plan_targets import PERMIT_MARGIN_M, PatternKind
from skykeep.sim.scenario import Scenario

Problem = tuple[KeyPath, str]


def first_problem(scenario: Scenario) -> Problem | None:
    """Return the first problem there is, or None."""
    return next(_problems(scenario), None)


def _problems(scenario: Scenario) -> Iterator[Problem]:
    yield from _numbers(scenario, ())
    yield from _times(scenario)
    yield from _double_names(scenario)
    yield from _references(scenario)
    yield from _people(scenario)
    yield from _geometry(scenario)
    yield from problems_of_flights(scenario)
    yield from problems_of_events(scenario)


def _numbers(item: Any, path: KeyPath) -> Iterator[Problem]:
    """Every number must be finite, and every [low, high] must be in that order."""
    if isinstance(item, msgspec.Struct):
        for key in item.__struct_fields__:
            yield from _numbers(getattr(item, key), (*path, key))
    elif isinstance(item, dict):
        for key, value in item.items():
            yield from _numbers(value, (*path, key))
    elif isinstance(item, tuple):
        for i, value in enumerate(item):
            yield from _numbers(value, (*path, i))
        if len(item) == 2 and all(isinstance(value, float) for value in item) and item[0] > item[1]:
            yield path, f"is [{item[0]:g}, {item[1]:g}], must be [low, high]"
    elif isinstance(item, float) and not math.isfinite(item):
        yield path, f"is {item}, must be a finite number"


def _times(scenario: Scenario) -> Iterator[Problem]:
    written: list[tuple[KeyPath, str]] = [(("night", "start"), scenario.night.start)]
    for i, permit in enumerate(scenario.permits):
        written += [(("permits", i, "start"), permit.start), (("permits", i, "end"), permit.end)]
    for i, zone in enumerate(scenario.zones):
        written += [
            (("zones", i, key), time) for key, time in (("start", zone.start), ("end", zone.end)) if time
        ]
    for i, entry in enumerate(scenario.calendar):
        written += [(("calendar", i, "start"), entry.start), (("calendar", i, "end"), entry.end)]
    for path, text in written:
        try:
            from_iso_utc(text)
        except ValueError:
            yield path, f"is {text!r}, must be a time with its zone, like 2031-05-03T02:10:00Z"


def _double_names(scenario: Scenario) -> Iterator[Problem]:
    """Dice are keyed by name, and records by id, so no two things may share one."""
    tables = (
        (
            "sensor_id",
            ("radars", "direction_finders", "remote_id_receivers", "adsb_receivers", "cameras", "residents"),
        ),
        ("name", ("intruders", "permitted", "aircraft", "birds", "flights")),
        ("entry_id", ("calendar",)),
        ("asset_id", ("assets",)),
        ("zone_id", ("zones",)),
        ("permit_id", ("permits",)),
        ("person_id", ("people",)),
        ("playbook_id", ("playbooks",)),
    )
    for key, names in tables:
        seen: set[str] = set()
        for table in names:
            for i, item in enumerate(getattr(scenario, table)):
                name = getattr(item, key)
                if name in seen:
                    yield (table, i, key), f"is {name!r}, which something else is called already"
                seen.add(name)


def _references(scenario: Scenario) -> Iterator[Problem]:
    """What is named must be there."""
    assets = {asset.asset_id for asset in scenario.assets}
    permits = {permit.permit_id for permit in scenario.permits}
    zones = {zone.zone_id for zone in scenario.zones}
    wanted: list[tuple[KeyPath, str, set[str]]] = []
    for i, book in enumerate(scenario.playbooks):
        wanted.append((("playbooks", i, "asset_id"), book.asset_id, assets))
    for i, intruder in enumerate(scenario.intruders):
        wanted.append((("intruders", i, "asset_id"), intruder.asset_id, assets))
    for i, flight in enumerate(scenario.permitted):
        wanted.append((("permitted", i, "permit_id"), flight.permit_id, permits))
    for i, permit in enumerate(scenario.permits):
        wanted += [(("permits", i, "unlocks", j), zone, zones) for j, zone in enumerate(permit.unlocks)]
    for path, name, known in wanted:
        if name not in known:
            yield path, f"is {name!r}, must be one of {', '.join(sorted(known)) or 'those there are: none'}"
    for i, intruder in enumerate(scenario.intruders):
        if intruder.remote_id == "false" and scenario.false_identity is None:
            yield (
                ("intruders", i, "remote_id"),
                "is 'false', and then [false_identity] must say what it may be",
            )


def _people(scenario: Scenario) -> Iterator[Problem]:
    if not scenario.people:
        yield ("people",), "names nobody, must name who is on duty"
    approvers = sum(person.may_approve for person in scenario.people)
    for i, book in enumerate(scenario.playbooks):
        if book.approvals_needed > approvers:
            path = ("playbooks", i, "approvals_needed")
            yield path, f"is {book.approvals_needed}, must be at most {approvers}, as many as may approve"


def _geometry(scenario: Scenario) -> Iterator[Problem]:
    if not (
        scenario.intruders
        or scenario.permitted
        or scenario.aircraft
        or scenario.flights
        or any(b.count for b in scenario.birds)
    ):
        yield ("night",), "has nothing in the air, must have something that flies"
    for table in ("zones", "permits"):
        for i, item in enumerate(getattr(scenario, table)):
            outline = item.outline
            if not outline.radius_m and not (outline.length_m and outline.width_m):
                yield (table, i, "outline"), "has no size, must have radius_m, or length_m and width_m"
    for table, low, high in (
        ("radars", "range_min_m", "range_max_m"),
        ("radars", "elevation_min_deg", "elevation_max_deg"),
        ("cameras", "elevation_min_deg", "elevation_max_deg"),
        ("permits", "floor_agl_m", "ceiling_agl_m"),
        ("zones", "floor_m", "ceiling_m"),
    ):
        for i, item in enumerate(getattr(scenario, table)):
            if getattr(item, low) >= getattr(item, high):
                yield (table, i, low), f"is {getattr(item, low):g}, must be under {high}"
    for i, intruder in enumerate(scenario.intruders):
        if intruder.start_delay_s[0] < 0.0 or intruder.start_delay_s[1] >= intruder.arrive_s[0]:
            yield ("intruders", i, "start_delay_s"), "must lie between 0 and the earliest arrive_s"
        if intruder.start_m[0] < 200.0:
            yield ("intruders", i, "start_m"), f"begins at {intruder.start_m[0]:g}, must be at least 200"
        for name in intruder.failsafe_shares:
            if name not in FAILSAFES:
                must = f"is not known, must be one of {', '.join(FAILSAFES)}"
                yield ("intruders", i, "failsafe_shares", name), must
        if not sum(intruder.failsafe_shares.values()) > 0.0:
            yield ("intruders", i, "failsafe_shares"), "sum to nothing, must be more than 0"
    outlines = {permit.permit_id: permit.outline for permit in scenario.permits}
    for i, flight in enumerate(scenario.permitted):
        outline = outlines[flight.permit_id]
        if flight.pattern is PatternKind.ORBIT:
            if not flight.orbit_radius_m:
                yield ("permitted", i, "pattern"), "is orbit, and then orbit_radius_m must be more than 0"
        elif not flight.line_spacing_m or min(outline.length_m, outline.width_m) <= 2.0 * PERMIT_MARGIN_M:
            needs = f"line_spacing_m and a permit's rectangle over {2.0 * PERMIT_MARGIN_M:g} m either way"
            yield ("permitted", i, "pattern"), f"is lawn-mower, and then must have {needs}"
