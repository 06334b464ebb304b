"""Checkpoints catch what a chain cannot: an end cut off."""

from __future__ import annotations

from skykeep.evidence.chain import GENESIS_DIGEST
from skykeep.evidence.chain_head import EMPTY, Checkpoint, checkpoint_faults, checkpoint_text


def test_the_text_to_sign_is_four_lines() -> None:
    assert checkpoint_text(Checkpoint(entries=7, last_digest="ab" * 32, sealed=True)) == (
        "skykeep checkpoint 1\n7\n" + "ab" * 32 + "\nsealed\n"
    )


def test_a_log_shorter_than_its_checkpoint_lost_its_end() -> None:
    (fault,) = checkpoint_faults([Checkpoint(entries=9, last_digest="ab", sealed=False)], {}, entries=6)

    assert fault.sequence == 7
    assert fault.sentence == "entries 7 to 9 are missing: a checkpoint counted 9 entries, the log holds 6."


def test_a_log_rewritten_after_its_checkpoint_is_named() -> None:
    (fault,) = checkpoint_faults(
        [Checkpoint(entries=2, last_digest="ab", sealed=False)], {2: "cd"}, entries=6
    )

    assert (fault.sequence, fault.field) == (2, "digest")


def test_a_log_that_grew_since_is_sound() -> None:
    checkpoint = Checkpoint(entries=2, last_digest="ab", sealed=False)

    assert checkpoint_faults([EMPTY, checkpoint], {2: "ab"}, entries=6) == []
    assert EMPTY.last_digest == GENESIS_DIGEST
