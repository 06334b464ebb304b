"""Tracks, zones, sensors and assets as CZML 1.0, the JSON in which Cesium plays a night.

A list of packets: the document with its clock, then one packet each. A track is there from its first report
to its last (`availability`), at sampled `cartographicDegrees` (seconds since `epoch`, longitude, latitude,
height above the ellipsoid in m), with the ellipsoid that holds it with 2 sigma along east, north and up. A
track without covariance has no ellipsoid. Zones between floor and ceiling are bodies; their heights are above
ground where they say so, else above the ellipsoid.
Source: the CZML Guide (github.com/AnalyticalGraphicsInc/czml-writer/wiki).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec

from skykeep.base.clock import iso_utc, ns_to_seconds
from skykeep.domain.track import TrackReport
from skykeep.domain.zone import Zone, say_limits
from skykeep.wire.outgoing import (
    DECIMALS,
    Outgoing,
    band_m,
    class_word,
    geoid_m,
    has_sigma,
    is_placed,
    place_lon_lat_height,
    rings_lon_lat,
    seen_by,
    standing_word,
)

Json = dict[str, Any]

SIGMAS_SHOWN = 2.0
TRAIL_S = 60.0
SPEED = 4.0
_COLOUR = {
    "unknown": [255, 215, 0, 255],
    "friend": [64, 160, 224, 255],
    "neutral": [96, 192, 96, 255],
    "suspect": [255, 128, 0, 255],
    "hostile": [224, 32, 32, 255],
}


def encode(outgoing: Outgoing) -> bytes:
    """Return everything as one list of packets."""
    return msgspec.json.encode(packets(outgoing))


def packets(outgoing: Outgoing) -> list[Json]:
    sea_m = geoid_m(outgoing.tracks)
    tracks = (_track(track) for track in outgoing.tracks)
    site = outgoing.site
    zones = [_zone(zone, number, sea_m) for zone in site.zones for number in range(len(zone.volumes))]
    sensors = [
        _point(f"sensor-{s.sensor_id}", s.name, place_lon_lat_height(site.origin, s.position_enu_m), "sensor")
        for s in site.sensors
    ]
    assets = [
        _point(f"asset-{a.asset_id}", a.name, place_lon_lat_height(site.origin, a.position_enu_m), "asset")
        for a in site.assets
    ]
    return [_document(outgoing), *(one for one in tracks if one is not None), *zones, *sensors, *assets]


def _document(outgoing: Outgoing) -> Json:
    document: Json = {"id": "document", "name": outgoing.name, "version": "1.0"}
    if outgoing.simulated:
        document["description"] = "Simulated: nothing of this happened."
    span = outgoing.span_utc_ns
    if span is not None:
        document["clock"] = {
            "interval": _interval(*span),
            "currentTime": iso_utc(span[0]),
            "multiplier": SPEED,
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        }
    return document


def _interval(from_utc_ns: int, to_utc_ns: int) -> str:
    return f"{iso_utc(from_utc_ns)}/{iso_utc(to_utc_ns)}"


def _track(track: tuple[TrackReport, ...]) -> Json | None:
    placed = [report for report in track if is_placed(report)]
    if not placed:
        return None
    last, epoch_utc_ns = placed[-1], placed[0].time_utc_ns
    colour = {"rgba": _COLOUR[standing_word(last)]}
    packet: Json = {
        "id": f"track-{last.track_id}",
        "name": last.name,
        "availability": _interval(epoch_utc_ns, last.time_utc_ns),
        "properties": {
            "track_id": last.track_id,
            "class": class_word(last),
            "standing": standing_word(last),
            "claimed_id": last.claimed_id,
            "permit_id": last.permit_id,
            "sensors": ", ".join(seen_by(track)),
        },
        "position": {
            "epoch": iso_utc(epoch_utc_ns),
            "interpolationAlgorithm": "LINEAR",
            "interpolationDegree": 1,
            "forwardExtrapolationType": "NONE",
            "backwardExtrapolationType": "NONE",
            "cartographicDegrees": _samples(placed),
        },
        "point": {
            "pixelSize": 8,
            "color": colour,
            "outlineColor": {"rgba": [0, 0, 0, 255]},
            "outlineWidth": 1,
        },
        "label": {
            "text": last.name,
            "font": "12pt sans-serif",
            "pixelOffset": {"cartesian2": [12, 0]},
            "horizontalOrigin": "LEFT",
        },
        "path": {
            "width": 2,
            "leadTime": 0,
            "trailTime": TRAIL_S,
            "material": {"solidColor": {"color": colour}},
        },
    }
    told = [report for report in placed if has_sigma(report)]
    if told:
        packet["ellipsoid"] = {
            "radii": {"epoch": iso_utc(epoch_utc_ns), "cartesian": _radii(told, epoch_utc_ns)},
            "fill": False,
            "outline": True,
            "outlineColor": colour,
        }
    return packet


def _samples(placed: list[TrackReport]) -> list[float]:
    """Return seconds, longitude, latitude, height, over and over; longitudes do not jump where they wrap."""
    samples: list[float] = []
    longitude_deg = placed[0].longitude_deg
    for before, report in pairwise([placed[0], *placed]):
        step_deg = (report.longitude_deg - before.longitude_deg + 180.0) % 360.0 - 180.0
        longitude_deg += step_deg
        samples += [
            round(ns_to_seconds(report.time_utc_ns - placed[0].time_utc_ns), 6),
            round(longitude_deg, DECIMALS),
            round(report.latitude_deg, DECIMALS),
            round(report.height_hae_m, 2),
        ]
    return samples


def _radii(told: list[TrackReport], epoch_utc_ns: int) -> list[float]:
    samples: list[float] = []
    for report in told:
        radii = (max(round(SIGMAS_SHOWN * sigma, 2), 0.01) for sigma in report.sigma_enu_m)
        samples += [round(ns_to_seconds(report.time_utc_ns - epoch_utc_ns), 6), *radii]
    return samples


def _zone(zone: Zone, number: int, sea_m: float) -> Json:
    volume = zone.volumes[number]
    rings = rings_lon_lat(volume)
    floor_m, ceiling_m, from_ground = band_m(volume)
    raised_m = 0.0 if from_ground else sea_m
    reference = {"heightReference": "RELATIVE_TO_GROUND" if from_ground else "NONE"}
    polygon: Json = {
        "positions": {"cartographicDegrees": _flat(rings[0])},
        "height": floor_m + raised_m,
        "heightReference": reference,
        "extrudedHeight": ceiling_m + raised_m,
        "extrudedHeightReference": reference,
        "material": {"solidColor": {"color": {"rgba": [255, 64, 32, 40]}}},
        "outline": True,
        "outlineColor": {"rgba": [255, 64, 32, 200]},
    }
    if len(rings) > 1:
        polygon["holes"] = {"cartographicDegrees": [_flat(ring) for ring in rings[1:]]}
    packet: Json = {
        "id": f"zone-{zone.zone_id}" + (f"-{number + 1}" if number else ""),
        "name": zone.name,
        "properties": {
            "kind": "zone",
            "restriction": zone.restriction.value,
            "limits": say_limits(volume),
            "document": zone.document,
        },
        "polygon": polygon,
    }
    if len(zone.periods) == 1:
        (period,) = zone.periods
        if period.start_utc_ns is not None and period.end_utc_ns is not None:
            packet["availability"] = _interval(period.start_utc_ns, period.end_utc_ns)
    return packet


def _flat(ring: list[tuple[float, float]]) -> list[float]:
    """Return longitude, latitude, height over and over, without repeating the first point."""
    return [
        value for longitude_deg, latitude_deg in ring[:-1] for value in (longitude_deg, latitude_deg, 0.0)
    ]


def _point(packet_id: str, name: str, place: tuple[float, float, float], kind: str) -> Json:
    colour = {"rgba": [64, 192, 255, 255] if kind == "sensor" else [255, 255, 255, 255]}
    return {
        "id": packet_id,
        "name": name,
        "properties": {"kind": kind},
        "position": {"cartographicDegrees": list(place)},
        "point": {"pixelSize": 10, "color": colour},
        "label": {"text": name, "font": "11pt sans-serif", "pixelOffset": {"cartesian2": [0, -16]}},
    }
