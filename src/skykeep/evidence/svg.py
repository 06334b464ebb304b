"""A small SVG writer: the few shapes a map needs, numbers to a tenth, the same bytes every time.

Coordinates are in the drawing's own units, x to the right and y *down*. Text is escaped here only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Point = tuple[float, float]


class Drawing:
    """Shapes in the order they are drawn, the later on top of the earlier."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []
        self._definitions: list[str] = []

    def __len__(self) -> int:
        """Return how many shapes were drawn so far."""
        return len(self._parts)

    def line_at(self, place: int, points: Sequence[Point], colour: str) -> None:
        """Draw a thin line beneath the shapes from number `place` on."""
        self._parts.insert(
            place, f'<path d="{_path(points)}" fill="none" stroke="{colour}" stroke-width="0.8"/>'
        )

    def define(self, text: str) -> None:
        """Add something to `<defs>`: a pattern or a clip path, written by us and never from outside."""
        self._definitions.append(text)

    def begin_clip(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Show only what falls into a rectangle, until `end_group`."""
        self.define(f'<clipPath id="{name}"><rect {_box(x, y, width, height)}/></clipPath>')
        self._parts.append(f'<g clip-path="url(#{name})">')

    def end_group(self) -> None:
        """End what `begin_clip` began."""
        self._parts.append("</g>")

    def rectangle(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """Draw a rectangle; `style` is SVG attributes, ours."""
        self._parts.append(f"<rect {_box(x, y, width, height)} {style}/>")

    def circle(self, centre: Point, radius: float, style: str) -> None:
        """Draw a circle."""
        self._parts.append(
            f'<circle cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}" {style}/>'
        )

    def line(self, points: Sequence[Point], style: str) -> None:
        """Draw a line through points."""
        if len(points) >= 2:
            self._parts.append(f'<path d="{_path(points)}" fill="none" {style}/>')

    def rings(self, rings: Iterable[Sequence[Point]], style: str) -> None:
        """Fill rings; one inside another is a hole."""
        path = "".join(f"{_path(ring)}Z" for ring in rings if len(ring) >= 3)
        if path:
            self._parts.append(f'<path d="{path}" fill-rule="evenodd" {style}/>')

    def text(
        self, at: Point, words: str, size: float, colour: str, *, anchor: str = "start", extra: str = ""
    ) -> None:
        """Write words over whatever is there, with a pale rim to keep them legible."""
        self._parts.append(
            f'<text x="{number(at[0])}" y="{number(at[1])}" font-size="{number(size)}" fill="{colour}" '
            f'text-anchor="{anchor}" stroke="#ffffff" stroke-width="{number(size * 0.22)}" '
            f'stroke-linejoin="round" paint-order="stroke" {extra}>{escape(words)}</text>'
        )

    def to_svg(self) -> str:
        """Return the whole document."""
        definitions = f"<defs>{''.join(self._definitions)}</defs>" if self._definitions else ""
        box = f"0 0 {number(self.width)} {number(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
            f'font-family="Libertinus Serif, Noto Naskh Arabic, serif">'
            f"{definitions}{''.join(self._parts)}</svg>"
        )


def number(value: float) -> str:
    """Return a coordinate to a tenth, without a minus before zero."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") and text != "-0.0" else text.replace("-0.0", "0")


def escape(text: str) -> str:
    """Return text that cannot be taken for markup."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text


def _box(x: float, y: float, width: float, height: float) -> str:
    return f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'


def _path(points: Sequence[Point]) -> str:
    pieces: list[str] = []
    for x, y in points:
        piece = f"{number(x)} {number(y)}"
        # Many corners of a coast fall on the same tenth: one of them is enough.
        if not pieces or pieces[-1] != piece:
            pieces.append(piece)
    return "M" + "L".join(pieces)
