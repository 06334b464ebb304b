"""A table of tracks shown again: pictures without the detections behind them, so nothing is judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from skykeep.app.bare_site import bare_site
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import IntArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Identification, Standing
from skykeep.domain.track import Picture, TrackStatus
from skykeep.engine.outputs import Judgement
from skykeep.store.archive import CLASS_COLUMNS, Column, read_archive

UNJUDGED = "A table of tracks: nothing was judged."
_COVARIANCE = {"pxx": (0, 0), "pxy": (0, 1), "pxz": (0, 2), "pyy": (1, 1), "pyz": (1, 2), "pzz": (2, 2)}


class ArchiveReplay:
    """Pictures of a table in order of time."""

    def __init__(self, path: Path) -> None:
        self.header, self._columns = read_archive(path)
        self.site = bare_site("table", self.header.name, self.header.origin)
        times_s = self._columns["t"]
        self.start_utc_ns = self.header.start_utc_ns
        last_s = float(times_s.max()) if len(times_s) else 0.0
        # Nearly all of it: one absurd row must not shrink the rest to a dot.
        away_m = np.hypot(self._columns["x"], self._columns["y"])
        self.extent_m = float(np.quantile(away_m, 0.98)) if len(away_m) else 10_000.0
        self.end_utc_ns = self.start_utc_ns + round(last_s * NS_PER_S)

    def judgements(self) -> Iterator[Judgement]:
        """Yield one judgement per moment of the table."""
        times_s = self._columns["t"]
        order = np.argsort(times_s, kind="stable")
        moments, starts = np.unique(times_s[order], return_index=True)
        for k, moment in enumerate(moments.tolist()):
            end = starts[k + 1] if k + 1 < len(starts) else len(order)
            rows = order[starts[k] : end]
            rows = rows[np.argsort(self._columns["track_id"][rows], kind="stable")]
            yield self._judgement(round(moment * NS_PER_S), rows)

    def _judgement(self, after_ns: int, rows: IntArray) -> Judgement:
        picture = _picture(self.start_utc_ns + after_ns, self._columns, rows)
        probabilities = self._probabilities(rows)
        hae_m = self.site.origin.to_geodetic(picture.state[:, :3])[2]
        return Judgement(
            picture=picture,
            height_agl_m=np.asarray(hae_m),
            height_amsl_m=np.asarray(hae_m),
            identifications=tuple(
                Identification(
                    track_id=track_id,
                    class_probabilities=probabilities[row],
                    standing=Standing.UNKNOWN,
                    set_by="",
                    claimed_id="",
                    claims=(),
                    evidence=(UNJUDGED,),
                )
                for row, track_id in enumerate(picture.track_id.tolist())
            ),
            verdicts=tuple(
                AirspaceVerdict(
                    track_id=track_id,
                    permission=Permission.UNKNOWN,
                    zone_id="",
                    permit_id="",
                    document="",
                    failing_condition="",
                    reason=UNJUDGED,
                )
                for track_id in picture.track_id.tolist()
            ),
            threats=(),
        )

    def _probabilities(self, rows: IntArray) -> list[tuple[float, float, float, float, float]]:
        if any(name not in self._columns for name in CLASS_COLUMNS):
            # The likeliest class is shown with how sure it is: here "other", and not sure at all.
            return [(0.0, 0.0, 0.0, 0.0, 1e-9)] * len(rows)
        columns = np.stack([self._columns[name][rows] for name in CLASS_COLUMNS], axis=1)
        return [tuple(row) for row in columns.tolist()]


def _picture(time_utc_ns: int, columns: dict[str, Column], rows: IntArray) -> Picture:
    n = len(rows)
    covariance = np.zeros((n, 6, 6))
    for name, (i, j) in _COVARIANCE.items():
        if name in columns:
            covariance[:, i, j] = covariance[:, j, i] = columns[name][rows]
    unknown, none = np.full(n, np.nan), np.zeros(0, dtype=np.int64)
    return Picture(
        time_utc_ns=time_utc_ns,
        track_id=columns["track_id"][rows].astype(np.int64),
        status=np.full(n, int(TrackStatus.CONFIRMED), dtype=np.int64),
        state=np.stack([columns[name][rows] for name in ("x", "y", "z", "vx", "vy", "vz")], axis=1),
        covariance=covariance,
        existence=columns["existence"][rows].astype(np.float64) if "existence" in columns else np.ones(n),
        born_utc_ns=np.full(n, time_utc_ns, dtype=np.int64),
        last_detected_utc_ns=np.full(n, time_utc_ns, dtype=np.int64),
        hits=np.zeros(n, dtype=np.int64),
        rcs_dbsm=unknown,
        rcs_spread_db=unknown,
        modulation_db=unknown,
        modulation_looks=np.zeros(n),
        sensor_ids=(),
        support_track_id=none,
        support_sensor=none,
        support_sequence=none,
        support_row=none,
        support_weight=np.zeros(0),
        resumed_track_id=np.zeros(0, dtype=np.int64),
        resumed_gap_ns=np.zeros(0, dtype=np.int64),
        resumed_own_id=np.zeros(0, dtype=np.int64),
    )
