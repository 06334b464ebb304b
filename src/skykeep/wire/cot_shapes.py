"""Our zones, protected places, sensors and alerts as Cursor on Target events.

| ours | type | drawn from |
|---|---|---|
| zone | `u-d-f`, one for its outer ring and one for each hole | `<link point="lat,lon,hae"/>`, closed |
| protected place | `u-d-c-c`, its keep-out and its warning circle | `<shape><ellipse major minor angle/>` |
| sensor | `a-f-G-E-S-R` radar, `a-f-G-E-S-E` others | `<sensor azimuth fov elevation vfov range/>` |
| alert raised, acknowledged | `b-a-o-pan`, "Ring The Bell" | at its track, else at its place |
| alert escalated | `b-a-o-tbl`, "911 Alert" | |
| alert cleared | `b-a-o-can` | `<emergency cancel="true">` |

Colours are signed 32-bit ARGB. A sensor that looks all round has no `fov`: the schema ends below 360. Nothing
here asks anyone to engage anything. Sources: MITRE sensor and shape schemas (public release), TAK's drawings
and emergency messages.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.clock import iso_utc
from skykeep.domain.outline import rings_enu_m
from skykeep.domain.place import Asset, Point, Vector
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.sensing import Sensor, SensorKind, SensorStatus
from skykeep.domain.zone import Polygon, Restriction, Volume, Zone, say_limits
from skykeep.geo.frames import LocalFrame
from skykeep.wire.cot import CotEvent, CotPoint, Element, checked
from skykeep.wire.cot_reports import track_uid
from skykeep.wire.cot_source import CotSource, element

_STROKE = {
    Restriction.PROHIBITED: 0xFFD0021B,
    Restriction.REQ_AUTHORISATION: 0xFFF5A623,
    Restriction.USPACE: 0xFFF5A623,
    Restriction.CONDITIONAL: 0xFF1565C0,
    Restriction.NO_RESTRICTION: 0xFF2E7D32,
}
_SAID = {
    Restriction.PROHIBITED: "prohibited zone",
    Restriction.REQ_AUTHORISATION: "zone that needs authorisation",
    Restriction.USPACE: "U-space",
    Restriction.CONDITIONAL: "zone under conditions",
    Restriction.NO_RESTRICTION: "zone without restriction",
}
_FILLED = 0x26FFFFFF  # keeps the colour, makes it nearly clear
_EMERGENCY = {
    AlertState.RAISED: ("b-a-o-pan", "Ring The Bell"),
    AlertState.ACKNOWLEDGED: ("b-a-o-pan", "Ring The Bell"),
    AlertState.ASSIGNED: ("b-a-o-pan", "Ring The Bell"),
    AlertState.SHELVED: ("b-a-o-pan", "Ring The Bell"),
    AlertState.ESCALATED: ("b-a-o-tbl", "911 Alert"),
    AlertState.CLEARED: ("b-a-o-can", ""),
}


def zone_events(zone: Zone, frame: LocalFrame, time_utc_ns: int, source: CotSource) -> tuple[CotEvent, ...]:
    """Return a zone's rings as drawn shapes: its outer ring filled, each hole as a line of its own."""
    events = []
    drawn = [
        (k, volume, number, [(east, north) for east, north in ring.tolist()])
        for k, volume in enumerate(zone.volumes)
        for number, ring in enumerate(rings_enu_m(volume.outline, frame))
    ]
    for k, volume, number, corners in drawn:
        ring = tuple(corners)
        part = f".part.{k + 1}" if k else ""
        uid = source.uid_of("zone", zone.zone_id) + part + (f".hole.{number}" if number else "")
        name = f"{zone.name}, hole {number}" if number else zone.name
        place = _middle(ring, frame)
        detail = (
            *(element("link", point=point) for point in _vertices(ring, frame)),
            *_style(_STROKE[zone.restriction], filled=number == 0),
            element("contact", callsign=name),
            element("remarks", _zone_remarks(zone, volume, number)),
            source.link(),
        )
        events.append(
            checked(
                source.event(
                    uid=uid,
                    type="u-d-f",
                    time_utc_ns=time_utc_ns,
                    stale_s=source.stale.zone_s,
                    how="m-c",
                    point=place,
                    detail=detail,
                )
            )
        )
    return tuple(events)


def asset_events(
    asset: Asset, frame: LocalFrame, time_utc_ns: int, source: CotSource
) -> tuple[CotEvent, ...]:
    """Return a protected place's keep-out and warning circles."""
    circles = (
        ("breach", "keep out", asset.breach_radius_m, _STROKE[Restriction.PROHIBITED]),
        ("warning", "warning", asset.warning_radius_m, _STROKE[Restriction.REQ_AUTHORISATION]),
    )
    return tuple(
        checked(
            source.event(
                uid=source.uid_of("asset", asset.asset_id) + f".{kind}",
                type="u-d-c-c",
                time_utc_ns=time_utc_ns,
                stale_s=source.stale.zone_s,
                how="m-c",
                point=_place(asset.position_enu_m, frame),
                detail=(
                    _circle(radius_m),
                    *_style(colour, filled=False),
                    element("contact", callsign=f"{asset.name}, {says}"),
                    element("remarks", f"{says} within {radius_m:.0f} m"),
                    source.link(),
                ),
            )
        )
        for kind, says, radius_m, colour in circles
        if radius_m > 0.0
    )


