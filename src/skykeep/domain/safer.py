"""The safer of two sayings about one zone, field by field, and what they contradict each other in.

* Outline: where one holds the other, it alone; where neither does, both.
* Limits: the lower floor and the higher ceiling; where the references cannot be compared, both bands.
* Times: where one holds the other, it alone; where they overlap, from the earlier begin to the later end;
  else both.
* Restriction: the stricter.

Outlines that agree to `SAME_PLACE_M` and times that agree to a minute are the same: coordinates in text are
cut to seconds. Outlines are compared on a plane that touches the earth in the middle of the first, which is
good to 50 m out to 100 km; what is farther across is compared all the same, and the safer is still one or
both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import shapely
from msgspec.structs import replace
from shapely.geometry.base import BaseGeometry

from skykeep.base.clock import NS_PER_S
from skykeep.domain.outline import rings_enu_m, rings_lonlat_deg
from skykeep.domain.zone import (
    STRICTNESS,
    Contradiction,
    HeightReference,
    Hours,
    Limit,
    Period,
    Volume,
    Zone,
    limit_m,
)
from skykeep.domain.zone_words import Band, band_text, outline_text, periods_text
from skykeep.geo.frames import LocalFrame

SAME_PLACE_M = 50.0
_SAME_TIME_NS = 60 * NS_PER_S
_DAY_NS = 86_400 * NS_PER_S
_LONGEST_DAYS = 800
ALL_FIELDS = frozenset({"outline", "limits", "periods", "restriction"})

Interval = tuple[int, int]
# How a difference is told: the field, what either says, what is applied.
Differ = Callable[[str, str, str, str], None]


def safer(
    one: Zone, other: Zone, one_name: str, other_name: str, says: frozenset[str] = ALL_FIELDS
) -> tuple[Zone, tuple[Contradiction, ...]]:
    """Return `one` made as safe as either, and where they differ. `says` names the fields that `other` speaks
    of; `one_name` and `other_name` say in the report who says so.
    """
    found: list[Contradiction] = []

    def differ(field: str, one_says: str, other_says: str, applied: str) -> None:
        found.append(
            Contradiction(
                zone_id=one.zone_id,
                field=field,
                one_says=f"{one_says} ({one_name})",
                other_says=f"{other_says} ({other_name})",
                applied=applied,
            )
        )

    zone = one
    if "outline" in says or "limits" in says:
        zone = replace(zone, volumes=_volumes(one, other, says, differ))
    if "periods" in says:
        zone = replace(zone, periods=_periods(one.periods, other.periods, differ))
    if "restriction" in says and one.restriction is not other.restriction:
        strict = max(one, other, key=lambda each: STRICTNESS[each.restriction])
        differ("restriction", one.restriction, other.restriction, strict.restriction)
        zone = replace(zone, restriction=strict.restriction, strictness=max(one.strictness, other.strictness))
    return zone, tuple(found)


def _volumes(one: Zone, other: Zone, says: frozenset[str], differ: Differ) -> tuple[Volume, ...]:
    bands = [(volume.floor, volume.ceiling) for volume in one.volumes]
    other_bands = [(volume.floor, volume.ceiling) for volume in other.volumes]
    if len(set(bands)) > 1 or len(set(other_bands)) > 1:
        return _layered(one, other, differ)
    outlines = [volume.outline for volume in one.volumes]
    others = [volume.outline for volume in other.volumes]
    chosen = outlines
    if "outline" in says:
        shape, other_shape = _shapes(one.volumes, other.volumes)
        holds, held = holds_m(shape, other_shape), holds_m(other_shape, shape)
        if not (holds and held):
            chosen = outlines if holds else others if held else outlines + others
            applied = "the first" if holds else "the second" if held else "both"
            differ("outline", outline_text(one.volumes), outline_text(other.volumes), applied)
    applied_bands = [bands[0]]
    if "limits" in says:
        applied_bands = _bands(bands[0], other_bands[0])
        if not (_same_floor(bands[0], other_bands[0]) and _same_ceiling(bands[0], other_bands[0])):
            words = " and ".join(band_text(band) for band in applied_bands)
            differ("limits", band_text(bands[0]), band_text(other_bands[0]), words)
    if chosen is outlines and applied_bands == bands[:1]:
        return one.volumes
    return tuple(
        Volume(outline=outline, floor=floor, ceiling=ceiling)
        for floor, ceiling in applied_bands
        for outline in chosen
    )


def _layered(one: Zone, other: Zone, differ: Differ) -> tuple[Volume, ...]:
    """Return the volumes of zones in several layers: all of both, unless they are the same."""
    more = tuple(volume for volume in other.volumes if volume not in one.volumes)
    if not more and len(other.volumes) == len(one.volumes):
        return one.volumes
    differ("volumes", f"{len(one.volumes)} volumes", f"{len(other.volumes)} volumes", "all of both")
    return one.volumes + more


def _shapes(one: Sequence[Volume], other: Sequence[Volume]) -> tuple[BaseGeometry, BaseGeometry]:
    first = rings_lonlat_deg(one[0].outline)[0]
    middle = np.mean(first, axis=0)
    frame = LocalFrame(latitude_deg=float(middle[1]), longitude_deg=float(middle[0]), height_hae_m=0.0)
    return _shape(one, frame), _shape(other, frame)


def _shape(volumes: Sequence[Volume], frame: LocalFrame) -> BaseGeometry:
    pieces = []
    for volume in volumes:
        rings = rings_enu_m(volume.outline, frame)
        pieces.append(shapely.make_valid(shapely.Polygon(rings[0], list(rings[1:]))))
    return shapely.union_all(pieces)


def holds_m(outer: BaseGeometry, inner: BaseGeometry) -> bool:
    """Return whether one shape holds another, but for `SAME_PLACE_M`."""
    return bool(outer.buffer(SAME_PLACE_M).covers(inner))


def overlap(one: Sequence[Volume], other: Sequence[Volume]) -> bool:
    """Return whether two zones share ground."""
    shape, other_shape = _shapes(one, other)
    return bool(shape.intersects(other_shape))


def _bands(one: Band, other: Band) -> list[Band]:
    floors = _comparable(one[0], other[0])
    ceilings = _comparable(one[1], other[1])
    if not floors or not ceilings:
        return [one] if one == other else [one, other]
    floor = one[0] if _floor_m(one[0]) <= _floor_m(other[0]) else other[0]
    ceiling = one[1] if _ceiling_m(one[1]) >= _ceiling_m(other[1]) else other[1]
    return [(floor, ceiling)]


def _floor_m(limit: Limit | None) -> float:
    value = limit_m(limit)
    surface = value is None or (limit and limit.reference is HeightReference.AGL and value <= 0.0)
    return -math.inf if surface or value is None else value


def _ceiling_m(limit: Limit | None) -> float:
    value = limit_m(limit)
    return math.inf if value is None else value


def _comparable(one: Limit | None, other: Limit | None) -> bool:
    if one is None or other is None or limit_m(one) is None or limit_m(other) is None:
        return True
    if _floor_m(one) == -math.inf or _floor_m(other) == -math.inf:
        return True
    references = {one.reference, other.reference}
    # A flight level and an altitude of the same number are one thing said twice.
    nominal = references == {HeightReference.AMSL, HeightReference.STD}
    return len(references) == 1 or (nominal and abs((limit_m(one) or 0.0) - (limit_m(other) or 0.0)) < 1.0)


def _same_floor(one: Band, other: Band) -> bool:
    first, second = _floor_m(one[0]), _floor_m(other[0])
    return _comparable(one[0], other[0]) and (first == second or abs(first - second) < 1.0)


def _same_ceiling(one: Band, other: Band) -> bool:
    first, second = _ceiling_m(one[1]), _ceiling_m(other[1])
    return _comparable(one[1], other[1]) and (first == second or abs(first - second) < 1.0)


def _periods(one: tuple[Period, ...], other: tuple[Period, ...], differ: Differ) -> tuple[Period, ...]:
    if one == other:
        return one
    always, other_always = _always(one), _always(other)
    first, second = intervals_of(one), intervals_of(other)
    if first is not None and second is not None:
        holds, held = _cover(first, second), _cover(second, first)
    else:
        holds, held = always, other_always
    if holds and held:
        return one
    applied, words = one + tuple(period for period in other if period not in one), "both"
    if holds or held:
        applied, words = (one, "the first") if holds else (other, "the second")
    elif len(one) == len(other) == 1 and _touch(one[0], other[0]):
        applied = (_joined(one[0], other[0]),)
        words = periods_text(applied)
    differ("periods", periods_text(one), periods_text(other), words)
    return applied


def _always(periods: tuple[Period, ...]) -> bool:
    bare = Period()
    return not periods or any(period.permanent or period == bare for period in periods)


def _touch(one: Period, other: Period) -> bool:
    if one.hours != other.hours or one.time_zone != other.time_zone:
        return False
    begin = max(one.start_utc_ns or -math.inf, other.start_utc_ns or -math.inf)
    end = min(
        math.inf if one.end_utc_ns is None else one.end_utc_ns,
        math.inf if other.end_utc_ns is None else other.end_utc_ns,
    )
    return begin <= end


def _joined(one: Period, other: Period) -> Period:
    begins, ends = (one.start_utc_ns, other.start_utc_ns), (one.end_utc_ns, other.end_utc_ns)
    return replace(
        one,
        start_utc_ns=None if None in begins else min(begin for begin in begins if begin is not None),
        end_utc_ns=None if None in ends else max(end for end in ends if end is not None),
    )


def _cover(outer: list[Interval], inner: list[Interval]) -> bool:
    return all(
        any(a - _SAME_TIME_NS <= begin and end <= b + _SAME_TIME_NS for a, b in outer) for begin, end in inner
    )


def intervals_of(periods: tuple[Period, ...]) -> list[Interval] | None:
    """Return when periods hold, as intervals that do not meet; None where that is open, hangs on the sun or on
    another time zone than UTC.
    """
    intervals: list[Interval] = []
    for period in periods:
        start, end = period.start_utc_ns, period.end_utc_ns
        if period.permanent or start is None or end is None or period.time_zone != "UTC":
            return None
        if end - start > _LONGEST_DAYS * _DAY_NS or any(h.from_event or h.to_event for h in period.hours):
            return None
        pieces = _of_days(start, end, period.hours) if period.hours else [(start, end)]
        intervals += [(max(a, start), min(b, end)) for a, b in pieces if a <= end and b >= start]
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1] + _SAME_TIME_NS:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged if periods else None


def _of_days(start: int, end: int, hours: tuple[Hours, ...]) -> list[Interval]:
    pieces = []
    for day in range(start // _DAY_NS - 1, end // _DAY_NS + 1):
        # The first of January 1970 was a Thursday.
        weekday = (day + 3) % 7
        for each in hours:
            if each.weekdays and weekday not in each.weekdays:
                continue
            begin_s, until_s = each.from_s or 0.0, each.to_s or 86_400.0
            until_s += 86_400.0 if until_s < begin_s else 0.0
            midnight = day * _DAY_NS
            pieces.append((midnight + round(begin_s * NS_PER_S), midnight + round(until_s * NS_PER_S)))
    return pieces
