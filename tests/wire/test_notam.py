"""NOTAM: items by hand, what makes a zone and what does not, areas in words, what falls back to the safer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_aero import MADE_NOTAMS
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    Circle,
    Edges,
    HeightReference,
    Hours,
    Polygon,
    Restriction,
    SunEvent,
    ZoneList,
)
from skykeep.geo.arcs import azimuth_and_distance
from skykeep.wire.notam import parse_notam, read_notam
from skykeep.wire.notam_area import area_of
from skykeep.wire.zone_files import read_zones

DAY_NS = 86_400 * 10**9
MAY_1_2031_NS = 1_935_360_000 * 10**9


def one(
    text: str,
    code: str = "QRTCA",
    d: str = "",
    f: str = "SFC",
    g: str = "5000FT AMSL",
    q: str = "5740N01215E005",
) -> ZoneList:
    schedule = f"D) {d}\n" if d else ""
    limits = f"F) {f} G) {g})" if f else ")"
    return read_notam(
        f"(A0001/31 NOTAMN\nQ) XXAA/{code}/IV/BO/W/000/050/{q}\nA) XXAA B) 3105010600 C) 3105100600\n"
        f"{schedule}E) {text}\n{limits}".encode(),
        "made",
    )


def test_three_real_kinds() -> None:
    listed = read_zones(MADE_NOTAMS, "made")

    reserved, danger, drones = listed.zones
    assert (reserved.zone_id, reserved.restriction) == ("A0101/31", Restriction.REQ_AUTHORISATION)
    assert reserved.volumes[0].outline == Circle(
        longitude_deg=12.25, latitude_deg=57 + 40.2 / 60, radius_m=3704.0
    )
    assert [((p.start_utc_ns or 0) - MAY_1_2031_NS) / DAY_NS for p in reserved.periods] == [
        6 + 19 / 24, 7.0, 7 + 19 / 24
    ]  # fmt: skip
    outline = danger.volumes[0].outline
    assert isinstance(outline, Polygon)
    assert (len(outline.rings[0]), outline.edges) == (4, Edges.GEODESIC)
    assert danger.periods[0].end_utc_ns is None
    assert danger.periods[0].hours[0].weekdays == (0, 1, 2, 3, 4)
    assert drones.restriction is Restriction.CONDITIONAL
    assert drones.volumes[0].ceiling is not None
    assert (drones.volumes[0].ceiling.value, drones.volumes[0].ceiling.reference) == (
        120.0,
        HeightReference.AGL,
    )
    assert drones.periods[0].hours == (
        Hours(from_event=SunEvent.SR, to_event=SunEvent.SS, from_offset_s=-1800, to_offset_s=1800),
    )
    assert {(each.zone_id, each.field) for each in listed.deviations} == {
        ("A0102/31", "C"),
        ("A0102/31", "D"),
    }


def test_items_are_told_from_letters_in_the_text() -> None:
    notam = parse_notam(
        "A0001/31 NOTAMN\nQ) XXAA/QRTCA/IV/BO/W/000/050/5740N01215E005\nA) XXAA B) 3105010600 C) PERM\n"
        "E) AREA A) NO ENTRY. D) CALL TWR. F) FREQ 123.450\nF) SFC G) FL095)"
    )

    assert notam.schedule == ""
    assert notam.text == "AREA A) NO ENTRY. D) CALL TWR. F) FREQ 123.450"
    assert (notam.lower, notam.upper, notam.end) == ("SFC", "FL095", "PERM")


@pytest.mark.parametrize("code", ["QMRLC", "QFALT", "QRRCD", "QOBCE", "QARAU", "QRTCN"])
def test_what_restricts_no_airspace_is_left_out_and_kept(code: str) -> None:
    listed = one("2NM RADIUS OF 574012N 0121500E", code)

    assert listed.zones == ()
    assert [name for name, _ in listed.left_out] == ["A0001/31"]
    assert code in listed.left_out[0][1]


@pytest.mark.parametrize(
    ("code", "restriction"),
    [
        ("QRPCA", Restriction.PROHIBITED),
        ("QROLP", Restriction.PROHIBITED),
        ("QRRCA", Restriction.REQ_AUTHORISATION),
        ("QWULW", Restriction.CONDITIONAL),
        ("QWMLW", Restriction.REQ_AUTHORISATION),
        ("QACCS", Restriction.REQ_AUTHORISATION),
        ("QRXCA", Restriction.PROHIBITED),
    ],
)
def test_codes(code: str, restriction: Restriction) -> None:
    assert one("2NM RADIUS OF 574012N 0121500E", code).zones[0].restriction is restriction


def test_replaced_and_cancelled() -> None:
    second = (
        b"(A0104/31 NOTAMR A0101/31\nQ) XXAA/QRTCA/IV/BO/W/000/050/5740N01215E003\n"
        b"A) XXAA B) 3105020000 C) PERM\nE) 1NM RADIUS OF 574012N 0121500E)\n"
    )
    third = (
        b"(A0105/31 NOTAMC A0102/31\nQ) XXAA/QRDCN/IV/BO/W/050/120/5735N01220E012\n"
        b"A) XXAA B) 3105020000\nE) CANCELLED)\n"
    )

    listed = read_notam(MADE_NOTAMS + second + third, "")

    assert [zone.zone_id for zone in listed.zones] == ["A0103/31", "A0104/31"]
    assert {name for name, _ in listed.left_out} == {"A0101/31", "A0102/31", "A0105/31"}


def test_a_trigger_falls_back_to_the_circle_of_q() -> None:
    listed = one("TRIGGER NOTAM - AIP SUP 012/31. TEMPO RESTRICTED AREA XXR12 ESTABLISHED.", "QRRTT")

    (zone,) = listed.zones
    assert zone.volumes[0].outline == Circle(longitude_deg=12.25, latitude_deg=57 + 40 / 60, radius_m=9_260.0)
    assert ("names", '["XXR12"]') in zone.extra
    assert [each.done for each in listed.deviations] == [
        "the circle of Q) is applied, the safer", "details are in the supplement it names"
    ]  # fmt: skip


def test_an_edge_along_a_border_falls_back_to_the_circle_of_q() -> None:
    listed = one("AREA 574012N 0121500E ALONG BORDER TO 574112N 0122500E - 573512N 0122500E")

    assert isinstance(listed.zones[0].volumes[0].outline, Circle)
    assert [each.field for each in listed.deviations] == ["E"]


def test_hours_that_cannot_be_told_are_throughout() -> None:
    listed = one("2NM RADIUS OF 574012N 0121500E", d="AS ARRANGED WITH TWR")

    (period,) = listed.zones[0].periods
    assert period.hours == ()
    assert [(each.field, each.done) for each in listed.deviations] == [
        ("D", "in force from B) to C) throughout, the safer")
    ]


def test_limits_in_the_text_and_of_q() -> None:
    in_text = one("2NM RADIUS OF 574012N 0121500E. SFC - FL095.", f="").zones[0].volumes[0]
    of_q = one("2NM RADIUS OF 574012N 0121500E.", f="").zones[0].volumes[0]

    assert in_text.ceiling is not None
    assert of_q.ceiling is not None
    assert (in_text.ceiling.value, of_q.ceiling.value) == (95.0, 50.0)
    assert of_q.floor is not None
    assert (of_q.floor.value, of_q.floor.reference) == (0.0, HeightReference.AGL)


def test_a_circle_of_q_that_misses_the_area_is_a_contradiction() -> None:
    listed = one("500M RADIUS OF 580000N 0130000E")

    (found,) = listed.contradictions
    assert found.field == "outline"
    assert "5 NM" in found.one_says
    assert "0.27 NM" in found.other_says
    assert isinstance(listed.zones[0].volumes[0].outline, Circle)
    assert listed.zones[0].volumes[0].outline.radius_m == 500.0


@pytest.mark.parametrize(
    ("text", "circles", "corners"),
    [
        ("WITHIN 2NM RADIUS OF 574012N 0121500E", 1, 0),
        ("PSN 574012N0121500E RADIUS 500M", 1, 0),
        ("1NM RADIUS CENTRED ON: 1. 574012N 0121500E 2. 584012N 0121500E", 2, 0),
        ("574012N 0121500E RADIUS 1NM AND 584012N 0121500E RADIUS 3KM", 2, 0),
        ("BOUNDED BY 5740N01215E, 5741N01225E, 5735N01225E, 5740N01215E", 0, 3),
        ("574012N 0121500E TO 574112N 0122500E TO 573512N 0122500E TO POINT OF ORIGIN", 0, 3),
        ("CRANE PSN 574012N 0121500E", 0, 0),
    ],
)
def test_areas_in_words(text: str, circles: int, corners: int) -> None:
    area = area_of(text)

    assert sum(isinstance(outline, Circle) for outline in area.outlines) == circles
    polygons = [outline for outline in area.outlines if isinstance(outline, Polygon)]
    assert [len(outline.rings[0]) for outline in polygons] == ([corners] if corners else [])
    assert bool(area.doubt) == (not area.outlines)


def test_an_arc_in_words_turns_as_it_says() -> None:
    text = (
        "573000N 0120000E THEN {} ARC RADIUS 5NM CENTRED ON 573000N 0121000E "
        "TO 573500N 0121000E TO 573000N 0120000E"
    )

    clockwise, other_way = (area_of(text.format(how)).outlines[0] for how in ("CLOCKWISE", "ANTICLOCKWISE"))

    # From west of the centre clockwise to north of it is a quarter.
    assert isinstance(clockwise, Polygon)
    assert isinstance(other_way, Polygon)
    assert len(other_way.rings[0]) > 2.5 * len(clockwise.rings[0])
    assert all(latitude >= 57.4999 for _, latitude in clockwise.rings[0])


@settings(max_examples=100, deadline=None)
@given(st.floats(-80.0, 80.0), st.floats(-179.0, 179.0), st.floats(0.5, 90.0), st.sampled_from(["NM", "KM"]))
def test_a_written_circle_comes_back(latitude: float, longitude: float, radius: float, unit: str) -> None:
    def cut(value: float, digits: int, letters: str) -> str:
        seconds = round(abs(value) * 3600)
        return f"{seconds // 3600:0{digits}d}{seconds // 60 % 60:02d}{seconds % 60:02d}{letters[value < 0]}"

    place = f"{cut(latitude, 2, 'NS')} {cut(longitude, 3, 'EW')}"
    (circle,) = area_of(f"TEMPO AREA WI {radius:.1f}{unit} RADIUS CENTRED ON {place} (MADEVILLE).").outlines

    assert isinstance(circle, Circle)
    assert circle.radius_m == pytest.approx(float(f"{radius:.1f}") * (1852.0 if unit == "NM" else 1000.0))
    off_m = azimuth_and_distance((longitude, latitude), (circle.longitude_deg, circle.latitude_deg))[1]
    assert off_m < 25.0


def test_broken_ones_are_listed_and_the_rest_read() -> None:
    listed = read_notam(b"(A0009/31 NOTAMN\nQ) NONSENSE\nE) X)\n" + MADE_NOTAMS, "")

    assert len(listed.zones) == 3
    assert [name for name, _ in listed.left_out] == ["(A0009/31 NOTAMN Q) "]


def test_no_notam_at_all_is_refused() -> None:
    with pytest.raises(DecodeError):
        read_notam(b"nothing here", "")
