from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.sim.world.osm_tags import TALLEST_M, drawn_area, drawn_line, drawn_place, length_m


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("12", 12.0),
        ("12.5 m", 12.5),
        ("12,5", 12.5),
        ("40'", 12.192),
        ("100 ft", 30.48),
        ("tall", None),
        ("-3", None),
        ("", None),
        (None, None),
        ("9000", None),
        ("1e9", None),
        ("12;14", None),
    ],
)
def test_lengths(text: str | None, metres: float | None) -> None:
    assert length_m(text) == (None if metres is None else pytest.approx(metres))


def test_a_building_is_as_high_as_it_says_or_as_its_storeys() -> None:
    (by_height,) = drawn_area({"building": "yes", "height": "21", "min_height": "4"})
    assert by_height == ("buildings", {"height_m": 21.0, "min_height_m": 4.0, "kind": "block"})
    ((_, by_storeys),) = drawn_area({"building": "house", "building:levels": "2"})
    assert by_storeys == {"height_m": 7.4, "min_height_m": 0.0, "kind": "house"}
    ((_, by_default),) = drawn_area({"building": "yes", "height": "a lot"})
    assert by_default["height_m"] == 8.0


@pytest.mark.parametrize(
    ("tags", "drawn"),
    [
        (
            {"highway": "trunk", "name": "A1", "bridge": "yes"},
            ("roads", {"class": "motorway", "name": "A1", "bridge": 1}),
        ),
        ({"highway": "footway", "bridge": "no"}, ("roads", {"class": "path"})),
        ({"railway": "tram", "tunnel": "yes"}, ("roads", {"class": "rail", "tunnel": 1})),
        ({"natural": "coastline", "highway": "path"}, ("coastline", {})),
        ({"barrier": "city_wall"}, ("walls", {"kind": "fortress", "height_m": 8.0})),
    ],
)
def test_lines(tags: dict[str, str], drawn: tuple[str, dict[str, object]]) -> None:
    assert drawn_line(tags) == [drawn]


def test_areas_and_places() -> None:
    assert drawn_area({"natural": "water", "water": "river"}) == [("water", {"kind": "river"})]
    assert drawn_area({"leisure": "park", "name": "Green"}) == [("parks", {"kind": "park", "name": "Green"})]
    assert drawn_area({"landuse": "unheard-of"}) == []
    assert drawn_line({"highway": "pedestrian", "area": "yes"}) == []
    assert drawn_place({"amenity": "police"}) == []
    assert drawn_place({"amenity": "police", "name": "P"}) == [
        ("places", {"name": "P", "kind": "police", "rank": 4})
    ]


keys = st.sampled_from(
    ["building", "height", "min_height", "building:levels", "highway", "natural", "name", "water"]
)


@given(st.dictionaries(keys, st.text(max_size=8)))
def test_whatever_was_typed_no_building_is_impossible(tags: dict[str, str]) -> None:
    for layer, properties in drawn_area(tags):
        if layer == "buildings":
            assert 0.0 <= float(properties["min_height_m"]) <= float(properties["height_m"]) <= TALLEST_M * 4
    drawn_line(tags)
    drawn_place(tags)
