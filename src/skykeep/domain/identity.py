"""What a track is and who it claims to be."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.place import Vector
from skykeep.domain.sensing import ClaimKind


class TargetClass(enum.IntEnum):
    MULTIROTOR = 0
    FIXED_WING = 1
    BIRD = 2
    AIRCRAFT = 3
    OTHER = 4


TARGET_CLASS_NAMES = tuple(target_class.name.lower() for target_class in TargetClass)


class Standing(enum.IntEnum):
    """How we stand to it. Friend and neutral must be earned by agreement with a sensor; a claim alone earns
    nothing.
    """

    UNKNOWN = 0
    FRIEND = 1
    NEUTRAL = 2
    SUSPECT = 3
    HOSTILE = 4


STANDING_NAMES = tuple(standing.name.lower() for standing in Standing)


class ClaimVerdict(enum.StrEnum):
    CONSISTENT = "consistent"
    CONTRADICTED = "contradicted"
    UNTESTED = "untested"


class ClaimCheckKind(enum.StrEnum):
    """In what ways a claim is tested.

    `PLACE`: the claimed place against a sensed track. `SENDER`: a bearing to where it is sent from.
    `STRENGTH`: the received strength against the claimed way. `MOTION`: whether anything could fly as it
    says. `OPERATOR`: whether its operator could be where it says. `DUPLICATE`: one identity on the air
    twice. `REGISTRY`: what a register of serials knows of it.
    """

    PLACE = "place"
    SENDER = "sender"
    STRENGTH = "strength"
    MOTION = "motion"
    OPERATOR = "operator"
    DUPLICATE = "duplicate"
    REGISTRY = "registry"


class ClaimCheck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One way of testing one claim: what was measured (`value` in `unit`), how likely as much is by chance
    were the claim true (`p_value`, None where no chance can be given), and a sentence.
    """

    kind: ClaimCheckKind
    verdict: ClaimVerdict
    because: str
    value: float | None = None
    unit: str = ""
    p_value: float | None = None


class ClaimTest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One claim set against one track or against the whole picture.

    `residual_m` is the distance between the claimed and the sensed place; `p_value` the chance of one as
    large if the claim were true (its own and the track's covariance counted, over the recent claims
    together); both None while untested. `track_id` is None when no track is near the claimed place.
    `because` is a sentence; `checks` are all ways in which it was tested; `sources` the receivers that
    heard it. Claims that contradict each other stand side by side, each with its own. `operator_id` and
    `operator_position_enu_m` are as the claim gives them.
    """

    kind: ClaimKind
    claimed_id: str
    track_id: int | None
    verdict: ClaimVerdict
    residual_m: float | None
    p_value: float | None
    because: str
    operator_id: str = ""
    operator_position_enu_m: Vector | None = None
    checks: tuple[ClaimCheck, ...] = ()
    sources: tuple[str, ...] = ()


class ClassEvidence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One kind of evidence for what a track is: `log_odds` has one entry per class, in nats against the
    average class; `says` is a sentence with the measured value.
    """

    name: str
    log_odds: tuple[float, float, float, float, float]
    says: str


class Identification(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one track is: class probabilities in the order of `TargetClass` (they sum to 1), standing, and
    on what grounds.

    `claims` are tests of claims that may belong to this track. `claimed_id` is the identity that sensors
    agree with, "" if none. `set_by` says who set the standing: the machine, or a person's order;
    `machine_standing` is what the machine says beside an order. `class_evidence` is in order of weight.
    """

    track_id: int
    class_probabilities: tuple[float, float, float, float, float]
    standing: Standing
    set_by: str
    claimed_id: str
    claims: tuple[ClaimTest, ...]
    evidence: tuple[str, ...]
    machine_standing: Standing = Standing.UNKNOWN
    class_evidence: tuple[ClassEvidence, ...] = ()
