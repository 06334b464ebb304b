"""Remote ID messages under the names and units of the open reference program, to be compared with it.

The names are those of the vectors: `basic_id_0`, `location`, `auth_N`, `self_id`, `system`, `operator_id`,
and within them `lat`, `speed_h` and so on. Unknown is the standard's own value for it (361 degrees, 255 m/s,
-1000 m). Times after the hour are single-precision there, with four decimals: 3599.9 s reads 3599.8999.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

from skykeep.wire.remoteid_records import (
    EPOCH_2019_UTC_S,
    AircraftType,
    Authentication,
    BasicId,
    ClassificationType,
    HeightType,
    IdType,
    Location,
    Message,
    OperatorId,
    OperatorLocationType,
    SelfId,
    Status,
    System,
)

UNKNOWN_M = -1000.0
# (unknown, name there, name here) of what differs only by its sentinel
_LOCATION_NAMES: dict[str, tuple[str, Any]] = {
    "status": ("status", None),
    "direction": ("course_deg", 361.0),
    "speed_h": ("speed_mps", 255.0),
    "speed_v": ("vertical_speed_mps", 63.0),
    "lat": ("latitude_deg", 0.0),
    "lon": ("longitude_deg", 0.0),
    "alt_baro": ("pressure_altitude_m", UNKNOWN_M),
    "alt_geo": ("altitude_hae_m", UNKNOWN_M),
    "height_type": ("height_type", None),
    "height": ("height_m", UNKNOWN_M),
    "h_acc": ("horizontal_accuracy", None),
    "v_acc": ("vertical_accuracy", None),
    "baro_acc": ("pressure_accuracy", None),
    "speed_acc": ("speed_accuracy", None),
    "ts_acc": ("time_accuracy_s", 0),
    "timestamp": ("seconds_after_hour", 65535.0),
}
_SYSTEM_NAMES: dict[str, tuple[str, Any]] = {
    "op_loc_type": ("operator_location_type", None),
    "class_type": ("classification_type", None),
    "op_lat": ("operator_latitude_deg", 0.0),
    "op_lon": ("operator_longitude_deg", 0.0),
    "area_count": ("area_count", None),
    "area_radius": ("area_radius_m", None),
    "area_ceiling": ("area_ceiling_hae_m", UNKNOWN_M),
    "area_floor": ("area_floor_hae_m", UNKNOWN_M),
    "category_eu": ("category_eu", None),
    "class_eu": ("class_eu", None),
    "op_alt_geo": ("operator_altitude_hae_m", UNKNOWN_M),
    "timestamp": ("time_utc_s", 0),
}
_OTHER_NAMES = {
    "basic_id.id_type": "basic_id_0.id_type",
    "basic_id.uas_id": "basic_id_0.uas_id",
    "authentication.authentication_type": "auth.auth_type",
    "authentication.last_page": "auth_0.last_page",
    "authentication.length": "auth_0.length",
    "self_id.description_type": "self_id.desc_type",
    "operator_id.operator_id_type": "operator_id.op_id_type",
    "operator_id.operator_id": "operator_id.op_id",
}
_FIELDS = {
    **{f"location.{here}": f"location.{there}" for there, (here, _) in _LOCATION_NAMES.items()},
    **{f"system.{here}": f"system.{there}" for there, (here, _) in _SYSTEM_NAMES.items()},
    **_OTHER_NAMES,
}
SECTIONS = ("basic_id_", "location", "auth_", "self_id", "system", "operator_id")


def reference_field(field: str) -> str:
    """Return what the vectors call a field of ours; its own name where they have none."""
    return _FIELDS.get(field, field)


def to_reference(messages: Iterable[Message]) -> dict[str, dict[str, Any]]:
    """Return messages under the vectors' names. A second Basic ID of the same kind replaces the first."""
    out: dict[str, dict[str, Any]] = {}
    identities: list[BasicId] = []
    for message in messages:
        match message:
            case BasicId():
                at = next((i for i, one in enumerate(identities) if one.id_type is message.id_type), None)
                if at is None:
                    identities.append(message)
                else:
                    identities[at] = message
            case Location():
                out["location"] = _location(message)
            case Authentication():
                out[f"auth_{message.page}"] = _page(message)
            case SelfId():
                out["self_id"] = {"desc_type": message.description_type, "desc": message.description}
            case System():
                out["system"] = _system(message)
            case OperatorId():
                out["operator_id"] = {"op_id_type": message.operator_id_type, "op_id": message.operator_id}
    out |= {f"basic_id_{at}": _basic_id(one) for at, one in enumerate(identities)}
    order = {name: next(i for i, s in enumerate(SECTIONS) if name.startswith(s)) for name in out}
    return {name: out[name] for name in sorted(out, key=lambda name: order[name])}


