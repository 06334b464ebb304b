"""What is true of a generated night, for scoring only: who flies, with whose leave, after what, lying how."""

from __future__ import annotations

import enum
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray
from skykeep.sim.paths import STEP_S


class Role(enum.StrEnum):
    """In what part something flies. A stranger has no leave and means no harm; a ghost is a transmitter on
    the ground that tells of a flight that is not there.
    """

    INTRUDER = "intruder"
    PERMITTED = "permitted"
    STRANGER = "stranger"
    AIRCRAFT = "aircraft"
    BIRD = "bird"
    GHOST = "ghost"


class Way(enum.StrEnum):
    """How an intruder comes."""

    DIRECT = "direct"
    DOGLEG = "dogleg"
    LOW = "low"
    POP_UP = "pop-up"
    SWARM = "swarm"
    DECOY = "decoy"
    QUIET = "quiet second axis"
    LOITERER = "loiterer"
    DARK = "dark"
    FAST = "fast"
    LYING = "lying"


class Lie(enum.StrEnum):
    """What is false about a broadcast.

    `COPIED`: the serial of a permitted flight that is in the air, from the liar's own place. `BORROWED`: that
    of a permitted flight that does not fly tonight, from its own place. `DISPLACED`: that one too, and the
    place told lies in the permit's area. `SHIFTED`: its own way, moved aside by hundreds of metres. `GHOST`:
    sent from the ground, about a flight that is not there.
    """

    COPIED = "copied"
    BORROWED = "borrowed"
    DISPLACED = "displaced"
    SHIFTED = "shifted"
    GHOST = "ghost"


class Leave(NamedTuple):
    """Where and how high a permit lets its flight be: a circle, or a rectangle along a bearing."""

    middle_m: FloatArray
    radius_m: float
    length_m: float
    width_m: float
    bearing_rad: float
    ceiling_agl_m: float

    def covers(self, place_m: FloatArray, height_agl_m: FloatArray) -> BoolArray:
        """Return for places (n, 2) and heights (n,) whether they are inside."""
        offset_m = place_m - self.middle_m
        if self.radius_m > 0.0:
            inside = np.hypot(*offset_m.T) <= self.radius_m
        else:
            east, north = np.sin(self.bearing_rad), np.cos(self.bearing_rad)
            along_m = offset_m[:, 0] * east + offset_m[:, 1] * north
            across_m = offset_m[:, 0] * north - offset_m[:, 1] * east
            inside = (np.abs(along_m) <= self.length_m / 2.0) & (np.abs(across_m) <= self.width_m / 2.0)
        return np.asarray(inside & (height_agl_m <= self.ceiling_agl_m))


class Flight(NamedTuple):
    """One thing that flies, as it is known to whoever made the night.

    `covered` says sample by sample whether a permitted flight is where its permit lets it be, and is None for
    others. `honest` is whether a broadcast, if there is one (`claimed_id`), is true. `asset_id` is what an
    intruder is after.
    """

    name: str
    role: Role
    way: Way | None = None
    asset_id: str = ""
    lie: Lie | None = None
    claimed_id: str = ""
    covered: BoolArray | None = None

    def is_covered(self, since_start_s: float) -> bool:
        """Return whether it is a permitted flight inside its permit at a moment."""
        if self.covered is None:
            return False
        sample = min(max(round(since_start_s / STEP_S), 0), len(self.covered) - 1)
        return bool(self.covered[sample])
