"""Each way of testing a claim, as a story: what it finds, and whom it leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from judged_scenes import FINDER, RADAR, SERIAL, START_UTC_NS, at_ns, bearings, claim, picture, site
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimVerdict, Identification, Standing
from skykeep.domain.place import Vector
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import Claim, ClaimKind, Scan, Sensor, SensorKind
from skykeep.identity import ClaimState, Identifier

CONSISTENT, CONTRADICTED, UNTESTED = ClaimVerdict.CONSISTENT, ClaimVerdict.CONTRADICTED, ClaimVerdict.UNTESTED
EAR = Sensor(
    sensor_id="receiver",
    name="Receiver",
    kind=SensorKind.REMOTE_ID,
    measures=None,
    position_enu_m=(0.0, 0.0, 20.0),
    coverage_range_m=8000.0,
    independent=False,
)
Says = Callable[[float], Claim | list[Claim]]


def flight(second: float) -> list[float]:
    """Return a drone's state: due north at 10 m/s, 2 km east of the radar."""
    return [2000.0, -300.0 + 10.0 * second, 80.0, 0.0, 10.0, 0.0]


def honest(second: float, **more: object) -> Claim:
    state = flight(second)
    return _with(claim(second, state[:3], state[3:]), **more)


def _with(given: Claim, **more: object) -> Claim:
    return Claim(**{**{name: getattr(given, name) for name in given.__struct_fields__}, **more})


def watch(
    says: Says,
    seconds: int = 40,
    heard: Callable[[float], Scan | None] = lambda _: None,
    answers: tuple[RegistryAnswer, ...] = (),
) -> tuple[tuple[Identification, ...], tuple[ClaimState, ...]]:
    """Let one drone go by on the radar while `says` is received; return what is thought at the end."""
    identifier = Identifier(site(sensors=(RADAR, FINDER, EAR)))
    found: tuple[Identification, ...] = ()
    for answer in answers:
        identifier.receive_registry(answer)
    for now_s in range(seconds):
        said = says(now_s)
        for each in said if isinstance(said, list) else [said]:
            identifier.receive_claim(each)
        scan = heard(now_s)
        if scan is not None:
            identifier.receive_scan(scan)
        states = np.array([flight(now_s)])
        found = identifier.judge(picture(now_s, states, rcs_dbsm=-15.0), states[:, 2])
    return found, identifier.claims(at_ns(seconds))


def check(state: ClaimState, kind: ClaimCheckKind) -> ClaimCheck | None:
    return next((one for one in state.test.checks if one.kind is kind), None)


def verdict(state: ClaimState, kind: ClaimCheckKind) -> ClaimVerdict | None:
    found = check(state, kind)
    return None if found is None else found.verdict


def azimuth_rad(place_m: list[float]) -> float:
    return float(np.arctan2(place_m[0], place_m[1]) % (2 * np.pi))


def strength_dbm(place_m: tuple[float, ...] | list[float]) -> float:
    """Return 18 dBm over the way from a place to the receiver, at 2.44 GHz."""
    away_m = float(np.linalg.norm(np.array(place_m[:3]) - [0.0, 0.0, 20.0]))
    return float(18.0 - 40.2 - 20.0 * np.log10(away_m))


def test_an_honest_claim_passes_every_check_that_can_be_made() -> None:
    def says(second: float) -> Claim:
        operator: Vector = (2100.0, -300.0, 0.0)
        state = flight(second)
        return honest(
            second, operator_position_enu_m=operator, rssi_dbm=strength_dbm(state), sensor_id="receiver"
        )

    def heard(second: float) -> Scan | None:
        return bearings(second, [azimuth_rad(flight(second))], [SERIAL])

    (drone,), (state,) = watch(says, heard=heard)
    assert {one.kind: one.verdict for one in state.test.checks} == dict.fromkeys(
        (
            ClaimCheckKind.PLACE,
            ClaimCheckKind.SENDER,
            ClaimCheckKind.STRENGTH,
            ClaimCheckKind.MOTION,
            ClaimCheckKind.OPERATOR,
        ),
        CONSISTENT,
    )
    assert state.test.verdict is CONSISTENT
    assert state.test.sources == ("receiver",)
    assert drone.standing is Standing.NEUTRAL


