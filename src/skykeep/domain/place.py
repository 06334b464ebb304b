"""Where we keep watch: the site, what is protected there, and who is on duty.

All positions are in the site's local frame: metres east, north and up of the origin's tangent plane
(`_enu_m`). Heights above ground (`_agl_m`) and above mean sea level (`_amsl_m`) are said by name; over the
demo world the geoid is the ellipsoid.
"""

from __future__ import annotations

import enum

import msgspec

from skykeep.base.compile import FloatArray
from skykeep.domain.actor import Right

Vector = tuple[float, float, float]
Point = tuple[float, float]


class AssetKind(enum.StrEnum):
    RESIDENCE = "residence"
    AIRPORT = "airport"
    STADIUM = "stadium"
    SQUARE = "square"
    HOSPITAL = "hospital"
    OTHER = "other"


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """A protected place: a point with a keep-out radius (`breach_radius_m`) and an outer ring
    (`warning_radius_m`).

    `consequence` (0..1) says how bad a breach would be with the place occupied as `occupancy_persons` says.
    `principal_present` is whether the person under protection is there: None when not known, and then
    treated as present.
    """

    asset_id: str
    name: str
    kind: AssetKind
    position_enu_m: Vector
    breach_radius_m: float
    warning_radius_m: float
    consequence: float = 1.0
    occupancy_persons: int = 0
    principal_present: bool | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on duty, by role: who may acknowledge, approve and carry out tasks; `rights` are those over
    permits and restrictions.
    """

    person_id: str
    name: str
    role: str
    may_approve: bool = False
    rights: tuple[Right, ...] = ()


class PopulationGrid(msgspec.Struct, frozen=True, kw_only=True):
    """People in the open or under light roofs, per square cell, by day, in the evening and by night.

    `night_persons`, `day_persons` and `evening_persons` have shape (rows, columns): row 0 is southernmost,
    column 0 westernmost; NaN is not known, never nobody. Where the evening is not known (None), half of the
    night's and half of the day's stand for it.
    """

    west_m: float
    south_m: float
    cell_m: float
    night_persons: FloatArray
    day_persons: FloatArray
    evening_persons: FloatArray | None = None
