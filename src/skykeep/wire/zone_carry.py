"""What a format cannot say of a zone, carried beside it, so that our own files come back as they went out.

A writer first says all that the format can, reads that again with the format's own reader, and carries each
field that came back another: whole, with a digest of how it was read. A reader puts a carried field in place
only where its own reading still has that digest: whoever changed the file by hand is believed, not we.

    {"zone_id": {"is": "LONG-IDENTIFIER", "instead_of": "f1d2..."}, ...}
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from skykeep.domain.zone import Deviation, Gravity, Limit, Polygon, Zone, ZoneList, limit_m
from skykeep.wire.zone_report import Json, Place, shown
from skykeep.wire.zone_rings import opened

MEMBER = "skykeep"
_NOT_CARRIED = frozenset({"source"})
LIST_FIELDS = ("title", "provider", "issued_utc_ns", "valid_from_utc_ns", "valid_to_utc_ns", "extra")
_SURFACE = Limit(value=0.0)
S = TypeVar("S", bound=msgspec.Struct)


def tidy(zone: Zone) -> Zone:
    """Return a zone whose rings do not repeat their first corner: in files and in memory the same zone."""
    volumes = tuple(
        msgspec.structs.replace(volume, outline=opened(volume.outline))
        if isinstance(volume.outline, Polygon)
        else volume
        for volume in zone.volumes
    )
    return msgspec.structs.replace(zone, volumes=volumes)


def carried_zone(zone: Zone, as_read: Zone) -> Json:
    """Return what has to be carried so that `as_read` becomes `zone`."""
    fields = [name for name in zone.__struct_fields__ if name not in _NOT_CARRIED]
    return _carried(zone, as_read, fields)


def carried_list(listed: ZoneList, as_read: ZoneList) -> Json:
    """Return the same of what a list says about itself."""
    return _carried(listed, as_read, LIST_FIELDS)


def _carried(one: msgspec.Struct, as_read: msgspec.Struct, fields: list[str] | tuple[str, ...]) -> Json:
    return {
        name: {"is": msgspec.to_builtins(getattr(one, name)), "instead_of": _digest(getattr(as_read, name))}
        for name in fields
        if getattr(one, name) != getattr(as_read, name)
    }


def restored(as_read: S, carried: object, place: Place) -> S:
    """Return what was read, with every carried field that still stands for it put in its place."""
    if not isinstance(carried, dict):
        place.noted(MEMBER, carried, "fields carried by us", "passed over")
        return as_read
    types = _types(type(as_read))
    put: dict[str, Any] = {}
    for name, one in carried.items():
        where = f"{MEMBER}.{shown(name)}"
        if name not in types or name in _NOT_CARRIED or not isinstance(one, dict):
            place.noted(where, one, "a field carried by us", "passed over")
            continue
        if one.get("instead_of") != _digest(getattr(as_read, name)):
            place.noted(where, "carried for another reading", "what stands beside it", "passed over")
            continue
        try:
            put[name] = msgspec.convert(one.get("is"), types[name])
        except (msgspec.ValidationError, RecursionError) as error:
            place.noted(where, str(error), "a field carried by us", "passed over")
    return msgspec.structs.replace(as_read, **put)


@cache
def _types(of: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(of)}


def _digest(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:16]


def lossy(zone: Zone, as_read: Zone, musts: Mapping[str, str], otherwise: str, where: str) -> list[Deviation]:
    """Return a deviation for each field that means something else to whoever does not read what we carry."""
    left, right = _meaning(zone), _meaning(as_read)
    return [
        Deviation(
            zone_id=zone.zone_id,
            field=name,
            found=shown(msgspec.to_builtins(getattr(zone, name))),
            must=musts.get(name, otherwise),
            gravity=Gravity.READ_AS,
            done=f"written as {shown(msgspec.to_builtins(getattr(as_read, name)))}; whole in {where}",
        )
        for name in zone.__struct_fields__
        if name not in _NOT_CARRIED | {"document"} and getattr(left, name) != getattr(right, name)
    ]


def _meaning(zone: Zone) -> Zone:
    """Return a zone without what says the same in two ways: always, the day's begin and end, the surface."""
    periods = () if any(period.permanent for period in zone.periods) else zone.periods
    periods = tuple(
        msgspec.structs.replace(
            period,
            hours=tuple(
                msgspec.structs.replace(one, from_s=one.from_s or 0.0, to_s=one.to_s or 0.0)
                for one in period.hours
            ),
        )
        for period in periods
    )
    volumes = tuple(
        msgspec.structs.replace(
            volume,
            floor=None if volume.floor == _SURFACE else volume.floor,
            ceiling=None if limit_m(volume.ceiling) is None else volume.ceiling,
        )
        for volume in zone.volumes
    )
    return msgspec.structs.replace(zone, periods=periods, volumes=volumes)


def sound_zones(listed: ZoneList) -> tuple[list[Zone], list[Deviation]]:
    """Return the zones that can be written, tidied, and why the others cannot: numbers that are none, or no
    volume.
    """
    sound, left = [], []
    for zone in listed.zones:
        try:
            same = msgspec.json.decode(msgspec.json.encode(zone), type=Zone) == zone
        except (msgspec.MsgspecError, UnicodeEncodeError):
            same = False
        if same and zone.volumes:
            sound.append(tidy(zone))
            continue
        found = "no volume" if same else "a value that JSON cannot hold"
        left.append(_left_out(zone.zone_id, found, "finite numbers and at least one volume"))
    return sound, left


def _left_out(zone_id: str, found: str, must: str) -> Deviation:
    return Deviation(
        zone_id=zone_id, field="", found=found, must=must, gravity=Gravity.LEFT_OUT, done="not written"
    )


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """How a format is written: the features of a zone, a document of features, its reading, and where in the
    first feature (and in the document) what is carried goes.
    """

    features: Callable[[Zone], list[Json]]
    document: Callable[[ZoneList, list[Json]], Json]
    read: Callable[[Json], ZoneList]
    carry: Callable[[Json, Json], None]
    musts: Mapping[str, str]
    otherwise: str
    where: str


def written(listed: ZoneList, writing: Writing) -> tuple[Json, tuple[Deviation, ...]]:
    """Return a document that holds every zone whole, and what those who do not read ours will miss."""
    zones, deviations = sound_zones(listed)
    about = carried_list(listed, writing.read(writing.document(listed, [])))

    def document_of(some: list[Json]) -> Json:
        return writing.document(listed, some) | ({MEMBER: about} if about else {})

    features: list[Json] = []
    for zone in zones:
        group = writing.features(zone)
        back = writing.read(document_of(group)).zones
        if len(back) != 1:
            deviations.append(_left_out(zone.zone_id, "a zone that comes back another", writing.otherwise))
            continue
        if carried := carried_zone(zone, back[0]):
            writing.carry(group[0], carried)
            deviations += lossy(zone, back[0], writing.musts, writing.otherwise, writing.where)
        features += group
    for name, _ in listed.left_out:
        deviations.append(_left_out(name, "an item that was not read as a zone", "a zone"))
    return document_of(features), tuple(deviations)