def _basic_id(message: BasicId) -> dict[str, Any]:
    return {
        "ua_type": int(message.aircraft_type),
        "id_type": int(message.id_type),
        "uas_id": message.uas_id.split(b"\0", 1)[0].decode("ascii", "replace"),
        "uas_id_hex": message.uas_id.hex(),
    }


def _location(message: Location) -> dict[str, Any]:
    named = _named(message, _LOCATION_NAMES)
    named["ts_acc"] = round(named["ts_acc"] * 10)
    named["timestamp"] = round(single(named["timestamp"]), 4)
    return named


def _page(message: Authentication) -> dict[str, Any]:
    named: dict[str, Any] = {"page": message.page, "auth_type": message.authentication_type}
    if message.page == 0:
        named |= {
            "last_page": message.last_page,
            "length": message.length,
            "timestamp": 0 if message.time_utc_s is None else message.time_utc_s - EPOCH_2019_UTC_S,
        }
    return {**named, "data": message.data.hex()}


def _system(message: System) -> dict[str, Any]:
    named = _named(message, _SYSTEM_NAMES)
    named["area_radius"] = int(named["area_radius"])
    named["timestamp"] -= EPOCH_2019_UTC_S if named["timestamp"] else 0
    return named


def _named(message: Message, names: dict[str, tuple[str, Any]]) -> dict[str, Any]:
    named = {}
    for there, (here, unknown) in names.items():
        value = getattr(message, here)
        named[there] = unknown if value is None else value
    return named


def single(value: float) -> float:
    """Return a number as single precision keeps it."""
    kept: float = struct.unpack("<f", struct.pack("<f", value))[0]
    return kept


def from_reference(named: dict[str, dict[str, Any]], version: int = 2) -> list[Message]:
    """Return the messages of what the vectors give to the reference program, in its own order; values that
    the standard cannot say stay as they are, for the encoder to refuse.
    """
    messages: list[Message] = []
    for section in SECTIONS:
        found = sorted(name for name in named if name.startswith(section))
        messages.extend(_message(name, named[name], version) for name in found)
    return messages


def _message(name: str, values: dict[str, Any], version: int) -> Message:
    if name.startswith("basic_id"):
        return BasicId(
            version=version,
            id_type=IdType(values["id_type"]),
            aircraft_type=AircraftType(values["ua_type"]),
            uas_id=bytes.fromhex(values["uas_id_hex"]),
        )
    if name.startswith("auth"):
        since_2019_s = values.get("timestamp") or None
        return Authentication(
            version=version,
            authentication_type=values["auth_type"],
            page=values["page"],
            data=bytes.fromhex(values["data"]),
            last_page=values.get("last_page"),
            length=values.get("length"),
            time_utc_s=None if since_2019_s is None else since_2019_s + EPOCH_2019_UTC_S,
        )
    if name == "self_id":
        octets = values["desc"].encode().ljust(23, b"\0")
        return SelfId(version=version, description_type=values["desc_type"], octets=octets)
    if name == "operator_id":
        octets = values["op_id"].encode().ljust(20, b"\0")
        return OperatorId(version=version, operator_id_type=values["op_id_type"], octets=octets)
    names = _LOCATION_NAMES if name == "location" else _SYSTEM_NAMES
    ours: dict[str, Any] = {
        here: None if unknown is not None and values[there] == unknown else values[there]
        for there, (here, unknown) in names.items()
    }
    if name == "location":
        ours["time_accuracy_s"] = None if ours["time_accuracy_s"] is None else ours["time_accuracy_s"] / 10
        ours |= {"status": Status(ours["status"]), "height_type": HeightType(ours["height_type"])}
        return Location(version=version, **_place_known(ours, "latitude_deg", "longitude_deg"))
    ours["time_utc_s"] = None if ours["time_utc_s"] is None else ours["time_utc_s"] + EPOCH_2019_UTC_S
    ours |= {
        "operator_location_type": OperatorLocationType(ours["operator_location_type"]),
        "classification_type": ClassificationType(ours["classification_type"]),
    }
    return System(version=version, **_place_known(ours, "operator_latitude_deg", "operator_longitude_deg"))


def _place_known(ours: dict[str, Any], latitude: str, longitude: str) -> dict[str, Any]:
    """Zero is unknown only where both are."""
    if ours[latitude] is None and ours[longitude] is None:
        return ours
    return {**ours, latitude: ours[latitude] or 0.0, longitude: ours[longitude] or 0.0}
