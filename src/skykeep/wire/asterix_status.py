"""ASTERIX service messages to what a sensor says of itself.

| category | messages | state from |
|---|---|---|
| 034 | 1 north marker, 2 sector, 3 filtering, 4 jamming strobe | 050/COM: NOGO, overloads, TSV; 120 place |
| 002 | 1 north, 2 sector, 3 south, 8 and 9 blind zone filtering | the message itself |
| 065 | 1 system, 2 end of batch, 3 service | 040: NOGO, OVL, TSV |
| 063 | one sensor of a system, named in 050 | 060: CON, OVL, MSC, TSV |
| 010, 019 | 2 start of cycle, 3 and 4 status | 550: NOGO, OVL, TSV |
| 016 | configuration | none; 400 is where it stands |

A sector crossing says only that the antenna turns: it comes many times a turn and gives no status of its own.
Source: EUROCONTROL-SPEC-0149 parts 2b, 7, 10, 15, 18, 26.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from skykeep.domain.place import Vector
from skykeep.domain.sensing import SensorState
from skykeep.geo.frames import LocalFrame
from skykeep.wire.asterix import AsterixRecord

STATUS_CATEGORIES = (2, 16, 19, 34, 63, 65)
JAMMING_STROBE = 4

# 034: released or inhibited. The others: how far it is operational.
_RELEASE = {0: SensorState.OK, 1: SensorState.FAILED}
_OPERATION = {0: SensorState.OK, 1: SensorState.DEGRADED, 2: SensorState.FAILED, 3: SensorState.DEGRADED}
_CONNECTION = {0: SensorState.OK, 1: SensorState.DEGRADED, 2: SensorState.DEGRADED, 3: SensorState.OFF}
_WORDS = {
    SensorState.OK: "operational",
    SensorState.DEGRADED: "degraded",
    SensorState.FAILED: "not released for operational use",
    SensorState.OFF: "not connected",
}
_FLAGS = {
    "OVLRDP": "its processor is overloaded",
    "OVLXMT": "its output is overloaded",
    "OVL": "overloaded",
    "ODP": "its processor is overloaded",
    "OXT": "its output is overloaded",
    "TSV": "its time source is not valid",
    "TTF": "its test target fails",
}


class ServiceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a service message says. `about` is the (area code, identification code) of the sensor meant,
    where that is another than the sender.
    """

    state: SensorState
    says: str
    position_enu_m: Vector | None = None
    azimuth_from_rad: float | None = None
    azimuth_to_rad: float | None = None
    about: tuple[int, int] | None = None


def service_status(record: AsterixRecord, frame: LocalFrame) -> ServiceStatus | None:
    """Return the status in a service message, None when it holds none."""
    match record.category:
        case 34:
            return _radar(record, frame)
        case 2:
            return _old_radar(record)
        case 65 if record.items.get("000") == 1:
            return _flags(_OPERATION, record.items.get("040"))
        case 63:
            about = record.items.get("050")
            said = _flags(_CONNECTION, record.items.get("060"))
            if said is None or not isinstance(about, dict):
                return said
            return msgspec.structs.replace(said, about=(about["SAC"], about["SIC"]))
        case 10 | 19 if record.items.get("000") != 1 or "550" in record.items:
            return _flags(_OPERATION, record.items.get("550"))
        case 16:
            position = _place(record.items.get("400"), record.items.get("405", 0.0), frame)
            return ServiceStatus(
                state=SensorState.OK, says="tells its configuration", position_enu_m=position
            )
    return None


def _flags(states: dict[int, SensorState], flags: Any) -> ServiceStatus | None:
    if not isinstance(flags, dict):
        return None
    code = flags["NOGO"] if "NOGO" in flags else flags.get("CON", 0)
    state = states.get(code, SensorState.DEGRADED)
    troubles = [words for name, words in _FLAGS.items() if flags.get(name)]
    if troubles and state is SensorState.OK:
        state = SensorState.DEGRADED
    return ServiceStatus(state=state, says="; ".join([_WORDS[state], *troubles]))


def _radar(record: AsterixRecord, frame: LocalFrame) -> ServiceStatus | None:
    if record.items.get("000") == JAMMING_STROBE:
        return _jamming(record)
    configuration = record.items.get("050")
    common = configuration.get("COM") if isinstance(configuration, dict) else None
    said = _flags(_RELEASE, common)
    if said is None and record.items.get("000") == 1:
        said = ServiceStatus(state=SensorState.OK, says="turns")
    place = record.items.get("120")
    if said is None or not isinstance(place, dict):
        return said
    return msgspec.structs.replace(said, position_enu_m=_place(place, place["HGT"], frame))


def _jamming(record: AsterixRecord) -> ServiceStatus:
    window = record.items.get("100")
    edges = (window["THETAST"], window["THETAEND"]) if isinstance(window, dict) else None
    where = "" if edges is None else f" between {edges[0]:.0f} and {edges[1]:.0f} degrees"
    return ServiceStatus(
        state=SensorState.DEGRADED,
        says=f"jammed{where}",
        azimuth_from_rad=None if edges is None else float(np.radians(edges[0])),
        azimuth_to_rad=None if edges is None else float(np.radians(edges[1])),
    )


def _old_radar(record: AsterixRecord) -> ServiceStatus | None:
    if record.items.get("000") in (1, 3):
        return ServiceStatus(state=SensorState.OK, says="turns")
    if record.items.get("000") in (8, 9):
        filtering = "on" if record.items["000"] == 8 else "off"
        state = SensorState.DEGRADED if filtering == "on" else SensorState.OK
        return ServiceStatus(state=state, says=f"blind zone filtering is {filtering}")
    return None


def _place(place: Any, height_m: float, frame: LocalFrame) -> Vector | None:
    if not isinstance(place, dict):
        return None
    east, north, up = frame.to_enu_m(place["LAT"], place["LON"], height_m).tolist()
    return east, north, up
