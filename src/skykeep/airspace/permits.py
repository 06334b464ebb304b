"""Whether a permit covers a flight here and now, and if not, which condition fails first.

Conditions in order: the permit's state, time, volume, height, zone_not_unlocked. That the flight *is* the
permitted one is settled before anyone asks here.

The edge of what was granted gives way by the permit's own thresholds, and beside that by what the sensors
cannot tell: two standard deviations of the track, and never more than a cap, so that a bad sensor is no
licence. A zone is opened by a permit that names it, if the zone is nobody's in particular or the permit's
own authority keeps it; every zone that restricts must be.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import SetupError
from skykeep.domain.outline import rings_enu_m
from skykeep.domain.permit import GRANTED, Permit, PermitState, Volume4D
from skykeep.domain.zone import HeightReference, Limit, Restriction, Zone, limit_m
from skykeep.geo.frames import LocalFrame

MOST_DOUBT_M = 80.0
FEWEST_CORNERS = 3
# A standard atmosphere loses a hectopascal in so many metres, near the sea.
METRES_PER_HPA = 8.23
STANDARD_HPA = 1013.25


class Condition(enum.IntEnum):
    """What fails, in the order of asking: the later it fails, the nearer the permit is to covering the
    flight.
    """

    NOT_GRANTED = 0
    REVOKED = 1
    SUSPENDED = 2
    TIME = 3
    VOLUME = 4
    HEIGHT = 5
    CLASS = 6
    OPERATOR = 7
    SERIAL = 8
    ZONE_NOT_UNLOCKED = 9
    NONE = 10


class Fix(NamedTuple):
    """Where one track is: in the site's frame, by each kind of height, and how well that is known."""

    time_utc_ns: int
    east_m: float
    north_m: float
    height_agl_m: float
    height_amsl_m: float
    height_hae_m: float
    variance_m2: float
    variance_up_m2: float


class Fixes(NamedTuple):
    """Where many tracks are: the columns of `Fix`, for one time."""

    east_m: FloatArray
    north_m: FloatArray
    height_agl_m: FloatArray
    height_amsl_m: FloatArray
    height_hae_m: FloatArray
    variance_m2: FloatArray
    variance_up_m2: FloatArray

    def at(self, rows: list[int] | IntArray) -> Fixes:
        """Return some of the rows."""
        return Fixes(*(column[rows] for column in self))

    def one(self, time_utc_ns: int, row: int) -> Fix:
        """Return one row."""
        return Fix(time_utc_ns, *[float(column[row]) for column in self])


class Finding(NamedTuple):
    """What fails, and the zone that stays shut where that is it."""

    condition: Condition
    zone: Zone | None = None


STATE_FAILS = {
    PermitState.REVOKED: Condition.REVOKED,
    PermitState.SUSPENDED: Condition.SUSPENDED,
    PermitState.EXPIRED: Condition.TIME,
    PermitState.CLOSED: Condition.TIME,
}


def restricts(zone: Zone) -> bool:
    """Return whether a zone is any bar to flying."""
    return zone.restriction is not Restriction.NO_RESTRICTION


def opens(permit: Permit, zone: Zone) -> bool:
    """Return whether `permit` opens `zone`: it names it, and its authority may."""
    return zone.zone_id in permit.scope.unlocks and zone.authority_id in ("", permit.authority_id)


def doubt_m(variance_m2: float) -> float:
    """Return how far a track may be from where it seems to be."""
    return min(2.0 * float(np.sqrt(variance_m2)), MOST_DOUBT_M)


def filed_outline(filed: Volume4D, frame: LocalFrame, permit_id: str) -> BaseGeometry:
    """Return a volume's outline in the site's frame; SetupError when it bounds no area."""
    rings = rings_enu_m(filed.volume.outline, frame)
    if not rings or any(len(ring) < FEWEST_CORNERS for ring in rings):
        raise SetupError(f"permit {permit_id}: a ring must have at least {FEWEST_CORNERS} corners")
    outline: BaseGeometry = shapely.Polygon(rings[0], rings[1:])
    if not outline.is_valid:
        outline = shapely.make_valid(outline)
    if not np.isfinite(outline.area) or outline.area == 0.0:
        raise SetupError(f"permit {permit_id}: its outline bounds no area")
    shapely.prepare(outline)
    return outline


