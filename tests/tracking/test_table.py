"""Pictures as a flat table."""

from __future__ import annotations

import numpy as np

from radar_range import START_NS, RadarRange, utc_ns
from skykeep.tracking import Tracker, tabulate

COLUMNS = [
    "t",
    "track_id",
    "x",
    "y",
    "z",
    "vx",
    "vy",
    "vz",
    "pxx",
    "pxy",
    "pxz",
    "pyy",
    "pyz",
    "pzz",
    "existence",
    "coasting",
]


def test_one_row_per_track_and_moment_and_none_for_the_ended() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    pictures = []
    for t in range(30):
        tracker.receive(site.scan(t, [np.array([600.0, 800.0, 100.0])] if t < 10 else []))
        pictures.append(tracker.picture(utc_ns(t)))
    table = tabulate(pictures, START_NS)

    assert list(table) == COLUMNS
    shown = [t for t, p in enumerate(pictures) if len(p) and p.status[0] < 3]
    assert table["t"].tolist() == shown
    last = pictures[shown[-1]]
    assert table["vx"][-1] == last.state[0, 3]
    assert not table["coasting"][5]
    assert table["coasting"][-1]
    assert table["pyz"][-1] == last.covariance[0, 1, 2]


def test_no_pictures_is_an_empty_table() -> None:
    assert {name: len(column) for name, column in tabulate([], START_NS).items()} == dict.fromkeys(COLUMNS, 0)
