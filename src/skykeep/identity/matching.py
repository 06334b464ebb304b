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
from collections import deque

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.orders import ClaimOrder
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.track import Picture
from skykeep.identity.assignment import least_cost_pairs
from skykeep.identity.streams import STALE_NS, Stream

WINDOW = 6
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
    offset_m = picture.state[np.newaxis, :, :2] - claimed_m[:, np.newaxis, :2]
    spread_m = np.sqrt(picture.covariance[:, 0, 0] + picture.covariance[:, 1, 1])
    reach_m = REACH_M + 3.0 * (
        spread_m[np.newaxis] + np.array([[stream.latest.sigma_m[0]] for stream in fresh])
    )
    near = np.hypot(offset_m[..., 0], offset_m[..., 1]) <= reach_m

    told = _told(fresh, offset_m, picture, orders)
    for index, row in told:
        near[index, row] = True
    found: dict[tuple[int, int], Match] = {}
    for index, stream in enumerate(fresh):
        rows = np.flatnonzero(near[index]).tolist()
        _forget(stream, {int(picture.track_id[row]) for row in rows})
        for row in rows:
            found[index, row] = _compare(stream, picture, row, claimed_m[index])
    matches = {}
    for (index, row), source in told.items():
        match = matches[fresh[index].key] = found[index, row]
        match.source = source
    spoken_for = {index for index, _ in told}, {row for _, row in told}
    free = {
        (index, row): match
        for (index, row), match in found.items()
        if index not in spoken_for[0]
        and row not in spoken_for[1]
        and (match.track_id, fresh[index].claimed_id) not in never
    }
    matches.update({fresh[index].key: free[index, row] for index, row in _assign(fresh, free)})
    return matches


def _told(
    streams: list[Stream], offset_m: FloatArray, picture: Picture, orders: tuple[ClaimOrder, ...]
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
            nearest = min(own, key=lambda index: (float(np.hypot(*offset_m[index, row])), index))
            told[nearest, row] = order.source
    return told


def _forget(stream: Stream, near: set[int]) -> None:
    for track_id in [track_id for track_id in stream.residuals if track_id not in near]:
        del stream.residuals[track_id]
        del stream.compared_ns[track_id]


def _compare(stream: Stream, picture: Picture, row: int, claimed_m: FloatArray) -> Match:
    """Set a stream's latest claim against one track, and judge the mean over the window."""
    track_id = int(picture.track_id[row])
    claim = stream.latest
    moving = claim.velocity_enu_mps is not None
    residuals = stream.residuals.setdefault(track_id, deque(maxlen=WINDOW))
    if stream.compared_ns.get(track_id) != claim.time_utc_ns:
        stream.compared_ns[track_id] = claim.time_utc_ns
        off = picture.state[row].copy()
        off[:3] -= claimed_m
        off[3:] -= claim.velocity_enu_mps or (0.0, 0.0, 0.0)
        residuals.append(off)
    count = len(residuals)
    mean = np.sum(np.array(residuals), axis=0) / count

    elapsed_s = abs(picture.time_utc_ns - claim.time_utc_ns) / NS_PER_S
    speed_mps = float(np.hypot(picture.state[row, 3], picture.state[row, 4]))
    late_m = TIMING_S[stream.kind] * speed_mps + 0.5 * MANOEUVRE_MPS2 * elapsed_s**2
    if not moving:
        late_m += elapsed_s * speed_mps
    own_m2 = claim.sigma_m[0] ** 2 + late_m**2 + REGISTRATION_M**2
    own_up_m2 = claim.sigma_m[1] ** 2 + REGISTRATION_UP_M[stream.kind] ** 2
    own_m2ps2 = VELOCITY_MPS**2 + (MANOEUVRE_MPS2 * elapsed_s) ** 2
    spread = picture.covariance[row] + np.diag((own_m2, own_m2, own_up_m2, own_m2ps2, own_m2ps2, own_m2ps2))
    freedom = 6 if moving else 3
    square = float(mean[:freedom] @ np.linalg.solve(spread[:freedom, :freedom], mean[:freedom]))
    p_value = chi_squared_tail(square, freedom)
    return Match(row, track_id, float(np.hypot(mean[0], mean[1])), p_value, count)


def _assign(streams: list[Stream], found: dict[tuple[int, int], Match]) -> list[tuple[int, int]]:
    """Return (stream, row) pairs, one to one, of least total surprise among those that p-values allow."""
    fitting = {
        pair: match for pair, match in found.items() if match.p_value >= _least_p(streams[pair[0]], match)
    }
    if not fitting:
        return []
    left = sorted({index for index, _ in fitting})
    right = sorted({row for _, row in fitting})
    cost = np.full((len(left), len(right)), np.inf)
    for (index, row), match in fitting.items():
        loyal = LOYALTY if streams[index].track_id == match.track_id else 0.0
        cost[left.index(index), right.index(row)] = -2.0 * math.log(match.p_value) - loyal
    return [(left[i], right[j]) for i, j in least_cost_pairs(cost, ALONE_COST)]


def _least_p(stream: Stream, match: Match) -> float:
    agreed = stream.agreed_utc_ns is not None and stream.track_id == match.track_id
    return DOUBTED_BELOW_P if agreed else BELIEVED_FROM_P
