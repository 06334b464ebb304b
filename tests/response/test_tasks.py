"""Tasks for people: one night by hand, then what always holds of their hours."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.clock import ns_to_seconds, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import CallOffTask, CompleteTask, TakeTask
from skykeep.domain.place import Asset, AssetKind, Person
from skykeep.domain.posture import DEFAULT_LEVELS, Occupancy, Posture, Situation
from skykeep.domain.response import Alert, AlertState, Task, TaskState
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import BreachTime, Playbook, Site, TaskTemplate
from skykeep.domain.threat import Interval
from skykeep.geo.frames import LocalFrame
from skykeep.response.tasks import TaskBook
from skykeep.response.words import Words

START_UTC_NS = 1_935_540_000_000_000_000
RULES = ResponseRules()
HOUSE = Asset(
    asset_id="house",
    name="the House",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(0.0, 0.0, 0.0),
    breach_radius_m=150.0,
    warning_radius_m=1500.0,
)
SITE = Site(
    site_id="site",
    name="Site",
    origin=LocalFrame(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=0.0),
    assets=(HOUSE, msgspec.structs.replace(HOUSE, asset_id="barn", name="the Barn")),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(),
    people=(),
)
PLAYBOOK = Playbook(
    playbook_id="book",
    asset_id="house",
    tasks=(
        TaskTemplate(
            text="Shelter the staff",
            task_key="shelter",
            owner_role="guard",
            due_before_breach_s=30.0,
            escalates_to_role="duty officer",
        ),
        TaskTemplate(
            text="Move the principal",
            task_key="move",
            owner_role="guard",
            due_before_breach_s=20.0,
            due_of=BreachTime.WORST_CASE,
            when_principal=True,
        ),
        TaskTemplate(
            text="Close the gates",
            task_key="gates",
            owner_role="guard",
            due_before_breach_s=60.0,
            from_level=1,
        ),
    ),
    effects=(),
)
ADA = Person(person_id="ada", name="Ada", role="commander", may_approve=True)
GIL = Person(person_id="gil", name="Gil", role="guard")
TOM = Person(person_id="tom", name="Tom", role="cook")


class Night:
    """One house, its alerts as the desk would give them, and the situation."""

    def __init__(self, *templates: TaskTemplate) -> None:
        playbook = msgspec.structs.replace(PLAYBOOK, tasks=templates) if templates else PLAYBOOK
        self.book = TaskBook(
            {"house": playbook}, Words(SITE), RULES, {person.person_id: person for person in (ADA, GIL, TOM)}
        )
        self.now_utc_ns = START_UTC_NS
        self.alerts: dict[str, Alert] = {}
        self.present: bool | None = False
        self.level = 0

    def alert(
        self, number: int = 1, low_s: float | None = 100.0, worst_s: float | None = 60.0, asset: str = "house"
    ) -> None:
        breach = None if low_s is None else Interval(low_s=low_s, mid_s=1.2 * low_s, high_s=1.5 * low_s)
        alert_id = f"alert-{number:04d}"
        self.alerts[alert_id] = Alert(
            alert_id=alert_id,
            state=AlertState.RAISED,
            title="Unknown drone",
            track_ids=(number,),
            asset_id=asset,
            priority=0.8,
            raised_utc_ns=self.now_utc_ns,
            changed_utc_ns=self.now_utc_ns,
            breach=breach,
            grounds=(),
            worst_case_s=worst_s,
        )

    def clear(self, number: int = 1, because: str = "It flew away.") -> None:
        alert_id = f"alert-{number:04d}"
        self.alerts[alert_id] = msgspec.structs.replace(
            self.alerts[alert_id], state=AlertState.CLEARED, cleared_because=because
        )

    def look(self, seconds: float = 0.0) -> list[Task]:
        self.now_utc_ns += seconds_to_ns(seconds)
        level = DEFAULT_LEVELS[self.level]
        occupancy = Occupancy(
            asset_id="house",
            occupancy_persons=3,
            principal_present=self.present,
            since_utc_ns=START_UTC_NS,
            counts_as_present=self.present is not False,
        )
        posture = Posture(
            level=self.level, name=level.name, because="High by Ada: Look out.", since_utc_ns=START_UTC_NS
        )
        situation = Situation(posture=posture, level=level, occupancies=(occupancy,))
        return self.book.look(self.now_utc_ns, tuple(self.alerts.values()), situation)

    def due_s(self, task: Task) -> float:
        return ns_to_seconds(task.due_utc_ns - START_UTC_NS)

    def take(self, task_id: str, person: Person = GIL) -> Task:
        command = TakeTask(task_id=task_id, by=person.person_id, time_utc_ns=self.now_utc_ns)
        return self.book.command(command, person, self.now_utc_ns)

    def complete(self, task_id: str, person: Person = GIL) -> Task:
        command = CompleteTask(task_id=task_id, by=person.person_id, time_utc_ns=self.now_utc_ns)
        return self.book.command(command, person, self.now_utc_ns)

    def call_off(self, task_id: str, person: Person = ADA, reason: str = "Done already.") -> Task:
        by = person.person_id
        command = CallOffTask(task_id=task_id, reason=reason, by=by, time_utc_ns=self.now_utc_ns)
        return self.book.command(command, person, self.now_utc_ns)


def test_each_task_is_due_before_its_own_time_to_breach() -> None:
    night = Night()
    night.present = None
    night.alert(low_s=100.0, worst_s=60.0)
    shelter, move = night.look()
    # 30 s before the 5 % quantile of 100 s; 20 s before the worst case of 60 s.
    assert (night.due_s(shelter), night.due_s(move)) == (70.0, 40.0)
    assert shelter.because == "The House is on alert: alert-0001."
    assert move.because.endswith("It is not sure that the principal is away, so they count as there.")
    assert [task.state for task in (shelter, move)] == [TaskState.OPEN, TaskState.OPEN]
    assert night.look(1.0) == []


def test_nobody_gets_less_than_ten_seconds() -> None:
    night = Night()
    night.alert(low_s=12.0)
    (shelter,) = night.look()
    assert night.due_s(shelter) == RULES.least_notice_s


def test_a_late_task_is_said_and_somebody_above_is_told() -> None:
    night = Night()
    night.alert(low_s=50.0)
    night.look()
    assert night.look(20.0) == []
    (late,) = night.look(0.001)
    assert (late.state, late.escalated_to) == (TaskState.OVERDUE, "duty officer")
    assert late.notes == (
        "Late: it was due, and nobody says that it is done. Nobody has taken it. The duty officer is told.",
    )
    assert night.look(1.0) == []
    assert night.complete(late.task_id).state is TaskState.DONE


def test_who_takes_a_task_has_it_until_it_is_done() -> None:
    night = Night()
    night.alert()
    night.look()
    assert night.take("task-0001").state is TaskState.TAKEN
    with pytest.raises(InputError, match="gil, who has it"):
        night.take("task-0001")
    handed = night.take("task-0001", ADA)
    assert (handed.taken_by, handed.notes) == ("ada", ("Taken over from Gil.",))
    done = night.complete("task-0001", ADA)
    assert (done.done_by, done.done_utc_ns) == ("ada", night.now_utc_ns)
    with pytest.raises(InputError, match="done by ada"):
        night.take("task-0001")


def test_a_sooner_intruder_brings_the_hour_forward_and_its_end_puts_it_back_with_a_reason() -> None:
    night = Night()
    night.alert(1, low_s=200.0)
    (opened,) = night.look()
    assert night.due_s(opened) == 170.0
    night.alert(2, low_s=80.0)
    (sooner,) = night.look()
    assert (night.due_s(sooner), sooner.due_alert_id) == (50.0, "alert-0002")
    assert sooner.notes == ("Due 120 s earlier, by alert-0002.",)
    night.clear(2)
    (later,) = night.look()
    assert (night.due_s(later), later.due_alert_id) == (170.0, "alert-0001")
    assert later.notes[1:] == (
        "Due 120 s later. alert-0002 is over: It flew away. Now it goes, by alert-0001.",
    )


def test_time_to_spare_puts_the_hour_back_only_after_a_while() -> None:
    night = Night()
    night.alert(low_s=100.0)
    night.look()
    for _ in range(20):
        night.alert(low_s=150.0)
        assert night.look(1.0) == []
    night.alert(low_s=150.0)
    (later,) = night.look(1.0)
    assert night.due_s(later) == 20.0 + 150.0 - 30.0
    assert later.notes == (
        "Due 70 s later: for 20 s there has been more time than it seemed, by alert-0001.",
    )


def test_what_hovers_puts_nothing_back() -> None:
    night = Night()
    night.alert(low_s=100.0)
    night.look()
    for _ in range(69):
        night.alert(low_s=None, worst_s=600.0)
        assert night.look(1.0) == []
    night.alert(low_s=None, worst_s=600.0)
    night.look(1.0)
    (late,) = night.look(0.1)
    assert late.state is TaskState.OVERDUE


def test_the_principal_who_arrives_in_the_raid_is_moved() -> None:
    night = Night()
    night.alert()
    (shelter,) = night.look()
    assert shelter.task_key == "shelter"
    night.present = True
    (move,) = night.look(5.0)
    assert (move.task_key, move.because) == (
        "move",
        "The House is on alert: alert-0001. The principal is there.",
    )
    night.present = False
    (off,) = night.look(5.0)
    assert (off.task_id, off.state) == (move.task_id, TaskState.CALLED_OFF)
    assert (off.called_off_because, off.called_off_by) == ("The principal is away.", "")
    night.present = True
    (again,) = night.look(5.0)
    assert (again.task_key, again.task_id) == ("move", "task-0003")
    # Moved; but who goes and comes again has to be moved again.
    night.complete(again.task_id)
    night.present = False
    assert night.look(5.0) == []
    night.present = True
    (once_more,) = night.look(5.0)
    assert (once_more.task_key, once_more.task_id) == ("move", "task-0004")


def test_a_higher_posture_asks_for_more() -> None:
    night = Night()
    night.alert()
    night.look()
    night.level = 1
    (gates,) = night.look(1.0)
    assert gates.task_key == "gates"
    assert "The posture is heightened. High by Ada: Look out." in gates.because
    night.level = 0
    assert night.look(1.0) == []


def test_when_the_last_alert_is_over_what_is_left_is_called_off_with_the_reason() -> None:
    night = Night()
    night.alert()
    night.look()
    night.clear(because="It was a gull.")
    assert night.look() == []
    assert night.look(RULES.call_off_after_s - 0.1) == []
    (off,) = night.look(0.1)
    assert (off.state, off.called_off_because) == (
        TaskState.CALLED_OFF,
        "alert-0001 is over: It was a gull.",
    )
    # Somebody did it all the same, and says so.
    assert night.complete(off.task_id).state is TaskState.DONE
    night.alert(2)
    (anew,) = night.look(1.0)
    assert anew.task_id == "task-0002"


def test_an_alert_that_follows_at_once_asks_nothing_twice() -> None:
    night = Night()
    night.alert(1)
    night.look()
    night.clear(1)
    night.look(1.0)
    night.alert(2)
    night.look(1.0)
    assert len(night.book.tasks) == 1


def test_who_may_call_off_a_task() -> None:
    night = Night()
    night.alert()
    night.look()
    with pytest.raises(InputError, match="a person who may approve, or a guard"):
        night.call_off("task-0001", TOM)
    with pytest.raises(InputError, match="a sentence that says why"):
        night.call_off("task-0001", ADA, " ")
    with pytest.raises(InputError, match="a task that was opened"):
        night.call_off("task-0009")
    off = night.call_off("task-0001", GIL)
    assert (off.called_off_by, off.called_off_because) == ("gil", "Done already.")
    # A person's word stands: it is not opened again while this alert lasts.
    assert night.look(5.0) == []
    with pytest.raises(InputError, match="called off"):
        night.take("task-0001")


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.25, 1.0, 7.0, 30.0]),
        st.sampled_from(
            ["come", "come", "hover", "clear", "elsewhere", "principal", "posture", "take", "nothing"]
        ),
        st.integers(1, 2),
        st.floats(0.0, 300.0),
    ),
    max_size=25,
)


@given(STEPS)
def test_whatever_the_night_brings(steps: list[tuple[float, str, int, float]]) -> None:
    """An hour goes back only with a reason said; notice is kept; late is late; nothing ends unsaid; one task
    of a key is to be done at a time; and what did not change is not sent again.
    """
    night = Night()
    seen: dict[str, Task] = {}
    for seconds, what, number, reach_s in steps:
        if what == "come":
            night.alert(number, low_s=reach_s, worst_s=0.6 * reach_s)
        elif what == "hover":
            night.alert(number, low_s=None, worst_s=reach_s)
        elif what == "elsewhere":
            night.alert(number, low_s=reach_s, asset="barn")
        elif what == "clear" and f"alert-{number:04d}" in night.alerts:
            night.clear(number)
        elif what == "principal":
            night.present = {True: False, False: None, None: True}[night.present]
        elif what == "posture":
            night.level = number
        elif what == "take":
            open_ids = [task.task_id for task in night.book.tasks if task.state is TaskState.OPEN]
            for task_id in open_ids[:1]:
                seen[task_id] = night.take(task_id)
        for task in night.look(seconds):
            before = seen.get(task.task_id)
            assert before != task
            if before is None:
                notice_s = ns_to_seconds(task.due_utc_ns - night.now_utc_ns)
                assert notice_s >= RULES.least_notice_s
            elif task.due_utc_ns != before.due_utc_ns:
                assert before.state in (TaskState.OPEN, TaskState.TAKEN)
                assert len(task.notes) == len(before.notes) + 1
                way = "later" if task.due_utc_ns > before.due_utc_ns else "earlier"
                assert way in task.notes[-1]
                assert task.due_utc_ns >= night.now_utc_ns + seconds_to_ns(RULES.least_notice_s)
            seen[task.task_id] = task
        assert {task.task_id: task for task in night.book.tasks} == seen
        unfinished = [
            task.task_key
            for task in night.book.tasks
            if task.state not in (TaskState.DONE, TaskState.CALLED_OFF)
        ]
        assert len(unfinished) == len(set(unfinished))
        for task in night.book.tasks:
            late = task.due_utc_ns < night.now_utc_ns
            assert not (late and task.state in (TaskState.OPEN, TaskState.TAKEN))
            assert (task.state is TaskState.CALLED_OFF) == bool(task.called_off_because)
