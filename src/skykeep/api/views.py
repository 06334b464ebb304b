"""From the nouns of the engine to the messages of the console: frames become longitude and latitude, enums
become words.

Nothing here decides anything; what the operator reads is what the engine wrote.
"""

from __future__ import annotations

import numpy as np

from skykeep.api import messages as m
from skykeep.api.register_views import zone_view
from skykeep.api.source import PictureColumns
from skykeep.base.compile import FloatArray
from skykeep.domain.identity import ClaimTest
from skykeep.domain.place import Person, Point
from skykeep.domain.response import Task
from skykeep.domain.sensing import Claim, Report, Sensor
from skykeep.domain.site import Site
from skykeep.engine.outputs import Judgement
from skykeep.geo.frames import LocalFrame

LATE_NS = 2_000_000_000


def late_about(report: Report) -> int | None:
    """Return what moment a report is about where it came in late, None where it came at once."""
    return report.heard_utc_ns if report.received_utc_ns - report.heard_utc_ns >= LATE_NS else None


def ring_lon_lat(origin: LocalFrame, ring_enu_m: tuple[Point, ...]) -> m.Ring:
    """Return a ring of the site frame as closed (lon, lat) points, to a tenth of a metre."""
    corners = np.array([(east, north, 0.0) for east, north in ring_enu_m], dtype=np.float64).reshape(-1, 3)
    latitude_deg, longitude_deg, _ = origin.to_geodetic(corners)
    points = list(zip(np.round(longitude_deg, 6).tolist(), np.round(latitude_deg, 6).tolist(), strict=True))
    return tuple(points + points[:1]) if points and points[0] != points[-1] else tuple(points)


def _lon_lat(origin: LocalFrame, position_enu_m: tuple[float, float, float]) -> tuple[float, float]:
    latitude_deg, longitude_deg, _ = origin.to_geodetic(np.array(position_enu_m, dtype=np.float64))
    return round(float(longitude_deg), 7), round(float(latitude_deg), 7)


def site_view(site: Site, tiles: m.TilesView, extent_m: float | None = None) -> m.Site:
    """Return what the page must know of the place before it draws anything."""
    return m.Site(
        name=site.name,
        extent_m=extent_m,
        origin=m.OriginView(
            lat_deg=site.origin.latitude_deg,
            lon_deg=site.origin.longitude_deg,
            height_hae_m=site.origin.height_hae_m,
        ),
        tiles=tiles,
        assets=tuple(
            m.AssetView(
                id=asset.asset_id,
                name=asset.name,
                kind=str(asset.kind),
                lon_deg=_lon_lat(site.origin, asset.position_enu_m)[0],
                lat_deg=_lon_lat(site.origin, asset.position_enu_m)[1],
                rings=(
                    m.RingView(name="breach", radius_m=asset.breach_radius_m),
                    m.RingView(name="warning", radius_m=asset.warning_radius_m),
                ),
            )
            for asset in site.assets
        ),
        zones=tuple(zone_view(zone, in_force=True) for zone in site.zones),
        sensors=tuple(sensor_view(site.origin, sensor) for sensor in site.sensors),
    )


def person_view(person: Person) -> m.PersonView:
    return m.PersonView(
        id=person.person_id,
        name=person.name,
        role=person.role,
        may_approve=person.may_approve,
        rights=tuple(right.value for right in person.rights),
    )


def sensor_view(origin: LocalFrame, sensor: Sensor) -> m.SensorView:
    """Return where a sensor stands and looks."""
    lon_deg, lat_deg = _lon_lat(origin, sensor.position_enu_m)
    return m.SensorView(
        id=sensor.sensor_id,
        name=sensor.name,
        kind=str(sensor.kind),
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        range_m=sensor.coverage_range_m,
        azimuth_from_deg=round(float(np.degrees(sensor.azimuth_from_rad)), 3),
        azimuth_to_deg=round(float(np.degrees(sensor.azimuth_to_rad)), 3),
    )


