"""What a SAPIENT message must be, field by field: mandatory fields, identifiers, enumerations, values.

What is mandatory, a ULID or a UUID is read from the standard's own schema; what a value can be is here,
because the schema does not say:

| field | bound |
|---|---|
| any number | finite |
| `*_error` | not negative |
| confidence, ranking | 0 to 1 |
| timestamps | 2000 to 2100 |
| location | longitude (x) within 180 degrees, latitude (y) within 90 |
| location in UTM | 100 to 900 km of easting, 0 to 10,000 km of northing |
| height | 12 km below to 100 km above the datum |
| azimuth, elevation, range | one turn either way, a quarter turn either way, 0 to 1,000 km |
| rates | 5,000 of their unit either way |
| frequencies | not negative, start to centre to stop |

An enumeration may be left out where it is not mandatory; a value that the standard does not know is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from skykeep.base.errors import DecodeError
from skykeep.geo.utm import EASTING_M, NORTHING_M, parse_zone
from skykeep.wire.sapient_ids import ULID, UUID_4
from skykeep.wire.sapient_schema import Rule, rules_of

EARLIEST_S, LATEST_S = 946_684_800, 4_102_444_800
HEIGHT_M = (-12_000.0, 100_000.0)
FARTHEST_M = 1_000_000.0
FASTEST = 5_000.0
TIMESTAMP = "google.protobuf.Timestamp"
_PACKAGE = "sapient_msg.bsi_flex_335_v2_0."
_LATLNG_DEG, _LATLNG_RAD, _UTM = 1, 2, 5
_SHARES = ("confidence", "detection_confidence", "ranking")


def problems(message: Any, path: str = "") -> Iterator[DecodeError]:
    """Yield everything that is wrong with a message and what is in it, each with the path of its field."""
    rules = rules_of(message)
    if rules.full_name == TIMESTAMP:
        yield from _timestamp(message, path.removesuffix("."))
        return
    for name, fields in rules.choices:
        if not any(message.HasField(field) for field in fields):
            yield DecodeError(f"{path}{name}", "absent", f"one of {', '.join(fields)}")
    present = {field.name: value for field, value in message.ListFields()}
    for name in rules.mandatory:
        if name not in present:
            yield DecodeError(f"{path}{name}", "absent", "given: it is mandatory")
    for name, value in present.items():
        rule = rules.fields[name]
        if not rule.repeated:
            yield from _value(rule, value, f"{path}{name}")
            continue
        for index, one in enumerate(value):
            yield from _value(rule, one, f"{path}{name}[{index}]")
    extra = _VALUES.get(rules.full_name.removeprefix(_PACKAGE))
    if extra is not None:
        yield from extra(message, path)


def _value(rule: Rule, value: Any, at: str) -> Iterator[DecodeError]:
    if rule.message:
        yield from problems(value, f"{at}.")
    elif rule.enumeration is not None:
        yield from _enumeration(rule, value, at)
    elif rule.number:
        yield from _number(rule, value, at)
    elif rule.ulid and ULID.fullmatch(value) is None:
        yield DecodeError(at, repr(value[:64]), "a ULID: 26 upper-case digits of Crockford's base 32")
    elif rule.uuid and UUID_4.fullmatch(value) is None:
        yield DecodeError(at, repr(value[:64]), "a UUID of version 4 in lower case with dashes")


def _enumeration(rule: Rule, value: int, at: str) -> Iterator[DecodeError]:
    if rule.enumeration is None or value not in rule.enumeration:
        yield DecodeError(at, f"{value}", "a value that the standard names")
    elif rule.mandatory and value == 0:
        yield DecodeError(at, "unspecified", "given: it is mandatory")


def _number(rule: Rule, value: float, at: str) -> Iterator[DecodeError]:
    if not math.isfinite(value):
        yield DecodeError(at, f"{value}", "a finite number")
    elif rule.name.endswith("_error") and value < 0.0:
        yield DecodeError(at, f"{value:g}", "0 or more")
    elif rule.name in _SHARES and not 0.0 <= value <= 1.0:
        yield DecodeError(at, f"{value:g}", "0 to 1")


def _timestamp(stamp: Any, path: str) -> Iterator[DecodeError]:
    if not EARLIEST_S <= stamp.seconds < LATEST_S:
        yield DecodeError(path, f"{stamp.seconds} s after 1970", "between the years 2000 and 2100")
    elif not 0 <= stamp.nanos < 1_000_000_000:
        yield DecodeError(path, f"{stamp.nanos} ns", "0 to 999,999,999 ns")


def _bound(
    message: Any, name: str, bounds: tuple[float, float], path: str, unit: str, hint: str = ""
) -> Iterator[DecodeError]:
    if not message.HasField(name):
        return
    value, (low, high) = getattr(message, name), bounds
    if math.isfinite(value) and not low <= value <= high:
        must = f"{low:,.10g} to {high:,.10g}" if math.isfinite(high) else f"{low:,.10g} or more"
        yield DecodeError(f"{path}{name}", f"{value:.10g} {unit}{hint}", f"{must} {unit}")


def _location(place: Any, path: str) -> Iterator[DecodeError]:
    system = place.coordinate_system
    if system in (_LATLNG_DEG, _LATLNG_RAD):
        half, unit = (180.0, "degrees") if system == _LATLNG_DEG else (math.pi, "rad")
        yield from _bound(place, "x", (-half, half), path, f"{unit} of longitude")
        yield from _bound(place, "y", (-half / 2, half / 2), path, f"{unit} of latitude")
    elif system == _UTM:
        hint = " (it looks like degrees, not UTM)" if _looks_like_degrees(place) else ""
        yield from _bound(place, "x", EASTING_M, path, "m of easting", hint)
        yield from _bound(place, "y", NORTHING_M, path, "m of northing", hint)
        if place.HasField("utm_zone"):
            try:
                parse_zone(place.utm_zone)
            except ValueError:
                yield DecodeError(f"{path}utm_zone", repr(place.utm_zone[:16]), "a zone such as 30U")
    yield from _bound(place, "z", HEIGHT_M, path, "m")


def _looks_like_degrees(place: Any) -> bool:
    return max(abs(float(place.x)), abs(float(place.y))) <= 180.0


def _range_bearing(seen: Any, path: str) -> Iterator[DecodeError]:
    in_rad = seen.coordinate_system in (2, 4)
    in_km = seen.coordinate_system in (3, 4)
    turn, unit = (2.0 * math.pi, "rad") if in_rad else (360.0, "degrees")
    yield from _bound(seen, "azimuth", (-turn, turn), path, unit)
    yield from _bound(seen, "elevation", (-turn / 4, turn / 4), path, unit)
    farthest = FARTHEST_M / 1_000.0 if in_km else FARTHEST_M
    yield from _bound(seen, "range", (0.0, farthest), path, "km" if in_km else "m")


def _cone(seen: Any, path: str) -> Iterator[DecodeError]:
    yield from _range_bearing(seen, path)
    yield from _bound(seen, "horizontal_extent", (0.0, 360.0), path, "degrees")
    yield from _bound(seen, "vertical_extent", (0.0, 360.0), path, "degrees")


def _velocity(velocity: Any, path: str) -> Iterator[DecodeError]:
    for name in ("east_rate", "north_rate", "up_rate"):
        yield from _bound(velocity, name, (-FASTEST, FASTEST), path, "a unit of time")


def _signal(signal: Any, path: str) -> Iterator[DecodeError]:
    names = [n for n in ("start_frequency", "centre_frequency", "stop_frequency") if signal.HasField(n)]
    for name in names:
        yield from _bound(signal, name, (0.0, math.inf), path, "Hz")
    values = [getattr(signal, name) for name in names]
    if values != sorted(values):
        yield DecodeError(
            f"{path}centre_frequency", f"{values}", "no lower than the start and no higher than the stop"
        )


def _power(power: Any, path: str) -> Iterator[DecodeError]:
    yield from _bound(power, "level", (0.0, 100.0), path, "%")


def _duration(duration: Any, path: str) -> Iterator[DecodeError]:
    yield from _bound(duration, "value", (0.0, math.inf), path, "units")


def _registration(registration: Any, path: str) -> Iterator[DecodeError]:
    for index, node_id in enumerate(registration.dependent_nodes):
        if UUID_4.fullmatch(node_id) is None:
            field = f"{path}dependent_nodes[{index}]"
            yield DecodeError(field, repr(node_id[:64]), "a UUID of version 4 in lower case with dashes")


_VALUES: dict[str, Callable[[Any, str], Iterator[DecodeError]]] = {
    "Location": _location,
    "RangeBearing": _range_bearing,
    "RangeBearingCone": _cone,
    "ENUVelocity": _velocity,
    "DetectionReport.Signal": _signal,
    "StatusReport.Power": _power,
    "Registration.Duration": _duration,
    "Registration": _registration,
}
