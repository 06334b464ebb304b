"""Places and times as the register's API says them: the nouns of the register with bounds, unknown fields
refused, and times in RFC 3339 where the nouns have nanoseconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import shapely
from msgspec import Meta

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.permit import Volume4D
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    Hours,
    LengthUnit,
    Limit,
    Period,
    Polygon,
    SunEvent,
    Volume,
    limit_m,
)

# What int64 nanoseconds hold, in whole years.
FIRST_YEAR, LAST_YEAR = 1970, 2200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Word = Annotated[str, Meta(max_length=200)]
Sentence = Annotated[str, Meta(max_length=2_000)]
Time = Annotated[datetime, Meta(tz=True, description="RFC 3339 with its offset, 1970 to 2200.")]
Longitude = Annotated[float, Meta(ge=-360, le=360)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Height = Annotated[float, Meta(ge=-1_000, le=100_000)]
Corner = tuple[Longitude, Latitude]
Ring = Annotated[tuple[Corner, ...], Meta(min_length=3, max_length=10_000)]
SecondOfDay = Annotated[float, Meta(ge=0, le=86_400)]
Offset = Annotated[float, Meta(ge=-43_200, le=43_200)]
Weekday = Annotated[int, Meta(ge=0, le=6, description="0 is Monday.")]


class LimitBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    value: Height
    unit: LengthUnit = LengthUnit.M
    reference: HeightReference = HeightReference.AGL


class PolygonBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="polygon"):
    """The first ring is the outer one, the others are holes; longitude first."""

    rings: Annotated[tuple[Ring, ...], Meta(min_length=1, max_length=100)]


class CircleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="circle"):
    longitude_deg: Longitude
    latitude_deg: Latitude
    radius_m: Annotated[float, Meta(gt=0, le=1_000_000)]


class VolumeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An outline between two limits; no floor is the surface, no ceiling none at all."""

    outline: PolygonBody | CircleBody
    floor: LimitBody | None = None
    ceiling: LimitBody | None = None


class Volume4DBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    volume: VolumeBody
    start: Time
    end: Time


class HoursBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of some days; no weekdays is every day. An end before its begin runs past midnight."""

    weekdays: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    from_s: SecondOfDay | None = None
    to_s: SecondOfDay | None = None
    from_event: SunEvent | None = None
    to_event: SunEvent | None = None
    from_offset_s: Offset = 0.0
    to_offset_s: Offset = 0.0


class PeriodBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    permanent: bool = False
    start: Time | None = None
    end: Time | None = None
    hours: Annotated[tuple[HoursBody, ...], Meta(max_length=50)] = ()
    time_zone: Name = "UTC"


def utc_ns(time: datetime, field: str) -> int:
    """Return a time in nanoseconds."""
    if not FIRST_YEAR <= time.year < LAST_YEAR:
        raise InputError(field, f"the year {time.year}", f"{FIRST_YEAR} to {LAST_YEAR - 1}")
    since = time - _EPOCH
    whole_ns = (since.days * 86_400 + since.seconds) * NS_PER_S + since.microseconds * 1_000
    if whole_ns < 0:
        raise InputError(field, time.isoformat(), f"{FIRST_YEAR} or later")
    return whole_ns


def time_of(time_utc_ns: int) -> datetime:
    """Return nanoseconds as a time, to the microsecond; what no calendar holds is its end."""
    try:
        return _EPOCH + timedelta(microseconds=time_utc_ns // 1_000)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if time_utc_ns > 0 else datetime.min.replace(tzinfo=UTC)


def time_from_text(text: str, field: str) -> int:
    """Return a time of the query in nanoseconds."""
    try:
        time = msgspec.convert(text, Time)
    except msgspec.ValidationError:
        raise InputError(field, text[:60], "RFC 3339 with its offset, as 2031-05-03T02:14:07Z") from None
    return utc_ns(time, field)


def volume_of(body: VolumeBody, field: str) -> Volume:
    """Return a volume; InputError when its outline bounds no area or its ceiling is under its floor."""
    floor, ceiling = _limit_of(body.floor), _limit_of(body.ceiling)
    if floor is not None and ceiling is not None and floor.reference is ceiling.reference:
        low_m, high_m = limit_m(floor), limit_m(ceiling)
        if high_m is not None and (low_m is None or high_m < low_m):
            raise InputError(f"{field}.ceiling", f"{ceiling.value:g}", "at least the floor")
    return Volume(outline=_outline_of(body.outline, f"{field}.outline"), floor=floor, ceiling=ceiling)


def volume_body(volume: Volume) -> VolumeBody:
    """Return how a volume is said."""
    outline = volume.outline
    said: PolygonBody | CircleBody
    if isinstance(outline, Circle):
        said = CircleBody(outline.longitude_deg, outline.latitude_deg, outline.radius_m)
    else:
        said = PolygonBody(outline.rings)
    return VolumeBody(said, _limit_body(volume.floor), _limit_body(volume.ceiling))


def volume4d_of(body: Volume4DBody, field: str) -> Volume4D:
    """Return a volume for a time; InputError when it ends before it starts."""
    start_utc_ns, end_utc_ns = utc_ns(body.start, f"{field}.start"), utc_ns(body.end, f"{field}.end")
    if end_utc_ns <= start_utc_ns:
        raise InputError(f"{field}.end", body.end.isoformat(), "after the start")
    volume = volume_of(body.volume, f"{field}.volume")
    return Volume4D(volume=volume, start_utc_ns=start_utc_ns, end_utc_ns=end_utc_ns)


def volume4d_body(volume: Volume4D) -> Volume4DBody:
    """Return how a volume for a time is said."""
    return Volume4DBody(volume_body(volume.volume), time_of(volume.start_utc_ns), time_of(volume.end_utc_ns))


def period_of(body: PeriodBody, field: str) -> Period:
    """Return a period; InputError when its time zone is not known or it ends before it starts."""
    try:
        ZoneInfo(body.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"{field}.time_zone", body.time_zone[:60], "an IANA name, as Europe/Rome") from None
    start_utc_ns = utc_ns(body.start, f"{field}.start") if body.start else None
    end_utc_ns = utc_ns(body.end, f"{field}.end") if body.end else None
    if start_utc_ns is not None and end_utc_ns is not None and end_utc_ns < start_utc_ns:
        raise InputError(f"{field}.end", str(body.end), "not before the start")
    return Period(
        permanent=body.permanent,
        start_utc_ns=start_utc_ns,
        end_utc_ns=end_utc_ns,
        hours=tuple(Hours(**msgspec.structs.asdict(hours)) for hours in body.hours),
        time_zone=body.time_zone,
    )


def period_body(period: Period) -> PeriodBody:
    """Return how a period is said."""
    return PeriodBody(
        permanent=period.permanent,
        start=None if period.start_utc_ns is None else time_of(period.start_utc_ns),
        end=None if period.end_utc_ns is None else time_of(period.end_utc_ns),
        hours=tuple(HoursBody(**msgspec.structs.asdict(hours)) for hours in period.hours),
        time_zone=period.time_zone,
    )


def _limit_of(body: LimitBody | None) -> Limit | None:
    return None if body is None else Limit(value=body.value, unit=body.unit, reference=body.reference)


def _limit_body(limit: Limit | None) -> LimitBody | None:
    return None if limit is None else LimitBody(limit.value, limit.unit, limit.reference)


def _outline_of(body: PolygonBody | CircleBody, field: str) -> Polygon | Circle:
    if isinstance(body, CircleBody):
        return Circle(
            longitude_deg=body.longitude_deg, latitude_deg=body.latitude_deg, radius_m=body.radius_m
        )
    drawn = shapely.Polygon(body.rings[0], body.rings[1:])
    if not drawn.is_valid or drawn.area == 0.0:
        must = "rings that cross neither themselves nor one another, round some area, holes inside"
        raise InputError(f"{field}.rings", shapely.is_valid_reason(drawn)[:120], must)
    return Polygon(rings=body.rings)
