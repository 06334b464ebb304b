"""From residuals to verdicts: each stream of claims is consistent, contradicted or untested, and why.

* Consistent: a track fits it, over `ENOUGH_CLAIMS` claims (one, when it agreed a moment ago). One that
  falls silent stays so for `HELD_S` while its track goes on: an aircraft does not become another by a
  lost packet.
* Contradicted: nothing is sensed where it says it is, although a sensor should see it, for `GRACE_S`; or
  its broadcast comes from somewhere else. A stream that has agreed before gets longer: a drone behind a
  tower is not a liar.
* Untested: too early to say, or no sensor covers the place.

That is its place; `identity.checks` sets beside it all other ways in which the claim was tested.
"""

from __future__ import annotations

from collections import Counter

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.domain.identity import ClaimCheckKind, ClaimTest, ClaimVerdict
from skykeep.domain.sensing import Claim, ClaimKind, Sensor
from skykeep.domain.track import Picture
from skykeep.domain.wording import say_distance
from skykeep.geo.terrain import Terrain
from skykeep.identity.chances import ALLOTMENT
from skykeep.identity.checks import with_checks
from skykeep.identity.coverage import is_covered, unseen_chance
from skykeep.identity.matching import Match
from skykeep.identity.registers import RegisterAnswers
from skykeep.identity.residuals import WINDOW
from skykeep.identity.streams import STALE_NS, Stream

ENOUGH_CLAIMS = 3
MEMORY_S = 15.0
HELD_S = 30.0
GRACE_S = 8.0
GRACE_AFTER_AGREEING_S = 30.0
# A track that moves as the claim does holds its distance to this, and the claim's velocity to that.
STEADY_M = 20.0
ALIKE_MPS = 2.0
TELLING_MPS = 4.0
# A liar who sends from here: nearly every bearing points away from the claimed place.
NEARLY_ALL = 0.8
SAYS = {
    ClaimKind.REMOTE_ID: "Remote ID",
    ClaimKind.ADSB: "ADS-B",
    ClaimKind.NETWORK_REMOTE_ID: "network Remote ID",
    ClaimKind.TELEMETRY: "telemetry",
}


class ClaimState(msgspec.Struct, frozen=True, kw_only=True):
    """The latest claim of one transmitter, and how it stands against the sensors.

    Where two transmitters use one identity there are two of these. `also_elsewhere_m` is the distance to the
    other's claimed place, None when there is no other.
    """

    claim: Claim
    test: ClaimTest
    also_elsewhere_m: float | None = None


class StreamKeyed(msgspec.Struct, frozen=True, kw_only=True):
    """A stream's state, and a further test for the track that its broadcast really comes from, if another."""

    state: ClaimState
    sender: ClaimTest | None


def judge_streams(
    streams: list[Stream],
    matches: dict[tuple[str, str, int], Match],
    senders: dict[tuple[str, str, int], tuple[int, float]],
    picture: Picture,
    sensors: tuple[Sensor, ...],
    registers: RegisterAnswers,
    terrain: Terrain | None = None,
) -> list[StreamKeyed]:
    """Return the state of each stream, in order."""
    shared = Counter((stream.kind, stream.claimed_id) for stream in streams)
    taken = {match.track_id for match in matches.values()}
    bearer_of = _bearers(streams, matches, picture)
    judged = []
    for stream in streams:
        match = matches.get(stream.key)
        by_order = match is not None and bool(match.source)
        # A person's word outranks where the broadcast seems to come from.
        sender = None if by_order else senders.get(stream.key)
        if sender is not None and bearer_of.get(int(picture.track_id[sender[0]]), stream.key) != stream.key:
            # Whoever tells the truth of itself may stand in line with the one who lies.
            sender = None
        test = _test(stream, match, picture, sensors, taken, terrain)
        lie, lies_itself = None, False
        if sender is not None and (match is None or match.row != sender[0]):
            lie = _lie(stream, sender[0], picture)
            if match is None or sender[1] >= NEARLY_ALL:
                test, lies_itself = lie, True
        test = with_checks(stream, test, by_order, streams, registers)
        other_m = None
        if shared[stream.kind, stream.claimed_id] > 1:
            other_m = _to_nearest_namesake_m(stream, streams)
        judged.append(
            StreamKeyed(
                state=ClaimState(claim=stream.latest, test=test, also_elsewhere_m=other_m),
                sender=None if lies_itself else lie,
            )
        )
    return judged


def _bearers(
    streams: list[Stream], matches: dict[tuple[str, str, int], Match], picture: Picture
) -> dict[int, tuple[str, str, int]]:
    """Return whose track each is, now or until a moment ago, by the stream's key."""
    bearers: dict[int, tuple[str, str, int]] = {}
    for stream in streams:
        agreed_utc_ns = stream.agreed_utc_ns
        recent = agreed_utc_ns is not None and picture.time_utc_ns - agreed_utc_ns <= HELD_S * NS_PER_S
        if recent and stream.track_id is not None:
            bearers[stream.track_id] = stream.key
    return bearers | {match.track_id: key for key, match in matches.items()}


