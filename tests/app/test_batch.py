"""A batch is the live watch without its log: the same scans give the same pictures, none knows the future."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from skykeep.app.bare_site import bare_site
from skykeep.app.batch import Batch, claims_of, class_columns, track_scans
from skykeep.base.clock import NS_PER_S
from skykeep.domain.commands import Tick
from skykeep.domain.orders import StandingOrder
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.record import EntryRole
from skykeep.domain.sensing import Scan
from skykeep.domain.track import Picture
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement, Rejection, RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.feeds.scene_folder import START_UTC_NS, SceneFolder
from skykeep.response import ResponseEvent
from skykeep.store.archive import CLASS_COLUMNS
from skykeep.tracking import TrackerSettings, tabulate
from toy_scene import ToyScene

HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> SceneFolder:
    return SceneFolder(ToyScene().write(tmp_path_factory.mktemp("scenes") / "toy"))


class NoLog:
    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        return 0


class Watcher:
    """Keeps every judgement of a pipeline."""

    def __init__(self) -> None:
        self.seen: list[Judgement] = []

    def on_input(self, record: Input) -> None: ...

    def on_judgement(self, judgement: Judgement) -> None:
        self.seen.append(judgement)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None: ...

    def on_duty(self, event: Posture | Occupancy) -> None: ...

    def on_order(self, order: StandingOrder) -> None: ...

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None: ...


def live(scene: SceneFolder) -> list[Judgement]:
    """Return what the live pipeline judges when everything comes when it came."""
    watcher = Watcher()
    site = bare_site("toy", "toy", scene.frame, scene.sensors)
    pipeline = Pipeline(HEADER, site, None, NoLog(), listeners=(watcher,), start_utc_ns=START_UTC_NS)
    arrivals: list[tuple[int, int, int, Input]] = []
    for scan in scene:
        arrivals.append((scan.received_utc_ns, 0, len(arrivals), scan))
        arrivals += [(scan.received_utc_ns, 0, len(arrivals), c) for c in _claims(scene, scan)]
    arrivals += [(moment, 1, 0, Tick(time_utc_ns=moment)) for moment in scene.moments_utc_ns]
    for _, _, _, record in sorted(arrivals, key=lambda one: one[:3]):
        assert pipeline.receive(record) is None
    return watcher.seen


def _claims(scene: SceneFolder, scan: Scan) -> list[Input]:
    remote_id = next(s.sensor_id for s in scene.sensors if s.name == "remote_id 4")
    return [*claims_of(scan)] if scan.sensor_id == remote_id else []


def same(one: Picture, other: Picture) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in one.__struct_fields__]
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) else a == b
        for a, b in pairs
    )


def test_a_batch_states_what_the_live_watch_states(scene: SceneFolder) -> None:
    judgements = live(scene)
    batch = Batch(scene.sensors, TrackerSettings(), scene.frame)
    found = [(picture, batch.identify(picture)) for picture in batch.pictures(scene, scene.moments_utc_ns)]
    assert len(found) == len(judgements) == 20
    assert all(same(a, b.picture) for (a, _), b in zip(found, judgements, strict=True))
    assert [one.claimed_id for one in found[-1][1]] == ["TOY00000", "TOY00001"]
    for (_, ours), theirs in zip(found, judgements, strict=True):
        for one, other in zip(ours, theirs.identifications, strict=True):
            # Without terrain a live watch takes heights from the ellipsoid: centimetres from a flat ground's.
            assert one.class_probabilities == pytest.approx(other.class_probabilities, abs=1e-3)
            assert one.claimed_id == other.claimed_id


def test_no_picture_knows_what_had_not_arrived(scene: SceneFolder) -> None:
    whole = list(Batch(scene.sensors, TrackerSettings()).pictures(scene, scene.moments_utc_ns))
    for k in (3, 9, 15):
        moments = scene.moments_utc_ns[: k + 1]
        past = [scan for scan in scene if scan.received_utc_ns <= moments[-1]]
        assert len(past) < len(scene)
        *_, last = Batch(scene.sensors, TrackerSettings()).pictures(past, moments)
        assert same(last, whole[k])


def test_what_arrives_at_the_very_moment_counts(scene: SceneFolder) -> None:
    scans = [scan for scan in scene if scan.sensor_id == "0"]
    batch = Batch(scene.sensors, TrackerSettings())
    before, at = batch.pictures(scans, [scans[9].received_utc_ns - 1, scans[9].received_utc_ns])
    assert before.support_sequence.max() == scans[8].sequence
    assert at.support_sequence.tolist() == [scans[9].sequence] * 2


def test_the_cost_of_each_scan_is_kept_and_refused_ones_are_counted(scene: SceneFolder) -> None:
    scans = list(scene)
    stranger = msgspec.structs.replace(scans[-1], sensor_id="stranger")
    batch = Batch(scene.sensors, TrackerSettings())
    list(batch.pictures([*scans, scans[-1], stranger], ()))
    assert len(batch.scan_ns) == len(batch.scan_sizes) == len(scans)
    assert sum(batch.scan_sizes) == scene.detections
    assert min(batch.scan_ns) >= 0
    assert dict(batch.refusals) == {"sequence": 1, "sensor_id": 1}


def test_every_row_of_the_table_has_a_probability_for_every_class(scene: SceneFolder) -> None:
    batch = Batch(scene.sensors, TrackerSettings(), scene.frame)
    for picture in batch.pictures(scene, scene.moments_utc_ns):
        columns = class_columns(picture, batch.identify(picture))
        assert tuple(columns) == CLASS_COLUMNS
        likely = np.stack([columns[name] for name in CLASS_COLUMNS], axis=1)
        assert likely.shape == (len(tabulate([picture], START_UTC_NS)["t"]), 5)
        assert likely.sum(axis=1) == pytest.approx(np.ones(len(likely)))


def test_a_recording_is_stated_every_step_until_all_has_arrived(scene: SceneFolder) -> None:
    scans = list(scene)
    pictures, counts = track_scans(scene.sensors, scans, TrackerSettings(), 2.0)
    times_s = [(picture.time_utc_ns - START_UTC_NS) / NS_PER_S for picture in pictures]
    assert times_s == [2.0 * k for k in range(1, len(times_s) + 1)]
    assert pictures[-2].time_utc_ns < scans[-1].received_utc_ns <= pictures[-1].time_utc_ns
    assert counts == {"scans used": len(scans), "scans refused": 0}
    assert track_scans(scene.sensors, [], TrackerSettings(), 2.0)[0] == []


def test_a_scene_can_be_gone_through_again(scene: SceneFolder) -> None:
    first = list(Batch(scene.sensors, TrackerSettings()).pictures(scene, scene.moments_utc_ns))
    again = list(Batch(scene.sensors, TrackerSettings()).pictures(scene, scene.moments_utc_ns))
    assert all(same(a, b) for a, b in zip(first, again, strict=True))
