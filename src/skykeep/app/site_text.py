"""A site's TOML file: the place, what is guarded, who is on duty, its sensors and what brings their data.

Places are given on the globe in degrees, heights in metres above the ellipsoid, angles in degrees clockwise
from north; inside they become metres and radians in the site's frame. Every key that is wrong is named with
its line. `docs/run.md` explains the file; `examples/site.toml` is one.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.app.clock_text import offset_and_changes, zone_of
from skykeep.app.duty_text import CalendarText, PostureText, calendar_of, postures_of
from skykeep.app.feed_text import FeedText
from skykeep.app.ground_text import PopulationText, TerrainText, population_of, wind_of
from skykeep.app.notice_text import NoticesText, check_notices
from skykeep.app.place_text import (
    Latitude,
    Longitude,
    Name,
    PlaceText,
    Positive,
    Text,
    vector_of,
)
from skykeep.app.playbook_text import PlaybookText, playbooks_of
from skykeep.app.record_text import RecordText, check_record
from skykeep.app.register_text import RegisterText, check_register
from skykeep.app.registers_text import RegistryText, check_registers
from skykeep.app.retention_text import RetentionText
from skykeep.app.rules_text import read_rules
from skykeep.app.sensor_text import SensorText, check_sigmas, sensor_of
from skykeep.base.errors import SetupError
from skykeep.base.toml_records import record_of_toml
from skykeep.domain.actor import Right
from skykeep.domain.incident import IncidentRule
from skykeep.domain.place import Asset, AssetKind, Person
from skykeep.domain.rules import DEFAULT_RULES
from skykeep.domain.site import Site
from skykeep.domain.zone import Circle, HeightReference, Limit, Polygon, Restriction, Volume, Zone
from skykeep.geo.frames import LocalFrame


class AssetText(PlaceText, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: AssetKind = AssetKind.OTHER
    breach_radius_m: Positive
    warning_radius_m: Positive
    consequence: Annotated[float, Meta(ge=0.0, le=1.0)] = 1.0
    occupancy_persons: Annotated[int, Meta(ge=0)] = 0
    principal_present: bool | None = None


class PersonText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Name
    name: Name
    role: Name
    may_approve: bool = False
    rights: tuple[Right, ...] = ()


class ZoneText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ring of (longitude, latitude), or a circle about a place."""

    id: Name
    name: Name
    restriction: Restriction
    document: Name
    ring: tuple[tuple[Longitude, Latitude], ...] = ()
    latitude_deg: Latitude | None = None
    longitude_deg: Longitude | None = None
    radius_m: Positive | None = None
    floor_m: float = 0.0
    ceiling_m: Positive = 5_000.0
    reference: HeightReference = HeightReference.AGL
    strictness: Annotated[int, Meta(ge=0, le=100)] = 50


