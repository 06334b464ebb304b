"""Fair turns between sources."""

from __future__ import annotations

import threading

import numpy as np

from skykeep.domain.commands import Tick
from skykeep.domain.sensing import MeasurementKind, Scan, make_scan
from skykeep.feeds.inbox import QUANTUM, Inbox


def a_scan(sensor_id: str, sequence: int, n: int = 1) -> Scan:
    return make_scan(
        sensor_id=sensor_id,
        sequence=sequence,
        kind=MeasurementKind.POSITION,
        time_utc_ns=0,
        received_utc_ns=0,
        measured=np.zeros((n, 3)),
        sigma=np.ones((n, 3)),
    )


def everything(inbox: Inbox) -> list[tuple[str, int]]:
    out = []
    while (record := inbox.take(0.0)) is not None:
        assert isinstance(record, Scan)
        out.append((record.sensor_id, record.sequence))
    return out


def test_one_source_keeps_its_order() -> None:
    inbox = Inbox()
    inbox.put("a", [a_scan("a", k) for k in range(5)])
    assert everything(inbox) == [("a", k) for k in range(5)]


def test_a_source_with_a_thousand_waiting_does_not_starve_one_with_two() -> None:
    inbox = Inbox()
    inbox.put("flood", [a_scan("flood", k, QUANTUM) for k in range(1000)])
    inbox.put("quiet", [a_scan("quiet", k, QUANTUM) for k in range(2)])
    order = everything(inbox)
    assert len(order) == 1002
    assert max(order.index(("quiet", k)) for k in range(2)) < 6


def test_turns_are_worth_detections_not_messages() -> None:
    inbox = Inbox()
    inbox.put("large", [a_scan("large", k, 10 * QUANTUM) for k in range(20)])
    inbox.put("small", [a_scan("small", k, 1) for k in range(1000)])
    order = everything(inbox)
    before_second_large = order[: order.index(("large", 1))]
    assert len(before_second_large) > 500


def test_a_full_queue_lets_go_of_the_oldest_and_counts_it() -> None:
    inbox = Inbox(room=3)
    inbox.put("a", [a_scan("a", k) for k in range(5)])
    inbox.put("b", [a_scan("b", 0)])
    assert sorted(everything(inbox)) == [("a", 2), ("a", 3), ("a", 4), ("b", 0)]
    assert inbox.dropped == {"a": 2}


def test_a_tick_goes_first() -> None:
    inbox = Inbox()
    inbox.put("a", [a_scan("a", 0)])
    inbox.put_first(Tick(time_utc_ns=1))
    assert inbox.take(0.0) == Tick(time_utc_ns=1)
    assert len(inbox) == 1


def test_what_four_threads_put_comes_out_once() -> None:
    inbox = Inbox(room=10_000)
    names = "abcd"

    def put(name: str) -> None:
        for k in range(500):
            inbox.put(name, [a_scan(name, k)])

    threads = [threading.Thread(target=put, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    got: list[tuple[str, int]] = []
    while len(got) < 2000:
        record = inbox.take(5.0)
        assert isinstance(record, Scan)
        got.append((record.sensor_id, record.sequence))
    for thread in threads:
        thread.join()
    for name in names:
        assert [k for n, k in got if n == name] == list(range(500))
