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

from bisect import bisect_left

import numpy as np

from skykeep.airspace.index_kernels import all_zones_at, zones_at
from skykeep.airspace.index_tables import Ready, must_be_pressure, ready_zone, tables_of
from skykeep.airspace.schedule import clipped_utc_ns, in_force
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.zone import Zone

_MOST_BESIDE = 2_000
"""Zones in the small tables before all is laid out anew."""
_ROOM = 64
_ROOM_A_POINT = 4
_HIDDEN = -1


class _Layer:
    """Zones in order, laid out."""

    def __init__(self, ready: list[Ready]) -> None:
        self.ready = sorted(ready, key=lambda each: _key(each.zone))
        self.keys = [_key(each.zone) for each in self.ready]
        self.tables = tables_of(self.ready)
        self.at_id: dict[str, list[int]] = {}
        for k, each in enumerate(self.ready):
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
        rank = before + np.searchsorted(at, np.arange(len(kept)), side="right")
        self._ranks = [np.where(kept, rank, _HIDDEN).astype(np.int64)]
        self._tables = [base.tables]
        ordered: list[Ready] = [each for each, stays in zip(base.ready, kept.tolist(), strict=True) if stays]
        if beside is not None:
            all_before = np.append(before, kept.sum())
            among = (all_before[at] + np.arange(len(at))).astype(np.int64)
            self._ranks.append(among)
            self._tables.append(beside.tables)
            for k, each in zip(among.tolist(), beside.ready, strict=True):
                ordered.insert(k, each)
        self._ready = ordered
        self.zones: tuple[Zone, ...] = tuple(each.zone for each in ordered)
        self.strictness: IntArray = np.array([zone.strictness for zone in self.zones], dtype=np.int64)
        self._special: BoolArray = np.array([each.special for each in ordered], dtype=np.bool_)
        self._any_special = bool(self._special.any())

    def changed(self, put: tuple[Zone, ...], gone: frozenset[str] = frozenset()) -> ZoneIndex:
        """Return an index with zones put in place of those of the same name, and those named gone."""
        away = gone | {zone.zone_id for zone in put}
        kept = self._kept.copy()
        for zone_id in away:
            kept[self._base.at_id.get(zone_id, [])] = False
        old = [] if self._beside is None else self._beside.ready
        beside = [each for each in old if each.zone.zone_id not in away]
        beside += [ready_zone(zone, self._qnh_hpa) for zone in put]
        after = ZoneIndex.__new__(ZoneIndex)
        if len(beside) > _MOST_BESIDE:
            all_ready = [each for each, stays in zip(self._base.ready, kept.tolist(), strict=True) if stays]
            base = _Layer(all_ready + beside)
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
        """Return the zones in force at one place and height, strictest first."""
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
        time is one for all or (n,).
        """
        n = len(longitude_deg)
        places = np.empty((n, 2))
        places[:, 0], places[:, 1] = longitude_deg, latitude_deg
        heights_m = np.empty((n, 3))
        heights_m[:, 0] = height_agl_m
        heights_m[:, 1] = heights_m[:, 0] + ground_amsl_m
        heights_m[:, 2] = heights_m[:, 1] + geoid_m
        times = np.empty(n, dtype=np.int64)
        times[:] = clipped_utc_ns(time_utc_ns) if isinstance(time_utc_ns, int) else time_utc_ns
        points, zones = [], []
        for tables, rank in zip(self._tables, self._ranks, strict=True):
            found, ends = np.empty(n * _ROOM_A_POINT + _ROOM, dtype=np.int64), np.empty(n, dtype=np.int64)
            count = all_zones_at(tables, rank, places, heights_m, times, found, ends)
            if count > len(found):
                found = np.empty(count, dtype=np.int64)
                count = all_zones_at(tables, rank, places, heights_m, times, found, ends)
            points.append(np.repeat(np.arange(n), np.diff(ends, prepend=0)))
            zones.append(found[:count])
        point, zone = points[0], zones[0]
        if len(points) > 1:
            point, zone = np.concatenate(points), np.concatenate(zones)
            order = np.lexsort((zone, point))
            point, zone = point[order], zone[order]
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
        ready = self._ready[rank]
        return in_force(ready.zone.periods, time_utc_ns, ready.place)
