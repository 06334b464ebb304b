"""A small night to write out: three tracks, a zone with a hole, one for an evening, a sensor, an asset."""

from __future__ import annotations

import msgspec
import numpy as np

from drawn import drawn_zone
from judged_scenes import BAN, RADAR, RESIDENCE, SERIAL, START_UTC_NS, at_ns, ring, site
from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.site import Site
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.domain.zone import HeightReference, Period, Restriction, Zone
from skykeep.geo.frames import LocalFrame
from skykeep.wire.outgoing import Alarmed, Outgoing, by_track

__all__ = ["BAN", "NIGHT", "RADAR", "RESIDENCE", "SERIAL", "START_UTC_NS", "at_ns", "night_at", "report"]

CLASSES: dict[TargetClass, tuple[float, float, float, float, float]] = {
    TargetClass.MULTIROTOR: (0.9, 0.04, 0.03, 0.02, 0.01),
    TargetClass.BIRD: (0.02, 0.01, 0.95, 0.01, 0.01),
    TargetClass.OTHER: (0.0, 0.0, 0.0, 0.0, 1e-9),
}


def report(
    track_id: int,
    seconds: float,
    east_m: float,
    north_m: float,
    *,
    frame: LocalFrame,
    kind: TargetClass = TargetClass.MULTIROTOR,
    status: TrackStatus = TrackStatus.CONFIRMED,
    standing: Standing = Standing.UNKNOWN,
    claimed_id: str = "",
    sigma_m: float = 3.0,
    name: str = "",
) -> TrackReport:
    latitude_deg, longitude_deg, height_m = frame.to_geodetic(np.array([east_m, north_m, 120.0]))
    return TrackReport(
        track_id=track_id,
        time_utc_ns=at_ns(seconds),
        status=status,
        latitude_deg=float(latitude_deg),
        longitude_deg=float(longitude_deg),
        height_hae_m=float(height_m),
        height_amsl_m=float(height_m) - 40.0,
        height_agl_m=float(height_m) - 45.0,
        velocity_enu_mps=(12.0, -5.0, 0.5),
        sigma_enu_m=(sigma_m, sigma_m, 2 * sigma_m),
        covariance_enu=(sigma_m**2, 0.0, 0.0, sigma_m**2, 0.0, 4 * sigma_m**2),
        existence=0.98,
        target_class=kind,
        class_probabilities=CLASSES[kind],
        standing=standing,
        name=name or f"Track {track_id}",
        claimed_id=claimed_id,
        permit_id="P-7" if claimed_id else "",
        sensor_ids=("radar",),
        born_utc_ns=START_UTC_NS,
        last_detected_utc_ns=at_ns(seconds),
    )


def zones_at(frame: LocalFrame) -> tuple[Zone, ...]:
    """Return the ban, a ring with a hole, and an evening's show, about a frame's origin."""
    return (
        drawn_zone(frame, "order-12", (ring(0.0, 0.0, 6500.0),), name="city-wide ban"),
        drawn_zone(
            frame,
            "inner-ring",
            (ring(0.0, 0.0, 1000.0, 16), ring(0.0, 0.0, 400.0, 8)),
            name="inner ring",
            restriction=Restriction.PROHIBITED,
            ceiling_m=1000.0,
            strictness=50,
            document="Protection Act",
        ),
        drawn_zone(
            frame,
            "show",
            (ring(3000.0, 3000.0, 500.0, 6),),
            name='Fireworks "A & B"',
            floor_m=100.0,
            ceiling_m=400.0,
            reference=HeightReference.AMSL,
            strictness=20,
            document="Order <13>",
            periods=(Period(start_utc_ns=at_ns(0), end_utc_ns=at_ns(7200)),),
        ),
    )


def night_at(longitude_deg: float) -> Outgoing:
    """Return the night at a longitude, its middle track flying 4 km eastward across the origin."""
    plain = site()
    frame = LocalFrame(latitude_deg=38.5, longitude_deg=longitude_deg, height_hae_m=0.0)
    place: Site = msgspec.structs.replace(plain, origin=frame, zones=zones_at(frame))
    reports = [
        report(1, float(k), -2000.0 + 400.0 * k, 100.0, frame=frame, standing=Standing.HOSTILE)
        for k in range(11)
        if k != 6
    ]
    reports.append(report(1, 6.0, 400.0, 100.0, frame=frame, status=TrackStatus.COASTING))
    reports += [
        report(
            2,
            k / 2,
            500.0,
            20.0 * k,
            frame=frame,
            kind=TargetClass.BIRD,
            sigma_m=float("nan"),
            name="=cmd|' A,B",
        )
        for k in range(4)
    ]
    reports.append(report(3, 2.0, 900.0, -900.0, frame=frame, claimed_id=SERIAL, standing=Standing.NEUTRAL))
    reports.append(report(3, 3.0, 910.0, -900.0, frame=frame, status=TrackStatus.ENDED))
    return Outgoing(
        name="a night",
        site=place,
        tracks=by_track(reports),
        alarmed=(Alarmed(track_id=1, from_utc_ns=at_ns(3), to_utc_ns=at_ns(8)),),
        simulated=True,
        version="test",
    )


NIGHT = night_at(-40.0)
