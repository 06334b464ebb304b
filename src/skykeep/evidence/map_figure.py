"""The map of the night: water and land, what was protected, who flew where and when, what could have fallen.

Drawn for paper: 1000 units wide, colours that survive a black-and-white copier by their line styles. East is
right and north is up; the figure is a plane, which over 20 km is true to a few metres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.domain.outline import rings_enu_m
from skykeep.domain.zone import Restriction
from skykeep.evidence.case import Case, MapFigure, MapTrack
from skykeep.evidence.map_labels import Labels
from skykeep.evidence.printable import printable
from skykeep.evidence.svg import Drawing, Point

WIDTH = 1000.0
_STRIP = 96.0
INK = "#22303a"
COLOURS = {
    "hostile": "#b3261e",
    "suspect": "#c2570c",
    "unknown": "#7a6400",
    "neutral": "#2f7d32",
    "friend": "#1f5fa8",
}
_DASHES = {"neutral": "9 4", "friend": "2 4", "unknown": "5 3"}
_ZONE_COLOURS = {
    Restriction.PROHIBITED: "#9b1c31",
    Restriction.REQ_AUTHORISATION: "#8a4b00",
    Restriction.USPACE: "#8a4b00",
}
_TICK_STEPS_S = (10, 15, 30, 60, 120, 300, 600, 1_800, 3_600)
_MOST_TICKS = 7


class Sheet:
    """From metres east and north to the drawing's units."""

    def __init__(self, figure: MapFigure) -> None:
        self._west, self._south, self._east, self._north = figure.extent_enu_m
        self.units_per_m = WIDTH / (self._east - self._west)
        self.height = (self._north - self._south) * self.units_per_m

    def point(self, east_m: float, north_m: float) -> Point:
        return (east_m - self._west) * self.units_per_m, (self._north - north_m) * self.units_per_m

    def line(self, points: Sequence[Point]) -> list[Point]:
        return [self.point(*point) for point in points]

    def shows(self, at: Point) -> bool:
        return 0.0 <= at[0] <= WIDTH and 0.0 <= at[1] <= self.height


def map_svg(case: Case) -> str:
    """Return the figure as SVG text, the same for the same case."""
    sheet = Sheet(case.map)
    drawing = Drawing(WIDTH, sheet.height + _STRIP)
    drawing.define(
        '<pattern id="falls" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="2" height="6" fill="#6a2c91" fill-opacity="0.35"/>'
        "</pattern>"
    )
    labels = Labels(WIDTH, sheet.height)
    drawing.rectangle(0, 0, WIDTH, sheet.height, 'fill="#f7f4ec"')
    drawing.begin_clip("frame", 0, 0, WIDTH, sheet.height)
    draw_ground(drawing, sheet, case.map)
    draw_zones(drawing, sheet, case)
    _draw_debris(drawing, sheet, case)
    for track in case.map.tracks:
        _draw_track(drawing, sheet, track)
    _keep_symbols_clear(sheet, case, labels)
    draw_assets(drawing, sheet, case, labels)
    for track in case.map.tracks:
        _name_track(drawing, sheet, track, labels)
    draw_sensors(drawing, sheet, case, labels)
    for track in case.map.tracks:
        _label_times(drawing, sheet, track, labels)
    drawing.end_group()
    draw_scale_and_north(drawing, sheet)
    drawing.rectangle(0.5, 0.5, WIDTH - 1, sheet.height - 1, f'fill="none" stroke="{INK}" stroke-width="1.2"')
    _draw_legend(drawing, sheet, case, labels.left_out)
    return drawing.to_svg()


def keep_frame_clear(sheet: Sheet, labels: Labels) -> None:
    """Let no name cover the scale or the arrow to the north."""
    for x in (20.0, 50.0, 80.0, 110.0, 140.0, 170.0, 200.0, 230.0, 260.0):
        labels.keep_clear((x, sheet.height - 28.0), 22.0)
    labels.keep_clear((WIDTH - 32.0, 44.0), 26.0)


def _keep_symbols_clear(sheet: Sheet, case: Case, labels: Labels) -> None:
    keep_frame_clear(sheet, labels)
    for asset in case.site.assets:
        labels.keep_clear(sheet.point(*asset.position_enu_m[:2]), 6.0)
    for health in case.sensors:
        # Where its place is withheld this keeps nothing clear.
        labels.keep_clear(sheet.point(*health.sensor.position_enu_m[:2]), 5.0)
    for track in case.map.tracks:
        points = sheet.line(track.points_enu_m)
        labels.keep_line_clear(points)
        for point in points[:1] + points[-1:]:
            labels.keep_clear(point, 5.0)


