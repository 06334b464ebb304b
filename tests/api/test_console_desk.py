"""The rules of one desk: what a page is shown, and what it may do, present and past."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from fake_night import ALERT, PROPOSAL, START_UTC_NS, TASK, FakeNight
from skykeep.api import commands as c
from skykeep.api import messages as m
from skykeep.api.desk import Desk
from skykeep.api.encode import PictureMessage
from skykeep.api.outbox import Outbox
from skykeep.api.source import Lists
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError


def at(time_s: float) -> int:
    return START_UTC_NS + round(time_s * NS_PER_S)


class Seat:
    """A desk, its outbox, and the last message of each kind that left it."""

    def __init__(self, night: FakeNight) -> None:
        self.outbox = Outbox()
        self.desk = Desk(night, night.hello(), self.outbox)
        self.desk.open()
        night.subscribe(self.desk.deliver, self.desk.picture_changed)

    async def ask(self, command: c.Command) -> dict[str, Any]:
        await self.desk.obey(command)
        return await self.see()

    async def see(self) -> dict[str, Any]:
        """Return all that would be sent now, by type."""
        seen: dict[str, Any] = {}
        while (message := self.outbox.take()) is not None:
            seen[type(message).__name__] = message
        if self.outbox.picture_is_due:
            self.outbox.picture_is_due = False
            seen["picture"] = await self.desk.next_picture()
        return seen


Story = Callable[[FakeNight, Seat], Awaitable[None]]


def story(night_until_s: float) -> Callable[[Story], Callable[[], None]]:
    """Run an async story on a night that has got so far."""

    def wrap(tell: Story) -> Callable[[], None]:
        def run() -> None:
            async def begin() -> None:
                night = FakeNight()
                night.advance_to(night_until_s)
                seat = Seat(night)
                await tell(night, seat)

            asyncio.run(begin())

        return run

    return wrap


@story(30)
async def test_a_page_that_opens_is_told_everything(night: FakeNight, seat: Seat) -> None:
    seen = await seat.see()

    assert set(seen) == {
        *("Alerts", "Proposals", "Tasks", "Duty", "Claims", "Orders", "Permits", "Restrictions", "Zones"),
        *("Caption", "Status", "picture"),
    }
    assert seen["picture"].full
    assert set(seen["picture"].columns["id"].tolist()) >= {1, 2}
    assert seen["Status"].following


@story(12)
async def test_the_past_is_shown_whole_and_the_present_kept_out(night: FakeNight, seat: Seat) -> None:
    await seat.see()
    seen = await seat.ask(c.Seek(time_utc_ns=at(3)))

    assert seen["picture"].full
    assert seen["picture"].time_utc_ns == at(3)
    assert 1 not in seen["picture"].columns["id"]
    assert seen["Alerts"].alerts == ()
    assert (seen["Status"].time_utc_ns, seen["Status"].following) == (at(3), False)
    assert seen["Status"].latest_utc_ns == at(12)

    night.advance_to(25)
    night.say("Something happens now.", "event")
    meanwhile = await seat.see()
    assert set(meanwhile) == {"Caption"}, (
        "captions arrive as they are spoken, nothing else of the present does"
    )


@story(12)
async def test_following_again_shows_the_present_whole(night: FakeNight, seat: Seat) -> None:
    await seat.ask(c.Seek(time_utc_ns=at(3)))
    seen = await seat.ask(c.Follow())

    assert seen["picture"].full
    assert seen["picture"].time_utc_ns == at(12)
    assert len(seen["Alerts"].alerts) == 1
    assert seen["Status"].following


@story(30)
async def test_play_and_pause_in_the_past_move_this_view_only(night: FakeNight, seat: Seat) -> None:
    await seat.ask(c.Seek(time_utc_ns=at(3)))
    await seat.desk.advance(1.0)
    assert await seat.see() == {}, "after seek it stands still"

    await seat.ask(c.Speed(factor=4.0))
    status = (await seat.ask(c.Play()))["Status"]
    assert (status.playing, status.speed, status.following) == (True, 4.0, False)
    await seat.desk.advance(2.0)
    seen = await seat.see()
    assert seen["Status"].time_utc_ns == at(11)
    assert seen["Alerts"].alerts[0].id == ALERT, "the alert of second 10 appears as the view passes it"
    assert not seen["picture"].full

    await seat.ask(c.Pause())
    await seat.desk.advance(60.0)
    assert await seat.see() == {}
    assert night.commands == [], "the night itself was not touched"


@story(12)
async def test_a_view_that_plays_into_the_present_follows(night: FakeNight, seat: Seat) -> None:
    await seat.ask(c.Seek(time_utc_ns=at(11)))
    await seat.ask(c.Play())
    await seat.desk.advance(5.0)
    seen = await seat.see()

    assert seen["Status"].following
    assert seen["picture"].time_utc_ns == at(12)
    assert night.commands == []


@story(12)
async def test_time_of_the_night_obeys_at_the_newest_moment(night: FakeNight, seat: Seat) -> None:
    assert not (await seat.ask(c.Pause()))["Status"].playing
    assert (await seat.ask(c.Speed(factor=8.0)))["Status"].speed == 8.0
    assert night.commands == [c.Pause(), c.Speed(factor=8.0)]


@story(5)
async def test_a_moment_outside_the_night_is_its_edge(night: FakeNight, seat: Seat) -> None:
    before = await seat.ask(c.Seek(time_utc_ns=0))
    assert before["picture"].time_utc_ns == at(0)
    after = await seat.ask(c.Seek(time_utc_ns=at(1000)))
    assert after["Status"].following


DECISIONS: tuple[c.Decision, ...] = (
    c.Acknowledge(alert_id=ALERT, by="watch"),
    c.Approve(proposal_id=PROPOSAL, option_id="soft", by="commander"),
    c.Refuse(proposal_id=PROPOSAL, by="commander", reason="friendly"),
    c.TaskDone(task_id=TASK, by="watch"),
)


@story(16)
async def test_nothing_is_decided_from_the_past(night: FakeNight, seat: Seat) -> None:
    await seat.ask(c.Seek(time_utc_ns=at(15.5)))
    for decision in DECISIONS:
        with pytest.raises(InputError, match="nothing is decided from the past"):
            await seat.desk.obey(decision)
    assert night.commands == []

    await seat.ask(c.Follow())
    for decision in DECISIONS:
        await seat.desk.obey(decision)
    assert night.commands == list(DECISIONS)


@story(16)
async def test_a_stranger_decides_nothing(night: FakeNight, seat: Seat) -> None:
    for decision in DECISIONS:
        with pytest.raises(InputError, match="one of watch, commander, deputy"):
            await seat.desk.obey(type(decision)(**_fields(decision) | {"by": "mallory"}))
    assert night.commands == []


def _fields(command: c.Decision) -> dict[str, Any]:
    return {name: getattr(command, name) for name in command.__struct_fields__}


@story(16)
async def test_a_selected_track_tells_of_itself_each_second(night: FakeNight, seat: Seat) -> None:
    assert (await seat.ask(c.Select(track_id=1)))["TrackDetails"].id == 1
    await seat.desk.pulse()
    assert (await seat.see())["TrackDetails"].id == 1
    await seat.ask(c.Select(track_id=None))
    await seat.desk.pulse()
    assert "TrackDetails" not in await seat.see()
    with pytest.raises(InputError, match="track_id"):
        await seat.desk.obey(c.Select(track_id=999))
    await seat.ask(c.Seek(time_utc_ns=at(2)))
    with pytest.raises(InputError, match="track_id"):
        await seat.desk.obey(c.Select(track_id=1))


def test_a_live_sky_cannot_be_held() -> None:
    class LiveNight(FakeNight):
        def hello(self) -> m.Hello:
            return msgspec.structs.replace(super().hello(), mode="LIVE", can_control_time=False)

    async def tell() -> None:
        seat = Seat(LiveNight())
        with pytest.raises(InputError, match="LIVE"):
            await seat.desk.obey(c.Pause())

    asyncio.run(tell())


def test_a_slow_page_gets_the_newest_of_each_and_alerts_first() -> None:
    outbox = Outbox()
    outbox.put(m.Tasks())
    for second in range(1000):
        outbox.put(m.Caption(time_utc_ns=second, text=str(second), kind="event"))
        outbox.put(m.Alerts(time_utc_ns=second))
        outbox.picture()
    left = []
    while (message := outbox.take()) is not None:
        left.append(message)

    assert left[0] == m.Alerts(time_utc_ns=999)
    assert [message.text for message in left[1:-1] if isinstance(message, m.Caption)] == [
        str(second) for second in range(500, 1000)
    ]
    assert left[-1] == m.Tasks()


def test_a_desk_without_a_picture_waits_for_one() -> None:
    class Dark(FakeNight):
        def latest_picture(self) -> None:
            return None

        def picture_at(self, time_utc_ns: int) -> None:
            return None

    async def tell() -> None:
        night = Dark()
        night.advance_to(5)
        seat = Seat(night)
        assert (await seat.see())["picture"] is None
        past: PictureMessage = (await seat.ask(c.Seek(time_utc_ns=at(3))))["picture"]
        assert past.full
        assert past.columns["id"].size == 0

    asyncio.run(tell())


def test_every_list_that_is_put_in_the_outbox_leaves_it() -> None:
    outbox, kinds = Outbox(), [type(getattr(Lists(), name)) for name in Lists.__struct_fields__]
    for kind in kinds:
        outbox.put(kind())
    left = [outbox.take() for _ in kinds]
    assert {type(message) for message in left} == set(kinds)
