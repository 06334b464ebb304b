"""The truth of a night: where everything really was, and what would have come. For scoring only.

It never travels with what sensors tell. `truth_id` is a label for people: shuffle the labels, and not one
byte of the inputs changes.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.sim.paths import STEP_S
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target, TargetKind


class TargetTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One target as it is known by now.

    `breach_utc_ns` is when it would have been inside its asset's keep-out circle had nothing been done,
    `breached_utc_ns` when it was; both None when never. `fate` is "" while nothing has become of it.
    """

    truth_id: int
    name: str
    kind: TargetKind
    false_identity: str
    claimed_id: str
    asset_id: str
    breach_utc_ns: int | None
    breached_utc_ns: int | None
    fate: str
    fate_utc_ns: int | None


class Truth:
    """Looks into the simulated world; what effects change shows here at once."""

    def __init__(
        self,
        sky: Sky,
        *,
        start_utc_ns: int,
        truth_ids: list[int],
        assets: Mapping[str, tuple[FloatArray, float]],
        fates: Mapping[str, tuple[str, int]],
        pieces_enu_m: Mapping[str, FloatArray],
    ) -> None:
        if sorted(set(truth_ids)) != sorted(truth_ids) or len(truth_ids) != len(sky.targets):
            raise ValueError(f"{truth_ids} must be {len(sky.targets)} different numbers")
        self._sky, self._start_utc_ns = sky, start_utc_ns
        self._assets, self._fates = assets, fates
        self.truth_id: IntArray = np.array(truth_ids, dtype=np.int64)
        self.pieces_enu_m = pieces_enu_m

    @property
    def targets(self) -> tuple[TargetTruth, ...]:
        """Every target, in order of `truth_id`."""
        order = np.argsort(self.truth_id)
        return tuple(self._target(int(which)) for which in order)

    @property
    def intruders(self) -> tuple[TargetTruth, ...]:
        """Those that mean harm."""
        return tuple(target for target in self.targets if target.kind is TargetKind.INTRUDER)

    def states_at(self, time_utc_ns: int) -> tuple[IntArray, FloatArray]:
        """Return truth_id (n,) and states (n, 6) of what is in the air at a moment."""
        states, aloft = self._sky.at((time_utc_ns - self._start_utc_ns) / NS_PER_S)
        return self.truth_id[aloft], states[aloft]

    def planned_states_at(self, time_utc_ns: int) -> tuple[IntArray, FloatArray]:
        """The same, had no effect ever been carried out."""
        sample = self._sky.sample((time_utc_ns - self._start_utc_ns) / NS_PER_S)
        targets = self._sky.targets
        aloft = np.array([target.planned_aloft[sample] for target in targets])
        return self.truth_id[aloft], np.stack([target.planned[sample] for target in targets])[aloft]

    def path_of(self, truth_id: int) -> tuple[FloatArray, BoolArray]:
        """Return one target's whole path (n, 6), a sample every `STEP_S`, and when it is in the air."""
        which = int(np.flatnonzero(self.truth_id == truth_id)[0])
        return self._sky.states[which], self._sky.aloft[which]

    def _target(self, which: int) -> TargetTruth:
        target = self._sky.targets[which]
        fate, fate_utc_ns = self._fates.get(target.name, ("", None))
        breached_utc_ns = self._breach_utc_ns(target, target.states, target.aloft)
        if breached_utc_ns is not None and not fate:
            fate, fate_utc_ns = "breached", breached_utc_ns
        return TargetTruth(
            truth_id=int(self.truth_id[which]),
            name=target.name,
            kind=target.kind,
            false_identity=target.false_identity.value if target.false_identity else "",
            claimed_id=target.identity.claimed_id if target.identity else "",
            asset_id=target.asset_id,
            breach_utc_ns=self._breach_utc_ns(target, target.planned, target.planned_aloft),
            breached_utc_ns=breached_utc_ns,
            fate=fate,
            fate_utc_ns=fate_utc_ns,
        )

    def _breach_utc_ns(self, target: Target, states: FloatArray, aloft: BoolArray) -> int | None:
        """Return when a path first enters the keep-out circle of the target's asset, in the air."""
        if target.asset_id not in self._assets:
            return None
        centre_m, radius_m = self._assets[target.asset_id]
        inside = aloft & (np.hypot(*(states[:, :2] - centre_m[:2]).T) <= radius_m)
        if not inside.any():
            return None
        return self._start_utc_ns + seconds_to_ns(float(np.argmax(inside)) * STEP_S)
