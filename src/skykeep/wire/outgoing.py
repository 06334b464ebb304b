"""What a night comes to for other programs: who flew where, over which zones, before which sensors.

Every format out is written from this one record. Rings and points are put on the globe here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec
import numpy as np

from skykeep.domain.identity import STANDING_NAMES, TARGET_CLASS_NAMES
from skykeep.domain.outline import rings_lonlat_deg
from skykeep.domain.place import Vector
from skykeep.domain.site import Site
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.domain.zone import HeightReference, Limit, Volume, limit_m
from skykeep.geo.frames import LocalFrame

DECIMALS = 7
"""Of degrees: a centimetre."""

OPEN_CEILING_M = 3_000.0
"""How high a volume without a ceiling is drawn."""

NOT_SURE_AT_ALL = 0.01
"""A class less likely than this was never judged."""

LonLat = tuple[float, float]


class Alarmed(msgspec.Struct, frozen=True, kw_only=True):
    """An alert stood on a track from one moment to another; None while it stands."""

    track_id: int
    from_utc_ns: int
    to_utc_ns: int | None = None


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """`tracks` hold the reports of one track each, in order of time, no track empty. `as_told`: they are what
    a redacted log says, which keeps places to the millimetre, and the likeliest class, to ten per cent.
    """

    name: str
    site: Site
    tracks: tuple[tuple[TrackReport, ...], ...]
    alarmed: tuple[Alarmed, ...] = ()
    simulated: bool = False
    version: str = ""
    as_told: bool = False

    @property
    def span_utc_ns(self) -> tuple[int, int] | None:
        """When the first and the last report are from, None where there is none."""
        if not self.tracks:
            return None
        return min(t[0].time_utc_ns for t in self.tracks), max(t[-1].time_utc_ns for t in self.tracks)


def by_track(reports: Iterable[TrackReport]) -> tuple[tuple[TrackReport, ...], ...]:
    """Return reports grouped by track, in order of its number and then of time.

    A track that has ended is no longer anywhere: such reports are left out.
    """
    tracks: dict[int, list[TrackReport]] = {}
    for report in reports:
        if report.status is not TrackStatus.ENDED:
            tracks.setdefault(report.track_id, []).append(report)
    return tuple(
        tuple(sorted(tracks[track_id], key=lambda report: report.time_utc_ns)) for track_id in sorted(tracks)
    )


def class_word(report: TrackReport) -> str:
    """Return what a track is taken for, "unknown" where nothing was judged."""
    if max(report.class_probabilities) < NOT_SURE_AT_ALL:
        return "unknown"
    return TARGET_CLASS_NAMES[report.target_class]


def standing_word(report: TrackReport) -> str:
    return STANDING_NAMES[report.standing]


def seen_by(track: Sequence[TrackReport]) -> list[str]:
    """Return every sensor that a track ever rested on, by name."""
    return sorted({sensor_id for report in track for sensor_id in report.sensor_ids})


def is_placed(report: TrackReport) -> bool:
    """Whether its place is a finite one."""
    return bool(np.isfinite((report.latitude_deg, report.longitude_deg, report.height_hae_m)).all())


def has_sigma(report: TrackReport) -> bool:
    return bool(np.isfinite(report.sigma_enu_m).all())


def geoid_m(tracks: Sequence[Sequence[TrackReport]]) -> float:
    """Return how high the sea lies above the ellipsoid as the reports have it; 0 where none tells."""
    found = (r.height_hae_m - r.height_amsl_m for track in tracks for r in track if is_placed(r))
    return next((height_m for height_m in found if np.isfinite(height_m)), 0.0)


def rings_lon_lat(volume: Volume) -> list[list[LonLat]]:
    """Return a volume's rings on the globe, closed, the outer one counterclockwise and holes clockwise.

    Longitudes run on past 180 degrees where a ring crosses the antimeridian, so that each ring is one piece.
    """
    rings = []
    for k, ring_deg in enumerate(rings_lonlat_deg(volume.outline)):
        points = _unwrapped([(lon, lat) for lon, lat in ring_deg.round(DECIMALS).tolist()])
        if points[0] != points[-1]:
            points.append(points[0])
        if (_signed_area(points) > 0.0) != (k == 0):
            points.reverse()
        rings.append(points)
    return rings


def place_lon_lat_height(frame: LocalFrame, position_enu_m: Vector) -> tuple[float, float, float]:
    """Return longitude, latitude and height above the ellipsoid of a place at the site."""
    latitude_deg, longitude_deg, height_m = frame.to_geodetic(np.array(position_enu_m, dtype=np.float64))
    return (
        round(float(longitude_deg), DECIMALS),
        round(float(latitude_deg), DECIMALS),
        round(float(height_m), 2),
    )


def band_m(volume: Volume) -> tuple[float, float, bool]:
    """Return floor and ceiling in metres to draw a volume between, and whether they are above ground.

    No ceiling is drawn at `OPEN_CEILING_M`. A band that is part above ground and part above the sea is drawn
    as its ceiling says; pressure and ellipsoidal heights are drawn as if above the sea.
    """
    ceiling = volume.ceiling if limit_m(volume.ceiling) is not None else volume.floor
    from_ground = ceiling is None or ceiling.reference is HeightReference.AGL
    return _height_m(volume.floor, 0.0), _height_m(volume.ceiling, OPEN_CEILING_M), from_ground


def _height_m(limit: Limit | None, otherwise_m: float) -> float:
    height_m = limit_m(limit)
    return otherwise_m if height_m is None else round(height_m, 2)


def _unwrapped(points: list[LonLat]) -> list[LonLat]:
    """Return points whose longitudes never jump by more than half a turn."""
    out: list[LonLat] = []
    for longitude_deg, latitude_deg in points:
        if out:
            longitude_deg += 360.0 * round((out[-1][0] - longitude_deg) / 360.0)
        out.append((round(longitude_deg, DECIMALS), latitude_deg))
    return out


def _signed_area(points: list[LonLat]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(points))
