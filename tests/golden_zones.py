"""Which zones are in force where and when, by another engine: PostGIS for places, SQL for height and time.

What is asked is read here from the files' own JSON (`rows_of_json`) where they are JSON that is like ED-269,
else from zones (`rows_of_zones`): no line of our engine has a part in the answers. Places are kept away from
edges; heights and times are often exactly a floor, a ceiling, a begin or an end.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from skykeep.base.clock import from_iso_utc, iso_utc
from skykeep.domain.zone import Circle, Edges, Limit, Period, Zone

Row = dict[str, Any]
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
METRES = {"M": 1.0, "FT": 0.3048, "FL": 30.48}

CREATE_VOLUME = """
CREATE TABLE volume (
    zone_id text, planar geometry, edge geometry, geodesic geography, rim geography, centre geography,
    reach geometry, radius_m float8, floor float8, floor_unit text, floor_ref text, ceiling float8,
    ceiling_unit text, ceiling_ref text, periods jsonb)
"""
CREATE_QUERY = "CREATE TABLE query (k int, place geometry, height_m float8, ground_m float8, at timestamptz)"
CREATE_METRES = """
CREATE FUNCTION metres(value float8, unit text) RETURNS float8 IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN value >= 99999 THEN NULL WHEN unit = 'FT' THEN value * 0.3048::float8
        WHEN unit = 'FL' THEN value * 30.48::float8 ELSE value END $$
"""
CREATE_HOLDS = """
CREATE FUNCTION holds(period jsonb, at timestamp) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT period->>'permanent' = 'YES' OR (
        coalesce(at >= (period->>'startDateTime')::timestamptz AT TIME ZONE 'UTC', true)
        AND coalesce(at <= (period->>'endDateTime')::timestamptz AT TIME ZONE 'UTC', true)
        AND (coalesce(jsonb_typeof(period->'schedule'), 'null') = 'null'
            OR jsonb_array_length(period->'schedule') = 0
            OR EXISTS (SELECT FROM jsonb_array_elements(period->'schedule') AS part,
                LATERAL (SELECT at::time AS clock, rtrim(part->>'startTime', 'Z')::time AS begin,
                    rtrim(part->>'endTime', 'Z')::time AS finish,
                    part->'day' ? 'ANY' OR part->'day' ? upper(to_char(at, 'DY')) AS today,
                    part->'day' ? 'ANY' OR part->'day' ? upper(to_char(at - interval '1 day', 'DY')) AS before
                ) AS said
                WHERE CASE
                    WHEN finish = '00:00' THEN today AND clock >= begin
                    WHEN finish >= begin THEN today AND clock BETWEEN begin AND finish
                    ELSE (today AND clock >= begin) OR (before AND clock <= finish) END))) $$
"""
FILL_VOLUMES = """
INSERT INTO volume
SELECT zone_id, flat, ST_Boundary(flat), bent, ST_Boundary(bent::geometry)::geography,
    ST_SetSRID(ST_Point(lon, lat), 4326)::geography,
    ST_Envelope(ST_Buffer(ST_SetSRID(ST_Point(lon, lat), 4326)::geography, radius_m * 1.2 + 100.0)::geometry),
    radius_m, floor, floor_unit, floor_ref, ceiling,
    ceiling_unit, ceiling_ref, periods
FROM jsonb_to_recordset(cast(:rows AS jsonb)) AS said(zone_id text, shape text, edges text, lon float8,
    lat float8, radius_m float8, floor float8, floor_unit text, floor_ref text, ceiling float8,
    ceiling_unit text, ceiling_ref text, periods jsonb),
LATERAL (SELECT CASE WHEN edges = 'planar'
        THEN ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(said.shape), 4326), 'method=structure') END AS flat,
    CASE WHEN edges = 'geodesic' THEN ST_SetSRID(ST_GeomFromGeoJSON(said.shape), 4326)::geography END AS bent
) AS made
"""
FILL_QUERIES = """
INSERT INTO query SELECT k, ST_SetSRID(ST_Point(lon, lat), 4326), height_agl_m, ground_amsl_m, time
FROM jsonb_to_recordset(cast(:rows AS jsonb)) AS said(k int, lon float8, lat float8, height_agl_m float8,
    ground_amsl_m float8, time timestamptz)
"""
NEAR_AN_EDGE = """
DELETE FROM query WHERE EXISTS (SELECT FROM volume WHERE ST_DWithin(edge, place, :edge_deg))
    OR EXISTS (SELECT FROM volume WHERE ST_DWithin(rim, place::geography, :rim_m))
    OR EXISTS (SELECT FROM volume WHERE reach && place
        AND abs(ST_Distance(centre, place::geography) - radius_m) < :circle_m)
"""
MARGINS = {"edge_deg": 2e-4, "rim_m": 60.0, "circle_m": 5.0}
ANSWER = """
WITH held AS (
    SELECT * FROM query JOIN volume ON ST_Intersects(planar, place)
    UNION ALL SELECT * FROM query JOIN volume ON ST_Intersects(geodesic, place::geography)
    UNION ALL SELECT * FROM query JOIN volume
        ON reach && place AND ST_DWithin(centre, place::geography, radius_m))
