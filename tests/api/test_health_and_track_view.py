"""The status strip and the track panel."""

from __future__ import annotations

import pytest

from judged_scenes import START_UTC_NS
from skykeep.api.health import HealthBook
from skykeep.api.track_view import absent_details
from skykeep.base.clock import NS_PER_S
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind


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
