"""The flights that permits are for, ready to be compared with tracks.

Permits that share a serial are for one aircraft, so they are one *flight* here: an aircraft is at one place.
A flight is known by the first of its permits' identifiers. What was filed is kept in the site's frame, in
metres; densities are per square metre and second, so that they compare with how often other things appear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from skykeep.airspace.distance_kernels import distances_m
from skykeep.airspace.permits import PermitBook
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.permit import GRANTED, Permit, PermitState, Volume4D
from skykeep.domain.zone import HeightReference, Limit, LonLat, limit_m
from skykeep.geo.frames import LocalFrame

# How likely it is that a permit's flight is made at all, or goes on when it should not.
FLOWN = {PermitState.ACTIVE: 0.95, PermitState.REVOKED: 0.5, PermitState.SUSPENDED: 0.7}
GRANTED_FLOWN, OTHERWISE_FLOWN = 0.8, 0.05
REACH_M = 400.0
EARLY_NS = 900 * NS_PER_S


class FiledVolume(NamedTuple):
    """One volume of one permit: its outline in metres, and its heights and times as filed."""

    permit: Permit
    filed: Volume4D
    outline: BaseGeometry


class Start(NamedTuple):
    """Where and when one permit's flight is to begin; NaN and None are not filed."""

    permit: Permit
    take_off_m: tuple[float, float]
    take_off_utc_ns: int | None
    pilot_m: tuple[float, float]
    route: BaseGeometry | None
    area: BaseGeometry
    from_utc_ns: int
    to_utc_ns: int


class FiledFlight(NamedTuple):
    """One aircraft's permits, first identifier first."""

    name: str
    permits: tuple[Permit, ...]
    serials: frozenset[str]
    operator_ids: frozenset[str]
    volumes: tuple[FiledVolume, ...]
    starts: tuple[Start, ...]
    flown: float
    speed_mps: float
    horizontal_m: float
    vertical_m: float

    def is_live(self, time_utc_ns: int) -> bool:
        """Return whether it may be in the air, a quarter of an hour early or late."""
        return any(
            start.from_utc_ns - EARLY_NS <= time_utc_ns <= start.to_utc_ns + EARLY_NS for start in self.starts
        )


class Shapes:
    """Outlines or routes, ready to be asked how far many places are from them."""

    def __init__(self, geometries: Sequence[BaseGeometry]) -> None:
        self._shapes = _objects(geometries)
        shapely.prepare(self._shapes)
        segments = [_segments(geometry) for geometry in geometries]
        self._segments = np.concatenate([np.zeros((0, 4)), *segments])
        self._first = _firsts([len(own) for own in segments])
        # The kernel is made ready here, not when the first track comes near.
        self.distances_m(np.zeros(0, dtype=np.int64), np.zeros((0, 2)))

    def distances_m(self, which: IntArray, place_m: FloatArray) -> FloatArray:
        """Return how far each place (p, 2) is from its shape, (p,): 0 within an outline."""
        within = shapely.intersects_xy(self._shapes[which], place_m[:, 0], place_m[:, 1])
        out_m = np.where(within, 0.0, np.inf)
        distances_m(self._segments, self._first, which, place_m, out_m)
        return out_m


def _segments(geometry: BaseGeometry) -> FloatArray:
    """Return the segments (n, 4) of the lines and edges of a geometry; a point is one without a length."""
    if isinstance(geometry, BaseMultipartGeometry):
        parts = [_segments(part) for part in geometry.geoms]
        return np.concatenate([np.zeros((0, 4)), *parts])
    if isinstance(geometry, shapely.Polygon):
        rings = (geometry.exterior, *geometry.interiors)
        return np.concatenate([_segments(ring) for ring in rings])
    places_m = shapely.get_coordinates(geometry)
    ends_m = places_m if len(places_m) == 1 else places_m[1:]
    return np.hstack((places_m[: len(ends_m)], ends_m))


