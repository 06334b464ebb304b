"""Temporary flight restrictions: by hand, and the real sample."""

import pytest

from made_aero import MADE_TFR
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Circle, Edges, HeightReference, Polygon, Restriction
from skykeep.wire.tfr import read_tfr
from skykeep.wire.zone_files import read_zones

NOON_4_MAY_2031_NS = 1_935_662_400 * 10**9
HOUR_NS = 3600 * 10**9


def test_a_circle_of_security() -> None:
    (zone,) = read_zones(MADE_TFR, "faa").zones

    assert (zone.zone_id, zone.name, zone.document) == ("1/2345", "Area A", "FDC 1/2345")
    assert zone.restriction is Restriction.PROHIBITED
    assert zone.volumes[0].outline == Circle(longitude_deg=-70.25, latitude_deg=40.5, radius_m=5_556.0)
    assert zone.volumes[0].floor is None
    assert zone.volumes[0].ceiling is not None
    assert zone.volumes[0].ceiling.reference is HeightReference.AMSL
    (period,) = zone.periods
    assert (period.start_utc_ns, period.end_utc_ns) == (NOON_4_MAY_2031_NS, NOON_4_MAY_2031_NS + 14 * HOUR_NS)


def test_a_named_zone_of_time_is_in_force_by_either_reading() -> None:
    listed = read_tfr(MADE_TFR.replace(b">UTC<", b">EDT<"), "")

    (period,) = listed.zones[0].periods
    assert (period.start_utc_ns, period.end_utc_ns) == (NOON_4_MAY_2031_NS, NOON_4_MAY_2031_NS + 18 * HOUR_NS)
    assert [one.field for one in listed.deviations] == ["codeTimeZone"]


def test_no_end_is_no_end() -> None:
    (zone,) = read_tfr(MADE_TFR.replace(b"2031-05-05T02:00:00", b""), "").zones

    assert zone.periods[0].end_utc_ns is None


def test_an_arc_of_a_boundary() -> None:
    corners = (
        b"<abdMergedArea><Avx><codeType>GRC</codeType><geoLat>40.0N</geoLat><geoLong>070.0W</geoLong></Avx>"
        b"<Avx><codeType>CWA</codeType><geoLat>40.1N</geoLat><geoLong>070.0W</geoLong><geoLatArc>40.0N</geoLatArc>"
        b"<geoLongArc>070.0W</geoLongArc><valRadiusArc>6</valRadiusArc><uomRadiusArc>NM</uomRadiusArc></Avx>"
        b"<Avx><codeType>GRC</codeType><geoLat>40.0N</geoLat><geoLong>069.87W</geoLong></Avx></abdMergedArea>"
    )

    (zone,) = read_tfr(MADE_TFR.replace(b"</aseTFRArea>", corners + b"</aseTFRArea>"), "").zones

    outline = zone.volumes[0].outline
    assert isinstance(outline, Polygon)
    assert len(outline.rings[0]) > 20
    # All of the quarter lies north and east of the centre.
    assert all(longitude >= -70.001 and latitude >= 39.999 for longitude, latitude in outline.rings[0])


def test_what_cannot_be_read_is_told_and_the_safer_done() -> None:
    listed = read_tfr(
        MADE_TFR.replace(b">91.141<", b">0<").replace(b">18000<", b">high<").replace(b"2031-05-04T12", b"x"),
        "",
    )

    (zone,) = listed.zones
    assert zone.restriction is Restriction.PROHIBITED
    assert zone.volumes[0].ceiling is None
    assert zone.periods[0].permanent
    assert {one.field for one in listed.deviations} == {"codeType", "valDistVerUpper", "dateEffective"}


@pytest.mark.parametrize(
    "data",
    [b"", b"<a/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><XNOTAM-Update/>", b"<XNOTAM-Update>" + b"<a>" * 200],
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        read_tfr(data, "")


@pytest.mark.recordings
@needs_recordings
def test_the_real_sample() -> None:
    listed = read_zones((RECORDINGS / "zones" / "tfr_sample.xml").read_bytes(), "faa")

    (zone,) = listed.zones
    outline = zone.volumes[0].outline
    assert isinstance(outline, Polygon)
    assert outline.edges is Edges.GEODESIC
    assert outline.rings == (
        ((-118.59166667, 44.6666659), (-118.57377863, 44.66071124), (-118.56972563, 44.65569797)),
    )
    assert (zone.name, zone.restriction) == ("Hazard Area1", Restriction.REQ_AUTHORISATION)
    assert zone.volumes[0].ceiling is not None
    assert zone.volumes[0].ceiling.value == 7500.0
    # 27 September 2026, 13:00 to 29 September, 01:00.
    assert zone.periods[0].start_utc_ns == 1_790_514_000 * 10**9
    assert zone.periods[0].end_utc_ns == 1_790_643_600 * 10**9
    assert [one.field for one in listed.deviations] == ["codeTimeZone"]
