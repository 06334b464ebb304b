"""Nights at the response desk, told as stories."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec
import numpy as np
import pytest

from made_picture import made_picture
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.commands import (
    AcknowledgeAlert,
    ApproveResponse,
    CompleteTask,
    RefuseResponse,
    ResponseCommand,
)
from skykeep.domain.encoding import encode_json
from skykeep.domain.identity import ClaimTest, ClaimVerdict, Identification, Standing
from skykeep.domain.orders import NO_ORDERS, OrdersInForce
from skykeep.domain.place import Asset, AssetKind, Person, PopulationGrid
from skykeep.domain.posture import Occupancy, Situation
from skykeep.domain.response import (
    Alert,
    AlertState,
    EffectLayer,
    EffectOrder,
    EffectOutcome,
    Proposal,
    ProposalState,
    Task,
    TaskState,
)
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.site import EffectTemplate, Playbook, Site, TaskTemplate
from skykeep.domain.threat import Factors, Interval, Threat
from skykeep.domain.track import Picture
from skykeep.geo.frames import LocalFrame
from skykeep.response import ResponseDesk, ResponseEvent

T = TypeVar("T")
START_UTC_NS = 1_935_540_000_000_000_000
MULTIROTOR = (0.9, 0.02, 0.04, 0.01, 0.03)
GULL = (0.2, 0.02, 0.75, 0.01, 0.02)
HELICOPTER = (0.05, 0.05, 0.0, 0.9, 0.0)
BLUR = (0.4, 0.0, 0.3, 0.1, 0.2)

RESIDENCE = Asset(
    asset_id="residence",
    name="the Residence",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(0.0, 0.0, 0.0),
    breach_radius_m=200.0,
    warning_radius_m=1500.0,
    occupancy_persons=12,
    principal_present=False,
)
STADIUM = msgspec.structs.replace(
    RESIDENCE, asset_id="stadium", name="the Stadium", position_enu_m=(3000.0, 0.0, 0.0)
)
PLAYBOOK = Playbook(
    playbook_id="playbook",
    asset_id="residence",
    tasks=(
        TaskTemplate(text="Shelter the staff", owner_role="chief of staff", due_before_breach_s=30.0),
        TaskTemplate(text="Call the police", owner_role="operator", due_before_breach_s=500.0),
    ),
    effects=(
        EffectTemplate(
            option_id="soft",
            name="Break the link",
            layer=EffectLayer.SOFT,
            says="It loses its link.",
            success_probability=0.7,
            delay_s=3.0,
            max_range_m=2500.0,
        ),
        EffectTemplate(
            option_id="hard",
            name="Strike it",
            layer=EffectLayer.HARD,
            says="It is struck.",
            success_probability=0.8,
            delay_s=6.0,
            max_range_m=1500.0,
        ),
    ),
    authority="Order 7 of the watch",
)
SITE = Site(
    site_id="site",
    name="A harbour",
    origin=LocalFrame(latitude_deg=10.0, longitude_deg=-30.0, height_hae_m=0.0),
    assets=(RESIDENCE, STADIUM),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(PLAYBOOK,),
    people=(
        Person(person_id="ada", name="Ada", role="commander", may_approve=True),
        Person(person_id="ben", name="Ben", role="deputy", may_approve=True),
        Person(person_id="cem", name="Cem", role="deputy", may_approve=True),
        Person(person_id="op", name="Olga", role="operator"),
    ),
    wind_enu_mps=(3.0, 1.0),
)


class Flight(msgspec.Struct, kw_only=True):
    """Something in the sky, and what the other rooms say of it. It flies in from the east."""

    track_id: int = 1
    east_m: float = 1600.0
    north_m: float = 0.0
    east_mps: float = -16.0
    priority: float = 0.8
    classes: tuple[float, float, float, float, float] | None = MULTIROTOR
    permission: Permission | None = Permission.FORBIDDEN
    standing: Standing = Standing.UNKNOWN
    asset: Asset = RESIDENCE
    closing: bool = True
    company: tuple[int, ...] = ()
    false_claim: bool = False
    born_utc_ns: int = START_UTC_NS
    detected_utc_ns: int | None = None

    @property
    def breach_s(self) -> float:
        away_m = abs(self.east_m - self.asset.position_enu_m[0])
        return float(max(0.0, (away_m - 200.0) / abs(self.east_mps)))

    def threat(self) -> Threat:
        mid_s = self.breach_s
        return Threat(
            track_id=self.track_id,
            asset_id=self.asset.asset_id,
            aims_probability=0.9,
            breach=Interval(low_s=0.8 * mid_s, mid_s=mid_s, high_s=1.3 * mid_s) if self.closing else None,
            worst_case_s=0.5 * mid_s,
            closest_approach_m=0.0,
            closest_approach_s=mid_s,
            company=self.company,
            priority=self.priority,
            factors=Factors(
                unauthorised=1.0,
                aims_at_asset=0.9,
                breach_before_response=self.priority / 0.9,
                consequence=1.0,
            ),
            grounds=("It holds no permit.", "It flies straight at the Residence."),
        )

    def identification(self) -> Identification | None:
        if self.classes is None:
            return None
        claim = ClaimTest(
            kind=ClaimKind.REMOTE_ID,
            claimed_id="SERIAL",
            track_id=self.track_id,
            verdict=ClaimVerdict.CONTRADICTED,
            residual_m=800.0,
            p_value=1e-9,
            because="It claims a place 800 m away.",
        )
        return Identification(
            track_id=self.track_id,
            class_probabilities=self.classes,
            standing=self.standing,
            set_by="rules",
            claimed_id="",
            claims=(claim,) if self.false_claim else (),
            evidence=(),
        )

    def verdict(self) -> AirspaceVerdict | None:
        if self.permission is None:
            return None
        return AirspaceVerdict(
            track_id=self.track_id,
            permission=self.permission,
            zone_id="z",
            permit_id="",
            document="Notice 4",
            failing_condition="",
            reason="Notice 4 closes the sky.",
        )


class Night:
    """A desk, a clock and a sky; `look` lets time pass by one second and moves what flies."""

    def __init__(self, *flights: Flight, site: Site = SITE) -> None:
        self.desk = ResponseDesk(site)
        self.flights = list(flights)
        self.time_utc_ns = START_UTC_NS
        self.events: list[ResponseEvent] = []
        self.orders = NO_ORDERS
        self.yeses = 0

    def look(self, times: int = 1, *, rules_changed: bool = False) -> list[ResponseEvent]:
        new: list[ResponseEvent] = []
        for _ in range(times):
            self.time_utc_ns += seconds_to_ns(1.0)
            for flight in self.flights:
                flight.east_m += flight.east_mps
            new += self.desk.update(
                self.time_utc_ns,
                picture_of(self.flights, self.time_utc_ns),
                tuple(record for flight in self.flights if (record := flight.identification())),
                tuple(verdict for flight in self.flights if (verdict := flight.verdict())),
                tuple(flight.threat() for flight in self.flights),
                np.full(len(self.flights), 80.0),
                self.orders,
                rules_changed=rules_changed,
            )
        self.events += new
        return new

    def does(self, make: Callable[..., ResponseCommand], **fields: object) -> list[ResponseEvent]:
        """A person does something a tenth of a second after the last look."""
        new = list(self.desk.command(make(time_utc_ns=self.time_utc_ns + 100_000_000, **fields)))
        self.events += new
        return new

    def approve(
        self, by: str, option_id: str = "soft", proposal_id: str = "proposal-0001"
    ) -> list[ResponseEvent]:
        terms = {proposal.proposal_id: proposal.terms_sha256 for proposal in self.desk.proposals}
        self.yeses += 1
        return self.does(
            ApproveResponse,
            proposal_id=proposal_id,
            option_id=option_id,
            by=by,
            terms_sha256=terms.get(proposal_id, ""),
            approval_id=f"yes-{self.yeses}",
            proven_by="passphrase",
        )

    def hears(self, result: str, order_id: str = "order-0001") -> list[ResponseEvent]:
        outcome = EffectOutcome(
            order_id=order_id, time_utc_ns=self.time_utc_ns + 200_000_000, result=result, says="As simulated."
        )
        new = list(self.desk.outcome(outcome))
        self.events += new
        return new

    def acknowledged(self) -> Night:
        """Go on until the alert is raised, acknowledge it and look again."""
        while not self.desk.alerts:
            self.look()
        self.does(AcknowledgeAlert, alert_id="alert-0001", by="op")
        self.look()
        return self

    def proposed(self) -> Night:
        """Go on until people are asked."""
        self.acknowledged()
        while not self.desk.proposals:
            self.look()
        return self


def picture_of(flights: list[Flight], time_utc_ns: int) -> Picture:
    return made_picture(
        time_utc_ns,
        [flight.track_id for flight in flights],
        [[flight.east_m, flight.north_m, 100.0, flight.east_mps, 0.0, 0.0] for flight in flights],
        born_utc_ns=[flight.born_utc_ns for flight in flights],
        last_detected_utc_ns=[flight.detected_utc_ns or time_utc_ns for flight in flights],
    )


def of(kind: type[T], events: list[ResponseEvent]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


# Who is alerted about: ten looks at one thing in the sky.
SKIES: dict[str, tuple[Flight, bool]] = {
    "a multirotor nobody knows comes straight in": (Flight(), True),
    "the same, one permit too few: its verdict is unknown": (Flight(permission=Permission.UNKNOWN), True),
    "the same, and airspace has not judged it": (Flight(permission=None), True),
    "a permitted survey drone": (Flight(permission=Permission.ALLOWED), False),
    "a police drone that is known, where no zone forbids it": (
        Flight(standing=Standing.FRIEND, permission=Permission.UNKNOWN),
        False,
    ),
    "a known drone inside the prohibited zone": (Flight(standing=Standing.NEUTRAL), True),
    "a gull": (Flight(classes=GULL), False),
    "a gull thirty seconds out": (Flight(classes=GULL, east_m=680.0), False),
    "a helicopter": (Flight(classes=HELICOPTER), False),
    "something blurred, far away": (Flight(classes=BLUR, east_m=2500.0), False),
    "something blurred, twenty seconds out": (Flight(classes=BLUR, east_m=600.0), True),
    "nobody can say what it is, far away": (Flight(classes=None, east_m=2500.0), False),
    "nobody can say what it is, twenty seconds out": (Flight(classes=None, east_m=600.0), True),
    "a multirotor that aims at nothing": (Flight(priority=0.3, closing=False), False),
    "a multirotor just short of the threshold": (Flight(priority=0.49), False),
    "a hovering watcher of high priority": (Flight(closing=False, east_mps=-0.01), True),
}


@pytest.mark.parametrize("story", SKIES)
def test_who_is_alerted_about(story: str) -> None:
    flight, alerted = SKIES[story]
    night = Night(msgspec.structs.replace(flight))
    night.look(10)
    assert len(night.desk.alerts) == int(alerted)


def test_an_alert_takes_three_looks_and_says_why() -> None:
    night = Night(Flight(company=(2,), false_claim=True))
    assert of(Alert, night.look(2)) == []
    (alert,) = of(Alert, night.look())
    assert alert.alert_id == "alert-0001"
    assert alert.state is AlertState.RAISED
    assert alert.title == "Multirotor under a false identity, towards the Residence"
    assert alert.grounds == (
        "It holds no permit.",
        "It flies straight at the Residence.",
        "Notice 4 closes the sky.",
        "It is in company with track 2.",
    )
    assert alert.breach is not None
    assert alert.breach.mid_s == pytest.approx((1600.0 - 48.0 - 200.0) / 16.0)


@pytest.mark.parametrize(("rules_changed", "looks"), [(True, 1), (False, 3)])
def test_a_new_rule_does_not_make_a_track_that_was_followed_all_along_wait(
    rules_changed: bool, looks: int
) -> None:
    flight = Flight(permission=Permission.ALLOWED)
    night = Night(flight)
    assert of(Alert, night.look(5)) == []
    flight.permission = Permission.FORBIDDEN
    raised = of(Alert, night.look(rules_changed=rules_changed))
    while not raised:
        looks -= 1
        raised = of(Alert, night.look())
    assert looks == 1


def test_a_track_that_has_just_begun_waits_also_under_a_new_rule() -> None:
    flight = Flight(born_utc_ns=START_UTC_NS + seconds_to_ns(0.5))
    night = Night(flight)
    assert of(Alert, night.look(rules_changed=True)) == []


def test_two_looks_are_too_few_however_long_they_are_apart() -> None:
    night = Night(Flight(east_m=3000.0))
    for seen in (0, 0, 1):
        # Four seconds pass between looks.
        night.time_utc_ns += seconds_to_ns(3.0)
        night.look()
        assert len(night.desk.alerts) == seen


def test_two_intruders_are_two_alerts_that_name_each_other() -> None:
    night = Night(Flight(company=(2,)), Flight(track_id=2, north_m=50.0, priority=0.9, company=(1,)))
    night.look(5)
    assert [(alert.alert_id, alert.track_ids) for alert in night.desk.alerts] == [
        ("alert-0002", (2,)),
        ("alert-0001", (1,)),
    ]
    assert "It is in company with track 2 (alert-0002)." in night.desk.alerts[1].grounds


def test_a_priority_that_flickers_raises_one_alert_and_clears_none() -> None:
    night = Night(Flight())
    for second in range(60):
        night.flights[0].priority = 0.55 if second % 3 else 0.3
        night.look()
    assert [alert.state for alert in night.desk.alerts] == [AlertState.ESCALATED]


def test_nobody_acknowledges_and_it_escalates_once() -> None:
    night = Night(Flight(east_mps=-5.0))
    night.look(40)
    states = [alert.state for alert in of(Alert, night.events)]
    assert states == sorted(states, key=[AlertState.RAISED, AlertState.ESCALATED].index)
    assert "Nobody acknowledged this alert for 20 s. The commander is told." in night.desk.alerts[0].grounds
    night.does(AcknowledgeAlert, alert_id="alert-0001", by="op")
    night.look(40)
    assert night.desk.alerts[0].state is AlertState.ACKNOWLEDGED
    assert night.desk.alerts[0].acknowledged_by == "op"


def test_it_turns_away_and_the_alert_is_cleared_with_a_sentence() -> None:
    night = Night(Flight()).acknowledged()
    night.flights[0].priority, night.flights[0].closing = 0.1, False
    night.look(25)
    (alert,) = night.desk.alerts
    assert alert.state is AlertState.CLEARED
    assert alert.cleared_because.startswith(
        "Its priority stayed below 0.25 for 20 s; it was then 1200 m from the Residence, 80 m above ground"
    )
    assert of(Alert, night.events)[-1] == alert


def test_it_turns_out_to_be_a_bird() -> None:
    night = Night(Flight()).acknowledged()
    night.flights[0].classes = (0.02, 0.0, 0.95, 0.0, 0.03)
    night.look(12)
    assert night.desk.alerts[0].cleared_because == "It is a bird, 95 % certain."


def test_lost_from_sight_the_alert_stays_open_and_counts_down() -> None:
    night = Night(Flight()).acknowledged()
    before = night.desk.alerts[0]
    night.flights.clear()
    night.look(30)
    (alert,) = night.desk.alerts
    assert alert.state is AlertState.ACKNOWLEDGED
    assert alert.grounds[-1].startswith("Track 1 was lost from sight 1536 m from the Residence")
    assert before.breach is not None
    assert alert.breach is not None
    assert alert.breach.mid_s == pytest.approx(before.breach.mid_s - 30.0)
    night.look(280)
    assert night.desk.alerts[0].cleared_because.startswith("It was not seen again for 300 s.")


def test_lost_and_never_acknowledged_it_stays_open_for_ever() -> None:
    night = Night(Flight())
    night.look(4)
    night.flights.clear()
    night.look(1000)
    assert night.desk.alerts[0].state is AlertState.ESCALATED


@pytest.mark.parametrize(
    ("story", "late_s", "offset_m", "taken_over"),
    [
        ("ten seconds later, where it would be", 10, 0.0, True),
        ("ten seconds later, 100 m aside", 10, 100.0, True),
        ("ten seconds later, 500 m aside", 10, 500.0, False),
        ("two minutes later, where it would be", 120, 0.0, False),
    ],
)
def test_a_new_track_continues_a_lost_one(story: str, late_s: int, offset_m: float, taken_over: bool) -> None:
    night = Night(Flight(east_m=4000.0)).acknowledged()
    lost = night.flights.pop()
    night.look(late_s - 1)
    again = msgspec.structs.replace(
        lost,
        track_id=9,
        east_m=lost.east_m + (late_s - 1) * lost.east_mps,
        north_m=offset_m,
        born_utc_ns=night.time_utc_ns,
    )
    night.flights.append(again)
    night.look(5)
    if taken_over:
        (alert,) = night.desk.alerts
        assert alert.track_ids == (1, 9)
        assert alert.state is AlertState.ACKNOWLEDGED
        assert any(
            sentence.startswith(f"Track 9 continues track 1: {late_s} s") for sentence in alert.grounds
        )
    else:
        assert [alert.track_ids for alert in night.desk.alerts] == [(1,), (9,)] or [
            alert.track_ids for alert in night.desk.alerts
        ] == [(9,), (1,)]


def test_a_track_that_was_there_all_along_takes_nothing_over() -> None:
    night = Night(Flight(), Flight(track_id=2, north_m=20.0, priority=0.3)).acknowledged()
    night.flights.pop(0)
    night.look(8)
    assert night.desk.alerts[0].track_ids == (1,)


def test_a_track_that_still_coasts_is_continued_before_it_raises_a_second_alert() -> None:
    night = Night(Flight()).acknowledged()
    old = night.flights[0]
    old.detected_utc_ns = night.time_utc_ns
    night.look(3)
    night.flights.append(
        msgspec.structs.replace(old, track_id=2, detected_utc_ns=None, born_utc_ns=night.time_utc_ns)
    )
    night.look(10)
    assert [alert.track_ids for alert in night.desk.alerts] == [(1, 2)]
    # Two after all: what was silent is detected again.
    old.detected_utc_ns = None
    night.look(10)
    assert sorted(alert.track_ids for alert in night.desk.alerts) == [(1,), (1, 2)]
    assert "Track 2 continues track 1: 4 s after its last detection, 0 m from where it would be." in (
        next(alert.grounds for alert in night.desk.alerts if alert.track_ids == (1, 2))
    )


def test_a_gull_takes_nothing_over() -> None:
    night = Night(Flight()).acknowledged()
    lost = night.flights.pop()
    night.flights.append(
        msgspec.structs.replace(lost, track_id=5, classes=GULL, born_utc_ns=night.time_utc_ns)
    )
    night.look(8)
    assert night.desk.alerts[0].track_ids == (1,)


def test_it_turns_to_another_asset() -> None:
    night = Night(Flight(east_m=2500.0)).acknowledged()
    night.flights[0].asset = STADIUM
    night.look(4)
    assert night.desk.alerts[0].asset_id == "residence"
    night.look(3)
    assert night.desk.alerts[0].asset_id == "stadium"
    assert "It now aims at the Stadium; before, at the Residence." in night.desk.alerts[0].grounds


def test_tasks_are_due_before_the_breach_and_then_overdue() -> None:
    night = Night(Flight())
    events = night.look(3)
    shelter, police = of(Task, events)
    raised_utc_ns = night.time_utc_ns
    # 67.6 s to the breach at the earliest (5 %): shelter 30 s before it; the police at once, which is ten
    # seconds from now.
    assert shelter.due_utc_ns == raised_utc_ns + seconds_to_ns(37.6)
    assert police.due_utc_ns == raised_utc_ns + seconds_to_ns(10.0)
    night.look(10)
    assert [task.state for task in night.desk.tasks] == [TaskState.OPEN, TaskState.OPEN]
    (late,) = of(Task, night.look())
    assert (late.task_id, late.state) == ("task-0002", TaskState.OVERDUE)
    night.does(CompleteTask, task_id="task-0002", by="op")
    assert night.desk.tasks[-1].done_by == "op"
    with pytest.raises(InputError, match="done by op"):
        night.does(CompleteTask, task_id="task-0002", by="ada")


def test_a_second_intruder_brings_the_hour_forward_and_asks_nothing_twice() -> None:
    night = Night(Flight())
    night.look(4)
    due_utc_ns = night.desk.tasks[-1].due_utc_ns
    night.flights.append(Flight(track_id=2, east_m=900.0, north_m=500.0))
    night.look(4)
    assert len(night.desk.alerts) == 2
    assert len(night.desk.tasks) == 2
    assert night.desk.tasks[-1].due_utc_ns < due_utc_ns


def test_a_proposal_waits_for_ears_and_for_the_hour() -> None:
    night = Night(Flight())
    night.look(10)
    assert night.desk.proposals == ()
    night.does(AcknowledgeAlert, alert_id="alert-0001", by="op")
    (proposal,) = of(Proposal, night.look())
    assert [option.option_id for option in proposal.options] == ["soft", "hard"]
    assert proposal.approvals_needed == 2
    assert proposal.authority == "Order 7 of the watch"
    assert proposal.if_nothing == (
        "It is over the Residence in about 76 s, between 61 and 99 s from now. "
        "12 persons are there. The principal is not there."
    )
    for option in proposal.options:
        assert [contour.percent for contour in option.debris.contours] == [50, 95, 99]
        assert option.debris.persons_expected > 0.0
    assert "no public model of how a drone breaks up is fitted" in proposal.options[1].says


def test_a_crowd_that_people_declare_is_in_every_footprint() -> None:
    """Twelve are configured; somebody on duty says that there are 20,000."""
    persons = {}
    for count in (12, 20_000):
        night = Night(Flight(east_m=150.0, east_mps=-1.0))
        there = [
            Occupancy(asset_id=each, occupancy_persons=count, principal_present=True, since_utc_ns=0)
            for each in ("residence", "stadium")
        ]
        night.desk.take_situation(Situation(occupancies=tuple(there)))
        (proposal, *_) = night.proposed().desk.proposals
        assert proposal.if_nothing.endswith(f"{count} persons are there. The principal is there.")
        assert proposal.if_nothing_debris is not None
        made = [option.debris for option in proposal.options] + [proposal.if_nothing_debris]
        assert len(made) == 3
        persons[count] = [each.persons_expected for each in made]
    for few, many in zip(*persons.values(), strict=True):
        assert many > 20.0 * few


def test_far_away_nothing_is_proposed_and_what_is_out_of_reach_is_not_offered() -> None:
    night = Night(Flight(east_m=4000.0)).acknowledged()
    assert night.desk.proposals == ()
    night = Night(Flight(east_m=2400.0, east_mps=-30.0)).acknowledged()
    assert [option.option_id for option in night.desk.proposals[0].options] == ["soft"]


def test_two_people_approve_and_the_order_carries_both() -> None:
    night = Night(Flight()).proposed()
    assert of(EffectOrder, night.approve("ada")) == []
    night.look()
    proposal, order = night.approve("ben")
    assert isinstance(proposal, Proposal)
    assert isinstance(order, EffectOrder)
    assert proposal.state is ProposalState.APPROVED
    assert proposal.chosen_option_id == "soft"
    assert [approval.by for approval in order.approvals] == ["ada", "ben"]
    assert order.simulated is True
    assert order.layer is EffectLayer.SOFT
    assert order.aim_enu_m[0] == pytest.approx(night.flights[0].east_m - 1.6)


def test_every_way_of_not_being_allowed() -> None:
    night = Night(Flight()).proposed()
    night.approve("ada")
    for by, option_id, proposal_id, field in [
        ("ada", "soft", "proposal-0001", "by"),
        ("op", "soft", "proposal-0001", "by"),
        ("nobody", "soft", "proposal-0001", "by"),
        ("ben", "hard", "proposal-0001", "option_id"),
        ("ben", "laser", "proposal-0001", "option_id"),
        ("ben", "soft", "proposal-0002", "proposal_id"),
    ]:
        with pytest.raises(InputError) as refused:
            night.approve(by, option_id, proposal_id)
        assert refused.value.field == field
    with pytest.raises(InputError, match="before it was proposed"):
        night.desk.command(
            ApproveResponse(
                proposal_id="proposal-0001",
                option_id="soft",
                by="ben",
                time_utc_ns=START_UTC_NS,
                terms_sha256=night.desk.proposals[0].terms_sha256,
                approval_id="early",
                proven_by="token",
            )
        )
    night.approve("ben")
    with pytest.raises(InputError, match="which is approved"):
        night.approve("cem")


def test_a_proposal_expires_and_another_takes_its_place() -> None:
    night = Night(Flight(east_mps=-8.0, east_m=1000.0)).proposed()
    night.approve("ada")
    night.look(46)
    first, second = sorted(night.desk.proposals, key=lambda proposal: proposal.proposal_id)
    assert first.state is ProposalState.EXPIRED
    assert first.outcome == "Expired: of 2 approvals needed, given by ada."
    assert second.state is ProposalState.PROPOSED
    assert second.approvals == ()
    with pytest.raises(InputError, match="which is expired"):
        night.approve("ben")


def test_between_looks_an_expired_proposal_cannot_be_approved() -> None:
    night = Night(Flight()).proposed()
    expires_utc_ns = night.desk.proposals[0].expires_utc_ns
    with pytest.raises(InputError, match="which expired at"):
        night.desk.command(
            ApproveResponse(
                proposal_id="proposal-0001",
                option_id="soft",
                by="ada",
                time_utc_ns=expires_utc_ns,
                terms_sha256=night.desk.proposals[0].terms_sha256,
                approval_id="late",
                proven_by="token",
            )
        )


def test_a_refusal_needs_a_reason_and_stands_until_it_is_much_nearer() -> None:
    night = Night(Flight()).proposed()
    with pytest.raises(InputError, match="a reason in words"):
        night.does(RefuseResponse, proposal_id="proposal-0001", by="ada", reason=" ")
    night.does(RefuseResponse, proposal_id="proposal-0001", by="ada", reason="Over the square.")
    refused = night.desk.proposals[0]
    assert refused.outcome == "Refused by ada: Over the square."
    breach_s = night.flights[0].breach_s
    while len(night.desk.proposals) == 1:
        night.look()
    assert night.flights[0].breach_s == pytest.approx(0.5 * breach_s, abs=1.5)


def test_it_flies_on_and_people_are_asked_again() -> None:
    night = Night(Flight()).proposed()
    night.approve("ada")
    night.approve("ben")
    night.look(3)
    (alert, proposal) = night.hears("flew_on")
    assert isinstance(alert, Alert)
    assert isinstance(proposal, Proposal)
    assert proposal.state is ProposalState.CARRIED_OUT
    assert proposal.outcome == "Flew on (simulated): As simulated."
    assert any("order-0001: Flew on (simulated): As simulated." in said for said in alert.grounds)
    assert alert.state is AlertState.ESCALATED
    assert "still a threat to the Residence" in alert.grounds[-1]
    (follow_up,) = of(Proposal, night.look())
    assert follow_up.proposal_id == "proposal-0002"
    assert follow_up.options[0].says.startswith("Tried once on it, and it flew on. It loses its link.")
    assert follow_up.options[1].says.startswith("It is struck.")


def test_no_word_comes_and_people_are_asked_again() -> None:
    night = Night(Flight(east_mps=-8.0, east_m=1000.0)).proposed()
    night.approve("ada")
    night.approve("ben")
    night.look(34)
    assert [proposal.state for proposal in night.desk.proposals] == [
        ProposalState.PROPOSED,
        ProposalState.CARRIED_OUT,
    ]
    (proposal,) = of(Proposal, night.hears("fell"))
    assert proposal.outcome.startswith("No word came of it in time: taken as flown on. Fell (simulated)")


def test_it_falls_and_the_alert_is_cleared_when_its_track_ends() -> None:
    night = Night(Flight()).proposed()
    night.approve("ada", "hard")
    night.approve("ben", "hard")
    night.hears("fell")
    night.look(3)
    assert night.desk.alerts[0].state is AlertState.ACKNOWLEDGED
    night.flights.clear()
    night.look()
    assert night.desk.alerts[0].cleared_because == "Fell (simulated): As simulated. Its track has ended."
    assert len(night.desk.proposals) == 1


def test_words_about_no_order_are_refused() -> None:
    night = Night(Flight()).proposed()
    with pytest.raises(InputError, match="an order that was given"):
        night.hears("fell")
    night.approve("ada")
    night.approve("ben")
    with pytest.raises(InputError, match="one of fell, landed, hovered, returned, flew_on"):
        night.hears("vanished")
    night.hears("returned")
    night.hears("landed")
    with pytest.raises(InputError, match="flew_on after returned, landed"):
        night.hears("flew_on")


def test_lost_from_sight_a_proposal_is_withdrawn() -> None:
    night = Night(Flight()).proposed()
    night.flights.clear()
    (proposal,) = of(Proposal, night.look())
    assert proposal.state is ProposalState.WITHDRAWN
    assert proposal.outcome == "Withdrawn, as track 1 was lost from sight."


def test_footprints_follow_the_track_until_it_is_decided() -> None:
    night = Night(Flight()).proposed()
    first = night.desk.proposals[0].options[0].debris
    night.look(4)
    last = night.desk.proposals[0].options[0].debris
    assert last.impact_enu_m[0] - first.impact_enu_m[0] == pytest.approx(4 * -16.0, abs=1.0)


def test_an_approval_lapses_when_the_consequences_have_grown() -> None:
    """Over the water until 1,250 m from the Residence, then over a full square."""
    persons = np.array([[20_000.0, 0.0]])
    crowd = PopulationGrid(
        west_m=250.0, south_m=-500.0, cell_m=1000.0, night_persons=persons, day_persons=persons
    )
    night = Night(Flight(), site=msgspec.structs.replace(SITE, population=crowd)).proposed()
    assert night.desk.proposals[0].options[0].debris.persons_expected < 1e-4
    night.approve("ada")
    night.look(20)
    (proposal,) = night.desk.proposals
    assert proposal.state is ProposalState.PROPOSED
    assert proposal.approvals == ()
    assert re.match(
        r"Approvals lapsed: persons expected under “Strike it” grew from \S+ to 0\.0", proposal.outcome
    )
    # It takes two again, and both now see what they say yes to.
    assert of(EffectOrder, night.approve("ben")) == []
    assert len(of(EffectOrder, night.approve("ada"))) == 1


def test_only_a_person_of_this_site_may_do_anything() -> None:
    night = Night(Flight()).proposed()
    for make, fields in [
        (AcknowledgeAlert, {"alert_id": "alert-0001"}),
        (CompleteTask, {"task_id": "task-0001"}),
        (RefuseResponse, {"proposal_id": "proposal-0001", "reason": "No."}),
    ]:
        with pytest.raises(InputError, match="a person on duty at this site"):
            night.does(make, by="stranger", **fields)
    with pytest.raises(InputError, match="a person who may approve"):
        night.does(RefuseResponse, proposal_id="proposal-0001", reason="No.", by="op")


def test_an_acknowledged_or_cleared_alert_cannot_be_acknowledged_again() -> None:
    night = Night(Flight()).acknowledged()
    with pytest.raises(InputError, match="acknowledged by op"):
        night.does(AcknowledgeAlert, alert_id="alert-0001", by="ada")
    night.flights[0].priority = 0.0
    night.look(25)
    with pytest.raises(InputError, match="which was cleared"):
        night.does(AcknowledgeAlert, alert_id="alert-0001", by="ada")
    with pytest.raises(InputError, match="'alert-0009', must be an open alert"):
        night.does(AcknowledgeAlert, alert_id="alert-0009", by="ada")


def test_it_comes_back_and_the_new_alert_remembers_the_old() -> None:
    night = Night(Flight(east_m=3000.0)).acknowledged()
    night.flights[0].priority = 0.0
    night.look(25)
    night.flights[0].priority = 0.8
    night.look(4)
    first, second = sorted(night.desk.alerts, key=lambda alert: alert.alert_id)
    assert (first.state, second.state) == (AlertState.CLEARED, AlertState.RAISED)
    assert second.grounds[-1] == f"alert-0001 on this track was cleared: {first.cleared_because}"


def test_time_does_not_go_back() -> None:
    night = Night(Flight())
    night.look()
    night.time_utc_ns -= seconds_to_ns(5.0)
    with pytest.raises(ValueError, match="time went back"):
        night.look()


def test_a_site_where_one_person_would_do_is_refused() -> None:
    lax = msgspec.structs.replace(PLAYBOOK, approvals_needed=1)
    with pytest.raises(SetupError, match="must be at least 2"):
        ResponseDesk(msgspec.structs.replace(SITE, playbooks=(lax,)))


def test_the_same_night_twice_is_the_same_bytes() -> None:
    def whole() -> bytes:
        night = Night(Flight(company=(2,)), Flight(track_id=2, north_m=300.0, company=(1,))).proposed()
        night.approve("ada")
        night.approve("ben")
        night.look(20)
        night.hears("flew_on")
        night.look(5)
        return b"\n".join(encode_json(event) for event in night.events)

    assert whole() == whole()


SAME = OrdersInForce(merged=((2, 1, "order-0001"),))


def test_one_object_has_one_alert_and_the_older_goes_on() -> None:
    night = Night(Flight(), Flight(track_id=2, north_m=600.0)).acknowledged()
    assert [alert.track_ids for alert in night.desk.alerts] == [(2,), (1,)] or len(night.desk.alerts) == 2
    night.flights.pop()
    night.orders = SAME
    night.look(3)

    going, cleared = night.desk.alerts
    assert (going.alert_id, going.track_ids) == ("alert-0001", (1,))
    assert cleared.state is AlertState.CLEARED
    assert cleared.cleared_because == "It is one object with that of alert-0001, by a person's order."


def test_an_alert_follows_the_track_that_its_own_is_told_to_be() -> None:
    night = Night(Flight(track_id=2)).acknowledged()
    night.flights[0] = msgspec.structs.replace(night.flights[0], track_id=1)
    night.orders = SAME
    night.look(3)

    (alert,) = night.desk.alerts
    assert alert.track_ids == (2, 1)
    assert alert.state is AlertState.ACKNOWLEDGED
    assert "Track 2 is track 1, by order-0001." in alert.grounds
    assert not any("lost from sight" in ground for ground in alert.grounds)


def test_an_alert_follows_what_flies_on_under_another_number_and_back() -> None:
    night = Night(Flight()).acknowledged()
    night.flights[0] = msgspec.structs.replace(night.flights[0], track_id=7)
    night.orders = OrdersInForce(
        apart=((1, 7),), split=((1, 7, "order-0001"),), renumbered=((1, 7, "order-0001"),)
    )
    night.look(3)
    (alert,) = night.desk.alerts
    assert alert.track_ids == (7,)
    assert alert.state is AlertState.ACKNOWLEDGED
    assert "What was followed as track 1 is track 7, by order-0001." in alert.grounds
    assert not any("lost from sight" in ground for ground in alert.grounds)

    # The order is lifted: the number is one again.
    night.flights[0] = msgspec.structs.replace(night.flights[0], track_id=1)
    night.orders = OrdersInForce(renumbered=((7, 1, "order-0001"),))
    night.look(3)
    (alert,) = night.desk.alerts
    assert alert.track_ids == (7, 1)
    assert alert.state is AlertState.ACKNOWLEDGED


def test_an_alert_on_what_was_lost_before_does_not_follow_what_flies_on() -> None:
    night = Night(Flight()).acknowledged()
    lost = night.flights.pop()
    night.look()
    night.orders = OrdersInForce(
        apart=((1, 7),), split=((1, 7, "order-0001"),), renumbered=((1, 7, "order-0001"),)
    )
    night.flights.append(msgspec.structs.replace(lost, track_id=7, born_utc_ns=night.time_utc_ns))
    night.look(5)
    assert sorted(alert.track_ids for alert in night.desk.alerts) == [(1,), (7,)]


@pytest.mark.parametrize("told", [False, True])
def test_two_objects_do_not_take_over_from_each_other(told: bool) -> None:
    night = Night(Flight(east_m=4000.0)).acknowledged()
    night.orders = OrdersInForce(apart=((1, 9),)) if told else NO_ORDERS
    lost = night.flights.pop()
    night.look(3)
    again = msgspec.structs.replace(
        lost, track_id=9, east_m=lost.east_m + 3 * lost.east_mps, born_utc_ns=night.time_utc_ns
    )
    night.flights.append(again)
    night.look(5)
    assert sorted(alert.track_ids for alert in night.desk.alerts) == ([(1,), (9,)] if told else [(1, 9)])

    # Told only afterwards: the one that is not it is taken off.
    night.orders = OrdersInForce(apart=((1, 9),))
    night.look()
    assert (9,) in [alert.track_ids for alert in night.desk.alerts]


def test_a_name_is_in_the_title_and_the_grounds_beside_the_number() -> None:
    night = Night(Flight(company=(7,)))
    night.orders = OrdersInForce(names=((1, "Grey one"), (7, "Red")))
    night.look(4)
    (alert,) = night.desk.alerts
    assert alert.title == "“Grey one”: multirotor without an identity, towards the Residence"
    assert "It is in company with track 7 (“Red”)." in alert.grounds
