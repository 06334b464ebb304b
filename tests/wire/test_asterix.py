"""ASTERIX: records made with the standard's own tables, the gates, the editions, and real recordings."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from asterix import generated
from hypothesis import given
from hypothesis import strategies as st

from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError, SetupError
from skykeep.feeds.asterix_file import read_records
from skykeep.wire.asterix import Block, decode_block, split_blocks
from skykeep.wire.asterix_editions import choose_edition, known_categories, parse_edition_options
from skykeep.wire.asterix_gates import implausible
from skykeep.wire.capture import is_capture, read_capture

CAT048 = generated.Cat_048_1_27
KNOWN = frozenset(known_categories())


def plot(
    rho_nm: float = 10.0, theta_deg: float = 45.0, time_s: float = 3600.0, level: float = 100.0
) -> bytes:
    """One CAT048 block with one plot, encoded by libasterix."""
    record = CAT048.cv_record.create(
        {
            "010": (("SAC", 25), ("SIC", 201)),
            "140": time_s,
            "040": (("RHO", rho_nm), ("THETA", theta_deg)),
            "090": (0, 0, ("FL", level)),
            "220": 0x3C660C,
        }
    )
    data: bytes = CAT048.create([record]).unparse().to_bytes()
    return data


def is_known(category: int) -> bool:
    return category in KNOWN


def only_record(data: bytes) -> dict[str, Any]:
    blocks, left = split_blocks(data, is_known)
    assert left == []
    (record,) = decode_block(blocks[0], choose_edition(48))
    return record.items


def test_a_plot_reads_back_in_the_units_of_the_standard() -> None:
    items = only_record(plot())
    assert items["040"] == {"RHO": 10.0, "THETA": 45.0}
    assert items["140"] == 3600.0
    assert items["220"] == 0x3C660C
    assert items["090"] == {"V": 0, "G": 0, "FL": 100.0}


STORIES = {
    "two blocks in one datagram": (plot() + plot(), 2, []),
    "a wrapper of length and time before each": (
        b"\0\x20\0\0\1\2" + plot() + b"\0\x20\0\0\1\3" + plot(),
        2,
        ["framing"] * 2,
    ),
    "the trailers of a FINAL recording": (
        plot() + b"\x11\xd2\x8f\x0a\0\0\0\1\x17\0" + plot(),
        2,
        ["framing"],
    ),
    "a header of one repeated octet": (b"\xcd" * 2200 + plot(), 1, []),
    "a trailer that is no block": (plot() + b"\0\0\0", 1, ["trailer"]),
    "a category nobody decodes, then one we do": (b"\xfc\0\x05\1\2" + plot(), 1, ["category_252"]),
    "nothing like a block": (b"\0\0\0\0", 0, ["no_block"]),
    "a length beyond the end": (plot()[:-1], 0, ["no_block"]),
}


@pytest.mark.parametrize(("payload", "blocks", "left"), STORIES.values(), ids=STORIES)
def test_blocks_are_found_in(payload: bytes, blocks: int, left: list[str]) -> None:
    found, rest = split_blocks(payload, is_known)
    assert len(found) == blocks
    assert [reason for reason, _ in rest] == left
    assert all(block.data == plot() for block in found)


DOUBTS = {
    "a time past midnight": (plot(time_s=90_000.0), None, "I048/140"),
    "a level above the sky": (plot(level=2_000.0), None, "I048/090/FL"),
    "a time an hour from its receipt": (plot(time_s=3_600.0), 7_200.0, "s from its receipt"),
    "nothing wrong": (plot(), 3_601.0, None),
    "midnight between the plot and its receipt": (plot(time_s=86_399.0), 1.0, None),
}


@pytest.mark.parametrize(("data", "received_s", "reason"), DOUBTS.values(), ids=DOUBTS)
def test_a_record_is_doubted_for(data: bytes, received_s: float | None, reason: str | None) -> None:
    (record,) = decode_block(Block(category=48, data=data), choose_edition(48))
    doubt = implausible(record, received_s)
    assert doubt is None if reason is None else reason in (doubt or "")


def test_an_older_edition_is_read_with_the_earliest_table_and_says_so() -> None:
    edition = choose_edition(48, "1.21")
    assert (edition.used, edition.substituted) == ("1.27", True)


@pytest.mark.parametrize("wanted", ["1.99", "0.9", "banana"])
def test_an_edition_nobody_has_refuses_to_start(wanted: str) -> None:
    with pytest.raises(SetupError, match=wanted):
        choose_edition(48, wanted)


def test_edition_options_must_look_right() -> None:
    assert parse_edition_options(("48=1.21", "62=1.18")) == {48: "1.21", 62: "1.18"}
    with pytest.raises(SetupError, match="48:1"):
        parse_edition_options(("48:1.21",))


@given(st.sampled_from(sorted(KNOWN)), st.binary(min_size=1, max_size=60))
def test_any_octets_decode_or_raise_a_decode_error(category: int, octets: bytes) -> None:
    block = Block(category=category, data=bytes([category]) + (3 + len(octets)).to_bytes(2, "big") + octets)
    try:
        records = decode_block(block, choose_edition(category))
    except DecodeError:
        records = []
    for record in records:
        assert record.category == category
        implausible(record, 0.0)


# --- real recordings ---------------------------------------------------------------------------------------

FILES = (
    sorted(
        path
        for path in (RECORDINGS / "asterix").rglob("*")
        if path.suffix in (".pcap", ".raw", ".ast", ".gps", ".bin")
    )
    if RECORDINGS.is_dir()
    else []
)


def libasterix_alone(path: Path) -> set[int]:
    """Count the records that libasterix reads in the blocks of a file, with no code of ours but the framing.

    CAT001 can be read in several ways: then there are several counts.
    """
    from asterix.base import Bits, RawDatablock

    data = path.read_bytes()
    payloads = [d.payload for d in read_capture(data, Counter())] if is_capture(data) else [data]
    totals = {0}
    for payload in payloads:
        for block in split_blocks(payload, is_known)[0]:
            tables = generated.manifest["CATS"][block.category]  # type: ignore[index]
            wanted = choose_edition(block.category).used
            (spec,) = [t for t in tables if ".".join(map(str, t.cv_edition)) == wanted]
            raw = RawDatablock.parse(Bits.from_bytes(block.data))
            assert not isinstance(raw, ValueError)
            bits = raw[0].get_raw_records()
            found = (
                spec.cv_uap.parse(bits) if hasattr(spec, "cv_record") else spec.cv_uap.parse_any_uap(bits, 64)
            )
            if isinstance(found, ValueError):
                continue
            lengths = {len(found)} if hasattr(spec, "cv_record") else {len(way) for way in found} or {0}
            totals = {total + length for total in totals for length in lengths}
    return totals


@needs_recordings
@pytest.mark.recordings
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_record_that_libasterix_reads_is_decoded(path: Path) -> None:
    counts: Counter[str] = Counter()
    assert sum(1 for _ in read_records(path, {}, counts)) in libasterix_alone(path)
    assert counts["records"] == counts["accepted"] + sum(
        number for name, number in counts.items() if name.startswith("rejected: I")
    )


@needs_recordings
@pytest.mark.recordings
def test_a_real_capture_agrees_with_another_decoder_field_by_field() -> None:
    folder = RECORDINGS / "asterix" / "croatia"
    lines = gzip.decompress((folder / "cat_034_048.pcap.expected.jsonl.gz").read_bytes()).splitlines()
    expected = [json.loads(line) for line in lines]
    ours = list(read_records(folder / "cat_034_048.pcap", {48: "1.21"}, Counter()))
    assert len(ours) == len(expected) == 162
    for timed, other in zip(ours, expected, strict=True):
        items = timed.record.items
        assert timed.record.category == other["cat"]
        if "sac" in other:
            assert (items["010"]["SAC"], items["010"]["SIC"]) == (other["sac"], other["sic"])
        assert items["140" if other["cat"] == 48 else "030"] == pytest.approx(other["tod"], abs=1e-9)
        if other["cat"] == 48:
            place = items.get("040") or {"RHO": None, "THETA": None}
            assert place["RHO"] == (None if other["rho"] is None else pytest.approx(other["rho"], abs=1e-6))
            assert place["THETA"] == (
                None if other["theta"] is None else pytest.approx(other["theta"], abs=1e-6)
            )
            assert items.get("240", "") == (other["tid"] or "").rstrip()
            assert items.get("220") == (None if other["addr"] is None else int(other["addr"], 16))


@needs_recordings
@pytest.mark.recordings
def test_a_foreign_edition_is_not_believed() -> None:
    counts: Counter[str] = Counter()
    records = list(read_records(RECORDINGS / "asterix" / "croatia" / "asterix.pcap", {}, counts))
    assert counts["accepted"] == 0
    assert len(records) > 0


@needs_recordings
@pytest.mark.recordings
def test_ten_thousand_mutations_of_real_recordings_never_crash(tmp_path: Path) -> None:
    dice = random.Random(20310503)
    originals = [path.read_bytes() for path in FILES]
    victim = tmp_path / "mutated"
    outcomes: Counter[str] = Counter()
    for _ in range(10_000):
        data = bytearray(dice.choice(originals))
        # A whole capture is 100 datagrams: a window keeps each round short and every octet in reach.
        if len(data) > 400 and not is_capture(bytes(data)):
            start = dice.randrange(len(data) - 300)
            data = data[start : start + 300]
        elif is_capture(bytes(data)):
            data = data[: 24 + dice.randrange(100, 500)]
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        victim.write_bytes(data)
        counts: Counter[str] = Counter()
        try:
            for _ in read_records(victim, {}, counts):
                pass
        except DecodeError:
            outcomes["no capture any more"] += 1
        outcomes["accepted"] += counts["accepted"]
        outcomes["rejected"] += sum(n for name, n in counts.items() if name.startswith("rejected"))
    print(dict(outcomes))  # noqa: T201
    assert outcomes["accepted"] > 1_000
    assert outcomes["rejected"] > 1_000
