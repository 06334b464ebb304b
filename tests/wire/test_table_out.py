"""The flat table: the neutral columns first, every number as it was, and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import msgspec
import numpy as np
import pytest

from outgoing_night import NIGHT, START_UTC_NS
from skykeep.base.clock import from_iso_utc
from skykeep.wire.outgoing import Outgoing
from skykeep.wire.table_out import columns_of, csv_lines

NEUTRAL = ["t", "track_id", "x", "y", "z", "vx", "vy", "vz", "pxx", "pxy", "pxz", "pyy", "pyz", "pzz"]
NEUTRAL += ["existence", "coasting"]


def rows(night: Outgoing = NIGHT) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_lines(night)), newline="")))


def test_it_begins_with_the_neutral_format_and_every_number_has_its_unit() -> None:
    columns = columns_of(NIGHT)
    assert [column.name for column in columns[:16]] == NEUTRAL
    units = {column.name: column.unit for column in columns}
    assert (units["t"], units["x"], units["vx"], units["pxx"]) == ("s", "m", "m/s", "m2")
    assert (units["latitude_deg"], units["time_utc_ns"], units["sigma_up_m"]) == ("deg", "ns", "m")
    assert {len(column.values) for column in columns} == {16}


def test_places_are_those_of_the_site_again() -> None:
    columns = {column.name: np.asarray(column.values) for column in columns_of(NIGHT)}
    first = columns["track_id"] == 1
    assert columns["x"][first] == pytest.approx([-2000.0 + 400.0 * k for k in range(11)], abs=1e-6)
    assert columns["y"][first] == pytest.approx(100.0, abs=1e-6)
    assert columns["pzz"][first] == pytest.approx(36.0, abs=1e-4)
    assert columns["coasting"][first].tolist() == [k == 6 for k in range(11)]
    # What flew level where it was, seen 2 km west, drops away a little in the axes of the site.
    assert columns["vx"][first][0] == pytest.approx(12.0, abs=2e-3)


def test_rows_are_in_order_of_time_and_csv_reads_back() -> None:
    found = rows()
    times = [int(row["time_utc_ns"]) for row in found]
    assert times == sorted(times)
    assert all(
        abs(from_iso_utc(row["time_utc"]) - time) < 1_000_000 for row, time in zip(found, times, strict=True)
    )
    told = {(r.track_id, r.time_utc_ns): r for track in NIGHT.tracks for r in track}
    for row in found:
        report = told[int(row["track_id"]), int(row["time_utc_ns"])]
        assert float(row["latitude_deg"]) == report.latitude_deg
        assert float(row["t"]) == pytest.approx((report.time_utc_ns - START_UTC_NS) * 1e-9)


def test_lines_end_as_the_standard_says() -> None:
    assert all(line.endswith("\r\n") for line in csv_lines(NIGHT))


def test_a_name_that_a_spreadsheet_would_run_is_kept_from_it() -> None:
    bird = next(row for row in rows() if row["track_id"] == "2")
    assert bird["name"] == "'=cmd|' A,B"
    assert bird["sigma_east_m"] == ""


def test_what_was_never_judged_has_no_classes() -> None:
    unjudged = tuple(
        tuple(msgspec.structs.replace(r, class_probabilities=(0.0, 0.0, 0.0, 0.0, 1e-9)) for r in track)
        for track in NIGHT.tracks
    )
    names = [column.name for column in columns_of(msgspec.structs.replace(NIGHT, tracks=unjudged))]
    assert not any(name.startswith("p_") for name in names)


def test_an_empty_night_is_a_header_alone() -> None:
    assert len(list(csv_lines(msgspec.structs.replace(NIGHT, tracks=())))) == 1
