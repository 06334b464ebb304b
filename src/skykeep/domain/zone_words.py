"""Parts of a zone in words, for sentences in reports: outline, limits, times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from skykeep.base.clock import NS_PER_S
from skykeep.domain.zone import Circle, Limit, Period, Volume, limit_m

Band = tuple[Limit | None, Limit | None]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def outline_text(volumes: Sequence[Volume]) -> str:
    """Return outlines in words: a circle as such, a polygon by its corners and first one."""
    words = []
    for volume in volumes[:3]:
        outline = volume.outline
        if isinstance(outline, Circle):
            words.append(
                f"{outline.radius_m / 1852.0:.4g} NM ({outline.radius_m:.0f} m) round "
                f"{outline.latitude_deg:.6f} {outline.longitude_deg:.6f}"
            )
        else:
            longitude, latitude = outline.rings[0][0]
            words.append(f"{len(outline.rings[0])} corners from {latitude:.6f} {longitude:.6f}")
    return "; ".join(words) + (f"; {len(volumes) - 3} more" if len(volumes) > 3 else "")


def band_text(band: Band) -> str:
    """Return a floor and a ceiling in words."""
    return f"{_limit_text(band[0], 'SFC')} to {_limit_text(band[1], 'UNL')}"


def _limit_text(limit: Limit | None, none: str) -> str:
    if limit is None or limit_m(limit) is None:
        return none
    return f"{limit.value:g} {limit.unit} {limit.reference}"


def periods_text(periods: tuple[Period, ...]) -> str:
    """Return periods in words."""
    if not periods:
        return "always"
    words = []
    for period in periods[:3]:
        text = (
            "always"
            if period.permanent
            else f"{_moment(period.start_utc_ns)} to {_moment(period.end_utc_ns)}"
        )
        words.append(text + (f" at {len(period.hours)} hours of days" if period.hours else ""))
    return "; ".join(words) + (f"; {len(periods) - 3} more" if len(periods) > 3 else "")


def _moment(time_utc_ns: int | None) -> str:
    if time_utc_ns is None:
        return "open"
    try:
        return f"{_EPOCH + timedelta(seconds=time_utc_ns // NS_PER_S):%Y-%m-%d %H:%MZ}"
    except OverflowError:
        return f"{time_utc_ns} ns"
