"""Whatever a zone says comes back from every format that we write: the format says it, or we carry it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_zones import instants_ns, national_list, texts, words, zones
from skykeep.domain.zone import Circle, Gravity, Polygon, Text, Volume, Zone, ZoneList
from skykeep.wire.zone_files import WRITERS, format_of, read_zones, write_zones
from zone_shapes import check_ed269, check_ed318

FORMATS = sorted(WRITERS)
LIST_FIELDS = ("title", "provider", "issued_utc_ns", "valid_from_utc_ns", "valid_to_utc_ns", "extra")

lists = st.builds(
    ZoneList,
    format=st.just("made"),
    zones=st.lists(zones(), max_size=4).map(tuple),
    title=texts,
    provider=texts,
    issued_utc_ns=instants_ns,
    valid_from_utc_ns=instants_ns,
    valid_to_utc_ns=instants_ns,
    extra=st.sampled_from(((), (("metadata.otherGeoid", '"LN02"'),), (("warnings", '["a","b"]'),))),
)


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=60)
@given(listed=lists)
def test_a_list_comes_back_as_it_went_out(format: str, listed: ZoneList) -> None:
    data, _ = write_zones(listed, format)
    back = read_zones(data, "", format)
    assert back.zones == listed.zones
    assert [getattr(back, field) for field in LIST_FIELDS] == [
        getattr(listed, field) for field in LIST_FIELDS
    ]
    assert back.left_out == ()
    assert all(one.gravity is not Gravity.LEFT_OUT for one in back.deviations)


@pytest.mark.parametrize("format", FORMATS)
def test_a_national_file_comes_back_and_its_format_is_known_by_content(format: str) -> None:
    listed = national_list(150, seed=7)
    data, _ = write_zones(listed, format)
    assert format_of(data) == format
    back = read_zones(data, "made")
    assert back.zones == tuple(msgspec.structs.replace(zone, source="made") for zone in listed.zones)


@pytest.mark.parametrize("format", ["ed269", "ed318"])
def test_what_a_national_file_says_needs_no_word_of_ours(format: str) -> None:
    """Its zones are such as the standards were made for: what others read in it is the same."""
    _, deviations = write_zones(national_list(300, seed=3), format)
    assert deviations == ()


@settings(deadline=None, max_examples=60)
@given(listed=lists)
def test_ed318_documents_have_the_shape_of_the_standard(listed: ZoneList) -> None:
    check_ed318(json.loads(write_zones(listed, "ed318")[0]))


@settings(deadline=None, max_examples=60)
@given(listed=lists)
def test_ed269_documents_have_the_shape_of_the_standard(listed: ZoneList) -> None:
    check_ed269(json.loads(write_zones(listed, "ed269")[0]))


def _simple(zone_id: str, name: str = "Harbour") -> Zone:
    base = national_list(1).zones[0]
    return msgspec.structs.replace(base, zone_id=zone_id, name=name)


def test_long_identifiers_become_short_ones_that_differ_and_come_back() -> None:
    listed = ZoneList(
        format="made", zones=tuple(_simple(f"RESTRICTED-HARBOUR-{number}") for number in range(300))
    )
    data, deviations = write_zones(listed, "ed318")
    short = [feature["properties"]["identifier"] for feature in json.loads(data)["features"]]
    assert len(set(short)) == 300
    assert all(len(one) == 7 and one.startswith("RE") for one in short)
    assert {one.field for one in deviations} == {"zone_id"}
    assert deviations[0].found == "RESTRICTED-HARBOUR-0"
    assert short[0] in deviations[0].done
    assert [zone.zone_id for zone in read_zones(data, "").zones] == [zone.zone_id for zone in listed.zones]
    assert write_zones(listed, "ed318")[0] == data


def test_a_short_identifier_never_takes_the_name_of_another_zone() -> None:
    long = "RESTRICTED-HARBOUR-0"
    alone = json.loads(write_zones(ZoneList(format="", zones=(_simple(long),)), "ed318")[0])
    taken = alone["features"][0]["properties"]["identifier"]
    both = ZoneList(format="", zones=(_simple(long), _simple(taken)))
    short = [f["properties"]["identifier"] for f in json.loads(write_zones(both, "ed318")[0])["features"]]
    assert short[1] == taken
    assert short[0] != taken


def test_texts_too_long_are_cut_for_others_and_whole_for_us() -> None:
    zone = msgspec.structs.replace(_simple("A1"), message=(Text(text="never " * 100, language="en-GB"),))
    data, deviations = write_zones(ZoneList(format="", zones=(zone,)), "ed318")
    (message,) = json.loads(data)["features"][0]["properties"]["message"]
    assert len(message["text"]) == 200
    assert message["text"].endswith("\u2026")
    assert message["lang"] == "en-GB"
    assert [one.field for one in deviations] == ["message"]
    assert read_zones(data, "").zones[0].message == zone.message


def _edited(format: str, change: Any) -> Zone:
    zone = _simple("RESTRICTED-HARBOUR-0")
    document = json.loads(write_zones(ZoneList(format="", zones=(zone,)), format)[0])
    change(document["features"][0])
    (back,) = read_zones(json.dumps(document).encode(), "").zones
    return back


def test_who_edits_an_identifier_by_hand_is_believed_before_what_we_carried() -> None:
    def rename(feature: Any) -> None:
        feature["properties"]["identifier"] = "NEW"

    assert _edited("ed318", rename).zone_id == "NEW"


def test_a_zone_that_json_cannot_hold_is_named_and_not_written() -> None:
    bad = msgspec.structs.replace(
        _simple("BAD"),
        volumes=(Volume(outline=Circle(longitude_deg=0.0, latitude_deg=0.0, radius_m=float("nan"))),),
    )
    none = msgspec.structs.replace(_simple("NONE"), volumes=())
    for format in FORMATS:
        data, deviations = write_zones(ZoneList(format="", zones=(bad, _simple("GOOD"), none)), format)
        assert [zone.zone_id for zone in read_zones(data, "").zones] == ["GOOD"]
        assert [(one.zone_id, one.gravity) for one in deviations if one.zone_id != "GOOD"] == [
            ("BAD", Gravity.LEFT_OUT),
            ("NONE", Gravity.LEFT_OUT),
        ]


@pytest.mark.parametrize("format", FORMATS)
def test_two_zones_of_one_identifier_stay_two(format: str) -> None:
    twins = (_simple("TWIN"), _simple("TWIN"), _simple("TWIN", "Another"))
    back = read_zones(write_zones(ZoneList(format="", zones=twins), format)[0], "")
    assert back.zones == twins
    assert [one.found for one in back.deviations if one.field == "identifier"] == ["3 zones"]


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_list_comes_back_empty(format: str) -> None:
    data, deviations = write_zones(ZoneList(format="", zones=()), format)
    assert read_zones(data, "").zones == ()
    assert deviations == ()


@pytest.mark.parametrize("format", FORMATS)
def test_what_the_list_left_out_is_said_when_it_is_written_again(format: str) -> None:
    listed = ZoneList(format="", zones=(), left_out=(("#4 geometry", "null"),))
    _, (deviation,) = write_zones(listed, format)
    assert deviation.zone_id == "#4 geometry"
    assert deviation.gravity is Gravity.LEFT_OUT


@settings(deadline=None, max_examples=100)
@given(name=words, closes=st.booleans())
def test_a_ring_written_closed_or_open_is_the_same_zone(name: str, closes: bool) -> None:
    ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    zone = msgspec.structs.replace(
        _simple("A1", name),
        volumes=(Volume(outline=Polygon(rings=((*ring, ring[0]) if closes else ring,))),),
    )
    for format in FORMATS:
        (back,) = read_zones(write_zones(ZoneList(format="", zones=(zone,)), format)[0], "").zones
        assert back.volumes == (Volume(outline=Polygon(rings=(ring,))),)
        assert back.name == name
