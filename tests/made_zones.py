"""Zones that our own code makes: any valid one (`zones`), and files of a made-up country (`national_zones`).

The country lies in mid-ocean, 26 to 32 degrees west and 40 to 46 north, so that it can be nobody's.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import strategies as st

from skykeep.domain.zone import (
    NO_CEILING,
    STRICTNESS,
    Circle,
    Edges,
    HeightReference,
    Hours,
    LengthUnit,
    Limit,
    LonLat,
    Period,
    Polygon,
    Restriction,
    Ring,
    SunEvent,
    Text,
    Volume,
    Zone,
    ZoneAuthority,
    ZoneList,
)

WEST_DEG, EAST_DEG, SOUTH_DEG, NORTH_DEG = -32.0, -26.0, 40.0, 46.0
DAY_S = 86_400
_YEAR_2026_NS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
_M_PER_DEG = 111_195.0
_REASONS = ("AIR_TRAFFIC", "SENSITIVE", "PRIVACY", "POPULATION", "NATURE", "NOISE", "EMERGENCY", "OTHER")

# ---- any valid zone, for Hypothesis --------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30)
languages = st.sampled_from(("", "en-GB", "fr-BE", "de", "zh-Hant-TW"))
texts = st.lists(st.builds(Text, text=words, language=languages), max_size=3).map(tuple)
degrees = st.floats(-170.0, 170.0)


@st.composite
def rings(draw: st.DrawFn, centre: LonLat, least: float, most: float) -> Ring:
    """A ring round a centre, its corners anticlockwise and between two distances in degrees."""
    corners = draw(st.integers(3, 9))
    turn = draw(st.floats(0.0, 1.0))
    ring = []
    for k in range(corners):
        away = draw(st.floats(least, most))
        angle = 2.0 * math.pi * (k + turn) / corners
        ring.append((centre[0] + away * math.cos(angle), centre[1] + away * math.sin(angle)))
    return tuple(ring)


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    centre = (draw(degrees), draw(st.floats(-75.0, 75.0)))
    outer = draw(rings(centre, 0.2, 0.4))
    holes = draw(st.lists(rings(centre, 0.01, 0.05), max_size=1))
    return Polygon(rings=(outer, *holes), edges=draw(st.sampled_from(Edges)))


circles = st.builds(
    Circle, longitude_deg=degrees, latitude_deg=st.floats(-80.0, 80.0), radius_m=st.floats(1.0, 100_000.0)
)
limits = st.one_of(
    st.none(),
    st.builds(
        Limit,
        value=st.one_of(st.integers(0, 5_000).map(float), st.floats(0.0, 5_000.0), st.just(NO_CEILING)),
        unit=st.sampled_from((LengthUnit.M, LengthUnit.FT)),
        reference=st.sampled_from((HeightReference.AGL, HeightReference.AMSL, HeightReference.HAE)),
    ),
    st.builds(
        Limit,
        value=st.integers(0, 300).map(float),
        unit=st.just(LengthUnit.FL),
        reference=st.just(HeightReference.STD),
    ),
)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    floor, ceiling = draw(limits), draw(limits)
    if floor is not None and ceiling is not None and floor.value > ceiling.value:
        floor = None
    return Volume(outline=draw(st.one_of(polygons(), circles)), floor=floor, ceiling=ceiling)


seconds_of_day = st.one_of(st.integers(0, DAY_S - 1).map(float), st.floats(0.0, DAY_S - 1.0))
sun_events = st.one_of(st.none(), st.sampled_from(SunEvent))
hours = st.builds(
    Hours,
    weekdays=st.lists(st.integers(0, 6), unique=True, max_size=7).map(tuple),
    from_s=st.one_of(st.none(), seconds_of_day),
    to_s=st.one_of(st.none(), seconds_of_day),
    from_event=sun_events,
    to_event=sun_events,
    from_offset_s=st.sampled_from((0.0, -1_800.0, 900.0)),
    to_offset_s=st.sampled_from((0.0, 1_800.0)),
)
instants_ns = st.one_of(st.none(), st.integers(0, 4_000_000_000 * 10**9))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start, end = draw(instants_ns), draw(instants_ns)
    if start is not None and end is not None and end < start:
        start, end = end, start
    return Period(
        permanent=draw(st.booleans()),
        start_utc_ns=start,
        end_utc_ns=end,
        hours=tuple(draw(st.lists(hours, max_size=3))),
        time_zone=draw(st.sampled_from(("UTC", "UTC", "Europe/Lisbon", "Etc/GMT-2"))),
    )


authorities = st.builds(
    ZoneAuthority,
    name=texts,
    service=texts,
    contact_name=texts,
    site_url=st.sampled_from(("", "https://authority.example/zones", "authority.example")),
    email=st.sampled_from(("", "zones@authority.example", "not an address")),
    phone=st.sampled_from(("", "+00 555 0100")),
    purpose=st.sampled_from(("", "AUTHORIZATION", "NOTIFICATION", "INFORMATION")),
    interval_before=st.sampled_from(("", "P2D", "PT12H", "two days")),
)


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    """Any zone that is valid, whatever a format can say of it."""
    restriction = draw(st.sampled_from(Restriction))
    return Zone(
        zone_id=draw(st.one_of(st.from_regex(r"[A-Z0-9]{1,7}", fullmatch=True), words)),
        name=draw(words),
        restriction=restriction,
        volumes=tuple(draw(st.lists(volumes(), min_size=1, max_size=3))),
        strictness=draw(st.sampled_from((STRICTNESS[restriction], 0, 77, 100))),
        document=draw(words),
        periods=tuple(draw(st.lists(periods(), max_size=3))),
        authority_id=draw(st.sampled_from(("", "city"))),
        country=draw(st.sampled_from(("", "ATL", "XYZ"))),
        variant=draw(st.sampled_from(("COMMON", "CUSTOMIZED"))),
        names=draw(texts),
        conditions=draw(texts),
        region=draw(st.one_of(st.none(), st.integers(0, 65_535))),
        reasons=tuple(draw(st.lists(st.sampled_from(_REASONS), unique=True, max_size=3))),
        other_reason=draw(texts),
        regulation_exemption=draw(st.sampled_from(("", "YES", "NO"))),
        u_space_class=draw(st.sampled_from(("", "CORE"))),
        message=draw(st.one_of(texts, words.map(lambda word: (Text(text=word * 60),)))),
        authorities=tuple(draw(st.lists(authorities, max_size=2))),
        extra=draw(
            st.sampled_from(((), (("note", '{"a":[1,null]}'),), (("extendedProperties", '{"b":2}'),)))
        ),
    )


# ---- a made-up country ---------------------------------------------------------------------------------


def national_zones(count: int, seed: int = 1) -> tuple[Zone, ...]:
    """Return so many zones of the shapes, sizes, heights and hours that national files have. The same seed
    gives the same zones.
    """
    dice = random.Random(seed)
    return tuple(_national_zone(number, dice) for number in range(count))


def national_list(count: int, seed: int = 1) -> ZoneList:
    """Return such a country's file."""
    return ZoneList(
        format="made",
        zones=national_zones(count, seed),
        title=(Text(text="Zones of a made-up country"),),
        provider=(Text(text="Made-up Aviation Office"),),
        issued_utc_ns=_YEAR_2026_NS,
    )


