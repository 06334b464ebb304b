"""What is said of sources, in plain words."""

from __future__ import annotations

from collections import Counter


def silent_says(silent_s: float) -> str:
    """Say since when nothing came."""
    since = f"{silent_s:.0f} s" if silent_s < 120.0 else f"{silent_s / 60.0:.0f} min"
    return f"Nothing heard for {since}: is it unplugged, or the line to it down?"


def refused_says(share: float, because: Counter[str]) -> str:
    """Say how much is refused, and mostly why."""
    reason, _ = because.most_common(1)[0] if because else ("unreadable", 0)
    return (
        f"{100.0 * share:.0f} % of its messages are refused, mostly for {reason}: "
        "is its edition or format another one?"
    )


def clock_says(offset_s: float) -> str:
    """Say how wrong its clock is and what is done about it."""
    if offset_s < 0.0:
        return f"Its clock is {-offset_s:.1f} s ahead of ours; its times are put right."
    return f"Its clock is {offset_s:.1f} s behind ours, or its data take that long; its times are put right."