class PermitBook:
    """The permits in hand, ready to be asked, by the serials and the operators that they name."""

    def __init__(self, permits: tuple[Permit, ...], frame: LocalFrame, qnh_hpa: float = STANDARD_HPA) -> None:
        self.permits = {permit.permit_id: permit for permit in permits}
        self._pressure_m = (STANDARD_HPA - qnh_hpa) * METRES_PER_HPA
        self.outlines = {
            permit.permit_id: tuple(
                filed_outline(filed, frame, permit.permit_id) for filed in permit.scope.volumes
            )
            for permit in permits
        }
        self._by_serial: dict[str, list[Permit]] = {}
        self._by_operator: dict[str, list[Permit]] = {}
        for permit in sorted(permits, key=lambda permit: permit.permit_id):
            for serial in permit.scope.serials:
                self._by_serial.setdefault(serial, []).append(permit)
            for operator_id in permit.scope.operator_ids if not permit.scope.serials else ():
                self._by_operator.setdefault(operator_id, []).append(permit)

    def of_serial(self, serial: str) -> list[Permit]:
        """Return the permits that name this serial."""
        return self._by_serial.get(serial, [])

    def of_operator(self, operator_id: str) -> list[Permit]:
        """Return the permits that name this operator, and no serial."""
        return self._by_operator.get(operator_id, []) if operator_id else []

    def best(self, permits: list[Permit], fix: Fix, zones: list[Zone]) -> tuple[Permit | None, Finding]:
        """Return the permit that covers this flight, or comes nearest to it, with what fails."""
        found: tuple[Permit | None, Finding] = (None, Finding(Condition.NOT_GRANTED))
        for permit in permits:
            fails = self.finding(permit, fix, zones)
            if found[0] is None or fails.condition > found[1].condition:
                found = (permit, fails)
        return found

    def finding(self, permit: Permit, fix: Fix, zones: list[Zone]) -> Finding:
        """Return what of a permit fails at `fix`; `zones` are all in force there, strictest first."""
        if permit.state not in GRANTED:
            return Finding(STATE_FAILS.get(permit.state, Condition.NOT_GRANTED))
        outlines = self.outlines[permit.permit_id]
        condition = max(
            self._of_volume(permit, filed, outline, fix)
            for filed, outline in zip(permit.scope.volumes, outlines, strict=True)
        )
        if condition is not Condition.NONE:
            return Finding(condition)
        for zone in zones:
            if restricts(zone) and not opens(permit, zone):
                return Finding(Condition.ZONE_NOT_UNLOCKED, zone)
        return Finding(Condition.NONE)

    def _of_volume(self, permit: Permit, filed: Volume4D, outline: BaseGeometry, fix: Fix) -> Condition:
        thresholds = permit.scope.thresholds
        slack_ns = round(thresholds.time_s * NS_PER_S)
        if not filed.start_utc_ns - slack_ns <= fix.time_utc_ns <= filed.end_utc_ns + slack_ns:
            return Condition.TIME
        edge_m = thresholds.horizontal_m + doubt_m(fix.variance_m2)
        if not shapely.distance(outline, shapely.points(fix.east_m, fix.north_m)) <= edge_m:
            return Condition.VOLUME
        edge_m = thresholds.vertical_m + doubt_m(fix.variance_up_m2)
        floor, ceiling = filed.volume.floor, filed.volume.ceiling
        floor_m, ceiling_m = limit_m(floor), limit_m(ceiling)
        # Written so that a height that is not known (NaN) fails where any height is asked for.
        if (
            floor_m is not None
            and _above_ground(floor, floor_m)
            and not self._height_m(floor, fix) >= floor_m - edge_m
        ):
            return Condition.HEIGHT
        if ceiling_m is not None and not self._height_m(ceiling, fix) <= ceiling_m + edge_m:
            return Condition.HEIGHT
        return Condition.NONE

    def _height_m(self, limit: Limit | None, fix: Fix) -> float:
        match limit.reference if limit is not None else HeightReference.AGL:
            case HeightReference.AGL:
                return fix.height_agl_m
            case HeightReference.AMSL:
                return fix.height_amsl_m
            case HeightReference.HAE:
                return fix.height_hae_m
            case _:
                return fix.height_amsl_m + self._pressure_m


def _above_ground(limit: Limit | None, floor_m: float) -> bool:
    """Return whether a floor is any: on the ground there is nothing below."""
    return limit is not None and not (limit.reference is HeightReference.AGL and floor_m <= 0.0)
