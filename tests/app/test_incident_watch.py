"""Incidents that alerts open: which join, what comes in by itself, and that a second time adds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from exported_night import inputs
from judged_scenes import START_UTC_NS, site
from made_picture import made_picture
from skykeep.app.bare_site import bare_site
from skykeep.app.case_desk import CaseInMemory
from skykeep.app.folder import LOG
from skykeep.app.incident_watch import IncidentWatch
from skykeep.app.live import open_pipeline
from skykeep.app.night_case import NightCase
from skykeep.app.replay import NoRecorder
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import LinkError
from skykeep.domain.commands import AcknowledgeAlert, Command, CompleteTask, SetPosture, SetStanding
from skykeep.domain.encoding import encode_json
from skykeep.domain.identity import Standing
from skykeep.domain.incident import (
    IncidentRule,
    IncidentState,
    ItemKey,
    ItemKind,
    MergeIncidents,
    RemoveFromIncident,
    SplitIncident,
)
from skykeep.domain.response import Alert, AlertState, AlertStep, EffectOutcome, Task, TaskState
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement, Rejection, RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.geo.frames import LocalFrame
from skykeep.store.case_folder import read_case
from skykeep.store.log_database import LogDatabase

T0 = 1_935_540_000_000_000_000
SITE = bare_site("site", "Site", LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0))
HEADER = RunHeader(mode="LIVE", scenario="Site", seed=0, simulated=False, version="1", terrain_sha256="")


def at(seconds: float) -> int:
    return T0 + seconds_to_ns(seconds)


def pipeline(header: RunHeader = HEADER) -> Pipeline:
    return Pipeline(header, SITE, None, NoRecorder(), start_utc_ns=T0)


def alert(
    number: int,
    raised_s: float,
    *tracks: int,
    asset: str = "",
    group: str = "",
    steps: tuple[AlertStep, ...] = (),
    state: AlertState = AlertState.RAISED,
) -> Alert:
    first = AlertStep(time_utc_ns=at(raised_s), state=AlertState.RAISED, by="", because="By the rules.")
    history = (first, *steps)
    return Alert(
        alert_id=f"alert-{number}",
        state=state,
        title=f"Drone {number}",
        track_ids=tracks or (number,),
        asset_id=asset or f"asset-{number}",
        priority=0.7,
        raised_utc_ns=at(raised_s),
        changed_utc_ns=history[-1].time_utc_ns,
        breach=None,
        grounds=("It comes near.",),
        group_id=group,
        history=history,
    )


def task(number: int, alert_id: str, state: TaskState = TaskState.OPEN, by: str = "") -> Task:
    return Task(
        task_id=f"task-{number}",
        alert_id=alert_id,
        text="Shelter",
        owner_role="staff",
        due_utc_ns=at(60.0),
        state=state,
        done_by=by,
    )


class Night:
    """A night told to the listener event by event."""

    def __init__(self, case: Any = None, rule: IncidentRule | None = None) -> None:
        self.case = case or CaseInMemory()
        self.said: list[str] = []
        self.watch = IncidentWatch(self.case, rule, self.said.append)
        self.watch.attach(pipeline())

    def see(self, seconds: float, **east_m: float) -> None:
        """Show tracks (`t7=...` is track 7) at so many metres east of the middle."""
        rows = [(int(name[1:]), (east, 0.0, 100.0, 0.0, 0.0, 0.0)) for name, east in east_m.items()]
        picture = made_picture(
            at(seconds), [number for number, _ in rows], np.array([place for _, place in rows])
        )
        count = len(rows)
        self.watch.on_judgement(
            Judgement(
                picture=picture,
                height_agl_m=np.zeros(count),
                height_amsl_m=np.zeros(count),
                identifications=(),
                verdicts=(),
                threats=(),
            )
        )

    def hear(self, seconds: float, event: Alert | Task) -> None:
        self.watch.on_response(event, at(seconds))

    def held(self, incident_id: str) -> list[str]:
        incident = self.case.book.incidents.incident(incident_id)
        return [f"{held.item.key.kind} {held.item.key.item_id}" for held in incident.items]

    def state(self) -> bytes:
        return encode_json(self.case.book.state())


def two_apart(night: Night) -> None:
    night.see(0.0, t1=0.0, t2=9_000.0)
    night.hear(0.0, alert(1, 0.0))
    night.hear(5.0, alert(2, 5.0))


def test_an_alert_opens_an_incident_with_its_track_and_says_by_which_rule() -> None:
    night = Night()
    night.hear(3.0, alert(1, 3.0, 7))

    (incident,) = night.case.book.incidents.incidents
    assert (incident.title, incident.opened_by, incident.rule) == ("Drone 1", "machine", "one story")
    assert incident.opened_utc_ns == at(3.0)
    assert "alert-1 was raised" in incident.because
    assert night.held("I-1") == ["alert alert-1", "track 7"]


JOINS: dict[str, tuple[Alert, dict[str, float], bool]] = {
    "near and soon": (alert(2, 60.0), {"t1": 0.0, "t2": 900.0}, True),
    "near and late": (alert(2, 700.0), {"t1": 0.0, "t2": 900.0}, False),
    "far and soon": (alert(2, 60.0), {"t1": 0.0, "t2": 3_100.0}, False),
    "far, towards the same asset": (alert(2, 60.0, asset="asset-1"), {"t1": 0.0, "t2": 9_000.0}, True),
    "late, towards the same asset": (alert(2, 700.0, asset="asset-1"), {}, False),
    "far and late, of one swarm": (alert(2, 900.0, group="G-1"), {"t1": 0.0, "t2": 9_000.0}, True),
    "hours later, about the same track": (alert(2, 9_000.0, 1), {}, True),
    "soon, and nobody saw where": (alert(2, 60.0), {}, False),
}


@pytest.mark.parametrize("story", JOINS)
def test_which_alerts_are_one_story(story: str) -> None:
    second, seen, joins = JOINS[story]
    night = Night()
    if seen:
        night.see(0.0, **seen)
    night.hear(0.0, alert(1, 0.0, group="G-1" if second.group_id else ""))
    night.hear(second.raised_utc_ns / 1e9 - T0 / 1e9, second)

    assert len(night.case.book.incidents.incidents) == (1 if joins else 2)
    if joins:
        held = night.case.book.incidents.incident("I-1").held(
            ItemKey(kind=ItemKind.ALERT, item_id="alert-2", night_id="N-1")
        )
        assert held is not None
        assert "alert-1" in held.origins[0].because


def test_the_figures_of_the_rule_are_the_site_s() -> None:
    night = Night(rule=IncidentRule(within_s=10.0, within_m=500.0, same_asset=False))
    night.see(0.0, t1=0.0, t2=400.0, t3=900.0)
    night.hear(0.0, alert(1, 0.0))
    night.hear(9.0, alert(2, 9.0, asset="asset-1"))
    night.hear(9.5, alert(3, 9.5, asset="asset-1"))
    night.hear(30.0, alert(4, 30.0, asset="asset-1"))

    assert len(night.case.book.incidents.incidents) == 2


def test_what_follows_from_an_alert_comes_in_by_itself() -> None:
    night = Night()
    night.hear(0.0, alert(1, 0.0, 7))
    night.hear(0.0, task(1, "alert-1"))
    decision: Command = CompleteTask(task_id="task-1", by="op", time_utc_ns=at(4.0))
    night.watch.on_input(decision)
    night.hear(4.0, task(1, "alert-1", TaskState.DONE, "op"))
    night.hear(4.0, task(1, "alert-1", TaskState.DONE, "op"))
    night.watch.on_input(
        SetStanding(track_id=7, standing=Standing.HOSTILE, reason="Seen", by="op", time_utc_ns=at(5.0))
    )
    night.watch.on_input(SetPosture(level=2, reason="Drones", by="op", time_utc_ns=at(6.0)))
    heard = AlertStep(time_utc_ns=at(8.0), state=AlertState.CLEARED, by="op", because="Gone.")
    night.hear(8.0, alert(1, 0.0, 7, 9, steps=(heard,), state=AlertState.CLEARED))

    incident = night.case.book.incidents.incident("I-1")
    says = [held.item.says for held in incident.items]
    assert says == [
        "alert-1: Drone 1",
        "Track 7",
        "staff: Shelter",
        "op did the task (task-1)",
        "task-1 done by op",
        "op set its standing to hostile: Seen (track 7)",
        "op set the posture to level 2: Drones (the site)",
        "Track 9",
        "alert-1 cleared by op: Gone.",
    ]


def test_a_decision_that_was_not_accepted_says_so() -> None:
    night = Night()
    night.hear(0.0, alert(1, 0.0))
    night.watch.on_input(AcknowledgeAlert(alert_id="alert-1", by="nobody", time_utc_ns=at(1.0)))
    night.watch.on_rejection(
        Rejection(kind="acknowledge_alert", field="by", found="nobody", must="us", because="by: nobody"),
        at(1.0),
    )

    assert [h.item.says for h in night.case.book.incidents.incident("I-1").items][-2:] == [
        "nobody acknowledged (alert-1)",
        "not accepted: by: nobody",
    ]


def test_a_decision_on_the_site_after_an_alert_is_over_is_not_its() -> None:
    night = Night()
    night.hear(0.0, alert(1, 0.0))
    night.hear(1.0, alert(1, 0.0, state=AlertState.CLEARED))
    night.watch.on_input(SetPosture(level=0, reason="Quiet", by="op", time_utc_ns=at(6.0)))

    assert night.held("I-1") == ["alert alert-1", "track 1"]


def told(night: Night) -> None:
    """Tell one and the same night."""
    two_apart(night)
    night.hear(6.0, task(1, "alert-1"))
    night.watch.on_input(CompleteTask(task_id="task-1", by="op", time_utc_ns=at(7.0)))
    night.watch.on_input(SetPosture(level=2, reason="Drones", by="op", time_utc_ns=at(7.0)))
    night.hear(8.0, task(1, "alert-1", TaskState.DONE, "op"))


def test_the_same_night_told_twice_gives_the_same_and_a_second_time_adds_nothing() -> None:
    first, second = Night(), Night()
    told(first)
    told(second)
    assert first.state() == second.state()

    told(Night(first.case))

    assert first.state() == second.state()


def test_what_people_changed_stays_so_when_the_night_goes_by_again() -> None:
    night = Night()
    told(night)
    book = night.case.book
    keys = {
        kind: ItemKey(kind=kind, item_id=item_id, night_id="N-1")
        for kind, item_id in ((ItemKind.TRACK, "1"), (ItemKind.TASK, "task-1"))
    }
    night.case.receive(
        RemoveFromIncident(
            incident_id="I-1", items=(keys[ItemKind.TRACK],), reason="A gull", by="op", time_utc_ns=at(9.0)
        )
    )
    night.case.receive(
        SplitIncident(
            incident_id="I-1",
            items=(keys[ItemKind.TASK],),
            title="Tasks",
            reason="Apart",
            by="op",
            time_utc_ns=at(9.0),
        )
    )
    night.case.receive(
        MergeIncidents(incident_ids=("I-2",), into="I-1", reason="One", by="op", time_utc_ns=at(9.0))
    )
    before = book.state()

    told(Night(night.case))

    assert book.state() == before


def test_what_becomes_of_an_alert_goes_where_people_put_it() -> None:
    night = Night()
    two_apart(night)
    night.case.receive(
        MergeIncidents(incident_ids=("I-2",), into="I-1", reason="One", by="op", time_utc_ns=at(6.0))
    )
    night.hear(7.0, task(2, "alert-2"))

    assert night.held("I-1")[-1] == "task task-2"
    assert night.case.book.incidents.incident("I-2").state is IncidentState.MERGED


def test_word_of_an_effect_comes_to_the_incident_of_its_order() -> None:
    night = Night()
    night.hear(0.0, alert(1, 0.0))
    night.watch._about["order-1"] = "alert-1"
    night.watch.on_input(
        EffectOutcome(order_id="order-1", time_utc_ns=at(9.0), result="fell", says="It fell.")
    )

    assert night.case.book.incidents.incident("I-1").items[-1].item.says == "order-1: It fell."


def test_a_case_that_cannot_be_written_is_told_once_and_the_night_goes_on() -> None:
    class Full(CaseInMemory):
        def receive(self, entry: Any, *, wait: bool = True) -> Any:
            if len(self.book.nights):
                raise LinkError("the disk is full")
            return super().receive(entry, wait=wait)

    night = Night(Full())
    told(night)

    assert night.said == ["The case is not kept any more: the disk is full"]
    assert isinstance(night.watch.failed, LinkError)


def test_a_case_on_a_disk_is_that_in_memory(tmp_path: Path) -> None:
    memory = Night()
    told(memory)
    with NightCase(tmp_path) as case:
        disk = Night(case.folder)
        told(disk)

    assert encode_json(read_case(tmp_path).state()) == memory.state()


def test_two_nights_in_one_case_keep_their_tracks_apart() -> None:
    night = Night()
    told(night)
    other = IncidentWatch(night.case)
    other.attach(pipeline(replace(HEADER, seed=1)))
    other.on_response(alert(1, 0.0), at(0.0))

    nights = [each.night_id for each in night.case.book.state().nights]
    assert nights == ["N-1", "N-2"]
    assert night.held("I-3") == ["alert alert-1", "track 1"]


def test_a_live_watch_that_was_broken_off_goes_on_with_its_case(tmp_path: Path) -> None:
    class Clock:
        def now_utc_ns(self) -> int:
            return START_UTC_NS

    def watch(folder: Path, records: list[Input]) -> None:
        with NightCase(folder) as case:
            with LogDatabase.open(folder / LOG) as log:
                made = open_pipeline(
                    site(), log, Clock(), listeners=(case.listener,), on_made=case.listener.attach
                )
                for record in records:
                    made.receive(record)
            case.attach_log(folder / LOG)

    records = inputs()
    watch(tmp_path / "whole", records)
    watch(tmp_path / "broken", records[:20])
    watch(tmp_path / "broken", records[20:])

    whole, broken = read_case(tmp_path / "whole").state(), read_case(tmp_path / "broken").state()
    assert len(whole.incidents) == 1
    assert len(whole.incidents[0].items) > 2
    assert broken.incidents == whole.incidents
    assert broken.nights[0].night.begins_with == whole.nights[0].night.begins_with
    assert broken.nights[0].night.entries > whole.nights[0].night.entries  # it started twice
