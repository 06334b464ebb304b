"""Which zones are in force here, now: questions a second over more than 10,000 zones of real shape.

`python3 x.py bench zones [--made] [--questions N] [--no-postgres]`. With the recordings beside the checkout
the zones are three national files, again and again, each copy a degree further east, until they are many
enough; else, or with --made, those of a made-up country. All in one run on one core: one at a time, many at
once, a changed zone, memory, and the same questions put to a plain STRtree of shapely (then height and time)
and to PostGIS (indexed, prepared, height and time in SQL).
Budget: 30,000 single and 300,000 batched a second of processor, a change within 20 ms; the rest has none.
Stretch: 61,000 single under 100 MB.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import sys
import time
import tracemalloc
from pathlib import Path

import msgspec
import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import sqlalchemy as sa

from golden_zones import CREATE_HOLDS, CREATE_METRES, CREATE_VOLUME, FILL_VOLUMES, Row, rows_of_zones
from made_zones import national_zones
from postgres import cluster, is_there
from recordings import RECORDINGS
from skykeep.airspace.index import ZoneIndex
from skykeep.airspace.schedule import in_force
from skykeep.base.clock import from_iso_utc
from skykeep.base.compile import FloatArray
from skykeep.domain.outline import rings_lonlat_deg
from skykeep.domain.zone import Circle, Limit, Polygon, Volume, Zone, limit_m
from skykeep.wire.zone_files import read_zones

FILES = ("fi_traficom_20260817.geojson", "nl_ienw_20260817.geojson", "lu_dac_20260817.geojson")
FEWEST_VOLUMES, FEWEST_CORNERS = 10_000, 700_000
NOW_UTC_NS = from_iso_utc("2026-08-20T10:30:00Z")
SINGLE_PER_S, BATCHED_PER_S, CHANGE_MS = 30_000.0, 300_000.0, 20.0
ASIDE_DEG = 1.0
POSTGRES = """
PREPARE ask(float8, float8, float8, float8, timestamptz) AS
SELECT zone_id FROM volume, (SELECT ST_SetSRID(ST_Point($1, $2), 4326) AS place) AS here
WHERE (ST_Intersects(planar, place) OR (reach && place AND ST_DWithin(centre, place::geography, radius_m)))
    AND coalesce(CASE floor_ref WHEN 'AGL' THEN $3 ELSE $3 + $4 END >= metres(floor, floor_unit), true)
    AND coalesce(CASE ceiling_ref WHEN 'AGL' THEN $3 ELSE $3 + $4 END <= metres(ceiling, ceiling_unit), true)
    AND (jsonb_array_length(periods) = 0 OR EXISTS (
        SELECT FROM jsonb_array_elements(periods) AS period WHERE holds(period, $5 AT TIME ZONE 'UTC')))