def _test(
    stream: Stream,
    match: Match | None,
    picture: Picture,
    sensors: tuple[Sensor, ...],
    taken: set[int],
    terrain: Terrain | None,
) -> ClaimTest:
    now_utc_ns = picture.time_utc_ns
    agreed_s = np.inf if stream.agreed_utc_ns is None else (now_utc_ns - stream.agreed_utc_ns) / NS_PER_S
    if match is not None:
        stream.track_id, stream.alone_since_utc_ns = match.track_id, None
        if match.source:
            because = f"By {match.source} it is this track's; it claims to be {match.residual_m:.0f} m away."
            return _claim_test(
                stream, match.track_id, ClaimVerdict.CONSISTENT, because, match.residual_m, match.p_value
            )
        if match.claims >= ENOUGH_CLAIMS or agreed_s <= MEMORY_S:
            stream.agreed_utc_ns = now_utc_ns
            because = f"{SAYS[stream.kind]} and the sensors agree to within {match.residual_m:.0f} m."
            return _claim_test(
                stream, match.track_id, ClaimVerdict.CONSISTENT, because, match.residual_m, match.p_value
            )
        because = f"Only {match.claims} claims to compare so far."
        return _claim_test(stream, match.track_id, ClaimVerdict.UNTESTED, because)
    if now_utc_ns - stream.latest.time_utc_ns > STALE_NS:
        if agreed_s <= HELD_S and stream.track_id in picture.track_id.tolist():
            because = f"It agreed {agreed_s:.0f} s ago and has been silent since."
            return _claim_test(stream, stream.track_id, ClaimVerdict.CONSISTENT, because)
        return _claim_test(stream, None, ClaimVerdict.UNTESTED, "It has fallen silent.")
    claimed = stream.expected_enu_m(now_utc_ns)
    place = (float(claimed[0]), float(claimed[1]), float(claimed[2]))
    if not is_covered(sensors, place, terrain):
        stream.alone_since_utc_ns = None
        return _claim_test(stream, None, ClaimVerdict.UNTESTED, "No sensor covers the place it claims.")
    if stream.alone_since_utc_ns is None:
        stream.alone_since_utc_ns = now_utc_ns
    alone_s = (now_utc_ns - stream.alone_since_utc_ns) / NS_PER_S
    grace_s = GRACE_S if agreed_s == np.inf else GRACE_AFTER_AGREEING_S
    p_value = unseen_chance(sensors, place, alone_s, terrain)
    if alone_s < grace_s or p_value >= ALLOTMENT[ClaimCheckKind.PLACE]:
        because = f"Nothing has been sensed where it says it is for {alone_s:.0f} s."
        return _claim_test(stream, None, ClaimVerdict.UNTESTED, because)
    beside = _beside(stream, set(picture.track_id.tolist()) - taken)
    if beside is not None:
        track_id, off_m = beside
        because = f"It moves as it says, but {say_distance(off_m)} from where it says it is."
        return _claim_test(stream, track_id, ClaimVerdict.CONTRADICTED, because, off_m, p_value)
    because = f"Nothing is sensed where it says it is, for {alone_s:.0f} s, though a sensor covers the place."
    nearest_m = _nearest_m(picture, place)
    return _claim_test(stream, None, ClaimVerdict.CONTRADICTED, because, nearest_m, p_value)


def _beside(stream: Stream, free: set[int]) -> tuple[int, float] | None:
    """Return the one free track that keeps a steady distance from the claimed place, and that distance.

    Whoever shifts its claim by some hundred metres betrays itself by moving as the claim does. What hardly
    moves has many likenesses, so it is left alone.
    """
    velocity_mps = stream.latest.velocity_enu_mps
    if velocity_mps is None or np.hypot(velocity_mps[0], velocity_mps[1]) < TELLING_MPS:
        return None
    found = []
    for track_id in sorted(free.intersection(stream.residuals.track_id.tolist())):
        off = stream.residuals.of(track_id)
        if len(off) < WINDOW:
            continue
        mean = off.mean(axis=0)
        if off[:, :2].std(axis=0).max() <= STEADY_M and np.hypot(mean[3], mean[4]) <= ALIKE_MPS:
            found.append((track_id, float(np.hypot(mean[0], mean[1]))))
    return found[0] if len(found) == 1 else None


def _claim_test(
    stream: Stream,
    track_id: int | None,
    verdict: ClaimVerdict,
    because: str,
    residual_m: float | None = None,
    p_value: float | None = None,
) -> ClaimTest:
    return ClaimTest(
        kind=stream.kind,
        claimed_id=stream.claimed_id,
        track_id=track_id,
        verdict=verdict,
        residual_m=residual_m,
        p_value=p_value,
        because=because,
        operator_id=stream.latest.operator_id,
        operator_position_enu_m=stream.latest.operator_position_enu_m,
    )


def _lie(stream: Stream, row: int, picture: Picture) -> ClaimTest:
    """Return the test of a claim whose broadcast comes from the track at `row`, not from the claimed
    place.
    """
    claimed_m = stream.expected_enu_m(picture.time_utc_ns)
    distance_m = float(np.hypot(*(picture.state[row, :2] - claimed_m[:2])))
    because = f"Its broadcast comes from here, {say_distance(distance_m)} from where it says it is."
    track_id = int(picture.track_id[row])
    return _claim_test(stream, track_id, ClaimVerdict.CONTRADICTED, because, distance_m, 0.0)


def _nearest_m(picture: Picture, place_m: tuple[float, float, float]) -> float | None:
    if not len(picture):
        return None
    return float(np.min(np.hypot(picture.state[:, 0] - place_m[0], picture.state[:, 1] - place_m[1])))


def _to_nearest_namesake_m(stream: Stream, streams: list[Stream]) -> float:
    place_m = np.array(stream.latest.position_enu_m)
    return min(
        float(np.hypot(*(np.array(other.latest.position_enu_m) - place_m)[:2]))
        for other in streams
        if other is not stream and (other.kind, other.claimed_id) == (stream.kind, stream.claimed_id)
    )
