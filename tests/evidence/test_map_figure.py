"""The map: well formed, the same every time, with everything on it where it belongs."""

from __future__ import annotations

import itertools
import math
import re
from xml.etree import ElementTree

import msgspec

from sample_case import SAMPLE
from skykeep.base.clock import NS_PER_S
from skykeep.evidence.map_figure import _tick_indices, map_svg
from skykeep.evidence.map_labels import Labels
from skykeep.evidence.svg import Drawing, escape, number

SVG = "{http://www.w3.org/2000/svg}"


def test_the_map_is_xml_and_shows_every_name() -> None:
    drawing = ElementTree.fromstring(map_svg(SAMPLE))

    words = [text.text for text in drawing.iter(f"{SVG}text")]
    assert {"Residence", "Intruder 1", "Harbour <survey>", "Hill radar", "N", "1 km"} <= set(words)


def test_the_asset_stands_in_the_middle_of_a_middle_extent() -> None:
    drawing = ElementTree.fromstring(map_svg(SAMPLE))

    # 6,000 m are 1,000 units: the breach ring of 200 m has a radius of 33.3, and the origin is at 500.
    rings = [c for c in drawing.iter(f"{SVG}circle") if c.get("r") == "33.3"]
    assert [(c.get("cx"), c.get("cy")) for c in rings] == [("500", "433.3")]


def test_the_same_case_gives_the_same_map() -> None:
    assert map_svg(SAMPLE) == map_svg(msgspec.structs.replace(SAMPLE))


def test_labels_do_not_cover_each_other() -> None:
    boxes = []
    for x, y, size in re.findall(r'<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)"', map_svg(SAMPLE)):
        boxes.append((float(x), float(y), float(size)))
    clocks = [box for box in boxes if box[2] == 14.5]

    assert len(clocks) >= 8
    for index, (x, y, size) in enumerate(clocks):
        for other_x, other_y, _ in clocks[index + 1 :]:
            assert abs(x - other_x) > 3 * size or abs(y - other_y) > 0.9 * size


def test_ticks_fall_on_full_steps_and_stay_few() -> None:
    times = [k * NS_PER_S for k in range(3, 200)]

    assert [times[i] // NS_PER_S for i in _tick_indices(times)] == [30, 60, 90, 120, 150, 180]
    assert _tick_indices(times[:1]) == []


def test_numbers_and_text_are_safe() -> None:
    assert (number(-0.01), number(2.0), number(1.25)) == ("0", "2", "1.2")
    assert escape('<a href="x">&') == "&lt;a href=&quot;x&quot;&gt;&amp;"


# --- names --------------------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]


def boxes(drawing: Drawing) -> dict[str, Box]:
    """Where each name stands, as wide as its letters are at the least."""
    found = {}
    for text in ElementTree.fromstring(drawing.to_svg()).iter(f"{SVG}text"):
        size, x, y = (float(text.get(name) or 0) for name in ("font-size", "x", "y"))
        width = 0.4 * size * len(text.text or "")
        left = x - width if text.get("text-anchor") == "end" else x
        found[text.text or ""] = (left, y - 0.7 * size, left + width, y)
    return found


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_names_of_things_in_one_place_stand_apart_each_at_its_own_line() -> None:
    drawing, labels = Drawing(1000, 1000), Labels(1000, 1000)
    names = [f"Sensor number {k}" for k in range(20)]
    for name in names:
        labels.place(drawing, (500.0, 500.0), name, 15.0, "#000", must=True)

    placed = boxes(drawing)
    assert list(placed) == names
    for one, other in itertools.combinations(placed.values(), 2):
        assert apart(one, other)
    # Eight find room beside it; each of the rest is led to.
    assert drawing.to_svg().count('stroke-width="0.8"') >= 12
    assert labels.left_out == 0


def test_a_name_covers_no_line_and_one_without_room_is_counted() -> None:
    drawing, labels = Drawing(200, 60), Labels(200, 60)
    labels.keep_line_clear([(100.0, 30.0), (180.0, 30.0)])
    labels.place(drawing, (100.0, 30.0), "left of it", 15.0, "#000")
    assert boxes(drawing)["left of it"][2] < 100.0
    labels.place(
        drawing, (100.0, 30.0), "far too long for a map of two hundred units", 15.0, "#000", must=True
    )
    labels.place(drawing, (300.0, 30.0), "off the map", 15.0, "#000", must=True)
    labels.place(drawing, (math.nan, math.nan), "withheld", 15.0, "#000", must=True)

    assert list(boxes(drawing)) == ["left of it"]
    assert labels.left_out == 1
