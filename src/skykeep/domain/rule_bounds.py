"""Between which bounds each rule must lie, and which rules must agree with one another.

A bound goes by the end of the name, so that a rule added tomorrow has one too; those that need tighter ones
are named. Rules come from files and from commands: both are checked here, and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.rules import DEFAULT_RULES, EscalationStep, RuleSet

# Of each ending: the least and the greatest that a rule may be.
BY_ENDING: dict[str, tuple[float, float]] = {
    "_mps2": (0.0, 100.0),
    "_mps": (0.0, 1_000.0),
    "_km2": (0.0, 1e6),
    "_per_m": (1e-4, 1.0),
    "_psd": (0.0, 100.0),
    "_rad": (0.0, math.pi),
    "_deg": (0.0, 180.0),
    "_ln": (0.0, 3.0),
    "_s": (0.0, 86_400.0),
    "_m": (0.0, 100_000.0),
    "_probability": (0.0, 1.0),
    "_priority": (0.0, 1.0),
    "_share": (0.0, 1.0),
    "_shares": (0.0, 1.0),
    "_fraction": (0.0, 1.0),
    "_counts": (0.0, 1.0),
    "_aims": (0.0, 1.0),
    "_from": (0.0, 1.0),
    "_turn": (0.0, 1.0),
    "_absent": (0.0, 1.0),
    "_ticks": (1.0, 1_000.0),
    "_count": (1.0, 1_000.0),
    "_persons": (0.0, 1e6),
    "_ratio": (1.0, 1_000.0),
    "_gate": (1.0, 100.0),
}
NAMED: dict[str, tuple[float, float]] = {
    "threat.response_s": (1.0, 86_400.0),
    "threat.least_priority": (0.001, 1.0),
    "threat.prior_per_asset": (0.0, 1.0),
    "threat.prior_none": (0.0, 1.0),
    "threat.watched_radius_m": (100.0, 100_000.0),
    "threat.fastest_mps": (1.0, 1_000.0),
    "threat.closing_mps": (0.1, 50.0),
    "threat.habit": (0.0, 1.0),
    "threat.breach_stretch": (0.1, 10.0),
    "threat.steady_s": (1.0, 600.0),
    "threat.bent_m": (1.0, 1_000.0),
    "threat.cruise_mps": (1.0, 1_000.0),
    "threat.cruise_spread_mps": (0.1, 100.0),
    "threat.speeds_up_s": (1.0, 600.0),
    "threat.loiter_radius_m": (1.0, 10_000.0),
    "threat.probe_m": (1.0, 10_000.0),
    "threat.probes": (1.0, 100.0),
    "threat.company_m": (1.0, 10_000.0),
    "threat.company_mps": (0.1, 100.0),
    "threat.company_leave": (1.0, 10.0),
    # Beyond these the watch would be silent, or speak of everything.
    "response.raise_priority": (0.01, 0.95),
    "response.raise_after_s": (0.0, 60.0),
    "response.raise_after_ticks": (1.0, 60.0),
    "response.raise_after_detections": (1.0, 100.0),
    "response.sure_after_detections": (1.0, 100.0),
    "response.drone_probability": (0.0, 0.99),
    "response.harmless_probability": (0.1, 1.0),
    "response.clear_harmless_probability": (0.5, 1.0),
    "response.alerts.company_harmless_probability": (0.1, 1.0),
    "response.alerts.permit_wait_s": (0.0, 10.0),
    "response.alerts.flood_above": (1.0, 1_000.0),
    "response.alerts.flood_below": (1.0, 1_000.0),
    # What sinks at no speed, or is carried whole by the arms that are left, never comes down.
    "response.debris.arm_lost_thrust_share": (0.0, 0.95),
    "response.debris.windmilling_sink_mps": (0.1, 100.0),
    "response.debris.glide_sink_mps": (0.1, 100.0),
    "response.debris.hours": (0.0, 1.0),
}
ANY = (0.0, 1e6)


class Fault(NamedTuple):
    """One rule that cannot be in force: its path (steps of a list count from 1, as in `escalation[2].role`),
    what was found and what must be.
    """

    field: str
    found: str
    must: str


def bounds_of(path: str) -> tuple[float, float]:
    """Return the least and the greatest that the rule at `path`, such as `threat.response_s`, may be."""
    if path in NAMED:
        return NAMED[path]
    endings = [ending for ending in BY_ENDING if path.endswith(ending)]
    return BY_ENDING[max(endings, key=len)] if endings else ANY


def faults_of(rules: RuleSet) -> tuple[Fault, ...]:
    """Return everything that is wrong with a rule set, in its order."""
    found = list(_out_of_bounds("", rules))
    threat, response = rules.threat, rules.response
    if not rules.rules_id.strip() or len(rules.rules_id) > 80:
        found.append(Fault("rules_id", repr(rules.rules_id), "1 to 80 characters"))
    if rules.version < 1:
        found.append(Fault("version", str(rules.version), "1 or more"))
    if threat.prior_none + threat.prior_per_asset <= 0.0:
        found.append(Fault("threat.prior_none", "0 with prior_per_asset 0", "more than 0, or the other"))
    if response.clear_priority >= response.raise_priority:
        must = f"less than raise_priority, {response.raise_priority:g}"
        found.append(Fault("response.clear_priority", f"{response.clear_priority:g}", must))
    shares = response.debris.failure_shares
    if sum(shares) <= 0.0:
        found.append(Fault("response.debris.failure_shares", "0 in all", "more than 0 in one or more"))
    alerts = response.alerts
    if alerts.flood_below > alerts.flood_above:
        must = f"at most flood_above, {alerts.flood_above}"
        found.append(Fault("response.alerts.flood_below", str(alerts.flood_below), must))
    found.extend(_ladder_faults(alerts.escalation))
    usual = DEFAULT_RULES
    if rules.rules_id == usual.rules_id and (threat, response) != (usual.threat, usual.response):
        must = "a name of its own: only the rules that come with Skykeep are called so"
        found.append(Fault("rules_id", f"{rules.rules_id!r} with rules of its own", must))
    return tuple(found)


def _ladder_faults(ladder: tuple[EscalationStep, ...]) -> Iterator[Fault]:
    """Yield what is wrong with who is told when: nobody named, or a step not later than the one before."""
    for number, step in enumerate(ladder, 1):
        path = f"response.alerts.escalation[{number}]"
        if not step.role.strip() or len(step.role) > 80:
            yield Fault(f"{path}.role", repr(step.role), "1 to 80 characters")
        if number > 1 and step.after_s <= ladder[number - 2].after_s:
            before = f"more than the step before, {ladder[number - 2].after_s:g}"
            yield Fault(f"{path}.after_s", f"{step.after_s:g}", before)


def check_rules(rules: RuleSet, after: RuleSet | None = None) -> None:
    """Raise InputError with the first fault; `after` is the rule set that these replace."""
    for fault in faults_of(rules):
        raise InputError(f"rules.{fault.field}", fault.found, fault.must)
    if after is not None and rules.rules_id == after.rules_id and rules.version <= after.version:
        must = f"more than {after.version}, the one in force"
        raise InputError("rules.version", str(rules.version), must)


def _out_of_bounds(prefix: str, record: msgspec.Struct) -> Iterator[Fault]:
    for name in record.__struct_fields__:
        yield from _value_faults(f"{prefix}{name}", getattr(record, name), bool(prefix))


def _value_faults(path: str, value: object, has_bounds: bool) -> Iterator[Fault]:
    """Yield the faults of one rule, of the records or of the rows in it; name and version have no bounds."""
    if isinstance(value, msgspec.Struct):
        yield from _out_of_bounds(f"{path}.", value)
    elif isinstance(value, tuple):
        for number, each in enumerate(value, 1):
            step = f"{path}[{number}]" if isinstance(each, msgspec.Struct) else path
            yield from _value_faults(step, each, has_bounds)
    elif has_bounds and isinstance(value, int | float) and not isinstance(value, bool):
        low, high = bounds_of(path)
        if not low <= value <= high:
            yield Fault(path, f"{value:g}", f"{low:g} to {high:g}")
