"""The chain: by hand, then every way of tampering that a log can suffer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.chain import GENESIS_DIGEST, entry_digest, seal_entry, verify_chain


def make_log(count: int, payload: bytes = b'{"n":%d}') -> list[LogEntry]:
    log: list[LogEntry] = []
    for n in range(1, count + 1):
        log.append(
            seal_entry(
                sequence=n,
                time_utc_ns=1_000 * n,
                role=EntryRole.INPUT if n % 2 else EntryRole.OUTPUT,
                kind="scan" if n % 2 else "picture",
                payload=payload % n,
                previous_digest=log[-1].digest if log else GENESIS_DIGEST,
            )
        )
    return log


def test_the_digest_is_sha256_over_fields_each_after_its_length() -> None:
    def field(data: bytes) -> bytes:
        return len(data).to_bytes(8, "big") + data

    genesis = hashlib.sha256(b"skykeep log 1").hexdigest()
    by_hand = hashlib.sha256(
        field(b"skykeep log entry 1")
        + field(b"1")
        + field(b"-5")
        + field(b"input")
        + field(b"scan")
        + field(b"{}")
        + field(genesis.encode())
    ).hexdigest()

    assert entry_digest(1, -5, "input", "scan", b"{}", GENESIS_DIGEST) == by_hand


def test_a_byte_that_moves_from_one_field_into_the_next_changes_the_digest() -> None:
    assert entry_digest(1, 0, "input", "scan", b"s{}", "") != entry_digest(1, 0, "input", "scans", b"{}", "")


def test_an_untouched_log_is_sound() -> None:
    log = make_log(5)

    report = verify_chain(log)

    assert (report.entries, report.first_bad, report.last_digest) == (5, None, log[-1].digest)
    assert verify_chain([]).last_digest == GENESIS_DIGEST


def test_a_clock_that_goes_back_is_noted_and_is_no_fault() -> None:
    log = make_log(2)
    late = seal_entry(
        sequence=3,
        time_utc_ns=500,
        role=EntryRole.INPUT,
        kind="scan",
        payload=b"{}",
        previous_digest=log[-1].digest,
    )

    report = verify_chain([*log, late])

    assert report.first_bad is None
    assert report.clock_went_back == (3,)


TAMPERED: dict[str, tuple[Callable[[list[LogEntry]], list[LogEntry]], int, str]] = {
    "payload altered": (lambda log: _with(log, 3, payload=b'{"n":9}'), 3, "content"),
    "time altered": (lambda log: _with(log, 3, time_utc_ns=3_001), 3, "content"),
    "kind altered": (lambda log: _with(log, 3, kind="claim"), 3, "content"),
    "role altered": (lambda log: _with(log, 3, role=EntryRole.OUTPUT), 3, "content"),
    "role nonsense": (lambda log: _with(log, 3, role="inpus"), 3, "role"),
    "sequence altered": (lambda log: _with(log, 3, sequence=7), 3, "sequence"),
    "digest altered": (lambda log: _with(log, 3, digest="0" * 64), 3, "digest"),
    "last digest altered": (lambda log: _with(log, 5, digest="0" * 64), 5, "content"),
    "previous digest altered": (lambda log: _with(log, 3, previous_digest="0" * 64), 3, "previous_digest"),
    "first previous digest altered": (
        lambda log: _with(log, 1, previous_digest="0" * 64),
        1,
        "previous_digest",
    ),
    "payload of another type": (lambda log: _with(log, 3, payload=None), 3, "payload"),
    "time of another type": (lambda log: _with(log, 3, time_utc_ns="late"), 3, "time_utc_ns"),
    "first dropped": (lambda log: log[1:], 1, "sequence"),
    "one dropped": (lambda log: [*log[:2], *log[3:]], 3, "sequence"),
    "two dropped": (lambda log: [*log[:1], *log[3:]], 2, "sequence"),
    "one twice": (lambda log: [*log[:3], *log[2:]], 3, "sequence"),
    "two swapped": (lambda log: [log[0], log[2], log[1], *log[3:]], 2, "sequence"),
    "one put in and numbered on": (
        lambda log: [*log[:2], _forged(3, log[1].digest), *(_renumbered(e) for e in log[2:])],
        4,
        "content",
    ),
    "one replaced and resealed": (
        lambda log: [*log[:2], _forged(3, log[1].digest), *log[3:]],
        4,
        "previous_digest",
    ),
}


def _with(log: list[LogEntry], at: int, /, **changes: object) -> list[LogEntry]:
    return [msgspec.structs.replace(e, **changes) if e.sequence == at else e for e in log]


def _forged(sequence: int, previous_digest: str) -> LogEntry:
    return seal_entry(
        sequence=sequence,
        time_utc_ns=3_000,
        role=EntryRole.INPUT,
        kind="scan",
        payload=b"forged",
        previous_digest=previous_digest,
    )


def _renumbered(entry: LogEntry) -> LogEntry:
    return msgspec.structs.replace(entry, sequence=entry.sequence + 1)


@pytest.mark.parametrize("story", TAMPERED)
def test_tampering_is_named_at_its_first_entry(story: str) -> None:
    tamper, sequence, field = TAMPERED[story]

    report = verify_chain(tamper(make_log(5)))

    assert report.first_bad is not None
    assert (report.first_bad.sequence, report.first_bad.field) == (sequence, field)
    assert str(sequence) in report.first_bad.sentence


def test_one_altered_payload_counts_once() -> None:
    assert verify_chain(_with(make_log(50), 7, payload=b"x")).faults == 1


bit_flips = st.tuples(st.integers(1, 12), st.integers(0, 10_000), st.integers(0, 7))


@given(bit_flips)
def test_any_flipped_bit_of_any_payload_names_that_entry(flip: tuple[int, int, int]) -> None:
    sequence, at, bit = flip
    log = make_log(12)
    payload = bytearray(log[sequence - 1].payload)
    payload[at % len(payload)] ^= 1 << bit

    report = verify_chain(_with(log, sequence, payload=bytes(payload)))

    assert report.first_bad is not None
    assert report.first_bad.sequence == sequence


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_only_the_whole_log_in_its_order_is_sound(order: list[int], dropped: set[int]) -> None:
    log = make_log(8)
    shown = [log[i] for i in order if i not in dropped]

    report = verify_chain(shown)

    # What is left is sound exactly when it is an unbroken run from the first entry: a cut tail is a
    # checkpoint's business.
    assert (report.first_bad is None) == (shown == log[: len(shown)])
