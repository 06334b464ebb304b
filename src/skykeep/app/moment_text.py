"""A moment as people write it: `02:14:07` of a night, or a whole time with its zone."""

from __future__ import annotations

from skykeep.base.clock import NS_PER_S, from_iso_utc, iso_utc
from skykeep.base.errors import InputError

_DAY_NS = 86_400 * NS_PER_S


def moment_of(text: str, start_utc_ns: int, end_utc_ns: int) -> int:
    """Return the moment of a night that `text` names, UTC; a time of day is the first one after the start.

    InputError when it is no time, or none between start and end.
    """
    must = f"a time from {iso_utc(start_utc_ns)} to {iso_utc(end_utc_ns)}, or a time of day (UTC) in between"
    try:
        if "T" in text:
            time_utc_ns = from_iso_utc(text)
        else:
            time_utc_ns = from_iso_utc(f"{iso_utc(start_utc_ns)[:10]}T{text}+00:00")
            if time_utc_ns < start_utc_ns:
                time_utc_ns += _DAY_NS
    except ValueError as error:
        raise InputError("known-at", repr(text), must) from error
    if not start_utc_ns <= time_utc_ns <= end_utc_ns:
        raise InputError("known-at", repr(text), must)
    return time_utc_ns
