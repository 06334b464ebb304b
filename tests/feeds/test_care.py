"""What is kept in mind about a source: the sentences a person reads, and what goes on to the watch."""

from __future__ import annotations

import threading
from collections import Counter

import msgspec
import numpy as np
import pytest

from skykeep.base.clock import NS_PER_S, ManualClock, seconds_to_ns
from skykeep.domain.feed import Refusal, SourceState, Taken
from skykeep.domain.sensing import (
    Claim,
    ClaimKind,
    MeasurementKind,
    Scan,
    SensorState,
    SensorStatus,
    make_scan,
)
from skykeep.feeds.care import KEPT_PER_MINUTE, CareRules, SourceCare
from skykeep.feeds.inbox import Inbox
from skykeep.feeds.spout import Spout
from skykeep.feeds.wording import refused_says

START_NS = 2_000_000_000 * NS_PER_S
DAY_S = 86_400.0


def at(second: float) -> int:
    return START_NS + seconds_to_ns(second)


def a_scan(second: float, n: int = 2, error_s: float = 0.0, seed: int | None = None) -> Scan:
    """Return n detections seen at `second` by a sensor whose clock shows `error_s` too much."""
    dice = np.random.default_rng(int(1000 * second) if seed is None else seed)
    return make_scan(
        sensor_id="radar",
        sequence=int(second),
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=at(second + error_s),
        received_utc_ns=at(second + 0.1),
        measured=dice.uniform(1.0, 1000.0, (n, 3)),
        sigma=np.ones((n, 3)),
    )


def feed(care: SourceCare, scan: Scan) -> tuple[Scan, ...]:
    care.heard(scan.received_utc_ns)
    out = care.take(Taken(records=(scan,)), scan.received_utc_ns)
    return tuple(record for record in out if isinstance(record, Scan))


def a_refusal(k: int = 0) -> Taken:
    return Taken(refusals=(Refusal(field="azimuth", found=str(400 + k), must="below 360", data=b"\x30\x00"),))


def refuse(care: SourceCare, second: float, k: int = 0) -> None:
    care.heard(at(second))
    care.take(a_refusal(k), at(second))


def seconds_of_good(care: SourceCare, start: int, count: int) -> None:
    for second in range(start, start + count):
        feed(care, a_scan(second))


def test_nothing_was_heard_yet() -> None:
    health = SourceCare("radar").health(at(0))
    assert health.state is SourceState.WAITING
    assert health.says == ("Nothing was heard of it yet.",)


def test_a_good_source_is_ok_and_its_scans_go_on_unchanged() -> None:
    care = SourceCare("radar")
    for second in range(30):
        scan = a_scan(second)
        assert feed(care, scan) == (scan,)
    health = care.health(at(30))
    assert health.state is SourceState.OK
    assert (health.heard, health.records, health.refused) == (30, 30, 0)
    assert health.latency_s == pytest.approx(0.1)
    assert care.events() == ()


def test_a_source_that_falls_silent_and_comes_back_is_told_of_both() -> None:
    care = SourceCare("radar")
    seconds_of_good(care, 0, 10)
    for second in range(10, 20):
        care.pass_time(at(second))
    assert care.health(at(20)).state is SourceState.SILENT
    assert care.health(at(20)).says == ("Nothing heard for 11 s: is it unplugged, or the line to it down?",)
    seconds_of_good(care, 20, 2)
    assert [event.says for event in care.events()] == [
        "Nothing heard for 6 s: is it unplugged, or the line to it down?",
        "It is well again (it was silent).",
    ]


def test_where_silence_says_nothing_it_is_not_held_against_anyone() -> None:
    care = SourceCare("people", CareRules(period_s=0.0))
    care.heard(at(0))
    assert care.health(at(3600)).state is SourceState.OK


def test_times_of_a_wrong_clock_are_put_right() -> None:
    care = SourceCare("radar")
    for second in range(20):
        (record,) = feed(care, a_scan(second, error_s=-3.0))
    assert record.time_utc_ns == pytest.approx(at(19), abs=1_000_000)
    health = care.health(at(20))
    assert health.state is SourceState.CLOCK_WRONG
    assert health.says == (
        "Its clock is 3.0 s behind ours, or its data take that long; its times are put right.",
    )


