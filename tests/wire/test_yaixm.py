"""YAIXM: by hand, broken documents, and the airspace and history of the real files."""

import pytest

from made_aero import MADE_YAIXM
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Circle, Edges, Gravity, Polygon, Restriction
from skykeep.geo.arcs import azimuth_and_distance
from skykeep.wire.aero_notes import Notes
from skykeep.wire.yaixm import days_in_name, read_yaixm
from skykeep.wire.yaml_text import decode_yaml
from skykeep.wire.zone_files import read_zones

FOLDER = RECORDINGS / "zones" / "uk_yaixm"


def test_circle_line_and_arc() -> None:
    show, area = read_zones(MADE_YAIXM, "made").zones

    assert show.restriction is Restriction.PROHIBITED
    assert show.volumes[0].outline == Circle(
        longitude_deg=-(1 + 56 / 3600), latitude_deg=52 + 3 / 60 + 51 / 3600, radius_m=5.5 * 1852
    )
    assert (area.zone_id, area.restriction) == ("made-cta", Restriction.REQ_AUTHORISATION)
    outline = area.volumes[0].outline
    assert isinstance(outline, Polygon)
    assert outline.edges is Edges.GEODESIC
    centre = (-(2 + 16 / 60 + 2 / 3600), 57 + 18 / 60 + 34 / 3600)
    # The arc goes clockwise from west of its centre over the north to the east: north of all given corners.
    north = max(outline.rings[0], key=lambda corner: corner[1])
    assert north[0] == pytest.approx(centre[0], abs=0.01)
    assert azimuth_and_distance(centre, north)[1] == pytest.approx(10 * 1852, rel=2e-3)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("CORONATION (6 MAY)", ["05-06", "05-06"]),
        ("SILVERSTONE (3-5 JUL)", ["07-03", "07-05"]),
        ("RAGLEY HALL (29 MAY - 1 JUN)", ["05-29", "06-01"]),
        ("FAIRFORD RIAT (12-16 JULY)", ["07-12", "07-16"]),
        ("DUXFORD (12/26 AUG)", ["08-12", "08-26"]),
        ("OLD WARDEN (VARIOUS DATES)", []),
        ("KEMBLE CLASS D (NOTAM)", []),
        ("DUXFORD", []),
    ],
)
def test_days_in_names_are_information_only(name: str, days: list[str]) -> None:
    assert days_in_name(name) == days


def test_a_zone_whose_name_has_a_day_is_in_force_while_it_is_listed() -> None:
    listed = read_yaixm(MADE_YAIXM, "")

    assert listed.zones[0].periods == ()
    assert ("days_in_name", '["05-06","05-06"]') in listed.zones[0].extra
    assert [(one.zone_id, one.field) for one in listed.deviations] == [("MADEVILLE (6 MAY)", "name")]


def test_a_broken_document_is_read_feature_by_feature() -> None:
    broken = MADE_YAIXM.replace(
        b"- name: MADE CTA", b" - name: LOST\n   type: P\n   geometry:\n\n- name: MADE CTA"
    )

    listed = read_yaixm(broken, "")

    assert [zone.name for zone in listed.zones] == ["MADEVILLE (6 MAY)", "MADE CTA"]
    assert [name for name, _ in listed.left_out] == ["LOST"]
    assert any(one.field == "document" and one.gravity is Gravity.READ_AS for one in listed.deviations)


def test_the_mistakes_of_hands() -> None:
    data = MADE_YAIXM.replace(b"0015802W", b"0015802").replace(
        b"    - arc:\n        dir: cw\n        radius: 10 nm\n        centre",
        b"    - arc:\n      dir: cw\n      radius: 10 nm\n      centre",
    ).replace(b"        to: 572153N", b"      to: 572153N")  # fmt: skip

    listed = read_yaixm(data, "")

    assert listed.zones[1].volumes == read_yaixm(MADE_YAIXM, "").zones[1].volumes
    assert {one.field for one in listed.deviations if one.gravity is Gravity.READ_AS} == {
        "geometry[0].boundary.line[1]", "geometry[0].boundary.arc"
    }  # fmt: skip


def test_no_small_file_grows() -> None:
    bomb = b"rat:\n- &a [x, x]\n- &b [*a, *a]\n"
    with pytest.raises(DecodeError):
        decode_yaml(bomb.decode(), Notes())
    with pytest.raises(DecodeError):
        decode_yaml("[" * 100_000, Notes())
    assert decode_yaml("!!python/object/apply:os.system [x]", Notes()) == ["x"]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"rat: 3", b"\xff\xfe\x00", b"airspace:\n- 1: {2: 3}\n  ? [a]\n  : b"]
)
def test_what_is_no_yaixm_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        read_yaixm(data, "")


@pytest.mark.recordings
@needs_recordings
def test_the_real_airspace() -> None:
    listed = read_zones((FOLDER / "airspace.yaml").read_bytes(), "uk")

    # 702 features and 1,053 volumes, counted in the file; five names are given twice.
    assert (len(listed.zones), sum(len(zone.volumes) for zone in listed.zones)) == (702, 1_053)
    assert len({zone.zone_id for zone in listed.zones}) == 702
    assert listed.left_out == ()
    assert sum(one.field == "id" for one in listed.deviations) == 5
    assert sum(zone.restriction is Restriction.PROHIBITED for zone in listed.zones) == 2


@pytest.mark.recordings
@needs_recordings
def test_all_the_real_history_is_read() -> None:
    files = sorted((FOLDER / "rat_history_2022_2026").glob("*.yaml"))
    lists = {path.name: read_zones(path.read_bytes(), "uk") for path in files}

    assert len(lists) == 137
    assert sum(len(listed.zones) for listed in lists.values()) == 1_533
    # One feature without a geometry, in the two revisions that are not even YAML.
    lost = {name: [each for each, _ in listed.left_out] for name, listed in lists.items() if listed.left_out}
    assert list(lost.values()) == [["STONEHENGE (20-21 JUN)"]] * 2
    assert all(name.startswith("2026-05-15") for name in lost)
