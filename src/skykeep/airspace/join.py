"""Which track is which permitted flight, with what probability: a Bayesian filter over pairs.

Each pair of a track and a flight within reach of one another has its odds: how much better the flight
explains the track than anything else in the air. They are the sum of what its beginning said once, what it
has sent, what its class is, and where it has been of late (`join_evidence`). A track that goes on is what it
was; while it coasts, or flies close to another, that fades. A flight whose track was lost is remembered
where it was lost, and a track that begins near there inherits from it. Then one flight is one track and one
track one flight (`join_marginals`). Nothing here rolls dice or depends on the order of dictionaries, so a
replay gives the same figures.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.airspace.join_evidence import (
    CONTRADICTED,
    SILENT,
    SILENT_FROM_S,
    class_log_odds,
    drone_probability,
    heard_log_odds,
    names,
    place_log_odds,
    residual_m,
)
from skykeep.airspace.join_flights import FiledFlights, runs
from skykeep.airspace.join_marginals import marginals
from skykeep.airspace.join_pairs import Pairs, keys
from skykeep.airspace.join_past import Past, places_in
from skykeep.airspace.permits import Fixes
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.identity import ClaimVerdict, Identification
from skykeep.domain.track import Picture, TrackStatus

# How fast the odds follow: what is heard, what is now heard from another track, and where it is.
HEARD_S, GONE_S, PLACE_S = 3.0, 2.0, 20.0
LONGEST_STEP_S = 5.0
# What may happen to a number: in a second of coasting, or beside another track, it may pass to another body.
COASTING_PER_S, BESIDE_PER_S = 1e-3, 1e-3
BESIDE_M = 25.0
MOST_LOG_ODDS = 14.0
LEAST_LOG_ODDS = -5.5
HOLDS = 0.3
# What is less likely is not named as a candidate.
LEAST_SAID = 0.005
# What is heard is worth this at least where it names the flight and sensors agree.
AGREES = 3.0
SURELY_SILENT_S = 3.0
# Tracks so close may both agree with one word; how far each is off tells by this much.
RIVAL_M, RIVAL_SIGMA_M = 100.0, 6.0
# After flying beside another track, a number may have passed to it, and words take so long to tell.
TOLD_APART_S = 10.0


class Match(NamedTuple):
    """The likeliest flight of a track (by its place in `FiledFlights.flights`), and all that are worth saying
    by name, likeliest first.
    """

    flight: int
    probability: float
    candidates: tuple[tuple[str, float], ...]


class Joined(NamedTuple):
    """What came of one tick: by row what is worth saying of its flights, the likeliest row of each flight,
    the columns of `every` pair in order of row and flight, and the (row, flight) pairs that agree with the
    flight's word just after flying beside another track: its number and the other's may have been exchanged.
    """

    matches: dict[int, Match]
    holder: dict[int, tuple[int, float]]
    every: tuple[IntArray, IntArray, FloatArray]
    exchanged: frozenset[tuple[int, int]] = frozenset()

    def probability(self, row: int, flight: int) -> float:
        rows, flights, probability = self.every
        begin, end = np.searchsorted(rows, (row, row + 1)).tolist()
        at = begin + int(np.searchsorted(flights[begin:end], flight))
        return float(probability[at]) if at < end and flights[at] == flight else 0.0


class PermitJoin:
    """The odds of every pair within reach, from one picture to the next."""

    def __init__(self) -> None:
        self._past = Past()
        self._last_utc_ns: int | None = None
        # The kernel is made ready here, not when the first track comes near.
        marginals(np.ones((1, 1)), np.ones(1))

    def update(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        fixes: Fixes,
    ) -> Joined:
        """Take in one picture, and return who is whom in it."""
        now_utc_ns = picture.time_utc_ns
        last_utc_ns = now_utc_ns if self._last_utc_ns is None else self._last_utc_ns
        step_s = min(max((now_utc_ns - last_utc_ns) / NS_PER_S, 0.0), LONGEST_STEP_S)
        self._last_utc_ns = now_utc_ns
        past = self._past
        past.see(picture)
        sending = [row for row, one in enumerate(identifications) if one.claims or one.claimed_id]
        pairs = self._pairs(flights, picture, identifications, sending)
        self._fade(picture, pairs, step_s)
        agreeing = self._hear(flights, picture, identifications, sending, pairs, step_s)
        self._place(flights, picture, fixes, pairs, step_s)
        joined, log_odds = self._settle(flights, picture, identifications, pairs)
        past.keep(picture, flights, pairs, joined.holder, log_odds)
        agreeing = agreeing[pairs.apart_s[agreeing] <= TOLD_APART_S]
        each = zip(pairs.track[agreeing].tolist(), pairs.flight[agreeing].tolist(), strict=True)
        return joined._replace(exchanged=frozenset(each))

    def _pairs(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        sending: list[int],
    ) -> Pairs:
        """Return the pairs worth asking about, by row and flight in that order; new ones with their start."""
        count = len(flights.flights)
        near = keys(*flights.near(picture.state[:, 0], picture.state[:, 1], picture.time_utc_ns), count)
        said: list[int] = []
        for row in sending:
            one = identifications[row]
            said += (row * count + f for f in flights.named.get(one.claimed_id, ()) if one.claimed_id)
            for test in one.claims:
                for name in (test.claimed_id, test.operator_id):
                    own = flights.named.get(name, ())
                    said += (row * count + f for f in own if names(flights.flights[f], test))
        known = self._past.known(picture, flights)
        wanted = np.concatenate((near, np.array(said, dtype=np.int64)))
        fresh = np.unique(wanted[~places_in(keys(known.track, known.flight, count), wanted)[1]])
        if not len(fresh):
            return known
        rows, flight = np.divmod(fresh, count)
        began, heard = np.zeros(len(fresh)), np.zeros(len(fresh))
        births = self._past.births(picture, rows)
        for number in np.unique(flight).tolist():
            its = flight == number
            began[its], heard[its] = self._past.began(flights.flights[number], births.some(its))
        pairs = Pairs.together((known, Pairs.new(rows, flight, began, heard)))
        return pairs.some(np.argsort(keys(pairs.track, pairs.flight, count)))

    def _fade(self, picture: Picture, pairs: Pairs, step_s: float) -> None:
        """Let numbers that may have passed to another body lose what they had."""
        if step_s == 0.0:
            return
        pairs.pass_on((picture.status == TrackStatus.COASTING)[pairs.track], COASTING_PER_S * step_s)
        beside = _beside(picture)[pairs.track]
        pairs.apart_s[:] = np.where(beside, 0.0, pairs.apart_s + step_s)
        pairs.pass_on(beside, BESIDE_PER_S * step_s)

    def _hear(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        sending: list[int],
        pairs: Pairs,
        step_s: float,
    ) -> IntArray:
        """Take in what is heard; return the places of the pairs whose word sensors agree with."""
        share, gone = (1.0 - float(np.exp(-step_s / tau_s)) for tau_s in (HEARD_S, GONE_S))
        told = self._told(flights, picture, identifications, sending, pairs)
        # Of each flight how loudly it is heard, and from which row.
        loudest = [(AGREES, -1)] * len(flights.flights)
        for at, said in told.items():
            row, flight = int(pairs.track[at]), int(pairs.flight[at])
            loudest[flight] = max(loudest[flight], (said, row))
        named = zip(flights.flights, loudest, strict=True)
        self._past.heard({flight.name for flight, (_, row) in named if row >= 0})
        from_row = np.array([row for _, row in loudest], dtype=np.int64)[pairs.flight]
        elsewhere = (from_row >= 0) & (from_row != pairs.track)
        silent = np.ones(pairs.size, dtype=np.bool_)
        silent[list(told)] = False
        _fall_silent(flights, picture, pairs, silent, elsewhere, step_s, gone)
        for at, worth in told.items():
            row, flight = int(pairs.track[at]), int(pairs.flight[at])
            before, was_told = float(pairs.heard[at]), bool(pairs.told[at])
            pairs.silent_s[at] = 0.0
            if worth > AGREES:
                pairs.doubt[at] -= share * pairs.doubt[at]
            # The first word counts at once; what contradicts it must last, and a weaker word takes nothing,
            # unless a stronger one is now heard from another track.
            if was_told and elsewhere[at] and worth < min(loudest[flight][0], before):
                pairs.heard[at] = before + gone * (worth - before)
            elif not (was_told and 0.0 <= worth < before):
                pairs.heard[at] = before + (share if was_told else 1.0) * (worth - before)
            one = identifications[row]
            tested = any(test.verdict is not ClaimVerdict.UNTESTED for test in one.claims)
            pairs.told[at] = was_told or bool(one.claimed_id) or tested
        return np.array([at for at, said in told.items() if said > AGREES], dtype=np.int64)

    def _told(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        sending: list[int],
        pairs: Pairs,
    ) -> dict[int, float]:
        """Return what is heard now, by the places of the pairs whose track sends anything.

        Where two tracks close together both agree with the word of one flight, it is the better fit's: the
        errors of the sensors are the same for both, so small differences tell.
        """
        told: dict[int, float] = {}
        off_m: dict[int, dict[int, float]] = {}
        sends = np.zeros(len(picture), dtype=np.bool_)
        sends[sending] = True
        for at in np.flatnonzero(sends[pairs.track]).tolist():
            one, number = identifications[pairs.track[at]], int(pairs.flight[at])
            worth = heard_log_odds(flights.flights[number], one)
            if worth is not None:
                told[at] = worth
                own_m = residual_m(flights.flights[number], one)
                if own_m is not None and worth > AGREES:
                    off_m.setdefault(number, {})[at] = own_m
        for each in off_m.values():
            place_m = {at: picture.state[pairs.track[at], :2] for at in each}
            for at, own_m in each.items():
                away_m = {o: np.hypot(*(place_m[o] - place_m[at])) for o in each}
                best_m = min(each[o] for o in each if away_m[o] <= RIVAL_M)
                worse = 0.5 * (own_m**2 - best_m**2) / RIVAL_SIGMA_M**2
                told[at] = max(told[at] - worse, CONTRADICTED)
        return told

    def _place(
        self, flights: FiledFlights, picture: Picture, fixes: Fixes, pairs: Pairs, step_s: float
    ) -> None:
        share = 1.0 - float(np.exp(-step_s / PLACE_S))
        speed_mps = np.hypot(picture.state[:, 3], picture.state[:, 4])
        now = place_log_odds(flights, pairs.flight, fixes.at(pairs.track), speed_mps[pairs.track])
        # Where it was first seen has been counted already.
        pairs.place[:] = np.where(pairs.fresh, 0.0, pairs.place + share * (now - pairs.place))
        pairs.fresh[:] = False

    def _settle(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        pairs: Pairs,
    ) -> tuple[Joined, FloatArray]:
        drone = np.zeros(len(picture))
        rows = np.flatnonzero(np.bincount(pairs.track, minlength=len(picture)))
        drone[rows] = [drone_probability(identifications[row]) for row in rows.tolist()]
        total = pairs.total() + class_log_odds(drone)[pairs.track]
        log_odds = np.minimum(np.maximum(total, -40.0), MOST_LOG_ODDS)
        likely = log_odds > LEAST_LOG_ODDS
        row, flight, doubt = pairs.track[likely], pairs.flight[likely], pairs.doubt[likely]
        worth = np.exp(log_odds[likely])
        # Pairs are in order of row: each row's first is where the number changes.
        is_first = np.diff(row, prepend=-1) != 0
        at = np.cumsum(is_first) - 1
        odds = np.zeros((int(is_first.sum()), len(flights.flights)))
        odds[at, flight] = (1.0 - doubt) * worth
        elsewhere = 1.0 + self._past.lost_odds(flights, picture.time_utc_ns)
        np.add.at(elsewhere, flight, doubt * worth)
        probability = marginals(odds, elsewhere)[at, flight]
        return _joined(flights, row, flight, probability), log_odds


def _fall_silent(
    flights: FiledFlights,
    picture: Picture,
    pairs: Pairs,
    silent: BoolArray,
    elsewhere: BoolArray,
    step_s: float,
    gone: float,
) -> None:
    """Take in that nothing is heard of some pairs; `elsewhere`: the flight is heard from another track."""
    age_s = (picture.time_utc_ns - picture.born_utc_ns) / NS_PER_S
    serials = np.array([bool(flight.serials) for flight in flights.flights], dtype=np.bool_)
    quiet = np.where(serials[pairs.flight] & (age_s > SILENT_FROM_S)[pairs.track], SILENT, 0.0)
    pairs.silent_s[silent] += step_s
    never = silent & ~pairs.told
    pairs.heard[never] = quiet[never]
    moved = silent & pairs.told & elsewhere & (pairs.silent_s > SURELY_SILENT_S)
    heard = pairs.heard[moved]
    pairs.heard[moved] = heard + gone * (np.minimum(quiet[moved], heard) - heard)


def _beside(picture: Picture) -> BoolArray:
    """Return which rows have another within `BESIDE_M`: a sweep from west to east."""
    order = np.argsort(picture.state[:, 0], kind="stable")
    east_m, north_m = picture.state[order, 0], picture.state[order, 1]
    after = np.searchsorted(east_m, east_m + BESIDE_M, side="right") - np.arange(len(order)) - 1
    after = np.maximum(after, 0)
    one = np.repeat(np.arange(len(order)), after)
    other = runs(np.arange(len(order)) + 1, after)
    near = np.hypot(east_m[other] - east_m[one], north_m[other] - north_m[one]) <= BESIDE_M
    beside = np.zeros(len(order), dtype=np.bool_)
    beside[order[one[near]]] = beside[order[other[near]]] = True
    return beside


def _joined(flights: FiledFlights, row: IntArray, flight: IntArray, probability: FloatArray) -> Joined:
    """Return matches and holders of pairs, which are in order of row and then flight."""
    said = np.flatnonzero(probability >= LEAST_SAID)
    said = said[np.lexsort((flight[said], -probability[said], row[said]))]
    which, chance = flight[said].tolist(), probability[said].tolist()
    candidates = list(zip([flights.flights[one].name for one in which], chance, strict=True))
    first = np.flatnonzero(np.diff(row[said], prepend=-1))
    of, begins, ends = row[said[first]].tolist(), first.tolist(), [*first.tolist(), len(said)][1:]
    matches = {
        one: Match(which[begin], chance[begin], tuple(candidates[begin:end]))
        for one, begin, end in zip(of, begins, ends, strict=True)
    }
    holder: dict[int, tuple[int, float]] = {}
    sure = np.flatnonzero(probability > HOLDS)
    held = zip(row[sure].tolist(), flight[sure].tolist(), probability[sure].tolist(), strict=True)
    for who, what, p in held:
        if p > holder.get(what, (0, HOLDS))[1]:
            holder[what] = (who, p)
    return Joined(matches, holder, (row, flight, probability))
