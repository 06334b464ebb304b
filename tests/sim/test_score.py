"""The score against stories whose answer is plain."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from made_picture import made_picture
from skykeep.base.clock import NS_PER_S
from skykeep.domain.identity import Identification, Standing
from skykeep.domain.response import Alert, AlertState, EffectOutcome
from skykeep.domain.track import Picture
from skykeep.sim import NightScore, Scenario, SimulatedNight, score_night
from skykeep.sim.truth import Truth
from skykeep.sim.world.model import World

Story = tuple[Picture, tuple[Identification, ...], tuple[()]]


def picture(truth: Truth, time_utc_ns: int, named: dict[int, int], off_m: float = 10.0) -> Picture:
    """Return a picture that has a track, `named[truth_id]`, `off_m` beside each of those targets."""
    truth_ids, states = truth.states_at(time_utc_ns)
    rows = [row for row in range(len(truth_ids)) if int(truth_ids[row]) in named]
    state = states[rows].copy()
    state[:, 0] += off_m
    track_ids = [named[int(truth_ids[row])] for row in rows]
    return made_picture(time_utc_ns, track_ids, state, sigma_m=1.0, last_detected_utc_ns=0, hits=1)


def alert_on(track_id: int, raised_utc_ns: int, alert_id: str = "a") -> Alert:
    return Alert(
        alert_id=alert_id,
        state=AlertState.RAISED,
        title="-",
        track_ids=(track_id,),
        asset_id="residence",
        priority=0.9,
        raised_utc_ns=raised_utc_ns,
        changed_utc_ns=raised_utc_ns,
        breach=None,
        grounds=(),
    )


def told(
    quiet_scenario: Scenario,
    world: World,
    *,
    tracked: Callable[[str, float], bool],
    alerts: tuple[tuple[str, float], ...] = (),
    off_m: float = 10.0,
    friend: str = "",
) -> tuple[NightScore, SimulatedNight]:
    """Return the score of a night in which `tracked(name, seconds)` says what has a track."""
    night = SimulatedNight(quiet_scenario, 3, world)
    truth = night.truth
    ids = {target.name: target.truth_id for target in truth.targets}
    pictures: list[Story] = []
    for second in range(240):
        named = {ids[name]: 100 + ids[name] for name in ids if tracked(name, second)}
        at_utc_ns = night.start_utc_ns + second * NS_PER_S
        believed: tuple[Identification, ...] = ()
        if friend and ids[friend] in named:
            believed = (
                Identification(
                    track_id=100 + ids[friend],
                    class_probabilities=(1.0, 0.0, 0.0, 0.0, 0.0),
                    standing=Standing.FRIEND,
                    set_by="-",
                    claimed_id="-",
                    claims=(),
                    evidence=(),
                ),
            )
        pictures.append((picture(truth, at_utc_ns, named, off_m), believed, ()))
    history = [
        alert_on(100 + ids[name], night.start_utc_ns + round(at_s * NS_PER_S), f"alert-{i}")
        for i, (name, at_s) in enumerate(alerts)
    ]
    return score_night(truth, pictures, history, [], []), night


def everything(name: str, second: float) -> bool:
    return True


def test_a_perfect_watch(quiet_scenario: Scenario, world: World) -> None:
    score, night = told(
        quiet_scenario, world, tracked=everything, alerts=(("intruder-sea", 30.0), ("intruder-city", 40.0))
    )
    assert (score.intruders, score.intruders_tracked, score.intruders_alerted) == (2, 2, 2)
    assert (score.authorised_flights, score.authorised_flights_alerted) == (2, 0)
    assert (score.aircraft_alerted, score.birds_alerted, score.alerts_on_nothing) == (0, 0, 0)
    for warned_s, raised_s, target in zip(score.warning_s, (30.0, 40.0), night.truth.intruders, strict=True):
        assert target.breach_utc_ns is not None
        assert warned_s == round((target.breach_utc_ns - night.start_utc_ns) / NS_PER_S - raised_s, 3)
    # Nobody did anything: both arrive.
    assert (score.stopped, score.breaches, score.approvals) == (0, 2, 0)
    assert not score.false_identity_believed


def test_tracks_far_from_everything_are_nothing(quiet_scenario: Scenario, world: World) -> None:
    score, _ = told(quiet_scenario, world, tracked=everything, alerts=(("intruder-sea", 30.0),), off_m=900.0)
    assert score.intruders_tracked == 0
    assert score.intruders_alerted == 0


def test_a_track_for_a_third_of_the_time_is_not_enough(quiet_scenario: Scenario, world: World) -> None:
    score, _ = told(quiet_scenario, world, tracked=lambda name, second: "intruder" in name and second < 60)
    assert score.intruders_tracked == 0
    assert all(0.2 < share < 0.45 for share in score.tracked_share)


def test_alerts_on_others_are_counted_by_kind(quiet_scenario: Scenario, world: World) -> None:
    alerts = (("gull-1", 20.0), ("gull-1", 25.0), ("survey", 30.0), ("helicopter", 35.0), ("wader-2", 40.0))
    score, _ = told(
        quiet_scenario, world, tracked=lambda name, _: not name.startswith("wader"), alerts=alerts
    )
    assert score.birds_alerted == 1
    assert score.authorised_flights_alerted == 1
    assert score.aircraft_alerted == 1
    assert score.alerts_on_nothing == 1
    assert score.intruders_alerted == 0
    assert score.warning_s == (None, None)


def test_a_liar_who_is_called_a_friend_is_believed(quiet_scenario: Scenario, world: World) -> None:
    assert told(quiet_scenario, world, tracked=everything, friend="intruder-city")[0].false_identity_believed
    assert not told(quiet_scenario, world, tracked=everything, friend="survey")[0].false_identity_believed


def test_truth_ids_are_only_labels(quiet_scenario: Scenario, world: World) -> None:
    count = len(SimulatedNight(quiet_scenario, 3, world).truth.targets)

    def score(truth_ids: list[int]) -> NightScore:
        truth = SimulatedNight(quiet_scenario, 3, world, truth_ids=truth_ids).truth
        ids = {target.name: target.truth_id for target in truth.targets}
        start_utc_ns = SimulatedNight(quiet_scenario, 3, world).start_utc_ns
        named = {ids["intruder-sea"]: 7}
        pictures = [(picture(truth, start_utc_ns + s * NS_PER_S, named), (), ()) for s in range(5, 200)]
        return score_night(truth, pictures, [alert_on(7, start_utc_ns + 30 * NS_PER_S)], [], [])

    plain, turned = score(list(range(count))), score(list(range(count))[::-1])
    assert sorted(plain.tracked_share) == sorted(turned.tracked_share)
    assert plain.intruders_alerted == turned.intruders_alerted == 1
    assert msgspec.structs.asdict(plain) == msgspec.structs.asdict(turned) | {
        "warning_s": plain.warning_s,
        "tracked_share": plain.tracked_share,
    }


def test_what_did_not_come_of_an_order_is_not_a_stop(quiet_scenario: Scenario, world: World) -> None:
    night = SimulatedNight(quiet_scenario, 3, world)
    flew_on = EffectOutcome(order_id="o", time_utc_ns=night.start_utc_ns, result="flew_on", says="-")
    assert score_night(night.truth, [], [], [], [flew_on]).stopped == 0
