"""Whether a broadcast is as strong as it would be from where it says it comes from.

In free space the received strength falls with 20 dB for ten times the distance; houses take away, nothing
adds. Two things are asked, over the last `KEPT` claims heard by each receiver:

* Level: strength + free-space loss over the claimed way is what the sender would radiate. More than
  `MOST_EIRP_DBM` means that it is nearer than it says.
* Slope: strength against 20 log10 of the claimed way, `LEAST_SLOPE` or more where the place is true, about 0
  where it is sent from one spot while the claimed place moves.

Strength fades: `FADING_SIGMA_DB` per message, alike for `ALIKE` messages in a row (so n messages count as
n / ALIKE), and a receiver is out of calibration by `CALIBRATION_SIGMA_DB`. p is the normal tail, times the
number of questions asked at once. Two receivers are not set against each other: a hill before one of them
looks just like a lie.
"""

from __future__ import annotations

import math
from collections import deque

from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimVerdict
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim
from skykeep.identity.chances import ALLOTMENT, Looks, upper_tail

KEPT = 120
MOST_EIRP_DBM = 26.0
FADING_SIGMA_DB = 6.0
ALIKE = 2.0
CALIBRATION_SIGMA_DB = 3.0
LEAST_SLOPE = 0.8
# A slope says something only where the claimed way has changed so much, in dB of deviation.
TELLING_SPREAD_DB = 3.0
LEAST_RANGE_M = 30.0
# What scatters more about its line is hidden now and then: a slope of that says nothing.
MOST_REST_DB = 8.0
# Free-space loss at 1 m, at 2.44 GHz: 20 log10(4 pi f / c).
LOSS_AT_1_M_DB = 40.2
FEWEST = 6


class StrengthLog:
    """How strong one stream's claims were, by receiver."""

    def __init__(self) -> None:
        self._heard: dict[str, deque[tuple[int, float, float]]] = {}
        self._looks = Looks()
        self._count = 0
        self._found: tuple[float, float, str] = (1.0, 0.0, "")

    def note(self, claim: Claim, receiver_enu_m: Vector | None) -> None:
        """Take in a claim that a receiver heard from where it stands; one of no known strength says
        nothing.
        """
        if claim.rssi_dbm is None or receiver_enu_m is None or not math.isfinite(claim.rssi_dbm):
            return
        away_m = math.dist(claim.position_enu_m, receiver_enu_m)
        loss_db = 20.0 * math.log10(max(away_m, LEAST_RANGE_M))
        own = self._heard.setdefault(claim.sensor_id, deque(maxlen=KEPT))
        if own and own[-1][0] >= claim.time_utc_ns:
            return
        own.append((claim.time_utc_ns, loss_db, claim.rssi_dbm))
        self._count += 1
        if self._looks.is_due(self._count):
            asked = self._ask()
            if asked:
                p_value, value_db, says = min(asked)
                if p_value * len(asked) < self._found[0]:
                    self._found = (p_value * len(asked), value_db, says)
                self._looks.take(self._count, min(1.0, p_value * len(asked)))

    def _ask(self) -> list[tuple[float, float, str]]:
        """Return p, the value in dB and a sentence for each question that can be asked."""
        asked = []
        names = sorted(name for name, own in self._heard.items() if len(own) >= FEWEST)
        for name in names:
            own = self._heard[name]
            asked.append(_level([(loss, heard) for _, loss, heard in own], name))
            slope = _slope([(loss, heard) for _, loss, heard in own], name)
            if slope is not None:
                asked.append(slope)
        return asked

    def check(self) -> ClaimCheck | None:
        """Return what has come of it by now, None where no strength was told."""
        if not self._count:
            return None
        kind, verdict = ClaimCheckKind.STRENGTH, ClaimVerdict.CONSISTENT
        if not self._looks.taken:
            because = "Too few claims to say how strong it is."
            return ClaimCheck(kind=kind, verdict=ClaimVerdict.UNTESTED, because=because)
        because = "It is about as strong as it would be from where it says."
        if self._looks.p_value <= ALLOTMENT[kind]:
            verdict, because = ClaimVerdict.CONTRADICTED, self._found[2]
        return ClaimCheck(
            kind=kind,
            verdict=verdict,
            because=because,
            value=self._found[1],
            unit="dB",
            p_value=self._looks.p_value,
        )


def _level(own: list[tuple[float, float]], name: str) -> tuple[float, float, str]:
    mean_dbm = sum(heard + loss for loss, heard in own) / len(own) + LOSS_AT_1_M_DB
    over_db = mean_dbm - MOST_EIRP_DBM
    sigma_db = math.hypot(CALIBRATION_SIGMA_DB, FADING_SIGMA_DB * math.sqrt(ALIKE / len(own)))
    says = f"{name} hears it {over_db:.0f} dB stronger than it could be from where it says: it is nearer."
    return upper_tail(over_db / sigma_db), over_db, says


def _slope(own: list[tuple[float, float]], name: str) -> tuple[float, float, str] | None:
    mean_loss_db = sum(loss for loss, _ in own) / len(own)
    mean_dbm = sum(heard for _, heard in own) / len(own)
    square = sum((loss - mean_loss_db) ** 2 for loss, _ in own)
    if square < len(own) * TELLING_SPREAD_DB**2:
        return None
    slope = -sum((loss - mean_loss_db) * (heard - mean_dbm) for loss, heard in own) / square
    rest = sum((heard - mean_dbm + slope * (loss - mean_loss_db)) ** 2 for loss, heard in own) / len(own)
    if math.sqrt(rest) > MOST_REST_DB:
        return None
    sigma = max(FADING_SIGMA_DB, math.sqrt(rest)) * math.sqrt(ALIKE / square)
    spread_db = max(loss for loss, _ in own) - min(loss for loss, _ in own)
    says = f"{name} hears it equally strong while the way it claims changes by {spread_db:.0f} dB."
    return upper_tail((LEAST_SLOPE - slope) / sigma), spread_db, says
