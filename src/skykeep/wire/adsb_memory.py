"""What one source remembers of each aircraft: the other half of its place, its speed, how good it says it is.

A place comes from an even and an odd report, sent at most 10 s apart in the air and 25 s on the ground;
after that one report is enough, read nearest to where the aircraft was within the last 120 s. On the ground
that matters most: a report read against a far reference is a multiple of 90 degrees of zones off, 860 km in
one recording. Pairs go on being compared with it, and win when they disagree three times in a row.
Source of the times: ICAO Doc 9871, C.2.6.7; RTCA DO-260B, 2.2.10.
"""

from __future__ import annotations

from collections.abc import Iterator

from skykeep.base.clock import NS_PER_S
from skykeep.wire import adsb_integrity as integrity
from skykeep.wire.cpr import Place, Report, from_pair, near
from skykeep.wire.squitter import Squitter

PAIR_AIRBORNE_NS, PAIR_SURFACE_NS = 10 * NS_PER_S, 25 * NS_PER_S
REFERENCE_NS = 120 * NS_PER_S
VELOCITY_NS = 5 * NS_PER_S
DIFFERENCE_NS = 60 * NS_PER_S
SAME_PLACE_DEG = 0.1
DISAGREEMENTS = 3
FORGOTTEN_NS = 600 * NS_PER_S
AIRCRAFT_KEPT = 10_000


class Aircraft:
    """What is remembered of one aircraft; times are when it was said."""

    def __init__(self) -> None:
        self.heard_ns = 0
        self.category = ""
        self.callsign = ""
        self._reports: dict[bool, tuple[Report, int]] = {}
        self._here: tuple[Place, int] | None = None
        self._disagreed = 0
        self._velocity: tuple[float | None, float | None, float | None] = (None, None, None)
        self._velocity_ns = -VELOCITY_NS - 1
        self._difference_ft: tuple[float, int] | None = None
        self._version: int | None = None
        self._nac_p: int | None = None
        self._sil: int | None = None
        self._gva: int | None = None
        self._first_supplement: int | None = None
        self._surface_supplement: int | None = None

    def note(self, said: Squitter, time_ns: int) -> None:
        """Remember what a squitter says besides its place."""
        self.callsign = said.callsign or self.callsign
        self.category = said.category or self.category
        if said.type_code == 19:
            self.note_velocity(said.ground_speed_kt, said.course_deg, said.vertical_rate_ftpm, time_ns)
            if said.geometric_less_pressure_ft is not None:
                self._difference_ft = (said.geometric_less_pressure_ft, time_ns)
        if said.version is not None:
            self._version, self._first_supplement = said.version, said.first_supplement
            if said.second_supplement is not None:
                self._surface_supplement = said.second_supplement
        self._nac_p = self._nac_p if said.nac_p is None else said.nac_p
        self._sil = self._sil if said.sil is None else said.sil
        self._gva = self._gva if said.gva is None else said.gva

    def note_velocity(
        self, speed_kt: float | None, course_deg: float | None, rate_ftpm: float | None, time_ns: int
    ) -> None:
        """Remember a velocity: knots, degrees, feet a minute."""
        self._velocity, self._velocity_ns = (speed_kt, course_deg, rate_ftpm), time_ns

    def velocity(self, time_ns: int) -> tuple[float | None, float | None, float | None]:
        """Return the velocity of the last 5 s: knots, degrees, feet a minute."""
        return self._velocity if abs(time_ns - self._velocity_ns) <= VELOCITY_NS else (None, None, None)

    def difference_ft(self, time_ns: int) -> float | None:
        """Return its geometric less pressure altitude of the last 60 s."""
        if self._difference_ft is None or abs(time_ns - self._difference_ft[1]) > DIFFERENCE_NS:
            return None
        return self._difference_ft[0]

    def horizontal_sigma_m(self, said: Squitter) -> float:
        """Return how good the place of a squitter is, by all the aircraft has said."""
        version = self._version or 0
        if version == 0:
            return integrity.horizontal_sigma_m(nac_p=self._nac_p, nuc_p=integrity.nucp(said.type_code))
        on_ground = said.place is not None and said.place.surface
        second = self._surface_supplement if on_ground else said.second_supplement
        rc_m = integrity.containment_m(said.type_code, version, self._first_supplement, second)
        return integrity.horizontal_sigma_m(nac_p=self._nac_p, rc_m=rc_m, sil=self._sil)

    def geometric_sigma_m(self) -> float:
        """Return how good its geometric height is."""
        return integrity.geometric_sigma_m(self._gva)

    def locate(self, report: Report, time_ns: int, site: Place) -> Place | None:
        """Return where a report says it is, None while that is open. It becomes the next reference only by
        `found`.
        """
        held = self._here
        if held is not None and abs(time_ns - held[1]) > REFERENCE_NS:
            held = None
        other = self._reports.get(not report.odd)
        self._reports[report.odd] = (report, time_ns)
        by_pair = None
        within_ns = PAIR_SURFACE_NS if report.surface else PAIR_AIRBORNE_NS
        if other and other[0].surface == report.surface and abs(time_ns - other[1]) <= within_ns:
            by_pair = from_pair(report, other[0], held[0] if held else site)
        by_reference = near(report, held[0]) if held else None
        if by_pair is None or by_reference is None:
            return by_reference or by_pair
        if abs(by_pair[0] - by_reference[0]) + abs(by_pair[1] - by_reference[1]) < SAME_PLACE_DEG:
            self._disagreed = 0
            return by_reference
        self._disagreed += 1
        return by_pair if self._disagreed >= DISAGREEMENTS else by_reference

    def found(self, place: Place, time_ns: int) -> None:
        """Take a place that was believed as the reference of the next."""
        self._here = (place, time_ns)


class Fleet:
    """The aircraft of one source; those silent for 10 min are forgotten, and the longest silent of 10,000."""

    def __init__(self) -> None:
        self._aircraft: dict[str, Aircraft] = {}

    def __len__(self) -> int:
        return len(self._aircraft)

    def __iter__(self) -> Iterator[str]:
        return iter(self._aircraft)

    def heard(self, address: str, time_ns: int) -> Aircraft:
        """Return what is known of an aircraft heard now."""
        aircraft = self._aircraft.pop(address, None)
        if aircraft is None or time_ns - aircraft.heard_ns > FORGOTTEN_NS:
            aircraft = Aircraft()
        aircraft.heard_ns = time_ns
        self._aircraft[address] = aircraft
        oldest = next(iter(self._aircraft))
        if len(self._aircraft) > AIRCRAFT_KEPT or time_ns - self._aircraft[oldest].heard_ns > FORGOTTEN_NS:
            del self._aircraft[oldest]
        return aircraft
