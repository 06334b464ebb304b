"""Places, limits and lengths in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import NO_CEILING, HeightReference, LengthUnit, limit_m
from skykeep.wire.aero_text import find_places, parse_length_m, parse_limit, parse_place


@pytest.mark.parametrize(
    ("text", "longitude", "latitude"),
    [
        ("574012N 0121500E", 12.25, 57.67),
        ("574012N0121500E", 12.25, 57.67),
        ("5740N01215W", -12.25, 57 + 40 / 60),
        ("5306N 04002W", -(40 + 2 / 60), 53.1),
        ("57:40:12 N 012:15:00 E", 12.25, 57.67),
        ("57:40.2N 012:15.0E", 12.25, 57.67),
        ("N5740.2 E01215.0", 12.25, 57.67),
        ("44.6666659N 118.59166667W", -118.59166667, 44.6666659),
        ("574012.5S/0121500.25E", 12 + 15 / 60 + 0.25 / 3600, -(57 + 40 / 60 + 12.5 / 3600)),
    ],
)
def test_a_place_by_hand(text: str, longitude: float, latitude: float) -> None:
    assert parse_place("place", text) == pytest.approx((longitude, latitude), abs=1e-9)


@pytest.mark.parametrize("text", ["", "576012N 0121500E", "914012N 0121500E", "57N", "574012N 0121500"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        parse_place("place", text)


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_a_place_in_seconds_is_the_place_to_half_a_second(latitude: float, longitude: float) -> None:
    def cut(value: float, digits: int, letters: str) -> str:
        seconds = round(abs(value) * 3600)
        letter = letters[value < 0]
        return f"{seconds // 3600:0{digits}d}{seconds // 60 % 60:02d}{seconds % 60:02d}{letter}"

    text = f"AREA {cut(latitude, 2, 'NS')} {cut(longitude, 3, 'EW')}."

    ((begin, end, place),) = find_places(text)
    assert place == pytest.approx((longitude, latitude), abs=0.51 / 3600)
    assert (begin, end) == (5, len(text) - 1)


@pytest.mark.parametrize(
    ("text", "value", "unit", "reference"),
    [
        ("SFC", 0.0, LengthUnit.FT, HeightReference.AGL),
        ("FL095", 95.0, LengthUnit.FL, HeightReference.STD),
        ("5000FT AMSL", 5000.0, LengthUnit.FT, HeightReference.AMSL),
        ("1500 ft", 1500.0, LengthUnit.FT, HeightReference.AMSL),
        ("450m AGL", 450.0, LengthUnit.M, HeightReference.AGL),
        ("30766 m AMSL", 30766.0, LengthUnit.M, HeightReference.AMSL),
        ("1000 FT ALT", 1000.0, LengthUnit.FT, HeightReference.AMSL),
        ("500 FT SFC", 500.0, LengthUnit.FT, HeightReference.AGL),
        ("UNL", NO_CEILING, LengthUnit.FT, HeightReference.AMSL),
    ],
)
def test_a_limit_by_hand(text: str, value: float, unit: LengthUnit, reference: HeightReference) -> None:
    limit = parse_limit("G", text)

    assert (limit.value, limit.unit, limit.reference) == (value, unit, reference)


def test_unlimited_is_no_limit() -> None:
    assert limit_m(parse_limit("G", "UNLTD")) is None


@pytest.mark.parametrize("text", ["", "high", "FL", "1500 miles", "9" * 40])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        parse_limit("G", text)


def test_lengths() -> None:
    assert parse_length_m("radius", "3", "[nmi_i]") == 5556.0
    assert parse_length_m("radius", "1.5KM") == 1500.0
    assert parse_length_m("radius", "0.25 nm") == 463.0
    with pytest.raises(DecodeError):
        parse_length_m("radius", "3")
    with pytest.raises(DecodeError):
        parse_length_m("radius", "0", "NM")
