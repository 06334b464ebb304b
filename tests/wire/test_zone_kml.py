from __future__ import annotations

import msgspec
import pytest

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    HeightReference,
    Limit,
    Period,
    Polygon,
    Restriction,
    Text,
    Volume,
    Zone,
    ZoneList,
)
from skykeep.wire.zone_files import read_zones, write_zones

RING = ((10.0, 50.0), (11.0, 50.0), (11.0, 51.0), (10.0, 51.0))
HOLE = ((10.4, 50.4), (10.6, 50.4), (10.6, 50.6))
JUNE_NS = 1_780_297_200 * 10**9  # 2026-06-01T07:00:00Z


def polygon(height: float = 0.0, mode: str = "", extrude: bool = False, hole: bool = False) -> str:
    def side(name: str, ring: tuple[tuple[float, float], ...]) -> str:
        places = " ".join(f"{x},{y},{height}" for x, y in (*ring, ring[0]))
        return f"<{name}><LinearRing><coordinates>\n {places}\n</coordinates></LinearRing></{name}>"

    mode = f"<altitudeMode>{mode}</altitudeMode>" if mode else ""
    sides = side("outerBoundaryIs", RING) + (side("innerBoundaryIs", HOLE) if hole else "")
    return f"<Polygon><extrude>{int(extrude)}</extrude>{mode}{sides}</Polygon>"


def kml(*placemarks: str) -> bytes:
    inner = "".join(f"<Placemark>{one}</Placemark>" for one in placemarks)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><name>Zones</name><Folder><Folder>{inner}</Folder></Folder></Document></kml>"
    ).encode()


def one(placemark: str) -> tuple[Zone, ZoneList]:
    listed = read_zones(kml(placemark), "made")
    (found,) = listed.zones
    return found, listed


def test_a_drawing_by_hand_is_a_zone_that_prohibits() -> None:
    found, listed = one(f"<name>Parade</name><description>No flights</description>{polygon(hole=True)}")
    assert listed.format == "kml"
    assert listed.title == (Text(text="Zones"),)
    assert found.zone_id == found.name == "Parade"
    assert found.restriction is Restriction.PROHIBITED
    assert found.message == (Text(text="No flights"),)
    assert found.volumes == (Volume(outline=Polygon(rings=(RING, HOLE))),)
    assert {said.field for said in listed.deviations} == {"restriction", "country", "type"}


@pytest.mark.parametrize(
    ("drawn", "floor", "ceiling"),
    [
        (polygon(120.0), None, None),
        (polygon(120.0, "clampToGround", extrude=True), None, None),
        (polygon(120.0, "relativeToGround", extrude=True), None, Limit(value=120.0)),
        (polygon(300.0, "absolute", extrude=True), None, Limit(value=300.0, reference=HeightReference.AMSL)),
        (polygon(120.0, "relativeToGround"), None, None),
        (polygon(50.0, "relativeToGround") + polygon(120.0, "relativeToGround"), Limit(value=50.0),
         Limit(value=120.0)),
        (polygon(300.0, "absolute") + polygon(50.0, "relativeToGround"), Limit(value=50.0),
         Limit(value=300.0, reference=HeightReference.AMSL)),
    ],
)  # fmt: skip
def test_heights_say_floor_and_ceiling(drawn: str, floor: Limit | None, ceiling: Limit | None) -> None:
    found, _ = one(f"<name>A</name><MultiGeometry>{drawn}</MultiGeometry>")
    assert [(volume.floor, volume.ceiling) for volume in found.volumes] == [(floor, ceiling)]


def test_a_flat_polygon_in_the_air_is_read_as_no_limits_and_says_so() -> None:
    _, listed = one(f"<name>A</name>{polygon(120.0, 'relativeToGround')}")
    assert listed.deviations[0].gravity.value == "read as"
    assert listed.deviations[0].found == "a polygon at 120 m, not extruded"


def test_a_time_span_is_a_period_and_extended_data_speak_ed269() -> None:
    span = "<TimeSpan><begin>2026-06-01T07:00:00Z</begin></TimeSpan>"
    data = "".join(
        f'<Data name="{name}"><value>{value}</value></Data>'
        for name, value in (("identifier", "A1"), ("restriction", "CONDITIONAL"), ("colour", "red"))
    )
    found, _ = one(f"<name>A</name>{span}<ExtendedData>{data}</ExtendedData>{polygon()}")
    assert found.zone_id == "A1"
    assert found.restriction is Restriction.CONDITIONAL
    assert found.periods == (Period(start_utc_ns=JUNE_NS),)
    assert found.extra == (("colour", '"red"'),)


def test_what_has_no_inside_is_left_out_with_its_text() -> None:
    point = "<Point><coordinates>10,50</coordinates></Point>"
    listed = read_zones(kml(f"<name>A</name>{point}", f"<name>B</name>{polygon()}"), "made")
    assert [found.zone_id for found in listed.zones] == ["B"]
    ((name, text),) = listed.left_out
    assert name == "A"
    assert "10,50" in text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>', "document type"),
        (b"<kml><Document></kml>", "mismatched tag"),
        (b"<kml>" + b"<Folder>" * 100 + b"</Folder>" * 100 + b"</kml>", "nested over 64"),
        (b"<gpx></gpx>", "XML of gpx"),
    ],
)
def test_xml_that_is_not_to_be_trusted_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        read_zones(data, "made", "kml")


def test_characters_that_xml_cannot_hold_come_back_all_the_same() -> None:
    found, listed = one(f"<name>A</name>{polygon()}")
    odd = "a\x00b\ufffe\r\n<&>\"' c "
    changed = msgspec.structs.replace(found, name=odd, zone_id=odd, message=(Text(text=odd),))
    data, _ = write_zones(msgspec.structs.replace(listed, zones=(changed,)), "kml")
    assert read_zones(data, "made").zones == (changed,)


def test_what_goes_out_is_drawn_between_floor_and_ceiling() -> None:
    both = polygon(50.0, "relativeToGround") + polygon(120.0, "relativeToGround")
    found, listed = one(f"<name>A</name><MultiGeometry>{both}</MultiGeometry>")
    text = write_zones(listed, "kml")[0].decode()
    assert text.count("<Polygon>") == 2
    assert "10.0,50.0,120.0" in text
    assert "10.0,50.0,50.0" in text
    assert "prohibited\n50 M AGL to 120 M AGL" in text
    assert found.volumes[0].floor == Limit(value=50.0)
