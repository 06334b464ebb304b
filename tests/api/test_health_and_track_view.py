"""The status strip and the track panel."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from judged_scenes import START_UTC_NS
from skykeep.api.health import HealthBook, SensorDesk, live_health
from skykeep.api.track_view import absent_details
from skykeep.base.clock import NS_PER_S
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind, SensorState, SensorStatus
from skykeep.feeds.care import CareRules, SourceCare
from skykeep.geo.frames import LocalFrame

ORIGIN = LocalFrame(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=0.0)


def sensor(sensor_id: str, period_s: float = 1.0) -> Sensor:
    return Sensor(
        sensor_id=sensor_id,
        name=sensor_id,
        kind=SensorKind.RADAR,
        measures=MeasurementKind.AZIMUTH,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=1.0,
        period_s=period_s,
    )


@pytest.mark.parametrize(
    ("silent_s", "period_s", "state"),
    [(1.0, 1.0, "ok"), (6.0, 1.0, "stale"), (6.0, 2.4, "ok"), (31.0, 1.0, "silent"), (31.0, 60.0, "silent")],
)
def test_a_sensor_that_was_heard_goes_stale_then_silent(silent_s: float, period_s: float, state: str) -> None:
    book = HealthBook((sensor("radar", period_s),))
    book.heard("radar", START_UTC_NS)
    (health,) = book.at(START_UTC_NS + round(silent_s * NS_PER_S))
    assert (health.state, health.last_utc_ns) == (state, START_UTC_NS)


def test_a_sensor_nobody_heard_is_unused_and_rates_are_per_second() -> None:
    book = HealthBook((sensor("quiet"), sensor("busy")))
    for k in range(20):
        book.heard("busy", START_UTC_NS + k * NS_PER_S // 2)
    quiet, busy = book.at(START_UTC_NS + 10 * NS_PER_S)
    assert (quiet.state, quiet.per_s) == ("unused", 0.0)
    assert busy.per_s == pytest.approx(2.0, abs=0.2)


def test_a_track_that_is_gone_still_shows_its_way() -> None:
    history = ((0.0, -40.0, 38.5, 100.0), (1.0, -40.1, 38.5, 101.0))
    details = absent_details(7, "Not in the present picture.", history)
    assert (details.id, details.history, details.threat) == (7, history, None)


def test_where_a_sensor_says_it_looks_is_what_is_drawn() -> None:
    desk = SensorDesk((sensor("radar"), sensor("fixed")), ORIGIN)
    assert not list(desk.moved)
    status = SensorStatus(
        sensor_id="radar",
        sequence=1,
        time_utc_ns=START_UTC_NS,
        received_utc_ns=START_UTC_NS,
        state=SensorState.OK,
        azimuth_from_rad=np.pi / 2,
        azimuth_to_rad=np.pi,
        range_max_m=750.0,
    )
    desk.heard(status, START_UTC_NS)
    (view,) = desk.moved
    assert (view.id, view.range_m) == ("radar", 750.0)
    assert (view.azimuth_from_deg, view.azimuth_to_deg) == (90.0, 180.0)
    # What it does not say again stays as it said it.
    desk.heard(msgspec.structs.replace(status, range_max_m=None, position_enu_m=(1000.0, 0.0, 0.0)), 1)
    (view,) = desk.moved
    assert view.range_m == 750.0
    assert view.lon_deg > ORIGIN.longitude_deg


def test_live_sources_are_told_in_the_order_of_the_site_then_the_other_feeds() -> None:
    care = SourceCare("people", CareRules(period_s=0.0))
    radar = SourceCare("radar")
    radar.dropped(3, "kernel", START_UTC_NS)
    told = live_health(
        (care.health(START_UTC_NS), radar.health(START_UTC_NS)),
        (sensor("radar"), sensor("unheard")),
        {"radar": 12.5},
    )
    assert [(each.id, each.state) for each in told] == [
        ("radar", "flooding"),
        ("unheard", "unused"),
        ("people", "waiting"),
    ]
    assert (told[0].lost, told[0].latency_ms) == (3, 12.5)
    assert told[2].says == ("Nothing was heard of it yet.",)
