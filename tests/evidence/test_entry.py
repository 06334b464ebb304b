"""Format 2 by hand; what can be taken out, and that nothing else can change with it."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.domain.encoding import encode_json
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.evidence.entry import (
    FILLER,
    SALT_BYTES,
    digest_of,
    entry_digest,
    gone_segments,
    is_redacted,
    seal_entry,
    segments_of,
    shown_payload,
    simulated_salts,
    take_out,
)
from skykeep.evidence.personal import PERSONAL, Span, personal_spans

SALTS = simulated_salts("parade", 7)
CLAIM = encode_json(
    Claim(
        sensor_id="roof",
        sequence=4,
        kind=ClaimKind.REMOTE_ID,
        claimed_id="1581F4QWD2",
        time_utc_ns=5,
        received_utc_ns=6,
        position_enu_m=(1.0, 2.0, 3.0),
        velocity_enu_mps=None,
        sigma_m=(1.0, 2.0),
        operator_id="PILOT-Ünal",
        operator_position_enu_m=(10.0, 20.0, 0.0),
    )
)


def seal(kind: str, payload: bytes) -> LogEntry:
    return seal_entry(3, -5, EntryRole.INPUT, kind, payload, SALTS)


def field(data: bytes) -> bytes:
    return len(data).to_bytes(8, "big") + data


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_the_digest_by_hand() -> None:
    salt = SALTS(3, 0)
    committed = sha(
        field(b"skykeep commitment 1") + field(b"1") + field(sha(b"skykeep segment 1" + salt + b"{}"))
    )
    by_hand = sha(
        b"\0"
        + field(b"skykeep log entry 2")
        + field(b"3")
        + field(b"-5")
        + field(b"input")
        + field(b"scan")
        + field(committed)
    )
    entry = seal("scan", b"{}")

    assert entry.digest == by_hand
    assert entry.segments == b"\0" + (2).to_bytes(4, "big") + salt


def test_the_digest_of_three_segments_by_hand() -> None:
    payload = b'{"text":"two bangs","kind":"bang"}'
    pieces = [b'{"text":', b'"two bangs"', b',"kind":"bang"}']
    digests = [sha(b"skykeep segment 1" + SALTS(3, n) + piece) for n, piece in enumerate(pieces)]
    committed = sha(field(b"skykeep commitment 1") + field(b"3") + b"".join(map(field, digests)))

    assert seal("report", payload).digest == entry_digest(3, -5, "input", "report", committed)


def test_a_byte_that_moves_from_one_field_into_the_next_changes_the_digest() -> None:
    assert entry_digest(1, 0, "input", "scan", b"sx") != entry_digest(1, 0, "input", "scans", b"x")


def test_the_parts_of_a_claim_that_are_about_a_person_are_cut_out() -> None:
    spans = personal_spans("claim", CLAIM)

    assert [(span.path, CLAIM[span.start : span.end].decode()) for span in spans] == [
        ("claimed_id", '"1581F4QWD2"'),
        ("operator_id", '"PILOT-Ünal"'),
        ("operator_position_enu_m", "[10.0,20.0,0.0]"),
    ]


def test_items_of_lists_are_numbered_and_found_at_any_depth() -> None:
    payload = (
        b'{"permits_put":[{"holder":"A","scope":{"pilots":["B"]}},{"holder":"","scope":{"pilots":[]}},'
        b'{"scope":{"flight":{"pilot_position":[1,2]}},"holder":"C"}],"by":"D"}'
    )

    spans = personal_spans("airspace_change", payload)

    assert [(span.path, payload[span.start : span.end]) for span in spans] == [
        ("permits_put[0].holder", b'"A"'),
        ("permits_put[0].scope.pilots", b'["B"]'),
        ("permits_put[2].scope.flight.pilot_position", b"[1,2]"),
        ("permits_put[2].holder", b'"C"'),
    ]


@pytest.mark.parametrize(
    "payload",
    [
        b'{"text": "a"}',
        b'{"text":"a","text":"b"}',
        b"not json",
        b'{"te\\u0078t":"a"}',
        b'["text"]',
        b'{"text":' + b"[" * 90_000,
    ],
)
def test_what_cannot_be_cut_is_personal_as_a_whole(payload: bytes) -> None:
    assert personal_spans("report", payload) == (Span("", 0, len(payload)),)


def test_what_is_about_nobody_stays_in_one_piece() -> None:
    assert personal_spans("scan", CLAIM) == ()
    assert personal_spans("claim", b"") == ()
    assert len(segments_of(seal("scan", CLAIM).segments, CLAIM)) == 1


def test_what_is_taken_out_is_gone_and_the_digest_stays() -> None:
    entry = seal("claim", CLAIM)

    less = take_out(entry, frozenset({3, 5}))

    assert b"PILOT" not in less.payload + less.segments
    assert SALTS(3, 3) not in less.segments
    assert SALTS(3, 1) in less.segments
    assert digest_of(less) == less.digest == entry.digest
    assert (gone_segments(less), is_redacted(less), is_redacted(entry)) == ((3, 5), True, False)
    shown = msgspec.json.decode(shown_payload(less))
    assert (shown["operator_id"], shown["claimed_id"]) == ("[redacted]", "1581F4QWD2")
    assert [span.path for span in personal_spans("claim", shown_payload(less))] == [
        "claimed_id",
        "operator_id",
        "operator_position_enu_m",
    ], "the same cuts can be found again"


def test_a_whole_payload_can_be_taken_out_and_nothing_twice_over() -> None:
    less = take_out(seal("claim", CLAIM), frozenset(range(7)))

    assert (less.payload, digest_of(less)) == (b"", less.digest)
    assert shown_payload(less) == FILLER * 7
    with pytest.raises(ValueError, match="must be among 0 to 6"):
        take_out(less, frozenset({7}))


json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
names = [name for paths in PERSONAL.values() for path in paths for name in path.replace("[]", "").split(".")]
payloads = st.dictionaries(st.sampled_from(names) | st.text(), json_texts, max_size=5).map(
    msgspec.json.encode
) | st.binary(max_size=60)


@given(st.sampled_from([*PERSONAL, "scan"]), payloads, st.data())
def test_any_payload_is_cut_and_put_together_again(kind: str, payload: bytes, data: st.DataObject) -> None:
    entry = seal(kind, payload)
    segments = segments_of(entry.segments, entry.payload)
    numbers = data.draw(st.frozensets(st.integers(0, len(segments) - 1), min_size=1))

    assert b"".join(segment.data or b"" for segment in segments) == payload
    assert digest_of(entry) == entry.digest
    less = take_out(entry, numbers)
    assert digest_of(less) == entry.digest
    assert gone_segments(less) == tuple(sorted(numbers))


@given(payloads, st.integers(0, 10_000), st.integers(0, 7), st.booleans())
def test_any_flipped_bit_of_payload_or_descriptors_is_seen(
    payload: bytes, at: int, bit: int, in_payload: bool
) -> None:
    entry = seal("claim", payload)
    changed = bytearray(entry.payload if in_payload and payload else entry.segments)
    changed[at % len(changed)] ^= 1 << bit
    name = "payload" if in_payload and payload else "segments"
    other = msgspec.structs.replace(entry, **{name: bytes(changed)})

    try:
        assert digest_of(other) != entry.digest
    except ValueError:
        assert name == "segments", "a flipped bit of the payload leaves it as long as it was"


def test_salts_of_a_simulation_are_its_own_and_no_two_are_the_same() -> None:
    made = {SALTS(sequence, segment) for sequence in range(1, 200) for segment in range(3)}

    assert len(made) == 199 * 3
    assert {len(salt) for salt in made} == {SALT_BYTES}
    assert SALTS(4, 1) == simulated_salts("parade", 7)(4, 1)
    assert SALTS(4, 1) not in (simulated_salts("parade", 8)(4, 1), simulated_salts("parad", 7)(4, 1))
