from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from pmtiles.reader import MemorySource, Reader

from skykeep.base.errors import InputError, SetupError
from skykeep.sim.world.basemap import OSM_ATTRIBUTION, build_basemap
from skykeep.sim.world.mercator import unit_square

# A town drawn by hand: a coast with water to its east, a house with a court (a multipolygon), a square that
# is mapped twice, and a road that leaves the extract (node 99 is not in it).
TOWN = """<?xml version="1.0"?><osm version="0.6">
<bounds minlat="10.000" minlon="20.000" maxlat="10.010" maxlon="20.010"/>
<node id="1" lat="9.999" lon="20.006" version="1"/><node id="2" lat="10.011" lon="20.006" version="1"/>
<node id="3" lat="10.001" lon="20.001" version="1"/><node id="4" lat="10.008" lon="20.001" version="1"/>
<node id="11" lat="10.002" lon="20.002" version="1"/><node id="12" lat="10.002" lon="20.003" version="1"/>
<node id="13" lat="10.003" lon="20.003" version="1"/><node id="14" lat="10.003" lon="20.002" version="1"/>
<node id="21" lat="10.0023" lon="20.0023" version="1"/><node id="22" lat="10.0023" lon="20.0027" version="1"/>
<node id="23" lat="10.0027" lon="20.0027" version="1"/><node id="24" lat="10.0027" lon="20.0023" version="1"/>
<node id="31" lat="10.005" lon="20.004" version="1"><tag k="place" v="square"/>
<tag k="name" v="Twice"/></node>
<node id="32" lat="10.0052" lon="20.004" version="1"><tag k="place" v="square"/>
<tag k="name" v="Twice"/></node>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="natural" v="coastline"/></way>
<way id="2" version="1"><nd ref="3"/><nd ref="4"/><nd ref="99"/><tag k="highway" v="primary"/>
<tag k="name" v="High Street"/></way>
<way id="3" version="1"><nd ref="11"/><nd ref="12"/><nd ref="13"/><nd ref="14"/><nd ref="11"/></way>
<way id="4" version="1"><nd ref="21"/><nd ref="22"/><nd ref="23"/><nd ref="24"/><nd ref="21"/></way>
<relation id="1" version="1"><member type="way" ref="3" role="outer"/>
<member type="way" ref="4" role="inner"/>
<tag k="type" v="multipolygon"/><tag k="building" v="yes"/><tag k="height" v="17"/></relation></osm>"""


def archive(path: Path) -> Any:
    return Reader(MemorySource(path.read_bytes()))  # type: ignore[no-untyped-call]


def tile_at(path: Path, longitude_deg: float, latitude_deg: float, zoom: int = 15) -> dict[str, Any]:
    x, y = unit_square(np.array([longitude_deg]), np.array([latitude_deg]))[0] * (1 << zoom)
    tile: dict[str, Any] = mapbox_vector_tile.decode(gzip.decompress(archive(path).get(zoom, int(x), int(y))))
    return tile


def test_a_town_drawn_by_hand(tmp_path: Path) -> None:
    source, out = tmp_path / "town.osm", tmp_path / "town.pmtiles"
    source.write_text(TOWN, encoding="utf-8")
    report = build_basemap(source, out)
    assert report.features == {"buildings": 1, "coastline": 1, "places": 1, "roads": 1, "water": 1}
    assert (report.west_deg, report.north_deg) == pytest.approx((20.0, 10.01))
    assert report.notes == ()
    tile = tile_at(out, 20.0025, 10.0025)
    (house,) = tile["buildings"]["features"]
    assert house["properties"]["height_m"] == 17.0
    assert len(house["geometry"]["coordinates"]) == 2
    assert tile["roads"]["features"][0]["properties"] == {"class": "primary", "name": "High Street"}
    assert archive(out).metadata()["attribution"] == OSM_ATTRIBUTION
    first = out.read_bytes()
    build_basemap(source, out)
    assert out.read_bytes() == first


def test_what_is_no_extract_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="not a file"):
        build_basemap(tmp_path / "missing.osm.pbf", tmp_path / "out")
    for name, content in (("junk.osm.pbf", b"\x00" * 64), ("junk.osm", b"<osm"), ("odd.txt", b"hello")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError):
            build_basemap(path, tmp_path / "out")
    empty = tmp_path / "empty.osm"
    empty.write_text('<osm version="0.6"></osm>', encoding="utf-8")
    with pytest.raises(InputError, match="no road and no building"):
        build_basemap(empty, tmp_path / "out")


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("file", "least", "in_the_sea"),
    [
        (
            "monaco.osm.gz",
            {"buildings": 900, "roads": 800, "parks": 15, "water": 5, "coastline": 10},
            (7.4450, 43.7300),
        ),
        (
            "helsinki.osm.pbf",
            {"buildings": 500, "roads": 2_000, "parks": 150, "water": 5},
            (24.9452, 60.1768),
        ),
    ],
)
def test_real_cities(
    extracts: Path, tmp_path: Path, file: str, least: dict[str, int], in_the_sea: tuple[float, float]
) -> None:
    if not (extracts / file).is_file():
        pytest.skip(f"{file} is not in {extracts}")
    out = tmp_path / "city.pmtiles"
    report = build_basemap(extracts / file, out)
    assert report.attribution == "© OpenStreetMap contributors (ODbL)"
    for layer, count in least.items():
        assert report.features[layer] >= count
    assert any("coast" in note for note in report.notes)
    tile = tile_at(out, *in_the_sea)
    assert "sea" in {feature["properties"]["kind"] for feature in tile["water"]["features"]}
