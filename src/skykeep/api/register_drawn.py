"""From what was drawn at the console to the nouns of a zone."""

from __future__ import annotations

from skykeep.api.register_commands import Drawn, Time
from skykeep.api.register_views import moment_says
from skykeep.base.errors import InputError
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    Hours,
    Limit,
    Period,
    Polygon,
    Volume,
)


def drawn_volumes(drawn: Drawn) -> tuple[Volume, ...]:
    """Return the volume that was drawn; InputError where it has no outline, two, or its limits cross."""
    if (drawn.polygon is None) == (drawn.circle is None):
        found = "neither" if drawn.circle is None else "both"
        raise InputError("polygon, circle", found, "one of them")
    if drawn.floor_m is not None and drawn.ceiling_m is not None and drawn.floor_m >= drawn.ceiling_m:
        raise InputError("ceiling_m", f"{drawn.ceiling_m:g}", f"above the floor, {drawn.floor_m:g}")
    reference = HeightReference(drawn.reference)
    outline: Polygon | Circle
    if drawn.circle is not None:
        circle = drawn.circle
        outline = Circle(longitude_deg=circle.lon, latitude_deg=circle.lat, radius_m=circle.radius_m)
    else:
        assert drawn.polygon is not None
        ring = drawn.polygon[:-1] if drawn.polygon[0] == drawn.polygon[-1] else drawn.polygon
        if len(set(ring)) < 3:
            raise InputError("polygon", f"{len(set(ring))} different corners", "at least 3")
        outline = Polygon(rings=(ring,))
    floor = None if drawn.floor_m is None else Limit(value=drawn.floor_m, reference=reference)
    ceiling = None if drawn.ceiling_m is None else Limit(value=drawn.ceiling_m, reference=reference)
    return (Volume(outline=outline, floor=floor, ceiling=ceiling),)


def drawn_periods(drawn: Drawn) -> tuple[Period, ...]:
    """Return when what was drawn holds; InputError where it ends before it begins."""
    start, end = _time(drawn.start_utc_ns), _time(drawn.end_utc_ns)
    if start is not None and end is not None and end <= start:
        raise InputError("end_utc_ns", moment_says(end), f"after the start, {moment_says(start)}")
    hours = tuple(Hours(weekdays=h.weekdays, from_s=h.from_s, to_s=h.to_s) for h in drawn.hours)
    if start is None and end is None and not hours:
        return (Period(permanent=True),)
    return (Period(start_utc_ns=start, end_utc_ns=end, hours=hours, time_zone=drawn.time_zone),)


def _time(time_utc_ns: Time | None) -> int | None:
    return None if time_utc_ns is None else int(time_utc_ns)
