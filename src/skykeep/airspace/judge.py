"""May it be here now? One verdict per track, citing its document and the condition that fails.

Rules, in order:
1. Every zone in force at the track's place and height that restricts must be opened; where several are not,
   the strictest governs the wording.
2. A crewed aircraft (likely by its motion and echo, and its ADS-B agreeing with a sensor) is allowed:
   zones rule on uncrewed flight.
3. A track that is a permitted flight with `ENOUGH` probability (`join`) goes by that flight's permits: it is
   allowed by one that is granted, covers place, height and time, names what it sends, and opens all those
   zones; else the permit that comes nearest is named with what fails.
4. A track that sends what a permit names, and is not that flight, is told why: the flight is another track,
   or this one only says that it is. What is broadcast never opens anything by itself. Where it has just
   flown beside the track that holds the flight, their numbers may have been exchanged: it is unknown.
5. What is left is forbidden inside a zone, and unknown outside. Unknown is never allowed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.airspace.index import ZoneIndex
from skykeep.airspace.join import RIVAL_M, Joined, Match, PermitJoin
from skykeep.airspace.join_flights import FiledFlight, FiledFlights
from skykeep.airspace.permits import STANDARD_HPA, Condition, Finding, Fixes, PermitBook
from skykeep.airspace.sentences import ZoneWords
from skykeep.airspace.strangers import TAKEN_FOR_A_BIRD, crewed, of_mimic, of_unnamed
from skykeep.airspace.verdicts import Shut, Where, of_exchanged, of_flight
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import ClaimVerdict, Identification, TargetClass
from skykeep.domain.permit import Permit
from skykeep.domain.track import Picture
from skykeep.domain.zone import Zone
from skykeep.geo.frames import LocalFrame

# From this probability on a track goes by the flight's permit (docs/permits_and_tracks.md says why).
ENOUGH = 0.9
SURELY_ANOTHER = 0.9
_BIRD = int(TargetClass.BIRD)


class Airspace:
    """The zones and permits in force, and which track is which permitted flight."""

    def __init__(
        self,
        frame: LocalFrame,
        zones: tuple[Zone, ...],
        permits: tuple[Permit, ...],
        qnh_hpa: float = STANDARD_HPA,
    ) -> None:
        self._frame = frame
        self._qnh_hpa = qnh_hpa
        self._index = ZoneIndex(zones, qnh_hpa)
        self._book = PermitBook(permits, frame, qnh_hpa)
        self._flights = FiledFlights(self._book, frame)
        self._join = PermitJoin()
        self._words = ZoneWords()
        # Of each track that says nothing and may be no filed flight: what its verdict rests on, and it.
        self._strangers: dict[int, tuple[str, bool, AirspaceVerdict]] = {}

    def set_zones(self, zones: tuple[Zone, ...]) -> None:
        """Replace all zones at once; SetupError leaves the old ones in force."""
        self._index = ZoneIndex(zones, self._qnh_hpa)
        self._words.forget()

    def set_permits(self, permits: tuple[Permit, ...]) -> None:
        """Replace all permits at once; SetupError leaves the old ones in force."""
        book = PermitBook(permits, self._frame, self._qnh_hpa)
        self._book, self._flights = book, FiledFlights(book, self._frame)

    def change(
        self,
        zones_put: tuple[Zone, ...] = (),
        zones_gone: frozenset[str] = frozenset(),
        permits_put: tuple[Permit, ...] = (),
        permits_gone: frozenset[str] = frozenset(),
    ) -> None:
        """Put zones and permits in, or in place of those of the same identifier, and take others away, all
        at once; SetupError leaves everything as it was.
        """
        index, book, flights = self._index, self._book, self._flights
        if zones_put or zones_gone:
            index = index.changed(zones_put, zones_gone)
        if permits_put or permits_gone:
            kept = {**book.permits, **{permit.permit_id: permit for permit in permits_put}}
            left = tuple(permit for name, permit in kept.items() if name not in permits_gone)
            book = PermitBook(left, self._frame, self._qnh_hpa)
            flights = FiledFlights(book, self._frame)
        self._index, self._book, self._flights = index, book, flights
        self._words.forget()

    @property
    def zones(self) -> tuple[Zone, ...]:
        return self._index.zones

    @property
    def permits(self) -> dict[str, Permit]:
        """Return the permits in hand by their identifier."""
        return self._book.permits

    def judge(
        self,
        picture: Picture,
        identifications: tuple[Identification, ...],
        height_agl_m: FloatArray,
        height_amsl_m: FloatArray,
    ) -> tuple[AirspaceVerdict, ...]:
        """Return one verdict per row of `picture`, in its order."""
        latitude_deg, longitude_deg, height_hae_m = self._frame.to_geodetic(picture.state[:, :3])
        fixes = Fixes(
            east_m=picture.state[:, 0],
            north_m=picture.state[:, 1],
            height_agl_m=height_agl_m,
            height_amsl_m=height_amsl_m,
            height_hae_m=height_hae_m,
            variance_m2=np.maximum(picture.covariance[:, 0, 0], picture.covariance[:, 1, 1]),
            variance_up_m2=picture.covariance[:, 2, 2],
        )
        ground_amsl_m = height_amsl_m - height_agl_m
        asked = (longitude_deg, latitude_deg, height_agl_m, ground_amsl_m)
        shut = self._shut(*self._index.query(*asked, picture.time_utc_ns), len(picture))
        joined = self._join.update(self._flights, picture, identifications, fixes)
        rules = {len(shut.zones): ""}
        for k in sorted(set(shut.strictest) - rules.keys()):
            rules[k] = self._words.say(shut.zones[k], picture.time_utc_ns)
        strangers: dict[int, tuple[str, bool, AirspaceVerdict]] = {}
        out, matches = [], joined.matches
        for row, (identification, strictest) in enumerate(zip(identifications, shut.strictest, strict=True)):
            rule = rules[strictest]
            match = matches.get(row)
            if match or identification.claims or identification.claimed_id:
                where = Where(fixes, row, picture.time_utc_ns, shut, strictest, rule)
                out.append(self._verdict(picture, identification, where, joined, match))
                continue
            track_id = identification.track_id
            bird = identification.class_probabilities[_BIRD] >= TAKEN_FOR_A_BIRD
            known = self._strangers.get(track_id)
            # Most of the sky says nothing, and what was ruled of it a moment ago holds word for word.
            if known is None or known[0] is not rule or known[1] is not bird:
                where = Where(fixes, row, picture.time_utc_ns, shut, strictest, rule)
                known = (rule, bird, of_unnamed(identification, where, ()))
            strangers[track_id] = known
            out.append(known[2])
        self._strangers = strangers
        return tuple(out)

    def _shut(self, point: IntArray, zone: IntArray, count: int) -> Shut:
        """Return the zones that restrict, of pairs by point and then strictest first."""
        zones, bars = self._index.zones, self._index.restricting[zone]
        point, zone = point[bars], zone[bars]
        first = np.searchsorted(point, np.arange(count + 1))
        strictest = np.where(first[:-1] < first[1:], np.append(zone, 0)[first[:-1]], len(zones))
        return Shut(zones, first.tolist(), zone.tolist(), strictest.tolist())

    def _verdict(
        self,
        picture: Picture,
        identification: Identification,
        where: Where,
        joined: Joined,
        match: Match | None,
    ) -> AirspaceVerdict:
        row, candidates = where.row, match.candidates if match else ()
        sends = identification.claims or identification.claimed_id
        is_flight = match is not None and match.probability >= ENOUGH
        if not (is_flight or sends) or crewed(identification):
            return of_unnamed(identification, where, candidates)
        if match is not None and is_flight:
            flight = self._flights.flights[match.flight]
            permit, finding = self._nearest(flight, identification, where)
            return of_flight(identification, where, permit, finding, match.probability, candidates)
        named = self._named(identification) if sends else None
        if named is None:
            return of_unnamed(identification, where, candidates)
        flight = self._flights.flights[named]
        permit, finding = self._nearest(flight, identification, where)
        probability = joined.probability(row, named)
        holder = joined.holder.get(named)
        away_m = None
        if holder is not None and holder[0] != row:
            away_m = float(np.hypot(*(picture.state[holder[0], :2] - picture.state[row, :2])))
        near = holder is not None and (away_m is None or away_m <= RIVAL_M)
        if near and (row, named) in joined.exchanged and finding.condition is Condition.NONE:
            return of_exchanged(identification, where, permit, probability, away_m, candidates)
        claim = _Claim(permit, finding, probability, away_m)
        return of_mimic(identification, where, *claim, candidates)

    def _named(self, identification: Identification) -> int | None:
        """Return the flight that a track says it is, if sensors agree that it is where it says, or they
        disagree; None where it says none.
        """
        names = [identification.claimed_id] if identification.claimed_id else []
        for test in identification.claims:
            if test.verdict is not ClaimVerdict.UNTESTED:
                names += [test.claimed_id, test.operator_id]
        return next((self._flights.named[name][0] for name in names if name in self._flights.named), None)

    def _nearest(
        self, flight: FiledFlight, identification: Identification, where: Where
    ) -> tuple[Permit, Finding]:
        """Return the flight's permit that covers it here, or comes nearest to it, and what fails."""
        found, zones = [], where.zones
        for permit in flight.permits:
            finding = self._book.finding(permit, where.fix, zones)
            person = _of_person(permit, identification)
            if finding.condition > Condition.HEIGHT and person < finding.condition:
                finding = Finding(person)
            found.append((permit, finding))
        return max(found, key=lambda one: one[1].condition)


class _Claim(NamedTuple):
    permit: Permit
    finding: Finding
    probability: float
    away_m: float | None


def _of_person(permit: Permit, identification: Identification) -> Condition:
    """Return whether what is sent, and what it is, are as the permit says."""
    each = identification.class_probabilities
    filed = permit.scope.flight.uas_class.lower().replace("-", "_").replace(" ", "_")
    wrong = {"multirotor": TargetClass.FIXED_WING, "fixed_wing": TargetClass.MULTIROTOR}.get(filed)
    if each[TargetClass.BIRD] >= SURELY_ANOTHER or each[TargetClass.AIRCRAFT] >= SURELY_ANOTHER:
        return Condition.CLASS
    if wrong is not None and each[wrong] >= SURELY_ANOTHER:
        return Condition.CLASS
    agreed = [test for test in identification.claims if test.verdict is ClaimVerdict.CONSISTENT]
    operators = {test.operator_id for test in agreed if test.operator_id}
    if permit.scope.operator_ids and operators - set(permit.scope.operator_ids):
        return Condition.OPERATOR
    serial = identification.claimed_id
    if permit.scope.serials and serial and serial not in permit.scope.serials:
        return Condition.SERIAL
    return Condition.NONE
