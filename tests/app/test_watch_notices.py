"""Who is told what, once: by hand, after failures, and after a watch that was broken off."""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import threading
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from drawn import drawn_zone
from live_watch import ORIGIN, a_sensor
from notice_receiver import receiving
from sample_case import SITE, ring
from skykeep.app.bare_site import bare_site
from skykeep.app.live import open_pipeline
from skykeep.app.notice_duty import NoticeDuty
from skykeep.app.notice_text import NoticesText, check_notices, recipients_of, senders_of
from skykeep.app.notices import NoticeRunner
from skykeep.app.watch_notices import LAPSES_S, WatchNotices
from skykeep.base.clock import ManualClock, seconds_to_ns
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.commands import SetOccupancy, SetPosture, Tick
from skykeep.domain.notification import NoticeKind, NoticeSettled, Recipient
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.register import Delivery
from skykeep.domain.response import (
    Alert,
    AlertState,
    AlertStep,
    DebrisFootprint,
    EffectOutcome,
    Proposal,
    ProposalState,
    Task,
    TaskState,
)
from skykeep.domain.sensing import MeasurementKind, make_scan
from skykeep.domain.site import Site
from skykeep.domain.threat import Factors
from skykeep.engine.pipeline import Pipeline
from skykeep.store.log_database import LogDatabase

BAN = drawn_zone(ORIGIN, "ban", (ring(0.0, 0.0, 2_500.0),), name="City-wide ban")
NOW_NS = 1_935_540_000_000_000_000
ALERT = Alert(
    alert_id="alert-0001",
    state=AlertState.RAISED,
    title="A drone flies at the Residence",
    track_ids=(7,),
    asset_id="residence",
    priority=0.6,
    raised_utc_ns=NOW_NS,
    changed_utc_ns=NOW_NS,
    breach=None,
    grounds=("It holds no permit.",),
)


