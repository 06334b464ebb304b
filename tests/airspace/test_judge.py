"""Who may be where: a table of stories, one line each, and the laws behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import numpy as np
import pytest

from judged_scenes import (
    BAN,
    INNER,
    ORIGIN,
    POLICE,
    POLICE_RING,
    POLICE_SERIAL,
    SERIAL,
    SURVEY,
    SURVEY_RING,
    at_ns,
    identification,
    picture,
    scope,
)
from skykeep.airspace import Airspace
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimTest, ClaimVerdict
from skykeep.domain.permit import Permit, PermitState
from skykeep.domain.place import Point
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.zone import Restriction, Zone

DRONE = (0.96, 0.01, 0.01, 0.01, 0.01)
BIRD = (0.02, 0.01, 0.95, 0.01, 0.01)
CREWED = (0.01, 0.01, 0.01, 0.96, 0.01)
ALLOWED, FORBIDDEN, UNKNOWN = Permission.ALLOWED, Permission.FORBIDDEN, Permission.UNKNOWN


def claim_test(claimed_id: str, verdict: ClaimVerdict, kind: ClaimKind = ClaimKind.REMOTE_ID) -> ClaimTest:
    return ClaimTest(
        kind=kind, claimed_id=claimed_id, track_id=1, verdict=verdict, residual_m=5.0, p_value=0.5, because=""
    )


def survey_for(
    times_s: tuple[float, float] = (-3600.0, 3600.0), ring_m: tuple[Point, ...] = SURVEY_RING
) -> Permit:
    """Return the survey's permit for another time or place."""
    return msgspec.structs.replace(SURVEY, scope=scope(ring_m, 120.0, (SERIAL,), ("order-12",), times_s))


def survey_now(state: PermitState, reason: str = "") -> Permit:
    """Return the survey's permit in another state, since ten seconds ago."""
    return msgspec.structs.replace(SURVEY, state=state, changed_utc_ns=at_ns(-10), reason=reason)


CONSISTENT, CONTRADICTED = ClaimVerdict.CONSISTENT, ClaimVerdict.CONTRADICTED


@dataclass(frozen=True, kw_only=True)
class Story:
    permission: Permission
    fails: str
    cites: str
    at_m: tuple[float, float, float] = (2000.0, 0.0, 80.0)
    claimed_id: str = SERIAL
    classes: tuple[float, float, float, float, float] = DRONE
    claims: tuple[ClaimTest, ...] = ()
    permits: tuple[Permit, ...] = (SURVEY, POLICE)
    zones: tuple[Zone, ...] = (BAN, INNER)
    says: str = ""
    known_height: bool = field(default=True)


