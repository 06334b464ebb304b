"""What is said of sources, in plain words."""

from __future__ import annotations

from collections import Counter


def silent_says(silent_s: float) -> str:
    """Say since when nothing came."""
    since = f"{silent_s:.0f} s" if silent_s < 120.0 else f"{silent_s / 60.0:.0f} min"
    return f"Nothing heard for {since}: is it unplugged, or the line to it down?"


def refused_says(share: float, because: Counter[str]) -> str:
    """Say how much is refused, mostly why, and what to look at."""
    reason, _ = because.most_common(1)[0] if because else ("unreadable", 0)
    return f"{100.0 * share:.0f} % of its messages are refused, mostly for {reason}: {_perhaps(reason)}"


def _perhaps(reason: str) -> str:
    """Return what is most often behind a reason, as a question."""
    field, _, must = reason.partition(": must be ")
    if "time" in field or (must.startswith("within ") and " s" in must):
        return "is it a recording, or is its clock set wrong?"
    if field == "sequence" or must == "new":
        return "does it come twice, or is it a recording?"
    if field in ("sensor_id", "node_id") or must == "a source of this feed":
        return "does another sensor send here?"
    return "is its edition or format another one?"


def absurd_says(apart_s: float) -> str:
    """Say how old data are that cannot be of now."""
    age = f"{abs(apart_s) / 3600.0:.1f} h {'old' if apart_s > 0 else 'in the future'}"
    return f"its data are {age}: a recording, or a clock set wrong."


def clock_says(offset_s: float) -> str:
    """Say how wrong its clock is and what is done about it."""
    if offset_s < 0.0:
        return f"Its clock is {-offset_s:.1f} s ahead of ours; its times are put right."
    return f"Its clock is {offset_s:.1f} s behind ours, or its data take that long; its times are put right."


def jump_says(jumped_s: float) -> str:
    """Say that a clock was set: `jumped_s` is by how much more it is behind now."""
    if jumped_s < 0.0:
        return f"Its clock went forward by {-jumped_s:.1f} s, or its data come that much sooner."
    return f"Its clock went back by {jumped_s:.1f} s, or its data come that much later."
