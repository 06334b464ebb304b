"""The timeline says what was said then, not how it ended, and who steps in is told once."""

from __future__ import annotations

import json

from msgspec.structs import replace

from sample_case import CYRILLIC, SAMPLE, at
from skykeep.app.watchers import NightMemory
from skykeep.domain.response import Alert, AlertState, AlertStep, Approval, EffectLayer, EffectOrder, Task
from skykeep.evidence.case import AlertTitle, Case, Decision
from skykeep.evidence.case_json import case_json, read_case_json
from skykeep.evidence.dossier_timeline import timeline
from skykeep.evidence.levels import Level, at_level
from skykeep.evidence.paper import Run, Table

FIRST, THEN = "Multirotor, towards the Residence", "Multirotor, towards the Parade Square"
ALERT = replace(SAMPLE.alerts[0], title=THEN)


def told(case: Case) -> list[tuple[str, str]]:
    """Return each line of the timeline as its time of day and its words."""
    (table,) = [block for block in timeline(case) if isinstance(block, Table)]
    return [(words(time), words(says)) for time, says in table.body]


def words(cell: object) -> str:
    runs = cell if isinstance(cell, tuple) else (cell,)
    return "".join(run.text if isinstance(run, Run) else str(run) for run in runs)


def of_the_alert(case: Case) -> list[tuple[str, str]]:
    return [(time, says) for time, says in told(case) if says.startswith("Alert ")]


def called(*titles: tuple[int, str]) -> Case:
    said = tuple(
        AlertTitle(alert_id=ALERT.alert_id, from_utc_ns=at(after_s), title=title) for after_s, title in titles
    )
    return replace(SAMPLE, alerts=(ALERT,), alert_titles=said)


def step(after_s: float, state: AlertState, because: str, by: str = "") -> AlertStep:
    return AlertStep(time_utc_ns=at(after_s), state=state, by=by, because=because)


def order() -> EffectOrder:
    return EffectOrder(
        order_id="order-1",
        proposal_id="proposal-1",
        track_id=7,
        layer=EffectLayer.SOFT,
        time_utc_ns=at(41),
        aim_enu_m=(0.0, 0.0, 100.0),
        approvals=(
            Approval(by="cmd", role="commander", option_id="hard", time_utc_ns=at(40), proven_by="a passkey"),
        ),
    )


def test_an_alert_bears_the_title_that_it_had_and_another_from_when_it_changed() -> None:
    assert of_the_alert(called((20, FIRST), (66, THEN))) == [
        ("02:10:20", f"Alert alert-1 raised: {FIRST}"),
        ("02:11:06", f"Alert alert-1 is called from now on: {THEN}"),
    ]


def test_where_the_first_title_is_not_known_the_last_one_is_not_put_in_its_place() -> None:
    # The entry that raised it is gone from the log.
    assert of_the_alert(called((66, THEN)))[0] == (
        "02:10:20",
        "Alert alert-1 raised; what it was called then is not known.",
    )
    # A case of before titles were kept.
    assert of_the_alert(called()) == [("02:10:20", f"Alert alert-1 raised; at the end it was called: {THEN}")]


def test_every_title_is_remembered_with_the_time_from_which_the_alert_bore_it() -> None:
    memory = NightMemory()

    def say(after_s: float, title: str, priority: float) -> None:
        alert: Alert = replace(ALERT, title=title, changed_utc_ns=at(after_s), priority=priority)
        memory.on_response(alert, alert.changed_utc_ns)

    say(20, FIRST, 0.5)
    say(30, FIRST, 0.6)
    say(66, THEN, 0.6)
    say(70, FIRST, 0.6)

    assert [(said.from_utc_ns, said.title) for said in memory.titles] == [
        (at(20), FIRST),
        (at(66), THEN),
        (at(70), FIRST),
    ]


def test_what_the_rules_did_with_an_alert_is_told_and_what_a_person_did_is_told_once() -> None:
    history = (
        step(20, AlertState.RAISED, "By the rules."),
        step(24, AlertState.ACKNOWLEDGED, "cmd acknowledged it.", "cmd"),
        step(44, AlertState.ESCALATED, "The legal adviser is told."),
        step(50, AlertState.ESCALATED, "cmd passed it upwards.", "cmd"),
        step(60, AlertState.RAISED, "It came back."),
        step(79, AlertState.CLEARED, "It has landed."),
    )
    case = called((20, THEN))
    by_hand = Decision(
        time_utc_ns=at(50),
        by="cmd",
        role="commander",
        decided="escalated",
        on="alert-1",
        kind="escalate_alert",
    )
    case = replace(case, alerts=(replace(ALERT, history=history),), decisions=(*case.decisions, by_hand))

    assert of_the_alert(case)[1:] == [
        ("02:10:44", "Alert alert-1 escalated: The legal adviser is told."),
        ("02:11:00", "Alert alert-1 raised again: It came back."),
        ("02:11:19", "Alert alert-1 cleared: It has landed."),
    ]
    # Of a decision that is gone from the log, the alert itself still tells.
    gone = replace(case, decisions=())
    assert ("02:10:50", "Alert alert-1 escalated: cmd passed it upwards.") in of_the_alert(gone)


def test_effects_are_told_when_ordered_as_simulated_and_tasks_of_one_time_in_one_line() -> None:
    def task(number: int, after_s: float) -> Task:
        return replace(SAMPLE.tasks[0], task_id=f"task-{number}", opened_utc_ns=at(after_s))

    many = tuple(task(number, 20) for number in range(1, 9))
    case = replace(SAMPLE, effect_orders=(order(),), tasks=(*many, task(9, 25)))
    lines = told(case)

    assert ("02:10:41", "Order order-1: soft effect on track 7 ordered. SIMULATED") in lines
    assert [line for line in lines if line[1].startswith("Task")] == [
        ("02:10:20", "Tasks opened for people: task-1, task-2, task-3, task-4, task-5, task-6 and 2 more."),
        ("02:10:25", "Task opened for people: task-9."),
    ]


def test_a_case_of_before_titles_were_kept_is_still_read() -> None:
    file = json.loads(case_json(called((20, FIRST)), Level.FULL))
    del file["case"]["alert_titles"], file["case"]["effect_orders"]

    case = read_case_json(json.dumps(file).encode())

    assert (case.alert_titles, case.effect_orders) == ((), ())


def test_a_title_that_names_somebody_names_nobody_below_the_level_of_names() -> None:
    case = replace(called((20, f"Multirotor, towards {CYRILLIC}")), effect_orders=(order(),))

    assert CYRILLIC in case_json(at_level(case, Level.PARTNER), Level.PARTNER).decode()
    for level in (Level.PUBLIC, Level.PARTNER):
        shown = at_level(case, level)
        assert "a passkey" not in case_json(shown, level).decode()
        assert "effect_orders[].approvals[].proven_by" in {each.path for each in shown.withheld}
    public = at_level(case, Level.PUBLIC)
    assert public.alert_titles[0].title == "Multirotor, towards commander"


def test_what_came_of_an_effect_stands_before_the_alert_that_it_changed_at_the_same_time() -> None:
    history = (
        step(20, AlertState.RAISED, "By the rules."),
        step(70, AlertState.ESCALATED, "It flew on: still a threat."),
    )
    lines = [says for time, says in told(replace(SAMPLE, alerts=(replace(ALERT, history=history),)))]

    came = lines.index("Order order-1: flew on. It flies on. SIMULATED")
    assert lines[came + 1] == "Alert alert-1 escalated: It flew on: still a threat."
