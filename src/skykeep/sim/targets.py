"""One flying thing: its path, its echo, what it says of itself, what it was set to do."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray


class TargetKind(enum.StrEnum):
    INTRUDER = "intruder"
    PERMITTED = "permitted"
    AIRCRAFT = "aircraft"
    BIRD = "bird"


class FalseIdentity(enum.StrEnum):
    """How a liar lies: another's serial at its own place, or elsewhere, or a serial nobody knows."""

    COPIED = "copied"
    DISPLACED = "displaced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a target broadcasts. `claimed_place_m` (n, 3) is None where it tells its own place."""

    kind: str
    claimed_id: str
    operator_id: str = ""
    category: str = ""
    claimed_place_m: FloatArray | None = None


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
