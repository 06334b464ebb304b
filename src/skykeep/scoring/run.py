"""One comparison under way: the settings, the moments, and per moment who was there, stated and near."""

from __future__ import annotations

import math

import msgspec

from skykeep.base.compile import IntArray
from skykeep.base.errors import InputError
from skykeep.scoring.match import Pairs
from skykeep.scoring.moments import Grid, Moment, grid_of, meet
from skykeep.scoring.tables import SAME_MOMENT_S, Tracks, Truth


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How to compare. `gate_m` is how near a track must be to belong to a target; `from_s` is from when
    errors and distances count, whereas names and delays are followed from the start. One of the moments would
    be at `through_s`; else they go through the first row of the tracks.
    """

    cutoff_m: float = 50.0
    order: float = 2.0
    gate_m: float = 60.0
    window: int = 10
    step_s: float | None = None
    from_s: float | None = None
    to_s: float | None = None
    through_s: float | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The moments, and per moment who was present, stated and near, as numbers of targets and tracks."""

    truth: Truth
    tracks: Tracks
    grid: Grid
    settings: Settings
    moments: list[Moment]
    present: list[IntArray]
    stated: list[IntArray]
    near: list[Pairs]

    @property
    def targets(self) -> int:
        return len(self.truth.states.names)

    @property
    def names(self) -> int:
        return len(self.tracks.states.names)

    @property
    def counted(self) -> list[int]:
        return [k for k, moment in enumerate(self.moments) if moment.counted]


def start(truth: Truth, tracks: Tracks, settings: Settings) -> Run:
    grid = grid_of(
        truth.states, tracks.states, settings.step_s, settings.from_s, settings.to_s, settings.through_s
    )
    from_s = -math.inf if settings.from_s is None else settings.from_s
    reach_m = max(settings.cutoff_m, settings.gate_m)
    if from_s > grid.time_s[-1] + SAME_MOMENT_S:
        found = f"{from_s:g} s, where the last moment compared is at {grid.time_s[-1]:g} s"
        raise InputError("from", found, "within the time that is compared")
    moments = meet(truth, tracks, grid, from_s, reach_m, settings.gate_m)
    present = [truth.states.number[m.truth_rows] for m in moments]
    stated = [tracks.states.number[m.track_rows] for m in moments]
    near = [
        Pairs(here[m.near.first], said[m.near.second], m.near.distance_m)
        for m, here, said in zip(moments, present, stated, strict=True)
    ]
    return Run(
        truth=truth,
        tracks=tracks,
        grid=grid,
        settings=settings,
        moments=moments,
        present=present,
        stated=stated,
        near=near,
    )
