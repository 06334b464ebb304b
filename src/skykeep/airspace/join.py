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
    heard_log_odds,
    names,
    place_log_odds,
    residual_m,
)
from skykeep.airspace.join_flights import FiledFlights
from skykeep.airspace.join_marginals import marginals
from skykeep.airspace.join_past import Pair, Past
from skykeep.airspace.permits import Fixes
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
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
    """How likely a track is a flight (by its place in `FiledFlights.flights`)."""

    flight: int
    probability: float


class Joined(NamedTuple):
    """What came of one tick: matches by row that are worth saying, likeliest first, the likeliest row of each
    flight, the columns of `every` pair in order of row and flight, and the (row, flight) pairs that agree
    with the flight's word just after flying beside another track: its number and the other's may have been
    exchanged.
    """

    matches: dict[int, list[Match]]
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

    def update(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        classes: FloatArray,
        fixes: Fixes,
    ) -> Joined:
        """Take in one picture, and return who is whom in it; `classes` (n, 5) are of `identifications`."""
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
        joined, log_odds = self._settle(flights, picture, classes, pairs)
        past.keep(picture, flights, pairs, joined.holder, log_odds)
        exchanged = frozenset(key for key in agreeing if pairs[key].apart_s <= TOLD_APART_S)
        return joined._replace(exchanged=exchanged)

    def _pairs(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        sending: list[int],
    ) -> dict[tuple[int, int], Pair]:
        """Return the pairs worth asking about, by (row, flight) in that order; new ones with their start."""
        near = flights.near(picture.state[:, 0], picture.state[:, 1], picture.time_utc_ns)
        wanted = set(near)
        for row in sending:
            one = identifications[row]
            wanted.update((row, f) for f in flights.named.get(one.claimed_id, ()) if one.claimed_id)
            for test in one.claims:
                for name in (test.claimed_id, test.operator_id):
                    wanted.update(
                        (row, f) for f in flights.named.get(name, ()) if names(flights.flights[f], test)
                    )
        known = self._past.known(picture, flights)
        fresh: dict[int, list[int]] = {}
        for row, flight in sorted(wanted - known.keys()):
            fresh.setdefault(flight, []).append(row)
        for flight, rows in fresh.items():
            began, heard = self._past.began(flights.flights[flight], picture, np.array(rows))
            for row, own, inherited in zip(rows, began.tolist(), heard.tolist(), strict=True):
                known[row, flight] = Pair(own, inherited)
        return {key: known[key] for key in sorted(known)}

    def _fade(self, picture: Picture, pairs: dict[tuple[int, int], Pair], step_s: float) -> None:
        """Let numbers that may have passed to another body lose what they had."""
        if step_s == 0.0:
            return
        coasting = (picture.status == TrackStatus.COASTING).tolist()
        beside = _beside(picture)
        for (row, _), pair in pairs.items():
            if coasting[row]:
                pair.pass_on(COASTING_PER_S * step_s)
            if row in beside:
                pair.apart_s = 0.0
                pair.pass_on(BESIDE_PER_S * step_s)
            else:
                pair.apart_s += step_s

    def _hear(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        sending: list[int],
        pairs: dict[tuple[int, int], Pair],
        step_s: float,
    ) -> list[tuple[int, int]]:
        """Take in what is heard; return the pairs whose word sensors agree with."""
        share, gone = (1.0 - float(np.exp(-step_s / tau_s)) for tau_s in (HEARD_S, GONE_S))
        age_s = ((picture.time_utc_ns - picture.born_utc_ns) / NS_PER_S).tolist()
        told = self._told(flights, picture, identifications, set(sending), pairs)
        serials = [bool(flight.serials) for flight in flights.flights]
        nobody = (AGREES, -1)
        loudest: dict[int, tuple[float, int]] = {}
        for (row, flight), said in told.items():
            loudest[flight] = max(loudest.get(flight, (AGREES, -1)), (said, row))
        self._past.heard({flights.flights[flight].name for flight, (_, row) in loudest.items() if row >= 0})
        for (row, flight), pair in pairs.items():
            worth = told.get((row, flight)) if told else None
            best, best_row = loudest.get(flight, nobody)
            elsewhere = best_row not in (-1, row)
            if worth is None:
                pair.silent_s += step_s
                quiet = SILENT if serials[flight] and age_s[row] > SILENT_FROM_S else 0.0
                if not pair.told:
                    pair.heard = quiet
                elif elsewhere and pair.silent_s > SURELY_SILENT_S:
                    pair.heard += gone * (min(quiet, pair.heard) - pair.heard)
                continue
            pair.silent_s = 0.0
            if worth > AGREES:
                pair.doubt -= share * pair.doubt
            # The first word counts at once; what contradicts it must last, and a weaker word takes nothing,
            # unless a stronger one is now heard from another track.
            if pair.told and elsewhere and worth < min(best, pair.heard):
                pair.heard += gone * (worth - pair.heard)
            elif not (pair.told and 0.0 <= worth < pair.heard):
                pair.heard += (share if pair.told else 1.0) * (worth - pair.heard)
            one = identifications[row]
            tested = [test for test in one.claims if test.verdict is not ClaimVerdict.UNTESTED]
            pair.told = pair.told or bool(one.claimed_id or tested)
        return [key for key, said in told.items() if said > AGREES]

    def _told(
        self,
        flights: FiledFlights,
        picture: Picture,
        identifications: tuple[Identification, ...],
        sending: set[int],
        pairs: dict[tuple[int, int], Pair],
    ) -> dict[tuple[int, int], float]:
        """Return what is heard now, of the pairs whose track sends anything.

        Where two tracks close together both agree with the word of one flight, it is the better fit's: the
        errors of the sensors are the same for both, so small differences tell.
        """
        told: dict[tuple[int, int], float] = {}
        off_m: dict[int, dict[int, float]] = {}
        for row, flight in pairs:
            if row not in sending:
                continue
            one = identifications[row]
            worth = heard_log_odds(flights.flights[flight], one)
            if worth is not None:
                told[row, flight] = worth
                own_m = residual_m(flights.flights[flight], one)
                if own_m is not None and worth > AGREES:
                    off_m.setdefault(flight, {})[row] = own_m
        for flight, each in off_m.items():
            for row, own_m in each.items():
                away_m = {o: np.hypot(*(picture.state[o, :2] - picture.state[row, :2])) for o in each}
                best_m = min(each[o] for o in each if away_m[o] <= RIVAL_M)
                worse = 0.5 * (own_m**2 - best_m**2) / RIVAL_SIGMA_M**2
                told[row, flight] = max(told[row, flight] - worse, CONTRADICTED)
        return told

    def _place(
        self,
        flights: FiledFlights,
        picture: Picture,
        fixes: Fixes,
        pairs: dict[tuple[int, int], Pair],
        step_s: float,
    ) -> None:
        share = 1.0 - float(np.exp(-step_s / PLACE_S))
        row, flight = _columns(pairs)
        speed_mps = np.hypot(picture.state[:, 3], picture.state[:, 4])
        now = place_log_odds(flights, flight, fixes.at(row), speed_mps[row])
        for pair, worth in zip(pairs.values(), now.tolist(), strict=True):
            # Where it was first seen has been counted already.
            pair.place = 0.0 if pair.fresh else pair.place + share * (worth - pair.place)
            pair.fresh = False

    def _settle(
        self,
        flights: FiledFlights,
        picture: Picture,
        classes: FloatArray,
        pairs: dict[tuple[int, int], Pair],
    ) -> tuple[Joined, dict[tuple[int, int], float]]:
        row, flight = _columns(pairs)
        total = np.array([pair.total for pair in pairs.values()]) + class_log_odds(classes)[row]
        log_odds = np.minimum(np.maximum(total, -40.0), MOST_LOG_ODDS)
        doubt = np.array([pair.doubt for pair in pairs.values()])
        likely = log_odds > LEAST_LOG_ODDS
        row, flight, doubt, worth = row[likely], flight[likely], doubt[likely], np.exp(log_odds[likely])
        rows, at = np.unique(row, return_inverse=True)
        odds = np.zeros((len(rows), len(flights.flights)))
        odds[at, flight] = (1.0 - doubt) * worth
        elsewhere = 1.0 + self._past.lost_odds(flights, picture.time_utc_ns)
        np.add.at(elsewhere, flight, doubt * worth)
        probability = marginals(odds, elsewhere)[at, flight]
        return _joined(row, flight, probability), dict(zip(pairs, log_odds.tolist(), strict=True))


