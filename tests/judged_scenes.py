"""Small scenes for judging: pictures, claims, places and rules built in a line or two.

A scene has one asset, the Residence, at the origin, one radar beside it that sees 7 km all round, and a
city-wide ban. Times are seconds after `START_UTC_NS`, a Saturday at 02:10 UTC.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from made_picture import made_picture
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.base.compile import FloatArray
from skykeep.domain.identity import ClaimTest, Identification, Standing
from skykeep.domain.outline import polygon_of_enu_m
from skykeep.domain.permit import Permit, PermitPriority, PermitState, Scope, Volume4D
from skykeep.domain.place import Asset, AssetKind, Point, Vector
from skykeep.domain.sensing import Claim, ClaimKind, MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.domain.site import Site
from skykeep.domain.track import Picture
from skykeep.domain.zone import Limit, Restriction, Volume, Zone
from skykeep.geo.frames import LocalFrame

START_UTC_NS = from_iso_utc("2031-05-03T02:10:00Z")
ORIGIN = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
SERIAL, POLICE_SERIAL = "HRBRA7K2QX48M1T", "PLCEC0A4T9VVE21KD"


def at_ns(seconds: float) -> int:
    return START_UTC_NS + round(seconds * NS_PER_S)


def ring(east_m: float, north_m: float, radius_m: float, corners: int = 64) -> tuple[Point, ...]:
    turns = [2.0 * math.pi * k / corners for k in range(corners)]
    return tuple((east_m + radius_m * math.cos(t), north_m + radius_m * math.sin(t)) for t in turns)


def volume(ring_m: tuple[Point, ...], floor_m: float, ceiling_m: float) -> Volume:
    """Return a volume over a ring of the scene, its heights above ground."""
    outline = polygon_of_enu_m((ring_m,), ORIGIN)
    return Volume(outline=outline, floor=Limit(value=floor_m), ceiling=Limit(value=ceiling_m))


def scope(
    ring_m: tuple[Point, ...],
    ceiling_m: float,
    serials: tuple[str, ...],
    unlocks: tuple[str, ...],
    times_s: tuple[float, float] = (-3600.0, 3600.0),
) -> Scope:
    start_utc_ns, end_utc_ns = at_ns(times_s[0]), at_ns(times_s[1])
    filed = Volume4D(volume=volume(ring_m, 0.0, ceiling_m), start_utc_ns=start_utc_ns, end_utc_ns=end_utc_ns)
    return Scope(volumes=(filed,), serials=serials, unlocks=unlocks)


RESIDENCE = Asset(
    asset_id="residence",
    name="Residence",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(0.0, 0.0, 0.0),
    breach_radius_m=150.0,
    warning_radius_m=2000.0,
)
BAN = Zone(
    zone_id="order-12",
    name="city-wide ban",
    restriction=Restriction.REQ_AUTHORISATION,
    volumes=(volume(ring(0.0, 0.0, 6500.0), 0.0, 500.0),),
    strictness=10,
    document="Order 12",
)
INNER = Zone(
    zone_id="inner-ring",
    name="inner ring",
    restriction=Restriction.PROHIBITED,
    volumes=(volume(ring(0.0, 0.0, 1000.0), 0.0, 1000.0),),
    strictness=50,
    document="Protection Act",
)
SURVEY_RING = ring(2000.0, 0.0, 500.0)
POLICE_RING = ring(0.0, 0.0, 3000.0)
SURVEY = Permit(
    permit_id="P-7",
    state=PermitState.ACTIVE,
    version=1,
    holder="Harbour Survey",
    priority=PermitPriority.COMMERCIAL,
    scope=scope(SURVEY_RING, 120.0, (SERIAL,), ("order-12",)),
    owner="Harbour Survey",
    document="Special permit 7",
)
POLICE = Permit(
    permit_id="P-9",
    state=PermitState.ACTIVE,
    version=1,
    holder="City Police",
    priority=PermitPriority.POLICE,
    scope=scope(POLICE_RING, 150.0, (POLICE_SERIAL,), ("order-12", "inner-ring")),
    owner="City Police",
    document="Special permit 9",
)
RADAR = Sensor(
    sensor_id="radar",
    name="Radar",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
    position_enu_m=(0.0, 0.0, 10.0),
    coverage_range_m=7000.0,
)
FINDER = Sensor(
    sensor_id="finder",
    name="Direction finder",
    kind=SensorKind.RF_DIRECTION_FINDER,
    measures=MeasurementKind.AZIMUTH,
    position_enu_m=(0.0, 0.0, 10.0),
    coverage_range_m=6000.0,
)


def site(
    permits: tuple[Permit, ...] = (SURVEY, POLICE), sensors: tuple[Sensor, ...] = (RADAR, FINDER)
) -> Site:
    return Site(
        site_id="scene",
        name="Scene",
        origin=ORIGIN,
        assets=(RESIDENCE,),
        sensors=sensors,
        zones=(BAN,),
        permits=permits,
        playbooks=(),
        people=(),
    )


def picture(
    seconds: float,
    states: Sequence[Sequence[float]] | FloatArray,
    *,
    track_ids: Sequence[int] | None = None,
    sigma_m: float = 12.0,
    sigma_mps: float = 1.0,
    rcs_dbsm: float | Sequence[float] | FloatArray = np.nan,
    rcs_spread_db: float = np.nan,
    modulation_db: float | Sequence[float] | FloatArray = np.nan,
    hits: int = 40,
) -> Picture:
    state = np.array(states, dtype=np.float64).reshape(-1, 6)
    return made_picture(
        at_ns(seconds),
        range(1, len(state) + 1) if track_ids is None else track_ids,
        state,
        sigma_m=sigma_m,
        sigma_mps=sigma_mps,
        born_utc_ns=START_UTC_NS,
        hits=hits,
        rcs_dbsm=rcs_dbsm,
        rcs_spread_db=rcs_spread_db,
        modulation_db=modulation_db,
    )


def claim(
    seconds: float,
    position_m: Sequence[float],
    velocity_mps: Sequence[float] | None = None,
    *,
    claimed_id: str = SERIAL,
    kind: ClaimKind = ClaimKind.REMOTE_ID,
    late_s: float = 0.4,
    sigma_m: tuple[float, float] = (4.0, 5.0),
) -> Claim:
    place: Vector = (float(position_m[0]), float(position_m[1]), float(position_m[2]))
    speed: Vector | None = None
    if velocity_mps is not None:
        speed = (float(velocity_mps[0]), float(velocity_mps[1]), float(velocity_mps[2]))
    return Claim(
        sensor_id="receiver",
        sequence=round(seconds * 10),
        kind=kind,
        claimed_id=claimed_id,
        time_utc_ns=at_ns(seconds),
        received_utc_ns=at_ns(seconds + late_s),
        position_enu_m=place,
        velocity_enu_mps=speed,
        sigma_m=sigma_m,
    )


def bearings(seconds: float, azimuths_rad: Sequence[float], labels: Sequence[str]) -> Scan:
    n = len(azimuths_rad)
    return make_scan(
        sensor_id="finder",
        sequence=round(seconds * 10),
        kind=MeasurementKind.AZIMUTH,
        time_utc_ns=at_ns(seconds),
        received_utc_ns=at_ns(seconds + 0.2),
        measured=np.array(azimuths_rad, dtype=np.float64).reshape(n, 1),
        sigma=np.full((n, 1), np.radians(2.0)),
        labels=tuple(labels),
    )


def identification(
    track_id: int = 1,
    *,
    classes: tuple[float, float, float, float, float] = (0.96, 0.01, 0.01, 0.01, 0.01),
    standing: Standing = Standing.UNKNOWN,
    claimed_id: str = "",
    claims: tuple[ClaimTest, ...] = (),
) -> Identification:
    return Identification(
        track_id=track_id,
        class_probabilities=classes,
        standing=standing,
        set_by="test",
        claimed_id=claimed_id,
        claims=claims,
        evidence=(),
    )