def _national_zone(number: int, dice: random.Random) -> Zone:
    kind, shape, reason, restrictions = dice.choices(_KINDS, _SHARES)[0]
    centre = (dice.uniform(WEST_DEG, EAST_DEG), dice.uniform(SOUTH_DEG, NORTH_DEG))
    restriction = dice.choice(restrictions)
    pieces = 2 if dice.random() < 0.05 else 1
    outlines = [shape(dice, (centre[0] + 0.3 * piece, centre[1])) for piece in range(pieces)]
    name = f"{kind} {number}"
    return Zone(
        zone_id=f"M{number:05d}",
        name=name,
        restriction=restriction,
        volumes=tuple(_volume(dice, outline) for outline in outlines),
        strictness=STRICTNESS[restriction],
        document=f"{name} (M{number:05d})",
        periods=_national_periods(dice),
        country="ATL",
        reasons=(reason,),
        message=(Text(text=f"{restriction.value.title()} at {name}."),) if dice.random() < 0.5 else (),
        authorities=(
            ZoneAuthority(
                name=(Text(text="Made-up Aviation Office"),),
                email="zones@authority.example",
                purpose="AUTHORIZATION",
            ),
        ),
    )


def _heliport(dice: random.Random, centre: LonLat) -> Circle:
    radius_m = dice.choice((150.0, 500.0, 500.0, 1_200.0, 3_000.0, dice.uniform(50.0, 9_000.0)))
    return Circle(longitude_deg=round(centre[0], 7), latitude_deg=round(centre[1], 7), radius_m=radius_m)