def draw_ground(drawing: Drawing, sheet: Sheet, figure: MapFigure) -> None:
    drawing.rings([sheet.line(ring) for ring in figure.green], 'fill="#e3ebd3"')
    drawing.rings(
        [sheet.line(ring) for ring in figure.water], 'fill="#cfe2ec" stroke="#8fb4c6" stroke-width="1"'
    )
    for roads, widths in ((figure.minor_roads, (1.4, 0.7)), (figure.major_roads, (3.6, 2.2))):
        for colour, width in zip(("#d5cdbb", "#ffffff"), widths, strict=True):
            for road in roads:
                drawing.line(
                    sheet.line(road), f'stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"'
                )
    for line in figure.coast:
        drawing.line(sheet.line(line), 'stroke="#5f8fa8" stroke-width="1.3" stroke-linejoin="round"')


def draw_zones(drawing: Drawing, sheet: Sheet, case: Case) -> None:
    for zone in case.site.zones:
        colour = _ZONE_COLOURS.get(zone.restriction, "#5b6670")
        for volume in zone.volumes:
            rings = rings_enu_m(volume.outline, case.site.origin)
            drawing.rings(
                [sheet.line([(east, north) for east, north in ring.tolist()]) for ring in rings],
                f'fill="{colour}" fill-opacity="0.05" stroke="{colour}" stroke-width="1.2" '
                'stroke-dasharray="7 4 1 4"',
            )


def _draw_debris(drawing: Drawing, sheet: Sheet, case: Case) -> None:
    for footprint in case.footprints:
        for contour in sorted(footprint.contours, key=lambda contour: -contour.percent):
            ring = sheet.line(contour.ring_enu_m)
            drawing.rings([ring], 'fill="url(#falls)" stroke="#6a2c91" stroke-width="1"')


def _draw_track(drawing: Drawing, sheet: Sheet, track: MapTrack) -> None:
    colour = COLOURS.get(track.looks, INK)
    points = sheet.line(track.points_enu_m)
    if not points:
        return
    dash = f' stroke-dasharray="{_DASHES[track.looks]}"' if track.looks in _DASHES else ""
    drawing.line(points, 'stroke="#ffffff" stroke-width="5" stroke-opacity="0.7" stroke-linejoin="round"')
    drawing.line(points, f'stroke="{colour}" stroke-width="2.4" stroke-linejoin="round"{dash}')
    drawing.circle(points[0], 4.0, f'fill="#ffffff" stroke="{colour}" stroke-width="2"')
    x, y = points[-1]
    for rise in (5.0, -5.0):
        drawing.line([(x - 5, y - rise), (x + 5, y + rise)], f'stroke="{colour}" stroke-width="2.4"')


def _name_track(drawing: Drawing, sheet: Sheet, track: MapTrack, labels: Labels) -> None:
    shown = next((point for point in sheet.line(track.points_enu_m) if sheet.shows(point)), None)
    if shown is not None:
        colour = COLOURS.get(track.looks, INK)
        labels.place(drawing, shown, track.label, 18.0, colour, 'font-weight="bold"', must=True)


def _label_times(drawing: Drawing, sheet: Sheet, track: MapTrack, labels: Labels) -> None:
    colour = COLOURS.get(track.looks, INK)
    points = sheet.line(track.points_enu_m)
    for index in _tick_indices(track.times_utc_ns):
        before, after = points[max(index - 1, 0)], points[min(index + 1, len(points) - 1)]
        along = math.hypot(after[0] - before[0], after[1] - before[1]) or 1.0
        across_x, across_y = -(after[1] - before[1]) / along * 6.0, (after[0] - before[0]) / along * 6.0
        x, y = points[index]
        drawing.line(
            [(x - across_x, y - across_y), (x + across_x, y + across_y)],
            f'stroke="{colour}" stroke-width="1.6"',
        )
        clock = iso_utc(track.times_utc_ns[index])[11:19]
        labels.place(drawing, (x + across_x, y + across_y), clock, 14.5, colour)


