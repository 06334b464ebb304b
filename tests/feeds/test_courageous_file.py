"""COURAGEOUS documents as tables of states: in one frame, at whole steps, gaps kept as gaps."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from courageous_documents import START_MS, document, record, track
from outgoing_night import NIGHT
from skykeep.base.errors import SetupError
from skykeep.cli import skykeep
from skykeep.feeds.courageous_file import Where, read_pair, states_of
from skykeep.geo.frames import LocalFrame
from skykeep.store.table_file import write_table
from skykeep.wire import courageous as c
from skykeep.wire import courageous_out

FRAME = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=12.0)
WHERE = Where(origin=FRAME, start_utc_ns=START_MS * 1_000_000)


def at(east_m: float) -> c.Position3d:
    lat_deg, lon_deg, height_m = FRAME.to_geodetic(np.array([east_m, 0.0, 100.0]))
    return c.Position3d(lat_deg=float(lat_deg), lon_deg=float(lon_deg), height_amsl_m=float(height_m))


def test_records_between_steps_are_brought_to_them() -> None:
    found = document(track(*(record(at(20.0 * s), s) for s in (0.3, 1.7, 2.9)), uas_id=4))
    table = states_of(found, WHERE, 1.0, Counter())
    assert table["t"].tolist() == [1.0, 2.0]
    assert table["x"] == pytest.approx([20.0, 40.0], abs=1e-3)
    assert table["vx"] == pytest.approx([20.0, 20.0], abs=1e-3)
    assert table["z"] == pytest.approx([100.0, 100.0], abs=1e-3)
    assert table["id"].tolist() == ["4", "4"]


def test_a_gap_is_not_bridged() -> None:
    found = document(track(*(record(at(10.0 * s), s) for s in (0, 1, 2, 9, 10)), uas_id=4))
    assert states_of(found, WHERE, 1.0, Counter())["t"].tolist() == [0.0, 1.0, 2.0, 9.0, 10.0]


def test_a_range_and_two_angles_are_a_place_too() -> None:
    seen = c.BearingElevationDistance(bearing_deg=90.0, elevation_deg=30.0, distance_m=200.0)
    table = states_of(document(track(record(seen))), WHERE, 1.0, Counter())
    assert [table[name][0] for name in "xyz"] == pytest.approx([173.205, 0.0, 100.0], abs=0.01)


def test_what_is_no_full_position_is_counted() -> None:
    counts: Counter[str] = Counter()
    records = (
        record(c.Bearing(bearing_deg=1.0)),
        record(at(0.0), 0.0, 0, c.Classification.GCS),
        record(at(0.0), 1.0),
        record(at(1.0), 1.0),
    )
    assert len(states_of(document(track(*records)), WHERE, 1.0, counts)["t"]) == 1
    assert counts == {"no full position: Bearing": 1, "an operator": 1, "told twice at one time": 1}


def test_our_own_document_is_our_own_table_again(tmp_path: Path) -> None:
    """Sea level is 40 m above the ellipsoid in that night, so heights differ by just that."""
    table, written = tmp_path / "t.parquet", tmp_path / "t.json"
    write_table(table, NIGHT)
    written.write_bytes(courageous_out.encode(NIGHT, Counter()))
    truth, tracks = read_pair(written, table, None, Counter())
    names = zip(tracks["t"], tracks["track_id"], strict=True)
    ours = {(round(t, 3), str(name)): k for k, (t, name) in enumerate(names)}
    assert len(truth["t"]) == 14  # at whole seconds; the one at which track 1 was not seen is bridged
    for k, (t, name) in enumerate(zip(truth["t"], truth["id"], strict=True)):
        row = ours[round(float(t), 3), str(name)]
        for axis in "xy":
            assert truth[axis][k] == pytest.approx(tracks[axis][row], abs=0.02)
        assert truth["z"][k] == pytest.approx(tracks["z"][row] - 40.0, abs=0.02)


def test_evaluate_takes_documents(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(c.encode(document(track(*(record(at(10.0 * s), s) for s in range(20))))))
    result = CliRunner().invoke(skykeep, ["evaluate", str(path), str(path)])
    assert result.exit_code == 0
    assert result.stdout.startswith("1 targets and 1 tracks from 0 s to 19 s, every 1 s")


def test_a_table_that_does_not_say_where_it_is_cannot_be_set_beside_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("t,track_id\n0,1\n")
    (tmp_path / "t.json").write_bytes(c.encode(document(track(record(at(0.0))))))
    with pytest.raises(SetupError, match="does not say where and when it is"):
        read_pair(tmp_path / "t.json", tmp_path / "t.csv", None, Counter())
    (tmp_path / "bad.json").write_bytes(b"{}")
    with pytest.raises(SetupError, match="static_cuas_location: missing, must be there"):
        read_pair(tmp_path / "bad.json", tmp_path / "t.csv", None, Counter())
