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
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
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


class Pair:
    """The log-odds of one pair: by its beginning, by what it sends, by where it has been of late; and the
    chance that the number has passed to another body since, which leaves the flight somewhere unseen.
    """

    __slots__ = ("apart_s", "began", "doubt", "fresh", "heard", "place", "silent_s", "told")

    def __init__(self, began: float, heard: float = 0.0) -> None:
        self.began = began
        self.heard = heard
        self.place = 0.0
        self.told = heard > 0.0
        self.doubt = 0.0
        self.silent_s = 0.0
        self.apart_s = float("inf")
        self.fresh = True

    @property
    def total(self) -> float:
        return self.began + self.heard + self.place

    def pass_on(self, share: float) -> None:
        """Doubt by a chance of `share` more that the number is still the same body's."""
        self.doubt += share * (1.0 - self.doubt)


class Birth(NamedTuple):
    """Where and when a track began; `aloft` where it was in the air before anyone looked."""

    east_m: float
    north_m: float
    time_utc_ns: int
    aloft: bool


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
        self._births: dict[int, Birth] = {}
        self._pairs: dict[int, dict[str, Pair]] = {}
        self._seen_utc_ns: dict[int, int] = {}
        self._holder: dict[str, Lost] = {}
        self._lost: dict[str, Lost] = {}

    def see(self, picture: Picture) -> None:
        """Note the tracks that are new, gone, or taken up again."""
        now_utc_ns = picture.time_utc_ns
        if self._began_utc_ns is None:
            self._began_utc_ns = now_utc_ns
        rows = np.flatnonzero(picture.status != TrackStatus.ENDED)
        alive = dict(zip(picture.track_id[rows].tolist(), rows.tolist(), strict=True))
        for track_id, row in alive.items():
            if track_id not in self._births:
                self._births[track_id] = self._birth(picture, row)
            self._seen_utc_ns[track_id] = now_utc_ns
        for track_id, gap_ns in zip(
            picture.resumed_track_id.tolist(), picture.resumed_gap_ns.tolist(), strict=True
        ):
            self._resume(track_id, gap_ns / NS_PER_S)
        for name, held in list(self._holder.items()):
            if held.track_id not in alive:
                self._lost[name] = held
                del self._holder[name]
        for name, lost in list(self._lost.items()):
            if lost.track_id in alive or now_utc_ns - lost.time_utc_ns > KEPT_NS:
                del self._lost[name]
        for track_id in [t for t, seen in self._seen_utc_ns.items() if now_utc_ns - seen > KEPT_NS]:
            del self._seen_utc_ns[track_id]
            self._births.pop(track_id, None)
            self._pairs.pop(track_id, None)

    def _birth(self, picture: Picture, row: int) -> Birth:
        born_utc_ns = int(picture.born_utc_ns[row])
        age_s = min(max((picture.time_utc_ns - born_utc_ns) / NS_PER_S, 0.0), BACK_S)
        east_m, north_m, _, east_mps, north_mps, _ = picture.state[row].tolist()
        aloft = born_utc_ns <= (self._began_utc_ns or 0) + ALOFT_NS
        if aloft:
            return Birth(east_m, north_m, born_utc_ns, True)
        return Birth(east_m - age_s * east_mps, north_m - age_s * north_mps, born_utc_ns, False)

    def _resume(self, track_id: int, gap_s: float) -> None:
        share = RESUMED_SHARE + RESUMED_SHARE_MORE * min(gap_s / RESUMED_S, 1.0)
        for pair in self._pairs.get(track_id, {}).values():
            pair.pass_on(share)

    def known(self, picture: Picture, flights: FiledFlights) -> dict[tuple[int, int], Pair]:
        """Return the pairs remembered of the tracks in the picture, by (row, flight)."""
        number = {flight.name: k for k, flight in enumerate(flights.flights)}
        found = {}
        for row, track_id in enumerate(picture.track_id.tolist()):
            own = self._pairs.get(track_id)
            if own is not None:
                for name, pair in own.items():
                    if name in number:
                        found[row, number[name]] = pair
        return found

    def heard(self, names: set[str]) -> None:
        """Take from lost flights what they had by what they sent: it is heard from another track now."""
        for name in names & self._lost.keys():
            lost = self._lost[name]
            self._lost[name] = lost._replace(log_odds=lost.log_odds - lost.heard, heard=0.0)

    def began(self, flight: FiledFlight, picture: Picture, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return what the beginnings of tracks say for a flight, and what of a lost track's word they inherit
        besides.
        """
        births = [self._births.get(int(picture.track_id[row])) or self._birth(picture, row) for row in rows]
        place_m = np.array([(birth.east_m, birth.north_m) for birth in births])
        time_utc_ns = np.array([birth.time_utc_ns for birth in births], dtype=np.int64)
        worth = began_log_odds(flight, place_m, time_utc_ns)
        # A permit may have been made for a flight that was in the air already.
        made_utc_ns = max((permit.made_utc_ns for permit in flight.permits), default=0)
        aloft = np.array([birth.aloft for birth in births]) | (time_utc_ns < made_utc_ns)
        worth = np.where(aloft, aloft_log_odds(flight, place_m), worth)
        lost = self._lost.get(flight.name)
        if lost is None:
            return np.asarray(worth), np.zeros(len(rows))
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
        pairs: dict[tuple[int, int], Pair],
        holder: dict[int, tuple[int, float]],
        log_odds: dict[tuple[int, int], float],
    ) -> None:
        """Remember the pairs that matter, and which track each flight is."""
        track_ids = picture.track_id.tolist()
        for track_id in track_ids:
            self._pairs.pop(track_id, None)
        for (row, flight), pair in pairs.items():
            self._pairs.setdefault(track_ids[row], {})[flights.flights[flight].name] = pair
        for flight, (row, _) in holder.items():
            east_m, north_m, _, east_mps, north_mps, _ = picture.state[row].tolist()
            variance_m2 = float(max(picture.covariance[row, 0, 0], picture.covariance[row, 1, 1]))
            place = (east_m, north_m, east_mps, north_mps, variance_m2, picture.time_utc_ns)
            name = flights.flights[flight].name
            heard = max(pairs[row, flight].heard, 0.0)
            self._holder[name] = Lost(track_ids[row], log_odds[row, flight], heard, *place)
