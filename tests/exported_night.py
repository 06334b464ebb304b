"""A short watch, kept as a log: a drone that a radar follows towards the Residence, with all that is said."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

import ordered_watch
from judged_scenes import at_ns, claim
from skykeep.domain.commands import AcknowledgeAlert, Tick
from skykeep.domain.sensing import Report
from skykeep.engine.inputs import Input
from skykeep.store.log_database import LogDatabase

SECONDS = 30
FROM_ENU_M, VELOCITY_MPS = np.array([1500.0, 800.0, 120.0]), np.array([-20.0, -10.0, 0.0])


def where_enu_m(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return FROM_ENU_M + VELOCITY_MPS * seconds


def inputs() -> list[Input]:
    """Return a look and a tick each second, a claim, a report and an order about an alert that is none."""
    records: list[Input] = []
    for second in range(SECONDS):
        # It echoes as a drone does: by its motion alone it could be a bird.
        echo = {"rcs_dbsm": np.array([-14.0]), "modulation_db": np.array([-9.0])}
        records.append(msgspec.structs.replace(ordered_watch.look(second, where_enu_m(second)), **echo))
        records.append(Tick(time_utc_ns=at_ns(second + 0.5)))
        if second == 5:
            records.append(claim(5.6, [4000.0, 0.0, 100.0]))
        if second == 9:
            records.append(
                Report(
                    sensor_id="people",
                    sequence=1,
                    heard_utc_ns=at_ns(9),
                    received_utc_ns=at_ns(9.6),
                    position_enu_m=(0.0, 0.0, 0.0),
                    text="A humming.",
                )
            )
        if second == 12:
            records.append(AcknowledgeAlert(alert_id="alert-9999", by="op", time_utc_ns=at_ns(12.6)))
    return records


def write_log(path: Path) -> Path:
    """Keep the watch at `path`."""
    with LogDatabase.open(path) as log:
        ordered_watch.run(log, inputs())
        log.flush()
    return path
