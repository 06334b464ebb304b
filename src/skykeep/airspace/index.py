"""Which zones hold which points, on the globe, at their height and time: one or very many at once.

* Edges, floors, ceilings and the ends of periods are inside. A floor on the ground has nothing below it.
* A height or a ground that is not known (NaN) is inside: not knowing never opens the sky.
* A height above the ellipsoid needs the geoid: `geoid_m`, 0 where it is not given.
* What outlines mean is in `outlines.py`, what periods mean in `schedule.py`, how it is fast in
  `index_kernels.py`.

An index does not change; `changed` returns another that shares nearly all of it. New zones are kept in small
tables of their own beside the large ones until there are many.
"""

from __future__ import annotations

import math
from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from skykeep.airspace.index_kernels import Tables, all_zones_at, in_order_of_points, zones_at
from skykeep.airspace.index_tables import Ready, must_be_pressure, ready_zone, tables_of
from skykeep.airspace.permits import restricts
from skykeep.airspace.schedule import clipped_utc_ns, in_force
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.zone import Zone

_MOST_BESIDE = 2_000
"""Zones in the small tables before all is laid out anew."""
_ROOM = 64
_ROOM_A_POINT = 4
_HIDDEN = -1
_FEW_POINTS, _CELLS_A_DEGREE = 4_096, 8.0


class _Layer:
    """Zones in order, laid out."""

    def __init__(self, ready: list[Ready]) -> None:
        ready = sorted(ready, key=lambda each: _key(each.zone))
        self.keys = [_key(each.zone) for each in ready]
        self.tables = tables_of(ready)
        # Arrays, because a change takes most of these over at once.
        self.ready: NDArray[np.object_] = np.empty(len(ready), dtype=np.object_)
        self.zones: NDArray[np.object_] = np.empty(len(ready), dtype=np.object_)
        for k, each in enumerate(ready):
            self.ready[k], self.zones[k] = each, each.zone
        self.strictness: IntArray = np.array([each.zone.strictness for each in ready], dtype=np.int64)
        self.special: BoolArray = np.array([each.special for each in ready], dtype=np.bool_)
        self.restricting: BoolArray = np.array([restricts(each.zone) for each in ready], dtype=np.bool_)
        self.at_id: dict[str, list[int]] = {}
        for k, each in enumerate(ready):
            self.at_id.setdefault(each.zone.zone_id, []).append(k)


def _key(zone: Zone) -> tuple[int, str]:
    return (-zone.strictness, zone.zone_id)


