"""Threats: stories with their priorities and their words, and the laws of the product."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from judged_scenes import RESIDENCE, identification, picture
from skykeep.assessment import Assessor
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimTest, ClaimVerdict, Identification
from skykeep.domain.place import Asset, AssetKind
from skykeep.domain.rules import ThreatRules
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.threat import Threat
from skykeep.domain.track import TrackStatus

DRONE, BIRD = (0.97, 0.01, 0.01, 0.0, 0.01), (0.03, 0.0, 0.95, 0.0, 0.02)
CREWED, UNSURE = (0.0, 0.0, 0.0, 0.99, 0.01), (0.45, 0.05, 0.45, 0.0, 0.05)
SQUARE = Asset(
    asset_id="square",
    name="Parade Square",
    kind=AssetKind.SQUARE,
    position_enu_m=(3000.0, 0.0, 0.0),
    breach_radius_m=150.0,
    warning_radius_m=1200.0,
    consequence=0.5,
)
REASON = "No permit covers it: the city-wide ban (Order 12) is in force here until 06:00 UTC."


def ruled(permission: Permission, track_id: int = 1) -> AirspaceVerdict:
    return AirspaceVerdict(
        track_id=track_id,
        permission=permission,
        zone_id="order-12",
        permit_id="",
        document="Order 12",
        failing_condition="" if permission is Permission.ALLOWED else "no_permit",
        reason=REASON,
    )


def assess(
    state: list[float],
    *,
    classes: tuple[float, float, float, float, float] = DRONE,
    permission: Permission = Permission.FORBIDDEN,
    claims: tuple[ClaimTest, ...] = (),
    assets: tuple[Asset, ...] = (RESIDENCE, SQUARE),
    seconds: int = 1,
    settings: ThreatRules | None = None,
) -> Threat | None:
    """Let a track fly straight for so long and return its threat at the end, if it is one."""
    assessor = Assessor(assets, settings)
    threats: tuple[Threat, ...] = ()
    for second in range(seconds):
        place = np.array(state[:3]) + (second - seconds + 1) * np.array(state[3:])
        scene = picture(second, [[*place, *state[3:]]])
        who = identification(classes=classes, claims=claims)
        threats = assessor.judge(scene, (who,), (ruled(permission),))
    return threats[0] if threats else None


INBOUND = [0.0, 1500.0, 90.0, 0.0, -16.0, 0.0]


def test_a_silent_drone_inbound_is_a_threat_and_says_why() -> None:
    threat = assess(INBOUND, seconds=19)
    assert threat is not None
    assert threat.asset_id == "residence"
    assert threat.priority > 0.5
    assert threat.aims_probability > 0.8
    assert threat.breach is not None
    assert threat.breach.mid_s == pytest.approx(1350.0 / 16.0, rel=0.02)
    assert threat.breach.low_s < threat.breach.mid_s < threat.breach.high_s
    assert threat.worst_case_s == pytest.approx(1350.0 / 40.0)
    assert threat.closest_approach_m == pytest.approx(0.0, abs=1e-6)
    assert threat.closest_approach_s == pytest.approx(1500.0 / 16.0)
    assert threat.grounds[0] == REASON
    assert threat.grounds[1] == "It broadcasts no identity."
    assert threat.grounds[2] == "It has closed on the Residence for 18 s at 16 m/s, on a line straight at it."
    # Nothing was said of an echo.
    assert threat.grounds[4] == "By motion alone it is a multirotor, 97 % certain."
    assert threat.grounds[5].startswith(
        f"Priority {threat.priority:.2f}: not allowed 98 %, after the Residence "
    )


STORIES: dict[str, tuple[list[float], tuple[float, float, float, float, float], Permission, float, float]] = {
    "inbound drone": (INBOUND, DRONE, Permission.FORBIDDEN, 0.5, 1.0),
    "the same, permitted": (INBOUND, DRONE, Permission.ALLOWED, 0.0, 0.0),
    "a bird on the same line": (INBOUND, BIRD, Permission.UNKNOWN, 0.0, 0.05),
    "a bird not yet taken for one": (INBOUND, BIRD, Permission.FORBIDDEN, 0.0, 0.08),
    "a helicopter whose ADS-B agrees": (
        [0.0, 1500.0, 300.0, 0.0, -50.0, 0.0],
        CREWED,
        Permission.ALLOWED,
        0.0,
        0.0,
    ),
    "a helicopter not yet identified": (
        [0.0, 1500.0, 300.0, 0.0, -50.0, 0.0],
        CREWED,
        Permission.FORBIDDEN,
        0.0,
        0.1,
    ),
    "drone or bird, inbound": (INBOUND, UNSURE, Permission.FORBIDDEN, 0.25, 0.5),
    "outbound drone": ([0.0, 1500.0, 90.0, 0.0, 16.0, 0.0], DRONE, Permission.FORBIDDEN, 0.0, 0.2),
    "passing far off": ([2500.0, 3000.0, 90.0, 0.0, -16.0, 0.0], DRONE, Permission.FORBIDDEN, 0.0, 0.2),
    "hovering outside the window": (
        [0.0, 400.0, 60.0, 0.2, 0.0, 0.0],
        DRONE,
        Permission.FORBIDDEN,
        0.25,
        0.6,
    ),
    "hovering far away": ([0.0, 4000.0, 60.0, 0.2, 0.0, 0.0], DRONE, Permission.FORBIDDEN, 0.0, 0.02),
    "over the roof": ([0.0, 50.0, 60.0, 0.0, -5.0, 0.0], DRONE, Permission.FORBIDDEN, 0.9, 1.0),
    "inbound, four kilometres out": (
        [0.0, 4000.0, 90.0, 0.0, -16.0, 0.0],
        DRONE,
        Permission.FORBIDDEN,
        0.03,
        0.4,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_priority(story: str) -> None:
    state, classes, permission, least, most = STORIES[story]
    threat = assess(state, classes=classes, permission=permission)
    assert least <= (threat.priority if threat else 0.0) <= most


def test_what_may_prove_to_be_a_permitted_flight_counts_by_the_chance_that_it_is_none() -> None:
    """Of a drone at 0.92 that is the flight of one of two permits by 0.55, 0.45 of it is without leave."""
    who = identification(classes=DRONE)
    doubtful = msgspec.structs.replace(ruled(Permission.FORBIDDEN), candidates=(("P-7", 0.4), ("P-8", 0.15)))
    strayed = msgspec.structs.replace(doubtful, permit_id="P-7", failing_condition="volume")
    found = []
    for verdict in (ruled(Permission.FORBIDDEN), doubtful, strayed):
        (threat,) = Assessor((RESIDENCE,)).judge(picture(0.0, [INBOUND]), (who,), (verdict,))
        found.append(threat.factors.unauthorised)
    assert found[1] == pytest.approx(0.45 * found[0])
    assert found[2] == pytest.approx(found[0])


def test_a_long_steady_approach_is_timed_better_than_a_sudden_one() -> None:
    sudden, steady = assess(INBOUND), assess(INBOUND, seconds=20)
    assert sudden is not None
    assert steady is not None
    assert sudden.breach is not None
    assert steady.breach is not None
    assert steady.breach.mid_s == pytest.approx(sudden.breach.mid_s, rel=0.02)
    assert steady.breach.high_s - steady.breach.low_s < 0.8 * (sudden.breach.high_s - sudden.breach.low_s)


def test_what_circles_inside_the_warning_ring_aims_by_being_there() -> None:
    threat = assess([0.0, 900.0, 60.0, 15.0, 0.0, 0.0], assets=(RESIDENCE,))
    assert threat is not None
    assert threat.aims_probability < 0.1
    assert threat.factors.aims_at_asset == pytest.approx((2000.0 - 900.0) / (2000.0 - 150.0), abs=1e-6)
    assert threat.breach is None


def test_the_factors_multiply_to_the_priority() -> None:
    threat = assess(INBOUND)
    assert threat is not None
    product = np.prod(list(msgspec.structs.asdict(threat.factors).values()))
    assert threat.priority == pytest.approx(float(product), abs=1e-12)


def test_a_contradicted_claim_is_said() -> None:
    lie = ClaimTest(
        kind=ClaimKind.REMOTE_ID,
        claimed_id="HRBRA7K2QX48M1T",
        track_id=1,
        verdict=ClaimVerdict.CONTRADICTED,
        residual_m=2130.0,
        p_value=0.0,
        because="",
    )
    threat = assess(INBOUND, claims=(lie,))
    assert threat is not None
    said = "It claims by Remote ID to be HRBRA7K2QX48M1T; sensors contradict that"
    assert f"{said}: it is 2.1 km from where it says it is." in threat.grounds
    assert "It broadcasts no identity." not in threat.grounds


def test_doubt_about_the_class_is_said() -> None:
    threat = assess(INBOUND, classes=(0.6, 0.05, 0.3, 0.0, 0.05))
    assert threat is not None
    assert threat.grounds[4] == "It is likely a multirotor, at 60 %; a bird is not ruled out, at 30 %."


def test_it_is_shown_against_the_asset_it_aims_at() -> None:
    threat = assess([3000.0, 1400.0, 90.0, 0.0, -16.0, 0.0])
    assert threat is not None
    assert threat.asset_id == "square"
    assert "the Parade Square" in " ".join(threat.grounds)


def test_one_bad_second_does_not_break_an_approach() -> None:
    assessor = Assessor((RESIDENCE,))
    for second in range(20):
        state = [0.0, 2000.0 - 16.0 * second, 90.0, 0.0, 5.0 if second == 10 else -16.0, 0.0]
        scene = picture(second, [state])
        threats = assessor.judge(scene, (identification(classes=DRONE),), (ruled(Permission.FORBIDDEN),))
    assert "for 19 s" in threats[0].grounds[2]


def test_companions_are_named_and_birds_are_no_company() -> None:
    states = [[x, 1500.0, 90.0, 0.0, -16.0, 0.0] for x in (0.0, 50.0, 100.0)] + [
        [0.0, 3000.0, 90.0, 0.0, -16.0, 0.0]
    ]
    who = tuple(identification(k + 1, classes=BIRD if k == 1 else DRONE) for k in range(4))
    rulings = tuple(ruled(Permission.FORBIDDEN, k + 1) for k in range(4))
    threats = {
        each.track_id: each for each in Assessor((RESIDENCE,)).judge(picture(0.0, states), who, rulings)
    }
    assert threats[1].company == (3,)
    assert threats[3].company == (1,)
    assert threats[4].company == ()
    assert threats[1].group_id == threats[3].group_id == "G-1"
    assert "It flies with one other, as group G-1." in threats[1].grounds


def test_an_absent_principal_lowers_the_consequence_and_one_not_known_to_be_away_does_not() -> None:
    away = assess(INBOUND, assets=(msgspec.structs.replace(RESIDENCE, principal_present=False),))
    unknown = assess(INBOUND, assets=(msgspec.structs.replace(RESIDENCE, principal_present=None),))
    there = assess(INBOUND, assets=(msgspec.structs.replace(RESIDENCE, principal_present=True),))
    assert away is not None
    assert unknown is not None
    assert there is not None
    assert away.factors.consequence < unknown.factors.consequence == there.factors.consequence == 1.0


def test_a_track_that_has_ended_is_no_threat() -> None:
    scene = msgspec.structs.replace(picture(0.0, [INBOUND]), status=np.array([TrackStatus.ENDED]))
    assert (
        Assessor((RESIDENCE,)).judge(scene, (identification(classes=DRONE),), (ruled(Permission.FORBIDDEN),))
        == ()
    )


def test_nothing_to_protect_and_nothing_in_sight_are_no_trouble() -> None:
    assert (
        Assessor(()).judge(picture(0.0, [INBOUND]), (identification(),), (ruled(Permission.FORBIDDEN),)) == ()
    )
    assert Assessor((RESIDENCE,)).judge(picture(0.0, []), (), ()) == ()


def many(
    seed: int, n: int = 60
) -> tuple[list[list[float]], tuple[Identification, ...], tuple[AirspaceVerdict, ...]]:
    dice = np.random.default_rng(seed)
    states = dice.normal(0.0, [2500.0, 2500.0, 60.0, 12.0, 12.0, 1.0], (n, 6)).tolist()
    who = tuple(
        identification(k + 1, classes=(DRONE, BIRD, CREWED, UNSURE)[int(dice.integers(4))]) for k in range(n)
    )
    rulings = tuple(ruled(list(Permission)[int(dice.integers(3))], k + 1) for k in range(n))
    return states, who, rulings


@given(st.integers(0, 10_000))
def test_laws_of_any_sky(seed: int) -> None:
    states, who, rulings = many(seed)
    threats = Assessor((RESIDENCE, SQUARE)).judge(picture(0.0, states), who, rulings)
    assert [t.priority for t in threats] == sorted((t.priority for t in threats), reverse=True)
    for threat in threats:
        assert rulings[threat.track_id - 1].permission is not Permission.ALLOWED
        assert all(0.0 <= factor <= 1.0 for factor in msgspec.structs.asdict(threat.factors).values())
        assert threat.breach is None or threat.worst_case_s <= threat.breach.mid_s + 1e-9
        assert all(sentence.endswith(".") for sentence in threat.grounds)
    assert Assessor((RESIDENCE, SQUARE)).judge(picture(0.0, states), who, rulings) == threats


@given(st.integers(0, 1000), st.integers(0, 59))
def test_one_track_is_judged_the_same_alone(seed: int, row: int) -> None:
    """But for what it is told of others, no track's threat depends on them, to the last digit. Who flies in a
    group takes part of its pace from the others there (`pace`), which is another matter.
    """
    states, who, rulings = many(seed)
    assessor = Assessor((RESIDENCE,))
    together = assessor.judge(picture(0.0, states), who, rulings)
    assume(all(row + 1 not in group.track_ids for group in assessor.groups))
    alone = Assessor((RESIDENCE,)).judge(
        picture(0.0, [states[row]], track_ids=[row + 1]), (who[row],), (rulings[row],)
    )
    mine = [t for t in together if t.track_id == row + 1]
    assert [_of_itself(t) for t in alone] == [_of_itself(t) for t in mine]


def _of_itself(threat: Threat) -> Threat:
    """Return a threat without the sentence on those who come from another side."""
    others = ("Watch the ", "One other comes ")
    own = tuple(said for said in threat.grounds if not said.startswith(others) and "draw the eye" not in said)
    return msgspec.structs.replace(threat, grounds=own)


@given(st.floats(300.0, 4000.0), st.floats(1.0, 200.0))
def test_nearer_on_the_same_line_is_never_less_urgent(distance_m: float, nearer_m: float) -> None:
    far = assess([0.0, distance_m + nearer_m, 90.0, 0.0, -16.0, 0.0], assets=(RESIDENCE,))
    near = assess([0.0, distance_m, 90.0, 0.0, -16.0, 0.0], assets=(RESIDENCE,))
    assert (near.priority if near else 0.0) >= (far.priority if far else 0.0) - 1e-9
