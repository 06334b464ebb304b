"""A walk along a log: by hand, then every way of tampering that a log can suffer."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.domain.encoding import encode_json
from skykeep.domain.record import EntryRole, LogEntry, Redaction
from skykeep.evidence.checkpoint import Checkpoint
from skykeep.evidence.entry import digest_of, seal_entry, simulated_salts, take_out
from skykeep.evidence.log_walk import Fault, StoredNode, WalkReport, walk_log
from skykeep.evidence.merkle import EMPTY_ROOT, WIDTH, Frontier

SALTS = simulated_salts("walk", 1)


def make_log(count: int, payload: bytes = b'{"n":%d}') -> list[LogEntry]:
    return [
        seal_entry(
            n,
            1_000 * n,
            EntryRole.INPUT if n % 2 else EntryRole.OUTPUT,
            "scan" if n % 2 else "picture",
            payload % n,
            SALTS,
        )
        for n in range(1, count + 1)
    ]


def tree_of(log: list[LogEntry]) -> tuple[StoredNode, bytes]:
    """Return what would have been kept of the tree of `log`, and its root."""
    frontier, nodes = Frontier(), {}
    for entry in log:
        for level, node in frontier.append(entry.digest):
            nodes[level, frontier.size // WIDTH**level - 1] = node
    return (lambda level, number: nodes.get((level, number))), frontier.root()


def sealed(entries: int, root: bytes) -> Checkpoint:
    return Checkpoint(origin="walk", entries=entries, root=root, time_utc_ns=0, sealed=True)


def walk(original: list[LogEntry], found: list[LogEntry]) -> WalkReport:
    """Walk what was found of a log that was closed in good order."""
    stored_node, root = tree_of(original)
    return walk_log(found, stored_node=stored_node, checkpoints=(sealed(len(original), root),))


def first_fault(report: WalkReport) -> Fault:
    fault = report.first_bad or report.missing_end
    assert fault is not None
    return fault


def test_an_untouched_log_is_sound() -> None:
    log = make_log(300)

    report = walk(log, log)

    assert (report.entries, report.first_bad, report.missing_end) == (300, None, None)
    assert report.root == tree_of(log)[1]
    assert walk_log([]).root == EMPTY_ROOT


def test_a_clock_that_goes_back_is_noted_and_is_no_fault() -> None:
    log = make_log(2)
    late = seal_entry(3, 500, EntryRole.INPUT, "scan", b"{}", SALTS)

    report = walk_log([*log, late])

    assert report.first_bad is None
    assert report.clock_went_back == ((3, log[-1].time_utc_ns - 500),)


TAMPERED: dict[str, tuple[Callable[[list[LogEntry]], list[LogEntry]], int, str]] = {
    "payload altered": (lambda log: _with(log, 3, payload=b'{"n":9}'), 3, "content"),
    "payload cut": (lambda log: _with(log, 3, payload=b'{"n":'), 3, "payload"),
    "time altered": (lambda log: _with(log, 3, time_utc_ns=3_001), 3, "content"),
    "kind altered": (lambda log: _with(log, 3, kind="picture"), 3, "kind"),
    "role altered": (lambda log: _with(log, 3, role=EntryRole.OUTPUT), 3, "role"),
    "role nonsense": (lambda log: _with(log, 3, role="inpus"), 3, "role"),
    "salt altered": (lambda log: _with(log, 3, segments=log[2].segments[:-1] + b"x"), 3, "content"),
    "segments nonsense": (lambda log: _with(log, 3, segments=b"\2" * 21), 3, "payload"),
    "sequence altered": (lambda log: _with(log, 3, sequence=7), 3, "sequence"),
    "sequence of another type": (lambda log: _with(log, 3, sequence="3"), 3, "sequence"),
    "digest altered": (lambda log: _with(log, 3, digest=b"0" * 32), 3, "digest"),
    "last digest altered": (lambda log: _with(log, 40, digest=b"0" * 32), 40, "digest"),
    "payload of another type": (lambda log: _with(log, 3, payload=None), 3, "payload"),
    "time of another type": (lambda log: _with(log, 3, time_utc_ns="late"), 3, "time_utc_ns"),
    "first dropped": (lambda log: log[1:], 1, "sequence"),
    "one dropped": (lambda log: [*log[:2], *log[3:]], 3, "sequence"),
    "two dropped": (lambda log: [*log[:1], *log[3:]], 2, "sequence"),
    "one dropped and numbered on": (
        lambda log: [*log[:2], *(_numbered(e, e.sequence - 1) for e in log[3:])],
        3,
        "content",
    ),
    "end cut off": (lambda log: log[:37], 38, "sequence"),
    "all gone": (lambda log: [], 1, "sequence"),
    "one twice": (lambda log: [*log[:3], *log[2:]], 3, "sequence"),
    "two swapped": (lambda log: [log[0], log[2], log[1], *log[3:]], 2, "sequence"),
    "two swapped and numbered": (
        lambda log: [log[0], _numbered(log[2], 2), _numbered(log[1], 3), *log[3:]],
        2,
        "content",
    ),
    "one put in and numbered on": (
        lambda log: [*log[:2], _forged(3), *(_numbered(e, e.sequence + 1) for e in log[2:])],
        4,
        "content",
    ),
    "one replaced with its digest": (lambda log: [*log[:19], _forged(20), *log[20:]], 17, "tree"),
    "the last one replaced with its digest": (lambda log: [*log[:39], _forged(40)], 1, "root"),
    "one put in and all digests made anew": (
        lambda log: [*log[:2], _forged(3), *(_resealed(e, e.sequence + 1) for e in log[2:39])],
        1,
        "tree",
    ),
}


def _with(log: list[LogEntry], at: int, /, **changes: object) -> list[LogEntry]:
    return [msgspec.structs.replace(e, **changes) if e.sequence == at else e for e in log]


def _forged(sequence: int) -> LogEntry:
    return seal_entry(sequence, 3_000, EntryRole.INPUT, "scan", b"forged", SALTS)


def _numbered(entry: LogEntry, sequence: int) -> LogEntry:
    return msgspec.structs.replace(entry, sequence=sequence)


def _resealed(entry: LogEntry, sequence: int) -> LogEntry:
    numbered = _numbered(entry, sequence)
    return msgspec.structs.replace(numbered, digest=digest_of(numbered))


@pytest.mark.parametrize("story", TAMPERED)
def test_tampering_is_named_at_its_first_entry(story: str) -> None:
    tamper, sequence, field = TAMPERED[story]
    log = make_log(40)

    fault = first_fault(walk(log, tamper(log)))

    assert (fault.sequence, fault.field) == (sequence, field), fault
    assert str(sequence) in fault.sentence


def test_a_log_made_anew_after_a_checkpoint_left_the_house_is_placed_between_two_of_them() -> None:
    log = make_log(60)
    anew = [*log[:29], _forged(30), *log[30:]]
    stored_node, root = tree_of(anew)
    outside = [sealed(size, tree_of(log[:size])[1]) for size in (10, 25, 40, 60)]

    inside_only = walk_log(anew, stored_node=stored_node, checkpoints=(sealed(60, root),))
    report = walk_log(anew, stored_node=stored_node, checkpoints=outside)

    assert inside_only.first_bad is None, "whoever holds everything can make everything anew"
    assert report.first_bad is not None
    assert report.first_bad.field == "root"
    assert report.first_bad.sentence.startswith("entries 26 to 40: the checkpoint of 1970-01-01T00:00:00")


def test_a_hash_of_the_tree_that_was_changed_is_named_with_its_entries() -> None:
    log = make_log(300)
    stored_node, _ = tree_of(log)

    for level, number, first, last in ((1, 3, 49, 64), (2, 0, 1, 256)):
        for wrong in (None, b"0" * 32, "text"):

            def changed(a: int, b: int, at: tuple[int, int] = (level, number), to: object = wrong) -> object:
                return to if (a, b) == at else stored_node(a, b)

            report = walk_log(log, stored_node=changed)
            assert report.first_bad is not None
            assert report.first_bad.sentence.startswith(
                f"entries {first} to {last}: the hash kept of the tree"
            )


def test_one_altered_payload_counts_once() -> None:
    log = make_log(50)

    assert walk(log, _with(log, 7, payload=b'{"n":8}')).faults == 1


bit_flips = st.tuples(st.integers(1, 12), st.integers(0, 10_000), st.integers(0, 7))


@given(bit_flips)
def test_any_flipped_bit_of_any_payload_names_that_entry(flip: tuple[int, int, int]) -> None:
    sequence, at, bit = flip
    log = make_log(12)
    payload = bytearray(log[sequence - 1].payload)
    payload[at % len(payload)] ^= 1 << bit

    report = walk_log(_with(log, sequence, payload=bytes(payload)))

    assert report.first_bad is not None
    assert report.first_bad.sequence == sequence


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_only_the_whole_log_in_its_order_is_sound(order: list[int], dropped: set[int]) -> None:
    log = make_log(8)
    shown = [log[i] for i in order if i not in dropped]

    report = walk_log(shown)

    # What is left is sound exactly when it is an unbroken run from the first entry: a cut tail is a
    # checkpoint's business.
    assert (report.first_bad is None) == (shown == log[: len(shown)])
    assert (walk(log, shown).missing_end is None) == (bool(shown) and max(e.sequence for e in shown) == 8)


def redacted(log: list[LogEntry], at: int, said: tuple[int, ...], gone: frozenset[int]) -> list[LogEntry]:
    """Return the log with segments `gone` of entry `at` taken out and `said` of it on record."""
    redaction = Redaction(
        sequence=at, segments=said, paths=("",), by="officer", because="asked for", rule="", time_utc_ns=9
    )
    record = encode_json(redaction)
    on_record = seal_entry(len(log) + 1, 9_000_000, EntryRole.INPUT, "redacted", record, SALTS)
    return [*(take_out(e, gone) if e.sequence == at else e for e in log), on_record]


def test_what_was_taken_out_on_record_is_no_fault() -> None:
    log = make_log(20)

    report = walk_log(redacted(log, 5, (0,), frozenset({0})))

    assert (report.first_bad, report.still_there) == (None, ())
    assert [r.by for r in report.redactions] == ["officer"]


def test_what_is_gone_without_a_record_or_beyond_it_is_a_fault() -> None:
    log = [*make_log(4), seal_entry(5, 5_000, EntryRole.INPUT, "report", b'{"text":"x"}', SALTS)]

    for found in (redacted(log, 5, (1,), frozenset({1}))[:-1], redacted(log, 5, (1,), frozenset({0, 1}))):
        report = walk_log(found)
        assert report.first_bad is not None
        assert report.first_bad.sentence == (
            "entry 5: a part of it is gone, and no entry says who took it out and why."
        )


def test_a_redaction_does_not_hide_an_alteration() -> None:
    log = redacted(make_log(20), 5, (0,), frozenset({0}))
    other = seal_entry(5, 5_000, EntryRole.INPUT, "scan", b'{"n":"harmless"}', SALTS)

    report = walk_log([*log[:4], take_out(other, frozenset({0})), *log[5:]], stored_node=tree_of(log)[0])

    assert report.first_bad is not None
    assert report.first_bad.sequence == 1, "the first of the sixteen over which the tree was kept"


def test_a_redaction_on_record_that_was_not_carried_out_is_told() -> None:
    assert walk_log([*make_log(4), redacted(make_log(4), 2, (0,), frozenset({0}))[-1]]).still_there == (2,)


def test_a_redaction_that_cannot_be_read_is_a_fault() -> None:
    unread = seal_entry(5, 5_000, EntryRole.INPUT, "redacted", b'{"sequence":2}', SALTS)

    assert "it is no redaction" in first_fault(walk_log([*make_log(4), unread])).sentence


def test_who_redacted_can_not_be_redacted() -> None:
    log = redacted(make_log(4), 2, (0,), frozenset({0}))
    covered = redacted(log, 5, (0,), frozenset({0}))

    # The record of what was taken out of entry 2 is gone, so that entry is the first without one.
    assert walk_log(covered).faults == 3
    assert first_fault(walk_log(covered)).sequence == 2
