"""Whether anything could fly, or stand, as a stream of claims says.

Each claim is set against the one before. It is a misfit when it is farther than anything of its kind flies,
when its place and its velocity do not go together, or when it changes its velocity harder than
`MOST_MPS2`. An operator's place is a misfit when nobody could have gone there so fast. A true claim has a
misfit now and then (reflections, a receiver that finds itself again): in fewer than one in a hundred. So one
misfit proves nothing, and p is the chance of as many at that rate.

Where the operator is said to be is judged as it stands too: beyond `FARTHEST_OPERATOR_M` no ordinary control
link reaches (documented ranges of small drones are up to some 10 km in the open), and one that keeps
within `RIDES_ALONG_M` under the aircraft while that flies away is not on the ground. No chance can be given
for these. 1,000 km and more is how unknown places are filled in: nothing follows from it.
"""

from __future__ import annotations

import math
from collections import deque

from skykeep.base.clock import NS_PER_S
from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimVerdict
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.domain.wording import say_distance
from skykeep.identity.chances import ALLOTMENT, FIRST_LOOK, Looks, at_least

FASTEST_MPS = {
    ClaimKind.REMOTE_ID: 60.0,
    ClaimKind.ADSB: 350.0,
    ClaimKind.NETWORK_REMOTE_ID: 60.0,
    ClaimKind.TELEMETRY: 60.0,
}
MISFIT_CHANCE = 0.01
KEPT = 64
MOST_MPS2 = 30.0
# Claims are smooth from one to the next however far off all of them are: errors change by this, 1-sigma.
STEP_SIGMA_M = 5.0
LOOSE = 5.0
STAMP_S = 0.5
# Farther apart in time a turn can hide anything.
FARTHEST_APART_S = 5.0
FASTEST_OPERATOR_MPS = 60.0
FARTHEST_OPERATOR_M = 12_000.0
FILLED_IN_M = 1_000_000.0
RIDES_ALONG_M = 30.0
RIDDEN_M = 200.0
CREWED = ("helicopter", "aeroplane", "ultralight", "glider", "balloon", "airship")


class MotionLog:
    """What one stream's claims say of motion, taken in one by one."""

    def __init__(self) -> None:
        self._misfits: deque[bool] = deque(maxlen=KEPT)
        self._looks = Looks()
        self._count = 0
        self._says = ""
        self._worst = 0.0

    def note(self, before: Claim, claim: Claim) -> None:
        """Take in a claim and the one before it."""
        says, value = _misfit(before, claim)
        self.note_misfit(says, value)

    def note_misfit(self, says: str, value: float = 0.0) -> None:
        """Take in one comparison: `says` is "" where it fits."""
        self._count += 1
        self._misfits.append(bool(says))
        if says:
            self._says, self._worst = says, value
        if self._looks.is_due(self._count):
            self._looks.take(self._count, at_least(sum(self._misfits), len(self._misfits), MISFIT_CHANCE))

    def check(self) -> ClaimCheck:
        """Return what has come of it by now."""
        hits, kind = sum(self._misfits), ClaimCheckKind.MOTION
        if self._count < FIRST_LOOK:
            because = "Too few claims to say how it flies."
            return ClaimCheck(kind=kind, verdict=ClaimVerdict.UNTESTED, because=because)
        verdict = ClaimVerdict.CONSISTENT
        because = "It could fly as it says."
        if self._looks.p_value <= ALLOTMENT[kind]:
            verdict = ClaimVerdict.CONTRADICTED
            because = f"Nothing flies as it says: {self._says}"
        elif hits:
            because = f"It could fly as it says, but for {hits} of {len(self._misfits)} claims."
        return ClaimCheck(
            kind=kind,
            verdict=verdict,
            because=because,
            value=float(hits),
            unit="claims",
            p_value=self._looks.p_value,
        )