class FiledColumns:
    """What all flights filed, in columns: of each flight, of each volume and of each route. The volumes of
    flight f are those from `volumes[f]` to `volumes[f + 1]`, and so its routes; no limit is NaN.
    """

    def __init__(self, flights: tuple[FiledFlight, ...]) -> None:
        self.horizontal_m = np.array([flight.horizontal_m for flight in flights], dtype=np.float64)
        self.vertical_m = np.array([flight.vertical_m for flight in flights], dtype=np.float64)
        self.speed_mps = np.array([flight.speed_mps for flight in flights], dtype=np.float64)
        volumes = [volume for flight in flights for volume in flight.volumes]
        routes = [_routes(flight) for flight in flights]
        self.volumes = _firsts([len(flight.volumes) for flight in flights])
        self.routes = _firsts([len(own) for own in routes])
        self.outlines = Shapes([volume.outline for volume in volumes])
        self.paths = Shapes([route for own in routes for route in own])
        limits = [volume.filed.volume for volume in volumes]
        self.floor_m, self.floor_agl = _limits([each.floor for each in limits])
        self.ceiling_m, self.ceiling_agl = _limits([each.ceiling for each in limits])


def _firsts(counts: list[int]) -> IntArray:
    return np.cumsum([0, *counts], dtype=np.int64)


def _routes(flight: FiledFlight) -> list[BaseGeometry]:
    return [start.route for start in flight.starts if start.route is not None]


