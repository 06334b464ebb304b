"""ASTERIX under atheris: `python fuzz/fuzz_asterix.py [corpus]`. Any octets are read, or refused by name, and
the compiled reader says what libasterix says.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports():
    from skykeep.base.errors import DecodeError
    from skykeep.wire.asterix import Block, decode_block
    from skykeep.wire.asterix_editions import choose_edition, known_categories
    from skykeep.wire.asterix_fast import read_block
    from skykeep.wire.asterix_gates import implausible

CATEGORIES = known_categories()


def read_both_ways(octets: bytes) -> None:
    """Read one block whose category is chosen by the first octet."""
    if len(octets) < 2:
        return
    category = CATEGORIES[octets[0] % len(CATEGORIES)]
    length = (len(octets) + 2).to_bytes(2, "big")
    block, edition = (
        Block(category=category, data=bytes([category]) + length + octets[1:]),
        choose_edition(category),
    )
    answers = []
    for read in (decode_block, read_block):
        try:
            answers.append(read(block, edition))
        except DecodeError:
            answers.append(None)
    if answers[0] != answers[1]:
        raise AssertionError(block.data.hex())
    for record in answers[0] or ():
        implausible(record, 0.0)


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_both_ways)
    atheris.Fuzz()
