"""A second run over the same ground: goes on, or only compares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skykeep.base.errors import IntegrityError
from skykeep.domain.record import EntryRole
from skykeep.engine.ports import Recorder
from skykeep.evidence.entry import simulated_salts
from skykeep.evidence.log_walk import walk_log
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ComparingRecorder, ResumingRecorder


def run_night(recorder: Recorder, entries: int, *, changed: int = 0) -> list[int]:
    """Stand in for a deterministic night; entry `changed` comes out otherwise."""
    return [
        recorder.append(
            n * 10, EntryRole.OUTPUT, "picture", b'{"n":%d,"p":[{"x":%d}]}' % (n, n + (n == changed))
        )
        for n in range(1, entries + 1)
    ]


SALTS = simulated_salts("night", 7)


def root(path: Path) -> bytes:
    with LogDatabase.open(path) as log:
        return log.head().root


@settings(max_examples=12, deadline=None)
@given(broken_off_at=st.integers(0, 40))
def test_a_night_broken_off_and_run_again_is_the_unbroken_night(
    tmp_path_factory: pytest.TempPathFactory, broken_off_at: int
) -> None:
    directory = tmp_path_factory.mktemp("nights")
    with LogDatabase.open(directory / "a" / "night.db", salts=SALTS) as log:
        run_night(log, 40)
    with LogDatabase.open(directory / "b" / "night.db", salts=SALTS) as log:
        run_night(log, broken_off_at)
    with LogDatabase.open(directory / "b" / "night.db", salts=SALTS) as log:
        recorder = ResumingRecorder(log)
        assert run_night(recorder, 40) == list(range(1, 41))
        assert recorder.compared == broken_off_at

    assert root(directory / "a" / "night.db") == root(directory / "b" / "night.db")


def test_a_resumed_night_that_differs_stops_at_the_entry_and_field(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "night.db") as log:
        run_night(log, 20)
    with LogDatabase.open(tmp_path / "night.db") as log:
        with pytest.raises(
            IntegrityError, match=r"entry 7 \(picture\): p\[0\]\.x came out as 8, must be 7"
        ) as raised:
            run_night(ResumingRecorder(log), 20, changed=7)
        assert (raised.value.entry, raised.value.field) == (7, "p[0].x")
    with LogDatabase.open(tmp_path / "night.db") as log:
        assert walk_log(log.entries()).entries == 20, (
            "nothing was written, and the log closed although half read"
        )


@pytest.mark.parametrize(
    ("time_utc_ns", "role", "kind", "says"),
    [
        (11, EntryRole.OUTPUT, "picture", "time_utc_ns came out as 11, must be 10"),
        (10, EntryRole.INPUT, "picture", "role came out as input, must be output"),
        (10, EntryRole.OUTPUT, "alert", "kind came out as alert, must be picture"),
    ],
)
def test_time_role_and_kind_are_compared_too(
    tmp_path: Path, time_utc_ns: int, role: EntryRole, kind: str, says: str
) -> None:
    with LogDatabase.open(tmp_path / "night.db") as log:
        run_night(log, 1)
        log.flush()
        with pytest.raises(IntegrityError, match=says) as raised:
            ComparingRecorder(log.entries()).append(time_utc_ns, role, kind, b'{"n":1,"p":[{"x":1}]}')
        assert raised.value.field == says.split(" ")[0]


@pytest.mark.parametrize(("again", "missing", "extra"), [(20, 0, 0), (15, 5, 0), (23, 0, 3)])
def test_a_replay_reports_missing_and_extra_entries(
    tmp_path: Path, again: int, missing: int, extra: int
) -> None:
    with LogDatabase.open(tmp_path / "night.db") as log:
        run_night(log, 20)
        log.flush()
        recorder = ComparingRecorder(log.entries())
        assert run_night(recorder, again) == list(range(1, again + 1))
        report = recorder.finish()

        assert (report.missing, report.extra, report.identical) == (missing, extra, missing + extra == 0)
        assert log.acknowledged() == 20