def test_a_broadcast_from_the_ground_with_anothers_place_is_no_claim_of_the_track_there() -> None:
    """Somebody on the ground says to be where a silent drone is: bearings tell, the drone gets no name."""

    def heard(second: float) -> Scan | None:
        return bearings(second, [azimuth_rad([-1500.0, 200.0])], [SERIAL])

    (drone,), (state,) = watch(honest, heard=heard)
    sender = check(state, ClaimCheckKind.SENDER)
    assert sender is not None
    assert sender.verdict is CONTRADICTED
    assert sender.value == pytest.approx(100.0)
    assert sender.p_value is not None
    assert sender.p_value < 0.001
    assert state.test.verdict is CONTRADICTED
    assert state.test.track_id is None
    assert (drone.claimed_id, drone.standing) == ("", Standing.UNKNOWN)


def test_a_reflection_in_five_accuses_nobody() -> None:
    def heard(second: float) -> Scan | None:
        astray = round(second) % 5 == 0
        return bearings(second, [1.0 if astray else azimuth_rad(flight(second))], [SERIAL])

    _, (state,) = watch(honest, seconds=60, heard=heard)
    assert verdict(state, ClaimCheckKind.SENDER) is CONSISTENT
    assert state.test.verdict is CONSISTENT


def test_a_sender_next_door_that_says_to_be_far_is_too_strong() -> None:
    def says(second: float) -> Claim:
        return honest(second, rssi_dbm=strength_dbm([60.0, 0.0, 5.0]), sensor_id="receiver")

    _, (state,) = watch(says)
    strength = check(state, ClaimCheckKind.STRENGTH)
    assert strength is not None
    assert strength.verdict is CONTRADICTED
    assert "stronger than it could be" in strength.because
    assert strength.unit == "dB"


def test_equal_strength_while_the_claimed_way_grows_tenfold_is_a_lie() -> None:
    def says(second: float) -> Claim:
        away_m = 200.0 * 1.03**second
        state = [away_m, 0.0, 80.0]
        return _with(claim(second, state, [0.03 * away_m, 0.0, 0.0]), rssi_dbm=-85.0, sensor_id="receiver")

    _, (state,) = watch(says, seconds=80)
    strength = check(state, ClaimCheckKind.STRENGTH)
    assert strength is not None
    assert strength.verdict is CONTRADICTED
    assert "equally strong" in strength.because


def test_a_hill_before_the_receiver_accuses_nobody() -> None:
    def says(second: float) -> Claim:
        hidden_db = 20.0 if 10 <= second < 25 else 0.0
        return honest(second, rssi_dbm=strength_dbm(flight(second)) - hidden_db, sensor_id="receiver")

    _, (state,) = watch(says, seconds=60)
    assert verdict(state, ClaimCheckKind.STRENGTH) is CONSISTENT


def test_a_place_that_moves_otherwise_than_its_velocity_is_impossible() -> None:
    def says(second: float) -> Claim:
        state = flight(second)
        aside_m = 80.0 * (round(second) % 2)
        return claim(second, [state[0] + aside_m, *state[1:3]], state[3:])

    _, (state,) = watch(says)
    motion = check(state, ClaimCheckKind.MOTION)
    assert motion is not None
    assert motion.verdict is CONTRADICTED
    assert "otherwise than its velocity says" in motion.because
    assert state.test.verdict is CONTRADICTED


def test_one_leap_of_satellite_navigation_accuses_nobody() -> None:
    def says(second: float) -> Claim:
        state = flight(second)
        aside_m = 130.0 if second == 20 else 0.0
        return claim(second, [state[0] + aside_m, *state[1:3]], state[3:])

    _, (state,) = watch(says)
    assert verdict(state, ClaimCheckKind.MOTION) is CONSISTENT
    assert state.test.verdict is CONSISTENT


