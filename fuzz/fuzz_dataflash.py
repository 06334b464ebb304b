"""DataFlash logs under atheris: `python fuzz/fuzz_dataflash.py CORPUS`. Only DecodeError may come out."""

import contextlib
import sys
from collections import Counter

import atheris

with atheris.instrument_imports():
    from skykeep.base.errors import DecodeError
    from skykeep.geo.frames import LocalFrame
    from skykeep.wire.dataflash import DataflashReader
    from skykeep.wire.flight_log_inputs import ClaimMaker, DataflashClaims

SITE = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=0.0)


def one(data: bytes) -> None:
    """Try one log."""
    claims = DataflashClaims(ClaimMaker("fuzz", {}, SITE, None))
    with contextlib.suppress(DecodeError):
        for message in DataflashReader(b"\xa3\x95\x80" + data, Counter()).messages():
            claims.take(message)


atheris.Setup(sys.argv, one)
atheris.Fuzz()
