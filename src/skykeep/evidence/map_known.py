"""The picture as it was known at a moment: where each track was taken to be, how it stood, where it was
heading.
"""

from __future__ import annotations

import math

from skykeep.evidence.case import Case, KnownThen, KnownTrack
from skykeep.evidence.map_figure import (
    COLOURS,
    INK,
    WIDTH,
    Sheet,
    draw_assets,
    draw_ground,
    draw_scale_and_north,
    draw_zones,
    keep_frame_clear,
)
from skykeep.evidence.map_labels import Labels
from skykeep.evidence.svg import Drawing

_SYMBOL = 9.0


def known_svg(case: Case, known: KnownThen) -> str:
    """Return the figure as SVG text, the same for the same case and moment."""
    sheet = Sheet(case.map)
    drawing = Drawing(WIDTH, sheet.height)
    labels = Labels(WIDTH, sheet.height)
    drawing.rectangle(0, 0, WIDTH, sheet.height, 'fill="#f7f4ec"')
    clip = f"then-{known.at_utc_ns}"
    drawing.begin_clip(clip, 0, 0, WIDTH, sheet.height)
    draw_ground(drawing, sheet, case.map)
    draw_zones(drawing, sheet, case)
    keep_frame_clear(sheet, labels)
    shown = [track for track in known.tracks if sheet.shows(sheet.point(*track.position_enu_m))]
    for track in shown:
        labels.keep_clear(sheet.point(*track.position_enu_m), _SYMBOL)
    draw_assets(drawing, sheet, case, labels)
    # The most urgent is drawn last and named first.
    urgent_last = sorted(shown, key=lambda track: (track.priority or 0.0, -track.track_id))
    for track in urgent_last:
        _draw(drawing, sheet, track)
    for track in reversed(urgent_last):
        _label(drawing, sheet, track, labels)
    drawing.end_group()
    draw_scale_and_north(drawing, sheet)
    frame = f'fill="none" stroke="{INK}" stroke-width="1.2"'
    drawing.rectangle(0.5, 0.5, WIDTH - 1, sheet.height - 1, frame)
    return drawing.to_svg()


def _draw(drawing: Drawing, sheet: Sheet, track: KnownTrack) -> None:
    """Shapes differ as well as colours: hostile and suspect stand on a corner, the rest are round."""
    colour = COLOURS.get(track.looks, INK)
    x, y = sheet.point(*track.position_enu_m)
    style = f'fill="#ffffff" stroke="{colour}" stroke-width="2.6"'
    if track.looks in ("hostile", "suspect"):
        corners = [(x, y - _SYMBOL), (x + _SYMBOL, y), (x, y + _SYMBOL), (x - _SYMBOL, y)]
        drawing.rings([corners], style)
    else:
        drawing.circle((x, y), 0.7 * _SYMBOL, style)


def _label(drawing: Drawing, sheet: Sheet, track: KnownTrack, labels: Labels) -> None:
    at = sheet.point(*track.position_enu_m)
    says = f"{track.track_id}: {track.target_class.replace('_', ' ')}"
    if track.breach is not None and math.isfinite(track.breach.mid_s):
        says += f", {track.breach.mid_s:.0f} s"
    extra = 'font-weight="bold"' if track.looks in ("hostile", "suspect") else ""
    urgent = bool(extra) or track.priority is not None
    labels.place(drawing, at, says, 24.0, COLOURS.get(track.looks, INK), extra, must=urgent)
