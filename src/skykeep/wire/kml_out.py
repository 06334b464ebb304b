"""Tracks, zones, sensors and assets as KML 2.2 with time (gx:Track).

Heights are above mean sea level, as KML's `absolute` means (EGM96), or above ground where a zone says so.
A zone from the ground up is drawn as a body; one that begins higher as its floor and its ceiling.
Source: OGC 07-147r2 (KML 2.2) and its gx extension; both schemas are obeyed (tests/wire/test_kml_out.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from skykeep.base.clock import iso_utc
from skykeep.domain.identity import STANDING_NAMES
from skykeep.domain.track import TrackReport
from skykeep.domain.zone import Zone, say_limits
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

# KML colours are alpha, blue, green, red.
_TRACK_COLOUR = {
    "unknown": "ff00d7ff",
    "friend": "ffe0a040",
    "neutral": "ff60c060",
    "suspect": "ff0080ff",
    "hostile": "ff2020e0",
}


def encode(outgoing: Outgoing) -> bytes:
    """Return everything as one KML document in UTF-8."""
    return "\n".join(_lines(outgoing)).encode() + b"\n"


def _lines(outgoing: Outgoing) -> Iterator[str]:
    site = outgoing.site
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>'
    )
    yield _element("name", outgoing.name)
    if outgoing.simulated:
        yield _element("description", "Simulated: nothing of this happened.")
    yield from _styles()
    yield f"<Folder>{_element('name', 'Tracks')}"
    for track in outgoing.tracks:
        yield from _track(track)
    yield f"</Folder><Folder>{_element('name', 'Zones')}"
    for k, zone in enumerate(site.zones):
        yield from _zone(zone, k)
    yield f"</Folder><Folder>{_element('name', 'Sensors')}"
    for sensor in site.sensors:
        says = f"{sensor.kind.value.replace('_', ' ')}, to {sensor.coverage_range_m:.0f} m"
        yield _point(sensor.name, says, "sensor", place_lon_lat_height(site.origin, sensor.position_enu_m))
    yield f"</Folder><Folder>{_element('name', 'Protected places')}"
    for asset in site.assets:
        says = f"Keep-out {asset.breach_radius_m:.0f} m, warning {asset.warning_radius_m:.0f} m"
        yield _point(asset.name, says, "asset", place_lon_lat_height(site.origin, asset.position_enu_m))
    yield "</Folder></Document></kml>"


def _styles() -> Iterator[str]:
    for name in STANDING_NAMES:
        line = f"<LineStyle><color>{_TRACK_COLOUR[name]}</color><width>2</width></LineStyle>"
        yield f'<Style id="{name}">{line}</Style>'
    yield (
        '<Style id="zone"><LineStyle><color>ff2040ff</color><width>1</width></LineStyle>'
        "<PolyStyle><color>302040ff</color></PolyStyle></Style>"
    )
    yield '<Style id="sensor"><IconStyle><color>ffffc040</color></IconStyle></Style>'
    yield '<Style id="asset"><IconStyle><color>ffffffff</color></IconStyle></Style>'


def _track(track: tuple[TrackReport, ...]) -> Iterator[str]:
    placed = [report for report in track if is_placed(report)]
    if not placed:
        return
    last = placed[-1]
    yield f'<Placemark id="track-{last.track_id}">{_element("name", last.name)}'
    yield f"<styleUrl>#{standing_word(last)}</styleUrl><ExtendedData>"
    for name, value in (
        ("track_id", str(last.track_id)),
        ("class", class_word(last)),
        ("standing", standing_word(last)),
        ("claimed_id", last.claimed_id),
        ("permit_id", last.permit_id),
        ("sensors", ", ".join(seen_by(track))),
    ):
        yield f'<Data name="{name}">{_element("value", value)}</Data>'
    yield "</ExtendedData><gx:Track><altitudeMode>absolute</altitudeMode>"
    yield from (f"<when>{iso_utc(report.time_utc_ns)}</when>" for report in placed)
    for report in placed:
        height_m = report.height_amsl_m if np.isfinite(report.height_amsl_m) else report.height_hae_m
        place = f"{report.longitude_deg:.{DECIMALS}f} {report.latitude_deg:.{DECIMALS}f} {height_m:.2f}"
        yield f"<gx:coord>{place}</gx:coord>"
    yield "</gx:Track></Placemark>"


def _zone(zone: Zone, number: int) -> Iterator[str]:
    above = "; ".join(say_limits(volume) for volume in zone.volumes)
    yield f'<Placemark id="zone-{number}">{_element("name", zone.name)}'
    yield _element("description", f"{zone.restriction.value}, {above}, {zone.document}")
    if len(zone.periods) == 1:
        (period,) = zone.periods
        begin = "" if period.start_utc_ns is None else f"<begin>{iso_utc(period.start_utc_ns)}</begin>"
        end = "" if period.end_utc_ns is None else f"<end>{iso_utc(period.end_utc_ns)}</end>"
        if begin or end:
            yield f"<TimeSpan>{begin}{end}</TimeSpan>"
    yield "<styleUrl>#zone</styleUrl><MultiGeometry>"
    for volume in zone.volumes:
        rings = rings_lon_lat(volume)
        floor_m, ceiling_m, from_ground = band_m(volume)
        mode = "relativeToGround" if from_ground else "absolute"
        yield from _polygon(rings, ceiling_m, mode, extrude=floor_m <= 0.0)
        if floor_m > 0.0:
            yield from _polygon(rings, floor_m, mode, extrude=False)
    yield "</MultiGeometry></Placemark>"


def _polygon(
    rings: list[list[tuple[float, float]]], height_m: float, mode: str, *, extrude: bool
) -> Iterator[str]:
    yield f"<Polygon><extrude>{int(extrude)}</extrude><altitudeMode>{mode}</altitudeMode>"
    for k, ring in enumerate(rings):
        side = "outerBoundaryIs" if k == 0 else "innerBoundaryIs"
        # KML wants longitudes within 180 degrees, and draws the short way between them.
        points = (((longitude + 180.0) % 360.0 - 180.0, latitude) for longitude, latitude in ring)
        places = " ".join(f"{x:.{DECIMALS}f},{y:.{DECIMALS}f},{height_m:.1f}" for x, y in points)
        yield f"<{side}><LinearRing><coordinates>{places}</coordinates></LinearRing></{side}>"
    yield "</Polygon>"


def _point(name: str, says: str, style: str, place: tuple[float, float, float]) -> str:
    longitude_deg, latitude_deg, _ = place
    return (
        f"<Placemark>{_element('name', name)}{_element('description', says)}<styleUrl>#{style}</styleUrl>"
        f"<Point><coordinates>{longitude_deg:.{DECIMALS}f},{latitude_deg:.{DECIMALS}f}</coordinates></Point></Placemark>"
    )


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    """Return text as XML has it; what XML cannot hold becomes a replacement character."""
    kept = "".join(one if one in "\t\n" or _is_character(ord(one)) else "\ufffd" for one in text)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _is_character(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
