"""Claims set against tracks: which stream of broadcasts is which track, with the residual and its p-value.

A claim extrapolated to the picture's instant at its own velocity should lie where a track is, and move as
the track moves. The residual, place and velocity, is averaged over the last `WINDOW` claims and judged
against

    S = track covariance + claim sigma^2 + (timing x speed)^2 + registration^2

once, not `WINDOW` times: a receiver's bias and a track's error last longer than the window, so averaging
does not make S smaller. The squared Mahalanobis distance is chi-squared with 6 degrees of freedom if the
claim is true (3 where it tells no velocity); p is its upper tail, and errs on the side of the claim.

One stream to one track: the assignment with the least sum of squared distances, staying with last time's
pairs where they fit as well. What has been agreed takes more to be undone than it took to be believed: a
drone that turns sharply is behind itself in every filter for a moment.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.orders import ClaimOrder
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.track import Picture
from skykeep.identity.assignment import least_cost_pairs
from skykeep.identity.streams import STALE_NS, Stream

REACH_M = 400.0
# Sensors' registration against GNSS, horizontal and vertical; ADS-B tells pressure altitude.
REGISTRATION_M = 10.0
REGISTRATION_UP_M = {
    ClaimKind.REMOTE_ID: 15.0,
    ClaimKind.ADSB: 60.0,
    ClaimKind.NETWORK_REMOTE_ID: 15.0,
    ClaimKind.TELEMETRY: 15.0,
}
# When a claim was true is known to this, 1-sigma: a tenth-of-a-second stamp and the delay in the aircraft.
TIMING_S = {
    ClaimKind.REMOTE_ID: 0.25,
    ClaimKind.ADSB: 0.5,
    ClaimKind.NETWORK_REMOTE_ID: 1.0,
    ClaimKind.TELEMETRY: 0.25,
}
MANOEUVRE_MPS2 = 1.5
# How well a claim tells its velocity, and how far a filter lags in a turn.
VELOCITY_MPS = 1.5
BELIEVED_FROM_P = 1e-3
DOUBTED_BELOW_P = 1e-7
LOYALTY = 4.0
# More than any fit that passes: a stream stays alone only when others leave it no track.
ALONE_COST = 1e3


class Match:
    """A stream and the track that fits it: distance, p-value and over how many claims; `source` says by
    whose order it is that track's, "" where the fit alone says so.
    """

    def __init__(
        self, row: int, track_id: int, residual_m: float, p_value: float, claims: int, source: str = ""
    ) -> None:
        self.row = row
        self.track_id = track_id
        self.residual_m = residual_m
        self.p_value = p_value
        self.claims = claims
        self.source = source


def chi_squared_tail(square: float, freedom: int) -> float:
    """Return the chance that chi-squared with 3 or 6 degrees of freedom exceeds `square`."""
    half = 0.5 * square
    if freedom == 6:
        return math.exp(-half) * (1.0 + half + 0.5 * half * half)
    return math.erfc(math.sqrt(half)) + 2.0 * math.sqrt(half / math.pi) * math.exp(-half)


def match_streams(
    streams: list[Stream], picture: Picture, orders: tuple[ClaimOrder, ...] = ()
) -> dict[tuple[str, str, int], Match]:
    """Return the match of each stream that has one, by the stream's key; update what streams remember.

    A person's order goes before every fit.
    """
    never = {(order.track_id, order.claimed_id) for order in orders if not order.is_its}
    for stream in streams:
        if stream.track_id is not None and (stream.track_id, stream.claimed_id) in never:
            stream.track_id = stream.agreed_utc_ns = None
    fresh = [s for s in streams if picture.time_utc_ns - s.latest.time_utc_ns <= STALE_NS]
    if not fresh or not len(picture):
        return {}
    claimed_m = np.stack([stream.expected_enu_m(picture.time_utc_ns) for stream in fresh])
    told = _told(fresh, claimed_m, picture, orders)
    pairs = _compare(fresh, picture, claimed_m, _near(fresh, picture, claimed_m, told))
    matches = {}
    for (index, row), source in told.items():
        matches[fresh[index].key] = pairs.match(pairs.at(index, row), source)
    streams_told, rows_told = {index for index, _ in told}, {row for _, row in told}
    free = []
    for k, (index, row, track_id) in enumerate(zip(pairs.stream, pairs.row, pairs.track_id, strict=True)):
        is_free = index not in streams_told and row not in rows_told
        if is_free and not (never and (track_id, fresh[index].claimed_id) in never):
            free.append(k)
    matches.update({fresh[pairs.stream[k]].key: pairs.match(k) for k in _assign(fresh, pairs, free)})
    return matches


class _Compared(NamedTuple):
    """Pairs of a stream, by its place, and a track near it, by stream and then row, (n,) each: the residual
    and the p-value of the mean over so many claims.
    """

    stream: list[int]
    row: list[int]
    track_id: list[int]
    residual_m: list[float]
    p_value: list[float]
    claims: list[int]

    def at(self, index: int, row: int) -> int:
        """Return the place of one pair."""
        pairs = zip(self.stream, self.row, strict=True)
        return next(k for k, pair in enumerate(pairs) if pair == (index, row))

    def match(self, k: int, source: str = "") -> Match:
        """Return one pair as a match."""
        each = (self.residual_m[k], self.p_value[k], self.claims[k])
        return Match(self.row[k], self.track_id[k], *each, source)


def _told(
    streams: list[Stream], claimed_m: FloatArray, picture: Picture, orders: tuple[ClaimOrder, ...]
) -> dict[tuple[int, int], str]:
    """Return (stream, row) pairs that people told to belong together, and by whose order. Where an identity
    is on the air twice, the nearer of the two is meant.
    """
    told: dict[tuple[int, int], str] = {}
    row_of = {track_id: row for row, track_id in enumerate(picture.track_id.tolist())}
    for order in orders:
        row = row_of.get(order.track_id)
        own = [index for index, stream in enumerate(streams) if stream.claimed_id == order.claimed_id]
        if order.is_its and row is not None and own:
            offset_m = picture.state[row, :2] - claimed_m[:, :2]
            nearest = min(own, key=lambda index: (float(np.hypot(*offset_m[index])), index))
            told[nearest, row] = order.source
    return told


def _near(
    streams: list[Stream], picture: Picture, claimed_m: FloatArray, told: dict[tuple[int, int], str]
) -> list[IntArray]:
    """Return the rows near each stream's place, and those that people told to be its."""
    east_m, north_m = picture.state[:, 0], picture.state[:, 1]
    spread_m = np.sqrt(picture.covariance[:, 0, 0] + picture.covariance[:, 1, 1])
    near = []
    for index, (stream, place_m) in enumerate(zip(streams, claimed_m.tolist(), strict=True)):
        reach_m = REACH_M + 3.0 * (spread_m + stream.latest.sigma_m[0])
        # What is too far east or west is too far: few are left to be measured.
        rows = np.flatnonzero(np.abs(east_m - place_m[0]) <= reach_m)
        off_m = np.hypot(east_m[rows] - place_m[0], north_m[rows] - place_m[1])
        rows = rows[off_m <= reach_m[rows]]
        own = [row for one, row in told if one == index]
        near.append(np.union1d(rows, own).astype(np.int64) if own else rows)
    return near


