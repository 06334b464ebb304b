"""Tracks, zones, sensors and assets as GeoJSON (RFC 7946).

One FeatureCollection: a track is a LineString (a Point where it was told once), with its times beside it in
`coordTimes`; zones are Polygons; sensors and assets are Points. Each feature's `kind` says which it is.
Longitude, latitude in degrees to 7 decimals, then the height above the WGS 84 ellipsoid in metres, as the RFC
has it (3.1.1). Outer rings run counterclockwise (3.1.6). What crosses the antimeridian is cut there (3.1.9).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec
import shapely
from shapely.affinity import translate

from skykeep.base.clock import iso_utc
from skykeep.domain.track import TrackReport
from skykeep.domain.zone import Volume, Zone, say_limits
from skykeep.wire.outgoing import (
    DECIMALS,
    Outgoing,
    band_m,
    class_word,
    is_placed,
    place_lon_lat_height,
    rings_lon_lat,
    seen_by,
    standing_word,
)

Json = dict[str, Any]
STANDING_COLOUR = {
    "unknown": "#ffd700",
    "friend": "#40a0e0",
    "neutral": "#60c060",
    "suspect": "#ff8000",
    "hostile": "#e02020",
}
_Sample = tuple[float, float, float, str]


def encode(outgoing: Outgoing) -> bytes:
    """Return everything as one FeatureCollection, without a byte order mark."""
    return msgspec.json.encode(feature_collection(outgoing))


def feature_collection(outgoing: Outgoing) -> Json:
    features = [_track(track, outgoing) for track in outgoing.tracks]
    features += site_features(outgoing)
    return {
        "type": "FeatureCollection",
        "name": outgoing.name,
        "simulated": outgoing.simulated,
        "features": [feature for feature in features if feature is not None],
    }


def site_features(outgoing: Outgoing) -> list[Json]:
    """Return the zones, sensors and assets."""
    site = outgoing.site
    features = [_zone(zone, number) for zone in site.zones for number in range(len(zone.volumes))]
    features += [
        _point(
            f"sensor-{sensor.sensor_id}",
            place_lon_lat_height(site.origin, sensor.position_enu_m),
            {
                "kind": "sensor",
                "name": sensor.name,
                "sensor_kind": sensor.kind.value,
                "coverage_range_m": sensor.coverage_range_m,
            },
        )
        for sensor in site.sensors
    ]
    features += [
        _point(
            f"asset-{asset.asset_id}",
            place_lon_lat_height(site.origin, asset.position_enu_m),
            {
                "kind": "asset",
                "name": asset.name,
                "asset_kind": asset.kind.value,
                "breach_radius_m": asset.breach_radius_m,
                "warning_radius_m": asset.warning_radius_m,
            },
        )
        for asset in site.assets
    ]
    return features


def tracks_now(reports: Iterable[TrackReport]) -> list[Json]:
    """Return where each track is at this moment, as Points."""
    return [
        _point(
            f"track-{report.track_id}",
            (*_sample(report)[:2], round(report.height_hae_m, 2)),
            {
                "kind": "track",
                "track_id": report.track_id,
                "name": report.name,
                "class": class_word(report),
                "standing": standing_word(report),
                "claimed_id": report.claimed_id,
                "permit_id": report.permit_id,
                "style": {"color": STANDING_COLOUR[standing_word(report)]},
            },
        )
        for report in reports
        if is_placed(report)
    ]


def _point(feature_id: str, place: tuple[float, float, float], properties: Json) -> Json:
    geometry = {"type": "Point", "coordinates": list(place)}
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": properties}


def _track(track: tuple[TrackReport, ...], outgoing: Outgoing) -> Json | None:
    placed = [report for report in track if is_placed(report)]
    if not placed:
        return None
    last = placed[-1]
    pieces = _cut([_sample(report) for report in placed])
    geometry, times = _line(pieces)
    return {
        "type": "Feature",
        "id": f"track-{last.track_id}",
        "geometry": geometry,
        "properties": {
            "kind": "track",
            "track_id": last.track_id,
            "name": last.name,
            "class": class_word(last),
            "standing": standing_word(last),
            "claimed_id": last.claimed_id,
            "permit_id": last.permit_id,
            "sensors": seen_by(track),
            "first_utc": iso_utc(placed[0].time_utc_ns),
            "last_utc": iso_utc(last.time_utc_ns),
            "simulated": outgoing.simulated,
            "coordTimes": times,
        },
    }


def _sample(report: TrackReport) -> _Sample:
    return (
        round(report.longitude_deg, DECIMALS),
        round(report.latitude_deg, DECIMALS),
        round(report.height_hae_m, 2),
        iso_utc(report.time_utc_ns),
    )


def _line(pieces: list[list[_Sample]]) -> tuple[Json, list[Any]]:
    """Return the geometry of the pieces, and the times of its points in the same nesting."""
    pieces = [piece if len(piece) > 1 else piece * 2 for piece in pieces] if len(pieces) > 1 else pieces
    places = [[list(sample[:3]) for sample in piece] for piece in pieces]
    times = [[sample[3] for sample in piece] for piece in pieces]
    if len(pieces) > 1:
        return {"type": "MultiLineString", "coordinates": places}, times
    if len(pieces[0]) == 1:
        return {"type": "Point", "coordinates": places[0][0]}, times[0]
    return {"type": "LineString", "coordinates": places[0]}, times[0]


def _cut(samples: list[_Sample]) -> list[list[_Sample]]:
    """Return a way in pieces that each stay on one side of the antimeridian and end on it."""
    pieces = [[samples[0]]]
    for before, after in pairwise(samples):
        if abs(after[0] - before[0]) > 180.0:
            edge = 180.0 if before[0] > 0.0 else -180.0
            # How far along the step the edge is, longitudes taken the short way round.
            whole = after[0] + 2.0 * edge - before[0]
            part = (edge - before[0]) / whole if whole else 0.0
            latitude = round(before[1] + part * (after[1] - before[1]), DECIMALS)
            height = round(before[2] + part * (after[2] - before[2]), 2)
            if before[0] != edge:
                pieces[-1].append((edge, latitude, height, after[3]))
            pieces.append([] if after[0] == -edge else [(-edge, latitude, height, after[3])])
        pieces[-1].append(after)
    return pieces


def _zone(zone: Zone, number: int) -> Json:
    """Return one volume of a zone, the first under the zone's own id."""
    volume = zone.volumes[number]
    floor_m, ceiling_m, from_ground = band_m(volume)
    return {
        "type": "Feature",
        "id": f"zone-{zone.zone_id}" + (f"-{number + 1}" if number else ""),
        "geometry": volume_geometry(volume),
        "properties": {
            "kind": "zone",
            "name": zone.name,
            "restriction": zone.restriction.value,
            "limits": say_limits(volume),
            "floor_m": floor_m,
            "ceiling_m": ceiling_m,
            "reference": "AGL" if from_ground else "AMSL",
            "strictness": zone.strictness,
            "document": zone.document,
            "periods": [
                {
                    "from_utc": None if period.start_utc_ns is None else iso_utc(period.start_utc_ns),
                    "to_utc": None if period.end_utc_ns is None else iso_utc(period.end_utc_ns),
                    "permanent": period.permanent,
                    "hours": [
                        {
                            "weekdays": list(hours.weekdays),
                            "from_s": hours.from_s,
                            "to_s": hours.to_s,
                            "from_event": hours.from_event,
                            "to_event": hours.to_event,
                        }
                        for hours in period.hours
                    ],
                    "time_zone": period.time_zone,
                }
                for period in zone.periods
            ],
        },
    }


def volume_geometry(volume: Volume) -> Json:
    """Return a volume's ground plan, cut where it crosses the antimeridian."""
    rings = rings_lon_lat(volume)
    if all(abs(longitude) <= 180.0 for ring in rings for longitude, _ in ring):
        return {"type": "Polygon", "coordinates": [[list(point) for point in ring] for ring in rings]}
    whole = shapely.Polygon(rings[0], rings[1:])
    pieces = []
    for turn in (-1, 0, 1):
        part = shapely.intersection(
            whole, shapely.box(360.0 * turn - 180.0, -90.0, 360.0 * turn + 180.0, 90.0)
        )
        pieces += [
            shapely.geometry.polygon.orient(translate(piece, -360.0 * turn))
            for piece in shapely.get_parts(part)
            if piece.geom_type == "Polygon" and not piece.is_empty
        ]
    coordinates = [
        [
            [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
            for ring in (piece.exterior, *piece.interiors)
        ]
        for piece in pieces
    ]
    return {"type": "MultiPolygon", "coordinates": coordinates}