def _columns(pairs: dict[tuple[int, int], Pair]) -> tuple[IntArray, IntArray]:
    """Return the rows and the flights of pairs."""
    return (
        np.fromiter((row for row, _ in pairs), np.int64, len(pairs)),
        np.fromiter((flight for _, flight in pairs), np.int64, len(pairs)),
    )


def _beside(picture: Picture) -> set[int]:
    """Return the rows that have another within `BESIDE_M`: a sweep from west to east."""
    order = np.argsort(picture.state[:, 0], kind="stable")
    east_m, north_m = picture.state[order, 0], picture.state[order, 1]
    after = np.searchsorted(east_m, east_m + BESIDE_M, side="right") - np.arange(len(order)) - 1
    after = np.maximum(after, 0)
    one = np.repeat(np.arange(len(order)), after)
    other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(after) - after, after)
    near = np.hypot(east_m[other] - east_m[one], north_m[other] - north_m[one]) <= BESIDE_M
    return set(order[one[near]].tolist()) | set(order[other[near]].tolist())


def _joined(row: IntArray, flight: IntArray, probability: FloatArray) -> Joined:
    """Return matches and holders of pairs, which are in order of row and then flight."""
    said = np.flatnonzero(probability >= LEAST_SAID)
    said = said[np.lexsort((flight[said], -probability[said], row[said]))]
    matches: dict[int, list[Match]] = {}
    for of, which, p in zip(
        row[said].tolist(), flight[said].tolist(), probability[said].tolist(), strict=True
    ):
        matches.setdefault(of, []).append(Match(which, p))
    holder: dict[int, tuple[int, float]] = {}
    sure = np.flatnonzero(probability > HOLDS)
    held = zip(row[sure].tolist(), flight[sure].tolist(), probability[sure].tolist(), strict=True)
    for who, which, p in held:
        if p > holder.get(which, (0, HOLDS))[1]:
            holder[which] = (who, p)
    return Joined(matches, holder, (row, flight, probability))
