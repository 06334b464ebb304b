"""Posture and presence through the pipeline: they change what a breach is worth, what people are asked to do,
and a replay says the same.
"""

from __future__ import annotations

import msgspec
import numpy as np

from duty_watch import COMMANDER, HEADER, HOUSE, START_UTC_NS
from duty_watch import SITE as BARE_SITE
from skykeep.base.clock import NS_PER_S
from skykeep.domain.commands import SetOccupancy, SetPosture, Tick
from skykeep.domain.encoding import decode_json
from skykeep.domain.place import Person
from skykeep.domain.posture import CalendarEntry, Occupancy, Posture, PostureLevel
from skykeep.domain.record import EntryRole
from skykeep.domain.response import Task
from skykeep.domain.rules import ResponseRules, RuleSet
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.domain.site import Playbook, TaskTemplate
from skykeep.engine.inputs import Input, decode_input, time_of
from skykeep.engine.pipeline import Pipeline

SITE = msgspec.structs.replace(
    BARE_SITE,
    assets=(msgspec.structs.replace(HOUSE, consequence=0.6, principal_present=False),),
    sensors=(
        Sensor(
            sensor_id="radar",
            name="Radar",
            kind=SensorKind.RADAR,
            measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            position_enu_m=(0.0, 0.0, 20.0),
            coverage_range_m=5_000.0,
            sigma=(8.0, 0.008, 0.01),
        ),
    ),
    playbooks=(
        Playbook(
            playbook_id="house",
            asset_id="house",
            tasks=(
                TaskTemplate(text="Shelter", owner_role="guard", due_before_breach_s=30.0),
                TaskTemplate(text="Gates", owner_role="guard", due_before_breach_s=30.0, from_level=1),
                TaskTemplate(text="Move", owner_role="guard", due_before_breach_s=30.0, when_principal=True),
            ),
            effects=(),
        ),
    ),
    people=(
        COMMANDER,
        Person(person_id="gil", name="Gil", role="guard"),
    ),
    postures=(
        PostureLevel(level=0, name="routine"),
        PostureLevel(level=1, name="heightened", consequence_factor=1.5),
    ),
    # Alerts are not what is tested here: anything that comes is one.
    rules=RuleSet(
        response=ResponseRules(
            raise_priority=0.05, clear_priority=0.01, drone_probability=0.05, harmless_probability=0.99
        )
    ),
    calendar=(
        CalendarEntry(
            entry_id="guests",
            name="Guests arrive",
            level=1,
            start_utc_ns=START_UTC_NS + 40 * NS_PER_S,
            end_utc_ns=START_UTC_NS + 60 * NS_PER_S,
        ),
    ),
)


class Log:
    def __init__(self) -> None:
        self.entries: list[tuple[int, EntryRole, str, bytes]] = []

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        self.entries.append((time_utc_ns, role, kind, payload))
        return len(self.entries)

    def of(self, kind: str, wanted: type) -> list[object]:
        found = [entry for entry in self.entries if entry[1] is EntryRole.OUTPUT and entry[2] == kind]
        return [decode_json(payload, wanted) for _, _, _, payload in found]


def scan(second: int) -> Scan:
    """A small drone that comes in from the north at 20 m/s, 100 m up."""
    north_m = 1_900.0 - 20.0 * second
    range_m = float(np.hypot(north_m, 80.0))
    time_utc_ns = START_UTC_NS + second * NS_PER_S
    return make_scan(
        sensor_id="radar",
        sequence=second,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=time_utc_ns,
        received_utc_ns=time_utc_ns + NS_PER_S // 5,
        measured=np.array([[range_m, 0.0, np.arcsin(80.0 / range_m)]]),
        sigma=np.array([[8.0, 0.008, 0.01]]),
    )


def night(*said: Input) -> list[Input]:
    records: list[Input] = [*said]
    for second in range(70):
        records += [scan(second), Tick(time_utc_ns=START_UTC_NS + second * NS_PER_S + NS_PER_S // 2)]
    return sorted(records, key=time_of)


def run(records: list[Input]) -> tuple[Pipeline, Log, dict[int, float]]:
    log = Log()
    pipeline = Pipeline(HEADER, SITE, None, log, start_utc_ns=START_UTC_NS)
    consequence: dict[int, float] = {}
    for record in records:
        pipeline.receive(record)
        if isinstance(record, Tick) and pipeline.judgement is not None and pipeline.judgement.threats:
            second = (record.time_utc_ns - START_UTC_NS) // NS_PER_S
            consequence[second] = pipeline.judgement.threats[0].factors.consequence
    return pipeline, log, consequence


ARRIVES = SetOccupancy(
    asset_id="house", by="gil", time_utc_ns=START_UTC_NS + 50 * NS_PER_S + 1, principal_present=True
)


def test_the_calendar_and_the_guard_change_what_a_breach_is_worth() -> None:
    _, log, consequence = run(night(ARRIVES))
    # The principal is away: 0.6 x 0.85; guests arrive: half as much again; and then the principal.
    assert consequence[30] == 0.6 * 0.85
    assert abs(consequence[45] - 0.6 * 0.85 * 1.5) < 1e-12
    assert abs(consequence[55] - 0.6 * 1.5) < 1e-12
    assert abs(consequence[65] - 0.6) < 1e-12
    postures = log.of("posture", Posture)
    assert [posture.name for posture in postures] == ["routine", "heightened", "routine"]  # type: ignore[attr-defined]
    (arrival,) = log.of("occupancy", Occupancy)
    assert (arrival.principal_present, arrival.set_by) == (True, "gil")  # type: ignore[attr-defined]


def test_the_principal_who_arrives_in_the_raid_is_moved_and_the_parade_closes_the_gates() -> None:
    pipeline, log, _ = run(night(ARRIVES))
    assert pipeline.desk.alerts
    opened: dict[str, int] = {}
    for task in log.of("task", Task):
        assert isinstance(task, Task)
        opened.setdefault(task.text, (task.opened_utc_ns - START_UTC_NS) // NS_PER_S)
    assert opened["Shelter"] < 40
    assert opened["Gates"] == 40
    assert opened["Move"] == 50


def test_a_replay_of_the_log_says_the_same() -> None:
    lowered = SetPosture(level=9, reason="No.", by="ada", time_utc_ns=START_UTC_NS + 20 * NS_PER_S)
    raised = msgspec.structs.replace(lowered, level=1, reason="Two drones seen.")
    _, log, _ = run(night(ARRIVES, lowered, raised))
    inputs = [(kind, payload) for _, role, kind, payload in log.entries if role is EntryRole.INPUT][2:]
    _, again, _ = run([decode_input(kind, payload) for kind, payload in inputs])
    assert again.entries == log.entries
    assert sum(kind == "rejection" for _, _, kind, _ in log.entries) == 1
