"""Feed arbitrary bytes to the sensor contract: only refusals, never an exception."""

import sys

import atheris

with atheris.instrument_imports():
    from skykeep.base.errors import DecodeError
    from skykeep.wire.contract_codec import LineFramer, decode, encode


def one(data: bytes) -> None:
    try:
        for line in LineFramer().feed(data + b"\n"):
            message = decode(line)
            assert decode(encode(message)) == message
    except DecodeError:
        return


atheris.Setup(sys.argv, one)
atheris.Fuzz()
