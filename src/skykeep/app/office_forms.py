"""The forms that people fill in by hand, as TOML or JSON, and what the office makes of them.

Times are ISO 8601 with their offset, as 2031-05-03T18:00:00+02:00; places longitude and latitude in degrees
on WGS 84; heights in metres above `reference`.
"""

from __future__ import annotations

import tomllib
from typing import Any, TypeVar

import msgspec

from skykeep.airspace.calendar import Entry, periods_of
from skykeep.airspace.templates import (
    CITY_WIDE_BAN,
    CRIME_SCENE,
    PARADE_DAY,
    VIP_MOVEMENT,
    Stop,
    vip_movement,
)
from skykeep.airspace.templates import city_wide_ban as _city_wide_ban
from skykeep.airspace.templates import parade_day as _parade_day
from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.permit import (
    DeviationThresholds,
    Flight,
    PermitPriority,
    PermitTerms,
    Scope,
    Volume4D,
)
from skykeep.domain.zone import (
    STRICTNESS,
    Circle,
    HeightReference,
    Limit,
    LonLat,
    Period,
    Polygon,
    Restriction,
    Volume,
    Zone,
)

T = TypeVar("T")
DRAWN_TEMPLATES = ("", PARADE_DAY, CITY_WIDE_BAN, CRIME_SCENE, VIP_MOVEMENT)


class CircleForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    longitude_deg: float
    latitude_deg: float
    radius_m: float


class PlaceForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A circle, or a polygon whose first ring is the outer one."""

    circle: CircleForm | None = None
    polygon: tuple[tuple[LonLat, ...], ...] = ()
    floor_m: float | None = None
    ceiling_m: float | None = None
    reference: HeightReference = HeightReference.AGL


class FlightVolumeForm(PlaceForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    start: str
    end: str


class PermitForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for."""

    holder: str
    volumes: tuple[FlightVolumeForm, ...] = ()
    contact: str = ""
    priority: PermitPriority = PermitPriority.HOBBY
    authority_id: str | None = None
    legal_basis: str | None = None
    private: bool | None = None
    serials: tuple[str, ...] = ()
    operator_ids: tuple[str, ...] = ()
    pilots: tuple[str, ...] = ()
    rule_set: str = ""
    unlocks: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    thresholds: DeviationThresholds = DeviationThresholds()
    flight: Flight = Flight()


class StopForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    longitude_deg: float
    latitude_deg: float
    time: str


class RestrictionForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be restricted, by a template or freely. When: from `start` to `end` (both may be left out),
    or by `calendar`; a VIP movement says so in its `way`.
    """

    title: str
    reason: str
    template: str = ""
    restriction: Restriction = Restriction.PROHIBITED
    strictness: int | None = None
    document: str = ""
    volumes: tuple[PlaceForm, ...] = ()
    start: str | None = None
    end: str | None = None
    calendar: tuple[Entry, ...] = ()
    lead_in_s: float = 0.0
    incident_id: str = ""
    way: tuple[StopForm, ...] = ()
    half_width_m: float = 500.0
    slack_s: float = 300.0


class PersonForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may use the office on this machine."""

    name: str
    role: str
    rights: frozenset[Right]
    authority_id: str = ""


class PeopleForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    people: tuple[PersonForm, ...]


def read_form(data: bytes, name: str, wanted: type[T]) -> T:
    """Return a form from TOML, or from JSON where its name ends in .json; InputError for what is none."""
    try:
        text = data.decode("utf-8-sig")
        raw = msgspec.json.decode(text) if name.lower().endswith(".json") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # msgspec's and tomllib's errors are ValueErrors, and so is text that is not UTF-8.
        raise InputError(name, _short(error), "TOML, or JSON where its name ends in .json") from error
    try:
        return msgspec.convert(raw, wanted)
    except (msgspec.ValidationError, RecursionError) as error:
        what, _, where = str(error).partition(" - at `$")
        raise InputError(f"{name} {where.strip('.`')}".strip(), _short(what), "as the form asks") from error