STORIES = {
    "permitted and in its place": Story(permission=ALLOWED, fails="", cites="Special permit 7"),
    "silent in the ban": Story(
        permission=FORBIDDEN,
        fails="no_permit",
        cites="Order 12",
        claimed_id="",
        says="No permit covers it: the city-wide ban (Order 12) is in force here.",
    ),
    "known, but under no permit": Story(
        permission=FORBIDDEN, fails="serial", cites="Order 12", claimed_id="QVTX9H3K"
    ),
    "outside the permitted area": Story(
        permission=FORBIDDEN, fails="volume", cites="Special permit 7", at_m=(3000.0, 0.0, 80.0)
    ),
    "over the edge by less than a track can tell": Story(
        permission=ALLOWED, fails="", cites="Special permit 7", at_m=(2530.0, 0.0, 80.0)
    ),
    "too high": Story(
        permission=FORBIDDEN, fails="height", cites="Special permit 7", at_m=(2000.0, 0.0, 250.0)
    ),
    "a height nobody knows is under no permit": Story(
        permission=FORBIDDEN, fails="height", cites="Special permit 7", known_height=False
    ),
    "the permit ended an hour ago, the police drone's did not": Story(
        permission=FORBIDDEN,
        fails="time",
        cites="Special permit 7",
        permits=(survey_for((-7200.0, -3600.0)), POLICE),
        says="ended at 01:10 UTC",
    ),
    "the permit begins tomorrow": Story(
        permission=FORBIDDEN,
        fails="time",
        cites="Special permit 7",
        permits=(survey_for((90_000.0, 99_000.0)),),
        says="does not begin until 4 May 2031",
    ),
    "revoked ten seconds ago": Story(
        permission=FORBIDDEN,
        fails="revoked",
        cites="Special permit 7",
        permits=(survey_now(PermitState.REVOKED, "the parade was moved"),),
        says="was revoked at 02:09 UTC: the parade was moved.",
    ),
    "suspended during an incident": Story(
        permission=FORBIDDEN,
        fails="suspended",
        cites="Special permit 7",
        permits=(survey_now(PermitState.SUSPENDED),),
        says="is suspended since 02:09 UTC.",
    ),
    "expired by the office's clock": Story(
        permission=FORBIDDEN,
        fails="time",
        cites="Special permit 7",
        permits=(survey_now(PermitState.EXPIRED),),
        says="ended at 03:10 UTC.",
    ),
    "closed when it had landed": Story(
        permission=FORBIDDEN,
        fails="time",
        cites="Special permit 7",
        permits=(survey_now(PermitState.CLOSED),),
        says="is closed at 02:09 UTC.",
    ),
    "asked for is not granted": Story(
        permission=FORBIDDEN,
        fails="not_granted",
        cites="Special permit 7",
        permits=(survey_now(PermitState.SUBMITTED),),
        says="is asked for but not granted.",
    ),
    "denied": Story(
        permission=FORBIDDEN,
        fails="not_granted",
        cites="Special permit 7",
        permits=(survey_now(PermitState.DENIED, "crowd below"),),
        says="was denied at 02:09 UTC: crowd below.",
    ),
    "approved but not said to be flying": Story(
        permission=ALLOWED, fails="", cites="Special permit 7", permits=(survey_now(PermitState.APPROVED),)
    ),
    "a city permit does not open the inner ring": Story(
        permission=FORBIDDEN,
        fails="zone_not_unlocked",
        cites="Protection Act",
        at_m=(600.0, 0.0, 80.0),
        permits=(survey_for(ring_m=POLICE_RING),),
        says="does not open this zone: the inner ring (Protection Act) is in force here.",
    ),
    "a permit opens no zone that another authority keeps": Story(
        permission=FORBIDDEN,
        fails="zone_not_unlocked",
        cites="Order 12",
        zones=(msgspec.structs.replace(BAN, authority_id="ministry"),),
        says="does not open this zone: the city-wide ban (Order 12)",
    ),
    "a permit of the authority that keeps the zone opens it": Story(
        permission=ALLOWED,
        fails="",
        cites="Special permit 7",
        zones=(msgspec.structs.replace(BAN, authority_id="ministry"),),
        permits=(msgspec.structs.replace(SURVEY, authority_id="ministry"),),
    ),
    "a weaker zone under an opened one must be opened too": Story(
        permission=FORBIDDEN,
        fails="zone_not_unlocked",
        cites="Order 3",
        zones=(BAN, msgspec.structs.replace(BAN, zone_id="order-3", document="Order 3", strictness=5)),
    ),
    "a zone that restricts nothing needs no opening": Story(
        permission=ALLOWED,
        fails="",
        cites="Special permit 7",
        zones=(BAN, msgspec.structs.replace(INNER, restriction=Restriction.NO_RESTRICTION)),
        at_m=(1600.0, 0.0, 80.0),
    ),
    "a police permit does": Story(
        permission=ALLOWED,
        fails="",
        cites="Special permit 9",
        at_m=(600.0, 0.0, 80.0),
        claimed_id=POLICE_SERIAL,
    ),
    "two permits for one serial: the one that covers it counts": Story(
        permission=ALLOWED,
        fails="",
        cites="Special permit 8",
        permits=(
            survey_now(PermitState.REVOKED),
            msgspec.structs.replace(SURVEY, permit_id="P-8", document="Special permit 8"),
        ),
    ),
    "a broadcast that sensors contradict": Story(
        permission=FORBIDDEN,
        fails="claim_contradicted",
        cites="Order 12",
        claimed_id="",
        claims=(claim_test(SERIAL, CONTRADICTED),),
        says="but sensors disagree",
    ),
    "a broadcast not yet tested is no permit": Story(
        permission=FORBIDDEN,
        fails="no_permit",
        cites="Order 12",
        claimed_id="",
        claims=(claim_test(SERIAL, ClaimVerdict.UNTESTED),),
    ),
    "a helicopter whose ADS-B agrees": Story(
        permission=ALLOWED,
        fails="",
        cites="",
        claimed_id="3F0B52",
        classes=CREWED,
        claims=(claim_test("3F0B52", CONSISTENT, ClaimKind.ADSB),),
        says="Crewed aircraft, ADS-B agrees.",
    ),
    "a drone that sends ADS-B is no helicopter": Story(
        permission=FORBIDDEN,
        fails="serial",
        cites="Order 12",
        claimed_id="3F0B52",
        claims=(claim_test("3F0B52", CONSISTENT, ClaimKind.ADSB),),
    ),
    "an aircraft that says nothing is not allowed": Story(
        permission=FORBIDDEN, fails="no_permit", cites="Order 12", claimed_id="", classes=CREWED
    ),
    "a bird": Story(permission=UNKNOWN, fails="no_permit", cites="Order 12", claimed_id="", classes=BIRD),
    "nobody knows it, and nothing forbids it": Story(
        permission=UNKNOWN, fails="no_permit", cites="", claimed_id="", at_m=(9000.0, 0.0, 80.0)
    ),
    "permitted where nothing forbids": Story(
        permission=ALLOWED, fails="", cites="Special permit 7", zones=()
    ),
}


