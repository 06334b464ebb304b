"""COURAGEOUS records to scans and claims.

| record | becomes |
|---|---|
| with a location | a scan of one detection (`courageous_rows` says which columns) |
| `UAV` at a position, of a thing whose operator or home is told too | a claim: that is read off its link |
| `GCS` | the operator's place in those claims, never a detection: it stands on the ground |
| without a location, or `GCS` that no such claim can carry | a refusal: nothing can be placed |

A scan looked only along its own direction: it does not say that other things are gone. The same thing said
twice (as a track and as a detection, or in a document sent again) is taken once. Alarms, and velocities of
what is not a claim, are not used.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.feed import KEPT_BYTES, Refusal, Taken, refusal_of
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind, Scan, Sensor, make_scan
from skykeep.geo.frames import LocalFrame
from skykeep.wire import courageous as c
from skykeep.wire.courageous_rows import Placing

NS_PER_MS = 1_000_000
REMEMBERED = 100_000

_Record = c.DetectionRecord | c.TrackRecord
_Flat = c.Position2d | c.Position3d


class CourageousInputs:
    """Takes whole documents of one system. `geoid_m` is how high EGM96 sea level lies above the ellipsoid at
    the site. With `recorded`, what happened is taken to have reached us when it happened.
    """

    def __init__(
        self, sensor: Sensor, frame: LocalFrame, *, geoid_m: float = 0.0, recorded: bool = False
    ) -> None:
        self._sensor_id = sensor.sensor_id
        self._placing = Placing(sensor, frame, geoid_m)
        self._recorded = recorded
        self._sequence = 0
        self._taken: dict[tuple[int, c.Location], None] = {}

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one document: its records in order of time, refusals of those that cannot be used."""
        try:
            document = c.decode(data)
        except DecodeError as error:
            return Taken(refusals=(refusal_of(error, data),))
        refusals = [
            Refusal(field=path, found="a member that is not in the format", must="left out: it is not read")
            for path in c.unread_members(data)
        ]
        records: list[Scan | Claim] = []
        for told in sorted(_told(document), key=lambda told: told.record.time_utc_ms):
            try:
                made = self._made(told, received_utc_ns)
            except InputError as error:
                kept = msgspec.json.encode(told.record)[:KEPT_BYTES]
                field = f"{told.path}.{error.field}"
                refusals.append(Refusal(field=field, found=error.found, must=error.must, data=kept))
            else:
                records += [] if made is None else [made]
        return Taken(records=tuple(records), refusals=tuple(refusals))

    def _made(self, told: _Told, received_utc_ns: int) -> Scan | Claim | None:
        record, location = told.record, told.record.location
        if location is None:
            raise InputError("location", "none", "there: without it nothing can be placed")
        if record.classification is c.Classification.GCS:
            if not isinstance(location, c.Position2d | c.Position3d):
                raise InputError("location", f"a GCS at a {type(location).__name__}", "at a position")
            if not told.intercepted:
                must = "one that a UAV at a position has"
                raise InputError("classification", "a GCS whose uas_id no such UAV has", must)
            return None
        if (record.time_utc_ms, location) in self._taken:
            return None
        time_utc_ns = record.time_utc_ms * NS_PER_MS
        received_utc_ns = time_utc_ns if self._recorded else received_utc_ns
        is_claim = told.intercepted and record.classification is c.Classification.UAV
        if is_claim and isinstance(location, c.Position2d | c.Position3d):
            made: Scan | Claim = self._claim(told, location, time_utc_ns, received_utc_ns)
        else:
            made = self._scan(told, location, time_utc_ns, received_utc_ns)
        self._sequence += 1
        self._taken[record.time_utc_ms, location] = None
        if len(self._taken) > REMEMBERED:
            del self._taken[next(iter(self._taken))]
        return made

    def _scan(self, told: _Told, location: c.Location, time_utc_ns: int, received_utc_ns: int) -> Scan:
        row = self._placing.row(location, told.system)
        return make_scan(
            sensor_id=self._sensor_id,
            sequence=self._sequence + 1,
            kind=row.kind,
            time_utc_ns=time_utc_ns,
            received_utc_ns=received_utc_ns,
            measured=np.array([row.measured]),
            sigma=np.array([row.sigma]),
            labels=(told.record.identification or "",),
            azimuth_from_rad=(row.along_rad - row.half_width_rad) % (2 * np.pi),
            azimuth_to_rad=(row.along_rad + row.half_width_rad) % (2 * np.pi),
        )

    def _claim(self, told: _Told, location: _Flat, time_utc_ns: int, received_utc_ns: int) -> Claim:
        position_m, sigma_m = self._placing.place(location, told.system)
        velocity, operator = told.record.velocity, told.operator()
        return Claim(
            sensor_id=self._sensor_id,
            sequence=self._sequence + 1,
            kind=ClaimKind.REMOTE_ID,
            claimed_id=told.record.identification or told.name,
            time_utc_ns=time_utc_ns,
            received_utc_ns=received_utc_ns,
            position_enu_m=_vector(position_m),
            velocity_enu_mps=None
            if velocity is None
            else _vector(self._placing.velocity_mps(velocity, location)),
            sigma_m=(max(sigma_m[:2]), sigma_m[2]),
            operator_position_enu_m=None
            if operator is None
            else _vector(self._placing.on_ground_m(operator, told.system)),
        )


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """One record with what its document says around it. `ways` are the operator's places with their times."""

    path: str
    record: _Record
    name: str
    system: c.Place
    intercepted: bool
    ways: list[tuple[int, _Flat]]

    def operator(self) -> _Flat | None:
        """Return where the operator was last told to be by then, else first, None where never."""
        if not self.ways:
            return None
        before = bisect_right(self.ways, self.record.time_utc_ms, key=lambda way: way[0])
        return self.ways[max(before - 1, 0)][1]


def _told(document: c.Document) -> Iterator[_Told]:
    """Yield every record, the tracks' first: where both kinds of set tell one thing, theirs is kept."""
    sets = [(f"tracks[{k}]", one) for k, one in enumerate(document.tracks)]
    of: list[tuple[str, c.TrackSet | c.DetectionSet]] = [*sets]
    of += [(f"detection[{k}]", one) for k, one in enumerate(document.detection)]
    flown: set[int] = set()
    linked: set[int] = set()
    ways: dict[int, list[tuple[int, _Flat]]] = {}
    for _, one in of:
        records: tuple[_Record, ...] = one.records
        for record in records if one.uas_id is not None else ():
            assert one.uas_id is not None
            placed = isinstance(record.location, c.Position2d | c.Position3d)
            if record.classification is c.Classification.UAV and placed:
                flown.add(one.uas_id)
            elif record.classification is c.Classification.GCS:
                linked.add(one.uas_id)
                if isinstance(record.location, c.Position2d | c.Position3d):
                    ways.setdefault(one.uas_id, []).append((record.time_utc_ms, record.location))
        if one.uas_id is not None and one.uav_home_location is not None:
            linked.add(one.uas_id)
    for way in ways.values():
        way.sort(key=lambda told: told[0])
    intercepted = flown & linked
    for path, one in of:
        all_of_it: tuple[_Record, ...] = one.records
        for j, record in enumerate(all_of_it):
            yield _Told(
                path=f"{path}.records[{j}]",
                record=record,
                name=one.name or f"uas {one.uas_id}",
                system=record.cuas_location or document.static_cuas_location,
                intercepted=one.uas_id in intercepted,
                ways=[] if one.uas_id is None else ways.get(one.uas_id, []),
            )


def _vector(position: FloatArray) -> Vector:
    east, north, up = position.tolist()
    return east, north, up
