"""What the console needs from whoever runs the night: two nouns of the edge and one Protocol.

`api` knows nothing of the engine. The composition root implements `ConsoleSource`, most simply by handing
every picture and event to a `ConsoleMemory` (`memory.py`), which then answers every question about present
and past.

Threads: the server runs in one thread and the night may run in another. What is given to `subscribe` may be
called from any thread. `hello`, `latest_picture`, `status` and `present` are called on the server's event
loop and must return at once; `picture_at`, `status_at`, `lists_at`, `track_details` and `command` are
called from a worker thread and may take a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np

from skykeep.api.commands import SourceCommand
from skykeep.api.messages import (
    Alerts,
    Caption,
    Claims,
    Duty,
    Event,
    Finished,
    Hello,
    Orders,
    Permits,
    Proposals,
    Restrictions,
    Status,
    Tasks,
    TrackDetails,
    Zones,
)
from skykeep.base.compile import FloatArray, IntArray

LARGEST_TRACK_ID = 2**31 - 1


class PictureColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Every track at one moment, a row each, in any order.

    All columns have shape (n,), `velocity_enu_mps` (n, 3). `track_id` is unique and in 0..2**31-1.
    `class_index`, `standing_index`, `status_index` point into the tables of `Hello`. The uncertainty
    ellipse is one sigma in the horizontal; `sigma_bearing_rad` is the bearing of its major axis, clockwise
    from north. `class_probability` and `priority` are in 0..1. A row whose position is not finite is left
    off the console: one broken track must not blank the others.
    """

    time_utc_ns: int
    track_id: IntArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    height_hae_m: FloatArray
    velocity_enu_mps: FloatArray
    class_index: IntArray
    standing_index: IntArray
    status_index: IntArray
    class_probability: FloatArray
    sigma_major_m: FloatArray
    sigma_minor_m: FloatArray
    sigma_bearing_rad: FloatArray
    priority: FloatArray

    def __post_init__(self) -> None:
        count = len(self.track_id)
        for name in self.__struct_fields__[1:]:
            shape = getattr(self, name).shape
            must = (count, 3) if name == "velocity_enu_mps" else (count,)
            if shape != must:
                raise ValueError(f"{name} has shape {shape}, must be {must}")
        if count and not 0 <= self.track_id.min() <= self.track_id.max() <= LARGEST_TRACK_ID:
            raise ValueError(f"track_id outside 0..{LARGEST_TRACK_ID}")
        if np.unique(self.track_id).size != count:
            raise ValueError("track_id names one track twice")


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """The whole lists as they stood at one moment."""

    alerts: Alerts = Alerts()
    proposals: Proposals = Proposals()
    tasks: Tasks = Tasks()
    duty: Duty = Duty()
    claims: Claims = Claims()
    orders: Orders = Orders()
    permits: Permits = Permits()
    restrictions: Restrictions = Restrictions()
    zones: Zones = Zones()


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """What a page that has just opened must be told, apart from the picture."""

    lists: Lists = Lists()
    captions: tuple[Caption, ...] = ()
    finished: Finished | None = None


class ConsoleSource(Protocol):
    """The night, as the console sees it."""

    def hello(self) -> Hello:
        """Return mode, site, tables and people; the same for every socket."""
        ...

    def latest_picture(self) -> PictureColumns | None:
        """Return the newest picture, or None before the first."""
        ...

    def picture_at(self, time_utc_ns: int) -> PictureColumns | None:
        """Return the picture that was newest at that moment, or None when there was none yet."""
        ...

    def status(self) -> Status:
        """Return the status of the newest moment; `following` is True."""
        ...

    def status_at(self, time_utc_ns: int) -> Status:
        """Return the status as it stood then; `latest_utc_ns` is still that of the newest moment."""
        ...

    def present(self) -> Present:
        """Return lists, captions so far and whether the night is over."""
        ...

    def lists_at(self, time_utc_ns: int) -> Lists:
        """Return the whole lists as they stood at that moment."""
        ...

    def track_details(self, track_id: int, time_utc_ns: int | None) -> TrackDetails | None:
        """Return what was known of a track at that moment (None: now); None when there is no such track."""
        ...

    def subscribe(
        self, on_event: Callable[[Event], None], on_picture: Callable[[], None]
    ) -> Callable[[], None]:
        """Call `on_event` with every event and `on_picture` after every new picture; return how to stop."""
        ...

    def command(self, command: SourceCommand) -> None:
        """Carry out what a person decided or asked; raise InputError naming what is wrong with it."""
        ...

    def dossier_path(self) -> Path | None:
        """Return the sealed dossier's PDF, or None until it is sealed."""
        ...
