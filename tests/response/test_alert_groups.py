"""A swarm is one alert, the quiet second axis has its own, and neither is lost when groups split or merge."""

from __future__ import annotations

import msgspec
import pytest

from alert_sky import GULL, Flight, Watch, swarm
from skykeep.domain.commands import AcknowledgeAlert, ShelveAlert
from skykeep.domain.response import AlertState
from skykeep.domain.rules import AlertRules, ResponseRules


def members(watch: Watch) -> dict[str, set[int]]:
    """Return the members of every open alert."""
    return {
        alert.alert_id: set(alert.members)
        for alert in watch.book.alerts
        if alert.state is not AlertState.CLEARED
    }


def test_a_swarm_of_twelve_is_one_alert() -> None:
    watch = Watch(*swarm(12)).look(4)
    assert members(watch) == {"alert-0001": set(range(1, 13))}
    alert = watch.alert()
    assert alert.group_id == "group-1"
    assert alert.title == "Group of 12: multirotor without an identity, towards the House"
    assert "12 in it now." in alert.notes[-1]
    assert watch.book.rate.in_ten_minutes == 1


def test_the_one_that_matters_most_leads_and_a_close_race_does_not_flicker() -> None:
    flights = swarm(3)
    flights[1].priority = 0.7
    watch = Watch(*flights).look(4)
    assert watch.alert().members == (1, 3, 2)
    for second in range(20):
        flights[2].priority = 0.75 if second % 2 else 0.65
        watch.look()
    assert watch.alert().members[-1] == 2
    flights[2].priority = 0.9
    assert watch.look(3).alert().members[-1] == 2
    alert = watch.look(1).alert()
    assert (alert.members[-1], alert.track_ids[-1], alert.priority) == (3, 3, 0.9)


def test_the_second_axis_has_an_alert_of_its_own() -> None:
    decoy = swarm(4)
    quiet = Flight(track_id=9, east_m=-2500.0, north_m=500.0, group_id="")
    watch = Watch(*decoy, quiet).look(4)
    assert members(watch) == {"alert-0001": {1, 2, 3, 4}, "alert-0002": {9}}


def test_who_joins_later_is_in_it_and_the_acknowledgement_holds() -> None:
    watch = Watch(*swarm(4)).look(4)
    watch.does(AcknowledgeAlert)
    watch.flights += swarm(1, first=5)
    watch.look(3)
    assert watch.alert().state is AlertState.ACKNOWLEDGED
    assert watch.alert().grounds[-1] == "Track 5 has joined: 5 in it now."


def test_the_acknowledgement_ends_when_there_are_many_more_of_them() -> None:
    watch = Watch(*swarm(4)).look(4)
    watch.does(AcknowledgeAlert)
    watch.flights += swarm(2, first=5)
    alert = watch.look(3).alert()
    assert alert.state is AlertState.RAISED
    assert alert.grounds[-1] == "There are 6 of them now; there were 4 when op heard it."
    assert watch.book.rate.in_ten_minutes == 2


def test_part_of_it_goes_round_to_another_side_and_has_its_own_alert() -> None:
    watch = Watch(*swarm(5)).look(4)
    watch.does(AcknowledgeAlert)
    for flight in watch.flights[3:]:
        flight.group_id, flight.east_m, flight.north_m = "group-2", 0.0, 2800.0
    watch.look(8)
    assert members(watch) == {"alert-0001": {1, 2, 3, 4, 5}}
    watch.look(2)
    assert members(watch) == {"alert-0001": {1, 2, 3}, "alert-0002": {4, 5}}
    assert watch.alert("alert-0002").state is AlertState.RAISED
    assert "It left alert-0001: another side, or another asset." in watch.alert("alert-0002").grounds
    assert "Tracks 4 and 5 left it and have alert-0002." in watch.alert().grounds
    # Nobody leaves the number of an alert that it was once about.
    assert set(watch.alert().track_ids) == {1, 2, 3, 4, 5}


def test_who_only_falls_behind_on_the_same_side_stays_in_it() -> None:
    watch = Watch(*swarm(5)).look(4)
    for flight in watch.flights[3:]:
        flight.group_id, flight.east_m = "group-2", 4500.0
    watch.look(60)
    assert members(watch) == {"alert-0001": {1, 2, 3, 4, 5}}


def test_part_of_one_group_that_aims_at_another_asset_has_its_own_alert() -> None:
    watch = Watch(*swarm(5)).look(4)
    for flight in watch.flights[3:]:
        flight.asset_id = "stadium"
    watch.look(30)
    assert members(watch) == {"alert-0001": {1, 2, 3}, "alert-0002": {4, 5}}
    assert watch.alert("alert-0002").asset_id == "stadium"


