"""Claims sorted into streams: one transmitter's run of broadcasts under one identity.

Two aircraft that broadcast one serial are told apart by place: no aircraft is in both places. A claim
joins the stream that could have flown there since its last claim, else it begins a stream of its own.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.identity.chances import Looks
from skykeep.identity.claim_motion import FASTEST_MPS, MotionLog, OperatorLog
from skykeep.identity.claim_strength import StrengthLog
from skykeep.identity.residuals import Residuals

KEPT_CLAIMS = 16
# A stream that says nothing for so long is over.
SILENT_NS = 40 * NS_PER_S
# Too old to be set against a track.
STALE_NS = 8 * NS_PER_S
SLACK_M = 150.0


class Stream:
    """The recent claims of one transmitter, newest last, and what became of testing them."""

    def __init__(self, claim: Claim, number: int, jumped: bool = False) -> None:
        self.kind = claim.kind
        self.claimed_id = claim.claimed_id
        self.number = number
        self.claims: deque[Claim] = deque((claim,), maxlen=KEPT_CLAIMS)
        self.count = 1
        self.residuals = Residuals()
        self.track_id: int | None = None
        self.agreed_utc_ns: int | None = None
        self.alone_since_utc_ns: int | None = None
        self.first_utc_ns = claim.time_utc_ns
        self.sources: set[str] = {claim.sensor_id}
        self.motion, self.operator, self.strength = MotionLog(), OperatorLog(), StrengthLog()
        self.senders = SenderLog()
        self.operator.note(claim)
        if jumped:
            self.motion.note_misfit("it was elsewhere a moment before.")

    @property
    def key(self) -> tuple[str, str, int]:
        return (self.kind.value, self.claimed_id, self.number)

    @property
    def latest(self) -> Claim:
        return self.claims[-1]

    def could_have_sent(self, claim: Claim) -> bool:
        """Return whether the sender of the latest claim could be where `claim` is."""
        elapsed_s = abs(claim.time_utc_ns - self.latest.time_utc_ns) / NS_PER_S
        sigma_m = claim.sigma_m[0] + self.latest.sigma_m[0]
        reach_m = FASTEST_MPS[self.kind] * (elapsed_s + 0.5) + 4.0 * sigma_m + SLACK_M
        return self.distance_m(claim) <= reach_m

    def distance_m(self, claim: Claim) -> float:
        """Return how far `claim` is from where this stream's latest claim says it would be by now."""
        expected_m = self.expected_enu_m(claim.time_utc_ns)
        return float(np.hypot(*(np.array(claim.position_enu_m) - expected_m)[:2]))

    def expected_enu_m(self, time_utc_ns: int) -> FloatArray:
        """Return the place claimed for `time_utc_ns`: the claim nearest in time, carried on at its
        velocity.
        """
        claim = min(reversed(self.claims), key=lambda claim: abs(claim.time_utc_ns - time_utc_ns))
        elapsed_s = np.clip((time_utc_ns - claim.time_utc_ns) / NS_PER_S, -10.0, 10.0)
        velocity_mps = claim.velocity_enu_mps or (0.0, 0.0, 0.0)
        return np.asarray(np.array(claim.position_enu_m) + elapsed_s * np.array(velocity_mps))

    def add(self, claim: Claim) -> None:
        """Append a claim; one heard again by another receiver, or older than the latest, tells only who
        heard it.
        """
        self.sources.add(claim.sensor_id)
        if claim.time_utc_ns > self.latest.time_utc_ns:
            self.motion.note(self.latest, claim)
            self.operator.note(claim)
            self.claims.append(claim)
            self.count += 1


class SenderLog:
    """In how many seconds there were bearings to a stream's broadcast, and in how many all were astray."""

    def __init__(self) -> None:
        self.until_second = 0
        self.trials = 0
        self.misses = 0
        self.looks = Looks()


class StreamBook:
    """All streams on the air."""

    def __init__(self, receivers_enu_m: dict[str, Vector] | None = None) -> None:
        self._receivers_enu_m = receivers_enu_m or {}
        self._streams: dict[tuple[ClaimKind, str], list[Stream]] = {}
        self._next_number = 1

    def receive(self, claim: Claim) -> None:
        """Add a claim to the stream that it continues; InputError when its numbers cannot be a place."""
        _require_sane(claim)
        same_id = self._streams.setdefault((claim.kind, claim.claimed_id), [])
        same_id[:] = [s for s in same_id if claim.received_utc_ns - s.latest.received_utc_ns <= SILENT_NS]
        able = [stream for stream in same_id if stream.could_have_sent(claim)]
        if able:
            stream = min(able, key=lambda stream: (stream.distance_m(claim), stream.number))
            stream.add(claim)
        else:
            stream = Stream(claim, self._next_number, jumped=bool(same_id))
            same_id.append(stream)
            self._next_number += 1
        if claim.kind is ClaimKind.REMOTE_ID:
            stream.strength.note(claim, self._receivers_enu_m.get(claim.sensor_id))

    def live(self, time_utc_ns: int) -> list[Stream]:
        """Return the streams heard within `SILENT_NS`, in order of kind, identity and age; forget the
        others.
        """
        for key in sorted(self._streams):
            kept = [s for s in self._streams[key] if time_utc_ns - s.latest.received_utc_ns <= SILENT_NS]
            if kept:
                self._streams[key] = kept
            else:
                del self._streams[key]
        return sorted((s for streams in self._streams.values() for s in streams), key=lambda s: s.key)


def _require_sane(claim: Claim) -> None:
    numbers = (*claim.position_enu_m, *(claim.velocity_enu_mps or ()), *claim.sigma_m)
    if not all(np.isfinite(number) for number in numbers):
        raise InputError("claim", f"{numbers} of {claim.claimed_id!r}", "finite numbers")
    if min(claim.sigma_m) < 0.0:
        raise InputError("sigma_m", f"{claim.sigma_m}", "not negative")
    if not claim.claimed_id:
        raise InputError("claimed_id", "empty", "an identity")