"""


def corners_of(zones: list[Zone]) -> int:
    """Return how many corners all outlines have; a circle has none."""
    outlines = [volume.outline for zone in zones for volume in zone.volumes]
    return sum(len(ring) for outline in outlines if isinstance(outline, Polygon) for ring in outline.rings)


def aside(zone: Zone, copy: int) -> Zone:
    """Return a zone some degrees further east, under another name."""

    def moved(volume: Volume) -> Volume:
        outline = volume.outline
        if isinstance(outline, Circle):
            east_deg = outline.longitude_deg + copy * ASIDE_DEG
            return msgspec.structs.replace(
                volume, outline=msgspec.structs.replace(outline, longitude_deg=east_deg)
            )
        rings = tuple(tuple((lon + copy * ASIDE_DEG, lat) for lon, lat in ring) for ring in outline.rings)
        return msgspec.structs.replace(volume, outline=msgspec.structs.replace(outline, rings=rings))

    return msgspec.structs.replace(
        zone, zone_id=f"{zone.zone_id}/{copy}", volumes=tuple(moved(volume) for volume in zone.volumes)
    )


def real_zones() -> list[Zone]:
    """Return the national files side by side, until they are many enough."""
    once = [
        zone for name in FILES for zone in read_zones((RECORDINGS / "zones" / name).read_bytes(), name).zones
    ]
    zones: list[Zone] = []
    for copy in itertools.count():
        zones += [aside(zone, copy) for zone in once]
        if sum(len(zone.volumes) for zone in zones) >= FEWEST_VOLUMES and corners_of(zones) >= FEWEST_CORNERS:
            return zones
    raise AssertionError


def questions(zones: list[Zone], count: int) -> FloatArray:
    """Return low flights in and about zones, (count, 4): longitude, latitude, height, ground."""
    dice = np.random.default_rng(1)
    middles = np.array([rings_lonlat_deg(zone.volumes[0].outline)[0].mean(axis=0) for zone in zones])
    places = middles[dice.integers(0, len(middles), count)] + dice.normal(0.0, 0.05, (count, 2))
    places[:, 0] = (places[:, 0] + 180.0) % 360.0 - 180.0
    return np.column_stack((places, dice.uniform(0.0, 150.0, count), dice.uniform(0.0, 100.0, count)))


def ours(zones: list[Zone], asked: FloatArray) -> dict[str, float]:
    """Return what our own index does, by name."""
    few = asked[:10]
    warm = ZoneIndex(tuple(zones[:100]))  # compiles
    warm.query(few[:, 0], few[:, 1], few[:, 2], few[:, 3], NOW_UTC_NS)
    warm.at(0.0, 0.0, 0.0, 0.0, NOW_UTC_NS)
    gc.collect()
    tracemalloc.start()
    index = ZoneIndex(tuple(zones))
    memory_mb = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    begin = time.process_time()
    index = ZoneIndex(tuple(zones))
    figures = {"memory MB": memory_mb, "build s": time.process_time() - begin}
    lon, lat, agl_m, ground_m = (np.ascontiguousarray(column) for column in asked.T)
    begin = time.process_time()
    point, _ = index.query(lon, lat, agl_m, ground_m, NOW_UTC_NS)
    figures["batched /s"] = len(asked) / (time.process_time() - begin)
    figures["zones a question"] = len(point) / len(asked)
    figures |= single(index, asked[:50_000].tolist())
    changes = []
    for k in range(20):
        drawn = msgspec.structs.replace(
            zones[k],
            zone_id=f"drawn {k}",
            volumes=(Volume(outline=zones[k].volumes[0].outline, ceiling=Limit(value=120.0)),),
        )
        begin = time.process_time()
        index = index.changed((drawn,), frozenset({zones[-k - 1].zone_id}))
        changes.append(1e3 * (time.process_time() - begin))
    figures["change ms, slowest of 20"] = max(changes)
    after = single(index, asked[:20_000].tolist())
    return figures | {"single /s after 20 changes": after["single /s"]}


def single(index: ZoneIndex, asked: list[list[float]]) -> dict[str, float]:
    """Return questions a second of processor, one at a time, and how long each took by the wall's clock."""
    at, clock, took_us = index.at, time.perf_counter, []
    begin = time.process_time()
    for lon, lat, agl_m, ground_m in asked:
        at(lon, lat, agl_m, ground_m, NOW_UTC_NS)
    per_s = len(asked) / (time.process_time() - begin)
    for lon, lat, agl_m, ground_m in asked:
        start = clock()
        at(lon, lat, agl_m, ground_m, NOW_UTC_NS)
        took_us.append(1e6 * (clock() - start))
    p50, p99 = np.quantile(took_us, (0.5, 0.99))
    return {"single /s": per_s, "p50 us": float(p50), "p99 us": float(p99)}


def plain_tree(zones: list[Zone], asked: FloatArray) -> dict[str, float]:
    """Return what people would write: a tree asked which outlines hold a point, then height and time."""
    pieces = [
        (zone, volume, shapely.Polygon(rings[0], rings[1:]))
        for zone in zones
        for volume in zone.volumes
        if len((rings := rings_lonlat_deg(volume.outline))[0]) > 2
    ]
    tree = shapely.STRtree([shape for _, _, shape in pieces])
    limits = [(_column(v.floor, -np.inf), _column(v.ceiling, np.inf)) for _, v, _ in pieces]
    (floor_m, floor_agl), (ceiling_m, ceiling_agl) = (
        np.array(column).T for column in zip(*limits, strict=True)
    )
    held = np.array([in_force(zone.periods, NOW_UTC_NS) for zone, _, _ in pieces])
    many = asked[:50_000]
    begin = time.process_time()
    point, which = tree.query(shapely.points(many[:, :2]), predicate="intersects")
    agl_m, amsl_m = many[point, 2], many[point, 2] + many[point, 3]
    keep = np.where(floor_agl[which] > 0.0, agl_m, amsl_m) >= floor_m[which]
    keep &= np.where(ceiling_agl[which] > 0.0, agl_m, amsl_m) <= ceiling_m[which]
    keep &= held[which]
    batched = len(many) / (time.process_time() - begin)
    some, named = asked[:10_000].tolist(), 0
    begin = time.process_time()
    for lon, lat, agl, ground_m in some:
        names = set()
        for k in tree.query(shapely.Point(lon, lat), predicate="intersects").tolist():
            low, high = limits[k]
            is_high_enough = (agl if low[1] else agl + ground_m) >= low[0]
            if is_high_enough and (agl if high[1] else agl + ground_m) <= high[0]:
                zone = pieces[k][0]
                if in_force(zone.periods, NOW_UTC_NS):
                    names.add(zone.zone_id)
        named += len(names)
    return {"single /s": len(some) / (time.process_time() - begin), "batched /s": batched}


