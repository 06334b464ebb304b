"""Which format it is; that nothing makes the reader crash; and every file of the data folder."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from made_zones import national_list
from mutations import documents_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.zone import Gravity, ZoneList
from skykeep.wire.zone_files import READERS, WRITERS, format_of, read_zones, write_zones

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, "", "x", "\ud7ff\x00", [], {}, [[]], [None], {"a": []}, [1, 2], "99999", "NaN",
    10**40, "\ud800", "2026-13-45T99:99:99Z", {"type": "Polygon"}, [[[1, 2]]], [{"text": 5}], -0.0, 95, "YES",
)  # fmt: skip


def made(format: str, count: int = 3) -> bytes:
    return write_zones(national_list(count, seed=5), format)[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n ",
        b"\x00\x01\x02",
        b"{",
        b"[",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"<a>" * 100_000,
        b"null",
        b"7",
        b'"text"',
        b'{"type":"Topology"}',
        b"\xff\xfe{\x00}",
        b"\xef\xbb\xbf",
        b"<?xml version='1.0'?>",
        b"PK\x03\x04",
    ],
)
def test_what_is_no_file_of_zones_is_refused_with_what_it_was(data: bytes) -> None:
    with pytest.raises(DecodeError) as refused:
        read_zones(data, "made")
    assert refused.value.found


def test_long_preambles_and_runs_of_blanks_do_not_hold_the_reader_up() -> None:
    for data in (b"<!--" * 16_000, b"<?" * 30_000, b"<!-- a -->" * 6_000, b" " * 1_000_000 + b"<"):
        with pytest.raises(DecodeError):
            read_zones(data, "made")
    blanks = b"<kml><Placemark><Polygon><outerBoundaryIs><coordinates>" + b" " * 1_000_000
    with pytest.raises(DecodeError):
        read_zones(blanks, "made")
    whole = blanks + b"</coordinates></outerBoundaryIs></Polygon></Placemark></kml>"
    assert len(read_zones(whole, "made").left_out) == 2


def test_the_root_is_found_behind_declaration_and_comments() -> None:
    head = b"<?xml version='1.0'?>\n<!-- made -->\n<?style a?>  <k:kml xmlns:k='http://www.opengis.net/kml/2.2'/>"
    assert format_of(head) == "kml"


def test_a_collection_whose_features_are_zones_of_ed269_is_ed269() -> None:
    document = json.loads(made("ed269")) | {"type": "FeatureCollection"}
    assert read_zones(json.dumps(document).encode(), "made").format == "ed269"


def test_a_refusal_names_what_was_found_and_what_can_be_read() -> None:
    with pytest.raises(DecodeError, match=r"JSON with oranges, must be one of .*ED-318.*KML"):
        read_zones(b'{"oranges": 1}', "made")
    with pytest.raises(InputError, match=r"shapefile.*ed269"):
        read_zones(b"{}", "made", "shapefile")
    with pytest.raises(InputError, match=r"shapefile.*kml"):
        write_zones(national_list(1), "shapefile")


def test_json_that_is_nearly_json_is_read_and_named() -> None:
    text = made("ed269").decode()
    nan = text.replace('"features"', '"scale":NaN,"features"')
    listed = read_zones(nan.encode(), "made")
    assert len(listed.zones) == 3
    assert [said.field for said in listed.deviations] == ["file"]
    latin = text.replace("Zones of", "Zon\u00e9s of").encode("cp1252")
    listed = read_zones(latin, "made")
    assert listed.title[0].text.startswith("Zon\u00e9s")
    assert listed.deviations[0].done == "read as Windows-1252"
    wide = "\ufeff" + text
    assert len(read_zones(wide.encode("utf-16-le"), "made").zones) == 3


def _odd_members(document: Any, dice: random.Random) -> Any:
    """Return a document with some of its members put to what no schema allows, or lost."""
    if isinstance(document, dict):
        out = {}
        for key, value in document.items():
            roll = dice.random()
            if roll < 0.01:
                continue
            out[key] = dice.choice(ODD) if roll < 0.05 else _odd_members(value, dice)
        return out
    if isinstance(document, list):
        return [dice.choice(ODD) if dice.random() < 0.01 else _odd_members(one, dice) for one in document]
    return document


def _survives(data: bytes) -> ZoneList | None:
    try:
        listed = read_zones(data, "made")
    except DecodeError:
        return None
    for said in listed.deviations:
        assert said.must
        assert said.done
        assert len(said.found) <= 161
    return listed


def _small(format: str) -> bytes:
    """Return a file of small zones: circles and blocks, quick to read."""
    whole = national_list(60, seed=11)
    few = [zone for zone in whole.zones if len(str(zone.volumes)) < 1_500][:3]
    return write_zones(ZoneList(format="made", zones=tuple(few), title=whole.title), format)[0]


@pytest.mark.parametrize("format", ["ed269", "ed318", "geojson"])
def test_members_of_any_kind_anywhere_are_read_or_refused(format: str) -> None:
    dice = random.Random(5)
    document = json.loads(_small(format))
    outcomes = {"read": 0, "refused": 0, "left out": 0}
    for _ in range(documents_to_try() // 6):
        listed = _survives(json.dumps(_odd_members(document, dice)).encode())
        outcomes["refused" if listed is None else "read"] += 1
        outcomes["left out"] += 0 if listed is None else len(listed.left_out)
        if listed is not None:
            for written in WRITERS if dice.random() < 0.01 else ():
                write_zones(listed, written)
    assert min(outcomes.values()) > 0


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_damaged_octets_are_read_or_refused(format: str) -> None:
    for data in mutated([_small(format)], documents_to_try() // 8, seed=8):
        _survives(data)


FILES = {
    "ed318/examples/Example_Collection.json": ("ed318", 2, 0),
    "ed318/examples/Example_GeoZone_2_Layers.json": ("ed318", 1, 0),
    "ed318/examples/Example_GeoZone_Circle.json": ("ed318", 1, 0),
    "ed318/examples/Example_GeoZone_with_extension.json": ("ed318", 1, 0),
    "ed318/examples/InvalidExample_GeoZone_2_Layers.json": ("ed318", 1, 0),
    "ed318/examples/PartialExample_featureGeoJSON.json": ("ed318", 1, 0),
    "fi_traficom_20260817.geojson": ("geojson", 723, 0),
    "lu_dac_20260817.geojson": ("geojson", 47, 0),
    "nl_ienw_20260817.geojson": ("geojson", 774, 0),
    "interuss/cis_source_sample_ed269.json": ("ed269", 1, 0),
    "interuss/cis_source_sample_ed318.json": ("ed318", 3, 0),
    "interuss/eurocontrol_swim_uas_zones.json": ("ed269", 3, 0),
    "interuss/test_eurocae_ed269.json": ("ed269", 6, 0),
    "shape_samples/dronezoner-dk.json": ("geojson", 9, 2),
    "shape_samples/eans-ee.json": ("geojson", 5, 0),
    "shape_samples/ed269-ch.json": ("ed269", 4, 0),
    "shape_samples/ed269-fi.json": ("ed269", 2, 0),
    "shape_samples/ed269-lu.json": ("ed269", 2, 0),
    "shape_samples/ed318-ie.json": ("ed318", 4, 0),
    "shape_samples/ed318-se.json": ("ed318", 3, 0),
    "shape_samples/faa-uasfm.json": ("geojson", 2, 0),
    "shape_samples/skyguide_ed318.json": ("ed318", 2, 0),
}


@needs_recordings
@pytest.mark.parametrize("path", FILES)
def test_a_published_file_imports_whole_and_comes_back_from_every_format(path: str) -> None:
    format, zones, left_out = FILES[path]
    listed = read_zones((RECORDINGS / "zones" / path).read_bytes(), path)
    assert (listed.format, len(listed.zones), len(listed.left_out)) == (format, zones, left_out)
    assert all(zone.volumes for zone in listed.zones)
    sum(said.gravity is Gravity.READ_AS for said in listed.deviations)
    for written in WRITERS:
        back = read_zones(write_zones(listed, written)[0], path)
        assert back.zones == listed.zones, written
        assert (back.title, back.provider, back.extra) == (listed.title, listed.provider, listed.extra)


@needs_recordings
def test_every_published_file_of_json_is_zones_or_refused_by_name() -> None:
    for path in sorted((RECORDINGS / "zones").rglob("*json")):
        name = str(path.relative_to(RECORDINGS / "zones"))
        if name not in FILES and "GeoZoneProperties" not in name:
            with pytest.raises(DecodeError, match="JSON with"):
                read_zones(path.read_bytes(), name)


def test_the_tables_agree_on_what_they_are_called() -> None:
    assert set(WRITERS) <= set(READERS)
    for format in WRITERS:
        assert format_of(made(format)) == format
        assert read_zones(made(format), "").format == format
