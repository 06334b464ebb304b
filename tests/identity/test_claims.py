"""Claims against sensors, as stories: who is believed, who is not, and who keeps their good name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy.stats import chi2

from judged_scenes import FINDER, RADAR, SERIAL, at_ns, bearings, claim, picture, site
from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.identity import ClaimVerdict, Identification, Standing
from skykeep.domain.sensing import Claim, ClaimKind, Scan, Sensor
from skykeep.identity import ClaimState, Identifier
from skykeep.identity.matching import chi_squared_tail

CONSISTENT, CONTRADICTED, UNTESTED = ClaimVerdict.CONSISTENT, ClaimVerdict.CONTRADICTED, ClaimVerdict.UNTESTED
Path = Callable[[float], list[float]]


def line(east_m: float, north_m: float, east_mps: float, north_mps: float, up_m: float = 80.0) -> Path:
    """Return the state on a straight flight, by seconds."""
    return lambda s: [east_m + s * east_mps, north_m + s * north_mps, up_m, east_mps, north_mps, 0.0]


def circle(east_m: float, north_m: float, radius_m: float, speed_mps: float) -> Path:
    def state(s: float) -> list[float]:
        turn = s * speed_mps / radius_m
        east, north = np.sin(turn), np.cos(turn)
        return [
            east_m + radius_m * east,
            north_m + radius_m * north,
            80.0,
            speed_mps * north,
            -speed_mps * east,
            0.0,
        ]

    return state


def watch(
    tracks: Sequence[Path],
    senders: Sequence[tuple[str, Path]],
    seconds: int = 20,
    *,
    kind: ClaimKind = ClaimKind.REMOTE_ID,
    heard: Callable[[float], Scan | None] = lambda _: None,
    sensors: tuple[Sensor, ...] = (RADAR, FINDER),
    silent_from_s: float = np.inf,
    noise: np.random.Generator | None = None,
) -> tuple[tuple[Identification, ...], tuple[ClaimState, ...]]:
    """Let radar tracks and broadcasts go by, a claim a second each, and return what is thought at the end."""
    identifier = Identifier(site(sensors=sensors))
    found: tuple[Identification, ...] = ()
    for tick in range(2 * seconds):
        now_s = tick / 2
        if tick % 2 == 0 and now_s < silent_from_s:
            for claimed_id, path in senders:
                state = path(now_s - 0.5)
                identifier.receive_claim(
                    claim(now_s - 0.5, state[:3], state[3:], claimed_id=claimed_id, kind=kind)
                )
        scan = heard(now_s)
        if scan is not None:
            identifier.receive_scan(scan)
        states: FloatArray = np.array([path(now_s) for path in tracks]).reshape(-1, 6)
        if noise is not None:
            states = states + noise.normal(0.0, [8.0, 8.0, 8.0, 0.7, 0.7, 0.7], states.shape)
        found = identifier.judge(picture(now_s, states, rcs_dbsm=-15.0, modulation_db=-10.0), states[:, 2])
    return found, identifier.claims(at_ns(seconds))


def verdicts(found: tuple[Identification, ...]) -> list[list[ClaimVerdict]]:
    return [[test.verdict for test in each.claims] for each in found]


SURVEY = circle(2000.0, 0.0, 150.0, 8.0)
INTRUDER = line(-300.0, 3500.0, 0.0, -18.0)


def test_a_true_claim_agrees_and_names_its_track() -> None:
    (drone,), (state,) = watch([SURVEY], [(SERIAL, SURVEY)])
    assert drone.claimed_id == SERIAL
    assert drone.standing is Standing.NEUTRAL
    assert state.test.verdict is CONSISTENT
    assert state.test.track_id == 1
    assert state.test.residual_m is not None
    assert state.test.p_value is not None
    assert state.test.residual_m < 10.0
    assert state.test.p_value > 0.05


def test_a_true_claim_in_noise_goes_on_agreeing_for_two_minutes() -> None:
    (drone,), _ = watch([SURVEY], [(SERIAL, SURVEY)], 120, noise=np.random.default_rng(2))
    assert drone.claimed_id == SERIAL


def test_one_claim_is_not_enough() -> None:
    (drone,), (state,) = watch([SURVEY], [(SERIAL, SURVEY)], 1)
    assert drone.claimed_id == ""
    assert state.test.verdict is UNTESTED
    assert state.test.p_value is None


def test_a_claim_where_nothing_is_sensed_is_contradicted_and_believed_of_nobody() -> None:
    (intruder,), (state,) = watch([INTRUDER], [(SERIAL, SURVEY)])
    assert state.test.verdict is CONTRADICTED
    assert state.test.track_id is None
    assert state.test.p_value is not None
    assert state.test.p_value < 0.03
    assert intruder.claimed_id == ""
    assert intruder.claims == ()


def test_nothing_sensed_out_of_coverage_proves_nothing() -> None:
    far = line(9000.0, 0.0, 0.0, 8.0)
    _, (state,) = watch([INTRUDER], [(SERIAL, far)])
    assert state.test.verdict is UNTESTED
    assert "No sensor covers" in state.test.because


def test_it_is_not_accused_before_the_tracker_had_time() -> None:
    _, (state,) = watch([INTRUDER], [(SERIAL, SURVEY)], 6)
    assert state.test.verdict is UNTESTED


def test_a_copy_at_its_own_place_makes_both_suspect_and_both_known() -> None:
    (survey, intruder), states = watch([SURVEY, INTRUDER], [(SERIAL, SURVEY), (SERIAL, INTRUDER)])
    assert (survey.claimed_id, intruder.claimed_id) == (SERIAL, SERIAL)
    assert (survey.standing, intruder.standing) == (Standing.SUSPECT, Standing.SUSPECT)
    assert len(states) == 2
    assert all(state.also_elsewhere_m is not None and state.also_elsewhere_m > 2000.0 for state in states)
    assert "also broadcast" in " ".join(survey.evidence)


def test_a_ghost_with_a_copied_serial_does_not_touch_the_true_one() -> None:
    ghost = line(-2500.0, -1000.0, 0.0, 10.0)
    (survey, intruder), states = watch([SURVEY, INTRUDER], [(SERIAL, SURVEY), (SERIAL, ghost)])
    assert survey.claimed_id == SERIAL
    assert survey.standing is Standing.NEUTRAL
    assert intruder.claimed_id == ""
    assert sorted(state.test.verdict.value for state in states) == ["consistent", "contradicted"]


def test_who_shifts_its_claim_betrays_itself_by_moving_as_the_claim_does() -> None:
    shifted = line(-100.0, 3750.0, 0.0, -18.0)
    (survey, intruder), _ = watch([SURVEY, INTRUDER], [(SERIAL, SURVEY), ("QVTX9H3K", shifted)], 30)
    assert survey.claims[0].verdict is CONSISTENT
    (lie,) = intruder.claims
    assert lie.verdict is CONTRADICTED
    assert lie.residual_m == pytest.approx(320.0, abs=10.0)
    assert intruder.standing is Standing.SUSPECT
    assert intruder.claimed_id == ""


def test_a_sky_that_empties_is_no_trouble() -> None:
    identifier = Identifier(site())
    shifted = line(-100.0, 3750.0, 0.0, -18.0)
    for second in range(60):
        state = shifted(second)
        identifier.receive_claim(claim(second, state[:3], state[3:]))
        states = np.array([INTRUDER(second)] if second < 20 else []).reshape(-1, 6)
        identifier.judge(picture(second + 0.5, states), states[:, 2])
    (state_of,) = identifier.claims(at_ns(70))
    assert state_of.test.verdict is CONTRADICTED
    assert state_of.test.track_id is None


def test_what_passes_near_an_empty_claim_is_not_its_sender() -> None:
    passing = line(1500.0, -900.0, 9.0, 9.0)
    (bird,), (state,) = watch([passing], [(SERIAL, SURVEY)], 60)
    assert bird.claims == ()
    assert state.test.verdict is CONTRADICTED


def test_a_bird_that_flies_through_the_claimed_place_is_not_taken_for_it() -> None:
    passing = line(2000.0, -300.0, 2.0, 14.0)
    (bird,), _ = watch([passing], [(SERIAL, SURVEY)], 30)
    assert bird.claimed_id == ""


def test_two_side_by_side_are_not_swapped() -> None:
    left, right = line(1000.0, 0.0, 0.0, 9.0), line(1060.0, 0.0, 0.0, 9.0)
    found, _ = watch([right, left], [("LEFT", left), ("RIGHT", right)], noise=np.random.default_rng(1))
    assert [each.claimed_id for each in found] == ["RIGHT", "LEFT"]


def test_one_track_answers_to_one_stream_only() -> None:
    found, states = watch([SURVEY], [("ONE", SURVEY), ("TWO", SURVEY)])
    assert verdicts(found) == [[CONSISTENT]]
    assert sorted(state.test.verdict.value for state in states) == ["consistent", "contradicted"]


def test_silence_does_not_change_who_it_is_for_a_while() -> None:
    (drone,), _ = watch([SURVEY], [(SERIAL, SURVEY)], 35, silent_from_s=15.0)
    assert drone.claimed_id == SERIAL
    (drone,), _ = watch([SURVEY], [(SERIAL, SURVEY)], 70, silent_from_s=15.0)
    assert drone.claimed_id == ""


def test_adsb_agrees_with_an_airliner() -> None:
    airliner = line(-4000.0, 2000.0, 70.0, 0.0, 600.0)
    (aircraft,), (state,) = watch([airliner], [("4CA7F1", airliner)], kind=ClaimKind.ADSB)
    assert state.test.verdict is CONSISTENT
    assert aircraft.claimed_id == "4CA7F1"


def azimuth(path: Path, second: float) -> float:
    east_m, north_m = path(second)[:2]
    return float(np.arctan2(east_m, north_m))


def test_a_broadcast_that_comes_from_elsewhere_is_pinned_on_its_sender() -> None:
    def heard(second: float) -> Scan | None:
        return bearings(second, [azimuth(INTRUDER, second)], [SERIAL])

    (intruder,), (state,) = watch([INTRUDER], [(SERIAL, SURVEY)], heard=heard)
    assert verdicts((intruder,)) == [[CONTRADICTED]]
    assert intruder.standing is Standing.SUSPECT
    assert state.test.track_id == 1
    assert "comes from here" in state.test.because


def test_who_is_copied_keeps_its_name_though_the_liar_is_heard() -> None:
    def heard(second: float) -> Scan | None:
        liar = round(2 * second) % 2 == 0
        return bearings(second, [azimuth(INTRUDER if liar else SURVEY, second)], [SERIAL])

    (survey, intruder), _ = watch([SURVEY, INTRUDER], [(SERIAL, SURVEY)], heard=heard)
    assert survey.claimed_id == SERIAL
    assert survey.standing is Standing.NEUTRAL
    assert verdicts((intruder,)) == [[CONTRADICTED]]


def test_an_honest_broadcast_with_bearings_that_agree_stays_honest() -> None:
    def heard(second: float) -> Scan | None:
        return bearings(second, [azimuth(SURVEY, second)], [SERIAL])

    (survey, intruder), _ = watch([SURVEY, INTRUDER], [(SERIAL, SURVEY)], heard=heard)
    assert survey.claimed_id == SERIAL
    assert intruder.claims == ()


def test_a_transmitter_of_a_known_family_is_said() -> None:
    def heard(second: float) -> Scan | None:
        return bearings(second, [azimuth(INTRUDER, second)], ["multirotor-video-5.8"])

    (intruder,), _ = watch([INTRUDER], [], heard=heard)
    assert "multirotor-video-5.8" in intruder.evidence[-1]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (claim(0.0, [np.nan, 0.0, 0.0]), "finite"),
        (claim(0.0, [0.0, 0.0, 0.0], [np.inf, 0.0, 0.0]), "finite"),
        (claim(0.0, [0.0, 0.0, 0.0], sigma_m=(-1.0, 1.0)), "negative"),
        (claim(0.0, [0.0, 0.0, 0.0], claimed_id=""), "identity"),
    ],
)
def test_a_claim_that_cannot_be_a_place_is_refused(wrong: Claim, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Identifier(site()).receive_claim(wrong)


def test_tail_of_chi_squared_agrees_with_scipy() -> None:
    for square in (0.0, 0.1, 1.0, 6.25, 20.0, 80.0):
        for freedom in (3, 6):
            assert chi_squared_tail(square, freedom) == pytest.approx(chi2.sf(square, freedom), rel=1e-9)


def test_the_same_inputs_give_the_same_answer() -> None:
    first = watch([SURVEY, INTRUDER], [(SERIAL, SURVEY), (SERIAL, INTRUDER)])
    assert watch([SURVEY, INTRUDER], [(SERIAL, SURVEY), (SERIAL, INTRUDER)]) == first
