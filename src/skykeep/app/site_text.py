"""A site's TOML file: the place, what is guarded, who is on duty, its sensors and what brings their data.

Places are given on the globe in degrees, heights in metres above the ellipsoid, angles in degrees clockwise
from north; inside they become metres and radians in the site's frame. Every key that is wrong is named with
its line. `docs/run.md` explains the file; `examples/site.toml` is one.
"""

from __future__ import annotations

import ipaddress
import math
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.app.feed_text import FeedText
from skykeep.app.register_text import RegisterText, check_register
from skykeep.base.errors import SetupError
from skykeep.base.toml_records import record_of_toml
from skykeep.domain.actor import Right
from skykeep.domain.place import Asset, AssetKind, Person, Vector
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.domain.site import Site
from skykeep.domain.zone import Circle, HeightReference, Limit, Polygon, Restriction, Volume, Zone
from skykeep.geo.frames import LocalFrame

Text = msgspec.Struct
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Latitude = Annotated[float, Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Meta(ge=-180.0, le=180.0)]
Height = Annotated[float, Meta(ge=-500.0, le=10_000.0)]
Positive = Annotated[float, Meta(gt=0.0, le=1e7)]
NotNegative = Annotated[float, Meta(ge=0.0, le=1e7)]


class PlaceText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Name
    name: Name
    latitude_deg: Latitude
    longitude_deg: Longitude
    height_m: Height = 0.0


