"""ULog files under atheris: `python fuzz/fuzz_ulog.py CORPUS`. Only DecodeError may come out."""

import contextlib
import sys
from collections import Counter

import atheris

with atheris.instrument_imports():
    from skykeep.base.errors import DecodeError
    from skykeep.feeds.ulog_file import MAGIC, UlogFile
    from skykeep.geo.frames import LocalFrame
    from skykeep.wire.flight_log_inputs import ClaimMaker, ulog_claims

SITE = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=0.0)


def one(data: bytes) -> None:
    """Try one log."""
    with contextlib.suppress(DecodeError):
        log = UlogFile(MAGIC + data, Counter())
        list(ulog_claims(log.tables, ClaimMaker("fuzz", {}, SITE, None)))


atheris.Setup(sys.argv, one)
atheris.Fuzz()