@pytest.mark.parametrize(
    ("story", "operator", "expected", "says"),
    [
        ("beside its start", lambda s: (2000.0, -300.0, 0.0), CONSISTENT, "could be where it says"),
        ("in another city", lambda s: (60_000.0, 0.0, 0.0), CONTRADICTED, "beyond any ordinary control link"),
        ("under the drone", lambda s: (*flight(s)[:2], 0.0), CONTRADICTED, "flying along"),
        (
            "here and there",
            lambda s: (2000.0 + 900.0 * (round(s) % 3), 0.0, 0.0),
            CONTRADICTED,
            "leaps from place to place",
        ),
        ("filled in with nought", lambda s: (4e6, -3e6, 0.0), UNTESTED, "does not say"),
    ],
)
def test_where_its_operator_is(
    story: str, operator: Callable[[float], Vector], expected: ClaimVerdict, says: str
) -> None:
    (drone,), (state,) = watch(lambda s: honest(s, operator_position_enu_m=operator(s)))
    found = check(state, ClaimCheckKind.OPERATOR)
    assert found is not None, story
    assert found.verdict is expected
    assert says in found.because
    # Its place is right all the same: the claim stays its own, and the track is suspect.
    assert drone.claimed_id == SERIAL
    assert drone.standing is (Standing.SUSPECT if expected is CONTRADICTED else Standing.NEUTRAL)


def test_a_second_sender_of_one_identity_is_said_of_both_and_held_against_the_ghost() -> None:
    def says(second: float) -> list[Claim]:
        ghost = claim(second, [-2500.0, -1000.0 + 10.0 * second, 80.0], [0.0, 10.0, 0.0])
        return [honest(second), ghost]

    (drone,), states = watch(says)
    found = {state.test.verdict: verdict(state, ClaimCheckKind.DUPLICATE) for state in states}
    assert found == {CONSISTENT: UNTESTED, CONTRADICTED: CONTRADICTED}
    assert drone.claimed_id == SERIAL


def answer(status: RegistryStatus, source: str = "Register", **more: str) -> RegistryAnswer:
    return RegistryAnswer(
        kind=ClaimKind.REMOTE_ID,
        claimed_id=SERIAL,
        status=status,
        source=source,
        time_utc_ns=START_UTC_NS + NS_PER_S,
        **more,
    )


@pytest.mark.parametrize(
    ("status", "expected", "standing"),
    [
        (RegistryStatus.VALID, CONSISTENT, Standing.NEUTRAL),
        (RegistryStatus.NOT_REGISTERED, CONTRADICTED, Standing.SUSPECT),
        (RegistryStatus.STOLEN, CONTRADICTED, Standing.SUSPECT),
        (RegistryStatus.REVOKED, CONTRADICTED, Standing.SUSPECT),
        (RegistryStatus.EXPIRED, UNTESTED, Standing.NEUTRAL),
        (RegistryStatus.UNREACHABLE, UNTESTED, Standing.NEUTRAL),
    ],
)
def test_what_a_register_says(status: RegistryStatus, expected: ClaimVerdict, standing: Standing) -> None:
    (drone,), (state,) = watch(honest, answers=(answer(status),))
    assert verdict(state, ClaimCheckKind.REGISTRY) is expected
    assert drone.standing is standing
    disowned = status in (RegistryStatus.STOLEN, RegistryStatus.REVOKED)
    assert drone.claimed_id == ("" if disowned else SERIAL)


def test_registers_that_disagree_are_both_said_and_the_gravest_counts() -> None:
    both = (answer(RegistryStatus.VALID, "A", model="Scout 4"), answer(RegistryStatus.STOLEN, "B"))
    _, (state,) = watch(honest, answers=both)
    found = check(state, ClaimCheckKind.REGISTRY)
    assert found is not None
    assert found.verdict is CONTRADICTED
    assert found.because == f"B has {SERIAL} as stolen. A knows {SERIAL} as Scout 4."