class ZoneIndex:
    """Zones, strictest first and then by name, ready to be asked. SetupError, naming the zone, where one has
    no outline at all.
    """

    def __init__(self, zones: tuple[Zone, ...], qnh_hpa: float = 1013.25) -> None:
        must_be_pressure(qnh_hpa)
        base = _Layer([ready_zone(zone, qnh_hpa) for zone in zones])
        self._lay(base, np.ones(len(base.ready), dtype=np.bool_), None, qnh_hpa)

    def _lay(self, base: _Layer, kept: BoolArray, beside: _Layer | None, qnh_hpa: float) -> None:
        """Give every zone its rank among those kept of `base` and those of `beside`."""
        self._base, self._kept, self._beside, self._qnh_hpa = base, kept, beside, qnh_hpa
        before: IntArray = np.cumsum(kept) - kept
        places = [] if beside is None else [bisect_left(base.keys, key) for key in beside.keys]
        at = np.array(places, dtype=np.int64)
        rank: IntArray = before + np.searchsorted(at, np.arange(len(kept)), side="right")
        layers, ranks, some = [base], [rank[kept]], [kept]
        self._tables, self._ranks = [base.tables], [np.where(kept, rank, _HIDDEN)]
        if beside is not None:
            among: IntArray = np.append(before, kept.sum())[at] + np.arange(len(at))
            layers.append(beside)
            ranks.append(among)
            some.append(np.ones(len(at), dtype=np.bool_))
            self._tables.append(beside.tables)
            self._ranks.append(among)
        count = sum(map(len, ranks))
        self._ready = np.empty(count, dtype=np.object_)
        zones = np.empty(count, dtype=np.object_)
        self.strictness: IntArray = np.empty(count, dtype=np.int64)
        self._special = np.empty(count, dtype=np.bool_)
        # Which zones are any bar to flying.
        self.restricting: BoolArray = np.empty(count, dtype=np.bool_)
        for layer, to, which in zip(layers, ranks, some, strict=True):
            self._ready[to], zones[to] = layer.ready[which], layer.zones[which]
            self.strictness[to], self._special[to] = layer.strictness[which], layer.special[which]
            self.restricting[to] = layer.restricting[which]
        self.zones: tuple[Zone, ...] = tuple(zones.tolist())
        self._any_special = bool(self._special.any())
        # How many zones a point was in at the last query: room for as many is made at once the next time.
        self._room_a_point = _ROOM_A_POINT

    def changed(self, put: tuple[Zone, ...], gone: frozenset[str] = frozenset()) -> ZoneIndex:
        """Return an index with zones put in place of those of the same name, and those named gone."""
        away = gone | {zone.zone_id for zone in put}
        kept = self._kept.copy()
        for zone_id in away:
            kept[self._base.at_id.get(zone_id, [])] = False
        old = [] if self._beside is None else self._beside.ready.tolist()
        beside = [each for each in old if each.zone.zone_id not in away]
        beside += [ready_zone(zone, self._qnh_hpa) for zone in put]
        after = ZoneIndex.__new__(ZoneIndex)
        if len(beside) > _MOST_BESIDE:
            base = _Layer(self._base.ready[kept].tolist() + beside)
            after._lay(base, np.ones(len(base.ready), dtype=np.bool_), None, self._qnh_hpa)
        else:
            after._lay(self._base, kept, _Layer(beside) if beside else None, self._qnh_hpa)
        return after

    def at(
        self,
        longitude_deg: float,
        latitude_deg: float,
        height_agl_m: float,
        ground_amsl_m: float,
        time_utc_ns: int,
        geoid_m: float = 0.0,
    ) -> list[Zone]:
        """Return the zones in force at one place and height, strictest first. The place must be known."""
        if not (math.isfinite(longitude_deg) and math.isfinite(latitude_deg)):
            raise ValueError(f"no place: {longitude_deg}, {latitude_deg}")
        time_utc_ns = clipped_utc_ns(int(time_utc_ns))
        amsl_m = float(height_agl_m + ground_amsl_m)
        place = (float(longitude_deg), float(latitude_deg))
        heights_m = (float(height_agl_m), amsl_m, float(amsl_m + geoid_m))
        room = _ROOM
        while True:
            found, count = np.empty(room, dtype=np.int64), 0
            for tables, rank in zip(self._tables, self._ranks, strict=True):
                count = zones_at(tables, rank, place, heights_m, time_utc_ns, found, count)
            if count <= room:
                break
            room = count
        ranks = found[:count].tolist()
        if len(self._tables) > 1:
            ranks.sort()
        if self._any_special:
            ranks = [k for k in ranks if not self._special[k] or self._holds(k, time_utc_ns)]
        return [self.zones[k] for k in ranks]

    def query(
        self,
        longitude_deg: FloatArray,
        latitude_deg: FloatArray,
        height_agl_m: FloatArray,
        ground_amsl_m: FloatArray,
        time_utc_ns: int | IntArray,
        geoid_m: FloatArray | float = 0.0,
    ) -> tuple[IntArray, IntArray]:
        """Return (point, zone) index pairs, by point and then strictest first. All but the time are (n,); the
        time is one for all or (n,). Places must be known.
        """
        n = len(longitude_deg)
        places = np.empty((n, 2))
        places[:, 0], places[:, 1] = longitude_deg, latitude_deg
        if not np.isfinite(places).all():
            raise ValueError("a point without a place")
        heights_m = np.empty((n, 3))
        heights_m[:, 0] = height_agl_m
        heights_m[:, 1] = heights_m[:, 0] + ground_amsl_m
        heights_m[:, 2] = heights_m[:, 1] + geoid_m
        times = np.empty(n, dtype=np.int64)
        times[:] = clipped_utc_ns(time_utc_ns) if isinstance(time_utc_ns, int) else time_utc_ns
        order = _near_first(places)
        pairs = [
            _pairs(tables, rank, places, heights_m, times, order, n * self._room_a_point + _ROOM)
            for tables, rank in zip(self._tables, self._ranks, strict=True)
        ]
        point, zone = pairs[0]
        self._room_a_point = max(_ROOM_A_POINT, len(point) // max(n, 1) + 1)
        if len(pairs) > 1:
            point = np.concatenate((point, pairs[1][0]))
            zone = np.concatenate((zone, pairs[1][1]))
            by_point = np.lexsort((zone, point))
            point, zone = point[by_point], zone[by_point]
        if self._any_special:
            keep = self._in_force(zone, times[point])
            point, zone = point[keep], zone[keep]
        return point, zone

    def _in_force(self, zone: IntArray, time_utc_ns: IntArray) -> BoolArray:
        """Return which pairs are in force, as far as time zones and the sun have a say."""
        keep = np.ones(len(zone), dtype=np.bool_)
        held: dict[tuple[int, int], bool] = {}
        for row in np.flatnonzero(self._special[zone]).tolist():
            asked = (int(zone[row]), int(time_utc_ns[row]))
            if asked not in held:
                held[asked] = self._holds(*asked)
            keep[row] = held[asked]
        return keep

    def _holds(self, rank: int, time_utc_ns: int) -> bool:
        ready: Ready = self._ready[rank]
        return in_force(ready.zone.periods, time_utc_ns, ready.place)


def _near_first(places: FloatArray) -> IntArray:
    """Return an order that asks of the same ground in one go: very many points over a country are twice as
    fast so, for what is read stays in the processor.
    """
    if len(places) < _FEW_POINTS:
        return np.arange(len(places))
    cells = np.floor(places * _CELLS_A_DEGREE)
    return np.argsort(cells[:, 0] * (180.0 * _CELLS_A_DEGREE) + cells[:, 1])


def _pairs(
    tables: Tables,
    rank: IntArray,
    places: FloatArray,
    heights_m: FloatArray,
    times_utc_ns: IntArray,
    order: IntArray,
    room: int,
) -> tuple[IntArray, IntArray]:
    found, parts = np.empty(room, np.int64), np.empty((len(order), 2), np.int64)
    count = all_zones_at(tables, rank, places, heights_m, times_utc_ns, order, found, parts)
    if count > len(found):
        found = np.empty(count, np.int64)
        count = all_zones_at(tables, rank, places, heights_m, times_utc_ns, order, found, parts)
    point, zone = np.empty(count, np.int64), np.empty(count, np.int64)
    in_order_of_points(found, parts, point, zone)
    return point, zone
