"""What every piece of a site's file is written in: names, places on the globe, and bounds."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.domain.place import Vector
from skykeep.geo.frames import LocalFrame

Text = msgspec.Struct
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Latitude = Annotated[float, Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Meta(ge=-180.0, le=180.0)]
Height = Annotated[float, Meta(ge=-500.0, le=10_000.0)]
Positive = Annotated[float, Meta(gt=0.0, le=1e7)]
NotNegative = Annotated[float, Meta(ge=0.0, le=1e7)]


class PlaceText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Name
    name: Name
    latitude_deg: Latitude
    longitude_deg: Longitude
    height_m: Height = 0.0


def vector_of(each: PlaceText, frame: LocalFrame) -> Vector:
    east_m, north_m, up_m = frame.to_enu_m(each.latitude_deg, each.longitude_deg, each.height_m).tolist()
    return east_m, north_m, up_m
