"""Who is given a few seconds to say who they are, and who is not; who joins an alert by its company."""

from __future__ import annotations

import msgspec

from alert_sky import GULL, Flight, Watch, swarm
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimTest, ClaimVerdict
from skykeep.domain.rules import AlertRules, ResponseRules
from skykeep.domain.sensing import ClaimKind

DOUBTFUL = (0.4, 0.05, 0.5, 0.0, 0.05)


def verdict(chance: float, condition: str = "no_permit") -> AirspaceVerdict:
    """Return that of a track where flying is forbidden, the flight of permit P-1 by so much."""
    return AirspaceVerdict(
        track_id=1,
        permission=Permission.FORBIDDEN,
        zone_id="ban",
        permit_id="",
        document="Order 12",
        failing_condition=condition,
        reason="No permit covers it.",
        candidates=(("P-1", chance),) if chance else (),
    )


def claim(says: ClaimVerdict) -> ClaimTest:
    return ClaimTest(
        kind=ClaimKind.REMOTE_ID,
        claimed_id="S-1",
        track_id=1,
        verdict=says,
        residual_m=None,
        p_value=None,
        because="It says so.",
    )


def raised_after_s(flight: Flight, rules: ResponseRules | None = None) -> float | None:
    """Return after how long an alert is raised, looking twice a second for ten seconds."""
    watch = Watch(flight, rules=rules)
    for k in range(20):
        watch.look(1, 0.5)
        if watch.book.cases:
            return 0.5 * (k + 1)
    return None


def near(**fields: object) -> Flight:
    """Return a flight whose breach may come within 16 s: two looks are enough for an alert."""
    return msgspec.structs.replace(Flight(breach_s=20.0), **fields)


def test_without_a_permit_in_question_nobody_waits() -> None:
    assert raised_after_s(near()) == 1.0
    assert raised_after_s(near(verdict=verdict(0.0))) == 1.0
    assert raised_after_s(near(verdict=verdict(0.1))) == 1.0


def test_one_that_may_be_permitted_has_four_seconds_and_no_more() -> None:
    untested = (claim(ClaimVerdict.UNTESTED),)
    assert raised_after_s(near(verdict=verdict(0.5), claims=untested)) == 4.5
    # Its first claim has not been heard yet.
    assert raised_after_s(near(verdict=verdict(0.5))) == 4.5
    # It flies unlike the flight as filed, but what it broadcasts may still name it.
    assert raised_after_s(near(verdict=verdict(0.05), claims=untested)) == 4.5
    assert raised_after_s(near(verdict=verdict(0.05))) == 1.0


def test_a_few_echoes_are_no_alert_however_near() -> None:
    likely = (0.6, 0.05, 0.3, 0.0, 0.05)
    assert raised_after_s(near(hits=4)) is None
    assert raised_after_s(near(hits=5)) == 1.0
    assert raised_after_s(near(hits=7, classes=likely)) is None
    assert raised_after_s(near(hits=8, classes=likely)) == 1.0
    assert raised_after_s(near(hits=2), ResponseRules(sure_after_detections=2)) == 1.0


def test_what_is_far_must_be_a_drone_more_surely_than_what_is_near() -> None:
    likely = (0.5, 0.05, 0.4, 0.0, 0.05)
    assert raised_after_s(Flight(classes=likely)) is None
    assert raised_after_s(near(classes=likely)) == 1.0
    assert raised_after_s(Flight(classes=(0.6, 0.05, 0.3, 0.0, 0.05))) == 2.0


def test_what_is_about_to_breach_needs_less_priority_the_surer_the_less() -> None:
    likely = (0.5, 0.05, 0.4, 0.0, 0.05)
    assert raised_after_s(Flight(priority=0.45)) is None
    assert raised_after_s(near(priority=0.45, classes=likely)) == 1.0
    assert raised_after_s(near(priority=0.44, classes=likely)) is None
    assert raised_after_s(near(priority=0.4)) == 1.0
    assert raised_after_s(near(priority=0.39)) is None
    # What may be a permit's flight is given the usual patience.
    assert raised_after_s(near(priority=0.45, verdict=verdict(0.5, "volume"))) is None


def test_a_claim_that_was_tested_ends_the_wait() -> None:
    for says in (ClaimVerdict.CONSISTENT, ClaimVerdict.CONTRADICTED):
        assert raised_after_s(near(verdict=verdict(0.5), claims=(claim(says),))) == 1.0
    assert raised_after_s(near(verdict=verdict(0.5, "spoofed"))) == 1.0


def test_nobody_waits_when_the_breach_may_come_first() -> None:
    assert raised_after_s(near(verdict=verdict(0.5), breach_s=5.0)) == 1.0


def test_one_that_becomes_allowed_meanwhile_is_never_accused() -> None:
    flight = near(verdict=verdict(0.5), claims=(claim(ClaimVerdict.UNTESTED),))
    watch = Watch(flight).look(5, 0.5)
    flight.claims = (claim(ClaimVerdict.CONSISTENT),)
    flight.verdict = msgspec.structs.replace(
        verdict(1.0), permission=Permission.ALLOWED, permit_id="P-1", failing_condition=""
    )
    assert watch.look(20, 0.5).book.alerts == ()


def test_the_wait_is_a_rule() -> None:
    rules = ResponseRules(alerts=AlertRules(permit_wait_s=0.0))
    assert raised_after_s(near(verdict=verdict(0.5)), rules) == 1.0


def test_what_flies_in_a_swarm_that_has_an_alert_is_in_it_although_it_could_be_a_bird() -> None:
    doubtful = Flight(track_id=4, priority=0.1, group_id="group-1", classes=DOUBTFUL)
    watch = Watch(*swarm(3), doubtful).look(6)
    assert set(watch.alert().members) == {1, 2, 3, 4}


def test_alone_or_surely_a_bird_it_is_not() -> None:
    alone = Flight(track_id=4, priority=0.1, group_id="group-2", classes=DOUBTFUL)
    gull = Flight(track_id=5, priority=0.1, group_id="group-1", classes=GULL)
    permitted = Flight(track_id=6, priority=0.1, group_id="group-1")
    allowed = {"track_id": 6, "permission": Permission.ALLOWED, "failing_condition": ""}
    permitted.verdict = msgspec.structs.replace(verdict(1.0), **allowed)
    watch = Watch(*swarm(3), alone, gull, permitted).look(6)
    assert set(watch.alert().members) == {1, 2, 3}
    assert len(watch.book.alerts) == 1


def test_a_drone_about_to_breach_an_asset_of_lesser_consequence_is_raised() -> None:
    assert raised_after_s(near(priority=0.45)) == 1.0
    assert raised_after_s(near(priority=0.45, breach_s=120.0)) is None
    assert raised_after_s(near(priority=0.45, classes=DOUBTFUL)) is None
    assert raised_after_s(near(priority=0.45, verdict=verdict(0.3))) is None
    assert raised_after_s(near(priority=0.35)) is None
