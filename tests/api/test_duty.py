"""The console is told of posture, presence and late tasks, and what people say of them reaches the engine."""

from __future__ import annotations

import msgspec
import pytest

from duty_watch import HEADER, HOUSE, START_UTC_NS
from duty_watch import SITE as BARE_SITE
from skykeep.api import commands as c
from skykeep.api.duty import duty_command, duty_view
from skykeep.api.messages import TilesView
from skykeep.api.orders import decision_of
from skykeep.api.watch import WatchSource
from skykeep.app.replay import NoRecorder
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.commands import CallOffTask, Command, SetOccupancy, SetPosture, TakeTask, Tick
from skykeep.domain.posture import CalendarEntry, Situation
from skykeep.engine.pipeline import Pipeline

HOUR_NS = 3600 * NS_PER_S
PARADE = CalendarEntry(
    entry_id="parade",
    name="The parade",
    level=2,
    start_utc_ns=START_UTC_NS + HOUR_NS,
    end_utc_ns=START_UTC_NS + 2 * HOUR_NS,
)
SITE = msgspec.structs.replace(
    BARE_SITE, assets=(msgspec.structs.replace(HOUSE, occupancy_persons=4),), calendar=(PARADE,)
)


def watched() -> tuple[WatchSource, Pipeline]:
    """A console on a quiet night, whose decisions go to the pipeline at once."""

    def decide(command: Command) -> None:
        refused = pipeline.receive(command)
        if refused is not None:
            raise InputError(refused.field, refused.found, refused.must)

    source = WatchSource(
        site=SITE,
        mode="LIVE",
        tiles=TilesView(url="", attribution=""),
        start_utc_ns=START_UTC_NS,
        end_utc_ns=None,
        decide=decide,
    )
    pipeline = Pipeline(HEADER, SITE, None, NoRecorder(), None, (source,), START_UTC_NS)
    source.attach(pipeline)
    pipeline.receive(Tick(time_utc_ns=START_UTC_NS))
    return source, pipeline


def test_a_console_sees_the_posture_from_the_first_look_and_what_is_ahead() -> None:
    source, pipeline = watched()
    first = source.present().lists.duty
    assert first.posture is not None
    assert first.posture.name == "routine"
    assert [entry.name for entry in first.calendar] == ["The parade"]
    assert [level.name for level in first.levels] == ["routine", "heightened", "high"]
    assert (first.occupancies[0].principal, first.occupancies[0].counts_as_present) == ("unknown", True)
    for hour in (1, 2):
        pipeline.receive(Tick(time_utc_ns=START_UTC_NS + hour * HOUR_NS))
    assert source.present().lists.duty.calendar == ()
    # The past is still to be seen as it was.
    assert source.lists_at(START_UTC_NS).duty == first


def test_what_a_person_sets_is_shown_at_once_and_spoken() -> None:
    source, _ = watched()
    source.command(c.PostureSet(level=1, by="ada", reason="Two drones seen", until_utc_ns=None))
    duty = source.present().lists.duty
    assert duty.posture is not None
    assert (duty.posture.name, duty.posture.set_by) == ("heightened", "ada")
    (asked,) = duty.posture.sources
    assert (asked.source, asked.name) == ("person", "heightened")
    spoken = source.present().captions[-1].text
    assert spoken == "Posture: heightened. Heightened by Ada: Two drones seen."
    source.command(
        c.OccupancySet(asset="house", by="ada", principal_present=False, persons=9, reason="At sea")
    )
    (house,) = source.present().lists.duty.occupancies
    assert (house.principal, house.counts_as_present, house.persons) == ("away", False, 9)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (c.PostureSet(level=9, by="ada", reason="r"), "must be one of 0"),
        (c.OccupancySet(asset="barn", by="ada", persons=1), "must be one of house"),
        (c.OccupancySet(asset="house", by="ada"), "one of the two at least"),
        (c.TaskTake(task_id="task-0001", by="ada"), "a task that was opened"),
        (c.TaskCallOff(task_id="task-0001", by="bob", reason="r"), "one of ada"),
    ],
)
def test_what_cannot_be_is_refused_in_words(command: c.DutyCommand, sentence: str) -> None:
    source, _ = watched()
    before = source.present().lists.duty
    with pytest.raises(InputError, match=sentence):
        source.command(command)
    assert source.present().lists.duty == before


def test_every_command_becomes_its_noun() -> None:
    now_utc_ns = START_UTC_NS
    assert decision_of(c.TaskTake(task_id="t", by="ada"), now_utc_ns) == TakeTask(
        task_id="t", by="ada", time_utc_ns=now_utc_ns
    )
    assert duty_command(c.TaskCallOff(task_id="t", by="ada", reason="r"), now_utc_ns) == CallOffTask(
        task_id="t", reason="r", by="ada", time_utc_ns=now_utc_ns
    )
    said = c.PostureSet(level=None, by="ada", reason="r", until_utc_ns="1935540600123456789")
    assert duty_command(said, now_utc_ns) == SetPosture(
        level=None, reason="r", by="ada", time_utc_ns=now_utc_ns, until_utc_ns=1_935_540_600_123_456_789
    )
    told = duty_command(c.OccupancySet(asset="house", by="ada", persons=3, sure_percent=80), now_utc_ns)
    assert isinstance(told, SetOccupancy)
    assert (told.occupancy_persons, told.principal_present, told.sure) == (3, None, 0.8)


def test_what_has_not_ended_is_ahead() -> None:
    ahead = [duty_view(SITE, Situation(), START_UTC_NS + at).calendar for at in (HOUR_NS, 2 * HOUR_NS)]
    assert [len(entries) for entries in ahead] == [1, 0]