def test_two_groups_that_become_one_are_one_alert_under_the_older_number() -> None:
    watch = Watch(*swarm(3), *swarm(2, "group-2", first=7, north_m=1500.0)).look(4)
    assert members(watch) == {"alert-0001": {1, 2, 3}, "alert-0002": {7, 8}}
    for flight in watch.flights:
        flight.group_id = "group-1"
    watch.look(7)
    assert members(watch) == {"alert-0001": {1, 2, 3, 7, 8}}
    cleared = watch.alert("alert-0002")
    assert cleared.cleared_because == "It flies in one group with alert-0001 and is followed there."
    assert "alert-0002 is part of it now: tracks 7 and 8." in watch.alert().grounds


@pytest.mark.parametrize("shelved", [False, True])
def test_what_nobody_heard_is_not_silenced_by_joining_what_somebody_did(shelved: bool) -> None:
    watch = Watch(*swarm(6), *swarm(1, "group-2", first=9, north_m=1500.0)).look(4)
    if shelved:
        watch.does(ShelveAlert, for_s=600.0, reason="Ours")
    else:
        watch.does(AcknowledgeAlert)
    watch.flights[-1].group_id = "group-1"
    watch.look(7)
    alert = watch.alert()
    assert alert.state is AlertState.RAISED
    assert "Nobody had heard alert-0002, which is part of it now." in alert.grounds


def test_one_is_lost_and_one_proves_a_gull_and_the_others_go_on() -> None:
    watch = Watch(*swarm(4)).look(4)
    watch.does(AcknowledgeAlert)
    watch.flights[1].classes = GULL
    del watch.flights[0]
    watch.look(9)
    assert members(watch) == {"alert-0001": {1, 3, 4}}
    assert watch.alert().members[-1] != 1
    assert "Track 2 is part of it no longer. It is a bird, 95 % certain." in watch.alert().grounds
    watch.look(300)
    assert members(watch) == {"alert-0001": {3, 4}}
    assert watch.alert().state is AlertState.ACKNOWLEDGED


def test_one_falls_and_the_others_fly_on() -> None:
    watch = Watch(*swarm(3)).look(4)
    leader = watch.alert().members[-1]
    watch.book.cases["alert-0001"].ended(leader, "Fell (simulated): As ordered.")
    watch.flights = [flight for flight in watch.flights if flight.track_id != leader]
    watch.look()
    assert leader not in watch.alert().members
    assert len(watch.alert().members) == 2
    said = f"Track {leader} is part of it no longer. Fell (simulated): As ordered. Its track has ended."
    assert said in watch.alert().grounds


def test_a_swarm_all_of_which_turns_away_is_cleared_once_with_a_sentence() -> None:
    watch = Watch(*swarm(4)).look(4)
    watch.flights[0].priority = 0.3
    for flight in watch.flights[1:]:
        flight.priority = 0.1
    assert watch.look(60).alert().state is AlertState.ESCALATED
    watch.flights[0].priority = 0.1
    alert = watch.look(21).alert()
    assert alert.state is AlertState.CLEARED
    assert alert.cleared_because.startswith("Its priority stayed below 0.25 for 20 s")


def test_proposals_can_follow_one_member() -> None:
    watch = Watch(*swarm(3)).look(4)
    case = watch.book.cases["alert-0001"]
    assert {track_id for track_id in (1, 2, 3, 4) if case.sighting_of(track_id)} == {1, 2, 3}
    del watch.flights[2]
    watch.look()
    assert [case.is_lost(track_id) for track_id in (1, 2, 3, 4)] == [False, False, True, True]
    assert not case.lost


def test_in_a_flood_what_comes_from_the_same_side_joins_and_from_another_does_not() -> None:
    rules = ResponseRules(alerts=AlertRules(flood_above=2, flood_below=1))
    apart = [Flight(track_id=k, east_m=3000.0, north_m=300.0 * k) for k in range(1, 4)]
    watch = Watch(*apart, rules=rules).look(4)
    assert len(members(watch)) == 3
    assert watch.book.rate.flooded
    watch.flights.append(msgspec.structs.replace(apart[0], track_id=8, north_m=-600.0))
    watch.flights.append(msgspec.structs.replace(apart[0], track_id=9, east_m=-3000.0))
    watch.look(4)
    assert members(watch) == {"alert-0001": {1, 8}, "alert-0002": {2}, "alert-0003": {3}, "alert-0004": {9}}
