"""The words scenario files are written with: bounded numbers, names, spots and outlines.

Places are ids of the world's places; bearings are degrees clockwise from north, as people write them. A pair
`[low, high]` is drawn evenly between the two for each seed.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Positive: TypeAlias = Annotated[float, Meta(gt=0.0)]
NotNegative: TypeAlias = Annotated[float, Meta(ge=0.0)]
Share: TypeAlias = Annotated[float, Meta(ge=0.0, le=1.0)]
Bearing: TypeAlias = Annotated[float, Meta(ge=-360.0, le=360.0)]
Elevation: TypeAlias = Annotated[float, Meta(ge=-90.0, le=90.0)]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Serial: TypeAlias = Annotated[str, Meta(pattern="^[0-9A-HJ-NP-Z]{4}[1-9A-F][0-9A-HJ-NP-Z]{1,15}$")]
Between: TypeAlias = tuple[float, float]
Echo: TypeAlias = Annotated[float, Meta(ge=-60.0, le=60.0)]
EchoBetween: TypeAlias = tuple[Echo, Echo]


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything a scenario may say; what it may not say is refused."""


class Spot(Plan, frozen=True, kw_only=True):
    """A point: a place of the world, or so far from it on a bearing."""

    place: Name
    bearing_deg: Bearing = 0.0
    distance_m: NotNegative = 0.0


class Stand(Plan, frozen=True, kw_only=True):
    """Where a sensor stands: one of the world's sensor sites, or a mast at a spot."""

    site: str = ""
    at: Spot | None = None
    mast_m: NotNegative = 10.0


class Outline(Plan, frozen=True, kw_only=True):
    """A circle (`radius_m`) or a rectangle (`length_m` along `bearing_deg`, `width_m` across)."""

    at: Spot
    radius_m: NotNegative = 0.0
    length_m: NotNegative = 0.0
    width_m: NotNegative = 0.0
    bearing_deg: Bearing = 0.0