class Sent:
    """A sender that keeps what it was given, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.given: list[Delivery] = []
        self.fails = 0

    def send(self, delivery: Delivery, now_utc_ns: int) -> None:
        if self.fails:
            self.fails -= 1
            raise LinkError("it does not answer")
        self.given.append(delivery)

    @property
    def says(self) -> list[str]:
        return [each.notice.says for each in self.given]


class Duty:
    """Notices, a clock and a sender, without threads."""

    def __init__(self, *recipients: Recipient, site: Site = SITE) -> None:
        who = recipients or (Recipient(name="duty", way="webhook", address="https://hooks.example/"),)
        self.settled: list[NoticeSettled] = []
        self.notices = WatchNotices(site, who, self.settle)
        self.sent, self.clock = Sent(), ManualClock(NOW_NS)
        self.runner = NoticeRunner(self.notices, {"webhook": self.sent, "ocsf": self.sent}, self.clock)

    def settle(self, settled: NoticeSettled) -> None:
        self.settled.append(settled)
        self.notices.on_input(settled)

    def hears(self, *alerts: Alert) -> None:
        for alert in alerts:
            self.notices.on_response(alert, alert.changed_utc_ns)


def later(alert: Alert, state: AlertState, seconds: float, **more: object) -> Alert:
    changed_utc_ns = NOW_NS + seconds_to_ns(seconds)
    return msgspec.structs.replace(alert, state=state, changed_utc_ns=changed_utc_ns, **more)


def test_raised_passed_upwards_and_over_are_told_and_the_same_once_more_is_not() -> None:
    duty = Duty()
    duty.hears(
        ALERT,
        later(ALERT, AlertState.RAISED, 1, priority=0.7),
        later(ALERT, AlertState.ESCALATED, 30, escalation_level=1),
        later(ALERT, AlertState.ESCALATED, 31, escalation_level=1),
        later(ALERT, AlertState.ESCALATED, 60, escalation_level=2),
        later(ALERT, AlertState.ACKNOWLEDGED, 70, escalation_level=2),
        later(ALERT, AlertState.CLEARED, 90, escalation_level=2, cleared_because="It turned away."),
    )
    assert duty.runner.tell_due() == 4
    assert duty.sent.says == [
        "A drone flies at the Residence\nIt holds no permit.",
        "Escalated: A drone flies at the Residence\nIt holds no permit.",
        "Escalated: A drone flies at the Residence\nIt holds no permit.",
        "Over: A drone flies at the Residence\nIt turned away.",
    ]
    assert len({each.notice.notice_id for each in duty.sent.given}) == 4
    assert duty.runner.tell_due() == 0
    assert [(each.told, each.tries) for each in duty.settled] == [(True, 1)] * 4


def test_one_that_fails_is_told_again_and_what_came_of_it_is_written() -> None:
    duty = Duty()
    duty.hears(ALERT)
    duty.sent.fails = 2
    assert duty.runner.tell_due() == 0
    assert duty.runner.tell_due() == 0  # not yet: it waits a second
    duty.clock.set_utc_ns(NOW_NS + seconds_to_ns(1.5))
    assert duty.runner.tell_due() == 0
    duty.clock.set_utc_ns(NOW_NS + seconds_to_ns(10))
    assert duty.runner.tell_due() == 1
    (settled,) = duty.settled
    assert (settled.told, settled.tries, settled.recipient) == (True, 3, "duty")


def test_a_fault_of_a_sender_is_a_failure_that_is_counted_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Sent):
        def send(self, delivery: Delivery, now_utc_ns: int) -> None:
            raise TypeError("a mistake of ours")

    duty, said = Duty(), list[str]()
    duty.hears(ALERT)
    runner = NoticeRunner(duty.notices, {"webhook": Broken()}, duty.clock, said.append)
    assert runner.tell_due() == 0
    assert runner.failures == 1
    assert said == ["duty cannot be told by webhook: a fault of the sender, TypeError: a mistake of ours"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    # It waits its time like any failure, and is tried again.
    assert runner.tell_due() == 0
    assert [each.tries for each in duty.notices.deliveries(99)] == [1]


def test_a_fault_in_keeping_what_came_of_it_is_logged_and_the_others_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    duty = Duty(
        Recipient(name="one", way="webhook", address="a"), Recipient(name="two", way="webhook", address="b")
    )
    duty.hears(ALERT)
    settled = queue.SimpleQueue[str]()
    keep = duty.notices.delivered

    def delivered(delivery: Delivery, time_utc_ns: int) -> None:
        if delivery.subscription.owner == "one":
            raise LinkError("the register cannot be reached")
        keep(delivery, time_utc_ns)
        settled.put(delivery.subscription.owner)

    duty.notices.delivered = delivered  # type: ignore[method-assign]
    stop, logged = threading.Event(), threading.Event()

    def note(record: logging.LogRecord) -> bool:
        logged.set()
        return bool(record)

    caplog.handler.addFilter(note)
    thread = threading.Thread(target=duty.runner.run, args=(stop,))
    thread.start()
    try:
        assert settled.get(timeout=20) == "two"
        assert logged.wait(20)
    finally:
        stop.set()
        duty.runner.wake()
        thread.join(20)
        caplog.handler.removeFilter(note)
    assert "telling one" in caplog.records[0].getMessage()


def test_what_cannot_be_told_for_an_hour_is_given_up_and_that_is_written_too() -> None:
    duty = Duty()
    duty.hears(ALERT)
    duty.sent.fails = 99
    duty.clock.set_utc_ns(NOW_NS + seconds_to_ns(LAPSES_S + 1))
    duty.runner.tell_due()
    (settled,) = duty.settled
    assert (settled.told, settled.because) == (False, "it does not answer")
    duty.sent.fails = 0
    assert duty.runner.tell_due() == 0


def test_each_is_told_what_was_asked_for() -> None:
    grave = Recipient(name="grave", way="webhook", address="a", from_priority=0.65)
    late = Recipient(name="late", way="webhook", address="b", kinds=(NoticeKind.OVERDUE,))
    events = Recipient(name="events", way="ocsf", address="c")
    duty = Duty(grave, late, events)
    task = Task(
        task_id="task-0001",
        alert_id="alert-0001",
        text="Shelter the staff",
        owner_role="chief of staff",
        due_utc_ns=NOW_NS,
        state=TaskState.OVERDUE,
    )
    duty.hears(ALERT)
    duty.notices.on_response(task, NOW_NS)
    duty.hears(later(ALERT, AlertState.CLEARED, 5, cleared_because="It turned away."))
    duty.runner.tell_due()
    told = [(each.subscription.owner, each.notice.kind) for each in duty.sent.given]
    # The alert was too slight for `grave`, who then does not hear that it is over either.
    assert sorted(told) == [
        ("events", "cleared"),
        ("events", "raised"),
        ("grave", "overdue"),
        ("late", "overdue"),
    ]


def test_a_proposal_is_told_once_however_often_its_footprint_moves() -> None:
    duty = Duty()
    proposal = proposal_in(ProposalState.PROPOSED)
    for k in range(5):
        duty.notices.on_response(proposal, NOW_NS + k)
    duty.notices.on_response(
        msgspec.structs.replace(proposal, state=ProposalState.REFUSED, outcome="Too many people below."),
        NOW_NS + 9,
    )
    assert duty.runner.tell_due() == 2
    assert duty.sent.says[1] == "The proposal about track 7 was refused. Too many people below."


def carried_out(outcome: str) -> Proposal:
    return proposal_in(ProposalState.CARRIED_OUT, outcome)


def proposal_in(state: ProposalState, outcome: str = "") -> Proposal:
    return Proposal(
        proposal_id="proposal-0001",
        alert_id="alert-0001",
        track_id=7,
        state=state,
        proposed_utc_ns=NOW_NS,
        expires_utc_ns=NOW_NS + seconds_to_ns(60),
        if_nothing="It is there in 30 seconds. 4 persons are there.",
        options=(),
        approvals=(),
        approvals_needed=2,
        authority="Order 7",
        outcome=outcome,
    )


def test_word_that_the_pipeline_refuses_is_told_to_nobody(tmp_path: Path) -> None:
    site = bare_site("test", "test", ORIGIN, (a_sensor("radar"),))
    site = msgspec.structs.replace(site, assets=SITE.assets, people=SITE.people)
    duty = Duty(site=site)
    with contextlib.closing(LogDatabase.open(tmp_path / "night.db")) as log:
        pipeline = watched(site, log, duty.clock, duty)
        made_up = EffectOutcome(order_id="order-0007", time_utc_ns=NOW_NS, result="fell", says="It fell.")
        assert pipeline.receive(made_up) is not None
    assert duty.notices.deliveries(99) == ()


def test_word_that_was_taken_in_is_told_once_and_so_is_that_none_came() -> None:
    duty = Duty()
    word = EffectOutcome(
        order_id="order-0001", time_utc_ns=NOW_NS, result="fell", says="It fell in the yard."
    )
    duty.notices.on_input(word)
    duty.notices.on_response(carried_out("Fell (simulated): It fell in the yard."), NOW_NS)
    duty.notices.on_input(Tick(time_utc_ns=NOW_NS + 1))
    none_came = carried_out("No word came of it in time: taken as flown on.")
    duty.notices.on_response(none_came, NOW_NS + 1)
    told = [each.notice for each in duty.notices.deliveries(99)]
    assert [(each.kind, each.says) for each in told] == [
        ("outcome", "It fell in the yard."),
        ("outcome", "No word came of it in time: taken as flown on."),
    ]
    assert json.loads(told[0].body)["result"] == "fell"
    assert "persons" not in told[1].body


def posture(level: int, name: str, because: str, seconds: float) -> Posture:
    return Posture(level=level, name=name, because=because, since_utc_ns=NOW_NS + seconds_to_ns(seconds))


def test_a_posture_that_changes_is_told_with_its_reason_and_the_same_for_another_reason_is_not() -> None:
    duty = Duty()
    for each in (
        posture(0, "routine", "Nothing raises it.", 0),
        posture(2, "high", "High by the calendar: The parade.", 10),
        posture(2, "high", "High by Amara: Two drones. High by the calendar: The parade.", 10),
        posture(0, "routine", "Nothing raises it.", 90),
    ):
        duty.notices.on_duty(each)
    assert duty.runner.tell_due() == 2
    assert duty.sent.says == [
        "The posture is high now; it was routine.\nHigh by the calendar: The parade.",
        "The posture is routine now; it was high.\nNothing raises it.",
    ]
    assert [each.notice.kind for each in duty.sent.given] == ["posture", "posture"]
    assert json.loads(duty.sent.given[0].notice.body)["level"] == 2


def test_a_posture_goes_to_whom_it_concerns_and_is_no_drone_flight() -> None:
    alerts = Recipient(name="alerts", way="webhook", address="a", kinds=(NoticeKind.RAISED,))
    events = Recipient(name="events", way="ocsf", address="b")
    desk = Recipient(name="desk", way="webhook", address="c", kinds=(NoticeKind.POSTURE,), from_priority=0.9)
    duty = Duty(alerts, events, desk)
    duty.notices.on_duty(posture(1, "heightened", "Heightened by Amara: A threat was phoned in.", 5))
    duty.runner.tell_due()
    assert [each.subscription.owner for each in duty.sent.given] == ["desk"]


def test_who_is_where_is_never_told_outside() -> None:
    duty = Duty()
    for present in (True, False, None):
        duty.notices.on_duty(
            Occupancy(
                asset_id="residence",
                occupancy_persons=4,
                principal_present=present,
                since_utc_ns=NOW_NS,
                set_by="amara",
                reason="They came by the garden gate.",
            )
        )
    assert duty.notices.deliveries(99) == ()


@pytest.mark.parametrize(
    "presence",
    [
        "4 persons are there. The principal is there.",
        "The principal is not there.",
        "12 persons are there. Whether the principal is there is not known: taken as there.",
    ],
)
def test_neither_proposals_nor_tasks_say_who_is_where(presence: str) -> None:
    duty = Duty()
    proposal = Proposal(
        proposal_id="proposal-0001",
        alert_id="alert-0001",
        track_id=7,
        state=ProposalState.PROPOSED,
        proposed_utc_ns=NOW_NS,
        expires_utc_ns=NOW_NS + seconds_to_ns(60),
        if_nothing=f"It is over the Residence in about 30 s, between 20 and 40 s from now. {presence}",
        options=(),
        approvals=(),
        approvals_needed=2,
        authority="Order 7",
    )
    task = Task(
        task_id="task-0001",
        alert_id="alert-0001",
        text="Close the gate",
        owner_role="guard",
        due_utc_ns=NOW_NS,
        state=TaskState.OVERDUE,
        because=f"The Residence is on alert: alert-0001. {presence}",
        notes=(presence,),
    )
    duty.notices.on_response(proposal, NOW_NS)
    duty.notices.on_response(task, NOW_NS)
    asked, late = duty.notices.deliveries(99)
    assert asked.notice.says.endswith("between 20 and 40 s from now.")
    assert late.notice.says == "Late: Close the gate (guard)."
    for each in (asked.notice, late.notice):
        assert "there" not in each.says + each.body


def with_people(persons: int, consequence: float) -> tuple[Alert, Proposal]:
    """An alert and a proposal as they are with so many there, with all that the house knows of it in them."""
    factors = Factors(
        unauthorised=0.98, aims_at_asset=0.9, breach_before_response=0.62, consequence=consequence
    )
    priority = 0.98 * 0.9 * 0.62 * consequence
    product = (
        f"Priority {priority:.2f}: not allowed 98 %, after the Residence 90 %, "
        f"there before people can act 62 %, consequence {100 * consequence:.0f} %."
    )
    worse = f"Its priority grew from 0.10 to {priority:.2f} since Amara heard it."
    turned = "It aims at Residence, where a breach is worse than at the St. Mary pier. The mayor was told."
    alert = msgspec.structs.replace(
        ALERT,
        priority=priority,
        factors=factors,
        grounds=("It holds no permit.", product, worse, turned),
        notes=(worse, turned),
        history=(AlertStep(time_utc_ns=NOW_NS, state=AlertState.RAISED, by="", because=worse),),
    )
    debris = DebrisFootprint(
        track_id=7,
        time_utc_ns=NOW_NS,
        impact_enu_m=(0.0, 0.0),
        contours=(),
        persons_expected=0.001 * persons,
        rests_on=(f"{persons} persons are taken to be spread over that ground.",),
        at_asset_id="residence",
    )
    there = f"{persons} persons are there. The principal is {'' if persons > 9 else 'not '}there."
    proposal = msgspec.structs.replace(
        carried_out("Too many people below."),
        state=ProposalState.PROPOSED,
        if_nothing=f"It is over Residence in about 30 s, between 20 and 40 s from now. {there}",
        if_nothing_debris=debris,
    )
    return alert, proposal


def test_whatever_goes_out_is_the_same_whoever_is_there() -> None:
    """Every kind that tells of an alert or a proposal, whole: text, body and the event in it."""
    told = []
    for persons, consequence in ((12, 1.0), (3, 0.76)):
        alert, proposal = with_people(persons, consequence)
        ocsf = Recipient(name="siem", way="ocsf", address="b")
        duty = Duty(Recipient(name="duty", way="webhook", address="a"), ocsf)
        duty.hears(
            alert,
            later(alert, AlertState.ESCALATED, 30, escalation_level=1),
            later(alert, AlertState.CLEARED, 60, cleared_because=alert.notes[0]),
        )
        for state in (ProposalState.PROPOSED, ProposalState.REFUSED, ProposalState.CARRIED_OUT):
            duty.notices.on_response(msgspec.structs.replace(proposal, state=state), NOW_NS)
        told.append([(each.notice.says, each.notice.body) for each in duty.notices.deliveries(99)])
    many, few = told
    assert len(many) == 3 * 2 + 3
    assert many == few
    for word in ("onsequence", "persons are", "principal", "worse than", "0.001"):
        assert not [each for each in many if word in " ".join(each)], word
    says, body = many[0]
    assert says == (
        "A drone flies at the Residence\nIt holds no permit. Its priority grew since Amara heard it. "
        "It aims at Residence; before, at the St. Mary pier. The mayor was told."
    )
    # 0.98 * 0.9 * 0.62, and the residence's own consequence by the site's file is 1.
    assert SITE.assets[0].consequence == 1.0
    assert json.loads(body)["alert"]["priority"] == pytest.approx(0.54684)
    assert json.loads(body)["ocsf"]["unmapped"]["priority"] == 0.547


def test_whom_it_concerns_goes_by_the_priority_in_the_house() -> None:
    alert, _ = with_people(3, 0.76)  # 0.42 in the house, 0.55 outside
    high = Recipient(name="high", way="webhook", address="a", from_priority=0.5)
    low = Recipient(name="low", way="webhook", address="b", from_priority=0.4)
    duty = Duty(high, low)
    duty.hears(alert)
    assert [each.subscription.owner for each in duty.notices.deliveries(99)] == ["low"]


def test_the_pipeline_tells_of_the_posture_and_keeps_who_is_where(tmp_path: Path) -> None:
    site = bare_site("test", "test", ORIGIN, (a_sensor("radar"),))
    site = msgspec.structs.replace(site, assets=SITE.assets, people=SITE.people)
    clock, who = ManualClock(NOW_NS), SITE.people[0].person_id
    later_ns = NOW_NS + seconds_to_ns(1)
    with contextlib.closing(LogDatabase.open(tmp_path / "night.db")) as log:
        before = Duty(site=site)
        pipeline = watched(site, log, clock, before)
        asset = SITE.assets[0].asset_id
        here = SetOccupancy(asset_id=asset, by=who, time_utc_ns=NOW_NS, principal_present=True)
        assert pipeline.receive(here) is None
        raised = SetPosture(level=2, reason="Two drones at dusk", by=who, time_utc_ns=later_ns)
        assert pipeline.receive(raised) is None
        pipeline.receive(Tick(time_utc_ns=later_ns))
        assert before.runner.tell_due() == 1
    (says,) = before.sent.says
    assert says.startswith("The posture is high now; it was routine.\nHigh by ")
    assert says.endswith("Two drones at dusk.")
    with contextlib.closing(LogDatabase.open(tmp_path / "night.db")) as log:
        after = Duty(site=site)
        watched(site, log, clock, after)
        # It is the same notice after a restart: under its id it is told once.
        (waiting,) = after.notices.deliveries(99)
    assert waiting.notice.notice_id == before.sent.given[0].notice.notice_id


TEXT = {"name": "duty", "way": "webhook", "address": "https://a.example/", "secret_file": "key"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ({"to": [TEXT, TEXT]}, "has 'duty' twice"),
        ({"to": [{**TEXT, "address": ""}]}, "must have an address, or an address_file"),
        ({"to": [{**TEXT, "secret_file": ""}]}, "must have a secret_file"),
        ({"to": [{**TEXT, "secret_file": "  "}]}, "must have a secret_file"),
        ({"to": [{**TEXT, "way": "email"}]}, r"must have \[notices.post\]"),
        ({"networks": ["10.0.0.1/8"]}, "must be such as"),
    ],
)
def test_a_table_that_cannot_work_is_refused_by_name(text: dict[str, object], says: str) -> None:
    with pytest.raises(SetupError, match=says):
        check_notices(msgspec.convert(text, NoticesText), "site.toml")


@pytest.mark.parametrize("key", ["secret_file", "address_file"])
@pytest.mark.parametrize("held", ["", " \n\t"])
def test_a_file_that_holds_nothing_is_refused_by_its_key(tmp_path: Path, key: str, held: str) -> None:
    to = {"name": "duty", "way": "webhook", "address_file": "address", "secret_file": "secret"}
    (tmp_path / "address").write_text("https://a.example/")
    (tmp_path / "secret").write_text("s3cret")
    (tmp_path / key.removesuffix("_file")).write_text(held)
    text = msgspec.convert({"to": [to]}, NoticesText)
    with pytest.raises(SetupError, match=f"'duty': {key} .* is empty, must hold"):
        NoticeDuty(text, SITE, tmp_path, ManualClock(NOW_NS), print)


def test_what_lies_in_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to = {"name": "duty", "way": "webhook", "address_file": "where", "secret_file": "key"}
    (tmp_path / "where").write_text("https://a.example/")
    (tmp_path / "key").write_text("s3cret")
    read, plainly = list[str](), Path.read_text

    def counted(path: Path, *args: Any, **kwargs: Any) -> str:
        read.append(path.name)
        return plainly(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", counted)
    NoticeDuty(msgspec.convert({"to": [to]}, NoticesText), SITE, tmp_path, ManualClock(NOW_NS), print)
    assert sorted(read) == ["key", "where"]


def watched(site: Site, log: LogDatabase, clock: ManualClock, duty: Duty) -> Pipeline:
    return open_pipeline(site, log, clock, listeners=(duty.notices,))


def fly_at_the_residence(pipeline: Pipeline, clock: ManualClock) -> None:
    """A radar sees a drone come nearer at 26 m/s for 30 seconds."""
    for k in range(150):
        now_ns = NOW_NS + seconds_to_ns(0.2 * k)
        clock.set_utc_ns(now_ns)
        place = np.array([[1_500.0 - 26.0 * 0.2 * k, 20.0, 80.0]])
        scan = make_scan(
            sensor_id="radar",
            sequence=k,
            kind=MeasurementKind.POSITION,
            time_utc_ns=now_ns,
            received_utc_ns=now_ns,
            measured=place,
            sigma=np.full((1, 3), 5.0),
        )
        pipeline.receive(scan)
        pipeline.receive(Tick(time_utc_ns=now_ns))


def test_a_watch_broken_off_before_it_told_tells_once_after_the_restart(tmp_path: Path) -> None:
    site = bare_site("test", "test", ORIGIN, (a_sensor("radar"),))
    site = msgspec.structs.replace(site, assets=SITE.assets, zones=(BAN,))
    clock = ManualClock(NOW_NS)
    with contextlib.closing(LogDatabase.open(tmp_path / "night.db")) as log:
        before = Duty(site=site)
        fly_at_the_residence(watched(site, log, clock, before), clock)
        assert len(before.notices.deliveries(99)) >= 1
    with contextlib.closing(LogDatabase.open(tmp_path / "night.db")) as log, receiving() as receiver:
        (tmp_path / "key").write_text("s3cret")
        text = msgspec.convert(
            {
                "to": [{"name": "duty", "way": "webhook", "address": receiver.url, "secret_file": "key"}],
                "networks": ["127.0.0.0/8"],
            },
            NoticesText,
        )
        duty = NoticeDuty(text, site, tmp_path, clock, lambda _: None)
        pipeline = open_pipeline(site, log, clock, listeners=(duty.waiting,))
        settled: queue.SimpleQueue[NoticeSettled] = queue.SimpleQueue()
        duty.start(settled.put)
        told = settled.get(timeout=20)
        duty.stop()
        pipeline.receive(told)
        assert told.told, told.because
        body = json.loads(receiver.taken[0][3])
        assert body["notice_id"] == told.notice_id == before.notices.deliveries(1)[0].notice.notice_id
        assert body["body"]["ocsf"]["class_uid"] == 8001
        assert body["body"]["ocsf"]["unmanned_aerial_system"]["location"]["lat"] != 0.0
        count = len(receiver.taken)
    with contextlib.closing(LogDatabase.open(tmp_path / "night.db")) as log:
        after = Duty(site=site)
        watched(site, log, clock, after)
        assert len(after.notices.deliveries(99)) == len(before.notices.deliveries(99)) - count
        assert told.notice_id not in {each.notice.notice_id for each in after.notices.deliveries(99)}


def test_without_its_network_allowed_a_private_receiver_is_never_called(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret")
    with receiving() as receiver:
        to = {"name": "duty", "way": "webhook", "address": receiver.url, "secret_file": "key"}
        text = msgspec.convert({"to": [to]}, NoticesText)
        recipients = recipients_of(text, tmp_path)
        sender = senders_of(text, recipients, tmp_path, "test")["webhook"]
        duty = Duty(*recipients)
        duty.hears(ALERT)
        with pytest.raises(LinkError, match="private address"):
            sender.send(duty.notices.deliveries(1)[0], NOW_NS)
        assert receiver.taken == []