def _tick_indices(times_utc_ns: Sequence[int]) -> list[int]:
    """Return where along a track full steps of time fall: at most some seven of them."""
    if len(times_utc_ns) < 2:
        return []
    length_s = (times_utc_ns[-1] - times_utc_ns[0]) / NS_PER_S
    step_s = next((step for step in _TICK_STEPS_S if length_s / step <= _MOST_TICKS), 7_200)
    steps = [time_utc_ns // (step_s * NS_PER_S) for time_utc_ns in times_utc_ns]
    return [index for index in range(1, len(steps)) if steps[index] != steps[index - 1]]


def draw_assets(drawing: Drawing, sheet: Sheet, case: Case, labels: Labels) -> None:
    for asset in case.site.assets:
        centre = sheet.point(asset.position_enu_m[0], asset.position_enu_m[1])
        drawing.circle(
            centre,
            asset.warning_radius_m * sheet.units_per_m,
            f'fill="none" stroke="{INK}" stroke-width="0.9" stroke-dasharray="3 5"',
        )
        drawing.circle(
            centre,
            asset.breach_radius_m * sheet.units_per_m,
            f'fill="{INK}" fill-opacity="0.06" stroke="{INK}" stroke-width="1.4"',
        )
        x, y = centre
        drawing.rings([[(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)]], f'fill="{INK}"')
        labels.place(drawing, centre, asset.name, 18.0, INK, 'font-weight="bold"', must=True)


def draw_sensors(drawing: Drawing, sheet: Sheet, case: Case, labels: Labels) -> None:
    for health in case.sensors:
        x, y = sheet.point(health.sensor.position_enu_m[0], health.sensor.position_enu_m[1])
        if math.isnan(x):
            continue  # its place is withheld
        drawing.rings(
            [[(x, y - 6), (x + 5.5, y + 4), (x - 5.5, y + 4)]],
            f'fill="#ffffff" stroke="{INK}" stroke-width="1.4"',
        )
        labels.place(drawing, (x, y), health.sensor.name, 14.5, INK, 'font-style="italic"', must=True)


def draw_scale_and_north(drawing: Drawing, sheet: Sheet) -> None:
    widest_m = 0.25 * WIDTH / sheet.units_per_m
    length_m = max(
        (
            nice
            for power in range(6)
            for nice in (10**power, 2 * 10**power, 5 * 10**power)
            if nice <= widest_m
        ),
        default=1,
    )
    x, y, length = 24.0, sheet.height - 22.0, length_m * sheet.units_per_m
    drawing.rectangle(x - 10, y - 26, length + 70, 38, 'fill="#ffffff" fill-opacity="0.82" rx="3"')
    drawing.rectangle(x, y - 4, length / 2, 6, f'fill="{INK}"')
    drawing.rectangle(x, y - 4, length, 6, f'fill="none" stroke="{INK}" stroke-width="1"')
    says = f"{length_m // 1000} km" if length_m >= 1_000 else f"{length_m} m"
    drawing.text((x, y - 10), "0", 14.0, INK, anchor="middle")
    drawing.text((x + length, y - 10), says, 14.0, INK, anchor="middle")
    x, y = WIDTH - 32.0, 58.0
    drawing.circle((x, y - 14), 25.0, 'fill="#ffffff" fill-opacity="0.82"')
    drawing.rings([[(x, y - 30), (x + 7, y - 4), (x, y - 10), (x - 7, y - 4)]], f'fill="{INK}"')
    drawing.text((x, y + 8), "N", 15.0, INK, anchor="middle")


def _draw_legend(drawing: Drawing, sheet: Sheet, case: Case, left_out: int) -> None:
    top = sheet.height + 26.0
    looks = [name for name in COLOURS if any(track.looks == name for track in case.map.tracks)]
    x = 8.0
    for name in looks:
        dash = f' stroke-dasharray="{_DASHES[name]}"' if name in _DASHES else ""
        drawing.line([(x, top - 5), (x + 34, top - 5)], f'stroke="{COLOURS[name]}" stroke-width="2.4"{dash}')
        drawing.text((x + 42, top), f"track: {name}", 15.0, INK)
        x += 70.0 + 7.4 * len(f"track: {name}")
    drawing.circle((x + 8, top - 5), 4.0, f'fill="#ffffff" stroke="{INK}" stroke-width="2"')
    drawing.text((x + 20, top), "first seen", 15.0, INK)
    for rise in (5.0, -5.0):
        drawing.line(
            [(x + 104, top - 5 - rise), (x + 114, top - 5 + rise)], f'stroke="{INK}" stroke-width="2.4"'
        )
    drawing.text((x + 122, top), "last seen", 15.0, INK)
    top += 28.0
    drawing.circle((18, top - 5), 9.0, f'fill="{INK}" fill-opacity="0.06" stroke="{INK}" stroke-width="1.4"')
    drawing.text((34, top), "breach ring", 15.0, INK)
    drawing.circle(
        (142, top - 5), 9.0, f'fill="none" stroke="{INK}" stroke-width="0.9" stroke-dasharray="3 5"'
    )
    drawing.text((158, top), "warning ring", 15.0, INK)
    drawing.rectangle(
        262, top - 14, 26, 17, 'fill="none" stroke="#8a4b00" stroke-width="1.2" stroke-dasharray="7 4 1 4"'
    )
    drawing.text((296, top), "zone", 15.0, INK)
    drawing.rectangle(348, top - 14, 26, 17, 'fill="url(#falls)" stroke="#6a2c91" stroke-width="1"')
    drawing.text((382, top), "where pieces would fall (simulated)", 15.0, INK)
    drawing.rings([[(628, top - 11), (633.5, top - 1), (622.5, top - 1)]], f'fill="#fff" stroke="{INK}"')
    drawing.text((642, top), "sensor", 15.0, INK)
    drawing.text((704, top), "times are UTC", 15.0, INK)
    room = f"{left_out} names found no room here: the chapters have them all." if left_out else ""
    drawing.text((8, top + 26), printable(f"{case.map.credit} {room}".strip()), 12.5, "#5b6670")
