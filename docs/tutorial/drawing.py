"""The tutorial's pictures: small charts as SVG, legible on light and dark paper, the same bytes each time.

A chart has its own paper, so that it can stand on any page; its colours follow what the reader's system asks
for. What is drawn differs in shape and dash too, for those who do not see the colours apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Literal

import numpy as np

from skykeep.base.compile import FloatArray

Colour = Literal["ink", "grey", "blue", "orange", "green"]
Points = Sequence[float] | FloatArray

PICTURES = Path(__file__).parent / "pictures"
folder = PICTURES
"""Where charts are saved; the test that draws them again points it elsewhere."""

_WIDTH, _HEIGHT = 720.0, 440.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 74.0, 20.0, 46.0, 56.0
_LEGEND_LINE = 18.0
_PAPER = ("#fbfbfa", "#fbfbfa", "#d9dde2"), ("#14181d", "#14181d", "#343b44")
"""Behind words, behind all, and the grid's; light and dark."""
_LIGHT = {"ink": "#1b1f24", "grey": "#6a7280", "blue": "#0b5fa5", "orange": "#b85300", "green": "#00745a"}
_DARK = {"ink": "#e8ecf1", "grey": "#98a2b0", "blue": "#78bcff", "orange": "#ffab5c", "green": "#55d0ac"}
_STYLE = """<style>
text{font:13px "DejaVu Sans",Verdana,sans-serif}.title{font-size:15px;font-weight:bold}
.over{paint-order:stroke;stroke-width:5px;stroke-linejoin:round}.over{stroke:%s}
.paper{fill:%s}.grid{stroke:%s;stroke-width:1}.no{fill:none}%s
@media (prefers-color-scheme:dark){.over{stroke:%s}.paper{fill:%s}.grid{stroke:%s}%s}
</style>"""


def _colours(of: dict[str, str]) -> str:
    return "".join(f".{name}{{stroke:{c}}}.{name}-f{{fill:{c}}}" for name, c in of.items())


def _words(place: str, words: str, anchor: str = "middle", colour: Colour = "ink") -> str:
    return f'<text class="{colour}-f" {place} text-anchor="{anchor}">{escape(words)}</text>'


def _ticks(low: float, high: float, wanted: int) -> list[float]:
    """Return round numbers from `low` to `high`, about `wanted` of them."""
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1.0, 2.0, 5.0, 10.0) if power * k >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


