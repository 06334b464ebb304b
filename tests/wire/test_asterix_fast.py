"""The compiled ASTERIX reader against libasterix: the same records, values and refusals, field by field."""

from __future__ import annotations

import random
from collections import Counter
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_asterix import made_block
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.wire.asterix import AsterixRecord, Block, decode_block, split_blocks
from skykeep.wire.asterix_editions import Edition, choose_edition, editions_at_hand, known_categories
from skykeep.wire.asterix_fast import read_block, read_columns
from skykeep.wire.asterix_layout import layout_of
from skykeep.wire.capture import is_capture, read_capture

FAST = (48, 62, 34, 10, 21)
EDITIONS = [choose_edition(category, edition) for category in FAST for edition in editions_at_hand(category)]
IN_FLAT_CATEGORIES = [category for category in known_categories() if layout_of(choose_edition(category))]

PLOT = Block(category=48, data=bytes.fromhex("300010f0 19c9 708000 a0 0a002000".replace(" ", "")))


def both(block: Block, edition: Edition) -> tuple[list[AsterixRecord] | None, list[AsterixRecord] | None]:
    """Read by libasterix and by us; None where it was refused."""
    answers: list[list[AsterixRecord] | None] = []
    for read in (decode_block, read_block):
        try:
            answers.append(read(block, edition))
        except DecodeError:
            answers.append(None)
    return answers[0], answers[1]


def test_a_plot_laid_out_by_hand() -> None:
    columns = read_columns([PLOT, PLOT], choose_edition(48))
    assert columns is not None
    assert len(columns) == 2
    assert columns.values("010/SAC").tolist() == [25.0, 25.0]
    assert columns.values("140").tolist() == [0x708000 / 128] * 2
    assert columns.values("040/RHO").tolist() == [10.0, 10.0]
    assert columns.values("040/THETA").tolist() == [45.0, 45.0]
    assert not columns.has("090/FL").any()
    assert np.isnan(columns.values("090/FL")).all()
    assert np.isnan(columns.values("no such field")).all()


def test_a_bad_block_between_two_good_ones_costs_them_nothing() -> None:
    torn = Block(category=48, data=b"\x30\0\x0f" + PLOT.data[3:-1])
    columns = read_columns([PLOT, torn, PLOT], choose_edition(48))
    assert columns is not None
    assert columns.block.tolist() == [0, 2]
    ((number, error),) = columns.errors
    assert number == 1
    assert str(error) == "CAT048: 040: cut short at octet 10, must be records of edition 1.27"


def test_all_fast_categories_have_a_layout_in_every_edition() -> None:
    assert all(layout_of(edition) is not None for edition in EDITIONS)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: f"{e.category:03d}-{e.used}")
def test_records_made_at_random_read_alike(edition: Edition) -> None:
    dice = random.Random(edition.category)
    for _ in range(12):
        block = made_block(edition, dice.randrange(1, 4), dice)
        slow, fast = both(block, edition)
        assert slow is not None
        assert fast == slow
        assert [list(one.items) for one in fast] == [list(one.items) for one in slow]


@given(st.sampled_from(EDITIONS), st.randoms(use_true_random=False), st.floats(0.05, 1.0))
def test_any_record_and_any_tear_in_it_read_alike(
    edition: Edition, dice: random.Random, chance: float
) -> None:
    block = made_block(edition, 1, dice, chance)
    slow, fast = both(block, edition)
    assert slow is not None
    assert fast == slow
    cut = dice.randrange(4, len(block.data) + 1)
    torn = Block(category=block.category, data=block.data[:1] + cut.to_bytes(2, "big") + block.data[3:cut])
    slow, fast = both(torn, edition)
    assert fast == slow


@given(st.sampled_from(IN_FLAT_CATEGORIES), st.binary(min_size=1, max_size=80))
def test_any_octets_read_alike_or_are_refused_alike(category: int, octets: bytes) -> None:
    length = (3 + len(octets)).to_bytes(2, "big")
    slow, fast = both(
        Block(category=category, data=bytes([category]) + length + octets), choose_edition(category)
    )
    assert fast == slow


# --- real recordings ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def real_blocks() -> tuple[Block, ...]:
    found = []
    for path in sorted((RECORDINGS / "asterix").rglob("*")):
        if path.suffix in (".pcap", ".raw", ".ast", ".gps", ".bin"):
            data = path.read_bytes()
            payloads = [one.payload for one in read_capture(data, Counter())] if is_capture(data) else [data]
            for payload in payloads:
                found += split_blocks(payload, set(IN_FLAT_CATEGORIES).__contains__)[0]
    return tuple(found)


@needs_recordings
@pytest.mark.recordings
def test_every_real_block_reads_alike_in_every_edition_at_hand() -> None:
    records = refused = 0
    for block in real_blocks():
        for wanted in editions_at_hand(block.category):
            slow, fast = both(block, choose_edition(block.category, wanted))
            assert fast == slow
            records += len(slow or ())
            refused += slow is None
    assert records > 1_000
    assert refused > 100


@needs_recordings
@pytest.mark.recordings
def test_damaged_real_blocks_read_alike_or_are_refused_alike() -> None:
    """Libasterix is slow: of the frames the night asks for, one in ten is compared, all are read."""
    frames = sorted({block.data for block in real_blocks()})
    accepted = refused = 0
    for number, data in enumerate(mutated(frames, frames_to_try(), seed=20310503)):
        if len(data) < 4 or data[0] not in IN_FLAT_CATEGORIES:
            continue
        whole = data[:1] + len(data).to_bytes(2, "big") + data[3:]
        block, edition = Block(category=data[0], data=whole), choose_edition(data[0])
        if number % 10 == 0:
            slow, fast = both(block, edition)
            assert fast == slow
        else:
            try:
                fast = read_block(block, edition)
            except DecodeError:
                fast = None
        accepted, refused = accepted + (fast is not None), refused + (fast is None)
    assert accepted > frames_to_try() // 10
    assert refused > frames_to_try() // 10
