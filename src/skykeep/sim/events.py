"""What happens in a night at its time, beside what flies: outages, clocks that jump, calls, people's
decisions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import SetOccupancy, SetPosture
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.sensing import Claim, Report, Scan, SensorState, SensorStatus
from skykeep.sim.places import Places
from skykeep.sim.plan_events import (
    AnyEventPlan,
    ClockJumpPlan,
    OccupancyPlan,
    OutagePlan,
    PosturePlan,
    RegistryPlan,
    ReportPlan,
    RevokePlan,
)
from skykeep.sim.sky import vector

Happening = SensorStatus | Report | SetOccupancy | SetPosture | RegistryAnswer | AirspaceChange

# Numbers of told reports and states: residents count their own from 0.
FIRST_SEQUENCE = 1_000
CALL_S = 3


class Events:
    """The events of one night, dated."""

    def __init__(self, plans: Sequence[AnyEventPlan], places: Places, start_utc_ns: int) -> None:
        self._places, self._start_utc_ns = places, start_utc_ns
        self._outages = [plan for plan in plans if isinstance(plan, OutagePlan)]
        self._jumps = [plan for plan in plans if isinstance(plan, ClockJumpPlan)]
        self.happenings: list[tuple[int, Happening]] = []
        for which, plan in enumerate(plans):
            self.happenings += self._happenings(plan, FIRST_SEQUENCE + 2 * which)

    def heard(self, record: Scan | Claim) -> Scan | Claim | None:
        """Return what comes of a scan or a claim on its way: itself, with another time, or nothing."""
        taken_utc_ns = record.time_utc_ns if isinstance(record, Scan) else record.received_utc_ns
        for outage in self._outages:
            if self._holds(outage, record.sensor_id, taken_utc_ns):
                return None
        for jump in self._jumps:
            if self._holds(jump, record.sensor_id, taken_utc_ns):
                off_ns = seconds_to_ns(jump.jump_s)
                return msgspec.structs.replace(record, time_utc_ns=record.time_utc_ns + off_ns)
        return record

    def _holds(self, plan: OutagePlan | ClockJumpPlan, sensor_id: str, time_utc_ns: int) -> bool:
        since_s = (time_utc_ns - self._start_utc_ns) / NS_PER_S - plan.at_s
        return plan.sensor_id == sensor_id and 0.0 <= since_s < plan.for_s

    def _happenings(self, plan: AnyEventPlan, sequence: int) -> list[tuple[int, Happening]]:
        at_utc_ns = self._start_utc_ns + seconds_to_ns(plan.at_s)
        match plan:
            case OutagePlan(says_so=True):
                back_utc_ns = at_utc_ns + seconds_to_ns(plan.for_s)
                return [
                    (at_utc_ns, _status(plan.sensor_id, sequence, at_utc_ns, SensorState.FAILED)),
                    (back_utc_ns, _status(plan.sensor_id, sequence + 1, back_utc_ns, SensorState.OK)),
                ]
            case ReportPlan():
                return [(at_utc_ns, self._report(plan, sequence, at_utc_ns))]
            case OccupancyPlan():
                occupancy = SetOccupancy(
                    asset_id=plan.asset_id,
                    by=plan.by,
                    time_utc_ns=at_utc_ns,
                    principal_present=plan.principal_present,
                    occupancy_persons=plan.occupancy_persons,
                    reason=plan.because,
                )
                return [(at_utc_ns, occupancy)]
            case PosturePlan():
                until_utc_ns = None if plan.for_s is None else at_utc_ns + seconds_to_ns(plan.for_s)
                posture = SetPosture(
                    level=plan.level,
                    reason=plan.because,
                    by=plan.by,
                    time_utc_ns=at_utc_ns,
                    until_utc_ns=until_utc_ns,
                )
                return [(at_utc_ns, posture)]
            case RegistryPlan():
                answer = RegistryAnswer(
                    kind=plan.kind,
                    claimed_id=plan.claimed_id,
                    status=plan.status,
                    source=plan.source,
                    time_utc_ns=at_utc_ns,
                    operator_id=plan.operator_id,
                    model=plan.model,
                    target_class=plan.target_class,
                )
                return [(at_utc_ns, answer)]
            case RevokePlan():
                change = AirspaceChange(
                    time_utc_ns=at_utc_ns,
                    because=plan.because,
                    by=plan.by,
                    permits_gone=(plan.permit_id,) if plan.permit_id else (),
                    zones_gone=(plan.zone_id,) if plan.zone_id else (),
                )
                return [(at_utc_ns, change)]
        return []

    def _report(self, plan: ReportPlan, sequence: int, at_utc_ns: int) -> Report:
        bearing_deg = plan.bearing_deg
        return Report(
            sensor_id=plan.sensor_id,
            sequence=sequence,
            heard_utc_ns=at_utc_ns - CALL_S * NS_PER_S,
            received_utc_ns=at_utc_ns,
            position_enu_m=vector(self._places.ground_enu_m(plan.at, 1.6)),
            text=plan.says,
            kind=plan.kind,
            sigma_m=plan.sigma_m,
            bearing_rad=None if bearing_deg is None else math.radians(bearing_deg % 360.0),
        )


def _status(sensor_id: str, sequence: int, time_utc_ns: int, state: SensorState) -> SensorStatus:
    says = "No echo comes any more." if state is SensorState.FAILED else "It works again."
    return SensorStatus(
        sensor_id=sensor_id,
        sequence=sequence,
        time_utc_ns=time_utc_ns,
        received_utc_ns=time_utc_ns,
        state=state,
        says=says,
    )
