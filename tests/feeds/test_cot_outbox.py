"""What waits for a TAK server: newest only, alarms first, never more than there is room for."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cot_samples import NOW_UTC_NS, SOURCE, track_report
from skykeep.domain.track import TrackStatus
from skykeep.feeds.cot_outbox import Outbox, subject_of
from skykeep.wire.cot import CotEvent
from skykeep.wire.cot_reports import track_event


def track(track_id: int, status: TrackStatus = TrackStatus.CONFIRMED, height_m: float = 50.0) -> CotEvent:
    return track_event(track_report(track_id=track_id, status=status, height_hae_m=height_m), SOURCE)


def alarm(uid: str) -> CotEvent:
    return msgspec.structs.replace(track(1), uid=uid, type="b-a-o-pan")


def drained(outbox: Outbox, now_utc_ns: int = NOW_UTC_NS) -> list[CotEvent]:
    events = []
    while (event := outbox.take(now_utc_ns)) is not None:
        events.append(event)
    return events


def test_a_newer_event_takes_the_place_of_the_one_that_waits() -> None:
    outbox = Outbox()
    for event in (track(1), track(2), track(1, height_m=60.0)):
        outbox.put(event)
    assert drained(outbox) == [track(1, height_m=60.0), track(2)]
    assert outbox.counts == {"queued": 3, "superseded": 1}


def test_alarms_and_deletions_go_first() -> None:
    outbox = Outbox()
    for event in (track(1), alarm("A"), track(2), track(3, TrackStatus.ENDED)):
        outbox.put(event)
    assert [event.type for event in drained(outbox)] == ["b-a-o-pan", "t-x-d-d", "a-s-A-M-H-Q", "a-s-A-M-H-Q"]


def test_a_deletion_takes_the_place_of_its_track_and_the_track_that_of_its_deletion() -> None:
    outbox = Outbox()
    outbox.put(track(1))
    outbox.put(track(1, TrackStatus.ENDED))
    assert len(outbox) == 1
    outbox.put(track(1))
    assert drained(outbox) == [track(1)]


def test_when_full_the_oldest_ordinary_event_makes_room() -> None:
    outbox = Outbox(capacity=2)
    for event in (alarm("A"), track(1), track(2)):
        outbox.put(event)
    assert drained(outbox) == [alarm("A"), track(2)]
    assert outbox.counts["dropped: queue full"] == 1


def test_what_went_stale_while_waiting_is_not_sent() -> None:
    outbox = Outbox()
    outbox.put(track(1))
    assert drained(outbox, NOW_UTC_NS + 16_000_000_000) == []
    assert outbox.counts["dropped: stale before it could be sent"] == 1


events = st.builds(
    lambda number, kind: alarm(f"A{number}") if kind is None else track(number, kind),
    st.integers(1, 6),
    st.sampled_from([None, TrackStatus.CONFIRMED, TrackStatus.ENDED]),
)


@given(st.lists(events, max_size=40), st.integers(1, 5))
def test_nothing_is_lost_uncounted_and_no_subject_waits_twice(sent: list[CotEvent], capacity: int) -> None:
    outbox = Outbox(capacity)
    for event in sent:
        outbox.put(event)
        assert len(outbox) <= capacity
    taken = drained(outbox)
    assert len({subject_of(event) for event in taken}) == len(taken)
    counts = outbox.counts
    assert len(taken) + counts["superseded"] + counts["dropped: queue full"] == counts["queued"] == len(sent)
    if sent and capacity > 1:
        assert sent[-1] in taken