def permit_terms(form: PermitForm) -> PermitTerms:
    """Return what a filled-in form asks for."""
    scope = Scope(
        volumes=tuple(
            Volume4D(
                volume=_volume(f"volumes[{place}]", each),
                start_utc_ns=_time(f"volumes[{place}].start", each.start),
                end_utc_ns=_time(f"volumes[{place}].end", each.end),
            )
            for place, each in enumerate(form.volumes)
        ),
        serials=form.serials,
        operator_ids=form.operator_ids,
        pilots=form.pilots,
        rule_set=form.rule_set,
        conditions=form.conditions,
        unlocks=form.unlocks,
        thresholds=form.thresholds,
        flight=form.flight,
    )
    return PermitTerms(
        scope=scope,
        holder=form.holder,
        priority=form.priority,
        authority_id=form.authority_id,
        legal_basis=form.legal_basis,
        contact=form.contact,
        private=form.private,
    )


def restriction_zones(form: RestrictionForm) -> tuple[Zone, ...]:
    """Return the zones that a filled-in form draws."""
    if form.template not in DRAWN_TEMPLATES:
        raise InputError("template", repr(form.template[:60]), f"one of {', '.join(DRAWN_TEMPLATES[1:])}")
    volumes = tuple(_volume(f"volumes[{place}]", each) for place, each in enumerate(form.volumes))
    if form.template == VIP_MOVEMENT:
        way = tuple(
            Stop(
                longitude_deg=each.longitude_deg,
                latitude_deg=each.latitude_deg,
                time_utc_ns=_time(f"way[{place}].time", each.time),
            )
            for place, each in enumerate(form.way)
        )
        ceiling_m = form.volumes[0].ceiling_m if form.volumes else None
        zones = vip_movement(form.title, way, form.half_width_m, form.slack_s, ceiling_m)
    else:
        if not volumes:
            raise InputError("volumes", "none", "at least one")
        zones = (_templated(form, volumes),)
    changes: dict[str, Any] = {"document": form.document} if form.document else {}
    if form.strictness is not None:
        changes["strictness"] = form.strictness
    return tuple(msgspec.structs.replace(zone, **changes) for zone in zones)


def actor_of(form: PersonForm) -> Actor:
    return Actor(name=form.name, role=form.role, rights=form.rights, authority_id=form.authority_id)


def _templated(form: RestrictionForm, volumes: tuple[Volume, ...]) -> Zone:
    """Return the zone of a template with the drawn volumes in it."""
    periods = _periods(form)
    if form.template in (PARADE_DAY, CITY_WIDE_BAN):
        make = _parade_day if form.template == PARADE_DAY else _city_wide_ban
        (zone,) = make(form.title, volumes[0].outline, periods)
        return msgspec.structs.replace(zone, volumes=volumes)
    return Zone(
        zone_id="",
        name=form.title,
        restriction=form.restriction,
        volumes=volumes,
        strictness=STRICTNESS[form.restriction],
        document="",
        periods=periods,
        reasons=("SENSITIVE",) if form.template == CRIME_SCENE else (),
    )


def _periods(form: RestrictionForm) -> tuple[Period, ...]:
    if form.calendar:
        if form.start is not None or form.end is not None:
            raise InputError("calendar", "given with start or end", "one or the other")
        return tuple(period for entry in form.calendar for period in periods_of(entry))
    if form.start is None and form.end is None:
        return ()
    return (
        Period(
            start_utc_ns=None if form.start is None else _time("start", form.start),
            end_utc_ns=None if form.end is None else _time("end", form.end),
        ),
    )


def _volume(field: str, form: PlaceForm) -> Volume:
    if (form.circle is None) == (not form.polygon):
        raise InputError(field, "both or neither of circle and polygon", "one of them")
    outline: Circle | Polygon
    if form.circle is not None:
        outline = Circle(
            longitude_deg=form.circle.longitude_deg,
            latitude_deg=form.circle.latitude_deg,
            radius_m=form.circle.radius_m,
        )
    else:
        outline = Polygon(rings=form.polygon)
    return Volume(
        outline=outline,
        floor=None if form.floor_m is None else Limit(value=form.floor_m, reference=form.reference),
        ceiling=None if form.ceiling_m is None else Limit(value=form.ceiling_m, reference=form.reference),
    )


def _time(field: str, text: str) -> int:
    try:
        return from_iso_utc(text)
    except (ValueError, OverflowError) as error:
        raise InputError(field, repr(text[:60]), "as 2031-05-03T18:00:00+02:00") from error


def _short(error: object) -> str:
    return str(error)[:200]
