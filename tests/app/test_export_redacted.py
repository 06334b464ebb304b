"""A night of which parts are redacted, for other programs: what its log says, and nothing else."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from mcap.reader import make_reader

import ordered_watch
from exported_night import inputs
from judged_scenes import at_ns
from skykeep.app.export import FORMATS, export
from skykeep.domain.commands import RenameTrack
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking, redact
from skykeep.wire import courageous

SAME = ("track_id", "time_utc_ns", "status", "coasting", "class", "standing", "name", "permit_id", "sensors")
PLACES = ("x", "y", "z", "vx", "vy", "vz", "height_amsl_m", "height_agl_m", "sigma_east_m", "sigma_up_m")
CORRELATIONS = ("pxy", "pxz", "pyz")
SITE_PART = "permits[0].holder"
DEGREES = ("latitude_deg", "longitude_deg")
CLASSES = ("p_multirotor", "p_fixed_wing", "p_bird", "p_aircraft", "p_other")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a watch with one alert, whose track somebody named."""
    folder = tmp_path_factory.mktemp("night")
    named = RenameTrack(track_id=1, name="The visitor", by="op", time_utc_ns=at_ns(28.7))
    records = [*inputs()[:-2], named, *inputs()[-2:]]
    with LogDatabase.open(folder / "night.db") as log:
        ordered_watch.run(log, records)
        log.flush()
    return folder


def redacted(night: Path, folder: Path, kind: str, part: str = "") -> Path:
    shutil.copytree(night, folder)
    log = folder / "night.db"
    sequence = next(entry.sequence for entry in LogReader(log).entries(kind=kind))
    redact(
        log,
        [Taking(sequence=sequence, path=part)],
        by="data officer",
        because="asked for by law",
        now_utc_ns=1,
    )
    return folder


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def test_a_redacted_night_is_exported_as_its_log_tells_it(night: Path, tmp_path: Path) -> None:
    folder = redacted(night, tmp_path / "redacted", "claim")
    whole = export(night, "parquet", tmp_path / "whole")
    told = export(folder, "parquet", tmp_path / "told")

    assert (whole.as_told, told.as_told) == (False, True)
    assert (told.tracks, told.reports) == (whole.tracks, whole.reports)
    for was, now in zip(rows(tmp_path / "whole"), rows(tmp_path / "told"), strict=True):
        assert {name: now[name] for name in SAME} == {name: was[name] for name in SAME}
        assert [now[name] for name in PLACES] == pytest.approx([was[name] for name in PLACES], abs=0.001)
        assert [now[name] for name in DEGREES] == pytest.approx([was[name] for name in DEGREES], abs=2e-8)
        assert math.isnan(now["existence"])
        likeliest = max(CLASSES, key=lambda name: float(was[name]))
        assert now[likeliest] == pytest.approx(was[likeliest], abs=0.05 + 1e-9)
        assert all(math.isnan(now[name]) for name in (*CLASSES, *CORRELATIONS) if name != likeliest)
    assert {now["name"] for now in rows(tmp_path / "told")} == {"Track 1", "The visitor"}


def test_alerts_stand_in_it_as_they_stood(night: Path, tmp_path: Path) -> None:
    folder = redacted(night, tmp_path / "redacted", "claim")
    alarms = []
    for source in (night, folder):
        export(source, "courageous", tmp_path / "out")
        document = courageous.decode((tmp_path / "out").read_bytes())
        alarms.append([record.alarm for track in document.tracks for record in track.records])

    assert [one.active for one in alarms[1]] == [one.active for one in alarms[0]]
    assert {one.active for one in alarms[0]} == {True, False}
    assert [one.certainty for one in alarms[1]] == pytest.approx(
        [one.certainty for one in alarms[0]], abs=0.2
    )


@pytest.mark.parametrize("taken", ["claim", "report", "scan", "site"])
@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_written_without_what_was_taken_out(
    night: Path, tmp_path: Path, kind: str, taken: str
) -> None:
    folder = redacted(night, tmp_path / "redacted", taken, SITE_PART if taken == "site" else "")
    shares: list[float] = []
    told = export(folder, kind, tmp_path / "out", lambda done, of: shares.append(done / of))

    assert told.as_told
    assert told.tracks == 1
    assert shares == sorted(shares)
    export(folder, kind, tmp_path / "again")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "again").read_bytes()
    if kind == "mcap":
        with (tmp_path / "out").open("rb") as file:
            data = [message.data for _, _, message in make_reader(file).iter_messages()]
        assert not any(b'"existence"' in one for one in data)
    elif kind != "parquet":
        assert "nan" not in (tmp_path / "out").read_text().lower()


def test_what_was_taken_out_of_an_alert_is_not_made_again(night: Path, tmp_path: Path) -> None:
    folder = redacted(night, tmp_path / "redacted", "alert")
    assert export(folder, "mcap", tmp_path / "out").as_told
    export(night, "mcap", tmp_path / "whole")

    was, now = (alerts_in(tmp_path / name) for name in ("whole", "out"))
    assert len(was) == 2
    assert was[0] not in now
    assert now[-1] == was[-1]


def alerts_in(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return [message.data for _, _, message in make_reader(file).iter_messages(topics=["/alerts"])]