def _column(limit: Limit | None, none_m: float) -> tuple[float, float]:
    metres = limit_m(limit)
    return none_m if metres is None else metres, float(limit is None or limit.reference == "AGL")


def postgis(rows: list[Row], asked: FloatArray) -> dict[str, float]:
    """Return what PostGIS does, by the clock on the wall: its processor time is not ours."""
    with cluster() as server:
        engine = sa.create_engine(server.database(), poolclass=sa.NullPool)
        with engine.connect() as connection:
            for statement in (CREATE_VOLUME, CREATE_METRES, CREATE_HOLDS):
                connection.exec_driver_sql(statement)
            for k in range(0, len(rows), 500):
                connection.execute(
                    sa.text(FILL_VOLUMES), {"rows": msgspec.json.encode(rows[k : k + 500]).decode()}
                )
            connection.exec_driver_sql("CREATE INDEX ON volume USING gist (planar)")
            connection.exec_driver_sql("CREATE INDEX ON volume USING gist (reach)")
            connection.exec_driver_sql("ANALYZE volume")
            connection.exec_driver_sql(POSTGRES)
            begin = time.perf_counter()
            for lon, lat, agl_m, ground_m in asked[:1_000].tolist():
                asking = f"EXECUTE ask({lon!r}, {lat!r}, {agl_m!r}, {ground_m!r}, '2026-08-20T10:30:00Z')"
                connection.exec_driver_sql(asking).fetchall()
            per_s = 1_000 / (time.perf_counter() - begin)
        engine.dispose()
    return {"single /s": per_s}


def main() -> int:
    """Measure, print the table, and return 1 when over budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--made", action="store_true")
    parser.add_argument("--questions", type=int, default=300_000)
    parser.add_argument("--no-postgres", action="store_true")
    asked_for = parser.parse_args()
    made = asked_for.made or not (RECORDINGS / "zones").is_dir()
    zones = list(national_zones(10_000)) if made else real_zones()
    asked = questions(zones, asked_for.questions)
    volumes = sum(len(zone.volumes) for zone in zones)
    what = "of a made-up country" if made else "of three countries, side by side"
    print(
        f"{len(zones)} zones {what}: {volumes} volumes, {corners_of(zones)} corners; {len(asked)} questions"
    )
    figures = ours(zones, asked)
    budgets = {"single /s": SINGLE_PER_S, "batched /s": BATCHED_PER_S, "change ms, slowest of 20": CHANGE_MS}
    for name, figure in figures.items():
        budget = f"budget {budgets[name]:,.0f}" if name in budgets else ""
        print(f"{name:<30}{figure:>12,.2f}   {budget}")
    rivals = {"plain STRtree": plain_tree(zones, asked)}
    if is_there() and not asked_for.no_postgres:
        rivals["PostGIS"] = postgis(rows_of_zones(zones), asked)
    for rival, theirs in rivals.items():
        for name, figure in theirs.items():
            print(
                f"{f'{rival}, {name}':<30}{figure:>12,.0f}   ours is {figures[name] / figure:,.1f} times that"
            )
    kept = (
        figures["single /s"] >= SINGLE_PER_S
        and figures["batched /s"] >= BATCHED_PER_S
        and figures["change ms, slowest of 20"] <= CHANGE_MS
    )
    print(f"budget: {'kept' if kept else 'OVER'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