class Chart:
    """One chart; `x` and `y` name the axes with their units. `equal` gives both axes one scale, as a map has.

    `x_range` and `y_range` bound what is shown; `log_y` counts in powers of ten.
    """

    def __init__(
        self,
        title: str,
        *,
        x: str,
        y: str,
        x_range: tuple[float, float],
        y_range: tuple[float, float],
        equal: bool = False,
        log_y: bool = False,
    ) -> None:
        self._title, self._names, self._log_y = title, (x, y), log_y
        self._x_range = x_range
        self._y_range = (math.log10(y_range[0]), math.log10(y_range[1])) if log_y else y_range
        self._height = _HEIGHT
        if equal:
            wide_m, high_m = x_range[1] - x_range[0], y_range[1] - y_range[0]
            self._height = (_WIDTH - _LEFT - _RIGHT) * high_m / wide_m + _TOP + _BOTTOM
        self._drawn: list[str] = []
        self._over: list[str] = []
        self._legend: list[tuple[str, str]] = []

    def dots(
        self, xs: Points, ys: Points, name: str = "", *, colour: Colour = "grey", radius: float = 2.5
    ) -> None:
        """Draw a small disc at each point."""
        for a, b in self._places(xs, ys):
            self._drawn.append(f'<circle class="{colour}-f" cx="{a:.1f}" cy="{b:.1f}" r="{radius:g}"/>')
        self._name(name, f'<circle class="{colour}-f" cx="11" cy="-4" r="{max(radius, 2.5):g}"/>')

    def crosses(self, xs: Points, ys: Points, name: str = "", *, colour: Colour = "ink") -> None:
        """Draw an upright cross at each point."""
        for a, b in self._places(xs, ys):
            way = f"M{a - 5:.1f} {b:.1f}h10M{a:.1f} {b - 5:.1f}v10"
            self._drawn.append(f'<path class="{colour}" stroke-width="2" d="{way}"/>')
        self._name(name, f'<path class="{colour}" stroke-width="2" d="M6 -4h10M11 -9v10"/>')

    def line(
        self,
        xs: Points,
        ys: Points,
        name: str = "",
        *,
        colour: Colour = "blue",
        dash: str = "",
        wide: float = 2,
    ) -> None:
        """Join the points; NaN breaks the line. `dash` is as in SVG, "6 4" for example."""
        style = f'class="no {colour}" stroke-width="{wide:g}"' + (
            f' stroke-dasharray="{dash}"' if dash else ""
        )
        places, path, pen_up = self._places(xs, ys, keep_gaps=True), "", True
        for a, b in places:
            if math.isnan(a + b):
                pen_up = True
                continue
            path += f"{'M' if pen_up else 'L'}{a:.1f} {b:.1f}"
            pen_up = False
        self._drawn.append(f'<path {style} d="{path}"/>')
        self._name(name, f'<path {style} d="M0 -4h22"/>')

    def band(self, xs: Points, low: Points, high: Points, name: str = "", *, colour: Colour = "blue") -> None:
        """Fill what lies between two lines."""
        there = [*self._places(xs, low), *reversed(self._places(xs, high))]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in there)
        self._drawn.append(f'<path class="{colour}-f" fill-opacity="0.22" d="M{path}Z"/>')
        self._name(name, f'<rect class="{colour}-f" fill-opacity="0.3" y="-10" width="22" height="12"/>')

    def ellipse(
        self,
        centre: Points,
        covariance: FloatArray,
        name: str = "",
        *,
        colour: Colour = "blue",
        dash: str = "",
        sigmas: float = 2.0,
    ) -> None:
        """Draw where a Gaussian's squared distance is `sigmas` squared, from its centre and (2, 2) matrix."""
        angle = np.linspace(0.0, 2 * np.pi, 73)
        round_ = np.linalg.cholesky(covariance) @ np.vstack([np.cos(angle), np.sin(angle)]) * sigmas
        self.line(centre[0] + round_[0], centre[1] + round_[1], name, colour=colour, dash=dash)

    def note(self, x: float, y: float, words: str, *, colour: Colour = "ink", anchor: str = "start") -> None:
        """Write words at a place of the chart, over all else."""
        ((a, b),) = self._places([x], [y])
        self._over.append(_words(f'x="{a:.1f}" y="{b:.1f}"', words, anchor, colour))

    def save(self, name: str) -> None:
        """Write the chart to `pictures/NAME.svg`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.svg").write_text(self._svg(), encoding="utf-8", newline="\n")

    def _name(self, name: str, sample: str) -> None:
        if name:
            self._legend.append((name, sample))

    def _places(self, xs: Points, ys: Points, keep_gaps: bool = False) -> list[tuple[float, float]]:
        (x0, x1), (y0, y1) = self._x_range, self._y_range
        with np.errstate(invalid="ignore"):
            y = np.log10(np.asarray(ys, dtype=float)) if self._log_y else np.asarray(ys, dtype=float)
        a = _LEFT + (np.asarray(xs, dtype=float) - x0) / (x1 - x0) * (_WIDTH - _LEFT - _RIGHT)
        b = self._height - _BOTTOM - (y - y0) / (y1 - y0) * (self._height - _TOP - _BOTTOM)
        there = zip(a.tolist(), b.tolist(), strict=True)
        return [(p, q) for p, q in there if keep_gaps or not math.isnan(p + q)]

    def _axes(self) -> list[str]:
        out, floor, right = [], self._height - _BOTTOM, _WIDTH - _RIGHT
        for value in _ticks(*self._x_range, 8):
            ((a, _),) = self._places([value], [10.0 ** self._y_range[0] if self._log_y else self._y_range[0]])
            out.append(f'<path class="grid" d="M{a:.1f} {_TOP:.1f}V{floor:.1f}"/>')
            out.append(_words(f'x="{a:.1f}" y="{floor + 19:.1f}"', f"{value:g}"))
        levels = _ticks(*self._y_range, max(3, round((floor - _TOP) / 60)))
        for value in [10.0 ** round(v) for v in levels if v == round(v)] if self._log_y else levels:
            ((_, b),) = self._places([self._x_range[0]], [value])
            out.append(f'<path class="grid" d="M{_LEFT:.1f} {b:.1f}H{right:.1f}"/>')
            out.append(_words(f'x="{_LEFT - 8:.1f}" y="{b + 4.5:.1f}"', f"{value:g}", "end"))
        turned = f'transform="translate(20 {(_TOP + floor) / 2:.1f})rotate(-90)"'
        out.append(_words(f'x="{(_LEFT + right) / 2:.1f}" y="{floor + 43:.1f}"', self._names[0]))
        out.append(_words(turned, self._names[1]))
        return out

    def _svg(self) -> str:
        box = f'x="{_LEFT:g}" y="{_TOP:g}" width="{_WIDTH - _LEFT - _RIGHT:g}"'
        box += f' height="{self._height - _TOP - _BOTTOM:.1f}"'
        below = _LEGEND_LINE * math.ceil(len(self._legend) / 2)
        high = self._height + below + (14.0 if below else 0.0)
        style = _STYLE % (*_PAPER[0], _colours(_LIGHT), *_PAPER[1], _colours(_DARK))
        legend = []
        for k, (name, sample) in enumerate(self._legend):
            a, b = _LEFT + (k % 2) * 310.0, self._height + _LEGEND_LINE * (k // 2) + 10.0
            words = f'<text class="ink-f" x="30">{escape(name)}</text>'
            legend.append(f'<g transform="translate({a:.1f} {b:.1f})">{sample}{words}</g>')
        size = f'viewBox="0 0 {_WIDTH:g} {high:.1f}" width="{_WIDTH:g}" height="{high:.1f}"'
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{escape(self._title)}</title>",
            style,
            f'<clipPath id="box"><rect {box}/></clipPath>',
            '<rect class="paper" width="100%" height="100%" rx="6"/>',
            f'<text class="title ink-f" x="{_LEFT:g}" y="28">{escape(self._title)}</text>',
            *self._axes(),
            '<g clip-path="url(#box)">',
            *self._drawn,
            "</g>",
            f'<rect class="no grey" {box}/>',
            '<g class="over">',
            *self._over,
            "</g>",
            *legend,
            "</svg>",
        ]
        return "\n".join(parts) + "\n"
