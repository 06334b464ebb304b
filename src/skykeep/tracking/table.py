"""Pictures as one flat table of columns, the neutral format in which trackers are compared.

Columns: `t` seconds since a given start, `track_id`, `x y z` east, north, up in m, `vx vy vz` their rates,
`pxx pxy pxz pyy pyz pzz` the covariance of the position in m^2, `existence`, `coasting` (true where no look
saw it of late). Ended tracks are left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.track import Picture, TrackStatus

_STATE = ("x", "y", "z", "vx", "vy", "vz")
_POSITION_COVARIANCE = {
    "pxx": (0, 0),
    "pxy": (0, 1),
    "pxz": (0, 2),
    "pyy": (1, 1),
    "pyz": (1, 2),
    "pzz": (2, 2),
}


def tabulate(pictures: Iterable[Picture], start_utc_ns: int) -> dict[str, FloatArray | IntArray | BoolArray]:
    """Return the rows of all pictures, in their order, as columns of equal length."""
    shown = [(p, p.status != TrackStatus.ENDED) for p in pictures]
    time_s = [np.full(int(rows.sum()), (p.time_utc_ns - start_utc_ns) * 1e-9) for p, rows in shown]
    track_id = [p.track_id[rows] for p, rows in shown]
    state = np.concatenate([p.state[rows] for p, rows in shown] or [np.empty((0, 6))])
    covariance = np.concatenate([p.covariance[rows] for p, rows in shown] or [np.empty((0, 6, 6))])
    existence = [p.existence[rows] for p, rows in shown]
    coasting = [p.status[rows] == TrackStatus.COASTING for p, rows in shown]
    table: dict[str, FloatArray | IntArray | BoolArray] = {
        "t": np.concatenate(time_s or [np.empty(0)]),
        "track_id": np.concatenate(track_id or [np.empty(0, dtype=np.int64)]),
    }
    table |= {name: state[:, k] for k, name in enumerate(_STATE)}
    table |= {name: covariance[:, i, j] for name, (i, j) in _POSITION_COVARIANCE.items()}
    table["existence"] = np.concatenate(existence or [np.empty(0)])
    table["coasting"] = np.concatenate(coasting or [np.empty(0, dtype=np.bool_)])
    return table
