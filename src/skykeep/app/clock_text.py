"""What the clocks at a site show: a time zone's summer time is worked out once, when the site's file is read.

The site then carries the changes of its clocks itself, and with it every log: whoever judges looks up no time
zone, and a replay on a machine with other tables of time zones goes by the same hours.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import SetupError
from skykeep.domain.site import ClockChange

FIRST_YEAR, LAST_YEAR = 2000, 2060
_DAY_S = 86_400


def zone_of(time_zone: str | None, utc_offset_h: float | None) -> dt.tzinfo | None:
    """Return whose clock a site goes by, None where its file says nothing of it."""
    if time_zone is None:
        return None if utc_offset_h is None else dt.timezone(dt.timedelta(hours=utc_offset_h))
    if utc_offset_h is not None:
        raise SetupError("site: time_zone and utc_offset_h, must be one of them at most")
    try:
        return ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as error:
        must = "must be an IANA name such as Europe/Paris"
        raise SetupError(f"site.time_zone is {time_zone!r}, {must}") from error


def offset_and_changes(zone: dt.tzinfo) -> tuple[float, tuple[ClockChange, ...]]:
    """Return by how many hours a zone's clocks are ahead of UTC at the beginning of `FIRST_YEAR`, and every
    change from then until the end of `LAST_YEAR`; no zone changes twice within a day.
    """
    first_s = int(dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC).timestamp())
    last_s = int(dt.datetime(LAST_YEAR + 1, 1, 1, tzinfo=dt.UTC).timestamp())
    shown_s = [_ahead_s(zone, at_s) for at_s in range(first_s, last_s + 1, _DAY_S)]
    changes = []
    for day, (before_s, after_s) in enumerate(pairwise(shown_s)):
        if before_s != after_s:
            low_s, high_s = first_s + day * _DAY_S, first_s + (day + 1) * _DAY_S
            while high_s - low_s > 1:
                middle_s = (low_s + high_s) // 2
                if _ahead_s(zone, middle_s) == before_s:
                    low_s = middle_s
                else:
                    high_s = middle_s
            changes.append(ClockChange(from_utc_ns=high_s * NS_PER_S, utc_offset_h=after_s / 3600.0))
    return shown_s[0] / 3600.0, tuple(changes)


def _ahead_s(zone: dt.tzinfo, at_utc_s: int) -> int:
    ahead = dt.datetime.fromtimestamp(at_utc_s, zone).utcoffset()
    return 0 if ahead is None else round(ahead.total_seconds())
