"""The map: well formed, the same every time, with everything on it where it belongs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import msgspec

from sample_case import SAMPLE
from skykeep.base.clock import NS_PER_S
from skykeep.evidence.map_figure import _tick_indices, map_svg
from skykeep.evidence.svg import escape, number

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