def _river(dice: random.Random, centre: LonLat) -> Polygon:
    """A band about a winding line, some hundred corners long."""
    steps, course, half_width_m = dice.randrange(30, 200), dice.uniform(0.0, 6.3), dice.uniform(50.0, 900.0)
    east, north, left, right = 0.0, 0.0, [], []
    for k in range(steps):
        # Slow turns only, so that the banks never cross.
        bearing = course + 0.5 * math.sin(k / 9.0)
        east += 2.2 * half_width_m * math.cos(bearing)
        north += 2.2 * half_width_m * math.sin(bearing)
        aside = (-math.sin(bearing) * half_width_m, math.cos(bearing) * half_width_m)
        left.append(_lonlat(centre, east + aside[0], north + aside[1]))
        right.append(_lonlat(centre, east - aside[0], north - aside[1]))
    return Polygon(rings=(tuple(left + right[::-1]),))


def _reserve(dice: random.Random, centre: LonLat) -> Polygon:
    """A ragged shore of up to two thousand corners, with lakes."""
    size_m = dice.uniform(500.0, 12_000.0)
    corners = dice.choice((40, 120, 300, 1_000, 2_000))
    outer = _ragged(dice, centre, 0.6 * size_m, size_m, corners)
    holes = []
    for k in range(dice.choice((0, 0, 1, 3))):
        lake = _lonlat(centre, 0.35 * size_m * math.cos(2.1 * k), 0.35 * size_m * math.sin(2.1 * k))
        holes.append(_ragged(dice, lake, 0.05 * size_m, 0.12 * size_m, max(12, corners // 8)))
    return Polygon(rings=(outer, *holes))


def _ragged(dice: random.Random, centre: LonLat, least_m: float, most_m: float, corners: int) -> Ring:
    waves = [(dice.randrange(2, 40), dice.uniform(0.0, 6.3)) for _ in range(5)]
    ring = []
    for k in range(corners):
        angle = 2.0 * math.pi * k / corners
        swell = sum(math.sin(often * angle + phase) for often, phase in waves) / len(waves)
        away_m = 0.5 * (least_m + most_m) + 0.5 * (most_m - least_m) * swell
        ring.append(_lonlat(centre, away_m * math.cos(angle), away_m * math.sin(angle)))
    return tuple(ring)


def _airport(dice: random.Random, centre: LonLat) -> Polygon:
    """A keyhole: a disc with an approach strip laid on it."""
    radius_m, course = dice.uniform(2_000.0, 9_000.0), dice.uniform(0.0, 6.3)
    half_width_m, reach_m = 0.3 * radius_m, dice.uniform(1.5, 3.0) * radius_m
    gap = math.asin(half_width_m / radius_m)
    angles = [gap + (2.0 * math.pi - 2.0 * gap) * k / 96 for k in range(97)]
    corners_m = [(radius_m * math.cos(angle), radius_m * math.sin(angle)) for angle in angles]
    corners_m += [(reach_m, -half_width_m), (reach_m, half_width_m)]
    cos, sin = math.cos(course), math.sin(course)
    return Polygon(
        rings=(tuple(_lonlat(centre, x * cos - y * sin, x * sin + y * cos) for x, y in corners_m),)
    )


def _block(dice: random.Random, centre: LonLat) -> Polygon:
    """A works, a prison, a harbour: a few corners."""
    return Polygon(rings=(_ragged(dice, centre, 100.0, dice.uniform(200.0, 2_000.0), dice.randrange(4, 14)),))


def _lonlat(centre: LonLat, east_m: float, north_m: float) -> LonLat:
    latitude = centre[1] + north_m / _M_PER_DEG
    return (
        round(centre[0] + east_m / (_M_PER_DEG * math.cos(math.radians(centre[1]))), 7),
        round(latitude, 7),
    )


_P, _R, _C, _N = (
    Restriction.PROHIBITED,
    Restriction.REQ_AUTHORISATION,
    Restriction.CONDITIONAL,
    Restriction.NO_RESTRICTION,
)
_Shape = Callable[[random.Random, LonLat], Polygon | Circle]
_KINDS: tuple[tuple[str, _Shape, str, tuple[Restriction, ...]], ...] = (
    ("Heliport", _heliport, "AIR_TRAFFIC", (_R, _R, _C)),
    ("River", _river, "NATURE", (_C, _N)),
    ("Reserve", _reserve, "NATURE", (_P, _R, _C)),
    ("Airport", _airport, "AIR_TRAFFIC", (_R, _P)),
    ("Works", _block, "SENSITIVE", (_P, _R, _C)),
)
_SHARES = (45, 5, 10, 10, 30)


def _volume(dice: random.Random, outline: Polygon | Circle) -> Volume:
    roll = dice.random()
    if roll < 0.5:
        floor, ceiling = Limit(value=0.0), Limit(value=dice.choice((50.0, 120.0, 150.0)))
    elif roll < 0.65:
        floor, ceiling = None, Limit(value=NO_CEILING, reference=HeightReference.AMSL)
    elif roll < 0.75:
        floor, ceiling = None, None
    elif roll < 0.9:
        top_ft = float(dice.randrange(5, 50) * 100)
        floor = Limit(value=dice.choice((0.0, 200.0)), unit=LengthUnit.FT)
        ceiling = Limit(value=top_ft, unit=LengthUnit.FT, reference=HeightReference.AMSL)
    else:
        floor = Limit(value=dice.choice((50.0, 120.0)))
        ceiling = Limit(value=dice.choice((600.0, 1_500.0)), reference=HeightReference.AMSL)
    return Volume(outline=outline, floor=floor, ceiling=ceiling)


def _national_periods(dice: random.Random) -> tuple[Period, ...]:
    roll = dice.random()
    if roll < 0.6:
        return (Period(permanent=True),)
    if roll < 0.65:
        return ()
    start = _YEAR_2026_NS + dice.randrange(300) * DAY_S * 10**9
    end = start + dice.randrange(1, 120) * DAY_S * 10**9
    if roll < 0.75:
        return (Period(permanent=True, start_utc_ns=start, end_utc_ns=end),)
    if roll < 0.85:
        return (Period(start_utc_ns=start, end_utc_ns=end), Period(start_utc_ns=end + 30 * DAY_S * 10**9))
    from_s = float(dice.randrange(4, 12) * 3_600)
    to_s = dice.choice((0.0, 59_400.0, 75_600.0, 86_399.0, 3_600.0))
    working = Hours(weekdays=(0, 1, 2, 3, 4), from_s=from_s, to_s=to_s)
    weekend = Hours(weekdays=(5, 6), from_s=36_000.0, to_s=64_800.0)
    some = dice.choice(((working,), (working, weekend), (Hours(from_s=from_s, to_s=to_s),)))
    return (Period(start_utc_ns=start, end_utc_ns=end, hours=some),)