def picture_columns(judgement: Judgement, origin: LocalFrame) -> PictureColumns:
    """Return the picture with what is thought of each track, one row each."""
    picture = judgement.picture
    latitude_deg, longitude_deg, height_hae_m = origin.to_geodetic(picture.state[:, :3].reshape(-1, 3))
    probabilities = np.array(
        [identification.class_probabilities for identification in judgement.identifications]
    ).reshape(-1, 5)
    priority_of = {threat.track_id: threat.priority for threat in judgement.threats}
    major_m, minor_m, bearing_rad = horizontal_ellipse(picture.covariance)
    return PictureColumns(
        time_utc_ns=picture.time_utc_ns,
        track_id=picture.track_id,
        latitude_deg=np.atleast_1d(latitude_deg),
        longitude_deg=np.atleast_1d(longitude_deg),
        height_hae_m=np.atleast_1d(height_hae_m),
        velocity_enu_mps=picture.state[:, 3:],
        class_index=np.argmax(probabilities, axis=1).astype(np.int64) if len(picture) else picture.track_id,
        standing_index=np.array([int(i.standing) for i in judgement.identifications], dtype=np.int64),
        status_index=picture.status,
        class_probability=np.max(probabilities, axis=1) if len(picture) else np.zeros(0),
        sigma_major_m=major_m,
        sigma_minor_m=minor_m,
        sigma_bearing_rad=bearing_rad,
        priority=np.array([priority_of.get(track, 0.0) for track in picture.track_id.tolist()]),
    )


def horizontal_ellipse(covariance: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the one-sigma ellipse of each (n, 6, 6) covariance: major m, minor m, bearing of the major
    axis in [0, pi).
    """
    east, north, across = covariance[:, 0, 0], covariance[:, 1, 1], covariance[:, 0, 1]
    mean, half = (east + north) / 2, np.hypot((east - north) / 2, across)
    bearing_rad = np.mod(0.5 * np.arctan2(2 * across, north - east), np.pi)
    return np.sqrt(mean + half), np.sqrt(np.maximum(mean - half, 0.0)), bearing_rad


def tasks_view(tasks: tuple[Task, ...]) -> m.Tasks:
    return m.Tasks(
        tasks=tuple(
            m.TaskView(
                id=task.task_id,
                alert_id=task.alert_id,
                text=task.text,
                owner=task.owner_role,
                due_utc_ns=task.due_utc_ns,
                state=task.state.value,
                done_by=task.done_by or None,
                asset=task.asset_id,
                opened_utc_ns=task.opened_utc_ns,
                done_utc_ns=task.done_utc_ns,
                because=task.because,
                taken_by=task.taken_by or None,
                called_off_because=task.called_off_because or None,
                called_off_by=task.called_off_by or None,
                told=task.escalated_to or None,
                notes=task.notes,
            )
            for task in tasks
        )
    )


def claims_view(claims: list[tuple[Claim, ClaimTest]], origin: LocalFrame) -> m.Claims:
    """Return who is on the air and where it says it is, each with what the sensors make of it."""
    return m.Claims(claims=tuple(claim_view(claim, test, origin) for claim, test in claims))


def claim_view(claim: Claim, test: ClaimTest, origin: LocalFrame) -> m.ClaimView:
    lon_deg, lat_deg = _lon_lat(origin, claim.position_enu_m)
    _, _, height_m = origin.to_geodetic(np.array(claim.position_enu_m, dtype=np.float64))
    east_mps, north_mps = (claim.velocity_enu_mps or (0.0, 0.0, 0.0))[:2]
    return m.ClaimView(
        source=str(claim.kind),
        claimed_id=claim.claimed_id,
        lon=lon_deg,
        lat=lat_deg,
        height_m=round(float(height_m), 1),
        course_deg=round(float(np.degrees(np.arctan2(east_mps, north_mps)) % 360.0), 1),
        matched_track=test.track_id,
        verdict=test.verdict.value,
    )
