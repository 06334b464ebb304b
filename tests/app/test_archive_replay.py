"""A table of tracks shown again: every row once, in order, nothing judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from skykeep.app.archive_replay import UNJUDGED, ArchiveReplay
from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import Permission
from skykeep.geo.frames import LocalFrame
from skykeep.store.archive import CLASS_COLUMNS, ArchiveHeader, Column, write_archive

HEADER = ArchiveHeader(
    name="a flight",
    origin=LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0),
    start_utc_ns=1_900_000_000 * NS_PER_S,
)


def table(rows: list[tuple[float, int, float]]) -> dict[str, Column]:
    """Rows of (t, track_id, x)."""
    t, track_id, x = zip(*rows, strict=True)
    columns: dict[str, Column] = {"t": np.array(t), "track_id": np.array(track_id, dtype=np.int64)}
    columns |= {"x": np.array(x)} | {name: np.zeros(len(t)) for name in ("y", "z", "vx", "vy", "vz")}
    return columns | {"pxx": np.full(len(t), 9.0)}


def test_rows_come_back_moment_by_moment_in_order_of_track(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_archive(path, HEADER, table([(2.0, 7, 20.0), (1.0, 9, 11.0), (1.0, 7, 10.0)]))
    replay = ArchiveReplay(path)
    first, second = replay.judgements()
    assert first.picture.track_id.tolist() == [7, 9]
    assert first.picture.state[:, 0].tolist() == [10.0, 11.0]
    assert second.picture.time_utc_ns - first.picture.time_utc_ns == NS_PER_S
    assert second.picture.covariance[0, 0, 0] == 9.0
    assert replay.end_utc_ns == HEADER.start_utc_ns + 2 * NS_PER_S


def test_nothing_is_judged_and_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_archive(path, HEADER, table([(0.0, 1, 0.0)]))
    (judgement,) = ArchiveReplay(path).judgements()
    assert judgement.verdicts[0].permission is Permission.UNKNOWN
    assert judgement.identifications[0].evidence == (UNJUDGED,)
    assert max(judgement.identifications[0].class_probabilities) < 0.01
    assert judgement.threats == ()


def test_one_absurd_row_does_not_stretch_the_view(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_archive(path, HEADER, table([(float(k), 1, 1_000.0) for k in range(99)] + [(99.0, 1, 5e6)]))
    assert ArchiveReplay(path).extent_m == pytest.approx(1_000.0)


def test_classes_that_were_told_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    likely = dict(zip(CLASS_COLUMNS, ([0.1], [0.2], [0.4], [0.2], [0.1]), strict=True))
    columns = table([(1.0, 7, 10.0)]) | {name: np.array(value) for name, value in likely.items()}
    write_archive(path, HEADER, columns)
    (judgement,) = ArchiveReplay(path).judgements()
    assert judgement.identifications[0].class_probabilities == (0.1, 0.2, 0.4, 0.2, 0.1)
