"""Real frames, damaged as lines and hands damage them: what a decoder must survive."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence

NIGHT = "SKYKEEP_FUZZ_FRAMES"
IN_CI = 20_000


def frames_to_try() -> int:
    """Return how many damaged frames each codec is given: 20,000, or what the night run asks for."""
    return int(os.environ.get(NIGHT, IN_CI))


def documents_to_try() -> int:
    """Return how many damaged documents a format is given: a document takes the time of some frames."""
    return frames_to_try() // 10


def mutated(frames: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield `count` frames, each one of `frames` with one to four wounds: a bit turned, an octet set, a piece
    cut out, doubled, swapped with another frame's, or the end torn off. The same seed gives the same frames.
    """
    dice = random.Random(seed)
    for _ in range(count):
        data = bytearray(dice.choice(frames))
        for _ in range(dice.randrange(1, 5)):
            _wound(data, frames, dice)
        yield bytes(data)


def _wound(data: bytearray, frames: Sequence[bytes], dice: random.Random) -> None:
    if not data:
        return
    at, kind = dice.randrange(len(data)), dice.randrange(7)
    length = dice.randrange(1, 9)
    if kind <= 1:
        data[at] ^= 1 << dice.randrange(8)
    elif kind == 2:
        data[at] = dice.choice((0x00, 0xFF, 0x7F, 0x80, dice.randrange(256)))
    elif kind == 3:
        del data[at : at + length]
    elif kind == 4:
        data[at:at] = data[at : at + length]
    elif kind == 5:
        other = dice.choice(frames)
        data[at : at + length] = other[at : at + length]
    else:
        del data[at:]
