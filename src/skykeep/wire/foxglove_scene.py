"""A place and its tracks as bodies in Foxglove's 3D panel, in the site's east, north and up.

A track is a ball that holds it with 2 sigma, an arrow as long as it flies in `AHEAD_S`, and its name. A zone
is its floor and its ceiling as outlines with posts between. A sensor is a cube with the circle it covers.
"""

from __future__ import annotations

import math

from skykeep.domain.outline import rings_enu_m
from skykeep.domain.place import Asset, Vector
from skykeep.domain.sensing import Sensor
from skykeep.domain.site import Site
from skykeep.domain.track import TrackReport
from skykeep.domain.zone import Zone, say_limits
from skykeep.geo.frames import LocalFrame
from skykeep.wire import foxglove as fox
from skykeep.wire.outgoing import band_m, class_word, has_sigma, standing_word

FRAME = "site"
AHEAD_S = 5.0
SIGMAS_SHOWN = 2.0
LEAST_DIAMETER_M = 6.0
CIRCLE_CORNERS = 72
STANDING_COLOUR: dict[str, fox.Colour] = {
    "unknown": (1.0, 0.84, 0.0, 1.0),
    "friend": (0.25, 0.63, 0.88, 1.0),
    "neutral": (0.38, 0.75, 0.38, 1.0),
    "suspect": (1.0, 0.5, 0.0, 1.0),
    "hostile": (0.88, 0.13, 0.13, 1.0),
}
_ZONE, _SENSOR, _ASSET = (1.0, 0.25, 0.13, 0.8), (0.25, 0.75, 1.0, 0.8), (1.0, 1.0, 1.0, 0.9)


def track_body(report: TrackReport, position_enu_m: Vector, velocity_enu_mps: Vector) -> fox.Json:
    """Return one track; position and velocity are in the site's axes."""
    red, green, blue, _ = colour = STANDING_COLOUR[standing_word(report)]
    sigma_m = report.sigma_enu_m if has_sigma(report) else (0.0, 0.0, 0.0)
    east, north, up = (max(2.0 * SIGMAS_SHOWN * sigma, LEAST_DIAMETER_M) for sigma in sigma_m)
    speed_mps = math.hypot(*velocity_enu_mps)
    arrows = []
    if speed_mps > 0.5:
        arrows.append(fox.arrow(position_enu_m, velocity_enu_mps, AHEAD_S * speed_mps, 4.0, colour))
    x, y, z = position_enu_m
    return fox.entity(
        report.time_utc_ns,
        FRAME,
        f"track-{report.track_id}",
        {
            "class": class_word(report),
            "standing": standing_word(report),
            "claimed_id": report.claimed_id,
            "permit_id": report.permit_id,
            "sensors": ", ".join(report.sensor_ids),
        },
        spheres=[fox.sphere(position_enu_m, (east, north, up), (red, green, blue, 0.35))],
        arrows=arrows,
        texts=[fox.text((x, y, z + up / 2 + 10.0), report.name, 14.0, colour)],
    )


def site_bodies(site: Site, time_utc_ns: int) -> list[fox.Json]:
    """Return the zones, sensors and assets of a place."""
    return [
        *(_zone(zone, site.origin, time_utc_ns) for zone in site.zones),
        *(_sensor(sensor, time_utc_ns) for sensor in site.sensors),
        *(_asset(asset, time_utc_ns) for asset in site.assets),
    ]


def _zone(zone: Zone, frame: LocalFrame, time_utc_ns: int) -> fox.Json:
    lines, texts = [], []
    for volume in zone.volumes:
        floor_m, ceiling_m, _ = band_m(volume)
        rings = [ring.round(2).tolist() for ring in rings_enu_m(volume.outline, frame)]
        for ring in rings:
            for height_m in (floor_m, ceiling_m):
                outline = [(east, north, height_m) for east, north in ring]
                lines.append(fox.line(outline, fox.LINE_LOOP, 2.0, _ZONE))
            for east, north in ring[:: max(1, len(ring) // 8)]:
                post = [(east, north, floor_m), (east, north, ceiling_m)]
                lines.append(fox.line(post, fox.LINE_STRIP, 1.0, _ZONE))
        east, north = rings[0][0]
        texts.append(fox.text((east, north, ceiling_m), zone.name, 12.0, _ZONE))
    return fox.entity(
        time_utc_ns,
        FRAME,
        f"zone-{zone.zone_id}",
        {"document": zone.document, "limits": "; ".join(map(say_limits, zone.volumes))},
        lines=lines,
        texts=texts,
    )


def _sensor(sensor: Sensor, time_utc_ns: int) -> fox.Json:
    x, y, z = sensor.position_enu_m
    circle = [(x + sensor.coverage_range_m * e, y + sensor.coverage_range_m * n, z) for e, n in _circle()]
    return fox.entity(
        time_utc_ns,
        FRAME,
        f"sensor-{sensor.sensor_id}",
        {"kind": sensor.kind.value},
        cubes=[fox.cube(sensor.position_enu_m, (20.0, 20.0, 20.0), _SENSOR)],
        lines=[fox.line(circle, fox.LINE_LOOP, 1.0, (*_SENSOR[:3], 0.3))],
        texts=[fox.text((x, y, z + 25.0), sensor.name, 12.0, _SENSOR)],
    )


def _asset(asset: Asset, time_utc_ns: int) -> fox.Json:
    x, y, z = asset.position_enu_m
    rings = [
        [(x + radius_m * e, y + radius_m * n, z) for e, n in _circle()]
        for radius_m in (asset.breach_radius_m, asset.warning_radius_m)
    ]
    return fox.entity(
        time_utc_ns,
        FRAME,
        f"asset-{asset.asset_id}",
        {"kind": asset.kind.value},
        cubes=[fox.cube((x, y, z + 10.0), (30.0, 30.0, 20.0), _ASSET)],
        lines=[fox.line(ring, fox.LINE_LOOP, 2.0, _ASSET) for ring in rings],
        texts=[fox.text((x, y, z + 35.0), asset.name, 14.0, _ASSET)],
    )


def _circle() -> list[tuple[float, float]]:
    turns = (2.0 * math.pi * k / CIRCLE_CORNERS for k in range(CIRCLE_CORNERS))
    return [(math.sin(turn), math.cos(turn)) for turn in turns]
