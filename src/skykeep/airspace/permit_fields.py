"""What an application must say before it can be decided on: every fault at once, field by field.

By EU 2021/664 annex IV, and as strict as the suites that test such systems: a serial by ANSI/CTA-2063-A, an
operator by EN 4709-02 (without the secret part, which is not kept), a class and a category that are known,
1 to 14,400 minutes of endurance, at least one way to be identified and one to be reached, volumes that are
closed, of finite height and time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec
import shapely

from skykeep.airspace.identifiers import SERIAL_MUST, is_serial, public_operator_id
from skykeep.airspace.overlap import outline_on, plane_of
from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.faults import FormError
from skykeep.domain.permit import Flight, Permit, PermitTerms, Scope, Volume4D
from skykeep.domain.zone import Circle, Limit, Polygon, limit_m

# "Undeclared" is an answer: an officer decides what to make of it. Silence is none, nor is "Other".
UNDECLARED = "Undeclared"
CATEGORIES = ("Open", "Specific", "Certified", UNDECLARED)
CLASSES = ("C0", "C1", "C2", "C3", "C4", "C5", "C6", "Privately built", "None")
MODES = (UNDECLARED, "Vlos", "Bvlos")
MOST_ENDURANCE_MIN = 14_400
MOST_TEXT = 2_000
_DAY_NS = 86_400 * NS_PER_S


class PermitBounds(msgspec.Struct, frozen=True, kw_only=True):
    """How far ahead, how long, how large and of how many parts an application may be."""

    days_ahead: float = 90.0
    longest_days: float = 30.0
    most_volumes: int = 100
    most_corners: int = 2_000
    most_names: int = 100
    widest_m: float = 100_000.0


def check_form(permit: Permit, now_utc_ns: int, bounds: PermitBounds, *, at_once: bool = False) -> None:
    """Raise FormError with all that is wrong. What is granted `at_once` to police or emergency services needs
    no more than its volumes: the form can be filled in later, the drone is in the air now.
    """
    faults = faults_of(permit, now_utc_ns, bounds, at_once=at_once)
    if faults:
        raise FormError(faults)


def faults_of(
    permit: Permit, now_utc_ns: int, bounds: PermitBounds, *, at_once: bool = False
) -> tuple[InputError, ...]:
    """Return all that is wrong with an application, in the order of the form."""
    return tuple(_faults(permit, now_utc_ns, bounds, at_once))


def without_secrets(terms: PermitTerms) -> PermitTerms:
    """Return terms whose operator numbers have lost their secret part: nothing else of them is ever kept.

    A number that is none is cut at its hyphen all the same, and left for the form's check to refuse; one
    whose secret does not fit is refused here, where it is still known.
    """
    if terms.scope is None:
        return terms
    kept, faults = [], []
    for place, text in enumerate(terms.scope.operator_ids):
        try:
            kept.append(public_operator_id(text, f"operator_ids[{place}]"))
        except InputError as error:
            if error.must.startswith("one whose"):
                faults.append(error)
            kept.append(text.split("-")[0])
    if faults:
        raise FormError(faults)
    scope = msgspec.structs.replace(terms.scope, operator_ids=tuple(kept))
    return msgspec.structs.replace(terms, scope=scope)


def _faults(permit: Permit, now_utc_ns: int, bounds: PermitBounds, at_once: bool) -> Iterator[InputError]:
    if not permit.holder.strip() or len(permit.holder) > MOST_TEXT:
        yield InputError("holder", _shown(permit.holder), "the name of who flies")
    if not at_once and not _is_contact(permit.contact):
        yield InputError("contact", _shown(permit.contact), "an e-mail address or a telephone number")
    scope = permit.scope
    # In the open category not every drone has a serial, nor every operator a number: a person decides.
    numbered = scope.flight.operation_category.casefold() in ("specific", "certified")
    for name in ("serials", "operator_ids"):
        if numbered and not at_once and not getattr(scope, name):
            yield InputError(name, "none", "at least one")
    for name in ("serials", "operator_ids", "pilots", "unlocks", "conditions"):
        if len(getattr(scope, name)) > bounds.most_names:
            yield InputError(name, f"{len(getattr(scope, name))}", f"at most {bounds.most_names}")
    for place, serial in enumerate(scope.serials):
        if not is_serial(serial):
            yield InputError(f"serials[{place}]", _shown(serial), SERIAL_MUST)
    for place, operator_id in enumerate(scope.operator_ids):
        try:
            public_operator_id(operator_id, f"operator_ids[{place}]")
        except InputError as error:
            yield error
    if not at_once:
        yield from _flight_faults(scope.flight)
    yield from _place_faults(scope.flight)
    yield from _volume_faults(scope, now_utc_ns, bounds)


def _flight_faults(flight: Flight) -> Iterator[InputError]:
    for name, allowed in (
        ("operation_category", CATEGORIES),
        ("uas_class", CLASSES),
        ("operation_mode", MODES),
    ):
        found = getattr(flight, name)
        if found.casefold() not in {each.casefold() for each in allowed}:
            yield InputError(f"flight.{name}", _shown(found), f"one of {', '.join(allowed)}")
    minutes = flight.endurance_minutes
    if minutes is None or not 1 <= minutes <= MOST_ENDURANCE_MIN:
        yield InputError(
            "flight.endurance_minutes", f"{minutes}", f"1 to {MOST_ENDURANCE_MIN:,} whole minutes"
        )
    for name in ("identification_technologies", "connectivity_methods"):
        if not any(each.strip() for each in getattr(flight, name)):
            yield InputError(f"flight.{name}", "none", "at least one")
    url = flight.emergency_procedure_url
    if url and not (url.startswith(("https://", "http://")) and len(url) <= MOST_TEXT):
        yield InputError("flight.emergency_procedure_url", _shown(url), "an address on the web, or left out")


def _place_faults(flight: Flight) -> Iterator[InputError]:
    for name in ("take_off", "pilot_position"):
        place = getattr(flight, name)
        if place is not None and not _on_globe(*place):
            yield InputError(f"flight.{name}", f"{place}", "longitude and latitude in degrees")
    for number, (longitude_deg, latitude_deg, height_agl_m) in enumerate(flight.route):
        if not (_on_globe(longitude_deg, latitude_deg) and math.isfinite(height_agl_m)):
            found = f"{longitude_deg}, {latitude_deg}, {height_agl_m}"
            yield InputError(f"flight.route[{number}]", found, "longitude, latitude and metres above ground")
    if flight.speed_mps is not None and not 0.0 < flight.speed_mps <= 300.0:
        yield InputError("flight.speed_mps", f"{flight.speed_mps}", "over 0, at most 300")


def _volume_faults(scope: Scope, now_utc_ns: int, bounds: PermitBounds) -> Iterator[InputError]:
    count = len(scope.volumes)
    if not 1 <= count <= bounds.most_volumes:
        yield InputError("volumes", f"{count}", f"1 to {bounds.most_volumes}")
        return
    for place, asked in enumerate(scope.volumes):
        field = f"volumes[{place}]"
        yield from outline_faults(f"{field}.outline", asked.volume.outline, bounds)
        yield from _height_faults(field, asked)
        if asked.start_utc_ns >= asked.end_utc_ns:
            must = f"after its start, {_iso(asked.start_utc_ns)}"
            yield InputError(f"{field}.end", _iso(asked.end_utc_ns), must)
    if scope.end_utc_ns <= now_utc_ns:
        yield InputError(
            "volumes", f"over at {_iso(scope.end_utc_ns)}", f"not past: it is {_iso(now_utc_ns)}"
        )
    if scope.start_utc_ns > now_utc_ns + bounds.days_ahead * _DAY_NS:
        must = f"at most {bounds.days_ahead:g} days ahead"
        yield InputError("volumes", f"beginning at {_iso(scope.start_utc_ns)}", must)
    if scope.end_utc_ns - scope.start_utc_ns > bounds.longest_days * _DAY_NS:
        days = (scope.end_utc_ns - scope.start_utc_ns) / _DAY_NS
        yield InputError("volumes", f"{days:.1f} days long", f"at most {bounds.longest_days:g}")


def outline_faults(field: str, outline: Polygon | Circle, bounds: PermitBounds) -> Iterator[InputError]:
    if isinstance(outline, Circle):
        if not _on_globe(outline.longitude_deg, outline.latitude_deg):
            found = f"{outline.longitude_deg}, {outline.latitude_deg}"
            yield InputError(field, found, "a centre of longitude and latitude in degrees")
        if not 0.0 < outline.radius_m <= bounds.widest_m / 2:
            found, must = f"{outline.radius_m}", f"over 0, at most {bounds.widest_m / 2:g} m"
            yield InputError(f"{field}.radius_m", found, must)
        return
    corners = [corner for ring in outline.rings for corner in ring]
    if not outline.rings or any(len(set(ring)) < 3 for ring in outline.rings):
        yield InputError(field, "a ring of under 3 corners", "at least 3 different corners in every ring")
    elif len(corners) > bounds.most_corners:
        yield InputError(field, f"{len(corners)} corners", f"at most {bounds.most_corners}")
    elif wrong := [corner for corner in corners if not _on_globe(*corner)]:
        yield InputError(field, f"{wrong[0]}", "longitude and latitude in degrees")
    else:
        yield from _shape_faults(field, outline, bounds)


def _shape_faults(field: str, outline: Polygon, bounds: PermitBounds) -> Iterator[InputError]:
    plane = plane_of(outline)
    shape = outline_on(plane, outline)
    plain = shapely.Polygon(outline.rings[0], outline.rings[1:])
    west, south, east, north = shape.bounds
    if not plain.is_valid:
        yield InputError(field, shapely.is_valid_reason(plain), "an outline that does not cross itself")
    elif max(east - west, north - south) > bounds.widest_m:
        found = f"{max(east - west, north - south):,.0f} m wide"
        yield InputError(field, found, f"at most {bounds.widest_m:,.0f} m")
    elif shape.area < 1.0:
        yield InputError(field, f"{shape.area:.2f} m2", "at least 1 m2")


def _height_faults(field: str, asked: Volume4D) -> Iterator[InputError]:
    floor, ceiling = asked.volume.floor, asked.volume.ceiling
    for name, limit in (("floor", floor), ("ceiling", ceiling)):
        if limit is not None and not math.isfinite(limit.value):
            yield InputError(f"{field}.{name}", f"{limit.value}", "a number")
            return
    top_m = limit_m(ceiling)
    if top_m is None:
        yield InputError(f"{field}.ceiling", "none", "the greatest height of the flight")
        return
    bottom_m = _bottom_m(floor)
    same = floor is None or ceiling is None or floor.reference is ceiling.reference
    if bottom_m is None or (same and bottom_m >= top_m):
        yield InputError(f"{field}.floor", f"{floor and floor.value}", f"below the ceiling, {top_m:g} m")


def _bottom_m(floor: Limit | None) -> float | None:
    """Return the floor in metres, without one the lowest that there is; None for a floor that is no limit."""
    return -math.inf if floor is None else limit_m(floor)


def _on_globe(longitude_deg: float, latitude_deg: float) -> bool:
    return abs(longitude_deg) <= 360.0 and abs(latitude_deg) <= 89.0


def _is_contact(contact: str) -> bool:
    name, at, host = contact.strip().partition("@")
    if at:
        return (
            bool(name) and "." in host.strip(".") and len(contact) <= MOST_TEXT and " " not in contact.strip()
        )
    return 5 <= sum(letter.isdigit() for letter in contact) <= 20


def _iso(time_utc_ns: int) -> str:
    """Return a time for an error; one that no calendar holds as it is."""
    try:
        return iso_utc(time_utc_ns)
    except (ValueError, OverflowError, OSError):
        return f"{time_utc_ns} ns"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "...") if text else "none"
