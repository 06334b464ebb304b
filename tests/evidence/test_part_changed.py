"""Which part of an entry was changed: what its digest shows, and what no digest can."""

from __future__ import annotations

import msgspec
import pytest

from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.entry import seal_entry, simulated_salts
from skykeep.evidence.part_changed import part_changed

KINDS = ("scan", "claim", "picture")
TIME_NS = 1_935_540_847_123_456_789
PAYLOAD = b'{"sensor_id":"radar","time_utc_ns":%d}' % TIME_NS


def written(payload: bytes = PAYLOAD) -> LogEntry:
    return seal_entry(7, TIME_NS, EntryRole.INPUT, "claim", payload, simulated_salts("part", 1))


@pytest.mark.parametrize(
    ("changes", "field", "was"),
    [
        ({"role": EntryRole.OUTPUT}, "role", "input"),
        ({"kind": "scan"}, "kind", "claim"),
        ({"time_utc_ns": TIME_NS - 3_600 * 10**9}, "time_utc_ns", str(TIME_NS)),
    ],
)
def test_what_fits_the_digest_was_there(changes: dict[str, object], field: str, was: str) -> None:
    found, says = part_changed(msgspec.structs.replace(written(), **changes), KINDS, None)
    assert found == field
    assert f"by its digest {was}," in says


def test_a_time_that_the_payload_does_not_name_is_tried_as_that_of_the_entry_before() -> None:
    entry = msgspec.structs.replace(written(b"{}"), time_utc_ns=3)
    assert part_changed(entry, KINDS, TIME_NS)[0] == "time_utc_ns"
    assert part_changed(entry, KINDS, TIME_NS - 1) == (
        "content",
        "its time, kind, payload, a salt or its digest",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": PAYLOAD.replace(b"radar", b"rador")},
        {"segments": written().segments[:-1] + b"x"},
        {"kind": "scan", "role": EntryRole.OUTPUT},
        {"kind": "never heard of", "payload": b"{}" + PAYLOAD[2:]},
    ],
)
def test_what_has_too_many_values_or_two_parts_is_not_guessed(changes: dict[str, object]) -> None:
    assert part_changed(msgspec.structs.replace(written(), **changes), KINDS, None)[0] == "content"
