"""Seven generated nights through the watch: nobody missed, nobody called in a quiet hour, told again."""

from __future__ import annotations

import pytest

from skykeep.planning.generated_night import NightFigures, run_night
from skykeep.planning.night_table import by_way, faults, holds, summary
from skykeep.sim.generate import generate_night

# One of each way but the long ones (a watcher, a decoy), and a quiet one cut short.
SEEDS = (1, 4, 5, 9, 11, 17, 22)
BOUNDED = {
    "intruders alerted in time",
    "false alerts per quiet hour",
    "authorised flights accused",
    "spoofed claims caught",
    "true claims doubted",
    "90 % time-to-breach interval covers",
    "destination, Brier score",
}


def run(seed: int) -> NightFigures:
    return run_night(generate_night(seed, quiet_s=150.0))


@pytest.fixture(scope="module")
def nights() -> list[NightFigures]:
    return [run(seed) for seed in SEEDS]


def test_every_intruder_is_alerted_in_time(nights: list[NightFigures]) -> None:
    assert sum(night.alerts.intruders for night in nights) == 6
    assert [night.alerts.missed for night in nights if night.alerts.missed] == []


def test_nobody_is_called_in_a_quiet_night(nights: list[NightFigures]) -> None:
    quiet = [night for night in nights if night.way == "quiet"]
    assert [night.alerts.alerts for night in quiet] == [0]


def test_birds_aircraft_and_nothing_are_not_alerted(nights: list[NightFigures]) -> None:
    whom = [about for night in nights for _, about in night.alerts.false_alerts]
    assert [one for one in whom if "nothing" in one or "gull" in one or "wader" in one] == []
    assert [night.alerts.aircraft_accused for night in nights if night.alerts.aircraft_accused] == []


def test_every_moment_is_before_the_breach_and_whole(nights: list[NightFigures]) -> None:
    moments = [one for night in nights for one in night.forecasts.moments]
    assert len(moments) > 50
    for one in moments:
        assert one.true_s >= 3.0
        # What is less likely than one in a hundred is not told, of five places at most.
        assert 0.95 <= sum(one.said.values()) <= 1.0 + 1e-6


def test_a_night_is_told_again_to_the_last_figure(nights: list[NightFigures]) -> None:
    first = nights[SEEDS.index(17)]
    assert run(17)._replace(cost_s=0.0) == first._replace(cost_s=0.0)


def test_the_table_has_a_line_for_every_bound(nights: list[NightFigures]) -> None:
    assert {row.name for row in summary(nights) if row.bound} == BOUNDED
    assert len(by_way(nights)) == 1 + len({night.way for night in nights})


def test_a_night_that_went_wrong_is_named() -> None:
    from skykeep.sim.score_alerts import AlertFigures
    from skykeep.sim.score_claims import ClaimFigures
    from skykeep.sim.score_forecasts import score_forecasts

    alerts = AlertFigures(
        intruders=2,
        missed=("raider",),
        warnings_s=(30.0,),
        false_alerts=(("alert-0002", "gull-1"),),
        authorised=1,
        accused=("survey-1",),
        aircraft=0,
        aircraft_accused=(),
        alerts=3,
    )
    night = NightFigures(7, "direct", 0.1, alerts, ClaimFigures((), 1, (), 0, 0), score_forecasts([]), 3, 1.0)
    assert len(faults([night])) == 3
    kept = {row.name: row.kept for row in summary([night])}
    assert kept["intruders alerted in time"] is False
    assert kept["authorised flights accused"] is False
    # It was no quiet night: nothing is known of those.
    assert kept["false alerts per quiet hour"] is None


def test_a_bound_without_a_trial_is_not_shown_and_the_table_does_not_hold() -> None:
    bounded = [row for row in summary([]) if row.bound]
    assert {row.name for row in bounded} == BOUNDED
    assert {(row.figure, row.verdict) for row in bounded} == {("none", "not shown")}
    kept = [row._replace(kept=True) for row in bounded]
    assert [row.verdict for row in kept] == ["kept"] * len(bounded)
    assert holds(kept)
    assert not holds([*kept[1:], bounded[0]])
    assert not holds([*kept[1:], bounded[0]._replace(kept=False)])
    assert kept[0]._replace(bound="").verdict == ""
