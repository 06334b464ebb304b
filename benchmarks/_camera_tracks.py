"""What a picture said of the one drone at each moment, and how near that was to where it had been."""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.track import Picture, TrackStatus

INSIDE_90 = 6.251
"""Nine in ten of three normalised squares sum up to less."""


class Tracked(msgspec.Struct, frozen=True):
    """Rows of the moments at which the path is known: where the track was, its covariance, its number, NaN
    where there was none; how many cameras had seen the drone in the second before; how many other tracks
    there were on average.
    """

    place_m: FloatArray
    covariance_m2: FloatArray
    track_id: FloatArray
    seen_by: FloatArray
    others: float


class Notebook:
    """Takes down, moment by moment, the track that was last seen."""

    def __init__(self, moments: int) -> None:
        self._place_m = np.full((moments, 3), np.nan)
        self._covariance_m2 = np.full((moments, 3, 3), np.nan)
        self._track_id, self._seen_by = np.full(moments, np.nan), np.zeros(moments)
        self._last_seen: dict[str, int] = {}
        self._row = self._others = 0

    def saw(self, sensor_id: str, time_utc_ns: int) -> None:
        """Take down that a camera had the drone in a frame."""
        self._last_seen[sensor_id] = time_utc_ns

    def take(self, now_utc_ns: int, picture: Picture) -> None:
        """Take down the picture of the next moment."""
        shown = np.flatnonzero(picture.status < TrackStatus.ENDED)
        self._others += max(len(shown) - 1, 0)
        self._seen_by[self._row] = sum(now_utc_ns - ns <= NS_PER_S for ns in self._last_seen.values())
        if len(shown):
            best = shown[np.lexsort((picture.existence[shown], picture.last_detected_utc_ns[shown]))[-1]]
            self._place_m[self._row] = picture.state[best, :3]
            self._covariance_m2[self._row] = picture.covariance[best, :3, :3]
            self._track_id[self._row] = picture.track_id[best]
        self._row += 1

    def tracked(self) -> Tracked:
        """Return all that was taken down."""
        others = self._others / max(self._row, 1)
        return Tracked(self._place_m, self._covariance_m2, self._track_id, self._seen_by, others)


def show_tracked(tracked: Tracked, moments_s: FloatArray, truth_m: FloatArray, cost: str) -> float:
    """Print how near the track was to `truth_m` (n, 3); return the median in m, infinite where there was
    never a track.
    """
    error_m = np.linalg.norm(tracked.place_m - truth_m, axis=1)
    known = np.isfinite(error_m)
    print(
        f"  held out: {moments_s[0]:.0f} to {moments_s[-1]:.0f} s, {len(moments_s):,} moments, "
        f"{np.mean(known):.1%} with a track, {len(np.unique(tracked.track_id[known]))} numbers, "
        f"{tracked.others:.2f} other tracks at a time; {cost}"
    )
    if not known.any():
        return float("inf")
    print(f"  {'seen in the last second by':<28}{'moments':>8}{'median m':>9}{'p90 m':>8}{'worst m':>9}")
    for name, chosen in (
        ("any number of cameras", known),
        ("none", known & (tracked.seen_by == 0)),
        ("one", known & (tracked.seen_by == 1)),
        ("two or more", known & (tracked.seen_by >= 2)),
    ):
        if chosen.any():
            median_m, p90_m, worst_m = np.quantile(error_m[chosen], [0.5, 0.9, 1.0])
            print(f"  {name:<28}{chosen.sum():>8,}{median_m:>9.2f}{p90_m:>8.2f}{worst_m:>9.2f}")
    gap_m = (tracked.place_m - truth_m)[known]
    nees = np.einsum("ni,nij,nj->n", gap_m, np.linalg.inv(tracked.covariance_m2[known]), gap_m)
    print(
        f"  inside the 90 % ellipsoid {np.mean(nees <= INSIDE_90):.2f}, NEES per axis: "
        f"median {np.median(nees) / 3:.2f} (ideal 0.79), mean {np.mean(nees) / 3:.2f} (ideal 1)"
    )
    return float(np.median(error_m[known]))
