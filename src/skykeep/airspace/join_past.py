"""What the join remembers: where each track began, the odds of each pair, and where flights were lost.

Flights are remembered by name, so that a new permit does not disturb the others; pairs of tracks that ended
are kept a while, because the tracker may take a track up again under its old number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.airspace.join_evidence import (
    OTHERS_PER_M2_S,
    aloft_log_odds,
    began_log_odds,
    normal_2d,
)
from skykeep.airspace.join_flights import FiledFlight, FiledFlights
from skykeep.airspace.join_pairs import Pairs, keys
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.track import Picture, TrackStatus

# Tracks this young when the watch begins were in the air before.
ALOFT_NS = 10 * NS_PER_S
BACK_S = 10.0
KEPT_NS = 240 * NS_PER_S
LOST_FADES_S = 90.0
FOUND_AGAIN_S = 90.0
WANDERS_MPS = 6.0
MOST_INHERITED = 9.0
RESUMED_SHARE, RESUMED_SHARE_MORE, RESUMED_S = 0.02, 0.08, 60.0


class Tracks(NamedTuple):
    """Where and when tracks began, by number, (n,) each; `aloft` where one was in the air before anyone
    looked, `seen_utc_ns` when it was last in a picture.
    """

    track_id: IntArray
    east_m: FloatArray
    north_m: FloatArray
    time_utc_ns: IntArray
    aloft: BoolArray
    seen_utc_ns: IntArray

    def some(self, which: IntArray | BoolArray) -> Tracks:
        """Return some of them."""
        return Tracks._make(column[which] for column in self)


class Lost(NamedTuple):
    """The track that a flight was when last seen, and how much of its odds came from what it sent."""

    track_id: int
    log_odds: float
    heard: float
    east_m: float
    north_m: float
    east_mps: float
    north_mps: float
    variance_m2: float
    time_utc_ns: int


class Past:
    """The memory of one site's join."""

    def __init__(self) -> None:
        self._began_utc_ns: int | None = None
        number, metres = np.zeros(0, dtype=np.int64), np.zeros(0)
        self._tracks = Tracks(number, metres, metres, number, np.zeros(0, dtype=np.bool_), number)
        # By the track's number and the flight's place in `_names`.
        self._pairs = Pairs.none()
        self._names: tuple[str, ...] = ()
        self._holder: dict[str, Lost] = {}
        self._lost: dict[str, Lost] = {}

    def see(self, picture: Picture) -> None:
        """Note the tracks that are new, gone, or taken up again."""
        now_utc_ns = picture.time_utc_ns
        if self._began_utc_ns is None:
            self._began_utc_ns = now_utc_ns
        rows = np.flatnonzero(picture.status != TrackStatus.ENDED)
        at, is_known = places_in(self._tracks.track_id, picture.track_id[rows])
        self._tracks.seen_utc_ns[at[is_known]] = now_utc_ns
        born = _births(picture, rows[~is_known], self._began_utc_ns)
        for track_id, gap_ns in zip(
            picture.resumed_track_id.tolist(), picture.resumed_gap_ns.tolist(), strict=True
        ):
            self._resume(track_id, gap_ns / NS_PER_S)
        alive = set(picture.track_id[rows].tolist()) if self._holder or self._lost else set()
        for name, held in list(self._holder.items()):
            if held.track_id not in alive:
                self._lost[name] = held
                del self._holder[name]
        for name, lost in list(self._lost.items()):
            if lost.track_id in alive or now_utc_ns - lost.time_utc_ns > KEPT_NS:
                del self._lost[name]
        is_old = now_utc_ns - self._tracks.seen_utc_ns > KEPT_NS
        if is_old.any():
            self._pairs = self._pairs.some(~np.isin(self._pairs.track, self._tracks.track_id[is_old]))
        if is_old.any() or len(born.track_id):
            kept = self._tracks.some(~is_old)
            tracks = Tracks._make(np.concatenate(columns) for columns in zip(kept, born, strict=True))
            self._tracks = tracks.some(np.argsort(tracks.track_id))

    def _resume(self, track_id: int, gap_s: float) -> None:
        share = RESUMED_SHARE + RESUMED_SHARE_MORE * min(gap_s / RESUMED_S, 1.0)
        self._pairs.pass_on(self._pairs.track == track_id, share)

    def known(self, picture: Picture, flights: FiledFlights) -> Pairs:
        """Return the pairs remembered of the tracks in the picture, by row and flight, in that order.

        They are the join's from now on: until `keep`, only those of other tracks are remembered.
        """
        self._number(flights)
        order = np.argsort(picture.track_id, kind="stable")
        at, is_here = places_in(picture.track_id[order], self._pairs.track)
        count = len(flights.flights)
        found = np.flatnonzero(is_here & (self._pairs.flight < count))
        row = order[at[found]]
        in_order = np.argsort(keys(row, self._pairs.flight[found], count))
        found, row = found[in_order], row[in_order]
        pairs = self._pairs.some(found)
        self._pairs = self._pairs.some(~is_here)
        return pairs.numbered(row, pairs.flight)

    def _number(self, flights: FiledFlights) -> None:
        """Number the flights of what is remembered as they are in `flights`; others come after these."""
        names = tuple(flight.name for flight in flights.flights)
        if self._names[: len(names)] == names:
            return
        used = [self._names[k] for k in np.unique(self._pairs.flight).tolist()]
        now = set(names)
        after = (*names, *(name for name in used if name not in now))
        number = {name: k for k, name in enumerate(after)}
        at = np.array([number.get(name, -1) for name in self._names], dtype=np.int64)
        self._pairs = self._pairs.numbered(self._pairs.track, at[self._pairs.flight])
        self._names = after

    def heard(self, names: set[str]) -> None:
        """Take from lost flights what they had by what they sent: it is heard from another track now."""
        for name in names & self._lost.keys():
            lost = self._lost[name]
            self._lost[name] = lost._replace(log_odds=lost.log_odds - lost.heard, heard=0.0)

    def births(self, picture: Picture, rows: IntArray) -> Tracks:
        """Return where and when the tracks of these rows began, as it was seen when they did."""
        births = _births(picture, rows, self._began_utc_ns)
        at, is_known = places_in(self._tracks.track_id, births.track_id)
        for column, own in zip(births, self._tracks, strict=True):
            column[is_known] = own[at[is_known]]
        return births

    def began(self, flight: FiledFlight, births: Tracks) -> tuple[FloatArray, FloatArray]:
        """Return what the beginnings of tracks say for a flight, and what of a lost track's word they inherit
        besides.
        """
        place_m = np.stack((births.east_m, births.north_m), axis=1)
        time_utc_ns = births.time_utc_ns
        # A permit may have been made for a flight that was in the air already.
        made_utc_ns = max((permit.made_utc_ns for permit in flight.permits), default=0)
        aloft = births.aloft | (time_utc_ns < made_utc_ns)
        worth = np.empty(len(aloft))
        if aloft.any():
            worth[aloft] = aloft_log_odds(flight, place_m[aloft])
        if not aloft.all():
            worth[~aloft] = began_log_odds(flight, place_m[~aloft], time_utc_ns[~aloft])
        lost = self._lost.get(flight.name)
        if lost is None:
            return worth, np.zeros(len(worth))
        inherited = np.logaddexp(worth, self._inherited(lost, place_m, time_utc_ns))
        inherited = np.where(time_utc_ns >= lost.time_utc_ns - 2 * NS_PER_S, inherited, worth)
        heard = np.clip(inherited - worth, 0.0, max(lost.heard, 0.0))
        return np.asarray(inherited - heard), np.asarray(heard)

    def _inherited(self, lost: Lost, place_m: FloatArray, time_utc_ns: IntArray) -> FloatArray:
        """Return the odds that a track which began here and then goes on the one that was lost."""
        gap_s = np.maximum((time_utc_ns - lost.time_utc_ns) / NS_PER_S, 0.0)
        sigma_m = np.sqrt(lost.variance_m2 + 15.0**2 + (WANDERS_MPS * gap_s) ** 2)
        on_m = np.hypot(
            place_m[:, 0] - lost.east_m - gap_s * lost.east_mps,
            place_m[:, 1] - lost.north_m - gap_s * lost.north_mps,
        )
        there_m = np.hypot(place_m[:, 0] - lost.east_m, place_m[:, 1] - lost.north_m)
        density = [
            0.5 * float(normal_2d(np.array([on]), sigma)[0] + normal_2d(np.array([there]), sigma)[0])
            for on, there, sigma in zip(on_m.tolist(), there_m.tolist(), sigma_m.tolist(), strict=True)
        ]
        rate = np.log(np.maximum(density, 1e-30)) - np.log(FOUND_AGAIN_S * OTHERS_PER_M2_S)
        odds: FloatArray = min(lost.log_odds, MOST_INHERITED) - gap_s / LOST_FADES_S + rate
        return np.minimum(odds, MOST_INHERITED)

    def lost_odds(self, flights: FiledFlights, time_utc_ns: int) -> FloatArray:
        """Return the odds that each flight is where it was lost, and unseen."""
        odds = np.zeros(len(flights.flights))
        for k, flight in enumerate(flights.flights):
            lost = self._lost.get(flight.name)
            if lost is not None:
                gap_s = (time_utc_ns - lost.time_utc_ns) / NS_PER_S
                odds[k] = np.exp(min(lost.log_odds, MOST_INHERITED) - gap_s / LOST_FADES_S)
        return odds

    def keep(
        self,
        picture: Picture,
        flights: FiledFlights,
        pairs: Pairs,
        holder: dict[int, tuple[int, float]],
        log_odds: FloatArray,
    ) -> None:
        """Remember the pairs, which are by row, and which track each flight is."""
        by_track = pairs.numbered(picture.track_id[pairs.track], pairs.flight)
        self._pairs = Pairs.together((self._pairs, by_track))
        count = len(flights.flights)
        key = keys(pairs.track, pairs.flight, count)
        for flight, (row, _) in holder.items():
            east_m, north_m, _, east_mps, north_mps, _ = picture.state[row].tolist()
            variance_m2 = float(max(picture.covariance[row, 0, 0], picture.covariance[row, 1, 1]))
            place = (east_m, north_m, east_mps, north_mps, variance_m2, picture.time_utc_ns)
            at = int(np.searchsorted(key, row * count + flight))
            heard = max(float(pairs.heard[at]), 0.0)
            own = (int(picture.track_id[row]), float(log_odds[at]), heard)
            self._holder[flights.flights[flight].name] = Lost(*own, *place)


def _births(picture: Picture, rows: IntArray, watched_from_utc_ns: int | None) -> Tracks:
    """Return where and when the tracks of these rows began, as their state tells it now."""
    born_utc_ns = picture.born_utc_ns[rows]
    age_s = np.clip((picture.time_utc_ns - born_utc_ns) / NS_PER_S, 0.0, BACK_S)
    aloft = born_utc_ns <= (watched_from_utc_ns or 0) + ALOFT_NS
    back_m = np.where(aloft, 0.0, age_s)[:, np.newaxis] * picture.state[rows, 3:5]
    began_m = picture.state[rows, :2] - back_m
    seen_utc_ns = np.full(len(rows), picture.time_utc_ns, dtype=np.int64)
    return Tracks(picture.track_id[rows], began_m[:, 0], began_m[:, 1], born_utc_ns, aloft, seen_utc_ns)


def places_in(among: IntArray, wanted: IntArray) -> tuple[IntArray, BoolArray]:
    """Return the place of each wanted number `among` sorted ones, and which are among them."""
    at = np.searchsorted(among, wanted)
    is_there = at < len(among)
    is_there[is_there] = among[at[is_there]] == wanted[is_there]
    return at, is_there
