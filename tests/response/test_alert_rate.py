"""How much people are asked to bear: the count, the flood, and what keeps an alarm from chattering."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alert_sky import START_UTC_NS, Flight, Watch, swarm
from skykeep.base.clock import seconds_to_ns
from skykeep.domain.response import AlertState
from skykeep.domain.rules import AlertRules, ResponseRules
from skykeep.response.alerts_rate import AlarmMeter


def test_alarms_are_counted_for_ten_minutes() -> None:
    watch = Watch(Flight(track_id=1), Flight(track_id=2, north_m=900.0)).look(3)
    assert [(rate.in_ten_minutes, rate.most_in_ten_minutes, rate.flooded) for rate in watch.rates] == [
        (2, 2, False)
    ]
    watch.look(600)
    assert [(rate.in_ten_minutes, rate.most_in_ten_minutes) for rate in watch.rates] == [(2, 2), (0, 2)]
    assert watch.book.rate == watch.rates[-1]


def test_eleven_in_ten_minutes_are_a_flood_until_there_are_fewer_than_five() -> None:
    meter, rules = AlarmMeter(), AlertRules()
    told = []
    for second in range(1, 1300):
        now_utc_ns = START_UTC_NS + seconds_to_ns(float(second))
        if second % 10 == 0 and second <= 110:
            meter.alarm(now_utc_ns)
        rate = meter.look(now_utc_ns, rules)
        if rate is not None:
            told.append((second, rate.in_ten_minutes, rate.flooded))
    assert [(at, flooded) for at, _, flooded in told if at in (100, 110)] == [(100, False), (110, True)]
    # The seventh of the eleven is ten minutes old at 670 s, and four are left.
    assert [at for at, _, flooded in told if not flooded][-5:] == [670, 680, 690, 700, 710]
    assert meter.rate.most_in_ten_minutes == 11


@given(st.lists(st.integers(0, 2000), max_size=60))
def test_the_count_is_that_of_the_last_ten_minutes_whatever_comes(seconds: list[int]) -> None:
    meter, rules = AlarmMeter(), AlertRules()
    most = 0
    for second in range(0, 2001, 25):
        now_utc_ns = seconds_to_ns(float(second))
        for at in sorted(seconds):
            if second - 25 < at <= second:
                meter.alarm(seconds_to_ns(float(at)))
        meter.look(now_utc_ns, rules)
        count = sum(second - 600 < at <= second for at in seconds)
        most = max(most, count)
        assert meter.rate.in_ten_minutes == count
        assert meter.rate.most_in_ten_minutes == most
        assert count <= 10 or meter.rate.flooded
        assert count >= 5 or not meter.rate.flooded


def test_a_swarm_is_one_alarm() -> None:
    assert Watch(*swarm(40)).look(5).book.rate.in_ten_minutes == 1


def chattering(rules: ResponseRules, minutes: int = 20) -> int:
    """Return how many alerts a track gives that is a threat for ten seconds and none for half a minute."""
    watch = Watch(Flight(), rules=rules)
    for second in range(60 * minutes):
        watch.flights[0].priority = 0.8 if second % 40 < 10 else 0.1
        watch.look()
    assert all(alert.cleared_because for alert in watch.book.alerts if alert.state is AlertState.CLEARED)
    return len(watch.book.alerts)


def test_what_chatters_is_suppressed_by_a_patience_that_is_data() -> None:
    assert chattering(ResponseRules(alerts=AlertRules(chatter_factor=1.0))) == 30
    assert chattering(ResponseRules()) == 2


def test_what_flickers_about_the_threshold_raises_nothing_new() -> None:
    watch = Watch(Flight())
    for second in range(600):
        watch.flights[0].priority = 0.51 if second % 2 else 0.49
        watch.look()
    assert len(watch.book.alerts) == 1
    assert watch.book.rate.most_in_ten_minutes == 1