class AssetText(PlaceText, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: AssetKind = AssetKind.OTHER
    breach_radius_m: Positive
    warning_radius_m: Positive
    consequence: Annotated[float, Meta(ge=0.0, le=1.0)] = 1.0
    occupancy_persons: Annotated[int, Meta(ge=0)] = 0


class SensorText(PlaceText, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`sigma` is the 1-sigma of what it measures: range in m, azimuth and elevation in degrees, or metres of
    a position. `measures` left out is a sensor that only passes on what aircraft say of themselves. Without
    `period_s` it looks once a second; of people and receivers silence then says nothing.
    """

    kind: SensorKind
    measures: MeasurementKind | None = None
    range_m: Positive
    range_min_m: NotNegative = 0.0
    period_s: Positive | None = None
    sigma: tuple[Positive, ...] = ()
    azimuth_from_deg: Annotated[float, Meta(ge=0.0, lt=360.0)] = 0.0
    azimuth_to_deg: Annotated[float, Meta(gt=0.0, le=360.0)] = 360.0
    elevation_min_deg: Annotated[float, Meta(ge=-90.0, le=90.0)] = -90.0
    elevation_max_deg: Annotated[float, Meta(ge=-90.0, le=90.0)] = 90.0
    detection_probability: Annotated[float, Meta(gt=0.0, lt=1.0)] = 0.9
    clutter_per_scan: NotNegative = 1.0
    minimum_speed_mps: NotNegative = 0.0
    resolution: tuple[NotNegative, ...] = ()
    bias_sigma: tuple[NotNegative, NotNegative, NotNegative] = (0.0, 0.0, 0.0)
    clock_bias_sigma_s: NotNegative = 0.0

    @property
    def heard_every_s(self) -> float:
        """How often something should be heard of it; 0 where silence says nothing."""
        quiet = self.kind in (SensorKind.PEOPLE, SensorKind.REMOTE_ID, SensorKind.ADSB)
        return self.period_s or (0.0 if quiet else 1.0)


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
    night: bool = True
    tiles: str = ""


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


class SiteFile(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: SiteText
    assets: tuple[AssetText, ...] = ()
    sensors: tuple[SensorText, ...] = ()
    people: tuple[PersonText, ...] = ()
    zones: tuple[ZoneText, ...] = ()
    feeds: tuple[FeedText, ...] = ()
    intake: IntakeText | None = None
    register: RegisterText | None = None
    approvals: ApprovalsText | None = None


def read_site_file(path: Path) -> SiteFile:
    """Return what a site's file says; SetupError names file, line and key of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: cannot be read: {error}") from error
    found = record_of_toml(text, path.name, SiteFile)
    _check_names(found, path.name)
    return found


def _check_names(found: SiteFile, source: str) -> None:
    for what, ids in (
        ("sensors", [each.id for each in found.sensors]),
        ("assets", [each.id for each in found.assets]),
        ("people", [each.id for each in found.people]),
        ("zones", [each.id for each in found.zones]),
        ("feeds", [each.name for each in found.feeds]),
    ):
        twice = next((name for name in ids if ids.count(name) > 1), None)
        if twice is not None:
            raise SetupError(f"{source}: {what} has {twice!r} twice, must have each once")
    if found.register is not None:
        check_register(found.register, source)
        if found.register.apply and found.intake is None:
            raise SetupError(f"{source}: register.apply needs an [intake] to be reached at, must have one")
    _check_sigmas(found, source)
    _check_ports(found, source)
    known = {sensor.id for sensor in found.sensors}
    for feed in found.feeds:
        for sensor_id in feed.sensor_ids:
            if sensor_id not in known:
                names = ", ".join(sorted(known)) or "none"
                raise SetupError(
                    f"{source}: feed {feed.name!r} names sensor {sensor_id!r}, must be one of {names}"
                )


_SIGMAS = {
    MeasurementKind.RANGE_AZIMUTH_ELEVATION: (0, 3, 4),
    MeasurementKind.AZIMUTH: (0, 1),
    MeasurementKind.AZIMUTH_ELEVATION: (0, 2),
    MeasurementKind.POSITION: (0, 3),
    None: (0,),
}


def _check_sigmas(found: SiteFile, source: str) -> None:
    for sensor in found.sensors:
        allowed = _SIGMAS[sensor.measures]
        if len(sensor.sigma) not in allowed:
            must = " or ".join(str(count) for count in allowed)
            measures = "nothing" if sensor.measures is None else sensor.measures.value
            has = f"sensor {sensor.id!r} measures {measures} and has {len(sensor.sigma)} sigma"
            raise SetupError(f"{source}: {has}, must have {must}")


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


def site_of(found: SiteFile) -> Site:
    """Return the site that a file describes."""
    place = found.site
    frame = LocalFrame(
        latitude_deg=place.latitude_deg, longitude_deg=place.longitude_deg, height_hae_m=place.height_m
    )
    return Site(
        site_id=place.id,
        name=place.name,
        origin=frame,
        assets=tuple(_asset(each, frame) for each in found.assets),
        sensors=tuple(_sensor(each, frame) for each in found.sensors),
        zones=tuple(_zone(each) for each in found.zones),
        permits=(),
        playbooks=(),
        people=tuple(
            Person(
                person_id=each.id,
                name=each.name,
                role=each.role,
                may_approve=each.may_approve,
                rights=each.rights,
            )
            for each in found.people
        ),
        night=place.night,
    )


def _vector(each: PlaceText, frame: LocalFrame) -> Vector:
    east_m, north_m, up_m = frame.to_enu_m(each.latitude_deg, each.longitude_deg, each.height_m).tolist()
    return east_m, north_m, up_m


def _asset(each: AssetText, frame: LocalFrame) -> Asset:
    return Asset(
        asset_id=each.id,
        name=each.name,
        kind=each.kind,
        position_enu_m=_vector(each, frame),
        breach_radius_m=each.breach_radius_m,
        warning_radius_m=each.warning_radius_m,
        consequence=each.consequence,
        occupancy_persons=each.occupancy_persons,
    )


def _sensor(each: SensorText, frame: LocalFrame) -> Sensor:
    angles_first = {MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION}
    sigma = each.sigma
    if each.measures in angles_first:
        sigma = tuple(math.radians(value) for value in sigma)
    elif each.measures is MeasurementKind.RANGE_AZIMUTH_ELEVATION:
        sigma = (*sigma[:1], *(math.radians(value) for value in sigma[1:3]), *sigma[3:])
    resolution = (*each.resolution[:1], *(math.radians(value) for value in each.resolution[1:]))
    range_m, azimuth_deg, elevation_deg = each.bias_sigma
    return Sensor(
        sensor_id=each.id,
        name=each.name,
        kind=each.kind,
        measures=each.measures,
        position_enu_m=_vector(each, frame),
        coverage_range_m=each.range_m,
        sigma=sigma,
        period_s=each.period_s or 1.0,
        range_min_m=each.range_min_m,
        azimuth_from_rad=math.radians(each.azimuth_from_deg),
        azimuth_to_rad=math.radians(each.azimuth_to_deg),
        elevation_min_rad=math.radians(each.elevation_min_deg),
        elevation_max_rad=math.radians(each.elevation_max_deg),
        detection_probability=each.detection_probability,
        clutter_per_scan=each.clutter_per_scan,
        independent=each.kind not in (SensorKind.REMOTE_ID, SensorKind.ADSB),
        bias_sigma=(range_m, math.radians(azimuth_deg), math.radians(elevation_deg)),
        clock_bias_sigma_s=each.clock_bias_sigma_s,
        resolution=resolution,
        minimum_speed_mps=each.minimum_speed_mps,
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