def judge(story: Story) -> AirspaceVerdict:
    scene = picture(0.0, [[*story.at_m, 0.0, 0.0, 0.0]])
    height_m = np.array([story.at_m[2] if story.known_height else np.nan])
    who = identification(claimed_id=story.claimed_id, classes=story.classes, claims=story.claims)
    (verdict,) = Airspace(ORIGIN, story.zones, story.permits).judge(scene, (who,), height_m, height_m)
    return verdict


@pytest.mark.parametrize("name", STORIES)
def test_story(name: str) -> None:
    story = STORIES[name]
    verdict = judge(story)
    assert (verdict.permission, verdict.failing_condition, verdict.document) == (
        story.permission,
        story.fails,
        story.cites,
    )
    assert story.says in verdict.reason
    assert verdict.reason.endswith(".")
    assert (verdict.permission is ALLOWED) == (verdict.failing_condition == "")


def both(
    air: Airspace, first_m: float, second_m: float, ids: tuple[int, int] = (1, 2), second: float = 0.0
) -> list[Permission]:
    """Judge two tracks that both show the survey's serial, at these eastings."""
    states = [[east_m, 0.0, 80.0, 0.0, 0.0, 0.0] for east_m in (first_m, second_m)]
    who = tuple(identification(track_id, claimed_id=SERIAL) for track_id in ids)
    height_m = np.full(2, 80.0)
    verdicts = air.judge(picture(second, states, track_ids=ids), who, height_m, height_m)
    return [verdict.permission for verdict in verdicts]


def test_of_two_with_one_serial_the_one_in_the_permitted_area_keeps_it() -> None:
    assert both(Airspace(ORIGIN, (BAN,), (SURVEY,)), 2000.0, 4000.0) == [ALLOWED, FORBIDDEN]
    assert both(Airspace(ORIGIN, (BAN,), (SURVEY,)), 4000.0, 2000.0) == [FORBIDDEN, ALLOWED]


def test_the_copy_is_told_where_the_true_one_is() -> None:
    air = Airspace(ORIGIN, (BAN,), (SURVEY,))
    states = [[2000.0, 0.0, 80.0, 0.0, 0.0, 0.0], [4100.0, 0.0, 80.0, 0.0, 0.0, 0.0]]
    who = (identification(1, claimed_id=SERIAL), identification(2, claimed_id=SERIAL))
    copy = air.judge(picture(0.0, states), who, np.full(2, 80.0), np.full(2, 80.0))[1]
    assert copy.failing_condition == "covered_by_another"
    said = f"It says it is {SERIAL} (permit P-7 of Harbour Survey), but that aircraft is sensed 2.1 km away."
    assert copy.reason == f"{said} The city-wide ban (Order 12) is in force here."