def _objects(geometries: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    out = np.empty(len(geometries), dtype=np.object_)
    out[:] = geometries
    return out


def _limits(limits: list[Limit | None]) -> tuple[FloatArray, BoolArray]:
    """Return the limits in metres, NaN for none, and which of them are above ground."""
    metres = [limit_m(limit) for limit in limits]
    above_ground = [limit is not None and limit.reference is HeightReference.AGL for limit in limits]
    edge_m = np.array([np.nan if edge is None else edge for edge in metres], dtype=np.float64)
    return edge_m, np.array(above_ground, dtype=np.bool_)


class FiledFlights:
    """All flights of a book, and which are near a place."""

    def __init__(self, book: PermitBook, frame: LocalFrame) -> None:
        self.flights = tuple(_flight(group, book, frame) for group in _aircraft(book.permits))
        self.filed = FiledColumns(self.flights)
        self.named: dict[str, list[int]] = {}
        for k, flight in enumerate(self.flights):
            for name in (*flight.serials, *(() if flight.serials else flight.operator_ids)):
                self.named.setdefault(name, []).append(k)
        areas, owners = [], []
        for k, flight in enumerate(self.flights):
            for start in flight.starts:
                areas.append(start.area.buffer(REACH_M, quad_segs=4))
                owners.append(k)
        self._areas = _objects(areas)
        shapely.prepare(self._areas)
        self._boxes_m = shapely.bounds(self._areas).reshape(-1, 4)
        self._owner = np.array(owners, dtype=np.int64)

    def near(self, east_m: FloatArray, north_m: FloatArray, time_utc_ns: int) -> tuple[IntArray, IntArray]:
        """Return the rows and the flights that are within reach of one another, by row and then flight."""
        live = np.array([flight.is_live(time_utc_ns) for flight in self.flights], dtype=np.bool_)
        if not live.any() or not len(east_m):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        # By boxes first, from west to east, and then by prepared areas.
        asked = np.flatnonzero(live[self._owner])
        order = np.argsort(east_m)
        begin = np.searchsorted(east_m[order], self._boxes_m[asked, 0], side="left")
        count = np.searchsorted(east_m[order], self._boxes_m[asked, 2], side="right") - begin
        area, row = np.repeat(asked, count), order[runs(begin, count)]
        level = (north_m[row] >= self._boxes_m[area, 1]) & (north_m[row] <= self._boxes_m[area, 3])
        row, area = row[level], area[level]
        inside = shapely.intersects_xy(self._areas[area], east_m[row], north_m[row])
        row, area = row[inside], area[inside]
        row, flight = np.divmod(np.unique(row * len(self.flights) + self._owner[area]), len(self.flights))
        return row, flight


def runs(first: IntArray, count: IntArray) -> IntArray:
    """Return `count` numbers from `first` on, for one after another, together."""
    before = np.cumsum(count) - count
    return np.asarray(np.arange(int(count.sum())) + np.repeat(first - before, count))


def _aircraft(permits: dict[str, Permit]) -> list[list[Permit]]:
    """Return the permits in groups that share serials, each and all in order of identifier."""
    group_of: dict[str, list[Permit]] = {}
    groups: list[list[Permit]] = []
    for permit in sorted(permits.values(), key=lambda permit: permit.permit_id):
        joined = [permit]
        for serial in permit.scope.serials:
            other = group_of.get(serial)
            if other is not None and other is not joined:
                joined = other + [p for p in joined if p not in other]
                groups = [g for g in groups if g is not other]
        groups.append(joined)
        for one in joined:
            for serial in one.scope.serials:
                group_of[serial] = joined
    return [sorted(group, key=lambda permit: permit.permit_id) for group in groups]


def _flight(permits: list[Permit], book: PermitBook, frame: LocalFrame) -> FiledFlight:
    volumes = tuple(
        FiledVolume(permit, filed, outline)
        for permit in permits
        for filed, outline in zip(permit.scope.volumes, book.outlines[permit.permit_id], strict=True)
    )
    speeds = [permit.scope.flight.speed_mps or 0.0 for permit in permits]
    return FiledFlight(
        name=permits[0].permit_id,
        permits=tuple(permits),
        serials=frozenset(serial for permit in permits for serial in permit.scope.serials),
        operator_ids=frozenset(name for permit in permits for name in permit.scope.operator_ids),
        volumes=volumes,
        starts=tuple(_start(permit, book, frame) for permit in permits),
        flown=max(_flown(permit) for permit in permits),
        speed_mps=max(speeds) if all(speeds) else np.inf,
        horizontal_m=max(permit.scope.thresholds.horizontal_m for permit in permits),
        vertical_m=max(permit.scope.thresholds.vertical_m for permit in permits),
    )


def _flown(permit: Permit) -> float:
    return FLOWN.get(permit.state, GRANTED_FLOWN if permit.state in GRANTED else OTHERWISE_FLOWN)


def _start(permit: Permit, book: PermitBook, frame: LocalFrame) -> Start:
    filed = permit.scope.flight
    area = shapely.union_all(list(book.outlines[permit.permit_id]))
    take_off_m = _local_m(filed.take_off, frame)
    if filed.take_off is not None:
        area = shapely.union_all([area, shapely.Point(*take_off_m).buffer(1.0)])
    route = None
    if len(filed.route) > 1:
        longitude_deg, latitude_deg, _ = (np.array(column) for column in zip(*filed.route, strict=True))
        height_m = np.full(len(longitude_deg), frame.height_hae_m)
        route = shapely.LineString(frame.to_enu_m(latitude_deg, longitude_deg, height_m)[:, :2])
    return Start(
        permit=permit,
        take_off_m=take_off_m,
        take_off_utc_ns=filed.take_off_utc_ns,
        pilot_m=_local_m(filed.pilot_position, frame),
        route=route,
        area=area,
        from_utc_ns=permit.scope.start_utc_ns,
        to_utc_ns=permit.scope.end_utc_ns,
    )


def _local_m(place: LonLat | None, frame: LocalFrame) -> tuple[float, float]:
    if place is None:
        return (np.nan, np.nan)
    east_m, north_m, _ = frame.to_enu_m(place[1], place[0], frame.height_hae_m).tolist()
    return (east_m, north_m)