def test_a_register_out_of_reach_has_not_taken_back_what_it_said() -> None:
    both = (answer(RegistryStatus.STOLEN), answer(RegistryStatus.UNREACHABLE))
    _, (state,) = watch(honest, answers=both)
    assert verdict(state, ClaimCheckKind.REGISTRY) is CONTRADICTED


@pytest.mark.parametrize(
    ("claimed", "registered", "another"),
    [
        ("FIN87astrdge12k8", "FIN87astrdge12k8", False),
        ("FIN87astrdge12k8", "FIN87ASTRDGE12K8-xyz", False),  # three characters are secret
        ("FIN87astrdge12k8-xyz", "FIN87astrdge12k8", False),
        ("OPERATOR-NUMBER-0000", "OPERATOR-NUMBER-00001234", False),  # there is room for twenty
        ("FIN87astrdge12k8", "FRA01someoneelse", True),
        ("FIN87astrdge12k", "FIN87astrdge12k8", True),
        ("", "FIN87astrdge12k8", False),
        ("FIN87astrdge12k8", "", False),
    ],
)
def test_whoever_says_to_be_flown_by_another_than_the_registered_operator_is_suspect(
    claimed: str, registered: str, another: bool
) -> None:
    valid = answer(RegistryStatus.VALID, operator_id=registered)
    (drone,), (state,) = watch(lambda second: honest(second, operator_id=claimed), answers=(valid,))
    found = check(state, ClaimCheckKind.REGISTRY)
    assert found is not None
    assert found.verdict is (CONTRADICTED if another else CONSISTENT)
    says = f"Register knows {SERIAL}."
    assert found.because == (
        f"{says} It says its operator is {claimed}; Register has another." if another else says
    )
    assert drone.standing is (Standing.SUSPECT if another else Standing.NEUTRAL)
    # Its place is right, and whom the register has is nobody's business.
    assert (drone.claimed_id, state.test.verdict) == (SERIAL, CONSISTENT)
    assert not another or registered not in found.because


@pytest.mark.parametrize(
    ("category", "registered", "another"),
    [
        ("multirotor", "multirotor", False),
        ("multirotor", "fixed_wing", True),
        ("aeroplane", "multirotor", True),
        ("hybrid_lift", "fixed_wing", False),
        ("aeroplane", "aircraft", False),
        ("", "fixed_wing", False),
        ("kite", "multirotor", False),
        ("multirotor", "other", False),
        ("multirotor", "", False),
    ],
)
def test_another_kind_of_aircraft_than_the_registered_one_is_said_and_accuses_nobody(
    category: str, registered: str, another: bool
) -> None:
    valid = answer(RegistryStatus.VALID, target_class=registered)
    (drone,), (state,) = watch(lambda second: honest(second, aircraft_category=category), answers=(valid,))
    found = check(state, ClaimCheckKind.REGISTRY)
    assert found is not None
    assert found.verdict is (UNTESTED if another else CONSISTENT)
    kind, has = category.replace("_", " "), registered.replace("_", " ")
    said = f"It says it is of the kind {kind}; Register has it as {has}." in found.because
    assert said is another
    assert drone.standing is Standing.NEUTRAL


def test_another_operator_at_one_of_two_registers_is_enough() -> None:
    both = (
        answer(RegistryStatus.VALID, "A", operator_id="OP-1"),
        answer(RegistryStatus.EXPIRED, "B", operator_id="OP-2"),
    )
    _, (state,) = watch(lambda second: honest(second, operator_id="OP-1"), answers=both)
    found = check(state, ClaimCheckKind.REGISTRY)
    assert found is not None
    assert found.verdict is CONTRADICTED
    assert "It says its operator is OP-1; B has another." in found.because


@pytest.mark.parametrize("field", ["claimed_id", "source"])
def test_an_answer_about_nobody_or_from_nobody_is_refused(field: str) -> None:
    good = answer(RegistryStatus.VALID)
    fields = {name: getattr(good, name) for name in good.__struct_fields__}
    with pytest.raises(InputError, match=field):
        Identifier(site()).receive_registry(RegistryAnswer(**{**fields, field: ""}))
