"""Restrictions that are drawn often."""

from __future__ import annotations

import msgspec
import pytest

from office_people import DAY_NS, HOUR_NS, MINUTE_NS, NOW_NS, disc, scope_of
from skykeep.airspace.conflicts import held_by_zone
from skykeep.airspace.restriction_fields import check_restriction
from skykeep.airspace.templates import (
    Stop,
    city_wide_ban,
    crime_scene,
    emergency_ring,
    parade_day,
    vip_movement,
)
from skykeep.base.errors import InputError
from skykeep.domain.zone import Period, Zone

DAY = (Period(start_utc_ns=NOW_NS, end_utc_ns=NOW_NS + DAY_NS),)
WAY = tuple(
    Stop(longitude_deg=lon, latitude_deg=lat, time_utc_ns=NOW_NS + minutes * MINUTE_NS)
    for lon, lat, minutes in ((20.0, 48.0, 60), (20.1, 48.0, 80), (20.1, 48.1, 100))
)


def holds(zone: Zone, east_km: float, minutes: float) -> bool:
    start = NOW_NS + round(minutes * MINUTE_NS)
    return held_by_zone(zone, scope_of(disc(east_km, 5.0), start, start + 1).volumes) != ()


def test_a_movement_closes_each_leg_when_it_is_passed_and_no_longer() -> None:
    first, second = vip_movement("a guest", WAY, half_width_m=500.0, slack_s=300.0)
    # 3.7 km east is half way along the first leg.
    assert [holds(first, 3.7, minutes) for minutes in (54, 55.1, 70, 84.9, 86)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert not holds(second, 3.7, 90)
    assert holds(first, -0.45, 70)
    assert not holds(first, -0.55, 70)


@pytest.mark.parametrize(
    ("way", "half_width_m"), [(WAY[:1], 500.0), (WAY[::-1], 500.0), (WAY, 0.0), (WAY, float("nan"))]
)
def test_a_way_that_is_none_is_refused(way: tuple[Stop, ...], half_width_m: float) -> None:
    with pytest.raises(InputError):
        vip_movement("a guest", way, half_width_m)


def test_each_template_can_be_signed_as_it_is() -> None:
    outline = disc().outline
    made = (
        *parade_day("parade", outline, DAY),
        *city_wide_ban("ban", outline, DAY),
        *crime_scene("scene", (20.0, 48.0), 300.0, NOW_NS, 3_600.0),
        *emergency_ring("i1", (20.0, 48.0), 300.0, NOW_NS, 3_600.0),
        *vip_movement("a guest", WAY, 500.0),
    )
    for zone in made:
        check_restriction(zone.name, zone, NOW_NS)
        with pytest.raises(InputError):
            check_restriction(zone.name, msgspec.structs.replace(zone, volumes=()), NOW_NS)
        with pytest.raises(InputError, match="over already"):
            check_restriction(zone.name, zone, NOW_NS + 2 * DAY_NS)


def test_the_parade_is_stricter_than_the_ban_of_its_city() -> None:
    outline = disc().outline
    assert parade_day("p", outline, DAY)[0].strictness > city_wide_ban("b", outline, DAY)[0].strictness
    assert holds(city_wide_ban("b", outline, DAY)[0], 0.0, HOUR_NS / MINUTE_NS)
