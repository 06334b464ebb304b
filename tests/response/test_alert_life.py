"""The life of an alert, told as stories: who heard it, who has it, who put it aside, when it comes back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from alert_sky import GULL, SITE, START_UTC_NS, Flight, Watch
from skykeep.base.clock import ns_to_seconds, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    AcknowledgeAlert,
    AssignAlert,
    ClearAlert,
    EscalateAlert,
    ShelveAlert,
    UnshelveAlert,
)
from skykeep.domain.posture import PostureLevel
from skykeep.domain.response import AlertState
from skykeep.domain.rules import AlertRules, EscalationStep, ResponseRules


def states(watch: Watch) -> list[str]:
    """Return the states of the first alert in order, each once."""
    return [step.state.value for step in watch.alert().history]


def test_it_is_assigned_and_who_assigned_it_has_heard_it() -> None:
    watch = Watch(Flight()).look(3)
    alert = watch.does(AssignAlert, to="ada")
    assert (alert.state, alert.assigned_to, alert.acknowledged_by) == (AlertState.ASSIGNED, "ada", "op")
    assert alert.grounds[-1] == "op assigned it to ada."
    watch.look(60)
    assert states(watch) == ["raised", "assigned"]
    with pytest.raises(InputError, match="assigned to ada, must be an alert that nobody has acknowledged"):
        watch.does(AcknowledgeAlert, by="ben")
    assert watch.does(AssignAlert, by="ada", to="ben").assigned_to == "ben"


def test_every_step_says_who_when_and_why() -> None:
    watch = Watch(Flight()).look(3)
    watch.does(AcknowledgeAlert)
    watch.look()
    watch.does(ShelveAlert, for_s=30.0, reason="Known test flight", by="ada")
    watch.look(30)
    watch.does(ClearAlert, reason="Landed, seen from the roof", by="ben")
    assert [
        (step.state.value, step.by, ns_to_seconds(step.time_utc_ns - START_UTC_NS), step.because)
        for step in watch.alert().history
    ] == [
        ("raised", "", 3.0, "By the rules."),
        ("acknowledged", "op", 3.0, "op acknowledged it."),
        ("shelved", "ada", 4.0, "ada shelved it for 30 s: Known test flight."),
        ("raised", "", 34.0, "Its time on the shelf is over. ada shelved it: Known test flight."),
        ("cleared", "ben", 34.0, "ben cleared it: Landed, seen from the roof."),
    ]
    assert watch.alert().cleared_by == "ben"


# What the sky does while it is shelved for five minutes, and after how many looks it is back.
SHELVED: dict[str, tuple[dict[str, object], int | None]] = {
    "nothing changes": ({}, 300),
    "its priority grows by a little": ({"priority": 0.7}, 300),
    "its priority grows": ({"priority": 0.75}, 1),
    "the breach is a little nearer": ({"breach_s": 70.0}, 300),
    "the breach may come in half the time": ({"breach_s": 60.0}, 1),
    "it turns to the stadium": ({"asset_id": "stadium"}, 6),
}


@pytest.mark.parametrize("story", SHELVED)
def test_what_is_shelved_comes_back_by_itself_and_earlier_when_it_grows_worse(story: str) -> None:
    fields, looks = SHELVED[story]
    watch = Watch(Flight()).look(3)
    watch.does(ShelveAlert, for_s=300.0, reason="Ours")
    for name, value in fields.items():
        setattr(watch.flights[0], name, value)
    back = next(k for k in range(1, 400) if watch.look().alert().state is not AlertState.SHELVED)
    assert back == looks
    assert watch.alert().state is AlertState.RAISED
    assert watch.alert().came_back == 1
    assert watch.alert().shelved_by == ""


def test_what_is_shelved_is_taken_back_by_a_person() -> None:
    watch = Watch(Flight()).look(3)
    with pytest.raises(InputError, match="must be an alert that is shelved"):
        watch.does(UnshelveAlert)
    watch.does(AssignAlert, to="ben")
    watch.does(ShelveAlert, for_s=60.0, reason="Ours")
    with pytest.raises(InputError, match=r"shelved by op until .*, must be an alert that is not shelved"):
        watch.does(ShelveAlert, for_s=60.0, reason="Ours")
    assert watch.does(UnshelveAlert, by="ben").state is AlertState.ASSIGNED
    assert watch.look(70).alert().state is AlertState.ASSIGNED


@pytest.mark.parametrize("for_s", [0.0, -1.0, 3601.0, float("inf"), float("nan")])
def test_nothing_is_shelved_for_ever(for_s: float) -> None:
    watch = Watch(Flight()).look(3)
    with pytest.raises(InputError, match="more than 0 and at most 3600"):
        watch.does(ShelveAlert, for_s=for_s, reason="Ours")


@pytest.mark.parametrize("make", [ShelveAlert, EscalateAlert, ClearAlert])
def test_a_reason_is_asked_for(make: type) -> None:
    watch = Watch(Flight()).look(3)
    more: dict[str, Any] = {"for_s": 60.0} if make is ShelveAlert else {}
    with pytest.raises(InputError, match="a reason in words"):
        watch.does(make, reason="  ", **more)


def test_nobody_hears_it_and_it_climbs_the_ladder() -> None:
    watch = Watch(Flight()).look(23)
    alert = watch.alert()
    assert (alert.escalation_level, alert.escalated_to) == (1, "commander")
    assert alert.grounds[-1] == "Nobody acknowledged this alert for 20 s. The commander is told."
    alert = watch.look(20).alert()
    assert (alert.escalation_level, alert.escalated_to) == (2, "deputy")
    assert watch.look(300).alert().escalation_level == 2
    assert states(watch) == ["raised", "escalated", "escalated"]


def test_the_ladder_is_data() -> None:
    rungs = (EscalationStep(role="watch officer", after_s=5.0), EscalationStep(role="mayor", after_s=7.0))
    rules = ResponseRules(alerts=AlertRules(escalation=rungs))
    watch = Watch(Flight(), rules=rules).look(8)
    assert watch.alert().escalated_to == "watch officer"
    assert watch.look(2).alert().escalated_to == "mayor"


def test_a_person_passes_it_upwards_whatever_the_clock_says() -> None:
    watch = Watch(Flight()).look(3)
    watch.does(AcknowledgeAlert)
    alert = watch.does(EscalateAlert, reason="I am alone here")
    assert (alert.state, alert.escalated_to, alert.acknowledged_by) == (AlertState.ESCALATED, "commander", "")
    # The commander has as long as anybody before the deputy is told.
    assert watch.look(19).alert().escalated_to == "commander"
    assert watch.look(1).alert().escalated_to == "deputy"
    with pytest.raises(InputError, match="an alert with somebody above"):
        watch.does(EscalateAlert, reason="Again")
    assert watch.does(AcknowledgeAlert, by="ben").acknowledged_by == "ben"


def test_only_somebody_on_duty_is_given_it() -> None:
    watch = Watch(Flight()).look(3)
    with pytest.raises(InputError, match="'stranger', must be a person on duty"):
        watch.does(AssignAlert, to="stranger")
    watch.does(AssignAlert, to="ada")
    with pytest.raises(InputError, match="ada, who has it already"):
        watch.does(AssignAlert, to="ada")


def test_what_was_heard_is_raised_again_once_it_is_materially_worse() -> None:
    watch = Watch(Flight(priority=0.55)).look(3)
    watch.does(AcknowledgeAlert)
    watch.flights[0].priority = 0.85
    assert watch.look(10).alert().state is AlertState.ACKNOWLEDGED
    watch.flights[0].priority = 0.95
    alert = watch.look().alert()
    assert (alert.state, alert.acknowledged_by, alert.came_back) == (AlertState.RAISED, "", 1)
    assert alert.grounds[-1] == "Its priority grew from 0.55 to 0.95 since op heard it."
    watch.does(AcknowledgeAlert)
    assert watch.look(60).alert().state is AlertState.ACKNOWLEDGED


def test_it_turns_to_where_a_breach_is_worse() -> None:
    watch = Watch(Flight(asset_id="stadium", consequence=0.5)).look(3)
    watch.does(AcknowledgeAlert)
    watch.flights[0].asset_id, watch.flights[0].consequence = "house", 1.0
    assert watch.look(5).alert().state is AlertState.ACKNOWLEDGED
    alert = watch.look().alert()
    assert alert.state is AlertState.RAISED
    assert alert.grounds[-1] == "It aims at the House, where a breach is worse than at the Stadium."


def test_what_a_person_cleared_stays_cleared_unless_it_grows_worse() -> None:
    watch = Watch(Flight()).look(3)
    cleared = watch.does(ClearAlert, reason="The mayor's own drone", by="ada")
    assert cleared.cleared_because == "ada cleared it: The mayor's own drone."
    assert len(watch.look(250).book.alerts) == 1
    watch.flights[0].priority = 0.8
    watch.look(3)
    assert watch.alert("alert-0002").grounds[-1] == (
        "alert-0001 on this track was cleared: ada cleared it: The mayor's own drone."
    )


def test_a_persons_word_on_a_track_does_not_hold_for_ever() -> None:
    watch = Watch(Flight()).look(3)
    watch.does(ClearAlert, reason="Ours")
    assert len(watch.look(299).book.alerts) == 1
    assert len(watch.look(4).book.alerts) == 2


def test_with_an_order_under_way_nobody_calls_it_over() -> None:
    watch = Watch(Flight()).look(3)
    watch.book.cases["alert-0001"].order_open = True
    with pytest.raises(InputError, match="an alert with no order under way"):
        watch.does(ClearAlert, reason="Done")


def test_a_posture_lowers_the_threshold_and_hurries_the_ladder() -> None:
    high = PostureLevel(level=2, name="high", alert_factor=0.8, escalate_factor=0.5)
    calm, alarmed = Watch(Flight(priority=0.45)), Watch(Flight(priority=0.45))
    alarmed.book.posture(high)
    assert calm.look(20).book.alerts == ()
    assert alarmed.look(3).alert().state is AlertState.RAISED
    assert alarmed.look(10).alert().escalated_to == "commander"


def test_other_rules_hold_from_the_next_look_on() -> None:
    watch = Watch(Flight(priority=0.45)).look(5)
    watch.book.take_rules(msgspec.structs.replace(ResponseRules(), raise_priority=0.4))
    assert len(watch.look(3).book.alerts) == 1


def test_a_bird_that_a_machine_cleared_has_a_sentence_and_no_name() -> None:
    watch = Watch(Flight()).look(3)
    watch.flights[0].classes = GULL
    alert = watch.look(9).alert()
    assert (alert.state, alert.cleared_by) == (AlertState.CLEARED, "")
    assert alert.cleared_because == "It is a bird, 95 % certain."
    assert alert.history[-1].because == alert.cleared_because


def test_where_nobody_is_above_it_still_says_that_nobody_heard_it() -> None:
    alone = msgspec.structs.replace(SITE, people=SITE.people[:1])
    alert = Watch(Flight(), site=alone).look(30).alert()
    assert alert.state is AlertState.ESCALATED
    assert alert.grounds[-1] == "Nobody acknowledged this alert for 20 s."


def test_notes_are_kept_short_in_the_record_and_each_is_shown_once_when_it_is_new() -> None:
    watch = Watch(Flight()).look(3)
    flight = watch.flights[0]
    for _ in range(40):
        watch.flights = []
        watch.look()
        watch.flights = [flight]
        watch.look()
    assert len(watch.alert().notes) == 30
    said = {note for alert in watch.shown for note in alert.notes}
    newest = [alert.notes[-1] for alert in watch.shown if alert.notes]
    assert said == set(newest)
    assert sum(note.startswith("Track 1 was lost") for note in newest) == 40


def test_time_in_a_command_does_not_turn_a_history_round() -> None:
    watch = Watch(Flight()).look(3)
    ahead_utc_ns = watch.time_utc_ns + seconds_to_ns(30.0)
    watch.book.command(AcknowledgeAlert(alert_id="alert-0001", by="op", time_utc_ns=ahead_utc_ns))
    watch.look(2).does(EscalateAlert, reason="Now")
    times = [step.time_utc_ns for step in watch.alert().history]
    assert times == sorted(times)
