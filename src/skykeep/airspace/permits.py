"""Whether a permit covers a flight here and now, and if not, which condition fails first.

Conditions in order: revoked, time, volume, height, zone_not_unlocked. That the flight *is* the permitted
aircraft is settled before anyone asks here.

The edge of a permit's volume gives way by what the sensors cannot tell: a flight is held to be outside
only when it is beyond the edge by more than two standard deviations of its track and a small margin, and
never by more than a cap, so that a bad sensor is no licence.
"""

from __future__ import annotations

import enum

import numpy as np
import shapely

from skykeep.airspace.index import outline
from skykeep.domain.airspace import Permit, Zone

MARGIN_M = 20.0
MOST_MARGIN_M = 100.0


class Condition(enum.IntEnum):
    """What fails, in the order of asking: the later it fails, the nearer the permit is to covering the
    flight.
    """

    REVOKED = 0
    TIME = 1
    VOLUME = 2
    HEIGHT = 3
    ZONE_NOT_UNLOCKED = 4
    NONE = 5


def margin_m(variance_m2: float) -> float:
    """Return how far beyond an edge a track must be before it counts as beyond."""
    return min(MARGIN_M + 2.0 * float(np.sqrt(variance_m2)), MOST_MARGIN_M)


class PermitBook:
    """The permits in hand, by the serial that they cover."""

    def __init__(self, permits: tuple[Permit, ...]) -> None:
        self.permits = {permit.permit_id: permit for permit in permits}
        self._outlines = {
            permit.permit_id: outline((permit.ring_enu_m,), f"permit {permit.permit_id}")
            for permit in permits
        }
        self._by_serial: dict[str, list[Permit]] = {}
        for permit in sorted(permits, key=lambda permit: permit.permit_id):
            for serial in permit.serials:
                self._by_serial.setdefault(serial, []).append(permit)

    def of_serial(self, serial: str) -> list[Permit]:
        """Return the permits that name this serial."""
        return self._by_serial.get(serial, [])

    def best(
        self,
        serial: str,
        east_m: float,
        north_m: float,
        height_agl_m: float,
        variance_m2: tuple[float, float],
        zones: list[Zone],
        time_utc_ns: int,
    ) -> tuple[Permit | None, Condition]:
        """Return the permit that covers this flight, or comes nearest to it, with the condition that fails.

        `variance_m2` is of the track's place, horizontal and vertical. `zones` are the governing ones here.
        """
        found: tuple[Permit | None, Condition] = (None, Condition.REVOKED)
        for permit in self.of_serial(serial):
            fails = self._fails(permit, east_m, north_m, height_agl_m, variance_m2, zones, time_utc_ns)
            if found[0] is None or fails > found[1]:
                found = (permit, fails)
        return found

    def _fails(
        self,
        permit: Permit,
        east_m: float,
        north_m: float,
        height_agl_m: float,
        variance_m2: tuple[float, float],
        zones: list[Zone],
        time_utc_ns: int,
    ) -> Condition:
        if permit.revoked_utc_ns is not None and permit.revoked_utc_ns <= time_utc_ns:
            return Condition.REVOKED
        if not permit.start_utc_ns <= time_utc_ns <= permit.end_utc_ns:
            return Condition.TIME
        place = shapely.Point(east_m, north_m)
        if not self._outlines[permit.permit_id].distance(place) <= margin_m(variance_m2[0]):
            return Condition.VOLUME
        margin = margin_m(variance_m2[1])
        # Written so that a height that is not known (NaN) fails.
        if not permit.floor_agl_m - margin <= height_agl_m <= permit.ceiling_agl_m + margin:
            return Condition.HEIGHT
        if any(zone.zone_id not in permit.unlocks for zone in zones):
            return Condition.ZONE_NOT_UNLOCKED
        return Condition.NONE
