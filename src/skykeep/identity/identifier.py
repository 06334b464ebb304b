"""Identity of every track: what it is, who it claims to be, and whether sensors agree.

A consistent claim names a track; it makes no friend of it. Standing here is unknown, neutral (a bird; a
claim that sensors bear out) or suspect (a claim that sensors contradict; an identity that is on the air
twice). Whether it may be there is for the airspace to say, and only then is the standing final.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.identity import (
    TARGET_CLASS_NAMES,
    ClaimCheckKind,
    ClaimTest,
    ClaimVerdict,
    Identification,
    Standing,
    TargetClass,
)
from skykeep.domain.orders import ClaimOrder
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.sensing import Claim, ClaimKind, Scan
from skykeep.domain.site import Site
from skykeep.domain.track import Picture
from skykeep.domain.wording import say_distance
from skykeep.geo.terrain import Terrain
from skykeep.identity.checks import MAKES_SUSPECT
from skykeep.identity.claim_tests import ClaimState, StreamKeyed, judge_streams
from skykeep.identity.class_evidence import Evidence, EvidenceBook
from skykeep.identity.class_filter import ClassFilter
from skykeep.identity.emitters import EmitterLog
from skykeep.identity.matching import match_streams
from skykeep.identity.orders import obeyed, told
from skykeep.identity.registers import RegisterAnswers
from skykeep.identity.streams import StreamBook

SET_BY = "skykeep"
CALLED = tuple(name.replace("_", " ") for name in TARGET_CLASS_NAMES)
NEUTRAL, UNKNOWN = Standing.NEUTRAL, Standing.UNKNOWN
SURE_BIRD = 0.8
AT_LEAST_AIRCRAFT = 0.5
# Log-evidence for the classes from what a track says or sends: bounded, because anyone can send anything.
ADSB_AGREES = np.array([-1.0, 0.0, -3.0, 3.0, -1.0])
REMOTE_ID_AGREES = np.array([3.0, 3.0, -1.0, -1.0, 0.0])
SENDS = np.array([2.0, 1.0, 0.0, 0.0, 0.0])


class Identifier:
    """What is known of who flies here. Claims and scans as they come; `judge` once for each picture."""

    def __init__(self, site: Site, terrain: Terrain | None = None) -> None:
        self._sensors = site.sensors
        self._terrain = terrain
        self._streams = StreamBook({sensor.sensor_id: sensor.position_enu_m for sensor in site.sensors})
        self._registers = RegisterAnswers()
        self._emitters = EmitterLog(site.sensors)
        self._classes = ClassFilter()
        self._evidence = EvidenceBook()
        self._states: tuple[ClaimState, ...] = ()

    def receive_claim(self, claim: Claim) -> None:
        """Take in what something says of itself; InputError when it cannot be a place."""
        self._streams.receive(claim)

    def receive_scan(self, scan: Scan) -> None:
        """Take in labelled bearings; other scans tell identity nothing directly."""
        self._emitters.receive(scan)

    def receive_registry(self, answer: RegistryAnswer) -> None:
        """Take in what a register answered; InputError when it is about nobody."""
        self._registers.receive(answer)

    def judge(
        self, picture: Picture, height_agl_m: FloatArray, orders: tuple[ClaimOrder, ...] = ()
    ) -> tuple[Identification, ...]:
        """Return one identification per row of `picture`, in its order; `orders` say which claims are whose,
        whatever fits.
        """
        streams = self._streams.live(picture.time_utc_ns)
        matches = match_streams(streams, picture, orders)
        senders, heard = self._emitters.settle(picture, streams)
        judged = judge_streams(
            streams, matches, senders, picture, self._sensors, self._registers, self._terrain
        )
        judged = obeyed(judged, orders)
        self._states = tuple(one.state for one in judged)

        row_of = {track_id: row for row, track_id in enumerate(picture.track_id.tolist())}
        claims: dict[int, list[tuple[ClaimTest, ClaimState]]] = {}
        beside = np.zeros((len(picture), len(TargetClass)))
        for one in judged:
            for test in (one.state.test, one.sender):
                if test is not None and test.track_id is not None:
                    row = row_of[test.track_id]
                    claims.setdefault(row, []).append((test, one.state))
                    beside[row] += _class_evidence(test)
        for row in heard:
            beside[row] += SENDS
        probabilities = self._classes.judge(picture, height_agl_m, np.clip(beside, -3.0, 3.0))
        why = self._evidence.tell(
            picture, probabilities, self._classes.parts, self._classes.speed_mps, height_agl_m
        )
        found = _identifications(
            picture, height_agl_m, probabilities, why, claims, heard, _on_air_twice(judged)
        )
        return told(found, orders) if orders else found

    def claims(self, time_utc_ns: int) -> tuple[ClaimState, ...]:
        """Return the latest claim of every transmitter heard of late, with its test at the last `judge`.

        Claims that came since then are not in it.
        """
        return tuple(state for state in self._states if state.claim.received_utc_ns <= time_utc_ns)


def _class_evidence(test: ClaimTest) -> FloatArray:
    if test.verdict is ClaimVerdict.CONSISTENT:
        return ADSB_AGREES if test.kind is ClaimKind.ADSB else REMOTE_ID_AGREES
    if test.verdict is ClaimVerdict.CONTRADICTED:
        return SENDS
    return np.zeros(len(TargetClass))


def _on_air_twice(judged: list[StreamKeyed]) -> set[tuple[ClaimKind, str]]:
    """Return the identities that more than one track bears out."""
    tracks: dict[tuple[ClaimKind, str], set[int | None]] = {}
    for one in judged:
        test = one.state.test
        if test.verdict is ClaimVerdict.CONSISTENT:
            tracks.setdefault((test.kind, test.claimed_id), set()).add(test.track_id)
    return {name for name, bearers in tracks.items() if len(bearers) > 1}


def _identifications(
    picture: Picture,
    height_agl_m: FloatArray,
    probabilities: FloatArray,
    why: list[Evidence],
    claims: dict[int, list[tuple[ClaimTest, ClaimState]]],
    heard: dict[int, str],
    twice: set[tuple[ClaimKind, str]],
) -> tuple[Identification, ...]:
    likeliest = probabilities.argmax(axis=1).tolist()
    speed_mps = np.hypot(picture.state[:, 3], picture.state[:, 4]).tolist()
    is_bird = (probabilities[:, TargetClass.BIRD] >= SURE_BIRD).tolist()
    rows = zip(
        picture.track_id.tolist(),
        _five(probabilities),
        likeliest,
        speed_mps,
        height_agl_m.tolist(),
        picture.rcs_dbsm.tolist(),
        is_bird,
        why,
        strict=True,
    )
    out = []
    for row, (track_id, each, best, speed, height, rcs, bird, class_evidence) in enumerate(rows):
        evidence: tuple[str, ...] = (_say_class(best, each[best], speed, height, rcs),)
        standing, claimed_id = NEUTRAL if bird else UNKNOWN, ""
        tests: tuple[ClaimTest, ...] = ()
        if row in claims:
            own = claims[row]
            standing, claimed_id = _weigh_claims(own, each, twice)
            tests = tuple(test for test, _ in own)
            evidence += tuple(test.because for test in tests)
            evidence += (*_say_checks(own), *_say_namesakes(own))
        if row in heard:
            evidence += (f"A transmitter ({heard[row]}) is heard from its direction.",)
        out.append(
            Identification(
                track_id=track_id,
                class_probabilities=each,
                standing=standing,
                set_by=SET_BY,
                claimed_id=claimed_id,
                claims=tests,
                evidence=evidence,
                class_evidence=class_evidence,
            )
        )
    return tuple(out)


def _five(probabilities: FloatArray) -> list[tuple[float, float, float, float, float]]:
    """Return the rows of (n, 5) as records hold them."""
    return list(zip(*probabilities.T.tolist(), strict=True))


def _weigh_claims(
    own: list[tuple[ClaimTest, ClaimState]], each: tuple[float, ...], twice: set[tuple[ClaimKind, str]]
) -> tuple[Standing, str]:
    """Return what a track's claims make of its standing, and the identity that sensors agree with."""
    standing, claimed_id = Standing.UNKNOWN, ""
    for test, _ in own:
        if test.verdict is ClaimVerdict.CONTRADICTED:
            standing = Standing.SUSPECT
        elif test.verdict is ClaimVerdict.CONSISTENT:
            # Remote ID names a permit's serial; a track that shows both goes by that.
            if not claimed_id or test.kind is not ClaimKind.ADSB:
                claimed_id = test.claimed_id
            if (test.kind, test.claimed_id) in twice or _accused(test):
                standing = Standing.SUSPECT
            elif standing is Standing.UNKNOWN and (
                test.kind is not ClaimKind.ADSB or each[TargetClass.AIRCRAFT] >= AT_LEAST_AIRCRAFT
            ):
                standing = Standing.NEUTRAL
    return standing, claimed_id


