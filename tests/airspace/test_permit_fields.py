"""What an application must say: one wrong thing at a time, then anything at all."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office_people import ANA, DAY_NS, HOUR_NS, NOW_NS, disc, scope_of, terms_of
from skykeep.airspace.permit_fields import PermitBounds, check_form, faults_of
from skykeep.airspace.permit_life import open_permit
from skykeep.domain.faults import FormError
from skykeep.domain.permit import Permit, PermitAction, Volume4D
from skykeep.domain.zone import Circle, HeightReference, Limit, Polygon, Volume

BOUNDS = PermitBounds()


def asked(**scope: Any) -> Permit:
    flight = {name: scope.pop(name) for name in list(scope) if name not in msgspec.structs.asdict(scope_of())}
    changed = msgspec.structs.replace(scope_of(), **scope)
    changed = msgspec.structs.replace(changed, flight=msgspec.structs.replace(changed.flight, **flight))
    return open_permit("P-1", PermitAction.REQUEST, ANA, NOW_NS, "", terms_of(changed))[0]


def flown(
    outline: Polygon | Circle | None = None,
    floor: Limit | None = None,
    ceiling: Limit | None = Limit(value=60.0),  # noqa: B008
    start: int = NOW_NS + HOUR_NS,
    end: int = NOW_NS + 2 * HOUR_NS,
) -> tuple[Volume4D, ...]:
    volume = Volume(outline=outline or disc().outline, floor=floor, ceiling=ceiling)
    return (Volume4D(volume=volume, start_utc_ns=start, end_utc_ns=end),)


def ring(*corners: tuple[float, float]) -> Polygon:
    return Polygon(rings=(corners,))


SQUARE = ((20.0, 48.0), (20.01, 48.0), (20.01, 48.01), (20.0, 48.01))
WRONG = {
    "a serial": ({"serials": ("NONSENSE",)}, "serials[0]"),
    "no serial": ({"serials": (), "operation_category": "Specific"}, "serials"),
    "no number": ({"operator_ids": (), "operation_category": "Certified"}, "operator_ids"),
    "an operator": ({"operator_ids": ("CHE1",)}, "operator_ids[0]"),
    "the class": ({"uas_class": "Other"}, "flight.uas_class"),
    "the category": ({"operation_category": "Unknown"}, "flight.operation_category"),
    "the mode": ({"operation_mode": ""}, "flight.operation_mode"),
    "no endurance": ({"endurance_minutes": None}, "flight.endurance_minutes"),
    "too short": ({"endurance_minutes": 0}, "flight.endurance_minutes"),
    "too long": ({"endurance_minutes": 14_401}, "flight.endurance_minutes"),
    "no connectivity": ({"connectivity_methods": ("",)}, "flight.connectivity_methods"),
    "no identification": ({"identification_technologies": ()}, "flight.identification_technologies"),
    "a place": ({"take_off": (20.0, 95.0)}, "flight.take_off"),
    "a speed": ({"speed_mps": math.nan}, "flight.speed_mps"),
    "nowhere": ({"volumes": ()}, "volumes"),
    "no ceiling": ({"volumes": flown(ceiling=None)}, "volumes[0].ceiling"),
    "99,999": ({"volumes": flown(ceiling=Limit(value=99_999.0))}, "volumes[0].ceiling"),
    "not a number": ({"volumes": flown(ceiling=Limit(value=math.nan))}, "volumes[0].ceiling"),
    "upside down": ({"volumes": flown(floor=Limit(value=60.0))}, "volumes[0].floor"),
    "no time": ({"volumes": flown(end=NOW_NS + HOUR_NS)}, "volumes[0].end"),
    "past": ({"volumes": flown(start=NOW_NS - HOUR_NS, end=NOW_NS)}, "volumes"),
    "far ahead": ({"volumes": flown(start=NOW_NS + 91 * DAY_NS, end=NOW_NS + 92 * DAY_NS)}, "volumes"),
    "very long": ({"volumes": flown(end=NOW_NS + 40 * DAY_NS)}, "volumes"),
    "a line": ({"volumes": flown(ring(*SQUARE[:2], SQUARE[0]))}, "volumes[0].outline"),
    "a bow": ({"volumes": flown(ring(SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]))}, "volumes[0].outline"),
    "a wide one": ({"volumes": flown(ring((20, 48), (22, 48), (22, 49)))}, "volumes[0].outline"),
    "a tiny one": (
        {"volumes": flown(ring((20, 48), (20.000001, 48), (20, 48.000001)))},
        "volumes[0].outline",
    ),
    "a circle of none": (
        {"volumes": flown(Circle(longitude_deg=20, latitude_deg=48, radius_m=0))},
        "volumes[0].outline.radius_m",
    ),
    "off the globe": (
        {"volumes": flown(Circle(longitude_deg=math.inf, latitude_deg=48, radius_m=9))},
        "volumes[0].outline",
    ),
}


def test_what_is_right_has_no_fault() -> None:
    assert faults_of(asked(), NOW_NS, BOUNDS) == ()
    assert faults_of(asked(volumes=flown(ring(*SQUARE))), NOW_NS, BOUNDS) == ()
    amsl = Limit(value=900.0, reference=HeightReference.AMSL)
    assert faults_of(asked(volumes=flown(floor=amsl)), NOW_NS, BOUNDS) == ()


@pytest.mark.parametrize(("changes", "field"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str) -> None:
    assert [error.field for error in faults_of(asked(**changes), NOW_NS, BOUNDS)] == [field]


def test_all_of_it_is_told_at_once() -> None:
    with pytest.raises(FormError) as refused:
        check_form(asked(serials=("X",), uas_class="", volumes=()), NOW_NS, BOUNDS)
    assert [error.field for error in refused.value.errors] == ["serials[0]", "flight.uas_class", "volumes"]
    assert "flight.uas_class" in str(refused.value)


def test_who_flies_at_once_has_to_say_only_where() -> None:
    permit = asked(serials=(), operator_ids=(), uas_class="", endurance_minutes=None)
    assert faults_of(permit, NOW_NS, BOUNDS, at_once=True) == ()


anything = st.one_of(st.floats(), st.sampled_from([0.0, 1e308, -1e308, 48.0, 20.0, 180.0]))
outlines = st.one_of(
    st.builds(Circle, longitude_deg=anything, latitude_deg=anything, radius_m=anything),
    st.builds(
        Polygon,
        rings=st.lists(st.lists(st.tuples(anything, anything), max_size=5).map(tuple), max_size=3).map(tuple),
    ),
)
times = st.one_of(st.integers(-(2**63), 2**63), st.just(NOW_NS + HOUR_NS))


@given(outlines, anything, anything, times, times, st.text())
def test_anything_is_right_or_named(
    outline: Polygon | Circle, floor: float, ceiling: float, start: int, end: int, text: str
) -> None:
    volumes = flown(outline, Limit(value=floor), Limit(value=ceiling), start, end)
    permit = asked(volumes=volumes, serials=(text,), operator_ids=(text,), uas_class=text)
    faults = faults_of(permit, NOW_NS, BOUNDS)
    assert {"serials[0]", "operator_ids[0]"} <= {error.field for error in faults}
    assert all(len(str(error)) < 1_000 for error in faults)
