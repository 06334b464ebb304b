"""Our tracks as a COURAGEOUS document: every report in its place, alarms when alerts stood, gaps as gaps."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from outgoing_night import NIGHT, SERIAL, at_ns
from skykeep.wire import courageous as c
from skykeep.wire.courageous_out import document_of, encode
from skykeep.wire.outgoing import by_track


def test_a_track_is_told_in_parts_where_it_was_not_seen() -> None:
    document = document_of(NIGHT, Counter())
    ours = [one for one in document.tracks if one.uas_id == 1]
    assert [len(part.records) for part in ours] == [6, 4]
    assert [one.uas_id for one in document.tracks] == [1, 1, 2, 3]
    record = ours[0].records[5]
    assert record.time_utc_ms == at_ns(5) // 1_000_000
    place = record.location
    assert isinstance(place, c.Position3d)
    assert (place.lat_deg, place.lon_deg) == pytest.approx((38.50090, -40.0), abs=1e-5)
    assert place.height_amsl_m == 80.001
    assert record.velocity == c.Velocity(east_mps=12.0, north_mps=-5.0, up_mps=0.5)


def test_the_alarm_is_active_while_the_alert_stood() -> None:
    records = [r for one in document_of(NIGHT, Counter()).tracks if one.uas_id == 1 for r in one.records]
    active = [(r.time_utc_ms - at_ns(0) // 1_000_000) / 1000 for r in records if r.alarm.active]
    assert active == [3.0, 4.0, 5.0, 7.0]
    assert records[0].alarm.certainty == pytest.approx(0.98 * 0.94)


def test_a_bird_is_other_and_a_permitted_drone_says_who_it_is() -> None:
    tracks = {one.uas_id: one.records[0] for one in document_of(NIGHT, Counter()).tracks}
    assert tracks[2].classification is c.Classification.OTHER
    assert tracks[2].alarm == c.Alarm(active=False, certainty=0.0294)
    assert tracks[3].classification is c.Classification.UAV
    assert tracks[3].identification == f"multirotor, neutral, {SERIAL}, permit P-7"


def test_what_was_never_judged_is_unknown() -> None:
    unjudged = [
        msgspec.structs.replace(report, class_probabilities=(0.0, 0.0, 0.0, 0.0, 1e-9))
        for report in NIGHT.tracks[0]
    ]
    document = document_of(msgspec.structs.replace(NIGHT, tracks=by_track(unjudged)), Counter())
    assert {r.classification for one in document.tracks for r in one.records} == {c.Classification.UNKNOWN}


def test_the_system_stands_at_the_origin_above_the_sea() -> None:
    system = document_of(NIGHT, Counter()).static_cuas_location
    assert (system.lat_deg, system.lon_deg) == (38.5, -40.0)
    assert system.height_amsl_m == pytest.approx(-40.0)


def test_records_are_numbered_apart_and_the_document_reads_back() -> None:
    document = c.decode(encode(NIGHT, Counter()))
    numbers = [r.record_number for one in document.tracks for r in one.records]
    assert numbers == list(range(len(numbers)))
    assert document == document_of(NIGHT, Counter())


def test_what_the_format_cannot_hold_is_left_out_and_counted() -> None:
    first, *rest = NIGHT.tracks[0]
    fast = msgspec.structs.replace(first, velocity_enu_mps=(5e3, 0.0, 0.0))
    lost = msgspec.structs.replace(rest[0], latitude_deg=float("nan"))
    left_out: Counter[str] = Counter()
    night = msgspec.structs.replace(NIGHT, tracks=by_track([fast, lost, *rest[1:]]))
    document = document_of(night, left_out)
    assert left_out == {"velocity.east": 1, "location": 1}
    assert len(document.tracks[0].records) == 4
