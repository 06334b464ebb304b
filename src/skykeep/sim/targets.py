"""One flying thing: its path, its echo, what it says of itself, what it was set to do."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray


class TargetKind(enum.StrEnum):
    """A stray means no harm and may not be there; a bystander may, or nobody minds: a toy in a park, a
    kite.
    """

    INTRUDER = "intruder"
    PERMITTED = "permitted"
    AIRCRAFT = "aircraft"
    BIRD = "bird"
    STRAY = "stray"
    BYSTANDER = "bystander"


class FalseIdentity(enum.StrEnum):
    """How a liar lies: another's serial at its own place, or elsewhere, or a serial nobody knows, or there is
    nothing at all where it says to be.
    """

    COPIED = "copied"
    DISPLACED = "displaced"
    UNKNOWN = "unknown"
    GHOST = "ghost"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a target broadcasts, from `from_s` to `until_s`. `claimed_place_m` (n, 3) is None where it tells
    its own place, `operator_m` (east, north) where its operator is at its start.
    """

    kind: str
    claimed_id: str
    operator_id: str = ""
    category: str = ""
    claimed_place_m: FloatArray | None = None
    operator_m: FloatArray | None = None
    from_s: float = 0.0
    until_s: float = math.inf


@dataclass(kw_only=True)
class Target:
    """One flying thing. `states` and `aloft` are what happens; `planned` is what was meant to happen."""

    name: str
    kind: TargetKind
    planned: FloatArray
    planned_aloft: BoolArray
    rcs_dbsm: float
    modulation_db: FloatArray
    size_m: float
    mass_kg: float = 1.0
    emitter: str = ""
    identity: Identity | None = None
    false_identity: FalseIdentity | None = None
    failsafe: str = ""
    asset_id: str = ""
    home_m: FloatArray = field(default_factory=lambda: np.zeros(2))
    states: FloatArray = field(init=False)
    aloft: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        self.states = self.planned.copy()
        self.aloft = self.planned_aloft.copy()