def test_yesterdays_data_are_held_back_and_said_to_be_old() -> None:
    care = SourceCare("radar")
    going_on = [feed(care, a_scan(second, error_s=-DAY_S)) for second in range(30)]
    assert sum(map(len, going_on)) <= 4
    health = care.health(at(30))
    assert health.state is SourceState.QUARANTINED
    assert "its data are 24.0 h old: a recording, or a clock set wrong." in health.says[0]
    assert health.held_back >= 26


def test_another_edition_is_quarantined_with_its_reason_and_lifted_when_it_is_right() -> None:
    care = SourceCare("radar")
    for k in range(50):
        refuse(care, 0.1 * k, k)
    health = care.health(at(5))
    assert health.state is SourceState.QUARANTINED
    assert "100 % of its messages are refused, mostly for azimuth: must be below 360" in health.says[0]
    assert "is its edition or format another one?" in health.says[0]
    seconds_of_good(care, 5, 30)
    assert care.health(at(35)).state is not SourceState.QUARANTINED
    kinds = [event.kind for event in care.events()]
    assert kinds.index("quarantine") < kinds.index("quarantine_lifted")


def test_refused_data_are_counted_all_and_kept_ten_a_minute() -> None:
    care = SourceCare("radar")
    for k in range(40):
        refuse(care, 0.5 * k, k)
    kept = [event for event in care.events() if event.kind == "refused"]
    assert len(kept) == KEPT_PER_MINUTE
    assert kept[0].says == "azimuth: 400, must be below 360"
    assert kept[0].data == b"\x30\x00"
    assert care.health(at(20)).refused == 40
    assert care.health(at(20)).refused_because == {"azimuth: must be below 360": 40}


def test_some_bad_messages_make_it_noisy_and_the_good_ones_are_used() -> None:
    care = SourceCare("radar")
    used = 0
    for k in range(100):
        if k % 3 == 0:
            refuse(care, k)
        else:
            used += len(feed(care, a_scan(k)))
    assert care.health(at(100)).state is SourceState.NOISY
    assert used == 66


def test_a_source_that_repeats_itself_is_stuck_and_an_empty_sky_is_not() -> None:
    care, empty = SourceCare("radar"), SourceCare("radar")
    for second in range(10):
        feed(care, a_scan(second, seed=1))
        feed(empty, a_scan(second, n=0))
    assert care.health(at(10)).state is SourceState.STUCK
    assert empty.health(at(10)).state is SourceState.OK


def test_far_more_than_usual_is_said_and_still_used() -> None:
    care = SourceCare("radar")
    seconds_of_good(care, 0, 60)
    for second in range(60, 65):
        assert len(feed(care, a_scan(second, n=200))) == 1
    assert care.health(at(65)).state is SourceState.SWAMPED


def test_a_flood_is_counted_where_it_was_lost_and_passes() -> None:
    care = SourceCare("radar")
    seconds_of_good(care, 0, 5)
    care.dropped(7, "rate", at(5))
    care.dropped(5, "kernel", at(5))
    health = care.health(at(5))
    assert health.state is SourceState.FLOODING
    assert health.says[0] == "It sends faster than can be taken: 12 lost so far."
    assert (health.dropped_rate, health.dropped_kernel) == (7, 5)
    seconds_of_good(care, 6, 10)
    assert care.health(at(15)).state is SourceState.OK


def test_what_a_sensor_says_of_itself_is_passed_on() -> None:
    care = SourceCare("radar")
    status = SensorStatus(
        sensor_id="radar",
        sequence=1,
        time_utc_ns=at(0),
        received_utc_ns=at(0.1),
        state=SensorState.DEGRADED,
        says="transmitter at half power",
    )
    care.heard(at(0.1))
    assert care.take(Taken(records=(status,)), at(0.1)) == (status,)
    assert care.health(at(0.2)).says == ("It says of itself: transmitter at half power",)


def test_a_person_may_lift_a_quarantine() -> None:
    care = SourceCare("radar")
    care.quarantine("it was moved", at(0))
    assert feed(care, a_scan(1)) == ()
    care.lift("surveyed anew", at(2))
    assert len(feed(care, a_scan(3))) == 1


def test_refusals_of_times_do_not_speak_of_editions() -> None:
    assert refused_says(1.0, Counter(["timestamp: must be within 60 s"])).endswith(
        "is it a recording, or is its clock set wrong?"
    )
    assert refused_says(0.6, Counter(["CAT048: must be new"])).endswith(
        "does it come twice, or is it a recording?"
    )
    assert refused_says(1.0, Counter(["node_id: must be ours"])).endswith("does another sensor send here?")
    assert refused_says(1.0, Counter(["I048/040: must be 4 octets"])).endswith(
        "is its edition or format another one?"
    )


