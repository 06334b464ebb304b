"""What people told the machine about tracks, as the console is sent it."""

from __future__ import annotations

from typing import Literal

import msgspec


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """One order that stands. `shown_track_id` is the number under which its track is shown."""

    id: str
    kind: Literal["correlate", "decorrelate", "rename", "standing"]
    track_id: int
    shown_track_id: int
    other_track_id: int | None = None
    claimed_id: str | None = None
    name: str | None = None
    reason: str | None = None
    by: str
    time_utc_ns: int
    says: str


class Orders(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="orders"):
    """In the order they were given. `names` are rows of (track id, what people call it)."""

    orders: tuple[OrderView, ...] = ()
    names: tuple[tuple[int, str], ...] = ()