SELECT DISTINCT k, zone_id FROM held
WHERE coalesce(CASE floor_ref WHEN 'AGL' THEN height_m ELSE height_m + ground_m END
        >= metres(floor, floor_unit), true)
    AND coalesce(CASE ceiling_ref WHEN 'AGL' THEN height_m ELSE height_m + ground_m END
        <= metres(ceiling, ceiling_unit), true)
    AND (periods IS NULL OR jsonb_array_length(periods) = 0 OR EXISTS (
        SELECT FROM jsonb_array_elements(periods) AS period WHERE holds(period, at AT TIME ZONE 'UTC')))
"""


def rows_of_json(path: Path) -> list[Row]:
    """Return the volumes of a file in ED-269's JSON, or in GeoJSON with its members, as they stand there."""
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    features = document
    if isinstance(document, dict):
        features = document.get("features", document.get("UASZoneList"))
    rows: list[Row] = []
    for feature in features:
        said = feature.get("properties", feature)
        zone_id = said.get("identifier", said.get("id"))
        periods = said.get("applicability") or None
        geometry = feature["geometry"]
        for part in geometry if isinstance(geometry, list) else [geometry]:
            limits = part if "horizontalProjection" in part else said
            unit = limits.get("uomDimensions", limits.get("unit"))
            row: Row = {"zone_id": zone_id, "periods": periods, "edges": "planar", "shape": None}
            for name, ours in (("lower", "floor"), ("upper", "ceiling")):
                row[ours] = limits.get(f"{name}Limit")
                row[f"{ours}_unit"] = unit
                row[f"{ours}_ref"] = limits.get(f"{name}VerticalReference", limits.get(f"{name}Reference"))
            shape = part.get("horizontalProjection", part)
            if shape["type"] == "Circle":
                row |= {"lon": shape["center"][0], "lat": shape["center"][1], "radius_m": shape["radius"]}
            else:
                row["shape"] = json.dumps({"type": shape["type"], "coordinates": shape["coordinates"]})
            rows.append(row)
    return rows


def rows_of_zones(zones: Iterable[Zone]) -> list[Row]:
    """Return the volumes of zones; those with a sun or a time zone of their own are left to other tests."""
    return [row for zone in zones if _is_plain(zone) for row in _rows_of_zone(zone)]


def _is_plain(zone: Zone) -> bool:
    return all(
        not period.hours
        or (period.time_zone == "UTC" and all(not (h.from_event or h.to_event) for h in period.hours))
        for period in zone.periods
    )


def _rows_of_zone(zone: Zone) -> Iterator[Row]:
    for volume in zone.volumes:
        row: Row = {"zone_id": zone.zone_id, "periods": [_period(each) for each in zone.periods]}
        row |= _limit("floor", volume.floor) | _limit("ceiling", volume.ceiling)
        outline = volume.outline
        if isinstance(outline, Circle):
            place = {"lon": outline.longitude_deg, "lat": outline.latitude_deg}
            yield row | place | {"radius_m": outline.radius_m, "edges": "planar", "shape": None}
            continue
        rings = [[*ring, ring[0]] if ring[0] != ring[-1] else list(ring) for ring in outline.rings]
        shape = json.dumps({"type": "Polygon", "coordinates": rings})
        yield row | {"shape": shape, "edges": "geodesic" if outline.edges is Edges.GEODESIC else "planar"}


def _limit(name: str, limit: Limit | None) -> Row:
    if limit is None:
        return {name: None, f"{name}_unit": "M", f"{name}_ref": "AGL"}
    return {name: limit.value, f"{name}_unit": limit.unit.value, f"{name}_ref": limit.reference.value}


def _period(period: Period) -> Row:
    said: Row = {"permanent": "YES" if period.permanent else "NO"}
    for name, time_utc_ns in (("startDateTime", period.start_utc_ns), ("endDateTime", period.end_utc_ns)):
        said[name] = None if time_utc_ns is None else iso_utc(time_utc_ns)
    said["schedule"] = [
        {
            "day": [DAYS[day] for day in hours.weekdays] or ["ANY"],
            "startTime": _clock(hours.from_s),
            "endTime": _clock(hours.to_s),
        }
        for hours in period.hours
    ]
    return said


def _clock(seconds: float | None) -> str:
    whole = int(seconds or 0.0) % 86_400
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}Z"