def _compare(
    streams: list[Stream], picture: Picture, claimed_m: FloatArray, near: list[IntArray]
) -> _Compared:
    """Set each stream's latest claim against the tracks near it, and judge the means over the window."""
    for stream, place_m, rows in zip(streams, claimed_m, near, strict=True):
        velocity_mps = stream.latest.velocity_enu_mps or (0.0, 0.0, 0.0)
        off = picture.state[rows] - np.concatenate((place_m, velocity_mps))
        stream.residuals.note(picture.track_id[rows], off, stream.latest.time_utc_ns)
    row = np.concatenate(near)
    index = np.repeat(np.arange(len(near)), [len(rows) for rows in near])
    count = np.concatenate([stream.residuals.count for stream in streams])
    # What is beyond the count is 0 and adds nothing.
    mean = np.concatenate([stream.residuals.off for stream in streams]).sum(axis=1) / count[:, np.newaxis]
    spread = picture.covariance[row] + _own_spread(streams, picture, index, row)
    p_value = np.zeros(len(row))
    moving = np.array([stream.latest.velocity_enu_mps is not None for stream in streams])
    for freedom, some in ((6, moving[index]), (3, ~moving[index])):
        of = mean[some, :freedom, np.newaxis]
        square = of.transpose(0, 2, 1) @ np.linalg.solve(spread[some, :freedom, :freedom], of)
        p_value[some] = [chi_squared_tail(each, freedom) for each in square[:, 0, 0].tolist()]
    residual_m = np.hypot(mean[:, 0], mean[:, 1])
    columns = (index, row, picture.track_id[row], residual_m, p_value, count)
    return _Compared._make(column.tolist() for column in columns)