def _accused(test: ClaimTest) -> bool:
    """Return whether a check that leaves the claim standing speaks against whoever makes it."""
    return any(
        check.kind in MAKES_SUSPECT and check.verdict is ClaimVerdict.CONTRADICTED for check in test.checks
    )


def _say_class(best: int, probability: float, speed_mps: float, height_m: float, rcs_dbsm: float) -> str:
    name, percent = CALLED[best], 100.0 * probability
    high = f", {height_m:.0f} m above ground" if height_m == height_m else ""
    echo = f", echo {rcs_dbsm:.0f} dBsm" if rcs_dbsm == rcs_dbsm else ""
    return f"Likeliest {name} ({percent:.0f} %): {speed_mps:.0f} m/s{high}{echo}."


def _say_checks(own: list[tuple[ClaimTest, ClaimState]]) -> list[str]:
    """Return what speaks against a track's claims beside what their verdicts say."""
    return [
        check.because
        for test, _ in own
        for check in test.checks
        if check.verdict is ClaimVerdict.CONTRADICTED
        and check.because != test.because
        and check.kind is not ClaimCheckKind.DUPLICATE
    ]


def _say_namesakes(own: list[tuple[ClaimTest, ClaimState]]) -> list[str]:
    return [
        f"{test.claimed_id} is also broadcast {say_distance(state.also_elsewhere_m)} away."
        for test, state in own
        if state.also_elsewhere_m is not None
    ]