def make_queries(rows: list[Row], count: int, seed: int) -> list[Row]:
    """Return places in and about zones, at telling heights and times, in whole seconds."""
    dice = random.Random(seed)
    # Not by area or number: those with something to say are asked more often.
    telling = [row for row in rows if (row["periods"] and _says_when(row["periods"])) or row["floor"]]
    by_hours = [row for row in rows if _says_hours(row["periods"] or [])]
    holed = [row for row in rows if row["shape"] and _rings(row) > 1]
    queries = []
    for k in range(count):
        pick = dice.random()
        pools = (by_hours, telling, holed, rows)
        pool = pools[0 if pick < 0.2 else 1 if pick < 0.5 else 2 if pick < 0.6 else 3]
        row = dice.choice(pool or rows)
        west, south, east, north = _box(row)
        wide, high = east - west, north - south
        lon = max(-180.0, min(180.0, dice.uniform(west - 0.1 * wide, east + 0.1 * wide)))
        lat = dice.uniform(south - 0.1 * high, north + 0.1 * high)
        ground_m = dice.choice((0.0, 0.0, 4.0, 57.5, 130.0, 640.0))
        queries.append(
            {
                "k": k, "lon": round(lon, 7), "lat": round(max(-90.0, min(90.0, lat)), 7),
                "height_agl_m": _height_m(row, ground_m, dice), "ground_amsl_m": ground_m,
                "time": _time(row["periods"] or [], dice),
            }
        )  # fmt: skip
    return queries


def _says_when(periods: list[Row]) -> bool:
    return any(period.get("schedule") or period.get("startDateTime") for period in periods)


def _says_hours(periods: list[Row]) -> bool:
    """Whether hours, or several periods, have a say: none of the periods is permanent."""
    said = any(period.get("schedule") for period in periods) or len(periods) > 1
    return said and not any(period.get("permanent") == "YES" for period in periods)


def _rings(row: Row) -> int:
    shape = json.loads(row["shape"])
    return max(
        len(part) for part in ([shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"])
    )


def _box(row: Row) -> tuple[float, float, float, float]:
    if row["shape"] is None:
        high = row["radius_m"] / 111_000.0
        wide = high / max(math.cos(math.radians(row["lat"])), 0.01)
        return row["lon"] - wide, row["lat"] - high, row["lon"] + wide, row["lat"] + high
    shape = json.loads(row["shape"])
    parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    corners = [corner for part in parts for corner in part[0]]
    lons, lats = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(lons), min(lats), max(lons), max(lats)


def _height_m(row: Row, ground_m: float, dice: random.Random) -> float:
    kind = dice.random()
    limit = dice.choice(("floor", "ceiling"))
    value = row[limit]
    if kind < 0.55 and value is not None and value < 99_999:
        height_m = value * METRES[row[f"{limit}_unit"]]
        if row[f"{limit}_ref"] != "AGL":
            height_m -= ground_m
        height_m += dice.choice((0.0, 0.0, 1.0, -1.0, 30.0, -30.0))
        if height_m >= 0.0:
            return float(height_m)
    return float(dice.choice((0.0, 15.0, 60.0, 119.5, 400.0, 2_500.0, 31_000.0, 120_000.0)))


def _time(periods: list[Row], dice: random.Random) -> str:
    day = from_iso_utc("2026-01-01T00:00:00Z") // 10**9 + dice.randrange(700) * 86_400
    second = dice.randrange(86_400)
    if periods and dice.random() < 0.8:
        period = dice.choice(periods)
        edges = [period[name] for name in ("startDateTime", "endDateTime") if period.get(name)]
        if edges and dice.random() < 0.5:
            moment = from_iso_utc(dice.choice(edges)) // 10**9 + dice.choice(
                (0, 0, 1, -1, 3600, -3600, 86_400)
            )
            return iso_utc(moment * 10**9)
        if len(edges) == 2:
            begin, end = (from_iso_utc(edge) // 86_400_000_000_000 for edge in edges)
            day = 86_400 * dice.randint(begin, max(begin, end))
        if period.get("schedule"):
            part = dice.choice(period["schedule"])
            hour, minute, rest = part[dice.choice(("startTime", "endTime"))].rstrip("Z").split(":")
            second = int(hour) * 3600 + int(minute) * 60 + int(float(rest))
            second = (second + dice.choice((0, 0, 0, 1, -1, 1800, -1800))) % 86_400
    return iso_utc((day + second) * 10**9)


def answers(url: str, rows: list[Row], queries: list[Row]) -> dict[int, list[str]]:
    """Return the names in force, in sorted order, for each query that is away from edges."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            for statement in (CREATE_VOLUME, CREATE_QUERY, CREATE_METRES, CREATE_HOLDS):
                connection.exec_driver_sql(statement)
            connection.execute(sa.text(FILL_VOLUMES), {"rows": json.dumps(rows)})
            for column in ("planar", "edge", "geodesic", "rim", "reach"):
                connection.exec_driver_sql(f"CREATE INDEX ON volume USING gist ({column})")
            connection.exec_driver_sql("ANALYZE volume")
            connection.execute(sa.text(FILL_QUERIES), {"rows": json.dumps(queries)})
            connection.execute(sa.text(NEAR_AN_EDGE), MARGINS)
            connection.exec_driver_sql("ANALYZE query")
            found: dict[int, list[str]] = {
                k: [] for (k,) in connection.exec_driver_sql("SELECT k FROM query ORDER BY k")
            }
            for k, zone_id in connection.execute(sa.text(ANSWER)):
                found[k].append(zone_id)
    finally:
        engine.dispose()
    return {k: sorted(names) for k, names in found.items()}
