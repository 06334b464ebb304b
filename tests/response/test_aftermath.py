"""What came down is somebody's to go to: raised, told upwards, given to somebody, ended by a person only."""

from __future__ import annotations

from typing import Any

import pytest

from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import AcknowledgeAlert, AssignAlert, ClearAlert, EscalateAlert, ShelveAlert
from skykeep.domain.place import Asset, AssetKind, Person, Vector
from skykeep.domain.posture import PostureLevel
from skykeep.domain.response import Alert, AlertState, EffectOutcome
from skykeep.domain.rules import AlertRules, EscalationStep, ResponseRules
from skykeep.domain.site import Site
from skykeep.geo.frames import LocalFrame
from skykeep.response.aftermath import AftermathBook, came_down_at
from skykeep.response.words import Words

RESIDENCE = Asset(
    asset_id="residence",
    name="Residence",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(100.0, 200.0, 0.0),
    breach_radius_m=100.0,
    warning_radius_m=500.0,
)
SITE = Site(
    site_id="s",
    name="s",
    origin=LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0),
    assets=(RESIDENCE,),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(),
    people=(
        Person(person_id="op", name="Op", role="watch"),
        Person(person_id="ada", name="Ada", role="commander", may_approve=True),
    ),
)
FLIGHT = Alert(
    alert_id="alert-0003",
    state=AlertState.ACKNOWLEDGED,
    title="",
    track_ids=(7,),
    asset_id="residence",
    priority=0.9,
    raised_utc_ns=0,
    changed_utc_ns=0,
    breach=None,
    grounds=(),
)


def outcome(
    result: str = "fell", place: tuple[float, float, float] | None = (185.0, 285.0, 0.0)
) -> EffectOutcome:
    return EffectOutcome(
        order_id="order-0001", time_utc_ns=0, result=result, says="It was struck.", place_enu_m=place
    )


def at(seconds: float) -> int:
    return seconds_to_ns(seconds)


@pytest.fixture
def book() -> AftermathBook:
    return AftermathBook(SITE, Words(SITE), ResponseRules())


def test_it_says_where_and_what_to_do_there(book: AftermathBook) -> None:
    alert = book.hear(outcome(), FLIGHT, at(10.0))
    assert alert is not None
    assert alert.title == "Came down 120 m north-east of the Residence: send somebody"
    assert alert.grounds[0] == (
        "Track 7 of alert-0003 came down 120 m north-east of the Residence (simulated). It was struck."
    )
    assert "Keep people away" in alert.grounds[1]
    assert (alert.asset_id, alert.track_ids, alert.state) == ("residence", (7,), AlertState.RAISED)


@pytest.mark.parametrize("result", ["hovered", "returned", "flew_on"])
def test_what_is_in_the_air_has_not_come_down(book: AftermathBook, result: str) -> None:
    assert book.hear(outcome(result), FLIGHT, at(10.0)) is None
    assert book.alerts == ()


@pytest.mark.parametrize(
    ("place", "asset", "said"),
    [
        ((100.0, 190.0, 0.0), RESIDENCE, "at the Residence"),
        ((100.0, -100.0, 0.0), RESIDENCE, "300 m south of the Residence"),
        ((0.0, 200.0, 0.0), RESIDENCE, "100 m west of the Residence"),
        (None, RESIDENCE, "where nobody saw it"),
        ((40.0, 50.0, 0.0), None, "40 m east and 50 m north of the middle of the map"),
    ],
)
def test_where_in_words(place: Vector | None, asset: Asset | None, said: str) -> None:
    assert came_down_at(outcome(place=place), asset) == said


def test_unheard_it_is_told_upwards_once_and_never_clears_itself(book: AftermathBook) -> None:
    book.hear(outcome(), FLIGHT, at(0.0))
    assert book.look(at(19.0)) == []
    (told,) = book.look(at(20.0))
    assert (told.state, told.escalated_to) == (AlertState.ESCALATED, "commander")
    assert book.look(at(100_000.0)) == []
    assert book.alerts[0].state is AlertState.ESCALATED


def test_it_goes_up_the_ladder_that_all_alerts_go_up(book: AftermathBook) -> None:
    steps = (EscalationStep(role="guard", after_s=10.0), EscalationStep(role="minister", after_s=40.0))
    book.take_rules(ResponseRules(alerts=AlertRules(escalation=steps)))
    book.hear(outcome(), FLIGHT, at(0.0))
    assert book.look(at(9.0)) == []
    (told,) = book.look(at(10.0))
    assert (told.escalated_to, told.notes) == (
        "guard",
        ("Nobody acknowledged this alert for 10 s. The guard is told.",),
    )
    # Where the posture gives them twice as long, so does this.
    book.posture(PostureLevel(level=1, name="calm", escalate_factor=2.0))
    assert book.look(at(79.0)) == []
    (told,) = book.look(at(80.0))
    assert (told.escalated_to, told.escalation_level) == ("minister", 2)
    assert [step.state for step in told.history] == ["raised", "escalated", "escalated"]


def test_a_person_passes_it_upwards_with_a_reason_as_any_alert(book: AftermathBook) -> None:
    alert = book.hear(outcome(), FLIGHT, at(0.0))
    assert alert is not None
    known: dict[str, Any] = {"alert_id": alert.alert_id, "by": "op", "time_utc_ns": at(1.0)}
    with pytest.raises(InputError, match="a reason in words"):
        book.command(EscalateAlert(**known, reason=""), at(1.0))
    told = book.command(EscalateAlert(**known, reason="It smokes"), at(1.0))
    assert told.escalated_to == "commander"
    assert told.notes == ("op escalated it: It smokes. The commander is told.",)
    with pytest.raises(InputError, match="an alert with somebody above"):
        book.command(EscalateAlert(**known, reason="It burns"), at(2.0))


def test_heard_given_to_somebody_and_ended_with_a_reason(book: AftermathBook) -> None:
    alert = book.hear(outcome(), FLIGHT, at(0.0))
    assert alert is not None
    known: dict[str, Any] = {"alert_id": alert.alert_id, "by": "op", "time_utc_ns": at(1.0)}
    heard = book.command(AcknowledgeAlert(**known), at(1.0))
    assert heard.acknowledged_by == "op"
    with pytest.raises(InputError, match="an alert that nobody has acknowledged"):
        book.command(AcknowledgeAlert(**known), at(1.0))
    with pytest.raises(InputError, match="a person on duty"):
        book.command(AssignAlert(**known, to="nobody"), at(1.0))
    assert book.command(AssignAlert(**known, to="ada"), at(2.0)).assigned_to == "ada"
    with pytest.raises(InputError, match="what lies there does not wait"):
        book.command(ShelveAlert(**known, reason="later", for_s=60.0), at(2.0))
    with pytest.raises(InputError, match="a reason in words"):
        book.command(ClearAlert(**known, reason=" "), at(3.0))
    ended = book.command(ClearAlert(**known, reason="Looked at and taken away."), at(3.0))
    assert ended.cleared_because == "op cleared it: Looked at and taken away."
    assert [(step.state, step.by) for step in ended.history] == [
        ("raised", ""),
        ("acknowledged", "op"),
        ("assigned", "op"),
        ("cleared", "op"),
    ]
    with pytest.raises(InputError, match="which was cleared, must be an open alert"):
        book.command(ClearAlert(**known, reason="again"), at(4.0))
    assert book.look(at(1_000.0)) == []
