"""What was thought of a track is told of the past as it was then, and given up oldest first."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from judged_scenes import ORIGIN, START_UTC_NS, at_ns, identification, picture
from skykeep.api.track_memory import TrackMemory
from skykeep.api.views import picture_columns
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimTest, ClaimVerdict, ClassEvidence
from skykeep.domain.sensing import ClaimKind
from skykeep.engine.outputs import Judgement

CHECK = ClaimCheck(
    kind=ClaimCheckKind.PLACE,
    verdict=ClaimVerdict.CONTRADICTED,
    because="900 m off.",
    value=900.0,
    unit="m",
    p_value=0.001,
)
CLAIM = ClaimTest(
    kind=ClaimKind.REMOTE_ID,
    claimed_id="POLICE-1",
    track_id=1,
    verdict=ClaimVerdict.CONTRADICTED,
    residual_m=900.0,
    p_value=0.001,
    because="It is not where it says.",
    checks=(CHECK,),
    sources=("df",),
)
EVIDENCE = ClassEvidence(name="speed", log_odds=(1.234, 0.0, -1.0, 0.0, 0.0), says="It flies at 20 m/s.")


def judged(seconds: float) -> Judgement:
    """Return a judgement of one track, whose likeliest class is surer by a percent each second."""
    sure = 0.5 + 0.01 * seconds
    known = msgspec.structs.replace(
        identification(1, classes=(sure, 1.0 - sure, 0.0, 0.0, 0.0), claims=(CLAIM,)),
        class_evidence=(EVIDENCE,),
    )
    verdict = AirspaceVerdict(
        track_id=1,
        permission=Permission.FORBIDDEN,
        zone_id="zone",
        permit_id="",
        document="12",
        failing_condition="no_permit",
        reason="A ban.",
    )
    return Judgement(
        picture=picture(seconds, [(10.0 * seconds, 0.0, 50.0, 10.0, 0.0, 0.0)], track_ids=[1]),
        identifications=(known,),
        verdicts=(verdict,),
        threats=(),
        height_agl_m=np.array([50.0]),
        height_amsl_m=np.array([50.0]),
    )


def memory(to_s: int, alerted: tuple[int, ...] = (1,), most_kept: int = 100) -> TrackMemory:
    kept = TrackMemory(START_UTC_NS, most_kept)
    for second in range(to_s + 1):
        judgement = judged(second)
        kept.note(judgement, picture_columns(judgement, ORIGIN), alerted, {})
    return kept


@pytest.mark.parametrize(("then_s", "percent", "points"), [(0, 50.0, 1), (3.4, 53.0, 4), (9, 59.0, 10)])
def test_a_past_moment_is_told_as_it_was_thought_then(then_s: float, percent: float, points: int) -> None:
    details = memory(to_s=9).details_at(1, at_ns(then_s))
    assert details is not None
    assert details.class_percents[0] == percent
    assert len(details.history) == points


def test_nothing_is_known_before_a_track_was_seen_or_of_another() -> None:
    kept = memory(to_s=3)
    assert kept.details_at(1, at_ns(-1)) is None
    assert kept.details_at(2, at_ns(3)) is None


def test_of_a_track_that_did_not_matter_only_the_way_is_kept() -> None:
    details = memory(to_s=3, alerted=()).details_at(1, at_ns(2))
    assert details is not None
    assert details.lines == ("As it flew until then. More is in the log.",)
    assert len(details.history) == 3


def test_the_oldest_give_way() -> None:
    kept = memory(to_s=9, most_kept=4)
    early, late = kept.details_at(1, at_ns(5)), kept.details_at(1, at_ns(6))
    assert early is not None
    assert late is not None
    assert (early.class_percents, late.class_percents[0]) == ((), 56.0)


def test_claims_come_with_their_checks_and_the_class_with_its_evidence() -> None:
    details = memory(to_s=1).details_at(1, at_ns(1))
    assert details is not None
    (claim,), (evidence,) = details.claims, details.class_evidence
    (check,) = claim.checks
    assert (check.kind, check.verdict, check.value, check.p_value) == ("place", "contradicted", 900.0, 0.001)
    assert (claim.because, claim.heard_by) == ("It is not where it says.", ("df",))
    assert (evidence.says, evidence.log_odds[0]) == ("It flies at 20 m/s.", 1.23)