def _misfit(before: Claim, claim: Claim) -> tuple[str, float]:
    """Return what does not fit in the step from one claim to the next, "" where all does, and how much."""
    step_s = (claim.time_utc_ns - before.time_utc_ns) / NS_PER_S
    stated_m = max(claim.sigma_m[0], before.sigma_m[0])
    loose_m = LOOSE * max(STEP_SIGMA_M, min(stated_m, 3.0 * STEP_SIGMA_M))
    east_m = claim.position_enu_m[0] - before.position_enu_m[0]
    north_m = claim.position_enu_m[1] - before.position_enu_m[1]
    moved_m, fastest_mps = math.hypot(east_m, north_m), FASTEST_MPS[claim.kind]
    if moved_m > fastest_mps * (step_s + STAMP_S) + loose_m:
        return f"it moved {say_distance(moved_m)} in {step_s:.1f} s.", moved_m
    now, then = claim.velocity_enu_mps, before.velocity_enu_mps
    if now is None or then is None or step_s > FARTHEST_APART_S:
        return "", 0.0
    speed_mps = math.hypot(now[0], now[1])
    if speed_mps > fastest_mps:
        return f"it says {speed_mps:.0f} m/s.", speed_mps
    changed_mps = math.hypot(now[0] - then[0], now[1] - then[1])
    if changed_mps > MOST_MPS2 * (step_s + STAMP_S):
        return f"it changed its velocity by {changed_mps:.0f} m/s in {step_s:.1f} s.", changed_mps
    off_m = math.hypot(
        east_m - 0.5 * step_s * (now[0] + then[0]), north_m - 0.5 * step_s * (now[1] + then[1])
    )
    late_m = STAMP_S * max(speed_mps, math.hypot(then[0], then[1]))
    if off_m > loose_m + late_m + MOST_MPS2 / 8.0 * step_s**2:
        return f"its place moved {say_distance(off_m)} otherwise than its velocity says.", off_m
    return "", 0.0


class OperatorLog:
    """What one stream's claims say of where their operator is."""

    def __init__(self) -> None:
        self._kept: deque[Claim] = deque(maxlen=KEPT)
        self._misfits: deque[bool] = deque(maxlen=KEPT)
        self._looks = Looks()
        self._count = 0

    def note(self, claim: Claim) -> None:
        """Take in a claim."""
        if claim.operator_position_enu_m is None:
            return
        if self._kept:
            before = self._kept[-1]
            step_s = (claim.time_utc_ns - before.time_utc_ns) / NS_PER_S
            moved_m = _apart_m(claim.operator_position_enu_m, before.operator_position_enu_m)
            self._count += 1
            self._misfits.append(moved_m > FASTEST_OPERATOR_MPS * (step_s + STAMP_S) + LOOSE * STEP_SIGMA_M)
            if self._looks.is_due(self._count):
                p_value = at_least(sum(self._misfits), len(self._misfits), MISFIT_CHANCE)
                self._looks.take(self._count, p_value)
        self._kept.append(claim)

    def check(self) -> ClaimCheck | None:
        """Return what has come of it by now, None where no operator's place was told."""
        if not self._kept:
            return None
        latest, verdict, p_value = self._kept[-1], ClaimVerdict.UNTESTED, None
        away_m = _apart_m(latest.position_enu_m, latest.operator_position_enu_m)
        if away_m >= FILLED_IN_M:
            because = "It does not say where its operator is."
        elif away_m > FARTHEST_OPERATOR_M:
            verdict = ClaimVerdict.CONTRADICTED
            because = f"Its operator would be {say_distance(away_m)} away, beyond any ordinary control link."
        elif self._rides_along():
            verdict = ClaimVerdict.CONTRADICTED
            because = "Its operator would be flying along right under it."
        elif self._looks.p_value <= ALLOTMENT[ClaimCheckKind.OPERATOR]:
            verdict, p_value = ClaimVerdict.CONTRADICTED, self._looks.p_value
            because = f"Its operator leaps from place to place, {sum(self._misfits)} times of late."
        elif len(self._kept) < FIRST_LOOK:
            because = "Too few claims to say where its operator is."
        else:
            verdict, p_value = ClaimVerdict.CONSISTENT, self._looks.p_value
            because = f"Its operator could be where it says, {say_distance(away_m)} away."
        return ClaimCheck(
            kind=ClaimCheckKind.OPERATOR,
            verdict=verdict,
            because=because,
            value=away_m if away_m < FILLED_IN_M else None,
            unit="m",
            p_value=p_value,
        )

    def _rides_along(self) -> bool:
        """Return whether the operator kept under the aircraft while that flew away from where it was."""
        if len(self._kept) < 2 * FIRST_LOOK or self._kept[-1].aircraft_category in CREWED:
            return False
        first = self._kept[0]
        return (
            max(_apart_m(claim.position_enu_m, first.position_enu_m) for claim in self._kept) >= RIDDEN_M
            and max(_apart_m(c.position_enu_m, c.operator_position_enu_m) for c in self._kept)
            <= RIDES_ALONG_M
        )


def _apart_m(place_m: tuple[float, float, float], other_m: tuple[float, float, float] | None) -> float:
    assert other_m is not None
    return math.hypot(place_m[0] - other_m[0], place_m[1] - other_m[1])
