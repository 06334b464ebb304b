"""Cursor on Target under atheris: any octets decode, or raise DecodeError."""

import sys

import atheris

with atheris.instrument_imports():
    from skykeep.base.errors import DecodeError
    from skykeep.wire.cot_detail import read_detail
    from skykeep.wire.cot_framer import CotFramer
    from skykeep.wire.cot_proto import decode_message
    from skykeep.wire.cot_xml import encode_xml


def try_one(data: bytes) -> None:
    try:
        for message in (data, *CotFramer().feed(data)):
            event = decode_message(message).event
            if event is not None:
                read_detail(event.detail)
                encode_xml(event)
    except DecodeError:
        return


atheris.Setup(sys.argv, try_one)
atheris.Fuzz()
