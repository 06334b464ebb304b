"""All ways in which one claim was tested, side by side, and what they come to together.

| check | asks | changes the claim's verdict |
|---|---|---|
| place | is a sensed track where it says, and does it move so? | yes |
| sender | do bearings to its broadcast point there? | yes |
| strength | is it as strong as it would be from there? | yes |
| motion | could anything fly as it says? | yes |
| operator | could its operator be where it says? | no: makes its track suspect |
| duplicate | is the same identity on the air elsewhere? | no: makes suspect whom sensors bear out twice |
| registry | what do registers know of it? | stolen or revoked: yes; else it makes its track suspect |

A claim that any of the first four contradicts, or whose name is stolen, is contradicted; `identity.chances`
says why they may all be asked, for as long as it is on the air, and still accuse fewer than one true claim
in a hundred.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimTest, ClaimVerdict
from skykeep.domain.wording import say_distance
from skykeep.identity.emitters import sender_check
from skykeep.identity.registers import RegisterAnswers
from skykeep.identity.streams import STALE_NS, Stream

# Two streams of one name are two senders once each has sent so many claims, turn by turn.
ENOUGH_TWICE = 3
# These accuse whoever the claim is of, and leave it the claim's own.
MAKES_SUSPECT = (ClaimCheckKind.OPERATOR, ClaimCheckKind.REGISTRY)


def with_checks(
    stream: Stream, test: ClaimTest, by_order: bool, streams: list[Stream], registers: RegisterAnswers
) -> ClaimTest:
    """Return a test with all its checks; what a person ordered is not overruled by any."""
    registry = registers.check(stream.latest)
    sender, strength, motion = sender_check(stream), stream.strength.check(), stream.motion.check()
    found = (
        _place(test),
        sender,
        strength,
        motion,
        stream.operator.check(),
        _duplicate(stream, test, streams),
        registry,
    )
    checks = tuple(check for check in found if check is not None)
    test = msgspec.structs.replace(test, checks=checks, sources=tuple(sorted(stream.sources)))
    if by_order or test.verdict is ClaimVerdict.CONTRADICTED:
        return test
    disowned = registry if registers.is_disowned(stream.kind, stream.claimed_id) else None
    for check in (motion, sender, strength, disowned):
        if check is not None and check.verdict is ClaimVerdict.CONTRADICTED:
            # Sent from elsewhere, it says nothing of the track that happens to be where it says.
            its_own = check.kind in (ClaimCheckKind.MOTION, ClaimCheckKind.REGISTRY)
            track_id = test.track_id if its_own else None
            return msgspec.structs.replace(
                test,
                verdict=ClaimVerdict.CONTRADICTED,
                track_id=track_id,
                because=check.because,
                p_value=check.p_value,
            )
    return test


def _place(test: ClaimTest) -> ClaimCheck:
    return ClaimCheck(
        kind=ClaimCheckKind.PLACE,
        verdict=test.verdict,
        because=test.because,
        value=test.residual_m,
        unit="m",
        p_value=test.p_value,
    )


def _duplicate(stream: Stream, test: ClaimTest, streams: list[Stream]) -> ClaimCheck | None:
    """Return whether its identity is on the air elsewhere too; whom sensors bear out, it does not accuse."""
    twins = [
        other
        for other in streams
        if other is not stream
        and (other.kind, other.claimed_id) == (stream.kind, stream.claimed_id)
        and min(other.count, stream.count) >= ENOUGH_TWICE
        and min(other.latest.time_utc_ns, stream.latest.time_utc_ns)
        > max(other.first_utc_ns, stream.first_utc_ns)
        and abs(other.latest.time_utc_ns - stream.latest.time_utc_ns) <= STALE_NS
    ]
    if not twins:
        return None
    away_m = min(stream.distance_m(other.latest) for other in twins)
    borne_out = test.verdict is ClaimVerdict.CONSISTENT
    return ClaimCheck(
        kind=ClaimCheckKind.DUPLICATE,
        verdict=ClaimVerdict.UNTESTED if borne_out else ClaimVerdict.CONTRADICTED,
        because=f"{stream.claimed_id} is also on the air {say_distance(away_m)} away.",
        value=away_m,
        unit="m",
    )
