"""Figures of alerts on nights that a person can follow."""

import numpy as np
import pytest

from skykeep.sim.generate_facts import Flight, Leave, Role, Way
from skykeep.sim.score_alerts import AlertFigures, Called, Fate, Owners, score_alerts

ALWAYS = np.ones(2_000, dtype=bool)
# Inside its permit for the first 100 s of 200.
STRAYS = np.arange(2_000) < 1_000

INTRUDER = Flight("raider", Role.INTRUDER, way=Way.DIRECT, asset_id="house")
WATCHER = Flight("watcher", Role.INTRUDER, way=Way.LOITERER, asset_id="house")
SURVEY = Flight("survey", Role.PERMITTED, claimed_id="S", covered=ALWAYS)
STRAY = Flight("stray", Role.PERMITTED, claimed_id="T", covered=STRAYS)
STRANGER = Flight("stranger", Role.STRANGER)
GULL = Flight("gull", Role.BIRD)
HELICOPTER = Flight("helicopter", Role.AIRCRAFT)
FATES = {"raider": Fate(60.0, 120.0), "watcher": Fate(50.0, None)}


def score(*called: Called, flights: tuple[Flight, ...] = (INTRUDER, SURVEY, GULL)) -> AlertFigures:
    return score_alerts({flight.name: flight for flight in flights}, FATES, called)


def test_an_alert_before_the_breach_counts_with_its_warning() -> None:
    figures = score(Called(70.0, "a", "raider"))
    assert (figures.intruders, figures.missed, figures.warnings_s) == (1, (), (50.0,))
    assert figures.false_alerts == ()


@pytest.mark.parametrize(
    "called",
    [
        (),
        (Called(120.1, "a", "raider"),),
        (Called(30.0, "a", "survey"),),
        (Called(30.0, "a", ""),),
    ],
    ids=["no alert", "after the breach", "on another", "on nothing"],
)
def test_an_intruder_without_an_alert_in_time_is_missed(called: tuple[Called, ...]) -> None:
    assert score(*called).missed == ("raider",)


def test_a_watcher_must_be_alerted_within_a_minute_of_the_warning_ring() -> None:
    assert score(Called(110.0, "a", "watcher"), flights=(WATCHER,)).missed == ()
    assert score(Called(110.5, "a", "watcher"), flights=(WATCHER,)).missed == ("watcher",)


@pytest.mark.parametrize("whom", ["", "gull", "survey", "helicopter"])
def test_an_alert_on_nobody_without_leave_is_false(whom: str) -> None:
    figures = score(Called(30.0, "a", whom), flights=(SURVEY, GULL, HELICOPTER))
    assert figures.false_alerts == (("a", whom or "nothing"),)


def test_an_alert_that_names_a_bird_beside_an_intruder_is_not_false() -> None:
    figures = score(Called(70.0, "a", "raider"), Called(80.0, "a", "gull"))
    assert figures.false_alerts == ()
    assert figures.alerts == 1


def test_a_stranger_may_be_alerted() -> None:
    assert score(Called(30.0, "a", "stranger"), flights=(STRANGER,)).false_alerts == ()


def test_a_stray_is_accused_inside_its_permit_and_rightly_named_outside() -> None:
    inside = score(Called(50.0, "a", "stray"), flights=(STRAY,))
    assert (inside.authorised, inside.accused, inside.false_alerts) == (1, ("stray",), (("a", "stray"),))
    outside = score(Called(101.0, "a", "stray"), flights=(STRAY,))
    assert (outside.authorised, outside.accused, outside.false_alerts) == (1, (), ())


def test_an_accused_flight_counts_although_the_alert_is_about_an_intruder_too() -> None:
    figures = score(Called(70.0, "a", "raider"), Called(75.0, "a", "survey"))
    assert (figures.accused, figures.false_alerts) == (("survey",), ())


def test_crewed_aircraft_are_counted_apart() -> None:
    figures = score(Called(30.0, "a", "helicopter"), flights=(HELICOPTER, SURVEY))
    assert (figures.aircraft, figures.aircraft_accused, figures.accused) == (1, ("helicopter",), ())


def test_a_flight_that_is_hardly_ever_inside_is_not_among_the_authorised() -> None:
    brief = Flight("brief", Role.PERMITTED, covered=np.arange(2_000) < 250)
    assert score(Called(20.0, "a", "brief"), flights=(brief,)).authorised == 0


def test_a_track_belongs_to_whom_it_was_near_for_most_of_the_time() -> None:
    owners = Owners()
    for second in range(10):
        owners.add(float(second), 7, "survey" if second < 8 else "raider")
    assert owners.at(7.0, 7) == "survey"
    assert owners.at(14.5, 7) == "raider"
    assert owners.at(40.0, 7) == ""
    assert owners.at(5.0, 8) == ""


def test_the_one_seen_last_has_a_track_on_a_tie() -> None:
    owners = Owners()
    owners.add(1.0, 7, "survey")
    owners.add(2.0, 7, "raider")
    assert owners.at(2.0, 7) == "raider"


def test_leave_is_a_circle_or_a_rectangle_along_its_bearing() -> None:
    circle = Leave(np.array([100.0, 0.0]), 50.0, 0.0, 0.0, 0.0, 120.0)
    places = np.array([[149.0, 0.0], [151.0, 0.0], [100.0, 0.0]])
    assert circle.covers(places, np.array([10.0, 10.0, 121.0])).tolist() == [True, False, False]
    # 200 m along the bearing 090, 40 m across it.
    strip = Leave(np.zeros(2), 0.0, 200.0, 40.0, np.pi / 2, 120.0)
    places = np.array([[99.0, 0.0], [0.0, 99.0], [0.0, 19.0], [101.0, 0.0]])
    assert strip.covers(places, np.full(4, 10.0)).tolist() == [True, False, True, False]
