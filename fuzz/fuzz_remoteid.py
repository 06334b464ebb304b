"""Coverage-guided fuzzing of Remote ID, until it is stopped: `python fuzz/fuzz_remoteid.py CORPUS`."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports():
    from skykeep.base.errors import DecodeError
    from skykeep.wire.remoteid import decode_message
    from skykeep.wire.remoteid_carriers import LINK_TYPES, messages_of, read_octets, read_packet
    from skykeep.wire.remoteid_encode import encode_message
    from skykeep.wire.remoteid_makers import decode_dji, decode_french
    from skykeep.wire.remoteid_network import decode_answer
    from skykeep.wire.remoteid_receiver import read_line

KINDS = sorted(LINK_TYPES)


def try_one(data: bytes) -> None:
    """Only refusals, never another exception; what is accepted can be written and read again."""
    which, rest = data[:1], data[1:]
    if not which:
        return
    for heard in (*read_packet(KINDS[which[0] % len(KINDS)], rest).heard, *read_octets(rest).heard):
        messages, _ = messages_of(heard)
        for message in messages:
            decode_message(encode_message(message))
    for decode in (decode_dji, decode_french, decode_answer, read_line):
        try:
            decode(rest)
        except DecodeError:
            continue


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
