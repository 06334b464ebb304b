"""What the console is told of sensors and feeds: where they stand and look, and how they are."""

from __future__ import annotations

from typing import Literal

import msgspec


class SensorView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    kind: str
    lat_deg: float
    lon_deg: float
    range_m: float
    azimuth_from_deg: float
    azimuth_to_deg: float


SensorStateName = Literal[
    "ok",
    "stale",
    "silent",
    "unused",
    "waiting",
    "clock_wrong",
    "noisy",
    "swamped",
    "flooding",
    "stuck",
    "quarantined",
]


class SensorHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How a sensor or a feed is. What is known of live sources only is None or empty elsewhere: `says` are
    sentences, the most important first; of `heard` messages `refused` were no good, `lost` could not be
    taken, `held_back` were not believed; `latency_ms` is from a scan's arrival to its tracks, 99 in 100.
    """

    id: str
    state: SensorStateName
    last_utc_ns: int | None
    per_s: float
    name: str = ""
    says: tuple[str, ...] = ()
    heard: int | None = None
    refused: int | None = None
    lost: int | None = None
    held_back: int | None = None
    clock_offset_s: float | None = None
    way_s: float | None = None
    latency_ms: float | None = None