def test_a_copy_that_flies_into_the_area_does_not_take_the_permit() -> None:
    air = Airspace(ORIGIN, (BAN,), (SURVEY,))
    assert both(air, 2000.0, 4000.0) == [ALLOWED, FORBIDDEN]
    assert both(air, 2000.0, 2300.0) == [ALLOWED, FORBIDDEN]


def test_a_mimic_inside_does_not_get_the_permit_of_one_who_has_just_strayed() -> None:
    air = Airspace(ORIGIN, (BAN,), (SURVEY,))
    assert both(air, 2000.0, 4000.0) == [ALLOWED, FORBIDDEN]
    assert both(air, 3000.0, 2100.0, second=5.0) == [FORBIDDEN, FORBIDDEN]
    assert both(air, 2000.0, 2100.0, second=10.0) == [ALLOWED, FORBIDDEN]


def test_who_was_the_flight_stays_it_when_it_leaves_and_another_comes_in() -> None:
    air = Airspace(ORIGIN, (BAN,), (SURVEY,))
    assert both(air, 2000.0, 4000.0) == [ALLOWED, FORBIDDEN]
    assert both(air, 4000.0, 2000.0, second=30.0) == [FORBIDDEN, FORBIDDEN]


def test_who_strays_alone_is_told_why() -> None:
    air = Airspace(ORIGIN, (BAN,), (SURVEY,))
    height_m, who = np.array([80.0]), (identification(claimed_id=SERIAL),)
    inside = picture(0.0, [[2000.0, 0.0, 80.0, 0.0, 0.0, 0.0]])
    outside = picture(1.0, [[3000.0, 0.0, 80.0, 0.0, 0.0, 0.0]])
    assert air.judge(inside, who, height_m, height_m)[0].permission is ALLOWED
    assert air.judge(outside, who, height_m, height_m)[0].failing_condition == "volume"


def test_one_permit_never_covers_two_tracks() -> None:
    assert both(Airspace(ORIGIN, (BAN,), (SURVEY,)), 2000.0, 2300.0) == [FORBIDDEN, FORBIDDEN]


def test_a_permit_is_free_again_when_its_holder_has_left() -> None:
    air = Airspace(ORIGIN, (BAN,), (SURVEY,))
    assert both(air, 2000.0, 4000.0) == [ALLOWED, FORBIDDEN]
    assert both(air, 4000.0, 2000.0, ids=(2, 3)) == [FORBIDDEN, ALLOWED]


def test_new_zones_and_permits_hold_at_once() -> None:
    air = Airspace(ORIGIN, (), (SURVEY,))
    story = STORIES["permitted and in its place"]
    scene = picture(0.0, [[*story.at_m, 0.0, 0.0, 0.0]])
    who, height_m = (identification(claimed_id=SERIAL),), np.array([80.0])
    assert air.judge(scene, who, height_m, height_m)[0].permission is ALLOWED
    air.set_permits(())
    assert air.judge(scene, who, height_m, height_m)[0].permission is UNKNOWN
    air.set_zones((BAN,))
    assert air.judge(scene, who, height_m, height_m)[0].permission is FORBIDDEN


def test_every_row_has_its_verdict_in_order() -> None:
    dice = np.random.default_rng(3)
    n = 300
    states = np.hstack((dice.uniform(-8000.0, 8000.0, (n, 2)), np.full((n, 1), 80.0), np.zeros((n, 3))))
    who = tuple(identification(track_id) for track_id in range(1, n + 1))
    height_m = np.full(n, 80.0)
    verdicts = Airspace(ORIGIN, (BAN, INNER), (SURVEY,)).judge(picture(0.0, states), who, height_m, height_m)
    assert [verdict.track_id for verdict in verdicts] == list(range(1, n + 1))
    for verdict, state in zip(verdicts, states, strict=True):
        out_m = float(np.hypot(state[0], state[1]))
        # The rings are polygons of 64 corners, a little inside their circles.
        expected = "inner-ring" if out_m < 998.0 else "order-12" if 1000.0 < out_m < 6490.0 else None
        if expected:
            assert verdict.zone_id == expected
        elif out_m > 6500.0:
            assert verdict.zone_id == ""