def _own_spread(streams: list[Stream], picture: Picture, index: IntArray, row: IntArray) -> FloatArray:
    """Return what a claim adds to its track's covariance, pair by pair, (n, 6, 6)."""
    speed_mps = np.hypot(picture.state[row, 3], picture.state[row, 4])
    late_s, late_m, own_m2, own_up_m2, own_m2ps2 = [], [], [], [], []
    for stream in streams:
        claim = stream.latest
        elapsed_s = abs(picture.time_utc_ns - claim.time_utc_ns) / NS_PER_S
        late_s.append((TIMING_S[stream.kind], 0.0 if claim.velocity_enu_mps is not None else elapsed_s))
        late_m.append(0.5 * MANOEUVRE_MPS2 * elapsed_s**2)
        own_m2.append(claim.sigma_m[0] ** 2)
        own_up_m2.append(claim.sigma_m[1] ** 2 + REGISTRATION_UP_M[stream.kind] ** 2)
        own_m2ps2.append(VELOCITY_MPS**2 + (MANOEUVRE_MPS2 * elapsed_s) ** 2)
    timing_s, standing_s = np.array(late_s)[index].T
    late = timing_s * speed_mps + np.array(late_m)[index] + standing_s * speed_mps
    # Python's square, which now and then differs from numpy's in the last digit: logs are to be repeated.
    late_m2 = np.array([each_m**2 for each_m in late.tolist()])
    spread = np.zeros((len(row), 6, 6))
    spread[:, 0, 0] = np.array(own_m2)[index] + late_m2 + REGISTRATION_M**2
    spread[:, 1, 1] = spread[:, 0, 0]
    spread[:, 2, 2] = np.array(own_up_m2)[index]
    for axis in (3, 4, 5):
        spread[:, axis, axis] = np.array(own_m2ps2)[index]
    return spread


def _assign(streams: list[Stream], pairs: _Compared, free: list[int]) -> list[int]:
    """Return the pairs, one to one, of least total surprise among those `free` that p-values allow."""
    fitting = [k for k in free if pairs.p_value[k] >= _least_p(streams[pairs.stream[k]], pairs.track_id[k])]
    if not fitting:
        return []
    left = {index: i for i, index in enumerate(sorted({pairs.stream[k] for k in fitting}))}
    right = {row: j for j, row in enumerate(sorted({pairs.row[k] for k in fitting}))}
    cost = np.full((len(left), len(right)), np.inf)
    place = {}
    for k in fitting:
        at = left[pairs.stream[k]], right[pairs.row[k]]
        loyal = LOYALTY if streams[pairs.stream[k]].track_id == pairs.track_id[k] else 0.0
        cost[at] = -2.0 * math.log(pairs.p_value[k]) - loyal
        place[at] = k
    return [place[at] for at in least_cost_pairs(cost, ALONE_COST)]


def _least_p(stream: Stream, track_id: int) -> float:
    agreed = stream.agreed_utc_ns is not None and stream.track_id == track_id
    return DOUBTED_BELOW_P if agreed else BELIEVED_FROM_P