def test_a_bound_that_is_another_one_each_time_is_one_reason() -> None:
    care = SourceCare("radar")
    for k in range(60):
        refusal = Refusal(field="sequence", found=str(k), must=f"above {k}")
        care.take(Taken(refusals=(refusal,)), at(0.1 * k))
    assert max(care.health(at(6)).refused_because.items(), key=lambda item: item[1]) == ("sequence", 56)
    assert "mostly for sequence: does it come twice" in care.health(at(6)).says[0]


def test_one_record_of_another_day_is_held_back_alone() -> None:
    care = SourceCare("radar")
    seconds_of_good(care, 0, 10)
    assert feed(care, a_scan(10, error_s=-DAY_S)) == ()
    assert feed(care, a_scan(11, error_s=DAY_S)) == ()
    assert len(feed(care, a_scan(12))) == 1
    assert care.health(at(12)).state is SourceState.OK


def test_a_record_without_a_time_of_its_own_tells_nothing_of_a_clock() -> None:
    care = SourceCare("radar")
    for second in range(10):
        feed(care, a_scan(second, error_s=-3.0))
    plain = msgspec.structs.replace(a_scan(10), time_utc_ns=at(10.1))
    assert feed(care, plain) == (plain,)
    assert care.health(at(10)).state is SourceState.CLOCK_WRONG
    assert care.health(at(10)).clock_offset_s == pytest.approx(3.0)


def test_each_that_claims_has_a_clock_of_its_own() -> None:
    care = SourceCare("receiver")
    for second in range(20):
        for name, error_s in (("right", 0.0), ("wrong", 5.0)):
            claim = Claim(
                sensor_id="receiver",
                sequence=second,
                kind=ClaimKind.REMOTE_ID,
                claimed_id=name,
                time_utc_ns=at(second + error_s),
                received_utc_ns=at(second + 0.1),
                position_enu_m=(0.0, 0.0, 0.0),
                velocity_enu_mps=None,
                sigma_m=(3.0, 5.0),
            )
            care.heard(at(second + 0.1))
            (out,) = care.take(Taken(records=(claim,)), at(second + 0.1))
            assert isinstance(out, Claim)
            assert out.time_utc_ns == pytest.approx(at(second), abs=1_000)
    assert care.health(at(20)).state is SourceState.OK


def test_a_line_that_is_down_is_said_until_something_is_heard() -> None:
    care = SourceCare("adsb", CareRules(period_s=0.0))
    care.link_lost("192.0.2.20:30005 does not answer; tried again in 1 s.", at(0))
    health = care.health(at(1))
    assert health.state is SourceState.SILENT
    assert health.says[0] == "192.0.2.20:30005 does not answer; tried again in 1 s."
    care.heard(at(2))
    assert care.health(at(2)).state is SourceState.OK


def test_a_display_that_only_takes_is_never_waited_for() -> None:
    care = SourceCare("display", CareRules(period_s=0.0, hears=False))
    assert care.health(at(60)).state is SourceState.OK


def test_how_long_its_data_take_a_sensor_may_say_itself() -> None:
    care = SourceCare("radar")
    for second in range(20):
        status = SensorStatus(
            sensor_id="radar",
            sequence=second,
            time_utc_ns=at(second),
            received_utc_ns=at(second + 2.0),
            state=SensorState.OK,
            latency_s=2.0,
        )
        care.heard(at(second + 2.0))
        (placed,) = care.take(Taken(records=(status,)), at(second + 2.0))
    assert isinstance(placed, SensorStatus)
    assert placed.time_utc_ns == at(19)
    assert care.health(at(22)).state is SourceState.OK


def test_two_threads_may_ask_and_put_at_once() -> None:
    spout = Spout("radar", Inbox(), ManualClock(START_NS), lambda _: CareRules())
    stop = threading.Event()
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            while not stop.is_set():
                spout.look_up()
                spout.health()
        except BaseException as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    refused = 0
    for k in range(3_000):
        spout.admit()
        refused += 1
        spout.put(a_refusal(k))
    stop.set()
    asking.join()
    assert failed == []
    assert spout.health()[0].refused == refused