class SiteText(PlaceText, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wind is the mean that debris is reckoned with, and where it blows from. `time_zone` is whose clock
    the calendar goes by, and the hour that says who is out; `utc_offset_h` stands for one without summer
    time. Where neither is given the calendar goes by UTC, and `night` says who is out.
    """

    night: bool = True
    tiles: str = ""
    time_zone: Name | None = None
    utc_offset_h: Annotated[float, Meta(ge=-14.0, le=14.0)] | None = None
    wind_mps: Annotated[float, Meta(ge=0.0, le=60.0)] = 0.0
    wind_from_deg: Annotated[float, Meta(ge=0.0, lt=360.0)] = 0.0
    rules: str = ""


class ApprovalsText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How persons prove who they are: `people_file` is what `skykeep people enrol` writes; `issuer`,
    `audiences` and `key_files` are of those whose tokens are believed. With an issuer, proposals are decided
    over HTTP too, at `host` and `port`.
    """

    people_file: str = ""
    issuer: str = ""
    audiences: tuple[Name, ...] = ()
    key_files: tuple[Name, ...] = ()
    host: Name = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8472


class IntakeText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where sensors bring messages over HTTP, and people their reports: never the console's port."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8470


class IncidentsText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an alert joins an open incident instead of opening one (`domain.incident.IncidentRule`)."""

    within_s: Annotated[float, Meta(ge=0.0, le=86_400.0)] = 600.0
    within_m: Annotated[float, Meta(ge=0.0, le=100_000.0)] = 3_000.0
    same_asset: bool = True
    reason: Annotated[str, Meta(min_length=1, max_length=200)] = IncidentRule().reason

    def rule(self) -> IncidentRule:
        """Return the rule that it describes."""
        return IncidentRule(
            within_s=self.within_s, within_m=self.within_m, same_asset=self.same_asset, reason=self.reason
        )


class SiteFile(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: SiteText
    assets: tuple[AssetText, ...] = ()
    sensors: tuple[SensorText, ...] = ()
    people: tuple[PersonText, ...] = ()
    zones: tuple[ZoneText, ...] = ()
    feeds: tuple[FeedText, ...] = ()
    intake: IntakeText | None = None
    register: RegisterText | None = None
    registers: tuple[RegistryText, ...] = ()
    notices: NoticesText | None = None
    playbooks: tuple[PlaybookText, ...] = ()
    postures: tuple[PostureText, ...] = ()
    calendar: tuple[CalendarText, ...] = ()
    terrain: TerrainText | None = None
    population: PopulationText | None = None
    approvals: ApprovalsText | None = None
    incidents: IncidentsText = IncidentsText()
    retention: tuple[RetentionText, ...] = ()
    record: RecordText | None = None


def read_site_file(path: Path) -> SiteFile:
    """Return what a site's file says; SetupError names file, line and key of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: cannot be read: {error}") from error
    found = record_of_toml(text, path.name, SiteFile)
    if found.site.rules:
        # Beside the site's own file, wherever the command is given.
        named = msgspec.structs.replace(found.site, rules=str(path.parent / found.site.rules))
        found = msgspec.structs.replace(found, site=named)
    _check_names(found, path.name)
    return found


def _check_names(found: SiteFile, source: str) -> None:
    for what, ids in (
        ("sensors", [each.id for each in found.sensors]),
        ("assets", [each.id for each in found.assets]),
        ("people", [each.id for each in found.people]),
        ("zones", [each.id for each in found.zones]),
        ("feeds", [each.name for each in found.feeds]),
        ("registers", [each.name for each in found.registers]),
        ("playbooks", [each.id for each in found.playbooks]),
        ("calendar", [each.id for each in found.calendar]),
    ):
        twice = next((name for name in ids if ids.count(name) > 1), None)
        if twice is not None:
            raise SetupError(f"{source}: {what} has {twice!r} twice, must have each once")
    if found.register is not None:
        check_register(found.register, source)
        if found.register.apply and found.intake is None:
            raise SetupError(f"{source}: register.apply needs an [intake] to be reached at, must have one")
    if found.notices is not None:
        check_notices(found.notices, source)
    if found.record is not None:
        check_record(found.record, source)
    check_registers(found.registers, source)
    check_sigmas(found.sensors, source)
    _check_ports(found, source)
    known = {sensor.id for sensor in found.sensors}
    for feed in found.feeds:
        for sensor_id in feed.sensor_ids:
            if sensor_id not in known:
                names = ", ".join(sorted(known)) or "none"
                raise SetupError(
                    f"{source}: feed {feed.name!r} names sensor {sensor_id!r}, must be one of {names}"
                )


def _check_ports(found: SiteFile, source: str) -> None:
    taken: dict[tuple[str, int], str] = {}
    for feed in found.feeds:
        udp = getattr(feed, "udp", None)
        if udp is None:
            continue
        if udp.group and not _is_group(udp.group):
            raise SetupError(f"{source}: feed {feed.name!r}: group {udp.group!r} must be a multicast address")
        place = (udp.group or udp.host, udp.port)
        if place in taken:
            both = f"feeds {taken[place]!r} and {feed.name!r} both listen on {place[0]} port {place[1]}"
            raise SetupError(f"{source}: {both}, must have one each")
        taken[place] = feed.name


def _is_group(address: str) -> bool:
    try:
        return ipaddress.IPv4Address(address).is_multicast
    except ValueError:
        return False


def site_of(found: SiteFile, folder: Path = Path()) -> Site:
    """Return the site that a file in `folder` describes, with the population that it names."""
    place, people = found.site, people_of(found)
    assets = {each.id: each.name for each in found.assets}
    postures = postures_of(found.postures)
    zone = zone_of(place.time_zone, place.utc_offset_h)
    utc_offset_h, clock_changes = (None, ()) if zone is None else offset_and_changes(zone)
    frame = LocalFrame(
        latitude_deg=place.latitude_deg, longitude_deg=place.longitude_deg, height_hae_m=place.height_m
    )
    return Site(
        site_id=place.id,
        name=place.name,
        origin=frame,
        assets=tuple(_asset(each, frame) for each in found.assets),
        sensors=tuple(sensor_of(each, frame) for each in found.sensors),
        zones=tuple(_zone(each) for each in found.zones),
        permits=(),
        playbooks=playbooks_of(found.playbooks, assets, people, postures),
        people=people,
        population=None if found.population is None else population_of(found.population, frame, folder),
        wind_enu_mps=wind_of(place.wind_mps, place.wind_from_deg),
        night=place.night,
        utc_offset_h=utc_offset_h,
        clock_changes=clock_changes,
        postures=postures,
        calendar=calendar_of(found.calendar, postures, zone or UTC),
        rules=read_rules(Path(place.rules)) if place.rules else DEFAULT_RULES,
    )


def people_of(found: SiteFile) -> tuple[Person, ...]:
    """Return who is on duty."""
    return tuple(
        Person(
            person_id=each.id,
            name=each.name,
            role=each.role,
            may_approve=each.may_approve,
            rights=each.rights,
        )
        for each in found.people
    )


def _asset(each: AssetText, frame: LocalFrame) -> Asset:
    return Asset(
        asset_id=each.id,
        name=each.name,
        kind=each.kind,
        position_enu_m=vector_of(each, frame),
        breach_radius_m=each.breach_radius_m,
        warning_radius_m=each.warning_radius_m,
        consequence=each.consequence,
        occupancy_persons=each.occupancy_persons,
        principal_present=each.principal_present,
    )


def _zone(each: ZoneText) -> Zone:
    outline: Polygon | Circle
    if each.ring:
        if len(each.ring) < 3:
            raise SetupError(f"zone {each.id!r}: its ring has {len(each.ring)} corners, must have 3 or more")
        outline = Polygon(rings=(each.ring,))
    elif each.latitude_deg is not None and each.longitude_deg is not None and each.radius_m is not None:
        outline = Circle(
            longitude_deg=each.longitude_deg, latitude_deg=each.latitude_deg, radius_m=each.radius_m
        )
    else:
        raise SetupError(f"zone {each.id!r}: must have a ring, or latitude_deg, longitude_deg and radius_m")
    volume = Volume(
        outline=outline,
        floor=Limit(value=each.floor_m, reference=each.reference),
        ceiling=Limit(value=each.ceiling_m, reference=each.reference),
    )
    return Zone(
        zone_id=each.id,
        name=each.name,
        restriction=each.restriction,
        volumes=(volume,),
        strictness=each.strictness,
        document=each.document,
    )
