"""The pipeline: written before acted on, refused in words, and the same bytes from the same inputs."""

from __future__ import annotations

import numpy as np
import pytest

from skykeep.base.clock import NS_PER_S
from skykeep.domain.commands import AcknowledgeAlert, Tick
from skykeep.domain.place import Asset, AssetKind
from skykeep.domain.record import EntryRole
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.domain.site import Site
from skykeep.engine.inputs import INPUT_KINDS, Input, decode_input
from skykeep.engine.outputs import Rejection, RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.geo.frames import LocalFrame

START_UTC_NS = 1_935_540_600 * NS_PER_S
HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")


class ListRecorder:
    """Keeps entries in a list; can be told to fail from one sequence number on."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, EntryRole, str, bytes]] = []
        self.fail = False

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        if self.fail:
            raise OSError("disk gone")
        self.entries.append((time_utc_ns, role, kind, payload))
        return len(self.entries)

    def kinds(self) -> list[str]:
        return [kind for _, _, kind, _ in self.entries]


def make_site() -> Site:
    radar = Sensor(
        sensor_id="radar",
        name="Radar",
        kind=SensorKind.RADAR,
        measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        position_enu_m=(0.0, 0.0, 20.0),
        coverage_range_m=5_000.0,
        sigma=(8.0, 0.008, 0.01),
    )
    house = Asset(
        asset_id="house",
        name="House",
        kind=AssetKind.RESIDENCE,
        position_enu_m=(0.0, 0.0, 0.0),
        breach_radius_m=100.0,
        warning_radius_m=1_000.0,
    )
    return Site(
        site_id="test",
        name="Test",
        origin=LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0),
        assets=(house,),
        sensors=(radar,),
        zones=(),
        permits=(),
        playbooks=(),
        people=(),
    )


def radar_scan(second: int, *, sensor_id: str = "radar") -> Scan:
    """One echo that comes in from the north at 20 m/s, 100 m up."""
    north_m = 3_000.0 - 20.0 * second
    range_m = float(np.hypot(north_m, 80.0))
    time_utc_ns = START_UTC_NS + second * NS_PER_S
    return make_scan(
        sensor_id=sensor_id,
        sequence=second,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=time_utc_ns,
        received_utc_ns=time_utc_ns + NS_PER_S // 5,
        measured=np.array([[range_m, 0.0, np.arcsin(80.0 / range_m)]]),
        sigma=np.array([[8.0, 0.008, 0.01]]),
    )


def inputs(seconds: int) -> list[Input]:
    records: list[Input] = []
    for second in range(seconds):
        records.append(radar_scan(second))
        records.append(Tick(time_utc_ns=START_UTC_NS + second * NS_PER_S + NS_PER_S // 2))
    return records


def run(records: list[Input]) -> tuple[Pipeline, ListRecorder]:
    recorder = ListRecorder()
    pipeline = Pipeline(HEADER, make_site(), None, recorder, start_utc_ns=START_UTC_NS)
    for record in records:
        pipeline.receive(record)
    return pipeline, recorder


def test_a_steady_echo_becomes_one_track_flying_south() -> None:
    pipeline, _ = run(inputs(12))
    assert pipeline.judgement is not None
    picture = pipeline.judgement.picture
    assert len(picture) == 1
    assert picture.state[0, 4] == pytest.approx(-20.0, abs=3.0)
    assert pipeline.judgement.height_agl_m[0] == pytest.approx(100.0, abs=30.0)


def test_the_log_begins_with_what_ran_and_where() -> None:
    _, recorder = run([])
    assert recorder.kinds() == ["run", "site"]


def test_an_input_is_written_before_anyone_acts_on_it() -> None:
    pipeline, recorder = run(inputs(5))
    recorder.fail = True
    before = pipeline.counts["detections"]
    with pytest.raises(OSError, match="disk gone"):
        pipeline.receive(radar_scan(5))
    assert pipeline.counts["detections"] == before


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert run(inputs(15))[1].entries == run(inputs(15))[1].entries


def test_every_input_reads_back_from_its_entry() -> None:
    records = [*inputs(3), AcknowledgeAlert(alert_id="alert-0001", by="nobody", time_utc_ns=START_UTC_NS)]
    _, recorder = run(records)
    written = [(kind, payload) for _, role, kind, payload in recorder.entries if role is EntryRole.INPUT][2:]
    again = [decode_input(kind, payload) for kind, payload in written]
    assert run(again)[1].entries == recorder.entries
    assert [type(record) for record in again] == [type(record) for record in records]


def test_what_is_refused_is_counted_kept_and_explained() -> None:
    pipeline, recorder = run(inputs(2))
    rejection = pipeline.receive(radar_scan(9, sensor_id="stranger"))
    assert isinstance(rejection, Rejection)
    assert "stranger" in rejection.because
    assert pipeline.counts["rejected"] == 1
    assert recorder.kinds()[-2:] == ["scan", "rejection"]


def test_a_sensor_with_a_slow_clock_does_not_turn_the_logs_time_back() -> None:
    late = radar_scan(1)
    _, recorder = run([*inputs(3), late])
    times = [time_utc_ns for time_utc_ns, _, _, _ in recorder.entries]
    assert times == sorted(times)


def test_every_kind_of_input_has_a_name_of_its_own() -> None:
    assert len(set(INPUT_KINDS.values())) == len(INPUT_KINDS)