def sensor_event(
    sensor: Sensor, frame: LocalFrame, time_utc_ns: int, source: CotSource, status: SensorStatus | None = None
) -> CotEvent:
    """Return a sensor at its place with where it looks; what it says of itself goes before its settings."""
    position = sensor.position_enu_m
    azimuth_from, azimuth_to = sensor.azimuth_from_rad, sensor.azimuth_to_rad
    range_m = sensor.coverage_range_m
    said = [f"{sensor.kind.value.replace('_', ' ')} {sensor.sensor_id}"]
    if status is not None:
        position = status.position_enu_m or position
        if status.azimuth_from_rad is not None and status.azimuth_to_rad is not None:
            azimuth_from, azimuth_to = status.azimuth_from_rad, status.azimuth_to_rad
        range_m = range_m if status.range_max_m is None else status.range_max_m
        said.append(status.state.value + (f": {status.says}" if status.says else ""))
    view = _view(azimuth_from, azimuth_to, sensor)
    said.append("looks all round" if "fov" not in view else f"looks over {view['fov']} degrees")
    return checked(
        source.event(
            uid=source.uid_of("sensor", sensor.sensor_id),
            type="a-f-G-E-S-R" if sensor.kind is SensorKind.RADAR else "a-f-G-E-S-E",
            time_utc_ns=time_utc_ns,
            stale_s=source.stale.sensor_s,
            how="m-c",
            point=_place(position, frame),
            detail=(
                element("contact", callsign=sensor.name),
                element("sensor", **view, range=f"{range_m:.1f}", model=sensor.name),
                element("remarks", "; ".join(said)),
                source.link(),
            ),
        )
    )


def alert_event(alert: Alert, point: CotPoint, source: CotSource) -> CotEvent:
    """Return an alert at the place given: its track's, or its protected place's."""
    type_, label = _EMERGENCY[alert.state]
    cancelled = {"cancel": "true"} if alert.state is AlertState.CLEARED else {"type": label}
    said = alert.cleared_because if alert.state is AlertState.CLEARED else "; ".join(alert.grounds)
    return checked(
        source.event(
            uid=source.uid_of("alert", alert.alert_id),
            type=type_,
            time_utc_ns=alert.changed_utc_ns,
            stale_s=source.stale.alert_s,
            how="m-g",
            point=point,
            detail=(
                element("contact", callsign=f"{source.callsign}-Alert"),
                source.link(),
                *(
                    element("link", uid=track_uid(source, track_id), type="a-u-A", relation="p-s")
                    for track_id in alert.track_ids
                ),
                element("emergency", alert.title, **cancelled),
                element("remarks", f"{alert.title}. {said}".strip()),
            ),
        )
    )


def _view(azimuth_from_rad: float, azimuth_to_rad: float, sensor: Sensor) -> dict[str, str]:
    width_deg = math.degrees(azimuth_to_rad - azimuth_from_rad)
    if width_deg < 0.0:
        width_deg += 360.0
    view = {}
    if 0.0 < width_deg < 359.95:
        middle_deg = math.degrees(azimuth_from_rad) + width_deg / 2.0
        view["azimuth"] = f"{round(middle_deg % 360.0, 1) % 360.0:.1f}"
        view["fov"] = f"{width_deg:.1f}"
    low_deg, high_deg = math.degrees(sensor.elevation_min_rad), math.degrees(sensor.elevation_max_rad)
    view["elevation"] = f"{(low_deg + high_deg) / 2.0:.1f}"
    view["vfov"] = f"{high_deg - low_deg:.1f}"
    return view


def _circle(radius_m: float) -> Element:
    ellipse = element("ellipse", major=f"{radius_m:.2f}", minor=f"{radius_m:.2f}", angle="360")
    return Element(tag="shape", children=(ellipse,))


def _style(colour: int, filled: bool) -> tuple[Element, ...]:
    fill = colour & _FILLED | 0x26000000 if filled else 0
    return (
        element("strokeColor", value=str(_signed(colour))),
        element("strokeWeight", value="3.0"),
        element("fillColor", value=str(_signed(fill))),
        element("labels_on", value="true"),
    )


def _signed(colour: int) -> int:
    return colour - (1 << 32) if colour >= 1 << 31 else colour


def _vertices(ring: tuple[Point, ...], frame: LocalFrame) -> list[str]:
    closed = ring if ring[0] == ring[-1] else (*ring, ring[0])
    latitude_deg, longitude_deg, height_m = frame.to_geodetic(np.array([(*point, 0.0) for point in closed]))
    return [
        f"{lat:.7f},{lon:.7f},{height:.1f}"
        for lat, lon, height in zip(latitude_deg, longitude_deg, height_m, strict=True)
    ]


def _middle(ring: tuple[Point, ...], frame: LocalFrame) -> CotPoint:
    east_m, north_m = np.mean(np.array(ring), axis=0)
    return _place((float(east_m), float(north_m), 0.0), frame)


def _place(position_enu_m: Vector, frame: LocalFrame) -> CotPoint:
    latitude_deg, longitude_deg, height_hae_m = frame.to_geodetic(np.array(position_enu_m))
    return CotPoint(
        latitude_deg=round(float(latitude_deg), 7),
        longitude_deg=round(float(longitude_deg), 7),
        height_hae_m=round(float(height_hae_m), 2),
    )


def _zone_remarks(zone: Zone, volume: Volume, hole: int) -> str:
    said = [
        "a hole in the zone" if hole else _SAID[zone.restriction],
        say_limits(volume),
    ]
    if zone.document:
        said.append(zone.document)
    if isinstance(volume.outline, Polygon) and len(volume.outline.rings) > 1 and not hole:
        said.append("its holes are drawn as lines")
    for period in zone.periods:
        begins = "" if period.start_utc_ns is None else f" from {iso_utc(period.start_utc_ns)}"
        ends = "" if period.end_utc_ns is None else f" until {iso_utc(period.end_utc_ns)}"
        hours = ", at certain hours" if period.hours else ""
        said.append(f"in force{begins}{ends}{hours}" if begins or ends or hours else "in force")
    return "; ".join(said)
