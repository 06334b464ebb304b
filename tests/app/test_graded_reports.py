"""A report is graded by somebody on duty, the log holds who graded it, and the last grade holds."""

from __future__ import annotations

from skykeep.app.watchers import NightMemory
from skykeep.domain.commands import GradeReport
from skykeep.domain.place import Person
from skykeep.domain.record import EntryRole
from skykeep.domain.sensing import Credibility, Reliability, Report
from skykeep.domain.site import Site
from skykeep.engine.inputs import decode_input
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.geo.frames import LocalFrame

HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")
SITE = Site(
    site_id="test",
    name="Test",
    origin=LocalFrame(latitude_deg=44.5, longitude_deg=-28.0, height_hae_m=0.0),
    sensors=(),
    assets=(),
    zones=(),
    permits=(),
    playbooks=(),
    people=(Person(person_id="ops", name="Operator", role="operator"),),
)


class ListRecorder:
    def __init__(self) -> None:
        self.entries: list[tuple[str, bytes]] = []

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        self.entries.append((kind, payload))
        return len(self.entries)


def grade(by: str = "ops", sequence: int = 0, letter: str = "B", number: int = 2) -> GradeReport:
    return GradeReport(
        sensor_id="people",
        sequence=sequence,
        reliability=Reliability(letter),
        credibility=Credibility(number),
        by=by,
        time_utc_ns=2_000,
    )


def watch() -> tuple[Pipeline, NightMemory, ListRecorder]:
    memory, recorder = NightMemory(), ListRecorder()
    pipeline = Pipeline(HEADER, SITE, None, recorder, listeners=(memory,))
    pipeline.receive(
        Report(
            sensor_id="people",
            sequence=0,
            heard_utc_ns=500,
            received_utc_ns=1_000,
            position_enu_m=(0.0, 0.0, 0.0),
            text="Two bangs.",
        )
    )
    return pipeline, memory, recorder


def grades(memory: NightMemory) -> list[str]:
    return [f"{report.reliability}{report.credibility.value}" for report in memory.graded_reports()]


def test_nobodys_word_is_graded_before_a_person_has() -> None:
    _, memory, _ = watch()
    assert grades(memory) == ["F6"]


def test_the_last_grade_holds_and_both_are_in_the_log() -> None:
    pipeline, memory, recorder = watch()
    assert pipeline.receive(grade()) is None
    assert pipeline.receive(grade(letter="C", number=1)) is None

    assert grades(memory) == ["C1"]
    kept = [decode_input(kind, payload) for kind, payload in recorder.entries if kind == "grade_report"]
    assert kept == [grade(), grade(letter="C", number=1)]


def test_a_grade_by_a_stranger_or_of_nothing_is_refused() -> None:
    pipeline, memory, _ = watch()
    stranger = pipeline.receive(grade(by="nobody"))
    nothing = pipeline.receive(grade(sequence=7))

    assert stranger is not None
    assert stranger.because == "by: nobody, must be somebody on duty"
    assert nothing is not None
    assert nothing.because == "sequence: people 7, must be a report that came"
    assert grades(memory) == ["F6"]
